"""The rows behind the lines of an invoice: those that a line counts, and those that nothing counts.

In: a rating, lines of an invoice with their reasons. Out: for each figure that was counted, its rows; for
each table, the rows of the period that no figure of the contract counts, with the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contractlang.calendar import Days
from contractlang.measuring.aggregate import ALL
from contractlang.measuring.listing import ListedRow, Rows
from contractlang.rating.rows import all_requests
from contractlang.trace import Step

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


@dataclass(frozen=True, slots=True)
class CountedRows:
    """The rows that one figure counted: `words` are the contract's, `group` the value of `per`."""

    words: str
    table: str
    days: Days
    group: tuple[str | None] | None
    count: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class UncountedRows:
    """The rows of a table that no figure of the contract counts; `reasons` say how many and why."""

    table: str
    days: Days
    reasons: dict[str, int]
    rows: Rows


def counted_rows(rating: "Rating", reasons: Iterable[Step | None]) -> tuple[CountedRows, ...]:
    """The rows of each figure that some reasons rest on, each figure once, in the order of the reasons."""
    found: dict[tuple[object, ...], CountedRows] = {}
    for step in reasons:
        for one in _counted_steps(step):
            days, function, table = one.fact("days"), one.fact("function"), one.fact("table")
            grouped = any(name == "group" for name, _ in one.facts)
            key = (one.span, days, function, grouped, one.fact("group"))
            asked = rating.asked_of_rows.get((one.span, days, function)) if one.span else None
            if key in found or asked is None:
                continue
            group = one.fact("group") if grouped else ALL
            rows = rating.usage.counted_rows(asked, days, group)
            found[key] = CountedRows(
                one.label, table, days, (one.fact("group"),) if grouped else None, one.fact("rows"), rows
            )
    return tuple(found.values())


def uncounted_rows(rating: "Rating", days: Days) -> tuple[UncountedRows, ...]:
    """For each table that the usage gives, the rows of some days that no figure of the contract counts."""
    requests = all_requests(rating)
    found = []
    for table in rating.terms.tables:
        if rating.usage.has_table(table):
            asked = [one for one in requests if one.table == table]
            rows = rating.usage.uncounted_rows(table, asked, days)
            found.append(UncountedRows(table, days, rows.by_reason(), rows))
    return tuple(found)


def _counted_steps(step: Step | None) -> Iterable[Step]:
    if step is None:
        return
    waiting = [step]
    while waiting:
        one = waiting.pop()
        if one.kind == "rows":
            yield one
        waiting.extend(reversed(one.children))


__all__ = ["CountedRows", "ListedRow", "Rows", "UncountedRows", "counted_rows", "uncounted_rows"]
