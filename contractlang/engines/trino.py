"""Trino, for tables of any catalog it reaches (extra `trino`); its text is checked by a parser, not run.

An address is `trino://user@host:port/catalog`; with the port 443, or `?https`, the way is encrypted. What
proves who asks is in the `.netrc` file that the driver's HTTP library reads (NETRC names another).
"""

# ruff: noqa: S608  Names in the SQL below are quoted by `identifier`.

import re
from collections.abc import Sequence
from getpass import getuser
from urllib.parse import urlsplit

from contractlang.engines.engine import Cell, EngineFault, SourceTable, identifier
from contractlang.engines.reading import (
    FIRST_DAY,
    FIRST_MICROSECOND,
    LAST_DAY,
    LAST_MICROSECOND,
    LONGEST_SECONDS,
    MOST_DIGITS,
    checked,
)
from contractlang.engines.warehouse import Connection, Warehouse, row_values

_WHOLE = {"tinyint": 7, "smallint": 15, "integer": 31, "bigint": 63}
_DECIMAL = re.compile(r"decimal\((\d+),\s*(\d+)\)")
_TIME = re.compile(r"timestamp(?:\((\d+)\))?( with time zone)?")
_TEXT = re.compile(r"(varchar|char)(\(\d+\))?")
_MOST_OF_PRODUCT = 18
_DIGITS_OF_MICROSECONDS = 6
_ENCRYPTED = 443


class Trino(Warehouse):
    """One session of Trino; see `Engine`."""

    name = "trino"

    def __init__(self, address: str) -> None:
        super().__init__(_connect(address))

    def columns(self, table: SourceTable) -> dict[str, str]:
        """Names and types as Trino writes them."""
        return {row[0]: row[1] for row in self._described(f"DESCRIBE {self.relation(table)}")}

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """See `Engine.cell`; a time finer than a microsecond is refused."""
        cell = identifier(column)
        if wanted == "text":
            if given in _WHOLE:
                return Cell(f"CAST({cell} AS VARCHAR)")
            kind = _TEXT.fullmatch(given)
            whole = (
                f"rtrim(CAST({cell} AS VARCHAR))"
                if kind and kind[1] == "char"
                else f"CAST({cell} AS VARCHAR)"
            )
            return Cell(f"nullif({whole}, '')") if kind else None
        if wanted == "boolean":
            return Cell(cell) if given == "boolean" else None
        if wanted == "timestamp":
            return _timestamp(cell, given)
        if wanted == "date" and given == "date":
            days = f"date_diff('day', DATE '1970-01-01', {cell})"
            return checked(cell, f"{days} BETWEEN {FIRST_DAY} AND {LAST_DAY}", days, bound=LAST_DAY)
        if wanted == "duration":
            return _duration(cell, given)
        if wanted in ("number", "money"):
            return _number(cell, given)
        return None

    def quotient(self, dividend: str, divisor: int) -> str:
        """Two whole numbers have a whole quotient in Trino."""
        return f"(({dividend}) / {divisor})"

    def _laid(self, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> str:
        return f"SELECT * FROM (VALUES {row_values(rows)}) AS laid ({', '.join(columns)})"

    def _spelled(self, sql: str) -> str:
        # Where a page of rows is asked for, Trino has its first row before their number.
        return re.sub(r" LIMIT (\d+) OFFSET (\d+)$", r" OFFSET \2 LIMIT \1", sql)

    def _said(self, fault: Exception) -> str:
        return str(getattr(fault, "message", ""))


def _connect(address: str) -> Connection:
    try:
        from trino.dbapi import connect
    except ImportError:
        raise EngineFault("the driver of Trino is not installed: pip install 'contractlang[trino]'") from None
    try:
        place = urlsplit(address)
        port = place.port
    except ValueError:
        raise EngineFault("the address is none of Trino: write trino://user@host:port/catalog") from None
    if place.password is not None:
        raise EngineFault("an address holds no password: put it into a .netrc file")
    if not place.hostname:
        raise EngineFault("the address names no host: write trino://user@host:port/catalog")
    encrypted = port == _ENCRYPTED or place.query == "https"
    named = [part for part in place.path.split("/") if part]
    connection: Connection = connect(
        host=place.hostname,
        port=port or (_ENCRYPTED if encrypted else 8080),
        user=place.username or getuser(),
        catalog=named[0] if named else None,
        schema=named[1] if len(named) > 1 else None,
        http_scheme="https" if encrypted else "http",
        source="contractlang",
        timezone="UTC",
    )
    return connection


def _timestamp(cell: str, given: str) -> Cell | None:
    kind = _TIME.fullmatch(given)
    if kind is None or int(kind[1] or 3) > _DIGITS_OF_MICROSECONDS:
        return None
    moment = f"{cell} AT TIME ZONE 'UTC'" if kind[2] else cell
    moment = f"CAST({moment} AS TIMESTAMP(6))"
    # Trino has no whole microseconds since 1970: whole seconds are counted, the rest is the end of the text.
    seconds = f"date_diff('second', TIMESTAMP '1970-01-01 00:00:00', date_trunc('second', {moment}))"
    micros = f"({seconds} * 1000000 + CAST(substr(rpad(CAST({moment} AS VARCHAR), 26, '0'), 21) AS BIGINT))"
    inside = f"{micros} BETWEEN {FIRST_MICROSECOND} AND {LAST_MICROSECOND}"
    return checked(cell, inside, micros, instant=kind[2] is not None, bound=LAST_MICROSECOND)


def _duration(cell: str, given: str) -> Cell | None:
    bound = LONGEST_SECONDS * 1_000_000
    if given in _WHOLE:
        return checked(
            cell, f"{cell} BETWEEN 0 AND {LONGEST_SECONDS}", f"CAST({cell} AS BIGINT) * 1000000", bound=bound
        )
    if given == "interval day to second":
        micros = f"to_milliseconds({cell}) * 1000"
        return checked(cell, f"{micros} BETWEEN 0 AND {bound}", micros, bound=bound)
    return None


def _number(cell: str, given: str) -> Cell | None:
    if given in _WHOLE:
        return Cell(f"CAST({cell} AS BIGINT)", bound=2 ** _WHOLE[given])
    kind = _DECIMAL.fullmatch(given)
    if kind is None:
        return None
    digits, decimals = int(kind[1]), int(kind[2])
    if digits <= _MOST_OF_PRODUCT:
        whole = f"{cell} * CAST({10**decimals} AS DECIMAL({decimals + 1}, 0))" if decimals else cell
        return Cell(f"CAST({whole} AS BIGINT)", decimals, bound=10**digits)
    text = f"replace(CAST({cell} AS VARCHAR), '.', '')"
    return Cell(f"CAST({text} AS DECIMAL({MOST_DIGITS}, 0))", decimals, bound=10**digits)
