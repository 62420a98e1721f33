"""PostgreSQL 14 and later: rows are counted in the database, which is only read.

The driver is psycopg (extra `postgresql`). An address is a URI of libpq (`postgresql:///wfm`), and what it
leaves out libpq takes from its environment: PGHOST, PGUSER, PGPASSWORD, PGSERVICE, a password file.
Every query is a read-only transaction of its own, so nothing is locked or idle between queries, and a
read-only replica serves as well. No view and no table is made: names are `WITH` clauses.
"""

# ruff: noqa: S608  Names in the SQL below are quoted by `identifier`, texts by `literal` or by the driver.

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from contractlang.engines.engine import Cell, EngineFault, SourceTable, identifier
from contractlang.engines.reading import (
    LONGEST_SECONDS,
    MOST_DECIMALS,
    MOST_DIGITS,
    checked,
    decimal_cell,
)
from contractlang.engines.spelling import WithClause, name_parts

if TYPE_CHECKING:
    import psycopg

_OLDEST = 140000
_PATIENCE = 15
"""Seconds to wait for a server that does not answer, where PGCONNECT_TIMEOUT and the address say nothing."""

_BATCH = 5000

_SETTINGS = (
    "SET default_transaction_read_only = on",
    "SET TimeZone = 'UTC'",
    # A backslash in a literal is a backslash: what `literal` writes rests on it.
    "SET standard_conforming_strings = on",
    # The rows of a server-side cursor are all fetched, so the quickest first row is no aim.
    "SET cursor_tuple_fraction = 1.0",
)

_COLUMNS = """
WITH RECURSIVE named(place, name, type, modifier) AS (
    SELECT attnum, attname, atttypid, atttypmod FROM pg_catalog.pg_attribute
    WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT place, name, typbasetype, CASE WHEN modifier = -1 THEN typtypmod ELSE modifier END
    FROM named JOIN pg_catalog.pg_type ON oid = type WHERE typtype = 'd'
)
SELECT name, CASE typtype WHEN 'e' THEN 'enum' ELSE pg_catalog.format_type(type, modifier) END
FROM named JOIN pg_catalog.pg_type ON oid = type WHERE typtype <> 'd' ORDER BY place
"""
"""The columns of a relation; a domain counts as the type that it narrows."""

_FOUND = """
SELECT c.oid, n.nspname, c.relname, c.relkind::text, has_any_column_privilege(c.oid, 'SELECT')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = to_regclass(%s)
"""

_WHOLE = {"smallint": 15, "integer": 31, "bigint": 63}
_TEXTS = re.compile(r"(text|name|uuid|enum|(\w+\.)?citext|character( varying)?(\(\d+\))?)")
_NUMERIC = re.compile(r"numeric(?:\((\d+),(-?\d+)\))?")
_TIME = re.compile(r"(timestamp|time)(?:\(\d\))? (with|without) time zone")


