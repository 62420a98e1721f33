"""Calendars as tables of an engine: for each day, the ranges of instants that windows hold.

In: the windows of a contract and the days that the rows speak of. Out: one small table of integers for
each set of windows that is asked about one column, with one row a day, so that joining it on the day
never multiplies rows. The timezone, the windows and the holidays are ours; the engine only compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contractlang.calendar import Days
from contractlang.diagnostics import ContractError, error
from contractlang.engines.engine import Engine
from contractlang.measuring.clock import day_number, day_of_number
from contractlang.text import Span
from contractlang.windows import Range, WindowCalendar

_YEARS = 20
_MARGIN = 370

WHOLE_DAYS = ""
"""The name of no window: whole days, from midnight to midnight."""


@dataclass(frozen=True, slots=True)
class LaidWindow:
    """A window in a calendar: `whole` is the column that says 1 for a day that is all in it.

    `pairs` are the columns where its ranges of a day start and end; a range that a day lacks is empty.
    """

    whole: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LaidCalendar:
    """The table `sql` with a column `day` and, in order, the windows that were asked."""

    sql: str
    windows: tuple[LaidWindow, ...]


class Calendars:
    """Lays windows over the days that the rows of one table speak of, from `first_day` to `last_day`.

    The names of its tables begin with `prefix`. Dates more than twenty years outside the term are in no
    window.
    """

    def __init__(
        self,
        engine: Engine,
        prefix: str,
        calendar: WindowCalendar,
        term: Days,
        first_day: int,
        last_day: int,
    ) -> None:
        self._engine = engine
        self._prefix = prefix
        self._calendar = calendar
        self._term = day_number(term.start), day_number(term.end)
        # A year more on each side is there for times that an expression moves.
        self.first = max(first_day - _MARGIN, day_number(date(max(2, term.start.year - _YEARS), 1, 1)))
        self.end = min(last_day + _MARGIN, day_number(date(min(9990, term.end.year + _YEARS), 1, 1)))
        self._laid: dict[tuple[tuple[str, ...], bool], LaidCalendar] = {}
        self._ranges: dict[str, dict[int, tuple[Range, ...]]] = {}
        self._steps: dict[int, str] = {}

    def window(self, window: str, span: Span | None) -> LaidWindow:
        """How a window lies in a calendar where it stands alone; raises ContractError where it cannot be."""
        try:
            return self._columns(0, window)
        except ContractError as fault:
            if all(one.span is not None for one in fault.diagnostics):
                raise
            found = [
                one if one.span else error(one.code, one.message, span, one.help) for one in fault.diagnostics
            ]
            raise ContractError(found) from None

    def placed(self, index: int, window: str, span: Span | None) -> LaidWindow:
        """The columns of a window that stands at `index` in a calendar; raises ContractError."""
        self.window(window, span)
        return self._columns(index, window)

    def laid(self, windows: Sequence[str], in_term: bool = False) -> LaidCalendar:
        """The calendar of some windows, over the term alone or over all days that rows speak of."""
        asked = (tuple(windows), in_term)
        if asked not in self._laid:
            self._laid[asked] = self._lay(tuple(windows), in_term)
        return self._laid[asked]

    def steps(self, count: int) -> str:
        """A table with a column `n`, from 0 to `count`."""
        if count not in self._steps:
            self._steps[count] = name = f"{self._prefix}_steps{len(self._steps)}"
            self._engine.lay(name, ["n"], [(number,) for number in range(count + 1)])
        return self._steps[count]

    def _columns(self, index: int, window: str) -> LaidWindow:
        fullest = max(map(len, self._of(window).values()), default=0)
        pairs = tuple((f"w{index}s{pair}", f"w{index}e{pair}") for pair in range(fullest))
        return LaidWindow(f"w{index}", pairs)

    def _lay(self, windows: tuple[str, ...], in_term: bool) -> LaidCalendar:
        laid = tuple(self._columns(index, window) for index, window in enumerate(windows))
        first, end = (max(self.first, self._term[0]), min(self.end, self._term[1])) if in_term else (0, 0)
        if not in_term:
            first, end = self.first, self.end
        names = ["day"]
        for one in laid:
            names += [one.whole, *(border for pair in one.pairs for border in pair)]
        rows = []
        for number in range(first, end):
            row = [number]
            for window, one in zip(windows, laid, strict=True):
                ranges = self._of(window).get(number, ())
                row.append(int(ranges == (self._whole(number),)))
                row += [border for pair in ranges for border in pair]
                # A pair that a day lacks is the empty range from 0 to 0, which nothing meets.
                row += [0] * (2 * (len(one.pairs) - len(ranges)))
            rows.append(row)
        name = f"{self._prefix}_calendar{len(self._laid)}"
        self._engine.lay(name, names, rows)
        return LaidCalendar(name, laid)

    def _of(self, window: str) -> dict[int, tuple[Range, ...]]:
        """The ranges of each day that has any."""
        found = self._ranges.get(window)
        if found is None:
            found = {}
            for number in range(self.first, self.end):
                day = day_of_number(number)
                whole = (self._whole(number),)
                ranges = whole if window == WHOLE_DAYS else tuple(self._calendar.of_day(window, day))
                if ranges:
                    found[number] = ranges
            self._ranges[window] = found
        return found

    def _whole(self, number: int) -> Range:
        zone = self._calendar.zone
        return zone.day_start(day_of_number(number)), zone.day_start(day_of_number(number + 1))
