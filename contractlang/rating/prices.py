"""Rates and amounts on a day: constants, dated values, and revision on an index.

The coefficient of an index is computed from P0, rounded, then held to the tunnel, then to the ceiling
(rulings, "Lines"). It changes at the anniversaries of the term that come after the price came into force.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.calendar import MONTHS, add_months, one_day
from contractlang.exact import round_to
from contractlang.lines.frame import Frame, LineError, fail, words
from contractlang.measuring.series import Month, Series
from contractlang.syntax import tree
from contractlang.text import Span
from contractlang.trace import Quantity, Step, Value

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


class Prices:
    """The rates and amounts of a contract, by day."""

    def __init__(self, rating: "Rating") -> None:
        self._rating = rating

    def price(self, name: str, frame: Frame, span: Span) -> Step:
        """The price in force on the frame's day of terms."""
        terms = self._rating.terms
        version = terms.price_version(name, frame.on_day)
        if version is None or version.declared is None:
            raise fail("CL940", f'no "{name}" is in force on {frame.on_day}', span)
        price = version.declared
        start = max(version.start, terms.start)
        value = price.formula
        if price.dated:
            row = None
            for dated in sorted(price.dated, key=lambda one: one.start):
                if dated.start <= frame.on_day:
                    row = dated
            if row is None:
                raise fail(
                    "CL941",
                    f'"{name}" has no value on {frame.on_day}; the first starts on {price.dated[0].start}',
                    price.span,
                    "add a row that starts earlier",
                )
            value, start = row.value, max(row.start, start)
        if value is None:
            raise fail("CL942", f'"{name}" has no value', price.span)
        step = self._rating.evaluate(value, frame)
        if price.indexed is not None:
            step = self._revised(price, price.indexed, start, step, frame)
        scale = step.scale or self._rating.price_scale(price)
        # A revised price holds from its anniversary on, not from the day of the price that was agreed.
        since = step.fact("anniversary") if step.kind == "index" else start
        return Step("price", step.value, name, scale, price.span, (("from", since),), (step,))

    def changes(self, name: str, start: date, end: date) -> Iterator[date]:
        """The days after `start` and before `end` on which a price changes."""
        terms = self._rating.terms
        for version in terms.prices.get(name, ()):
            if start < version.start < end:
                yield version.start
            if version.declared is None:
                continue
            for row in version.declared.dated:
                if start < row.start < end:
                    yield row.start
            if version.declared.indexed is not None:
                for day in self._anniversaries(version.declared.indexed, end):
                    if start < day:
                        yield day

    def differs(self, name: str, day: date) -> bool:
        """Whether a price is another one on a day than on the day before, as far as the contract says it."""
        before, after = (self._constant(name, one) for one in (date.fromordinal(day.toordinal() - 1), day))
        return before is None or before != after

    def _constant(self, name: str, day: date) -> Value:
        """The price on a day, None where it depends on a figure or a column, or there is none."""
        price = self._rating.terms.price(name, day)
        if (
            price is None
            or self._rating.reading.varies(price)
            or any(isinstance(one, tree.ByValue) for one in _values(price))
        ):
            return None
        try:
            return self.price(name, Frame(one_day(day), day), price.span).value
        except LineError:
            return None

    # ---- indices

    def _anniversaries(self, indexed: tree.Indexation, end: date) -> Iterator[date]:
        every = indexed.every.text if indexed.every is not None else "year"
        months = 12 if every in ("year", "contract year") else MONTHS.get(every, 12)
        first = self._rating.terms.start
        count = 1
        while (day := add_months(first, count * months)) < end:
            yield day
            count += 1

    def _revised(
        self, price: tree.Price, indexed: tree.Indexation, start: date, step: Step, frame: Frame
    ) -> Step:
        anniversary = None
        for day in self._anniversaries(
            indexed, date.max if frame.on_day == date.max else _after(frame.on_day)
        ):
            if day > start:
                anniversary = day
        if anniversary is None:
            return step
        series = self._series(indexed, frame.on_day)
        if indexed.base is None:
            raise fail(
                "CL943",
                f'the index of "{price.name}" has no base month',
                indexed.span,
                "write `base 2024-01`",
            )
        base_month = (indexed.base.start.year, indexed.base.start.month)
        lag = indexed.lag.count * MONTHS.get(indexed.lag.unit, 1) if indexed.lag is not None else 0
        shifted = add_months(anniversary.replace(day=1), -lag)
        month = (shifted.year, shifted.month)
        s0, s = self._value(series, base_month, indexed), self._value(series, month, indexed)
        fixed = Fraction(indexed.fixed_part) / 100
        exact = fixed + (1 - fixed) * s / s0
        coefficient = exact
        if indexed.coefficient is not None:
            coefficient = round_to(
                exact, self._rating.number(indexed.coefficient.step), indexed.coefficient.mode
            )
        rounded = coefficient
        if (
            indexed.unchanged_within is not None
            and abs(coefficient - 1) <= Fraction(indexed.unchanged_within) / 100
        ):
            coefficient = Fraction(1)
        if indexed.at_most is not None:
            coefficient = min(coefficient, 1 + Fraction(indexed.at_most) / 100)
        for used in (base_month, month):
            if used in series.provisional:
                self._rating.warn_provisional(series.name, used, indexed.span)
        value = step.value * coefficient if isinstance(step.value, Fraction) else None
        p0 = Quantity(step.value if isinstance(step.value, Fraction) else None, step.scale)
        facts = (
            ("index", indexed.index.text), ("anniversary", anniversary), ("base", base_month), ("s0", s0),
            ("month", month), ("s", s), ("fixed", fixed), ("exact", exact), ("rounded", rounded),
            ("coefficient", coefficient), ("p0", p0),
            ("rounding", words(indexed.coefficient) if indexed.coefficient else ""),
        )  # fmt: skip
        return Step("index", value, words(indexed), step.scale, indexed.span, facts, (step,))

    def _series(self, indexed: tree.Indexation, day: date) -> Series:
        name = indexed.index.text
        declared = None
        for version in self._rating.terms.indices.get(name, ()):
            if version.start <= day:
                declared = version.declared
        if declared is None:
            raise fail("CL944", f'no index is called "{name}"', indexed.index.span)
        return self._rating.series(declared)

    def _value(self, series: Series, month: Month, indexed: tree.Indexation) -> Fraction:
        value = series.values.get(month)
        if value is None:
            raise fail(
                "CL945",
                f'the index "{indexed.index}" has no value for {month[0]}-{month[1]:02d}',
                indexed.span,
                f"add the published value of that month to {series.name}",
            )
        return value


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _values(price: tree.Price) -> Iterator[object]:
    yield price.formula
    yield from (row.value for row in price.dated)