class PostgreSQL:
    """One connection to one database; see `Engine`."""

    name = "postgresql"
    lays_many = True

    def __init__(self, address: str) -> None:
        self._names = WithClause()
        self._oids: dict[str, int] = {}
        self._relations: dict[str, str] = {}
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = _connect(address)

    def relation(self, table: SourceTable) -> str:
        """The table with its schema, as the database finds it; raises EngineFault where there is none."""
        name = table.table
        if name is None:
            raise EngineFault("PostgreSQL reads tables and no files: name one with `table:`")
        if name not in self._relations:
            quoted = ".".join(map(identifier, name_parts(name)))
            found = self._fetched(_FOUND, (quoted,))
            if not found:
                raise EngineFault(f"the database has no table {name}, or its user may not see the schema")
            oid, schema, relation, kind, readable = found[0]
            if kind not in "rvmfp":
                raise EngineFault(f"{name} is neither a table nor a view")
            if not readable:
                raise EngineFault(f"the database's user may not read {name}: it needs the right SELECT on it")
            self._oids[name] = oid
            self._relations[name] = f"{identifier(schema)}.{identifier(relation)}"
        return self._relations[name]

    def columns(self, table: SourceTable) -> dict[str, str]:
        """Names and types as PostgreSQL writes them, an enum as `enum`."""
        self.relation(table)
        return dict(self._fetched(_COLUMNS, (self._oids[str(table.table)],)))

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """See `Engine.cell`; an infinite date, a NaN and an interval of months are wrong."""
        cell = identifier(column)
        if wanted == "text":
            return _text(cell, given)
        if wanted == "boolean":
            return _boolean(cell, given)
        if wanted == "duration":
            return _duration(cell, given)
        if wanted == "timestamp":
            return _timestamp(cell, given)
        if wanted == "date" and given == "date":
            inside = f"{cell} BETWEEN DATE '1000-01-01' AND DATE '2999-12-31'"
            return checked(cell, inside, f"CAST({cell} - DATE '1970-01-01' AS BIGINT)", bound=400_000)
        if wanted in ("number", "money"):
            return self._number(table, cell, given)
        return None

    def quotient(self, dividend: str, divisor: int) -> str:
        """Two whole numbers have a whole quotient in PostgreSQL, cut towards zero."""
        return f"(({dividend}) / {divisor})"

    def define(self, name: str, sql: str) -> None:
        """Keep a query for later ones, which it becomes part of like a view."""
        # Without the offset a column would be computed again wherever the query around it reads it.
        self._names.give(name, f"{name} AS NOT MATERIALIZED", f"{sql} OFFSET 0")

    def lay(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> None:
        """Keep a small table as arrays: thousands of rows are one literal to parse for each column."""
        arrays = [
            "CAST('{" + ",".join(str(int(row[index])) for row in rows) + "}' AS BIGINT[])"
            for index in range(len(columns))
        ]
        heading = f"{name} ({', '.join(columns)}) AS"
        self._names.give(name, heading, f"SELECT * FROM unnest({', '.join(arrays)})")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query, in a transaction of its own."""
        return self._fetched(self._names.before(sql))

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query through a cursor of the server, whose transaction ends with the last."""
        with self._transaction() as connection, connection.cursor(name="contractlang") as cursor:
            cursor.execute(self._names.before(sql))
            while batch := cursor.fetchmany(_BATCH):
                yield batch

    def close(self) -> None:
        """End the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _number(self, table: SourceTable, cell: str, given: str) -> Cell | None:
        if given in _WHOLE:
            return Cell(f"CAST({cell} AS BIGINT)", bound=2 ** _WHOLE[given])
        numeric = _NUMERIC.fullmatch(given)
        if numeric is None:
            return None
        if numeric[1] is not None:
            digits, decimals = int(numeric[1]), int(numeric[2])
            # A scale below zero leaves zeros before the point: they are digits of the whole number.
            return self._scaled(cell, max(decimals, 0), digits - min(decimals, 0))
        scale = f"min_scale({cell})"
        (row,) = self._fetched(
            f"SELECT max({scale}) FROM {self.relation(table)} WHERE {scale} <= {MOST_DECIMALS}"
        )
        return self._scaled(cell, row[0] or 0, None)

    def _scaled(self, cell: str, decimals: int, digits: int | None) -> Cell:
        whole = cell if not decimals else f"{cell} * {10**decimals}"
        limit = f"{10**MOST_DIGITS}"
        # NaN and the infinities lie outside every pair of bounds, and what has more decimals is not rounded.
        inside = f"{whole} > -{limit} AND {whole} < {limit}"
        if digits is None:
            inside += f" AND coalesce(min_scale({cell}) <= {decimals}, false)"
        elif digits <= MOST_DIGITS:
            inside = f"{cell} <> 'NaN'"
        return decimal_cell(cell, inside, whole, decimals, digits)

    # ---- the connection

    def _fetched(self, sql: str, values: Sequence[object] | None = None) -> list[tuple[Any, ...]]:
        with self._transaction() as connection:
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        import psycopg

        if self._connection is None:
            raise EngineFault("the connection to the database is closed")
        try:
            with self._connection.transaction():
                yield self._connection
        except (psycopg.Error, UnicodeDecodeError) as fault:
            raise EngineFault(_words(fault)) from None


def _connect(address: str) -> "psycopg.Connection[tuple[Any, ...]]":
    try:
        import psycopg
    except ImportError:
        raise EngineFault(
            "the driver of PostgreSQL is not installed: pip install 'contractlang[postgresql]'"
        ) from None
    try:
        options = psycopg.conninfo.conninfo_to_dict(address)
    except (psycopg.Error, UnicodeError):
        raise EngineFault("the address is none of PostgreSQL: write postgresql://host/database") from None
    if options.keys() & {"password", "sslpassword"}:
        raise EngineFault("an address holds no password: set PGPASSWORD, or use a password file")
    surrounding = {one.keyword: one.val for one in psycopg.pq.Conninfo.get_defaults()}
    if surrounding.get(b"connect_timeout") is None:
        options.setdefault("connect_timeout", _PATIENCE)
    options.setdefault("application_name", "contractlang")
    options["client_encoding"] = "UTF8"
    connection = None
    try:
        connection = psycopg.connect(
            psycopg.conninfo.make_conninfo("", **options), autocommit=True, prepare_threshold=None
        )
        for setting in _SETTINGS:
            connection.execute(setting)
        connection.autocommit = False
        connection.read_only = True
    except (psycopg.Error, UnicodeError) as fault:
        if connection is not None:
            connection.close()
        raise EngineFault(_refusal(str(fault))) from None
    version = connection.info.server_version
    if version < _OLDEST:
        connection.close()
        raise EngineFault(f"the server is PostgreSQL {version // 10000}: 14 or later is needed")
    return connection


_NO_SERVER = "no server answers at the address: it is not running, or listens elsewhere"
_NO_SLOT = "the server has no connection left: try again later, or raise its limit"
_REFUSALS = {
    "no password supplied": "the database asks for a password: set PGPASSWORD, or use a password file",
    "authentication failed": "the database refuses the user or the password: see PGUSER and PGPASSWORD",
    "pg_hba.conf": "the database lets nobody in from here in this way: see its pg_hba.conf",
    "database  does not exist": "the server has no such database",
    "role  does not exist": "the server has no such user: see PGUSER",
    "not permitted to log in": "the user may not log in",
    "permission denied for database": "the user may not connect to the database: it needs the right CONNECT",
    "refused": _NO_SERVER,
    "No such file": _NO_SERVER,
    "translate host name": "the name of the server's host is not known",
    "timeout": "the server does not answer in time",
    "too many": _NO_SLOT,
    "connection slots": _NO_SLOT,
    "starting up": "the server is starting up: try again in a moment",
    "shutting down": "the server is shutting down",
    "SSL": "the server and the address do not agree on encryption: see sslmode",
}
"""Words of libpq that say why there is no connection, and ours: its own tell the host and the user."""


def _refusal(reason: str) -> str:
    # The names between quotes are the user's, and may hold any of these words.
    reason = re.sub('"[^"]*"', "", reason)
    found = (ours for word, ours in _REFUSALS.items() if word in reason)
    return next(found, "the server accepts no connection: its own log says why")


def _words(fault: Exception) -> str:
    """Why a query failed, in our words where we have them, else in the server's own, without its details."""
    import psycopg

    if isinstance(fault, UnicodeDecodeError):
        return "a text of the table is not UTF-8"
    assert isinstance(fault, psycopg.Error)
    said = (fault.diag.message_primary or "").strip()
    state = fault.sqlstate or ""
    if not said or state.startswith(("57P", "08")):
        return "the server ended the connection in the middle of a query: run it again when it is up"
    if state == "57014":
        limit = "it took longer than the server allows (statement_timeout)"
        return (
            f"the query was cancelled: {limit if 'timeout' in said else 'someone at the server asked for it'}"
        )
    if state == "40001":
        return "the replica stopped the query, because the rows that it read were renewed: run it again"
    if state == "55P03":
        return "the table is locked by someone else: run it again later"
    if state == "42501":
        return f"the database's user may not read all of it, it needs the right SELECT: {said}"
    if state == "53100":
        return "the server's disk is full, and the query could not be finished"
    if state == "53200":
        return "the server has no memory left, and the query could not be finished"
    return said


# ---- cells


def _text(cell: str, given: str) -> Cell | None:
    if given in _WHOLE:
        return Cell(f"CAST({cell} AS text)")
    if given == "boolean":
        return Cell(f"CASE WHEN {cell} THEN 'true' WHEN NOT {cell} THEN 'false' END")
    if _TEXTS.fullmatch(given) is None:
        return None
    # Under the collation "C" texts are equal that have the same characters, and no others.
    return Cell(f"nullif(CAST({cell} AS text) COLLATE \"C\", '')")


def _boolean(cell: str, given: str) -> Cell | None:
    if given == "boolean":
        return Cell(cell)
    if given in _WHOLE:
        return checked(cell, f"{cell} IN (0, 1)", f"{cell} = 1")
    return None


def _timestamp(cell: str, given: str) -> Cell | None:
    kind = _TIME.fullmatch(given)
    if kind is None or kind[1] != "timestamp":
        return None
    zoned = kind[2] == "with"
    word, offset = ("TIMESTAMPTZ", "+00") if zoned else ("TIMESTAMP", "")
    inside = (
        f"{cell} >= {word} '1000-01-01 00:00:00{offset}' AND {cell} < {word} '3000-01-01 00:00:00{offset}'"
    )
    # `extract` gives a numeric, which is exact to the microsecond.
    microseconds = f"CAST(extract(epoch FROM {cell}) * 1000000 AS BIGINT)"
    return checked(cell, inside, microseconds, instant=zoned, bound=2**55)


def _duration(cell: str, given: str) -> Cell | None:
    if given in _WHOLE:
        inside = f"{cell} BETWEEN 0 AND {LONGEST_SECONDS}"
        return checked(cell, inside, f"CAST({cell} AS BIGINT) * 1000000", bound=2**57)
    if _NUMERIC.fullmatch(given):
        inside = f"{cell} BETWEEN 0 AND {LONGEST_SECONDS} AND min_scale({cell}) <= 6"
        return checked(cell, inside, f"CAST({cell} * 1000000 AS BIGINT)", bound=2**57)
    if given.startswith("interval"):
        seconds = f"extract(epoch FROM {cell})"
        months = f"extract(year FROM {cell}) = 0 AND extract(month FROM {cell}) = 0"
        inside = f"{months} AND {seconds} BETWEEN 0 AND {LONGEST_SECONDS}"
        return checked(cell, inside, f"CAST({seconds} * 1000000 AS BIGINT)", bound=2**57)
    kind = _TIME.fullmatch(given)
    if kind is not None and kind[1] == "time" and kind[2] == "without":
        return Cell(f"CAST(extract(epoch FROM {cell}) * 1000000 AS BIGINT)", bound=2**37)
    return None
