"""The kinds of line as generated code, as `lines` means them, and what later lines read of them.

A line that depends on no figure is rated by the interpreter when the code is generated: fees and
subscriptions with their accounts are never computed here.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from contractlang.calendar import Days
from contractlang.compiled.bands import reached
from contractlang.compiled.drafts import Draft, bare, draft_of, num
from contractlang.compiled.on_lines import ON_LINES
from contractlang.compiled.printing import bounded, shared_vat
from contractlang.compiled.tiers import schedule_at, tiered
from contractlang.compiled.values import ZERO, NotCompiledError, Num, RefusedError, Truth, Value, number
from contractlang.lines import FEES, Assessment
from contractlang.lines.frame import Frame
from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.compiled.compilation import Compilation

_TIERED = (tree.Graduated, tree.Volume, tree.Package)


class Lines:
    """Writes the code of lines in the order of their needs."""

    def __init__(self, compilation: "Compilation") -> None:
        self._all = compilation
        self._known: dict[str, tuple[Draft, ...]] = {}
        self._asked: list[str] = []

    def drafts(self, name: str) -> tuple[Draft, ...]:
        """The printed lines of a name on this period, zeros included."""
        found = self._known.get(name)
        if found is None:
            if name in self._asked:
                raise RefusedError("these lines need one another")
            if self._all.source.in_branch:
                # What a branch computes is known only there, and a line may be read again later.
                raise NotCompiledError(f'"{name}" is read in one of several cases only')
            self._asked.append(name)
            for needed in self._needs(name):
                self.drafts(needed)
            found = self._drafts(name)
            self._asked.pop()
            self._known[name] = found
        return found

    def amount(self, name: str, days: Days) -> Num:
        """What a line came to over some days of this period."""
        return self._all.arithmetic.total([one.amount for one in self.placed(name, days)])

    def placed(self, name: str, days: Days) -> list[Draft]:
        """The lines of a name as far as they lie in some days (compare `Rating.printed_over`)."""
        found = []
        for period in self._all.rating.terms.periods(days):
            if period.whole != self._all.period.whole:
                raise NotCompiledError(f'"{name}" is read over days before this period')
            for one in self.drafts(name):
                cut = one.kind == "charge" or one.kind in FEES
                if days.covers(one.placed) if cut else one.placed.last in days:
                    found.append(one)
        return found

    def part(self, name: str, part: str, days: Days) -> Num:
        """What a named part of a scorecard brings to its line."""
        parts = [amount for one in self.placed(name, days) for label, amount in one.parts if label == part]
        return self._all.arithmetic.total(parts)

    # ---- one line

    def _needs(self, name: str) -> list[str]:
        """The lines that a line is on, or names, itself or in a figure; they are computed before it."""
        rating = self._all.rating
        needs: dict[str, None] = {}
        for version, _ in rating.terms.lines[name]:
            line = version.declared
            if line is None:
                continue
            needs.update(dict.fromkeys((*(one.text for one in line.on), *rating.lines_named(line))))
            for measure in rating.measures_read(line):
                for one in rating.terms.measures[measure]:
                    needs.update(dict.fromkeys(rating.lines_named(one.declared) if one.declared else ()))
        needs.pop(name, None)
        return list(needs)

    def _drafts(self, name: str) -> tuple[Draft, ...]:
        rating, period = self._all.rating, self._all.period
        line = rating.terms.latest(name)
        if line is None:
            return ()
        versions = [version.line for version in rating.terms.line_versions(name, period.days.last)]
        if not any(self._all.depends(version) for version in versions):
            return self._constant(name)
        if line.kind in FEES:
            raise NotCompiledError(f'the fee "{name}" depends on figures')
        found: list[Draft] = []
        for version, days, whole in rating.in_force_days.assessed(name, period):
            assessment = Assessment(version, days, whole, period)
            same = [one for one in found if one.interval == whole]
            if same and (version.line.at_most or version.line.at_least):
                raise NotCompiledError(f'a bound of "{name}" holds for several versions of it')
            with self._all.reasons.line():
                found.extend(self._gated(assessment, found))
        return tuple(found)

    def _constant(self, name: str) -> tuple[Draft, ...]:
        """A line that depends on no figure, as the interpreter rates it."""
        rating = self._all.rating
        return tuple(
            Draft(
                name, one.line.kind, one.line.days, one.placed, number(one.exact), number(one.line.amount),
                vat=one.line.vat, shown_at_zero=not one.hidden,
                parts=tuple((label, number(value)) for label, value in one.draft.parts),
            )
            for one in rating.rated(name, self._all.period)
        )  # fmt: skip

    def _gated(self, assessment: Assessment, earlier: list[Draft]) -> list[Draft]:
        """The drafts of an assessment; under a condition of the line they are zero where it fails."""
        line = assessment.line
        if line.when is None:
            return self._assessed(assessment, earlier)
        gate = self._all.expressions.truth(line.when, assessment.frame)
        if gate.constant is not None:
            return self._assessed(assessment, earlier) if gate.constant else []
        gate = Truth(self._all.source.let(gate.code, "g"))
        made: list[Draft] = []

        def open_() -> list[Value]:
            made.extend(self._assessed(assessment, earlier))
            return [value for one in made for value in (one.exact, one.amount, *(v for _, v in one.parts))]

        def closed() -> list[Value]:
            return [ZERO for one in made for _ in range(2 + len(one.parts))]

        merged = iter(self._all.source.choose([(gate.code, open_), (None, closed)]))
        return [
            replace(
                one, exact=num(next(merged)), amount=num(next(merged)),
                parts=tuple((label, num(next(merged))) for label, _ in one.parts), present=gate, units=None,
            )
            for one in made
        ]  # fmt: skip

    def _assessed(self, assessment: Assessment, earlier: list[Draft]) -> list[Draft]:
        kind = assessment.line.kind
        if kind == "charge":
            made = self._charge(assessment, earlier)
        elif kind == "penalty":
            made = self._penalty(assessment)
        elif kind in ON_LINES:
            made = ON_LINES[kind](self._all, assessment)
        else:
            raise NotCompiledError(f'"{assessment.line.name}" is a {kind}')
        drafts = bounded(self._all, assessment, made)
        return [replace(one, vat=shared_vat(self._all, assessment, one)) for one in drafts]

    # ---- charges

    def _segments(self, assessment: Assessment) -> tuple[Days, ...]:
        return assessment.days.cut(self._all.rating.cuts(assessment.version, assessment.days))

    def _charge(self, assessment: Assessment, earlier: list[Draft]) -> list[Draft]:
        value = bare(assessment.line.value)
        made: list[Draft] = []
        if assessment.line.one_line_per_tier:
            raise NotCompiledError(f'"{assessment.line.name}" prints one line per tier')
        for days in self._segments(assessment):
            frame = Frame(days, days.last, None, assessment.line.name.text)
            if not isinstance(value, tree.Priced):
                exact = self._all.expressions.number(assessment.line.value, frame)
                made.append(draft_of(assessment, days, exact))
                continue
            if value.per is not None:
                raise NotCompiledError(f'"{assessment.line.name}" has a line for each {value.per}')
            made.append(self._segment(assessment, value, frame, [*earlier, *made]))
        return made

    def _segment(
        self, assessment: Assessment, value: tree.Priced, frame: Frame, earlier: list[Draft]
    ) -> Draft:
        line, rating = assessment.line, self._all.rating
        of = assessment.interval if line.every is not None else assessment.period.days
        heads = self._all.figures.heads(value.quantity, frame, of.meet(Days(rating.term_start, of.end)))
        if heads is None:
            quantity = self._all.expressions.number(value.quantity, frame)
        else:
            quantity = self._all.expressions.needed(heads)
        price = value.price
        if price is None:
            return draft_of(assessment, frame.days, quantity)
        if not isinstance(price, _TIERED):
            unit_price = self._all.expressions.number(price, frame)
            amount = self._all.arithmetic.multiply(quantity, unit_price)
            return replace(draft_of(assessment, frame.days, amount), units=quantity)
        if not isinstance(price, tree.Package) and price.over is not None:
            raise NotCompiledError(f'the tiers of "{line.name}" count over a span of time')
        schedule = schedule_at(self._all, price, frame)
        before: Num | None = None
        start = frame.days.start
        for draft in reversed(earlier):
            if draft.schedule is not None and draft.units is None:
                raise NotCompiledError(f'the tiers of "{line.name}" run on under a condition')
            if (
                draft.schedule != schedule
                or draft.units is None
                or not assessment.interval.covers(draft.days)
            ):
                break
            before = draft.units if before is None else self._all.arithmetic.add(before, draft.units)
            start = draft.days.start
        chooser = chosen_before = None
        if isinstance(price, tree.Volume) and price.of is not None:
            chooser = self._all.expressions.number(price.of, frame.over(Days(start, frame.days.end)).whole())
            if before is not None:
                sooner = frame.over(Days(start, frame.days.start)).whole()
                chosen_before = self._all.expressions.number(price.of, sooner)
        cost = tiered(self._all, price, quantity, before, frame, chooser, chosen_before)
        return replace(draft_of(assessment, frame.days, cost.value), units=quantity, schedule=schedule)

    # ---- penalties

    def _penalty(self, assessment: Assessment) -> list[Draft]:
        line, frame, expressions = assessment.line, assessment.frame, self._all.expressions
        value = expressions.number(line.value, frame) if line.value is not None else ZERO
        for part in line.parts:
            figure = expressions.value(part.figure, frame)
            (row,) = reached(self._all, figure, part.rows, frame, lambda _, one: [expressions.needed(one)])
            value = self._all.arithmetic.add(value, num(row))
        return [draft_of(assessment, assessment.days, self._all.arithmetic.greater(value, ZERO))]
