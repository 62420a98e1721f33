"""The rows behind a figure: which rows of a table a request counts in some days, and which nothing counts.

In: a request over a staged table, and days. Out: pages of rows, their cells written as a usage file writes
them, in the order of their day; or all of them in a file. The conditions are those of counting itself, so the
number of rows listed is the number that was counted.
"""

# ruff: noqa: S608  Tables and columns are numbered by ourselves, texts quoted by `literal`.

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from contractlang import exact
from contractlang.diagnostics import Place
from contractlang.engines.duckdb import DuckDB
from contractlang.frozen import dataclass
from contractlang.measuring.aggregate import ALL, Aggregate, AllRows
from contractlang.measuring.aggregating import Aggregating
from contractlang.measuring.clock import day_of_number
from contractlang.measuring.staging import StagedColumn, StagedTable
from contractlang.measuring.totals import Key, key_sql

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS = 1_000_000

FILTERED = "filtered"
EMPTY = "empty"
OUTSIDE = "outside"
NO_DAY = "no day"
REASONS = (FILTERED, EMPTY, OUTSIDE, NO_DAY)
"""Why nothing counts a row: no condition of the contract holds, or none can be told because a cell is empty;
its day lies outside the term; it has no day yet."""
UNKNOWN_GROUP = "unknown group"
"""Why a row that a figure counts comes to no amount: its value of `per` has no price."""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row: its place where the source tells it, why nothing counts it, and its cells as text."""

    place: Place | None
    reason: str | None
    cells: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table as SQL: `chosen` follows SELECT …, `reason` is SQL for why nothing counts one."""

    aggregating: Aggregating
    chosen: str
    reason: str = "NULL"

    @property
    def table(self) -> StagedTable:
        """The table whose rows these are."""
        return self.aggregating.table

    @property
    def columns(self) -> tuple[StagedColumn, ...]:
        """The columns of the table, as the contract declares them."""
        return tuple(self.table.columns.values())

    def count(self) -> int:
        """How many rows there are; raises EngineFault."""
        return int(self.table.engine.rows(f"SELECT count(*) {self.chosen}")[0][0])

    def by_reason(self) -> dict[str, int]:
        """How many rows each reason has, in the order of `REASONS`; raises EngineFault."""
        answer = self.table.engine.rows(
            f"SELECT why, count(*) FROM (SELECT {self.reason} AS why {self.chosen}) AS r GROUP BY why"
        )
        found = {why: int(count) for why, count in answer}
        return {reason: found[reason] for reason in REASONS if reason in found}

    def page(self, first: int, count: int) -> tuple[ListedRow, ...]:
        """Some rows, counted from 0; raises EngineFault."""
        ordered = f"{self._ordered()} LIMIT {count} OFFSET {first}"
        rows = self.table.engine.rows(ordered)
        told = rows and self.table.identity is not None
        places = self.table.places([int(row[0]) for row in rows]) if told else [None] * len(rows)
        return tuple(self._listed(row, place) for row, place in zip(rows, places, strict=True))

    def every(self) -> Iterator[ListedRow]:
        """All rows, without holding them; raises EngineFault."""
        for batch in self.table.engine.batches(self._ordered()):
            yield from (self._listed(row) for row in batch)

    def _ordered(self) -> str:
        identity = self.table.identity
        cells = [f"t.{column.sql}" for column in self.columns]
        order = [f"t.{self.table.placing.sql}", *([identity] if identity else cells)]
        selected = ", ".join([identity or "NULL", self.reason, *cells])
        return f"SELECT {selected} {self.chosen} ORDER BY {', '.join(order)}"

    def _listed(self, row: Sequence[Any], place: Place | None = None) -> ListedRow:
        zone = ZoneInfo(self.table.clock.zone.name)
        cells = tuple(
            cell_text(column, cell, zone) for column, cell in zip(self.columns, row[2:], strict=True)
        )
        return ListedRow(place, row[1], cells)


