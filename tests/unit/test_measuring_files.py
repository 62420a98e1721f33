"""Files of rows: formats, headings, types, times, and every way in which a file can be wrong."""

import gzip
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from measuring_scene import asked, days, schema_of, usage_of

from contractlang.diagnostics import ContractError, Diagnostic, Place
from contractlang.measuring.schema import Schema
from contractlang.measuring.usage import MeasuredUsage

CONTRACT = """
usage calls each call {
  started timestamp
  talk    duration optional
  ok      boolean optional
  note    text optional
  score   number optional
  price   money optional
  due     date optional
}
usage steps each step on done { started timestamp optional  done timestamp optional  size number }
usage plain each line { size number }
"""
YEAR = days("2026")


@pytest.fixture
def schema() -> Schema:
    return schema_of(CONTRACT)


def calls(
    folder: Path, schema: Schema, content: str | bytes, name: str = "a.csv", text: str = ""
) -> MeasuredUsage:
    return usage_of(folder, schema, text or f"rows: {{calls: {name}}}", {name: content})


def measured(usage: MeasuredUsage, formula: str, span: str = "2026") -> object:
    return usage.aggregate(asked(formula, "calls"), days(span)).value


def wrong(
    folder: Path, schema: Schema, content: str | bytes, name: str = "a.csv", text: str = ""
) -> list[Diagnostic]:
    with pytest.raises(ContractError) as fault:
        calls(folder, schema, content, name, text)
    return list(fault.value.diagnostics)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_heading_decides_the_delimiter(tmp_path: Path, schema: Schema, separator: str) -> None:
    rows = [
        ["note", "started", "talk"],
        ['"a, b; c"', "2026-07-01T10:00", "5"],
        ["x", "2026-07-02T10:00", "6"],
    ]
    content = "\r\n".join(separator.join(row) for row in rows) + "\r\n"
    usage = calls(tmp_path, schema, "\ufeff" + content)
    assert measured(usage, "sum(calls.talk)") == 11
    assert measured(usage, 'count(calls where note is "a, b; c")') == 1


def test_formats_give_the_same(tmp_path: Path, schema: Schema) -> None:
    csv = "started,talk,ok,note,score,price,due\n2026-07-01T10:00:00,1.5,yes,é,0.1,0.435,2026-08-01\n"
    json = (
        '{"started": "2026-07-01T10:00:00", "talk": 1.5, "ok": true, "note": "é", "score": 0.1, '
        '"price": "0.435", "due": "2026-08-01", "more": [1]}\n'
    )
    query = (
        "SELECT TIMESTAMP '2026-07-01 10:00:00' AS started, 1.5::DOUBLE AS talk, true AS ok, 'é' AS note, "
        "0.1::DOUBLE AS score, 0.435::DECIMAL(9, 3) AS price, DATE '2026-08-01' AS due"
    )
    connection = duckdb.connect()
    for name, options in (
        ("made.parquet", "FORMAT parquet"),
        ("made.csv.zst", "FORMAT csv, COMPRESSION zstd"),
        ("made.jsonl.zst", "FORMAT json, COMPRESSION zstd"),
    ):
        connection.execute(f"COPY ({query}) TO '{tmp_path / name}' ({options})")
    contents: dict[str, bytes] = {
        "a.csv": csv.encode(),
        "a.csv.gz": gzip.compress(csv.encode()),
        "a.jsonl": json.encode(),
        "a.ndjson.gz": gzip.compress(json.encode()),
        "a.json": f"[{json}]".encode(),
        "a.parquet": (tmp_path / "made.parquet").read_bytes(),
        "b.csv.zst": (tmp_path / "made.csv.zst").read_bytes(),
        "b.jsonl.zst": (tmp_path / "made.jsonl.zst").read_bytes(),
    }
    for name, content in contents.items():
        usage = calls(tmp_path, schema, content, name)
        found = [
            measured(usage, formula)
            for formula in (
                "sum(calls.talk)", "count(calls where ok)", 'count(calls where note is "é")',
                "sum(calls.score * calls.price)", "count(calls where due > 2026-07-31)",
            )
        ]  # fmt: skip
        assert found == [Fraction(3, 2), 1, 1, Fraction(435, 10000), 1], name


