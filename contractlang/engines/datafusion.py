"""Apache DataFusion, embedded: Parquet files, read as they are asked for (extra `datafusion`).

What does not fit into a bound of memory is written beside, into a temporary folder. Only queries are run:
no statement changes a setting, makes a table or writes a file.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

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
from contractlang.engines.spelling import with_names

if TYPE_CHECKING:
    from datafusion import DataFrame

_BATCH = 5000
_MEMORY = 768 * 1024 * 1024
"""Bytes that queries may hold before they write beside."""

_WHOLE = {
    "int8": 7, "int16": 15, "int32": 31, "int64": 63, "uint8": 8, "uint16": 16, "uint32": 32,
}  # fmt: skip
_UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_MOMENT = re.compile(r"timestamp\[(s|ms|us|ns)(, tz=.*)?\]")
_LENGTH = re.compile(r"(?:duration|time32|time64)\[(s|ms|us|ns)\]")
_DECIMAL = re.compile(r"decimal(?:32|64|128)\((\d+), (\d+)\)")
_TEXT = re.compile(r"(?:large_)?string(?:_view)?")
_WORDS = re.compile(r"dictionary<values=(?:large_)?string(?:_view)?, .*>")
_DIGITS_OF_PRODUCT = 18


class DataFusion:
    """One session of DataFusion; see `Engine`."""

    name = "datafusion"
    lays_many = True

    def __init__(self, address: str = "") -> None:
        try:
            import datafusion
            import pyarrow
        except ImportError:
            raise EngineFault("DataFusion is not installed: pip install 'contractlang[datafusion]'") from None
        self._arrow = pyarrow
        self._beside = TemporaryDirectory(prefix="contractlang-", ignore_cleanup_errors=True)
        runtime = datafusion.RuntimeEnvBuilder().with_fair_spill_pool(_MEMORY)
        self._session: Any = datafusion.SessionContext(
            datafusion.SessionConfig().with_information_schema(False),
            runtime.with_disk_manager_specified(self._beside.name),
        )
        options = datafusion.SQLOptions().with_allow_ddl(False).with_allow_dml(False)
        self._queries_only = options.with_allow_statements(False)
        self._linked = Linked(self._beside.name)
        self._relations: dict[SourceTable, str] = {}

    def relation(self, table: SourceTable) -> str:
        """The files as one table under a name of ours; raises EngineFault where they are not alike."""
        if table not in self._relations:
            import pyarrow.parquet

            files = parquet_files("DataFusion", table)
            schemas = {}
            for path in files if len(files) > 1 else ():
                with self._faults(path.name):
                    schema = pyarrow.parquet.read_schema(path)
                    schemas[path.name] = {field.name: str(field.type) for field in schema}
            if schemas:
                require_alike(schemas)
            name = f"datafusion_files{len(self._relations)}"
            with self._faults(files[0].name if len(files) == 1 else None):
                self._session.register_parquet(name, self._linked.folder(files))
            self._relations[table] = name
        return self._relations[table]

    def columns(self, table: SourceTable) -> dict[str, str]:
        """Names and types as Arrow writes them."""
        relation = self.relation(table)
        with self._faults():
            schema = self._session.table(relation).schema()
            return {field.name: str(field.type) for field in schema}

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """See `Engine.cell`."""
        cell = identifier(column)
        whole = f"CAST({cell} AS BIGINT)"
        if wanted == "text":
            return _text(cell, given)
        if wanted == "boolean":
            if given == "bool":
                return Cell(cell)
            return checked(cell, f"{cell} IN (0, 1)", f"{cell} = 1") if given in _WHOLE else None
        moment = _MOMENT.fullmatch(given)
        if wanted == "timestamp" and moment is not None:
            return moment_cell(cell, whole, _UNITS[moment[1]], moment[2] is not None, self.quotient)
        if wanted == "date" and given == "date32[day]":
            return day_cell(cell, f"CAST(CAST({cell} AS INT) AS BIGINT)")
        if wanted == "duration":
            length = _LENGTH.fullmatch(given)
            if length is not None:
                return length_cell(cell, whole, _UNITS[length[1]], self.quotient)
            number = _number(cell, given)
            if number is None or (number.bound or 0) > 2**63:
                return None
            return length_cell(cell, number.sql, 10**number.decimals, self.quotient)
        if wanted in ("number", "money"):
            return _number(cell, given)
        return None

    def quotient(self, dividend: str, divisor: int) -> str:
        """Two whole numbers have a whole quotient in DataFusion, cut towards zero."""
        return f"(({dividend}) / {divisor})"

    def define(self, name: str, sql: str) -> None:
        """A view of the session."""
        with self._faults():
            self._session.register_view(name, self._asked(sql))

    def lay(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> None:
        """A table in memory."""
        arrow = self._arrow
        with self._faults():
            lists = [[row[index] for row in rows] for index in range(len(columns))]
            arrays = [arrow.array(one, arrow.int64()) for one in lists]
            batch = arrow.record_batch(arrays, names=list(columns))
            self._session.register_record_batches(name, [[batch]])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return [row for batch in self.batches(sql) for row in batch]

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query as they are found."""
        with self._faults():
            for found in self._asked(with_names(sql)).execute_stream():
                batch = found.to_pyarrow()
                for first in range(0, batch.num_rows, _BATCH):
                    part = batch.slice(first, _BATCH)
                    yield list(zip(*(column.to_pylist() for column in part.columns), strict=True))

    def close(self) -> None:
        """Let go of the session and of its temporary folder."""
        self._session = None
        self._beside.cleanup()

    def _asked(self, sql: str) -> "DataFrame":
        if self._session is None:
            raise EngineFault("the session of DataFusion is closed")
        self._linked.require_all()
        found: DataFrame = self._session.sql_with_options(sql, self._queries_only)
        return found

    @contextmanager
    def _faults(self, file: str | None = None) -> Iterator[None]:
        try:
            yield
        except (EngineFault, GeneratorExit, KeyboardInterrupt):
            raise
        except Exception as fault:
            # DataFusion raises ValueError and Exception itself, Arrow and the disk their own.
            raise EngineFault(_words(fault, file)) from None
        except BaseException as fault:
            if type(fault).__name__ != "PanicException":
                raise
            raise EngineFault(_words(fault, file)) from None


