"""The rows behind the lines of an invoice: those that a line counts, and those that nothing counts.

In: a rating, lines of an invoice with their reasons. Out: for each figure that was counted, its rows; for
each table, the rows of the period that no figure of the contract counts, with the reason; and the rows that
are counted for a value of `per` without a price, which no invoice can hold.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contractlang.calendar import Days
from contractlang.diagnostics import Diagnostic
from contractlang.frozen import replace
from contractlang.lines.frame import LineError
from contractlang.measuring.aggregate import ALL
from contractlang.measuring.listing import UNKNOWN_GROUP, ListedRow, Rows
from contractlang.rating.rows import all_requests
from contractlang.terms import Period
from contractlang.trace import Step

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


@dataclass(frozen=True, slots=True)
class CountedRows:
    """The rows that one figure counted: `words` are the contract's, `group` a column and its value."""

    words: str
    table: str
    days: Days
    group: tuple[str, str | None] | None
    count: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class UncountedRows:
    """The rows of a table that no amount rests on; `reasons` say how many and why.

    Where a value of `per` has no price, `figure` would count them for `group`, a column and its value.
    """

    table: str
    days: Days
    reasons: dict[str, int]
    rows: Rows
    figure: str | None = None
    group: tuple[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class RowsOfLines:
    """The rows of some lines, those that nothing counts, and why other lines have no amount."""

    counted: tuple[CountedRows, ...]
    uncounted: tuple[UncountedRows, ...]
    faults: tuple[Diagnostic, ...] = ()


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
            of = (one.fact("column"), one.fact("group")) if grouped else None
            found[key] = CountedRows(one.label, table, days, of, one.fact("rows"), rows)
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


def reasons_that_hold(rating: "Rating", period: Period, names: Iterable[str]) -> tuple[Step, ...]:
    """The reasons of what can be computed of some lines, where an invoice cannot be made.

    Of a line in which some values of `per` have no price they are those of the other values.
    """
    found: list[Step] = []
    for name in names:
        try:
            found.extend(one.line.reason for one in rating.rated(name, period) if not one.hidden)
        except LineError:
            found.extend(rating.beside_without_price.get((name, period), ()))
    return tuple(found)


def unpriced_rows(rating: "Rating", names: Collection[str]) -> tuple[UncountedRows, ...]:
    """The rows that some rated lines count for a value of `per` without a price, each figure once."""
    found: dict[tuple[object, ...], UncountedRows] = {}
    for quantity, frame in rating.without_price:
        if frame.group is None or frame.line not in names:
            continue
        for one in counted_rows(rating, [rating.evaluate(quantity, frame)]):
            if one.group is not None and one.count:
                key = (one.words, one.days, one.group, frame.group)
                rows = replace(one.rows, reason=f"'{UNKNOWN_GROUP}'")
                found[key] = UncountedRows(
                    one.table, one.days, {UNKNOWN_GROUP: one.count}, rows, one.words, frame.group
                )
    return tuple(found.values())


def _counted_steps(step: Step | None) -> Iterable[Step]:
    if step is None:
        return
    waiting = [step]
    while waiting:
        one = waiting.pop()
        if one.kind == "rows":
            yield one
        waiting.extend(reversed(one.children))


__all__ = [
    "CountedRows", "ListedRow", "Rows", "RowsOfLines", "UncountedRows", "counted_rows", "uncounted_rows",
    "unpriced_rows",
]  # fmt: skip
