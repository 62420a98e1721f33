"""log, blame and --as-of on a repository made for the test."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from literate import run_program

FIRST = """contract "Acme" {
  provider callpro
  client acme
  term 2026-01-01 to 2026-12-31
  invoiced monthly
  currency EUR
  timezone Europe/Paris
  vat 20%
}
include "rates.contract"
unit call
measure handled in calls
charge handling "Calls" = handled at act
fee flat "Flat" = 450 EUR per month
"""
INVOICE = ("invoice", "acme.contract", "--usage", "usage.yaml", "--period", "2026-07")
USAGE = "figures:\n  2026-07: {handled: 100}\n"


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    environment |= {"GIT_AUTHOR_DATE": "2026-02-03T10:00:00", "GIT_COMMITTER_DATE": "2026-02-03T10:00:00"}
    subprocess.run(["git", *who, *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def commit(folder: Path, subject: str, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.contract").write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", subject)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Six commits: a first version, layout, a price in an included file, a rename, nonsense, a fee."""
    git(tmp_path, "init", "-q")
    (tmp_path / "usage.yaml").write_text(USAGE, encoding="utf-8")
    commit(tmp_path, "Signed", first=FIRST, rates="rate act = 4.20 EUR/call\n")
    commit(tmp_path, "Layout", first=FIRST.replace("unit call", "\n# counted\nunit call"))
    commit(tmp_path, "Cheaper calls", rates="rate act = 4.10 EUR/call\n")
    git(tmp_path, "mv", "first.contract", "acme.contract")
    git(tmp_path, "commit", "-qm", "Renamed")
    commit(tmp_path, "Nonsense", acme=FIRST.replace("450 EUR", "450 EUR EUR"))
    commit(tmp_path, "Dearer fee", acme=FIRST.replace("450 EUR", "475 EUR"))
    return tmp_path


def test_log_names_what_each_commit_changed_and_what_it_cost(repository: Path) -> None:
    words = ["log", "acme.contract", "--usage", "usage.yaml", "--period", "2026-07", "--format", "json"]
    status, printed, told = run_program(words, repository)
    assert (status, told) == (0, "")
    commits = json.loads(printed)["commits"]
    assert [one["subject"] for one in commits] == ["Dearer fee", "Nonsense", "Cheaper calls", "Signed"]
    fee, nonsense, calls, signed = commits
    assert [one["sentence"] for one in fee["changes"]] == ["fee flat: 450 → 475 EUR per month (+5.6%)"]
    assert fee["money"]["delta"]["net"] == "25.00"
    assert nonsense["wrong"] and not nonsense["changes"]
    assert [one["sentence"] for one in calls["changes"]] == ["rate act: 4.20 → 4.10 EUR/call (−2.4%)"]
    assert calls["money"]["delta"]["net"] == "-10.00"
    assert signed["first"] and signed["author"] == "Ada" and signed["date"] == "2026-02-03"


def test_blame_tells_who_brought_a_line_and_the_rate_that_it_reads(repository: Path) -> None:
    status, printed, _ = run_program(["blame", "acme.contract", "handling", "--format", "json"], repository)
    assert status == 0
    found = {one["name"]: one["subject"] for one in json.loads(printed)["clauses"]}
    assert found == {"handling": "Signed", "handled": "Signed", "act": "Cheaper calls"}
    status, by_number, _ = run_program(["blame", "acme.contract", "14"], repository)
    assert status == 0 and "Dearer fee" in by_number


def test_an_invoice_as_of_a_revision_takes_the_terms_of_then(repository: Path) -> None:
    words = [*INVOICE, "--format", "lines"]
    now = run_program(words, repository)
    # The file had another name then, and so had the price of the included file.
    then = run_program([*words, "--as-of", "HEAD~4"], repository)
    assert "\nnet 885.00\n" in now[1]
    assert "\nnet 870.00\n" in then[1]
    explained = run_program(
        [
            "explain",
            "acme.contract",
            "flat",
            "--usage",
            "usage.yaml",
            "--period",
            "2026-07",
            "--as-of",
            "HEAD~4",
        ],
        repository,
    )
    assert explained[0] == 0 and "450" in explained[1]


def test_folders_and_revisions_of_folders_are_compared(repository: Path) -> None:
    status, printed, _ = run_program(["diff", "HEAD~2:.", ".", "--format", "json"], repository)
    assert status == 4
    (found,) = json.loads(printed)["contracts"]
    assert found["status"] == "changed" and found["new"] == "acme.contract"
    status, printed, _ = run_program(["diff", "HEAD:", "."], repository)
    assert status == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["blame", "acme.contract", "handlin"], "CL987"),
        (["blame", "acme.contract", "999"], "CL987"),
        (["log", "missing.contract"], "CL986"),
        (
            [*INVOICE, "--as-of", "no"],
            "CL985",
        ),
        (
            [*INVOICE, "--as-of", "-h"],
            "CL985",
        ),
        (["diff", ".", "acme.contract"], "CL981"),
    ],
)
def test_what_cannot_be_done_is_said(repository: Path, words: list[str], code: str) -> None:
    status, _, told = run_program(words, repository)
    assert status == 1 and code in told and "Traceback" not in told


def test_a_file_in_no_repository_has_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme.contract").write_text(FIRST, encoding="utf-8")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    status, _, told = run_program(["log", "acme.contract"], tmp_path)
    assert status == 1 and "CL984" in told


def test_git_that_is_missing_is_said(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    status, _, told = run_program(["log", "acme.contract"], repository)
    assert status == 1 and "install git" in told
