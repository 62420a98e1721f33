"""Intervals of rows: from one column to another, whole, cut at midnights, or their part in a window.

In: an aggregate with `to`, compiled over a table. Out: SQL for the length of each row's interval, or
for its parts by day. Hours are elapsed: the night when the clock goes back has one more. An interval
that ends before it starts, or has one end only, is refused, and named (CL828).
"""

# ruff: noqa: S608  Tables and columns are numbered by ourselves, texts quoted by `literal`.

from contractlang.diagnostics import ContractError, Diagnostic, error
from contractlang.engines.duckdb import DuckDB
from contractlang.measuring.aggregate import Aggregate
from contractlang.measuring.expressions import RowCompiler
from contractlang.measuring.quantities import MICROSECOND, DateOf, Quantity, refused
from contractlang.measuring.slots import WHOLE_DAYS
from contractlang.measuring.staging import NeedsRows
from contractlang.text import Span
from contractlang.units import SECOND

_SHOWN = 3


class Interval:
    """The interval of one aggregate; raises ContractError where rows do not have one.

    `term` is the first day and the day after the last, in days since 1970; rows that begin after it
    are not looked at. Raises NeedsRows where a view does not tell which row is which.
    """

    def __init__(self, rows: RowCompiler, request: Aggregate, term: tuple[int, int]) -> None:
        assert request.value is not None, "an interval has a start"
        assert request.to is not None, "an interval has an end"
        self._rows = rows
        self._request = request
        self._table = rows.table
        self._condition = "" if request.where is None else f"({rows.condition(request.where)}) AND "
        self._start, self._end = rows.instant(request.value), rows.instant(request.to)
        if type(self._start) is not type(self._end):
            message = "an interval runs between two times or between two dates"
            raise refused("CL827", message, span_of(request))
        self._dates = isinstance(self._start, DateOf)
        self._day = rows.units.day
        self.factor = self._day.factor if self._dates else MICROSECOND
        self._longest = self._check(term[1])

    def quantity(self, engine: DuckDB) -> Quantity:
        """The length of each row's whole interval, or of its part in the window; raises NeedsRows."""
        start, end = self._start, self._end
        length = f"({end.sql} - {start.sql})"
        if self._request.during is not None:
            if self._table.identity is None:
                raise NeedsRows
            name = engine.new_name("during")
            parts = self.parts(["NULL"])
            engine.run(f"CREATE TABLE {name} AS SELECT rid, sum(o) AS o FROM ({parts}) AS p GROUP BY rid")
            self._rows.add_join(f" LEFT JOIN {name} ON {name}.rid = {self._table.identity}")
            length = f"CASE WHEN {start.sql} IS NOT NULL THEN coalesce(CAST({name}.o AS BIGINT), 0) END"
        return Quantity(
            length, self.factor, self._day.unit if self._dates else SECOND, start.bound + end.bound
        )

    def parts(self, keys: list[str]) -> str:
        """SQL for the parts of the intervals by day: rid, d, before, g0, g1 …, o.

        `o` is the length of the part, in the window where one is asked for; `before` is the day of the
        row's part before, NULL for its first; `g0` and so on are the values of `keys`. `rid` tells the
        rows apart where the table does.
        """
        during = self._request.during
        calendars = self._rows.calendars
        window = WHOLE_DAYS
        if during is not None:
            calendars.window(0, during, span_of(self._request))
            window = during
        calendar = calendars.laid([window])
        laid = calendar.windows[0]
        first, last = self._days()
        named = "".join(f", {key} AS g{index}" for index, key in enumerate(keys))
        groups = "".join(f", g{index}" for index in range(len(keys)))
        base = (
            f"SELECT {self._table.identity or 'CAST(NULL AS BIGINT)'} AS rid, "
            f"{self._start.sql} AS s, {self._end.sql} AS e, {first} AS d0, {last} AS d1{named} "
            f"FROM {self._table.sql} AS t{self._rows.joined()} "
            f"WHERE {self._condition}{self._start.sql} IS NOT NULL"
        )
        length = " + ".join(_overlap(start, end) for start, end in laid.pairs) or "0"
        if self._dates:
            length = f"CASE WHEN w.{laid.whole} = 1 AND s < e THEN 1 ELSE 0 END"
        # A moment without length is a row of its day all the same, but no part of a window.
        kept = "o > 0" if during else "o > 0 OR s = e"
        short = (
            f"SELECT rid, d0 AS d, CAST(NULL AS BIGINT) AS before{groups}, s, e, {length} AS o "
            f"FROM ({base}) AS b JOIN {calendar.sql} AS w ON w.day = b.d0 WHERE d1 <= d0"
        )
        found = f"SELECT rid, d, before{groups}, o FROM ({short}) AS x WHERE {kept}"
        if self._longest == 0:
            return found
        begin = f"CASE WHEN d0 < {calendars.first} THEN {calendars.first} ELSE d0 END"
        steps = calendars.steps(min(self._longest, calendars.end - calendars.first))
        # Rows need telling apart only where a day may be left out between two parts.
        rid = "rid" if self._table.identity else "row_number() OVER (ORDER BY s, e)"
        spread = f"SELECT {rid} AS rid, s, e, {begin} AS d0, d1{groups} FROM ({base}) AS b WHERE d1 > d0"
        days = (
            f"SELECT rid, s, e, d0, d0 + n AS d{groups} FROM ({spread}) AS b "
            f"JOIN {steps} AS k ON k.n <= d1 - d0"
        )
        before = "CASE WHEN d > d0 THEN d - 1 END"
        if during:
            before = "lag(d) OVER (PARTITION BY rid ORDER BY d)"
        measured = (
            f"SELECT rid, d, d0, s, e{groups}, {length} AS o FROM ({days}) AS b "
            f"JOIN {calendar.sql} AS w ON w.day = b.d"
        )
        long = f"SELECT rid, d, {before} AS before{groups}, o FROM ({measured}) AS x WHERE {kept}"
        return f"{found} UNION ALL {long}"

    def _days(self) -> tuple[str, str]:
        """SQL for the first and the last day of an interval."""
        start, end = self._start, self._end
        if isinstance(start, DateOf) or isinstance(end, DateOf):
            # An interval of dates ends before its last one, so that one has no part.
            return start.sql, f"({end.sql} - 1)"
        return start.day, end.day

    def _check(self, end_of_term: int) -> int:
        """How many days more than one the longest interval has; raises ContractError where any is wrong."""
        start, end, table = self._start, self._end, self._table
        first, last = self._days()
        # Each half is asked by itself: a comparison with what is missing is neither true nor false.
        no_start, no_end = f"{start.sql} IS NULL", f"{end.sql} IS NULL"
        wrong = (
            f"({no_start} AND NOT {no_end} OR NOT {no_start} AND {no_end} "
            f"OR NOT {no_start} AND NOT {no_end} AND {end.sql} < {start.sql}) "
            f"AND t.{table.day} IS NOT NULL AND t.{table.day} < {end_of_term}"
        )
        chosen = f"FROM {table.sql} AS t{self._rows.joined()} WHERE {self._condition}"
        count, longest = table.engine.rows(
            f"SELECT count(CASE WHEN {wrong} THEN 1 END), "
            f"max(CASE WHEN {last} > {first} THEN {last} - {first} END) {chosen}1 = 1"
        )[0]
        if not count:
            return int(longest or 0)
        if table.identity is None:
            raise NeedsRows
        answer = table.engine.rows(
            f"SELECT {table.identity}, {no_start}, {no_end} {chosen}{wrong} "
            f"ORDER BY {table.identity} LIMIT {_SHOWN}"
        )
        found: list[Diagnostic] = []
        for row, lacks_start, lacks_end in answer:
            place = table.place(row)
            what = "has no start" if lacks_start else "has no end" if lacks_end else "ends before it starts"
            message = f'row {place.row} of "{table.name}" {what}'
            found.append(error("CL828", message, place, "correct the row, or leave it out with `where`"))
        if count > _SHOWN:
            message = f'more intervals of "{table.name}" are wrong in the same way'
            found.append(error("CL828", message, found[-1].span))
        raise ContractError(found)


def _overlap(start: str, end: str) -> str:
    """SQL for how much of the interval from s to e lies in a range of the calendar."""
    since = f"CASE WHEN s > w.{start} THEN s ELSE w.{start} END"
    until = f"CASE WHEN e < w.{end} THEN e ELSE w.{end} END"
    return f"CASE WHEN {until} > {since} THEN {until} - {since} ELSE 0 END"


def span_of(request: Aggregate) -> Span | None:
    """Where the contract asks for an aggregate, as near as its parts say."""
    for node in (request.value, request.where, request.to):
        if node is not None:
            return node.span
    return None
