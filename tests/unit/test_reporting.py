import json
from xml.etree import ElementTree

import jsonschema
import pytest

from contractlang.diagnostics import Diagnostic, Label, Place, error, warning
from contractlang.reporting import FORMATS, Report, render
from contractlang.reporting.outcomes import Outcome
from contractlang.reporting.outcomes import render as render_outcomes
from contractlang.reporting.text import diagnostic_text
from contractlang.resources import schemas_folder
from contractlang.text import Source, Span

TEXT = 'measure hours in hours\n\ncharge a = hours at 4.20 EUR/call\n\tx = "日本" + y\n'
SOURCE = Source("dossier/a.contract", TEXT)


def span_of(words: str, source: Source = SOURCE) -> Span:
    start = source.text.index(words)
    return Span(source, start, start + len(words))


KINDS = error(
    "CL301",
    "hours cannot be charged at a price per call",
    span_of("4.20 EUR/call"),
    "write a price per hour, or charge a figure in calls",
    (Label(span_of("hours"), "hours is in hours"),),
)
CLIFF = warning("CL701", "one more call lowers the invoice by 10%, or so: look", span_of("charge"))
CELL = error("CL801", '"1:30" is not a duration', Place("rows.csv", 3, "talk"))
NOWHERE = error("CL901", "nothing to do", None)
ALL = (KINDS, CLIFF, CELL, NOWHERE)
REPORT = Report(("dossier/a.contract", "fine.contract"), ALL)


def test_both_places_are_shown_underlined() -> None:
    assert diagnostic_text(KINDS) == (
        "error CL301: hours cannot be charged at a price per call\n"
        " --> dossier/a.contract:3:21\n"
        "  |\n"
        "3 | charge a = hours at 4.20 EUR/call\n"
        "  |                     ^^^^^^^^^^^^^\n"
        " --> dossier/a.contract:1:9\n"
        "  |\n"
        "1 | measure hours in hours\n"
        "  |         ----- hours is in hours\n"
        "   = help: write a price per hour, or charge a figure in calls\n"
    )


def test_a_place_in_data_names_row_and_column() -> None:
    assert (
        diagnostic_text(CELL)
        == 'error CL801: "1:30" is not a duration\n --> rows.csv, row 3, column "talk"\n'
    )


def test_tabs_and_wide_characters_keep_the_underline_in_place() -> None:
    lines = diagnostic_text(error("CL201", "no y", span_of("y\n"))).splitlines()
    # Each of the two characters takes two columns, so the mark stands two further than the letters.
    assert lines[3] == '4 |     x = "日本" + y'
    assert lines[4] == "  | " + " " * 17 + "^"


def test_a_span_over_several_lines_says_where_it_ends() -> None:
    text = diagnostic_text(error("CL110", "never closed", Span(SOURCE, 23, len(TEXT))))
    assert "2 |\n  | ^ up to line 4\n" in text


def test_a_long_line_is_cut_around_the_place() -> None:
    source = Source("a", "x" * 5000 + "HERE" + "y" * 5000)
    lines = diagnostic_text(error("CL110", "so", span_of("HERE", source))).splitlines()
    assert len(lines[3]) < 200
    column = lines[4].index("^")
    assert lines[3][column : column + 4] == "HERE"
    assert lines[4].count("^") == 4


def test_a_contract_cannot_steer_the_terminal() -> None:
    source = Source("a\x1b[2J", "x = \x1b[8m1 \u202e2")
    text = diagnostic_text(error("CL110", "bad \x1b]0;title\x07", Span(source, 0, 1)))
    assert not set(text) & set("\x1b\x07\u202e")


def test_colour_only_where_it_is_asked_for() -> None:
    assert "\x1b[" not in render(REPORT, "text")
    assert "\x1b[1;31m" in render(Report(REPORT.files, ALL, colour=True), "text")


def test_every_format_ends_with_a_line_end_and_stands_empty_reports() -> None:
    for name in FORMATS:
        assert render(REPORT, name).endswith("\n")
        assert render(Report(("a.contract",), ()), name).endswith("\n")


