"""The contract's clock as SQL: wall-clock times to instants and instants to days.

In: a timezone and the years that matter. Out: SQL on integer microseconds, so that no engine's own
idea of timezones is ever asked. A naive time that occurs twice is the first, one that does not exist
is NULL (rulings, "Figures").
"""

from collections.abc import Callable
from copy import copy
from datetime import date

from contractlang.calendar import Days
from contractlang.engines.engine import choice
from contractlang.windows import DAY_LENGTH, Zone

Quotient = Callable[[str, int], str]

_NEAR = 2
_WIDE = 80
_LONGEST = 40
_WEEK = 7
_EPOCH = date(1970, 1, 1)
# Days are counted from here while they are divided, because SQL divides towards zero.
_FAR = 1_000_000


class Clock:
    """The changes of a timezone's clock around a term, as SQL.

    Days from `first` to `last` are exact; outside, the nearest offset is taken. `quotient` is how the
    engine divides whole numbers.
    """

    def __init__(self, zone: Zone, term: Days, quotient: Quotient, years: int = _NEAR) -> None:
        self.zone = zone
        self._term = term
        self._quotient = quotient
        # A term of centuries is a slip of the pen, and no reason to look at each of its days.
        last_year = min(term.end.year, term.start.year + _LONGEST)
        marks = (term.start.year - years, term.start.year - 1, last_year + 2, last_year + years + 1)
        begin, near, far, end = (date(min(max(year, 2), 9990), 1, 1) for year in marks)
        self.first, self.last = day_number(begin), day_number(end) - 1
        self._first_offset = zone.offset(zone.day_start(begin))
        # Clocks change at most twice in a year, so a look each week is enough but for the term itself.
        self._changes = [
            *zone.changes(zone.day_start(begin), zone.day_start(near), _WEEK * DAY_LENGTH),
            *zone.changes(zone.day_start(near), zone.day_start(far)),
            *zone.changes(zone.day_start(far), zone.day_start(end), _WEEK * DAY_LENGTH),
        ]

    def widened(self) -> "Clock":
        """The same clock with the changes of 80 years before and after the term."""
        return Clock(self.zone, self._term, self._quotient, _WIDE)

    def for_engine(self, quotient: Quotient) -> "Clock":
        """The same clock, as another engine divides."""
        found = copy(self)
        found._quotient = quotient
        return found

    def instant(self, local: str) -> str:
        """SQL for the instant of a wall-clock time, NULL where the clock leaves it out."""
        borders: list[tuple[int, str]] = []
        for change, before, after in self._changes:
            if after > before:
                borders.append((change + before, "NULL"))
                borders.append((change + after, f"{local} - {after}"))
            else:
                borders.append((change + before, f"{local} - {after}"))
        return f"CAST({choice(local, borders, f'{local} - {self._first_offset}')} AS BIGINT)"

    def comes_twice(self, local: str) -> str:
        """SQL for whether a wall-clock time occurs twice."""
        borders: list[tuple[int, str]] = []
        for change, before, after in self._changes:
            if after < before:
                borders += [(change + after, "true"), (change + before, "false")]
        return choice(local, borders, "false")

    def is_fold(self, instant: str) -> str:
        """SQL for whether an instant is the first of two that have the same wall-clock time."""
        borders: list[tuple[int, str]] = []
        for change, before, after in self._changes:
            if after < before:
                borders += [(change - (before - after), "1"), (change, "0")]
        return f"({choice(instant, borders, '0')} = 1)"

    def day(self, instant: str) -> str:
        """SQL for the day of an instant, in days since 1970."""
        return self.local_day(self.local(instant))

    def local(self, instant: str) -> str:
        """SQL for the wall-clock time of an instant, in microseconds since 1970."""
        offsets = [(change, str(after)) for change, _, after in self._changes]
        return f"{instant} + {choice(instant, offsets, str(self._first_offset))}"

    def slot(self, instant: str, length: int, early: bool) -> str:
        """SQL for the number of the stretch of `length` microseconds, a part of a day, that holds an instant.

        With `early` it may lie before 1970. Stretches are counted from where `first_slot` says.
        """
        return self._quotient(f"({instant} + {_FAR * DAY_LENGTH})" if early else instant, length)

    def local_day(self, local: str) -> str:
        """SQL for the day of a wall-clock time, in days since 1970."""
        return f"({self._quotient(f'({local} + {_FAR * DAY_LENGTH})', DAY_LENGTH)} - {_FAR})"


def first_slot(length: int, early: bool) -> int:
    """The number of the stretch of `length` microseconds that begins with 1970."""
    return _FAR * DAY_LENGTH // length if early else 0


def day_number(day: date) -> int:
    """A date in days since 1970."""
    return (day - _EPOCH).days


def day_of_number(number: int) -> date:
    """The date of a number of days since 1970."""
    return date.fromordinal(_EPOCH.toordinal() + number)
