"""Aggregates over the rows of tables: requests in, totals of each day out.

All additive aggregates of one table and one group column are computed in a single pass over its rows,
in the engine. Only a plain sum of an interval is cut at midnights; everywhere else a row is whole and
belongs to the day that its table places it on (language design, section 4, and rulings, "Figures").

Codes: CL846 an aggregate that no table answers; CL847 no date to go back to.
"""

# ruff: noqa: S608  Tables and columns are numbered by ourselves, texts quoted by `literal`.

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from contractlang import exact
from contractlang.diagnostics import ContractError, error
from contractlang.measuring.aggregate import Aggregate
from contractlang.measuring.clock import Clock, day_number, day_of_number
from contractlang.measuring.engine import HUGE_LIMIT, Engine
from contractlang.measuring.expressions import RowCompiler
from contractlang.measuring.intervals import Interval, span_of
from contractlang.measuring.quantities import refused, rounded, too_large
from contractlang.measuring.schema import Schema
from contractlang.measuring.slots import WindowTables
from contractlang.measuring.staging import StagedColumn, StagedTable
from contractlang.measuring.totals import CutSums, DailyExtremes, DailySums, Histogram, Key, Totals
from contractlang.syntax import tree
from contractlang.text import Span

_ADDED = ("count", "sum", "average")
_EXTREMES = ("min", "max", "latest")
_LISTED = ("percentile", "count_distinct")


DatedRow: TypeAlias = tuple[int, int, Key, int, int, Fraction]
"""A day, the date of a column, a group, an integer, the rows counted, and what one integer is worth."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request compiled: its value and its condition on a row, in SQL."""

    request: Aggregate
    value: str | None
    factor: Fraction
    condition: str


