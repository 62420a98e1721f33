"""SQLite: what cells say, whatever was declared; hostile names; files that are wrong or locked."""

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measuring_scene import asked, days, schema_of, usage_of

from contractlang.diagnostics import ContractError
from contractlang.engines import sqlite
from contractlang.engines.engine import Cell, EngineFault, SourceTable, identifier, literal
from contractlang.engines.sqlite import SQLite

HOSTILE = "x\"; DROP TABLE typed; --\n`é' \\"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "a ?#%20.db"
    base = sqlite3.connect(file)
    base.executescript(
        f"""
        CREATE TABLE typed (v, t TEXT, i INTEGER, n NUMERIC, d2 DECIMAL(12, 2), d20 DECIMAL(20, 2),
            at TIMESTAMP, day DATE, yes BOOLEAN, blind TEXT COLLATE NOCASE, real REAL,
            double DOUBLE PRECISION, bytes BLOB);
        CREATE TABLE {identifier(HOSTILE)} ({identifier(HOSTILE)} TEXT, "select" INT, "a.b" INT);
        INSERT INTO {identifier(HOSTILE)} VALUES ({literal(HOSTILE)}, 1, 2);
        CREATE TABLE many (n INTEGER PRIMARY KEY);
        WITH RECURSIVE up(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM up WHERE n < 20000)
            INSERT INTO many SELECT n FROM up;
        CREATE VIEW seen AS SELECT n, n % 2 AS odd FROM many WHERE n < 10;
        """
    )
    base.close()
    return file


@pytest.fixture
def engine() -> Iterator[SQLite]:
    engine = SQLite()
    yield engine
    engine.close()


def table(path: Path, name: str = "typed") -> SourceTable:
    return SourceTable("sqlite:calls.db", name, (path,))


def fill(path: Path, column: str, values: list[object]) -> None:
    with sqlite3.connect(path) as base:
        base.executemany(f"INSERT INTO typed ({column}) VALUES (?)", [(value,) for value in values])
    base.close()


def read(engine: SQLite, path: Path, column: str, wanted: str) -> tuple[Cell, list[Any], list[bool]]:
    typed = table(path)
    cell = engine.cell(typed, column, wanted, engine.columns(typed)[column])
    assert cell is not None
    # As a view would have it: each step by itself.
    engine.define(
        "staged",
        f"SELECT c, w FROM (SELECT {cell.sql} AS c, {cell.wrong} AS w FROM {engine.relation(typed)}) AS a",
    )
    found = engine.rows("SELECT c, w FROM staged")
    assert all(value is None for value, wrong in found if wrong)
    return cell, [value for value, _ in found], [bool(wrong) for _, wrong in found]


DAY = 86_400_000_000


@pytest.mark.parametrize(
    ("column", "wanted", "given", "values", "decimals"),
    [
        ("at", "timestamp", ["1969-12-31 23:59:59.999999", "1970-01-02T00:00", "1970-01-01 00:00:00.1000000"],
         [-1, DAY, 100_000], 0),
        ("at", "timestamp", ["2026-02-30 00:00:00", "24:00", "1970-01-01", "1970-01-01 00:00:00.1234567",
         5, 0.5, "0999-12-31 23:59:59", "1970-01-01 25:00:00", b"x", "1970-01-01 00:00:00Z "],
         [None] * 10, 0),
        ("t", "timestamp", ["1970-01-01T01:00:00+01:00", "1970-01-01 00:00:00.000001Z",
         " 1970-01-01T00:00:00-0100 "],
         [0, 1, 3_600_000_000], 0),
        ("day", "date", ["1969-12-31", "2026-02-29", "1000-01-01", "3000-01-01", 20260101, "2026-W01-1"],
         [-1, None, -354_285, None, None, None], 0),
        ("i", "duration", [30, 2**31, -1, 100_000_000_000, 1.5],
         [30_000_000, 2**31 * 10**6, None, None, 1_500_000], 0),
        ("t", "duration", ["1:00:00", "00:00:01.5", "90", "0.000001", "0.0000001", "x"],
         [3_600_000_000, 1_500_000, 90_000_000, 1, None, None], 0),
        ("i", "number", [-(2**63), 2**63 - 1, 1.5, "x", b"1"], [-(2**63), 2**63 - 1, None, None, None], 0),
        ("d2", "money", ["12.34", 12, -0.01, 0.1 + 0.2, "9999999999.99", "x", 1.005],
         [1234, 1200, -1, None, 999_999_999_999, None, None], 2),
        ("d20", "money", ["123456789012345.67", 1], [None, 100], 2),
        ("t", "money", ["123456789012345.67", "1.50", "-0.0010", "1e5", "1,5", "+.5"],
         [123_456_789_012_345_670, 1500, -1, None, None, 500], 3),
        ("t", "number", ["99999999999999999999", "1"], [None, 1], 0),
        ("n", "number", [0.25, "1", 3], [25, 100, 300], 2),
        ("v", "number", [0.25, "1.5", 3], [None, 15, 30], 1),
        ("yes", "boolean", [1, 0, "true", "no", 2, 1.5], [1, 0, 1, 0, None, None], 0),
        ("t", "text", ["a", " é ", "e\u0301", "1"], ["a", " é ", "e\u0301", "1"], 0),
        ("v", "text", [1, "x", 1.5, b"x"], ["1", "x", None, None], 0),
    ],
)  # fmt: skip
def test_a_cell_is_exact_or_wrong(
    engine: SQLite,
    path: Path,
    column: str,
    wanted: str,
    given: list[object],
    values: list[object],
    decimals: int,
) -> None:
    fill(path, column, given)
    cell, found, wrong = read(engine, path, column, wanted)
    assert found == values
    assert cell.decimals == decimals
    assert wrong == [value is None for value in values]


