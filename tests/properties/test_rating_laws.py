"""The laws of rating: what holds for every contract and every usage, whatever the rulings say of one.

`HYPOTHESIS_PROFILE=fuzz pytest tests/properties` looks for longer.
"""

import random
import re
import tempfile
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st
from properties.rating_scene import (
    CENT,
    TERM,
    UNITS,
    BandTable,
    Case,
    band_tables,
    cases,
    decimals,
    gist,
    header,
    invoices,
    laws,
    loaded,
    months,
    number,
    pricings,
    tier_tables,
    usage_of,
)
from properties.recomputing import faults

from contractlang.api import load_text, load_usage
from contractlang.calendar import Days
from contractlang.exact import round_to
from contractlang.invoicing.document import Invoice
from contractlang.syntax.printing import print_document

JANUARY = Days(date(2026, 1, 1), date(2026, 2, 1))


def total(invoice: Invoice, *names: str) -> Fraction:
    """What some lines came to together."""
    return sum((line.amount for line in invoice.lines if line.name in names), Fraction(0))


def charged(pricing: str, *quantities: Fraction) -> list[Fraction]:
    """What quantities of calls cost in a month, one after the other."""
    contract = loaded(f"{header()}{UNITS}charge handling = handled at {pricing}")
    usages = [usage_of(contract, {"handled": ((JANUARY, quantity),)}) for quantity in quantities]
    return [total(contract.invoice(usage, "2026-01"), "handling") for usage in usages]


# ---- sums


@laws
@given(cases())
def test_lines_add_up_to_net_vat_and_gross(case: Case) -> None:
    for invoice in invoices(case):
        assert invoice.net == sum((line.amount for line in invoice.lines), Fraction(0))
        bases: dict[tuple[str, Fraction | None, str], Fraction] = {}
        for line in invoice.lines:
            key = (line.vat.nature, line.vat.rate, line.vat.reason)
            bases[key] = bases.get(key, Fraction(0)) + line.amount
        printed = {(one.nature, one.rate, one.reason): (one.base, one.amount) for one in invoice.vat}
        assert printed == {key: (base, round_to(base * (key[1] or 0), CENT)) for key, base in bases.items()}
        assert invoice.gross == invoice.net + sum((one.amount for one in invoice.vat), Fraction(0))
        assert (invoice.document == "credit_note") == (invoice.gross < 0)
        assert all((line.amount / CENT).denominator == 1 for line in invoice.lines)


@laws
@given(cases())
def test_explanations_add_up_to_their_lines(case: Case) -> None:
    for invoice in invoices(case):
        for line in invoice.lines:
            assert not faults(line), case.text


@laws
@given(cases())
def test_supplied_leaves_are_the_figures_that_were_supplied(case: Case) -> None:
    given_figures = {(days, value) for rows in case.figures.values() for days, value in rows}
    for invoice in invoices(case):
        for line in invoice.lines:
            for step in line.reason.walk():
                if step.kind == "supplied":
                    assert (step.fact("days"), step.value) in given_figures


# ---- tiers


@laws
@given(st.one_of(tier_tables("graduated"), st.just("package of 30 calls : 12.50 EUR")), st.data())
def test_graduated_prices_and_packages_never_fall(pricing: str, data: st.DataObject) -> None:
    quantities = sorted(data.draw(st.lists(st.integers(0, 900), min_size=2, max_size=6)))
    amounts = charged(pricing, *map(Fraction, quantities))
    assert all(before <= after for before, after in pairwise(amounts)), (pricing, quantities, amounts)


@laws
@given(tier_tables("volume"))
def test_a_cliff_is_as_high_as_check_says(pricing: str) -> None:
    contract = loaded(f"{header()}{UNITS}charge handling = handled at {pricing}")
    warned: dict[int, Fraction] = {}
    for one in contract.check():
        if one.code == "CL702":
            found = re.search(r"by ([\d ,.]+) EUR: ([\d ,]+) calls? costs?", one.message)
            assert found, one.message
            amount, calls = (text.replace(" ", "").replace("\u202f", "") for text in found.groups())
            warned[int(calls)] = Fraction(amount)
    edges = [int(edge) for edge in re.findall(r"up to (\d+) calls", pricing)]
    rated = {}
    for edge in edges:
        before, after = charged(pricing, Fraction(edge), Fraction(edge + 1))
        # Where the next edge is one call away, the call after that is of the tier after the next.
        if before > after:
            rated[edge] = before - after
    assert warned == rated, pricing


