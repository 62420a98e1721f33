"""Tables that stay where they are: typed rows, read through a view of exact integers.

In: a table of an engine, Parquet files or a table of a database, and the columns that a contract needs.
Out: a staged table whose `sql` is a view. Nothing is copied: rows are counted where they are. What a view
cannot vouch for, a value that does not convert or a moment that the clock leaves out, is looked for with
one query before anything is counted.

Codes: CL832 missing column, CL834 a value or a type that cannot be read exactly, CL835 a time that does
not exist, CL836 a row without a day.
"""

# ruff: noqa: S608  Names in the SQL below are our own or quoted by the engine's own module.

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from contractlang.calendar import Days
from contractlang.diagnostics import ContractError, Diagnostic, Place, error
from contractlang.engines.duckdb import DuckDB
from contractlang.engines.engine import Cell, Engine, SourceTable, identifier
from contractlang.measuring.clock import Clock, day_number
from contractlang.measuring.columns import FIRST_TIME, LAST_TIME, factor_of
from contractlang.measuring.keeping import WHOLE, kept, type_of_key
from contractlang.measuring.schema import Schema
from contractlang.measuring.sources import Wanted, require_columns
from contractlang.measuring.staging import StagedColumn, StagedTable, wanted_columns
from contractlang.measuring.surprises import Surprises, many
from contractlang.syntax import tree
from contractlang.text import Span
from contractlang.windows import DAY_LENGTH

_LONGEST_DURATION = 99_999_999_999 * 1_000_000
_FIRST_DAY, _LAST_DAY = day_number(date(1000, 1, 1)), day_number(date(2999, 12, 31))
_LIMITS = {
    "timestamp": (FIRST_TIME, LAST_TIME),
    "duration": (0, _LONGEST_DURATION),
    "date": (_FIRST_DAY, _LAST_DAY),
}
_ORDERED = ("timestamp", "date", "duration", "number", "money")
_SQL_TYPES = {"text": "VARCHAR", "boolean": "BOOLEAN"}


@dataclass(frozen=True, slots=True)
class View:
    """A table seen through a view, and what is legal and surprising in it.

    `dated` is how many of its rows have a day; `first` and `last` are the extremes of what places them, None
    where there are no rows, and `type` is what they are: a day, an `instant`, or a time of the wall clock.
    """

    table: StagedTable
    surprises: Surprises
    dated: int
    first: int | None
    last: int | None
    type: str

    def may_reach_out(self, term: Days) -> bool:
        """Whether the extremes of the column that places a row leave room for rows outside a term."""
        borders = day_number(term.start), day_number(term.end)
        if self.type == "instant":
            zone = self.table.clock.zone
            borders = zone.day_start(term.start), zone.day_start(term.end)
        elif self.type == "timestamp":
            borders = borders[0] * DAY_LENGTH, borders[1] * DAY_LENGTH
        if self.first is None or self.last is None:
            return False
        return self.first < borders[0] or self.last >= borders[1]


@dataclass(slots=True)
class _Seen:
    """One column of a view: how its engine reads it, and what its values are."""

    wanted: Wanted
    cell: Cell | None
    least: int | None = None
    greatest: int | None = None
    empty: int = 0


