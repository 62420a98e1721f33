"""The rows of the conformance on every engine, one after the other, and one hash: `make test-engines`.

In: how many rows. Out: a table of the engines, their versions, the hash of all that each counted, and the
seconds it took; exit status 1 where one of them is missing, fails, or differs from a loop in Python.
"""

import argparse
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[1] / "unit"))

from conformance import CUT, MEASURES, SCHEMA, WIDE, as_parquet, as_sqlite, hashed, measured, naive, rows
from measuring_scene import usage_of
from placing import in_file, in_postgresql
from postgresql_server import Server, running

from contractlang.diagnostics import ContractError
from contractlang.measuring import slots
from contractlang.measuring.usage import MeasuredUsage

PACKAGES = {
    "duckdb": "duckdb",
    "spark": "pyspark",
    "datafusion": "datafusion",
    "polars": "polars",
    "clickhouse": "chdb",
}
"""The engines that read the file of Parquet, and the package of each."""


def main() -> int:
    """Place the rows, count them everywhere, and print the table."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rows", type=int, default=200_000, help="how many rows to count")
    reader.add_argument("--by-slot", action="store_true", help="join a calendar of slots, as of many rows")
    asked = reader.parse_args()
    slots.ROWS_A_SLOT = 0 if asked.by_slot else slots.ROWS_A_SLOT
    folder = Path(tempfile.mkdtemp(prefix="contractlang-engines-"))
    try:
        with running() as server:
            return compared(folder, server, asked.rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compared(folder: Path, server: Server, count: int) -> int:
    """Count the rows with a loop and with each engine; the exit status."""
    table = list(rows(count))
    file = folder / "calls.parquet"
    as_parquet(table, file)
    as_sqlite(table, folder / "calls.db")
    places = {engine: in_file(file, folder, engine) for engine in PACKAGES}
    places["sqlite"] = '{source: "sqlite:calls.db", table: calls}'
    places["postgresql"] = in_postgresql(server, "calls", file)
    versions = {
        "sqlite": lambda: sqlite3.sqlite_version,
        "postgresql": lambda: server.sql("SHOW server_version").split()[0],
    }
    print(f"{count:,} rows\n")
    print("| engine | version | hash | values | seconds |")
    print("|---|---|---|---:|---:|")
    started = time.perf_counter()
    expected = naive(table)
    told("a loop in Python", sys.version.split()[0], expected, started)
    wrong = 0
    for engine in ("duckdb", "sqlite", "postgresql", "spark", "datafusion", "polars", "clickhouse"):
        version_of: Callable[[], str] = versions.get(engine, lambda name=engine: version(PACKAGES[name]))
        started = time.perf_counter()
        try:
            release = version_of()
            found = counted(engine, usage_of(folder, SCHEMA, f"rows: {{calls: {places[engine]}}}"))
        except PackageNotFoundError:
            print(f"| {engine} | not installed | | | |", flush=True)
            wrong += 1
            continue
        except ContractError as fault:
            print(f"| {engine} | {release} | {fault.diagnostics[0].message} | | |", flush=True)
            wrong += 1
            continue
        told(engine, release, found, started)
        wrong += found != expected
    print(
        "\nAll say what the loop says." if not wrong else f"\n{wrong} of them do not say what the loop says."
    )
    return 1 if wrong else 0


def counted(engine: str, usage: MeasuredUsage) -> dict[str, str]:
    """All values of a usage; only those that need the rows themselves are not counted where they are."""
    found = measured(usage, (formula for formula in (*MEASURES, *CUT) if formula not in WIDE))
    assert usage._rows is not None
    assert usage._rows.tables["calls"].engine.name == engine, "the rows were brought here to be counted"
    return found | measured(usage, WIDE)


def told(name: str, release: str, found: dict[str, str], started: float) -> None:
    """Print one line of the table."""
    seconds = time.perf_counter() - started
    print(f"| {name} | {release} | `{hashed(found)[:16]}` | {len(found):,} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
