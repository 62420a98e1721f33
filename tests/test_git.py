"""Real git, set up by `contractlang git-setup`: names of clauses, words, histories of a clause, merges."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from literate import run_program

from contractlang.commands.git_setup import ATTRIBUTES, settings
from contractlang.formatting import format_text
from contractlang.formatting.merging import merge
from contractlang.syntax import tree
from contractlang.syntax.parsing import parse
from contractlang.text import Source

ROOT = Path(__file__).parents[1]
SAMPLES = sorted(ROOT.glob("contracts/*/*.contract"))

CONTRACT = """\
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
measure answer_rate in %

charge handling "Calls handled" = handled at graduated prices {
  up to 10 000 calls : 4.20 EUR/call
  up to 25 000 calls : 3.90 EUR/call
  beyond             : 3.55 EUR/call
}

bonus-malus answering on handling by answer_rate {
  below 85% : -2%
  from 85%  :  0%
  no data   :  0%
}
"""


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    run = subprocess.run(
        ["git", *who, *arguments], cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    assert not check or run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def commit(folder: Path, text: str, subject: str = "A change") -> None:
    (folder / "acme.contract").write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", subject)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that knows contracts, with one of them."""
    git(tmp_path, "init", "-q", "-b", "main")
    status, _, told = run_program(["git-setup"], tmp_path)
    assert (status, told) == (0, "")
    commit(tmp_path, CONTRACT, "Signed")
    return tmp_path


def merged(repository: Path, ours: str, theirs: str) -> tuple[bool, str]:
    """Whether a branch merges into another without a conflict, and the text that it then has."""
    git(repository, "switch", "-qc", "cheaper")
    commit(repository, theirs)
    git(repository, "switch", "-q", "main")
    commit(repository, ours)
    git(repository, "merge", "-q", "cheaper", check=False)
    text = (repository / "acme.contract").read_text(encoding="utf-8")
    return not git(repository, "ls-files", "--unmerged"), text


# ---- differences


def test_a_hunk_names_the_clause_that_it_is_in(repository: Path) -> None:
    changed = CONTRACT.replace("3.55", "3.50").replace("no data   :  0%", "no data   : -1%")
    (repository / "acme.contract").write_text(changed, encoding="utf-8")
    heads = [line for line in git(repository, "diff", "-U0").splitlines() if line.startswith("@@")]
    assert [head.rpartition("@@ ")[2] for head in heads] == [
        'charge handling "Calls handled" = handled at graduated prices {',
        "bonus-malus answering on handling by answer_rate {",
    ]


def test_a_difference_of_words_shows_amounts_dates_and_percents_whole(repository: Path) -> None:
    changed = CONTRACT.replace("4.20", "4.05").replace("10 000 calls", "12 500 calls")
    changed = changed.replace("-2%", "-3%").replace("2026-12-31", "2027-12-31")
    (repository / "acme.contract").write_text(changed, encoding="utf-8")
    shown = git(repository, "diff", "--word-diff")
    for words in (
        "[-4.20-]{+4.05+}", "[-10 000-]{+12 500+}", "[--2%-]{+-3%+}", "[-2026-12-31-]{+2027-12-31+}",
    ):  # fmt: skip
        assert words in shown


