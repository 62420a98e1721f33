"""Bonus-malus: band tables, or one value with a condition, applied on named lines.

Where `bonus when` fails, rows above zero count as zero (`malus when` likewise); then the parts are added,
each by its weight; then the bounds (rulings, "Lines").
"""

from fractions import Fraction

from contractlang.exact import round_below
from contractlang.lines.assessment import Assessment, Assessor, Draft, no_data
from contractlang.lines.frame import fail
from contractlang.syntax import tree
from contractlang.trace import Quantity, Step

_SIDES = {1: "bonus", -1: "malus"}


def assess(assessment: Assessment, assessor: Assessor) -> list[Draft]:
    """The draft of a bonus-malus; none where no line that it is on is in force."""
    line = assessment.line
    frame = assessment.frame
    names = [name.text for name in line.on]
    if names and not any(assessor.in_force(name, assessment.days) for name in names):
        return []
    base = sum((assessor.line_amount(name, assessment.days) for name in names), Fraction(0))
    percents, money = Fraction(0), Fraction(0)
    steps: list[Step] = []
    parts: list[tuple[str, Fraction]] = []
    gates = _gates(assessment, assessor, steps)
    for index, part in enumerate(line.parts):
        figure = assessor.evaluate(part.figure, frame)
        label = part.name.text if part.name else ""
        row = assessor.bands(figure, part.rows, frame, part, label)
        value = row.value
        if not isinstance(value, Fraction):
            raise fail("CL952", no_data(assessment, row, "value"), part.span)
        weight = Fraction(part.weight) / 100 if part.weight is not None else Fraction(1)
        gated = Fraction(0) if (value > 0 and not gates[0]) or (value < 0 and not gates[1]) else value
        is_money = any(_is_money(assessor, one) for one in _values(part, row))
        if is_money:
            money += gated * weight
        else:
            percents += gated * weight
        brought = gated * weight if is_money else gated * weight * base
        parts.append((label or f"part {index + 1}", assessor.rounded(brought)))
        if len(line.parts) > 1 or part.weight is not None or gated != value:
            facts = (("weight", weight), ("gated", gated != value), ("brought", brought))
            row = Step("part", gated * weight, label, row.scale, part.span, facts, (row,))
        steps.append(row)
    if line.value is not None:
        step = assessor.evaluate(line.value, frame)
        if not isinstance(step.value, Fraction):
            raise fail("CL952", no_data(assessment, step, "value"), line.span)
        value = step.value
        value = Fraction(0) if (value > 0 and not gates[0]) or (value < 0 and not gates[1]) else value
        if _is_money(assessor, line.value):
            money += value
        else:
            percents += value
        steps.append(step)
    return [_bounded(assessment, assessor, percents, money, base, steps, tuple(parts))]


def _gates(assessment: Assessment, assessor: Assessor, steps: list[Step]) -> tuple[bool, bool]:
    """Whether bonuses and maluses are open; a gate that is no data does not hold."""
    found = []
    for gate in (assessment.line.bonus_when, assessment.line.malus_when):
        if gate is None:
            found.append(True)
            continue
        step = assessor.gate(gate, assessment.frame)
        steps.append(step)
        found.append(step.value is True)
    return found[0], found[1]


def _values(part: tree.Part, reached: Step) -> tuple[object, ...]:
    """The value of the row that was reached, both ends of a `linear`: one may be a bare zero."""
    for row in part.rows:
        if row.span == reached.span:
            return (row.value.start, row.value.end) if isinstance(row.value, tree.Linear) else (row.value,)
    return (part.rows[0].value,)


def _is_money(assessor: Assessor, expression: object) -> bool:
    return assessor.kind(expression).unit.currency is not None


def _bounded(
    assessment: Assessment,
    assessor: Assessor,
    percents: Fraction,
    money: Fraction,
    base: Fraction,
    steps: list[Step],
    parts: tuple[tuple[str, Fraction], ...],
) -> Draft:
    line = assessment.line
    scale, percent = assessor.scale(assessor.currency), assessor.scale("%")
    children = list(steps)
    amounts: list[tuple[Fraction, int, Step, bool]] = []
    for bound, sign in ((line.bonus_at_most, 1), (line.malus_at_most, -1)):
        if bound is None:
            continue
        limit, step = assessor.amount(bound, assessment.frame)
        if _is_money(assessor, bound):
            amounts.append((abs(limit), sign, step, True))
        elif money:
            # A percent that bounds values in money is a percent of the lines; it is rounded as any other.
            amounts.append((abs(limit * base), sign, step, False))
        else:
            before = percents
            percents = min(percents, abs(limit)) if sign > 0 else max(percents, -abs(limit))
            facts = (("bound", step.label), ("side", _SIDES[sign]), ("before", Quantity(before, percent)))
            children.append(Step("bound", percents, step.label, percent, bound.span, facts))
    value, rounded = percents * base + money, False
    for limit, sign, step, kept in amounts:
        before = value
        if sign * value > limit:
            at = round_below(limit, assessor.cent()) if kept else limit
            value, rounded = sign * at, kept
        facts = (("bound", step.label), ("side", _SIDES[sign]), ("before", Quantity(before, scale)))
        children.append(Step("bound", value, step.label, scale, step.span, facts))
    names = tuple(name.text for name in line.on)
    facts2 = (("percent", percents), ("base", Quantity(base, scale)), ("on", names))
    reason = Step("amount", value, line.name.text, scale, line.span, facts2, tuple(children))
    return Draft(assessment.days, value, reason, rounded=rounded, keep_zero=bool(line.parts), parts=parts)
