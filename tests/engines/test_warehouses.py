"""Trino, BigQuery and Snowflake: the text that they would be sent, read by a parser of their dialects.

No warehouse runs here. A driver in its place takes the text, has it parsed as the dialect is written, and
lets DuckDB answer its translation, so that a whole contract is rated; the reading of columns and the
spelling of the rest are what a warehouse would get.
"""

import gc
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

pytest.importorskip("sqlglot")
import sqlglot
from sqlglot import exp

from contractlang.commands.main import main
from contractlang.engines.connecting import connect
from contractlang.engines.engine import Engine, EngineFault, SourceTable, literal

ACME = Path(__file__).parents[2] / "contracts" / "acme"
HOSTILE = "x`\"'; DROP TABLE t; --\\"
SECRET = "s3cret"

TYPES = {
    "trino": {
        "contacts": ["timestamp(3) with time zone", "varchar(2)", "boolean", "integer", "bigint", "boolean",
                     "decimal(3,1)"],
        "shifts": ["timestamp(6)", "timestamp(6)"],
    },
    "snowflake": {
        "contacts": ["TIMESTAMP_TZ(9)", "VARCHAR(2)", "BOOLEAN", "NUMBER(38,0)", "NUMBER(38,0)", "BOOLEAN",
                     "NUMBER(3,1)"],
        "shifts": ["TIMESTAMP_NTZ(9)", "TIMESTAMP_NTZ(9)"],
    },
    "bigquery": {
        "contacts": ["TIMESTAMP", "STRING", "BOOL", "INT64", "INT64", "BOOL", "NUMERIC"],
        "shifts": ["DATETIME", "DATETIME"],
    },
}  # fmt: skip
COLUMNS = {
    "contacts": ["started", "language", "answered", "wait", "talk", "resolved", "csat"],
    "shifts": ["started", "ended"],
}


class Stand:
    """A DB-API connection in the place of a warehouse."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.asked: list[str] = []
        self.closed = False
        self.fault: Exception | None = None
        self.duck = duckdb.connect()
        self.duck.execute("SET TimeZone = 'UTC'")

    def cursor(self) -> "Hand":
        return Hand(self)

    def close(self) -> None:
        self.closed = True


class Hand:
    """A cursor of it."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.rows: list[tuple[Any, ...]] = []

    def close(self) -> None:
        self.rows = []

    def execute(self, sql: str) -> None:
        self.stand.asked.append(sql)
        if self.stand.fault:
            raise self.stand.fault
        if sql.startswith("DESCRIBE") or "INFORMATION_SCHEMA" in sql:
            name = next((one for one in COLUMNS if one in sql), None)
            types = TYPES[self.stand.dialect].get(name or "", [])
            self.rows = list(zip(COLUMNS.get(name or "", []), types, strict=True))
            return
        (tree,) = sqlglot.parse(sql, read=self.stand.dialect)
        assert isinstance(tree, exp.Query) and tree.find(exp.Command) is None
        if self.stand.dialect == "trino":
            # Its quotient of two whole numbers is whole, which the translation knows of constants only.
            tree = tree.transform(
                lambda node: (
                    exp.IntDiv(this=node.this, expression=node.expression)
                    if isinstance(node, exp.Div)
                    else node
                )
            )
        self.rows = self.stand.duck.execute(tree.sql(dialect="duckdb")).fetchall()

    def fetchmany(self, size: int) -> Sequence[tuple[Any, ...]]:
        batch, self.rows = self.rows[:size], self.rows[size:]
        return batch

    def fetchall(self) -> Sequence[tuple[Any, ...]]:
        return self.fetchmany(10**9)


