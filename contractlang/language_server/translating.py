"""The answers of the pure modules as the protocol's own types.

In: answers with offsets, and the lines of the text. Out: values of lsprotocol.
"""

from collections.abc import Callable

from lsprotocol import types as lsp

from contractlang.diagnostics import ContractError, Diagnostic, Severity
from contractlang.formatting import format_lines, format_text
from contractlang.language_server.analysis import Analysis
from contractlang.language_server.colours import MODIFIERS, TYPES, Colour
from contractlang.language_server.completion import Completion
from contractlang.language_server.hints import Hint
from contractlang.language_server.hover import Hover
from contractlang.language_server.positions import Places
from contractlang.language_server.signatures import Signature
from contractlang.language_server.symbols import Symbol
from contractlang.text import Span

Locate = Callable[[Span], lsp.Location]

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}
_COMPLETIONS = {
    "keyword": lsp.CompletionItemKind.Keyword, "sign": lsp.CompletionItemKind.Operator,
    "function": lsp.CompletionItemKind.Function, "unit": lsp.CompletionItemKind.Unit,
    "column": lsp.CompletionItemKind.Field, "part": lsp.CompletionItemKind.Field,
    "phase": lsp.CompletionItemKind.Module, "table": lsp.CompletionItemKind.Struct,
    "measure": lsp.CompletionItemKind.Variable, "rate": lsp.CompletionItemKind.Constant,
    "amount": lsp.CompletionItemKind.Constant, "type": lsp.CompletionItemKind.TypeParameter,
    "value": lsp.CompletionItemKind.EnumMember,
}  # fmt: skip
_SYMBOLS = {
    "contract": lsp.SymbolKind.File, "phase": lsp.SymbolKind.Namespace, "amendment": lsp.SymbolKind.Package,
    "usage": lsp.SymbolKind.Struct, "column": lsp.SymbolKind.Field, "unit": lsp.SymbolKind.EnumMember,
    "measure": lsp.SymbolKind.Variable, "rate": lsp.SymbolKind.Constant, "amount": lsp.SymbolKind.Constant,
    "window": lsp.SymbolKind.Object, "index": lsp.SymbolKind.Array, "test": lsp.SymbolKind.Method,
    "invariant": lsp.SymbolKind.Boolean, "include": lsp.SymbolKind.Module, "transition": lsp.SymbolKind.Event,
    "remove": lsp.SymbolKind.Null,
}  # fmt: skip


def range_of(places: Places, start: int, end: int) -> lsp.Range:
    """Two offsets as a range."""
    first, last = places.place(start), places.place(end)
    return lsp.Range(lsp.Position(*first), lsp.Position(*last))


def diagnostics(analysis: Analysis, uri: str, places: Places, locate: Locate) -> list[lsp.Diagnostic]:
    """What is wrong with a text, or with what it includes, shown where the text includes it."""
    return [diagnostic(one, uri, places, locate, analysis) for one in analysis.diagnostics]


def diagnostic(
    one: Diagnostic, uri: str, places: Places, locate: Locate, analysis: Analysis | None = None
) -> lsp.Diagnostic:
    """One thing to say; what is about another file stands at the top, with that file as a second place."""
    span, related = one.span, []
    message = f"{one.message}\n{one.help}" if one.help else one.message
    where = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    if isinstance(span, Span):
        if analysis is not None and span.source != analysis.source:
            related.append(lsp.DiagnosticRelatedInformation(locate(span), one.message))
            message = f"{span.source.name}: {message}"
        else:
            where = range_of(places, span.start, span.end)
    for label in one.related:
        if analysis is None or label.span.source == analysis.source:
            location = lsp.Location(uri, range_of(places, label.span.start, label.span.end))
        else:
            location = locate(label.span)
        related.append(lsp.DiagnosticRelatedInformation(location, label.message))
    return lsp.Diagnostic(
        where,
        message,
        _severity(one, analysis),
        one.code,
        source="contractlang",
        related_information=related,
    )


def _severity(one: Diagnostic, analysis: Analysis | None) -> lsp.DiagnosticSeverity:
    if one.code == "CL200" and analysis is not None and analysis.declarations:
        # A file that is there to be included has no header, and is no worse for it.
        return lsp.DiagnosticSeverity.Information
    return _SEVERITIES[one.severity]


def hover(found: Hover, places: Places) -> lsp.Hover:
    """What is shown under the pointer."""
    content = lsp.MarkupContent(lsp.MarkupKind.Markdown, found.text)
    return lsp.Hover(content, range_of(places, found.span.start, found.span.end))


def completions(found: tuple[Completion, ...]) -> list[lsp.CompletionItem]:
    """What may be written, in the order in which it was found."""
    return [
        lsp.CompletionItem(
            one.label,
            kind=_COMPLETIONS.get(one.kind, lsp.CompletionItemKind.Class),
            detail=one.detail or one.kind,
            insert_text=one.insert or one.label,
            sort_text=f"{at:04}",
        )
        for at, one in enumerate(found)
    ]


def signature(found: Signature) -> lsp.SignatureHelp:
    """A function and the argument that is being written."""
    parameters = [lsp.ParameterInformation(one) for one in found.parameters]
    one = lsp.SignatureInformation(found.label, found.meaning, parameters)
    return lsp.SignatureHelp([one], active_signature=0, active_parameter=found.active)


def colours(found: tuple[Colour, ...], places: Places) -> lsp.SemanticTokens:
    """Colours as the protocol packs them: five numbers each, places relative to the one before."""
    data: list[int] = []
    line = character = 0
    for one in found:
        at = places.place(one.start)
        if at.line != line:
            character = 0
        modifiers = sum(1 << MODIFIERS.index(name) for name in one.modifiers)
        end = min(one.end, places.offset(type(at)(at.line, 1 << 30)))
        length = places.units_between(one.start, end)
        data += [at.line - line, at.character - character, length, TYPES.index(one.type), modifiers]
        line, character = at
    return lsp.SemanticTokens(data)


def hints(found: tuple[Hint, ...], places: Places) -> list[lsp.InlayHint]:
    """Texts between the words."""
    return [
        lsp.InlayHint(
            lsp.Position(*places.place(one.offset)), one.text, lsp.InlayHintKind.Type, tooltip=one.tooltip
        )
        for one in found
    ]


def symbol(one: Symbol, places: Places) -> lsp.DocumentSymbol:
    """A declaration of the outline with those inside it."""
    return lsp.DocumentSymbol(
        one.name or "?",
        symbol_kind(one.kind),
        range_of(places, one.span.start, one.span.end),
        range_of(places, one.head.start, one.head.end),
        one.detail,
        children=[symbol(child, places) for child in one.children],
    )


def symbol_kind(kind: str) -> lsp.SymbolKind:
    """The protocol's nearest to a kind of declaration; a line of the invoice is a class."""
    return _SYMBOLS.get(kind, lsp.SymbolKind.Class)


def formatted(analysis: Analysis, places: Places, lines: tuple[int, int] | None = None) -> list[lsp.TextEdit]:
    """The canonical layout as changes of lines; none where the text cannot be read."""
    try:
        text = format_text(analysis.source) if lines is None else format_lines(analysis.source, *lines)
    except ContractError:
        return []
    if text == analysis.source.text:
        return []
    return [lsp.TextEdit(range_of(places, 0, len(analysis.source.text)), text)]
