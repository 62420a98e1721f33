"""Values of earlier periods: `previous`, and conditions that hold for several periods.

`previous` steps by the interval of the line that reads it, or of the line that is read: periods, or
quarters for a line assessed every quarter; a partial period is a period (rulings, "Lines").
"""

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from contractlang.calendar import MONTHS, Days
from contractlang.frozen import replace
from contractlang.lines.frame import Frame, LineError, fail, words
from contractlang.syntax import tree
from contractlang.terms import Period
from contractlang.trace import Step, Value

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


_NESTED = 6
"""How many values of earlier intervals may nest before they are computed from the first one on."""


def previous(rating: "Rating", node: tree.Previous, frame: Frame) -> Step:
    """X so many intervals ago; where the line was not in force, or X was no data, the `else` value."""
    read = next(iter(rating.lines_named(node.value)), None)
    stepping = _stepping(rating, read, frame.line)
    before = rating.in_force_days.interval_before(stepping, frame.days, node.steps)
    days = _days_before(rating, read or frame.line, before)
    if not days:
        return _otherwise(rating, node, frame)
    if rating.nested == _NESTED:
        _from_the_first(rating, node, frame, stepping, read or frame.line, days)
    rating.nested += 1
    try:
        inner = rating.evaluate(node.value, Frame(days, days.last, frame.group, frame.line))
    finally:
        rating.nested -= 1
    if inner.value is None:
        return _otherwise(rating, node, frame)
    facts = (("days", days),)
    return Step("previous", inner.value, words(node), inner.scale, node.span, facts, (_shortened(inner),))


def _days_before(rating: "Rating", line: str | None, before: Days | None) -> Days | None:
    """The days of an earlier interval on which the line was in force, None where it was not."""
    if before is None:
        return None
    days = before.meet(Days(rating.terms.start, date.max))
    return _in_force(rating, line, days) if line is not None and days else days


def _from_the_first(
    rating: "Rating", node: tree.Previous, frame: Frame, stepping: str | None, line: str | None, days: Days
) -> None:
    """Compute the intervals before from the first one on, so that a balance of many years does not nest.

    What is wrong in one of them is remembered, and said only where something reads it.
    """
    earlier: list[Days] = []
    at = rating.in_force_days.interval_before(stepping, days, node.steps)
    while at is not None:
        inside = _days_before(rating, line, at)
        if inside:
            earlier.append(inside)
        at = rating.in_force_days.interval_before(stepping, at, node.steps)
    rating.nested += 1
    try:
        for one in reversed(earlier):
            with suppress(LineError):
                rating.evaluate(node.value, Frame(one, one.last, frame.group, frame.line))
    finally:
        rating.nested -= 1


def _shortened(step: Step) -> Step:
    """A value with its reason, which ends at what it reads of still earlier intervals."""
    if step.kind == "previous":
        return replace(step, children=())
    return replace(step, children=tuple(_shortened(one) for one in step.children)) if step.children else step


def _stepping(rating: "Rating", read: str | None, reader: str | None) -> str | None:
    """The line whose interval `previous` steps by: the one that reads, or the one that is read."""
    for name in (read, reader):
        line = rating.terms.latest(name) if name else None
        if line is not None and line.every is not None:
            return name
    return reader or read


def _in_force(rating: "Rating", name: str, days: Days) -> Days | None:
    runs = rating.in_force_days.runs(name, days)
    if not runs:
        return None
    line = rating.terms.latest(name)
    if line is not None and line.kind in ("fee", "subscription"):
        return days
    return Days(runs[0][1].start, runs[-1][1].end)


def _otherwise(rating: "Rating", node: tree.Previous, frame: Frame) -> Step:
    step = rating.evaluate(node.otherwise, frame)
    return Step("previous", step.value, words(node), step.scale, node.span, (("otherwise", True),), (step,))


def periods_in(rating: "Rating", node: tree.Holds) -> int:
    """How many periods `for N months` is; a length that is no whole number of periods is an error."""
    length, rhythm = node.length, rating.terms.rhythm
    if length.unit == rhythm:
        return length.count
    if length.unit in MONTHS and rhythm in MONTHS:
        months = length.count * MONTHS[length.unit]
        if months % MONTHS[rhythm] == 0 and MONTHS[rhythm] <= MONTHS[length.unit]:
            return months // MONTHS[rhythm]
    raise fail(
        "CL959",
        f"the periods of this contract are {rhythm}s, so `for` counts {rhythm}s",
        node.length.span,
        f"write `for {length.count} {rhythm}s`",
    )


def holds_for(rating: "Rating", node: tree.Holds, frame: Frame) -> Step:
    """Whether a condition held in each of the last whole periods, the assessed one included."""
    count = periods_in(rating, node)
    period = rating.terms.period(frame.days.last)
    steps: list[Step] = []
    holds = True
    for back in range(count):
        one = period if back == 0 else rating.terms.period_before(period, back)
        if one is None or (back and one.partial) or (frame.since and one.days.start < frame.since):
            holds = False
            break
        days = frame.days.meet(one.days) if back == 0 else one.days
        step = _asked(rating, node, Frame(days, days.last, frame.group, frame.line))
        steps.append(step)
        if step.value is not True:
            holds = False
            break
    value: Value = holds
    return Step("condition", value, words(node), None, node.span, (("periods", count),), tuple(steps))


def _asked(rating: "Rating", node: tree.Holds, frame: Frame) -> Step:
    try:
        return rating.condition(node.condition, frame)
    except LineError as fault:
        # No data does not hold here, also where an `if` could not be decided.
        if all(one.code == "CL928" for one in fault.diagnostics):
            return Step("condition", None, words(node.condition), None, node.condition.span)
        raise


def transition_holds(
    rating: "Rating", transition: tree.Transition, period: Period, whole: tuple[Period, ...]
) -> bool:
    """Whether a transition's condition holds at the end of a period; no data does not hold."""
    frame = Frame(period.days, period.days.last, since=whole[0].days.start)
    try:
        return rating.condition(transition.when, frame).value is True
    except LineError as fault:
        missing = {"CL917", "CL918", "CL919", "CL935"}
        if rating.scenario and all(one.code in missing for one in fault.diagnostics):
            return False
        if all(one.code == "CL928" for one in fault.diagnostics):
            return False
        raise
