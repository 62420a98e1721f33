"""Days without rows, weekdays that never have any left out."""

from collections.abc import Collection
from datetime import date, timedelta

from contractlang.calendar import ONE_DAY, Days

_OFTEN = 2
"""How often a weekday must come without rows, and never with any, to be one that is always empty."""


def empty_weekdays(days: Collection[date]) -> tuple[int, ...]:
    """The weekdays (0 is Monday) that never have rows from the first to the last of the days that have."""
    if not days:
        return ()
    first, last = min(days), max(days)
    with_rows = {day.weekday() for day in days}
    length = (last - first).days + 1
    # A weekday comes once in each week that is whole, and once more where the rest of the days holds it.
    often = {(first + timedelta(days=at)).weekday(): length // 7 + (at < length % 7) for at in range(7)}
    return tuple(sorted(day for day, count in often.items() if day not in with_rows and count >= _OFTEN))


def gaps(days: Collection[date], span: Days) -> tuple[Days, ...]:
    """The runs of days of a span without rows, each from its first day to its last.

    Weekdays that are always empty make no run, and do not end one.
    """
    idle = empty_weekdays(days)
    with_rows = set(days)
    found: list[Days] = []
    start: date | None = None
    last = day = span.start
    while day < span.end:
        if day in with_rows:
            if start is not None:
                found.append(Days(start, last + ONE_DAY))
            start = None
        elif day.weekday() not in idle:
            start, last = start or day, day
        day += ONE_DAY
    if start is not None:
        found.append(Days(start, last + ONE_DAY))
    return tuple(found)


def missing_days(gap: Days, idle: Collection[int]) -> int:
    """How many days of a run are missing, those of weekdays that are always empty not counted."""
    return sum(1 for at in range(gap.count) if (gap.start + timedelta(days=at)).weekday() not in idle)
