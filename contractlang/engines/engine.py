"""What an engine of queries must do, and the SQL that all of them share.

Every engine is asked the same text, over integers only: sums, counts, least and greatest values, grouped.
No quotient, mean, binary float, timezone or rounding is ever left to an engine, because there they differ.
What does differ is the staging view: how an engine reads its own timestamps, decimals and durations as
integers. An engine says that column by column, in `cell`.

The canonical text keeps to: `SELECT`, `WHERE`, `GROUP BY` with its expressions written out, `LEFT JOIN` and
`JOIN` on equality, `CASE`, `count`, `sum`, `min`, `max`, `+ - * %` on 64-bit integers, comparisons, `AND OR
NOT`, `IS NULL`, `CAST(… AS BIGINT)`, `CAST(… AS DECIMAL(38, 0))`, `row_number() OVER`. It has no `FILTER`,
`/`, `//`, `GROUP BY ALL`, `IS NOT DISTINCT FROM`, and no function that some engines lack.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from contractlang.frozen import dataclass

INTEGER_LIMIT = 2**62
"""An integer expression below this bound is computed in 64 bits, above it in 128."""

HUGE_LIMIT = 2**126
"""No expression or sum may reach this bound; it is refused before it is computed."""


class EngineFault(Exception):  # noqa: N818
    """What an engine could not do, in its own words, without addresses or credentials."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Where the rows of a table are: files that the engine reads, or a table of a database.

    `address` is what the usage names (`postgresql:///wfm`, `sqlite:wfm.db`), without a password; `table`
    may be qualified (`wfm.shifts`). Files are absolute paths that exist and may be read.
    """

    address: str
    table: str | None = None
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """How an engine reads one column as the contract means it.

    `sql` gives, over the relation of the table: for a timestamp microseconds since 1970 as a 64-bit integer
    (in UTC where `instant`, else of the wall clock); for a date days since 1970; for a duration
    microseconds; for a number or an amount the integer of its last decimal, of which there are `decimals`;
    for a text the text, NULL where it is empty; for a yes or no a boolean. What is empty is NULL.
    `bound` is the greatest absolute value that the type admits, None where only the rows tell. `wrong` is
    true, and `sql` then NULL, where the cell is not empty and cannot be read: an infinite date, a NaN, a
    year 20260; None where the type has no such value.
    """

    sql: str
    decimals: int = 0
    instant: bool = False
    bound: int | None = None
    wrong: str | None = None


class Engine(Protocol):
    """One engine with the tables of one usage. Raises EngineFault for whatever fails, and nothing else.

    `lays_many` says whether a small table may have some ten thousand rows: not where all of it is sent along
    with each query, as text whose length is limited.
    """

    name: str
    lays_many: bool

    def relation(self, table: SourceTable) -> str:
        """SQL that follows FROM and gives the rows of a table; the engine may register them under a name."""
        ...

    def columns(self, table: SourceTable) -> dict[str, str]:
        """The columns of a table and the type that the engine gives each, in its own words."""
        ...

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """How a column is read exactly as `wanted` (timestamp, date, duration, boolean, text, number, money).

        None where its type `given` does not hold that exactly: a binary float is no amount.
        """
        ...

    def quotient(self, dividend: str, divisor: int) -> str:
        """SQL for the whole quotient of a 64-bit integer that is not negative by a positive constant."""
        ...

    def define(self, name: str, sql: str) -> None:
        """Give a query a name, for later queries; an engine without views makes it part of them."""
        ...

    def lay(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> None:
        """Lay a small table of 64-bit integers beside the rows, under a name."""
        ...

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query; integers as int or Decimal, texts as str, booleans as bool or 0 and 1."""
        ...

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, some thousands at a time, without holding them all."""
        ...

    def close(self) -> None:
        """Let go of connections, temporary files and processes; a second call does nothing."""
        ...


def literal(text: str) -> str:
    """A text as standard SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as standard SQL writes it, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def choice(subject: str, borders: Sequence[tuple[int, str]], first: str) -> str:
    """SQL for a step function of an integer: `first`, and from each border on the value beside it.

    The steps are halved again and again, so hundreds of them cost a handful of comparisons a row.
    """
    return _steps(subject, [first, *(value for _, value in borders)], [border for border, _ in borders])


def _steps(subject: str, values: Sequence[str], borders: Sequence[int]) -> str:
    if not borders:
        return values[0]
    half = len(borders) // 2
    below = _steps(subject, values[: half + 1], borders[:half])
    above = _steps(subject, values[half + 1 :], borders[half + 1 :])
    return f"CASE WHEN {subject} < {borders[half]} THEN {below} ELSE {above} END"
