"""Apache Spark: rows are counted on a cluster, or on the cores of one machine.

The library is PySpark with a Java of its own (extra `spark`). Where Spark runs comes from Spark's own
settings: SPARK_REMOTE, `spark.master` in its configuration, else all cores of this machine; an address may
name a master (`spark://host:7077`) or a server of Spark Connect (`sc://host`). The session is built when
the first table is asked for. It reads tables of its catalog, and Parquet files that all its executors see.
"""

import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from contractlang.engines.engine import Cell, EngineFault, SourceTable
from contractlang.engines.reading import (
    FIRST_DAY,
    FIRST_MICROSECOND,
    LAST_DAY,
    LAST_MICROSECOND,
    LONGEST_SECONDS,
    MOST_DIGITS,
    checked,
)
from contractlang.engines.spelling import backslashed, name_parts, respelled

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_BATCH = 5000

_BEFORE_START = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
}
_SETTINGS = {
    # An overflow or a quotient by zero is an error and never NULL.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    # What `backslashed` writes rests on these two.
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    # Days are counted as every other engine counts them, also those before the calendar of 1582.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}

_WHOLE = {"tinyint": 7, "smallint": 15, "int": 31, "bigint": 63}
_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
_TEXT = re.compile(r"(string|varchar\(\d+\)|char\(\d+\))( collate \w+)?")
_INTERVAL = re.compile(r"interval (day|hour|minute|second)( to (hour|minute|second))?")
_DIGITS_OF_PRODUCT = 18
"""A decimal of so many digits times a power of ten stays within the 38 digits of Spark."""


class Spark:
    """One session of Spark; see `Engine`."""

    name = "spark"
    lays_many = True

    def __init__(self, address: str = "") -> None:
        if address.startswith("sc:") and ";" in address:
            raise EngineFault(
                "an address of Spark Connect has no parameters here: set SPARK_REMOTE for those"
            )
        self._address = address
        self._started: SparkSession | None = None
        self._owned = False
        self._closed = False
        self._relations: dict[SourceTable, str] = {}
        self._views: list[str] = []

    def relation(self, table: SourceTable) -> str:
        """A view over the files, or the name of the table with its catalog and schema."""
        if table not in self._relations:
            with self._faults():
                self._relations[table] = self._files(table) if table.files else self._table(table)
        return self._relations[table]

    def columns(self, table: SourceTable) -> dict[str, str]:
        """Names and types as Spark writes them."""
        relation = self.relation(table)
        with self._faults():
            fields = self._session.table(_spelled(relation)).schema.fields
            return {field.name: field.dataType.simpleString() for field in fields}

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """See `Engine.cell`."""
        # The canonical text is respelled as a whole, so a column is quoted as the standard does.
        cell = '"' + column.replace('"', '""') + '"'
        if wanted == "text":
            return _text(cell, given)
        if wanted == "boolean":
            if given == "boolean":
                return Cell(cell)
            return checked(cell, f"{cell} IN (0, 1)", f"{cell} = 1") if given in _WHOLE else None
        if wanted == "timestamp" and given in ("timestamp", "timestamp_ntz"):
            # Without a zone the wall clock is read as UTC, which the session is in.
            micros = f"unix_micros(CAST({cell} AS TIMESTAMP))"
            inside = f"{micros} BETWEEN {FIRST_MICROSECOND} AND {LAST_MICROSECOND}"
            return checked(cell, inside, micros, instant=given == "timestamp", bound=LAST_MICROSECOND)
        if wanted == "date" and given == "date":
            days = f"CAST(unix_date({cell}) AS BIGINT)"
            return checked(cell, f"{days} BETWEEN {FIRST_DAY} AND {LAST_DAY}", days, bound=LAST_DAY)
        if wanted == "duration":
            return _duration(cell, given)
        if wanted in ("number", "money"):
            return _number(cell, given)
        return None

    def quotient(self, dividend: str, divisor: int) -> str:
        """Spark's own whole quotient."""
        return f"(({dividend}) div {divisor})"

    def define(self, name: str, sql: str) -> None:
        """A temporary view of the session."""
        with self._faults():
            self._session.sql(_spelled(sql)).createOrReplaceTempView(name)
            self._views.append(name)

    def lay(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> None:
        """A temporary view over one literal for each column, which every executor can read by itself."""
        texts = [",".join(str(int(row[index])) for row in rows) for index in range(len(columns))]
        arrays = ", ".join(f"CAST(split('{text}', ',') AS ARRAY<BIGINT>)" for text in texts)
        names = ", ".join(columns)
        if rows:
            self.define(name, f"SELECT inline(arrays_zip({arrays})) AS ({names})")
        else:
            nothing = ", ".join(f"CAST(0 AS BIGINT) AS {column}" for column in columns)
            self.define(name, f"SELECT {nothing} WHERE false")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query, brought to this process."""
        with self._faults():
            return [tuple(row) for row in self._session.sql(_spelled(sql)).collect()]

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, of one partition after the other."""
        with self._faults():
            batch: list[tuple[Any, ...]] = []
            for row in self._session.sql(_spelled(sql)).toLocalIterator():
                batch.append(tuple(row))
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
            if batch:
                yield batch

    def close(self) -> None:
        """Stop the session where it was started here; in another's, take back the views."""
        session, self._started = self._started, None
        self._closed = True
        if session is None:
            return
        # What fails here is that Spark has ended already.
        with suppress(Exception), _silence():
            if self._owned:
                session.stop()
            else:
                for view in self._views:
                    session.catalog.dropTempView(view)

    # ---- tables

    def _files(self, table: SourceTable) -> str:
        strange = [path.name for path in table.files if path.suffix.lower() not in (".parquet", ".pq")]
        if strange:
            raise EngineFault(f"Spark reads Parquet files here, and {strange[0]} is none by its name")
        paths = [f"file://{path}" for path in table.files]
        rows = self._parquet(*paths)
        whole = set(rows.columns)
        # A column that one file lacks would be empty in all its rows, and nobody would be told.
        for path in paths if len(paths) > 1 else ():
            lacking = sorted(whole.difference(self._parquet(path).columns))
            if lacking:
                name = path.rpartition("/")[2]
                raise EngineFault(f'the file {name} has no column "{lacking[0]}", which other files have')
        view = f"contractlang_files{len(self._views)}"
        rows.createOrReplaceTempView(view)
        self._views.append(view)
        return view

    def _parquet(self, *paths: str) -> "DataFrame":
        # A name of a file is no pattern, whatever characters it has.
        reader = self._session.read.option("mergeSchema", "true").option("__globPaths__", "false")
        return reader.parquet(*paths)

    def _table(self, table: SourceTable) -> str:
        if table.table is None:
            raise EngineFault("Spark reads tables of its catalog, or files: name one with `table:`")
        parts = name_parts(table.table)
        if len(parts) > 3:
            raise EngineFault(f"{table.table} has more parts than catalog, schema and table")
        catalog, schema = self._session.sql("SELECT current_catalog(), current_database()").collect()[0]
        whole = [*[catalog, schema][: 3 - len(parts)], *parts]
        # All three parts: no view of ours and no path of a file is meant by them.
        name = ".".join(map(_identifier, whole))
        self._session.table(name).schema  # noqa: B018  Asking says whether there is such a table.
        return ".".join('"' + part.replace('"', '""') + '"' for part in whole)

    # ---- the session

    @property
    def _session(self) -> "SparkSession":
        if self._closed:
            raise EngineFault("the session of Spark is closed")
        if self._started is None:
            self._started, self._owned = _start(self._address)
        return self._started

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (EngineFault, GeneratorExit, KeyboardInterrupt):
            raise
        except Exception as fault:
            # PySpark, Py4J, gRPC and the sockets between them each have faults of their own.
            raise EngineFault(_words(fault)) from None


def _start(address: str) -> tuple["SparkSession", bool]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pyspark.sql import SparkSession
    except ImportError:
        raise EngineFault("PySpark is not installed: pip install 'contractlang[spark]'") from None
    # It would print the stack of each fault, which is said in words here.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
    active = SparkSession.getActiveSession()
    with _silence() as said, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if active is not None:
                session = active.newSession()
            else:
                builder = SparkSession.builder.appName("contractlang")
                for key, value in _BEFORE_START.items():
                    builder = builder.config(key, value)
                if address.startswith("sc://"):
                    builder = builder.remote(address)
                elif address.startswith("spark://"):
                    builder = builder.master(address)
                session = builder.getOrCreate()
                with suppress(Exception):
                    session.sparkContext.setLogLevel("OFF")  # Spark Connect has no context.
            for key, value in _SETTINGS.items():
                session.conf.set(key, value)
        except Exception as fault:
            raise EngineFault(_no_session(fault, said)) from None
    return session, active is None


def _no_session(fault: Exception, said: IO[bytes]) -> str:
    said.seek(0)
    text = said.read().decode(errors="replace") + str(fault)
    if "UnsupportedClassVersion" in text:
        return "the Java that is there is too old for Spark: install Java 17, or set JAVA_HOME to one"
    if re.search(r"JAVA_HOME is not set|\bjava: .*(not found|No such file)|No such file.*java'", text):
        return "Spark needs Java, and none runs here: install Java 17, or set JAVA_HOME"
    return "Spark does not start, or no cluster answers: see spark.master and SPARK_REMOTE"


def _words(fault: Exception) -> str:
    """Why a query failed: Spark's first sentence, without the stack and the query."""
    if isinstance(fault, OSError | EOFError):
        return "Spark ended in the middle of a query: run it again"
    said = str(fault)
    if "TABLE_OR_VIEW_NOT_FOUND" in said or "REQUIRES_SINGLE_PART_NAMESPACE" in said:
        found = re.search(r"table or view (`.*`) cannot be found", said)
        return f"Spark has no table {found[1].replace('`', '')}" if found else "Spark has no such table"
    if any(
        word in said for word in ("Answer from Java side is empty", "error while receiving", "UNAVAILABLE")
    ):
        return "Spark ended in the middle of a query: run it again"
    if ("PERMISSION" in said.upper() and "DENIED" in said.upper()) or "AccessControlException" in said:
        return "Spark's user may not read the table or a file of it"
    if "FAILED_READ_FILE" in said or "is not a Parquet file" in said or "CANNOT_READ_FILE_FOOTER" in said:
        found = re.search(r"/([^/\n]+\.(?:parquet|pq))\b", said)
        which = f"the file {found[1]}" if found else "a file"
        return f"{which} is cut short or damaged, or is no Parquet file: export or copy it anew"
    if "CANNOT_MERGE_SCHEMAS" in said or "CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE" in said:
        return "the files of the table give a column different types: write them alike"
    found = re.search(r"\[[A-Z_]+(?:\.[A-Z_]+)*\] (.*?)(?: SQLSTATE: |\n|$)", said)
    return found[1] if found else f"Spark could not answer ({type(fault).__name__})"


@contextmanager
def _silence() -> Iterator[IO[bytes]]:
    """Send what is printed to a file: the Java beside us inherits it, and an invoice is on our own output."""
    with TemporaryFile() as said:
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, ValueError):
                stream.flush()
        saved = [os.dup(1), os.dup(2)]
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        try:
            yield said
        finally:
            for place, kept in zip((1, 2), saved, strict=True):
                os.dup2(kept, place)
                os.close(kept)


def _identifier(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _spelled(sql: str) -> str:
    # A VARCHAR has a length in Spark, where a text of any length is a STRING.
    return respelled(sql, lambda text: backslashed(text, "'"), _identifier, {"VARCHAR": "STRING"})


# ---- cells


def _text(cell: str, given: str) -> Cell | None:
    if given in _WHOLE:
        return Cell(f"CAST({cell} AS STRING)")
    if given == "boolean":
        return Cell(f"CASE WHEN {cell} THEN 'true' WHEN NOT {cell} THEN 'false' END")
    kind = _TEXT.fullmatch(given)
    if kind is None:
        return None
    if kind[2]:
        cell = f"{cell} COLLATE UTF8_BINARY"
    if given.startswith("char"):
        cell = f"rtrim({cell})"  # The type pads with spaces, which mean nothing.
    return Cell(f"nullif({cell}, '')")


def _duration(cell: str, given: str) -> Cell | None:
    inside = f"{cell} BETWEEN 0 AND {LONGEST_SECONDS}"
    bound = LONGEST_SECONDS * 1_000_000
    if given in _WHOLE:
        return checked(cell, inside, f"CAST({cell} AS BIGINT) * 1000000", bound=bound)
    number = _DECIMAL.fullmatch(given)
    if number is not None and int(number[1]) <= _DIGITS_OF_PRODUCT:
        micros = f"{cell} * 1000000"
        whole = f"{micros} = CAST({micros} AS DECIMAL(38, 0))"
        return checked(cell, f"{inside} AND {whole}", f"CAST({micros} AS BIGINT)", bound=bound)
    if _INTERVAL.fullmatch(given):
        micros = f"unix_micros(TIMESTAMP '1970-01-01 00:00:00Z' + {cell})"
        return checked(cell, f"{micros} BETWEEN 0 AND {bound}", micros, bound=bound)
    return None


def _number(cell: str, given: str) -> Cell | None:
    if given in _WHOLE:
        return Cell(f"CAST({cell} AS BIGINT)", bound=2 ** _WHOLE[given])
    number = _DECIMAL.fullmatch(given)
    if number is None:
        return None
    digits, decimals = int(number[1]), int(number[2])
    if digits <= _DIGITS_OF_PRODUCT:
        whole = cell if not decimals else f"{cell} * CAST({10**decimals} AS DECIMAL({decimals + 1}, 0))"
        return Cell(f"CAST({whole} AS BIGINT)", decimals, bound=10**digits)
    # A longer product would be rounded to 38 digits; the digits of the decimal as text are exact.
    text = f"replace(CAST({cell} AS STRING), '.', '')"
    return Cell(f"CAST({text} AS DECIMAL({MOST_DIGITS}, 0))", decimals, bound=10**digits)