@laws
@given(pricings(), st.integers(0, 900), st.data())
def test_tiers_run_on_across_segments(pricing: str, quantity: int, data: st.DataObject) -> None:
    """Cut by a bonus of its own, a charge in two segments of one schedule costs what it costs in one."""
    part = data.draw(st.integers(0, quantity))
    whole = charged(pricing, Fraction(quantity))[0]
    text = (
        f"{header()}{UNITS}charge handling = handled at {pricing}\n"
        "bonus-malus late on handling by rate { below 50% : 0% from 50% : 0% no data : 0% } from 2026-01-11"
    )
    contract = loaded(text)
    first, second = JANUARY.cut({date(2026, 1, 11)})
    usage = usage_of(
        contract,
        {
            "handled": ((first, Fraction(part)), (second, Fraction(quantity - part))),
            "rate": ((second, Fraction(1)), (JANUARY, Fraction(1))),
        },
    )
    invoice = contract.invoice(usage, "2026-01")
    lines = [line for line in invoice.lines if line.name == "handling"]
    # Each printed line is rounded by itself, so that several may be a cent a line away.
    assert abs(total(invoice, "handling") - whole) <= CENT * len(lines) / 2
    assert whole == total(invoice, "handling") or len(lines) > 1


# ---- figures


@laws
@given(cases(cut=False), st.randoms(use_true_random=False))
def test_figures_in_parts_and_in_any_order_are_the_same_figures(case: Case, shuffled: random.Random) -> None:
    whole = invoices(case)
    parts = {}
    for name, rows in case.figures.items():
        cut = []
        for days, value in rows:
            if name == "rate" or value is None or days.count < 2 or value.denominator != 1:
                cut.append((days, value))
                continue
            middle = days.start + timedelta(days=shuffled.randrange(1, days.count))
            less = Fraction(shuffled.randint(0, int(value)))
            first, second = days.cut({middle})
            cut += [(first, less), (second, value - less)]
        shuffled.shuffle(cut)
        parts[name] = tuple(cut)
    names = list(parts)
    shuffled.shuffle(names)
    split = Case(case.header, case.lines, {name: parts[name] for name in names}, case.amendments, case.term)
    for one, other in zip(whole, invoices(split), strict=True):
        assert gist(one.lines) == gist(other.lines)
        assert (one.net, one.vat, one.gross) == (other.net, other.vat, other.gross)


@laws
@given(cases(), st.data())
def test_an_invoice_depends_on_nothing_after_its_period(case: Case, data: st.DataObject) -> None:
    contract = loaded(case.text)
    month = data.draw(st.sampled_from(months(case.term)))
    period = f"{month.start:%Y-%m}"
    all_of_it = contract.invoice(usage_of(contract, case.figures), period)
    known = contract.invoice(usage_of(contract, case.figures, month.end), period)
    assert gist(all_of_it.lines) == gist(known.lines)
    assert (all_of_it.net, all_of_it.gross) == (known.net, known.gross)


@laws
@given(cases())
def test_an_amendment_leaves_earlier_invoices_alone(case: Case) -> None:
    assume(case.amendments)
    effective = min(day for day, _ in case.amendments)
    for before, after in zip(invoices(case.without_amendments()), invoices(case), strict=True):
        if before.period.end <= effective:
            assert gist(before.lines) == gist(after.lines), case.text
            assert before.gross == after.gross


# ---- rows

