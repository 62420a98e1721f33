"""The built wheel holds what the package reads beside its code, and works where only the wheel is."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the wheel is built by hatchling")

ROOT = Path(__file__).parent.parent
SOURCES = (
    "contractlang",
    "grammar",
    "templates",
    "build_tables.py",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: building writes the parser's tables into the package."""
    source = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "_tables.py")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source / name)
    built = tmp_path_factory.mktemp("built")
    run = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    done = subprocess.run(run, cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel unpacked, as an installation does."""
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def run(installed: Path, folder: Path, *arguments: str) -> str:
    """What the installed program prints; a failure is one of the test."""
    start = "import sys, contractlang; print(contractlang.__file__, file=sys.stderr)\n"
    start += "from contractlang.commands.front import program; sys.exit(program())"
    environment = {**os.environ, "PYTHONPATH": str(installed), "NO_COLOR": "1"}
    command = [sys.executable, "-P", "-c", start, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.startswith(str(installed)), "it is the wheel that runs"
    return done.stdout


def test_the_wheel_holds_each_file_that_is_not_code(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "contractlang", "grammar", "templates"], cwd=ROOT, capture_output=True, text=True
    )
    tracked = listed.stdout.split()
    if not tracked:
        pytest.skip("this is no checkout of git")
    expected = {one if one.startswith("contractlang/") else f"contractlang/{one}" for one in tracked}
    assert expected <= names
    assert {"contractlang/templates/start/contract.fr.j2", "contractlang/grammar/contract.lark"} <= names
    assert "contractlang/syntax/_tables.py" in names
    assert not [name for name in names if not re.match(r"contractlang[-/]", name)]


def test_a_first_contract_is_written_checked_and_invoiced_where_only_the_wheel_is(
    installed: Path, tmp_path: Path
) -> None:
    for language, folder in (("en", "contracts/acme"), ("fr", "contracts/mutuelle")):
        new = ["new", folder, "--yes", "--language", language, "--client", Path(folder).name]
        printed = run(installed, tmp_path, *new, "--start", "2026-01-01")
        contract, usage = re.findall(r"^  (\S+\.(?:contract|yaml))$", printed, re.MULTILINE)[:2]
        assert (tmp_path / contract).is_file()
        run(installed, tmp_path, "test", contract)
        page = ["invoice", contract, "--usage", usage, "--period", "2026-01", "--format", "html"]
        assert "<!DOCTYPE html>" in run(installed, tmp_path, *page)
    profile = run(
        installed, tmp_path, "usage", contract, "--usage", usage, "--language", "fr", "--format", "html"
    )
    assert '<html lang="fr">' in profile
    assert run(installed, tmp_path, "schema", "usage").startswith("{")
