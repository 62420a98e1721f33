"""The rows of a usage: its tables in the engine, and what is asked of them.

In: the files of each table. Out: totals, by table, group and day. This module and those it imports
are loaded only where a usage gives rows, because a contract on supplied figures needs no engine.

Codes: CL845 no rows are given for a table, CL848 the engine ran out of memory or of disk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from contractlang.calendar import Days
from contractlang.diagnostics import ContractError, Diagnostic
from contractlang.measuring.aggregate import ALL, Aggregate, AllRows, Measured
from contractlang.measuring.aggregating import Aggregating, group_text, grouped
from contractlang.measuring.clock import Clock, day_number, day_of_number
from contractlang.measuring.engine import Engine, EngineFault
from contractlang.measuring.files import Input, fingerprint
from contractlang.measuring.intervals import span_of
from contractlang.measuring.quantities import refused
from contractlang.measuring.schema import Schema
from contractlang.measuring.slots import WindowTables
from contractlang.measuring.staging import StagedTable, Staging
from contractlang.measuring.totals import DailySums, Key, Totals
from contractlang.text import Span
from contractlang.windows import Occurrence, WindowCalendar


@dataclass(frozen=True, slots=True)
class RowFiles:
    """The files of one table: paths with the names to show, columns renamed, and where that is written."""

    table: str
    paths: tuple[tuple[Path, str], ...]
    columns: Mapping[str, str]
    span: Span


class UsageRows:
    """The tables of a usage. Each request is computed once, with all others that share its pass."""

    def __init__(
        self,
        schema: Schema,
        files: Sequence[RowFiles],
        folder: Path,
        supplied: Mapping[str, tuple[Occurrence, ...]],
    ) -> None:
        """Stage all tables; raises ContractError with what is wrong in any of them."""
        self.tables: dict[str, StagedTable] = {}
        self.warnings: tuple[Diagnostic, ...] = ()
        self.inputs: tuple[Input, ...] = ()
        self._totals: dict[Aggregate, Totals | ContractError] = {}
        self._placed: dict[tuple[str, str | None], DailySums] = {}
        self._keys: dict[tuple[str, str], dict[str | None, Key]] = {}
        self._days_of_keys: dict[tuple[str, str], list[tuple[int, Key]]] = {}
        self._dated: dict[
            tuple[Aggregate, str, str | None], list[tuple[int, int, Key, int, int, Fraction]]
        ] = {}
        engine = Engine(folder)
        calendar = WindowCalendar(schema.windows, schema.timezone, supplied)
        staging = Staging(engine, schema, Clock(calendar.zone, schema.term))
        with _in_words(files[0].span):
            self._stage(staging, schema, files)
        staged = [table for table in self.tables.values() if table.rows]
        windows = WindowTables(
            engine,
            calendar,
            schema.term,
            min((table.first_day for table in staged), default=0),
            max((table.last_day for table in staged), default=0),
        )
        self._aggregating = Aggregating(engine, schema, staging.clock, windows)

    def _stage(self, staging: Staging, schema: Schema, files: Sequence[RowFiles]) -> None:
        wrong: list[Diagnostic] = []
        names = {path: shown for one in files for path, shown in one.paths}
        # Files are hashed by other threads while the engine reads them, which costs no time of its own.
        with ThreadPoolExecutor(max_workers=2) as pool:
            hashes = {path: pool.submit(fingerprint, path) for path in names}
            for one in files:
                try:
                    self.tables[one.table] = staging.stage(
                        schema.tables[one.table], one.paths, dict(one.columns), one.span
                    )
                except ContractError as fault:
                    wrong.extend(fault.diagnostics)
            if wrong:
                for future in hashes.values():
                    future.cancel()
                raise ContractError(wrong)
            counts: dict[Path, int] = {}
            for table in self.tables.values():
                for staged in table.files:
                    counts[staged.file.path] = staged.rows
            self.inputs = tuple(
                Input(names[path], future.result(), counts.get(path)) for path, future in hashes.items()
            )
        self.warnings = tuple(staging.warnings)

    def prepare(self, requests: Iterable[Aggregate]) -> None:
        """Compute requests together: one pass over each table and group column for all that add up."""
        asked = [one for one in dict.fromkeys(requests) if one not in self._totals]
        for (name, by), batch in grouped(asked).items():
            if name in self.tables:
                with _in_words(span_of(batch[0])):
                    self._totals.update(self._aggregating.compute(self.tables[name], by, batch))

    def measured(self, request: Aggregate, days: Days, group: str | AllRows | None) -> Measured:
        """What the rows of a span of days give; raises ContractError where they are wrong."""
        table = self._table(request.table, request)
        if request not in self._totals:
            self.prepare([request])
        totals = self._totals[request]
        if isinstance(totals, ContractError):
            raise ContractError(totals.diagnostics)
        key: Key | AllRows = ALL
        if group is not ALL:
            assert request.by is not None, "a group is asked of a request that has `by`"
            keys = self._keys_of(table, request.by, span_of(request))
            # A value that no row has is a text like any other; nothing is found for it.
            key = keys.get(group, group)
        with _in_words(span_of(request)):
            return totals.measured(day_number(days.start), day_number(days.end), key)

    def count(self, table: str, days: Days) -> int:
        """The rows that a table places in a span of days."""
        found = self._table(table, None)
        if (table, None) not in self._placed:
            with _in_words(None):
                self._placed[table, None] = self._aggregating.placed(found, None)
        return self._placed[table, None].measured(day_number(days.start), day_number(days.end), ALL).rows

    def groups(self, request: Aggregate, days: Days) -> tuple[str | None, ...]:
        """The values of the group column that rows of a span of days have, in order, an empty one last."""
        assert request.by is not None, "groups are asked of a request that has `by`"
        table = self._table(request.table, request)
        self._keys_of(table, request.by, span_of(request))
        start, end = day_number(days.start), day_number(days.end)
        column = table.columns[request.by]
        found = {
            group_text(column, key)
            for day, key in self._days_of_keys[table.name, request.by]
            if start <= day < end
        }
        if request.is_cut:
            # An interval that began on an earlier day may reach into these days.
            found.update(
                text
                for text, key in self._keys_of(table, request.by, None).items()
                if text not in found and self.measured(request, days, text).rows
            )
        return tuple(sorted(one for one in found if one is not None)) + ((None,) if None in found else ())

    def by_date(
        self, request: Aggregate, days: Days, column: str, group: str | None
    ) -> dict[tuple[date, str | None], Fraction]:
        """A count or a sum of the rows of some days, for each date in `column` and each group."""
        table = self._table(request.table, request)
        asked = (request, column, group)
        if asked not in self._dated:
            with _in_words(span_of(request)):
                self._dated[asked] = self._aggregating.by_date(table, request, column, group)
        start, end = day_number(days.start), day_number(days.end)
        found: dict[tuple[date, str | None], Fraction] = {}
        for day, dated, key, value, _, factor in self._dated[asked]:
            if start <= day < end:
                place = day_of_number(dated), group_text(table.columns[group], key) if group else None
                found[place] = found.get(place, Fraction(0)) + value * factor
        return {place: found[place] for place in sorted(found, key=lambda one: (one[0], one[1] or ""))}

    def _table(self, name: str, request: Aggregate | None) -> StagedTable:
        if name not in self.tables:
            raise no_rows(name, span_of(request) if request else None)
        return self.tables[name]

    def _keys_of(self, table: StagedTable, by: str, span: Span | None) -> dict[str | None, Key]:
        asked = (table.name, by)
        if asked not in self._keys:
            with _in_words(span):
                self._days_of_keys[asked] = self._aggregating.keys(table, by, span)
            column = table.columns[by]
            self._keys[asked] = {group_text(column, key): key for _, key in self._days_of_keys[asked]}
        return self._keys[asked]


@contextmanager
def _in_words(span: Span | None) -> Iterator[None]:
    """What the engine cannot do, memory or disk that run out, is the user's to mend and no traceback."""
    try:
        yield
    except EngineFault as fault:
        cure = "free memory or disk space, or give the rows of fewer months"
        raise refused("CL848", f"the rows cannot be computed here: {fault}", span, cure) from None


def no_rows(table: str, span: Span | None) -> ContractError:
    """A table is asked for that the usage does not give."""
    message = f'the usage gives no rows for the table "{table}"'
    return refused("CL845", message, span, f"name its files under `rows:`, as in {table}: {table}.csv")
