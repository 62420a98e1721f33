"""PostgreSQL read for real: types at their edges, hostile names, and every way in which it can fail."""

import datetime as dt
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("psycopg")
from postgresql_server import Server, programs, running

from contractlang.commands.main import main
from contractlang.engines.engine import Cell, EngineFault, SourceTable, identifier, literal
from contractlang.engines.postgresql import PostgreSQL

pytestmark = pytest.mark.skipif(programs() is None, reason="no PostgreSQL server is installed")

SECRET = "s3cret-in-no-message"
HOSTILE = 'x"; DROP TABLE typed; --'


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as server:
        server.sql(
            f"""
            CREATE SCHEMA wfm;
            CREATE DOMAIN queue AS varchar(9);
            CREATE DOMAIN paid AS numeric(9, 3);
            CREATE TYPE mood AS ENUM ('good', 'bad');
            CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TABLE typed (local timestamp, ms timestamp(3), instant timestamptz, day date,
                span interval, clock time, two numeric(12,2),
                free numeric, wide numeric(50,2), hundreds numeric(4,-2),
                small smallint, middle integer, big bigint, yes boolean, words text, padded char(4),
                limited varchar(5), queue queue, paid paid, mood mood, u uuid, blind text COLLATE blind,
                real real, double double precision, cash money);
            INSERT INTO typed (local, instant, day, span, clock, two, free, wide, hundreds, small, middle,
                big, yes, words, padded, limited, queue, paid, mood, u) VALUES
                ('1969-12-31 23:59:59.999999', '2026-03-29 03:30:00.000001+02', '1969-12-31',
                 '1 day 02:03:04.5', '23:59:59.999999', -1234.56, 1.50, -1.25, 12345, -32768, 2147483647,
                 -9223372036854775808, true, 'L''été \\ 🎉', 'ab', '', 'q', 1.234, 'good',
                 '00000000-0000-0000-0000-000000000001'),
                ('infinity', '-infinity', 'infinity', '1 month', NULL, 'NaN', 'NaN', 1e40, NULL, 0, 5, 0,
                 false, '', '', 'a ', NULL, 'NaN', NULL, NULL),
                ('20260-01-01', '0044-03-15 BC', '-infinity', '-1 second', NULL, NULL, 'infinity', NULL, NULL,
                 1, 86400, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
                (NULL, NULL, NULL, NULL, NULL, 0.01, -0.123456789, NULL, NULL, NULL, NULL, NULL, NULL,
                 ' x ', NULL, NULL, NULL, NULL, NULL, NULL);
            INSERT INTO typed (free) VALUES (1e-21), (1e39);
            INSERT INTO typed (blind) VALUES ('a'), ('A');
            CREATE TABLE wfm.parts (n int, day date) PARTITION BY RANGE (n);
            CREATE TABLE wfm.low PARTITION OF wfm.parts FOR VALUES FROM (0) TO (500);
            CREATE TABLE wfm.high PARTITION OF wfm.parts FOR VALUES FROM (500) TO (100000);
            INSERT INTO wfm.parts SELECT i, date '2026-01-01' + i % 31 FROM generate_series(0, 20000) i;
            CREATE VIEW wfm.seen AS SELECT n FROM wfm.parts WHERE n < 10;
            CREATE TABLE "cal" (n int);
            INSERT INTO "cal" VALUES (7);
            CREATE TABLE {identifier(HOSTILE)} ({identifier(HOSTILE)} text, "%s" int);
            INSERT INTO {identifier(HOSTILE)} VALUES ({literal(HOSTILE)}, 1);
            CREATE TABLE "Dots.and""quotes" (n int);
            CREATE ROLE reader LOGIN; GRANT SELECT (n) ON wfm.parts TO reader;
            GRANT USAGE ON SCHEMA wfm TO reader;
            CREATE ROLE locked LOGIN PASSWORD 'right';
            CREATE ROLE nobody_may NOLOGIN;
            """
        )
        hba = server.folder / "data" / "pg_hba.conf"
        hba.write_text("local all locked scram-sha-256\nlocal all barred reject\nlocal all all trust\n")
        server.sql("SELECT pg_reload_conf()")
        yield server


@pytest.fixture
def engine(server: Server) -> Iterator[PostgreSQL]:
    engine = PostgreSQL(server.address())
    yield engine
    engine.close()


def table(name: str) -> SourceTable:
    return SourceTable("postgresql:", name)


