"""Values over a phase that came back: its spells together, without the days between them.

A frame with `spells` asks for those days only; its `days` reach from the first to the last. Sums add up,
a ratio pools its parts, because each of them is a sum; a percentile of several spells cannot be put
together from theirs (rulings, "Spans": `over phase P` is every day so far spent in P).
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from contractlang.calendar import Days
from contractlang.frozen import replace
from contractlang.lines.frame import Frame, fail
from contractlang.rating.phases import Timeline
from contractlang.rating.spans import phase_spells, span_days
from contractlang.syntax import tree
from contractlang.terms import ContractTerms
from contractlang.text import Span
from contractlang.trace import Step

Evaluate = Callable[[Frame], Step]


def over_span(span: tree.SpanOfTime, frame: Frame, terms: ContractTerms, timeline: Timeline) -> Frame | None:
    """The frame over a span of time; None where the span is empty, which is no data."""
    if isinstance(span, tree.InPhase):
        spells = phase_spells(span, frame, timeline)
    else:
        days = span_days(span, frame, terms, timeline)
        spells = [days] if days else []
    return over_spells(frame, spells) if spells else None


def over_spells(frame: Frame, spells: Sequence[Days]) -> Frame:
    """The frame over the days of some spells, in order; one is an ordinary span."""
    days = Days(spells[0].start, spells[-1].end)
    return replace(frame.over(days), spells=tuple(spells) if len(spells) > 1 else ())


def each_spell(frame: Frame) -> list[Frame]:
    """A frame for each spell."""
    return [frame.over(days) for days in frame.spells]


def inside(frame: Frame, part: Days) -> list[Days]:
    """The spells of a frame, or its one span, as far as they lie in a part."""
    found = [days.meet(part) for days in frame.spells or (frame.days,)]
    return [days for days in found if days]


def added(evaluate: Evaluate, frame: Frame, label: str, span: Span | None) -> Step:
    """A value that adds up over time, summed over the spells; no data where one of them has none."""
    steps = tuple(evaluate(one) for one in each_spell(frame))
    values = [step.value for step in steps if isinstance(step.value, Fraction)]
    total = sum(values, Fraction(0)) if len(values) == len(steps) else None
    return Step("parts", total, label, steps[0].scale, span, (("function", "sum"),), steps)


def pooled(evaluate: Callable[[Frame, str], Step], frame: Frame, node: tree.Call, label: str) -> Step:
    """An aggregate over the rows of the spells; `evaluate` computes another function of the same rows."""
    function = node.function.text
    if function in ("count", "sum"):
        return added(lambda one: evaluate(one, function), frame, label, node.span)
    if function == "average":
        total = added(lambda one: evaluate(one, "sum"), frame, label, node.span)
        count = added(lambda one: evaluate(one, "count"), frame, label, node.span)
        mean = None
        if isinstance(total.value, Fraction) and isinstance(count.value, Fraction) and count.value:
            mean = total.value / count.value
        return Step("parts", mean, label, total.scale, node.span, (("function", "average"),), (total, count))
    steps = tuple(evaluate(one, function) for one in each_spell(frame))
    values = [step.value for step in steps if isinstance(step.value, Fraction)]
    if function == "latest" or not values:
        value = values[-1] if values else None
    elif function in ("min", "max"):
        value = min(values) if function == "min" else max(values)
    else:
        raise fail(
            "CL911",
            f'"{function}" cannot be put together from the spells of a phase that came back',
            node.span,
            "name the span by its dates",
        )
    return Step("parts", value, label, steps[0].scale, node.span, (("function", function),), steps)
