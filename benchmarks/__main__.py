"""One table of ratios: `make bench`. What it means and one run of it stand in docs/benchmarks.md.

Ratios of one run are compared, never times of two machines. Where a tool to compare with is missing,
the row says so. Nothing here runs in CI.
"""

# ruff: noqa: S603, T201 - a benchmark prints, and starts programs that it names itself.
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from benchmarks import folders, handwritten
from benchmarks import rating as compiled
from benchmarks.timing import interleaved, repeated, shown

ROOT = Path(__file__).resolve().parents[1]
ACME = ROOT / "contracts" / "acme"
CONTRACT = ACME / "acme.contract"


class Row(NamedTuple):
    """One comparison: ours, the other, the ratio, and the ratio that is aimed at."""

    what: str
    ours: str
    other: str
    ratio: str
    aim: str = ""


# ---- cold start


def _program(name: str) -> str | None:
    """A program beside this interpreter, in the environment of the benchmarks, or on the path."""
    for folder in (Path(sys.prefix) / "bin", Path(sys.prefix) / "bench" / "bin"):
        if (folder / name).exists():
            return str(folder / name)
    return shutil.which(name)


def _ledgers(folder: Path, lines: int) -> tuple[Path, Path]:
    """A Beancount file and a journal of as many lines as the contract."""
    bean, journal = folder / "a.beancount", folder / "a.journal"
    entry = '2026-{:02d}-{:02d} * "Calls"\n  Assets:Bank      {}.{:02d} EUR\n  Income:Calls\n\n'
    entries = "".join(entry.format(n % 12 + 1, n % 28 + 1, n * 37, n) for n in range(1, lines // 4))
    head = "2020-01-01 open Assets:Bank\n2020-01-01 open Income:Calls\n\n"
    bean.write_text(head + entries, encoding="utf-8")
    journal.write_text(entries.replace('* "Calls"', "* Calls"), encoding="utf-8")
    return bean, journal


def cold() -> Iterator[Row]:
    """(a) `contractlang check` of a hundred lines in a fresh process."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        lines = CONTRACT.read_text(encoding="utf-8").count("\n")
        bean, journal = _ledgers(Path(folder), lines)
        ours = _program("contractlang")
        door = "from contractlang.commands.front import program; program()"
        start = [ours] if ours else [sys.executable, "-c", door]
        if not ours:
            environment["PYTHONPATH"] = str(ROOT)
        commands = {
            "ours": [*start, "check", str(CONTRACT)],
            "layout": [*start, "fmt", "--check", str(CONTRACT)],
            "python": [sys.executable, "-c", "pass"],
        }
        checker, hledger = _program("bean-check"), _program("hledger")
        if checker:
            commands["bean-check"] = [checker, "--no-cache", str(bean)]
        if hledger:
            commands["hledger"] = [hledger, "-f", str(journal), "check"]

        def run(words: list[str]) -> object:
            return subprocess.run(words, env=environment, capture_output=True, check=True)

        actions = {name: (lambda words=words: run(words)) for name, words in commands.items()}
        interleaved(actions, 2)
        times = interleaved(actions, 15)
    if "bean-check" in times:
        what = f"fmt --check of {lines} lines, cold, to bean-check"
        yield _row(what, times["layout"], times["bean-check"], "<= 1.0")
    what = f"check of {lines} lines, cold"
    for name, aim in (("bean-check", "<= 1.0"), ("hledger", "")):
        if name in times:
            yield _row(f"{what}, to {name}", times["ours"], times[name], aim)
        else:
            yield Row(f"{what}, to {name}", shown(times["ours"]), "not installed", "skipped", aim)
    yield _row(f"{what}, to `python -c pass`", times["ours"], times["python"])


def _row(what: str, ours: float, other: float, aim: str = "") -> Row:
    return Row(what, shown(ours), shown(other), f"{ours / other:.2f}", aim)


# ---- parsing


def parsing() -> Iterator[Row]:
    """(b) Ten thousand lines to a typed tree, beside Lark's own tree of the same grammar."""
    from lark import Lark

    from contractlang.resources import grammar_folder
    from contractlang.syntax.building import grammar_text
    from contractlang.syntax.parsing import parse
    from contractlang.text import Source

    sample = CONTRACT.read_text(encoding="utf-8")
    text = sample * (10_000 // sample.count("\n") + 1)
    lark = Lark(
        grammar_text(grammar_folder()), parser="lalr", lexer="contextual", propagate_positions=True,
        maybe_placeholders=False,
    )  # fmt: skip
    source = Source("sample", text)
    times = interleaved({"ours": lambda: parse(source), "lark": lambda: lark.parse(text)}, 5)
    faster = f"{times['lark'] / times['ours']:.1f} x as fast"
    yield Row(
        "parsing of 10 000 lines, to Lark", shown(times["ours"]), shown(times["lark"]), faster, ">= 4 x"
    )


# ---- rating

MONTHS = 7
FIGURES = {
    "hours": "1520.5", "premium_hours": "210.25", "handled": "12345", "answer_rate": "0.93",
    "offered": "13274", "satisfaction": "4.1", "sales": "212", "late_days": "3", "customers": "41250",
}  # fmt: skip


def rating() -> Iterator[Row]:
    """(c) One month of the Acme contract from supplied figures, beside a function written by hand."""
    from contractlang.api import load
    from contractlang.calendar import Days
    from contractlang.diagnostics import Place
    from contractlang.measuring.usage import SuppliedFigure, figures_usage

    contract = load(CONTRACT)
    assert contract.checked is not None, "the sample has no errors"
    given = {}
    for name, text in FIGURES.items():
        rows = []
        for month in range(1, MONTHS + 1):
            days = Days(date(2026, month, 1), date(2026, month + 1, 1))
            value = Fraction(text) * (3600 if "hours" in name else 1)
            if name == "satisfaction":
                value -= Fraction(month % 3, 10)
            rows.append(SuppliedFigure(days, value, text, Place("usage.yaml")))
        given[name] = tuple(rows)
    usage = figures_usage(contract.schema, given)
    numbers = {name: Decimal(text) for name, text in FIGURES.items()}
    scores = [numbers["satisfaction"] - Decimal(month % 3) / 10 for month in range(1, MONTHS + 1)]
    numbers["satisfaction"] = scores[-1]
    before = tuple(scores[:-1])

    invoice = contract.invoice(usage, "2026-07")
    by_hand = handwritten.july(numbers, before)
    ours = {line.name: line.amount for line in invoice.lines} | {"net": invoice.net, "gross": invoice.gross}
    assert ours == {name: Fraction(value) for name, value in by_hand.items()}, "both come to the same cents"

    rounds = 20
    actions = {
        "hand": repeated(lambda: handwritten.july(numbers, before), 100),
        "one": lambda: contract.invoice(usage, "2026-07"),
        "seven": lambda: contract.invoices(usage, "2026-01", "2026-07"),
    }
    times = interleaved(actions, rounds)
    hand = times["hand"] / 100
    yield _row("one month alone, every step told, to Decimal by hand", times["one"], hand)
    yield _row("a month of seven together, every step told", times["seven"] / MONTHS, hand)
    for name, found in (("Acme", compiled.acme(numbers, before)), ("scorecard", compiled.scores())):
        yield _row(f"{name} compiled, without reasons", found["amounts"], found["hand"], "<= 2")
        yield _row(f"{name} compiled, with light reasons", found["reasons"], found["hand"], "<= 6")


# ---- memory


def memory() -> Iterator[Row]:
    """(d) The peak memory of a year of the Acme contract from its rows."""
    program = "from contractlang.commands.main import main; raise SystemExit(main())"
    words = [
        "invoice",
        str(CONTRACT),
        "--usage",
        str(ACME / "usage.yaml"),
        "--from",
        "2026-01",
        "--to",
        "2026-12",
    ]
    peak = {}
    for name, command in {
        "ours": [sys.executable, "-c", program, *words, "-o", os.devnull],
        "duckdb": [sys.executable, "-c", "import duckdb; duckdb.connect()"],
    }.items():
        process = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, "the sample can be invoiced"
        # Kilobytes on Linux, bytes on macOS.
        peak[name] = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    yield Row(
        "memory of a year of rows, to an empty DuckDB", f"{peak['ours']:.0f} MB", f"{peak['duckdb']:.0f} MB",
        f"{peak['ours'] / peak['duckdb']:.2f}", "< 150 MB",
    )  # fmt: skip


# ---- billing runs


def billing() -> Iterator[Row]:
    """(e) Runs of many contracts: memory as their number grows, and what sharing a table saves."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for jobs in (1, 2):
            peaks = [
                folders.run(folders.generated(folder / f"{jobs}-{count}", count, count // 25, 500), jobs)[1]
                for count in (1000, 100)
            ]
            what = f"memory of 1 000 contracts, {jobs} at once, to 100"
            if None in peaks:
                yield Row(what, "no /proc", "", "skipped", "<= 1.2")
                continue
            many, few = (one or 0 for one in peaks)
            yield Row(what, f"{many:.0f} MB", f"{few:.0f} MB", f"{many / few:.2f}", "<= 1.2")
        one = folders.generated(folder / "one", 16, 1, 200_000)
        own = folders.generated(folder / "own", 16, 16, 200_000)
        times = interleaved({"one": lambda: folders.run(one, 1), "own": lambda: folders.run(own, 1)}, 3)
    yield _row("16 contracts on one CSV, to each on a copy of it", times["one"], times["own"])


def main() -> None:
    """Measure all, or what is named: cold, parsing, rating, memory, billing."""
    suites = {"cold": cold, "parsing": parsing, "rating": rating, "memory": memory, "billing": billing}
    rows = [row for name in sys.argv[1:] or suites for row in suites[name]()]
    print(f"| {'what':52} | {'ours':>11} | {'the other':>13} | {'ratio':>13} | {'aim':>8} |")
    print(f"|{'-' * 54}|{'-' * 12}:|{'-' * 14}:|{'-' * 14}:|{'-' * 9}:|")
    for row in rows:
        print(f"| {row.what:52} | {row.ours:>11} | {row.other:>13} | {row.ratio:>13} | {row.aim:>8} |")
    if any(row.ratio == "skipped" for row in rows):
        print("\nTo compare with all: `make bench` installs Beancount; hledger is `apt-get install hledger`,")
        print("`brew install hledger`, or a release of https://hledger.org.")


if __name__ == "__main__":
    main()
