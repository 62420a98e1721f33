"""Windows as tables of the engine: for each day, the ranges of instants that a window holds.

In: the windows of a contract and the days that the rows speak of. Out: one small table a window, with
as many pairs of columns `s0, e0, s1, e1 …` as its fullest day has ranges, so that joining it on the
day never multiplies rows. A day without a range has no row.
"""

from dataclasses import dataclass
from datetime import date

from contractlang.calendar import Days
from contractlang.diagnostics import ContractError, error
from contractlang.measuring.clock import day_number, day_of_number
from contractlang.measuring.engine import Engine
from contractlang.text import Span
from contractlang.windows import WindowCalendar

_YEARS = 20
_MARGIN = 370


@dataclass(frozen=True, slots=True)
class WindowTable:
    """The table `sql` of a window, or of whole days, with `pairs` ranges a day."""

    sql: str
    pairs: int


class WindowTables:
    """Lays windows over the days that rows speak of, from `first_day` to `last_day`.

    Dates more than twenty years outside the term are in no window.
    """

    def __init__(
        self, engine: Engine, calendar: WindowCalendar, term: Days, first_day: int, last_day: int
    ) -> None:
        self._engine = engine
        self._calendar = calendar
        # A year more on each side is there for times that an expression moves.
        self.first = max(first_day - _MARGIN, day_number(date(max(2, term.start.year - _YEARS), 1, 1)))
        self.end = min(last_day + _MARGIN, day_number(date(min(9990, term.end.year + _YEARS), 1, 1)))
        self._tables: dict[str | None, WindowTable] = {}

    def days(self) -> WindowTable:
        """The days themselves: one range a day, from midnight to midnight."""
        return self._laid(None)

    def table(self, window: str, span: Span | None) -> WindowTable:
        """The table of a window; raises ContractError where its days cannot be known."""
        try:
            return self._laid(window)
        except ContractError as fault:
            if all(one.span is not None for one in fault.diagnostics):
                raise
            found = [
                one if one.span else error(one.code, one.message, span, one.help) for one in fault.diagnostics
            ]
            raise ContractError(found) from None

    def _laid(self, window: str | None) -> WindowTable:
        found = self._tables.get(window)
        if found is None:
            found = self._tables[window] = self._stage(window)
        return found

    def _stage(self, window: str | None) -> WindowTable:
        zone = self._calendar.zone
        rows: list[tuple[int, bool, list[int]]] = []
        pairs = 0
        for number in range(self.first, self.end):
            day = day_of_number(number)
            whole = (zone.day_start(day), zone.day_start(day_of_number(number + 1)))
            ranges = [whole] if window is None else list(self._calendar.of_day(window, day))
            if ranges:
                rows.append((number, ranges == [whole], [border for pair in ranges for border in pair]))
                pairs = max(pairs, len(ranges))
        name = self._engine.name("window")
        columns = [f"{side}{pair}" for pair in range(pairs) for side in ("s", "e")]
        declared = "".join(f", {column} BIGINT" for column in columns)
        self._engine.run(f"CREATE TABLE {name} (day INTEGER, whole BOOLEAN{declared})")
        values = ["?", "?", *("?" for _ in columns)]
        if rows:
            lists: list[object] = [[day for day, _, _ in rows], [whole for _, whole, _ in rows]]
            for index in range(len(columns)):
                # A pair that a day lacks is the empty range from 0 to 0, which nothing meets.
                lists.append([borders[index] if index < len(borders) else 0 for _, _, borders in rows])
            self._engine.run(
                f"INSERT INTO {name} SELECT {', '.join(f'unnest({value})' for value in values)}", lists
            )
        return WindowTable(name, pairs)
