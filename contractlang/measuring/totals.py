"""What the engine found, day by day, and how days add up.

In: partial aggregates of each day and group, as integers. Out: the exact value of any span of days.
Every request is computed once over all its days; a month, a quarter and a rolling year are sums of
the same days here.
"""

# ruff: noqa: S608  Tables are numbered by ourselves; values are integers, booleans or quoted texts.

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from contractlang.engines.duckdb import DuckDB
from contractlang.engines.engine import literal
from contractlang.measuring.aggregate import ALL, AllRows, Measured

Key = str | int | bool | None
"""The value of a group column in the engine: a text, a day, a scaled number, a yes or no, or nothing."""


class Totals(Protocol):
    """The days of one request."""

    def measured(self, start: int, end: int, group: Key | AllRows) -> Measured:
        """What the rows of a group give from day `start` to before day `end`, in days since 1970."""
        ...


@dataclass(slots=True)
class _Running:
    """Sums of values and rows up to each day that has any, in order."""

    days: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=lambda: [0])
    rows: list[int] = field(default_factory=lambda: [0])

    def between(self, start: int, end: int) -> tuple[int, int]:
        first, last = bisect_left(self.days, start), bisect_left(self.days, end)
        return self.values[last] - self.values[first], self.rows[last] - self.rows[first]


class DailySums:
    """A count, a sum or an average: what adds up from day to day.

    `rows` holds a day, a group, a value and the rows counted; the value is an integer of `factor`.
    """

    def __init__(
        self, function: str, factor: Fraction, rows: Iterable[tuple[int, Key, int | None, int]]
    ) -> None:
        self._function = function
        self._factor = factor
        by_group: dict[Key | AllRows, dict[int, tuple[int, int]]] = {ALL: {}}
        for day, group, value, count in rows:
            for key in (ALL, group):
                days = by_group.setdefault(key, {})
                before = days.get(day, (0, 0))
                days[day] = before[0] + (value or 0), before[1] + count
        self._running = {group: _run(days) for group, days in by_group.items()}
        self.keys: tuple[Key, ...] = tuple(key for key in by_group if not isinstance(key, AllRows))

    def measured(self, start: int, end: int, group: Key | AllRows) -> Measured:
        running = self._running.get(group)
        value, rows = running.between(start, end) if running else (0, 0)
        if self._function == "count":
            return Measured(Fraction(rows), rows)
        if self._function == "average":
            return Measured(value * self._factor / rows if rows else None, rows)
        return Measured(value * self._factor, rows)


class CutSums:
    """A sum of intervals cut at midnights: seconds, or days, of each day.

    `rows` holds a day, the day of the part before of the same rows (None for their first), a group,
    a value and the rows. A row that reaches into a span from an earlier day is counted once in it.
    """

    def __init__(
        self, factor: Fraction, rows: Iterable[tuple[int, int | None, Key, int | None, int]]
    ) -> None:
        kept = list(rows)
        self._values = DailySums("sum", factor, ((day, group, value, 0) for day, _, group, value, _ in kept))
        self._starts = DailySums(
            "count", factor, ((d, g, 0, n) for d, before, g, _, n in kept if before is None)
        )
        self._later = [(d, before, g, n) for d, before, g, _, n in kept if before is not None]

    def measured(self, start: int, end: int, group: Key | AllRows) -> Measured:
        rows = self._starts.measured(start, end, group).rows
        for day, before, key, count in self._later:
            if start <= day < end and before < start and (group is ALL or _same(group, key)):
                rows += count
        return Measured(self._values.measured(start, end, group).value, rows)


class DailyExtremes:
    """A least, a greatest or a latest value: `better(a, b)` keeps one of two entries."""

    def __init__(
        self,
        factor: Fraction,
        better: Callable[[tuple[int, ...], tuple[int, ...]], tuple[int, ...]],
        rows: Iterable[tuple[int, Key, tuple[int, ...] | None, int]],
    ) -> None:
        self._factor = factor
        self._better = better
        self._days: dict[Key | AllRows, list[tuple[int, tuple[int, ...], int]]] = {ALL: []}
        for day, group, entry, count in rows:
            if entry is not None:
                for key in (ALL, group):
                    self._days.setdefault(key, []).append((day, entry, count))
        for days in self._days.values():
            days.sort(key=lambda one: one[0])

    def measured(self, start: int, end: int, group: Key | AllRows) -> Measured:
        days = self._days.get(group, [])
        found: tuple[int, ...] | None = None
        rows = 0
        for _, entry, count in days[
            bisect_left(days, start, key=lambda one: one[0]) : bisect_left(days, end, key=lambda one: one[0])
        ]:
            found = entry if found is None else self._better(found, entry)
            rows += count
        return Measured(None if found is None else found[-1] * self._factor, rows)