def test_json_has_the_published_shape() -> None:
    found = json.loads(render(REPORT, "json"))
    schema = json.loads((schemas_folder() / "diagnostics.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, schema)
    kinds = next(one for one in found if one["code"] == "CL301")
    assert kinds["range"] == {"start": {"line": 2, "character": 20}, "end": {"line": 2, "character": 33}}
    assert kinds["related"][0]["message"] == "hours is in hours"


def test_github_escapes_what_would_end_a_property() -> None:
    lines = render(Report(("a",), (CLIFF,)), "github").splitlines()
    assert lines[0] == (
        "::warning file=dossier/a.contract,line=3,endLine=3,col=1,endColumn=7,title=CL701"
        "::one more call lowers the invoice by 10%25, or so: look"
    )
    assert lines[1] == "1 contract checked: 1 warning"
    odd = Source("a,b:c%.contract", "x")
    assert "file=a%2Cb%3Ac%25.contract," in render(
        Report((), (error("CL201", "a\nb", Span(odd, 0, 1)),)), "github"
    )


def test_sarif_has_what_the_standard_asks() -> None:
    log = json.loads(render(REPORT, "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert run["columnKind"] == "utf16CodeUnits"
    assert len(run["results"]) == len(ALL)
    prints = {result["partialFingerprints"]["contractlang/v1"] for result in run["results"]}
    assert len(prints) == len(ALL)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
    kinds = next(result for result in run["results"] if result["ruleId"] == "CL301")
    physical = kinds["locations"][0]["physicalLocation"]
    assert physical["region"] == {"startLine": 3, "startColumn": 21, "endLine": 3, "endColumn": 34}
    assert physical["artifactLocation"] == {"uri": "dossier/a.contract", "uriBaseId": "%SRCROOT%"}
    assert kinds["relatedLocations"][0]["message"]["text"] == "hours is in hours"


def test_a_fingerprint_survives_lines_above_it() -> None:
    def fingerprint(text: str) -> str:
        source = Source("a", text)
        log = json.loads(render(Report((), (error("CL201", "no y", span_of("y", source)),)), "sarif"))
        return str(log["runs"][0]["results"][0]["partialFingerprints"]["contractlang/v1"])

    assert fingerprint("x = y\n") == fingerprint("# more\n\nx = y\n")
    assert fingerprint("x = y\n") != fingerprint("z = y\n")


def test_junit_fails_errors_and_passes_the_rest() -> None:
    root = ElementTree.fromstring(render(REPORT, "junit"))
    assert root.attrib["tests"] == "5"
    assert root.attrib["failures"] == "3"
    names = [suite.attrib["name"] for suite in root]
    assert names == ["fine.contract", "contractlang", "dossier/a.contract", "rows.csv"]


def test_junit_writes_no_character_that_xml_lacks() -> None:
    odd = Report((), (error("CL110", "a\x00\x1b\ufffeb <&>", None),))
    root = ElementTree.fromstring(render(odd, "junit"))
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.attrib["message"] == "a\ufffd\ufffd\ufffdb <&>"


def test_gitlab_has_a_place_and_a_fingerprint_for_each() -> None:
    records = json.loads(render(REPORT, "gitlab"))
    assert len({record["fingerprint"] for record in records}) == len(ALL)
    for record in records:
        assert set(record) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert record["location"]["path"]
        assert record["location"]["lines"]["begin"] >= 1


@pytest.mark.parametrize("format", FORMATS)
def test_outcomes_of_scenarios(format: str) -> None:
    outcomes = (Outcome("a.contract", "good"), Outcome("a.contract", "bad", (KINDS,)))
    text = render_outcomes(outcomes, format)
    assert ("good" in text) == (format in ("text", "json", "junit"))
    assert KINDS.message in text
    if format == "text":
        assert text.splitlines()[-1] == "1 passed, 1 failed"


def test_diagnostics_of_equal_places_stay_apart() -> None:
    twice: tuple[Diagnostic, ...] = (KINDS, KINDS)
    assert render(Report(("a",), twice), "text").count("CL301") == 1
