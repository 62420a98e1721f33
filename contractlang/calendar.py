"""Days, periods and contract months: half-open spans of dates, no time of day.

In: dates of the contract. Out: `Days` and the ways a contract cuts them (language design, section 4,
and rulings, "Spans"). Periods follow the calendar: weeks from Monday, quarters from January, years
from 1 January; only `monthly from day N` moves the month. Contract months count from a start day.
"""

import itertools
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from contractlang.frozen import dataclass

ONE_DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS: Mapping[str, int] = {
    word: index for index, day in enumerate(_WEEKDAYS) for word in (day, day + "s")
}
"""The weekday that each word means, Monday 0: `sunday` and `sundays` alike."""


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """The days from `start` to before `end`; empty where `end` is not after `start`."""

    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day of a span that is not empty."""
        return self.end - ONE_DAY

    @property
    def count(self) -> int:
        """The number of days, zero for an empty span."""
        return max(0, (self.end - self.start).days)

    def __bool__(self) -> bool:
        return self.start < self.end

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def meet(self, other: "Days") -> "Days":
        """The days that both hold; perhaps empty."""
        return Days(max(self.start, other.start), min(self.end, other.end))

    def covers(self, other: "Days") -> bool:
        """Whether every day of `other` is in this span."""
        return not other or (self.start <= other.start and other.end <= self.end)

    def cut(self, days: "set[date] | frozenset[date]") -> "tuple[Days, ...]":
        """The span cut before each of `days` that lies inside it."""
        borders = [self.start, *sorted(day for day in days if self.start < day < self.end), self.end]
        return tuple(Days(a, b) for a, b in itertools.pairwise(borders))

    def __str__(self) -> str:
        return f"{self.start} to {self.last}" if self else f"no day at {self.start}"


def one_day(day: date) -> Days:
    """The span of one day."""
    return Days(day, day + ONE_DAY)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later; a day that a month lacks is its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    first = date(year, month + 1, 1)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)


def add_length(day: date, count: int, unit: str) -> date:
    """The day so many `unit`s later; `unit` is one of day, week, month, quarter, year."""
    if unit == "day":
        return day + timedelta(days=count)
    if unit == "week":
        return day + timedelta(days=7 * count)
    return add_months(day, count * MONTHS[unit])


def interval(unit: str, day: date, first_day: int = 1) -> Days:
    """The calendar interval (`day`, `week`, `month`, `quarter`, `year`) that holds a day.

    `first_day` moves the month: with 22, months run from the 22nd to the 21st; a month that lacks
    the day starts on its last.
    """
    if unit == "day":
        return one_day(day)
    if unit == "week":
        start = day - timedelta(days=day.weekday())
        return Days(start, start + timedelta(days=7))
    if unit == "month":
        start = _month_start(day.year, day.month, first_day)
        if day < start:
            start = _month_start(*_shift(day.year, day.month, -1), first_day)
        return Days(start, _month_start(*_shift(start.year, start.month, 1), first_day))
    months = MONTHS[unit]
    first = (day.month - 1) // months * months + 1
    start = date(day.year, first, 1)
    return Days(start, add_months(start, months))


def intervals(unit: str, days: Days, first_day: int = 1) -> Iterator[Days]:
    """The calendar intervals that hold any of `days`, whole, in order."""
    day = days.start
    while day < days.end:
        found = interval(unit, day, first_day)
        yield found
        day = found.end


def step(unit: str, of: Days, count: int, first_day: int = 1) -> Days:
    """The calendar interval `count` intervals after (before, where negative) the interval `of`."""
    if unit == "day":
        return one_day(of.start + timedelta(days=count))
    if unit == "week":
        return interval("week", of.start + timedelta(days=7 * count))
    if unit == "month":
        start = _month_start(*_shift(of.start.year, of.start.month, count), first_day)
        return Days(start, _month_start(*_shift(start.year, start.month, 1), first_day))
    start = add_months(of.start, count * MONTHS[unit])
    return Days(start, add_months(start, MONTHS[unit]))


def contract_year(term_start: date, day: date) -> Days:
    """The contract year, counted from the first day of the term, that holds a day of the term."""
    years = day.year - term_start.year
    while add_months(term_start, 12 * years) > day:
        years -= 1
    return Days(add_months(term_start, 12 * years), add_months(term_start, 12 * (years + 1)))


def _month_start(year: int, month: int, first_day: int) -> date:
    first = date(year, month, 1)
    return first if first_day == 1 else first + timedelta(days=min(first_day, _month_days(year, month)) - 1)


def _month_days(year: int, month: int) -> int:
    following = _shift(year, month, 1)
    return (date(*following, 1) - date(year, month, 1)).days


def _shift(year: int, month: int, months: int) -> tuple[int, int]:
    years, month = divmod(year * 12 + month - 1 + months, 12)
    return years, month + 1
