"""log, blame and --as-of on a repository made for the test."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

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


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    """A price on each of two branches, whose merge keeps one price and drops the other."""
    text = FIRST.replace('include "rates.contract"\n', "").replace("at act", "at 4.20 EUR/call")
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, "Signed", acme=text)
    git(tmp_path, "checkout", "-qb", "offer")
    commit(tmp_path, "An offer", acme=text.replace("4.20", "4.40"))
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, "Dearer fee", acme=text.replace("450", "475"))
    return tmp_path


def merge_keeping_ours(folder: Path, fee: str) -> None:
    git(folder, "merge", "-q", "--no-commit", "-s", "ours", "offer")
    text = (folder / "acme.contract").read_text(encoding="utf-8")
    (folder / "acme.contract").write_text(text.replace("475", fee), encoding="utf-8")
    git(folder, "commit", "-qam", "The offer is refused")


def test_a_branch_that_its_merge_drops_changed_no_terms(dropped: Path) -> None:
    merge_keeping_ours(dropped, "475")
    text = run_program(["log", "acme.contract"], dropped)[1]
    assert [line for line in text.splitlines() if line.startswith("  ")] == [
        "  Dearer fee",
        "  price   fee flat: 450 → 475 EUR per month (+5.6%)  [" + text[:8] + ":acme.contract:13]",
        "  Signed",
        "  the first version of the contract",
    ]
    assert (
        "there since the file's first commit"
        in run_program(["blame", "acme.contract", "handling"], dropped)[1]
    )


def test_blame_passes_over_a_change_that_a_merge_drops(dropped: Path) -> None:
    merge_keeping_ours(dropped, "480")
    text = run_program(["blame", "acme.contract", "handling"], dropped)[1]
    assert "there since the file's first commit" in text and "An offer" not in text
    assert "The offer is refused" in run_program(["blame", "acme.contract", "flat"], dropped)[1]


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


APART = FIRST.replace("include", "\n\n\ninclude").replace("fee flat", "\n\n\nfee flat")
MERGED = ("c/acme/beta.contract", "--usage", "usage.yaml", "--period", "2026-07", "--format", "lines")


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    """A contract that came after the first commit, two merges, a figure and files under other names."""

    def save(subject: str, **files: str) -> None:
        commit(tmp_path / "c" / "acme", subject, **files)

    git(tmp_path, "init", "-qb", "main")
    (tmp_path / "c" / "acme").mkdir(parents=True)
    (tmp_path / "usage.yaml").write_text(USAGE, encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "Start")
    git(tmp_path, "tag", "start")
    save("Signed", acme=APART, rates="rate act = 4.20 EUR/call\n")
    git(tmp_path, "checkout", "-qb", "side")
    save("Dearer fee", acme=APART.replace("450 EUR", "475 EUR"))
    git(tmp_path, "checkout", "-q", "main")
    save("Cheaper calls", acme=APART.replace("unit", "# counted\nunit"), rates="rate act = 4.10 EUR/call\n")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge side", "side")
    text = (tmp_path / "c" / "acme" / "acme.contract").read_text(encoding="utf-8")
    git(tmp_path, "checkout", "-qb", "other")
    save("Fee 480", acme=text.replace("475 EUR", "480 EUR"))
    git(tmp_path, "checkout", "-q", "main")
    save("VAT 21", acme=text.replace("vat 20%", "vat 21%"))
    git(tmp_path, "merge", "-q", "--no-commit", "other")
    text = (tmp_path / "c" / "acme" / "acme.contract").read_text(encoding="utf-8")
    save("Merge with a fee of its own", acme=text.replace("480 EUR", "490 EUR"))
    text = text.replace("480 EUR", "490 EUR").replace("charge handling = handled", "charge handling = taken")
    save("Another name", acme=text.replace("handled", "taken"))
    git(tmp_path, "mv", "c/acme/acme.contract", "c/acme/beta.contract")
    git(tmp_path, "mv", "c/acme/rates.contract", "c/acme/prices.contract")
    save("Other files", beta=text.replace("handled", "taken").replace("rates.contract", "prices.contract"))
    save("Even cheaper", prices="rate act = 4.05 EUR/call\n")
    (tmp_path / "usage.yaml").write_text(USAGE.replace("handled", "taken"), encoding="utf-8")
    return tmp_path


def _log(folder: Path, *words: str) -> list[dict[str, Any]]:
    status, printed, told = run_program(["log", *words, "--format", "json"], folder)
    assert (status, told) == (0, "")
    return json.loads(printed)["commits"]


def test_log_goes_through_merges_and_other_names(merged: Path) -> None:
    found = {
        one["subject"]: [change["sentence"] for change in one["changes"]] for one in _log(merged, MERGED[0])
    }
    assert found == {
        "Even cheaper": ["rate act: 4.10 → 4.05 EUR/call (−1.2%)"],
        "Another name": ["measure handled is called taken now"],
        "Merge with a fee of its own": ["fee flat: 475 → 490 EUR per month (+3.2%)"],
        "Fee 480": ["fee flat: 475 → 480 EUR per month (+1.1%)"],
        "VAT 21": ["contract: VAT 20% → 21%"],
        "Dearer fee": ["fee flat: 450 → 475 EUR per month (+5.6%)"],
        "Cheaper calls": ["rate act: 4.20 → 4.10 EUR/call (−2.4%)"],
        "Signed": [],
    }
    assert {one["subject"] for one in _log(merged, MERGED[0], "--all")} - set(found) == {
        "Other files", "Merge side",
    }  # fmt: skip


def test_blame_goes_through_merges_and_other_names(merged: Path) -> None:
    def brought(name: str) -> dict[str, str]:
        status, printed, _ = run_program(["blame", MERGED[0], name, "--format", "json"], merged)
        assert status == 0
        return {one["name"]: one["subject"] for one in json.loads(printed)["clauses"]}

    assert brought("flat") == {"flat": "Merge with a fee of its own"}
    assert brought("handling") == {"handling": "Signed", "taken": "Signed", "act": "Even cheaper"}


@pytest.mark.parametrize(("revision", "net"), [("HEAD", "895"), ("HEAD~1", "900"), ("HEAD~2", "900")])
def test_an_invoice_as_of_a_revision_before_files_were_renamed(merged: Path, revision: str, net: str) -> None:
    status, printed, told = run_program(["invoice", *MERGED, "--as-of", revision], merged)
    assert (status, told) == (0, "") and f"\nnet {net}.00\n" in printed


def test_a_revision_before_the_contract_began_has_no_invoice(merged: Path) -> None:
    status, _, told = run_program(["invoice", *MERGED, "--as-of", "start"], merged)
    assert status == 1 and "CL100" in told and "it begins with the commit " in told


@pytest.mark.parametrize(
    ("where", "old", "new"),
    [
        ("", "HEAD~1:c/acme/beta.contract", "c/acme/beta.contract"),
        ("", "HEAD~2:c/acme/acme.contract", "HEAD:c/acme/beta.contract"),
        ("", "HEAD~1:", "."),
        ("", "HEAD~1:c/", "HEAD:c"),
        # The file of the contract has another name: its title says that it is the same contract.
        ("", "HEAD~2:c", "c"),
        ("c/acme", "HEAD~1:./beta.contract", "beta.contract"),
        ("c/acme", "HEAD~1:c/acme/beta.contract", "./beta.contract"),
        ("c/acme", "HEAD~1:.", "."),
        ("c", "HEAD~1:./acme/", "acme"),
        ("c/acme", "HEAD~1:../", ".."),
    ],
)
def test_files_and_folders_of_revisions_are_named_in_many_ways(
    merged: Path, where: str, old: str, new: str
) -> None:
    status, printed, told = run_program(["diff", old, new, "--format", "json"], merged / where)
    assert (status, told) == (4, "")
    (found,) = json.loads(printed)["contracts"]
    assert [one["sentence"] for one in found["changes"]] == ["rate act: 4.10 → 4.05 EUR/call (−1.2%)"]


def test_a_folder_without_the_contract_shows_it_as_new(merged: Path) -> None:
    status, printed, _ = run_program(["diff", "start:c", "c"], merged)
    assert status == 4 and "a new contract" in printed
    status, _, told = run_program(["diff", "start:c/acme/acme.contract", MERGED[0]], merged)
    assert status == 1 and "CL100" in told


def test_the_usage_of_a_folder_lies_beside_its_one_contract(merged: Path) -> None:
    (merged / "usage.yaml").rename(merged / "c" / "acme" / "usage.yaml")
    words = ["--usage", "usage.yaml", "--period", "2026-07"]
    status, printed, told = run_program(["diff", "HEAD~1:c", "c", *words], merged)
    assert (status, told) == (4, "") and "5.00 EUR less" in printed


def test_a_file_in_no_repository_has_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme.contract").write_text(FIRST, encoding="utf-8")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    status, _, told = run_program(["log", "acme.contract"], tmp_path)
    assert status == 1 and "CL984" in told


def test_git_that_is_missing_is_said(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    status, _, told = run_program(["log", "acme.contract"], repository)
    assert status == 1 and "install git" in told
