"""A billing run: contracts that fail alone, processes that end, interruptions, order, the schema."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from multiprocessing import active_children
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from literate import run_program

from contractlang import api
from contractlang.billing_run import Job, Outcome, Settings, outcomes_of, workers
from contractlang.billing_run.days import period_name
from contractlang.billing_run.ordering import InOrder
from contractlang.billing_run.workers import Workers
from contractlang.calendar import Days
from contractlang.resources import schemas_folder

PROGRAM = [sys.executable, "-c", "import sys; from contractlang.commands.main import main; sys.exit(main())"]
JULY = Days(date(2026, 7, 1), date(2026, 8, 1))
SETTINGS = Settings(JULY, "2026-07", "lines")
FLAT = """\
contract "NAME" {
  provider callpro  client NAME  term 2026-01-01 to 2026-12-31  invoiced monthly
  currency EUR  timezone Europe/Paris  vat 20%
}
subscription retainer "Retainer" = 100 EUR per month
"""
ROWS = FLAT + "usage calls each call { started timestamp }\ncharge calling = count(calls) at 1 EUR/call\n"

# A table that is a named pipe keeps whoever reads it waiting, until it is killed or interrupted.
pipes = pytest.mark.skipif(not hasattr(os, "mkfifo") or not Path("/proc/self/fd").exists(), reason="no /proc")


def contract(folder: Path, name: str, text: str = FLAT, usage: str = "figures: {}\n") -> Job:
    """A contract in a folder of its own, with its usage."""
    beside = folder / name
    beside.mkdir(parents=True)
    (beside / f"{name}.contract").write_text(text.replace("NAME", name), encoding="utf-8")
    (beside / "usage.yaml").write_text(usage, encoding="utf-8")
    number = len(list(folder.iterdir())) - 1
    return Job(number, str(beside / f"{name}.contract"), str(beside / "usage.yaml"))


def stuck(folder: Path, name: str) -> Job:
    """A contract that is rated without end."""
    job = contract(folder, name, ROWS, "rows: {calls: calls.csv}\n")
    os.mkfifo(folder / name / "calls.csv")
    return job


def readers(pipe: Path) -> list[int]:
    """The processes that have a named pipe open, or are about to: those that wait for it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if any(os.readlink(one) == str(pipe) for one in (process / "fd").iterdir()):
                found.append(int(process.name))
    return found


def kill_whoever_reads(pipe: Path, times: int) -> threading.Thread:
    """Kill the processes that read a named pipe, as many times as one comes."""

    def kill() -> None:
        for _ in range(times):
            # Opening it waits for a reader.
            with pipe.open("wb"):
                for process in set(readers(pipe)) - {os.getpid()}:
                    os.kill(process, signal.SIGKILL)
                while set(readers(pipe)) - {os.getpid()}:
                    time.sleep(0.01)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread


def statuses(outcomes: Iterator[Outcome]) -> dict[str, str]:
    return {Path(one.job.file).stem: one.status for one in outcomes}


@pipes
def test_a_process_that_is_killed_costs_its_contract_and_no_other(tmp_path: Path) -> None:
    jobs = [contract(tmp_path, "ash"), stuck(tmp_path, "elm"), contract(tmp_path, "oak")]
    killer = kill_whoever_reads(tmp_path / "elm" / "calls.csv", 1)
    found = {one.job.number: one for one in outcomes_of(jobs, SETTINGS, 2)}
    killer.join(10)
    assert [found[number].status for number in range(3)] == ["invoiced", "failed", "invoiced"]
    assert found[1].said.startswith(
        "error CL905: the process that rated this contract was ended by SIGKILL\n"
    )
    assert not active_children()


@pipes
def test_of_several_contracts_of_a_killed_process_each_is_tried_alone(tmp_path: Path) -> None:
    jobs = (contract(tmp_path, "ash"), stuck(tmp_path, "elm"), contract(tmp_path, "oak"))
    killer = kill_whoever_reads(tmp_path / "elm" / "calls.csv", 2)
    with Workers(SETTINGS, 1) as crew:
        found = statuses(crew.rate([jobs]))
    killer.join(10)
    assert found == {"ash": "invoiced", "elm": "failed", "oak": "invoiced"}


