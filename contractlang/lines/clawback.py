"""Clawbacks: each unit goes back at the price at which it was invoiced, without reopening its tier.

The price of a unit is what the line came to, after its bounds and before rounding, divided by its
quantity, in the segment that holds the day `as of` (rulings, "Lines").
"""

from fractions import Fraction

from contractlang.lines.assessment import Assessment, Assessor, Draft
from contractlang.lines.frame import Frame
from contractlang.lines.line import LineVat
from contractlang.syntax import tree
from contractlang.trace import Quantity, Step


def assess(assessment: Assessment, assessor: Assessor) -> list[Draft]:
    """The drafts of a clawback, positive, one for each rate of VAT that the units were invoiced at."""
    line = assessment.line
    assert line.of is not None and line.as_of is not None, "checked before"
    target = line.of.text
    groups: tuple[tuple[str, str | None] | None, ...] = (None,)
    value = line.value
    quantity = value.quantity if isinstance(value, tree.Priced) else value
    if isinstance(value, tree.Priced) and value.per is not None:
        column = value.per.text
        groups = tuple((column, one) for one in assessor.values_of(quantity, column, assessment.frame))
    else:
        column = assessor.per_column(target) or ""
        if column:
            groups = tuple((column, one) for one in assessor.values_of(quantity, column, assessment.frame))
    found: dict[LineVat, list[tuple[Fraction, Fraction, Step]]] = {}
    lost = Fraction(0)
    for group in groups:
        frame = Frame(assessment.days, assessment.days.last, group, line.name.text)
        units_by_day = assessor.units_by_day(quantity, frame, line.as_of.text)
        for day, (units, step) in sorted(units_by_day.items()):
            # What is taken back was sold before; an invoice depends on nothing after its period.
            known = assessment.period.days.last
            paid = assessor.price_paid(target, day, group[1] if group else None, known)
            if paid is None:
                lost += units
                continue
            price, vat, price_step = paid
            facts = (("day", day), ("units", Quantity(units, step.scale)), ("price", Quantity(price, None)))
            reason = Step("clawback", units * price, target, None, line.span, facts, (step, price_step))
            found.setdefault(vat, []).append((units, units * price, reason))
    if lost:
        assessor.warn(
            "CL954",
            f'{lost} of the units that "{line.name}" takes back were of days on which '
            f'"{target}" sold nothing; '
            "they give nothing back",
            line.span,
        )
    drafts = []
    for vat, rows in found.items():
        units = sum((one for one, _, _ in rows), Fraction(0))
        total = sum((one for _, one, _ in rows), Fraction(0))
        scale = assessor.scale(assessor.currency)
        reason = Step(
            "amount", total, line.name.text, scale, line.span, (), tuple(step for _, _, step in rows)
        )
        shown = Quantity(units, rows[0][2].children[0].scale)
        drafts.append(Draft(assessment.days, total, reason, shown, vat=vat))
    return drafts