def test_typed_parquet(tmp_path: Path, schema: Schema) -> None:
    query = """
        SELECT TIMESTAMPTZ '2026-07-01 00:30:00+00' AS started, INTERVAL '90 seconds' AS talk, 'yes' AS ok,
               'a'::ENUM('a', 'b') AS note, 7::TINYINT AS score, 1e-7::DOUBLE AS price, NULL::DATE AS due
        UNION ALL
        SELECT TIMESTAMPTZ '2026-06-30 22:30:00+00', INTERVAL '1 hour', 'no', 'b', 8,
               0.1::DOUBLE + 0.2::DOUBLE, NULL
    """
    duckdb.connect().execute(f"COPY ({query}) TO '{tmp_path / 'a.parquet'}'")
    usage = calls(tmp_path, schema, (tmp_path / "a.parquet").read_bytes(), "a.parquet")
    assert usage.rows("calls", days("2026-07-01")) == 2
    assert measured(usage, "sum(calls.talk)") == 3690
    assert measured(usage, "sum(calls.score)") == 15
    assert measured(usage, "sum(calls.price)") == Fraction("0.30000000000000004") + Fraction("0.0000001")
    assert measured(usage, 'count(calls where note is "b")') == 1


def test_many_files_lists_patterns_and_renamed_columns(tmp_path: Path, schema: Schema) -> None:
    files = {
        "[2026] *.d/a.csv": "begin,started\n2026-07-01T10:00,x\n",
        "[2026] *.d/b.csv": "other;begin\n;2026-07-02T10:00\n1;2026-08-02T10:00\n",
        "more.jsonl": '{"begin": "2026-07-03 10:00:00.25Z"}\n',
    }
    text = "rows:\n  calls:\n    source: ['[[]2026] *.d/*.csv', more.jsonl]\n    columns: {started: begin}\n"
    usage = usage_of(tmp_path, schema, text, files)
    assert usage.rows("calls", days("2026-07")) == 3
    assert [one.rows for one in usage.inputs] == [None, 1, 2, 1]
    assert usage.inputs[1].name == "[2026] *.d/a.csv"
    text = "rows: {calls: {source: '[2026] *.d/a.csv', columns: {started: begin}}}"
    assert usage_of(tmp_path, schema, text).rows("calls", YEAR) == 1


def test_one_file_named_twice_would_count_twice(tmp_path: Path, schema: Schema) -> None:
    text = "rows: {calls: [a.csv, '*.csv']}"
    (said,) = wrong(tmp_path, schema, "started\n2026-07-01T10:00\n", text=text)
    assert said.code == "CL816"


def test_optional_columns_may_be_missing(tmp_path: Path, schema: Schema) -> None:
    usage = calls(tmp_path, schema, "started\n2026-07-01T10:00\n")
    assert measured(usage, "sum(calls.talk)") == 0
    assert measured(usage, "average(calls.score)") is None
    assert measured(usage, "count(calls where not ok)") == 0
    assert usage.groups(asked("count(calls)", "calls", "note"), YEAR) == (None,)
    # A column that was renamed would quietly count nothing, so each that is missing is named.
    said = [one for one in usage.warnings if one.code == "CL839"]
    missing = ["talk", "ok", "note", "score", "price", "due"]
    assert [one.span for one in said] == [Place("a.csv", 1, column) for column in missing]
    assert said[0].message == '"calls" has no column "talk", so it is empty in every row'


def test_optional_columns_that_parquet_files_lack_are_named(tmp_path: Path) -> None:
    schema = schema_of("usage calls each call { started timestamp  score number optional }")
    sql = f"COPY (SELECT TIMESTAMP '2026-07-01 10:00:00' AS started) TO '{tmp_path}/a.parquet'"
    duckdb.sql(sql + " (FORMAT parquet)")
    usage = usage_of(tmp_path, schema, "rows: {calls: a.parquet}")
    assert measured(usage, "average(calls.score)") is None
    assert [(one.code, one.span) for one in usage.warnings] == [("CL839", Place("a.parquet", 1, "score"))]


def test_empty_tables(tmp_path: Path, schema: Schema) -> None:
    usage = calls(tmp_path, schema, "started,talk\n")
    assert usage.has_table("calls")
    assert usage.rows("calls", YEAR) == 0
    assert measured(usage, "count(calls)") == 0
    assert measured(usage, "average(calls.talk)") is None
    assert measured(usage, "percentile(calls.talk, 80)") is None
    assert usage.groups(asked("count(calls)", "calls", "note"), YEAR) == ()
    assert [one.code for one in wrong(tmp_path, schema, "")] == ["CL831"]
    assert [one.code for one in wrong(tmp_path, schema, "\n\n")] == ["CL831"]
    assert calls(tmp_path, schema, "", "a.jsonl").rows("calls", YEAR) == 0


