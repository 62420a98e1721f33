"""On which days a line is in force, the intervals it is assessed for, and where it is cut.

A line is assessed over the days on which it is in force inside its interval (language design,
section 4). Nothing here computes an amount.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from contractlang.calendar import Days, contract_year, interval, intervals
from contractlang.lines import FEES
from contractlang.rating.span_borders import borders, spans_read
from contractlang.syntax import tree
from contractlang.terms import ContractTerms, LineVersion, Period
from contractlang.units import LENGTHS

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


class InForce:
    """The days of lines, as far as they are known on a day."""

    def __init__(self, rating: "Rating") -> None:
        self._rating = rating
        self.known = lru_cache(maxsize=None)(self._known)
        self.assessed = lru_cache(maxsize=None)(self._assessed)
        self._readers: dict[str, tuple[str, ...]] | None = None
        self._read: dict[int, frozenset[str]] = {}
        self._spans: dict[tuple[int, str], tuple[tree.SpanOfTime, ...]] = {}

    @property
    def _terms(self) -> ContractTerms:
        return self._rating.terms

    def _known(
        self, name: str, known: date, decided: bool, days: Days
    ) -> tuple[tuple[LineVersion, Days], ...]:
        """The versions of a line with their days in force among `days`, as known on a day."""
        terms = self._terms
        days = days.meet(terms.term(known))
        if days.end <= date.fromordinal(known.toordinal() + 1):
            # What is decided at the end of the day matters only to days after it.
            decided = False
        found: list[tuple[LineVersion, Days]] = []
        for version in terms.line_versions(name, known):
            inside = version.days.meet(days)
            if not inside:
                continue
            if version.phase is None:
                found.append((version, inside))
                continue
            spells = [
                spell
                for phase, spell in self._rating.timeline.spells(known, decided)
                if phase == version.phase
            ]
            if version.line.kind == "clawback" and spells:
                # A clawback stays in force after its phase.
                spells = [Days(spells[0].start, date.max)]
            for spell in spells:
                part = spell.meet(inside)
                if part:
                    found.append((version, part))
        return tuple(sorted(found, key=lambda one: one[1]))

    def runs(self, name: str, days: Days) -> tuple[tuple[LineVersion, Days], ...]:
        """The days in force among `days`, as known on their last day."""
        return self.known(name, days.last, False, days) if days else ()

    def _assessed(self, name: str, period: Period) -> tuple[tuple[LineVersion, Days, Days], ...]:
        """The version, days and interval of each assessment of a line that is printed on a period."""
        found: list[tuple[LineVersion, Days, Days]] = []
        versions = self._terms.line_versions(name, period.days.last)
        units = dict.fromkeys(_unit(version.line) for version in versions if version.line.kind not in FEES)
        for unit in units:
            for whole in self._intervals(unit, period.days):
                inside = self._complete(name, unit, whole, period)
                if not inside or self._printed_before(name, unit, whole, period, inside[-1][1].last):
                    continue
                found.extend((version, days, whole) for version, days in inside)
        return tuple(sorted(found, key=lambda one: one[1]))

    def _complete(
        self, name: str, unit: str | None, whole: Days, period: Period
    ) -> list[tuple[LineVersion, Days]] | None:
        """The days in force in an interval; None where they do not end with the period, as it knows them."""
        inside = [
            one
            for one in self.known(name, period.days.last, True, whole)
            if _unit(one[0].line) == unit and one[0].line.kind not in FEES
        ]
        return None if inside and inside[-1][1].end > period.days.end else inside

    def _printed_before(self, name: str, unit: str | None, whole: Days, period: Period, last: date) -> bool:
        """Whether an earlier period knew that a line's interval was complete, and printed it.

        An amendment that ends a line with a period is not known on it, but on the next.
        """
        if last >= period.days.start:
            return False
        earlier = self._terms.periods(Days(last, period.days.start))
        return any(self._complete(name, unit, whole, one) for one in earlier)

    def _intervals(self, unit: str | None, days: Days) -> Iterator[Days]:
        """The intervals of a line that touch some days: the periods themselves, or those of `every`."""
        if unit is None or unit == self._terms.rhythm:
            yield from (period.whole for period in self._terms.periods(days))
        elif unit == "contract year":
            year = contract_year(self._terms.start, days.start)
            while year.start < days.end:
                yield year
                year = contract_year(self._terms.start, year.end)
        else:
            yield from intervals(unit, days, self._terms.first_day)

    def interval_of(self, name: str, day: date) -> Days:
        """The interval of a line that holds a day: its period, or that of `every`."""
        line = self._terms.latest(name)
        whole = self._terms.period(day).whole
        found = self._intervals(_unit(line), whole) if line is not None else iter(())
        return next((one for one in found if day in one), whole)

    def interval_before(self, name: str | None, days: Days, steps: int) -> Days | None:
        """The interval of a line so many steps before the one that some days lie in, None before the term."""
        line = self._terms.line_on(name, days.last) if name else None
        unit = _unit(line) if line is not None else None
        start = self._terms.start
        if unit == "contract year":
            at = contract_year(start, days.start)
            for _ in range(steps):
                if at.start <= start:
                    return None
                at = contract_year(start, date.fromordinal(at.start.toordinal() - 1))
            return at
        if unit is None or unit == self._terms.rhythm:
            before = self._terms.period_before(self._terms.period(days.start), steps)
            return before.days if before is not None else None
        at = interval(unit, days.start, self._terms.first_day)
        for _ in range(steps):
            if at.start <= start:
                return None
            at = interval(unit, date.fromordinal(at.start.toordinal() - 1), self._terms.first_day)
        return at if at.end > start else None

    # ---- cuts

    def cuts(self, version: LineVersion, days: Days) -> frozenset[date]:
        """The days on which a charge is cut: prices after `at`, amended figures, lines that read it.

        Tiers that count over a year are cut where a year begins.
        """
        line = version.line
        found: set[date] = set(self.cuts_on(line.name.text, days))
        priced = line.value
        while isinstance(priced, tree.Paren):
            priced = priced.value
        if isinstance(priced, tree.Priced) and priced.price is not None:
            found.update(self.price_changes(priced.price, days))
            over = getattr(priced.price, "over", None)
            if over is not None:
                found.update(borders(self._rating, over, days, partial(self._intervals, _unit(line))))
        for name in self._rating.measures_read(line.value):
            for changed in self._terms.measures.get(name, ()):
                if days.start < changed.start < days.end:
                    found.add(changed.start)
        return frozenset(found)

    def cuts_on(self, name: str, days: Days) -> frozenset[date]:
        """The first days, and the days after the last, of the intervals of the lines that read a line."""
        found: set[date] = set()
        readers = self._readers_of(name)
        for period in self._terms.periods(days) if readers else ():
            for reader in readers:
                for version, run in self.known(reader, period.days.last, False, days.meet(period.days)):
                    if version.line.kind in FEES or name not in self._lines_read(version.line):
                        continue
                    for whole in self._intervals(_unit(version.line), run):
                        part = whole.meet(run)
                        found.update(day for day in (part.start, part.end) if days.start < day < days.end)
        # A span may reach back to days before the line that reads over it: the contract says so before.
        for reader in readers:
            for declared, _ in self._terms.lines[reader]:
                line = declared.declared
                if line is not None and line.kind not in FEES and declared.start < days.end:
                    for span in self._spans_read(line, name):
                        assessed = partial(self._intervals, _unit(line))
                        found.update(borders(self._rating, span, days, assessed))
        return frozenset(found)

    def _readers_of(self, name: str) -> tuple[str, ...]:
        if self._readers is None:
            readers: dict[str, dict[str, None]] = {}
            for reader, versions in self._terms.lines.items():
                for version, _ in versions:
                    for read in self._lines_read(version.declared) if version.declared else ():
                        readers.setdefault(read, {})[reader] = None
            self._readers = {target: tuple(found) for target, found in readers.items()}
        return self._readers.get(name, ())

    def _lines_read(self, line: tree.Line) -> frozenset[str]:
        """The lines that a line is on, or names, itself or in a measure: it reads them over its days."""
        known = self._read.get(id(line))
        if known is None:
            rating = self._rating
            found = {one.text for one in line.on}
            found.update(rating.lines_named(line))
            for measure in rating.measures_read(line):
                for version in self._terms.measures[measure]:
                    found.update(rating.lines_named(version.declared) if version.declared else ())
            found.discard(line.name.text)
            known = frozenset(found)
            self._read[id(line)] = known
        return known

    def _spans_read(self, line: tree.Line, name: str) -> tuple[tree.SpanOfTime, ...]:
        known = self._spans.get((id(line), name))
        if known is None:
            known = self._spans[id(line), name] = spans_read(self._rating, line, name)
        return known

    def price_changes(self, expression: object, days: Days) -> tuple[date, ...]:
        """The days inside a span on which the rates and amounts that an expression reads change."""
        found: set[date] = set()
        for name in self._rating.prices_read(expression):
            days_of = self._rating.prices.changes(name, days.start, days.end)
            found.update(
                day for day in days_of if day not in found and self._rating.prices.differs(name, day)
            )
        return tuple(sorted(found))


def _unit(line: tree.Line) -> str | None:
    """The length of time that a line is assessed over, None where that is the period."""
    return LENGTHS.get(line.every.text, line.every.text) if line.every is not None else None