def read(engine: PostgreSQL, column: str, wanted: str) -> tuple[Cell, list[tuple[object, bool]]]:
    """Each value of a column that is there, and whether it is wrong."""
    typed = table("typed")
    cell = engine.cell(typed, column, wanted, engine.columns(typed)[column])
    assert cell is not None
    sql = (
        f"SELECT {cell.sql}, {cell.wrong or 'false'} FROM {engine.relation(typed)} WHERE {column} IS NOT NULL"
    )
    rows = engine.rows(sql)
    assert all(value is None for value, wrong in rows if wrong)
    return cell, rows


def micro(moment: dt.datetime) -> int:
    return (moment.replace(tzinfo=dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(
        microseconds=1
    )


@pytest.mark.parametrize(
    ("column", "wanted", "values", "decimals"),
    [
        ("local", "timestamp", [-1, None, None], 0),
        ("instant", "timestamp", [micro(dt.datetime(2026, 3, 29, 1, 30, 0, 1)), None, None], 0),
        ("day", "date", [-1, None, None], 0),
        ("span", "duration", [93_784_500_000, None, None], 0),
        ("clock", "duration", [86_399_999_999], 0),
        ("middle", "duration", [2_147_483_647_000_000, 5_000_000, 86_400_000_000], 0),
        ("two", "money", [-123456, None, 1], 2),
        ("two", "duration", [None, None, 10_000], 0),
        ("paid", "money", [1234, None], 3),
        ("free", "number", [1_500_000_000, None, None, -123_456_789, None, None], 9),
        ("wide", "number", [-125, None], 2),
        ("hundreds", "number", [12300], 0),
        ("small", "number", [-32768, 0, 1], 0),
        ("big", "number", [-(2**63), 0, 1], 0),
        ("small", "boolean", [None, False, True], 0),
        ("yes", "boolean", [True, False], 0),
        ("yes", "text", ["true", "false"], 0),
        ("words", "text", ["L'été \\ 🎉", None, " x "], 0),
        ("padded", "text", ["ab", None], 0),
        ("limited", "text", [None, "a "], 0),
        ("queue", "text", ["q"], 0),
        ("mood", "text", ["good"], 0),
        ("u", "text", ["00000000-0000-0000-0000-000000000001"], 0),
        ("big", "text", [str(-(2**63)), "0", "1"], 0),
    ],
)
def test_a_cell_is_exact_or_wrong(
    engine: PostgreSQL, column: str, wanted: str, values: list[object], decimals: int
) -> None:
    cell, rows = read(engine, column, wanted)
    assert [value for value, _ in rows] == values
    assert cell.decimals == decimals
    # An empty text is no value; whatever else gives none is wrong.
    assert wanted == "text" or [wrong for _, wrong in rows] == [value is None for value in values]
    numbers = [abs(int(value)) for value in values if isinstance(value, int)]
    assert cell.bound is None or all(number <= cell.bound for number in numbers)


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ("real", "number"), ("double", "money"), ("cash", "money"), ("words", "number"), ("day", "timestamp"),
        ("local", "date"), ("words", "boolean"), ("two", "text"), ("local", "text"), ("double", "duration"),
    ],
)  # fmt: skip
def test_what_is_not_exact_is_refused(engine: PostgreSQL, column: str, wanted: str) -> None:
    typed = table("typed")
    assert engine.cell(typed, column, wanted, engine.columns(typed)[column]) is None


def test_an_instant_is_told_from_a_wall_clock(engine: PostgreSQL) -> None:
    assert read(engine, "instant", "timestamp")[0].instant
    assert not read(engine, "local", "timestamp")[0].instant
    assert not read(engine, "ms", "timestamp")[0].instant


def test_texts_that_a_collation_holds_equal_are_two_groups(engine: PostgreSQL) -> None:
    cell, _ = read(engine, "blind", "text")
    sql = f"SELECT {cell.sql} AS g, count(*) FROM typed WHERE blind IS NOT NULL GROUP BY {cell.sql}"
    assert sorted(engine.rows(sql)) == [("A", 1), ("a", 1)]


def test_names_stand_for_queries_and_small_tables(engine: PostgreSQL) -> None:
    engine.define("staged", f"SELECT CAST(n AS BIGINT) AS c0 FROM {engine.relation(table('wfm.parts'))}")
    engine.define("even", f"SELECT c0 FROM staged WHERE {engine.quotient('c0', 2)} * 2 = c0")
    engine.lay("steps", ["low", "worth"], [(0, 2**62), (2, -5)])
    engine.lay("none", ["low"], [])
    sql = "SELECT s.worth, count(*) FROM even AS e JOIN steps AS s ON s.low = e.c0 GROUP BY s.worth"
    assert sorted(engine.rows(sql)) == [(-5, 1), (2**62, 1)]
    assert engine.rows("SELECT count(*) FROM none") == [(0,)]
    assert engine.rows(f"SELECT {engine.quotient('CAST(7 AS BIGINT)', 2)}") == [(3,)]


