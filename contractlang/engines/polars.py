"""Polars, embedded: Parquet files, scanned as they are asked for (extra `polars`).

Queries are lazy frames of Polars' own SQL, run by its streaming engine: memory holds groups and not rows,
but for what needs an order, such as the latest value of a day.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contractlang.engines.engine import Cell, EngineFault, SourceTable, identifier
from contractlang.engines.reading import (
    checked,
    day_cell,
    decimal_cell,
    length_cell,
    moment_cell,
    parquet_files,
    require_alike,
)
from contractlang.engines.spelling import wide_integers, with_names

if TYPE_CHECKING:
    from polars import LazyFrame

_BATCH = 5000
_WHOLE = {
    "Int8": 7, "Int16": 15, "Int32": 31, "Int64": 63, "UInt8": 8, "UInt16": 16, "UInt32": 32,
}  # fmt: skip
_UNITS = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_MOMENT = re.compile(r"Datetime\(time_unit='(\w+)', time_zone=(None|'.*')\)")
_LENGTH = re.compile(r"Duration\(time_unit='(\w+)'\)")
_DECIMAL = re.compile(r"Decimal\(precision=(\d+), scale=(\d+)\)")
_TEXT = re.compile(r"String|Categorical.*|Enum.*", re.DOTALL)
_DIGITS_OF_64_BITS = 18


class Polars:
    """One context of Polars' SQL; see `Engine`."""

    name = "polars"
    lays_many = True

    def __init__(self, address: str = "") -> None:
        try:
            import polars
        except ImportError:
            raise EngineFault("Polars is not installed: pip install 'contractlang[polars]'") from None
        self._polars = polars
        self._context: Any = polars.SQLContext(eager=False)
        self._relations: dict[SourceTable, str] = {}

    def relation(self, table: SourceTable) -> str:
        """A scan of the files under a name of ours; raises EngineFault where they are not alike."""
        if table not in self._relations:
            polars = self._polars
            files = parquet_files("Polars", table)
            schemas = {}
            for path in files:
                with self._faults(path.name), _silence():
                    schemas[path.name] = _scan(polars, path).collect_schema()
            require_alike(
                {name: {column: str(type_) for column, type_ in one.items()} for name, one in schemas.items()}
            )
            with self._faults():
                scans = [_scan(polars, path) for path in files]
                # Files may have their columns in different orders.
                names = list(schemas[files[0].name])
                whole = polars.concat([scan.select(names) for scan in scans])
                name = f"polars_files{len(self._relations)}"
                self._context.register(name, whole)
            self._relations[table] = name
        return self._relations[table]

    def columns(self, table: SourceTable) -> dict[str, str]:
        """Names and types as Polars writes them."""
        relation = self.relation(table)
        with self._faults():
            schema = self._context.execute(f"SELECT * FROM {relation}").collect_schema()  # noqa: S608
            return {name: str(type_) for name, type_ in schema.items()}

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """See `Engine.cell`."""
        cell = identifier(column)
        whole = f"CAST({cell} AS BIGINT)"
        if wanted == "text":
            return _text(cell, given)
        if wanted == "boolean":
            if given == "Boolean":
                return Cell(cell)
            return checked(cell, f"{cell} IN (0, 1)", f"{cell} = 1") if given in _WHOLE else None
        moment = _MOMENT.fullmatch(given)
        if wanted == "timestamp" and moment is not None:
            return moment_cell(cell, whole, _UNITS[moment[1]], moment[2] != "None", self.quotient)
        if wanted == "date" and given == "Date":
            return day_cell(cell, whole)
        if wanted == "duration":
            length = _LENGTH.fullmatch(given)
            if length is not None or given == "Time":
                return length_cell(cell, whole, _UNITS[length[1] if length else "ns"], self.quotient)
            number = _number(cell, given)
            if number is None or given == "UInt64" or (number.bound or 0) > 2**63:
                return None
            return length_cell(cell, number.sql, 10**number.decimals, self.quotient)
        if wanted in ("number", "money"):
            return _number(cell, given)
        return None

    def quotient(self, dividend: str, divisor: int) -> str:
        """Polars' own whole quotient, which is cut towards zero."""
        return f"(({dividend}) // {divisor})"

    def define(self, name: str, sql: str) -> None:
        """A lazy frame, which becomes part of the queries that name it."""
        with self._faults():
            self._context.register(name, self._context.execute(wide_integers(sql)))

    def lay(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> None:
        """A frame in memory."""
        with self._faults():
            schema = dict.fromkeys(columns, self._polars.Int64)
            frame = self._polars.DataFrame([list(row) for row in rows], schema=schema, orient="row")
            self._context.register(name, frame.lazy())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._faults():
            found: list[tuple[Any, ...]] = self._asked(sql).collect(engine="streaming").rows()
            return found

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query as the streaming engine finds them."""
        with self._faults():
            for frame in self._asked(sql).collect_batches(chunk_size=_BATCH, engine="streaming"):
                for part in frame.iter_slices(_BATCH):
                    yield part.rows()

    def close(self) -> None:
        """Forget the scans and the small tables."""
        self._context = None

    def _asked(self, sql: str) -> "LazyFrame":
        if self._context is None:
            raise EngineFault("the context of Polars is closed")
        found: LazyFrame = self._context.execute(with_names(wide_integers(sql)))
        return found

    @contextmanager
    def _faults(self, file: str | None = None) -> Iterator[None]:
        try:
            yield
        except (EngineFault, GeneratorExit, KeyboardInterrupt):
            raise
        except BaseException as fault:
            # A panic of Polars is no Exception of Python.
            if isinstance(fault, SystemExit):
                raise
            raise EngineFault(_words(fault, file)) from None


def _words(fault: BaseException, file: str | None) -> str:
    """Why Polars could not answer: its first line, without paths and plans."""
    said = str(fault)
    which = f"the file {file}" if file else "a file of the table"
    if isinstance(fault, FileNotFoundError):
        return f"{which} is no longer there"
    if isinstance(fault, PermissionError):
        return f"{which} may not be read"
    if "interval" in said and "import" in said:
        return f"{which} has a column of the type INTERVAL, which Polars does not read: use another engine"
    if "parquet" in said.lower() or "out of specification" in said or isinstance(fault, OSError):
        return f"{which} is cut short or damaged, or is no Parquet file: export or copy it anew"
    if isinstance(fault, MemoryError):
        return "memory ran out"
    lines = said.strip().splitlines()
    return lines[0] if lines else type(fault).__name__


def _scan(polars: Any, path: Path) -> Any:
    # The name of a file is no pattern, and that of a folder no column.
    return polars.scan_parquet(path, glob=False, hive_partitioning=False)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep from the terminal what Polars prints where a type of a file is not known to it."""
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


# ---- cells


def _text(cell: str, given: str) -> Cell | None:
    if given in _WHOLE or given == "UInt64":
        return Cell(f"CAST({cell} AS VARCHAR)")
    if given == "Boolean":
        return Cell(f"CASE WHEN {cell} THEN 'true' WHEN NOT {cell} THEN 'false' END")
    if given == "String":
        return Cell(f"nullif({cell}, '')")
    return Cell(f"nullif(CAST({cell} AS VARCHAR), '')") if _TEXT.fullmatch(given) else None


def _number(cell: str, given: str) -> Cell | None:
    if given in _WHOLE:
        return Cell(f"CAST({cell} AS BIGINT)", bound=2 ** _WHOLE[given])
    if given == "UInt64":
        return Cell(f"CAST({cell} AS DECIMAL(38, 0))", bound=2**64)
    number = _DECIMAL.fullmatch(given)
    if number is None:
        return None
    digits, decimals = int(number[1]), int(number[2])
    # The digits of a decimal as text are exact, where a product might have none left for its zeros.
    whole = f"replace(CAST({cell} AS VARCHAR), '.', '')" if decimals else cell
    if digits <= _DIGITS_OF_64_BITS and digits + decimals <= 2 * _DIGITS_OF_64_BITS and decimals:
        whole = f"{cell} * CAST({10**decimals} AS DECIMAL(38, 0))"
    return decimal_cell(cell, f"{cell} IS NOT NULL", whole, decimals, digits)
