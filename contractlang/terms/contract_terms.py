"""Versions of declarations by the day from which they are in force, and the periods of the term."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from contractlang.calendar import ONE_DAY, Days, interval, step
from contractlang.exact import Mode, minor_unit
from contractlang.frozen import dataclass
from contractlang.syntax import tree

Declared = TypeVar("Declared")
RHYTHMS = {"monthly": "month", "quarterly": "quarter", "yearly": "year", "weekly": "week"}


@dataclass(frozen=True, slots=True)
class Version(Generic[Declared]):
    """A declaration from a day on; `declared` is None from the day on which it was removed."""

    start: date
    declared: Declared | None
    amendment: str | None = None


@dataclass(frozen=True, slots=True)
class LineVersion:
    """A line from a day to before another, in its phase (None outside every phase)."""

    line: tree.Line
    phase: str | None
    days: Days
    amendment: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A period of invoicing: `whole` as the calendar has it, `days` as the term leaves it."""

    whole: Days
    days: Days

    @property
    def partial(self) -> bool:
        """Whether the term covers only part of it."""
        return self.whole != self.days


class ContractTerms:
    """The terms of a contract by date.

    `declarations` must have been checked: a header with term, rhythm, currency and VAT, and unique
    names. Asking for a day before the term gives the first version, so that a span which reaches
    back is measured with what the contract says.
    """

    def __init__(self, declarations: tuple[tree.AnyDeclaration, ...]) -> None:
        header = next(one for one in declarations if isinstance(one, tree.Contract))
        assert header.term is not None, "checked before"
        assert header.invoiced is not None, "checked before"
        self.header = header
        self.start = header.term.start
        self.rhythm = RHYTHMS[header.invoiced.rhythm.text]
        self.first_day = header.invoiced.first_day
        self.currency = header.currency.text if header.currency else ""
        self._ends: list[tuple[date, date]] = [(date.min, header.term.end)]
        self._vat: list[tuple[date, tree.Vat]] = [(date.min, header.vat)] if header.vat else []
        self._payment: list[tuple[date, tree.Payment]] = (
            [(date.min, header.payment)] if header.payment else []
        )
        self.measures: dict[str, list[Version[tree.Measure]]] = {}
        self.prices: dict[str, list[Version[tree.Price]]] = {}
        self.windows: dict[str, list[Version[tree.Window]]] = {}
        self.indices: dict[str, list[Version[tree.Index]]] = {}
        self.tables: dict[str, tree.Usage] = {}
        self.phases: dict[str, list[Version[tree.Phase]]] = {}
        self.transitions: dict[str, list[Version[tuple[tree.Transition, ...]]]] = {}
        self.lines: dict[str, list[tuple[Version[tree.Line], str | None]]] = {}
        self.tests: list[tree.Test] = []
        self.invariants: list[tree.Invariant] = []
        self.amendments: list[tree.Amendment] = []
        for one in declarations:
            self._declare(one, date.min, None)
        amendments = [one for one in declarations if isinstance(one, tree.Amendment)]
        # Of two amendments of one day the later written prevails; sorting keeps the order written.
        self.amendments = sorted(amendments, key=lambda one: one.effective)
        for amendment in self.amendments:
            self._amend(amendment)
        self.line_order = self._order()
        self.period = lru_cache(maxsize=None)(self._period)
        self.line_versions = lru_cache(maxsize=None)(self._line_versions)

    def _order(self) -> tuple[str, ...]:
        """The lines in the order written; one that an amendment adds to a phase follows the phase's own."""
        order: list[str] = []
        for name, versions in self.lines.items():
            phase = versions[0][1]
            of_phase = [at for at, other in enumerate(order) if self.lines[other][0][1] == phase]
            added = phase is not None and versions[0][0].amendment is not None and of_phase
            order.insert(of_phase[-1] + 1 if added else len(order), name)
        return tuple(order)

    # ---- building

    def _declare(self, one: tree.AnyDeclaration, start: date, amendment: str | None) -> None:
        if isinstance(one, tree.Measure):
            self.measures.setdefault(one.name.text, []).append(Version(start, one, amendment))
        elif isinstance(one, tree.Price):
            self.prices.setdefault(one.name.text, []).append(Version(start, one, amendment))
        elif isinstance(one, tree.Window):
            self.windows.setdefault(one.name.text, []).append(Version(start, one, amendment))
        elif isinstance(one, tree.Index):
            self.indices.setdefault(one.name.text, []).append(Version(start, one, amendment))
        elif isinstance(one, tree.Usage):
            self.tables[one.name.text] = one
        elif isinstance(one, tree.Line):
            self._declare_line(one, None, start, amendment)
        elif isinstance(one, tree.Phase):
            self._declare_phase(one, start, amendment)
        elif isinstance(one, tree.Test):
            self.tests.append(one)
        elif isinstance(one, tree.Invariant):
            self.invariants.append(one)

    def _declare_line(self, line: tree.Line, phase: str | None, start: date, amendment: str | None) -> None:
        self.lines.setdefault(line.name.text, []).append((Version(start, line, amendment), phase))

    def _declare_phase(self, phase: tree.Phase, start: date, amendment: str | None) -> None:
        name = phase.name.text
        for line in phase.lines:
            self._declare_line(line, name, start, amendment)
        before = self.transitions.get(name, [])
        ways = phase.transitions
        if before:
            targets = {way.to.text for way in ways}
            kept = tuple(way for way in before[-1].declared or () if way.to.text not in targets)
            ways = (*kept, *ways)
            for item in phase.items:
                if isinstance(item, tree.Remove):
                    self._remove(item.name.text, start, amendment)
        self.transitions.setdefault(name, []).append(Version(start, ways, amendment))
        self.phases.setdefault(name, []).append(Version(start, phase, amendment))

    def _amend(self, amendment: tree.Amendment) -> None:
        day, label = amendment.effective, amendment.label
        if amendment.term is not None:
            self._ends.append((day, amendment.term.end))
        if amendment.vat is not None:
            self._vat.append((day, amendment.vat))
        if amendment.payment is not None:
            self._payment.append((day, amendment.payment))
        for item in amendment.items:
            if isinstance(item, tree.Remove):
                self._remove(item.name.text, day, label)
            elif isinstance(item, tree.Line) and item.name.text in self.lines:
                # A replacement stands where the declaration stood: in the same phase.
                self._declare_line(item, self.lines[item.name.text][-1][1], day, label)
            else:
                self._declare(item, day, label)

    def _remove(self, name: str, day: date, amendment: str | None) -> None:
        if name in self.lines:
            self.lines[name].append((Version(day, None, amendment), self.lines[name][-1][1]))
        for versions in (self.measures, self.prices, self.windows, self.indices):
            if name in versions:
                versions[name].append(Version(day, None, amendment))

    # ---- asking

    def measure(self, name: str, day: date) -> tree.Measure | None:
        """The measure of that name in force on a day, None where there is none (then)."""
        return _on(self.measures.get(name, ()), day)

    def price(self, name: str, day: date) -> tree.Price | None:
        """The rate or amount of that name in force on a day."""
        return _on(self.prices.get(name, ()), day)

    def price_version(self, name: str, day: date) -> Version[tree.Price] | None:
        """The same with the day from which that version counts."""
        return _version_on(self.prices.get(name, ()), day)

    def transitions_of(self, phase: str) -> list[Version[tuple[tree.Transition, ...]]]:
        """The ways out of a phase, by the day from which they count."""
        return self.transitions.get(phase, [])

    @property
    def first_phase(self) -> str | None:
        """The phase in force on the first day of the term."""
        return next(iter(self.phases), None)

    def term(self, known: date) -> Days:
        """The days of the contract as the amendments effective up to a day leave them."""
        end = self._ends[0][1]
        for day, restated in self._ends[1:]:
            if day <= known:
                end = restated
        return Days(self.start, end)

    @cached_property
    def whole_term(self) -> Days:
        """The days of the contract with every amendment."""
        return Days(self.start, self._ends[-1][1])

    def vat_percent(self, day: date, known: date) -> Decimal:
        """The header's rate of VAT on a day, as written (20 for 20%), by the amendments known on another."""
        found = Decimal(0)
        for start, vat in self._vat:
            if start > min(day, known):
                continue
            if vat.percent is not None:
                found = vat.percent
            for row in sorted(vat.dated, key=lambda one: one.start):
                if row.start <= day and isinstance(row.value, tree.Percent):
                    found = row.value.value
        return found

    def payment(self, day: date) -> tree.Payment | None:
        """The terms of payment on a day."""
        found = None
        for start, restated in self._payment:
            if start <= day:
                found = restated
        return found

    @property
    def rounding(self) -> tuple[Mode, Fraction]:
        """How a line is rounded: the header's mode and step, or half_up to the minor unit."""
        clause = self.header.rounding
        if clause is None:
            return "half_up", minor_unit(self.currency)
        return clause.mode, Fraction(clause.step.value)

    # ---- periods

    def _period(self, day: date) -> Period:
        """The period that holds a day of the term."""
        whole = interval(self.rhythm, day, self.first_day)
        return Period(whole, whole.meet(self.term(whole.last)))

    def periods(self, days: Days) -> Iterator[Period]:
        """The periods that hold any of some days of the term, in order."""
        day = max(days.start, self.start)
        end = min(days.end, self.whole_term.end)
        while day < end:
            period = self.period(day)
            if not period.days:
                return
            yield period
            day = period.whole.end

    def period_before(self, period: Period, count: int) -> Period | None:
        """The period so many periods earlier, None before the term."""
        whole = step(self.rhythm, period.whole, -count, self.first_day)
        if whole.end <= self.start:
            return None
        return self.period(max(whole.start, self.start))

    # ---- lines

    def _line_versions(self, name: str, known: date) -> tuple[LineVersion, ...]:
        """The versions of a line as the amendments effective up to a day leave them, in order."""
        found: list[LineVersion] = []
        versions = [one for one in self.lines.get(name, ()) if one[0].start <= known]
        for index, (version, phase) in enumerate(versions):
            end = versions[index + 1][0].start if index + 1 < len(versions) else date.max
            if version.declared is None or version.start >= end:
                continue
            days = Days(version.start, end)
            line = version.declared
            if line.start is not None:
                days = Days(max(days.start, line.start), days.end)
            if line.until is not None:
                days = Days(days.start, min(days.end, line.until + ONE_DAY))
            if days:
                found.append(LineVersion(line, phase, days, version.amendment))
        return tuple(found)

    def line_on(self, name: str, day: date) -> tree.Line | None:
        """The version of a line that counts on a day: the last one declared by then, else the first."""
        found = None
        for version, _ in self.lines.get(name, []):
            if version.declared is not None and (found is None or version.start <= day):
                found = version.declared
        return found

    def latest(self, name: str) -> tree.Line | None:
        """The last version of a line, for what does not depend on a day: its kind, its place."""
        for version, _ in reversed(self.lines.get(name, [])):
            if version.declared is not None:
                return version.declared
        return None


def _version_on(versions: "list[Version[Declared]] | tuple[()]", day: date) -> Version[Declared] | None:
    found: Version[Declared] | None = None
    for version in versions:
        if version.start <= day or found is None:
            found = version if version.start <= day or version.start == date.min else found
    return found


def _on(versions: "list[Version[Declared]] | tuple[()]", day: date) -> Declared | None:
    version = _version_on(versions, day)
    return version.declared if version else None
