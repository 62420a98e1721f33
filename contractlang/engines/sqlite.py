"""SQLite 3.25 and later: a file of the usage's folder, opened for reading only; no extra is needed.

SQLite has no type for times or exact decimals: a column holds whatever was written into it. So what texts
and numbers say is read cell by cell, and each column that is asked for is written once as integers into a
temporary table, which SQLite keeps on disk where memory lacks. Nothing is written into the file.
"""

# ruff: noqa: S608  Names in the SQL below are quoted by `identifier` or our own.

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from contractlang.engines.engine import Cell, EngineFault, SourceTable, identifier
from contractlang.engines.reading import (
    FIRST_DAY,
    FIRST_MICROSECOND,
    LAST_DAY,
    LAST_MICROSECOND,
    LONGEST_SECONDS,
)
from contractlang.engines.spelling import name_parts, respelled

_OLDEST = (3, 25)
_BATCH = 5000
_PATIENCE = 15
"""Seconds to wait for someone who writes into the database."""

_CACHE = 64 * 1024
"""Kilobytes of a temporary table that are kept in memory."""

_64_BITS = 2**63
_EXACT_DIGITS = 15
"""A decimal of so many digits is the only one that its binary float stands for."""

_EPOCH, _EPOCH_DAY = datetime(1970, 1, 1), date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ](\d\d:\d\d)(:\d\d(?:(\.\d{1,6})0*)?)?([Zz]|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_CLOCK = re.compile(r"(\d{1,6}):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.(\d{1,20}))?|\.(\d{1,20}))", re.ASCII)
_DECLARED = re.compile(r"(?:DECIMAL|NUMERIC|NUMBER)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?", re.IGNORECASE)


class SQLite:
    """One file of SQLite, or several; see `Engine`."""

    name = "sqlite"
    lays_many = True

    def __init__(self, address: str = "") -> None:
        if sqlite3.sqlite_version_info < _OLDEST:
            raise EngineFault(
                f"SQLite {sqlite3.sqlite_version} is too old: Python needs one of 3.25 or later"
            )
        self._files: dict[Path, str] = {}
        self._connection: sqlite3.Connection | None = sqlite3.connect(
            ":memory:", timeout=_PATIENCE, isolation_level=None, check_same_thread=False, uri=True
        )
        with self._faults() as connection:
            # What the schema of a file says runs no function of ours, and large tables go to disk.
            for pragma in ("trusted_schema = off", "temp_store = file", f"temp.cache_size = -{_CACHE}"):
                connection.execute(f"PRAGMA {pragma}")
            for function, arguments in _FUNCTIONS.items():
                name = f"contractlang{function.__name__}"
                connection.create_function(name, arguments, function, deterministic=True)
            connection.create_aggregate("contractlang_sum", 1, _Sum)

    def relation(self, table: SourceTable) -> str:
        """The table in its file; raises EngineFault where there is none."""
        file, name = self._place(table)
        with self._faults() as connection:
            # Letters of either case are the same to SQLite.
            found = connection.execute(
                f"SELECT name FROM {file}.sqlite_master WHERE type IN ('table', 'view') "
                "AND lower(name) = lower(?)",
                (name,),
            ).fetchone()
        if found is None:
            raise EngineFault(f"the database has no table {table.table}")
        return f"{file}.{identifier(found[0])}"

    def columns(self, table: SourceTable) -> dict[str, str]:
        """Names and types as the table was declared; a column of a view may have no type, which is ''."""
        self.relation(table)
        file, name = self._place(table)
        with self._faults() as connection:
            found = connection.execute(
                "SELECT name, type FROM pragma_table_xinfo(?, ?) WHERE hidden <> 1", (name, file)
            )
            return {column: str(type_) for column, type_ in found}

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """See `Engine.cell`; what SQLite declares is no promise, so each cell is looked at."""
        cell = identifier(column)
        affinity = _affinity(given)
        if affinity in ("REAL", "BLOB") and given:
            return None
        if wanted == "text":
            # Texts are equal that have the same characters, whatever the column's collation says.
            text = f"CASE typeof({cell}) WHEN 'text' THEN nullif({cell}, '') WHEN 'integer' THEN {cell} END"
            wrong = f"typeof({cell}) IN ('real', 'blob')"
            return Cell(f"CAST({text} AS TEXT) COLLATE BINARY", wrong=wrong)
        if wanted == "boolean":
            word = f"lower(CAST({cell} AS TEXT))"
            yes, no = "('true', 'yes', '1')", "('false', 'no', '0')"
            return _read(cell, f"CASE WHEN {word} IN {yes} THEN 1 WHEN {word} IN {no} THEN 0 END")
        if wanted == "date" and affinity != "INTEGER":
            return _read(cell, f"contractlang_day({cell})", bound=LAST_DAY)
        if wanted == "timestamp" and affinity != "INTEGER":
            return self._time(table, cell)
        if wanted == "duration":
            return _read(cell, f"contractlang_length({cell})", bound=LONGEST_SECONDS * 1_000_000)
        if wanted in ("number", "money"):
            return self._decimal(table, cell, given)
        return None

    def quotient(self, dividend: str, divisor: int) -> str:
        """Two whole numbers have a whole quotient in SQLite, cut towards zero."""
        return f"(({dividend}) / {divisor})"

    def define(self, name: str, sql: str) -> None:
        """A temporary table of what the query gives now, so that no cell is read twice."""
        with self._faults() as connection:
            connection.execute(f"CREATE TEMP TABLE {name} AS {sql}")

    def lay(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> None:
        """A temporary table, found by its first column where that tells its rows apart."""
        told_apart = len({row[0] for row in rows}) == len(rows)
        named = [f"{column} INTEGER" for column in columns]
        if told_apart:
            named[0] += " PRIMARY KEY"
        with self._faults() as connection:
            connection.execute(f"CREATE TEMP TABLE {name} ({', '.join(named)})")
            marks = ", ".join("?" for _ in columns)
            connection.execute("BEGIN")
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
            connection.execute("COMMIT")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._faults() as connection:
            return [_plain(row) for row in connection.execute(_exactly(sql))]

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query as they are found."""
        with self._faults() as connection:
            cursor = connection.execute(_exactly(sql))
            while batch := cursor.fetchmany(_BATCH):
                yield [_plain(row) for row in batch]

    def close(self) -> None:
        """Let go of the files and of the temporary tables."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _place(self, table: SourceTable) -> tuple[str, str]:
        """The name under which the file of a table is open, and the name of the table in it."""
        if table.table is None or len(table.files) != 1:
            raise EngineFault("SQLite reads a table of one file: name it as in source: sqlite:wfm.db")
        parts = name_parts(table.table)
        if len(parts) == 2 and parts[0].lower() == "main":
            parts = parts[1:]
        if len(parts) != 1:
            raise EngineFault(
                f"the name of the table has several parts: {table.table}; quote it to have a dot"
            )
        (path,) = table.files
        if path not in self._files:
            file = f"file{len(self._files)}"
            with self._faults() as connection:
                connection.execute(f"ATTACH ? AS {file}", (f"{path.as_uri()}?mode=ro",))
                connection.execute(f"SELECT count(*) FROM {file}.sqlite_master").fetchone()
            self._files[path] = file
        return self._files[path], parts[0]

    def _time(self, table: SourceTable, cell: str) -> Cell:
        """A column of times: instants where all of them have an offset, else times of the wall clock."""
        zoned = f"contractlang_is_zoned({cell})"
        ((least, greatest),) = self.rows(f"SELECT min({zoned}), max({zoned}) FROM {self.relation(table)}")
        instant = least == greatest == 1
        value = f"contractlang_moment({cell}, {int(instant)})"
        return _read(cell, value, instant=instant, bound=LAST_MICROSECOND)

    def _decimal(self, table: SourceTable, cell: str, given: str) -> Cell:
        if _affinity(given) == "INTEGER":
            return _read(cell, f"CASE typeof({cell}) WHEN 'integer' THEN {cell} END", bound=_64_BITS)
        declared = _DECLARED.fullmatch(given)
        # A decimal of few digits may have become a binary float, which then stands for no other.
        floats = int(declared is not None)
        if declared is not None and declared[1] is not None:
            decimals = int(declared[2] or 0)
        else:
            asked = f"SELECT max(contractlang_decimals({cell}, {floats})) FROM {self.relation(table)}"
            decimals = self.rows(asked)[0][0] or 0
        value = f"contractlang_number({cell}, {decimals}, {floats})"
        return _read(cell, value, decimals=decimals, bound=_64_BITS)

    @contextmanager
    def _faults(self) -> Iterator[sqlite3.Connection]:
        if self._connection is None:
            raise EngineFault("the database is closed")
        try:
            yield self._connection
        except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError) as fault:
            raise EngineFault(_words(fault)) from None


def _read(
    cell: str, value: str, *, decimals: int = 0, instant: bool = False, bound: int | None = None
) -> Cell:
    """A cell that is wrong where it is neither empty nor has a value."""
    wrong = f"({cell} IS NOT NULL AND {cell} <> '' AND {value} IS NULL)"
    return Cell(value, decimals, instant, bound, wrong)


def _affinity(given: str) -> str:
    """What SQLite makes of a declared type: https://www.sqlite.org/datatype3.html, section 3.1."""
    word = given.upper()
    if "INT" in word:
        return "INTEGER"
    if "CHAR" in word or "CLOB" in word or "TEXT" in word:
        return "TEXT"
    if "BLOB" in word or not word:
        return "BLOB"
    return "REAL" if "REAL" in word or "FLOA" in word or "DOUB" in word else "NUMERIC"


def _exactly(sql: str) -> str:
    # SQLite's own sum ends with 64 bits; where the text asks for more, ours has no end.
    words = {"sum": "contractlang_sum"} if "DECIMAL(38, 0)" in sql else {}
    return respelled(sql, lambda text: "'" + text.replace("'", "''") + "'", identifier, words)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    # Only a sum of more than 64 bits comes as bytes.
    return tuple(int(value) if isinstance(value, bytes) else value for value in row)


class _Sum:
    """A sum of whole numbers without an end; None where there are none."""

    def __init__(self) -> None:
        self.total: int | None = None

    def step(self, value: int | None) -> None:
        if value is not None:
            self.total = (self.total or 0) + value

    def finalize(self) -> Any:
        total = self.total
        return total if total is None or -_64_BITS <= total < _64_BITS else str(total).encode()


def _words(fault: Exception) -> str:
    """Why SQLite could not answer, without the path of the file."""
    said = str(fault)
    known = {
        "not a database": "the file is no database of SQLite",
        "malformed": "the file is damaged: restore it, or copy it anew while nobody writes into it",
        "unable to open": "the file cannot be opened: it is not there, or it or its journal may not be read",
        "locked": "someone writes into the database: run it again when they are done",
        "disk is full": "no space is left for temporary tables",
        "disk I/O": "the disk failed, or the file was cut short",
        "integer overflow": "a number passes 64 bits",
        "decode to UTF-8": "a text of the table is not UTF-8",
    }
    return next((ours for word, ours in known.items() if word in said), said.splitlines()[0] if said else "")


# ---- what cells say; SQL calls these, and None is what cannot be read

# The same cell is asked for its least, its greatest and its count, one after the other; and SQLite computes
# an inner expression again wherever the outer query names it.
_remembered = lru_cache(maxsize=256, typed=True)


@_remembered
def _moment(value: object, zoned: int) -> int | None:
    """The microseconds since 1970 of a time as text; it has an offset, and they are of UTC, if `zoned`."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    found = _TIME.fullmatch(text)
    if found is None or (found[4] is not None) != bool(zoned):
        return None
    fraction = found[3] or ""
    try:
        moment = datetime.fromisoformat(f"{text[:10]}T{found[1]}{(found[2] or ':00')[:3]}{found[4] or ''}")
    except ValueError:
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    micros = (moment - _EPOCH) // _MICROSECOND + int(fraction[1:].ljust(6, "0"))
    return micros if FIRST_MICROSECOND <= micros <= LAST_MICROSECOND else None


def _is_zoned(value: object) -> int | None:
    """Whether a time has an offset; None where it is no time."""
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    return None if found is None else int(found[4] is not None)


@_remembered
def _day(value: object) -> int | None:
    """The days since 1970 of a date as text."""
    if not isinstance(value, str) or _DATE.fullmatch(value.strip()) is None:
        return None
    try:
        day = date.fromisoformat(value.strip()).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


@_remembered
def _length(value: object) -> int | None:
    """The microseconds of a length of time: seconds as a number, or hours, minutes and seconds."""
    clock = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if clock is not None:
        seconds = (int(clock[1]) * 60 + int(clock[2])) * 60 + int(clock[3])
        return seconds * 1_000_000 + int((clock[4] or "").ljust(6, "0"))
    micros = _number(value, 6, 1)
    return micros if micros is not None and 0 <= micros <= LONGEST_SECONDS * 1_000_000 else None


@_remembered
def _number(value: object, decimals: int, floats: int) -> int | None:
    """A number as the integer of its last decimal, of which there are `decimals`; None where it has more."""
    found = _whole_and_decimals(value, floats)
    if found is None:
        return None
    whole, written = found
    if written <= decimals:
        whole *= 10 ** (decimals - written)
    elif whole % 10 ** (written - decimals):
        return None
    else:
        whole //= 10 ** (written - decimals)
    return whole if -_64_BITS < whole < _64_BITS else None


def _decimals(value: object, floats: int) -> int | None:
    """How many decimals a number has that are not all 0."""
    found = _whole_and_decimals(value, floats)
    if found is None:
        return None
    whole, written = found
    while written and whole % 10 == 0:
        whole, written = whole // 10, written - 1
    return written


def _whole_and_decimals(value: object, floats: int) -> tuple[int, int] | None:
    """All digits of a number as an integer, and how many of them are decimals; None where it is none."""
    if isinstance(value, int):
        return value, 0
    if isinstance(value, float) and floats:
        number = Decimal(repr(value))
        if not number.is_finite() or len(number.as_tuple().digits) > _EXACT_DIGITS:
            return None
        value = f"{number:f}"
    if not isinstance(value, str):
        return None
    found = _DECIMAL.fullmatch(value.strip())
    return None if found is None else (int(found[0].replace(".", "")), len(found[1] or found[2] or ""))


_FUNCTIONS: dict[Callable[..., Any], int] = {
    _moment: 2,
    _is_zoned: 1,
    _day: 1,
    _length: 1,
    _number: 3,
    _decimals: 2,
}
"""What SQL may call, and with how many arguments."""
