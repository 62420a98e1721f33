"""The colours of a contract, from the parser rather than from patterns.

In: an analysis. Out: ranges with the protocol's token types, in order, none over another.
"""

from typing import NamedTuple

from contractlang.kinds import FUNCTIONS
from contractlang.language_server.analysis import Analysis
from contractlang.language_server.names import CONTRACT, UNIT, occurrences
from contractlang.syntax import tree
from contractlang.syntax.parsing import comments
from contractlang.syntax.tables import tables

TYPES = (
    "keyword", "comment", "string", "number", "operator", "variable", "property", "type", "function",
    "namespace", "class", "enumMember",
)  # fmt: skip
MODIFIERS = ("declaration", "documentation")


class Colour(NamedTuple):
    """Characters with their token type and modifiers."""

    start: int
    end: int
    type: str
    modifiers: tuple[str, ...] = ()


_BY_TERMINAL = {
    "STRING": "string", "NUMBER": "number", "PERCENT": "number", "DATE": "number", "MONTH": "number",
    "QUARTER": "number", "TIME": "number", "COMPOUND": "type", "EDGE_UNIT": "type",
    "ZONE": "enumMember", "REGION": "enumMember",
    "EQ": "operator", "COMPARE": "operator", "PLUS": "operator", "MINUS": "operator", "TIMES": "operator",
    "DIVIDE": "operator", "PERCENT_SIGN": "type",
}  # fmt: skip


def colours(analysis: Analysis) -> tuple[Colour, ...]:
    """The coloured words, signs and comments of the text."""
    found: dict[int, Colour] = {}
    text, keywords = analysis.source.text, tables().texts
    for at, token in enumerate(analysis.tokens):
        kind = "keyword" if token.terminal in keywords else _BY_TERMINAL.get(token.terminal)
        if token.terminal in ("NAME", "ASSIGNED", "ASSIGNED_MEMBER"):
            word = text[token.start : token.end]
            opens = at + 1 < len(analysis.tokens) and analysis.tokens[at + 1].terminal == "LPAR"
            kind = "function" if opens and word in FUNCTIONS else "variable"
            if at and analysis.tokens[at - 1].terminal == "NUMBER":
                kind = "type"
        if kind is not None:
            found[token.start] = Colour(token.start, token.end, kind)
    for one in occurrences(analysis):
        if one.span.source == analysis.source and one.span.start in found:
            if one.span.end == found[one.span.start].end:
                modifiers = ("declaration",) if one.declares else ()
                found[one.span.start] = Colour(
                    one.span.start, one.span.end, _type(analysis, one.space, one.name), modifiers
                )
    for comment in comments(analysis.source):
        modifiers = ("documentation",) if comment.text.startswith("##") else ()
        found[comment.span.start] = Colour(comment.span.start, comment.span.end, "comment", modifiers)
    kept: list[Colour] = []
    for colour in sorted(found.values()):
        if not kept or colour.start >= kept[-1].end:
            kept.append(colour)
    return tuple(kept)


def _type(analysis: Analysis, space: str, name: str) -> str:
    if space == UNIT:
        return "type"
    if space != CONTRACT:
        return "property"
    node = analysis.scope.declaration(name)
    if isinstance(node, tree.Phase):
        return "namespace"
    return "class" if isinstance(node, (tree.Usage, tree.Line)) else "variable"