def test_missing_and_misspelt_columns(tmp_path: Path, schema: Schema) -> None:
    (said,) = wrong(tmp_path, schema, "strated,talk\n2026-07-01T10:00,1\n")
    assert (said.code, said.span) == ("CL832", Place("a.csv", 1, "started"))
    assert said.help == 'the nearest is "strated"'
    (said,) = wrong(tmp_path, schema, "started,tallk\n2026-07-01T10:00,1\n")
    assert (said.code, said.help) == ("CL832", 'the nearest is "tallk"')
    (said,) = wrong(tmp_path, schema, "started~talk\n2026-07-01T10:00~1\n")
    assert "comma, a semicolon or a tab" in said.help
    (said,) = wrong(tmp_path, schema, "started,started\n2026-07-01T10:00,x\n")
    assert "twice" in said.message
    (said,) = wrong(tmp_path, schema, '{"begin": "2026-07-01T10:00"}\n', "a.jsonl")
    assert (said.code, said.span) == ("CL832", Place("a.jsonl", 1, "started"))
    usage = calls(tmp_path, schema, "started,quite_other\n2026-07-01T10:00,1\n")
    assert usage.rows("calls", YEAR) == 1


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("talk", "1:30", "write 1:30:00 or 0:1:30"),
        ("talk", "-5", "a duration"),
        ("talk", '"1,5"', "write 1.5"),
        ("talk", "12 lightyears", "a duration"),
        ("talk", "1.1234567", "a duration"),
        ("talk", "999999999999", "a duration"),
        ("ok", "maybe", "yes or no"),
        ("score", "NaN", "a number"),
        ("score", "inf", "a number"),
        ("score", "0x10", "a number"),
        ("score", '"12,000"', "write 12 000 or 12.000"),
        ("score", "1e99", "a number"),
        ("score", "1" * 40, "a number"),
        ("price", "4.20 USD", "the contract is in EUR"),
        ("due", "01/07/2026", "write the year first"),
        ("due", "2026-02-30", "a date"),
        ("started", "2026-07-01", "a time"),
        ("started", "2026-07-01T25:00", "a time"),
        ("started", "yesterday", "a time"),
    ],
)
def test_a_cell_that_cannot_be_read(
    tmp_path: Path, schema: Schema, column: str, cell: str, words: str
) -> None:
    rows = ["started,talk,ok,score,price,due", "2026-07-01T10:00,1,yes,1,1,2026-07-01", ""]
    good = dict(zip(rows[0].split(","), rows[1].split(","), strict=True)) | {column: cell}
    (said,) = wrong(tmp_path, schema, "\n".join([*rows, ",".join(good.values())]) + "\n")
    assert (said.code, said.span) == ("CL834", Place("a.csv", 4, column))
    assert words in f"{said.message}; {said.help}"


def test_the_first_few_cells_are_named_and_the_rest_counted(tmp_path: Path, schema: Schema) -> None:
    content = "note,started\n" + '"two\nlines",2026-07-01T10:00\n' + "x,no\n" * 50
    found = wrong(tmp_path, schema, content)
    assert [one.span for one in found] == [Place("a.csv", row, "started") for row in (4, 5, 6, 6)]
    assert found[-1].message.startswith("47 more cells")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", '{"started": "2026-07-01T10:00"}\n{"started": "2026-07-01T10:00", "score": "x"}\n'),
        (
            "a.jsonl",
            '{"started": "2026-07-01T10:00"}\n'
            '{"started": "2026-07-01T10:00", "score": 0.1234567890123456}\n',
        ),
        ("a.csv.gz", "started,score\n2026-07-01T10:00,\n2026-07-01T10:00,x\n"),
    ],
)  # fmt: skip
def test_cells_of_other_files(tmp_path: Path, schema: Schema, name: str, content: str) -> None:
    written = gzip.compress(content.encode()) if name.endswith(".gz") else content.encode()
    (said,) = wrong(tmp_path, schema, written, name)
    assert (said.code, said.span) == ("CL834", Place(name, 3 if "csv" in name else 2, "score"))


