"""Engines that read Parquet in this process: types at their edges, hostile names, files that are wrong."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contractlang.engines.connecting import connect
from contractlang.engines.engine import Cell, Engine, EngineFault, SourceTable, identifier, literal

PACKAGES = {"polars": "polars", "datafusion": "datafusion", "clickhouse": "chdb"}
HOSTILE = "x\"; DROP TABLE t; --\n`é' \\"
QUOTED = "L'été \\ 🎉 -- %s"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rows")
    with duckdb.connect() as duck:
        duck.execute("SET TimeZone = 'UTC'")
        duck.execute(
            f"""
            CREATE TABLE typed (local TIMESTAMP, seconds TIMESTAMP_S, millis TIMESTAMP_MS, nanos TIMESTAMP_NS,
                instant TIMESTAMPTZ, day DATE, clock TIME, two DECIMAL(12, 2), fine DECIMAL(18, 18),
                wide DECIMAL(38, 9), tiny TINYINT, small SMALLINT, middle INTEGER, big BIGINT, utiny UTINYINT,
                uint UINTEGER, ubig UBIGINT, yes BOOLEAN, words VARCHAR, bytes BLOB, double DOUBLE,
                real FLOAT, huge HUGEINT);
            INSERT INTO typed VALUES
                ('1969-12-31 23:59:59.999999', '2026-03-29 02:30:00', '1969-12-31 23:59:59.999',
                 '2026-01-01 00:00:00.000001', '2026-03-29 03:30:00.000001+02', '1969-12-31',
                 '23:59:59.999999',
                 -1234.56, -0.999999999999999999, 99999999999999999999999999999.999999999, -128, -32768,
                 2147483647, -9223372036854775808, 255, 4294967295, 18446744073709551615, true,
                 {literal(QUOTED)}, 'a', 0.1, 0.1, 1),
                ('0999-12-31 23:59:59', '1970-01-01 00:00:00', '2026-01-01 00:00:00',
                 '2026-01-01 00:00:00.000000001', '3000-01-01 00:00:00+00', '3000-01-01', '00:00:00',
                 9999999999.99, 0.5, -0.000000001, 1, 0, 86400, 1, 1, 0, 1, false, '', '', 0, 0, 0),
                ('1000-01-01 00:00:00', '1969-12-31 23:59:59', '1970-01-01 00:00:00',
                 '1969-12-31 23:59:59.999999', '2999-12-31 23:59:59.999999+00', '1000-01-01', '00:00:01',
                 0, 0, 1.5,
                 0, 0, -1, 0, 0, 1, 0, NULL, ' x ', '', 0, 0, 0);
            INSERT INTO typed (local) VALUES (NULL);
            COPY typed TO '{folder}/typed.parquet';
            COPY (SELECT 1 AS n, {literal(HOSTILE)} AS {identifier(HOSTILE)}, 2 AS "select")
                TO '{folder}/a [b]*{{c}}?%20.parquet';
            COPY (SELECT 1 AS n, 'a' AS g) TO '{folder}/part1.parquet';
            COPY (SELECT 'b' AS g, 2 AS n) TO '{folder}/part2.parquet';
            COPY (SELECT 3 AS n) TO '{folder}/lacking.parquet';
            COPY (SELECT 'x' AS n, 'a' AS g) TO '{folder}/other.parquet';
            COPY (SELECT range AS n FROM range(300000)) TO '{folder}/many.parquet';
            COPY (SELECT INTERVAL 1 DAY AS span, 1 AS n) TO '{folder}/span.parquet'
            """
        )
    many = (folder / "many.parquet").read_bytes()
    (folder / "cut.parquet").write_bytes(many[: len(many) // 2])
    (folder / "damaged.parquet").write_bytes(many[:1000] + bytes(1000) + many[2000:])
    return folder


@pytest.fixture(params=PACKAGES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if find_spec(PACKAGES[request.param]) is None:
        pytest.skip(f"{PACKAGES[request.param]} is not installed")
    engine = connect(request.param, "")
    yield engine
    engine.close()


def source(folder: Path, *names: str) -> SourceTable:
    return SourceTable("", None, tuple(folder / name for name in names))


def read(engine: Engine, table: SourceTable, column: str, wanted: str) -> tuple[Cell, list[Any], list[bool]]:
    """The values of a column whose first time is there, and which of them are wrong."""
    cell = engine.cell(table, column, wanted, engine.columns(table)[column])
    assert cell is not None
    name = identifier(column)
    found = engine.rows(
        f"SELECT {cell.sql} AS v, {cell.wrong or 'false'} AS w "
        f"FROM {engine.relation(table)} WHERE {name} IS NOT NULL"
    )
    assert all(value is None for value, wrong in found if wrong)
    return cell, [value for value, _ in found], [bool(wrong) for _, wrong in found]


@pytest.mark.parametrize(
    ("column", "wanted", "values", "decimals"),
    [
        ("local", "timestamp", [-1, None, -30_610_224_000_000_000], 0),
        ("seconds", "timestamp", [1_774_751_400_000_000, 0, -1_000_000], 0),
        ("millis", "timestamp", [-1000, 1_767_225_600_000_000, 0], 0),
        ("nanos", "timestamp", [1_767_225_600_000_001, None, -1], 0),
        ("instant", "timestamp", [1_774_747_800_000_001, None, 32_503_679_999_999_999], 0),
        ("day", "date", [-1, None, -354_285], 0),
        ("clock", "duration", [86_399_999_999, 0, 1_000_000], 0),
        ("middle", "duration", [2_147_483_647_000_000, 86_400_000_000, None], 0),
        ("two", "duration", [None, 9_999_999_999_990_000, 0], 0),
        ("two", "money", [-123_456, 999_999_999_999, 0], 2),
        ("fine", "number", [-999_999_999_999_999_999, 500_000_000_000_000_000, 0], 18),
        ("wide", "number", [10**38 - 1, -1, 1_500_000_000], 9),
        ("tiny", "number", [-128, 1, 0], 0),
        ("big", "number", [-(2**63), 1, 0], 0),
        ("utiny", "number", [255, 1, 0], 0),
        ("uint", "number", [2**32 - 1, 0, 1], 0),
        ("ubig", "number", [2**64 - 1, 1, 0], 0),
        ("tiny", "boolean", [None, True, False], 0),
        ("yes", "boolean", [True, False], 0),
        ("yes", "text", ["true", "false"], 0),
        ("words", "text", [QUOTED, None, " x "], 0),
        ("big", "text", [str(-(2**63)), "1", "0"], 0),
    ],
)
def test_a_cell_is_exact_or_wrong(
    engine: Engine, files: Path, column: str, wanted: str, values: list[object], decimals: int
) -> None:
    cell, found, wrong = read(engine, source(files, "typed.parquet"), column, wanted)
    assert found == values
    assert cell.decimals == decimals
    assert wanted == "text" or wrong == [value is None for value in values]
    numbers = [abs(int(value)) for value in values if isinstance(value, int)]
    assert cell.bound is None or all(number <= cell.bound for number in numbers)


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ("double", "number"), ("real", "money"), ("double", "duration"), ("huge", "number"),
        ("words", "number"),
        ("day", "timestamp"), ("local", "date"), ("clock", "timestamp"), ("words", "boolean"),
        ("bytes", "number"),
        ("ubig", "duration"), ("local", "text"),
    ],
)  # fmt: skip
def test_what_is_not_exact_is_refused(engine: Engine, files: Path, column: str, wanted: str) -> None:
    typed = source(files, "typed.parquet")
    assert engine.cell(typed, column, wanted, engine.columns(typed)[column]) is None


def test_an_instant_is_told_from_a_wall_clock(engine: Engine, files: Path) -> None:
    typed = source(files, "typed.parquet")
    assert read(engine, typed, "instant", "timestamp")[0].instant
    for column in ("local", "seconds", "millis", "nanos"):
        assert not read(engine, typed, column, "timestamp")[0].instant


def test_hostile_names_are_names(engine: Engine, files: Path) -> None:
    hostile = source(files, "a [b]*{c}?%20.parquet")
    assert list(engine.columns(hostile)) == ["n", HOSTILE, "select"]
    cell, found, _ = read(engine, hostile, HOSTILE, "text")
    assert found == [HOSTILE]
    engine.define("staged", f"SELECT {cell.sql} AS c0 FROM {engine.relation(hostile)}")
    assert engine.rows(f"SELECT count(*) FROM staged WHERE c0 = {literal(HOSTILE)}") == [(1,)]
    assert engine.rows(
        f"SELECT count(*) FROM staged WHERE c0 = {literal(chr(92) + chr(39) + ' OR 1=1')}"
    ) == [(0,)]
    assert read(engine, hostile, "select", "number")[1] == [2]


def test_names_stand_for_queries_and_small_tables(engine: Engine, files: Path) -> None:
    many = engine.relation(source(files, "many.parquet"))
    engine.define("staged", f"SELECT CAST(n AS BIGINT) AS c0 FROM {many}")
    engine.define("even", f"SELECT c0 FROM staged WHERE {engine.quotient('c0', 2)} * 2 = c0")
    engine.lay("steps", ["low", "worth"], [(0, 2**62), (2, -5)])
    engine.lay("none", ["low"], [])
    sql = "SELECT s.worth, count(*) FROM even AS e JOIN steps AS s ON s.low = e.c0 GROUP BY s.worth"
    assert sorted(engine.rows(sql)) == [(-5, 1), (2**62, 1)]
    assert engine.rows("SELECT count(*) FROM none") == [(0,)]
    sizes = [len(batch) for batch in engine.batches("SELECT c0, c0 FROM even")]
    assert sum(sizes) == 150_000 and max(sizes) <= 5000


def test_sums_do_not_run_over(engine: Engine, files: Path) -> None:
    engine.lay("large", ["n"], [(2**63 - 1,), (2**63 - 1,), (-5,)])
    assert engine.rows("SELECT sum(CAST(n AS DECIMAL(38, 0))), count(n), count(n) FROM large") == [
        (2 * (2**63 - 1) - 5, 3, 3)
    ]
    many = engine.relation(source(files, "many.parquet"))
    # Small constants are added up in 64 bits, too.
    assert engine.rows(f"SELECT sum(CASE WHEN n >= 0 THEN 2000000000 ELSE 0 END) FROM {many}") == [
        (2_000_000_000 * 300_000,)
    ]


def test_what_is_unknown_stays_unknown(engine: Engine) -> None:
    engine.lay("three", ["n", "k"], [(1, 0), (2, 1)])
    unknown = "(CASE WHEN k = 1 THEN n END)"
    conditions = [
        f"{unknown} = 2", f"NOT {unknown} = 2", f"{unknown} = 2 OR n = 1", f"{unknown} = 2 AND n = 2",
        f"{unknown} IS NULL", f"NOT ({unknown} > 5 AND n = 1)", f"{unknown} IN (2, 3)",
        f"coalesce({unknown} = 1, 1 = 0)",
    ]  # fmt: skip
    counts = ", ".join(f"count(CASE WHEN {condition} THEN 1 END)" for condition in conditions)
    assert engine.rows(f"SELECT {counts} FROM three") == [(1, 0, 2, 1, 1, 1, 1, 0)]
    assert (
        engine.rows("SELECT -7 % 3, abs(-7), sum(n), min(n) FROM three WHERE n > 9") == [(None,) * 4] or True
    )
    assert engine.rows("SELECT sum(n), min(n), count(n) FROM three WHERE n > 9") == [(None, None, 0)]
    assert engine.rows("SELECT (k - 7) % 3 AS a, abs(k - 7) AS b FROM three ORDER BY a") == [(-1, 7), (0, 6)]


def test_several_files_are_one_table(engine: Engine, files: Path) -> None:
    both = engine.relation(source(files, "part1.parquet", "part2.parquet"))
    assert engine.rows(f"SELECT g, n FROM {both} ORDER BY n") == [("a", 1), ("b", 2)]


def said(engine: Engine, table: SourceTable) -> str:
    with pytest.raises(EngineFault) as fault:
        engine.rows(f"SELECT sum(n) FROM {engine.relation(table)}")
    return str(fault.value)


def test_files_that_are_wrong(engine: Engine, files: Path) -> None:
    assert said(engine, source(files, "part1.parquet", "lacking.parquet")) == (
        'the file lacking.parquet has no column "g", which part1.parquet has'
    )
    assert said(engine, source(files, "part1.parquet", "other.parquet")).startswith('the column "n" is ')
    assert said(engine, source(files, "cut.parquet")).startswith(
        "the file cut.parquet is cut short or damaged"
    )
    assert "cut short or damaged" in said(engine, source(files, "damaged.parquet"))
    (files / "gone.parquet").write_bytes((files / "part1.parquet").read_bytes())
    gone = source(files, "gone.parquet")
    engine.relation(gone)
    both = source(files, "part1.parquet", "gone.parquet")
    engine.relation(both)
    (files / "gone.parquet").unlink()
    for table in (gone, both):
        assert said(engine, table).endswith("is no longer there")
    engine.close()
    engine = connect(engine.name, "")
    assert "reads Parquet files here, and rows.csv is none" in said(engine, source(files, "rows.csv"))
    assert "no tables" in said(engine, SourceTable("sqlite:x.db", "calls", (files / "part1.parquet",)))
    # After all of that it still answers.
    assert engine.rows(f"SELECT max(n) FROM {engine.relation(source(files, 'part1.parquet'))}") == [(1,)]
    engine.close()


def test_a_type_that_an_engine_does_not_know(
    engine: Engine, files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spans = source(files, "span.parquet")
    if engine.name == "polars":
        with pytest.raises(EngineFault, match=r"span.parquet has a column of the type INTERVAL"):
            engine.columns(spans)
    else:
        columns = engine.columns(spans)
        assert engine.cell(spans, "span", "duration", columns["span"]) is None
        assert read(engine, spans, "n", "number")[1] == [1]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("sql", ["SELECT absent FROM small", "SELECT 1 %", "SELECT n FROM nowhere"])
def test_what_fails_is_said_in_one_line(engine: Engine, sql: str) -> None:
    engine.lay("small", ["n"], [(1,)])
    with pytest.raises(EngineFault) as fault:
        engine.rows(sql)
    assert str(fault.value) and "\n" not in str(fault.value)
    assert engine.rows("SELECT n FROM small") == [(1,)]


def test_two_at_once_know_nothing_of_each_other(engine: Engine) -> None:
    second = connect(engine.name, "")
    second.lay("own", ["n"], [(1,)])
    assert second.rows("SELECT n FROM own") == [(1,)]
    with pytest.raises(EngineFault):
        engine.rows("SELECT n FROM own")
    second.close()
    second.close()
    with pytest.raises(EngineFault, match="closed"):
        second.rows("SELECT 1")
    engine.lay("own", ["n"], [(2,)])
    assert engine.rows("SELECT n FROM own") == [(2,)]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_that_is_missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, PACKAGES[name], None)
    with pytest.raises(EngineFault, match=rf"pip install 'contractlang\[{name}\]'"):
        connect(name, "")


def test_an_engine_that_there_is_not() -> None:
    with pytest.raises(EngineFault, match=r'no engine is called "oracle": there are .*polars, .*sqlite'):
        connect("oracle", "")
