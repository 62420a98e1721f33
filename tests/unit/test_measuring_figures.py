"""Supplied figures: what a usage file says, exactly, and what is wrong with it, at its place."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from measuring_scene import days, schema_of, usage_of

from contractlang.diagnostics import ContractError, Diagnostic, Place, Severity
from contractlang.measuring.schema import Schema
from contractlang.measuring.usage import MeasuredUsage, empty_usage, figures_usage, load_usage
from contractlang.text import Span

CONTRACT = """
unit call
unit workday = 7 hours
usage contacts each call { started timestamp }
window force_majeure
window night = 21:00 to 06:00
measure hours        in hours
measure handled      in calls
measure answer_rate  in %
measure csat         between 0 and 5
measure change       between -10% and 10%
measure wait_time    in s/call
measure missed       in boolean
measure turnover     in EUR
measure late_days    in days between 0 and 31 days
measure load         in hours between 0 and 24
measure ratio        = handled / handled
measure failed       = ratio < 80%
"""


@pytest.fixture
def schema() -> Schema:
    return schema_of(CONTRACT)


def value(folder: Path, schema: Schema, name: str, text: str) -> object:
    usage = usage_of(folder, schema, f"figures:\n  2026-07: {{{name}: {text}}}\n")
    (figure,) = usage.figures[name]
    return figure.value


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("hours", "1520.5", Fraction(15205, 10) * 3600),
        ("hours", "0.1", 360),
        ("hours", "90 min", 5400),
        ("hours", "2 workdays", 14 * 3600),
        ("hours", "12:30:00", 45000),
        ("hours", "100:00:01.5", Fraction(3600015, 10)),
        ("hours", "PT1H30M", 5400),
        ("hours", "12 345.67", Fraction(1234567, 100) * 3600),
        ("hours", '"12 345.67"', Fraction(1234567, 100) * 3600),
        ("hours", "1_000", 3600000),
        ("hours", "no data", None),
        ("handled", "12 345 calls", 12345),
        ("handled", "007", 7),
        ("answer_rate", "93%", Fraction(93, 100)),
        ("answer_rate", "92.5 %", Fraction(925, 1000)),
        ("answer_rate", '"93%"', Fraction(93, 100)),
        ("csat", "4.35", Fraction(435, 100)),
        ("change", "-3.5%", Fraction(-35, 1000)),
        ("change", "2 points", Fraction(2, 100)),
        ("wait_time", "340", 340),
        ("wait_time", "340 s/call", 340),
        ("wait_time", "6.25 min/call", 375),
        ("missed", "yes", True),
        ("missed", "NO", False),
        ("missed", "true", True),
        ("failed", "no", False),
        ("turnover", "-12.50 EUR", Fraction(-125, 10)),
        ("turnover", "12.50", Fraction(125, 10)),
        ("ratio", "93%", Fraction(93, 100)),
        (
            "hours",
            "0.1000000000000000055511151231257827",
            Fraction(1000000000000000055511151231257827, 10**34) * 3600,
        ),
    ],
)
def test_a_value_is_exact(tmp_path: Path, schema: Schema, name: str, text: str, expected: object) -> None:
    found = value(tmp_path, schema, name, text)
    assert found == expected
    assert not isinstance(found, float)


def wrong(folder: Path, schema: Schema, text: str, **files: str | bytes) -> tuple[Diagnostic, ...]:
    with pytest.raises(ContractError) as fault:
        usage_of(folder, schema, text, {name.replace("__", "."): one for name, one in files.items()})
    for one in fault.value.diagnostics:
        assert one.code.startswith("CL8")
        assert not one.message[0].isupper()
    return fault.value.diagnostics


@pytest.mark.parametrize(
    ("name", "text", "code", "words"),
    [
        ("answer_rate", "75", "CL822", "write 75%"),
        ("change", "0.02", "CL822", "write 0.02%"),
        ("hours", '"12,000"', "CL821", "write 12 000 or 12.000"),
        ("hours", '"12,5"', "CL821", "write 12.5"),
        ("hours", '"1,234,567"', "CL821", "write 1 234 567"),
        ("hours", "1:30", "CL820", "write 1:30:00 or 0:1:30"),
        ("hours", ".nan", "CL820", "not a number"),
        ("hours", "NaN", "CL820", "not a number"),
        ("hours", ".inf", "CL820", "not a number"),
        ("hours", "1e5", "CL823", "e5"),
        ("hours", "0x10", "CL823", "x10"),
        ("hours", "yes", "CL820", "not a number"),
        ("hours", "", "CL820", "nothing is written"),
        ("hours", "~", "CL820", "nothing is written"),
        ("hours", "[1]", "CL820", "a list"),
        ("hours", "9" * 100, "CL820", "characters"),
        ("hours", "3 calls", "CL823", "in hours"),
        ("hours", "93%", "CL823", "in percent"),
        ("hours", "3 huors", "CL823", '"hours"'),
        ("hours", "-1", "CL824", "negative"),
        ("handled", "-1 calls", "CL824", "negative"),
        ("turnover", "3 USD", "CL823", "EUR"),
        ("csat", "5.01", "CL825", "between 0 and 5"),
        ("change", "11%", "CL825", "between -10% and 10%"),
        ("late_days", "32", "CL825", "31 days"),
        ("load", "25", "CL825", "between 0 and 24"),
        ("missed", "1", "CL820", "yes or a no"),
        ("handeled", "1", "CL812", '"handled"'),
    ],
)
def test_a_wrong_value_is_said(
    tmp_path: Path, schema: Schema, name: str, text: str, code: str, words: str
) -> None:
    (said,) = wrong(tmp_path, schema, f"figures:\n  2026-07: {{{name}: {text}}}\n")
    assert said.code == code
    assert words in f"{said.message}; {said.help}"
    assert isinstance(said.span, Span)
    assert said.span.position().line == 1


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-07", date(2026, 7, 1), date(2026, 7, 31)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-07-01", date(2026, 7, 1), date(2026, 7, 1)),
        ("2026-03-01..2026-03-09", date(2026, 3, 1), date(2026, 3, 9)),
        ("2026-02..2026-03", date(2026, 2, 1), date(2026, 3, 31)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_keys_are_spans_of_days(tmp_path: Path, schema: Schema, key: str, first: date, last: date) -> None:
    usage = usage_of(tmp_path, schema, f"figures:\n  {key}: {{hours: 1}}\n")
    (figure,) = usage.figures["hours"]
    assert (figure.days.start, figure.days.last, figure.text) == (first, last, "1")
    assert isinstance(figure.where, Span)
    assert figure.where.text == "1"


@pytest.mark.parametrize(
    "key",
    ["2026-13", "2026-02-30", "26-07", "July", "2026-Q5", "2026-03-09..2026-03-01", "9999", "9999-12-31",
     "0000", "2026-7", "2026-07-01..", "..", "2026-01-01T00:00"],
)  # fmt: skip
def test_other_keys_are_errors(tmp_path: Path, schema: Schema, key: str) -> None:
    (said,) = wrong(tmp_path, schema, f"figures:\n  {key}: {{hours: 1}}\n")
    assert said.code == "CL811"
    assert key.split("..")[0] in said.message


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path, schema: Schema) -> None:
    text = "figures:\n  2026-13: {hours: 1}\n  2026-07: {huors: 1, csat: 9}\nrow:\n  a: b\n"
    assert [one.code for one in wrong(tmp_path, schema, text)] == ["CL811", "CL812", "CL825", "CL809"]


def test_thousands_with_a_comma_between_braces(tmp_path: Path, schema: Schema) -> None:
    (said,) = wrong(tmp_path, schema, "figures:\n  2026-07: {hours: 1,520}\n")
    assert (said.code, said.message) == (
        "CL821",
        'a comma stands before "520", and it separates figures here',
    )


def test_figures_by_value_of_a_column(tmp_path: Path, schema: Schema) -> None:
    usage = usage_of(tmp_path, schema, "figures: {2026-07: {handled: {fr: 100, no: 50, '': 2}}}")
    assert [(one.group, one.value) for one in usage.figures["handled"]] == [("", 2), ("fr", 100), ("no", 50)]


def test_a_quantity_of_several_months_may_pass_the_range_of_one(tmp_path: Path, schema: Schema) -> None:
    usage = usage_of(tmp_path, schema, "figures: {2026-Q1: {late_days: 40}}")
    assert usage.figures["late_days"][0].value == 40
    (said,) = wrong(tmp_path, schema, "figures: {2026-Q1: {csat: 40}}")
    assert said.code == "CL825"


def test_the_same_figure_twice_names_both_places(tmp_path: Path, schema: Schema) -> None:
    (said,) = wrong(tmp_path, schema, "figures:\n  2026-07: {hours: 1}\n  2026-07: {hours: 2}\n")
    assert said.code == "CL801"
    assert said.related[0].span.position().line == 1
    (said,) = wrong(
        tmp_path, schema, "figures:\n  2026-07: {hours: 1}\n  2026-07-01..2026-07-31: {hours: 2}\n"
    )
    assert said.code == "CL813"
    assert said.related[0].span.position().line == 1


def test_figures_outside_the_term_are_a_warning(tmp_path: Path, schema: Schema) -> None:
    usage = usage_of(tmp_path, schema, "figures: {2024-07: {hours: 1}, 2026-07: {hours: 2}}")
    (said,) = usage.warnings
    assert (said.code, said.severity) == ("CL814", Severity.WARNING)
    assert len(usage.figures["hours"]) == 2


def test_figures_from_csv_and_json_beside_inline_ones(tmp_path: Path, schema: Schema) -> None:
    usage = usage_of(
        tmp_path,
        schema,
        "figures:\n  - 2026-01: {hours: 1}\n  - more.csv\n  - data/*.json\n",
        {
            "more.csv": 'period;hours;answer_rate\n2026-02;12.5;93%\n\n2026-03;;"no data"\n',
            "data/a.json": '{\n\t"2026-04": {"hours": 0.1, "missed": true, "handled": {"fr": 3}}\n}',
        },
    )
    assert [(str(one.days.start), one.value) for one in usage.figures["hours"]] == [
        ("2026-01-01", 3600), ("2026-02-01", 45000), ("2026-04-01", 360),
    ]  # fmt: skip
    assert [one.value for one in usage.figures["answer_rate"]] == [Fraction(93, 100), None]
    assert usage.figures["answer_rate"][1].where == Place("more.csv", 4, "answer_rate")
    assert usage.figures["missed"][0].value is True
    assert [one.name for one in usage.inputs] == ["usage.yaml", "more.csv", "data/a.json"]


def test_wrong_csv_and_json_files(tmp_path: Path, schema: Schema) -> None:
    def of(**files: str | bytes) -> list[tuple[str, object]]:
        name = next(iter(files)).replace("__", ".")
        return [(one.code, one.span) for one in wrong(tmp_path, schema, f"figures: {name}", **files)]

    assert of(a__csv="month,hours\n2026-01,1\n") == [("CL815", Place("a.csv", 1, "month"))]
    assert of(a__csv="period,huors\n2026-01,1\n") == [("CL812", Place("a.csv", 1, "huors"))]
    assert of(a__csv="period,hours\n2026-01,1,2\n") == [("CL815", Place("a.csv", 2))]
    assert of(a__csv="period,hours\n2026-01,x\n") == [("CL820", Place("a.csv", 2, "hours"))]
    assert of(a__csv="period,hours\n2026-1,1\n") == [("CL811", Place("a.csv", 2, "period"))]
    assert of(a__csv=b"period,hours\n2026-01,\xe9\n") == [("CL806", Place("a.csv", 2))]
    assert of(a__csv="") == [("CL815", Place("a.csv", 1))]
    assert [code for code, _ in of(b__json="[1]")] == ["CL810"]
    assert [code for code, _ in of(b__json='{"2026-01": {"hours": NaN}}')] == ["CL820"]
    assert [code for code, _ in of(b__json='{"2026-01": {"hours": 1, "hours": 2}}')] == ["CL801"]
    assert [code for code, _ in of(b__json="{")] == ["CL800"]
    assert [code for code, _ in of(c__txt="x")] == ["CL810"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "CL809"),
        (b"# nothing\n", "CL809"),
        (b"- a\n", "CL809"),
        (b"hello\n", "CL809"),
        (b"\x00\x01\x02", "CL806"),
        (b"\xff\xfef\x00", "CL806"),
        (b"figures: \xe9\n", "CL806"),
        (b"figures: [\n", "CL800"),
        (b"figures:\n\t2026: {}\n", "CL800"),
        (b"figures: {}\nfigures: {}\n", "CL801"),
        (b"a: &a [1]\nb: *a\n", "CL802"),
        (b"figures: " + b"[" * 200, "CL803"),
        (b"figures: " + b"{a: " * 100_000, "CL803"),
        (b"figures: 3\n", "CL804"),
        (b"figures: [[1]]\n", "CL810"),
        (b"figures: {2026-07: 3}\n", "CL810"),
        (b"figures: {2026-07: }\n", "CL810"),
        (b"figure: {}\n", "CL809"),
        (b"--- {}\n--- {}\n", "CL800"),
        (b"rows: [a.csv]\n", "CL816"),
        (b"rows: {contact: a.csv}\n", "CL816"),
        (b"rows: {contacts: {sauce: a.csv}}\n", "CL816"),
        (b"rows: {contacts: {}}\n", "CL816"),
        (b"rows: {contacts: []}\n", "CL816"),
        (b"rows: {contacts: [[a.csv]]}\n", "CL816"),
        (b"rows: {contacts: {source: a.csv, columns: {start: x}}}\n", "CL816"),
        (b"rows: {contacts: {source: a.csv, columns: [x]}}\n", "CL816"),
        (b"rows: {contacts: }\n", "CL804"),
        (b"rows: {contacts: a.csv}\n", "CL804"),
        (b"rows: {contacts: '*.csv'}\n", "CL804"),
        (b"rows: {contacts: ../a.csv}\n", "CL807"),
        (b"rows: {contacts: /etc/passwd}\n", "CL807"),
        (b"rows: {contacts: '../*'}\n", "CL807"),
        (b"rows: {contacts: '/etc/*'}\n", "CL807"),
        (b"rows: {contacts: 'postgresql:///wfm'}\n", "CL816"),
        (b"rows: {contacts: 'https://example.com/a.csv'}\n", "CL808"),
        (b"rows: {contacts: .}\n", "CL808"),
        (b"windows: [a]\n", "CL817"),
        (b"windows: {force_majeur: [2026-07-01]}\n", "CL817"),
        (b"windows: {night: [2026-07-01]}\n", "CL817"),
        (b"windows: {force_majeure: [2026-07-41]}\n", "CL817"),
        (b"windows: {force_majeure: [2026-07-01T08:00]}\n", "CL817"),
        (b"windows: {force_majeure: [2026-07-02..2026-07-01]}\n", "CL817"),
        (b"windows: {force_majeure: [2026-07-01T08:00..2026-07-01T07:00]}\n", "CL817"),
        (b"windows: {force_majeure: [{a: b}]}\n", "CL817"),
        (b"windows: {force_majeure: [~]}\n", "CL817"),
    ],
)
def test_files_that_are_no_usage(tmp_path: Path, schema: Schema, content: bytes, code: str) -> None:
    path = tmp_path / "usage.yaml"
    path.write_bytes(content)
    with pytest.raises(ContractError) as fault:
        load_usage(path, schema)
    found = fault.value.diagnostics
    assert code in [one.code for one in found]
    assert all(one.span is not None for one in found)


def test_files_that_cannot_be_opened(tmp_path: Path, schema: Schema) -> None:
    for path, code in [
        (tmp_path / "none.yaml", "CL804"),
        (tmp_path, "CL805"),
        (tmp_path / "a" / "b", "CL804"),
    ]:
        with pytest.raises(ContractError) as fault:
            load_usage(path, schema)
        assert fault.value.diagnostics[0].code == code


def test_a_link_that_leads_outside_is_refused(tmp_path: Path, schema: Schema) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("started\n2026-07-01T00:00\n")
    (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
    for name in ("link.csv", "*.csv"):
        (said,) = wrong(inside, schema, f"rows: {{contacts: '{name}'}}")
        assert said.code == "CL807"


@pytest.mark.parametrize(
    "named", ["../shared/c.csv", "../shared/*.csv", "../shared/part", "{shared}/c.csv", "{shared}/[c].csv"]
)
def test_files_of_a_folder_that_is_allowed(tmp_path: Path, schema: Schema, named: str) -> None:
    own, shared = tmp_path / "own", tmp_path / "shared"
    for folder in (own, shared / "part"):
        folder.mkdir(parents=True)
    for path in (shared / "c.csv", shared / "part" / "c.csv", tmp_path / "secret.csv"):
        path.write_text("started,talk\n2026-07-01T00:00,5\n", encoding="utf-8")
    usage = own / "usage.yaml"
    usage.write_text(f"rows: {{contacts: '{named.format(shared=shared)}'}}", encoding="utf-8")
    with pytest.raises(ContractError) as fault:
        load_usage(usage, schema)
    assert fault.value.diagnostics[0].code == "CL807"
    found = load_usage(usage, schema, "contracts/own/usage.yaml", [shared])
    assert found.rows("contacts", days("2026-07-01")) == 1
    name = "contracts/shared/part/c.csv" if "part" in named else "contracts/shared/c.csv"
    assert [one.name for one in found.inputs] == ["contracts/own/usage.yaml", name]


@pytest.mark.parametrize(
    "named", ["../secret.csv", "../s*.csv", "../shared/../secret.csv", "../shared/*/../../*"]
)
def test_what_is_allowed_allows_nothing_else(tmp_path: Path, schema: Schema, named: str) -> None:
    own, shared = tmp_path / "own", tmp_path / "shared"
    own.mkdir()
    (shared / "part").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("started\n2026-07-01T00:00\n", encoding="utf-8")
    (shared / "link.csv").symlink_to(tmp_path / "secret.csv")
    usage = own / "usage.yaml"
    for one in (named, "../shared/link.csv", "../shared/*.csv"):
        usage.write_text(f"rows: {{contacts: '{one}'}}", encoding="utf-8")
        with pytest.raises(ContractError) as fault:
            load_usage(usage, schema, None, [shared])
        assert fault.value.diagnostics[0].code == "CL807"


def test_windows_that_the_usage_supplies(tmp_path: Path, schema: Schema) -> None:
    text = (
        "windows:\n  force_majeure: [2026-06-12, 2026-06-20..2026-06-21, 2026-07-01T08:00..2026-07-01T12:00]"
    )
    calendar = usage_of(tmp_path, schema, text).calendar
    held = [day for day in (12, 13, 19, 20, 21, 22) if calendar.holds_on("force_majeure", date(2026, 6, day))]
    assert held == [12, 20, 21]
    ((start, end),) = calendar.of_day("force_majeure", date(2026, 7, 1))
    assert end - start == 4 * 3600 * 1_000_000


def test_usages_made_by_hand(schema: Schema) -> None:
    usage: MeasuredUsage = empty_usage(schema)
    assert (usage.figures, usage.inputs, usage.warnings) == ({}, (), ())
    assert not usage.has_table("contacts")
    with pytest.raises(ContractError):
        usage.rows("contacts", days("2026-07"))
    assert figures_usage(schema, {"hours": ()}).figures == {"hours": ()}


def test_a_json_usage(tmp_path: Path, schema: Schema) -> None:
    (tmp_path / "usage.json").write_text('{"figures": {"2026-07": {"hours": 1.10}}}')
    usage = load_usage(tmp_path / "usage.json", schema)
    assert usage.figures["hours"][0].value == 3960
