"""What was invoiced before: units, prices paid and what a limit carried forward, read from printed lines."""

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.calendar import Days
from contractlang.lines import Assessment
from contractlang.lines.line import LineVat
from contractlang.rating.printing import Printed
from contractlang.trace import Step

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


def units_before(rating: "Rating", name: str, group: str | None, days: Days) -> Fraction | None:
    """The units that a line priced on some days, None where it was not assessed then."""
    found = [one for one in rating.printed_over(name, days) if one.draft.group == group]
    # What a line of every quarter prints lies in its last period, also of days before a year began.
    found = [one for one in found if one.draft.days.end > days.start]
    if not found:
        return None
    return sum((one.draft.units or Fraction(0) for one in found), Fraction(0))


def price_paid(
    rating: "Rating", name: str, day: date, group: str | None, known: date
) -> tuple[Fraction, LineVat, Step] | None:
    """The price at which a unit of a day was invoiced: after bounds and before rounding, by quantity.

    A line of every quarter is invoiced at the quarter's end; what is not invoiced by the end of `known`
    has no price yet.
    """
    if day > known or day not in rating.terms.term(day):
        return None
    interval = rating.in_force_days.interval_of(name, day)
    until = min(interval.end, rating.terms.period(known).days.end)
    for period in rating.terms.periods(Days(day, until)):
        lines = [one for one in rating.rated(name, period) if one.draft.group == group]
        for one in lines:
            if day in one.line.days and one.draft.units:
                exact, units = _segment(lines, one)
                return exact / units, one.line.vat, one.line.reason
    return None


def _segment(lines: list[Printed], found: Printed) -> tuple[Fraction, Fraction]:
    """The amount and quantity of a segment, all its tiers together where each is a line."""
    same = [one for one in lines if one.line.days == found.line.days]
    exact = sum((one.exact for one in same), Fraction(0))
    return exact, sum((one.draft.units or Fraction(0) for one in same), Fraction(0))


def carried(rating: "Rating", name: str, assessment: Assessment) -> Fraction:
    """What a limit carried forward from its interval before."""
    earlier = [one for one in assessment.earlier if one.days.end <= assessment.days.start]
    if earlier:
        return _left_over(earlier[-1].parts)
    before = rating.in_force_days.interval_before(name, assessment.days, 1)
    if before is None:
        return Fraction(0)
    # From the first interval of an unbroken run on, so that no chain of many years nests.
    run = [before]
    while (at := rating.in_force_days.interval_before(name, run[-1], 1)) is not None:
        if not rating.in_force(name, at):
            break
        run.append(at)
    found: list[Printed] = []
    for one in reversed(run):
        found = rating.printed_over(name, one)
    return _left_over(found[-1].draft.parts) if found else Fraction(0)


def _left_over(parts: tuple[tuple[str, Fraction], ...]) -> Fraction:
    return sum((value for label, value in parts if label == "carried"), Fraction(0))
