"""An invoice as ready strings: all that a template sees.

In: an `Invoice` and a language. Out: `InvoiceView` and what it holds, frozen and made of strings, so
that a template lays out and cannot compute. docs/templates.md describes it for those who write
templates. The only arithmetic is the subtotal of a section: the sum of the amounts printed in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from markupsafe import Markup

from contractlang.diagnostics import Diagnostic
from contractlang.invoicing.document import Invoice, InvoiceLine, LineVat, Party, PaymentTerms, VatTotal
from contractlang.rendering.accounts import Account, account
from contractlang.rendering.facts import place
from contractlang.rendering.languages import Language
from contractlang.rendering.ranges import range_of, scale_of, strip
from contractlang.trace import Bands, Quantity, Step
from contractlang.units import BUILT_IN, Scale


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party: its name, the lines of its address, its identifiers as pairs of a word and a value."""

    name: str
    address: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    bank: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BandRowView:
    """A row of a band table: the values it is for, what it pays in the contract's words."""

    range: str
    value: str
    reached: bool


@dataclass(frozen=True, slots=True)
class BandsView:
    """A band table that a line read; `figure` is where it stood and `drawing` the SVG of that."""

    label: str
    figure: str
    rows: tuple[BandRowView, ...]
    drawing: Markup


@dataclass(frozen=True, slots=True)
class LineView:
    """A line: `details` says what tells it from its sisters (days, value of `per`, tier).

    `unit_price` and `quantity` are empty where the amount is no product of the two, and `pricing`
    then may say how it was priced. `bands` are the tables that the line read, to draw.
    """

    number: str
    name: str
    label: str
    kind: str
    details: tuple[str, ...]
    quantity: str
    unit_price: str
    pricing: str
    amount: str
    negative: bool
    vat: str
    place: str
    bands: tuple[BandsView, ...]
    account: Account


@dataclass(frozen=True, slots=True)
class SectionView:
    """The lines of one phase, or those in force for the whole term; `subtotal` is empty for an only one."""

    title: str
    lines: tuple[LineView, ...]
    subtotal: str


@dataclass(frozen=True, slots=True)
class VatView:
    """What is taxed at one rate; `rate` says `20%`, or why nothing is taxed."""

    rate: str
    base: str
    amount: str
    taxed: bool


@dataclass(frozen=True, slots=True)
class InputView:
    """What was read: a file by the hash of its content, a table of a database by its query."""

    name: str
    sha256: str
    rows: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class RemarkView:
    """A warning that the controller should know of."""

    code: str
    message: str
    place: str


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """A document, ready to be laid out."""

    language: str
    document: str
    title: str
    contract: str
    provider: PartyView
    client: PartyView
    period: str
    phases: tuple[str, ...]
    currency: str
    sections: tuple[SectionView, ...]
    net: str
    vat: tuple[VatView, ...]
    gross: str
    gross_label: str
    payment: str
    french_mentions: bool
    fingerprint: str
    amendments: tuple[str, ...]
    inputs: tuple[InputView, ...]
    remarks: tuple[RemarkView, ...]

    @property
    def lines(self) -> tuple[LineView, ...]:
        """All lines, in the order printed."""
        return tuple(line for section in self.sections for line in section.lines)


def view(invoice: Invoice, language: Language) -> InvoiceView:
    """The invoice in the words of a language."""
    credit = invoice.document == "credit_note"
    return InvoiceView(
        language=language.code,
        document=invoice.document,
        title=language.say(invoice.document),
        contract=invoice.contract,
        provider=_party(invoice.provider, language),
        client=_party(invoice.client, language),
        period=language.days(invoice.period),
        phases=tuple(label or name for name, label in invoice.phases),
        currency=invoice.currency,
        sections=_sections(invoice, language),
        net=language.money(invoice.net, invoice.currency),
        vat=tuple(_vat_total(total, invoice.currency, language) for total in invoice.vat),
        gross=language.money(invoice.gross, invoice.currency),
        gross_label=language.say("gross credited" if credit else "gross"),
        payment=_payment(invoice.payment, language) if invoice.payment and not credit else "",
        french_mentions=_is_french(invoice.provider) and not credit,
        fingerprint=invoice.fingerprint,
        amendments=invoice.amendments,
        inputs=tuple(
            InputView(one.name, one.sha256 or "", _rows(one.rows, language), one.query or "")
            for one in invoice.inputs
        ),
        remarks=tuple(_remark(one) for one in invoice.warnings),
    )


def own_bands(step: Step) -> Iterator[Bands]:
    """The band tables that a line itself read, not those of the lines it rests on."""
    rows = step.fact("rows")
    if isinstance(rows, Bands):
        yield rows
    for child in step.children:
        if child.kind not in ("line", "previous"):
            yield from own_bands(child)


def line_details(line: InvoiceLine, invoice: Invoice, language: Language) -> tuple[str, ...]:
    """What tells a line from its sisters: the value of `per`, the tier, days other than the period's."""
    details: list[str] = []
    if line.per is not None:
        details.append(language.group(line.per, line.group))
    if line.tier is not None:
        details.append(language.say("tier", tier=str(line.tier)))
    if line.days != invoice.period:
        details.append(language.days(line.days))
    return tuple(details)


