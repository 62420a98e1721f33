"""The protocol: requests in, the answers of the pure modules out, in the editor's own positions.

In: standard input. Out: standard output. Nothing is decided here; a feature that fails says so in the log and
answers nothing, so that the editor goes on.
"""

import os
import sys
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from lsprotocol import types as lsp

from contractlang.language_server import (
    actions,
    colours,
    completion,
    hints,
    hover,
    names,
    signatures,
    symbols,
    translating,
)
from contractlang.language_server.analysis import Analysis, analyse_file
from contractlang.language_server.positions import Place, Places
from contractlang.language_server.session import ContractServer, file_of
from contractlang.text import Span

_Answer = TypeVar("_Answer")


def make_server(version: str, today: Callable[[], date]) -> ContractServer:
    """The server with all its features."""
    server = ContractServer(version, today)
    _register_texts(server)
    _register_words(server)
    _register_names(server)
    _register_layout(server)
    _register_commands(server)
    return server


def _at(
    server: ContractServer,
    uri: str,
    position: lsp.Position,
    answer: Callable[[Analysis, int, Places], _Answer],
) -> _Answer | None:
    """The answer at a place of an open text."""
    analysis = server.analysis(uri)
    if analysis is None:
        return None
    places = server.places(uri)
    return answer(analysis, places.offset(Place(position.line, position.character)), places)


