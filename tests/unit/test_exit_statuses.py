"""The table of exit statuses in docs/ci.md, by running each command."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from comment_services import forge
from literate import run_program

from contractlang.commands.main import COMMANDS

PAGE = Path(__file__).parents[2] / "docs" / "ci.md"

GOOD = """\
contract "Acme" {
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

charge handling "Calls handled" = handled at 4.20 EUR/call

test "ten calls" {
  given 2026-07 { handled = 10 calls }
  expect handling = 42 EUR in 2026-07
}
"""
WRONG = GOOD.replace("handled at", "handeld at")
UNREADABLE = GOOD.replace("vat       20%", "vat vat 20%")
DEARER = GOOD.replace("4.20", "4.30")
REWORDED = GOOD.replace("Calls handled", "Calls answered")
USAGE = "figures:\n  2026-07: {handled: 1000}\n"
PRICED = ["--usage", "usage.yaml", "--period", "2026-07"]

# Command, arguments, exit status; in an environment that is no job of a service. "locked" is a repository
# whose settings another program is writing.
CASES = [
    ("new", ["first", "--yes"], 0),
    ("new", [".", "--yes"], 1),
    ("new", ["first", "--yes", "--price", "-1"], 2),
    ("check", ["good.contract"], 0),
    ("check", ["wrong.contract"], 1),
    ("check", ["gone.contract"], 1),
    ("check", ["--format", "svg", "good.contract"], 2),
    ("fmt", ["good.contract"], 0),
    ("fmt", ["--check", "good.contract"], 0),
    ("fmt", ["--check", "loose.contract"], 1),
    ("fmt", ["--diff", "loose.contract"], 1),
    ("fmt", ["unreadable.contract"], 1),
    ("fmt", ["--lines", "x", "good.contract"], 2),
    ("usage", ["good.contract", "--usage", "usage.yaml"], 0),
    ("usage", ["good.contract", "--usage", "gapped.yaml"], 0),
    ("usage", ["good.contract", "--usage", "gapped.yaml", "--strict"], 1),
    ("usage", ["good.contract", "--usage", "gone.yaml"], 1),
    ("usage", ["good.contract"], 2),
    ("invoice", ["good.contract", *PRICED], 0),
    ("invoice", ["wrong.contract", *PRICED], 1),
    ("invoice", ["good.contract", "--usage", "empty.yaml", "--period", "2026-07"], 1),
    ("invoice", ["good.contract"], 2),
    ("explain", ["good.contract", *PRICED], 0),
    ("explain", ["good.contract", *PRICED, "nothing"], 1),
    ("explain", ["good.contract"], 2),
    ("diff", ["good.contract", "good.contract"], 0),
    ("diff", ["good.contract", "loose.contract"], 0),
    ("diff", ["good.contract", "gone.contract"], 1),
    ("diff", ["good.contract", "reworded.contract"], 3),
    ("diff", ["good.contract", "dearer.contract"], 4),
    ("diff", ["good.contract", "dearer.contract", "--period", "2026-07"], 2),
    ("log", ["good.contract"], 0),
    ("log", ["uncommitted.contract"], 1),
    ("log", [], 2),
    ("blame", ["good.contract", "handling"], 0),
    ("blame", ["good.contract", "nothing"], 1),
    ("blame", ["good.contract"], 2),
    ("test", ["good.contract"], 0),
    ("test", ["dearer.contract"], 1),
    ("test", ["unreadable.contract"], 1),
    ("test", [], 2),
    ("graph", ["good.contract"], 0),
    ("graph", ["gone.contract"], 1),
    ("graph", [], 2),
    ("prose", ["good.contract"], 0),
    ("prose", ["wrong.contract"], 1),
    ("prose", [], 2),
    ("lsp", ["nothing"], 2),
    ("git-setup", [], 0),
    ("git-setup", ["--print"], 0),
    ("git-setup", ["--remove"], 0),
    ("git-setup", ["nothing"], 2),
    ("git-setup", ["locked"], 1),
    ("git-merge", ["good.contract", "good.contract", "dearer.contract"], 0),
    ("git-merge", ["good.contract", "dearest.contract", "dearer.contract"], 1),
    ("git-merge", ["good.contract"], 2),
    ("comment", ["usage.yaml", "--github"], 1),
    ("comment", ["usage.yaml"], 2),
    ("schema", ["invoice"], 0),
    ("schema", ["invoice", "-o", "nowhere/schema.json"], 1),
    ("schema", ["nothing"], 2),
    ("version", [], 0),
    ("version", ["nothing"], 2),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one contract in its history and others beside it."""
    for name in [name for name in os.environ if re.match("GITHUB_|GITLAB_|CI(_|$)", name)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    texts = {"good.contract": GOOD, "usage.yaml": USAGE, "empty.yaml": "figures: {}\n",
             "gapped.yaml": "figures:\n  2026-05: {handled: 1}\n" + USAGE[9:]}  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "Signed"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    more = {
        "wrong": WRONG, "unreadable": UNREADABLE, "dearer": DEARER, "reworded": REWORDED, "uncommitted": GOOD,
        "loose": GOOD.replace("measure handled", "measure  handled"), "dearest": GOOD.replace("4.20", "4.40"),
    }  # fmt: skip
    for name, text in more.items():
        (tmp_path / f"{name}.contract").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "words", "expected"),
    CASES,
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_exit_statuses(command: str, words: list[str], expected: int, folder: Path) -> None:
    if words == ["locked"]:
        (folder / ".git" / "config.lock").touch()
        words = []
    status, printed, told = run_program([command, *words], folder)
    assert status == expected, printed + told


def test_a_comment_that_is_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with forge("github") as here:
        for name, value in here.environment().items():
            monkeypatch.setenv(name, value)
        assert run_program(["comment", "usage.yaml"], folder)[0] == 0


def test_the_table_names_every_command_and_every_status() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Exit statuses")[2]
    rows = {match[1]: match[2] for match in re.finditer(r"^\| `([\w-]+)` \|(.*)\|$", section, re.MULTILINE)}
    assert list(rows) == list(COMMANDS)
    for command, row in rows.items():
        told = {0} if row.split("|")[0].strip() else set()
        told |= {1} if row.split("|")[1].strip() else set()
        told |= {int(found) for found in re.findall(r"\b([3-9]) ", row.split("|")[2])}
        run = {status for name, _, status in CASES if name == command} - {2}
        # The comment that is taken is the test above; the server has its own tests, which end it.
        run |= {0} if command == "comment" else {0, 1} if command == "lsp" else set()
        assert run == told, command
