"""Rows with every edge, what is asked of them, and a naive loop that answers it in Python.

In: how many rows. Out: the same rows as Parquet and as a database of SQLite, and one canonical text of what
a usage says of them, measure by measure, span by span, group by group. Whatever engine counts, the text is
the same, and so is its hash.
"""

import hashlib
import json
import random
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from measuring_scene import asked, schema_of

from contractlang import exact
from contractlang.calendar import ONE_DAY, Days
from contractlang.measuring.usage import MeasuredUsage

PARIS = ZoneInfo("Europe/Paris")
CONTRACT = """
usage calls each call {
  started  timestamp
  ended    timestamp
  clock    timestamp optional
  queue    text optional
  answered boolean optional
  wait     duration optional
  amount   money optional
  score    number optional
  big      number optional
  due      date optional
}
window night = 21:00 to 06:00
window premium = night or sundays
window shut = 2026-03-29 to 2026-03-30
"""
SCHEMA = schema_of(CONTRACT)

QUEUES = (
    "support", "Support", "support ", " support", "é", "e\u0301", "ß", "ss",
    "日本語", "👩‍🚒", "👩", 'a"b', "a'b",
    "a\\b", "a\nb", "a\tb", "%s", "$1", "NULL", "'; DROP TABLE calls; --", "", "ʼ", "\u00a0", "0", "1",
)  # fmt: skip
NIGHTS = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28))
"""The nights when the clock of Paris goes forward or back."""

TEXTS = {
    "started": "TIMESTAMPTZ", "ended": "TIMESTAMPTZ", "clock": "TIMESTAMP", "queue": "VARCHAR",
    "answered": "BOOLEAN", "wait": "INTEGER", "amount": "DECIMAL(12, 2)", "score": "DECIMAL(18, 6)",
    "big": "BIGINT", "due": "DATE",
}  # fmt: skip


@dataclass(slots=True)
class Row:
    started: datetime
    ended: datetime
    clock: datetime | None
    queue: str | None
    answered: bool | None
    wait: int | None
    amount: Decimal | None
    score: Decimal | None
    big: int | None
    due: date | None

    @property
    def day(self) -> date:
        return self.started.astimezone(PARIS).date()

    @property
    def group(self) -> str | None:
        return self.queue or None

    def length(self) -> Fraction:
        return Fraction((self.ended - self.started) // timedelta(microseconds=1), 1_000_000)


def rows(count: int) -> Iterator[Row]:
    """So many rows, always the same."""
    chance = random.Random(2026)
    edges = [
        datetime.combine(day, at, PARIS).astimezone(UTC)
        for day in (*NIGHTS, date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2027, 1, 1))
        for at in (time(0), time(1), time(2), time(3), time(6), time(21))
    ]
    first = datetime(2025, 12, 20, tzinfo=UTC)
    for _ in range(count):
        if chance.random() < 0.3:
            started = chance.choice(edges) + timedelta(
                microseconds=chance.choice([-1, 0, 0, 1, 10**6, -(10**6)])
            )
        else:
            started = first + timedelta(microseconds=chance.randrange(400 * 86_400 * 10**6))
        lasted = chance.choice([0, 1, 999_999, 60 * 10**6, chance.randrange(3600 * 10**6)])
        if chance.random() < 0.02:
            lasted = chance.randrange(5 * 86_400 * 10**6)
        yield Row(
            started,
            started + timedelta(microseconds=lasted),
            _clock(chance, started),
            chance.choice(QUEUES) if chance.random() < 0.9 else None,
            chance.choice([True, True, False, None]),
            chance.choice([None, 0, 1, 30, 30, 60, chance.randrange(7200), 2**31 - 1]),
            _amount(chance),
            _score(chance),
            chance.choice([None, 0, 1, -1, chance.randrange(-(10**6), 10**6), 2**62 - 1, -(2**62) + 1]),
            None if chance.random() < 0.1 else started.date() + timedelta(days=chance.randrange(-40, 5)),
        )


def _clock(chance: random.Random, moment: datetime) -> datetime | None:
    """A time of the wall clock; one that the clock leaves out would be refused, and is none."""
    if chance.random() < 0.2:
        return None
    found = moment.astimezone(PARIS).replace(tzinfo=None)
    back = found.replace(tzinfo=PARIS).astimezone(UTC).astimezone(PARIS).replace(tzinfo=None)
    return found if back == found else None


def _amount(chance: random.Random) -> Decimal | None:
    kinds = [None, Decimal("0.00"), Decimal("-0.01"), Decimal("9999999999.99"), Decimal("-9999999999.99")]
    return chance.choice([*kinds, *(Decimal(chance.randrange(-99999, 99999)).scaleb(-2) for _ in range(8))])


