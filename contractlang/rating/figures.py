"""Figures: the value of a measure over some days, supplied, or by its formula, or no data.

Supplied figures must tile the span that is asked; a percent, a plain number or a compound unit is read
only for exactly the span it is supplied for; a figure that is missing is an error, never a zero
(rulings, "Figures").
"""

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.calendar import Days, interval
from contractlang.diagnostics import Label, Place, error
from contractlang.exact import Mode, round_to
from contractlang.frozen import replace
from contractlang.kinds import Kind
from contractlang.lines.frame import Frame, LineError, fail, failed, words
from contractlang.measuring.usage import SuppliedFigure
from contractlang.rating.spells import added
from contractlang.syntax import tree
from contractlang.text import Span
from contractlang.trace import Quantity, Step, Value

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


class Figures:
    """The measures of a contract, evaluated against one usage."""

    def __init__(self, rating: "Rating") -> None:
        self._rating = rating
        self._known: dict[tuple[int, Frame], Step | LineError] = {}
        self._asked: list[tuple[str, Frame]] = []

    def measure(self, name: str, frame: Frame, span: Span) -> Step:
        """The figure of that name over the frame's days."""
        measure = self._rating.terms.measure(name, frame.on_day)
        if measure is None:
            raise fail("CL912", f'the measure "{name}" is not in force on {frame.on_day}', span)
        # What a band's row reads of its own figure does not reach into a measure.
        frame = replace(frame, figure=None) if frame.figure is not None else frame
        key = (id(measure), frame)
        found = self._known.get(key)
        if isinstance(found, LineError):
            raise found
        if found is None:
            asked = (name, frame)
            if asked in self._asked:
                circle = " → ".join([*(one for one, _ in self._asked[self._asked.index(asked) :]), name])
                raise fail("CL913", f"these figures need one another: {circle}", measure.span)
            self._asked.append(asked)
            try:
                found = self._measure(measure, frame)
            except LineError as fault:
                self._known[key] = fault
                raise
            finally:
                self._asked.pop()
            self._known[key] = found
        return found

    def _measure(self, measure: tree.Measure, frame: Frame) -> Step:
        if not frame.days:
            return Step("no data", None, measure.name.text, span=measure.span, facts=(("cause", "no days"),))
        kind = self._rating.measure_kind(measure)
        step = self._value(measure, kind, frame)
        value = step.value
        children: tuple[Step, ...] = (step,)
        # A figure that is supplied stands in for its formula, sample and all.
        stands_in = measure.formula is not None and step.kind == "supplied"
        if measure.when is not None and value is not None and not stands_in:
            asked = self._rating.condition(measure.when, frame)
            children = (*children, asked)
            if asked.value is not True:
                value = None
        if measure.rounding is not None and isinstance(value, Fraction):
            rounding = measure.rounding
            size = self._rating.number(rounding.step)
            mode: Mode = rounding.mode
            before, value = value, round_to(value, size, mode)
            facts = (
                ("mode", mode),
                ("step", Quantity(size, kind.scale)),
                ("before", Quantity(before, kind.scale)),
            )
            rounded = Step("rounded", value, measure.name.text, kind.scale, rounding.span, facts, children)
            children = (rounded,)
        if isinstance(value, Fraction):
            self._in_range(measure, value, kind, frame)
        return Step(
            "figure", value, measure.name.text, kind.scale, measure.span, (("days", frame.days),), children
        )

    def _in_range(self, measure: tree.Measure, value: Fraction, kind: Kind, frame: Frame) -> None:
        # A range is that of one period: a sum over several may well leave it.
        if measure.between is None or not self._rating.terms.period(
            max(frame.days.start, self._rating.terms.start)
        ).whole.covers(frame.days):
            return
        low, high = (self._rating.constant(bound, frame) for bound in measure.between)
        if low is not None and high is not None and not low <= value <= high:
            shown = self._rating.show(value, kind.scale)
            raise fail(
                "CL914",
                f'"{measure.name}" is {shown} over {frame.days}, outside the range in the contract',
                measure.span,
                "correct the figure, or the range",
            )

    # ---- supplied or computed

    def _value(self, measure: tree.Measure, kind: Kind, frame: Frame) -> Step:
        supplied = self._supplied(measure, frame)
        additive = kind.what == "number" and _additive(kind) and not measure.not_added
        if frame.spells and additive and (supplied or measure.formula is None):
            return added(lambda one: self._value(measure, kind, one), frame, measure.name.text, measure.span)
        if supplied:
            self._refuse_both(measure, supplied)
            if additive:
                return self._tiled(measure, kind, frame, supplied)
            exact = [one for one in supplied if self._clipped(one) == frame.days and not frame.spells]
            if exact:
                return self._single(measure, kind, frame, exact[0])
            if measure.not_added:
                return self._level(measure, kind, frame, supplied)
        given = measure.formula is not None and self._can_compute(measure.formula)
        if measure.formula is not None and (given or measure.otherwise is None):
            return self._rating.evaluate(measure.formula, frame)
        if measure.otherwise is not None and not supplied:
            return self._otherwise(measure, kind, frame, additive)
        raise self._missing(measure, frame, supplied)

    def _supplied(self, measure: tree.Measure, frame: Frame) -> list[SuppliedFigure]:
        """The supplied figures of a measure that touch the days, in the order of their days."""
        found = self._rating.usage.figures.get(measure.name.text, ())
        if frame.group is not None:
            grouped = [one for one in found if one.group == frame.group[1] and one.group is not None]
            found = tuple(grouped)
        elif any(one.group is not None for one in found):
            return self._summed_groups(measure, frame, found)
        touching = [one for one in found if self._clipped(one).meet(frame.days)]
        return sorted(touching, key=lambda one: one.days)

    def _summed_groups(
        self, measure: tree.Measure, frame: Frame, found: Sequence[SuppliedFigure]
    ) -> list[SuppliedFigure]:
        """Figures given by value of a column, added up for a reader of the whole."""
        whole: dict[Days, SuppliedFigure] = {}
        for one in found:
            if not self._clipped(one).meet(frame.days):
                continue
            before = whole.get(one.days)
            value = one.value
            if before is not None:
                value = (
                    None
                    if before.value is None or value is None
                    else Fraction(before.value) + Fraction(value)
                )
            whole[one.days] = SuppliedFigure(one.days, value, one.text, one.where)
        return [whole[days] for days in sorted(whole)]

    def _clipped(self, figure: SuppliedFigure) -> Days:
        return figure.days.meet(self._rating.terms.whole_term)

    def _tiled(self, measure: tree.Measure, kind: Kind, frame: Frame, supplied: list[SuppliedFigure]) -> Step:
        """A quantity or money over days that its supplied figures must tile."""
        total: Fraction | None = Fraction(0)
        steps: list[Step] = []
        reached = frame.days.start
        for one in supplied:
            days = self._clipped(one)
            part = days.meet(frame.days)
            if part.start > reached:
                steps.append(self._between(measure, kind, frame, Days(reached, part.start), supplied))
                total = _plus(total, steps[-1].value)
            elif part.start < reached:
                raise self._overlap(measure, one, supplied)
            value: Value = one.value
            facts: tuple[tuple[str, object], ...] = (("days", days), ("where", one.where), ("text", one.text))
            if part != days:
                if not measure.prorated_by_day:
                    raise self._in_parts(measure, one, frame)
                if isinstance(value, Fraction):
                    value = value * part.count / days.count
                facts = (*facts, ("part", part.count), ("of", days.count))
            steps.append(Step("supplied", value, measure.name.text, kind.scale, _span(one), facts))
            total = _plus(total, value)
            reached = part.end
        if reached < frame.days.end:
            steps.append(self._between(measure, kind, frame, Days(reached, frame.days.end), supplied))
            total = _plus(total, steps[-1].value)
        if len(steps) == 1:
            return steps[0]
        return Step(
            "parts", total, measure.name.text, kind.scale, measure.span, (("function", "sum"),), tuple(steps)
        )

    def _between(
        self, measure: tree.Measure, kind: Kind, frame: Frame, gap: Days, supplied: list[SuppliedFigure]
    ) -> Step:
        """What stands for a gap between supplied figures: the formula, or what missing means."""
        if measure.formula is not None and self._can_compute(measure.formula):
            return self._rating.evaluate(measure.formula, frame.over(gap))
        if measure.otherwise is not None:
            return self._otherwise(measure, kind, frame.over(gap), True)
        raise self._missing(measure, frame.over(gap), [], supplied)

    def _otherwise(self, measure: tree.Measure, kind: Kind, frame: Frame, additive: bool) -> Step:
        """What the measure says that missing means, once for each period of the days."""
        assert measure.otherwise is not None, "asked only where the measure says it"
        step = self._rating.evaluate(measure.otherwise, frame)
        value = step.value
        periods = sum(1 for _ in self._rating.terms.periods(frame.days))
        if additive and isinstance(value, Fraction):
            value *= max(periods, 1)
        return Step(
            "supplied", value, measure.name.text, kind.scale, measure.span,
            (("days", frame.days), ("otherwise", words(measure.otherwise))), (),
        )  # fmt: skip

    def _single(self, measure: tree.Measure, kind: Kind, frame: Frame, one: SuppliedFigure) -> Step:
        return Step(
            "supplied", one.value, measure.name.text, kind.scale, _span(one),
            (("days", self._clipped(one)), ("where", one.where), ("text", one.text)),
        )  # fmt: skip

    def _level(self, measure: tree.Measure, kind: Kind, frame: Frame, supplied: list[SuppliedFigure]) -> Step:
        """Heads over days that are not those of one figure.

        Within one figure's days the level is that figure. Several figures within one period are no one
        level, except to a charge, which takes each by its days (`Rating.heads`).
        """
        if len(supplied) == 1 and self._clipped(supplied[0]).covers(frame.days):
            return self._single(measure, kind, frame, supplied[0])
        raise fail(
            "CL915",
            f'"{measure.name}" is not added up, and {frame.days} holds several figures of it',
            measure.span,
            f"say which is meant: average({measure.name} by month over …), max(…) or latest(…)",
        )

    def heads(self, measure: tree.Measure, frame: Frame, period: Days) -> Step:
        """Heads for a charge: each figure by its days of the period (rulings, "Figures")."""
        kind = self._rating.measure_kind(measure)
        supplied = self._supplied(measure, frame)
        total: Fraction | None = Fraction(0)
        steps: list[Step] = []
        reached = frame.days.start

        def gap(days: Days) -> Value:
            if measure.otherwise is None:
                raise self._missing(measure, frame.over(days), [], supplied)
            step = self._otherwise(measure, kind, frame.over(days), False)
            value = step.value * days.count / period.count if isinstance(step.value, Fraction) else None
            steps.append(replace(step, value=value))
            return value

        for one in supplied:
            days = self._clipped(one)
            part = days.meet(frame.days)
            if part.start > reached:
                total = _plus(total, gap(Days(reached, part.start)))
            if part.start < reached:
                raise self._overlap(measure, one, supplied)
            value: Value = one.value
            if isinstance(value, Fraction):
                value = value * part.count / period.count
            facts = (
                ("days", days), ("where", one.where), ("text", one.text),
                ("part", part.count), ("of", period.count),
            )  # fmt: skip
            steps.append(Step("supplied", value, measure.name.text, kind.scale, _span(one), facts))
            total = _plus(total, value)
            reached = part.end
        if reached < frame.days.end:
            total = _plus(total, gap(Days(reached, frame.days.end)))
        over = (("days", frame.days),)
        return Step("figure", total, measure.name.text, kind.scale, measure.span, over, tuple(steps))

    # ---- what is wrong

    def _can_compute(self, formula: tree.Expression) -> bool:
        tables = self._rating.tables_in(formula)
        return not tables or all(self._rating.usage.has_table(table) for table in tables)

    def _refuse_both(self, measure: tree.Measure, supplied: list[SuppliedFigure]) -> None:
        """Refuse a figure that is supplied for days of which its own rows are given too."""
        if measure.formula is None:
            return
        usage = self._rating.usage
        for table in self._rating.tables_in(measure.formula):
            if not usage.has_table(table):
                continue
            for one in supplied:
                days = self._clipped(one)
                if days and usage.rows(table, days):
                    raise failed(
                        error(
                            "CL916",
                            f'"{measure.name}" is supplied for {days}, and the rows of "{table}" give it too',
                            one.where,
                            "keep the figure or the rows",
                            (Label(measure.span, "this formula counts the rows"),),
                        )
                    )

    def _missing(
        self,
        measure: tree.Measure,
        frame: Frame,
        supplied: list[SuppliedFigure],
        others: Sequence[SuppliedFigure] = (),
    ) -> Exception:
        name = measure.name.text
        group = f' for "{frame.group[1]}"' if frame.group else ""
        if supplied:
            given = ", ".join(str(self._clipped(one)) for one in supplied[:4])
            if len(supplied) > 1 and not self._rating.terms.period(frame.days.start).whole.covers(frame.days):
                return fail(
                    "CL917",
                    f'"{name}" cannot be put together over {frame.days} from the figures for {given}',
                    measure.span,
                    "a percent, a plain number or a compound unit cannot be pooled: supply its parts, such "
                    "as the numbers above and below the line, and give the measure a formula",
                )
            return fail(
                "CL918",
                f'"{name}" is asked for {frame.days} and supplied for {given}',
                measure.span,
                f'supply "{name}" for exactly {_key(frame.days)}',
            )
        return fail(
            "CL919",
            f'the figure "{name}"{group} is missing for {frame.days}',
            measure.span,
            f"write it under `figures:` for {_key(frame.days)}, or give its rows",
        )

    def _overlap(
        self, measure: tree.Measure, one: SuppliedFigure, supplied: list[SuppliedFigure]
    ) -> Exception:
        other = next(
            other for other in supplied if other is not one and self._clipped(other).meet(self._clipped(one))
        )
        where = f"{other.where.file}" if isinstance(other.where, Place) else ""
        related = (Label(other.where, "and here"),) if isinstance(other.where, Span) else ()
        return failed(
            error(
                "CL920",
                f'"{measure.name}" is supplied twice for some days: {other.days} and {one.days}',
                one.where,
                f"keep one of the two{' (' + where + ')' if where else ''}",
                related,
            )
        )

    def _in_parts(self, measure: tree.Measure, one: SuppliedFigure, frame: Frame) -> Exception:
        days = self._clipped(one)
        parts = sorted({days.start, days.end, *(d for d in (frame.days.start, frame.days.end) if d in days)})
        spans = [Days(a, b) for a, b in itertools.pairwise(parts)]
        asked = " and ".join(_key(part) for part in spans)
        return failed(
            error(
                "CL921",
                f'"{measure.name}" is supplied for {days}, but a line that reads it is cut inside those days',
                one.where,
                f"supply it in parts, for {asked}, or write `prorated by day` at the measure",
                (Label(measure.span, "this figure is asked for in parts"),),
            )
        )


def _additive(kind: Kind) -> bool:
    """Whether figures of a kind add up over time: a quantity in one unit, or money."""
    return kind.unit.single is not None


def _plus(total: Fraction | None, value: Value) -> Fraction | None:
    return total + value if isinstance(total, Fraction) and isinstance(value, Fraction) else None


def _span(figure: SuppliedFigure) -> Span | None:
    return figure.where if isinstance(figure.where, Span) else None


def _key(days: Days) -> str:
    """Days as a usage file names them."""
    first = days.start
    names = {
        "month": f"{first:%Y-%m}",
        "quarter": f"{first.year}-Q{(first.month + 2) // 3}",
        "year": f"{first.year}",
    }
    for unit, text in names.items():
        if interval(unit, first) == days:
            return text
    return f"{days.start}..{days.last}"
