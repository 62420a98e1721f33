"""A printed line of an invoice, as frozen data: what every kind of line becomes.

In: nothing; rating makes lines. Out: what invoicing adds up and rendering prints. Amounts are exact
fractions, already rounded to the step of the contract.
"""

from fractions import Fraction
from typing import Literal

from contractlang.calendar import Days
from contractlang.frozen import dataclass
from contractlang.text import Span
from contractlang.trace import Quantity, Step


@dataclass(frozen=True, slots=True)
class LineVat:
    """The nature of a line for VAT; `rate` is a fraction (1/5 for 20%), None where nothing is taxed."""

    nature: Literal["taxed", "exempt", "untaxed"]
    rate: Fraction | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """The clause that a line came from; `amendment` is the label of the amendment that brought it."""

    span: Span
    amendment: str | None = None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One printed line: a declaration, a segment of days, a value of `per`, or a tier.

    `quantity` and `unit_price` are None where the amount is no product of the two. `amount` is in
    `currency`, rounded, negative for a deduction. `per` is the column that the line is one value
    of, and `group` that value, None where the cells are empty; `tier` counts from 1 where the
    contract asks for one line per tier.
    """

    name: str
    label: str
    kind: str
    days: Days
    amount: Fraction
    currency: str
    vat: LineVat
    terms: Terms
    reason: Step
    quantity: Quantity | None = None
    unit_price: Quantity | None = None
    group: str | None = None
    tier: int | None = None
    phase: str | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class VatTotal:
    """What is taxed at one rate: `rate` as a fraction, None for what is exempt or outside VAT."""

    rate: Fraction | None
    base: Fraction
    amount: Fraction
    nature: Literal["taxed", "exempt", "untaxed"] = "taxed"
    reason: str = ""
