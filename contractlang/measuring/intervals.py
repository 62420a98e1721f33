"""Intervals of rows: from one column to another, whole, cut at midnights, or their part in a window.

In: an aggregate with `to`, compiled over a table. Out: SQL for the length of each row's interval, or
for its parts by day. Hours are elapsed: the night when the clock goes back has one more. An interval
that ends before it starts, or has one end only, is refused, and named (CL828).
"""

# ruff: noqa: S608  Tables and columns are numbered by ourselves, texts quoted by `literal`.

from contractlang.diagnostics import ContractError, Diagnostic, error
from contractlang.measuring.aggregate import Aggregate
from contractlang.measuring.engine import Engine
from contractlang.measuring.expressions import RowCompiler
from contractlang.measuring.quantities import MICROSECOND, DateOf, Quantity, refused
from contractlang.text import Span
from contractlang.units import SECOND

_SHOWN = 3


class Interval:
    """The interval of one aggregate; raises ContractError where rows do not have one.

    `term` is the first day and the day after the last, in days since 1970; rows that begin after it
    are not looked at.
    """

    def __init__(self, engine: Engine, rows: RowCompiler, request: Aggregate, term: tuple[int, int]) -> None:
        assert request.value is not None, "an interval has a start"
        assert request.to is not None, "an interval has an end"
        self._engine = engine
        self._rows = rows
        self._request = request
        self._table = rows.table
        self._condition = "true" if request.where is None else rows.condition(request.where)
        self._start, self._end = rows.instant(request.value), rows.instant(request.to)
        if type(self._start) is not type(self._end):
            message = "an interval runs between two times or between two dates"
            raise refused("CL827", message, span_of(request))
        self._dates = isinstance(self._start, DateOf)
        self._day = rows.units.day
        self.factor = self._day.factor if self._dates else MICROSECOND
        self._check(term[1])

    def quantity(self) -> Quantity:
        """The length of each row's whole interval, or of its part in the window."""
        start, end = self._start, self._end
        length = f"CAST({end.sql} - {start.sql} AS BIGINT)"
        if self._request.during is not None:
            name = self._engine.name("during")
            parts = self.parts("NULL")
            self._engine.run(f"CREATE TABLE {name} AS SELECT rid, sum(o) AS o FROM ({parts}) GROUP BY rid")
            self._rows.add_join(f" LEFT JOIN {name} ON {name}.rid = t.rowid")
            length = f"CASE WHEN {start.sql} IS NOT NULL THEN coalesce(CAST({name}.o AS BIGINT), 0) END"
        return Quantity(
            length, self.factor, self._day.unit if self._dates else SECOND, start.bound + end.bound
        )

    def parts(self, key: str) -> str:
        """SQL for the parts of the intervals by day: rid, d, before, g, o.

        `o` is the length of the part, in the window where one is asked for; `before` is the day of the
        row's part before, NULL for its first; `g` is the value of `key`.
        """
        windows, during = self._rows.windows, self._request.during
        window = windows.days() if during is None else windows.table(during, span_of(self._request))
        start, end = self._start, self._end
        # An interval of dates ends before its last one, so that one has no part.
        first, last = (
            (start.sql, f"{end.sql} - 1")
            if isinstance(start, DateOf) or isinstance(end, DateOf)
            else (start.day, end.day)
        )
        base = (
            f"SELECT t.rowid AS rid, {start.sql} AS s, {end.sql} AS e, {first} AS d0, {last} AS d1, "
            f"{key} AS g FROM {self._table.sql} AS t{self._rows.joined()} "
            f"WHERE ({self._condition}) AND {start.sql} IS NOT NULL"
        )
        length = " + ".join(
            f"greatest(0, least(e, w.e{pair}) - greatest(s, w.s{pair}))" for pair in range(window.pairs)
        )
        if self._dates:
            length = "CASE WHEN w.whole AND s < e THEN 1 ELSE 0 END"
        # A moment without length is a row of its day all the same, but no part of a window.
        kept = "o > 0" if during else "(o > 0 OR s = e)"
        days = f"range(greatest(d0, {windows.first}), least(d1, {windows.end - 1}) + 1)"
        measured = f"SELECT rid, CAST(d AS INTEGER) AS d, g, s, e, {length or '0'} AS o"
        joined = f"JOIN {window.sql} AS w ON w.day = d"
        before = "lag(d) OVER (PARTITION BY rid ORDER BY d)"
        return (
            f"WITH base AS ({base}), "
            f"short AS ({measured} FROM (SELECT *, d0 AS d FROM base WHERE d1 <= d0) {joined}), "
            f"long AS ({measured} FROM (SELECT *, unnest({days}) AS d FROM base WHERE d1 > d0) {joined}) "
            f"SELECT rid, d, CAST(NULL AS INTEGER) AS before, g, o FROM short WHERE {kept} UNION ALL "
            f"SELECT rid, d, {before} AS before, g, o FROM long WHERE {kept}"
        )

    def _check(self, end_of_term: int) -> None:
        start, end, table = self._start, self._end, self._table
        answer = self._engine.rows(
            f"SELECT t.rowid, {start.sql} IS NULL, {end.sql} IS NULL "
            f"FROM {table.sql} AS t{self._rows.joined()} WHERE ({self._condition}) "
            f"AND (({start.sql} IS NULL) <> ({end.sql} IS NULL) OR {end.sql} < {start.sql}) "
            f"AND coalesce(t.{table.day} < {end_of_term}, false) ORDER BY t.rowid LIMIT {_SHOWN + 1}"
        )
        found: list[Diagnostic] = []
        for row, no_start, no_end in answer[:_SHOWN]:
            place = table.place(row)
            what = "has no start" if no_start else "has no end" if no_end else "ends before it starts"
            message = f'row {place.row} of "{table.name}" {what}'
            found.append(error("CL828", message, place, "correct the row, or leave it out with `where`"))
        if len(answer) > _SHOWN:
            message = f'more intervals of "{table.name}" are wrong in the same way'
            found.append(error("CL828", message, found[-1].span))
        if found:
            raise ContractError(found)


def span_of(request: Aggregate) -> Span | None:
    """Where the contract asks for an aggregate, as near as its parts say."""
    for node in (request.value, request.where, request.to):
        if node is not None:
            return node.span
    return None