def test_the_history_of_one_clause(repository: Path) -> None:
    commit(repository, CONTRACT.replace("4.20", "4.10"), "Cheaper calls")
    commit(repository, CONTRACT.replace("4.20", "4.10").replace("-2%", "-3%"), "Stricter")
    found = git(repository, "log", "--format=%s", "-s", "-L:handling:acme.contract").split("\n")
    assert [line for line in found if line] == ["Cheaper calls", "Signed"]
    found = git(repository, "log", "--format=%s", "-s", "-L:bonus-malus answering:acme.contract").split("\n")
    assert [line for line in found if line] == ["Stricter", "Signed"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_clause_of_the_samples_has_a_name_for_git(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    pattern = settings()["diff.contractlang.xfuncname"]
    found = subprocess.run(["grep", "-nE", pattern, path], capture_output=True, text=True).stdout
    named = {int(line.partition(":")[0]) for line in found.splitlines()}
    clauses = list(parse(Source(path.name, text)).declarations)
    for one in clauses:
        if isinstance(one, (tree.Phase, tree.Amendment)):
            clauses += [item for item in one.items if not isinstance(item, (tree.Transition, tree.Remove))]
    lines = {
        one.span.position().line + 1 for one in clauses if not isinstance(one, tree.Include) and one.span.end
    }
    assert lines <= named


# ---- merges


def test_layout_against_a_price_is_no_conflict(repository: Path) -> None:
    indented = "\n".join(line.replace("  ", "\t") for line in CONTRACT.splitlines()) + "\n"
    dearer = CONTRACT.replace("3.90", "4.00")
    good, text = merged(repository, indented, dearer)
    assert good and text == format_text(Source("acme.contract", dearer)) == dearer


def test_without_the_driver_that_is_a_conflict(repository: Path) -> None:
    assert run_program(["git-setup", "--remove"], repository)[0] == 0
    indented = "\n".join(line.replace("  ", "\t") for line in CONTRACT.splitlines()) + "\n"
    good, text = merged(repository, indented, CONTRACT.replace("3.90", "4.00"))
    assert not good and "<<<<<<<" in text


def test_a_column_made_wider_is_no_conflict_with_a_price(repository: Path) -> None:
    longer = "  up to 10 000 000 calls : 4.20"
    wider = format_text(Source("a", CONTRACT.replace("  up to 10 000 calls : 4.20", longer)))
    assert "  beyond                 : 3.55" in wider, "the column moved the row that theirs changes"
    good, text = merged(repository, wider, CONTRACT.replace("3.55", "3.50"))
    assert good and text == wider.replace("3.55", "3.50")


def test_two_prices_of_one_row_are_a_conflict_of_that_row(repository: Path) -> None:
    indented = "\n".join(f"  {line}" for line in CONTRACT.replace("3.90", "3.95").splitlines()) + "\n"
    good, text = merged(repository, indented, CONTRACT.replace("3.90", "3.80"))
    assert not good
    before, _, doubtful = text.partition("<<<<<<< HEAD\n")
    doubtful, _, behind = doubtful.partition(">>>>>>> cheaper\n")
    assert doubtful == "  up to 25 000 calls : 3.95 EUR/call\n=======\n  up to 25 000 calls : 3.80 EUR/call\n"
    assert before + "  up to 25 000 calls : 3.90 EUR/call\n" + behind == CONTRACT


def test_a_broken_version_is_merged_as_any_text(repository: Path) -> None:
    broken = CONTRACT.replace("vat       20%", "vat vat 20%")
    good, text = merged(repository, broken, CONTRACT.replace("3.90", "3.80"))
    assert good and text == broken.replace("3.90", "3.80")


def test_a_broken_version_in_a_conflict_is_one_as_git_has_it(repository: Path) -> None:
    broken = CONTRACT.replace("3.90 EUR/call", "3.70 3.70 EUR/call")
    good, text = merged(repository, broken, CONTRACT.replace("3.90", "3.80"))
    assert not good
    assert "<<<<<<< HEAD\n  up to 25 000 calls : 3.70 3.70 EUR/call\n=======\n" in text


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["HEAD", "parent of 1f3c", "1f3c (A rebate)"], ("HEAD", "parent of 1f3c", "1f3c (A rebate)")),
        (["HEAD", "", "-x"], ("HEAD", "base", "-x")),
        # A git that gives no names hands the placeholders over as they stand in the setting.
        (["%X", "%S", "%Y"], ("ours", "base", "theirs")),
        ([], ("ours", "base", "theirs")),
    ],
)
def test_a_conflict_has_the_names_that_git_shows(
    tmp_path: Path, labels: list[str], shown: tuple[str, str, str]
) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "merge.conflictStyle", "diff3")
    for name, price in (("base", "3.90"), ("ours", "3.70"), ("theirs", "3.80")):
        (tmp_path / name).write_text(CONTRACT.replace("3.90", price), encoding="utf-8")
    given = [word for label in labels for word in ("-L", label)]
    assert run_program(["git-merge", *given, "base", "ours", "theirs", "acme.contract"], tmp_path)[0] == 1
    text = (tmp_path / "ours").read_text(encoding="utf-8")
    assert tuple(re.findall("^(?:<{7}|[|]{7}|>{7}) (.*)$", text, re.MULTILINE)) == shown


