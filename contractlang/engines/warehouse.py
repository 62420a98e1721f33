"""What the warehouses have in common: a DB-API connection, and names that are `WITH` clauses.

Trino, BigQuery and Snowflake cannot run beside the tests, so each module is small: how its dialect reads a
column, and how its driver connects. Their text is checked by a parser of their dialect, and no more.
"""

# ruff: noqa: S608  Names in the SQL below are our own or quoted.

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from contractlang.engines.engine import EngineFault, SourceTable
from contractlang.engines.spelling import WithClause, name_parts

_BATCH = 5000


class Cursor(Protocol):
    """What is asked of a cursor of DB-API."""

    def execute(self, sql: str) -> object: ...
    def fetchall(self) -> Sequence[Sequence[Any]]: ...
    def fetchmany(self, size: int) -> Sequence[Sequence[Any]]: ...
    def close(self) -> object: ...


class Connection(Protocol):
    """What is asked of a connection of DB-API."""

    def cursor(self) -> Cursor: ...
    def close(self) -> object: ...


class Warehouse:
    """A warehouse behind a driver of DB-API; subclasses know its dialect."""

    name = ""
    lays_many = False
    parts = (2, 3)
    """How many parts the name of a table may have: one that stands alone could be a name of ours."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Connection | None = connection
        self._names = WithClause()

    def relation(self, table: SourceTable) -> str:
        """The name of a table with its schema, quoted as the standard does; raises EngineFault."""
        return ".".join('"' + part.replace('"', '""') + '"' for part in self._parts(table))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return [row for batch in self.batches(sql) for row in batch]

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, as the driver brings them."""
        yield from self._asked(self._spelled(self._names.before(sql)))

    def define(self, name: str, sql: str) -> None:
        """Keep a query for later ones, which it becomes part of."""
        self._names.give(name, f"{name} AS", sql)

    def lay(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> None:
        """Keep a small table as text."""
        zeros = ", ".join(f"CAST(0 AS BIGINT) AS {column}" for column in columns)
        laid = self._laid(columns, rows) if rows else f"SELECT * FROM (SELECT {zeros}) AS nothing WHERE 1 = 0"
        self._names.give(name, f"{name} AS", laid)

    def close(self) -> None:
        """End the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # Each driver has faults of its own, and there is nothing left to do.
                connection.close()

    def _asked(self, text: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query in the warehouse's own dialect."""
        with self._faults():
            if self._connection is None:
                raise EngineFault("the connection to the warehouse is closed")
            cursor = self._connection.cursor()
            try:
                cursor.execute(text)
                while batch := cursor.fetchmany(_BATCH):
                    yield [tuple(row) for row in batch]
            finally:
                with suppress(Exception):
                    cursor.close()

    def _described(self, text: str) -> list[tuple[Any, ...]]:
        return [row for batch in self._asked(text) for row in batch]

    def _parts(self, table: SourceTable) -> list[str]:
        if table.table is None:
            raise EngineFault(f"{self.name} reads tables and no files: name one with `table:`")
        parts = name_parts(table.table)
        if len(parts) not in self.parts:
            raise EngineFault(f"{table.table} is not the whole name of a table: write its schema before it")
        return parts

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (EngineFault, GeneratorExit, KeyboardInterrupt):
            raise
        except Exception as fault:
            raise EngineFault(self._words(fault)) from None

    def _words(self, fault: Exception) -> str:
        """Why a query failed, in the first line of the warehouse's own words and without its address."""
        said = self._said(fault)
        return (
            said.strip().splitlines()[0] if said.strip() else "the warehouse does not answer: try again later"
        )

    # ---- what a dialect says

    def _said(self, fault: Exception) -> str:
        raise NotImplementedError

    def _spelled(self, sql: str) -> str:
        raise NotImplementedError

    def _laid(self, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> str:
        raise NotImplementedError


def row_values(rows: Sequence[Sequence[int]]) -> str:
    """Rows of integers as `VALUES` writes them; the first says that they have 64 bits."""
    first = ", ".join(f"CAST({int(value)} AS BIGINT)" for value in rows[0])
    rest = (", ".join(str(int(value)) for value in row) for row in rows[1:])
    return ", ".join(f"({row})" for row in (first, *rest))
