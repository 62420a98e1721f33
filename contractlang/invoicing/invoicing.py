"""Lines to documents: the invoice, or the credit note, of one period.

In: a `Rating` and a period. Out: an `Invoice`. A line in error makes no invoice, so all that is wrong
is said at once.
"""

from collections.abc import Sequence
from datetime import date

from contractlang.calendar import Days, interval
from contractlang.diagnostics import ContractError, Diagnostic
from contractlang.invoicing.document import Input, Invoice, InvoiceLine, Party, PaymentTerms
from contractlang.lines.totals import totals
from contractlang.rating.engine import Rating
from contractlang.syntax import tree
from contractlang.terms import ContractTerms, Period


def invoice_of(
    rating: Rating, period: Period, parties: Sequence[Party], fingerprint: str, inputs: tuple[Input, ...] = ()
) -> Invoice:
    """The invoice of a period; `parties` are the provider and the client.

    Raises ContractError with all that is wrong on any line.
    """
    terms = rating.terms
    lines: list[InvoiceLine] = []
    wrong: list[Diagnostic] = []
    for name in terms.line_order:
        try:
            lines.extend(one.line for one in rating.rated(name, period) if not one.hidden)
        except ContractError as fault:
            wrong.extend(fault.diagnostics)
    if wrong:
        raise ContractError(wrong)
    found = totals(lines, rating.rounded_vat)
    payment = terms.payment(period.days.last)
    provider, client = parties
    return Invoice(
        contract=terms.header.title,
        provider=provider,
        client=client,
        period=period.days,
        phases=_phases(rating, period.days),
        currency=terms.currency,
        lines=tuple(lines),
        net=found.net,
        vat=found.vat,
        gross=found.gross,
        document="credit_note" if found.gross < 0 else "invoice",
        payment=_payment(payment),
        fingerprint=fingerprint,
        inputs=inputs,
        warnings=rating.warnings,
        amendments=tuple(one.label for one in terms.amendments if one.effective <= period.days.last),
    )


def _payment(payment: tree.Payment | None) -> PaymentTerms | None:
    if payment is None:
        return None
    return PaymentTerms(payment.length.count, payment.length.unit, payment.end_of_month)


def _phases(rating: Rating, days: Days) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for phase, spell in rating.timeline.spells(days.last):
        if spell.meet(days):
            versions = rating.terms.phases[phase]
            label = next(
                (one.declared.label for one in reversed(versions) if one.declared and one.declared.label),
                None,
            )
            found[phase] = label or phase
    return tuple(found.items())


def period_named(terms: ContractTerms, text: str) -> Period | None:
    """The period that `2026-07`, `2026-Q3`, `2026`, `2026-07-01..2026-07-31` or a date inside it names.

    None where the words name no period of the contract.
    """
    named = days_named(text)
    if named is None:
        return None
    term = terms.whole_term
    inside = named.meet(term)
    if not inside:
        return None
    period = terms.period(inside.start)
    if not period.days:
        return None
    if named.count == 1 or period.whole == named or period.days == named or period.days == inside:
        return period
    return None


def periods_due(terms: ContractTerms, days: Days) -> tuple[Period, ...]:
    """The periods that a billing run of some days invoices: those which end in them, else the one around.

    So a run of each month invoices each period once, whatever the rhythm, and one that is longer than the
    days is invoiced whole. None where the term is elsewhere.
    """
    held = tuple(terms.periods(days))
    return tuple(one for one in held if one.days.last in days) or held


def days_named(text: str) -> Days | None:
    """The days that `2026-07`, `2026-Q3`, `2026`, `2026-07-01..2026-07-31` or a date names, None for none."""
    text = text.strip()
    try:
        if ".." in text:
            first, last = text.split("..", 1)
            return Days(date.fromisoformat(first), date.fromordinal(date.fromisoformat(last).toordinal() + 1))
        if len(text) == 4 and text.isdigit():
            return interval("year", date(int(text), 1, 1))
        if len(text) == 7 and text[5] == "Q":
            return interval("quarter", date(int(text[:4]), int(text[6]) * 3 - 2, 1))
        if len(text) == 7:
            return interval("month", date(int(text[:4]), int(text[5:]), 1))
        if len(text) == 10:
            return interval("day", date.fromisoformat(text))
    except (ValueError, OverflowError):
        return None
    return None
