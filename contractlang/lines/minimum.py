"""Minimums: one true-up line for what the named lines lack.

A fixed minimum is prorated by days like a fee, and rounded like an amount; one that is computed from
figures is not (rulings, "Spans").
"""

from fractions import Fraction

from contractlang.lines.assessment import Assessment, Assessor, Draft, no_data
from contractlang.lines.frame import fail
from contractlang.syntax import tree
from contractlang.trace import Quantity, Step


def assess(assessment: Assessment, assessor: Assessor) -> list[Draft]:
    """The draft of a minimum: what is missing, zero where nothing is."""
    line = assessment.line
    names = [name.text for name in line.on]
    if names and not any(assessor.in_force(name, assessment.days) for name in names):
        return []
    step = assessor.evaluate(line.value, assessment.frame)
    if not isinstance(step.value, Fraction):
        raise fail("CL952", no_data(assessment, step, "minimum"), line.span)
    least = step.value
    scale = assessor.scale(assessor.currency)
    part, of = assessment.days.count, assessment.interval.count
    if part != of and not line.not_prorated and _fixed(assessor, line.value):
        least = assessor.rounded(least * part / of)
        facts = (
            ("what", "fee"),
            ("days", assessment.days),
            ("part", part),
            ("of", of),
            ("interval", assessment.interval),
        )
        step = Step("days", least, line.name.text, scale, line.span, facts, (step,))
    billed = sum((assessor.line_amount(name, assessment.days) for name in names), Fraction(0))
    value = max(Fraction(0), least - billed)
    facts2 = (("least", Quantity(least, scale)), ("billed", Quantity(billed, scale)), ("on", tuple(names)))
    reason = Step("true-up", value, line.name.text, scale, line.span, facts2, (step,))
    return [Draft(assessment.days, value, reason, keep_zero=True)]


def _fixed(assessor: Assessor, value: object) -> bool:
    """Whether a minimum is a sum named in the contract, not computed from figures."""
    return isinstance(value, tree.Node) and assessor.constant_in_time(value)