def _register_texts(server: ContractServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        server.changed(params.text_document.uri, params.text_document.text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        server.changed(params.text_document.uri, params.content_changes[-1].text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(_params: lsp.DidSaveTextDocumentParams) -> None:
        # Another open contract may include what was saved.
        server.amounts.clear()
        for uri, text in list(server.texts.items()):
            server.changed(uri, text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)


def _register_words(server: ContractServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        def answer(analysis: Analysis, offset: int, places: Places) -> lsp.Hover | None:
            found = hover.hover(analysis, offset, server.today())
            return translating.hover(found, places) if found else None

        return _at(server, params.text_document.uri, params.position, answer)

    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[".", " ", "/", "("])
    )
    def completed(params: lsp.CompletionParams) -> list[lsp.CompletionItem] | None:
        return _at(
            server,
            params.text_document.uri,
            params.position,
            lambda analysis, offset, _: translating.completions(completion.completions(analysis, offset)),
        )

    @server.feature(lsp.TEXT_DOCUMENT_SIGNATURE_HELP, lsp.SignatureHelpOptions(trigger_characters=["(", ","]))
    def signed(params: lsp.SignatureHelpParams) -> lsp.SignatureHelp | None:
        def answer(analysis: Analysis, offset: int, _: Places) -> lsp.SignatureHelp | None:
            found = signatures.signature(analysis, offset)
            return translating.signature(found) if found else None

        return _at(server, params.text_document.uri, params.position, answer)

    @server.feature(
        lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
        lsp.SemanticTokensLegend(token_types=list(colours.TYPES), token_modifiers=list(colours.MODIFIERS)),
    )
    def coloured(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens | None:
        analysis = server.analysis(params.text_document.uri)
        if analysis is None:
            return None
        return translating.colours(colours.colours(analysis), server.places(params.text_document.uri))

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    def hinted(params: lsp.InlayHintParams) -> list[lsp.InlayHint] | None:
        uri = params.text_document.uri
        analysis = server.analysis(uri)
        if analysis is None:
            return None
        places = server.places(uri)
        start, end = (
            places.offset(Place(one.line, one.character)) for one in (params.range.start, params.range.end)
        )
        return translating.hints(hints.hints(analysis, start, end, _amounts(server, uri, analysis)), places)


def _amounts(server: ContractServer, uri: str, analysis: Analysis) -> hints.Amounts | None:
    """The amounts of an open contract with its usage; they are computed once for each text and usage."""
    path = file_of(uri)
    usage = path.parent / hints.USAGE_FILE if path else None
    if usage is None or not usage.is_file():
        return None
    key = analysis.source.text, usage.stat().st_mtime_ns
    known = server.amounts.get(uri)
    if known is None or known[0] != key:
        known = key, hints.amounts_of(analysis, usage)
        server.amounts[uri] = known
    return known[1]


def _register_names(server: ContractServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def defined(params: lsp.DefinitionParams) -> list[lsp.Location] | None:
        return _at(
            server,
            params.text_document.uri,
            params.position,
            lambda analysis, offset, _: [
                _location(server, params.text_document.uri, analysis, span)
                for span in names.definitions(analysis, offset)
            ],
        )

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def referred(params: lsp.ReferenceParams) -> list[lsp.Location] | None:
        return _at(
            server,
            params.text_document.uri,
            params.position,
            lambda analysis, offset, _: [
                _location(server, params.text_document.uri, analysis, span)
                for span in names.references(analysis, offset, params.context.include_declaration)
            ],
        )

    @server.feature(lsp.TEXT_DOCUMENT_RENAME)
    def renamed(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        def answer(analysis: Analysis, offset: int, _: Places) -> lsp.WorkspaceEdit | None:
            try:
                edits = names.rename(analysis, offset, params.new_name)
            except names.RefusedError as fault:
                server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, str(fault)))
                return None
            return server.edit_of(edits, params.text_document.uri)

        return _at(server, params.text_document.uri, params.position, answer)

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outlined(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol] | None:
        analysis = server.analysis(params.text_document.uri)
        places = server.places(params.text_document.uri)
        return (
            None
            if analysis is None
            else [translating.symbol(one, places) for one in symbols.symbols(analysis)]
        )

    @server.feature(lsp.WORKSPACE_SYMBOL)
    def searched(params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol]:
        found = []
        for analysis in _workspace(server):
            for one in symbols.named_like(analysis, params.query):
                found.append(
                    lsp.WorkspaceSymbol(
                        location=server.span_location(one.head),
                        name=one.name,
                        kind=translating.symbol_kind(one.kind),
                        container_name=one.detail,
                    )
                )
        return found


def _location(server: ContractServer, uri: str, analysis: Analysis, span: Span) -> lsp.Location:
    if span.source == analysis.source:
        return lsp.Location(uri, server.range_of(server.places(uri), span.start, span.end))
    return server.span_location(span)


def _workspace(server: ContractServer) -> list[Analysis]:
    """The contracts of the editor's folders, open or not, and the open ones that lie elsewhere."""
    opened = {path: uri for uri in server.texts if (path := file_of(uri))}
    found = [analysis for uri in server.texts if (analysis := server.analysis(uri)) is not None]
    for folder in server.workspace.folders.values():
        root = file_of(folder.uri)
        for path in sorted(root.rglob("*.contract")) if root else []:
            if path not in opened and (analysis := analyse_file(path, server.open_files())) is not None:
                found.append(analysis)
    return found


def _register_layout(server: ContractServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    def folded(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange] | None:
        analysis = server.analysis(params.text_document.uri)
        return (
            None
            if analysis is None
            else [
                lsp.FoldingRange(
                    one.start,
                    one.end,
                    kind=lsp.FoldingRangeKind.Comment if one.comment else lsp.FoldingRangeKind.Region,
                )
                for one in symbols.folds(analysis)
            ]
        )

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def formatted(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        analysis = server.analysis(params.text_document.uri)
        return (
            None
            if analysis is None
            else translating.formatted(analysis, server.places(params.text_document.uri))
        )

    @server.feature(lsp.TEXT_DOCUMENT_RANGE_FORMATTING)
    def partly_formatted(params: lsp.DocumentRangeFormattingParams) -> list[lsp.TextEdit] | None:
        analysis = server.analysis(params.text_document.uri)
        lines = params.range.start.line + 1, params.range.end.line + 1
        return (
            None
            if analysis is None
            else translating.formatted(analysis, server.places(params.text_document.uri), lines)
        )

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
    )
    def mended(params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        uri = params.text_document.uri
        analysis = server.analysis(uri)
        if analysis is None:
            return None
        places = server.places(uri)
        start, end = (
            places.offset(Place(one.line, one.character)) for one in (params.range.start, params.range.end)
        )
        return [
            lsp.CodeAction(
                one.title,
                lsp.CodeActionKind.QuickFix,
                [translating.diagnostic(one.diagnostic, uri, places, server.span_location)],
                edit=server.edit_of(one.edits, uri),
            )
            for one in actions.actions(analysis, start, end, file_of(uri))
        ]


def _register_commands(server: ContractServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS)
    def lensed(params: lsp.CodeLensParams) -> list[lsp.CodeLens] | None:
        uri = params.text_document.uri
        analysis, path, places = server.analysis(uri), file_of(uri), server.places(uri)
        usage = path is not None and (path.parent / hints.USAGE_FILE).is_file()
        return (
            None
            if analysis is None
            else [
                lsp.CodeLens(
                    server.range_of(places, one.span.start, one.span.end),
                    lsp.Command(one.title, one.command, arguments=[uri, one.argument]),
                )
                for one in hints.lenses(analysis, usage)
            ]
        )

    @server.command("contractlang.runTest")
    def run_test(uri: str, title: str) -> str:
        analysis = server.analysis(uri)
        said = hints.run_test(analysis, title) if analysis else "the contract is not open"
        kind = lsp.MessageType.Info if said.endswith(" passes") else lsp.MessageType.Warning
        server.window_show_message(lsp.ShowMessageParams(kind, said))
        return said

    @server.command("contractlang.invoice")
    def invoice(uri: str, period: str = "") -> str:
        analysis, path = server.analysis(uri), file_of(uri)
        if analysis is None or path is None:
            return "the contract is not open"
        amounts = _amounts(server, uri, analysis)
        chosen = period or (amounts.period if amounts else server.today().isoformat()[:7])
        said = hints.invoice_text(analysis, path.parent / hints.USAGE_FILE, chosen)
        server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Info, said))
        return said


def serve(version: str) -> None:
    """Speak the protocol over standard input and output until the editor ends it."""
    # The library closes what it reads and writes; standard output belongs to the program that called us.
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    target = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    make_server(version, date.today).start_io(source, target)