def test_exact_numbers_of_many_digits(tmp_path: Path, schema: Schema) -> None:
    content = (
        "started,score,price\n2026-07-01T10:00,12345678901234567890.5,0.1\n"
        "2026-07-01T11:00,-0.000000000001,.25 EUR\n2026-07-01T12:00,1 234,+1\n"
    )
    usage = calls(tmp_path, schema, content)
    assert (
        measured(usage, "sum(calls.score)") == Fraction("12345678901234567890.5") - Fraction(1, 10**12) + 1234
    )
    assert measured(usage, "sum(calls.price)") == Fraction("1.35")
    assert measured(usage, "max(calls.score * calls.price)") == Fraction("1234567890123456789.05")
    with pytest.raises(ContractError) as fault:
        measured(usage, "sum(calls.score * calls.score * calls.score)")
    assert fault.value.diagnostics[0].code == "CL837"
    found = wrong(
        tmp_path, schema, f"started,score\n2026-07-01T10:00,{'9' * 30}\n2026-07-01T10:00,0.{'1' * 20}\n"
    )
    assert [one.code for one in found] == ["CL837"]


def test_sums_beyond_64_bits(tmp_path: Path, schema: Schema) -> None:
    content = "started,score\n" + f"2026-07-01T10:00,{10**18 - 1}\n" * 1000
    assert measured(calls(tmp_path, schema, content), "sum(calls.score)") == (10**18 - 1) * 1000


def test_times_of_the_nights_of_summer_time(tmp_path: Path, schema: Schema) -> None:
    usage = calls(
        tmp_path, schema,
        "started\n2026-10-25T02:30\n2026-10-25T02:30+01:00\n2026-10-25T02:30+02:00\n"
        "2026-10-25T00:30Z\n2026-10-25T03:00\n",
    )  # fmt: skip
    (said,) = (one for one in usage.warnings if one.code != "CL839")
    assert (said.code, said.message) == (
        "CL838", '1 time of "calls" is read as the first of two: the clock goes back over it',
    )  # fmt: skip
    assert measured(usage, "count_distinct(calls.started)") == 3
    (said,) = wrong(tmp_path, schema, "started\n2026-03-29T01:59\n2026-03-29T02:30\n2026-03-29T03:00\n")
    assert (said.code, said.span) == ("CL835", Place("a.csv", 3, "started"))
    usage = calls(
        tmp_path, schema, "started\n2026-06-30T23:59:59.999999\n2026-07-01T00:00\n2026-06-30T22:00Z\n"
    )
    assert usage.rows("calls", days("2026-07-01")) == 2


def test_rows_outside_the_term_are_counted(tmp_path: Path, schema: Schema) -> None:
    usage = calls(
        tmp_path, schema, "started\n2025-12-31T23:59\n2026-01-01T00:00\n2028-01-01T00:00\n1999-01-01T00:00\n"
    )
    assert usage.rows("calls", days("1990-01-01..2030-01-01")) == 1
    (said,) = (one for one in usage.warnings if one.code != "CL839")
    assert (said.code, said.message) == (
        "CL819", '3 rows of "calls" are left out: outside the term, 2026-01-01 to 2027-12-31',
    )  # fmt: skip


def test_rows_without_a_day(tmp_path: Path, schema: Schema) -> None:
    (said,) = wrong(tmp_path, schema, "started,talk\n2026-07-01T10:00,1\n,2\n")
    assert (said.code, said.span) == ("CL836", Place("a.csv", 3, "started"))
    text = "rows: {steps: s.csv}"
    files = {"s.csv": "started,done,size\n2026-07-01T10:00,2026-08-01T10:00,1\n2026-07-01T10:00,,2\n"}
    usage = usage_of(tmp_path, schema, text, files)
    assert usage.aggregate(asked("sum(steps.size)", "steps"), days("2026-08")).value == 1
    assert usage.rows("steps", YEAR) == 1
    with pytest.raises(ContractError) as fault:
        usage_of(tmp_path, schema, "rows: {plain: p.csv}", {"p.csv": "size\n1\n"})
    assert fault.value.diagnostics[0].code == "CL836"


def test_empty_cells_of_a_column_that_is_not_optional_are_a_warning(tmp_path: Path, schema: Schema) -> None:
    files = {"s.csv": "started,done,size\n,2026-08-01T10:00,1\n,2026-08-01T10:00,\n"}
    usage = usage_of(tmp_path, schema, "rows: {steps: s.csv}", files)
    assert [one.code for one in usage.warnings] == ["CL839"]