class Viewing:
    """Sees a table of an engine; `clock` divides as the engine does, `number` tells its tables apart."""

    def __init__(self, engine: Engine, schema: Schema, clock: Clock, number: int) -> None:
        self.engine = engine
        self.schema = schema
        self.clock = clock
        self._number = number

    def view(
        self, usage: tree.Usage, source: SourceTable, names: Mapping[str, str], shown: str, span: Span
    ) -> View | None:
        """A view of a table; `shown` is its name in messages.

        None where a type is not read exactly by this engine but may be by reading each cell, or where a
        value is wrong, and files can say which: of Parquet files alone. Raises ContractError and EngineFault.
        """
        wanted, placing = wanted_columns(usage, names, span)
        files = isinstance(self.engine, DuckDB)
        types = self.engine.columns(source)
        require_columns(shown, list(types), wanted, spelling=False)
        seen = []
        for one in wanted:
            given = types.get(one.source)
            cell = self.engine.cell(source, one.source, one.type, given) if given is not None else None
            if given is not None and cell is None:
                if files:
                    return None
                raise _inexact(shown, one, given)
            seen.append(_Seen(one, cell))
        relation = self.engine.relation(source)
        rows = self._least_and_greatest(relation, seen)
        if any(self._is_beyond(one) for one in seen):
            if files:
                return None
            raise _beyond(shown, next(one for one in seen if self._is_beyond(one)))
        clock = self._clock(seen)
        name = f"rows_{self.engine.name}{self._number}"
        query = self._sql(relation, seen, clock)
        self.engine.define(name, query)
        wrong = self._wrong(name, relation, seen, clock, placing, shown)
        if wrong:
            if files:
                return None
            raise ContractError(wrong)
        table = replace(self._table(usage, name, seen, placing, rows, clock, shown), query=query)
        place = seen[placing]
        needed = [one for one in seen if not one.wanted.optional and one.wanted.type != "text"]
        empty = {one.wanted.name: one.empty for one in needed}
        lacking = tuple(one.wanted.source for one in seen if one.cell is None)
        surprises = Surprises(table.name, shown, self._twice(name, seen, clock), empty, lacking)
        type_ = "instant" if place.cell is not None and place.cell.instant else place.wanted.type
        return View(table, surprises, rows - place.empty, place.least, place.greatest, type_)

    def _least_and_greatest(self, relation: str, seen: Sequence[_Seen]) -> int:
        """Fill in the extremes of each column and its empty cells; the number of rows."""
        ordered = [one for one in seen if one.cell is not None and one.wanted.type in _ORDERED]
        counted = [one for one in seen if one.cell is not None]
        empty = [f"count({_cell(one).sql})" for one in counted]
        if isinstance(self.engine, DuckDB):
            # Parquet knows the extremes of its columns, and their values are in the order of ours.
            def extremes(function: str) -> Sequence[object]:
                named = {identifier(one.wanted.source) for one in ordered}
                inner = ", ".join(f"{function}({column}) AS {column}" for column in sorted(named))
                chosen = ", ".join(_cell(one).sql for one in ordered)
                if not ordered:
                    return ()
                return self.engine.rows(f"SELECT {chosen} FROM (SELECT {inner} FROM {relation})")[0]

            least, greatest = extremes("min"), extremes("max")
            columns = [f"count({identifier(one.wanted.source)})" for one in counted]
            total, *known = self.engine.rows(f"SELECT {', '.join(['count(*)', *columns])} FROM {relation}")[0]
        else:
            asked = [f"{function}({_cell(one).sql})" for one in ordered for function in ("min", "max")]
            answer = self.engine.rows(f"SELECT {', '.join(['count(*)', *empty, *asked])} FROM {relation}")[0]
            total, known, found = answer[0], list(answer[1 : 1 + len(empty)]), answer[1 + len(empty) :]
            least, greatest = found[0::2], found[1::2]
        for one, low, high in zip(ordered, least, greatest, strict=True):
            one.least = None if low is None else int(low)  # type: ignore[call-overload]
            one.greatest = None if high is None else int(high)  # type: ignore[call-overload]
        for one, count in zip(counted, known, strict=True):
            one.empty = int(total) - int(count)
        return int(total)

    def _is_beyond(self, one: _Seen) -> bool:
        low, high = _LIMITS.get(one.wanted.type, (None, None))
        if low is None or high is None or one.least is None or one.greatest is None:
            return False
        return one.least < low or one.greatest > high

    def _clock(self, seen: Sequence[_Seen]) -> Clock:
        moments = [one for one in seen if one.wanted.type == "timestamp"]
        days = [
            moment // DAY_LENGTH
            for one in moments
            for moment in (one.least, one.greatest)
            if moment is not None
        ]
        if all(self.clock.first < day < self.clock.last for day in days):
            return self.clock
        return self.clock.widened()

    def _sql(self, relation: str, seen: Sequence[_Seen], clock: Clock) -> str:
        """The view: a column c0, c1 … for each that is needed, and d0, d1 … for the days of times."""
        read, instants, days = [], [], []
        for index, one in enumerate(seen):
            if one.cell is None:
                empty = f"CAST(NULL AS {_SQL_TYPES.get(one.wanted.type, 'BIGINT')})"
                read.append(f"{empty} AS c{index}")
                instants.append(f"c{index}")
                days.append(f"c{index}")
                if one.wanted.type == "timestamp":
                    days.append(f"CAST(NULL AS BIGINT) AS d{index}")
                continue
            if one.wanted.type != "timestamp":
                read.append(f"{one.cell.sql} AS c{index}")
                instants.append(f"c{index}")
                days.append(f"c{index}")
                continue
            if one.cell.instant:
                read.append(f"{one.cell.sql} AS c{index}")
                instants.append(f"c{index}")
                days += [f"c{index}", f"{clock.day(f'c{index}')} AS d{index}"]
                continue
            # A wall-clock time keeps its day, whatever the instant is.
            read.append(f"{one.cell.sql} AS r{index}")
            instants += [f"r{index}", f"{clock.instant(f'r{index}')} AS c{index}"]
            days += [f"c{index}", f"{clock.local_day(f'r{index}')} AS d{index}"]
        return (
            f"SELECT {', '.join(days)} FROM (SELECT {', '.join(instants)} FROM "
            f"(SELECT {', '.join(read)} FROM {relation}) AS a) AS b"
        )

    def _wrong(
        self,
        name: str,
        relation: str,
        seen: Sequence[_Seen],
        clock: Clock,
        placing: int,
        shown: str,
    ) -> list[Diagnostic]:
        """What a view cannot convert, by column, with how often."""
        found: list[Diagnostic] = []
        unread = [(index, one) for index, one in enumerate(seen) if one.cell is not None and one.cell.wrong]
        if unread:
            counts = self.engine.rows(
                "SELECT "
                + ", ".join(f"count(CASE WHEN {_cell(one).wrong} THEN 1 END)" for _, one in unread)
                + f" FROM {relation}"
            )[0]
            for (_, one), count in zip(unread, counts, strict=True):
                if count:
                    what = many(int(count), "value", f"{shown}.{one.wanted.source}")
                    message = f"{what} no {_WORDS[one.wanted.type]}"
                    found.append(error("CL834", message, Place(shown, None, one.wanted.source)))
        local = [
            (index, one)
            for index, one in enumerate(seen)
            if one.cell is not None and one.wanted.type == "timestamp" and not one.cell.instant
        ]
        for index, one in local:
            # A time that is there and has no instant is one that the clock leaves out.
            ((count,),) = self.engine.rows(
                f"SELECT count(CASE WHEN c{index} IS NULL AND d{index} IS NOT NULL THEN 1 END) FROM {name}"
            )
            if count:
                what = "time does" if int(count) == 1 else "times do"
                message = f'{count} {what} of "{shown}.{one.wanted.source}" not exist in {clock.zone.name}'
                cure = "the clock goes forward over them: correct them, or keep them with their offset"
                found.append(error("CL835", message, Place(shown, None, one.wanted.source), cure))
        place = seen[placing]
        if not place.wanted.optional and (place.cell is None or place.empty):
            what = many(place.empty, "row", shown)
            message = f'{what} without "{place.wanted.source}", so they belong to no day'
            cure = "fill it, or write `optional` after the column if such rows do not count yet"
            found.append(error("CL836", message, Place(shown, None, place.wanted.source), cure))
        return found

    def _table(
        self,
        usage: tree.Usage,
        name: str,
        seen: Sequence[_Seen],
        placing: int,
        rows: int,
        clock: Clock,
        shown: str,
    ) -> StagedTable:
        columns: dict[str, StagedColumn] = {}
        days: list[int] = []
        for index, one in enumerate(seen):
            type_, cell = one.wanted.type, one.cell
            bound = max(abs(one.least or 0), abs(one.greatest or 0))
            day = None
            if type_ == "timestamp":
                day = f"d{index}"
                # An offset is never a day long, so a day more on each side holds all local days.
                days += [
                    moment // DAY_LENGTH + step
                    for moment, step in ((one.least, -1), (one.greatest, 1))
                    if moment is not None
                ]
                bound += DAY_LENGTH
            elif type_ == "date":
                days += [found for found in (one.least, one.greatest) if found is not None]
            factor = factor_of(type_, cell.decimals if cell else 0)
            columns[one.wanted.name] = StagedColumn(one.wanted.name, type_, f"c{index}", day, factor, bound)
        return StagedTable(
            usage.name.text, name, self.engine, clock, columns, columns[seen[placing].wanted.name], rows,
            min(days, default=0), max(days, default=0), identity=None, shown=shown,
        )  # fmt: skip

    def _twice(self, name: str, seen: Sequence[_Seen], clock: Clock) -> int:
        """How many wall-clock times come twice, and were read as the first."""
        asked = [
            f"count(CASE WHEN {clock.is_fold(f'c{index}')} THEN 1 END)"
            for index, one in enumerate(seen)
            if one.cell is not None and one.wanted.type == "timestamp" and not one.cell.instant
        ]
        if not asked:
            return 0
        return sum(int(found) for found in self.engine.rows(f"SELECT {', '.join(asked)} FROM {name}")[0])


