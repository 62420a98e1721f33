"""Laws of fees: over the term every day in force is paid once, at its price, whatever happened on the way.

Contracts are drawn at random: any rhythm and interval, a phase that a date or a condition ends and that may
come back, a price with a date, and an amendment. What all invoices come to is compared with a sum of days.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pytest

from contractlang.api import LoadedContract, load_text
from contractlang.calendar import Days, contract_year, interval
from contractlang.diagnostics import Place
from contractlang.measuring.usage import MeasuredUsage, SuppliedFigure, figures_usage
from contractlang.rating.engine import Rating

FEES = ("early", "late")


@dataclass(frozen=True)
class Drawn:
    """A contract drawn at random, with what the sum of days needs to know of it."""

    text: str
    amendment: str
    effective: date
    what: str
    unit: str
    prices: tuple[int, int, int]
    changed: date
    good_every: int


def draw(seed: int) -> Drawn:
    """The contract of a seed."""
    chance = random.Random(seed)
    start = date(2026, 1, 1) + timedelta(days=chance.randrange(90))
    length = chance.randrange(200, 600)
    rhythm = chance.choice(["monthly", "monthly", "quarterly", "weekly", "yearly"])
    unit = chance.choice(["week", "month", "quarter", "year", "contract year"])
    days = [start + timedelta(days=chance.randrange(1, length)) for _ in range(4)]
    changed, left, effective, later = days
    first, second, third = (chance.randrange(100, 999) * 100 for _ in range(3))
    asked = rhythm in ("monthly", "quarterly") and chance.random() < 0.6
    what = chance.choice(["nothing", "amount", "remove", "term", "replace"])
    restated = {
        "nothing": "",
        "amount": f"amount price = {third} EUR",
        "remove": "remove early remove late",
        "term": f"term {start} to {max(effective, later)}",
        "replace": f"fee early = {third} EUR per {unit} in advance  fee late = {third} EUR per {unit}",
    }[what]
    amendment = f'amendment "A" effective {effective} {{ {restated} }}' if restated else ""
    back = f"transition to one after {chance.randrange(1, 5)} months" if chance.random() < 0.5 else ""
    text = f"""
contract "Drawn" {{
  provider p  client c  term {start} to {start + timedelta(days=length)}  invoiced {rhythm}
  currency EUR  timezone Europe/Paris  vat 0%  rounding half_up to 0.0000000001 EUR
}}
measure quality between 0 and 100
amount price {{ from {start} : {first} EUR  from {changed} : {second} EUR }}
phase one {{
  fee early = price per {unit} in advance
  fee late  = price per {unit}
  transition to two {"when quality >= 50" if asked else f"on {left}"}
}}
phase two {{ fee other = 1 EUR per {unit}  {back} }}
{amendment}
"""
    return Drawn(
        text, amendment, effective, what, unit, (first, second, third), changed, chance.randrange(1, 6)
    )


def rate(contract: LoadedContract, good_every: int) -> Rating:
    """The contract rated with a quality that is good in one period of so many."""
    bare = contract.rating(MeasuredUsage(contract.schema))
    figures = tuple(
        SuppliedFigure(period.days, Fraction(60 if number % good_every == 0 else 10), "x", Place("usage"))
        for number, period in enumerate(bare.terms.periods(bare.terms.whole_term), 1)
    )
    return contract.rating(figures_usage(contract.schema, {"quality": figures}))


def by_days(drawn: Drawn, rating: Rating) -> Fraction:
    """The price of every day of phase one, by the days of its own interval."""
    terms, total = rating.terms, Fraction(0)
    day = terms.start
    while day < terms.whole_term.end:
        amended = drawn.amendment and day >= drawn.effective
        if rating.timeline.phase_on(day) == "one" and day in terms.period(day).days:
            of = (
                contract_year(terms.start, day)
                if drawn.unit == "contract year"
                else interval(drawn.unit, day)
            )
            first, second, third = drawn.prices
            price = first if day < drawn.changed else second
            if amended and drawn.what in ("amount", "replace"):
                price = third
            if not (amended and drawn.what == "remove"):
                total += Fraction(price, of.count)
        day += timedelta(days=1)
    return total


def invoiced(rating: Rating, name: str) -> Iterator[tuple[Days, Days, Fraction]]:
    """The lines of a fee on every invoice: the invoice's days, the line's, the amount."""
    for period in rating.terms.periods(rating.terms.whole_term):
        for one in rating.rated(name, period):
            yield period.days, one.line.days, one.line.amount


@pytest.mark.parametrize("seed", range(60))
def test_every_day_is_paid_once(seed: int) -> None:
    drawn = draw(seed)
    rating = rate(load_text(drawn.text), drawn.good_every)
    expected = by_days(drawn, rating)
    for name in FEES:
        total = sum((amount for _, _, amount in invoiced(rating, name)), Fraction(0))
        assert abs(total - expected) < Fraction(1, 1_000_000), name


@pytest.mark.parametrize("seed", range(60))
def test_no_invoice_foresees_an_amendment(seed: int) -> None:
    drawn = draw(seed)
    amended = rate(load_text(drawn.text), drawn.good_every)
    before = rate(load_text(drawn.text.replace(drawn.amendment, "")), drawn.good_every)
    for name in (*FEES, "other"):
        earlier = [one for one in invoiced(before, name) if one[0].end <= drawn.effective]
        assert earlier == [one for one in invoiced(amended, name) if one[0].end <= drawn.effective], name