def _score(chance: random.Random) -> Decimal | None:
    kinds = [
        None,
        Decimal("0.000001"),
        Decimal("-0.000001"),
        Decimal("999999999999.999999"),
        Decimal("2.500000"),
    ]
    return chance.choice([*kinds, *(Decimal(chance.randrange(-(10**7), 10**7)).scaleb(-6) for _ in range(4))])


# ---- where they are put


def as_parquet(table: Iterable[Row], path: Path) -> None:
    """Write rows as a file of Parquet with types."""
    texts = path.with_suffix(".jsonl")
    with texts.open("w", encoding="utf-8") as file:
        for row in table:
            cells = {name: _text(getattr(row, name)) for name in TEXTS}
            file.write(json.dumps(cells) + "\n")
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in TEXTS)
    cast = ", ".join(f"CAST({name} AS {type_}) AS {name}" for name, type_ in TEXTS.items())
    with duckdb.connect() as base:
        base.execute("SET TimeZone = 'UTC'")
        base.execute(
            f"COPY (SELECT {cast} FROM read_json('{texts}', format = 'newline_delimited', "
            f"columns = {{{columns}}})) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 20000)"
        )
    texts.unlink()


def _text(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def as_sqlite(table: Iterable[Row], path: Path) -> None:
    """Write rows as a table `calls` of SQLite: times and scores as texts, amounts as it keeps them."""
    declared = {
        "started": "TIMESTAMP", "ended": "TEXT", "clock": "DATETIME", "queue": "TEXT COLLATE NOCASE",
        "answered": "BOOLEAN", "wait": "INTEGER", "amount": "DECIMAL(12, 2)", "score": "TEXT",
        "big": "INTEGER", "due": "DATE",
    }  # fmt: skip
    zones = (UTC, PARIS, ZoneInfo("Asia/Kathmandu"))
    cells = (
        (
            row.started.astimezone(zones[number % 3]).isoformat(),
            row.ended.isoformat(" ").replace("+00:00", "Z"),
            None if row.clock is None else row.clock.isoformat(" "),
            row.queue,
            row.answered,
            row.wait,
            _text(row.amount),
            _text(row.score),
            row.big,
            _text(row.due),
        )
        for number, row in enumerate(table)
    )
    base = sqlite3.connect(path)
    with base:
        base.execute(
            f"CREATE TABLE calls ({', '.join(f'{name} {type_}' for name, type_ in declared.items())})"
        )
        base.executemany(f"INSERT INTO calls VALUES ({', '.join('?' * len(declared))})", cells)
    base.close()


# ---- what is asked, and what a loop says

MILLION = 1_000_000


def given(table: Iterable[Row], column: str) -> list[Fraction]:
    return [Fraction(value) for row in table if (value := getattr(row, column)) is not None]


def local(row: Row) -> time:
    return row.started.astimezone(PARIS).time()


def is_night(at: time) -> bool:
    return not time(6) <= at < time(21)


def mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def percentile(values: list[Fraction], percent: int) -> Fraction | None:
    values = sorted(values)
    return next((one for at, one in enumerate(values, 1) if at * 100 >= percent * len(values)), None)


def latest(table: Sequence[Row]) -> Fraction | None:
    found = [(row.started, Fraction(row.amount)) for row in table if row.amount is not None]
    return max(found)[1] if found else None


MEASURES: dict[str, Callable[[list[Row]], object]] = {
    "count(calls)": len,
    "count(calls where answered)": lambda rows: sum(row.answered is True for row in rows),
    "count(calls where not answered)": lambda rows: sum(row.answered is False for row in rows),
    "count(calls.amount)": lambda rows: len(given(rows, "amount")),
    'count(calls where queue is "é" or wait > 1 min)': lambda rows: sum(
        row.group == "é" or (row.wait or 0) > 60 for row in rows
    ),
    'count(calls where not (queue is "a\'b" and amount > 0))': lambda rows: sum(
        (row.group is not None and row.group != "a'b") or (row.amount is not None and row.amount <= 0)
        for row in rows
    ),
    "count(calls where queue is not known)": lambda rows: sum(row.group is None for row in rows),
    "count(calls where started in night)": lambda rows: sum(is_night(local(row)) for row in rows),
    "count(calls where clock in night and answered)": lambda rows: sum(
        row.clock is not None and is_night(row.clock.time()) and row.answered is True for row in rows
    ),
    "count(calls where due in shut)": lambda rows: sum(
        row.due in (date(2026, 3, 29), date(2026, 3, 30)) for row in rows
    ),
    "count(calls where due < started)": lambda rows: sum(
        row.due is not None and row.due < row.day for row in rows
    ),
    "sum(calls.wait)": lambda rows: sum(given(rows, "wait")),
    "sum(calls.amount)": lambda rows: sum(given(rows, "amount")),
    "sum(calls.amount where answered)": lambda rows: sum(
        given((row for row in rows if row.answered), "amount")
    ),
    "sum(calls.score)": lambda rows: sum(given(rows, "score")),
    "sum(calls.big)": lambda rows: sum(given(rows, "big")),
    "sum(calls.amount * 3 - calls.amount / 7)": lambda rows: sum(
        value * 3 - value / 7 for value in given(rows, "amount")
    ),
    "sum(calls.amount * calls.score)": lambda rows: sum(
        Fraction(row.amount) * Fraction(row.score)
        for row in rows
        if row.amount is not None and row.score is not None
    ),
    "sum(calls.amount, each rounded half_even to 0.05)": lambda rows: sum(
        exact.round_to(value, Fraction(1, 20), "half_even") for value in given(rows, "amount")
    ),
    "average(calls.score)": lambda rows: mean(given(rows, "score")),
    "min(calls.amount)": lambda rows: min(given(rows, "amount"), default=None),
    "max(calls.big)": lambda rows: max(given(rows, "big"), default=None),
    "max(-calls.score)": lambda rows: max((-value for value in given(rows, "score")), default=None),
    "count_distinct(calls.queue)": lambda rows: len({row.group for row in rows} - {None}),
    "count_distinct(calls.due)": lambda rows: len({row.due for row in rows} - {None}),
    "percentile(calls.wait, 90)": lambda rows: percentile(given(rows, "wait"), 90),
    "percentile(calls.amount, 33)": lambda rows: percentile(given(rows, "amount"), 33),
    "latest(calls.amount)": latest,
    "average(calls.started to calls.ended)": lambda rows: mean([row.length() for row in rows]),
    "sum(calls.started to calls.ended, each rounded up to 1 min)": lambda rows: sum(
        exact.round_to(row.length(), Fraction(60), "up") for row in rows
    ),
}
"""Each measure of the rows that a span places, and its value by a loop."""


def whole(day: date) -> list[tuple[datetime, datetime]]:
    return [(midnight(day), midnight(day + ONE_DAY))]


def nights(day: date) -> list[tuple[datetime, datetime]]:
    six, nine = (datetime.combine(day, at, PARIS).astimezone(UTC) for at in (time(6), time(21)))
    return [(midnight(day), six), (nine, midnight(day + ONE_DAY))]


def premium(day: date) -> list[tuple[datetime, datetime]]:
    return whole(day) if day.weekday() == 6 else nights(day)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), PARIS).astimezone(UTC)


