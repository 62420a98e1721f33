"""The second evaluator comes to what the first does, to the last cent, and refuses what it refuses.

Every period of every sample that compiles is rated both ways over drawn figures: zeros, the numbers that
the contract itself names and their neighbours, and no data. `CompiledPeriod.interpreted` shows that it was
the generated code that answered.
"""

import random
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rating_scene import band_tables, laws, loaded, pricings, tier_tables

from contractlang.api import LoadedContract, load
from contractlang.compiled import CompiledInvoice, CompiledPeriod
from contractlang.compiled.period import Given, Key
from contractlang.diagnostics import ContractError, Place
from contractlang.kinds import measure_kind
from contractlang.measuring.usage import SuppliedFigure, figures_usage
from contractlang.rating.reading import Reading
from contractlang.terms import ContractTerms

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(path for path in ROOT.glob("contracts/*/*.contract") if path.stem == path.parent.name)
CASES = sorted((ROOT / "tests" / "data" / "syntax").glob("*.contract"))
Figures = dict[Key, Given]


@cache
def contract_of(path: Path) -> LoadedContract:
    return load(path)


def periods_of(contract: LoadedContract) -> list[str]:
    terms = ContractTerms(contract.checked.document.declarations)
    return [f"{one.days.start}" for one in terms.periods(terms.whole_term)]


# ---- figures


def numbers_in(text: str) -> list[Decimal]:
    """The numbers that a contract names: its edges, its thresholds, its prices."""
    found = re.findall(r"\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", text)
    return sorted({Decimal(one.replace(" ", "")) for one in found if len(one) < 12})


def draw_figure(chance: random.Random, unit: str, edges: list[Decimal]) -> Given:
    if unit == "yes/no":
        return chance.choice([True, False])
    kind = chance.randrange(12)
    if kind == 0:
        return 0
    if kind < 6 and edges:
        near = chance.choice(edges)
        return chance.choice([near, near + Decimal("0.01"), near - Decimal("0.01"), near + 1, Fraction(near)])
    if kind == 6:
        return Fraction(chance.randrange(100_000), chance.randrange(1, 30))
    if kind == 7:
        return chance.randrange(60_000)
    if kind == 8:
        return Decimal(chance.randrange(600)) / 100
    return Decimal(chance.randrange(10_001)) / 100


def draw_figures(chance: random.Random, compiled: CompiledPeriod, edges: list[Decimal]) -> Figures:
    found: Figures = {key: draw_figure(chance, unit, edges) for key, unit in compiled.units.items()}
    for key in found:
        if chance.randrange(40) == 0:
            found[key] = None
    if found and chance.randrange(40) == 0:
        del found[chance.choice(list(found))]
    return found


# ---- both ways


def by_interpreter(contract: LoadedContract, period: str, figures: Mapping[Key, Given]) -> object:
    """The invoice of the interpreter over the same figures, or the codes of what is wrong.

    Earlier periods have every figure, because the phase in force may depend on them.
    """
    terms = ContractTerms(contract.checked.document.declarations)
    scope = contract.checked.scope
    this = next(one for one in terms.periods(terms.whole_term) if f"{one.days.start}" == period)
    rows: dict[str, list[SuppliedFigure]] = {}

    def supply(name: str, days: object, value: Given) -> None:
        kind = measure_kind(scope.measures[name], scope)
        factor = Fraction(1, 100) if kind.percent and kind.scale is None else Fraction(1)
        factor = kind.scale.factor if kind.scale is not None else factor
        exact = value if value is None or isinstance(value, bool) else Fraction(value) * factor
        rows.setdefault(name, []).append(SuppliedFigure(days, exact, str(value), Place("drawn")))  # type: ignore[arg-type]

    reading, told = Reading(terms), contract.compiled(period).units
    transitions = [
        way for versions in terms.transitions.values() for one in versions for way in one.declared or ()
    ]
    if any(way.when for way in transitions):
        before, back = this, 0
        while before is not None:
            for name, measure in scope.measures.items():
                counted = measure.formula is None or reading.tables(measure.formula)
                if counted and ((name, -back) if back else name) not in {*told, *figures}:
                    yes_no = measure_kind(measure, scope).what == "boolean"
                    supply(name, before.days, back % 2 == 0 if yes_no else 1)
            back += 1
            before = terms.period_before(this, back)
    for key, value in figures.items():
        name, offset = (key, 0) if isinstance(key, str) else key
        of = terms.period_before(this, -offset)
        assert of is not None
        supply(name, of.days, value)
    usage = figures_usage(contract.schema, {name: tuple(found) for name, found in rows.items()})
    try:
        invoice = contract.invoice(usage, period)
    except ContractError as fault:
        return {one.code for one in fault.diagnostics}
    lines = [(line.name, line.amount) for line in invoice.lines]
    vat = [(one.rate, one.base, one.amount, one.nature, one.reason) for one in invoice.vat]
    return lines, invoice.net, vat, invoice.gross


