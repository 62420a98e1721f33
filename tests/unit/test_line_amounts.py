"""What lines come to, one small contract a rule: the edges at which an amount turns, to the cent.

Each case is a contract's lines, the figures of January and what the lines come to. A bonus that begins
on 11 January cuts the line it is on, so that a month has two segments: `first` is what was counted before.
"""

from datetime import date
from fractions import Fraction as F  # noqa: N817 - many literals of it are read more easily.

import pytest

from contractlang.api import LoadedContract, load_text
from contractlang.calendar import Days
from contractlang.diagnostics import Place, has_errors
from contractlang.measuring.usage import SuppliedFigure, figures_usage
from contractlang.terms.contract_terms import ContractTerms

HEADER = """
contract "Lines" { provider a client b term 2026-01-01 to 2026-12-31 invoiced monthly currency EUR
  timezone Europe/Paris vat 20% }
unit call
measure calls in calls
measure others in calls
measure rate in %
measure other_rate in %
"""
JANUARY = Days(date(2026, 1, 1), date(2026, 2, 1))
SEGMENTS = ((0, 0), (0, 25), (25, 25), (5, 10), (10, 11), (11, 20), (15, 25), (20, 35), (30, 31), (30, 60))
CUT = "bonus-malus cut on x by rate { below 50% : 0% from 50% : 0% no data : 0% } from 2026-01-11"
FIRST, SECOND = JANUARY.cut({date(2026, 1, 11)})


def contract_of(lines: str) -> LoadedContract:
    """A contract without errors."""
    contract = load_text(HEADER + lines)
    assert not has_errors(contract.check()), contract.check()
    return contract


def amounts(lines: str, figures: dict[str, str], first: str | None = None) -> dict[str, str]:
    """What each line comes to in January; `first` are the calls of the segment before the 11th."""
    contract = contract_of(lines)
    given = {
        name: [(JANUARY, F(text.rstrip("%")) / (100 if "%" in text else 1))] for name, text in figures.items()
    }
    if first is not None:
        whole = given["calls"][0][1]
        given["calls"] = [(FIRST, F(first)), (SECOND, whole - F(first))]
        given["rate"] = [(JANUARY, F(1)), (SECOND, F(1))]
    usage = figures_usage(
        contract.schema,
        {
            name: tuple(SuppliedFigure(days, value, str(value), Place("u")) for days, value in rows)
            for name, rows in given.items()
        },
    )
    found: dict[str, F] = {}
    for line in contract.invoice(usage, "2026-01").lines:
        found[line.name] = found.get(line.name, F(0)) + line.amount
    return {name: f"{float(value):.2f}" for name, value in found.items() if name != "cut"}


# ---- tiers

PACKAGE = "charge x = calls at package of 30 calls : 10 EUR"
GRADUATED = """charge x = calls at graduated prices {
  up to 10 calls : 2 EUR/call  up to 20 calls : 5 EUR plus 3 EUR  beyond : 1 EUR/call plus 4 EUR }"""
FLAT = "charge x = calls at graduated prices { up to 10 calls : 50 EUR  beyond : 2 EUR/call }"
VOLUME = """charge x = calls at volume price {
  up to 10 calls : 2 EUR/call plus 7 EUR  up to 20 calls : 30 EUR  beyond : 1 EUR/call }"""


@pytest.mark.parametrize(
    ("line", "calls", "amount"),
    [
        (PACKAGE, "0", None), (PACKAGE, "1", "10.00"), (PACKAGE, "30", "10.00"), (PACKAGE, "31", "20.00"),
        (PACKAGE, "60", "20.00"), (GRADUATED, "0", None), (GRADUATED, "10", "20.00"),
        (GRADUATED, "11", "28.00"),
        (GRADUATED, "20", "28.00"), (GRADUATED, "21", "33.00"), (GRADUATED, "25", "37.00"),
        (FLAT, "0", "50.00"), (FLAT, "10", "50.00"), (FLAT, "11", "52.00"),
        (VOLUME, "0", None), (VOLUME, "10", "27.00"), (VOLUME, "11", "30.00"), (VOLUME, "20", "30.00"),
        (VOLUME, "21", "21.00"),
    ],
)  # fmt: skip
def test_tiers_at_their_edges(line: str, calls: str, amount: str | None) -> None:
    assert amounts(line, {"calls": calls}).get("x") == amount


