"""Properties of measuring: rows in any order, days in any parts, and a naive loop give the same."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring_scene import asked, schema_of, usage_of

from contractlang import exact
from contractlang.calendar import ONE_DAY, Days
from contractlang.exact import Mode
from contractlang.measuring.usage import MeasuredUsage

PARIS = ZoneInfo("Europe/Paris")
CONTRACT = """
usage shifts each shift {
  started timestamp
  ended   timestamp
  team    text optional
  paid    boolean optional
  pause   duration optional
  score   number optional
  due     date optional
}
window night = 21:00 to 06:00
window premium = night or sundays or holidays FR
window shut = 2026-03-29 to 2026-03-30
"""
SCHEMA = schema_of(CONTRACT)
# The changes of the clock of 2026 are inside these days, and so are two Sundays and a holiday.
FIRST, LAST = datetime(2026, 3, 27), datetime(2026, 4, 8)

Row = dict[str, Any]
COLUMNS = ("started", "ended", "team", "paid", "pause", "score", "due")


def instants() -> st.SearchStrategy[datetime]:
    minutes = int((LAST - FIRST).total_seconds()) // 60
    autumn = int((datetime(2026, 10, 24) - FIRST).total_seconds()) // 60
    return st.one_of(st.integers(0, minutes), st.integers(autumn, autumn + 4000)).map(
        lambda minute: (FIRST + timedelta(minutes=minute)).replace(tzinfo=UTC)
    )


@st.composite
def rows(draw: st.DrawFn) -> Row:
    started = draw(instants())
    return {
        "started": started,
        "ended": started
        + timedelta(seconds=draw(st.one_of(st.integers(0, 50_000), st.integers(0, 400_000)))),
        "team": draw(st.sampled_from(["a", "b", "é'x", None])),
        "paid": draw(st.sampled_from([True, False, None])),
        "pause": draw(st.one_of(st.none(), st.integers(0, 7200))),
        "score": draw(st.one_of(st.none(), st.decimals(-50, 50, places=2))),
        "due": draw(st.one_of(st.none(), st.dates(date(2026, 3, 1), date(2026, 5, 1)))),
    }


def as_csv(table: Sequence[Row]) -> str:
    def cell(value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value.isoformat() if isinstance(value, datetime) else str(value)

    heading = ",".join(COLUMNS) + "\n"
    return heading + "".join(",".join(cell(value) for value in row.values()) + "\n" for row in table)


def measured(table: Sequence[Row]) -> MeasuredUsage:
    with TemporaryDirectory() as folder:
        return usage_of(Path(folder), SCHEMA, "rows: {shifts: s.csv}", {"s.csv": as_csv(table)})


def local(instant: datetime) -> datetime:
    return instant.astimezone(PARIS).replace(tzinfo=None)


def day_of(row: Row) -> date:
    return local(row["started"]).date()


def is_night(instant: datetime) -> bool:
    return not 6 <= local(instant).hour < 21


def is_premium(instant: datetime) -> bool:
    # Easter Monday is the only holiday of France in these days; All Saints is a week after them.
    day = local(instant).date()
    return is_night(instant) or day.weekday() == 6 or day == date(2026, 4, 6)


def seconds(row: Row, days: Days, inside: Callable[[datetime], bool]) -> int:
    """The seconds of an interval in some days, minute by minute and then second by second, naively."""
    found = 0
    at: datetime = row["started"]
    while at < row["ended"]:
        # Windows and midnights fall on whole minutes, so all of a minute is on one side.
        until = min(row["ended"], at.replace(second=0) + timedelta(minutes=1))
        if local(at).date() in days and inside(at):
            found += int((until - at).total_seconds())
        at = until
    return found


def always(instant: datetime) -> bool:
    return True


WHOLE: dict[str, Callable[[list[Row]], object]] = {
    "count(shifts)": len,
    "count(shifts where paid)": lambda rows: sum(row["paid"] is True for row in rows),
    "count(shifts where not paid)": lambda rows: sum(row["paid"] is False for row in rows),
    "count(shifts.score)": lambda rows: len(of(rows, "score")),
    'count(shifts where team is "a" or pause > 1 hour)': lambda rows: sum(
        row["team"] == "a" or (row["pause"] is not None and row["pause"] > 3600) for row in rows
    ),
    'count(shifts where not (team is "a" and pause > 1 hour))': lambda rows: sum(
        (row["team"] is not None and row["team"] != "a")
        or (row["pause"] is not None and row["pause"] <= 3600)
        for row in rows
    ),
    "count(shifts where started in night)": lambda rows: sum(is_night(row["started"]) for row in rows),
    "count(shifts where ended in premium)": lambda rows: sum(is_premium(row["ended"]) for row in rows),
    "count(shifts where due in shut)": lambda rows: sum(
        row["due"] in (date(2026, 3, 29), date(2026, 3, 30)) for row in rows
    ),
    "count(shifts where due <= started + 3 hours)": lambda rows: sum(
        row["due"] is not None and row["due"] <= local(row["started"] + timedelta(hours=3)).date()
        for row in rows
    ),
    "count_distinct(shifts.team)": lambda rows: len({row["team"] for row in rows} - {None}),
    "count_distinct(shifts.score)": lambda rows: len(set(of(rows, "score"))),
    "sum(shifts.pause)": lambda rows: sum(of(rows, "pause")),
    "sum(shifts.score * shifts.score - 2 * shifts.score)": lambda rows: sum(
        value * value - 2 * value for value in of(rows, "score")
    ),
    "sum(shifts.score / 7)": lambda rows: sum(value / 7 for value in of(rows, "score")),
    "average(shifts.score)": lambda rows: mean(of(rows, "score")),
    "min(shifts.score)": lambda rows: min(of(rows, "score"), default=None),
    "max(-shifts.score)": lambda rows: max((-value for value in of(rows, "score")), default=None),
    "percentile(shifts.score, 80)": lambda rows: percentile(of(rows, "score"), 80),
    "percentile(shifts.pause, 33)": lambda rows: percentile(of(rows, "pause"), 33),
    "latest(shifts.score)": lambda rows: max(
        ((row["started"], Fraction(row["score"])) for row in rows if row["score"] is not None),
        default=(None, None),
    )[1],
    "average(shifts.started to shifts.ended)": lambda rows: mean([length(row) for row in rows]),
    "max(shifts.started to shifts.ended during premium)": lambda rows: max(
        (seconds(row, EVER, is_premium) for row in rows), default=None
    ),
    "sum(shifts.started to shifts.ended, each rounded up to 15 min)": lambda rows: sum(
        exact.round_to(Fraction(length(row)), Fraction(900), "up") for row in rows
    ),
}
CUT: dict[str, Callable[[list[Row], Days], int]] = {
    "sum(shifts.started to shifts.ended)": lambda rows, days: sum(seconds(r, days, always) for r in rows),
    "sum(shifts.started to shifts.ended during night)": lambda rows, days: sum(
        seconds(row, days, is_night) for row in rows
    ),
    "sum(shifts.started to shifts.ended during premium where paid)": lambda rows, days: sum(
        seconds(row, days, is_premium) for row in rows if row["paid"]
    ),
}
EVER = Days(date(2000, 1, 1), date(2100, 1, 1))


def of(rows: list[Row], column: str) -> list[Fraction]:
    return [Fraction(row[column]) for row in rows if row[column] is not None]


def length(row: Row) -> int:
    return int((row["ended"] - row["started"]).total_seconds())


def mean(values: Sequence[Fraction | int]) -> Fraction | None:
    return Fraction(sum(values)) / len(values) if values else None


def percentile(values: list[Fraction], percent: int) -> Fraction | None:
    for value in sorted(values):
        if sum(one <= value for one in values) * 100 >= percent * len(values):
            return value
    return None


SPANS = [
    EVER,
    Days(date(2026, 3, 28), date(2026, 3, 31)),
    Days(date(2026, 3, 29), date(2026, 3, 30)),
    Days(date(2026, 4, 1), date(2026, 11, 1)),
    Days(date(2026, 10, 25), date(2026, 10, 26)),
]


@settings(max_examples=20, deadline=None)
@given(st.lists(rows(), max_size=12))
def test_a_naive_loop_gives_the_same(table: list[Row]) -> None:
    usage = measured(table)
    usage.prepare([asked(formula, "shifts") for formula in WHOLE])
    for days in SPANS:
        placed = [row for row in table if day_of(row) in days]
        assert usage.rows("shifts", days) == len(placed)
        for formula, naive in WHOLE.items():
            assert usage.aggregate(asked(formula, "shifts"), days).value == naive(placed), (formula, days)
        for formula, cut in CUT.items():
            found = usage.aggregate(asked(formula, "shifts"), days)
            assert found.value == cut(table, days), (formula, days)
        plain = usage.aggregate(asked("sum(shifts.started to shifts.ended)", "shifts"), days)
        assert plain.rows == sum(
            bool(seconds(row, days, always)) or (length(row) == 0 and day_of(row) in days) for row in table
        )


@settings(max_examples=8, deadline=None)
@given(st.lists(rows(), max_size=8))
def test_as_many_rows_are_listed_as_were_counted(table: list[Row]) -> None:
    usage = measured(table)
    requests = [asked(formula, "shifts") for formula in (*WHOLE, *CUT)]
    for days in SPANS:
        for request in requests:
            listed = usage.counted_rows(request, days)
            assert listed.count() == usage.aggregate(request, days).rows, (request, days)
            assert len(listed.page(0, 100)) == listed.count()
        # What some request counts is not listed as counted nowhere; here one of them counts every row.
        assert usage.uncounted_rows("shifts", [asked("count(shifts)", "shifts")], days).count() == 0


@settings(max_examples=10, deadline=None)
@given(st.lists(rows(), max_size=12))
def test_groups_are_the_parts_of_the_whole(table: list[Row]) -> None:
    usage = measured(table)
    for formula in ("count(shifts)", "sum(shifts.score)", "sum(shifts.started to shifts.ended during night)"):
        request = asked(formula, "shifts", "team")
        for days in SPANS:
            groups = usage.groups(request, days)
            assert list(groups) == sorted({*groups}, key=lambda one: (one is None, one or ""))
            parts = [usage.aggregate(request, days, group) for group in groups]
            whole = usage.aggregate(request, days)
            assert sum(one.value or 0 for one in parts) == whole.value
            assert sum(one.rows for one in parts) == whole.rows
    latest = asked("percentile(shifts.score, 80)", "shifts", "team")
    for group in usage.groups(latest, EVER):
        mine = [row for row in table if row["team"] == group]
        assert usage.aggregate(latest, EVER, group).value == percentile(of(mine, "score"), 80)


@settings(max_examples=10, deadline=None)
@given(st.lists(rows(), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(table: list[Row], chance: random.Random) -> None:
    shuffled = list(table)
    chance.shuffle(shuffled)
    first, second = measured(table), measured(shuffled)
    for formula in (*WHOLE, *CUT):
        request = asked(formula, "shifts")
        assert first.aggregate(request, EVER) == second.aggregate(request, EVER), formula


@settings(max_examples=10, deadline=None)
@given(st.lists(rows(), max_size=12), st.sets(st.dates(date(2026, 3, 20), date(2026, 11, 5)), max_size=5))
def test_parts_of_a_span_add_up(table: list[Row], borders: set[date]) -> None:
    usage = measured(table)
    whole = Days(date(2026, 3, 1), date(2026, 12, 1))
    for formula in ("count(shifts)", "sum(shifts.pause)", *CUT):
        request = asked(formula, "shifts")
        parts = [usage.aggregate(request, part).value or 0 for part in whole.cut(borders)]
        assert sum(parts) == usage.aggregate(request, whole).value


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.decimals(-1000, 1000, places=3), min_size=1, max_size=10),
    st.sampled_from(
        [("0.01", "up"), ("0.25", "half_up"), ("3", "half_even"), ("0.007", "down"), ("0.3", "half_down")]
    ),
)  # fmt: skip
def test_rows_are_rounded_as_invoices_are(values: list[Any], rounding: tuple[str, Mode]) -> None:
    step, mode = rounding
    started = datetime(2026, 4, 1, tzinfo=UTC)
    row: Row = dict.fromkeys(COLUMNS) | {"started": started, "ended": started}
    table = [row | {"score": value} for value in values]
    words = {"up": "up to", "down": "down to"}.get(mode, f"{mode} to")
    request = asked(f"sum(shifts.score, each rounded {words} {step})", "shifts")
    expected = sum(exact.round_to(Fraction(value), Fraction(step), mode) for value in values)
    assert measured(table).aggregate(request, EVER).value == expected


def test_by_day_adds_up(tmp_path: Path) -> None:
    table: list[Row] = []
    chance = random.Random(7)
    for _ in range(500):
        started = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(60 * 24 * 60))
        table.append({"started": started, "ended": started + timedelta(minutes=chance.randrange(3000))})
    text = "started,ended\n" + "".join(
        f"{row['started'].isoformat()},{row['ended'].isoformat()}\n" for row in table
    )
    usage = usage_of(tmp_path, SCHEMA, "rows: {shifts: s.csv}", {"s.csv": text})
    request = asked("sum(shifts.started to shifts.ended)", "shifts")
    day, total = date(2026, 2, 27), Fraction(0)
    while day < date(2026, 5, 10):
        found = usage.aggregate(request, Days(day, day + ONE_DAY))
        assert found.value == sum(seconds_of_day(row, day) for row in table)
        assert found.value is not None
        total += found.value
        day += ONE_DAY
    assert total == sum(length(row) for row in table)


def seconds_of_day(row: Row, day: date) -> int:
    start = datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)
    following = day + ONE_DAY
    end = datetime(following.year, following.month, following.day, tzinfo=PARIS).astimezone(UTC)
    return max(0, int((min(row["ended"], end) - max(row["started"], start)).total_seconds()))


@pytest.mark.parametrize("percent", [0, 1, 50, 99, 100])
def test_percentiles_of_ties(percent: int) -> None:
    started = datetime(2026, 4, 1, tzinfo=UTC)
    row: Row = {
        "started": started,
        "ended": started,
        "team": None,
        "paid": None,
        "pause": 0,
        "score": 0,
        "due": None,
    }
    table = [row | {"score": value} for value in (3, 1, 1, 2, 1, 3)]
    found = measured(table).aggregate(asked(f"percentile(shifts.score, {percent})", "shifts"), EVER)
    assert found.value == percentile([Fraction(value) for value in (3, 1, 1, 2, 1, 3)], percent)
