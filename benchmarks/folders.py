"""Billing runs: what a run of many contracts takes beside one of few, and beside each contract alone.

The memory of a run is the sum over all its processes, looked at every few hundredths of a second, so pages
that processes share count once for each.
"""

# ruff: noqa: S603  A benchmark starts programs that it names itself.
import subprocess
import sys
import time
from pathlib import Path

_CONTRACT = """\
contract "Number {number}" {{
  provider callpro  client acme  term 2026-01-01 to 2026-12-31  invoiced monthly
  currency EUR  timezone Europe/Paris  vat 20%
}}
usage calls each call {{ started timestamp  talk duration optional  site text }}
window day_time = 08:00 to 20:00
measure handled = count(calls where site is "{site}")
measure at_night = handled - count(calls where site is "{site}" and started in day_time)
measure talked = sum(calls.talk where site is "{site}")
measure answer_rate in %
charge handling "Calls handled" = handled at graduated prices {{
  up to 1 000 calls : 4.20 EUR/call
  beyond            : 3.90 EUR/call
}}
charge night "By night" = at_night at 0.50 EUR/call
charge talking "Talked" = talked at 12 EUR/hour
bonus-malus answering "Answered" on handling by answer_rate {{
  below 85% : -2%
  from 85%  :  0%
  no data   :  0%
}}
"""


def generated(folder: Path, contracts: int, tables: int, rows: int) -> Path:
    """A folder of contracts of which each reads one of some tables; what they share is in `shared`."""
    shared = folder / "shared"
    shared.mkdir(parents=True)
    for table in range(tables):
        days = (f"2026-{row % 12 + 1:02}-{row % 28 + 1:02}" for row in range(rows))
        lines = [
            f"{day} {row % 24:02}:{row % 60:02}:00,{row % 900},site{row % 7}" for row, day in enumerate(days)
        ]
        text = "\n".join(["started,talk,site", *lines])
        (shared / f"calls{table}.csv").write_text(text + "\n", encoding="utf-8")
    for number in range(contracts):
        beside = folder / "all" / f"c{number:05}"
        beside.mkdir(parents=True)
        text = _CONTRACT.format(number=number, site=f"site{number % 7}")
        (beside / f"c{number:05}.contract").write_text(text, encoding="utf-8")
        table = f"../../shared/calls{number % tables}.csv"
        usage = f"figures: {{2026-07: {{answer_rate: 84%}}}}\nrows: {{calls: {table}}}\n"
        (beside / "usage.yaml").write_text(usage, encoding="utf-8")
    return folder / "all"


def run(contracts: Path, jobs: int) -> tuple[float, float | None]:
    """The seconds of a run, and the most megabytes that its processes had together if the system tells."""
    program = "import sys; from contractlang.commands.front import main; sys.exit(main())"
    shared, output = contracts.parent / "shared", contracts.parent / "invoices"
    words = ["invoice", str(contracts), "--period", "2026-07", "--jobs", str(jobs)]
    words += ["--allow-files", str(shared), "-o", str(output)]
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _together(process.pid))
            time.sleep(0.03)
    if process.returncode != 0:
        raise RuntimeError("the generated contracts can be invoiced")
    return time.perf_counter() - started, peak or None


def _together(session: int) -> float:
    """The megabytes of all processes of a session; 0 where the system does not tell."""
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # After the name: state, parent, group, session; the resident pages are the 22nd.
        if int(fields[3]) == session:
            pages += int(fields[21])
    return pages * 4096 / 1_000_000
