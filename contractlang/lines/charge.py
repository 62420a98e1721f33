"""Charges: quantity x price, segment by segment and value by value of `per`.

A charge is cut where a price after `at` changes, where a figure it reads is amended, and at the borders
of the lines that are on it (rulings, "Spans").

A value of `per` that its price does not know is an error, all of them at once, where any unit of it was
counted; where none was, nothing is due for it.
"""

from dataclasses import replace
from fractions import Fraction

from contractlang.calendar import Days
from contractlang.diagnostics import Diagnostic
from contractlang.exact import CURRENCIES
from contractlang.lines.assessment import Assessment, Assessor, Draft, no_data
from contractlang.lines.frame import Frame, LineError, fail, failed, words
from contractlang.lines.tiers import Cost, schedule_of, tiered
from contractlang.syntax import tree
from contractlang.trace import Quantity, Step
from contractlang.units import BUILT_IN, Scale

_NO_PRICE = "CL931"


def assess(assessment: Assessment, assessor: Assessor) -> list[Draft]:
    """The drafts of a charge: one for each value of `per` and each segment, in that order."""
    line = assessment.line
    value = _bare(line.value)
    if not isinstance(value, tree.Priced):
        return [_plain(assessment, assessor, segment) for segment in _segments(assessment, assessor)]
    groups: tuple[tuple[str, str | None] | None, ...] = (None,)
    if value.per is not None:
        column = value.per.text
        values = assessor.values_of(value.quantity, column, assessment.frame)
        groups = tuple((column, one) for one in values)
    drafts: list[Draft] = []
    unpriced: dict[Diagnostic, None] = {}
    for group in groups:
        earlier = [one for one in assessment.earlier if one.group == (group[1] if group else None)]
        for days in _segments(assessment, assessor):
            frame = Frame(days, days.last, group, line.name.text)
            try:
                made = _segment(assessment, assessor, value, frame, earlier)
            except LineError as fault:
                if any(one.code != _NO_PRICE for one in fault.diagnostics):
                    raise
                if _quantity(assessment, assessor, value, frame).value != 0:
                    assessor.unpriced(value.quantity, frame)
                    unpriced.update(dict.fromkeys(fault.diagnostics))
                continue
            made = [replace(one, per=group[0]) for one in made] if group else made
            drafts.extend(made)
            earlier.extend(made)
    if unpriced:
        assessor.priced_beside(assessment, drafts)
        raise failed(*unpriced)
    if not drafts and line.at_least is not None:
        # A least amount is due where nothing was counted of any value too.
        return [_nothing(assessment, assessor)]
    return drafts


def _nothing(assessment: Assessment, assessor: Assessor) -> Draft:
    line, none = assessment.line, Fraction(0)
    scale = assessor.scale(assessor.currency)
    return Draft(assessment.days, none, Step("amount", none, line.name.text, scale, line.span))


def _quantity(assessment: Assessment, assessor: Assessor, value: tree.Priced, frame: Frame) -> Step:
    # A line of every quarter takes heads by their days of the quarter.
    of = assessment.interval if assessment.line.every is not None else assessment.period.days
    step = assessor.heads(value.quantity, frame, of.meet(Days(assessor.term_start, of.end)))
    return assessor.evaluate(value.quantity, frame) if step is None else step


def _segments(assessment: Assessment, assessor: Assessor) -> tuple[Days, ...]:
    return assessment.days.cut(assessor.cuts(assessment.version, assessment.days))


def _bare(value: object) -> object:
    while isinstance(value, tree.Paren):
        value = value.value
    return value


def _plain(assessment: Assessment, assessor: Assessor, days: Days) -> Draft:
    frame = Frame(days, days.last, None, assessment.line.name.text)
    step = assessor.evaluate(assessment.line.value, frame)
    if not isinstance(step.value, Fraction):
        raise fail("CL952", no_data(assessment, step, "amount"), assessment.line.span)
    return Draft(frame.days, step.value, step)