CUT: dict[str, Callable[[date], list[tuple[datetime, datetime]]]] = {
    "sum(calls.started to calls.ended)": whole,
    "sum(calls.started to calls.ended during night)": nights,
    "sum(calls.started to calls.ended during premium)": premium,
}
"""Each measure that is cut at midnight, and the parts of a day that it counts."""

GROUPED = (
    "count(calls)",
    "count(calls where answered)",
    "sum(calls.amount)",
    "min(calls.amount)",
    "latest(calls.amount)",
    "percentile(calls.wait, 90)",
)

WIDE = ("sum(calls.amount * calls.score)",)
"""What needs more than 64 bits in each row, so the rows themselves are brought to DuckDB."""

SPANS = {
    "ever": Days(date(2000, 1, 1), date(2100, 1, 1)),
    "2026": Days(date(2026, 1, 1), date(2027, 1, 1)),
    "2026-01": Days(date(2026, 1, 1), date(2026, 2, 1)),
    "2026-03": Days(date(2026, 3, 1), date(2026, 4, 1)),
    "2026-10": Days(date(2026, 10, 1), date(2026, 11, 1)),
    **{night.isoformat(): Days(night, night + ONE_DAY) for night in NIGHTS},
    "middle": Days(date(2026, 2, 15), date(2026, 4, 3)),
}
GROUPED_SPANS = ("ever", "2026-03", NIGHTS[0].isoformat())


def naive(table: Sequence[Row]) -> dict[str, str]:
    """What a loop in Python says, by measure, span and group."""
    found: dict[str, str] = {}
    inside = [row for row in table if date(2026, 1, 1) <= row.day < date(2028, 1, 1)]
    days: dict[date, list[Row]] = defaultdict(list)
    for row in inside:
        days[row.day].append(row)
    parts = {formula: cut_by_day(table, ranges) for formula, ranges in CUT.items()}
    for name, span in SPANS.items():
        placed = [row for day, some in days.items() if span.start <= day < span.end for row in some]
        for formula, loop in MEASURES.items():
            found[f"{formula} | {name}"] = _value(loop(placed))
        for formula in CUT:
            micros = sum(part for day, part in parts[formula].items() if span.start <= day < span.end)
            found[f"{formula} | {name}"] = _value(Fraction(micros, MILLION))
        groups: dict[str | None, list[Row]] = defaultdict(list)
        for row in placed if name in GROUPED_SPANS else ():
            groups[row.group].append(row)
        for formula in GROUPED:
            for group, some in groups.items():
                found[f"{formula} | {name} | {group!r}"] = _value(MEASURES[formula](some))
    return found


