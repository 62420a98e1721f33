"""Penalties: a sanction written positive and always deducted, outside VAT by default.

A penalty that computes below zero is zero; its bounds hold before the sign (rulings, "Money and VAT").
"""

from fractions import Fraction

from contractlang.lines.assessment import Assessment, Assessor, Draft, no_data
from contractlang.lines.frame import fail
from contractlang.syntax import tree
from contractlang.trace import Quantity, Step


def assess(assessment: Assessment, assessor: Assessor) -> list[Draft]:
    """The draft of a penalty, positive; rating deducts it."""
    line = assessment.line
    frame = assessment.frame
    steps: list[Step] = []
    value = Fraction(0)
    quantity = unit_price = None
    if line.value is not None:
        step = assessor.evaluate(line.value, frame)
        value = _amount(assessment, step)
        steps.append(step)
        tiered = (tree.Graduated, tree.Volume, tree.Package)
        product = isinstance(line.value, tree.Priced) and not isinstance(line.value.price, tiered)
        if product and len(step.children) == 2:
            first, second = step.children
            if isinstance(first.value, Fraction) and isinstance(second.value, Fraction):
                quantity = Quantity(first.value, first.scale)
                unit_price = Quantity(second.value, second.scale)
    for part in line.parts:
        figure = assessor.evaluate(part.figure, frame)
        row = assessor.bands(figure, part.rows, frame, part, part.name.text if part.name else "")
        value += _amount(assessment, row)
        steps.append(row)
    scale = assessor.scale(assessor.currency)
    reason = Step("amount", max(value, Fraction(0)), line.name.text, scale, line.span, (), tuple(steps))
    return [Draft(assessment.days, max(value, Fraction(0)), reason, quantity, unit_price)]


def _amount(assessment: Assessment, step: Step) -> Fraction:
    if not isinstance(step.value, Fraction):
        raise fail("CL952", no_data(assessment, step, "amount"), assessment.line.span)
    return step.value
