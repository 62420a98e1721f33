"""What an engine counted, kept in the engine at hand, where it is added up.

In: a query and the kind of each of its columns. Out: the name of a table of DuckDB. Where the rows are in
DuckDB too nothing moves; from any other engine the groups come over, never the rows.
"""

# ruff: noqa: S608  Tables and columns are numbered by ourselves, texts quoted by `literal`.

from collections.abc import Sequence
from typing import Any

from contractlang.engines.duckdb import DuckDB
from contractlang.engines.engine import Engine
from contractlang.measuring.staging import StagedColumn

WHOLE = "HUGEINT"
"""The type of a count, a sum, a day: a whole number."""

_KEYS = {"text": "VARCHAR", "boolean": "BOOLEAN"}


def type_of_key(column: StagedColumn) -> str:
    """The type in which the values of a column are kept; a timestamp is kept by its day."""
    return _KEYS.get(column.type, WHOLE)


def kept(local: DuckDB, engine: Engine, columns: Sequence[tuple[str, str]], sql: str) -> str:
    """Keep the rows of a query of `engine`, whose columns have the given names and types, in a table."""
    name = local.new_name("kept")
    if engine is local:
        chosen = ", ".join(column for column, _ in columns)
        local.run(f"CREATE TABLE {name} AS SELECT {chosen} FROM ({sql})")
        return name
    local.run(f"CREATE TABLE {name} ({', '.join(f'{column} {type_}' for column, type_ in columns)})")
    # Whole numbers travel as text, because lists of them would be read as 64 bits.
    values = ", ".join(f"CAST(unnest(?) AS {type_})" for _, type_ in columns)
    for batch in engine.batches(sql):
        lists: list[object] = [
            [_plain(row[index], type_) for row in batch] for index, (_, type_) in enumerate(columns)
        ]
        local.run(f"INSERT INTO {name} SELECT {values}", lists)
    return name


def _plain(value: Any, type_: str) -> object:
    if value is None:
        return None
    if type_ == WHOLE:
        return str(int(value))
    return bool(value) if type_ == "BOOLEAN" else str(value)