def counted_rows(
    aggregating: Aggregating, request: Aggregate, start: int, end: int, group: Key | AllRows
) -> Rows:
    """The rows that a request counts in the days from `start` to before `end`, in days since 1970.

    Raises ContractError as counting does, and NeedsRows where a view does not tell its rows apart.
    """
    joined, conditions = aggregating.conditions(request, start, end)
    if group is not ALL and request.by is not None:
        column = aggregating.column(request.by, None)
        key = f"t.{column.day or column.sql}"
        conditions.append(f"{key} IS NULL" if group is None else f"{key} = {key_sql(group)}")
    chosen = f"FROM {aggregating.table.sql} AS t{joined} WHERE {' AND '.join(conditions)}"
    return Rows(aggregating, chosen)


def uncounted_rows(aggregating: Aggregating, requests: Sequence[Aggregate], start: int, end: int) -> Rows:
    """The rows placed in some days that none of the requests counts, and those without a day of the term."""
    day, (first, last) = f"t.{aggregating.table.day}", aggregating.term
    joined, held = aggregating.held(requests)
    # A condition on an empty cell is neither true nor false, and coalesce makes the sum of them a no.
    counted = " OR ".join(f"coalesce({one}, 1 = 0)" for one in held) or "1 = 0"
    unknown = " OR ".join(f"({one}) IS NULL" for one in held) or "1 = 0"
    reason = (
        f"CASE WHEN {day} IS NULL THEN '{NO_DAY}' WHEN {day} < {first} OR {day} >= {last} THEN '{OUTSIDE}' "
        f"WHEN {unknown} THEN '{EMPTY}' ELSE '{FILTERED}' END"
    )
    chosen = (
        f"FROM {aggregating.table.sql} AS t{joined} WHERE ({day} IS NULL OR {day} < {first} "
        f"OR {day} >= {last} OR {day} >= {start} AND {day} < {end} AND NOT ({counted}))"
    )
    return Rows(aggregating, chosen, reason)


def write_csv(found: Sequence[Rows], path: Path) -> None:
    """Write rows of one table with a heading; their cells read back as the same values.

    Raises OSError, EngineFault.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in found[0].columns])
        for row in (one for rows in found for one in rows.every()):
            writer.writerow(["" if cell is None else cell for cell in row.cells])


def write_parquet(found: Sequence[Rows], local: DuckDB, path: Path) -> None:
    """Write rows of one table as Parquet, every cell the text of the CSV; raises OSError, EngineFault."""
    names = [column.name for column in found[0].columns]
    table = local.new_name("listed")
    local.run(f"CREATE TABLE {table} ({', '.join(f'c{index} VARCHAR' for index in range(len(names)))})")
    batch: list[tuple[str | None, ...]] = []

    def keep() -> None:
        if batch:
            values = ", ".join("unnest(?)" for _ in names)
            local.run(f"INSERT INTO {table} SELECT {values}", [list(one) for one in zip(*batch, strict=True)])
            batch.clear()

    for row in (one for rows in found for one in rows.every()):
        batch.append(row.cells)
        if len(batch) >= 50_000:
            keep()
    keep()
    local.write_parquet(table, names, path)
    local.drop(table)


def cell_text(column: StagedColumn, value: Any, zone: ZoneInfo) -> str | None:
    """A cell as a usage file writes it."""
    if value is None:
        return None
    if column.type == "text":
        return str(value)
    if column.type == "boolean":
        return "yes" if value else "no"
    whole = int(value)
    if column.type == "timestamp":
        moment = (_EPOCH + timedelta(microseconds=whole)).astimezone(zone)
        return moment.isoformat()
    if column.type == "date":
        return day_of_number(whole).isoformat()
    if column.type == "duration":
        seconds, rest = divmod(whole, _MICROSECONDS)
        if rest or whole < 0:
            return exact.plain(Fraction(whole, _MICROSECONDS))
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return exact.plain(whole * column.factor)
