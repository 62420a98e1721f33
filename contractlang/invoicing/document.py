"""The documents that invoicing makes: frozen data that every format renders.

In: nothing. Out: `Invoice` with its `InvoiceLine`s. Amounts are exact fractions, already rounded to the
step of the contract; the renderers print them and compute nothing.

Codes: CL975 a line that the invoice does not have.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, TypeAlias

from contractlang.calendar import Days
from contractlang.diagnostics import ContractError, Diagnostic, error, nearest
from contractlang.frozen import dataclass, field
from contractlang.lines.line import InvoiceLine, LineVat, Terms, VatTotal
from contractlang.measuring.files import Input
from contractlang.terms import ContractTerms

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
class PaymentTerms:
    """`30 days`, `45 days end of month`; the due date depends on the date of issue, which is not ours."""

    count: int
    unit: str
    end_of_month: bool


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


def lines_named(invoice: Invoice, name: str | None) -> tuple[InvoiceLine, ...]:
    """The lines of a name, or of a title as it is printed, all for None.

    Raises ContractError (CL975) where the invoice has none such.
    """
    if name is None:
        return invoice.lines
    # A part of a scorecard (`quality.k1`) is explained with its line.
    found = tuple(line for line in invoice.lines if line.name == name.partition(".")[0])
    found = found or tuple(line for line in invoice.lines if line.label.casefold() == name.casefold())
    if found:
        return found
    raise _no_line(invoice.period, name, [line.name for line in invoice.lines])


def declared_lines(terms: ContractTerms, period: Days, name: str | None) -> tuple[str, ...]:
    """The lines of a contract by a name or a title as `lines_named` takes it, where there is no invoice.

    Raises ContractError (CL975) where the contract has none such.
    """
    if name is None:
        return tuple(terms.line_order)
    titles = {one: line.label or one for one in terms.line_order if (line := terms.latest(one)) is not None}
    found = tuple(one for one in titles if one == name.partition(".")[0])
    found = found or tuple(one for one, title in titles.items() if title.casefold() == name.casefold())
    if not found:
        raise _no_line(period, name, titles)
    return found


def _no_line(period: Days, name: str, lines: Iterable[str]) -> ContractError:
    names = list(dict.fromkeys(lines))
    near = nearest(name, names)
    cure = f'the nearest is "{near}"' if near else ""
    if not near and names:
        cure = "its lines are " + ", ".join(names)
    message = f'the invoice of {period} has no line called "{name}"'
    return ContractError([error("CL975", message, None, cure)])


__all__ = [
    "DocumentKind", "Input", "Invoice", "InvoiceLine", "LineVat", "Party", "PaymentTerms", "Terms",
    "VatTotal", "declared_lines", "lines_named",
]  # fmt: skip