@pytest.mark.parametrize(
    ("line", "first", "calls"),
    [
        (line, str(first), str(calls))
        for line in (PACKAGE, GRADUATED, FLAT, VOLUME)
        for first, calls in SEGMENTS
    ],
)  # fmt: skip
def test_tiers_run_on_across_segments(line: str, first: str, calls: str) -> None:
    whole = amounts(line, {"calls": calls}).get("x", "0.00")
    assert amounts(f"{line}\n{CUT}", {"calls": calls}, first).get("x", "0.00") == whole


def test_each_tier_is_a_line_of_its_own() -> None:
    contract = contract_of(f"{GRADUATED} one line per tier")
    place = Place("u")
    usage = figures_usage(contract.schema, {"calls": (SuppliedFigure(JANUARY, F(25), "25", place),)})
    lines = contract.invoice(usage, "2026-01").lines
    assert [(line.tier, line.amount, line.quantity and line.quantity.value) for line in lines] == [
        (1, 20, 10), (2, 8, 10), (3, 9, 5),
    ]  # fmt: skip


def test_another_figure_chooses_the_tier() -> None:
    line = "charge x = calls at volume price of others { up to 10 calls : 2 EUR/call  beyond : 1 EUR/call }"
    assert amounts(line, {"calls": "30", "others": "10"}) == {"x": "60.00"}
    assert amounts(line, {"calls": "5", "others": "11"}) == {"x": "5.00"}


# ---- bonus-malus

BASE = "charge x = 1 000 EUR\n"
MONEY = "bonus-malus q on x by rate { below 50% : -300 EUR  from 50% : 300 EUR }"
PERCENT = "bonus-malus q on x by rate { below 50% : -10%  from 50% : 10% }"


@pytest.mark.parametrize(
    ("line", "rate", "amount"),
    [
        (PERCENT, "49.99%", "-100.00"), (PERCENT, "50%", "100.00"), (MONEY, "10%", "-300.00"),
        (f"{PERCENT} bonus at most 5%", "50%", "50.00"), (f"{PERCENT} bonus at most 5%", "10%", "-100.00"),
        (f"{PERCENT} bonus at most 10%", "50%", "100.00"), (f"{PERCENT} malus at most 8%", "10%", "-80.00"),
        (f"{PERCENT} malus at most 8%", "50%", "100.00"),
        (f"{PERCENT} bonus at most 33.333 EUR", "50%", "33.33"),
        (f"{PERCENT} malus at most 33.339 EUR", "10%", "-33.33"),
        (f"{MONEY} bonus at most 5%", "50%", "50.00"),
        (f"{MONEY} malus at most 6%", "10%", "-60.00"),
        (f"{MONEY} bonus at most 300 EUR", "50%", "300.00"),
        (f"{MONEY} malus at most 250 EUR", "10%", "-250.00"),
        (f"{MONEY} bonus at most 250 EUR malus at most 200 EUR", "10%", "-200.00"),
        (f"{PERCENT} bonus when others >= 5 calls", "50%", "0.00"),
        (f"{PERCENT} bonus when others >= 4 calls", "50%", "100.00"),
        (f"{PERCENT} bonus when others >= 5 calls", "10%", "-100.00"),
        (f"{PERCENT} malus when others >= 5 calls", "10%", "0.00"),
        (f"{PERCENT} malus when others >= 5 calls", "50%", "100.00"),
    ],
)  # fmt: skip
def test_bonuses_their_bounds_and_gates(line: str, rate: str, amount: str) -> None:
    assert amounts(BASE + line, {"rate": rate, "others": "4"})["q"] == amount


def test_a_scorecard_weighs_gates_and_names_its_parts() -> None:
    card = """bonus-malus q on x
      by rate as k1 weight 60% { below 50% : -10%  from 50% : 10% }
      by other_rate as k2 weight 40% { below 50% : -4%  from 50% : 5% }
    charge first = q.k1
    charge second = q.k2
    """
    figures = {"rate": "50%", "other_rate": "10%", "others": "4"}
    assert amounts(BASE + card, figures) == {
        "x": "1000.00",
        "q": "44.00",
        "first": "60.00",
        "second": "-16.00",
    }
    gated = card.replace("charge first", "malus when others >= 5 calls bonus at most 5%\ncharge first")
    found = amounts(BASE + gated, figures)
    assert found == {"x": "1000.00", "q": "50.00", "first": "60.00"}


