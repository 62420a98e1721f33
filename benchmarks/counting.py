"""What it costs to count a contract over millions of calls, beside what a good analyst would write by hand.

    make bench-usage                       10 million calls
    make bench-usage ROWS=50000000         50 million

Calls are generated once into `build/calls/`. In one run, taking turns:

    ours        `contractlang.load_usage` and all figures of `benchmarks/calls.contract`, by month and group
    by hand     one DuckDB query over a calendar of quarters of an hour, made beforehand
    time zones  the natural query: `AT TIME ZONE`, and functions of dates
    scan        the same columns read and added up once, without a calendar or groups

Each query runs in one process with warm files and is timed from its text to its last row. The results of the
first three are compared, month by month, before anything is printed. The loop over a CSV in plain Python, the
cold start on a small CSV and the peak of memory are measured in processes of their own.
"""

# ruff: noqa: S603, S608, T201 - a benchmark prints, starts programs that it names, and writes its own SQL.
import argparse
import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402

from benchmarks.timing import interleaved, shown  # noqa: E402

CONTRACT = ROOT / "benchmarks" / "calls.contract"
FOLDER = ROOT / "build" / "calls"
PARIS = ZoneInfo("Europe/Paris")
QUARTER = 900
YEAR = 2026
FEASTS = {(1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
"""The public holidays of France in 2026, as an analyst would list them."""

DISTINCT = 'charge seats "Seats" = agents per queue at 1 EUR\n'
DISTINCT_MEASURE = "measure agents = count_distinct(calls.agent)\n"


def generate(path: Path, rows: int) -> None:
    """Call records of a year, in the order of time, with the numbers of a real switchboard."""
    path.parent.mkdir(parents=True, exist_ok=True)
    start = int(datetime(YEAR, 1, 1, tzinfo=PARIS).timestamp()) * 1_000_000
    length = int(datetime(YEAR + 1, 1, 1, tzinfo=PARIS).timestamp()) * 1_000_000 - start
    part = path.with_suffix(".part")
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    database.execute(
        f"""COPY (SELECT i AS call_id,
        make_timestamptz(({start} + i::HUGEINT * {length} // {rows})::BIGINT) AS started,
        'queue ' || (hash(i, 1) % 20) AS queue,
        ['phone', 'mail', 'chat'][1 + (hash(i, 2) % 3)::INT] AS channel,
        'agent ' || (hash(i, 3) % 3000) AS agent,
        hash(i, 4) % 100 < 92 AS answered, hash(i, 5) % 100 < 75 AS resolved,
        (hash(i, 6) % 120)::INT AS wait, (hash(i, 7) % 900)::INT AS talk,
        CASE WHEN hash(i, 8) % 10 < 2 THEN (hash(i, 9) % 5 + 1)::SMALLINT END AS csat,
        ((hash(i, 10) % 50000)::BIGINT / 100)::DECIMAL(12, 2) AS amount
        FROM range({rows}) AS t(i)) TO '{part}' (FORMAT parquet, COMPRESSION zstd)"""
    )
    part.rename(path)


# ---- the others


class ByHand:
    """The queries of a good analyst, in a DuckDB of their own."""

    def __init__(self, path: Path) -> None:
        self.source = f"read_parquet('{path}')"
        self.database = duckdb.connect()
        self.database.execute("SET TimeZone = 'UTC'")
        self.database.execute(
            "CREATE TABLE quarters "
            "(slot BIGINT, month INTEGER, night BOOLEAN, weekend BOOLEAN, feast BOOLEAN)"
        )
        first = int(datetime(YEAR, 1, 1, tzinfo=PARIS).timestamp()) // QUARTER
        last = int(datetime(YEAR + 1, 1, 1, tzinfo=PARIS).timestamp()) // QUARTER
        columns: list[list[object]] = [[], [], [], [], []]
        for slot in range(first, last):
            local = datetime.fromtimestamp(slot * QUARTER, PARIS)
            row = (
                slot, local.month, local.hour >= 21 or local.hour < 6, local.weekday() == 6,
                (local.month, local.day) in FEASTS,
            )  # fmt: skip
            for column, value in zip(columns, row, strict=True):
                column.append(value)
        self.database.execute(
            "INSERT INTO quarters SELECT " + ", ".join("unnest(?)" for _ in columns), columns
        )

    def _figures(self, night: str, weekend: str, feast: str) -> str:
        premium = f"{night} OR {weekend} OR {feast}"
        return (
            "count(*), count(*) FILTER (answered), count(*) FILTER (answered OR wait >= 5), "
            "count(*) FILTER (answered AND resolved), sum(talk) FILTER (answered), sum(wait), sum(csat), "
            f"count(csat), count(*) FILTER ({night}), sum(talk) FILTER ({premium}), sum(amount), max(wait)"
        )

    def calendar(self) -> list[tuple[object, ...]]:
        """All figures by month, queue and channel, over the calendar."""
        return self._rows(
            f"SELECT month, queue, channel, {self._figures('night', 'weekend', 'feast')} FROM "
            f"(SELECT *, epoch_us(started) // {QUARTER * 1_000_000} AS slot FROM {self.source}) "
            "JOIN quarters USING (slot) GROUP BY month, queue, channel"
        )

    def calendar_distinct(self) -> list[tuple[object, ...]]:
        """The agents of each month and queue, over the calendar."""
        return self._rows(
            "SELECT month, queue, count(DISTINCT agent) FROM "
            f"(SELECT *, epoch_us(started) // {QUARTER * 1_000_000} AS slot FROM {self.source}) "
            "JOIN quarters USING (slot) GROUP BY month, queue"
        )

    def time_zones(self) -> list[tuple[object, ...]]:
        """All figures, as the engine's own functions of time zones and dates give them."""
        local = "(started AT TIME ZONE 'Europe/Paris')"
        feasts = ", ".join(f"DATE '{date(YEAR, month, day)}'" for month, day in sorted(FEASTS))
        figures = self._figures(
            f"(hour({local}) >= 21 OR hour({local}) < 6)",
            f"(dayofweek({local}) = 0)",
            f"(CAST({local} AS DATE) IN ({feasts}))",
        )
        return self._rows(
            f"SELECT month({local}), queue, channel, {figures} FROM {self.source} "
            f"WHERE year({local}) = {YEAR} GROUP BY 1, 2, 3"
        )

    def time_zones_distinct(self) -> list[tuple[object, ...]]:
        """The agents of each month and queue, by time zones."""
        local = "(started AT TIME ZONE 'Europe/Paris')"
        return self._rows(
            f"SELECT month({local}), queue, count(DISTINCT agent) FROM {self.source} "
            f"WHERE year({local}) = {YEAR} GROUP BY 1, 2"
        )

    def scan(self, *more: str) -> list[tuple[object, ...]]:
        """Every column read and added up once, a text by its length; `more` are columns of text."""
        texts = "".join(f", sum(strlen({column}))" for column in ("queue", "channel", *more))
        figures = self._figures("answered", "resolved", "answered")
        # Counts, the least and the greatest could be told from the file's statistics, without reading.
        return self._rows(f"SELECT {figures}, sum(epoch_us(started)){texts} FROM {self.source}")

    def _rows(self, sql: str) -> list[tuple[object, ...]]:
        return self.database.execute(sql).fetchall()


def ours(contract: Path, usage: Path) -> dict[str, dict[tuple[object, ...], Fraction | None]]:
    """All figures of the contract by month, and by queue and channel, through the public interface."""
    import contractlang
    from contractlang.calendar import Days
    from contractlang.rating.rows import all_requests, count_all

    loaded = contractlang.load(contract)
    measured = contractlang.load_usage(usage, loaded)
    rating = loaded.rating(measured)
    count_all(rating)
    found: dict[str, dict[tuple[object, ...], Fraction | None]] = {}
    requests = all_requests(rating)
    for month in range(1, 13):
        days = Days(date(YEAR, month, 1), date(YEAR + month // 12, month % 12 + 1, 1))
        for number, request in enumerate(requests):
            values = found.setdefault(f"{number} {request.function} {request.by}", {})
            if request.by is None:
                # Agents are charged by queue alone, and what is not charged is not asked.
                if request.function != "count_distinct":
                    values[month,] = measured.aggregate(request, days).value
                continue
            if (request.by == "queue") if request.function == "count_distinct" else request.where is not None:
                for group in measured.groups(request, days):
                    values[month, group] = measured.aggregate(request, days, group).value
    return found


Figures = dict[str, dict[tuple[object, ...], Fraction | None]]


def _agree(mine: Figures, theirs: list[tuple[object, ...]]) -> None:
    """Stop where a figure of ours is not that of the query."""
    offered = next(values for name, values in mine.items() if name == "0 count None")
    answered = next(values for name, values in mine.items() if "count queue" in name and values)
    sales = [values for name, values in mine.items() if name.endswith("sum None")][-1]
    for month in range(1, 13):
        rows = [row for row in theirs if row[0] == month]
        assert offered[month,] == sum(int(str(row[3])) for row in rows), "offered"
        assert sales[month,] == Fraction(sum((Decimal(str(row[13])) for row in rows), Decimal(0))), "sales"
        for queue in {row[1] for row in rows}:
            found = sum(int(str(row[4])) for row in rows if row[1] == queue)
            assert answered[month, queue] == found, "answered"


# ---- other processes


def naive(path: Path) -> int:
    """The loop that a programmer writes first: a CSV, Decimal, and the time zone of each row."""
    totals: dict[tuple[int, str, str], list[Decimal]] = {}
    rows = 0
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            rows += 1
            local = datetime.fromisoformat(row["started"]).astimezone(PARIS)
            night = local.hour >= 21 or local.hour < 6
            premium = night or local.weekday() == 6 or (local.month, local.day) in FEASTS
            sums = totals.setdefault((local.month, row["queue"], row["channel"]), [Decimal(0)] * 12)
            answered = row["answered"] == "true"
            wait, talk = Decimal(row["wait"]), Decimal(row["talk"])
            sums[0] += 1
            if answered:
                sums[1] += 1
                sums[4] += talk
            if answered or wait >= 5:
                sums[2] += 1
            if answered and row["resolved"] == "true":
                sums[3] += 1
            sums[5] += wait
            if row["csat"]:
                sums[6] += Decimal(row["csat"])
                sums[7] += 1
            if night:
                sums[8] += 1
            if premium:
                sums[9] += talk
            sums[10] += Decimal(row["amount"])
            sums[11] = max(sums[11], wait)
    return rows


def _export(source: Path, target: Path, rows: int) -> None:
    if not target.exists():
        database = duckdb.connect()
        database.execute("SET TimeZone = 'UTC'")
        database.execute(
            f"COPY (SELECT * REPLACE (strftime(started, '%Y-%m-%dT%H:%M:%S.%f+00:00') AS started) "
            f"FROM read_parquet('{source}') LIMIT {rows}) TO '{target}' (FORMAT csv)"
        )


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _process(*words: str) -> None:
    """Run a program of Python as it runs where it was installed: with its modules compiled beforehand."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, *words], check=True, capture_output=True, cwd=ROOT, env=environment)


def _peak(*words: str) -> int:
    """The greatest memory of a process, in MB."""
    program = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)\n"
    )
    words = (sys.executable, "-c", program, *words)
    return int(subprocess.run(words, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def main() -> None:
    """Print the table of docs/benchmarks.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rows, million = options.rows, options.rows / 1_000_000
    calls = FOLDER / f"calls-{rows}.parquet"
    if not calls.exists():
        print(f"generating {rows} calls into {calls.relative_to(ROOT)}", file=sys.stderr)
        generate(calls, rows)
    usage = FOLDER / f"usage-{rows}.yaml"
    usage.write_text(f"rows: {{calls: {calls.name}}}\n")
    distinct = FOLDER / "distinct.contract"
    distinct.write_text(CONTRACT.read_text() + DISTINCT_MEASURE + DISTINCT)
    hand = ByHand(calls)

    _agree(ours(CONTRACT, usage), hand.calendar())
    _agree(ours(CONTRACT, usage), hand.time_zones())
    agents = next(found for name, found in ours(distinct, usage).items() if "count_distinct queue" in name)
    assert agents == {(row[0], row[1]): row[2] for row in hand.calendar_distinct()}, "agents"

    plain = interleaved(
        {
            "ours": lambda: ours(CONTRACT, usage),
            "hand": hand.calendar,
            "zones": hand.time_zones,
            "scan": hand.scan,
        },
        options.rounds,
    )
    counted = interleaved(
        {
            "ours": lambda: ours(distinct, usage),
            "hand": lambda: (hand.calendar(), hand.calendar_distinct()),
            "zones": lambda: (hand.time_zones(), hand.time_zones_distinct()),
            "scan": lambda: hand.scan("agent"),
        },
        options.rounds,
    )
    size = calls.stat().st_size / 1e6
    print(f"{million:g} million calls, {size:.0f} MB of Parquet, DuckDB {duckdb.__version__}\n")
    print("| what | ours | the other | ratio | aim |\n|---|---:|---:|---:|---:|")
    others = (
        ("hand", "the query by hand", (1.5, 1.5)),
        ("scan", "the scan of the columns", (3, 4)),
        ("zones", "`AT TIME ZONE`", (1, 1)),
    )
    for turn, (label, times) in enumerate((("12 figures", plain), ("12 figures and agents", counted))):
        for name, words, aims in others:
            _row(f"{label}, to {words}", times["ours"], times[name], f"<= {aims[turn]:g}")
    _elsewhere(calls, distinct, usage, plain["ours"] / rows)


def _row(what: str, mine: float, other: float, aim: str) -> None:
    print(f"| {what} | {shown(mine)} | {shown(other)} | {mine / other:.2f} | {aim} |")


def _elsewhere(calls: Path, distinct: Path, usage: Path, seconds_a_row: float) -> None:
    """What is measured in processes of its own."""
    small, large = FOLDER / "small.csv", FOLDER / "million.csv"
    _export(calls, small, 1_000)
    _export(calls, large, 1_000_000)
    naively = _seconds(lambda: naive(large)) / 1_000_000
    rates = f"{1 / seconds_a_row / 1e6:.1f} M | {1 / naively / 1e6:.3f} M | {naively / seconds_a_row:.0f} x"
    print(f"| rows a second, to a loop of Python over a CSV | {rates} | >= 50 x |")
    csv_usage = FOLDER / "small.yaml"
    csv_usage.write_text("rows: {calls: small.csv}\n")
    door = "import sys; from contractlang.commands.front import main; sys.exit(main())"
    invoice = ("-c", door, "invoice")
    words = (*invoice, str(CONTRACT), "--usage", str(csv_usage), "--period", "2026-01", "--format", "lines")
    query = f"SELECT count(*), sum(talk) FROM '{small}'"
    alone = ("-c", f'import duckdb; print(duckdb.sql("{query}").fetchall())')
    # The first start compiles the modules, as installing does, and is timed for nobody.
    _process(*words)
    cold = interleaved({"ours": lambda: _process(*words), "alone": lambda: _process(*alone)}, 9)
    _row("invoice of a CSV of 1 000 rows, cold, to DuckDB alone", cold["ours"], cold["alone"], "<= 2")
    year = (*invoice, str(distinct), "--usage", str(usage), "--from", "2026-01", "--to", "2026-12")
    peak = _peak(sys.executable, *year, "--format", "lines")
    print(f"| peak memory of a year of invoices, 12 figures and agents | {peak} MB | | | < 1000 MB |")


if __name__ == "__main__":
    main()