def test_a_name_of_ours_hides_no_table_of_the_database(engine: PostgreSQL) -> None:
    engine.lay("cal", ["n"], [(1,), (2,)])
    engine.define("staged", f"SELECT n FROM {engine.relation(table('cal'))}")
    assert engine.rows("SELECT n FROM staged") == [(7,)]
    assert engine.rows("SELECT count(*) FROM cal") == [(2,)]


def test_views_and_partitioned_tables_are_read(engine: PostgreSQL) -> None:
    assert engine.rows(f"SELECT count(*) FROM {engine.relation(table('wfm.seen'))}") == [(10,)]
    assert engine.rows(f"SELECT count(*) FROM {engine.relation(table('wfm.parts'))}") == [(20001,)]


def test_hostile_names_are_names(engine: PostgreSQL) -> None:
    hostile = table(HOSTILE.replace(".", ""))
    assert list(engine.columns(hostile)) == [HOSTILE, "%s"]
    cell = engine.cell(hostile, HOSTILE, "text", "text")
    assert cell is not None
    engine.define("staged", f"SELECT {cell.sql} AS c0 FROM {engine.relation(hostile)}")
    assert engine.rows(f"SELECT count(*) FROM staged WHERE c0 = {literal(HOSTILE)}") == [(1,)]
    assert engine.rows(f"SELECT {literal(chr(92) + chr(39) + ' OR true --')}") == [("\\' OR true --",)]
    assert engine.columns(table('"Dots.and""quotes"')) == {"n": "integer"}
    assert engine.rows("SELECT count(*) FROM typed") == [(8,)]


@pytest.mark.parametrize(
    "name", ["typed; DROP TABLE typed", "typed) x", "typed--", "pg_class'", "a.b.c.d", "typed\t"]
)
def test_a_hostile_name_that_is_none_is_not_found(engine: PostgreSQL, name: str) -> None:
    with pytest.raises(EngineFault):
        engine.relation(table(name))
    assert engine.rows("SELECT count(*) FROM typed") == [(8,)]


def test_nothing_is_ever_written(server: Server, engine: PostgreSQL) -> None:
    for statement in ("DELETE FROM typed", "CREATE TABLE made (n int)", "SELECT nextval('s')"):
        with pytest.raises(EngineFault, match=r"read-only|does not exist"):
            engine.rows(statement)
    with pytest.raises(EngineFault, match="read-only"):
        engine.rows("WITH gone AS (DELETE FROM typed RETURNING 1) SELECT count(*) FROM gone")
    assert server.sql("SELECT count(*) FROM typed") == "8"


# ---- failures


def left_behind(server: Server) -> str:
    """Transactions and locks of ours that outlive their query."""
    for _ in range(50):
        found = server.sql(
            "SELECT (SELECT count(*) FROM pg_stat_activity "
            "WHERE application_name = 'contractlang' AND xact_start IS NOT NULL), "
            "(SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
            "WHERE a.application_name = 'contractlang')"
        )
        if found == "0|0":
            break
        time.sleep(0.05)
    return found


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT 1 FROM nowhere", 'relation "nowhere" does not exist'),
        ("SELECT absent FROM typed", 'column "absent" does not exist'),
        ("SELECT CAST(big AS int) FROM typed", "integer out of range"),
        ("SELECT 1 / (small - small) FROM typed", "division by zero"),
    ],
)
def test_what_fails_in_the_server_is_said_in_its_words(
    server: Server, engine: PostgreSQL, sql: str, said: str
) -> None:
    with pytest.raises(EngineFault) as fault:
        engine.rows(sql)
    assert str(fault.value) == said
    assert left_behind(server) == "0|0"
    assert engine.rows("SELECT 1") == [(1,)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "the database has no table nowhere, or its user may not see the schema"),
        ("no.where", "the database has no table no.where, or its user may not see the schema"),
        ("typed", "the database's user may not read typed: it needs the right SELECT on it"),
    ],
)
def test_a_table_that_may_not_be_read(server: Server, name: str, said: str) -> None:
    engine = PostgreSQL(server.address(user="reader"))
    with pytest.raises(EngineFault) as fault:
        engine.columns(table(name))
    assert str(fault.value) == said
    # Rights on some columns are enough for those.
    assert engine.rows(f"SELECT max(n) FROM {engine.relation(table('wfm.parts'))}") == [(20000,)]
    with pytest.raises(EngineFault, match="it needs the right SELECT: permission denied for table parts"):
        engine.rows("SELECT max(day) FROM wfm.parts")
    engine.close()