def test_files_that_are_broken(tmp_path: Path, schema: Schema) -> None:
    good = b"started,talk\n" + b"2026-07-01T10:00,1\n" * 5000

    def codes(name: str, content: bytes) -> list[str]:
        return [one.code for one in wrong(tmp_path, schema, content, name)]

    assert codes("a.csv.gz", gzip.compress(good)[:-200]) == ["CL805"]
    assert codes("a.csv.gz", b"no gzip at all") == ["CL805"]
    assert codes("a.csv.zst", b"no zstd at all") == ["CL805"]
    assert codes("a.parquet", good) == ["CL805"]
    assert codes("a.parquet", b"") == ["CL805"]
    assert codes("a.jsonl", b'{"started": \n') == ["CL833"]
    assert codes("a.jsonl", b'"text"\n') == ["CL833"]
    assert codes("a.csv", good + b"2026-07-01T10:00,1,2\n") == ["CL833"]
    assert codes("a.csv", good + b"2026-07-01T10:00\n") == ["CL833"]
    assert codes("a.csv", b'started,talk\n2026-07-01T10:00,"a"b\n') == ["CL833"]
    assert codes("a.csv", good + b"2026-07-01T10:00,\xe9\n") == ["CL806"]
    assert codes("a.csv", "started\n2026-07-01T10:00\n".encode("utf-16")) == ["CL806"]
    assert codes("a.csv", "d\u00e9but,started\n".encode("latin-1")) == ["CL806"]
    assert codes("a.xlsx", b"PK") == ["CL830"]
    assert codes("a", b"started\n") == ["CL830"]


def test_hostile_names_of_columns(tmp_path: Path) -> None:
    schema = schema_of("usage calls each call { started timestamp  score number optional }")
    text = 'rows:\n  calls:\n    source: SOURCE\n    columns:\n      score: "x\\"\'; DROP TABLE t; --"\n'
    json = '{"started": "2026-07-01T10:00", "x\\"\'; DROP TABLE t; --": 3}\n'
    usage = usage_of(tmp_path, schema, text.replace("SOURCE", "a.jsonl"), {"a.jsonl": json})
    assert measured(usage, "sum(calls.score)") == 3
    csv = 'started,"x""\'; DROP TABLE t; --"\n2026-07-01T10:00,4\n'
    usage = usage_of(tmp_path, schema, text.replace("SOURCE", "a'b.csv"), {"a'b.csv": csv})
    assert measured(usage, "sum(calls.score)") == 4


def test_years_far_from_the_term_have_their_own_clock(tmp_path: Path) -> None:
    schema = schema_of("usage calls each call on placed { placed date  started timestamp }")
    times = ("1990-07-01T12:00", "1990-07-01T10:00Z", "1990-12-01T12:00")
    rows = "placed,started\n" + "".join(f"2026-07-01,{time}\n" for time in times)
    usage = calls(tmp_path, schema, rows)
    assert measured(usage, "count_distinct(calls.started)") == 2
    assert usage.warnings == ()


def test_blank_lines_are_no_rows(tmp_path: Path, schema: Schema) -> None:
    usage = calls(tmp_path, schema, "started\n2026-07-01T10:00\n\n\n2026-07-02T10:00\n\n")
    assert usage.rows("calls", YEAR) == 2
    usage = calls(tmp_path, schema, "started,talk\n2026-07-01T10:00,1\n\n2026-07-02T10:00,2")
    assert measured(usage, "sum(calls.talk)") == 3


def test_a_folder_in_parts_is_one_table(tmp_path: Path, schema: Schema) -> None:
    # A column may stand in the names of folders, where the files lack it, as partitioned tables are written.
    database = duckdb.connect()
    for month, note, rows in (("01", "fr", 2), ("02", "nl%20be", 3)):
        folder = tmp_path / "calls" / f"month=2026-{month}" / f"note={note}"
        folder.mkdir(parents=True)
        database.execute(
            f"COPY (SELECT TIMESTAMPTZ '2026-{month}-05 10:00:00+01' AS started, 60 AS talk "
            f"FROM range({rows})) TO '{folder / 'part-0.parquet'}'"
        )
        (folder / "_SUCCESS.csv").write_text("kept by the writer for itself")
        (folder / ".part-0.parquet.crc").write_text("likewise")
    usage = usage_of(tmp_path, schema, "rows: {calls: calls}")
    request = asked("count(calls)", "calls", "note")
    assert usage.groups(request, days("2026")) == ("fr", "nl be")
    assert usage.aggregate(request, days("2026"), "nl be").value == 3
    assert usage.aggregate(asked("sum(calls.talk)", "calls"), days("2026-01")).value == 120
