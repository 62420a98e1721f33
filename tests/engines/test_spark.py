"""Spark run for real on this machine: types at their edges, hostile names, and the ways in which it fails."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

pytest.importorskip("pyspark")
from contractlang.engines.engine import Cell, EngineFault, SourceTable, identifier, literal
from contractlang.engines.spark import Spark

HOSTILE = 'x`; DROP TABLE "t"; -- \'\\'


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rows")
    with duckdb.connect() as duck:
        duck.execute("SET TimeZone = 'UTC'")
        duck.execute(
            """CREATE TABLE typed AS SELECT * FROM (VALUES
            (TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMPTZ '2026-03-29 03:30:00.000001+02',
             DATE '1969-12-31', (-1234.56)::DECIMAL(12,2), 1.5::DECIMAL(38,9), (-128)::TINYINT, 2147483647,
             (-9223372036854775808)::BIGINT, true, 'L''été \\ 🎉', 1.5::DOUBLE, 1.5::FLOAT),
            (TIMESTAMP '0999-12-31 23:59:59', TIMESTAMPTZ '3000-01-01 00:00:00+00', DATE '3000-01-01',
             9999999999.99, -0.000000001, 1, 86400, 1, false, '', 0, 0),
            (TIMESTAMP '1000-01-01 00:00:00', TIMESTAMPTZ '2999-12-31 23:59:59.999999+00', DATE '1000-01-01',
             0, 99999999999999999999999999999.999999999, 0, 0, 0, NULL, ' x ', 0, 0),
            (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
            ) t(local, instant, day, two, wide, tiny, middle, big, yes, words, double, real)"""
        )
        duck.execute(f"COPY typed TO '{folder}/typed.parquet'")
        hostile = "a [b]*{c}?%20.parquet"
        name = identifier(HOSTILE)
        duck.execute(f"COPY (SELECT {literal(HOSTILE)} AS {name}) TO '{folder}/{hostile}'")
        for number in (1, 2):
            duck.execute(f"COPY (SELECT {number} AS n, 'a' AS g) TO '{folder}/part{number}.parquet'")
        duck.execute(f"COPY (SELECT 3 AS n) TO '{folder}/lacking.parquet'")
        duck.execute(f"COPY (SELECT 'x' AS n, 'a' AS g) TO '{folder}/other.parquet'")
        duck.execute(f"COPY (SELECT range AS n FROM range(300000)) TO '{folder}/many.parquet'")
        cut = (folder / "many.parquet").read_bytes()
        (folder / "cut.parquet").write_bytes(cut[: len(cut) // 2])
        damaged = cut[:1000] + bytes(1000) + cut[2000:]
        (folder / "damaged.parquet").write_bytes(damaged)
    return folder


@pytest.fixture(scope="module")
def engine() -> Iterator[Spark]:
    engine = Spark()
    yield engine
    engine.close()


def source(folder: Path, *names: str) -> SourceTable:
    return SourceTable("", None, tuple(folder / name for name in names))


def read(
    engine: Spark, table: SourceTable, column: str, wanted: str
) -> tuple[Cell, list[tuple[object, bool]]]:
    cell = engine.cell(table, column, wanted, engine.columns(table)[column])
    assert cell is not None
    name = identifier(column)
    sql = f"SELECT {cell.sql}, {cell.wrong or 'false'} FROM {engine.relation(table)} WHERE {name} IS NOT NULL"
    rows = engine.rows(sql)
    assert all(value is None for value, wrong in rows if wrong)
    return cell, [(value, bool(wrong)) for value, wrong in rows]


@pytest.mark.parametrize(
    ("column", "wanted", "values", "decimals"),
    [
        ("local", "timestamp", [-1, None, -30610224000000000], 0),
        ("instant", "timestamp", [1774747800000001, None, 32503679999999999], 0),
        ("day", "date", [-1, None, -354285], 0),
        ("middle", "duration", [2_147_483_647_000_000, 86_400_000_000, 0], 0),
        ("two", "duration", [None, 9999999999_990_000, 0], 0),
        ("two", "money", [-123456, 999999999999, 0], 2),
        ("wide", "number", [1_500_000_000, -1, 10**38 - 1], 9),
        ("tiny", "number", [-128, 1, 0], 0),
        ("big", "number", [-(2**63), 1, 0], 0),
        ("tiny", "boolean", [None, True, False], 0),
        ("yes", "boolean", [True, False], 0),
        ("yes", "text", ["true", "false"], 0),
        ("words", "text", ["L'été \\ 🎉", None, " x "], 0),
        ("big", "text", [str(-(2**63)), "1", "0"], 0),
    ],
)
def test_a_cell_is_exact_or_wrong(
    engine: Spark, files: Path, column: str, wanted: str, values: list[object], decimals: int
) -> None:
    cell, rows = read(engine, source(files, "typed.parquet"), column, wanted)
    assert [value for value, _ in rows] == values
    assert cell.decimals == decimals
    assert wanted == "text" or [wrong for _, wrong in rows] == [value is None for value in values]
    numbers = [abs(int(value)) for value in values if isinstance(value, int)]
    assert cell.bound is None or all(number <= cell.bound for number in numbers)


@pytest.mark.parametrize(
    ("column", "wanted"),
    [("double", "number"), ("real", "money"), ("words", "number"), ("day", "timestamp"), ("local", "date")],
)
def test_what_is_not_exact_is_refused(engine: Spark, files: Path, column: str, wanted: str) -> None:
    typed = source(files, "typed.parquet")
    assert engine.cell(typed, column, wanted, engine.columns(typed)[column]) is None


def test_other_types_of_the_catalog(engine: Spark) -> None:
    engine._session.sql(
        "SELECT INTERVAL '1 02:03:04.5' DAY TO SECOND AS span, "
        "CAST('ab' AS STRING) COLLATE UNICODE_CI AS blind "
        "UNION ALL SELECT INTERVAL '-1' SECOND, CAST('AB' AS STRING) COLLATE UNICODE_CI"
    ).createOrReplaceTempView("others")
    columns = dict(engine._session.table("others").dtypes)
    cell = engine.cell(SourceTable("", "others"), "span", "duration", columns["span"])
    assert cell is not None
    assert engine.rows(f"SELECT {cell.sql} FROM others ORDER BY span") == [(None,), (93_784_500_000,)]
    cell = engine.cell(SourceTable("", "others"), "blind", "text", columns["blind"])
    assert cell is not None
    assert sorted(engine.rows(f"SELECT {cell.sql}, count(*) FROM others GROUP BY {cell.sql}")) == [
        ("AB", 1),
        ("ab", 1),
    ]


def test_an_instant_is_told_from_a_wall_clock(engine: Spark, files: Path) -> None:
    typed = source(files, "typed.parquet")
    assert read(engine, typed, "instant", "timestamp")[0].instant
    assert not read(engine, typed, "local", "timestamp")[0].instant


def test_names_stand_for_queries_and_small_tables(engine: Spark, files: Path) -> None:
    engine.define(
        "staged", f"SELECT CAST(n AS BIGINT) AS c0 FROM {engine.relation(source(files, 'many.parquet'))}"
    )
    engine.define("even", f"SELECT c0 FROM staged WHERE {engine.quotient('c0', 2)} * 2 = c0")
    engine.lay("steps", ["low", "worth"], [(0, 2**62), (2, -5)])
    engine.lay("none", ["low"], [])
    sql = "SELECT s.worth, count(*) FROM even AS e JOIN steps AS s ON s.low = e.c0 GROUP BY s.worth"
    assert sorted(engine.rows(sql)) == [(-5, 1), (2**62, 1)]
    assert engine.rows("SELECT count(*) FROM none") == [(0,)]
    sizes = [len(batch) for batch in engine.batches("SELECT c0 FROM even")]
    assert sum(sizes) == 150_000 and max(sizes) <= 5000


def test_several_files_are_one_table(engine: Spark, files: Path) -> None:
    both = engine.relation(source(files, "part1.parquet", "part2.parquet"))
    assert engine.rows(f"SELECT sum(n), count(*) FROM {both}") == [(3, 2)]


def test_hostile_names_are_names(engine: Spark, files: Path) -> None:
    hostile = source(files, "a [b]*{c}?%20.parquet")
    assert list(engine.columns(hostile)) == [HOSTILE]
    cell, rows = read(engine, hostile, HOSTILE, "text")
    assert [value for value, _ in rows] == [HOSTILE]
    engine.define("staged", f"SELECT {cell.sql} AS c0 FROM {engine.relation(hostile)}")
    assert engine.rows(f"SELECT count(*) FROM staged WHERE c0 = {literal(HOSTILE)}") == [(1,)]
    assert engine.rows(f"SELECT {literal(chr(92) + chr(39) + ' OR true --')}") == [("\\' OR true --",)]


def said(engine: Spark, table: SourceTable) -> str:
    with pytest.raises(EngineFault) as fault:
        engine.rows(f"SELECT max(n) FROM {engine.relation(table)}")
    return str(fault.value)


def test_a_table_that_is_not_there(engine: Spark, files: Path) -> None:
    assert (
        said(engine, SourceTable("spark:", "nowhere")) == "Spark has no table spark_catalog.default.nowhere"
    )
    # A name is never a path, and never a view of ours.
    path = f'parquet."{files / "typed.parquet"}"'
    assert said(engine, SourceTable("spark:", path)).startswith("Spark has no table")
    engine.lay("cal", ["n"], [(1,)])
    assert said(engine, SourceTable("spark:", "cal")).startswith("Spark has no table")


def test_files_that_are_wrong(engine: Spark, files: Path) -> None:
    assert said(engine, source(files, "part1.parquet", "lacking.parquet")) == (
        'the file lacking.parquet has no column "g", which other files have'
    )
    assert "different types" in said(engine, source(files, "part1.parquet", "other.parquet"))
    assert said(engine, source(files, "cut.parquet")).startswith(
        "the file cut.parquet is cut short or damaged"
    )
    assert "cut short or damaged" in said(engine, source(files, "damaged.parquet"))
    (files / "gone.parquet").write_bytes((files / "part1.parquet").read_bytes())
    gone = source(files, "gone.parquet")
    engine.relation(gone)
    (files / "gone.parquet").unlink()
    assert str(files) not in said(engine, gone)
    assert said(engine, source(files, "rows.csv")).startswith("Spark reads Parquet files here")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT absent FROM (SELECT 1 AS n) AS t", "with name `absent` cannot be resolved"),
        ("SELECT CAST(3000000000 AS INT)", "cannot be cast to"),
        (
            "SELECT sum(n) FROM (SELECT CAST(9223372036854775807 AS BIGINT) AS n UNION ALL SELECT 1) AS t",
            "overflow",
        ),
        ("SELECT 1 %", "Syntax error"),
    ],
)
def test_what_fails_is_said_in_one_sentence(engine: Spark, sql: str, words: str) -> None:
    with pytest.raises(EngineFault) as fault:
        engine.rows(sql)
    assert words in str(fault.value) and "\n" not in str(fault.value)
    assert engine.rows("SELECT 1") == [(1,)]


def test_a_second_engine_leaves_the_first_alone(engine: Spark, files: Path) -> None:
    second = Spark()
    second.lay("own", ["n"], [(1,)])
    assert second.rows("SELECT n FROM own") == [(1,)]
    with pytest.raises(EngineFault):
        engine.rows("SELECT n FROM own")
    second.close()
    second.close()
    assert engine.rows("SELECT 1") == [(1,)]
    with pytest.raises(EngineFault, match="closed"):
        second.rows("SELECT 1")


def test_an_address_holds_no_token() -> None:
    with pytest.raises(EngineFault) as fault:
        Spark("sc://host:443/;token=s3cret")
    assert "s3cret" not in str(fault.value)


# ---- in a process of its own

_ALONE = """
import json, sys
from contractlang.engines.engine import EngineFault
from contractlang.engines.spark import Spark
engine = Spark()
try:
    engine.rows("SELECT 1")
    print("up", engine._session.sparkContext._gateway.proc.pid, flush=True)
    print(json.dumps(engine.rows(sys.argv[1])))
except EngineFault as fault:
    print("fault:", fault)
engine.close()
"""


def alone(sql: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _ALONE, sql],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def test_nothing_is_printed_but_the_answer() -> None:
    printed, noise = alone("SELECT 1 AS n, row_number() OVER (ORDER BY 1) AS r").communicate()
    assert json.loads(printed.splitlines()[1]) == [[1, 1]]
    assert noise == ""


def test_java_killed_in_the_middle_of_a_query() -> None:
    process = alone("SELECT count(*) FROM range(1000000000) a JOIN range(1000000) b ON a.id % 7 = b.id % 7")
    assert process.stdout is not None
    java = int(process.stdout.readline().split()[1])
    kill = threading.Thread(target=lambda: (time.sleep(3), os.kill(java, signal.SIGKILL)))
    kill.start()
    printed, noise = process.communicate()
    kill.join()
    assert printed.strip() == "fault: Spark ended in the middle of a query: run it again"
    assert noise == ""


def test_no_java(tmp_path: Path) -> None:
    printed, noise = alone("SELECT 1", JAVA_HOME=str(tmp_path)).communicate()
    assert printed.strip() == "fault: Spark needs Java, and none runs here: install Java 17, or set JAVA_HOME"
    assert noise == ""


def test_no_cluster() -> None:
    printed, noise = alone("SELECT 1", PYSPARK_SUBMIT_ARGS="--master nonsense pyspark-shell").communicate()
    assert printed.strip().startswith("fault: Spark does not start, or no cluster answers")
    assert noise == ""