def test_a_right_revoked_meanwhile(server: Server) -> None:
    server.sql("CREATE TABLE lent (n int); GRANT SELECT ON lent TO reader")
    engine = PostgreSQL(server.address(user="reader"))
    relation = engine.relation(table("lent"))
    server.sql("REVOKE SELECT ON lent FROM reader")
    with pytest.raises(EngineFault, match="may not read all of it"):
        engine.rows(f"SELECT n FROM {relation}")
    engine.close()


def test_batches_hold_no_more_than_they_give_and_leave_nothing(server: Server, engine: PostgreSQL) -> None:
    engine.define("staged", "SELECT n FROM wfm.parts")
    sizes = [len(batch) for batch in engine.batches("SELECT n FROM staged ORDER BY n")]
    assert sum(sizes) == 20001 and max(sizes) <= 5000
    left = engine.batches("SELECT n FROM staged")
    next(left)
    left.close()
    assert left_behind(server) == "0|0"
    assert engine.rows("SELECT 1") == [(1,)]
    with pytest.raises(EngineFault, match="division by zero"):
        list(engine.batches("SELECT n / (n - 7000) FROM staged"))
    assert left_behind(server) == "0|0"


def test_closing_twice_in_the_middle_of_a_cursor(server: Server) -> None:
    engine = PostgreSQL(server.address())
    batches = engine.batches("SELECT n FROM wfm.parts")
    next(batches)
    engine.close()
    engine.close()
    with pytest.raises(EngineFault):
        list(batches)
    with pytest.raises(EngineFault, match="closed"):
        engine.rows("SELECT 1")
    assert left_behind(server) == "0|0"