def test_a_process_that_ended_while_idle_is_replaced(tmp_path: Path) -> None:
    with Workers(SETTINGS, 1) as crew:
        assert statuses(crew.rate([(contract(tmp_path, "ash"),)])) == {"ash": "invoiced"}
        (idle,) = active_children()
        idle.kill()
        idle.join()
        assert statuses(crew.rate([(contract(tmp_path, "oak"),)])) == {"oak": "invoiced"}
    assert not active_children()


def test_processes_are_replaced_before_they_grow_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_CONTRACTS_OF_A_PROCESS", 1)
    started = []
    start = Workers._started
    monkeypatch.setattr(Workers, "_started", lambda crew: started.append(crew) or start(crew))
    with Workers(SETTINGS, 1) as crew:
        names = ["ash", "elm", "oak"]
        found = statuses(crew.rate([(contract(tmp_path, name),) for name in names]))
    assert found == dict.fromkeys(names, "invoiced")
    assert len(started) == 3


def test_a_fault_of_the_program_costs_its_contract_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [contract(tmp_path, name) for name in ("ash", "elm", "oak", "yew")]
    load = api.load

    def faulty(file: str, *rest: object) -> api.LoadedContract:
        if "elm" in file:
            raise KeyError("bark\nof an elm")
        if "oak" in file:
            raise RecursionError
        return load(file)

    monkeypatch.setattr(api, "load", faulty)
    found = {Path(one.job.file).stem: one for one in outcomes_of(jobs, SETTINGS, 1)}
    assert [one.status for one in found.values()] == ["invoiced", "failed", "failed", "invoiced"]
    assert found["elm"].said.startswith("error CL906: contractlang itself is at fault")
    assert found["oak"].said.startswith("error CL108")
    with pytest.raises(KeyError):
        list(outcomes_of(jobs, replace(SETTINGS, debug=True), 1))


@given(st.permutations(range(6)))
def test_whoever_comes_early_waits(order: list[int]) -> None:
    jobs = [Outcome(Job(number, f"{number}", ""), "skipped", said="x" * number) for number in range(6)]
    waiting = InOrder()
    found = [one for number in order for one in waiting.add(jobs[number])]
    waiting.close()
    assert found == jobs


def test_names_of_periods_are_those_that_a_period_is_asked_by() -> None:
    spans = [
        (date(2026, 7, 1), date(2026, 8, 1)), (date(2026, 7, 1), date(2026, 10, 1)),
        (date(2026, 1, 1), date(2027, 1, 1)), (date(2026, 7, 15), date(2026, 8, 1)),
    ]  # fmt: skip
    names = ["2026-07", "2026-Q3", "2026", "2026-07-15..2026-07-31"]
    assert [period_name(Days(*span)) for span in spans] == names


def test_lines_of_json_follow_the_published_schema(tmp_path: Path) -> None:
    contract(tmp_path / "all", "ash")
    contract(tmp_path / "all", "elm", FLAT.replace("2026-12-31", "2026-02-28"))
    contract(tmp_path / "all", "oak", FLAT.replace("100", "a hundred"))
    contract(tmp_path / "all", "yew", usage="figures: {2028-01: {x: 1}}\n")
    status, printed, _ = run_program(
        ["invoice", "all", "--period", "2026-07", "--format", "json", "--jobs", "1"], tmp_path
    )
    lines = [json.loads(line) for line in printed.splitlines()]
    schemas = {
        name: json.loads((schemas_folder() / f"{name}.schema.json").read_text(encoding="utf-8"))
        for name in ("run", "invoice", "diagnostics")
    }
    for line in lines:
        jsonschema.validate(line, schemas["run"], cls=jsonschema.Draft202012Validator)
        for one in line.get("invoices", ()):
            jsonschema.validate(one, schemas["invoice"], cls=jsonschema.Draft202012Validator)
        jsonschema.validate(line.get("diagnostics", []), schemas["diagnostics"])
    assert [one["status"] for one in lines[:-1]] == ["invoiced", "skipped", "failed", "failed"]
    assert status == 1


