"""Aggregates over the rows of tables: requests in, totals of each day out.

All that adds up over one table, for all measures, groups and periods, is counted in a single pass over its
rows, in the engine that has them; what comes back is one row for each day and combination of groups. Only
a plain sum of an interval is cut at midnights; everywhere else a row is whole and belongs to the day that
its table places it on (language design, section 4, and rulings, "Figures").

Codes: CL846 an aggregate that no table answers; CL847 no date to go back to.
"""

# ruff: noqa: S608  Tables and columns are numbered by ourselves, texts quoted by `literal`.

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from contractlang import exact
from contractlang.diagnostics import ContractError, error
from contractlang.engines.duckdb import DuckDB
from contractlang.engines.engine import HUGE_LIMIT
from contractlang.frozen import dataclass, replace
from contractlang.measuring.aggregate import Aggregate
from contractlang.measuring.clock import Clock, day_number, day_of_number
from contractlang.measuring.expressions import RowCompiler
from contractlang.measuring.intervals import Interval, span_of
from contractlang.measuring.keeping import WHOLE, kept, type_of_key
from contractlang.measuring.quantities import Condition, TextOf, refused, rounded, too_large
from contractlang.measuring.schema import Schema
from contractlang.measuring.slots import Calendars
from contractlang.measuring.staging import NeedsRows, StagedColumn, StagedTable
from contractlang.measuring.totals import (
    CutSums,
    DailyExtremes,
    DailySums,
    DistinctCounts,
    Histogram,
    Key,
    Totals,
)
from contractlang.syntax import tree
from contractlang.text import Span

_ADDED = ("count", "sum", "average")
_EXTREMES = ("min", "max")
_LISTED = ("percentile", "count_distinct")
_FUNCTIONS = frozenset((*_ADDED, *_EXTREMES, *_LISTED, "latest"))
_SIGNED_64_BITS = 2**63