def test_one_value_with_a_condition() -> None:
    line = BASE + "bonus-malus q on x = -2% when rate < 50%"
    assert amounts(line, {"rate": "49%"})["q"] == "-20.00"
    assert "q" not in amounts(line, {"rate": "50%"})
    assert amounts("bonus-malus q = -25 EUR when rate < 50%", {"rate": "49%"}) == {"q": "-25.00"}


# ---- limits


@pytest.mark.parametrize(
    ("clause", "rate", "taken"),
    [
        ("between -6% and +4% of x", "50%", "-60.00"), ("between -6% and +4% of x", "10%", "40.00"),
        ("between -10% and +10% of x", "50%", "0.00"), ("between -10% and +10% of x", "10%", "0.00"),
        ("at most 33.339 EUR", "50%", "-66.67"), ("at most 33.339 EUR", "10%", "0.00"),
        ("at least -33.339 EUR", "10%", "66.67"), ("at least -33.339 EUR", "50%", "0.00"),
        ("at most 4% of x at least -6% of x", "50%", "-60.00"),
        ("between -50 EUR and 20 EUR", "50%", "-80.00"), ("between -50 EUR and 20 EUR", "10%", "50.00"),
    ],
)  # fmt: skip
def test_limits_take_back_what_is_beyond(clause: str, rate: str, taken: str) -> None:
    found = amounts(f"{BASE}{PERCENT}\nlimit cap = q {clause}", {"rate": rate})
    assert found["cap"] == taken


# ---- fees


def fee_by_month(lines: str) -> list[str]:
    """What the fee `x` comes to, month by month of the year."""
    contract = contract_of(lines)
    found = []
    for month in range(1, 13):
        invoice = contract.invoice(figures_usage(contract.schema, {}), f"2026-{month:02d}")
        found.append(f"{float(sum(line.amount for line in invoice.lines if line.name == 'x')):.2f}")
    return found


NOTHING = "0.00"


@pytest.mark.parametrize(
    ("line", "months"),
    [
        ("fee x = 31 EUR per month", ["31.00"] * 12),
        ("fee x = 31 EUR per month from 2026-01-11 until 2026-02-14", ["21.00", "15.50"] + [NOTHING] * 10),
        ("fee x = 31 EUR per month not prorated from 2026-01-11 until 2026-02-14",
         ["31.00"] * 2 + [NOTHING] * 10),
        ("fee x = 31 EUR per month not prorated in advance from 2026-01-11 until 2026-02-14",
         ["31.00"] * 2 + [NOTHING] * 10),
        ("fee x = 90 EUR per quarter", [NOTHING, NOTHING, "90.00"] * 4),
        ("fee x = 90 EUR per quarter in advance", ["90.00", NOTHING, NOTHING] * 4),
        ("fee x = 90 EUR per quarter in advance from 2026-02-01",
         [NOTHING, "59.00", NOTHING] + ["90.00", NOTHING, NOTHING] * 3),
        ("fee x = 90 EUR per quarter not prorated in advance from 2026-02-01",
         [NOTHING, "90.00", NOTHING] + ["90.00", NOTHING, NOTHING] * 3),
        ("fee x = 90 EUR per quarter until 2026-02-28", [NOTHING, "59.00"] + [NOTHING] * 10),
        ("fee x = 365 EUR per year", [NOTHING] * 11 + ["365.00"]),
        ("fee x = 365 EUR per contract year in advance", ["365.00"] + [NOTHING] * 11),
        ("fee x = 100 EUR once", ["100.00"] + [NOTHING] * 11),
        ("fee x = 100 EUR once on 2026-03-01", [NOTHING] * 2 + ["100.00"] + [NOTHING] * 9),
        ("fee x = 100 EUR once from 2026-02-10", [NOTHING, "100.00"] + [NOTHING] * 10),
        ("subscription x = 31 EUR per month", ["31.00"] * 12),
        ("subscription x = 90 EUR per quarter", ["90.00", NOTHING, NOTHING] * 4),
        ("subscription x = 90 EUR per quarter in arrears", [NOTHING, NOTHING, "90.00"] * 4),
        ("amount a { from 2026-01-01 : 31 EUR from 2026-03-11 : 62 EUR }\nfee x = a per month",
         ["31.00", "31.00", "52.00"] + ["62.00"] * 9),
        ("amount a { from 2026-01-01 : 90 EUR from 2026-02-01 : 180 EUR }\nfee x = a per quarter in advance",
         ["90.00", "59.00", NOTHING] + ["180.00", NOTHING, NOTHING] * 3),
        ("fee x = 90 EUR per quarter in advance\namendment \"A\" effective 2026-02-01 { remove x }",
         ["90.00", "-28.00", "-31.00"] + [NOTHING] * 9),
    ],
)  # fmt: skip
def test_fees_month_by_month(line: str, months: list[str]) -> None:
    assert fee_by_month(line) == months