def gist(invoice: CompiledInvoice) -> object:
    vat = [(one.vat.rate, one.base, one.amount, one.vat.nature, one.vat.reason) for one in invoice.vat]
    return list(invoice.lines), invoice.net, vat, invoice.gross


def by_generated_code(compiled: CompiledPeriod, figures: Figures, explain: bool) -> object:
    try:
        return gist(compiled.explain(figures) if explain else compiled.amounts(figures))
    except ContractError as fault:
        return {one.code for one in fault.diagnostics}


def assert_equal(contract: LoadedContract, period: str, figures: Figures, explain: bool = False) -> bool:
    """Both ways agree; whether generated code answered by itself."""
    compiled = contract.compiled(period)
    before = compiled.interpreted
    assert by_generated_code(compiled, figures, explain) == by_interpreter(contract, period, figures), (
        f"{period} {figures}\n{compiled.text}"
    )
    return compiled.interpreted == before


@pytest.mark.parametrize("path", [*SAMPLES, *CASES], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_period_of_a_sample_that_compiles_comes_to_the_same(path: Path) -> None:
    contract = contract_of(path)
    edges = numbers_in(path.read_text(encoding="utf-8"))
    chance = random.Random(path.stem)
    answered = asked = 0
    told: dict[str, list[str]] = {}
    for period in periods_of(contract):
        compiled = contract.compiled(period)
        if compiled.why_not is None:
            told.setdefault(compiled.text, []).append(period)
    for periods in told.values():
        for period in (periods[0], periods[-1]):
            for _ in range(4):
                figures = draw_figures(chance, contract.compiled(period), edges)
                answered += assert_equal(contract, period, figures, explain=asked % 2 == 1)
                asked += 1
    assert not asked or answered, "not one set of figures was rated by generated code"


UNEXPRESSED = {
    "bonus_on_bounce", "bonus_on_sales_volume", "by_fte", "by_the_act", "flat_quarterly", "flat_yearly",
    "managed_service", "round_each_day", "subscription_and_acts",
}  # fmt: skip
"""Samples of which no period is compiled; a name that leaves this list is a gain."""


def test_what_compiles_does_not_become_less() -> None:
    without = {
        path.stem
        for path in SAMPLES
        if all(contract_of(path).compiled(one).why_not for one in periods_of(contract_of(path)))
    }
    assert without == UNEXPRESSED


# ---- drawn contracts

HEADER = """contract "Drawn" {
  provider p  client c  term 2026-01-01 to 2026-03-31  invoiced monthly
  currency EUR  timezone Europe/Paris  vat 20%
}
unit call
measure handled in calls
measure offered in calls
measure rate in %
measure late_days in days else 0
measure ratio = handled / offered rounded to 0.01%
"""
ROUNDINGS = ("half_up to 0.01", "half_even to 0.01", "half_down to 0.01", "up to 0.05", "down to 1")


@st.composite
def contracts(draw: st.DrawFn) -> str:
    """Charges, a bonus-malus, a limit, a minimum and a penalty, with whatever Hypothesis thinks of."""
    header = HEADER.replace("vat 20%", f"vat {draw(st.sampled_from(['20%', '5.5%', '0%']))}  rounding "
                            f"{draw(st.sampled_from(ROUNDINGS))} EUR")  # fmt: skip
    lines = [f"charge a = handled at {draw(pricings())}"]
    if draw(st.booleans()):
        table = draw(tier_tables("volume")).replace("volume price", "volume price of offered")
        lines.append(f"charge b = handled at {table} {draw(st.sampled_from(['', 'at most 500 EUR']))}")
    on = " + ".join(line.split()[1] for line in lines)
    bands = draw(band_tables(money=draw(st.booleans())))
    figure = draw(st.sampled_from(["rate", "ratio", "rate - ratio", "max(rate, ratio)"]))
    clauses = draw(st.sampled_from([
        "", "bonus at most 3%", "bonus at most 9.345 EUR malus at most 7 EUR", "bonus when handled > 9 calls",
        "malus when rate < 50% or handled > 10 calls bonus when not (ratio > 90%)", "when ratio >= 50%",
    ]))  # fmt: skip
    if "EUR" in bands.text and "%" in clauses and "most" in clauses:
        clauses = ""
    lines.append(f"bonus-malus c on {on} {clauses} by {figure} {bands.text}")
    lines.append(f"limit d = c between -{draw(st.integers(0, 9))}.5% and +4% of a")
    lines.append(f"minimum e = {draw(st.integers(0, 2000))}.505 EUR on a")
    bound = draw(
        st.sampled_from(["", "at most 1 000 EUR", "at most 10% of a", "at most 3.333 EUR at least 1 EUR"])
    )
    each = draw(st.sampled_from([
        "late_days at 33.335 EUR/day", "50 EUR for each started point of rate below 60%",
        "if rate < 50% then 1% of a else 7 EUR", "max(handled, offered) / (handled + 1 call) * 1.115 EUR",
        "1 EUR * ceil(handled / 7 calls)", "abs(rate - ratio) * a", "clamp(rate, 10%, 20%) * 100 EUR",
    ]))  # fmt: skip
    lines.append(f"penalty f = {each} {bound}")
    lines.append("fee g = 100 EUR per month")
    return header + "\n".join(lines) + "\n"


drawn_numbers = (
    st.integers(0, 500)
    | st.decimals(0, 120, places=2)
    | st.fractions(0, 300, max_denominator=30)
    | st.sampled_from([None, 0, Decimal("0.00")])
)


@laws
@given(contracts(), st.lists(st.tuples(*[drawn_numbers] * 3), min_size=3, max_size=3), st.booleans())
def test_drawn_contracts_come_to_the_same(
    text: str, drawn: list[tuple[Given, Given, Given]], explain: bool
) -> None:
    contract = loaded(text)
    assert contract.compiled("2026-02").why_not is None, contract.compiled("2026-02").why_not
    for handled, offered, rate in drawn:
        figures: Figures = {"handled": handled, "offered": offered, "rate": rate, "late_days": 3}
        assert_equal(contract, "2026-02-01", figures, explain)


# ---- what would be noticed

FLAWLESS = (
    HEADER
    + """
charge a = handled at volume price { up to 100 calls : 4 EUR/call up to 200 calls : 3 EUR beyond : 2 EUR/call}
bonus-malus c on a by rate {
  below 80% : -6%  from 80% up to 85% : -1% for each started point below 85%  above 85% to below 92% : 1%
  from 92% : +3%
}
limit d = c between -3% and +2% of a
penalty f = late_days at 10 EUR/day at most 45 EUR
"""
)
AT_THE_EDGES = [
    {"handled": handled, "rate": rate, "late_days": late}
    for handled in (0, 50, 99, 100, 101, 199, 200, 201, 5000)
    for rate in (Decimal(n) / 2 for n in (100, 159, 160, 161, 166, 167, 169, 170, 171, 183, 184, 185))
    for late in (0, 1, 4, 5, -1)
]
OTHER = {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " + ": " - ", " - ": " + "}


def flaws(text: str) -> Iterator[str]:
    """The function with one sign or one edge wrong, for each in a test of a band, a tier or a sum.

    Where a bound meets what it bounds, and at zero, both sides come to the same; a doubt is no answer.
    """
    for found in re.finditer("|".join(map(re.escape, OTHER)), text):
        line = text[text.rfind("\n", 0, found.start()) : text.index("\n", found.end())]
        if not re.search(r"if \([0-9*]*a\d| // |found|[<>]= 0\)|Doubt", line):
            yield text[: found.start()] + OTHER[found.group()] + text[found.end() :]


def test_a_wrong_sign_or_edge_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = loaded(FLAWLESS)
    compiled = contract.compiled("2026-02")
    for figures in AT_THE_EDGES[::7]:
        assert_equal(contract, "2026-02-01", figures)
    right = [by_generated_code(compiled, one, False) for one in AT_THE_EDGES]
    compiler = compiled.compiler
    made = compiler.function
    unnoticed: list[str] = []
    count = 0
    for flawed in flaws(compiled.text):
        count += 1
        monkeypatch.setattr(compiler, "function", lambda _, held, flawed=flawed: made(flawed, held))
        wrong = CompiledPeriod(compiler, compiled.period)
        if [by_generated_code(wrong, one, False) for one in AT_THE_EDGES] == right:
            unnoticed += set(flawed.splitlines()) - set(compiled.text.splitlines())
    assert count >= 12
    assert not unnoticed


# ---- what is given


@example(0.5)
@given(st.floats(0, 1))
@laws
def test_a_binary_float_is_refused(value: float) -> None:
    compiled = loaded(FLAWLESS).compiled("2026-02")
    with pytest.raises(TypeError, match="a float"):
        compiled.amounts({"handled": 1, "rate": value, "late_days": 0})  # type: ignore[dict-item]


@pytest.mark.parametrize("value", [True, "93", Decimal("NaN")])
def test_what_is_no_number_is_refused(value: object) -> None:
    compiled = loaded(FLAWLESS).compiled("2026-02")
    compiled.amounts({"handled": 1, "rate": 93, "late_days": 0})
    with pytest.raises((TypeError, ValueError), match="the figure 'rate' is"):
        compiled.amounts({"handled": 1, "rate": value, "late_days": 0})  # type: ignore[dict-item]


def test_a_name_that_is_no_figure_is_said_with_the_nearest() -> None:
    compiled = loaded(FLAWLESS).compiled("2026-02")
    with pytest.raises(ContractError) as fault:
        compiled.amounts({"handeled": 1, "rate": 1})
    assert [one.code for one in fault.value.diagnostics] == ["CL812"]
    assert "handled" in fault.value.diagnostics[0].help


def test_many_months_are_rated_in_order_and_share_their_functions() -> None:
    contract = loaded(FLAWLESS)
    months = [(f"2026-0{month}", {"handled": 10 * month, "rate": 93, "late_days": 0}) for month in (1, 2, 3)]
    found = list(contract.rate_months(months))
    assert [one.lines[0] for one in found] == [("a", 40), ("a", 80), ("a", 120)]
    assert len({contract.compiled(month).text for month, _ in months}) == 1


def test_a_reason_names_the_figures_the_rows_and_the_amount_before_rounding() -> None:
    compiled = loaded(FLAWLESS).compiled("2026-02")
    invoice = compiled.explain({"handled": 150, "rate": Decimal("83.5"), "late_days": 0})
    assert [one.name for one in invoice.reasons] == [name for name, _ in invoice.lines]
    reason = invoice.reasons[1]
    assert reason.before_rounding == Decimal("-0.06")
    assert reason.read == (
        ("rate", Decimal("83.5")),
        ("row", "from 80% up to 85% : -1% for each started point below 85%"),
    )