def test_a_query_that_takes_too_long(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=100")
    engine = PostgreSQL(server.address())
    with pytest.raises(EngineFault, match="took longer than the server allows"):
        engine.rows("SELECT pg_sleep(30)")
    assert left_behind(server) == "0|0"
    engine.close()


def test_a_table_that_another_locks(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c lock_timeout=100")
    engine = PostgreSQL(server.address())
    other = PostgreSQL(server.address())
    assert other._connection is not None
    other._connection.read_only = False
    other._connection.execute("SET TRANSACTION READ WRITE")
    other._connection.execute("LOCK TABLE cal IN ACCESS EXCLUSIVE MODE")
    with pytest.raises(EngineFault, match="locked by someone else"):
        engine.rows("SELECT n FROM cal")
    other.close()
    engine.close()


def waiting(server: Server) -> int:
    """The process that serves a query of ours, once it runs."""
    for _ in range(100):
        found = server.sql(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
        )
        if found:
            return int(found)
        time.sleep(0.05)
    raise AssertionError("the query never ran")


@pytest.mark.parametrize(
    ("how", "said"), [("terminate", "ended the connection"), ("cancel", "was cancelled")]
)
def test_a_query_ended_by_the_server(server: Server, how: str, said: str) -> None:
    engine = PostgreSQL(server.address())
    end = threading.Thread(target=lambda: server.sql(f"SELECT pg_{how}_backend({waiting(server)})"))
    end.start()
    with pytest.raises(EngineFault, match=said):
        engine.rows("SELECT pg_sleep(60)")
    end.join()
    assert left_behind(server) == "0|0"
    engine.close()


def test_a_server_killed_in_the_middle_of_a_query() -> None:
    with running() as server:
        for kill in (
            lambda: os.kill(waiting(server), signal.SIGKILL),
            lambda: (waiting(server), server.kill()),
        ):
            engine = PostgreSQL(server.address())
            end = threading.Thread(target=kill)
            end.start()
            with pytest.raises(EngineFault, match="ended the connection in the middle of a query"):
                engine.rows("SELECT pg_sleep(60)")
            end.join()
            with pytest.raises(EngineFault):
                engine.rows("SELECT 1")
            engine.close()
            if server.running:
                server.recovered()
        with pytest.raises(EngineFault, match="no server answers"):
            PostgreSQL(server.address())


# ---- a whole contract


@pytest.fixture
def acme(server: Server, tmp_path: Path) -> Path:
    """The sample contract with its rows in the database, and a usage beside it that names them there."""
    folder = Path(__file__).parents[2] / "contracts"
    server.sql(
        f"""
        DROP SCHEMA IF EXISTS acme CASCADE; CREATE SCHEMA acme;
        CREATE TABLE acme.contacts (started timestamptz, language varchar(2), answered boolean, wait int,
            talk int, resolved boolean, csat numeric(3, 1));
        CREATE TABLE acme.shifts (started timestamptz, ended timestamptz);
        \\copy acme.contacts FROM PROGRAM 'gzip -dc {folder}/acme/contacts.csv.gz' CSV HEADER
        \\copy acme.shifts FROM '{folder}/acme/shifts.csv' CSV HEADER
        """
    )
    shutil.copytree(folder / "acme", tmp_path / "acme")
    shutil.copy(folder / "parties.yaml", tmp_path)
    usage = (tmp_path / "acme" / "usage.yaml").read_text()
    for name in ("contacts", "shifts"):
        place = f"{{source: '{server.address()}', table: acme.{name}}}"
        usage = re.sub(rf"  {name}: .*", f"  {name}: {place}", usage)
    (tmp_path / "acme" / "database.yaml").write_text(usage)
    return tmp_path / "acme"


def invoice(folder: Path, usage: str, *options: str) -> int:
    return main(["invoice", str(folder / "acme.contract"), "--usage", str(folder / usage), *options])


def test_an_invoice_of_a_database_is_that_of_the_files(
    server: Server, acme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for period in ("2026-01", "2026-07"):
        printed = []
        for usage in ("usage.yaml", "database.yaml"):
            assert invoice(acme, usage, "--period", period) == 0
            printed.append(capsys.readouterr().out)
        assert printed[0] == printed[1] and "Total including VAT" in printed[0]
    assert left_behind(server) == "0|0"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE acme.contacts DROP COLUMN talk", 'has no column "talk"'),
        ("ALTER TABLE acme.contacts ALTER csat TYPE real", "of the type real, which holds no exact number"),
        ("ALTER TABLE acme.shifts RENAME TO moved", "the database has no table acme.shifts"),
        ("UPDATE acme.contacts SET started = 'infinity' WHERE wait = 3", "no time"),
    ],
)
def test_no_invoice_where_the_rows_cannot_be_counted(
    server: Server, acme: Path, change: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.sql(change)
    assert invoice(acme, "database.yaml", "--period", "2026-07", "-o", str(acme / "made.txt")) == 1
    printed = capsys.readouterr()
    assert said in printed.err and "Traceback" not in printed.err
    assert not printed.out and not (acme / "made.txt").exists()
    assert left_behind(server) == "0|0"


# ---- addresses


def refused(address: str) -> str:
    with pytest.raises(EngineFault) as fault:
        PostgreSQL(address)
    return str(fault.value)


@pytest.mark.parametrize("address", ["postgresql://me:{}@localhost/wfm", "postgresql:///wfm?password={}"])
def test_an_address_holds_no_password(address: str) -> None:
    said = refused(address.format(SECRET))
    assert said == "an address holds no password: set PGPASSWORD, or use a password file"


def test_an_address_that_is_none(tmp_path: Path) -> None:
    assert "none of PostgreSQL" in refused(f"postgresql://[{SECRET}")
    assert "none of PostgreSQL" in refused(f"postgresql:///wfm?{SECRET}=1")
    assert refused(f"postgresql:///wfm?host={tmp_path}").startswith("no server answers at the address")


def test_why_there_is_no_connection(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSFILE", "/dev/null")
    assert refused(server.address("absent")) == "the server has no such database"
    assert refused(server.address(user="absent")) == "the server has no such user: see PGUSER"
    assert refused(server.address(user="nobody_may")) == "the user may not log in"
    assert refused(server.address(user="barred")).startswith("the database lets nobody in from here")
    assert refused(server.address(user="locked")).startswith("the database asks for a password")
    monkeypatch.setenv("PGPASSWORD", SECRET)
    said = refused(server.address(user="locked"))
    assert said == "the database refuses the user or the password: see PGUSER and PGPASSWORD"
    monkeypatch.setenv("PGPASSWORD", "right")
    PostgreSQL(server.address(user="locked")).close()


@pytest.mark.parametrize("reason", ["password authentication failed", "could not connect", "timeout"])
def test_no_message_tells_where_the_server_is_or_who_asks(server: Server, reason: str) -> None:
    for address in (server.address("absent"), server.address(user="absent")):
        said = refused(address + f"&application_name={reason}")
        assert "absent" not in said and str(server.folder) not in said
