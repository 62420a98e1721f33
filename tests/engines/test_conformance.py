"""The same rows on every engine that is installed: one hash, and that of a loop in Python.

CONTRACTLANG_ROWS says how many rows (5,000 where it says nothing); `make test-engines` asks for 200,000.
"""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from conformance import (
    CUT,
    MEASURES,
    SCHEMA,
    WIDE,
    as_parquet,
    as_sqlite,
    hashed,
    lists,
    measured,
    naive,
    naive_lists,
    rows,
)
from measuring_scene import usage_of

from contractlang.measuring import slots

COUNT = int(os.environ.get("CONTRACTLANG_ROWS", "5000"))

PLACES = {
    "duckdb": ("duckdb", "calls: calls.parquet"),
    "sqlite": ("sqlite3", 'calls: {source: "sqlite:calls.db", table: calls}'),
    "polars": ("polars", "calls: {source: calls.parquet, engine: polars}"),
    "datafusion": ("datafusion", "calls: {source: calls.parquet, engine: datafusion}"),
    "clickhouse": ("chdb", "calls: {source: calls.parquet, engine: clickhouse}"),
    "spark": ("pyspark", "calls: {source: calls.parquet, engine: spark}"),
}
"""Each engine, the package that it needs, and what a usage says of its rows."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("conformance")
    as_parquet(rows(COUNT), place / "calls.parquet")
    as_sqlite(rows(COUNT), place / "calls.db")
    return place


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    table = list(rows(COUNT))
    return naive(table) | naive_lists(table)


@pytest.mark.parametrize("calendar", ["by day", "by slot"])
@pytest.mark.parametrize("engine", PLACES)
def test_every_engine_says_what_a_loop_says(
    engine: str, calendar: str, folder: Path, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "ROWS_A_SLOT", 0 if calendar == "by slot" else 10**9)
    package, place = PLACES[engine]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    usage = usage_of(folder, SCHEMA, f"rows: {{{place}}}")
    counted_there = [formula for formula in (*MEASURES, *CUT) if formula not in WIDE]
    found = measured(usage, counted_there) | lists(usage)
    # Nothing of it was brought here to be counted.
    assert usage._rows is not None
    assert usage._rows.tables["calls"].engine.name == engine
    assert "rows_" in usage._rows.tables["calls"].sql
    found |= measured(usage, WIDE)
    differing = [
        (what, found.get(what), expected.get(what))
        for what in {*found, *expected}
        if found.get(what) != expected.get(what)
    ]
    assert differing == []
    assert hashed(found) == hashed(expected)
