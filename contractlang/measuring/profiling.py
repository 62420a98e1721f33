"""What the rows of a table look like before anything is rated: counts by day and hour, and what is odd.

In: a staged table and what to look for. Out: `TableFacts`, frozen numbers with a few examples of what is odd.
All of it is counted in the engine that holds the rows, by the canonical SQL of `contractlang.engines.engine`;
what comes back is as long as there are days, hours, values of a group and examples.
"""

# ruff: noqa: S608  Tables and columns are numbered by ourselves, texts quoted by `literal`.

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Any
from zoneinfo import ZoneInfo

from contractlang.diagnostics import Place
from contractlang.engines.engine import literal
from contractlang.measuring.clock import day_of_number
from contractlang.measuring.facts import (
    Asked,
    AskedGroup,
    AskedInterval,
    AskedRange,
    ColumnFacts,
    Example,
    GroupFacts,
    IntervalFacts,
    Odd,
    Repeated,
    TableFacts,
)  # fmt: skip
from contractlang.measuring.listing import cell_text
from contractlang.measuring.staging import StagedColumn, StagedTable
from contractlang.measuring.totals import key_sql
from contractlang.windows import DAY_LENGTH

EXAMPLES = 3
"""How many rows, or values, are named of each oddity."""

MOST_VALUES = 20
"""How many values of a group column are listed, the most frequent first."""

AT_ONCE = 4_000_000
MOST_RUNS = 4
"""How many rows are compared at once where days tell them apart, since what is compared is held in memory; of
more than `MOST_RUNS` times as many rows more at once, since each run reads all rows."""

HOURS = 24
_HOUR = DAY_LENGTH // HOURS
_FAR = 2**62
_ORDERED = ("timestamp", "date", "duration", "number", "money")


def profiled(table: StagedTable, asked: Asked, sources: Sequence[str], two: str) -> TableFacts:
    """What the rows of a table look like; `two` names a table of the engine whose `n` are 0 and 1.

    Raises EngineFault.
    """
    return _Profiling(table, asked, two).facts(tuple(sources))


