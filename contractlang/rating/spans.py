"""Spans of time, as `over` names them, to days (language design, section 4; rulings, "Spans").

A span is reduced to the term, and none reaches past the end of the days it is asked for, so that an
invoice depends on nothing after its period.
"""

from datetime import date

from contractlang.calendar import MONTHS, Days, contract_year, interval, step
from contractlang.lines.frame import Frame, fail
from contractlang.rating.phases import Timeline
from contractlang.syntax import tree
from contractlang.terms import ContractTerms

UNITS = ("day", "week", *MONTHS)


def span_days(span: tree.SpanOfTime, frame: Frame, terms: ContractTerms, timeline: Timeline) -> Days:
    """The days of a span; perhaps none, which is no data."""
    until = Days(terms.start, frame.days.end)
    return _days(span, frame, terms, timeline).meet(until)


def _days(span: tree.SpanOfTime, frame: Frame, terms: ContractTerms, timeline: Timeline) -> Days:
    days = frame.days
    first_day = terms.first_day
    if isinstance(span, tree.Rolling):
        unit = span.length.unit
        last = interval(unit, days.last, first_day)
        return Days(step(unit, last, 1 - span.length.count, first_day).start, days.end)
    if isinstance(span, tree.Before):
        unit = span.length.unit
        first = interval(unit, days.start, first_day)
        return Days(step(unit, first, -span.length.count, first_day).start, first.start)
    if isinstance(span, tree.ToDate):
        if span.unit == "contract":
            return Days(terms.start, days.end)
        if span.unit == "contract year":
            return Days(contract_year(terms.start, max(days.last, terms.start)).start, days.end)
        if span.unit not in UNITS:
            raise fail("CL910", f'"{span.unit}" is not a span of time', span.span)
        return Days(interval(span.unit, days.last, first_day).start, days.end)
    if isinstance(span, tree.Fixed):
        return Days(span.start, span.end)
    spells = phase_spells(span, frame, timeline)
    if not spells:
        return Days(days.end, days.end)
    if len(spells) > 1:
        raise fail(
            "CL911",
            f'the phase "{span.phase}" was in force more than once, so its days are not one span',
            span.span,
            "name the span by its dates",
        )
    return spells[0]


def phase_spells(span: tree.InPhase, frame: Frame, timeline: Timeline) -> list[Days]:
    """Every day so far spent in a phase, spell by spell."""
    so_far = Days(date.min, frame.days.end)
    found = [
        days.meet(so_far) for phase, days in timeline.spells(frame.days.last) if phase == span.phase.text
    ]
    return [days for days in found if days]
