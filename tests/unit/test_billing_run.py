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
from contractlang.billing_run.grouping import grouped
from contractlang.billing_run.ordering import InOrder
from contractlang.billing_run.rating import rate
from contractlang.billing_run.workers import Workers
from contractlang.calendar import Days
from contractlang.engines.duckdb import DuckDB
from contractlang.measuring import rows
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
    """Kill the processes that read a named pipe, until so many have been killed."""

    def kill() -> None:
        killed: set[int] = set()
        while len(killed) < times:
            try:
                # It opens where somebody reads, or waits to read, and lets whoever waits go on.
                end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                time.sleep(0.01)
                continue
            for _ in range(100):
                found = set(readers(pipe)) - {os.getpid()} - killed
                if found:
                    break
                time.sleep(0.01)
            for process in found:
                # One may have ended by itself meanwhile.
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
                killed.add(process)
            os.close(end)

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


SHARED = """\
usage calls each call { started timestamp  ended timestamp  site text  talk duration optional }
window day_time = 08:00 to 20:00
window outage "The client's own outage"
"""
SHARING = {
    "ash": 'charge calling = count(calls where site is "lyon") at 1 EUR/call\n',
    "birch": "charge calling = count(calls where started in day_time) per site at 2 EUR/call\n",
    "cedar": "measure talked = sum(calls.talk)\ncharge talking = talked at 30 EUR/hour\n"
    "measure typical = percentile(calls.talk, 50)\n"
    "bonus-malus quick on talking by typical { up to 2 min : +3%  above 2 min : 0%  no data : 0% }\n",
    # The usage does not say when the outage was, and each contract is told so at its own place.
    "elm": "charge calling = count(calls where started in outage) at 1 EUR/call\n",
    "fir": "measure worked = sum(calls.started to calls.ended during day_time)\n"
    "charge working = worked at 30 EUR/hour\n",
    # Another window, so the rows are not the same to it.
    "gorse": "charge calling = count(calls where started in day_time) at 2 EUR/call\n",
    "holly": "\ncharge calling = count(calls where started in outage) at 1 EUR/call\n",
}


def sharing(folder: Path) -> list[Job]:
    """Contracts that read one table, most of them as it is declared in all."""
    (folder / "shared").mkdir(parents=True)
    cells = """\
        2026-07-01 07:30,2026-07-01 07:35,lyon,100
        2026-07-02 09:30,2026-07-02 20:35,lyon,90
        2026-07-02 21:30,2026-07-02 21:35,lille,240
        2026-07-15 12:30,2026-07-15 12:35,lille,
        2026-07-31 19:30,2026-08-01 09:00,,60
        2025-01-01 09:00,2025-01-01 09:05,lyon,10
    """
    table = "\n".join(["started,ended,site,talk", *cells.split("\n")]).replace("        ", "").strip()
    (folder / "shared" / "calls.csv").write_text(table + "\n", encoding="utf-8")
    usage = "figures: {}\nrows: {calls: ../../shared/calls.csv}\n"
    head = FLAT + SHARED
    jobs = []
    for name, text in SHARING.items():
        whole = head + text if name != "gorse" else head.replace("20:00", "12:00") + text
        jobs.append(contract(folder / "all", name, whole, usage))
    return jobs


def test_contracts_that_share_a_table_are_rated_as_each_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = sharing(tmp_path)
    settings = replace(SETTINGS, allow_files=(tmp_path / "shared",))
    alone = [one for job in jobs for one in rate((job,), settings)]
    assert [one.status for one in alone] == [
        "invoiced", "invoiced", "invoiced", "failed", "invoiced", "invoiced", "failed",
    ]  # fmt: skip
    for batch in (jobs, jobs[::-1], jobs[2:5], [jobs[3], jobs[6], jobs[0]]):
        assert list(rate(batch, settings)) == [alone[job.number] for job in batch]
    opened, passes = [], []
    open_database, count = DuckDB.__init__, rows.Aggregating.counted

    def opening(self: DuckDB, *rest: object, **named: object) -> None:
        opened.append(self)
        open_database(self, *rest, **named)

    def counting(self: rows.Aggregating, *rest: object) -> object:
        passes.append(rest)
        return count(self, *rest)

    monkeypatch.setattr(DuckDB, "__init__", opening)
    monkeypatch.setattr(rows.Aggregating, "counted", counting)
    list(rate([jobs[0], jobs[1], jobs[2], jobs[4]], settings))
    assert (len(opened), len(passes)) == (1, 1)
    opened.clear()
    list(rate([jobs[0], jobs[5]], settings))
    assert len(opened) == 2


