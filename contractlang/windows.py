"""Windows of time: which instants of which days a contract's `window` means.

In: the windows of a contract, its timezone and the windows that the usage supplies. Out: instants as
integer microseconds since 1970 in UTC, half-open, day by day. A window is wall-clock times on the
days of the timezone: on the night when the clock goes back, the hour that comes twice is in `night`
twice, and on the night when it goes forward `22:00 to 06:00` is seven hours (language design,
section 4). A weekday or a holiday is that date, midnight to midnight.

Codes: CL215 no holiday calendar, CL216 unknown timezone, CL217 unknown window, CL218 a window made of
itself, CL818 a window that the usage does not supply.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from importlib.machinery import PathFinder
from threading import Lock
from types import ModuleType
from zoneinfo import ZoneInfo

from contractlang.calendar import ONE_DAY, Days
from contractlang.diagnostics import ContractError, Diagnostic, Place, error, nearest
from contractlang.syntax import tree
from contractlang.text import Span

MICROSECONDS = 1_000_000
DAY_LENGTH = 86_400 * MICROSECONDS

_EPOCH = date(1970, 1, 1)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS: Mapping[str, int] = {
    word: index for index, day in enumerate(_WEEKDAYS) for word in (day, day + "s")
}
"""The weekday that each word means, Monday 0: `sunday` and `sundays` alike."""

# Alsace keeps the local law of Moselle; contracts name its departments, the calendar its region.
_REGIONS = {"FR-67": "FR-6AE", "FR-68": "FR-6AE"}

_ONE_AT_A_TIME = Lock()

Range = tuple[int, int]
"""The instants from the first to before the second, in microseconds since 1970 in UTC."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One entry of a window that the usage supplies, from `start` to before `end`.

    Both are wall-clock times of the contract's timezone, or instants where they have an offset.
    """

    start: datetime
    end: datetime
    text: str = field(default="", compare=False)
    where: Span | Place | None = field(default=None, compare=False)


class Zone:
    """A timezone: where its days begin and where its clock is changed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._zone = _zone(name)
        self._starts: dict[date, int] = {}

    def day_start(self, day: date) -> int:
        """The instant at which a day begins; midnight, or the change of the clock that skips it."""
        found = self._starts.get(day)
        if found is None:
            found = self._starts[day] = self.instant(datetime(day.year, day.month, day.day))
        return found

    def instant(self, moment: datetime) -> int:
        """The instant of a wall-clock time, the first where it comes twice, or of a time with offset."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._zone, fold=0)
        offset = moment.utcoffset()
        assert offset is not None, "every time has an offset here"
        # Arithmetic on times without a zone never overflows at the first and the last year.
        return _microseconds(moment.replace(tzinfo=None) - datetime(1970, 1, 1)) - _microseconds(offset)

    def day_of(self, instant: int) -> date:
        """The day, in this timezone, that holds an instant."""
        return _EPOCH + timedelta(days=(instant + self.offset(instant)) // DAY_LENGTH)

    def offset(self, instant: int) -> int:
        """What the clock adds to UTC at an instant, in microseconds."""
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
        offset = self._zone.utcoffset(moment.astimezone(self._zone))
        assert offset is not None, "a timezone has an offset at every instant"
        return _microseconds(offset)

    def changes(self, start: int, end: int, step: int = DAY_LENGTH) -> Iterator[tuple[int, int, int]]:
        """Each change of the clock inside a range: its instant, the offset before, the offset after.

        The clock is looked at every `step`, so two changes inside one step may be missed.
        """
        before, offset = start, self.offset(start)
        while before < end:
            after = min(before + step, end)
            following = self.offset(after)
            if following != offset:
                low, high = before, after
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if self.offset(middle) == offset else (low, middle)
                following = self.offset(high)
                yield high, offset, following
                after = high
            before, offset = after, following

    def stretches(self, day: date) -> Iterator[tuple[int, int, int]]:
        """The parts of a day with one offset each: start, end, offset. Most days have one part."""
        start, end = self.day_start(day), self.day_start(day + ONE_DAY)
        offset = self.offset(start)
        if end - start != DAY_LENGTH:
            for change, _, following in self.changes(start, end - 1, 3600 * MICROSECONDS):
                yield start, change, offset
                start, offset = change, following
        yield start, end, offset


class WindowCalendar:
    """The windows of a contract laid over the days of its timezone."""

    def __init__(
        self,
        windows: Mapping[str, tree.Window],
        timezone: str,
        supplied: Mapping[str, tuple[Occurrence, ...]] | None = None,
    ) -> None:
        self.windows = windows
        self.zone = Zone(timezone)
        self.supplied = dict(supplied or {})
        self._ranges: dict[tuple[str, date], tuple[Range, ...]] = {}
        self._open: list[str] = []

    def of_day(self, window: str, day: date) -> tuple[Range, ...]:
        """The instants of a day that are in a window, in order and apart from one another.

        Raises ContractError: CL215 a region without a holiday calendar, CL217 a window that is
        nowhere declared, CL218 a window made of itself, CL818 one that the usage does not supply.
        """
        found = self._ranges.get((window, day))
        if found is None:
            found = self._ranges[window, day] = tuple(self._named(window, None, day))
        return found

    def instants(self, window: str, days: Days) -> list[Range]:
        """The instants of a span of days that are in a window; a night is one range, not two."""
        found: list[Range] = []
        for day in _each(days):
            found.extend(self.of_day(window, day))
        return _joined(found)

    def holds_on(self, window: str, day: date) -> bool:
        """Whether a window holds a day from its first instant to its last."""
        return self.of_day(window, day) == ((self.zone.day_start(day), self.zone.day_start(day + ONE_DAY)),)

    def _named(self, name: str, span: Span | None, day: date) -> list[Range]:
        if name not in self.windows:
            if name in WEEKDAYS:
                return self._whole(day, day.weekday() == WEEKDAYS[name])
            near = nearest(name, [*self.windows, *WEEKDAYS])
            cure = f'the nearest is "{near}"' if near else "declare it with `window`"
            raise ContractError([error("CL217", f'no window is called "{name}"', span, cure)])
        window = self.windows[name]
        if name in self._open:
            way = ", ".join([*self._open[self._open.index(name) :], name])
            message = f'the window "{name}" is made of itself: {way}'
            raise ContractError([error("CL218", message, window.name.span)])
        if window.value is None:
            return self._given(window, day)
        self._open.append(name)
        try:
            return self._evaluate(window.value, day)
        finally:
            self._open.pop()

    def _evaluate(self, expression: tree.WindowExpression, day: date) -> list[Range]:
        if isinstance(expression, tree.WindowParen):
            return self._evaluate(expression.value, day)
        if isinstance(expression, tree.WindowName):
            return self._named(expression.name.text, expression.span, day)
        if isinstance(expression, tree.WindowTimes):
            return self._times(expression.start, expression.end, day)
        if isinstance(expression, tree.WindowWeekdays):
            first, last = WEEKDAYS[expression.first.text], WEEKDAYS[expression.last.text]
            return self._whole(day, (day.weekday() - first) % 7 <= (last - first) % 7)
        if isinstance(expression, tree.WindowDates):
            return self._whole(day, expression.start <= day < expression.end)
        if isinstance(expression, tree.WindowHolidays):
            return self._whole(day, day in holidays(expression.region, (day.year,)))
        left, right = self._evaluate(expression.left, day), self._evaluate(expression.right, day)
        if expression.operator == "or":
            return _joined(sorted(left + right))
        return _meet(left, right) if expression.operator == "and" else _less(left, right)

    def _whole(self, day: date, holds: bool) -> list[Range]:
        return [(self.zone.day_start(day), self.zone.day_start(day + ONE_DAY))] if holds else []

    def _times(self, start: int, end: int, day: date) -> list[Range]:
        spans = [(start, end)] if start < end else [(0, end), (start, 24 * 60)]
        midnight = (day - _EPOCH).days * DAY_LENGTH
        minute = 60 * MICROSECONDS
        found: list[Range] = []
        for first, last, offset in self.zone.stretches(day):
            for low, high in spans:
                found.append(
                    (
                        max(first, midnight + low * minute - offset),
                        min(last, midnight + high * minute - offset),
                    )
                )
        return _joined(sorted(found))

    def _given(self, window: tree.Window, day: date) -> list[Range]:
        name = window.name.text
        if name not in self.supplied:
            raise ContractError(
                [
                    error(
                        "CL818",
                        f'the window "{name}" comes with the usage, and the usage does not give it',
                        window.name.span,
                        f"add `{name}:` under `windows:` in the usage file, with [] where there was none",
                    )
                ]
            )
        start, end = self.zone.day_start(day), self.zone.day_start(day + ONE_DAY)
        return _joined(
            sorted(
                (max(start, self.zone.instant(one.start)), min(end, self.zone.instant(one.end)))
                for one in self.supplied[name]
            )
        )


def holidays(region: tree.Name | str, years: Iterable[int]) -> Mapping[date, str]:
    """The days off by law of a country or region (`FR`, `FR-57`), substitutes included, with their names.

    Raises ContractError, CL215, where no calendar is known for the region.
    """
    code = region if isinstance(region, str) else region.text
    found: dict[date, str] = {}
    for year in sorted(set(years)):
        try:
            found.update(_holidays_of_year(_REGIONS.get(code, code), year))
        except NotImplementedError:
            span = None if isinstance(region, str) else region.span
            raise ContractError([unknown_region(code, span)]) from None
    return found


def unknown_region(code: str, span: Span | None) -> Diagnostic:
    """CL215: no calendar is known for a region."""
    return error("CL215", f'no holiday calendar is known for "{code}"', span, _known_regions(code))


def knows_region(code: str) -> bool:
    """Whether there is a holiday calendar for a country or region (`FR`, `FR-57`).

    To import the calendars takes longer than all the rest of a check, so the library's own list is read as
    text first; what is not found there is asked of the library itself.
    """
    country, _, subdivision = _REGIONS.get(code, code).partition("-")
    return _is_listed(country, subdivision) or _has_calendar(_REGIONS.get(code, code))


def _is_listed(country: str, subdivision: str) -> bool:
    found = PathFinder.find_spec("holidays")
    if not (country.isalpha() and country.isupper() and found and found.submodule_search_locations):
        return False
    folder = found.submodule_search_locations[0]
    try:
        with open(os.path.join(folder, "registry.py"), encoding="utf-8") as file:
            module = re.search(rf'^    "(\w+)": \("\w+", "{country}"', file.read(), re.MULTILINE)
        if module is None or not subdivision:
            return module is not None
        with open(os.path.join(folder, "countries", f"{module[1]}.py"), encoding="utf-8") as file:
            listed = re.search(
                r"^    subdivisions[^=\n]*= \((.*?)^    \)", file.read(), re.MULTILINE | re.DOTALL
            )
    except OSError:
        return False
    return listed is not None and f'"{subdivision}"' in listed[1]


def _has_calendar(region: str) -> bool:
    try:
        _holidays_of_year(region, 2026)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=1024)
def _holidays_of_year(region: str, year: int) -> Mapping[date, str]:
    import holidays as calendars  # Heavy to import, and most contracts have no holidays.

    country, _, subdivision = region.partition("-")
    with _countries_one_by_one():
        # The language is named, because the library would otherwise take that of the environment.
        language = calendars.country_holidays(country).default_language
        found = calendars.country_holidays(
            country, subdiv=subdivision or None, years=(year,), observed=True, language=language
        )
    return {day: found[day] for day in sorted(found) if day.year == year}


@contextmanager
def _countries_one_by_one() -> Iterator[None]:
    """Import the calendar of one country without those of two hundred others: half the start of a check.

    The package that holds the countries imports all of them; a bare one with the same path stands for it
    while one is looked for.
    """
    import holidays as calendars

    name = "holidays.countries"
    with _ONE_AT_A_TIME:
        if name in sys.modules:
            yield
            return
        bare = ModuleType(name)
        bare.__path__ = [os.path.join(path, "countries") for path in calendars.__path__]
        sys.modules[name] = bare
        try:
            yield
        finally:
            del sys.modules[name]


def _known_regions(code: str) -> str:
    import holidays as calendars

    known = calendars.list_supported_countries(include_aliases=False)
    country, _, subdivision = code.partition("-")
    if country not in known:
        near = nearest(country, known)
        return f'the nearest is "{near}"' if near else "write a country's two letters, such as FR"
    near = nearest(subdivision, known[country])
    if near:
        return f'the nearest is "{country}-{near}"'
    regions = ", ".join(f"{country}-{one}" for one in known[country] if len(one) <= 3)
    return f"known there are {regions}" if regions else f"write the whole country, {country}"


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise ContractError(
            [error("CL216", f'there is no timezone called "{name}"', None, "write one such as Europe/Paris")]
        ) from None


def _microseconds(length: timedelta) -> int:
    return (length.days * 86_400 + length.seconds) * MICROSECONDS + length.microseconds


def _each(days: Days) -> Iterator[date]:
    day = days.start
    while day < days.end:
        yield day
        day += ONE_DAY


def _joined(ranges: list[Range]) -> list[Range]:
    """Ranges in order as ranges that do not touch; empty ones are left out."""
    found: list[Range] = []
    for start, end in ranges:
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _meet(left: list[Range], right: list[Range]) -> list[Range]:
    return [
        (max(a, c), min(b, d))
        for a, b in left
        for c, d in right
        if max(a, c) < min(b, d)
    ]  # fmt: skip


def _less(left: list[Range], right: list[Range]) -> list[Range]:
    found = left
    for start, end in right:
        found = [
            part for a, b in found for part in ((a, min(b, start)), (max(a, end), b)) if part[0] < part[1]
        ]
    return found
