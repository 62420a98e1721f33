"""BigQuery (extra `bigquery`); its text is checked by a parser of its dialect, not run.

An address is `bigquery:` or `bigquery://project`. Who asks, and which project pays where the address names
none, comes from Google's own application default credentials (GOOGLE_APPLICATION_CREDENTIALS). Its dialect
writes `%` as a function and has integers of its own names, so sqlglot translates the text.
"""

import re
from collections.abc import Sequence

from contractlang.engines.engine import Cell, EngineFault, SourceTable, identifier
from contractlang.engines.reading import (
    FIRST_DAY,
    FIRST_MICROSECOND,
    LAST_DAY,
    LAST_MICROSECOND,
    LONGEST_SECONDS,
    checked,
)
from contractlang.engines.spelling import backslashed, respelled
from contractlang.engines.warehouse import Connection, Warehouse

_NUMERIC = re.compile(r"NUMERIC(?:\((\d+)(?:,\s*(\d+))?\))?")
_DIGITS_OF_64_BITS = 18
_DIGITS, _DECIMALS = 38, 9
"""What a NUMERIC without parameters holds."""


class BigQuery(Warehouse):
    """One client of BigQuery; see `Engine`."""

    name = "bigquery"

    def __init__(self, address: str) -> None:
        super().__init__(_connect(address))

    def columns(self, table: SourceTable) -> dict[str, str]:
        """Names and types as BigQuery writes them."""
        *place, name = self._parts(table)
        catalog = ".".join(map(identifier, place)) + ".INFORMATION_SCHEMA.COLUMNS"
        name = name.replace("'", "''")
        sql = (
            f"SELECT column_name, data_type FROM {catalog} "  # noqa: S608
            f"WHERE table_name = '{name}' ORDER BY ordinal_position"
        )
        found = self._described(_backticked(sql))
        if not found:
            raise EngineFault(f"BigQuery has no table {table.table}, or its user may not see it")
        return {row[0]: row[1] for row in found}

    def cell(self, table: SourceTable, column: str, wanted: str, given: str) -> Cell | None:
        """See `Engine.cell`."""
        cell = identifier(column)
        number = _NUMERIC.fullmatch(given)
        if wanted == "text":
            if given == "INT64":
                return Cell(f"CAST({cell} AS STRING)")
            return Cell(f"nullif({cell}, '')") if re.fullmatch(r"STRING(\(\d+\))?", given) else None
        if wanted == "boolean":
            return Cell(cell) if given == "BOOL" else None
        if wanted == "timestamp" and given in ("TIMESTAMP", "DATETIME"):
            instant = given == "TIMESTAMP"
            micros = f"unix_micros({cell})" if instant else f"unix_micros(timestamp({cell}, 'UTC'))"
            inside = f"{micros} BETWEEN {FIRST_MICROSECOND} AND {LAST_MICROSECOND}"
            return checked(cell, inside, micros, instant=instant, bound=LAST_MICROSECOND)
        if wanted == "date" and given == "DATE":
            days = f"unix_date({cell})"
            return checked(cell, f"{days} BETWEEN {FIRST_DAY} AND {LAST_DAY}", days, bound=LAST_DAY)
        if wanted == "duration" and given == "INT64":
            inside = f"{cell} BETWEEN 0 AND {LONGEST_SECONDS}"
            return checked(cell, inside, f"{cell} * 1000000", bound=LONGEST_SECONDS * 1_000_000)
        if wanted in ("number", "money"):
            if given == "INT64":
                return Cell(cell, bound=2**63)
            if number is not None:
                digits = int(number[1] or _DIGITS)
                decimals = int(number[2] or (0 if number[1] else _DECIMALS))
                type_ = "INT64" if digits <= _DIGITS_OF_64_BITS else "BIGNUMERIC"
                whole = f"CAST({cell} AS BIGNUMERIC) * {10**decimals}"
                return Cell(f"CAST({whole} AS {type_})", decimals, bound=10**digits)
        return None

    def quotient(self, dividend: str, divisor: int) -> str:
        """BigQuery's own whole quotient."""
        return f"div({dividend}, {divisor})"

    def _laid(self, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> str:
        first = ", ".join(f"{int(value)} AS {name}" for value, name in zip(rows[0], columns, strict=True))
        rest = "".join(f", STRUCT({', '.join(str(int(value)) for value in row)})" for row in rows[1:])
        return f"SELECT * FROM UNNEST([STRUCT({first}){rest}])"  # noqa: S608

    def _spelled(self, sql: str) -> str:
        import sqlglot
        from sqlglot import exp

        def respelled_type(node: exp.Expression) -> exp.Expression:
            # A NUMERIC has room for 29 digits before its point, and the canonical text asks for 38.
            if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.DECIMAL:
                return exp.DataType.build("BIGNUMERIC", dialect="bigquery")
            return node

        tree = sqlglot.parse_one(_backticked(sql), read="bigquery")
        return tree.transform(respelled_type).sql(dialect="bigquery")

    def _said(self, fault: Exception) -> str:
        # The rest of the message is the address of the job.
        return str(getattr(fault, "message", None) or fault).partition("; reason")[0].partition("\n")[0]


def _backticked(sql: str) -> str:
    return respelled(sql, lambda text: backslashed(text, "'"), lambda name: backslashed(name, "`"))


def _connect(address: str) -> Connection:
    try:
        import sqlglot  # noqa: F401  Asked for here, so that it is not missing in the middle of a query.
        from google.cloud import bigquery
        from google.cloud.bigquery import dbapi
    except ImportError:
        raise EngineFault(
            "the driver of BigQuery is not installed: pip install 'contractlang[bigquery]'"
        ) from None
    project = re.fullmatch(r"bigquery:(?://([\w:.-]*)/?)?", address)
    if project is None:
        raise EngineFault("an address of BigQuery is bigquery://project")
    try:
        client = bigquery.Client(project=project[1] or None)
        connection: Connection = dbapi.connect(client)
    except Exception:
        raise EngineFault(
            "BigQuery accepts no connection: see GOOGLE_APPLICATION_CREDENTIALS, and name a project"
        ) from None
    return connection
