"""Calendars as tables of an engine: which instants windows hold, by day or by slot.

In: the windows of a contract and the days that the rows speak of. Out: one small table of integers for
each set of windows that is asked about one column, with one row a day, so that joining it on the day
never multiplies rows. Where rows are many, those of the day that places a row are told by slot: equal
stretches of instants, a quarter of an hour or longer, in each of which neither the day nor a window
changes. The timezone, the windows and the holidays are ours; the engine only divides and compares.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from math import gcd

from contractlang.calendar import Days
from contractlang.diagnostics import ContractError, error
from contractlang.engines.engine import Engine
from contractlang.frozen import dataclass
from contractlang.measuring.clock import day_number, day_of_number, first_slot
from contractlang.text import Span
from contractlang.windows import DAY_LENGTH, MICROSECONDS, Range, WindowCalendar

_YEARS = 20
_MARGIN = 370

ROWS_A_SLOT = 40
"""So many rows for each quarter of an hour are counted faster by slot, which costs more to lay."""

_QUARTER = 900 * MICROSECONDS

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


@dataclass(frozen=True, slots=True)
class LaidSlots:
    """The table `sql` with a column `slot`: the number of a stretch of `length` microseconds (`Clock.slot`).

    Its column `part` says which part of the term, or which day, the stretch lies in, by the first day.
    """

    sql: str
    length: int
    early: bool


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
        self._early = first_day <= 0
        self._reach = max(first_day, self._term[0]), min(last_day + 1, self._term[1])
        self._laid: dict[tuple[tuple[str, ...], bool], LaidCalendar] = {}
        self._slotted: dict[tuple[tuple[str, ...], tuple[int, ...] | None], LaidSlots] = {}
        self._ranges: dict[tuple[str, bool], dict[int, tuple[Range, ...]]] = {}
        self._steps: dict[int, str] = {}

    def window(self, index: int, window: str, span: Span | None, in_term: bool = False) -> LaidWindow:
        """The columns of a window that stands at `index` in a calendar; raises ContractError.

        With `in_term` the calendar is of the days of the term that rows have, else of all that they may
        speak of.
        """
        try:
            return self._columns(index, window, in_term)
        except ContractError as fault:
            if all(one.span is not None for one in fault.diagnostics):
                raise
            found = [
                one if one.span else error(one.code, one.message, span, one.help) for one in fault.diagnostics
            ]
            raise ContractError(found) from None

    def laid(self, windows: Sequence[str], in_term: bool = False) -> LaidCalendar:
        """The calendar of some windows, over the same days as `window`."""
        asked = (tuple(windows), in_term)
        if asked not in self._laid:
            self._laid[asked] = self._lay(tuple(windows), in_term)
        return self._laid[asked]

    # ---- by slot

    def suit_slots(self, rows: int) -> bool:
        """Whether so many rows are worth a calendar by slot, and every day begins where a slot does."""
        first, end = self._reach
        quarters = (end - first) * (DAY_LENGTH // _QUARTER)
        if first >= end or rows <= quarters * ROWS_A_SLOT or not self._engine.lays_many:
            return False
        return all(self._whole(number)[0] % _QUARTER == 0 for number in range(first, end + 1))

    def fits_slots(self, window: str) -> bool:
        """Whether a window begins and ends at quarters of an hour, on every day that rows can have."""
        ranges = self._of(window, in_term=True).values()
        return all(border % _QUARTER == 0 for day in ranges for pair in day for border in pair)

    def slotted(self, windows: Sequence[str], borders: tuple[int, ...] | None) -> LaidSlots:
        """The slots of the days of the term that rows have; a row of another day has no slot.

        The columns of a window are those of a calendar by day: `whole` says 1 for a slot that is in it, and
        those of its ranges are there for a window that does not fit slots. `borders` are where parts begin.
        """
        asked = (tuple(windows), borders)
        if asked not in self._slotted:
            self._slotted[asked] = self._lay_slots(tuple(windows), borders)
        return self._slotted[asked]

    def _lay_slots(self, windows: tuple[str, ...], borders: tuple[int, ...] | None) -> LaidSlots:
        first, end = self._reach
        starts = [self._whole(number)[0] for number in range(first, end + 1)]
        fitting = [window for window in windows if self.fits_slots(window)]
        edges = [
            border
            for window in fitting
            for day in self._of(window, in_term=True).values()
            for pair in day
            for border in pair
        ]
        length = gcd(DAY_LENGTH, *starts, *edges)
        begin, finish = starts[0] // length, starts[-1] // length
        zero = first_slot(length, self._early)
        columns: dict[str, list[int]] = {"slot": list(range(begin + zero, finish + zero)), "part": []}
        for number, start, following in zip(range(first, end), starts, starts[1:], strict=False):
            part = number if borders is None else borders[bisect_right(borders, number) - 1]
            columns["part"] += [part] * ((following - start) // length)
        for index, window in enumerate(windows):
            laid = self._columns(index, window, in_term=True)
            names = [laid.whole] if window in fitting else [one for pair in laid.pairs for one in pair]
            for name in names:
                columns[name] = [0] * (finish - begin)
            for number, start, following in zip(range(first, end), starts, starts[1:], strict=False):
                ranges = self._of(window, in_term=True).get(number, ())
                if window in fitting:
                    for low, high in ranges:
                        low, high = low // length - begin, high // length - begin
                        columns[laid.whole][low:high] = [1] * (high - low)
                    continue
                low, high = start // length - begin, following // length - begin
                for pair, found in zip(laid.pairs, ranges, strict=False):
                    for name, border in zip(pair, found, strict=True):
                        columns[name][low:high] = [border] * (high - low)
        name = f"{self._prefix}_slots{len(self._slotted)}"
        self._engine.lay(name, list(columns), list(zip(*columns.values(), strict=True)))
        return LaidSlots(name, length, self._early)

    def steps(self, count: int) -> str:
        """A table with a column `n`, from 0 to `count`."""
        if count not in self._steps:
            self._steps[count] = name = f"{self._prefix}_steps{len(self._steps)}"
            self._engine.lay(name, ["n"], [(number,) for number in range(count + 1)])
        return self._steps[count]

    def _columns(self, index: int, window: str, in_term: bool) -> LaidWindow:
        fullest = max(map(len, self._of(window, in_term).values()), default=0)
        pairs = tuple((f"w{index}s{pair}", f"w{index}e{pair}") for pair in range(fullest))
        return LaidWindow(f"w{index}", pairs)

    def _lay(self, windows: tuple[str, ...], in_term: bool) -> LaidCalendar:
        laid = tuple(self._columns(index, window, in_term) for index, window in enumerate(windows))
        names = ["day"]
        for one in laid:
            names += [one.whole, *(border for pair in one.pairs for border in pair)]
        rows = []
        for number in range(*self._days(in_term)):
            row = [number]
            for window, one in zip(windows, laid, strict=True):
                ranges = self._of(window, in_term).get(number, ())
                row.append(int(ranges == (self._whole(number),)))
                row += [border for pair in ranges for border in pair]
                # A pair that a day lacks is the empty range from 0 to 0, which nothing meets.
                row += [0] * (2 * (len(one.pairs) - len(ranges)))
            rows.append(row)
        name = f"{self._prefix}_calendar{len(self._laid)}"
        self._engine.lay(name, names, rows)
        return LaidCalendar(name, laid)

    def _days(self, in_term: bool) -> tuple[int, int]:
        return self._reach if in_term else (self.first, self.end)

    def _of(self, window: str, in_term: bool) -> dict[int, tuple[Range, ...]]:
        """The ranges of each day that has any."""
        found = self._ranges.get((window, in_term))
        if found is None:
            found = {}
            for number in range(*self._days(in_term)):
                day = day_of_number(number)
                whole = (self._whole(number),)
                ranges = whole if window == WHOLE_DAYS else tuple(self._calendar.of_day(window, day))
                if ranges:
                    found[number] = ranges
            self._ranges[window, in_term] = found
        return found

    def _whole(self, number: int) -> Range:
        zone = self._calendar.zone
        return zone.day_start(day_of_number(number)), zone.day_start(day_of_number(number + 1))