def test_a_document_that_cannot_be_written_costs_its_contract_and_no_other(tmp_path: Path) -> None:
    for name in ("ash", "elm", "oak"):
        contract(tmp_path / "all", name)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "elm").write_text("in the way", encoding="utf-8")
    words = ["invoice", "all", "--period", "2026-07", "--format", "lines", "--jobs", "1", "-o", "out"]
    status, printed, told = run_program(words, tmp_path)
    assert (status, printed) == (1, "")
    assert (
        'all/elm/elm.contract: no invoice\nerror CL901: the folder "out/elm" cannot be made: it is a file\n'
        in told
    )
    assert told.endswith("3 contracts, 2 invoices, 1 failed\n  EUR  net 200.00  gross 240.00\n")
    written = sorted(path.relative_to(tmp_path).as_posix() for path in (tmp_path / "out").rglob("*.txt"))
    assert written == ["out/ash/ash-2026-07.txt", "out/oak/oak-2026-07.txt"]


def test_a_terminal_sees_how_far_the_run_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from contractlang.commands.invoiced_folder import invoice_folder

    for name in ("ash", "elm"):
        contract(tmp_path, name)
    seen = []
    for is_terminal in (True, False):
        stream = io.StringIO()
        monkeypatch.setattr(stream, "isatty", lambda now=is_terminal: now)
        monkeypatch.setattr(sys, "stderr", stream)
        assert invoice_folder(str(tmp_path), None, SETTINGS, 1, tmp_path / "out") == 0
        seen.append(stream.getvalue())
    assert "\r1 of 2 contracts\r2 of 2 contracts\r" in seen[0]
    # The counter is taken away, and nothing but spaces is left of it.
    assert re.sub(r"[^\r\n]*\r", "", seen[0]) == seen[1]


@pytest.fixture
def run_to_interrupt(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """A run of three contracts, one of which takes without end, in a group of processes of its own."""
    for name in ("ash", "oak"):
        contract(tmp_path, name)
    stuck(tmp_path, "elm")
    runs = []

    def started() -> subprocess.Popen[str]:
        words = ["invoice", str(tmp_path), "--period", "2026-07", "--format", "lines", "--jobs", "2"]
        run = subprocess.Popen(
            [*PROGRAM, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        runs.append(run)
        return run

    yield started
    for run in runs:
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()


def until(holds: Callable[[], bool]) -> None:
    for _ in range(2000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def group_is_gone(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return True
    return False


@pipes
def test_an_interruption_ends_all_processes(
    run_to_interrupt: Callable[[], subprocess.Popen[str]], tmp_path: Path
) -> None:
    run = run_to_interrupt()
    descriptor = os.open(tmp_path / "elm" / "calls.csv", os.O_RDWR)
    until(lambda: bool(set(readers(tmp_path / "elm" / "calls.csv")) - {os.getpid()}))
    os.killpg(run.pid, signal.SIGINT)
    _, told = run.communicate(timeout=30)
    os.close(descriptor)
    assert run.returncode == 130
    assert "Traceback" not in told
    until(lambda: group_is_gone(run.pid))


@pipes
def test_a_reader_that_goes_away_ends_all_processes(
    run_to_interrupt: Callable[[], subprocess.Popen[str]], tmp_path: Path
) -> None:
    run = run_to_interrupt()
    assert run.stdout is not None and run.stderr is not None
    run.stdout.close()
    descriptor = os.open(tmp_path / "elm" / "calls.csv", os.O_RDWR)
    told = run.stderr.read()
    run.wait(30)
    os.close(descriptor)
    assert (run.returncode, told) == (141, "")
    until(lambda: group_is_gone(run.pid))
