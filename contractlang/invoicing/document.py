"""The documents that invoicing makes: frozen data that every format renders.

In: nothing. Out: `Invoice` with its `InvoiceLine`s. Amounts are exact fractions, already rounded to the
step of the contract; the renderers print them and compute nothing.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from contractlang.calendar import Days
from contractlang.diagnostics import Diagnostic
from contractlang.text import Span
from contractlang.trace import Quantity, Step

DocumentKind: TypeAlias = Literal["invoice", "credit_note"]


@dataclass(frozen=True, slots=True)
class Party:
    """Who a party is, as parties.yaml says; `key` is its name there and in the contract."""

    key: str
    name: str
    address: tuple[str, ...] = ()
    country: str | None = None
    siren: str | None = None
    vat_number: str | None = None
    iban: str | None = None
    bic: str | None = None
    email: str | None = None
    language: str | None = None
    other: tuple[tuple[str, str], ...] = ()


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
    `currency`, rounded, negative for a deduction. `group` is the value of the column of `per`;
    `tier` counts from 1 where the contract asks for one line per tier.
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


@dataclass(frozen=True, slots=True)
class VatTotal:
    """What is taxed at one rate: `rate` as a fraction, None for what is exempt or outside VAT."""

    rate: Fraction | None
    base: Fraction
    amount: Fraction
    nature: Literal["taxed", "exempt", "untaxed"] = "taxed"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """`30 days`, `45 days end of month`; the due date depends on the date of issue, which is not ours."""

    count: int
    unit: str
    end_of_month: bool


@dataclass(frozen=True, slots=True)
class Input:
    """What was read: a file by the hash of its content, with its rows where it has any."""

    name: str
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """The invoice, or credit note, of one period."""

    contract: str
    provider: Party
    client: Party
    period: Days
    phases: tuple[tuple[str, str], ...]
    currency: str
    lines: tuple[InvoiceLine, ...]
    net: Fraction
    vat: tuple[VatTotal, ...]
    gross: Fraction
    document: DocumentKind
    payment: PaymentTerms | None
    fingerprint: str
    inputs: tuple[Input, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    amendments: tuple[str, ...] = field(default=())