# ---- bands, spans, amendments


@pytest.mark.parametrize(
    ("rate", "amount"),
    [("91%", "30.00"), ("90%", "20.00"), ("80%", "20.00"), ("79.9%", "-10.00"), ("50%", "-10.00"),
     ("49%", "-40.00")],
)  # fmt: skip
def test_bands_may_be_written_from_the_top(rate: str, amount: str) -> None:
    line = """bonus-malus q on x by rate {
      above 90% : 3%  from 80% up to 90% : 2%  from 50% to below 80% : -1%  below 50% : -4% }"""
    assert amounts(BASE + line, {"rate": rate})["q"] == amount


@pytest.mark.parametrize(
    ("rate", "amount"), [("80%", "10.00"), ("85%", "25.00"), ("90%", "50.00"), ("79%", "-30.00")]
)
def test_bands_may_be_lines_and_steps(rate: str, amount: str) -> None:
    line = """bonus-malus q on x by rate {
      below 80%              : -1% for each full point below 82%
      from 80% to below 90%  : linear from 1% to 4%
      from 90%               : 5% }"""
    assert amounts(BASE + line, {"rate": rate})["q"] == amount


def invoiced(lines: str, period: str, figures: dict[str, str]) -> dict[str, str]:
    """What each line comes to in a month; each figure is `month: value, …`."""
    contract = contract_of(lines)
    given = {}
    for name, text in figures.items():
        rows = []
        for part in text.split(", "):
            month, value = part.split(": ")
            number = int(month)
            days = Days(date(2026, number, 1), date(2026 + number // 12, number % 12 + 1, 1))
            rows.append(SuppliedFigure(days, F(value), value, Place("u")))
        given[name] = tuple(rows)
    invoice = contract.invoice(figures_usage(contract.schema, given), period)
    return {line.name: f"{float(line.amount):.2f}" for line in invoice.lines}


CALLS = {"calls": "1: 10, 2: 20, 3: 40, 4: 80, 5: 160"}
SPANS = {
    "over 2 months rolling": "60.00", "over 2 months before": "30.00", "over quarter": "70.00",
    "over year": "70.00", "over contract": "70.00", "over contract year": "70.00",
    "over 2026-01 to 2026-02": "30.00", "over phase first": "30.00", "over phase second": "40.00",
}  # fmt: skip
PHASES = """
phase first { charge early = 1 EUR  transition to second on 2026-03-01 }
phase second { charge late = 1 EUR  transition to third on 2026-06-01 }
phase third { charge last = 1 EUR }
"""


@pytest.mark.parametrize("span", SPANS)
def test_spans_of_time(span: str) -> None:
    line = f"{PHASES}charge x = (calls {span}) at 1 EUR/call"
    assert invoiced(line, "2026-03", CALLS)["x"] == SPANS[span]


def test_a_phase_that_has_not_begun_has_no_days() -> None:
    lines = f"{PHASES}charge x = if (calls over phase third) is known then 1 EUR else 2 EUR"
    assert invoiced(lines, "2026-03", CALLS)["x"] == "2.00"


def test_a_phase_that_came_twice_is_every_day_spent_in_it() -> None:
    lines = """
    phase first { charge early = 1 EUR  transition to second on 2026-02-01 }
    phase second { charge late = 1 EUR  transition to first on 2026-03-01 }
    charge x = (calls over phase first) at 1 EUR/call
    """
    assert invoiced(lines, "2026-02", CALLS)["x"] == "10.00"
    assert invoiced(lines, "2026-03", CALLS)["x"] == "50.00"
    assert invoiced(lines, "2026-04", CALLS)["x"] == "130.00"


def test_an_amendment_names_itself_on_the_lines_that_it_brings() -> None:
    contract = contract_of(
        """charge x = 1 EUR
        charge y = 1 EUR
        phase first { charge z = 1 EUR }
        amendment "Avenant 1" effective 2026-02-01 {
          charge x = 2 EUR
          charge w = 3 EUR
          phase first { charge z = 4 EUR }
        }"""
    )
    usage = figures_usage(contract.schema, {})
    january, february = contract.invoices(usage, "2026-01", "2026-02")
    assert {line.name: (line.amount, line.terms.amendment, line.phase) for line in january.lines} == {
        "x": (1, None, None), "y": (1, None, None), "z": (1, None, "first"),
    }  # fmt: skip
    assert {line.name: (line.amount, line.terms.amendment, line.phase) for line in february.lines} == {
        "x": (2, "Avenant 1", None), "y": (1, None, None), "z": (4, "Avenant 1", "first"),
        "w": (3, "Avenant 1", None),
    }  # fmt: skip


def test_a_removed_line_is_in_force_until_the_day_before() -> None:
    lines = 'charge x = 1 EUR\ncharge y = 1 EUR\namendment "A" effective 2026-02-01 { remove x }'
    assert invoiced(lines, "2026-01", {}) == {"x": "1.00", "y": "1.00"}
    assert invoiced(lines, "2026-02", {}) == {"y": "1.00"}


def test_tiers_as_lines_run_on_across_segments() -> None:
    for line in (GRADUATED, FLAT):
        whole = amounts(line, {"calls": "25"})["x"]
        for first in ("0", "5", "10", "11", "20", "25"):
            assert amounts(f"{line} one line per tier\n{CUT}", {"calls": "25"}, first)["x"] == whole, (
                line,
                first,
            )


def test_the_price_of_a_tier_stands_on_its_line() -> None:
    contract = contract_of(f"{GRADUATED} one line per tier")
    usage = figures_usage(contract.schema, {"calls": (SuppliedFigure(JANUARY, F(25), "25", Place("u")),)})
    shown = [line.unit_price for line in contract.invoice(usage, "2026-01").lines]
    assert [(one.value, one.scale and one.scale.text) for one in shown if one] == [
        (2, "EUR/call"), (5, "EUR"), (1, "EUR/call"),
    ]  # fmt: skip


def test_natures_of_vat_keep_their_reason() -> None:
    contract = contract_of(
        'charge x = 1 EUR exempt "article 261"\ncharge y = 1 EUR untaxed "post"\ncharge z = 1 EUR taxed 0%'
    )
    invoice = contract.invoice(figures_usage(contract.schema, {}), "2026-01")
    assert [(line.vat.nature, line.vat.rate, line.vat.reason) for line in invoice.lines] == [
        ("exempt", None, "article 261"), ("untaxed", None, "post"), ("taxed", 0, ""),
    ]  # fmt: skip


# ---- where two rules meet


@pytest.mark.parametrize(
    ("line", "rate", "amount"),
    [
        ("bonus-malus q on x = 5% bonus when others >= 5 calls", "1%", "0.00"),
        ("bonus-malus q on x = 5% bonus when others >= 4 calls", "1%", "50.00"),
        ("bonus-malus q on x = 5% malus when others >= 5 calls", "1%", "50.00"),
        ("bonus-malus q on x = -5% malus when others >= 5 calls", "1%", "0.00"),
        ("bonus-malus q on x = -5% bonus when others >= 5 calls", "1%", "-50.00"),
        ("bonus-malus q on x = 5 EUR bonus when others >= 4 calls", "1%", "5.00"),
        ("bonus-malus q on x by rate weight 25% { below 50% : -300 EUR  from 50% : 300 EUR }\n"
         "by other_rate weight 75% { below 50% : -100 EUR  from 50% : 100 EUR }", "50%", "0.00"),
    ],
)  # fmt: skip
def test_values_gates_and_weights_in_money(line: str, rate: str, amount: str) -> None:
    figures = {"rate": rate, "other_rate": "1%", "others": "4"}
    assert amounts(BASE + line, figures).get("q", "0.00") == amount


def test_weighted_money_is_what_its_part_brings() -> None:
    line = """bonus-malus q on x
      by rate as k1 weight 20% { below 50% : -300 EUR  from 50% : 300 EUR }
      by other_rate weight 80% { below 50% : -100 EUR  from 50% : 100 EUR }
    charge part = q.k1"""
    assert amounts(BASE + line, {"rate": "50%", "other_rate": "1%"}) == {
        "x": "1000.00", "q": "-20.00", "part": "60.00",
    }  # fmt: skip


def test_a_band_of_nothing_is_an_answer_and_is_printed() -> None:
    line = "bonus-malus q on x by rate { below 50% : -10%  from 50% : 0% }\nlimit cap = q at most 4% of x"
    assert amounts(BASE + line, {"rate": "50%"}) == {"x": "1000.00", "q": "0.00", "cap": "0.00"}


@pytest.mark.parametrize(
    ("clause", "rate", "taken"),
    [
        ("at most 2% of x over contract", "50%", "-80.00"),
        ("at least -2% of x over contract", "10%", "80.00"),
    ],
)  # fmt: skip
def test_a_limit_over_time_is_a_percent_of_its_time(clause: str, rate: str, taken: str) -> None:
    assert amounts(f"{BASE}{PERCENT}\nlimit cap = q {clause}", {"rate": rate})["cap"] == taken


def test_what_keeps_a_bound_is_rounded_to_its_side_by_the_step_of_the_header() -> None:
    header = HEADER.replace("vat 20%", "vat 20% rounding half_up to 1 EUR")
    contract = load_text(f"{header}charge x = 1 000 EUR\nbonus-malus q on x = 100 EUR bonus at most 33.9 EUR")
    usage = figures_usage(contract.schema, {})
    assert [line.amount for line in contract.invoice(usage, "2026-01").lines] == [1000, 33]
    contract = load_text(
        f"{header}charge x = 1 000 EUR\nbonus-malus q on x = 100 EUR\nlimit cap = q at most 33.9 EUR"
    )
    assert [line.amount for line in contract.invoice(usage, "2026-01").lines] == [1000, 100, -67]


# ---- fees whose price changes inside an interval that is invoiced already


AMENDED = 'fee x = 90 EUR per quarter in advance\namendment "A" effective {day} {{ {what} }}'
DATED = "amount a {{ from 2026-01-01 : 90 EUR {rows} }}\nfee x = a per quarter in advance"
NONE_LEFT = [NOTHING] * 9


@pytest.mark.parametrize(
    ("line", "months"),
    [
        # 90 EUR more for the 31 days of March, of the 90 days of the quarter; then 180 EUR a quarter.
        (AMENDED.format(day="2026-03-01", what="fee x = 180 EUR per quarter in advance"),
         ["90.00", NOTHING, "31.00"] + ["180.00", NOTHING, NOTHING] * 3),
        (AMENDED.format(day="2026-04-01", what="fee x = 180 EUR per quarter in advance"),
         ["90.00", NOTHING, NOTHING] + ["180.00", NOTHING, NOTHING] * 3),
        # 90 EUR more from February on (59 of 90 days), then 180 EUR more for March (31 of 90).
        (DATED.format(rows="from 2026-02-01 : 180 EUR from 2026-03-01 : 360 EUR"),
         ["90.00", "59.00", "62.00"] + ["360.00", NOTHING, NOTHING] * 3),
        (DATED.format(rows="from 2026-02-01 : 180 EUR from 2026-02-15 : 90 EUR"),
         ["90.00", "14.00", NOTHING] + ["90.00", NOTHING, NOTHING] * 3),
        # What was paid at 180 EUR comes back at 180 EUR.
        (DATED.format(rows="from 2026-02-01 : 180 EUR") + '\namendment "A" effective 2026-03-01 { remove x }',
         ["90.00", "59.00", "-62.00", *NONE_LEFT]),
        ("amount a { from 2026-01-01 : 100 EUR from 2026-03-01 : 200 EUR }\nfee x = a once on 2026-03-01",
         [NOTHING, NOTHING, "200.00", *NONE_LEFT]),
        ("amount a { from 2026-01-01 : 100 EUR from 2026-03-02 : 200 EUR }\nfee x = a once on 2026-03-01",
         [NOTHING, NOTHING, "100.00", *NONE_LEFT]),
        ("amount a { from 2026-01-01 : 31 EUR from 2026-03-11 : 62 EUR }\n"
         "fee x = a per month not prorated from 2026-01-11 until 2026-03-20",
         ["31.00", "31.00", "62.00", *NONE_LEFT]),
        ("amount a { from 2026-01-01 : 31 EUR from 2026-03-11 : 62 EUR }\n"
         "fee x = a per month not prorated in advance from 2026-01-11 until 2026-03-20",
         ["31.00", "31.00", "31.00", *NONE_LEFT]),
    ],
)  # fmt: skip
def test_fees_whose_price_changes(line: str, months: list[str]) -> None:
    assert fee_by_month(line) == months


@pytest.mark.parametrize(
    "line",
    [
        "fee x = calls at 2 EUR/call once on 2026-01-20", "fee x = (calls * 2 EUR/call) per month",
        "fee x = (calls * 2 EUR/call) per month not prorated",
        "subscription x = (calls * 2 EUR/call) per month",
        "subscription x = (calls * 2 EUR/call) per month not prorated",
    ],
)  # fmt: skip
def test_a_fee_may_be_what_was_counted(line: str) -> None:
    assert amounts(line, {"calls": "12"}) == {"x": "24.00"}


def facts_of(lines: str, month: str) -> set[object]:
    """What the lines called `x` of a month are, as their reasons say it."""
    contract = contract_of(lines)
    invoice = contract.invoice(figures_usage(contract.schema, {}), month)
    return {step.fact("what") for line in invoice.lines if line.name == "x" for step in line.reason.walk()}


def test_a_fee_says_whether_it_is_due_returned_or_a_difference() -> None:
    dearer = DATED.format(rows="from 2026-02-01 : 180 EUR")
    assert facts_of(dearer, "2026-02") == {"difference", None}
    removed = AMENDED.format(day="2026-02-01", what="remove x")
    assert facts_of(removed, "2026-02") == {"returned", None}
    for line in ("fee x = 31 EUR per month", "subscription x = 31 EUR per month"):
        assert facts_of(f"{line} from 2026-01-11", "2026-01") == {"fee", None}
    # A whole fee is its price and nothing else.
    for line in ("fee x = 9 EUR once", "fee x = 9 EUR per month", "fee x = 9 EUR per month not prorated",
                 "subscription x = 9 EUR per month not prorated"):  # fmt: skip
        assert facts_of(line, "2026-01") == {None}, line


# ---- bounds, parts and rows, where no other rule hides them


@pytest.mark.parametrize(
    ("bound", "rate", "amount"),
    [
        # A percent of the lines is rounded as any other; an amount of money is never passed.
        ("bonus at most 3.3335%", "50%", "33.34"), ("malus at most 3.3335%", "10%", "-33.34"),
        ("bonus at most 33.335 EUR", "50%", "33.33"), ("malus at most 33.335 EUR", "10%", "-33.33"),
    ],
)  # fmt: skip
def test_bounds_of_values_in_money_to_the_cent(bound: str, rate: str, amount: str) -> None:
    assert amounts(f"{BASE}{MONEY} {bound}", {"rate": rate})["q"] == amount


def test_a_full_tier_is_no_line_of_the_next_one() -> None:
    contract = contract_of(f"{GRADUATED} one line per tier")
    for calls, tiers in ((10, [1]), (11, [1, 2]), (20, [1, 2]), (21, [1, 2, 3])):
        given = {"calls": (SuppliedFigure(JANUARY, F(calls), str(calls), Place("u")),)}
        lines = contract.invoice(figures_usage(contract.schema, given), "2026-01").lines
        assert [line.tier for line in lines] == tiers


@pytest.mark.parametrize(("other", "amount"), [("99%", "0.00"), ("97%", "-20.00"), ("96.5%", "-20.00")])
def test_a_row_may_count_from_another_figure(other: str, amount: str) -> None:
    line = """bonus-malus q on x by rate {
      below 50% : -1% for each full point of other_rate below 99%
      from 50%  : 5% }"""
    assert amounts(BASE + line, {"rate": "10%", "other_rate": other})["q"] == amount


def test_the_parts_of_a_scorecard_are_steps_with_their_weights() -> None:
    contract = contract_of(
        BASE
        + """bonus-malus q on x
        by rate weight 60% { below 50% : -10%  from 50% : 10% }
        by other_rate weight 40% { below 50% : -4%  from 50% : 5% }
        bonus-malus single on x by rate { below 50% : -10%  from 50% : 10% }
        bonus-malus weighed on x by rate weight 50% { below 50% : -10%  from 50% : 10% }
        bonus-malus gated on x by rate { below 50% : -10%  from 50% : 10% } bonus when others >= 5 calls"""
    )
    rows = {"rate": F(1, 2), "other_rate": F(1, 10), "others": F(4)}
    given = {name: (SuppliedFigure(JANUARY, value, str(value), Place("u")),) for name, value in rows.items()}
    lines = contract.invoice(figures_usage(contract.schema, given), "2026-01").lines
    parts = {line.name: [step.value for step in line.reason.walk() if step.kind == "part"] for line in lines}
    assert parts == {
        "x": [], "q": [F(6, 100), F(-16, 1000)], "single": [], "weighed": [F(5, 100)], "gated": [F(0)],
    }  # fmt: skip


# ---- what is in force, by day


def test_the_terms_know_who_brought_what_and_until_when() -> None:
    contract = contract_of(
        """rate r = 1 EUR/call
        charge v = calls at r
        phase first { charge x = calls at r  charge z = calls at r  transition to second on 2026-06-01 }
        phase second { charge y = calls at r }
        amendment "A" effective 2026-02-01 {
          remove v
          rate r = 2 EUR/call
          phase first "Another" { remove x  transition to second on 2026-05-01 }
        }"""
    )
    terms = ContractTerms(contract.document.declarations)
    before, after = date(2026, 1, 31), date(2026, 2, 1)
    assert [terms.price("r", day).formula.value for day in (before, after)] == [1, 2]  # type: ignore[union-attr]
    assert [terms.price_version("r", day).amendment for day in (before, after)] == [None, "A"]  # type: ignore[union-attr]
    assert terms.price("nothing", before) is None
    assert terms.price_version("nothing", before) is None
    assert terms.transitions_of("nothing") == []
    assert [(one.start, one.amendment) for one in terms.transitions_of("first")] == [
        (date.min, None), (after, "A"),
    ]  # fmt: skip
    assert [(one.start, one.amendment) for one in terms.phases["first"]] == [(date.min, None), (after, "A")]
    assert [one.declared.label for one in terms.phases["first"] if one.declared] == [None, "Another"]
    for name in ("v", "x"):
        versions = [version for version, _ in terms.lines[name]]
        assert (versions[-1].start, versions[-1].declared, versions[-1].amendment) == (after, None, "A")


def test_a_band_table_is_drawn_as_it_was_read() -> None:
    contract = contract_of(
        BASE
        + """bonus-malus q on x by rate {
        below 80% : -5%  from 80% up to 85% : 0%  above 85% to below 90% : 1%
        from 90% : 2%  no data : 3% }"""
    )
    expected = [
        ("below 80%", "-5%", None, False, F(4, 5), False, False),
        ("from 80% up to 85%", "0%", F(4, 5), True, F(17, 20), True, False),
        ("above 85% to below 90%", "1%", F(17, 20), False, F(9, 10), False, False),
        ("from 90%", "2%", F(9, 10), True, None, False, False),
        ("no data", "3%", None, False, None, False, True),
    ]
    for rate, row in ((F(17, 20), 1), (F(18, 20), 3), (None, 4)):
        given = {"rate": (SuppliedFigure(JANUARY, rate, str(rate), Place("u")),)}
        lines = contract.invoice(figures_usage(contract.schema, given), "2026-01").lines
        (drawn,) = [step.fact("rows") for line in lines for step in line.reason.walk() if step.kind == "band"]
        rows = [
            (one.text, one.value, one.lower, one.lower_included, one.upper, one.upper_included, one.no_data)
            for one in drawn.rows
        ]
        assert rows == expected
        assert [one.reached for one in drawn.rows] == [at == row for at in range(5)]


def test_an_amendment_removes_figures_rates_and_windows() -> None:
    contract = contract_of(
        """rate r = 1 EUR/call
        measure spare = calls
        charge x = spare at r
        amendment "A" effective 2026-02-01 { remove x  remove spare  remove r }"""
    )
    terms = ContractTerms(contract.document.declarations)
    for versions in (terms.prices["r"], terms.measures["spare"]):
        assert [(one.start, one.declared is None, one.amendment) for one in versions] == [
            (date.min, False, None), (date(2026, 2, 1), True, "A"),
        ]  # fmt: skip
