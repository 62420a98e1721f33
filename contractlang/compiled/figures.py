"""Figures as generated code: supplied ones read once, formulas computed, rounded and held to their range.

A figure is known by its name for the period itself, by name and offset for an earlier one:
`("satisfaction", -1)` is that of the period before. As in `rating.figures`, quantities of several periods
add up, anything else is read only for exactly the days it is supplied for.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from contractlang.calendar import Days
from contractlang.compiled.values import (
    NO_DATA,
    NoData,
    NotCompiledError,
    Num,
    RefusedError,
    Truth,
    Value,
)
from contractlang.kinds import Kind
from contractlang.lines.frame import Frame
from contractlang.syntax import tree
from contractlang.terms import Period

if TYPE_CHECKING:
    from contractlang.compiled.compilation import Compilation

Key: TypeAlias = str | tuple[str, int]
"""A figure of the period, or of one so many periods before: `("handled", -1)`."""

MOST_PERIODS = 120
"""How far back a figure is looked for."""


class Figures:
    """Writes the code of measures, each once on every way that leads to it."""

    def __init__(self, compilation: "Compilation") -> None:
        self._all = compilation
        self._asked: list[tuple[int, Frame]] = []
        self.read: dict[Key, str] = {}
        self.given: dict[Key, Num] = {}

    def measure(self, name: str, frame: Frame) -> Value:
        """The figure of that name over the frame's days."""
        measure = self._all.rating.terms.measure(name, frame.on_day)
        if measure is None:
            raise RefusedError(f'the measure "{name}" is not in force on {frame.on_day}')
        key = (id(measure), replace(frame, figure=None))
        found = self._all.source.remembered(key)
        if found is None:
            if key in self._asked:
                raise RefusedError("these figures need one another")
            self._asked.append(key)
            try:
                found = self._measure(measure, frame)
            finally:
                self._asked.pop()
            self._all.source.remember(key, found)
        assert isinstance(found, (Num, Truth, NoData)), "only values are remembered under a frame"
        self._all.reasons.figure(measure, self._all.rating.measure_kind(measure), found, frame.days)
        return found

    def _measure(self, measure: tree.Measure, frame: Frame) -> Value:
        if not frame.days:
            return NO_DATA
        rating, source = self._all.rating, self._all.source
        kind = rating.measure_kind(measure)
        value, stands_in = self._value(measure, kind, frame)
        if measure.when is not None and not stands_in and not isinstance(value, NoData):
            before = value
            asked = self._all.expressions.truth(measure.when, frame)
            value = source.pick([(asked.code, lambda: before), (None, lambda: NO_DATA)])
        if measure.rounding is not None and isinstance(value, Num):
            size, mode = rating.number(measure.rounding.step), measure.rounding.mode
            value = source.known(lambda one: self._all.arithmetic.rounded(_number(one), size, mode), value)
        if isinstance(value, Num):
            self._in_range(measure, value, frame)
        return value

    def _in_range(self, measure: tree.Measure, value: Num, frame: Frame) -> None:
        terms, arithmetic = self._all.rating.terms, self._all.arithmetic
        if measure.between is None or not terms.period(max(frame.days.start, terms.start)).whole.covers(
            frame.days
        ):
            return
        low, high = (self._all.expressions.value(bound, frame) for bound in measure.between)
        if not isinstance(low, Num) or not isinstance(high, Num) or low.unsure or high.unsure:
            raise NotCompiledError(f'the range of "{measure.name}" depends on figures')
        tests = [arithmetic.compare(value.sure, "<", low), arithmetic.compare(value.sure, ">", high)]
        wrong = [one.code for one in tests if one.constant is not False]
        if any(one.constant for one in tests):
            raise RefusedError(f'"{measure.name}" is outside its range')
        if wrong:
            test = " or ".join(wrong)
            test = f"not {value.absent} and ({test})" if value.unsure else test
            self._all.source.put(f"if {test}: raise Doubt")

    # ---- supplied or computed

    def _value(self, measure: tree.Measure, kind: Kind, frame: Frame) -> tuple[Value, bool]:
        """The value before its condition and its rounding, and whether it stands in for the formula."""
        rating = self._all.rating
        additive = kind.what == "number" and kind.unit.single is not None and not measure.not_added
        given = [
            (offset, period)
            for offset, period in self.periods(frame.days)
            if self._all.is_given(measure, offset)
        ]
        if given:
            if additive:
                return self._tiled(measure, kind, frame, given)
            exact = [one for one in given if one[1].days == frame.days]
            if exact:
                return self.supplied(measure, kind, exact[0][0]), True
            if measure.not_added:
                if len(given) == 1 and given[0][1].days.covers(frame.days):
                    return self.supplied(measure, kind, given[0][0]), True
                raise RefusedError(f'"{measure.name}" is not added up')
        computed = measure.formula is not None and not rating.tables_in(measure.formula)
        if measure.formula is not None and (computed or measure.otherwise is None):
            return self._all.expressions.value(measure.formula, frame), False
        if measure.otherwise is not None and not given:
            return self._otherwise(measure, frame, additive), True
        raise RefusedError(f'the figure "{measure.name}" is missing for {frame.days}')

    def _tiled(
        self, measure: tree.Measure, kind: Kind, frame: Frame, given: list[tuple[int, Period]]
    ) -> tuple[Value, bool]:
        """A quantity or money over days that its supplied figures must tile."""
        parts: list[Value] = []
        reached = frame.days.start
        for offset, period in given:
            part = period.days.meet(frame.days)
            if part.start > reached:
                parts.append(self._between(measure, frame.over(Days(reached, part.start))))
            value = self.supplied(measure, kind, offset)
            if part != period.days:
                if not measure.prorated_by_day:
                    raise RefusedError(
                        f'"{measure.name}" is supplied for {period.days} and asked for in parts'
                    )
                value = self._all.expressions.scaled(value, Fraction(part.count, period.days.count))
            parts.append(value)
            reached = part.end
        if reached < frame.days.end:
            parts.append(self._between(measure, frame.over(Days(reached, frame.days.end))))
        total = parts[0]
        for one in parts[1:]:
            total = self._all.source.known(
                lambda a, b: self._all.arithmetic.add(_number(a), _number(b)), total, one
            )
        return total, len(parts) == 1 and measure.formula is not None

    def _between(self, measure: tree.Measure, frame: Frame) -> Value:
        """What stands for a gap between supplied figures."""
        if measure.formula is not None and not self._all.rating.tables_in(measure.formula):
            return self._all.expressions.value(measure.formula, frame)
        if measure.otherwise is not None:
            return self._otherwise(measure, frame, True)
        raise RefusedError(f'the figure "{measure.name}" is missing for {frame.days}')

    def _otherwise(self, measure: tree.Measure, frame: Frame, additive: bool) -> Value:
        value = self._all.expressions.value(measure.otherwise, frame)
        periods = sum(1 for _ in self._all.rating.terms.periods(frame.days))
        return value.times(Fraction(max(periods, 1))) if additive and isinstance(value, Num) else value

    def heads(self, quantity: object, frame: Frame, of: Days) -> Value | None:
        """A figure that is not added up, by its days of the period; None for any other quantity."""
        while isinstance(quantity, tree.Paren):
            quantity = quantity.value
        if not isinstance(quantity, tree.Reference):
            return None
        measure = self._all.rating.terms.measure(quantity.name.text, frame.on_day)
        if measure is None or not measure.not_added or measure.formula is not None:
            return None
        kind = self._all.rating.measure_kind(measure)
        parts: list[Num] = []
        for offset, period in self.periods(frame.days):
            days = period.days.meet(frame.days)
            if self._all.is_given(measure, offset):
                value = self.supplied(measure, kind, offset)
            elif measure.otherwise is None:
                raise RefusedError(f'the figure "{measure.name}" is missing for {days}')
            elif len(self.periods(frame.days)) > 1:
                raise NotCompiledError(f'"{measure.name}" is missing for some of the days that count heads')
            else:
                value = self._otherwise(measure, frame, False)
            part = self._all.expressions.scaled(value, Fraction(days.count, of.count))
            if not isinstance(part, Num):
                return NO_DATA
            parts.append(part)
            self._all.reasons.figure(measure, kind, value, days)
        return self._all.arithmetic.total(parts)

    # ---- what is read

    def periods(self, days: Days) -> list[tuple[int, Period]]:
        """The periods that hold any of some days, with how many periods they are from this one."""
        found = []
        for period in self._all.rating.terms.periods(days):
            offset = self._offset(period)
            if offset is None:
                raise NotCompiledError(f"{period.days} is read, long before or after {self._all.period.days}")
            found.append((offset, period))
        return found

    def _offset(self, period: Period) -> int | None:
        at: Period | None = self._all.period
        for back in range(MOST_PERIODS):
            if at is None or at.whole.start < period.whole.start:
                return None
            if at.whole == period.whole:
                return -back
            at = self._all.rating.terms.period_before(self._all.period, back + 1)
        return None

    def supplied(self, measure: tree.Measure, kind: Kind, offset: int) -> Value:
        """A figure that the caller gives, read at the top of the function."""
        name = measure.name.text
        key: Key = (name, offset) if offset else name
        if key in self._all.no_data:
            return NO_DATA
        if kind.what not in ("number", "boolean"):
            raise NotCompiledError(f'"{name}" is neither a number nor a yes/no')
        at = self.read.setdefault(key, str(len(self.read)))
        self._all.units[key] = (
            (kind.scale.text if kind.scale is not None else "") if kind.is_number else "yes/no"
        )
        if kind.what == "boolean":
            return Truth(f"x{at}")
        return self.given.setdefault(key, Num(scale_of(kind), f"n{at}", f"d{at}_"))

    def reading(self) -> list[str]:
        """The statements that read what the caller gives; what is no exact number is a doubt."""
        found = []
        for key, at in self.read.items():
            found.append(f"x{at} = given[{key!r}]")
            if self._all.units[key] == "yes/no":
                found.append(f"if x{at}.__class__ is not bool: raise Doubt")
            else:
                found.append(f"n{at}, d{at}_ = RATIO[x{at}.__class__](x{at})")
        return found


def scale_of(kind: Kind) -> Fraction:
    """What one of the unit is, in base dimensions, in which the figures of a measure are given."""
    return kind.scale.factor if kind.scale is not None else Fraction(1)


def names(given: Mapping[Key, object]) -> frozenset[str]:
    """The names of some figures, whatever their periods."""
    return frozenset(key if isinstance(key, str) else key[0] for key in given)


def _number(value: Value) -> Num:
    assert isinstance(value, Num), "a figure that is rounded or added up is a number"
    return value