def _segment(
    assessment: Assessment, assessor: Assessor, value: tree.Priced, frame: Frame, earlier: list[Draft]
) -> list[Draft]:
    line = assessment.line
    step = _quantity(assessment, assessor, value, frame)
    quantity = step.value
    if not isinstance(quantity, Fraction):
        raise fail("CL952", no_data(assessment, step, "quantity"), value.quantity.span)
    scale = quantity_scale(assessor, value)
    group = frame.group[1] if frame.group else None
    shown = Quantity(quantity, scale)
    if isinstance(value.price, (tree.Graduated, tree.Volume, tree.Package)):
        cost = _tiered(assessment, assessor, value.price, quantity, frame, earlier, scale)
        reason = Step("amount", cost.value, line.name.text, assessor.scale(assessor.currency), line.span, (),
                      (step, cost.step))  # fmt: skip
        if line.one_line_per_tier and cost.slices and isinstance(value.price, tree.Graduated):
            return [
                Draft(
                    frame.days, one.cost,
                    Step("amount", one.cost, line.name.text, reason.scale, line.span, (), (step, one.step)),
                    Quantity(one.units, scale), one.price, group, one.number,
                    one.units, cost.schedule,
                )
                for one in cost.slices
            ]  # fmt: skip
        return [Draft(frame.days, cost.value, reason, shown, None, group, None, quantity, cost.schedule)]
    if value.price is None:
        return [Draft(frame.days, quantity, step, group=group)]
    price, price_step = assessor.amount(value.price, frame)
    amount = quantity * price
    reason = Step(
        "amount", amount, line.name.text, assessor.scale(assessor.currency), line.span, (), (step, price_step)
    )
    unit_price = Quantity(price, price_step.scale or assessor.kind(value.price).scale)
    return [Draft(frame.days, amount, reason, shown, unit_price, group, None, quantity)]


def _tiered(
    assessment: Assessment,
    assessor: Assessor,
    pricing: tree.Graduated | tree.Volume | tree.Package,
    quantity: Fraction,
    frame: Frame,
    earlier: list[Draft],
    scale: Scale | None,
) -> Cost:
    schedule = schedule_of(assessor, pricing, frame)
    before: Fraction | None = None
    over = getattr(pricing, "over", None)
    start = frame.days.start
    if over is not None:
        span = assessor.span_days(over, frame)
        before = _units_since(assessment, assessor, frame, span, earlier)
        began = assessor.first_in_force(assessment.line.name.text, frame.days.last)
        start = max(span.start, began) if began is not None else span.start
    else:
        for draft in reversed(earlier):
            if draft.schedule != schedule or draft.units is None:
                break
            if not assessment.interval.covers(draft.days):
                break  # Each quarter of a year begins its tiers anew.
            before = (before or Fraction(0)) + draft.units
            start = draft.days.start
    chooser = chosen_before = None
    if isinstance(pricing, tree.Volume) and pricing.of is not None:
        # The figure that chooses is measured over all that the tiers count: it runs on as they do.
        counted_days = Days(min(start, frame.days.start), frame.days.end)
        chooser, _ = assessor.amount(pricing.of, frame.over(counted_days).whole())
        earlier_days = Days(counted_days.start, frame.days.start)
        if before is not None and earlier_days:
            chosen_before, _ = assessor.amount(pricing.of, frame.over(earlier_days).whole())
    return tiered(assessor, pricing, quantity, before, frame, scale, chooser, chosen_before)


def _units_since(
    assessment: Assessment, assessor: Assessor, frame: Frame, span: Days, earlier: list[Draft]
) -> Fraction | None:
    """The units that the line has priced since the span began, None where it had not begun."""
    group = frame.group[1] if frame.group else None
    before_period = Days(span.start, min(frame.days.start, assessment.period.days.start))
    counted = (
        assessor.units_before(assessment.line.name.text, group, before_period) if before_period else None
    )
    for draft in earlier:
        if draft.units is not None and draft.days.start >= span.start:
            counted = (counted or Fraction(0)) + draft.units
    return counted


def quantity_scale(assessor: Assessor, value: tree.Priced) -> Scale | None:
    """The unit word in which a charge shows its quantity: the figure's own, or that of its price."""
    scale = assessor.kind(value.quantity).scale
    if scale is not None or value.price is None:
        return scale
    price = value.price
    node: tree.Node = price
    if isinstance(price, tree.Package):
        return assessor.scale(price.size.unit.text) if price.size.unit is not None else None
    if isinstance(price, (tree.Graduated, tree.Volume)):
        node = price.tiers[0].price
    text = words(node).rsplit("/", 1)
    unit = assessor.scale(text[1]) if len(text) == 2 else None
    if unit is None:
        # A rate is a name and shows no unit; what the figure counts does.
        single = assessor.kind(value.quantity).unit.single
        counts = single is not None and single not in BUILT_IN and single not in CURRENCIES
        unit = assessor.scale(single) if single is not None and counts else None
    return assessor.counted(unit) if unit is not None else None