def naive_lists(table: Sequence[Row]) -> dict[str, str]:
    """Which rows are listed as counted, and how many as counted nowhere."""
    night, month = SPANS[NIGHTS[0].isoformat()], SPANS["2026-03"]
    listed = sorted(
        _cells(row) for row in table if row.answered is True and night.start <= row.day < night.end
    )
    placed = [row for row in table if month.start <= row.day < month.end]
    outside = sum(not date(2026, 1, 1) <= row.day < date(2028, 1, 1) for row in table)
    reasons = {
        "filtered": sum(row.answered is False for row in placed),
        "empty": sum(row.answered is None for row in placed),
        "outside": outside,
    }
    return {"listed": repr(listed), "nowhere": repr({key: value for key, value in reasons.items() if value})}


def lists(usage: MeasuredUsage) -> dict[str, str]:
    """Which rows a usage lists as counted, and how many as counted nowhere."""
    request = asked("count(calls where answered)", "calls")
    counted = usage.counted_rows(request, SPANS[NIGHTS[0].isoformat()])
    pages = [row.cells for first in range(0, counted.count(), 100) for row in counted.page(first, 100)]
    assert sorted(map(repr, pages)) == sorted(repr(row.cells) for row in counted.every())
    nowhere = usage.uncounted_rows("calls", [request], SPANS["2026-03"])
    found = sorted(tuple(cell or "" for cell in one) for one in pages)
    return {"listed": repr(found), "nowhere": repr(nowhere.by_reason())}


def _cells(row: Row) -> tuple[str, ...]:
    """A row as a usage file writes it."""
    times = [
        row.started.astimezone(PARIS),
        row.ended.astimezone(PARIS),
        None if row.clock is None else row.clock.replace(tzinfo=PARIS),
    ]
    wait = "" if row.wait is None else f"{row.wait // 3600}:{row.wait // 60 % 60:02}:{row.wait % 60:02}"
    answered = {True: "yes", False: "no", None: ""}[row.answered]
    numbers = ("" if one is None else exact.plain(Fraction(one)) for one in (row.amount, row.score, row.big))
    written = ["" if one is None else one.isoformat() for one in times]
    return (
        *written,
        row.queue or "",
        answered,
        wait,
        *numbers,
        "" if row.due is None else row.due.isoformat(),
    )


def cut_by_day(
    table: Sequence[Row], ranges: Callable[[date], list[tuple[datetime, datetime]]]
) -> dict[date, int]:
    """The microseconds of all intervals in each day of the term, or in parts of it."""
    found: dict[date, int] = defaultdict(int)
    known: dict[date, list[tuple[datetime, datetime]]] = {}
    micro = timedelta(microseconds=1)
    for row in table:
        day, last = row.day, row.ended.astimezone(PARIS).date()
        while day <= last:
            if day not in known:
                known[day] = ranges(day)
            for start, end in known[day]:
                if row.started < end and row.ended > start:
                    found[day] += (min(row.ended, end) - max(row.started, start)) // micro
            day += ONE_DAY
    return {day: part for day, part in found.items() if date(2026, 1, 1) <= day < date(2028, 1, 1)}


def measured(usage: MeasuredUsage, formulas: Iterable[str]) -> dict[str, str]:
    """What a usage says, by measure, span and group."""
    formulas = list(formulas)
    requests = {formula: asked(formula, "calls") for formula in formulas}
    by_queue = {formula: asked(formula, "calls", "queue") for formula in formulas if formula in GROUPED}
    usage.prepare([*requests.values(), *by_queue.values()])
    found: dict[str, str] = {}
    for name, span in SPANS.items():
        for formula, request in requests.items():
            found[f"{formula} | {name}"] = _value(usage.aggregate(request, span).value)
        for formula, request in by_queue.items() if name in GROUPED_SPANS else ():
            for group in usage.groups(request, span):
                found[f"{formula} | {name} | {group!r}"] = _value(usage.aggregate(request, span, group).value)
    return found


def _value(value: object) -> str:
    return "nothing" if value is None else str(Fraction(value))  # type: ignore[arg-type]


def hashed(found: dict[str, str]) -> str:
    """The hash of the canonical text."""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
