"""How a function is written, while its arguments are.

In: an analysis and an offset. Out: the function around it, and which argument is being written.
"""

from dataclasses import dataclass

from contractlang.kinds import FUNCTIONS
from contractlang.language_server.analysis import Analysis

_MEANINGS = {
    "count": "how many rows", "count_distinct": "how many different values of a column",
    "sum": "the sum of a column, an interval, or parts", "average": "the mean; no data of no value",
    "latest": "the last value",
    "percentile": "the smallest value that so many percent of the rows do not exceed",
    "any": "whether it holds in one part at least", "all": "whether it holds in every part",
    "min": "the lowest", "max": "the highest", "abs": "without its sign", "floor": "down to a whole number",
    "ceil": "up to a whole number", "clamp": "the value, not below the second and not above the third",
    "previous": "the value so many periods ago; `else` says what the first period takes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signature:
    """A function as it is written, its arguments, its meaning, and the argument at the offset, from 0."""

    label: str
    parameters: tuple[str, ...]
    meaning: str
    active: int


def signature(analysis: Analysis, offset: int) -> Signature | None:
    """The function whose parentheses hold an offset; None outside of all functions."""
    opened: list[tuple[str, int]] = []
    before = ""
    for token in analysis.tokens:
        if token.start >= offset:
            break
        if token.terminal == "LPAR":
            opened.append((before, 0))
        elif token.terminal == "RPAR" and opened:
            opened.pop()
        elif token.terminal == "COMMA" and opened:
            opened[-1] = opened[-1][0], opened[-1][1] + 1
        elif token.terminal in ("LBRACE", "RBRACE"):
            opened.clear()
        before = analysis.source.text[token.start : token.end]
    for name, active in reversed(opened):
        if name in _MEANINGS:
            return _signature(name, active)
    return None


def _signature(name: str, active: int) -> Signature:
    if name == "previous":
        return Signature("previous(X, 2) else 0 EUR", ("X", "2"), _MEANINGS[name], min(active, 1))
    usage = FUNCTIONS[name].usage.split("), ")[-1]
    inside = usage[usage.index("(") + 1 : usage.rindex(")")]
    parameters = tuple(inside.split(", "))
    return Signature(usage, parameters, _MEANINGS[name], min(active, len(parameters) - 1))
