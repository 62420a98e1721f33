"""The rows of a usage: what is asked of them, each thing once.

In: the source of each table, and requests. Out: totals, by table, group and day. This module and those it
imports are loaded only where a usage gives rows, because a contract on supplied figures needs no engine.

Codes: CL845 no rows are given for a table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from contractlang.calendar import Days
from contractlang.diagnostics import ContractError, Diagnostic
from contractlang.measuring.aggregate import ALL, Aggregate, AllRows, Measured
from contractlang.measuring.aggregating import (
    Aggregating,
    CountedDays,
    DatedRow,
    Pass,
    adds_up,
    are_whole,
    group_text,
)
from contractlang.measuring.clock import day_number, day_of_number
from contractlang.measuring.files import Input
from contractlang.measuring.intervals import span_of
from contractlang.measuring.opening import OpenSources, RowSource, in_words
from contractlang.measuring.quantities import refused
from contractlang.measuring.schema import Schema
from contractlang.measuring.slots import Calendars
from contractlang.measuring.staging import NeedsRows, StagedTable
from contractlang.measuring.totals import DailySums, Key, Totals
from contractlang.syntax import tree
from contractlang.text import Span
from contractlang.units import UnitTable
from contractlang.windows import Occurrence, WindowCalendar

if TYPE_CHECKING:
    from contractlang.measuring.facts import Asked, TableFacts
    from contractlang.measuring.listing import Rows

_ALWAYS = Days(date.min, date.max)
_AT_ONCE = 3
"""How many group columns are counted in one pass: their combinations multiply."""


@dataclass(slots=True)
class _Counting:
    """One staged table and what was counted over it."""

    source: RowSource
    table: StagedTable
    aggregating: Aggregating
    passes: list[Pass] = field(default_factory=list)
    days: dict[tuple[str, str | None], CountedDays] = field(default_factory=dict)
    wrong: dict[Aggregate, ContractError] = field(default_factory=dict)
    totals: dict[tuple[str, Aggregate, str | None], Totals | ContractError] = field(default_factory=dict)
    placed: dict[tuple[str, str | None], DailySums] = field(default_factory=dict)
    keys: dict[str, dict[str | None, Key]] = field(default_factory=dict)

    def not_counted(
        self, requests: Sequence[Aggregate], columns: Sequence[str]
    ) -> tuple[list[Aggregate], list[str]]:
        """The requests and columns that no pass tells yet, over the parts between the borders of now."""
        borders = set(self.aggregating.borders)
        known = [one for one in self.passes if one.borders is None or borders.issubset(one.borders)]
        sound = [one for one in requests if one not in self.wrong]
        new = [one for one in columns if not all(_tells(known, asked, one) for asked in sound)]
        return (sound if new else [one for one in sound if not _tells(known, one, None)]), new


def _tells(passes: Sequence[Pass], request: Aggregate, by: str | None) -> bool:
    return any(request in one.numbers and (by is None or by in one.by) for one in passes)


class UsageRows:
    """The tables of a usage. Each request is computed once, with all others that share its pass."""

    def __init__(
        self,
        schema: Schema,
        sources: Sequence[RowSource],
        folders: Sequence[Path],
        supplied: Mapping[str, tuple[Occurrence, ...]],
    ) -> None:
        """Stage all tables, of files below `folders`; raises ContractError with what is wrong in any."""
        self._counting: dict[str, _Counting] = {}
        self._dated: dict[tuple[Aggregate, str, str | None], list[DatedRow]] = {}
        self._found_totals: dict[tuple[Aggregate, int, int], Totals | ContractError] = {}
        self._borders: set[int] = set()
        self._expected: list[Aggregate] = []
        calendar = WindowCalendar(schema.windows, schema.timezone, supplied)
        self._opened = OpenSources(schema, sources, folders, calendar)
        wrong: list[Diagnostic] = []
        for one in sources:
            try:
                with in_words(one):
                    table = self._opened.staged(one)
                    self._counting[one.table] = self._new_counting(one, table)
            except ContractError as fault:
                wrong.extend(fault.diagnostics)
        if wrong:
            self.close()
            raise ContractError(wrong)

    @property
    def tables(self) -> Mapping[str, StagedTable]:
        """The staged tables, by name."""
        return {name: one.table for name, one in self._counting.items()}

    def warnings(self, term: Days) -> tuple[Diagnostic, ...]:
        """What is legal and surprising in the rows, to a contract of a term."""
        found: list[Diagnostic] = []
        for name, counting in self._counting.items():
            view, outside = self._opened.views.get(name), 0
            if view is None:
                outside = _outside(counting.table, term)
            elif view.may_reach_out(term):
                # The pass that counts leaves out the rows outside the term, and so tells how many there are.
                outside = view.dated - self.count(name, term)
            surprises = self._opened.surprises[name] if view is None else view.surprises
            found += surprises.warnings(term, outside)
        return tuple(dict.fromkeys(found))

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What was read, by content; raises ContractError, CL849, where a file changed meanwhile."""
        return self._opened.inputs(self.tables)

    def close(self) -> None:
        """Let go of all engines."""
        self._opened.close()

    # ---- counting

    def _new_counting(self, source: RowSource, table: StagedTable) -> _Counting:
        schema, calendar = self._opened.schema, self._opened.calendar
        calendars = Calendars(table.engine, table.sql, calendar, schema.term, table.first_day, table.last_day)
        aggregating = Aggregating(self._opened.local, schema, table.clock, calendars, table)
        aggregating.cut_at(self._borders)
        return _Counting(source, table, aggregating)

    def _at_hand(self, counting: _Counting) -> None:
        """Bring the rows of a view to the engine at hand, because only they can tell what is asked."""
        table = self._opened.brought(counting.source, counting.table)
        counting.table, counting.aggregating = table, self._new_counting(counting.source, table).aggregating

    def expect(self, requests: Iterable[Aggregate], borders: Iterable[date] = ()) -> None:
        """Have requests counted with those of the first `prepare`, in the same pass."""
        self._expected += requests
        self._borders.update(day_number(one) for one in borders)

    def learn(
        self,
        units: UnitTable,
        windows: Mapping[str, tree.Window],
        supplied: Mapping[str, tuple[Occurrence, ...]],
    ) -> None:
        """Know the words of another contract too: all `units` of both, and its windows."""
        schema = self._opened.schema
        self._opened.schema = replace(schema, units=units, windows={**schema.windows, **windows})
        self._opened.calendar.learn(windows, supplied)
        for counting in self._counting.values():
            counting.aggregating.schema = self._opened.schema

    def prepare(self, requests: Iterable[Aggregate], borders: Iterable[date] = ()) -> None:
        """Count requests together, in one pass over each table; what is wrong is said when it is asked.

        `by` of the requests are the columns that may be asked for by value; `borders` are days at which
        periods and their parts begin, beside the months.
        """
        self._borders.update(day_number(one) for one in borders)
        asked: dict[str, list[Aggregate]] = {}
        for request in (*self._expected, *requests):
            asked.setdefault(request.table, []).append(request)
        self._expected.clear()
        for name, batch in asked.items():
            counting = self._counting.get(name)
            if counting is None:
                continue
            counting.aggregating.cut_at(self._borders)
            columns = [one for one in dict.fromkeys(request.by for request in batch) if one is not None]
            additive = list(dict.fromkeys(replace(one, by=None) for one in batch if adds_up(one)))
            additive, columns = counting.not_counted(additive, columns)
            if additive:
                for first in range(0, max(1, len(columns)), _AT_ONCE):
                    some = columns[first : first + _AT_ONCE]
                    self._count(counting, additive, some, counting.aggregating.borders)

    def _count(
        self,
        counting: _Counting,
        requests: Sequence[Aggregate],
        by: Sequence[str],
        borders: tuple[int, ...] | None,
    ) -> Pass:
        """One pass over a table: by the parts between borders, or by day."""
        with in_words(counting.source):
            try:
                counted, wrong = counting.aggregating.counted(requests, by, borders)
            except NeedsRows:
                self._at_hand(counting)
                counted, wrong = counting.aggregating.counted(requests, by, borders)
        counting.wrong.update(wrong)
        counting.passes.append(counted)
        return counted

    def _telling(
        self, counting: _Counting, request: Aggregate | None, by: str | None, start: int, end: int
    ) -> Pass:
        """The pass that tells a request, or rows alone, by a column and over a span; made where none does."""
        alike = None
        for counted in counting.passes:
            if request is None or request in counted.numbers:
                if counted.tells(by, start, end):
                    return counted
                if by is None or by in counted.by:
                    alike = counted
        if alike is not None:
            # Some span begins inside a part; whatever was asked by part may be asked by day as well.
            return self._count(counting, list(alike.numbers), alike.by, None)
        borders = counting.aggregating.borders
        asked = [] if request is None else [request]
        whole = are_whole(borders, start, end)
        return self._count(counting, asked, [] if by is None else [by], borders if whole else None)

    def _totals(
        self, counting: _Counting, request: Aggregate, start: int, end: int
    ) -> Totals | ContractError:
        by, bare = request.by, replace(request, by=None)
        if not adds_up(request):
            key = ("", bare, by)
            if key not in counting.totals:
                counting.totals[key] = self._alone(counting, request)
            return counting.totals[key]
        if bare in counting.wrong:
            return counting.wrong[bare]
        counted = self._telling(counting, bare, by, start, end)
        if bare in counting.wrong:
            return counting.wrong[bare]
        key = (counted.table, bare, by)
        if key not in counting.totals:
            counting.totals[key] = self._days(counting, counted, by).totals(bare)
        return counting.totals[key]

    def _days(self, counting: _Counting, counted: Pass, by: str | None) -> CountedDays:
        key = (counted.table, by)
        if key not in counting.days:
            counting.days[key] = counting.aggregating.by_day(counted, by)
        return counting.days[key]

    def _alone(self, counting: _Counting, request: Aggregate) -> Totals | ContractError:
        with in_words(counting.source):
            try:
                try:
                    return counting.aggregating.alone(request)
                except NeedsRows:
                    self._at_hand(counting)
                    return counting.aggregating.alone(request)
            except ContractError as fault:
                return fault

    def measured(self, request: Aggregate, days: Days, group: str | AllRows | None) -> Measured:
        """What the rows of a span of days give; raises ContractError where they are wrong."""
        counting = self._table(request.table, request)
        start, end = _numbers(days)
        asked = (request, start, end)
        totals = self._found_totals.get(asked)
        if totals is None:
            # A request is asked group after group, and hashing its expressions costs more than the answer.
            totals = self._found_totals[asked] = self._totals(counting, request, start, end)
        if isinstance(totals, ContractError):
            raise ContractError(totals.diagnostics)
        key: Key | AllRows = ALL
        if group is not ALL:
            assert request.by is not None, "a group is asked of a request that has `by`"
            keys = self._keys_of(counting, request.by, span_of(request))
            # A value that no row has is a text like any other; nothing is found for it.
            key = keys.get(group, group)
        with in_words(counting.source):
            return totals.measured(start, end, key)

    def count(self, table: str, days: Days) -> int:
        """The rows that a table places in a span of days."""
        return self._placed(self._table(table, None), None, days).measured(*_numbers(days), ALL).rows

    def _placed(self, counting: _Counting, by: str | None, days: Days) -> DailySums:
        """How many rows each part, or day, and each value of a column has, to be asked over some days."""
        counted = self._telling(counting, None, by, *_numbers(days))
        key = (counted.table, by)
        if key not in counting.placed:
            counting.placed[key] = self._days(counting, counted, by).placed()
        return counting.placed[key]

    def groups(self, request: Aggregate, days: Days) -> tuple[str | None, ...]:
        """The values of the group column that rows of a span of days have, in order, an empty one last."""
        assert request.by is not None, "groups are asked of a request that has `by`"
        counting = self._table(request.table, request)
        keys = self._keys_of(counting, request.by, span_of(request))
        placed = self._placed(counting, request.by, days)
        start, end = _numbers(days)
        found = {text for text, key in keys.items() if placed.measured(start, end, key).rows}
        if request.is_cut:
            # An interval that began on an earlier day may reach into these days.
            found.update(
                text for text in keys if text not in found and self.measured(request, days, text).rows
            )
        return tuple(sorted(one for one in found if one is not None)) + ((None,) if None in found else ())

    def by_date(
        self, request: Aggregate, days: Days, column: str, group: str | None
    ) -> dict[tuple[date, str | None], Fraction]:
        """A count or a sum of the rows of some days, for each date in `column` and each group."""
        counting = self._table(request.table, request)
        asked = (request, column, group)
        if asked not in self._dated:
            with in_words(counting.source):
                try:
                    self._dated[asked] = counting.aggregating.by_date(request, column, group)
                except NeedsRows:
                    self._at_hand(counting)
                    self._dated[asked] = counting.aggregating.by_date(request, column, group)
        table = counting.table
        start, end = day_number(days.start), day_number(days.end)
        found: dict[tuple[date, str | None], Fraction] = {}
        for day, dated, key, value, _, factor in self._dated[asked]:
            if start <= day < end:
                place = day_of_number(dated), group_text(table.columns[group], key) if group else None
                found[place] = found.get(place, Fraction(0)) + value * factor
        return {place: found[place] for place in sorted(found, key=lambda one: (one[0], one[1] or ""))}

    # ---- the rows themselves

    def counted(self, request: Aggregate, days: Days, group: str | AllRows | None) -> "Rows":
        """The rows that a request counts in some days; raises ContractError as counting does."""
        from contractlang.measuring.listing import counted_rows

        counting = self._table(request.table, request)
        key: Key | AllRows = ALL
        if group is not ALL and request.by is not None:
            key = self._keys_of(counting, request.by, span_of(request)).get(group, group)
        start, end = _numbers(days)
        with in_words(counting.source):
            try:
                return counted_rows(counting.aggregating, request, start, end, key)
            except NeedsRows:
                self._at_hand(counting)
                return counted_rows(counting.aggregating, request, start, end, key)

    def uncounted(self, table: str, requests: Sequence[Aggregate], days: Days) -> "Rows":
        """The rows of some days that no request counts, and the rows that have no day of the term."""
        from contractlang.measuring.listing import uncounted_rows

        counting = self._table(table, None)
        with in_words(counting.source):
            return uncounted_rows(counting.aggregating, requests, *_numbers(days))

    def profiled(self, table: str, asked: "Asked") -> "TableFacts":
        """What the rows of a table look like before they are rated."""
        from contractlang.measuring.profiling import profiled

        counting = self._table(table, None)
        source = counting.source
        names = [shown for _, shown in source.paths] if source.database_table is None else [source.shown]
        with in_words(source):
            return profiled(counting.table, asked, names, counting.aggregating.calendars.steps(1))

    def write(self, rows: "Sequence[Rows]", path: Path) -> None:
        """Write rows of one table to a file, as Parquet where its name says so, else as CSV.

        Raises OSError where it cannot be written.
        """
        from contractlang.measuring.listing import write_csv, write_parquet

        with in_words(self._opened[rows[0].table.name]):
            if path.suffix.lower() in (".parquet", ".pq"):
                write_parquet(rows, self._opened.local, path)
            else:
                write_csv(rows, path)

    def _table(self, name: str, request: Aggregate | None) -> _Counting:
        if name not in self._counting:
            raise no_rows(name, span_of(request) if request else None)
        return self._counting[name]

    def _keys_of(self, counting: _Counting, by: str, span: Span | None) -> dict[str | None, Key]:
        """The values of a column as a contract writes them, and as the engine does."""
        if by not in counting.keys:
            column = counting.aggregating.column(by, span)
            placed = self._placed(counting, by, _ALWAYS)
            counting.keys[by] = {group_text(column, key): key for key in placed.keys}
        return counting.keys[by]


def _outside(table: StagedTable, term: Days) -> int:
    """How many rows of a table at hand have a day outside a term."""
    start, end = _numbers(term)
    day = f"t.{table.day}"
    sql = f"SELECT count(*) FROM {table.sql} AS t WHERE {day} < {start} OR {day} >= {end}"  # noqa: S608
    return int(table.engine.rows(sql)[0][0])


def _numbers(days: Days) -> tuple[int, int]:
    return day_number(days.start), day_number(days.end)


def no_rows(name: str, span: Span | None) -> ContractError:
    """A table is asked for that the usage does not give."""
    message = f'the usage gives no rows for the table "{name}"'
    return refused("CL845", message, span, f"name its files under `rows:`, as in {name}: {name}.csv")