class Histogram:
    """The values of each part of the term and how often they occur: percentiles, distinct counts.

    Parts lie between `borders`, days since 1970 in order. `kept` brings the values into the local engine by
    part, or by day where `borders` is None: a table with the columns part (its first day), v, n. Each span is
    asked once.
    """

    def __init__(
        self,
        engine: DuckDB,
        borders: tuple[int, ...],
        kept: Callable[[tuple[int, ...] | None], str],
        factor: Fraction,
        percent: Fraction | None,
    ) -> None:
        self._engine = engine
        self._borders = borders
        self._kept = kept
        self._factor = factor
        self._percent = percent
        self._tables: dict[bool, str] = {}
        self._known: dict[tuple[int, int, Key | AllRows], Measured] = {}

    def measured(self, start: int, end: int, group: Key | AllRows) -> Measured:
        key = (start, end, group)
        if key not in self._known:
            self._known[key] = self._ask(start, end, group)
        return self._known[key]

    def _ask(self, start: int, end: int, group: Key | AllRows) -> Measured:
        # No row counts outside the term, where the first border and the last are.
        start, end = max(start, self._borders[0]), max(min(end, self._borders[-1]), self._borders[0])
        first, last = bisect_left(self._borders, start), bisect_left(self._borders, end)
        # A span that begins or ends inside a part asks for days, which are many more.
        whole = self._borders[first] == start and self._borders[last] == end
        if whole not in self._tables:
            self._tables[whole] = self._kept(self._borders if whole else None)
        chosen = f"FROM {self._tables[whole]} WHERE part >= {start} AND part < {end}"
        if group is not ALL:
            chosen += f" AND g IS NOT DISTINCT FROM {key_sql(group)}"
        distinct, rows = self._engine.row(f"SELECT count(DISTINCT v), coalesce(sum(n), 0) {chosen}")
        if self._percent is None:
            return Measured(Fraction(distinct), int(rows))
        if not rows:
            return Measured(None, 0)
        share = self._percent / 100
        reached = f"c * {share.denominator} >= {int(rows) * share.numerator}"
        (value,) = self._engine.row(
            f"SELECT coalesce(min(v) FILTER (WHERE {reached}), max(v)) "
            f"FROM (SELECT v, sum(n) OVER (ORDER BY v) AS c FROM (SELECT v, sum(n) AS n {chosen} GROUP BY v))"
        )
        return Measured(value * self._factor, int(rows))


class DistinctCounts:
    """How many values differ: by part of the term as the engine counts them, else from a histogram.

    A value that comes in two months counts once in both together, so parts do not add up. `counted` gives
    the part, the group, the distinct values and the rows of each part; `grouped` says whether it tells
    groups apart.
    """

    def __init__(
        self,
        borders: tuple[int, ...],
        counted: Callable[[tuple[int, ...]], Iterable[tuple[int, Key, int, int]]],
        histogram: Histogram,
        grouped: bool,
    ) -> None:
        self._borders = borders
        self._counted = counted
        self._histogram = histogram
        self._grouped = grouped
        self._parts: dict[tuple[int, Key], Measured] | None = None

    def measured(self, start: int, end: int, group: Key | AllRows) -> Measured:
        part = bisect_left(self._borders, start)
        # All groups together are no sum of the groups either.
        alone = (group is ALL) != self._grouped
        if not alone or self._borders[part : part + 2] != (start, end):
            return self._histogram.measured(start, end, group)
        if self._parts is None:
            self._parts = {
                (place, key): Measured(Fraction(distinct), rows)
                for place, key, distinct, rows in self._counted(self._borders)
            }
        key = None if isinstance(group, AllRows) else group
        return self._parts.get((start, key), Measured(Fraction(0), 0))


def key_sql(key: Key | AllRows) -> str:
    """The value of a group column as SQL."""
    assert key is not ALL, "all rows are no value of a column"
    if key is None:
        return "NULL"
    if isinstance(key, bool):
        return "true" if key else "false"
    return literal(key) if isinstance(key, str) else str(key)


def _same(left: Key | AllRows, right: Key) -> bool:
    return type(left) is type(right) and left == right


def _run(days: dict[int, tuple[int, int]]) -> _Running:
    found = _Running()
    for day in sorted(days):
        value, rows = days[day]
        found.days.append(day)
        found.values.append(found.values[-1] + value)
        found.rows.append(found.rows[-1] + rows)
    return found