def fetched(local: DuckDB, table: StagedTable) -> StagedTable:
    """The rows of a view, brought to the engine at hand; raises EngineFault."""
    columns: list[tuple[str, str]] = []
    for column in table.columns.values():
        columns.append((column.sql, type_of_key(column)))
        if column.day is not None:
            columns.append((column.day, WHOLE))
    name = kept(local, table.engine, columns, f"SELECT {', '.join(c for c, _ in columns)} FROM {table.sql}")
    narrow = ", ".join(f"CAST({c} AS BIGINT) AS {c}" if type_ == WHOLE else c for c, type_ in columns)
    rows = local.new_name("rows")
    local.run(f"CREATE TABLE {rows} AS SELECT {narrow} FROM {name}")
    local.drop(name)
    clock = table.clock.for_engine(local.quotient)
    return replace(table, sql=rows, engine=local, clock=clock, identity="t.rowid")


_WORDS = {
    "timestamp": "time",
    "date": "date",
    "duration": "duration",
    "boolean": "yes or no",
    "text": "text",
    "number": "number",
    "money": "amount",
}


def _cell(one: _Seen) -> Cell:
    assert one.cell is not None, "asked of columns that are there"
    return one.cell


def _inexact(shown: str, wanted: Wanted, given: str) -> ContractError:
    message = (
        f'"{wanted.source}" of "{shown}" is of the type {given}, which holds no exact {_WORDS[wanted.type]}'
    )
    cure = "give it through a view that casts it, as in CAST(amount AS NUMERIC(12, 2))"
    return ContractError([error("CL834", message, Place(shown, None, wanted.source), cure)])


def _beyond(shown: str, one: _Seen) -> ContractError:
    message = f'"{one.wanted.source}" of "{shown}" holds a value that is no {_WORDS[one.wanted.type]}'
    cures = {
        "duration": "a duration is not negative",
        "timestamp": "times lie between the years 1000 and 2999",
        "date": "dates lie between the years 1000 and 2999",
    }
    where = Place(shown, None, one.wanted.source)
    return ContractError([error("CL834", message, where, cures.get(one.wanted.type, ""))])
