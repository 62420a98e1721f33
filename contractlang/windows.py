"""Windows of time: which instants of which days a contract's `window` means.

In: the windows of a contract, its timezone and the windows that the usage supplies. Out: instants as
integer microseconds since 1970 in UTC, half-open, day by day. A window is wall-clock times on the
days of the timezone: on the night when the clock goes back, the hour that comes twice is in `night`
twice, and on the night when it goes forward `22:00 to 06:00` is seven hours (language design,
section 4). A weekday or a holiday is that date, midnight to midnight.

Codes: CL216 unknown timezone, CL217 unknown window, CL218 a window made of
itself, CL818 a window that the usage does not supply.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from contractlang.calendar import ONE_DAY, WEEKDAYS, Days
from contractlang.diagnostics import ContractError, Place, error, nearest
from contractlang.frozen import dataclass, field
from contractlang.public_holidays import holidays
from contractlang.syntax import tree
from contractlang.text import Span

MICROSECONDS = 1_000_000
DAY_LENGTH = 86_400 * MICROSECONDS

_EPOCH = date(1970, 1, 1)

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

    def learn(
        self, windows: Mapping[str, tree.Window], supplied: Mapping[str, tuple[Occurrence, ...]]
    ) -> None:
        """Know windows of another contract too; one that both have is the same in both."""
        self.windows = {**self.windows, **windows}
        self.supplied.update(supplied)

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
