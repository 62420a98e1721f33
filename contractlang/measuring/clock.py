"""The contract's clock as SQL: wall-clock times to instants and instants to days.

In: a timezone and the years that matter. Out: SQL on integer microseconds, so that no engine's own
idea of timezones is ever asked. A naive time that occurs twice is the first, one that does not exist
is NULL (rulings, "Figures").
"""

from datetime import date

from contractlang.calendar import Days
from contractlang.measuring.engine import choice
from contractlang.windows import DAY_LENGTH, Zone

_YEARS = 40
_WEEK = 7
_EPOCH = date(1970, 1, 1)
# Days are counted from here while they are divided, because SQL divides towards zero.
_FAR = 1_000_000


class Clock:
    """The changes of a timezone's clock around a term, as SQL.

    Changes are looked for 40 years around the term; before and after, the nearest offset is taken.
    """

    def __init__(self, zone: Zone, term: Days) -> None:
        self.zone = zone
        first, last = (
            date(max(2, term.start.year - _YEARS), 1, 1),
            date(min(9990, term.end.year + _YEARS), 1, 1),
        )
        near = date(max(2, term.start.year - 1), 1, 1), date(min(9990, term.end.year + 2), 1, 1)
        start, close, far, end = (zone.day_start(day) for day in (first, near[0], near[1], last))
        self._first = zone.offset(start)
        # Clocks change at most twice in a year, so a look each week is enough but for the term itself.
        self._changes = [
            *zone.changes(start, close, _WEEK * DAY_LENGTH),
            *zone.changes(close, far),
            *zone.changes(far, end, _WEEK * DAY_LENGTH),
        ]

    def instant(self, local: str) -> str:
        """SQL for the instant of a wall-clock time, NULL where the clock leaves it out."""
        borders: list[tuple[int, str]] = []
        for change, before, after in self._changes:
            if after > before:
                borders.append((change + before, "NULL"))
                borders.append((change + after, f"{local} - {after}"))
            else:
                borders.append((change + before, f"{local} - {after}"))
        return f"CAST({choice(local, borders, f'{local} - {self._first}')} AS BIGINT)"

    def comes_twice(self, local: str) -> str:
        """SQL for whether a wall-clock time occurs twice."""
        borders: list[tuple[int, str]] = []
        for change, before, after in self._changes:
            if after < before:
                borders += [(change + after, "true"), (change + before, "false")]
        return choice(local, borders, "false")

    def day(self, instant: str) -> str:
        """SQL for the day of an instant, in days since 1970."""
        offsets = [(change, str(after)) for change, _, after in self._changes]
        return local_day(f"({instant} + {choice(instant, offsets, str(self._first))})")


def local_day(local: str) -> str:
    """SQL for the day of a wall-clock time, in days since 1970."""
    return f"CAST(({local} + {_FAR * DAY_LENGTH}) // {DAY_LENGTH} - {_FAR} AS INTEGER)"


def day_number(day: date) -> int:
    """A date in days since 1970."""
    return (day - _EPOCH).days


def day_of_number(number: int) -> date:
    """The date of a number of days since 1970."""
    return date.fromordinal(_EPOCH.toordinal() + number)
