"""The days on which a span of `over` begins or ends inside other days.

A contract year may begin in the middle of a month, a month in the middle of a quarter. A charge whose tiers
count over such a span, or whose amount is read over it or `by` it, is cut there: what is not cut out would
count on the wrong side, or nowhere (rulings, "Spans": a cut divides the lines that read what changes).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from contractlang.calendar import Days, contract_year, intervals, step
from contractlang.rating.spans import UNITS
from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


def borders(
    rating: "Rating", span: tree.SpanOfTime, days: Days, assessed: Callable[[Days], Iterable[Days]]
) -> Iterator[date]:
    """The borders of a span of `over` that lie inside some days.

    `assessed` gives the intervals of the line that reads over the span, those that touch some days.
    """
    terms = rating.terms
    found: list[date] = []
    if isinstance(span, tree.Fixed):
        found = [span.start, span.end]
    elif isinstance(span, tree.ToDate) and span.unit == "contract year":
        year = contract_year(terms.start, max(days.start, terms.start))
        while year.end < days.end:
            found.append(year.end)
            year = contract_year(terms.start, year.end)
    elif isinstance(span, tree.ToDate) and span.unit in UNITS:
        found = [one.start for one in intervals(span.unit, days, terms.first_day)]
    elif isinstance(span, (tree.Rolling, tree.Before)):
        unit, count = span.length.unit, span.length.count
        for part in intervals(unit, days, terms.first_day):
            # Only where an assessment begins its span: quarters of three rolling months begin none inside.
            if isinstance(span, tree.Rolling):
                last = step(unit, part, count - 1, terms.first_day)
                if any(one.last in last for one in assessed(last)):
                    found.append(part.start)
                continue
            first = step(unit, part, count, terms.first_day)
            if any(one.start in asked for asked in (part, first) for one in assessed(asked)):
                found.append(part.start)
    return (day for day in found if days.start < day < days.end)


def spans_read(rating: "Rating", reader: tree.Line, name: str) -> tuple[tree.SpanOfTime, ...]:
    """The spans over which a line reads the amounts of another, itself or in a measure."""
    found: list[tree.SpanOfTime] = []
    nodes: list[object] = [reader]
    for measure in rating.measures_read(reader):
        nodes.extend(one.declared for one in rating.terms.measures[measure] if one.declared is not None)
    for node in nodes:
        found.extend(span for span, value in rating.reading.spans(node) if _reads(rating, value, name))
    for bound in (reader.at_most, reader.at_least):
        # `at most 10% of handling over contract year`: the percent is of what the line came to over the year.
        if bound is not None and bound.over is not None and _reads(rating, bound.value, name):
            found.append(bound.over)
    return tuple(found)


def _reads(rating: "Rating", value: object, name: str) -> bool:
    if name in rating.lines_named(value):
        return True
    return any(
        one.declared is not None and name in rating.lines_named(one.declared)
        for measure in rating.measures_read(value)
        for one in rating.terms.measures[measure]
    )
