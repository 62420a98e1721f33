"""The days and times that a usage file names: `2026-07`, `2026-Q3`, `2026`, `2026-03-01..2026-03-09`.

In: a text. Out: half-open days, or the wall-clock times of a supplied window. Both raise ValueError
with words that say what is wrong; whoever knows the place makes the diagnostic.
"""

import re
from datetime import date, datetime, timedelta

from contractlang.calendar import ONE_DAY, Days, add_months, one_day

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-[Qq]([1-4])")
_YEAR = re.compile(r"\d{4}")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?"
)
_EXAMPLES = "write 2026-07, 2026-Q3, 2026, 2026-07-01 or 2026-07-01..2026-07-09"


def read_days(text: str) -> Days:
    """The days that a key of `figures:` names; the end of a range is included."""
    first, dots, last = text.strip().partition("..")
    days = _named(first.strip())
    if not dots:
        return days
    until = _named(last.strip())
    if until.end <= days.start:
        raise ValueError(f'"{text}" ends before it starts')
    return Days(days.start, until.end)


def read_date(text: str) -> date:
    """A date; raises ValueError where there is no such day."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a date such as 2026-07-01')
    try:
        found = date(*(int(part) for part in match.groups()))
        found + ONE_DAY  # The last day of all has no day after it.
    except (ValueError, OverflowError):
        raise ValueError(f'there is no day "{text}"') from None
    return found


def read_times(text: str) -> tuple[datetime, datetime]:
    """The start and the end of an entry of a supplied window: a date, a range of dates or of times."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    if _DATE.fullmatch(first) and (not dots or _DATE.fullmatch(last)):
        days = Days(read_date(first), read_date(last or first) + ONE_DAY)
        if not days:
            raise ValueError(f'"{text}" ends before it starts')
        return _midnight(days.start), _midnight(days.end)
    if not dots:
        if _TIME.fullmatch(first):
            raise ValueError(f'"{text}" is one moment: write its end too, as in {first}..{first}')
        raise ValueError(f'"{text}" is not a date, a range of dates or a range of times')
    # A range may mix: from a time of one day to the end of another.
    start = _midnight(read_date(first)) if _DATE.fullmatch(first) else _time(first)
    end = _midnight(read_date(last) + ONE_DAY) if _DATE.fullmatch(last) else _time(last)
    naive = start.tzinfo is None or end.tzinfo is None
    if (start.replace(tzinfo=None) >= end.replace(tzinfo=None)) if naive else start >= end:
        raise ValueError(f'"{text}" ends before it starts')
    return start, end


def _time(text: str) -> datetime:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a time such as 2026-07-01T08:00')
    day, hour, minute, second, fraction, offset = match.groups()
    start = _midnight(read_date(day))
    hours, minutes, seconds = int(hour), int(minute), int(second or 0)
    whole = (hours, minutes, seconds, int(fraction or 0)) == (24, 0, 0, 0)
    if (hours > 23 and not whole) or minutes > 59 or seconds > 59:
        raise ValueError(f'there is no time "{text}"')
    microseconds = int((fraction or "").ljust(6, "0"))
    found = start + timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=microseconds)
    if offset:
        return datetime.fromisoformat(found.isoformat() + ("+00:00" if offset == "Z" else offset))
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _named(text: str) -> Days:
    try:
        if match := _MONTH.fullmatch(text):
            start, months = date(int(match[1]), int(match[2]), 1), 1
        elif match := _QUARTER.fullmatch(text):
            start, months = date(int(match[1]), 3 * int(match[2]) - 2, 1), 3
        elif _YEAR.fullmatch(text):
            start, months = date(int(text), 1, 1), 12
        elif _DATE.fullmatch(text):
            return one_day(read_date(text))
        else:
            raise ValueError(f'"{text}" is not a span of days: {_EXAMPLES}')
        return Days(start, add_months(start, months))
    except OverflowError:
        raise ValueError(f'there is no "{text}" in the calendar') from None
    except ValueError as fault:
        if str(fault).startswith(('"', "there is")):
            raise
        raise ValueError(f'there is no "{text}" in the calendar') from None