@pytest.mark.parametrize("wanted", ["timestamp", "date", "duration", "boolean", "number", "money", "text"])
def test_what_is_empty_is_not_wrong(engine: SQLite, path: Path, wanted: str) -> None:
    fill(path, "t", [None, ""])
    assert read(engine, path, "t", wanted)[1:] == ([None, None], [False, False])


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ("real", "number"),
        ("double", "money"),
        ("bytes", "text"),
        ("real", "duration"),
        ("i", "timestamp"),
        ("i", "date"),
    ],
)
def test_what_is_not_exact_is_refused(engine: SQLite, path: Path, column: str, wanted: str) -> None:
    typed = table(path)
    assert engine.cell(typed, column, wanted, engine.columns(typed)[column]) is None


def test_instants_are_told_from_wall_clocks(engine: SQLite, path: Path) -> None:
    fill(path, "at", ["2026-03-29T03:30:00+02:00", "2026-03-29T01:30:00Z"])
    cell, found, _ = read(engine, path, "at", "timestamp")
    assert cell.instant and found[0] == found[1]
    fill(path, "at", ["2026-03-29 01:30:00"])
    second = SQLite()
    cell, found, wrong = read(second, path, "at", "timestamp")
    # A column has one meaning: where some have an offset and some have none, those that have it are wrong.
    assert not cell.instant and wrong == [True, True, False]
    second.close()


@given(st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(2999, 12, 31)), st.sampled_from(" T"))
def test_every_time_is_read_to_the_microsecond(moment: dt.datetime, between: str) -> None:
    micros = (moment - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)
    assert sqlite._moment(moment.isoformat(between), 0) == micros
    assert sqlite._moment(moment.isoformat(between) + "+00:00", 1) == micros
    assert sqlite._moment(moment.isoformat(between), 1) is None
    assert (
        sqlite._moment(moment.isoformat(between, timespec="minutes"), 0) == micros // 60_000_000 * 60_000_000
    )


@given(st.decimals(-(10**13) + 1, 10**13 - 1, places=2))
def test_every_decimal_of_fifteen_digits_survives_its_float(number: Decimal) -> None:
    assert sqlite._number(float(number), 2, 1) == int(number.scaleb(2))
    assert sqlite._number(float(number), 2, 0) is None
    assert sqlite._number(str(number), 2, 0) == int(number.scaleb(2))


def test_texts_that_a_collation_holds_equal_are_two_groups(engine: SQLite, path: Path) -> None:
    fill(path, "blind", ["a", "A"])
    cell = read(engine, path, "blind", "text")[0]
    assert sorted(engine.rows("SELECT c, count(*) FROM staged GROUP BY c")) == [("A", 1), ("a", 1)]
    relation = engine.relation(table(path))
    assert engine.rows(f"SELECT count(*) FROM {relation} WHERE {cell.sql} = 'a'") == [(1,)]
    assert len(engine.rows(f"SELECT {cell.sql} FROM {relation} GROUP BY {cell.sql}")) == 2