def _words(fault: BaseException, file: str | None) -> str:
    """Why DataFusion could not answer: its first line, without the paths of files."""
    said = str(fault)
    which = f"the file {file}" if file else "a file of the table"
    if isinstance(fault, FileNotFoundError) or "No such file" in said or "No files found" in said:
        return f"{which} is no longer there"
    if isinstance(fault, PermissionError) or "ermission denied" in said:
        return f"{which} may not be read"
    if "Resources exhausted" in said or isinstance(fault, MemoryError):
        return "memory ran out"
    if "No space left" in said:
        return "no space is left on the disk"
    if re.search(r"parquet|thrift|snappy|zstd|\bEOF\b", said, re.IGNORECASE):
        return f"{which} is cut short or damaged, or is no Parquet file: export or copy it anew"
    lines = [line for line in said.splitlines() if line.strip() not in ("", "caused by")]
    first = lines[0] if lines else type(fault).__name__
    return first.removeprefix("DataFusion error: ")


# ---- cells


def _text(cell: str, given: str) -> Cell | None:
    if given in _WHOLE or given == "uint64":
        return Cell(f"CAST({cell} AS VARCHAR)")
    if given == "bool":
        return Cell(f"CASE WHEN {cell} THEN 'true' WHEN NOT {cell} THEN 'false' END")
    if _TEXT.fullmatch(given):
        return Cell(f"nullif({cell}, '')")
    return Cell(f"nullif(CAST({cell} AS VARCHAR), '')") if _WORDS.fullmatch(given) else None


def _number(cell: str, given: str) -> Cell | None:
    if given in _WHOLE:
        return Cell(f"CAST({cell} AS BIGINT)", bound=2 ** _WHOLE[given])
    if given == "uint64":
        return Cell(f"CAST({cell} AS DECIMAL(38, 0))", bound=2**64)
    number = _DECIMAL.fullmatch(given)
    if number is None:
        return None
    digits, decimals = int(number[1]), int(number[2])
    whole = cell
    if decimals and digits <= _DIGITS_OF_PRODUCT:
        whole = f"{cell} * CAST({10**decimals} AS DECIMAL({decimals + 1}, 0))"
    elif decimals:
        # A longer product would pass 38 digits; the digits of the decimal as text are exact.
        whole = f"replace(CAST({cell} AS VARCHAR), '.', '')"
    return decimal_cell(cell, f"{cell} IS NOT NULL", whole, decimals, digits)
