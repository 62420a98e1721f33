"""A command imports what it uses and no more."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"babel", "duckdb", "holidays", "hypothesis", "jinja2", "numpy", "yaml"}
QUICK = {*HEAVY, "click", "hashlib", "json", "difflib", "dataclasses", "inspect", "threading", "zoneinfo"}
CONTRACT = """contract "A" {
  provider a  client b  term 2026-01-01 to 2026-12-31  invoiced monthly
  currency EUR  timezone Europe/Paris  vat 20%
}
unit call
window feast = holidays FR
window local = holidays FR-57
measure calls in calls
charge handling "Calls" = calls at 4 EUR/call
"""


def modules_of(door: str, arguments: list[str], status: int = 0) -> set[str]:
    """The modules that a command line has loaded when it ends."""
    program = (
        "import sys\n"
        f"sys.argv = {['contractlang', *arguments]!r}\n"
        f"from contractlang.commands.{door} import main\n"
        "status = main()\n"
        "print(*sys.modules, file=sys.stderr)\n"
        "sys.exit(status)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert run.returncode == status, run.stderr
    return set(run.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("command", ["check", "version", "--help"])
def test_no_heavy_library_is_imported(command: str, tmp_path: Path) -> None:
    contract = tmp_path / "a.contract"
    contract.write_text(CONTRACT, encoding="utf-8")
    arguments = [command, str(contract)] if command == "check" else [command]
    assert not HEAVY & {name.split(".")[0] for name in modules_of("main", arguments)}


@pytest.mark.parametrize("arguments", [["check"], ["fmt", "--check"]])
def test_the_front_door_waits_for_nothing(arguments: list[str], tmp_path: Path) -> None:
    contract = tmp_path / "a.contract"
    contract.write_text(CONTRACT, encoding="utf-8")
    loaded = {
        name.split(".")[0] for name in modules_of("front", [*arguments, str(contract)], _status(arguments))
    }
    assert not QUICK & loaded


def _status(arguments: list[str]) -> int:
    # The contract above is checked without fault, and is not in the one layout.
    return 0 if arguments == ["check"] else 1


FILES = [["good"], ["bad"], ["good", "bad"], ["missing"], ["."], ["folder"], ["good", "good"]]


@pytest.mark.parametrize("files", FILES)
@pytest.mark.parametrize("arguments", [["check"], ["fmt", "--check"]])
def test_both_doors_lead_to_the_same(arguments: list[str], files: list[str], tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "good").write_text(CONTRACT, encoding="utf-8")
    (tmp_path / "folder" / "b.contract").write_text(CONTRACT, encoding="utf-8")
    (tmp_path / "bad").write_text(CONTRACT.replace("EUR/call", "EUR/cal"), encoding="utf-8")
    answers = []
    for door in ("front", "main"):
        program = f"import sys; from contractlang.commands.{door} import main; sys.exit(main())"
        words = [sys.executable, "-c", program, *arguments, *files]
        answers.append(subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60))
    assert answers[0].returncode == answers[1].returncode
    assert (answers[0].stdout, answers[0].stderr) == (answers[1].stdout, answers[1].stderr)
