"""Figures in parts: `AGGREGATE(X by day|week|month|quarter|year|column)` (language design, section 4).

X is evaluated in each part that has data, then aggregated. A part is clipped to its span, and the span
to the term.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.calendar import Days, intervals
from contractlang.exact import round_to
from contractlang.frozen import replace
from contractlang.lines.frame import Frame, fail, words
from contractlang.rating.rows import count_all, is_row_aggregate, request
from contractlang.rating.spans import UNITS
from contractlang.rating.spells import inside, over_span, over_spells
from contractlang.syntax import tree
from contractlang.trace import Quantity, Step, Value

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


def aggregate_parts(rating: "Rating", node: tree.Call, frame: Frame) -> Step:
    """The aggregate of a figure over its parts; no data where no part has any."""
    first = node.arguments[0]
    assert first.by is not None and first.value is not None, "asked only of calls with `by`"
    whole = frame
    if first.over is not None:
        over = over_span(first.over, frame, rating.terms, rating.timeline)
        whole = over or frame.over(Days(frame.days.end, frame.days.end))
    days = whole.days
    by = first.by.text
    value_node: tree.Expression = first.value
    if is_row_aggregate(rating, node):
        # `sum(contacts.talk by day)`: each part is the same aggregate over the rows of the part.
        inner = tree.Argument(first.value, first.to, first.during, first.where, span=first.span)
        values = [argument for argument in node.arguments[1:] if argument.value is not None]
        value_node = tree.Call(node.function, (inner, *values), span=node.span)
    if by in UNITS or by in ("contract year",):
        parts = [inside(whole, part) for part in _parts(rating, by, days)]
        frames = [over_spells(frame, spells) for spells in parts if spells]
    else:
        frames = [
            replace(whole, group=(by, value), figure=None)
            for value in values_of(rating, value_node, by, whole)
        ]
    each = next((argument.each for argument in node.arguments if argument.each is not None), None)
    steps = []
    for part in frames:
        step = rating.evaluate(value_node, part)
        if each is not None and isinstance(step.value, Fraction):
            size = rating.number(each.step)
            facts = (
                ("mode", each.mode),
                ("step", Quantity(size, step.scale)),
                ("before", Quantity(step.value, step.scale)),
            )
            rounded = round_to(step.value, size, each.mode)
            step = Step("rounded", rounded, step.label, step.scale, each.span, facts, (step,))
        steps.append(step)
    known = [step.value for step in steps if step.value is not None]
    value = _aggregate(rating, node, known, steps)
    facts2 = (("function", node.function.text), ("by", by), ("days", days))
    return Step("parts", value, words(node), rating.kind(node).scale, node.span, facts2, tuple(steps))


def _parts(rating: "Rating", by: str, days: Days) -> list[Days]:
    if not days:
        return []
    return [part.meet(days) for part in intervals(by, days, rating.terms.first_day)]


def values_of(rating: "Rating", node: tree.Expression, column: str, frame: Frame) -> tuple[str | None, ...]:
    """The values of a column that the rows, or the supplied figures, of an expression have in some days."""
    found: dict[str | None, None] = {}
    for call in rating.calls_under(node):
        asked = request(rating, call, column)
        if asked.by is not None and rating.usage.has_table(asked.table):
            count_all(rating)
            found.update(dict.fromkeys(rating.usage.groups(asked, frame.days)))
    for measure in rating.measures_under(node):
        for figure in rating.usage.figures.get(measure, ()):
            if figure.group is not None and figure.days.meet(frame.days):
                found[figure.group] = None
    if not found and not rating.calls_under(node) and not rating.measures_under(node):
        raise fail("CL937", f'nothing here has a column "{column}"', node.span)
    return tuple(sorted(found, key=lambda value: (value is None, value or "")))


def _aggregate(rating: "Rating", node: tree.Call, known: Sequence[Value], steps: Sequence[Step]) -> Value:
    name = node.function.text
    if name in ("any", "all"):
        if not known:
            return None
        return any(known) if name == "any" else all(known)
    if name == "count":
        booleans = [value for value in known if isinstance(value, bool)]
        return Fraction(sum(booleans) if booleans else len(known))
    numbers = [value for value in known if isinstance(value, Fraction)]
    if name == "sum":
        return sum(numbers, Fraction(0)) if numbers or not steps else None
    if name == "latest":
        return known[-1] if known else None
    if not numbers:
        return None
    if name == "average":
        return sum(numbers, Fraction(0)) / len(numbers)
    if name == "min":
        return min(numbers)
    if name == "max":
        return max(numbers)
    if name == "percentile":
        share = _percentile(rating, node)
        ordered = sorted(numbers)
        rank = -((-share * len(ordered)) // 1)
        return ordered[max(0, int(rank) - 1)]
    raise fail("CL938", f'"{name}" does not aggregate parts', node.function.span)


def _percentile(rating: "Rating", node: tree.Call) -> Fraction:
    for argument in node.arguments[1:]:
        if argument.value is not None:
            value = rating.constant(argument.value, None)
            if value is not None:
                return value if isinstance(argument.value, tree.Percent) else value / 100
    raise fail("CL938", "`percentile` needs the percent: percentile(x, 80)", node.span)
