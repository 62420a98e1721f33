"""Rows put where an engine reads them: a typed Parquet file in, the entry of a usage's `rows:` out."""

from pathlib import Path

import duckdb
from postgresql_server import Server

from contractlang.engines.engine import identifier, literal

_POSTGRESQL = {
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "TIMESTAMP": "timestamp",
    "VARCHAR": "text",
    "TINYINT": "smallint",
    "HUGEINT": "numeric(38, 0)",
}
"""The types that PostgreSQL calls by another name."""


def in_file(path: Path, folder: Path, engine: str) -> str:
    """A file below the folder of a usage, read by an engine of files."""
    return f"{{source: {path.relative_to(folder)}, engine: {engine}}}"


def in_postgresql(server: Server, table: str, path: Path) -> str:
    """A table of a server, with the types of the file; one of that name is replaced."""
    csv = server.folder / "rows.csv"
    with duckdb.connect() as duck:
        duck.execute("SET TimeZone = 'UTC'")
        source = f"read_parquet({literal(str(path))})"
        described = duck.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        duck.execute(
            f"COPY (SELECT * FROM {source}) TO {literal(str(csv))} (HEADER, NULLSTR '\\N', FORCE_QUOTE *)"
        )
    columns = ", ".join(f"{identifier(row[0])} {_POSTGRESQL.get(row[1], row[1])}" for row in described)
    name = identifier(table)
    server.sql(f"DROP TABLE IF EXISTS {name}; CREATE TABLE {name} ({columns})")
    server.sql(f"\\copy {name} FROM {literal(str(csv))} (FORMAT csv, HEADER, NULL '\\N')")
    csv.unlink()
    return f"{{source: '{server.address()}', table: {table}}}"
