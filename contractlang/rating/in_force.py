"""On which days a line is in force, the intervals it is assessed for, and where it is cut.

A line is assessed over the days on which it is in force inside its interval (language design,
section 4). Nothing here computes an amount.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from contractlang.calendar import Days, contract_year, interval, intervals
from contractlang.lines import FEES
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
        line = self._terms.latest(name)
        if line is None or line.kind in FEES:
            return ()
        for whole in self._intervals(name, period):
            until = whole.meet(Days(whole.start, period.days.end))
            inside = self.known(name, period.days.last, True, whole)
            if not inside or inside[-1][1].last not in period.days:
                continue
            for version, days in inside:
                # What is in force after the period is not known on it; what ends on it is complete.
                part = days.meet(until)
                if part:
                    found.append((version, part, whole))
        return tuple(found)

    def _intervals(self, name: str, period: Period) -> Iterator[Days]:
        """The intervals of a line that touch a period: the period itself, or those of `every`."""
        line = self._terms.latest(name)
        every = line.every.text if line is not None and line.every is not None else None
        if every is None:
            yield period.whole
            return
        unit = LENGTHS.get(every, every)
        if unit == "contract year":
            years = {contract_year(self._terms.start, day) for day in (period.days.start, period.days.last)}
            yield from sorted(years)
            return
        if unit == self._terms.rhythm:
            yield period.whole
            return
        yield from intervals(unit, period.days, self._terms.first_day)

    def interval_before(self, name: str | None, days: Days, steps: int) -> Days | None:
        """The interval of a line so many steps before the one that some days lie in, None before the term."""
        line = self._terms.latest(name) if name else None
        every = line.every.text if line is not None and line.every is not None else None
        unit = LENGTHS.get(every, every) if every else None
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
        """The days on which a charge is cut: prices after `at`, amended figures, lines that are on it."""
        line = version.line
        found: set[date] = set(self.cuts_on(line.name.text, days))
        priced = line.value
        while isinstance(priced, tree.Paren):
            priced = priced.value
        if isinstance(priced, tree.Priced) and priced.price is not None:
            found.update(self.price_changes(priced.price, days))
        for name in self._rating.measures_read(line.value):
            for changed in self._terms.measures.get(name, ()):
                if days.start < changed.start < days.end:
                    found.add(changed.start)
        return frozenset(found)

    def cuts_on(self, name: str, days: Days) -> frozenset[date]:
        """The first days, and the days after the last, of the assessments of the lines that are on a line."""
        found: set[date] = set()
        for reader in self._on(name):
            for period in self._terms.periods(days):
                for _, part, _ in self.assessed(reader, period):
                    found.update(day for day in (part.start, part.end) if days.start < day < days.end)
        return frozenset(found)

    def _on(self, name: str) -> tuple[str, ...]:
        if self._readers is None:
            readers: dict[str, list[str]] = {}
            for reader, versions in self._terms.lines.items():
                targets = {
                    one.text for version, _ in versions if version.declared for one in version.declared.on
                }
                for target in targets:
                    readers.setdefault(target, []).append(reader)
            self._readers = {target: tuple(found) for target, found in readers.items()}
        return self._readers.get(name, ())

    def price_changes(self, expression: object, days: Days) -> tuple[date, ...]:
        """The days inside a span on which the rates and amounts that an expression reads change."""
        found: set[date] = set()
        for name in self._rating.prices_read(expression):
            found.update(self._rating.prices.changes(name, days.start, days.end))
        return tuple(sorted(found))
