"""What a month of a billion calls costs on a Spark cluster: `make spark-scale`. docs/scale.md has one run.

It generates calls as Parquet, rates a contract of twelve measures over them with `engine: spark`, and counts
the time of the queries alone, on one core and on two: on the clock, and as the processor's time of the Java
process, which other work on the machine changes little. Two sizes are measured, so that what does not grow
with the rows (Spark's start, the compiling of a query) is no part of the cost of a row.
"""

# ruff: noqa: S603, T201 - a benchmark prints, and starts programs that it names itself.

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROUNDS = 5
"""The median of so many is taken."""

CONTRACT = """contract "Scale" {
  provider p  client c  term 2026-01-01 to 2026-12-31  invoiced monthly
  currency EUR  timezone Europe/Paris  vat 20%
}
unit call
usage calls each call {
  started timestamp  queue text  channel text  answered boolean  resolved boolean
  wait duration  talk duration  price money  csat number optional
}
window night   = 21:00 to 06:00
window weekend = saturdays or sundays
window premium = night or sundays or holidays FR
measure offered    = count(calls)
measure handled    = count(calls where answered)
measure at_night   = count(calls where answered and started in night)
measure at_weekend = count(calls where answered and started in weekend)
measure dearer     = count(calls where answered and started in premium)
measure quick      = count(calls where answered and wait <= 20 s)
measure solved     = count(calls where answered and resolved)
measure talking    = sum(calls.talk) in hours
measure night_talk = sum(calls.talk where started in night) in hours
measure revenue    = sum(calls.price)
measure longest    = max(calls.wait)
measure mood       = average(calls.csat)
charge by_queue   "By queue"   = handled per queue at 1 EUR/call
charge by_channel "By channel" = handled per channel at 1 EUR/call
charge others = 0 EUR * (offered / 1 call + at_night / 1 call + at_weekend / 1 call + dearer / 1 call
  + quick / 1 call + solved / 1 call + talking / 1 hour + night_talk / 1 hour + longest / 1 hour + mood)
charge commission = 1% * revenue
"""

CALLS = """SELECT
  TIMESTAMPTZ '2026-01-01 00:00:00+01'
    + to_microseconds(CAST(hash(range) % 31535000000000 AS BIGINT)) AS started,
  'queue ' || (hash(range * 3) % 20) AS queue,
  ['phone', 'mail', 'chat'][1 + CAST(hash(range * 5) % 3 AS INT)] AS channel,
  hash(range * 7) % 10 < 9 AS answered,
  hash(range * 11) % 10 < 7 AS resolved,
  CAST(hash(range * 13) % 90 AS INT) AS wait,
  CAST(30 + hash(range * 17) % 900 AS INT) AS talk,
  CAST(CAST(hash(range * 19) % 5000 AS BIGINT) / 100.0 AS DECIMAL(9, 2)) AS price,
  CASE WHEN hash(range * 23) % 4 = 0 THEN CAST(1 + hash(range * 29) % 5 AS INT) END AS csat
FROM range({rows})"""


def generated(folder: Path, rows: int) -> Path:
    """The contract, its usage and as many calls, in files of a million."""
    import duckdb

    made = folder / str(rows)
    (made / "calls").mkdir(parents=True)
    (made / "scale.contract").write_text(CONTRACT, encoding="utf-8")
    (made / "usage.yaml").write_text(
        "rows:\n  calls: {source: calls/*.parquet, engine: spark}\n", encoding="utf-8"
    )
    with duckdb.connect() as duck:
        duck.execute("SET TimeZone = 'UTC'")
        for number, first in enumerate(range(0, rows, 1_000_000)):
            some = CALLS.format(rows=f"{first}, {min(first + 1_000_000, rows)}")
            duck.execute(f"COPY ({some}) TO '{made}/calls/{number:04}.parquet' (COMPRESSION zstd)")
    return made


