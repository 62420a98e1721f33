"""The profile of the same rows on every engine that is installed, and that of a loop in Python."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import pytest
from conformance import PARIS, SCHEMA, Row, as_parquet, as_sqlite, rows
from measuring_scene import usage_of
from placing import in_postgresql
from postgresql_server import programs, running
from test_conformance import PLACES

from contractlang.measuring.clock import day_number
from contractlang.measuring.facts import Asked, AskedGroup, AskedInterval, AskedRange, Odd, TableFacts

COUNT = 2000
TERM = (day_number(SCHEMA.term.start), day_number(SCHEMA.term.end))
START, END = day_number(date(2026, 3, 1)), day_number(date(2026, 11, 15))
ASKED = Asked(
    TERM, START, END,
    key=("queue", "answered", "due"),
    ranges=(
        AskedRange("wait", Fraction(5), Fraction(600)),
        AskedRange("amount", Fraction(-1, 3), Fraction(100)),
        AskedRange("big", Fraction(-(10**30)), Fraction(10**30)),
    ),
    intervals=(AskedInterval("started", "ended", ("queue",)), AskedInterval("clock", "ended")),
    groups=(AskedGroup("queue", frozenset({"support", "a'b", "日本語", "{t}"}), "r"), AskedGroup("answered")),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("profiling")
    as_parquet(rows(COUNT), place / "calls.parquet")
    as_sqlite(rows(COUNT), place / "calls.db")
    return place


def counted(facts: TableFacts) -> TableFacts:
    """The numbers alone: examples, and which values are listed of equal ones, are in the engine's order."""
    intervals = tuple(
        replace(
            one,
            reversed=Odd(one.reversed.rows),
            open=Odd(one.open.rows),
            overlapping=None if one.overlapping is None else Odd(one.overlapping.rows),
        )
        for one in facts.intervals
    )
    return replace(
        facts,
        sources=(),
        repeated=replace(facts.repeated, examples=()),
        ranges=tuple((asked, Odd(odd.rows)) for asked, odd in facts.ranges),
        intervals=intervals,
        groups=(),
    )


@pytest.mark.parametrize("engine", PLACES)
def test_every_engine_gives_the_profile_of_a_loop(engine: str, folder: Path) -> None:
    package, place = PLACES[engine]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    is_that_of_a_loop(place, folder)


@pytest.mark.skipif(programs() is None, reason="no PostgreSQL server is installed")
def test_postgresql_gives_the_profile_of_a_loop(folder: Path) -> None:
    pytest.importorskip("psycopg")
    with running() as server:
        is_that_of_a_loop(f"calls: {in_postgresql(server, 'calls', folder / 'calls.parquet')}", folder)


def is_that_of_a_loop(place: str, folder: Path) -> None:
    usage = usage_of(folder, SCHEMA, f"rows: {{{place}}}")
    facts = usage.profiled("calls", ASKED)
    table = list(rows(COUNT))
    here = [one for one in table if START <= day_number(one.day) < END]
    assert facts.rows == COUNT
    inside = Counter(day_number(one.day) for one in table if TERM[0] <= day_number(one.day) < TERM[1])
    assert dict(facts.days) == inside
    assert facts.outside == COUNT - sum(inside.values())
    hours = Counter(one.started.astimezone(PARIS).hour for one in here)
    assert facts.hours == tuple(hours[hour] for hour in range(24))
    assert facts.repeated.rows == repeated(table)
    assert [odd.rows for _, odd in facts.ranges] == [
        sum(1 for one in here if one.wait is not None and not 5 <= one.wait <= 600),
        sum(1 for one in here if one.amount is not None and not Fraction(-1, 3) <= one.amount <= 100),
        0,
    ]
    assert facts.intervals[0].overlapping is not None
    assert facts.intervals[0].overlapping.rows == overlapping(table)
    assert facts.groups[0].distinct == len({text(one) for one in here})
    known = {"support", "a'b", "日本語"}
    unpriced = Counter(text(one) for one in here if text(one) not in known)
    assert set(facts.groups[0].unpriced) <= set(unpriced.items())
    assert len(facts.groups[0].unpriced) == min(20, len(unpriced))
    local = usage_of(folder, SCHEMA, "rows: {calls: calls.parquet}").profiled("calls", ASKED)
    assert counted(facts) == counted(local)


def text(row: Row) -> str | None:
    return row.queue or None


def repeated(table: list[Row]) -> int:
    inside = [one for one in table if TERM[0] <= day_number(one.day) < TERM[1]]
    keys = [(text(one), one.answered, one.due) for one in inside]
    here = {key for key, one in zip(keys, inside, strict=True) if START <= day_number(one.day) < END}
    counts = Counter(key for key in keys if None not in key)
    return sum(count - 1 for key, count in counts.items() if key in here)


def overlapping(table: list[Row]) -> int:
    """The rows that start while another of the same queue, that started no later, is still running."""
    found = 0
    last: dict[str, list[Row]] = {}
    for one in sorted(table, key=lambda row: row.started):
        queue = text(one)
        if queue is None or one.ended <= one.started or not TERM[0] <= day_number(one.day) < TERM[1]:
            continue
        running = last.setdefault(queue, [])
        if any(other.ended > one.started for other in running):
            found += START <= day_number(one.day) < END
        running.append(one)
    return found
