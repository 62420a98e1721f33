"""Windows of time: wall-clock times laid over days, the nights of Paris 2026 included."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from contractlang.calendar import ONE_DAY, Days
from contractlang.diagnostics import ContractError
from contractlang.public_holidays import holidays
from contractlang.syntax import tree
from contractlang.windows import Occurrence, WindowCalendar, Zone

HOUR = 3_600_000_000
Name = tree.Name


def times(start: str, end: str) -> tree.WindowTimes:
    def minutes(text: str) -> int:
        hours, minutes = text.split(":")
        return 60 * int(hours) + int(minutes)

    return tree.WindowTimes(minutes(start), minutes(end))


def named(name: str) -> tree.WindowName:
    return tree.WindowName(Name(name))


def calendar(supplied: dict[str, tuple[Occurrence, ...]] | None = None, **windows: object) -> WindowCalendar:
    return WindowCalendar(
        {name: tree.Window(Name(name), value) for name, value in windows.items()},  # type: ignore[arg-type]
        "Europe/Paris",
        supplied,
    )


def hours(ranges: object) -> list[float]:
    return [(end - start) / HOUR for start, end in ranges]  # type: ignore[attr-defined]


def code(fault: pytest.ExceptionInfo[ContractError]) -> list[str]:
    return [one.code for one in fault.value.diagnostics]


def test_a_night_is_one_range_over_midnight() -> None:
    nights = calendar(night=times("21:00", "06:00"))
    found = nights.instants("night", Days(date(2026, 7, 1), date(2026, 7, 3)))
    assert hours(found) == [6, 9, 3]
    assert nights.of_day("night", date(2026, 7, 1)) == (
        (utc(2026, 6, 30, 22), utc(2026, 7, 1, 4)),
        (utc(2026, 7, 1, 19), utc(2026, 7, 1, 22)),
    )


def utc(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(("before", "length"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9)])
def test_the_nights_of_summer_time_have_elapsed_hours(before: date, length: int) -> None:
    nights = calendar(night=times("22:00", "06:00"))
    assert hours(nights.instants("night", Days(before, before + 2 * ONE_DAY)))[1] == length


def test_an_hour_that_comes_twice_is_in_the_window_twice() -> None:
    early = calendar(early=times("01:00", "02:30"))
    assert hours(early.of_day("early", date(2026, 10, 25))) == [1.5, 0.5]
    assert hours(early.of_day("early", date(2026, 3, 29))) == [1]


def test_24_00_ends_a_day() -> None:
    late = calendar(late=times("20:00", "24:00"), always=times("00:00", "24:00"))
    assert hours(late.of_day("late", date(2026, 7, 1))) == [4]
    assert hours(late.of_day("always", date(2026, 3, 29))) == [23]
    assert late.holds_on("always", date(2026, 3, 29))
    assert not late.holds_on("late", date(2026, 3, 29))


def test_weekdays_singular_plural_and_ranges() -> None:
    week = calendar(
        working=tree.WindowWeekdays(Name("monday"), Name("friday")),
        weekend=tree.WindowWeekdays(Name("saturdays"), Name("sundays")),
        turn=tree.WindowWeekdays(Name("sunday"), Name("monday")),
        one=named("wednesdays"),
    )
    days = [date(2026, 7, 6) + timedelta(days=n) for n in range(7)]  # 6 July 2026 is a Monday.
    assert [week.holds_on("working", day) for day in days] == [True] * 5 + [False] * 2
    assert [week.holds_on("weekend", day) for day in days] == [False] * 5 + [True] * 2
    assert [week.holds_on("turn", day) for day in days] == [True] + [False] * 5 + [True]
    assert [week.holds_on("one", day) for day in days] == [False, False, True] + [False] * 4


def test_combinations_and_references() -> None:
    premium = calendar(
        night=times("21:00", "06:00"),
        premium=tree.WindowCombination(
            "or",
            named("night"),
            tree.WindowCombination("or", named("sundays"), tree.WindowHolidays(Name("FR"))),
        ),
        highest=tree.WindowCombination("except", named("sundays"), tree.WindowHolidays(Name("FR"))),
        deep=tree.WindowCombination("and", tree.WindowParen(named("sundays")), named("night")),
    )
    assert hours(premium.of_day("premium", date(2026, 7, 13))) == [6, 3]
    assert hours(premium.of_day("premium", date(2026, 7, 14))) == [24]
    assert hours(premium.of_day("premium", date(2026, 7, 12))) == [24]
    assert hours(premium.of_day("deep", date(2026, 7, 12))) == [6, 3]
    assert premium.holds_on("highest", date(2026, 7, 12))
    assert not premium.holds_on("highest", date(2026, 11, 1))  # All Saints is a Sunday in 2026.


def test_except_cuts_a_window_in_two() -> None:
    lunch = calendar(
        work=tree.WindowCombination("except", times("08:00", "18:00"), times("12:00", "13:00")),
    )
    assert hours(lunch.of_day("work", date(2026, 7, 1))) == [4, 5]


def test_dates_hold_their_days() -> None:
    shut = calendar(shut=tree.WindowDates(date(2026, 8, 3), date(2026, 8, 15)))
    assert [shut.holds_on("shut", date(2026, 8, day)) for day in (2, 3, 14, 15)] == [False, True, True, False]


def test_supplied_windows() -> None:
    strike = (
        Occurrence(datetime(2026, 6, 12), datetime(2026, 6, 13)),
        Occurrence(datetime(2026, 7, 1, 8), datetime(2026, 7, 1, 12)),
        Occurrence(
            datetime(2026, 7, 1, 10, tzinfo=UTC),
            datetime(2026, 7, 1, 15, tzinfo=timezone(timedelta(hours=1))),
        ),
    )
    given = calendar({"strike": strike}, strike=None, calm=None)
    assert given.holds_on("strike", date(2026, 6, 12))
    assert not given.of_day("strike", date(2026, 6, 13))
    assert hours(given.of_day("strike", date(2026, 7, 1))) == [8]
    with pytest.raises(ContractError) as fault:
        given.of_day("calm", date(2026, 7, 1))
    assert code(fault) == ["CL818"]


def test_holidays_have_substitutes_and_regions() -> None:
    assert date(2026, 12, 26) in holidays("FR-57", [2026])
    assert date(2026, 12, 26) in holidays("FR-67", [2026])
    assert date(2026, 12, 26) not in holidays("FR", [2026])
    assert date(2026, 12, 28) in holidays("GB-ENG", [2026])  # Boxing Day falls on a Saturday.
    assert list(holidays("FR", [2027, 2026])) == sorted(holidays("FR", [2026, 2027]))


@pytest.mark.parametrize(
    ("region", "near"), [("FRX", "FR"), ("DE-BX", "DE-BB"), ("FR-99", "FR-57"), ("99", "FR")]
)
def test_an_unknown_region_is_said_with_the_nearest(region: str, near: str) -> None:
    with pytest.raises(ContractError) as fault:
        holidays(region, [2026])
    assert code(fault) == ["CL215"]
    assert near in fault.value.diagnostics[0].help


def test_unknown_and_circular_windows_and_timezones() -> None:
    wrong = calendar(night=named("nihgt"), nihgt=named("night"), late=named("sundys"))
    with pytest.raises(ContractError) as fault:
        wrong.of_day("night", date(2026, 7, 1))
    assert code(fault) == ["CL218"]
    with pytest.raises(ContractError) as fault:
        wrong.of_day("late", date(2026, 7, 1))
    assert code(fault) == ["CL217"]
    assert '"sundys"' in fault.value.diagnostics[0].message
    for name in ("Mars/Olympus", "../etc/passwd", "", "Europe"):
        with pytest.raises(ContractError) as fault:
            Zone(name)
        assert code(fault) == ["CL216"]


def test_a_day_that_begins_after_midnight() -> None:
    # Lebanon's clock goes forward at midnight, so 29 March 2026 begins at 01:00.
    beirut = Zone("Asia/Beirut")
    assert beirut.day_start(date(2026, 3, 30)) - beirut.day_start(date(2026, 3, 29)) == 23 * HOUR
    assert beirut.day_of(beirut.day_start(date(2026, 3, 29))) == date(2026, 3, 29)
    assert beirut.day_of(beirut.day_start(date(2026, 3, 29)) - 1) == date(2026, 3, 28)