def test_hostile_names_are_names(engine: SQLite, path: Path) -> None:
    hostile = table(path, identifier(HOSTILE))
    assert list(engine.columns(hostile)) == [HOSTILE, "select", "a.b"]
    for column, value in ((HOSTILE, HOSTILE), ("select", "1"), ("a.b", "2")):
        cell = engine.cell(hostile, column, "text", "TEXT")
        assert cell is not None
        assert engine.rows(f"SELECT {cell.sql} FROM {engine.relation(hostile)}") == [(value,)]
    cell = engine.cell(hostile, HOSTILE, "text", "TEXT")
    assert cell is not None
    engine.define("named", f"SELECT {cell.sql} AS c0 FROM {engine.relation(hostile)}")
    assert engine.rows(f"SELECT count(*) FROM named WHERE c0 = {literal(HOSTILE)}") == [(1,)]
    assert engine.rows("SELECT count(*) FROM file0.typed") == [(0,)]


def test_names_stand_for_queries_and_small_tables(engine: SQLite, path: Path) -> None:
    engine.define("staged", f"SELECT n AS c0 FROM {engine.relation(table(path, 'many'))}")
    engine.define("even", f"SELECT c0 FROM staged WHERE {engine.quotient('c0', 2)} * 2 = c0")
    engine.lay("steps", ["low", "worth"], [(0, 2**62), (2, -5)])
    engine.lay("twice", ["low"], [(0,), (0,)])
    engine.lay("none", ["low"], [])
    sql = "SELECT s.worth, count(*) FROM even AS e JOIN steps AS s ON s.low = e.c0 GROUP BY s.worth"
    assert sorted(engine.rows(sql)) == [(-5, 1), (2**62, 1)]
    assert engine.rows("SELECT count(*) FROM none") == [(0,)]
    assert engine.rows("SELECT count(*) FROM even AS e JOIN twice AS s ON s.low = e.c0") == [(2,)]
    sizes = [len(batch) for batch in engine.batches("SELECT c0 FROM even")]
    assert sum(sizes) == 10_001 and max(sizes) <= 5000


def test_a_sum_beyond_64_bits_is_exact_or_a_fault(engine: SQLite) -> None:
    engine.lay("large", ["k", "n"], [(0, 2**63 - 1), (1, 2**63 - 1), (2, -5)])
    assert engine.rows("SELECT sum(CAST(n AS DECIMAL(38, 0))), count(n) FROM large") == [(2**64 - 7, 3)]
    assert engine.rows("SELECT sum(CAST(n AS DECIMAL(38, 0))) FROM large WHERE k > 5") == [(None,)]
    with pytest.raises(EngineFault, match="64 bits"):
        engine.rows("SELECT sum(n) FROM large")


def test_views_of_the_file_are_tables(engine: SQLite, path: Path) -> None:
    seen = table(path, "seen")
    assert engine.columns(seen) == {"n": "INTEGER", "odd": ""}
    assert engine.rows(f"SELECT count(*) FROM {engine.relation(table(path, 'main.SEEN'))}") == [(10,)]


def said(engine: SQLite, place: SourceTable) -> str:
    with pytest.raises(EngineFault) as fault:
        engine.rows(f"SELECT * FROM {engine.relation(place)}")
    assert str(place.files[0].parent) not in str(fault.value)
    return str(fault.value)


def test_files_that_are_wrong(engine: SQLite, path: Path, tmp_path: Path) -> None:
    assert said(engine, table(path, "nowhere")) == "the database has no table nowhere"
    assert "several parts" in said(engine, table(path, "wfm.typed"))
    assert said(engine, table(tmp_path / "gone.db")).startswith("the file cannot be opened")
    (tmp_path / "text.db").write_text("started,ended\n" * 200)
    assert said(engine, table(tmp_path / "text.db")) == "the file is no database of SQLite"
    whole = path.read_bytes()
    (tmp_path / "cut.db").write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    with pytest.raises(EngineFault, match="damaged"):
        engine.rows(f"SELECT sum(n) FROM {engine.relation(table(tmp_path / 'cut.db', 'many'))}")
    with sqlite3.connect(path) as base:
        base.execute("INSERT INTO typed (t) VALUES (CAST(x'ff' AS TEXT))")
    base.close()
    assert said(engine, table(path)) == "a text of the table is not UTF-8"
    assert engine.rows("SELECT 1") == [(1,)]