class Aggregating:
    """Computes the requests of one usage; knows its engine, clock and windows."""

    def __init__(self, engine: Engine, schema: Schema, clock: Clock, windows: WindowTables) -> None:
        self.engine = engine
        self.schema = schema
        self.clock = clock
        self.windows = windows
        self._term = day_number(schema.term.start), day_number(schema.term.end)

    def compute(
        self, table: StagedTable, by: str | None, requests: Sequence[Aggregate]
    ) -> dict[Aggregate, Totals | ContractError]:
        """The totals of requests over one table and one group column; what is wrong, where it is wrong."""
        found: dict[Aggregate, Totals | ContractError] = {}
        rows = self._compiler(table)
        batch: list[_Asked] = []
        for request in requests:
            try:
                if request.is_cut:
                    found[request] = self._cut(table, request)
                elif request.function in _LISTED:
                    found[request] = self._histogram(table, request)
                else:
                    batch.append(self._asked(rows, table, request))
            except ContractError as fault:
                found[request] = fault
        if batch:
            found.update(self._pass(rows, table, by, batch))
        return found

    def by_date(
        self, table: StagedTable, request: Aggregate, column: str, group: str | None
    ) -> list[DatedRow]:
        """A count or a sum by day, date of `column` and group; each with its rows and its factor."""
        if request.function not in ("count", "sum"):
            raise refused("CL846", "only a count or a sum can be taken back by its date", span_of(request))
        rows = self._compiler(table)
        asked = self._asked(rows, table, request)
        date = self._date(rows.column(column, span_of(request)), span_of(request))
        key = _key(rows.column(group, span_of(request))) if group else "NULL"
        counted = "count(*)" if asked.value is None else f"count({asked.value})"
        value = counted if request.function == "count" else f"sum({asked.value})"
        present = "" if asked.value is None else f" AND ({asked.value}) IS NOT NULL"
        answer = self.engine.rows(
            f"SELECT t.{table.day} AS day, {date} AS of_date, {key} AS g, {value}, {counted}, min(t.rowid) "
            f"FROM {table.sql} AS t{rows.joined()} "
            f"WHERE {self._inside(table)} AND ({asked.condition}){present} GROUP BY ALL"
        )
        lacking = [row for *_, row in (one for one in answer if one[1] is None)]
        if lacking:
            message = (
                f'row {table.place(lacking[0]).row} has no "{column}", so nothing says what it gives back'
            )
            raise ContractError([error("CL847", message, table.place(lacking[0], column))])
        factor = Fraction(1) if request.function == "count" else asked.factor
        return [(day, of, group_key, int(v or 0), n, factor) for day, of, group_key, v, n, _ in answer]

    def placed(self, table: StagedTable, by: str | None) -> DailySums:
        """How many rows each day and group has."""
        key = _key(self._compiler(table).column(by, None)) if by else "NULL"
        answer = self.engine.rows(
            f"SELECT t.{table.day} AS day, {key} AS g, count(*) FROM {table.sql} AS t "
            f"WHERE {self._inside(table)} GROUP BY ALL"
        )
        return DailySums("count", Fraction(1), ((day, group, 0, count) for day, group, count in answer))

    def keys(self, table: StagedTable, by: str, span: Span | None) -> list[tuple[int, Key]]:
        """Each day and each value of a column that it has."""
        key = _key(self._compiler(table).column(by, span))
        return [
            (day, group)
            for day, group in self.engine.rows(
                f"SELECT DISTINCT t.{table.day} AS day, {key} AS g FROM {table.sql} AS t "
                f"WHERE {self._inside(table)}"
            )
        ]

    # ---- whole rows

    def _compiler(self, table: StagedTable) -> RowCompiler:
        return RowCompiler(table, self.schema.units, self.schema.currency, self.clock, self.windows)

    def _inside(self, table: StagedTable) -> str:
        return f"t.{table.day} >= {self._term[0]} AND t.{table.day} < {self._term[1]}"

    def _asked(self, rows: RowCompiler, table: StagedTable, request: Aggregate) -> _Asked:
        condition = "true" if request.where is None else rows.condition(request.where)
        if request.function not in (*_ADDED, *_EXTREMES, *_LISTED):
            raise refused("CL846", f'"{request.function}" is not asked of rows', span_of(request))
        if request.value is None:
            if request.function != "count":
                message = f'"{request.function}" needs a column'
                raise refused("CL846", message, span_of(request), f"write {request.function}({table.name}.…)")
            return _Asked(request, None, Fraction(1), condition)
        if request.to is not None:
            quantity = Interval(self.engine, rows, request, self._term).quantity()
        elif request.function in ("count", "count_distinct"):
            return _Asked(request, rows.value(request.value).sql, Fraction(1), condition)
        else:
            quantity = rows.quantity(request.value)
        if request.each is not None:
            quantity = rounded(quantity, self._step(request.each), request.each.mode)
        if quantity.bound * max(1, table.rows) >= HUGE_LIMIT:
            raise too_large(span_of(request))
        return _Asked(request, quantity.sql, quantity.factor, condition)

    def _pass(
        self, rows: RowCompiler, table: StagedTable, by: str | None, batch: Sequence[_Asked]
    ) -> dict[Aggregate, Totals]:
        key = _key(rows.column(by, span_of(batch[0].request))) if by else "NULL"
        selected = "".join(f", {self._selected(table, one)}" for one in batch)
        answer = self.engine.rows(
            f"SELECT t.{table.day} AS day, {key} AS g{selected} FROM {table.sql} AS t{rows.joined()} "
            f"WHERE {self._inside(table)} GROUP BY ALL"
        )
        found: dict[Aggregate, Totals] = {}
        for index, one in enumerate(batch):
            at = 2 + 2 * index
            function = one.request.function
            if function in _ADDED:
                found[one.request] = DailySums(
                    function, one.factor, ((row[0], row[1], _whole(row[at]), row[at + 1]) for row in answer)
                )
                continue
            found[one.request] = DailyExtremes(
                one.factor,
                min if function == "min" else max,
                ((row[0], row[1], _entry(row[at]), row[at + 1]) for row in answer),
            )
        return found

    def _selected(self, table: StagedTable, asked: _Asked) -> str:
        """SQL for the value and the rows of one request."""
        chosen = "" if asked.condition == "true" else f" FILTER (WHERE {asked.condition})"
        if asked.value is None:
            return f"NULL, count(*){chosen}"
        counted = f"count({asked.value}){chosen}"
        function = asked.request.function
        if function == "count":
            return f"NULL, {counted}"
        if function in ("sum", "average"):
            return f"sum({asked.value}){chosen}, {counted}"
        if function == "latest":
            known = f"({asked.condition}) AND {asked.value} IS NOT NULL"
            pair = f"struct_pack(p := t.{table.placing.sql}, v := {asked.value})"
            return f"max({pair}) FILTER (WHERE {known}), {counted}"
        return f"{function}({asked.value}){chosen}, {counted}"

    def _histogram(self, table: StagedTable, request: Aggregate) -> Histogram:
        rows = self._compiler(table)
        asked = self._asked(rows, table, request)
        key = _key(rows.column(request.by, span_of(request))) if request.by else "NULL"
        name = self.engine.name("values")
        self.engine.run(
            f"CREATE TABLE {name} AS SELECT t.{table.day} AS day, {key} AS g, {asked.value} AS v, "
            f"count(*) AS n FROM {table.sql} AS t{rows.joined()} "
            f"WHERE {self._inside(table)} AND ({asked.condition}) AND ({asked.value}) IS NOT NULL "
            f"GROUP BY ALL"
        )
        percent = None
        if request.function == "percentile":
            percent = Fraction(50) if request.percent is None else request.percent
        return Histogram(self.engine, name, asked.factor, percent)

    def _step(self, rounding: tree.Rounding) -> Fraction:
        value = exact.number(rounding.step.value)
        if isinstance(rounding.step, tree.Percent):
            return value / 100
        scale = self.schema.units.scale(rounding.step.unit.text) if rounding.step.unit else None
        return value * scale.factor if scale else value

    def _cut(self, table: StagedTable, request: Aggregate) -> CutSums:
        rows = self._compiler(table)
        key = _key(rows.column(request.by, span_of(request))) if request.by else "NULL"
        interval = Interval(self.engine, rows, request, self._term)
        answer = self.engine.rows(
            f"SELECT d, before, g, sum(o), count(*) FROM ({interval.parts(key)}) "
            f"WHERE d >= {self._term[0]} AND d < {self._term[1]} GROUP BY ALL"
        )
        return CutSums(interval.factor, ((d, before, g, int(o or 0), n) for d, before, g, o, n in answer))

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


def _key(column: StagedColumn) -> str:
    """SQL for a group column; a timestamp is grouped by its day."""
    return f"t.{column.day or column.sql}"


def _whole(value: object) -> int | None:
    return None if value is None else int(value)  # type: ignore[call-overload]


def _entry(value: object) -> tuple[int, ...] | None:
    """A least or greatest value, or the pair of a latest one: its place in time, its value."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return int(value["p"]), int(value["v"])
    return (int(value),)  # type: ignore[call-overload]


def grouped(requests: Iterable[Aggregate]) -> dict[tuple[str, str | None], list[Aggregate]]:
    """Requests by the table and the group column that they share a pass for."""
    found: dict[tuple[str, str | None], list[Aggregate]] = {}
    for request in requests:
        found.setdefault((request.table, request.by), []).append(request)
    return found
