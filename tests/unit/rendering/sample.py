"""The invoice of July 2026 of the sample contract, built by hand: what rating would return.

Every amount can be recomputed: tests do, so that the drawings show a true document.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from contractlang.calendar import Days, interval
from contractlang.diagnostics import warning
from contractlang.invoicing.document import (
    Input,
    Invoice,
    InvoiceLine,
    LineVat,
    Party,
    PaymentTerms,
    Terms,
    VatTotal,
)
from contractlang.text import Source, Span
from contractlang.trace import BandRow, Bands, Quantity, Step
from contractlang.units import BUILT_IN, DAY, PLAIN, Scale, of

JULY = interval("month", date(2026, 7, 1))
EUR = Scale("EUR", of("EUR"))
CALLS = Scale("calls", of("call"))
SALES = Scale("sales", of("sale"))
CUSTOMERS = Scale("customers", of("customer"))
GUIDES = Scale("guides", of("guide"))
DAYS = Scale("days", DAY)
PERCENT = BUILT_IN["%"]
PER_CALL = Scale("EUR/call", of("EUR").over(of("call")))

CALLPRO = Party(
    key="callpro",
    name="CallPro Services SAS",
    address=("12 rue des Ateliers", "59000 Lille"),
    country="FR",
    siren="732829320",
    vat_number="FR44732829320",
    iban="FR76 3000 6000 0112 3456 7890 189",
    bic="AGRIFRPP",
    email="billing@callpro.example",
    language="fr",
    other=(("RCS", "Lille Métropole B 732 829 320"), ("Capital", "500 000 EUR")),
)
ACME = Party(
    key="acme",
    name="Acme Énergie SA",
    address=("1 place de la République", "75011 Paris"),
    country="FR",
    siren="552100554",
    vat_number="FR83552100554",
    language="en",
)


@cache
def contract() -> Source:
    return Source("acme.contract", (Path(__file__).parent / "acme.contract").read_text(encoding="utf-8"))


def clause(words: str) -> Span:
    start = contract().text.index(words)
    return Span(contract(), start, start + len(words))


def fraction(text: str) -> Fraction:
    return Fraction(text)


def eur(kind: str, amount: str, label: str = "", *children: Step, span: str = "", **facts: object) -> Step:
    return Step(
        kind, Fraction(amount), label, EUR, clause(span) if span else None, tuple(facts.items()), children
    )


def supplied(name: str, value: str, scale: Scale, span: str) -> Step:
    number = Fraction(value) * scale.factor
    given = Step(
        "supplied", number, name, scale, None,
        (("days", JULY), ("text", value), ("file", "usage.yaml"), ("row", 4)),
    )  # fmt: skip
    return Step("figure", number, name, scale, clause(span), (("days", JULY),), (given,))


def counted(name: str, label: str, value: int, rows: int, span: str) -> Step:
    count = Step(
        "rows", Fraction(value), label, CALLS, None,
        (("days", JULY), ("function", "count"), ("table", "contacts"), ("rows", rows)),
    )  # fmt: skip
    return Step("figure", Fraction(value), name, CALLS, clause(span), (("days", JULY),), (count,))


def price(text: str, per: Scale) -> Step:
    unit = of("EUR").over(per.unit)
    scale = Scale(f"EUR/{per.text.rstrip('s')}", unit)
    return Step("number", Fraction(text.split()[0]), f"{text}", scale)


def rounding(amount: str, before: str, *children: Step) -> Step:
    return eur("rounding", amount, "", *children, mode="half_up", step=Quantity(Fraction(1, 100), EUR),
               before=Quantity(Fraction(before), EUR))  # fmt: skip


HANDLED = counted("handled", "count(contacts where answered)", 12345, 13274, "measure handled ")
OFFERED = counted(
    "offered", "count(contacts where answered or wait >= 5 s)", 13274, 13274, "measure offered "
)


def handling() -> InvoiceLine:
    def tier(quantity: str, unit_price: str, amount: str, lower: int, upper: int | None) -> Step:
        return eur(
            "tier", amount, "",
            quantity=Quantity(Fraction(quantity), CALLS), price=Quantity(Fraction(unit_price), PER_CALL),
            **{"from": Quantity(Fraction(lower), CALLS)},
            up_to=None if upper is None else Quantity(Fraction(upper), CALLS),
        )  # fmt: skip

    tiers = eur(
        "tiers", "51145.50", "graduated prices",
        tier("10000", "4.20", "42000", 0, 10000), tier("2345", "3.90", "9145.50", 10000, 25000),
        span="graduated prices", pricing="graduated",
    )  # fmt: skip
    return _line(
        "handling", "Calls handled", "charge", "51145.50",
        rounding(
            "51145.50", "51145.50", eur("amount", "51145.50", "handled at graduated prices", HANDLED, tiers)
        ),
        'charge handling', quantity=Quantity(Fraction(12345), CALLS), phase="performance",
    )  # fmt: skip


def answering_bands() -> Bands:
    def row(text: str, value: str, lower: str | None, upper: str | None, **more: bool) -> BandRow:
        edges = [None if edge is None else Fraction(edge) for edge in (lower, upper)]
        return BandRow(text, value, edges[0], lower is not None, edges[1], False,
                       more.get("no_data", False), more.get("reached", False))  # fmt: skip

    return Bands(
        Quantity(Fraction("0.93"), PERCENT),
        (
            row("below 80%", "-5%", None, "0.80"),
            row("from 80% to below 85%", "-1% for each started point below 85%", "0.80", "0.85"),
            row("from 85% to below 92%", "0%", "0.85", "0.92"),
            row("from 92% to below 96%", "linear from 0% to 3%", "0.92", "0.96", reached=True),
            row("from 96%", "+3%", "0.96", None),
            row("no data", "0%", None, None, no_data=True),
        ),
        "answer_rate",
    )


def answering() -> InvoiceLine:
    ratio = Step(
        "operation", Fraction(12345, 13274), "handled / offered", PERCENT, None, (), (HANDLED, OFFERED)
    )
    rate = Step(
        "figure", Fraction("0.93"), "answer_rate", PERCENT, clause("measure answer_rate"), (("days", JULY),),
        (Step("rounded", Fraction("0.93"), "rounded to 0.01%", PERCENT, None,
              (("mode", "half_up"), ("step", Quantity(Fraction(1, 10000), PERCENT)),
               ("before", Quantity(Fraction(12345, 13274), PERCENT))), (ratio,)),),
    )  # fmt: skip
    band = Step(
        "band", Fraction("0.0075"), "answer_rate", PERCENT, clause("from 92% to below 96%"),
        (("figure", Quantity(Fraction("0.93"), PERCENT)), ("row", "from 92% to below 96%"),
         ("rows", answering_bands())), (rate,),
    )  # fmt: skip
    base = eur("line", "51145.50", "handling", handling().reason, days=JULY)
    amount = eur("amount", "383.59125", "answering on handling", band, base)
    return _line(
        "answering", "Calls answered", "bonus_malus", "383.59", rounding("383.59", "383.59125", amount),
        "bonus-malus answering", phase="performance",
    )  # fmt: skip


def csat() -> InvoiceLine:
    months = tuple(
        Step(
            "figure",
            Fraction(value),
            "satisfaction",
            None,
            None,
            (("days", interval("month", date(2026, m, 1))),),
        )
        for m, value in ((1, "4.10"), (2, "4.12"), (3, "4.05"), (4, "4.21"), (5, "4.16"), (6, "4.20"))
    )
    mean = Step(
        "parts", Fraction("4.14"), "average(satisfaction by month over 6 months before)", None,
        clause("average(satisfaction by month"), (("function", "average"), ("by", "month")), months,
    )  # fmt: skip
    july = Step(
        "figure",
        Fraction("13.67") / 3,
        "satisfaction",
        None,
        clause("measure satisfaction"),
        (("days", JULY),),
    )
    gap = Step(
        "operation",
        july.value - mean.value,  # type: ignore[operator]
        "satisfaction - average(satisfaction by month over 6 months before)",
        None,
        None,
        (),
        (july, mean),
    )
    rows = (
        BandRow("below -0.20", "-2%", None, False, Fraction("-0.2"), False, False, False),
        BandRow(
            "from -0.20 to below 0.20", "0%", Fraction("-0.2"), True, Fraction("0.2"), False, False, False
        ),
        BandRow("from 0.20", "+2%", Fraction("0.2"), True, None, False, False, True),
        BandRow("no data", "0%", None, False, None, False, True, False),
    )
    figure = Quantity(Fraction("13.67") / 3 - Fraction("4.14"), None)
    band = Step("band", Fraction("0.02"), "", PERCENT, clause("from 0.20 "), (
        ("figure", figure), ("row", "from 0.20"),
        ("rows", Bands(figure, rows, "satisfaction against its average")),
    ), (gap,))  # fmt: skip
    base = eur("line", "51145.50", "handling", days=JULY)
    return _line(
        "csat", "Satisfaction against its average", "bonus_malus", "1022.91",
        rounding("1022.91", "1022.91", eur("amount", "1022.91", "csat on handling", band, base)),
        "bonus-malus csat", phase="performance",
    )  # fmt: skip


def limit() -> InvoiceLine:
    total = eur("operation", "1406.50", "answering + csat", eur("line", "383.59", "answering", days=JULY),
                eur("line", "1022.91", "csat", days=JULY))  # fmt: skip
    bound = eur("bound", "1406.50", "between -6% and +4% of handling", total,
                bound=Quantity(Fraction("2045.82"), EUR),
                before=Quantity(Fraction("1406.50"), EUR))  # fmt: skip
    return _line("quality", "Cap on quality", "limit", "0", bound, "limit quality", phase="performance")


def _product(name: str, label: str, kind: str, amount: str, quantity: Step, unit_price: Step, words: str,
             vat: LineVat | None = None, phase: str | None = None, sign: int = 1) -> InvoiceLine:  # fmt: skip
    reason = rounding(amount, amount, eur("amount", amount, "", quantity, unit_price))
    assert isinstance(quantity.value, Fraction)
    assert isinstance(unit_price.value, Fraction)
    return _line(
        name, label, kind, amount, reason, words, vat=vat, phase=phase,
        quantity=Quantity(quantity.value, quantity.scale),
        unit_price=Quantity(sign * unit_price.value, unit_price.scale),
    )  # fmt: skip


def _line(name: str, label: str, kind: str, amount: str, reason: Step, words: str,
          vat: LineVat | None = None, **more: object) -> InvoiceLine:  # fmt: skip
    return InvoiceLine(
        name, label, kind, JULY, Fraction(amount), "EUR", vat or LineVat("taxed", Fraction(1, 5)),
        Terms(clause(words)), reason, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def lines() -> tuple[InvoiceLine, ...]:
    flat = eur("amount", "450", "450 EUR per month in advance", span="450 EUR per month")
    fee = eur("days", "15000", "45 000 EUR per quarter", days=31, of=92)
    return (
        handling(),
        _product("selling", "Subscriptions sold", "charge", "120",
                 supplied("sales", "10", SALES, "measure sales "), price("12 EUR/sale", SALES),
                 "charge selling", phase="performance"),
        answering(),
        csat(),
        limit(),
        _line("portal", "Reporting portal", "subscription", "450", flat, "subscription portal",
              quantity=Quantity(Fraction(1), Scale("month", BUILT_IN["month"].unit)),
              unit_price=Quantity(Fraction(450), Scale("EUR/month", of("EUR").over(BUILT_IN["month"].unit)))),
        _line("managed", "Managed back office", "fee", "15163.04",
              rounding("15163.04", "1395000/92", replace(fee, value=Fraction(1395000, 92))), "fee managed",
              quantity=Quantity(Fraction(31, 92), Scale("quarter", PLAIN)),
              unit_price=Quantity(Fraction(45000), Scale("EUR/quarter", PLAIN))),
        _product("base", "Customer base", "charge", "9347.24",
                 supplied("customers", "24598", CUSTOMERS, "measure customers "),
                 price("0.38 EUR/customer", CUSTOMERS), "charge base"),
        _product("reporting", "Late monthly report", "penalty", "-400",
                 supplied("late_days", "2", DAYS, "measure late_days "), price("200 EUR/day", DAYS),
                 "penalty reporting", vat=LineVat("untaxed", None, "penalty for delay"), sign=-1),
        _product("training", "Initial training of the advisers (accredited continuing education)", "charge",
                 "1440", supplied("training_days", "3", DAYS, "measure training_days "),
                 price("480 EUR/day", DAYS), "charge training",
                 vat=LineVat("exempt", None, "CGI article 261-4-4° a")),
        _product("books", "Printed guides", "charge", "316",
                 supplied("guides", "40", GUIDES, "measure guides "), price("7.90 EUR/guide", GUIDES),
                 "charge books", vat=LineVat("taxed", Fraction("0.055"))),
    )  # fmt: skip


def july(*, client: Party = ACME) -> Invoice:
    """The invoice of July: two rates of VAT, an exempt line, a deduction outside VAT."""
    found = lines()
    net = sum((line.amount for line in found), Fraction(0))
    at_20 = sum((line.amount for line in found if line.vat.rate == Fraction(1, 5)), Fraction(0))
    vat = (
        VatTotal(Fraction(1, 5), at_20, Fraction(round(at_20 * 20), 100)),
        VatTotal(Fraction("0.055"), Fraction(316), Fraction("17.38")),
        VatTotal(None, Fraction(1440), Fraction(0), "exempt", "CGI article 261-4-4° a"),
        VatTotal(None, Fraction(-400), Fraction(0), "untaxed", "penalty for delay"),
    )
    return Invoice(
        contract="Acme customer care",
        provider=CALLPRO,
        client=client,
        period=JULY,
        phases=(("performance", "Performance, by the act"),),
        currency="EUR",
        lines=found,
        net=net,
        vat=vat,
        gross=net + sum((total.amount for total in vat), Fraction(0)),
        document="invoice",
        payment=PaymentTerms(30, "days", False),
        fingerprint="9f2c41d07b5e86aa31c7f0d2964b8e15a6d3c28f7e90b1544c6ad8f3027be951",
        inputs=(
            Input("usage.yaml", "3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b"),
            Input("contacts.csv", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", 13274),
        ),
        warnings=(warning("CL871", "3 rows of contacts lie outside the term and were left out", None),),
        amendments=("Avenant 1",),
    )


def credit_note() -> Invoice:
    """A month with nothing but a penalty: the document is a credit note."""
    line = next(line for line in lines() if line.name == "reporting")
    vat = (VatTotal(None, line.amount, Fraction(0), "untaxed", "penalty for delay"),)
    return replace(
        july(), lines=(line,), net=line.amount, vat=vat, gross=line.amount, document="credit_note",
        warnings=(), amendments=(),
    )  # fmt: skip


def long_july(copies: int = 40) -> Invoice:
    """Many lines with long labels, to see a table over several sheets."""
    whole = july()
    days = Days(date(2026, 7, 1), date(2026, 7, 10))
    more = tuple(
        replace(line, label=f"{line.label} – service desk of the region {index} with a rather long name",
                name=f"{line.name}_{index}", group=f"region {index}", days=days)
        for index in range(1, copies + 1)
        for line in whole.lines[:2]
    )  # fmt: skip
    found = whole.lines + more
    net = sum((line.amount for line in found), Fraction(0))
    return replace(
        whole, lines=found, net=net, vat=(VatTotal(Fraction(1, 5), net, net / 5),), gross=net * 6 / 5
    )