def counted(folder: Path) -> dict[str, Any]:
    """Rate the contract some times, and time the queries; not of the first, when Java still compiles."""
    import contractlang
    from contractlang.engines import spark

    wall, busy = [], []
    queries = answers = 0

    class Timed(spark.Spark):
        def batches(self, sql: str) -> Any:
            nonlocal queries, answers
            clock, work = time.perf_counter(), processor(java)
            for batch in super().batches(sql):
                answers += len(batch)
                yield batch
            queries += 1
            wall[-1] += time.perf_counter() - clock
            busy[-1] += processor(java) - work

        def rows(self, sql: str) -> list[tuple[Any, ...]]:
            return [row for batch in self.batches(sql) for row in batch]

    from pyspark.sql import SparkSession

    started = time.perf_counter()
    keeper = spark.Spark()
    keeper.rows("SELECT 1 AS n")
    start = time.perf_counter() - started
    session = SparkSession.getActiveSession()
    assert session is not None
    java = session.sparkContext._gateway.proc.pid  # type: ignore[union-attr]
    spark.Spark = Timed  # type: ignore[misc]
    contract = contractlang.load(folder / "scale.contract")
    for _ in range(1 + ROUNDS):
        wall.append(0.0)
        busy.append(0.0)
        queries = answers = 0
        usage = contractlang.load_usage(folder / "usage.yaml", contract)
        net = str(contract.invoice(usage, "2026-07").net)
    found = {
        "start": start,
        "seconds": median(wall[1:]),
        "busy": median(busy[1:]),
        "queries": queries,
        "groups": answers,
        "net": net,
        "spark": session.version,
        "cores": session.sparkContext.defaultParallelism,
    }
    keeper.close()
    return found


def processor(process: int) -> float:
    """The seconds that a process has used of all cores."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(folder: Path, cores: int) -> dict[str, Any]:
    """`counted` in a process of its own, on so many cores."""
    arguments = f"--master local[{cores}] --driver-memory 2g pyspark-shell"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.spark_scale", "--count", str(folder)],
        env={**os.environ, "PYSPARK_SUBMIT_ARGS": arguments},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        cwd=Path(__file__).resolve().parents[1],
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure, derive, and print the numbers of docs/scale.md."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rows", type=int, default=10_000_000, help="calls to generate")
    reader.add_argument("--calls", type=int, default=1_000_000_000, help="calls to derive the cost of")
    reader.add_argument("--count", type=Path, help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.count:
        print(json.dumps(counted(asked.count)))
        return
    few, many = asked.rows // 5, asked.rows
    with tempfile.TemporaryDirectory(prefix="contractlang-scale-") as name:
        folders = {rows: generated(Path(name), rows) for rows in (few, many)}
        size = sum(path.stat().st_size for path in (folders[many] / "calls").iterdir())
        print(f"{many:,} calls in Parquet, {size / many:.1f} bytes a call\n")
        print("| cores | calls | start, s | queries | seconds | seconds of processors | groups |")
        print("|---:|---:|---:|---:|---:|---:|---:|")
        a_row: dict[int, tuple[float, float]] = {}
        for cores in (1, 2):
            seconds, busy = {}, {}
            for rows, folder in folders.items():
                found = measured(folder, cores)
                assert found["cores"] == cores
                seconds[rows], busy[rows] = found["seconds"], found["busy"]
                cells = (cores, f"{rows:,}", f"{found['start']:.1f}", found["queries"])
                last = (f"{seconds[rows]:.2f}", f"{busy[rows]:.2f}", f"{found['groups']:,}")
                print("|", " | ".join(map(str, (*cells, *last))), "|", flush=True)
            more = many - few
            a_row[cores] = (seconds[many] - seconds[few]) / more, (busy[many] - busy[few]) / more
    print()
    for cores, (each, work) in a_row.items():
        print(f"{cores} core(s): {1 / each:,.0f} rows a second; {work * 1e6:.2f} us of a processor a row")
    hours = asked.calls * max(work for _, work in a_row.values()) / 3600
    print(f"{asked.calls:,} calls: {hours:.2f} core-hours of counting, at the dearer of the two")
    print(f"cost = price of a core-hour x ({hours:.2f} + cores x minutes until the cluster has started / 60)")


if __name__ == "__main__":
    main()
