"""DuckDB, embedded: the engine that is always there, and where what others count is put together.

It reads CSV, JSON Lines and Parquet below the folders that it is given, and nothing else; it loads
nothing from elsewhere and its settings are locked before the first query.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from contractlang.engines.engine import Cell, EngineFault, SourceTable, identifier, literal
from contractlang.engines.processors import part_of

_BATCH = 50_000
_MEMORY = 512
_MEMORY_OF_A_THREAD = 128
"""Megabytes: what does not fit is written beside, in a temporary folder."""

_BOUNDS = {
    "TINYINT": 2**7, "SMALLINT": 2**15, "INTEGER": 2**31, "BIGINT": 2**63,
    "UTINYINT": 2**8, "USMALLINT": 2**16, "UINTEGER": 2**32,
}  # fmt: skip
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_DIGITS_OF_64_BITS = 18
_MILLION = 1_000_000
_TIMES = frozenset({"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP WITH TIME ZONE"})


class DuckDB:
    """One database, which reads files below `folders`; implements `Engine`.

    With `on_disk`, tables are kept in a file of a temporary folder and not in memory.
    """

    name = "duckdb"
    lays_many = True

    def __init__(self, folders: Sequence[Path], on_disk: bool = False) -> None:
        # What does not fit into memory is written here, and never beside the contract.
        self._overflow = TemporaryDirectory(prefix="contractlang-", ignore_cleanup_errors=True)
        self._connection = duckdb.connect(
            str(Path(self._overflow.name) / "rows.db") if on_disk else ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "temp_directory": self._overflow.name,
                "preserve_insertion_order": "true",
                "python_enable_replacements": "false",
            },
        )
        (processors,) = self.row("SELECT current_setting('threads')")
        threads = part_of(int(processors))
        self.run(f"SET threads = {threads}")
        self.run(f"SET memory_limit = '{_MEMORY + _MEMORY_OF_A_THREAD * threads}MB'")
        readable = [*folders, Path(self._overflow.name)]
        allowed = ", ".join(literal(str(folder).rstrip("/") + "/") for folder in readable)
        self.run(f"SET allowed_directories = [{allowed}]")
        self.run("SET enable_external_access = false")
        self.run("SET lock_configuration = true")
        self._numbered: dict[str, int] = {}

    # ---- what every engine does

    def relation(self, table: SourceTable) -> str:
        """The Parquet files of a table as SQL."""
        paths = ", ".join(pattern_free(path) for path in table.files)
        return f"read_parquet([{paths}], hive_partitioning = false)"

    def columns(self, table: SourceTable) -> dict[str, str]:
        """The columns of Parquet files and their types; raises EngineFault."""
        described = self.rows(f"DESCRIBE SELECT * FROM {self.relation(table)}")  # noqa: S608
        return {row[0]: str(row[1]) for row in described}

    def are_alike(self, table: SourceTable) -> bool:
        """Whether the Parquet files of a table have the same columns, in the same order."""
        if len(table.files) == 1:
            return True
        paths = ", ".join(literal(str(path)) for path in table.files)
        each = (
            "SELECT list((name, type, logical_type, converted_type, scale, precision)) AS columns "  # noqa: S608
            f"FROM parquet_schema([{paths}]) WHERE coalesce(num_children, 0) = 0 GROUP BY file_name"
        )
        return bool(self.row(f"SELECT count(DISTINCT columns) = 1 FROM ({each})")[0])  # noqa: S608

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """A column of Parquet as an exact integer, a text or a yes or no, None where its type is another."""
        sql = identifier(column)
        if wanted == "timestamp" and given in _TIMES:
            return Cell(f"epoch_us({sql})", instant=given == "TIMESTAMP WITH TIME ZONE")
        if wanted == "date" and given == "DATE":
            return Cell(f"({sql} - DATE '1970-01-01')")
        if wanted == "boolean" and given == "BOOLEAN":
            return Cell(sql)
        if wanted == "text" and given == "VARCHAR":
            return Cell(f"nullif({sql}, '')")
        if wanted == "duration" and given in _BOUNDS and given != "BIGINT":
            return Cell(f"(CAST({sql} AS BIGINT) * {_MILLION})", bound=_BOUNDS[given] * _MILLION)
        if wanted == "duration" and given == "BIGINT":
            return Cell(f"({sql} * {_MILLION})")
        if wanted in ("number", "money"):
            return _number(sql, given)
        return None

    def quotient(self, dividend: str, divisor: int) -> str:
        """Whole division."""
        return f"({dividend} // {divisor})"

    def define(self, name: str, sql: str) -> None:
        """A view."""
        self.run(f"CREATE VIEW {name} AS {sql}")

    def lay(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> None:
        """A table of 64-bit integers."""
        self.run(f"CREATE TABLE {name} ({', '.join(f'{column} BIGINT' for column in columns)})")
        if rows:
            # A list that travels as text is read twice as fast as one of Python's numbers.
            lists = [f"[{','.join(map(str, column))}]" for column in zip(*rows, strict=True)]
            values = ", ".join("unnest(CAST(? AS BIGINT[]))" for _ in columns)
            self.run(f"INSERT INTO {name} SELECT {values}", lists)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows that a query gives; raises EngineFault."""
        return self._run(sql, values).fetchall()

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, some thousands at a time; raises EngineFault."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql)
            while found := cursor.fetchmany(_BATCH):
                yield found
        except (duckdb.Error, UnicodeDecodeError) as fault:
            raise _fault(fault) from None
        finally:
            cursor.close()

    def close(self) -> None:
        """Let go of the database and of its temporary folder."""
        with suppress(duckdb.Error):
            self._connection.close()
        self._overflow.cleanup()

    # ---- what only the engine at hand does

    def row(self, sql: str) -> tuple[Any, ...]:
        """The only row of a query; raises EngineFault."""
        found = self._run(sql).fetchall()
        assert len(found) == 1, "this query gives one row"
        return found[0]

    def run(self, sql: str, values: Sequence[object] = ()) -> None:
        """Run a statement; raises EngineFault."""
        self._run(sql, values)

    def write_parquet(self, table: str, names: Sequence[str], path: Path) -> None:
        """Write a table whose columns are c0, c1 … under other names; raises EngineFault, OSError."""
        written = Path(self._overflow.name) / "rows.parquet"
        chosen = ", ".join(f"c{index} AS {identifier(name)}" for index, name in enumerate(names))
        self.run(f"COPY (SELECT {chosen} FROM {table}) TO {literal(str(written))} (FORMAT parquet)")  # noqa: S608
        shutil.move(written, path)

    def drop(self, table: str) -> None:
        """Forget a table, where there is one."""
        with suppress(EngineFault):
            self._run(f"DROP TABLE IF EXISTS {table}")

    def new_name(self, prefix: str) -> str:
        """A new name for a table."""
        self._numbered[prefix] = number = self._numbered.get(prefix, -1) + 1
        return f"{prefix}{number}"

    def _run(self, sql: str, values: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql, list(values)) if values else self._connection.execute(sql)
        except (duckdb.Error, UnicodeDecodeError) as fault:
            raise _fault(fault) from None


def pattern_free(path: Path) -> str:
    """A path as SQL writes it, its own `*`, `?` and `[` taken literally."""
    return literal("".join(f"[{one}]" if one in "*?[" else one for one in str(path)))


def _number(sql: str, given: str) -> Cell | None:
    if given in _BOUNDS:
        return Cell(f"CAST({sql} AS BIGINT)", bound=_BOUNDS[given] if given != "BIGINT" else None)
    match = _DECIMAL.fullmatch(given)
    if match is None or int(match[1]) > _DIGITS_OF_64_BITS:
        return None
    digits, decimals = int(match[1]), int(match[2])
    if digits + decimals > _DIGITS_OF_64_BITS and decimals:
        # The product must have room for its zeros before it becomes an integer.
        sql = f"CAST({sql} AS DECIMAL(38, {decimals}))"
    return Cell(f"CAST({sql} * {10**decimals} AS BIGINT)", decimals, bound=10**digits)


def _fault(fault: Exception) -> EngineFault:
    text = str(fault).strip()
    return EngineFault(text.splitlines()[0] if text else "")
