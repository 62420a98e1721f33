"""The query engine: the only module that knows DuckDB.

In: SQL of our own making. Out: rows of integers and texts. The engine reads below one folder only,
loads nothing from elsewhere, and is asked for exact integers alone: no binary float, no timezone, no
average is ever computed in it, so any engine would answer the same. Names that a user chose never
become names in SQL: tables and columns are numbered, and text is quoted.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

INTEGER_LIMIT = 2**62
"""An integer expression below this bound is computed in 64 bits, above it in 128."""

HUGE_LIMIT = 2**126
"""No expression or sum may reach this bound; it is refused before it is computed."""


class EngineFault(Exception):  # noqa: N818
    """What the engine could not do, in its own words; whoever asked says it in ours."""


class Engine:
    """One database in memory, which reads files below `folder`."""

    def __init__(self, folder: Path) -> None:
        # What does not fit into memory is written here, and never beside the contract.
        self._overflow = TemporaryDirectory(prefix="contractlang-", ignore_cleanup_errors=True)
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "temp_directory": self._overflow.name,
                "preserve_insertion_order": "true",
                "python_enable_replacements": "false",
            },
        )
        self._run(f"SET allowed_directories = [{literal(str(folder).rstrip('/') + '/')}]")
        self._run("SET enable_external_access = false")
        self._run("SET lock_configuration = true")
        self._numbered: dict[str, int] = {}

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows that a query gives; raises EngineFault."""
        return self._run(sql, values).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        """The only row of a query; raises EngineFault."""
        found = self._run(sql).fetchall()
        assert len(found) == 1, "this query gives one row"
        return found[0]

    def run(self, sql: str, values: Sequence[object] = ()) -> None:
        """Run a statement; raises EngineFault."""
        self._run(sql, values)

    def drop(self, table: str) -> None:
        """Forget a table, where there is one."""
        with suppress(EngineFault):
            self._run(f"DROP TABLE IF EXISTS {table}")

    def name(self, prefix: str) -> str:
        """A new name for a table."""
        self._numbered[prefix] = number = self._numbered.get(prefix, -1) + 1
        return f"{prefix}{number}"

    def _run(self, sql: str, values: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql, list(values)) if values else self._connection.execute(sql)
        except (duckdb.Error, UnicodeDecodeError) as fault:
            raise EngineFault(str(fault).strip().splitlines()[0] if str(fault).strip() else "") from None


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as SQL writes it, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def pattern_free(path: Path) -> str:
    """A path as SQL writes it, its own `*`, `?` and `[` taken literally."""
    return literal("".join(f"[{one}]" if one in "*?[" else one for one in str(path)))


def choice(subject: str, borders: Sequence[tuple[int, str]], first: str) -> str:
    """SQL for a step function of an integer: `first`, and from each border on the value beside it.

    The steps are halved again and again, so hundreds of them cost a handful of comparisons a row.
    """
    return _steps(subject, [first, *(value for _, value in borders)], [border for border, _ in borders])


def _steps(subject: str, values: Sequence[str], borders: Sequence[int]) -> str:
    if not borders:
        return values[0]
    half = len(borders) // 2
    below = _steps(subject, values[: half + 1], borders[:half])
    above = _steps(subject, values[half + 1 :], borders[half + 1 :])
    return f"CASE WHEN {subject} < {borders[half]} THEN {below} ELSE {above} END"
