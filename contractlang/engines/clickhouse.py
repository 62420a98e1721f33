"""ClickHouse, embedded through chdb: Parquet files, read as they are asked for (extra `clickhouse`).

No server is asked and none is started: the session lives in this process, keeps what it makes in memory
and forgets it. It is read-only but for temporary views and tables, and no query names a network function.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import Any

from contractlang.engines.engine import Cell, EngineFault, SourceTable, identifier
from contractlang.engines.reading import (
    Linked,
    checked,
    day_cell,
    decimal_cell,
    length_cell,
    moment_cell,
    parquet_files,
    require_alike,
)
from contractlang.engines.spelling import backslashed, respelled, wide_integers

_BATCH = 5000
_AT_ONCE = 1000
_MEMORY = 768 * 1024 * 1024
_BEFORE_DISK = _MEMORY // 3

_SETTINGS = (
    # NULL is NULL, as in the standard: no zero stands for a row that a join does not find.
    ("join_use_nulls", 1),
    ("cast_keep_nullable", 1),
    ("data_type_default_nullable", 1),
    # A name means the column first, and then what the same query calls by it.
    ("prefer_column_name_to_alias", 1),
    ("schema_inference_make_columns_nullable", 1),
    ("output_format_json_quote_64bit_integers", 0),
    ("output_format_json_quote_decimals", 0),
    ("output_format_json_validate_utf8", 0),
    ("max_memory_usage", _MEMORY),
    ("max_bytes_before_external_group_by", _BEFORE_DISK),
    ("max_bytes_before_external_sort", _BEFORE_DISK),
    # A contract of many measures is a long query.
    ("max_query_size", 2**28),
    ("max_ast_elements", 2**24),
    ("max_expanded_ast_elements", 2**24),
    ("max_ast_depth", 10_000),
    ("max_parser_depth", 10_000),
    # The last, because nothing is set after it.
    ("readonly", 2),
)

_WHOLE = {
    "Int8": 7, "Int16": 15, "Int32": 31, "Int64": 63, "UInt8": 8, "UInt16": 16, "UInt32": 32,
}  # fmt: skip
_DECIMAL = re.compile(r"Decimal\((\d+), (\d+)\)")
_TIME = re.compile(r"(DateTime64|Time64)\((\d)(, 'UTC')?\)")
_LOGICAL = re.compile(r"(Timestamp|Time)\(isAdjustedToUTC=(true|false), timeUnit=(milli|micro|nano)seconds")
_DIGITS = {"milli": 3, "micro": 6, "nano": 9}
_DIGITS_OF_PRODUCT = 18


class ClickHouse:
    """One connection to the ClickHouse of this process; see `Engine`."""

    name = "clickhouse"
    lays_many = True

    def __init__(self, address: str = "") -> None:
        try:
            import chdb
        except ImportError:
            raise EngineFault(
                "the embedded ClickHouse is not installed: pip install 'contractlang[clickhouse]'"
            ) from None
        self._folder = TemporaryDirectory(prefix="contractlang-", ignore_cleanup_errors=True)
        self._linked = Linked(self._folder.name)
        self._relations: dict[SourceTable, str] = {}
        self._connection: Any = None
        with self._faults():
            self._connection = chdb.connect(":memory:")
            for setting, value in _SETTINGS:
                self._connection.query(f"SET {setting} = {value}")

    def relation(self, table: SourceTable) -> str:
        """The files as one table; raises EngineFault where they are not alike."""
        if table not in self._relations:
            files = parquet_files("ClickHouse", table)
            with self._faults():
                # ClickHouse reads patterns: the folder and the links in it have names of ours.
                folder = self._linked.folder(files)
            parts = [f"{folder}part{number:06}.parquet" for number in range(len(files))]
            if len(files) > 1:
                named = [
                    (path.name, self._columns(part, path.name))
                    for path, part in zip(files, parts, strict=True)
                ]
                require_alike(dict(named))
            else:
                self._columns(parts[0], files[0].name)
            place = f"{folder}*.parquet" if len(files) > 1 else parts[0]
            name = f"clickhouse_files{len(self._relations)}"
            self._define(name, f"SELECT * FROM {_file(place, 'Parquet')}")  # noqa: S608
            self._relations[table] = name
        return self._relations[table]

    def columns(self, table: SourceTable) -> dict[str, str]:
        """Names and types as ClickHouse writes them, a time without zone as DateTime64(6)."""
        self.relation(table)
        folder = self._linked.of[table.files]
        return self._columns(f"{folder}part000000.parquet", table.files[0].name)

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """See `Engine.cell`."""
        cell = identifier(column)
        if wanted == "text":
            return _text(cell, given)
        if wanted == "boolean":
            if given == "Bool":
                return Cell(cell)
            return checked(cell, f"{cell} IN (0, 1)", f"{cell} = 1") if given in _WHOLE else None
        time = _TIME.fullmatch(given)
        if wanted == "timestamp" and time is not None and time[1] == "DateTime64":
            return moment_cell(
                cell, _raw(cell, int(time[2])), 10 ** int(time[2]), time[3] is not None, self.quotient
            )
        if wanted == "date" and given == "Date32":
            return day_cell(cell, f"CAST(toInt32({cell}) AS BIGINT)")
        if wanted == "duration":
            if time is not None and time[1] == "Time64":
                return length_cell(cell, _raw(cell, int(time[2])), 10 ** int(time[2]), self.quotient)
            number = _number(cell, given)
            if number is None or (number.bound or 0) > 2**63:
                return None
            return length_cell(cell, number.sql, 10**number.decimals, self.quotient)
        if wanted in ("number", "money"):
            return _number(cell, given)
        return None

    def quotient(self, dividend: str, divisor: int) -> str:
        """ClickHouse's whole quotient, cut towards zero."""
        return f"intDiv({dividend}, {divisor})"

    def define(self, name: str, sql: str) -> None:
        """A temporary view."""
        self._define(name, _spelled(sql))

    def lay(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> None:
        """A temporary table in memory."""
        with self._faults():
            declared = ", ".join(f"{column} Nullable(Int64)" for column in columns)
            self._asked(f"CREATE TEMPORARY TABLE {name} ({declared})")
            for first in range(0, len(rows), _AT_ONCE):
                values = (f"({','.join(map(str, map(int, row)))})" for row in rows[first : first + _AT_ONCE])
                self._asked(f"INSERT INTO {name} VALUES {','.join(values)}")  # noqa: S608

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._faults():
            return _read(self._asked(_spelled(sql)))

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query as they are found."""
        with self._faults():
            if self._connection is None:
                raise EngineFault("the session of ClickHouse is closed")
            self._linked.require_all()
            for found in self._connection.send_query(_spelled(sql), "JSONCompactEachRow"):
                rows = _read(found.bytes())
                for first in range(0, len(rows), _BATCH):
                    yield rows[first : first + _BATCH]

    def close(self) -> None:
        """Let go of the connection, with its views and tables, and of the temporary folder."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        self._folder.cleanup()

    def _columns(self, path: str, name: str) -> dict[str, str]:
        """The columns of one file, whose own metadata tell an instant from a time of the wall clock."""
        with self._faults(name):
            described = _read(self._asked(f"DESCRIBE {_file(path, 'Parquet')}"))
            logical = _read(
                self._asked(
                    "SELECT c.name, c.logical_type, c.physical_type FROM "  # noqa: S608
                    f"{_file(path, 'ParquetMetadata')} ARRAY JOIN columns AS c WHERE c.name = c.path"
                )
            )
        told = {column: _told(kind, physical) for column, kind, physical in logical}
        found = {}
        for column, type_, *_ in described:
            plain = re.sub(r"^Nullable\((.*)\)$", r"\1", type_, flags=re.DOTALL)
            found[column] = (told.get(column) or plain) if plain.startswith("DateTime64") else plain
        return found

    def _define(self, name: str, sql: str) -> None:
        with self._faults():
            self._asked(f"CREATE TEMPORARY VIEW {name} AS {sql}")

    def _asked(self, sql: str) -> bytes:
        if self._connection is None:
            raise EngineFault("the session of ClickHouse is closed")
        self._linked.require_all()
        found: bytes = self._connection.query(sql, "JSONCompactEachRow").bytes()
        return found

    @contextmanager
    def _faults(self, file: str | None = None) -> Iterator[None]:
        try:
            yield
        except (EngineFault, GeneratorExit, KeyboardInterrupt):
            raise
        except Exception as fault:
            # chdb gives what a failed query had written with the answer of the next one.
            with suppress(Exception):
                self._connection.query("SELECT 1")
            raise EngineFault(_words(fault, file)) from None


def _spelled(sql: str) -> str:
    return respelled(
        wide_integers(sql), lambda text: backslashed(text, "'"), lambda name: backslashed(name, "`")
    )


def _file(path: str, format_: str) -> str:
    return f"file({backslashed(path, chr(39))}, {format_})"


def _read(answer: bytes) -> list[tuple[Any, ...]]:
    # A whole number of any size is an int; no answer of the canonical text has another.
    return [tuple(json.loads(line, parse_float=Decimal)) for line in answer.decode().split("\n") if line]


def _told(logical: str, physical: str) -> str | None:
    """The type of a time as the metadata of its file say it."""
    if physical == "INT96":
        return physical
    found = _LOGICAL.match(logical)
    if found is None:
        return None
    kind, digits = ("DateTime64" if found[1] == "Timestamp" else "Time64"), _DIGITS[found[3]]
    # Before such types were told apart all times were written alike, and meant none of both.
    zoned = kind == "DateTime64" and found[2] == "true" and "is_from_converted_type=true" not in logical
    return f"{kind}({digits}, 'UTC')" if zoned else f"{kind}({digits})"


def _words(fault: Exception, file: str | None) -> str:
    """Why ClickHouse could not answer: its first sentence, without paths, stacks and versions."""
    said = str(fault)
    which = f"the file {file}" if file else "a file of the table"
    if isinstance(fault, UnicodeDecodeError):
        return "a text of the table is not UTF-8"
    if "CANNOT_STAT" in said or "FILE_DOESNT_EXIST" in said or "No such file" in said:
        return f"{which} is no longer there"
    if "ermission denied" in said or "errno: 13" in said:
        return f"{which} may not be read"
    if "MEMORY_LIMIT_EXCEEDED" in said or "CANNOT_ALLOCATE_MEMORY" in said:
        return "memory ran out"
    if "NOT_ENOUGH_SPACE" in said or "No space left" in said:
        return "no space is left on the disk"
    if "already initialized with path" in said:
        return "this process uses another ClickHouse already, and there can be one"
    if re.search(r"[Pp]arquet|INCORRECT_DATA|CANNOT_READ_ALL_DATA|DECOMPRESS|CANNOT_EXTRACT", said):
        return f"{which} is cut short or damaged, or is no Parquet file: export or copy it anew"
    found = re.search(r"DB::\w*Exception: (.*?)(?:: while executing|: In scope|\. In scope|\n|$)", said)
    return found[1] if found else said.split("\n", 1)[0]


# ---- cells


def _raw(cell: str, digits: int) -> str:
    """A time as the integer of its last digit of a second."""
    words = {3: "Milli", 6: "Micro", 9: "Nano"}
    return f"toUnixTimestamp64{words[digits]}({cell})"


def _text(cell: str, given: str) -> Cell | None:
    if given in _WHOLE or given == "UInt64":
        return Cell(f"CAST({cell} AS VARCHAR)")
    if given == "Bool":
        return Cell(f"CASE WHEN {cell} THEN 'true' WHEN NOT {cell} THEN 'false' END")
    return Cell(f"nullif({cell}, '')") if given == "String" else None


def _number(cell: str, given: str) -> Cell | None:
    if given in _WHOLE:
        return Cell(f"CAST({cell} AS BIGINT)", bound=2 ** _WHOLE[given])
    if given == "UInt64":
        return Cell(f"CAST({cell} AS DECIMAL(38, 0))", bound=2**64)
    number = _DECIMAL.fullmatch(given)
    if number is None or int(number[1]) > 38:
        return None
    digits, decimals = int(number[1]), int(number[2])
    whole = cell
    if decimals and digits <= _DIGITS_OF_PRODUCT:
        whole = f"CAST({cell} AS DECIMAL(38, {decimals})) * {10**decimals}"
    elif decimals:
        whole = f"CAST({cell} AS DECIMAL(76, {decimals})) * CAST('{10**decimals}' AS DECIMAL(76, 0))"
    return decimal_cell(cell, f"{cell} IS NOT NULL", whole, decimals, digits)