def test_the_file_is_only_read_and_not_locked(engine: SQLite, path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    relation = engine.relation(table(path, "many"))
    engine.define("staged", f"SELECT n AS c0 FROM {relation}")
    for statement in ("DELETE FROM many", "DROP TABLE many"):
        with pytest.raises(EngineFault, match="readonly"):
            engine.rows(statement.replace("many", relation))
    assert path.read_bytes() == before
    left = engine.batches(f"SELECT n FROM {relation}")
    next(left)
    left.close()
    # Somebody writes meanwhile; what was given a name before stays as it was.
    with sqlite3.connect(path, timeout=0) as base:
        base.execute("INSERT INTO many VALUES (-1)")
    base.close()
    assert engine.rows("SELECT min(c0) FROM staged") == [(0,)]
    assert sorted(one.name for one in tmp_path.iterdir()) == [path.name]


def test_someone_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_PATIENCE", 0.01)
    engine = SQLite()
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    assert said(engine, table(path)) == "someone writes into the database: run it again when they are done"
    writer.execute("ROLLBACK")
    writer.close()
    assert engine.rows(f"SELECT count(*) FROM {engine.relation(table(path))}") == [(0,)]
    engine.close()
    engine.close()
    with pytest.raises(EngineFault, match="closed"):
        engine.rows("SELECT 1")


def test_it_is_used_from_any_thread(engine: SQLite, path: Path) -> None:
    found: list[object] = []
    thread = threading.Thread(
        target=lambda: found.extend(engine.rows(f"SELECT count(*) FROM {engine.relation(table(path))}"))
    )
    thread.start()
    thread.join()
    assert found == [(0,)]


def test_wrong_cells_are_said_in_the_words_of_a_contract(path: Path) -> None:
    schema = schema_of("usage calls each call { at timestamp  t number optional }")
    fill(path, "at", ["2026-07-01 10:00", "2026-02-30 10:00", None])
    with pytest.raises(ContractError) as fault:
        usage_of(path.parent, schema, f'rows: {{calls: {{source: "sqlite:{path.name}", table: typed}}}}')
    assert [one.code for one in fault.value.diagnostics] == ["CL834", "CL836"]
    assert "1 value" in fault.value.diagnostics[0].message


def test_a_usage_counts_in_it(path: Path) -> None:
    schema = schema_of("usage calls each call { at timestamp  d2 money optional }")
    with sqlite3.connect(path) as base:
        base.execute(
            "INSERT INTO typed (at, d2) VALUES ('2026-07-01 10:00', 12.34), ('2026-07-31 23:59:59', '0.01')"
        )
    base.close()
    usage = usage_of(path.parent, schema, f'rows: {{calls: {{source: "sqlite:{path.name}", table: typed}}}}')
    found = usage.aggregate(asked("sum(calls.d2)", "calls"), days("2026-07"))
    assert found.value == Decimal("12.35") and found.rows == 2


def test_rows_brought_to_duckdb_are_divided_as_duckdb_divides(tmp_path: Path) -> None:
    """A whole quotient is `/` in SQLite and `//` in DuckDB, and the day of a moved time needs one."""
    contract = """usage calls each call { started timestamp  amount money  score number }
    window sunday = sundays"""
    schema = schema_of(contract)
    with sqlite3.connect(tmp_path / "calls.db") as database:
        database.execute("CREATE TABLE calls (started TEXT, amount TEXT, score TEXT)")
        moments = ["2026-03-07T21:30:00Z", "2026-03-07T22:30:00Z", "2026-03-08T22:30:00Z"]
        database.executemany(
            "INSERT INTO calls VALUES (?, '9999999999.99', '999999999.999999999')",
            [(one,) for one in moments],
        )
    usage = usage_of(tmp_path, schema, 'rows: {calls: {source: "sqlite:calls.db", table: calls}}')
    usage.aggregate(asked("sum(calls.amount * calls.score)", "calls"), days("2026-03"))
    assert usage._rows is not None
    assert usage._rows.tables["calls"].engine.name == "duckdb"
    moved = asked("count(calls where started + 90 min in sunday)", "calls")
    assert usage.aggregate(moved, days("2026-03")).rows == 2
