"""Snowflake (extra `snowflake`); its text is checked by a parser of its dialect, not run.

An address is `snowflake:` or `snowflake://NAME`: the connection of that name, else the default one, in the
`connections.toml` of Snowflake's own driver, which also reads it from the environment. Names of tables and
columns are as the catalog writes them, mostly in capitals.
"""

# ruff: noqa: S608  Names in the SQL below are quoted by `identifier`.

import re
from collections.abc import Sequence

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
from contractlang.engines.spelling import backslashed, respelled
from contractlang.engines.warehouse import Connection, Warehouse, row_values

_NUMBER = re.compile(r"NUMBER\((\d+),\s*(\d+)\)")
_TIME = re.compile(r"TIMESTAMP_(NTZ|LTZ|TZ)(\(\d\))?")
_TEXT = re.compile(r"(VARCHAR|CHAR|STRING|TEXT)(\(\d+\))?( COLLATE .*)?")
_MOST_OF_PRODUCT = 18


class Snowflake(Warehouse):
    """One session of Snowflake; see `Engine`."""

    name = "snowflake"

    def __init__(self, address: str) -> None:
        super().__init__(_connect(address))

    def columns(self, table: SourceTable) -> dict[str, str]:
        """Names and types as Snowflake writes them."""
        found = self._described(self._spelled(f"DESCRIBE TABLE {self.relation(table)}"))
        return {row[0]: row[1] for row in found}

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """See `Engine.cell`; a time finer than a microsecond is wrong."""
        cell = identifier(column)
        number = _NUMBER.fullmatch(given)
        if wanted == "text":
            if number and number[2] == "0":
                return Cell(f"CAST({cell} AS VARCHAR)")
            return Cell(f"nullif(collate({cell}, ''), '')") if _TEXT.fullmatch(given) else None
        if wanted == "boolean":
            return Cell(cell) if given == "BOOLEAN" else None
        if wanted == "timestamp":
            kind = _TIME.fullmatch(given)
            if kind is None:
                return None
            micros = f"date_part('epoch_microsecond', {cell})"
            inside = (
                f"{micros} BETWEEN {FIRST_MICROSECOND} AND {LAST_MICROSECOND} "
                f"AND date_part('nanosecond', {cell}) % 1000 = 0"
            )
            return checked(cell, inside, micros, instant=kind[1] != "NTZ", bound=LAST_MICROSECOND)
        if wanted == "date" and given == "DATE":
            days = f"datediff('day', CAST('1970-01-01' AS DATE), {cell})"
            return checked(cell, f"{days} BETWEEN {FIRST_DAY} AND {LAST_DAY}", days, bound=LAST_DAY)
        if number is None:
            return None
        digits, decimals = int(number[1]), int(number[2])
        if wanted == "duration":
            inside = f"{cell} BETWEEN 0 AND {LONGEST_SECONDS} AND {cell} * 1000000 % 1 = 0"
            bound = LONGEST_SECONDS * 1_000_000
            return checked(cell, inside, f"CAST({cell} * 1000000 AS BIGINT)", bound=bound)
        if wanted in ("number", "money"):
            if digits <= _MOST_OF_PRODUCT:
                return Cell(f"CAST({cell} * {10**decimals} AS BIGINT)", decimals, bound=10**digits)
            text = f"replace(CAST({cell} AS VARCHAR), '.', '')"
            return Cell(f"CAST({text} AS DECIMAL({MOST_DIGITS}, 0))", decimals, bound=10**digits)
        return None

    def quotient(self, dividend: str, divisor: int) -> str:
        """The rest is taken away first, so that nothing is left to round."""
        return f"CAST((({dividend}) - ({dividend}) % {divisor}) / {divisor} AS BIGINT)"

    def _laid(self, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> str:
        return f"SELECT * FROM (VALUES {row_values(rows)}) AS laid ({', '.join(columns)})"

    def _spelled(self, sql: str) -> str:
        return respelled(sql, lambda text: backslashed(text, "'"), identifier)

    def _said(self, fault: Exception) -> str:
        return str(getattr(fault, "raw_msg", None) or "")


def _connect(address: str) -> Connection:
    try:
        from snowflake.connector import connect
    except ImportError:
        raise EngineFault(
            "the driver of Snowflake is not installed: pip install 'contractlang[snowflake]'"
        ) from None
    name = re.fullmatch(r"snowflake:(?://([\w-]*)/?)?", address)
    if name is None:
        raise EngineFault("an address of Snowflake is snowflake://NAME, a connection of its connections.toml")
    try:
        settings = {"TIMEZONE": "UTC"}
        chosen = {"connection_name": name[1]} if name[1] else {}
        connection: Connection = connect(session_parameters=settings, application="contractlang", **chosen)
    except Exception:
        # What the driver says names the account and the user.
        raise EngineFault("Snowflake accepts no connection: see its connections.toml") from None
    return connection