def _sections(invoice: Invoice, language: Language) -> tuple[SectionView, ...]:
    labels = {name: label or name for name, label in invoice.phases}
    printed = frozenset(line.name for line in invoice.lines)
    numbered = list(enumerate(invoice.lines, 1))
    grouped = [(phase, list(lines)) for phase, lines in groupby(numbered, lambda pair: pair[1].phase)]
    several = len(grouped) > 1
    return tuple(
        SectionView(
            title=language.say("whole term") if phase is None else labels.get(phase, phase),
            lines=tuple(_line(number, line, invoice, language, printed) for number, line in lines),
            subtotal=_sum([line for _, line in lines], invoice, language) if several else "",
        )
        for phase, lines in grouped
    )


def _sum(lines: list[InvoiceLine], invoice: Invoice, language: Language) -> str:
    return language.money(sum((line.amount for line in lines), Fraction(0)), invoice.currency)


def _line(
    number: int, line: InvoiceLine, invoice: Invoice, language: Language, printed: frozenset[str]
) -> LineView:
    where = place(line.terms.span)
    if line.terms.amendment:
        where = language.say("clause amended", place=where, amendment=line.terms.amendment)
    tiered = line.quantity is not None and line.unit_price is None and _has_tiers(line.reason)
    return LineView(
        number=str(number),
        name=line.name,
        label=line.label or line.name,
        kind=line.kind,
        details=line_details(line, invoice, language),
        quantity=_brief(line.quantity, language),
        unit_price=_brief(_signed(line), language),
        pricing=language.say("by tiers") if tiered else "",
        amount=language.money(line.amount, line.currency),
        negative=line.amount < 0,
        vat=_vat(line.vat, language),
        place=where,
        bands=tuple(_bands(bands, language) for bands in own_bands(line.reason)),
        account=_why(line, language, printed),
    )


def _bands(bands: Bands, language: Language) -> BandsView:
    scale = scale_of(bands)
    return BandsView(
        label=bands.label,
        figure=language.quantity(Quantity(bands.figure.value, scale)),
        rows=tuple(BandRowView(range_of(language, row, scale), row.value, row.reached) for row in bands.rows),
        drawing=strip(language, bands),
    )


def _why(line: InvoiceLine, language: Language, printed: frozenset[str]) -> Account:
    told = account(language, line.reason, line.currency, printed)
    if line.amount and line.reason.value == -line.amount:
        # A penalty is written positive and always deducted.
        amount = language.money(line.amount, line.currency)
        return Account(language.say("step deducted", value=amount), None, "deducted", (told,))
    return told


def _signed(line: InvoiceLine) -> Quantity | None:
    """The unit price with the sign of the line: what is deducted is quantity × a negative price."""
    quantity, price = line.quantity, line.unit_price
    if quantity is None or price is None or price.value is None or quantity.value is None:
        return price
    deducted = line.amount < 0 < quantity.value and price.value > 0
    return Quantity(-price.value, price.scale) if deducted else price


def _has_tiers(step: Step) -> bool:
    return any(one.kind in ("tiers", "package") for one in step.walk())


def _brief(quantity: Quantity | None, language: Language) -> str:
    return "" if quantity is None else language.quantity(quantity, brief=True)


def _vat(vat: LineVat, language: Language) -> str:
    return language.say(vat.nature) if vat.rate is None else language.percent(vat.rate)


def _vat_total(total: VatTotal, currency: str, language: Language) -> VatView:
    if total.rate is not None:
        rate = language.percent(total.rate)
    elif total.reason:
        # What the engine says itself, such as "penalty", has words; a contract's reason stands as written.
        known = f"reason {total.reason}"
        reason = language.say(known) if language.knows(known) else total.reason
        rate = language.say(f"{total.nature} because", reason=reason)
    else:
        rate = language.say(total.nature)
    return VatView(
        rate=rate,
        base=language.money(total.base, currency),
        amount=language.money(total.amount, currency),
        taxed=total.rate is not None,
    )


def _payment(payment: PaymentTerms, language: Language) -> str:
    scale = BUILT_IN.get(payment.unit) or Scale(payment.unit, BUILT_IN["day"].unit)
    count = language.quantity(Quantity(payment.count * scale.factor, scale))
    return language.say("due end of month" if payment.end_of_month else "due", count=count)


def _party(party: Party, language: Language) -> PartyView:
    named = (("siren", party.siren), ("vat number", party.vat_number), ("email", party.email))
    banks = (("iban", party.iban), ("bic", party.bic))
    return PartyView(
        name=party.name,
        address=party.address + ((language.country(party.country),) if party.country else ()),
        identifiers=tuple((language.say(key), value) for key, value in named if value) + party.other,
        bank=tuple((language.say(key), value) for key, value in banks if value),
    )


def _is_french(party: Party) -> bool:
    if party.country:
        return party.country.strip().casefold() in ("fr", "france")
    return party.siren is not None or (party.vat_number or "").upper().startswith("FR")


def _rows(rows: int | None, language: Language) -> str:
    if rows is None:
        return ""
    if rows == 1:
        return language.say("input row")
    return language.say("input rows", count=language.number(Fraction(rows)))


def _remark(warning: Diagnostic) -> RemarkView:
    where = place(warning.span) if warning.span is not None else ""
    return RemarkView(warning.code, warning.message, where)
