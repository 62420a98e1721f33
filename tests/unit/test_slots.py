"""Calendars by slot: they say what calendars by day say, and what the zone and its windows say."""

from datetime import date
from pathlib import Path

import pytest
from measuring_scene import asked, days, schema_of, usage_of

from contractlang.calendar import Days
from contractlang.engines.duckdb import DuckDB
from contractlang.measuring import slots
from contractlang.measuring.slots import Calendars
from contractlang.windows import MICROSECONDS, WindowCalendar

CONTRACT = """
usage calls each call {
  started timestamp
  queue   text
}
window night  = 21:00 to 06:00
window lunch  = 12:15 to 13:30
window break  = 10:00 to 10:10
window sunday = sundays
window either = (night or sundays) except lunch
window outage
"""
WINDOWS = ("night", "lunch", "break", "sunday", "either", "outage")
OUTAGE = "windows: {outage: [2026-03-28T23:10..2026-03-29T04:20:01, 2026-04-05]}\n"
TERM = Days(date(2026, 3, 1), date(2026, 5, 1))
MINUTE = 60 * MICROSECONDS
ZONES = (
    "Europe/Paris", "UTC", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham",
    "Pacific/Kiritimati",
)  # fmt: skip
"""Zones whose clock goes forward or back in these days by an hour or half of one, and odd offsets."""


def _instants(zone: str) -> list[int]:
    """Every ten minutes of days with an edge, of the term or of the clock, with the instants beside."""
    calendar = WindowCalendar({}, zone)
    found = []
    for day in (date(2026, 2, 28), date(2026, 3, 1), *(date(2026, 3, n) for n in (28, 29, 30)),
                *(date(2026, 4, n) for n in (4, 5, 6, 30)), date(2026, 5, 1)):  # fmt: skip
        start = calendar.zone.day_start(day)
        found += [start + minute * MINUTE + step for minute in range(0, 1500, 10) for step in (-1, 0, 1)]
    return sorted({*found})


def _text(instant: int) -> str:
    seconds, rest = divmod(instant, MICROSECONDS)
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:06}Z"


@pytest.mark.parametrize("zone", ZONES)
def test_slots_say_what_the_zone_and_its_windows_say(
    zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = schema_of(CONTRACT, zone, TERM)
    instants = _instants(zone)
    rows = "".join(f"{_text(one)},{'ab'[index % 2]}\n" for index, one in enumerate(instants))
    monkeypatch.setattr(slots, "ROWS_A_SLOT", 0)
    usage = usage_of(
        tmp_path, schema, OUTAGE + "rows: {calls: calls.csv}", {"calls.csv": "started,queue\n" + rows}
    )
    calendar = WindowCalendar(schema.windows, zone, usage.supplied_windows)
    dated = [(one, calendar.zone.day_of(one)) for one in instants]
    for span in ("2026-03", "2026-04", "2026-03-29", "2026-04-05..2026-04-30"):
        inside = days(span)
        here = [(one, day) for one, day in dated if day in inside]
        assert usage.aggregate(asked("count(calls)", "calls"), inside).rows == len(here)
        for window in WINDOWS:
            request = asked(f"count(calls where started in {window})", "calls")
            expected = sum(
                any(low <= one < high for low, high in calendar.of_day(window, day)) for one, day in here
            )
            assert usage.aggregate(request, inside).rows == expected, (span, window)
        agents = asked("count_distinct(calls.queue where started in night)", "calls")
        assert usage.aggregate(agents, inside).value == 2
    assert usage._rows is not None
    made = usage._rows._counting["calls"].aggregating.calendars._slotted
    assert made, "the rows were counted by slot"


def _calendars(zone: str, term: Days = TERM, first: date = TERM.start) -> Calendars:
    windows = schema_of(CONTRACT, zone).windows
    numbers = [(one - date(1970, 1, 1)).days for one in (first, term.last)]
    return Calendars(DuckDB([]), "t", WindowCalendar(windows, zone, {"outage": ()}), term, *numbers)


def test_slots_are_as_long_as_the_edges_allow() -> None:
    paris = _calendars("Europe/Paris")
    assert paris.slotted(["sunday"], None).length == 60 * MINUTE
    assert paris.slotted(["night", "break"], None).length == 60 * MINUTE
    assert paris.slotted(["lunch"], None).length == 15 * MINUTE
    assert _calendars("UTC").slotted(["sunday"], None).length == 24 * 60 * MINUTE
    assert _calendars("Asia/Kathmandu").slotted([], None).length == 15 * MINUTE


def test_slots_are_laid_where_rows_are_many_and_days_begin_with_a_quarter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paris = _calendars("Europe/Paris")
    quarters = 61 * 96
    assert not paris.suit_slots(quarters * slots.ROWS_A_SLOT)
    assert paris.suit_slots(quarters * slots.ROWS_A_SLOT + 1)
    # Until 1911 the clocks of Paris were nine minutes and 21 seconds before Greenwich.
    early = Days(date(1910, 1, 1), date(1910, 3, 1))
    assert not _calendars("Europe/Paris", early, early.start).suit_slots(10**9)
    # An engine that is sent the calendar with each query is sent one of days.
    monkeypatch.setattr(DuckDB, "lays_many", False)
    assert not paris.suit_slots(10**9)
    monkeypatch.undo()
    # Rows that all lie after the term have no slots at all.
    assert not _calendars("Europe/Paris", first=date(2026, 6, 1)).suit_slots(10**9)


def test_rows_before_1970_have_slots_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "ROWS_A_SLOT", 0)
    schema = schema_of(CONTRACT, "Europe/Paris", Days(date(1969, 12, 1), date(1970, 2, 1)))
    rows = "started,queue\n1969-12-31T22:59:59Z,a\n1969-12-31T23:00:00Z,a\n1970-01-01T05:00:00Z,a\n"
    usage = usage_of(tmp_path, schema, "rows: {calls: calls.csv}", {"calls.csv": rows})
    night = asked("count(calls where started in night)", "calls")
    assert [usage.aggregate(night, days(span)).rows for span in ("1969-12", "1970-01")] == [1, 1]
