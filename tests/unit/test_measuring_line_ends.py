"""Files whose lines end with CR alone, as "CSV (Macintosh)" of Excel writes them: the same as any other."""

import gzip
from pathlib import Path

import pytest
from measuring_scene import asked, days, schema_of, usage_of

from contractlang.diagnostics import ContractError, Place
from contractlang.measuring.schema import Schema
from contractlang.measuring.series import read_series
from contractlang.syntax import tree
from contractlang.syntax.parsing import parse
from contractlang.text import Source

ROWS = 'started,talk,note\n2026-07-01T10:00,5,"two\nlines"\n\n2026-07-02T10:00,6,x\n2026-07-03T10:00,7,x'


@pytest.fixture
def schema() -> Schema:
    return schema_of(
        "usage calls each call { started timestamp  talk duration  note text }\nmeasure hours in hours"
    )


@pytest.mark.parametrize("last", ["", "\r"])
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_rows(tmp_path: Path, schema: Schema, name: str, last: str) -> None:
    content = (ROWS.replace("\n", "\r") + last).encode()
    content = gzip.compress(content) if name.endswith(".gz") else content
    usage = usage_of(tmp_path, schema, f"rows: {{calls: {name}}}", {name: content})
    assert usage.rows("calls", days("2026-07")) == 3
    assert usage.aggregate(asked("sum(calls.talk)", "calls"), days("2026")).value == 18
    assert usage.aggregate(asked('count(calls where note is "x")', "calls"), days("2026")).value == 2


def test_rows_are_counted_as_people_count_them(tmp_path: Path, schema: Schema) -> None:
    for content, code in (
        (ROWS.replace("7,x", "no,x").encode(), "CL834"),
        (ROWS.encode() + b"\xe9", "CL806"),
    ):
        with pytest.raises(ContractError) as fault:
            usage_of(tmp_path, schema, "rows: {calls: a.csv}", {"a.csv": content.replace(b"\n", b"\r")})
        (said,) = fault.value.diagnostics
        assert said.code == code
        assert isinstance(said.span, Place)
        assert said.span.row == 6


def test_rows_that_also_end_otherwise(tmp_path: Path, schema: Schema) -> None:
    # The engine may refuse such a file, and never reads other rows from it than are there.
    for mixed in ("a\r\n", "a\n"):
        content = "started,talk,note\r" + f"2026-07-01T10:00,5,{mixed}2026-07-02T10:00,6,x\r" * 2
        with pytest.raises(ContractError) as fault:
            usage_of(tmp_path, schema, "rows: {calls: a.csv}", {"a.csv": content})
        (said,) = fault.value.diagnostics
        assert (said.code, said.help) == ("CL833", "save it as CSV UTF-8, not as CSV (Macintosh)")
        assert "end in different ways" in said.message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_figures(tmp_path: Path, schema: Schema, end: str) -> None:
    # Commas of the rows are more than semicolons of the heading, and do not part it.
    content = end.join(
        ["period;hours", "2026-07;5", "2026-08;6,000,000", "2026-09;7,000,000", "2026-10;8,000,000", ""]
    )
    with pytest.raises(ContractError) as fault:
        usage_of(tmp_path, schema, "figures: a.csv", {"a.csv": content})
    assert [(one.code, one.span) for one in fault.value.diagnostics] == [
        ("CL821", Place("a.csv", row, "hours")) for row in (3, 4, 5)
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_series(tmp_path: Path, end: str) -> None:
    (tmp_path / "syntec.csv").write_bytes(
        end.join(["month,value", "2026-01,300", "2026-02,310.5", ""]).encode()
    )
    (index,) = parse(Source("a.contract", 'index syntec from "syntec.csv"')).declarations
    assert isinstance(index, tree.Index)
    assert len(read_series(tmp_path, index).values) == 2