WORDS = "unit call\nusage calls each call { started timestamp  site text  talk duration optional }\n"
OTHER_TERMS = {
    # Terms that begin and end inside the months of others, and rows that are outside of some.
    "ash": (
        "2026-07-10 to 2027-03-04",
        "charge calling = count(calls) at 1 EUR/call\n"
        # Six months reach back over the first day of the term, where rows of others are.
        "charge lately = count(calls) over 6 months rolling at 1 EUR/call\n",
    ),
    "birch": (
        "2024-02-29 to 2026-07-20",
        "window late = 18:00 to 23:00\n"
        "charge calling = count(calls where started in late) per site at 2 EUR/call\n"
        "measure sites = count_distinct(calls.site)\n"
        "bonus-malus wide on calling by sites { up to 2 : 0%  above 2 : +10%  no data : 0% }\n",
    ),
    "cedar": (
        "2026-01-01 to 2026-12-31",
        "unit sale\nwindow early = 05:00 to 08:00\nmeasure sales in sale\n"
        "charge calling = count(calls where started in early or talk > 2 min) at 3 EUR/call\n"
        "charge selling = sales at 1 EUR/sale\n"
        "measure year = count(calls) over contract year\n"
        "penalty many = 10 EUR when year > 3 calls\n",
    ),
}
OTHER_WORDS = {
    # `sale` is a thing counted to cedar, and two of something else here.
    "elm": "unit pair\nunit sale = 2 pair\n",
    # A cell may say `1 workday`, and only this contract could read it.
    "fir": "unit workday = 7 hours\n",
    "gorse": "window early = 04:00 to 08:00\n",
    # To the others Sunday is the day of the week.
    "holly": "window sundays = 2026-07-02 to 2026-07-03\n",
}


def test_contracts_of_other_terms_and_words_share_a_table_and_are_rated_as_each_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows_of_july = [
        "01 05:30",
        "02 07:30",
        "09 23:30",
        "10 00:30",
        "15 19:30",
        "20 21:00",
        "21 07:00",
        "31 23:30",
    ]
    cells = [f"2026-07-{one},{'ab'[index % 2]},{40 * index}" for index, one in enumerate(rows_of_july)]
    cells += [
        "2024-03-01 19:00,c,1",
        "2026-03-01 06:00,c,200",
        "2026-08-01 06:00,c,1",
        "2027-06-01 19:00,c,1",
    ]
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "calls.csv").write_text("\n".join(["started,site,talk", *cells]) + "\n")
    usage = "figures: {2026-07: {sales: 5}}\nrows: {calls: ../../shared/calls.csv}\n"
    bare = "figures: {}\nrows: {calls: ../../shared/calls.csv}\n"

    def job(name: str, term: str, text: str) -> Job:
        head = FLAT.replace("2026-01-01 to 2026-12-31", term)
        return contract(tmp_path / "all", name, head + WORDS + text, usage if name == "cedar" else bare)

    terms = [job(name, term, text) for name, (term, text) in OTHER_TERMS.items()]
    charge = "charge calling = count(calls where started in sundays) at 1 EUR/call\n"
    others = [job(name, "2026-01-01 to 2026-12-31", text + charge) for name, text in OTHER_WORDS.items()]
    settings = replace(SETTINGS, allow_files=(tmp_path / "shared",))
    jobs = [*terms, *others]
    alone = [one for job in jobs for one in rate((job,), settings)]
    assert {one.status for one in alone} == {"invoiced"}, [one.said for one in alone]
    for batch in (jobs, jobs[::-1], terms, terms[1:]):
        assert list(rate(batch, settings)) == [alone[job.number] for job in batch]
    # The rows outside a term are said to each contract with their number, which differs.
    assert len({one.said for one in alone[:3]}) == 3
    opened = []
    open_database = DuckDB.__init__

    def opening(self: DuckDB, *rest: object, **named: object) -> None:
        opened.append(self)
        open_database(self, *rest, **named)

    monkeypatch.setattr(DuckDB, "__init__", opening)
    list(rate(terms, settings))
    assert len(opened) == 1
    for other in others:
        opened.clear()
        list(rate([terms[2], other], settings))
        assert len(opened) == 2, other


def test_contracts_that_share_a_table_are_grouped(tmp_path: Path) -> None:
    jobs = sharing(tmp_path)
    single = contract(tmp_path / "all", "oak")
    assert [len(batch) for batch in grouped([*jobs, single], 1)] == [7, 1]
    assert [len(batch) for batch in grouped([*jobs, single], 2)] == [4, 3, 1]
    words = ["invoice", "all", "--period", "2026-07", "--format", "lines", "--allow-files", "shared"]
    first, second = (run_program([*words, "--jobs", jobs], tmp_path) for jobs in ("1", "3"))
    assert first == second
    assert "\n8 contracts, 6 invoices, 2 failed, " in first[2]


def test_a_file_that_changes_between_contracts_that_share_it(tmp_path: Path) -> None:
    jobs = sharing(tmp_path)
    settings = replace(SETTINGS, allow_files=(tmp_path / "shared",))
    outcomes = rate(jobs[:2], settings)
    assert next(outcomes).status == "invoiced"
    table = tmp_path / "shared" / "calls.csv"
    table.write_text(table.read_text(encoding="utf-8") + "2026-07-03 09:00,,lyon,5\n", encoding="utf-8")
    (second,) = outcomes
    # It is rated again by itself, on what is there now.
    assert second == next(rate((jobs[1],), settings))


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