DatedRow: TypeAlias = tuple[int, int, Key, int, int, Fraction]
"""A day, the date of a column, a group, an integer, the rows counted, and what one integer is worth."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request compiled: its value and its condition on a row, in SQL; `condition` is empty for all rows."""

    request: Aggregate
    value: str | None
    factor: Fraction
    condition: str
    bound: int = 0
    type: str = WHOLE


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass over a table counted: `table` has day, g0 …, n, and v and n of each request by number.

    With `borders` the day is the first of a part of the term, and only spans of whole parts can be told.
    """

    table: str
    by: tuple[str, ...]
    numbers: dict[Aggregate, tuple[int, Fraction]]
    borders: tuple[int, ...] | None

    def tells(self, by: str | None, start: int, end: int) -> bool:
        """Whether the pass tells the values of a column apart, and spans from `start` to before `end`."""
        return (by is None or by in self.by) and (self.borders is None or are_whole(self.borders, start, end))


class CountedDays:
    """What a pass counted by day and group.

    `rows` hold a day, a group and a number of rows, then what was asked, each request from its place on.
    """

    def __init__(
        self, rows: Sequence[tuple[Any, ...]], places: Mapping[Aggregate, tuple[int, Fraction]]
    ) -> None:
        self._rows = rows
        self._places = places

    def placed(self) -> DailySums:
        """How many rows each day and group has."""
        days = ((int(row[0]), _group(row[1]), None, int(row[2])) for row in self._rows)
        return DailySums("count", Fraction(1), days)

    def totals(self, request: Aggregate) -> Totals:
        """The days of one request."""
        at, factor = self._places[request]
        if request.function == "count":
            counts = ((int(row[0]), _group(row[1]), None, int(row[at])) for row in self._rows)
            return DailySums("count", factor, counts)
        entries = ((int(row[0]), _group(row[1]), _whole(row[at + 1]), int(row[at])) for row in self._rows)
        if request.function in _ADDED:
            return DailySums(request.function, factor, entries)
        better = min if request.function == "min" else max
        extremes = ((day, key, None if v is None else (v,), n) for day, key, v, n in entries)
        return DailyExtremes(factor, better, extremes)


class Aggregating:
    """Computes the requests of one table; knows its clock and its calendars.

    `local` is the engine where counts are kept and added up, `borders` the days where histograms may be cut.
    """

    def __init__(
        self, local: DuckDB, schema: Schema, clock: Clock, calendars: Calendars, table: StagedTable
    ) -> None:
        self.local = local
        self.schema = schema
        self.clock = clock
        self.calendars = calendars
        self.table = table
        self.term = day_number(schema.term.start), day_number(schema.term.end)
        self.borders = tuple(_months(schema))

    def cut_at(self, borders: Iterable[int]) -> None:
        """Add days at which spans that are asked for begin; histograms made before keep their own."""
        first, last = self.term
        self.borders = tuple(sorted({*self.borders, *(one for one in borders if first < one < last)}))

    def column(self, name: str, span: Span | None) -> StagedColumn:
        """A column of the table; raises ContractError, CL826, where it has none of that name."""
        return self._compiler().column(name, span)

    # ---- one pass

    def counted(
        self, requests: Sequence[Aggregate], by: Sequence[str], borders: tuple[int, ...] | None
    ) -> tuple[Pass, dict[Aggregate, ContractError]]:
        """Count all requests that add up, by part or day and by columns; what is wrong, by request.

        Raises NeedsRows where the table is a view and a request needs its rows one by one.
        """
        rows = self._compiler(placed=True)
        asked: list[_Asked] = []
        wrong: dict[Aggregate, ContractError] = {}
        for request in requests:
            try:
                asked.append(self._asked(rows, request))
            except ContractError as fault:
                wrong[request] = fault
        columns = [rows.column(name, None) for name in by]
        keys = [_key(column) for column in columns]
        names = [("day", WHOLE), *((f"g{index}", type_of_key(one)) for index, one in enumerate(columns))]
        day = rows.part(borders)
        selected = [f"{day} AS day", *(f"{key} AS g{index}" for index, key in enumerate(keys))]
        selected.append("count(*) AS n")
        names.append(("n", WHOLE))
        numbers: dict[Aggregate, tuple[int, Fraction]] = {}
        for index, one in enumerate(asked):
            value, count = self._selected(one)
            selected.append(f"{count} AS n{index}")
            names.append((f"n{index}", WHOLE))
            if value is not None:
                selected.append(f"{value} AS v{index}")
                names.append((f"v{index}", WHOLE))
            numbers[one.request] = index, one.factor
        sql = (
            f"SELECT {', '.join(selected)} FROM {self.table.sql} AS t{rows.joined(borders)} "
            f"WHERE {rows.inside(self.term)} GROUP BY {', '.join([day, *keys])}"
        )
        self._portable(sql)
        return Pass(kept(self.local, self.table.engine, names, sql), tuple(by), numbers, borders), wrong

    def by_day(self, counted: Pass, by: str | None) -> CountedDays:
        """What a pass counted, by day and by one column or by none."""
        group, keys = ("NULL", "day")
        if by is not None:
            group = f"g{counted.by.index(by)}"
            keys = f"day, {group}"
        selected = ["day", f"{group} AS g", "sum(n)"]
        places: dict[Aggregate, tuple[int, Fraction]] = {}
        for request, (index, factor) in counted.numbers.items():
            places[request] = len(selected), factor
            selected.append(f"sum(n{index})")
            if request.function in _EXTREMES:
                selected.append(f"{request.function}(v{index})")
            elif request.function != "count":
                selected.append(f"sum(v{index})")
        rows = self.local.rows(f"SELECT {', '.join(selected)} FROM {counted.table} GROUP BY {keys}")
        return CountedDays(rows, places)

    def _selected(self, asked: _Asked) -> tuple[str | None, str]:
        """SQL for the value of a request, and for the rows that it counts."""
        function = asked.request.function
        if asked.value is None:
            return None, f"count(CASE WHEN {asked.condition} THEN 1 END)" if asked.condition else "count(*)"
        value = f"CASE WHEN {asked.condition} THEN {asked.value} END" if asked.condition else asked.value
        if function == "count":
            return None, f"count({value})"
        if function in _EXTREMES:
            return f"{function}({value})", f"count({value})"
        if asked.bound * max(1, self.table.rows) >= _SIGNED_64_BITS:
            # Some engines let a sum of 64 bits run over and say nothing.
            return f"sum(CAST({value} AS DECIMAL(38, 0)))", f"count({value})"
        return f"sum({value})", f"count({value})"

    # ---- what has a query of its own

    def alone(self, request: Aggregate) -> Totals:
        """The totals of a request that does not add up from day to day; raises ContractError, NeedsRows."""
        if request.is_cut:
            return self._cut(request)
        if request.function == "latest":
            return self._latest(request)
        return self._histogram(request)

    def by_date(self, request: Aggregate, column: str, group: str | None) -> list[DatedRow]:
        """A count or a sum by day, date of `column` and group; each with its rows and its factor."""
        if request.function not in ("count", "sum"):
            raise refused("CL846", "only a count or a sum can be taken back by its date", span_of(request))
        rows = self._compiler()
        asked = self._asked(rows, request)
        date = self._date(rows.column(column, span_of(request)), span_of(request))
        keyed = rows.column(group, span_of(request)) if group else None
        key = _key(keyed) if keyed else None
        value, count = self._selected(asked)
        identity = self.table.identity
        present = "" if asked.value is None else f" AND ({asked.value}) IS NOT NULL"
        chosen = f" AND ({asked.condition})" if asked.condition else ""
        grouped = "".join(f", {one}" for one in (date, key) if one)
        sql = (
            f"SELECT t.{self.table.day} AS day, {date} AS dated, {key or 'NULL'} AS g, "
            f"{value or count} AS v, {count} AS n, {f'min({identity})' if identity else 'NULL'} AS r "
            f"FROM {self.table.sql} AS t{rows.joined()} WHERE {self._inside()}{chosen}{present} "
            f"GROUP BY t.{self.table.day}{grouped}"
        )
        self._portable(sql)
        answer = self.table.engine.rows(sql)
        lacking = [row for *_, row in (one for one in answer if one[1] is None)]
        if lacking:
            if identity is None:
                raise NeedsRows
            place = self.table.place(lacking[0], column)
            message = f'row {place.row} has no "{column}", so nothing says what it gives back'
            raise ContractError([error("CL847", message, place)])
        factor = Fraction(1) if request.function == "count" else asked.factor
        return [
            (int(day), int(of), _value_of(keyed, found), int(v or 0), int(n), factor)
            for day, of, found, v, n, _ in answer
        ]

    def _latest(self, request: Aggregate) -> DailyExtremes:
        rows = self._compiler()
        asked = self._asked(rows, request)
        keyed = rows.column(request.by, span_of(request)) if request.by else None
        key = _key(keyed) if keyed else "NULL"
        chosen = f" AND ({asked.condition})" if asked.condition else ""
        each = (
            f"SELECT t.{self.table.day} AS day, {key} AS g, t.{self.table.placing.sql} AS p, "
            f"{asked.value} AS v FROM {self.table.sql} AS t{rows.joined()} "
            f"WHERE {self._inside()}{chosen} AND ({asked.value}) IS NOT NULL"
        )
        one_a_group = "PARTITION BY day, g" if keyed else "PARTITION BY day"
        ranked = (
            f"SELECT day, g, p, v, row_number() OVER ({one_a_group} ORDER BY p DESC, v DESC) AS place, "
            f"count(*) OVER ({one_a_group}) AS n FROM ({each}) AS e"
        )
        sql = f"SELECT day, g, p, v, n FROM ({ranked}) AS r WHERE place = 1"
        self._portable(sql)
        answer = self.table.engine.rows(sql)
        return DailyExtremes(
            asked.factor,
            max,
            ((int(day), _value_of(keyed, g), (int(p), int(v)), int(n)) for day, g, p, v, n in answer),
        )

    def _histogram(self, request: Aggregate) -> Totals:
        rows = self._compiler(placed=True)
        asked = self._asked(rows, request)
        keyed = rows.column(request.by, span_of(request)) if request.by else None
        chosen = f" AND ({asked.condition})" if asked.condition else ""
        # A text read as a value is kept as a text.
        columns = [
            ("part", WHOLE), *([("g", type_of_key(keyed))] if keyed else []), ("v", asked.type), ("n", WHOLE),
        ]  # fmt: skip

        def values(borders: tuple[int, ...] | None) -> str:
            keys = [rows.part(borders), *([_key(keyed)] if keyed else []), str(asked.value)]
            named = [f"{key} AS {name}" for key, (name, _) in zip(keys, columns, strict=False)]
            sql = (
                f"SELECT {', '.join(named)}, count(*) AS n FROM {self.table.sql} AS t{rows.joined(borders)} "
                f"WHERE {rows.inside(self.term)}{chosen} AND ({asked.value}) IS NOT NULL "
                f"GROUP BY {', '.join(keys)}"
            )
            return kept(self.local, self.table.engine, columns, sql)

        def distinct(borders: tuple[int, ...]) -> Iterator[tuple[int, Key, int, int]]:
            # Values told apart by a group of their own are counted faster than by COUNT(DISTINCT …).
            keys = [rows.part(borders), *([_key(keyed)] if keyed else []), str(asked.value)]
            each = (
                f"SELECT {keys[0]} AS part, {_key(keyed) if keyed else 'NULL'} AS g, {asked.value} AS v, "
                f"count({asked.value}) AS n FROM {self.table.sql} AS t{rows.joined(borders)} "
                f"WHERE {rows.inside(self.term)}{chosen} GROUP BY {', '.join(keys)}"
            )
            answer = self.table.engine.rows(
                f"SELECT part, g, count(v) AS d, sum(n) AS n FROM ({each}) AS e GROUP BY part, g"
            )
            return ((int(place), _value_of(keyed, g), int(d), int(n)) for place, g, d, n in answer)

        self._portable(str(asked.value) + asked.condition)
        if request.function == "count_distinct":
            histogram = Histogram(self.local, self.borders, values, asked.factor, None)
            return DistinctCounts(self.borders, distinct, histogram, keyed is not None)
        percent = Fraction(50) if request.percent is None else request.percent
        return Histogram(self.local, self.borders, values, asked.factor, percent)

    def _cut(self, request: Aggregate) -> CutSums:
        rows = self._compiler()
        keyed = rows.column(request.by, span_of(request)) if request.by else None
        interval = Interval(rows, request, self.term)
        parts = interval.parts([_key(keyed)] if keyed else [])
        group = "g0" if keyed else "NULL"
        self._portable(parts)
        answer = self.table.engine.rows(
            f"SELECT d, before, {group} AS g, sum(o) AS o, count(*) AS n FROM ({parts}) AS p "
            f"WHERE d >= {self.term[0]} AND d < {self.term[1]} GROUP BY d, before{', g0' if keyed else ''}"
        )
        return CutSums(
            interval.factor,
            (
                (int(d), _whole(before), _value_of(keyed, g), int(o or 0), int(n))
                for d, before, g, o, n in answer
            ),
        )

    # ---- the rows behind a request

    def conditions(self, request: Aggregate, start: int, end: int) -> tuple[str, list[str]]:
        """What follows the table in FROM, and the conditions on its rows that a request counts in some days.

        Raises ContractError as counting does, and NeedsRows where rows must be told apart.
        """
        rows = self._compiler()
        start, end = max(start, self.term[0]), min(end, self.term[1])
        if request.is_cut:
            if self.table.identity is None:
                raise NeedsRows
            parts = Interval(rows, request, self.term).parts([])
            reached = f"SELECT rid FROM ({parts}) AS p WHERE d >= {start} AND d < {end}"
            return rows.joined(), [f"{self.table.identity} IN ({reached})"]
        asked = self._asked(rows, request)
        found = [f"t.{self.table.day} >= {start} AND t.{self.table.day} < {end}"]
        found += [f"({asked.condition})"] if asked.condition else []
        found += [f"({asked.value}) IS NOT NULL"] if asked.value is not None else []
        return rows.joined(), found

    def held(self, requests: Sequence[Aggregate]) -> tuple[str, list[str]]:
        """What follows the table in FROM, and for each request whether it counts a row, in SQL.

        A request that is wrong in itself counts none; it is said where it is asked.
        """
        rows = self._compiler()
        found = []
        for request in dict.fromkeys(replace(one, by=None, each=None) for one in requests):
            try:
                condition = "" if request.where is None else f"({rows.condition(request.where)})"
                values = [one for one in (request.value, request.to) if one is not None]
                known = [f"({rows.value(one).sql}) IS NOT NULL" for one in values]
            except ContractError:
                continue
            found.append(" AND ".join([*([condition] if condition else []), *known]) or "1 = 1")
        return rows.joined(), list(dict.fromkeys(found))

    # ---- requests as SQL

    def _compiler(self, placed: bool = False) -> RowCompiler:
        units, currency = self.schema.units, self.schema.currency
        return RowCompiler(self.table, units, currency, self.clock, self.calendars, placed=placed)

    def _inside(self) -> str:
        return f"t.{self.table.day} >= {self.term[0]} AND t.{self.table.day} < {self.term[1]}"

    def _portable(self, sql: str) -> None:
        """Leave to the engine at hand what needs more than 64 bits in each row; raises NeedsRows."""
        if self.table.identity is None and "HUGEINT" in sql:
            raise NeedsRows

    def _asked(self, rows: RowCompiler, request: Aggregate) -> _Asked:
        condition = "" if request.where is None else rows.condition(request.where)
        if request.function not in _FUNCTIONS:
            raise refused("CL846", f'"{request.function}" is not asked of rows', span_of(request))
        if request.value is None:
            if request.function != "count":
                message = f'"{request.function}" needs a column'
                cure = f"write {request.function}({self.table.name}.…)"
                raise refused("CL846", message, span_of(request), cure)
            return _Asked(request, None, Fraction(1), condition)
        if request.to is not None:
            quantity = Interval(rows, request, self.term).quantity(self.local)
        elif request.function in ("count", "count_distinct"):
            value = rows.value(request.value)
            type_ = "VARCHAR" if isinstance(value, TextOf) else WHOLE
            if isinstance(value, Condition):
                type_ = "BOOLEAN"
            return _Asked(request, value.sql, Fraction(1), condition, type=type_)
        else:
            quantity = rows.quantity(request.value)
        if request.each is not None:
            quantity = rounded(quantity, self._step(request.each), request.each.mode)
        if quantity.bound * max(1, self.table.rows) >= HUGE_LIMIT:
            raise too_large(span_of(request))
        return _Asked(request, quantity.sql, quantity.factor, condition, quantity.bound)

    def _step(self, rounding: tree.Rounding) -> Fraction:
        value = exact.number(rounding.step.value)
        if isinstance(rounding.step, tree.Percent):
            return value / 100
        scale = self.schema.units.scale(rounding.step.unit.text) if rounding.step.unit else None
        return value * scale.factor if scale else value

    def _date(self, column: StagedColumn, span: Span | None) -> str:
        if column.type == "timestamp":
            return f"t.{column.day}"
        if column.type != "date":
            raise refused("CL847", f'"{column.name}" is not a date', span)
        return f"t.{column.sql}"


def group_text(column: StagedColumn, key: Key) -> str | None:
    """The value of a group column as a contract writes it, None where it is empty."""
    if key is None:
        return None
    if isinstance(key, bool):
        return "yes" if key else "no"
    if isinstance(key, str):
        return key
    if column.type in ("date", "timestamp"):
        return day_of_number(key).isoformat()
    return exact.plain(key * column.factor)


def are_whole(borders: tuple[int, ...], start: int, end: int) -> bool:
    """Whether a span begins and ends at borders, as far as it lies in the term that they span."""
    start, end = max(start, borders[0]), min(end, borders[-1])
    return start >= end or (start in borders and end in borders)


def adds_up(request: Aggregate) -> bool:
    """Whether days of a request add up, so that one pass counts it with all others."""
    return request.function not in (*_LISTED, "latest") and not request.is_cut


def _key(column: StagedColumn) -> str:
    """SQL for a group column; a timestamp is grouped by its day."""
    return f"t.{column.day or column.sql}"


def _whole(value: object) -> int | None:
    return None if value is None else int(value)  # type: ignore[call-overload]


def _group(key: Key) -> Key:
    return key if key is None or isinstance(key, str | bool) else int(key)


def _value_of(column: StagedColumn | None, key: Key) -> Key:
    """A group as the engine gave it; some know no booleans, and some no plain integers."""
    if column is None or key is None:
        return None
    if column.type == "boolean":
        return bool(key)
    return str(key) if column.type == "text" else int(key)


def _months(schema: Schema) -> Iterable[int]:
    """The first day of each month of the term, the first day of the term and the day after its last."""
    first, last = schema.term.start, schema.term.end
    yield day_number(first)
    day = first.replace(day=1)
    while True:
        day = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
        if day >= last:
            break
        yield day_number(day)
    yield day_number(last)