ROWS = """
unit call
usage contacts each call { started timestamp language text answered boolean talk duration }
usage cancellations each sale on cancelled_on { cancelled_on date sold_on date }
measure offered = count(contacts)
measure handled = count(contacts where answered)
measure talk = sum(contacts.talk) in min
measure rate = handled / offered rounded to 0.01%
measure sold in sales
"""
Contact = tuple[int, str, bool, int]
contacts = st.lists(
    st.tuples(
        st.integers(0, 31 * 24 * 60 - 1), st.sampled_from(["fr", "en"]), st.booleans(), st.integers(0, 2000)
    ),
    max_size=30,
)


def csv_of(rows: list[Contact]) -> str:
    """The table of contacts of January; the first number is the minute of the month."""
    lines = ["started,language,answered,talk"]
    for minute, language, answered, talk in rows:
        at = date(2026, 1, 1) + timedelta(days=minute // 1440)
        clock = f"{minute % 1440 // 60:02d}:{minute % 60:02d}:00"
        lines.append(f"{at}T{clock},{language},{'true' if answered else 'false'},{talk}")
    return "\n".join(lines) + "\n"


def rated_rows(text: str, rows: list[Contact], more: str = "", cancelled: str | None = None) -> Invoice:
    """January rated from rows."""
    with tempfile.TemporaryDirectory() as folder:
        usage = Path(folder, "usage.yaml")
        Path(folder, "contacts.csv").write_text(csv_of(rows), encoding="utf-8")
        usage.write_text(f"rows:\n  contacts: contacts.csv\n{more}", encoding="utf-8")
        contract = loaded(text)
        return contract.invoice(load_usage(usage, contract), "2026-01")


@laws
@given(pricings(), band_tables(), contacts, st.randoms(use_true_random=False))
def test_rows_in_any_order_and_their_figures_give_one_invoice(
    pricing: str, table: BandTable, rows: list[Contact], shuffled: random.Random
) -> None:
    text = (
        f"{header()}{ROWS}charge handling = handled at {pricing}\ncharge talking = talk at 0.35 EUR/min\n"
        f"bonus-malus quality on handling by rate {table.text}\n"
        "limit cap = quality between -3% and 2% of handling"
    )
    each = f"\ncharge speaking = handled per language at {pricing}"
    mixed = list(rows)
    shuffled.shuffle(mixed)
    written, other = rated_rows(text + each, rows), rated_rows(text + each, mixed)
    assert gist(written.lines) == gist(other.lines)
    contract = loaded(text)
    answered = sum(row[2] for row in rows)
    figures = {
        "offered": ((JANUARY, Fraction(len(rows))),),
        "handled": ((JANUARY, Fraction(answered)),),
        "talk": ((JANUARY, Fraction(sum(row[3] for row in rows))),),
    }
    supplied = contract.invoice(usage_of(contract, figures), "2026-01")
    assert gist(supplied.lines) == gist(line for line in written.lines if line.name != "speaking")


@laws
@given(tier_tables("graduated"), contacts)
def test_the_values_of_per_hold_all_rows(pricing: str, rows: list[Contact]) -> None:
    invoice = rated_rows(f"{header()}{ROWS}charge speaking = handled per language at {pricing}", rows)
    counted = sum((line.quantity.value or 0 for line in invoice.lines if line.quantity), Fraction(0))
    hidden = len({row[1] for row in rows}) > len(invoice.lines)
    assert counted == sum(row[2] for row in rows) or hidden


@laws
@given(st.data())
def test_a_clawback_never_gives_back_more_than_was_invoiced(data: st.DataObject) -> None:
    term = months(TERM)
    pricing = data.draw(pricings()).replace("call", "sale")
    bound = data.draw(st.sampled_from(["", " at most 500 EUR"]))
    one_line = " one line per tier" if "graduated" in pricing and data.draw(st.booleans()) else ""
    text = (
        f"{header()}{ROWS}charge selling = sold at {pricing}{bound}{one_line}\n"
        "clawback cancelled of selling = count(cancellations) as of sold_on"
    )
    sold = [data.draw(st.integers(0, 60)) for _ in term]
    rows = []
    for month, count in zip(term, sold, strict=True):
        for _ in range(data.draw(st.integers(0, count)) if count else 0):
            day = month.start + timedelta(days=data.draw(st.integers(0, month.count - 1)))
            rows.append((day + timedelta(days=data.draw(st.integers(0, 40))), day))
    rows = [row for row in rows if row[0] in TERM]
    with tempfile.TemporaryDirectory() as folder:
        usage = Path(folder, "usage.yaml")
        figures = "".join(
            f"  {month.start:%Y-%m}: {{sold: {count}}}\n" for month, count in zip(term, sold, strict=True)
        )
        usage.write_text(f"figures:\n{figures}rows:\n  cancellations: cancellations.csv\n", encoding="utf-8")
        table = "".join(f"{cancelled},{day}\n" for cancelled, day in rows)
        Path(folder, "cancellations.csv").write_text(f"cancelled_on,sold_on\n{table}", encoding="utf-8")
        contract = loaded(text)
        found = contract.invoices(load_usage(usage, contract), "2026-01", "2026-04")
    for month, invoice in zip(term, found, strict=True):
        given_back = sum(
            (
                step.value
                for other in found
                for line in other.lines
                for step in line.reason.walk()
                if step.kind == "clawback" and step.fact("day") in month
            ),
            Fraction(0),
        )
        invoiced = total(invoice, "selling")
        lines = max(1, sum(line.name == "selling" for line in invoice.lines))
        assert 0 <= given_back <= invoiced + CENT * lines / 2, text
        for line in invoice.lines:
            assert line.name != "cancelled" or line.amount <= 0
            assert not faults(line)


# ---- bands, limits, bounds


@laws
@given(band_tables())
def test_bands_give_exactly_one_row_for_every_value(table: BandTable) -> None:
    lines = f"charge handling = 1 000 EUR\nbonus-malus quality on handling by rate {table.text}"
    contract = loaded(f"{header()}{UNITS}{lines}")
    near = Fraction(1, 10**6)
    values = sorted(
        {edge / 100 + off for edge in table.edges for off in (0, -near, near)} | {Fraction(0), Fraction(1)}
    )
    for value in values:
        invoice = contract.invoice(usage_of(contract, {"rate": ((JANUARY, value),)}), "2026-01")
        (line,) = (line for line in invoice.lines if line.name == "quality")
        (band,) = (step for step in line.reason.walk() if step.kind == "band")
        reached = [index for index, row in enumerate(band.fact("rows").rows) if row.reached]
        assert reached == [table.row_of(value * 100)], (table.text, value)
        assert not faults(line)


@laws
@given(
    decimals(0, 9000), decimals(-3000, 3000), decimals(0, 900), decimals(0, 900), st.integers(0, 3000),
    st.sampled_from(["", "rounding up to 0.05 EUR", "rounding half_even to 1 EUR"]),
)  # fmt: skip
def test_a_limit_holds_for_the_sum_of_printed_lines(
    price: Fraction, bonus: Fraction, low: Fraction, high: Fraction, quantity: int, rounding: str
) -> None:
    contract = loaded(
        f"{header(rounding)}{UNITS}charge handling = handled at {number(price)} EUR/call taxed 10%\n"
        f"charge selling = sold at 3.33 EUR/sale\n"
        "bonus-malus quality on handling + selling by rate "
        f"{{ below 50% : {number(bonus)}% from 50% : 1% }}\n"
        f"limit cap = quality between -{number(low)}% and +{number(high)}% of handling"
    )
    figures = {
        "handled": ((JANUARY, Fraction(quantity)),),
        "sold": ((JANUARY, Fraction(quantity % 71)),),
        "rate": ((JANUARY, Fraction(1, 3)),),
    }
    invoice = contract.invoice(usage_of(contract, figures), "2026-01")
    base = total(invoice, "handling")
    bounded = total(invoice, "quality", "cap")
    assert -low / 100 * base <= bounded <= high / 100 * base
    cap = total(invoice, "cap")
    step = {"": CENT, "rounding up to 0.05 EUR": CENT * 5}.get(rounding, Fraction(1))
    # It takes back no more than it must: one step less would leave the bound.
    assert not cap or not -low / 100 * base <= bounded + (step if cap < 0 else -step) <= high / 100 * base


@laws
@given(decimals(-1500, 1500), st.integers(0, 700), st.integers(0, 200), st.integers(0, 50))
def test_shares_by_rate_of_vat_add_up(percent: Fraction, calls: int, sales: int, hours: int) -> None:
    contract = loaded(
        f"{header()}{UNITS}charge handling = handled at 4.21 EUR/call taxed 10%\n"
        'charge selling = sold at 12.37 EUR/sale exempt "article 261"\n'
        "charge timing = hours at 31.49 EUR/hour\n"
        "bonus-malus quality on handling + selling + timing by rate "
        f"{{ below 50% : {number(percent)}% from 50% : 0% }}\n"
        "minimum least = 7 777.77 EUR on handling + selling + timing"
    )
    figures = {
        "handled": ((JANUARY, Fraction(calls)),),
        "sold": ((JANUARY, Fraction(sales)),),
        "hours": ((JANUARY, Fraction(hours * 3600)),),
        "rate": ((JANUARY, Fraction(1, 4)),),
    }
    invoice = contract.invoice(usage_of(contract, figures), "2026-01")
    base = total(invoice, "handling", "selling", "timing")
    assert total(invoice, "quality") == round_to(percent / 100 * base, CENT)
    assert total(invoice, "least") == max(Fraction(0), Fraction("7777.77") - base)
    taxed = {
        line.vat for line in invoice.lines if line.name in ("handling", "selling", "timing") and line.amount
    }
    for name in ("quality", "least"):
        lines = [line for line in invoice.lines if line.name == name]
        assert len({line.vat for line in lines}) == len(lines), "one printed line a rate"
        assert not taxed or {line.vat for line in lines} <= taxed


@laws
@given(
    pricings(),
    st.integers(1, 3000),
    st.integers(1, 5000),
    st.lists(st.integers(0, 700), min_size=4, max_size=4),
)
def test_bounds_hold_for_all_printed_lines_together(
    pricing: str, most: int, ever: int, calls: list[int]
) -> None:
    contract = loaded(
        f"{header()}{UNITS}charge handling = handled at {pricing} at most {most} EUR\n"
        f"penalty late = late_days at 37 EUR/day at most {ever} EUR over contract"
    )
    term = months(TERM)
    figures = {
        "handled": tuple((month, Fraction(count)) for month, count in zip(term, calls, strict=True)),
        "late_days": tuple((month, Fraction(count // 9)) for month, count in zip(term, calls, strict=True)),
    }
    found = contract.invoices(usage_of(contract, figures), "2026-01", "2026-04")
    assert all(total(invoice, "handling") <= most for invoice in found)
    deducted = sum((total(invoice, "late") for invoice in found), Fraction(0))
    assert -deducted == min(ever, 37 * sum(count // 9 for count in calls))


# ---- terms


@laws
@given(cases(), st.randoms(use_true_random=False))
def test_comments_and_layout_change_nothing(case: Case, drawn: random.Random) -> None:
    contract = loaded(case.text)
    # A comment does not stand inside a keyword of several words, so comments come at the ends of lines.
    breaks = {" ": ["  ", "\n", " \n\t", "\r\n"], "\n": ['# 4 EUR } "\n', "##\n\n", " #\r\n"]}
    laid_out = "".join(drawn.choice(breaks.get(one, [one])) for one in case.text)
    usage = usage_of(contract, case.figures)
    written = contract.invoices(usage, case.periods[0], case.periods[-1])
    for text in (laid_out, print_document(contract.document.declarations)):
        other = loaded(text)
        assert other.fingerprint == contract.fingerprint, text
        for one, two in zip(
            written,
            other.invoices(usage_of(other, case.figures), case.periods[0], case.periods[-1]),
            strict=True,
        ):
            assert gist(one.lines) == gist(two.lines)


@laws
@given(decimals(1, 900), decimals(1, 900))
def test_a_changed_price_changes_the_fingerprint(before: Fraction, after: Fraction) -> None:
    first, second = (
        load_text(f"{header()}{UNITS}charge handling = handled at {number(price)} EUR/call")
        for price in (before, after)
    )
    assert (first.fingerprint == second.fingerprint) == (before == after)
