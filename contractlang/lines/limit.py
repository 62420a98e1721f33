"""Limits: a sum of lines bounded on one side or both; what it takes back is a line.

The line is rounded to the side that keeps the bound. What it carries forward joins the next interval's
sum before that is bounded, again and again (rulings, "Lines").
"""

from fractions import Fraction

from contractlang.calendar import Days
from contractlang.exact import round_above, round_below
from contractlang.lines.assessment import Assessment, Assessor, Draft, no_data
from contractlang.lines.frame import Frame, fail
from contractlang.syntax import tree
from contractlang.trace import Quantity, Step


def assess(assessment: Assessment, assessor: Assessor) -> list[Draft]:
    """The draft of a limit, rounded; none where no line that it bounds is in force."""
    line = assessment.line
    names = assessor.lines_named(line.value)
    if names and not any(assessor.in_force(name, assessment.days) for name in names):
        return []
    frame = assessment.frame
    step = assessor.evaluate(line.value, frame)
    if not isinstance(step.value, Fraction):
        raise fail("CL952", no_data(assessment, step, "sum"), line.span)
    total = step.value
    scale = assessor.scale(assessor.currency)
    children = [step]
    carried = Fraction(0)
    if line.carried_forward:
        carried = assessor.carried(line.name.text, assessment)
        if carried:
            children.append(Step("carried", carried, line.name.text, scale, line.span))
    low, high = bounds(line, frame, assessor, children)
    low, high = _over_time(assessment, assessor, low, high, children)
    before = total + carried
    cent = assessor.cent()
    value = before
    if high is not None and before > high:
        value = total + round_below(high - total, cent)
    if low is not None and before < low:
        value = total + round_above(low - total, cent)
    taken = value - total
    facts = (
        ("sum", Quantity(total, scale)), ("carried", Quantity(carried, scale)),
        ("low", Quantity(low, scale) if low is not None else None),
        ("high", Quantity(high, scale) if high is not None else None),
    )  # fmt: skip
    reason = Step("limit", taken, line.name.text, scale, line.span, facts, tuple(children))
    rest = (("carried", before - value),)
    return [Draft(assessment.days, taken, reason, rounded=True, keep_zero=True, parts=rest)]


def bounds(
    line: tree.Line, frame: Frame, assessor: Assessor, children: list[Step]
) -> tuple[Fraction | None, Fraction | None]:
    """The lowest and the highest amount that a limit allows, None where a side is open.

    In `between -6% and +4% of handling` both percents are of the same line.
    """
    low = high = None
    if line.between is not None:
        first, second = line.between
        of = _of(second) or _of(first)
        low = _bound(first, of, frame, assessor, children)
        high = _bound(second, of, frame, assessor, children)
    for clause, side in ((line.at_most, "high"), (line.at_least, "low")):
        if clause is None or clause.over is not None:
            continue
        value = _bound(clause.value, _of(clause.value), frame, assessor, children)
        if side == "high":
            high = value if high is None else min(high, value)
        else:
            low = value if low is None else max(low, value)
    return low, high


def _over_time(
    assessment: Assessment,
    assessor: Assessor,
    low: Fraction | None,
    high: Fraction | None,
    children: list[Step],
) -> tuple[Fraction | None, Fraction | None]:
    """What bounds over a span of time leave for this interval: they hold for the sum since it began."""
    line, frame = assessment.line, assessment.frame
    for clause, upper in ((line.at_most, True), (line.at_least, False)):
        if clause is None or clause.over is None:
            continue
        span = assessor.span_days(clause.over, frame)
        allowed = _bound(clause.value, _of(clause.value), frame.over(span), assessor, children)
        # An interval is bounded as a whole, on its last day: it counts where that day lies.
        since = assessor.assessed_since(line.name.text, span) if span else span.start
        before = Days(since, frame.days.start)
        if before:
            summed, step = assessor.amount(line.value, frame.over(before))
            children.append(step)
            invoiced = Days(since, min(frame.days.start, assessment.period.days.start))
            taken = assessor.line_amount(line.name.text, invoiced) if invoiced else Fraction(0)
            here = [one.value for one in assessment.earlier if one.days.start >= since]
            allowed -= sum(here, summed + taken)
        if upper:
            high = allowed if high is None else min(high, allowed)
        else:
            low = allowed if low is None else max(low, allowed)
    return low, high


def _of(bound: tree.Expression) -> tree.Expression | None:
    """The line that a bound is a percent of."""
    inner: object = bound
    while isinstance(inner, (tree.Negative, tree.Paren)):
        inner = inner.value
    return inner.of if isinstance(inner, tree.PercentOf) else None


def _bound(
    bound: tree.Expression,
    of: tree.Expression | None,
    frame: Frame,
    assessor: Assessor,
    children: list[Step],
) -> Fraction:
    value, step = assessor.amount(bound, frame)
    if of is not None and _of(bound) is None and assessor.kind(bound).unit.is_plain:
        base, base_step = assessor.amount(of, frame)
        value *= base
        step = Step("operation", value, step.label, base_step.scale, bound.span, (), (step, base_step))
    children.append(step)
    return value
