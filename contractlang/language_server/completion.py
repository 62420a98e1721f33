"""What may be written at a place: what the grammar accepts there, and the names of the fitting kind.

In: an analysis and an offset. Out: completions. The text up to the word at the offset is read by the parser
itself, whose tables then say which keywords and signs may follow.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contractlang.exact import CURRENCIES
from contractlang.kinds import FUNCTIONS, PARTS
from contractlang.language_server.analysis import Analysis
from contractlang.language_server.wording import detail, said_declaration
from contractlang.syntax import tree
from contractlang.syntax.skipping import DECLARATIONS
from contractlang.syntax.tables import tables
from contractlang.syntax.tokens import Expected, expected_after
from contractlang.text import Source
from contractlang.units import BUILT_IN

_WORD_BEFORE = re.compile(r"[^\W\d][\w-]*$")
_TOP_LEVEL = re.compile(
    r"^(?:contract|include|unit|usage|window|measure|rate|amount|index|charge|fee|subscription|bonus-malus|"
    r"penalty|minimum|limit|clawback|phase|amendment|test|invariant)\b",
    re.MULTILINE,
)
_SIGNS = {"LBRACE": "{", "RBRACE": "}", "EQ": "=", "COLON": ":", "PERCENT_SIGN": "%"}
_TYPES = ("timestamp", "duration", "boolean", "text", "number", "money", "date")
_RHYTHMS = ("monthly", "quarterly", "yearly", "weekly")
_WEEKDAYS = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")
_ROUNDINGS = ("half_up", "half_even", "half_down")
_COUNTRIES = ("FR", "GB", "DE", "BE", "CH", "ES", "IT", "LU", "NL", "US")
_VALUES = (tree.Measure, tree.Price, tree.Line)


@dataclass(frozen=True, slots=True)
class Completion:
    """A word to write: what it is (`keyword`, `sign`, `function`, `unit`, `column`, or a declaration)."""

    label: str
    kind: str
    detail: str = ""
    insert: str = ""


def completions(analysis: Analysis, offset: int) -> tuple[Completion, ...]:
    """What may be written at an offset, instead of the word that ends there; names first."""
    before = analysis.source.text[:offset]
    word = _WORD_BEFORE.search(before)
    start = word.start() if word else offset
    if _in_comment_or_text(before):
        return ()
    expected = _expected(before[:start])
    found = [*_names(analysis, expected, start), *_keywords(expected)]
    unique = {one.label: one for one in reversed(found)}
    return tuple(one for one in dict.fromkeys(found) if unique[one.label] == one)


def _in_comment_or_text(before: str) -> bool:
    line = before[before.rfind("\n") + 1 :]
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
    return "#" in bare or '"' in bare


def _expected(before: str) -> Expected:
    """What may follow a text; where the text is broken, what may follow its last declaration."""
    heads = [match.start() for match in _TOP_LEVEL.finditer(before)]
    for head in (heads[-1:] or [0]) + [0]:
        found = expected_after(Source("", before[head:]))
        if found is not None:
            return found
    return Expected(frozenset(DECLARATIONS), (), ())


def _keywords(expected: Expected) -> Iterator[Completion]:
    texts = tables().texts
    for terminal in sorted(expected.terminals):
        if terminal in texts:
            yield Completion(texts[terminal], "keyword")
        elif terminal in _SIGNS:
            yield Completion(_SIGNS[terminal], "sign")


def _names(analysis: Analysis, expected: Expected, start: int) -> Iterator[Completion]:
    terminals, tokens = expected.terminals, expected.before
    last = tokens[-1] if tokens else ""
    scope = analysis.scope
    if last == "DOT":
        yield from _members(analysis, start)
    elif terminals & {"ZONE", "REGION"} and "NAME" not in terminals:
        zones = ("Europe/Paris", "Europe/London", "UTC")
        yield from _words(zones if "ZONE" in terminals else _COUNTRIES, "value")
    elif last in _FIXED:
        yield from _words(_FIXED[last], "value")
    elif not terminals & {"NAME", "ASSIGNED", "COMPOUND", "EDGE_UNIT"}:
        return
    elif last in ("NUMBER", "IN", "PLURAL") or (last == "EACH" and "USAGE" in expected.inside):
        yield from _units(analysis)
    elif last == "KEY" and "USAGE" in expected.inside:
        yield from _columns(analysis)
    elif last == "ON" or (last == "OF" and "CLAWBACK" in expected.inside):
        yield from _declared(analysis, scope.lines.values())
    elif (last in ("TRANSITION_TO", "PHASE") and "OVER" not in expected.inside[:-1] and last != "PHASE") or (
        last == "PHASE" and tokens[-2:-1] == ("OVER",)
    ):
        yield from _declared(analysis, scope.phases.values())
    elif last == "DURING":
        yield from _declared(analysis, scope.windows.values())
    elif last == "INDEXED_ON":
        yield from _declared(analysis, scope.indices.values())
    elif last == "EXPECT":
        yield from _declared(analysis, [*scope.lines.values(), *scope.measures.values()])
    elif "GIVEN" in expected.inside and terminals <= {"ASSIGNED", "RBRACE"}:
        yield from (Completion(name, "measure", insert=f"{name} = ") for name in scope.measures)
    elif "USAGE" in expected.inside and "LPAR" not in terminals:
        yield from _words(_TYPES if last in ("NAME", "ASSIGNED") else (), "type")
    elif "WINDOW" in expected.inside:
        yield from _declared(analysis, scope.windows.values())
        yield from _words(_WEEKDAYS, "value")
    elif last in ("BY",) and "LPAR" in expected.before[-8:]:
        yield from _words(PARTS, "value")
        yield from _columns(analysis)
    elif "LPAR" in terminals or last in ("LPAR", "COMMA"):
        yield from _expression(analysis, expected)


_FIXED: dict[str, Iterable[str]] = {
    "CURRENCY": ("EUR", "USD", "GBP", "CHF"), "INVOICED": _RHYTHMS, "EVERY": PARTS[1:], "PER": PARTS,
    "OVER": (*PARTS[2:], "contract", "contract year", "phase"), "ROUNDING": _ROUNDINGS, "ROUNDED": _ROUNDINGS,
}  # fmt: skip


def _expression(analysis: Analysis, expected: Expected) -> Iterator[Completion]:
    scope = analysis.scope
    if "WHERE" in expected.before or "LPAR" in expected.before:
        yield from _columns(analysis)
        yield from _declared(analysis, scope.tables.values())
    at_price = expected.before[-1:] == ("AT",)
    prices = list(_declared(analysis, scope.prices.values()))
    figures = list(_declared(analysis, [*scope.measures.values(), *scope.lines.values()]))
    yield from [*prices, *figures] if at_price else [*figures, *prices]
    for function in FUNCTIONS.values():
        yield Completion(function.name, "function", function.usage, f"{function.name}(")


def _declared(analysis: Analysis, nodes: Iterable[tree.AnyDeclaration]) -> Iterator[Completion]:
    for node in nodes:
        kind = node.kind if isinstance(node, (tree.Line, tree.Price)) else said_declaration(node).split()[-1]
        yield Completion(node.name.text, kind, detail(analysis, node))  # type: ignore[union-attr]


def _members(analysis: Analysis, start: int) -> Iterator[Completion]:
    owner = _WORD_BEFORE.search(analysis.source.text[: start - 1])
    name = owner.group() if owner else ""
    if name in analysis.scope.tables:
        for column in analysis.scope.tables[name].columns:
            yield Completion(column.name.text, "column", column.type.text)
    elif name in analysis.scope.lines:
        for part in analysis.scope.lines[name].parts:
            if part.name:
                yield Completion(part.name.text, "part")


def _columns(analysis: Analysis) -> Iterator[Completion]:
    for table in analysis.scope.tables.values():
        for column in table.columns:
            yield Completion(column.name.text, "column", f"{column.type} of {table.name}")


def _units(analysis: Analysis) -> Iterator[Completion]:
    declared = [word for word in analysis.scope.units.words if word not in BUILT_IN]
    yield from _words(declared, "unit")
    currency = analysis.scope.currency
    if currency:
        yield from _words(
            (currency, *(f"{currency}/{word}" for word in declared if not word.endswith("s"))), "unit"
        )
    yield from _words([word for word in BUILT_IN if word != "%"], "unit")
    yield from _words(sorted(CURRENCIES) if currency is None else (), "unit")


def _words(words: Iterable[str], kind: str) -> Iterator[Completion]:
    return (Completion(word, kind) for word in words)
