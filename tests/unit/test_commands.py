"""Input, output and exit statuses: what every command has in common."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from literate import run_program

from contractlang.commands import output
from contractlang.commands.main import COMMANDS, main
from contractlang.diagnostics import ContractError

PROGRAM = [sys.executable, "-c", "import sys; from contractlang.commands.main import main; sys.exit(main())"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    status, stdout, stderr = run_program([command, "--help"], tmp_path)
    assert (status, stderr) == (0, "")
    assert "Example:\n" in stdout
    assert f"  contractlang {command}" in stdout


def test_a_result_replaces_a_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "invoice.html"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link = tmp_path / "latest.html"
    link.symlink_to(target)
    output.write_result("new é\n", link)
    assert target.read_bytes() == "new é\n".encode()
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["invoice.html", "latest.html"]


def test_a_result_that_cannot_be_written_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "invoice.html"
    target.write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ContractError, match=r"CL901.*no space left on device"):
        output.write_result("new", target)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["invoice.html"]


def test_a_disk_that_fills_up_leaves_the_file_as_it_was_and_nothing_beside(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")

    def small_disk() -> None:
        # The program meets the same fault as on a full disk, after it has written some of the file.
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    target = tmp_path / "schema.json"
    target.write_text("old", encoding="utf-8")
    run = subprocess.run(
        [*PROGRAM, "schema", "invoice", "-o", str(target)],
        capture_output=True,
        text=True,
        preexec_fn=small_disk,
        timeout=60,
    )
    assert run.returncode == 1
    assert f'error CL901: "{target}" cannot be written: file too large' in run.stderr
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["schema.json"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no disk that is always full")
@pytest.mark.parametrize("words", [["schema", "invoice"], ["--help"], ["version"]])
def test_standard_output_on_a_full_disk_is_said(words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        run = subprocess.run([*PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert run.returncode == 1
    assert run.stderr.splitlines()[0] == (
        "error CL901: the result cannot be written: no space left on device"
    )
    assert "Exception" not in run.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="an administrator may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ContractError, match=r"CL901.*permission denied"):
        output.write_result("new", tmp_path / "invoice.txt")


def test_a_name_of_the_longest_length_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("n" * 251 + ".txt")
    output.write_result("new", target)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_files_of_bytes_are_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "ours.contract"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ContractError, match="CL901"):
        output.write_bytes(b"new", str(target))
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["ours.contract"]


def test_a_folder_is_no_place_for_a_result(tmp_path: Path) -> None:
    with pytest.raises(ContractError) as raised:
        output.write_result("new", tmp_path)
    assert raised.value.diagnostics[0].help == "name a file inside the folder"


@pytest.mark.parametrize(
    ("environment", "terminal", "wanted"),
    [
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm"}, False, False),
        ({"NO_COLOR": "", "TERM": "xterm"}, True, True),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    environment: dict[str, str], terminal: bool, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    assert output.wants_colour(stream) is wanted


def test_a_fault_of_the_program_is_one_honest_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Path:
        raise KeyError("schemas\nof everything")

    monkeypatch.delenv("CONTRACTLANG_DEBUG", raising=False)
    monkeypatch.setattr("contractlang.resources.schemas_folder", broken)
    assert main(["schema", "invoice"]) == 70
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "contractlang itself is at fault" in said
    assert "CONTRACTLANG_DEBUG=1" in said
    monkeypatch.setenv("CONTRACTLANG_DEBUG", "1")
    with pytest.raises(KeyError):
        main(["schema", "invoice"])


def test_a_reader_that_goes_away_is_no_fault() -> None:
    with subprocess.Popen(
        [*PROGRAM, "schema", "invoice"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 141


def test_a_terminal_without_accents_is_written_to_all_the_same() -> None:
    program = "from contractlang.commands.main import main; main(['check', 'é.contract'])"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, timeout=60)
    assert b"Traceback" not in run.stderr