def test_git_merges_as_any_text_where_the_program_is_gone(repository: Path) -> None:
    driver = settings()["merge.contractlang.driver"]
    gone = driver.replace(driver.partition(" ")[0], "/nowhere/contractlang")
    git(repository, "config", "merge.contractlang.driver", gone)
    good, text = merged(repository, CONTRACT.replace("3.90", "3.70"), CONTRACT.replace("3.90", "3.80"))
    assert not good and "<<<<<<< ours" in text and ">>>>>>> theirs" in text


@pytest.mark.parametrize("path", SAMPLES[::4], ids=lambda path: path.stem)
def test_layout_against_wording_on_the_samples(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    indented = re.sub("^( +)", r"\1\1", text, flags=re.MULTILINE)
    reworded = text.replace('contract "', 'contract "New: ', 1)
    for ours, theirs in ((indented, reworded), (reworded, indented)):
        found = merge(text.encode(), ours.encode(), theirs.encode(), path.name)
        assert not found.conflict
        assert found.content.decode() == format_text(Source(path.name, reworded))


def test_what_is_no_text_is_not_merged(tmp_path: Path) -> None:
    for name, content in (("base", b"\0a"), ("ours", b"\0b"), ("theirs", b"\0c")):
        (tmp_path / name).write_bytes(content)
    status, _, told = run_program(["git-merge", "base", "ours", "theirs", "acme.contract"], tmp_path)
    assert status == 1 and 'error CL902: git cannot merge "acme.contract"' in told
    assert run_program(["git-merge", "base", "gone", "theirs"], tmp_path)[0] == 1


# ---- what is written


def test_attributes_keep_what_is_there(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    attributes = tmp_path / ".gitattributes"
    attributes.write_bytes(b"* text=auto\n*.png binary")
    for _ in range(2):
        assert run_program(["git-setup"], tmp_path)[0] == 0
        assert attributes.read_bytes() == f"* text=auto\n*.png binary\n{ATTRIBUTES}\n".encode()
    for _ in range(2):
        assert run_program(["git-setup", "--remove"], tmp_path)[0] == 0
        assert attributes.read_bytes() == b"* text=auto\n*.png binary\n"
    assert "contractlang" not in (tmp_path / ".git" / "config").read_text(encoding="utf-8")


def test_attributes_that_were_ours_alone_go_whole(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    run_program(["git-setup"], tmp_path)
    status, told, _ = run_program(["git-setup", "--remove"], tmp_path)
    assert status == 0 and told.split() == [
        "removed", "diff.contractlang", "removed", "merge.contractlang", "removed", ".gitattributes",
    ]  # fmt: skip
    assert not (tmp_path / ".gitattributes").exists()


def test_printing_writes_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    before = (tmp_path / ".git" / "config").read_bytes()
    status, told, _ = run_program(["git-setup", "--print"], tmp_path)
    assert status == 0 and ATTRIBUTES in told and '[merge "contractlang"]' in told
    assert (tmp_path / ".git" / "config").read_bytes() == before
    assert not (tmp_path / ".gitattributes").exists()
    # What is printed is a file of settings that git reads.
    (tmp_path / "printed").write_text(told.partition("# .gitattributes")[0], encoding="utf-8")
    for key, value in settings().items():
        assert git(tmp_path, "config", "-f", "printed", "--get", key) == f"{value}\n"


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    status, _, told = run_program(["git-setup"], tmp_path)
    assert status == 1 and "error CL984:" in told and "git init" in told


def test_settings_that_cannot_be_written(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".git" / "config.lock").touch()
    status, _, told = run_program(["git-setup"], tmp_path)
    assert status == 1 and 'error CL902: git does not write its setting "diff.contractlang.xfuncname"' in told


def test_git_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(SAMPLES[0], tmp_path / "ours")
    monkeypatch.setenv("PATH", str(tmp_path))
    status, _, told = run_program(["git-merge", "ours", "ours", "ours"], tmp_path)
    assert status == 1 and "git cannot be started" in told