@pytest.fixture(params=["trino", "snowflake", "bigquery"])
def stand(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    stand = Stand(request.param)

    def driver(name: str, **contents: object) -> None:
        module = ModuleType(name)
        for key, value in contents.items():
            setattr(module, key, value)
        monkeypatch.setitem(sys.modules, name, module)

    def here(*args: object, **kwargs: object) -> Stand:
        return stand

    driver("trino")
    driver("trino.dbapi", connect=here)
    driver("snowflake")
    driver("snowflake.connector", connect=here)
    driver("google")
    driver("google.cloud.bigquery.dbapi", connect=here)
    driver("google.cloud.bigquery", Client=here, dbapi=sys.modules["google.cloud.bigquery.dbapi"])
    driver("google.cloud", bigquery=sys.modules["google.cloud.bigquery"])
    yield stand
    stand.duck.close()


ADDRESS = {"trino": "trino://me@host:8080/cat", "snowflake": "snowflake:", "bigquery": "bigquery://project"}


@pytest.fixture
def engine(stand: Stand) -> Engine:
    return connect(stand.dialect, ADDRESS[stand.dialect])


def test_a_whole_contract_is_asked_in_the_dialect(
    stand: Stand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stand.duck.execute("CREATE SCHEMA wfm")
    stand.duck.execute(
        f"""CREATE TABLE wfm.contacts AS SELECT started::TIMESTAMPTZ AS started, language,
        answered::BOOLEAN AS answered, wait::INT AS wait, talk::BIGINT AS talk, resolved::BOOLEAN AS resolved,
        csat::DECIMAL(3,1) AS csat
        FROM read_csv('{ACME}/contacts.csv.gz', all_varchar = true)"""
    )
    stand.duck.execute(
        f"""CREATE TABLE wfm.shifts AS SELECT (started::TIMESTAMPTZ AT TIME ZONE 'Europe/Paris') AS started,
        (ended::TIMESTAMPTZ AT TIME ZONE 'Europe/Paris') AS ended
        FROM read_csv('{ACME}/shifts.csv', all_varchar = true)"""
    )
    shutil.copytree(ACME, tmp_path / "acme")
    shutil.copy(ACME.parent / "parties.yaml", tmp_path)
    usage = (ACME / "usage.yaml").read_text()
    for name in COLUMNS:
        place = f"{{source: '{ADDRESS[stand.dialect]}', table: wfm.{name}}}"
        usage = re.sub(rf"  {name}: .*", f"  {name}: {place}", usage)
    (tmp_path / "acme" / "away.yaml").write_text(usage)
    printed = []
    for name in ("usage.yaml", "away.yaml"):
        contract, measured = str(tmp_path / "acme" / "acme.contract"), str(tmp_path / "acme" / name)
        status = main(["invoice", contract, "--usage", measured, "--period", "2026-01"])
        got = capsys.readouterr()
        assert status == 0, got.err
        printed.append(got.out)
    assert printed[0] == printed[1]
    gc.collect()
    assert stand.closed and len(stand.asked) > 4


def test_hostile_names_and_texts_stay_what_they_are(stand: Stand, engine: Engine) -> None:
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    stand.fault = RuntimeError("asked")
    engine.define("staged", f"SELECT {quoted} AS c0 FROM {engine.relation(SourceTable('', f's.{quoted}'))}")
    with pytest.raises(EngineFault):
        engine.rows(f"SELECT count(*) AS n FROM staged WHERE c0 = {literal(HOSTILE)}")
    (tree,) = sqlglot.parse(stand.asked[-1], read=stand.dialect)
    texts = [one.this for one in tree.find_all(exp.Literal) if one.is_string]
    assert texts == [HOSTILE]
    names = {one.this for one in tree.find_all(exp.Identifier)}
    assert HOSTILE in names and names <= {HOSTILE, "s", "c0", "n", "staged"}
    with pytest.raises(EngineFault):
        engine.columns(SourceTable("", f"s.{quoted}"))
    if stand.dialect != "bigquery":
        return
    (tree,) = sqlglot.parse(stand.asked[-1], read=stand.dialect)
    assert [one.this for one in tree.find_all(exp.Literal) if one.is_string] == [HOSTILE]


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("number", "double"), ("number", "FLOAT64"), ("money", "FLOAT"), ("number", "varchar"),
        ("text", "double"),
        ("timestamp", "timestamp(9)"), ("timestamp", "date"), ("date", "timestamp(3)"),
        ("boolean", "varchar"), ("duration", "double"), ("number", "BIGNUMERIC"),
        ("duration", "time(3)"), ("number", "json"),
    ],
)  # fmt: skip
def test_what_is_not_exact_is_refused(engine: Engine, wanted: str, given: str) -> None:
    assert engine.cell(SourceTable("", "s.t"), "c", wanted, given) is None


@pytest.mark.parametrize("table", ["alone", "a.b.c.d", "s.", 's."'])
def test_a_table_has_its_schema_in_its_name(engine: Engine, table: str) -> None:
    with pytest.raises(EngineFault, match="name"):
        engine.relation(SourceTable("", table))


def test_a_fault_is_its_first_line_and_names_no_address(stand: Stand, engine: Engine) -> None:
    class SaidError(Exception):
        message = "line 1:8: Column 'c' cannot be resolved\nhttps://host/secret"
        raw_msg = message

    stand.fault = SaidError()
    with pytest.raises(EngineFault) as fault:
        engine.rows("SELECT c AS n FROM s.t")
    assert str(fault.value) == "line 1:8: Column 'c' cannot be resolved"
    if stand.dialect != "bigquery":
        stand.fault = ConnectionError(f"https://me:{SECRET}@host refused")
        with pytest.raises(EngineFault) as fault:
            engine.rows("SELECT 1 AS n")
        assert str(fault.value) == "the warehouse does not answer: try again later"
    engine.close()
    engine.close()
    with pytest.raises(EngineFault, match="closed"):
        engine.rows("SELECT 1 AS n")


@pytest.mark.parametrize(
    "address",
    [f"trino://me:{SECRET}@host/cat", "trino://", "snowflake://a b", f"bigquery://x?token={SECRET}"],
)
def test_an_address_that_is_none(stand: Stand, address: str) -> None:
    with pytest.raises(EngineFault) as fault:
        connect(address.partition(":")[0], address)
    assert SECRET not in str(fault.value)


def test_a_driver_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("trino.dbapi", "snowflake.connector", "google.cloud"):
        monkeypatch.setitem(sys.modules, name, None)
    for name, address in ADDRESS.items():
        with pytest.raises(EngineFault, match=rf"pip install 'contractlang\[{name}\]'"):
            connect(name, address)


def test_small_tables_are_read_as_they_are(engine: Engine, stand: Stand) -> None:
    engine.lay("steps", ["low", "worth"], [(0, 2**62), (2, -5), (3, 0)])
    page = "SELECT low FROM steps ORDER BY low LIMIT 1 OFFSET 1"
    assert engine.rows(page) == [(2,)]
    assert stand.dialect != "trino" or stand.asked[-1].endswith("ORDER BY low OFFSET 1 LIMIT 1")
    engine.lay("none", ["low"], [])
    assert sorted(engine.rows("SELECT low, worth FROM steps")) == [(0, 2**62), (2, -5), (3, 0)]
    assert engine.rows("SELECT count(*) AS n FROM none") == [(0,)]
    assert engine.rows(f"SELECT {engine.quotient('7 % 8', 2)} AS n") == [(3,)]