class _Profiling:
    def __init__(self, table: StagedTable, asked: Asked, two: str) -> None:
        self._table = table
        self._asked = asked
        self._two = two
        self._t = f"{table.sql} AS t"
        self._zone = ZoneInfo(table.clock.zone.name)
        day = f"t.{table.day}"
        first, last = asked.term
        self._here = f"{day} >= {max(asked.start, first)} AND {day} < {min(asked.end, last)}"
        self._in_term = f"{day} >= {first} AND {day} < {last}"

    def facts(self, sources: tuple[str, ...]) -> TableFacts:
        asked, table = self._asked, self._table
        counts = {
            None if day is None else int(day): int(rows)
            for day, rows in self._rows(
                f"SELECT t.{table.day} AS d, count(*) AS n FROM {self._t} GROUP BY t.{table.day}"
            )
        }
        undated = counts.pop(None, 0)
        first, last = asked.term
        inside = {day: rows for day, rows in counts.items() if day is not None and first <= day < last}
        return TableFacts(
            name=table.name,
            sources=sources,
            rows=sum(counts.values()) + undated,
            days=tuple(sorted(inside.items())),
            outside=sum(counts.values()) - sum(inside.values()),
            undated=undated,
            hours=self._hours(),
            columns=self._columns(),
            key=asked.key,
            repeated=self._repeated(inside),
            ranges=tuple((one, self._out_of(one)) for one in asked.ranges),
            intervals=tuple(self._interval(one) for one in asked.intervals),
            groups=tuple(self._group(one) for one in asked.groups),
        )

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._table.engine.rows(sql)

    def _sql(self, column: str) -> str:
        return f"t.{self._table.columns[column].sql}"

    # ---- how many, and when

    def _hours(self) -> tuple[int, ...] | None:
        placing = self._table.placing
        if placing.day is None:
            return None
        local = self._table.clock.local(f"t.{placing.sql}")
        since = f"SELECT {local} - t.{placing.day} * {DAY_LENGTH} AS c FROM {self._t} WHERE {self._here}"
        # A wall-clock time that comes twice may be an hour beside its day.
        kept = f"CASE WHEN c < 0 THEN 0 WHEN c >= {DAY_LENGTH} THEN {DAY_LENGTH - 1} ELSE c END"
        hour = self._table.engine.quotient(f"({kept})", _HOUR)
        inner = f"SELECT {hour} AS h FROM ({since}) AS x"
        found = dict.fromkeys(range(HOURS), 0)
        for value, rows in self._rows(f"SELECT h, count(*) AS n FROM ({inner}) AS g GROUP BY h"):
            found[int(value)] += int(rows)
        return tuple(found[hour] for hour in range(HOURS))

    def _columns(self) -> tuple[ColumnFacts, ...]:
        columns = tuple(self._table.columns.values())
        asked = ["count(*)"]
        for column in columns:
            asked.append(f"count(t.{column.sql})")
            if column.type in _ORDERED:
                asked += [f"min(t.{column.sql})", f"max(t.{column.sql})"]
        named = ", ".join(f"{sql} AS a{index}" for index, sql in enumerate(asked))
        total, *answer = self._rows(f"SELECT {named} FROM {self._t} WHERE {self._here}")[0]
        found = []
        for column in columns:
            empty = int(total) - int(answer.pop(0))
            least = greatest = None
            if column.type in _ORDERED:
                least, greatest = (cell_text(column, answer.pop(0), self._zone) for _ in range(2))
            found.append(ColumnFacts(column.name, column.type, empty, least, greatest))
        return tuple(found)

    # ---- rows that come twice

    def _repeated(self, days: Mapping[int, int]) -> Repeated:
        names = self._asked.key or tuple(self._table.columns)
        columns = [self._table.columns[name] for name in names]
        keys = ", ".join(f"t.{column.sql} AS k{index}" for index, column in enumerate(columns))
        grouped = ", ".join(f"t.{column.sql}" for column in columns)
        # A key that is empty tells nothing apart; a whole row is the same where the same cells are empty.
        told = [f"t.{column.sql} IS NOT NULL" for column in columns] if self._asked.key else []
        here = f"count(CASE WHEN {self._here} THEN 1 END) AS here"
        order = ", ".join(f"k{index}" for index in range(len(columns)))
        count = rows = 0
        examples: list[Example] = []
        # Rows with the same key are of the same day where the key holds what places them in one.
        by_day = self._table.placing.name in names
        for run in self._runs(days) if by_day else [self._in_term]:
            groups = (
                f"SELECT {keys}, count(*) AS n, {here} FROM {self._t} "
                f"WHERE {' AND '.join([run, *told])} GROUP BY {grouped}"
            )
            twice = f"FROM ({groups}) AS g WHERE n > 1 AND here > 0"
            found, of_them = self._rows(f"SELECT count(*) AS c, sum(n) AS s {twice}")[0]
            count, rows = count + int(found), rows + int(of_them or 0)
            if not found or examples:
                continue
            for values in self._rows(f"SELECT {order} {twice} ORDER BY n DESC, {order} LIMIT {EXAMPLES}"):
                same = [_is(column, value) for column, value in zip(columns, values, strict=True)]
                where = " AND ".join([self._in_term, *same])
                cells = tuple(
                    cell_text(column, value, self._zone)
                    for column, value in zip(columns, values, strict=True)
                )
                examples.append(Example(cells, self._places(where)))
        keyless = 0
        if told:
            missing = " OR ".join(one.replace(" IS NOT NULL", " IS NULL") for one in told)
            keyless = int(
                self._rows(f"SELECT count(*) AS n FROM {self._t} WHERE {self._here} AND ({missing})")[0][0]
            )
        return Repeated(count, rows - count, tuple(examples), keyless)

    def _runs(self, days: Mapping[int, int]) -> list[str]:
        """Conditions that part the days asked into runs of rows to compare at once, of whole days."""
        asked = sorted(day for day in days if self._asked.start <= day < self._asked.end)
        at_once = max(AT_ONCE, sum(days[day] for day in asked) // MOST_RUNS)
        runs: list[tuple[int, int]] = []
        held = 0
        for day in asked:
            if runs and held + days[day] <= at_once:
                runs[-1], held = (runs[-1][0], day), held + days[day]
            else:
                runs.append((day, day))
                held = days[day]
        return [f"t.{self._table.day} >= {first} AND t.{self._table.day} <= {last}" for first, last in runs]

    def _places(self, where: str) -> tuple[Place, ...]:
        """Where the first rows with a condition were read; none where the rows stay in a database."""
        identity = self._table.identity
        if identity is None:
            return ()
        found = self._rows(
            f"SELECT {identity} AS i FROM {self._t} WHERE {where} ORDER BY {identity} LIMIT {EXAMPLES}"
        )
        return tuple(
            place for place in self._table.places([int(row[0]) for row in found]) if place is not None
        )

    # ---- cells and intervals

    def _odd(self, condition: str, columns: Sequence[str]) -> Odd:
        """The rows here with a condition; `columns` are the cells that show what is odd."""
        where = f"{self._here} AND {condition}"
        count = int(self._rows(f"SELECT count(*) AS n FROM {self._t} WHERE {where}")[0][0])
        return Odd(count, self._examples(where, columns) if count else ())

    def _examples(self, where: str, columns: Sequence[str]) -> tuple[Example, ...]:
        identity = self._table.identity
        cells = [self._sql(name) for name in columns]
        selected = ", ".join(f"{sql} AS e{index}" for index, sql in enumerate([identity or "0", *cells]))
        ordered = identity or ", ".join(cells)
        found = self._rows(
            f"SELECT {selected} FROM {self._t} WHERE {where} ORDER BY {ordered} LIMIT {EXAMPLES}"
        )
        return self._read(found, columns)

    def _read(self, found: Sequence[Sequence[Any]], columns: Sequence[str]) -> tuple[Example, ...]:
        """Rows of an identity and some cells, with their places."""
        told = self._table.identity is not None
        places = self._table.places([int(row[0]) for row in found]) if told else [None] * len(found)
        return tuple(
            Example(
                tuple(
                    cell_text(self._table.columns[name], cell, self._zone)
                    for name, cell in zip(columns, row[1:], strict=True)
                ),
                (place,) if place is not None else (),
            )
            for row, place in zip(found, places, strict=True)
        )

    def _out_of(self, asked: AskedRange) -> Odd:
        column = self._table.columns[asked.column]
        least = max(-_FAR, min(_FAR, ceil(asked.least / column.factor)))
        most = max(-_FAR, min(_FAR, floor(asked.most / column.factor)))
        sql = self._sql(asked.column)
        return self._odd(f"({sql} < {least} OR {sql} > {most})", [asked.column])

    def _interval(self, asked: AskedInterval) -> IntervalFacts:
        start, end = self._sql(asked.start), self._sql(asked.end)
        cells = [asked.start, asked.end, *asked.by]
        return IntervalFacts(
            asked,
            self._odd(f"{end} < {start}", cells),
            self._odd(f"{start} IS NOT NULL AND {end} IS NULL", cells),
            self._overlapping(asked, cells) if asked.by else None,
        )

    def _overlapping(self, asked: AskedInterval, cells: Sequence[str]) -> Odd:
        """The rows that start while an earlier one of the same has not ended."""
        first = asked.by[0]
        count, least = self._rows(f"SELECT count(*) AS c, min(w0) AS w {self._open_starts(asked, ())}")[0]
        if not count:
            return Odd(0)
        # All examples are of one of them, so that only their rows are put in order again.
        theirs = _is(self._table.columns[first], least)
        aliases = ", ".join(f"e{index}" for index in range(len(cells)))
        odd = self._open_starts(asked, cells, theirs)
        found = self._rows(f"SELECT i, {aliases} {odd} ORDER BY p LIMIT {EXAMPLES}")
        return Odd(int(count), self._read(found, cells))

    def _open_starts(self, asked: AskedInterval, cells: Sequence[str], condition: str = "") -> str:
        """SQL, from FROM on, for the starts at which another interval of the same is open.

        Each row is a start and an end in one order of time, ends first, since what only touches does not
        overlap. At the s-th start of somebody, which is the p-th of their starts and ends, p - s have ended:
        another one is open where s - (p - s) is more than 1.
        """
        start, end = self._sql(asked.start), self._sql(asked.end)
        columns = [(f"w{index}", self._sql(name)) for index, name in enumerate(asked.by)]
        whose = ", ".join(alias for alias, _ in columns)
        columns += [(f"e{index}", self._sql(name)) for index, name in enumerate(cells)]
        columns += [("i", self._table.identity or "0"), ("here", f"CASE WHEN {self._here} THEN 1 ELSE 0 END")]
        kept = ", ".join(alias for alias, _ in columns)
        # What has ended before the days asked is not open in them.
        begin = self._table.clock.zone.day_start(day_of_number(max(self._asked.start, self._asked.term[0])))
        conditions = [
            self._in_term,
            f"{end} > {start}",
            f"{end} > {begin}",
            *([condition] if condition else []),
        ]
        conditions += [f"{self._sql(name)} IS NOT NULL" for name in asked.by]
        base = (
            f"SELECT {', '.join(f'{sql} AS {alias}' for alias, sql in columns)}, {start} AS a, {end} AS b, "
            f"1 AS one FROM {self._t} WHERE {' AND '.join(conditions)}"
        )
        moments = (
            f"SELECT {kept}, n, CASE WHEN n = 0 THEN b ELSE a END AS moment "
            f"FROM ({base}) AS x JOIN {self._two} AS k ON k.n <= x.one"
        )
        placed = (
            f"SELECT {kept}, n, row_number() OVER (PARTITION BY {whose} ORDER BY moment, n, i) AS p "
            f"FROM ({moments}) AS y"
        )
        started = (
            f"SELECT {kept}, n, p, row_number() OVER (PARTITION BY {whose}, n ORDER BY p) AS s "
            f"FROM ({placed}) AS z"
        )
        return f"FROM ({started}) AS o WHERE n = 1 AND here = 1 AND 2 * s - p > 1"

    # ---- values of groups

    def _group(self, asked: AskedGroup) -> GroupFacts:
        column = self._sql(asked.column)
        grouped = f"SELECT {column} AS v, count(*) AS n FROM {self._t} WHERE {self._here} GROUP BY {column}"
        distinct = int(self._rows(f"SELECT count(*) AS c FROM ({grouped}) AS g")[0][0])
        frequent = f"SELECT v, n FROM ({grouped}) AS g ORDER BY n DESC, v LIMIT {MOST_VALUES}"
        unpriced: list[tuple[str | None, int]] = []
        if asked.known is not None:
            known = " OR ".join(f"v = {literal(value)}" for value in sorted(asked.known)) or "1 = 0"
            others = f"FROM ({grouped}) AS g WHERE v IS NULL OR NOT ({known})"
            unpriced = self._values(
                asked.column, f"SELECT v, n {others} ORDER BY n DESC, v LIMIT {MOST_VALUES}"
            )
        return GroupFacts(asked, distinct, tuple(self._values(asked.column, frequent)), tuple(unpriced))

    def _values(self, name: str, sql: str) -> list[tuple[str | None, int]]:
        column = self._table.columns[name]
        return [(cell_text(column, value, self._zone), int(rows)) for value, rows in self._rows(sql)]


def _is(column: StagedColumn, value: Any) -> str:
    """SQL for a cell being a value that the engine gave."""
    if value is None:
        return f"t.{column.sql} IS NULL"
    if column.type == "boolean":
        return f"t.{column.sql} = {key_sql(bool(value))}"
    return f"t.{column.sql} = {key_sql(value if column.type == 'text' else int(value))}"
