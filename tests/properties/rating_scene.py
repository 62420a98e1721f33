"""A stage for the laws of rating: contracts and usages that Hypothesis draws, and how they are rated.

A `Case` holds a contract as text and its figures, supplied in every part that a cut may ask for: so a
line that an amendment, a phase or a dated rate cuts in mid-month is rated like any other.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from contractlang.api import LoadedContract, load_text
from contractlang.calendar import Days
from contractlang.diagnostics import Place, Severity
from contractlang.invoicing.document import Invoice, InvoiceLine
from contractlang.measuring.usage import MeasuredUsage, SuppliedFigure, figures_usage

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
settings.register_profile("laws", max_examples=20, deadline=None, suppress_health_check=QUIET)
settings.register_profile("fuzz", max_examples=1500, deadline=None, suppress_health_check=QUIET)

laws = settings(settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "laws")))
"""The settings of every law: `HYPOTHESIS_PROFILE=fuzz pytest tests/properties` looks for longer."""

CENT = Fraction(1, 100)
Value = Fraction | None
Figures = Mapping[str, tuple[tuple[Days, Value], ...]]

UNITS = """
unit call
unit sale
measure handled in calls
measure sold in sales
measure hours in hours
measure late_days in days
measure rate in %
"""
ROUNDINGS = ("rounding half_even to 0.01 EUR", "rounding up to 0.05 EUR", "rounding down to 1 EUR")
TERM = Days(date(2026, 1, 1), date(2026, 5, 1))


@dataclass(frozen=True)
class Case:
    """A contract and its usage; `amendments` follow the base, so that a law may leave them out."""

    header: str
    lines: tuple[str, ...]
    figures: Figures = field(default_factory=dict)
    amendments: tuple[tuple[date, str], ...] = ()
    term: Days = TERM

    @property
    def text(self) -> str:
        """The contract."""
        return "\n".join((self.header, UNITS, *self.lines, *(text for _, text in self.amendments))) + "\n"

    @property
    def periods(self) -> tuple[str, ...]:
        """The months of the term, as a command names them."""
        return tuple(f"{month.start:%Y-%m}" for month in months(self.term))

    def without_amendments(self) -> "Case":
        """The contract as it was first signed."""
        return replace(self, amendments=())


def months(days: Days) -> tuple[Days, ...]:
    """The calendar months of some days, clipped to them."""
    found, at = [], days.start
    while at < days.end:
        following = date(at.year + at.month // 12, at.month % 12 + 1, 1)
        found.append(Days(at, min(following, days.end)))
        at = following
    return tuple(found)


def loaded(text: str) -> LoadedContract:
    """A contract without errors."""
    contract = load_text(text, "laws.contract")
    wrong = [one for one in contract.check() if one.severity is Severity.ERROR]
    assert not wrong, f"{[(one.code, one.message) for one in wrong]}\n{text}"
    return contract


def usage_of(contract: LoadedContract, figures: Figures, until: date = date.max) -> MeasuredUsage:
    """The figures as a usage; `until` leaves out those of later days."""
    given = {
        name: tuple(
            SuppliedFigure(days, value, str(value), Place("usage.yaml", None, name))
            for days, value in rows
            if days.end <= until
        )
        for name, rows in figures.items()
    }
    return figures_usage(contract.schema, given)


def invoices(case: Case) -> tuple[Invoice, ...]:
    """The invoices of the whole term."""
    contract = loaded(case.text)
    return contract.invoices(usage_of(contract, case.figures), case.periods[0], case.periods[-1])


def gist(lines: Iterable[InvoiceLine]) -> list[tuple[object, ...]]:
    """What an invoice says of its lines, without their reasons and places."""
    return [
        (
            one.name,
            one.days,
            one.group,
            one.tier,
            one.amount,
            one.vat,
            one.quantity,
            one.unit_price,
            one.phase,
        )
        for one in lines
    ]


# ---- words


def number(value: Fraction | int, places: int = 2) -> str:
    """A decimal as a contract writes it."""
    scaled = int(Fraction(value) * 10**places)
    text = f"{abs(scaled):0{places + 1}d}"
    whole = f"{text[:-places]}.{text[-places:]}" if places else text
    return f"-{whole}" if scaled < 0 else whole


def decimals(low: int, high: int, places: int = 2) -> st.SearchStrategy[Fraction]:
    """Decimals with some places; the bounds are in units of the last place."""
    return st.integers(low, high).map(lambda value: Fraction(value, 10**places))


def prices(unit: str, high: int = 900) -> st.SearchStrategy[str]:
    """A price per unit."""
    return decimals(0, high).map(lambda value: f"{number(value)} EUR/{unit}")


@st.composite
def tier_tables(draw: st.DrawFn, kind: str, plus: bool = True) -> str:
    """`graduated prices { … }` or `volume price { … }` of calls."""
    edges = sorted(draw(st.sets(st.integers(1, 400), max_size=3)))
    rows = []
    for edge in [*edges, None]:
        price = f"{number(draw(decimals(0, 900)))} EUR"
        price += "" if draw(st.integers(0, 4)) == 0 else "/call"
        if plus and draw(st.integers(0, 4)) == 0:
            price += f" plus {draw(st.integers(1, 90))} EUR"
        rows.append(f"beyond : {price}" if edge is None else f"up to {edge} calls : {price}")
    words = "graduated prices" if kind == "graduated" else "volume price"
    return f"{words} {{ {' '.join(rows)} }}"


@st.composite
def pricings(draw: st.DrawFn) -> str:
    """Any price of calls."""
    kind = draw(st.sampled_from(["flat", "graduated", "volume", "package"]))
    if kind == "flat":
        return draw(prices("call"))
    if kind == "package":
        return f"package of {draw(st.integers(1, 60))} calls : {draw(st.integers(0, 300))} EUR"
    return draw(tier_tables(kind))


@dataclass(frozen=True)
class BandTable:
    """A band table on `rate`: its text, its edges, and whether the row above each edge holds it."""

    text: str
    edges: tuple[Fraction, ...]
    above: tuple[bool, ...]

    def row_of(self, value: Fraction) -> int:
        """The number of the row that holds a value, by the plain reading of its words."""
        return sum(
            value > edge or (value == edge and above)
            for edge, above in zip(self.edges, self.above, strict=True)
        )


@st.composite
def band_tables(draw: st.DrawFn, money: bool = False) -> BandTable:
    """Rows that cover every rate, with edges to either side, constants, lines and steps."""
    edges = tuple(sorted(draw(st.sets(decimals(1, 9999, 2), min_size=1, max_size=4))))
    above = tuple(draw(st.booleans()) for _ in edges)
    unit = " EUR" if money else "%"

    def value() -> str:
        return f"{number(draw(decimals(-999, 999)))}{unit}"

    rows = []
    for index in range(len(edges) + 1):
        words = []
        if index:
            words.append(f"{'from' if above[index - 1] else 'above'} {number(edges[index - 1])}%")
        if index < len(edges):
            side = "below" if above[index] else "up to"
            words.append(f"{'to ' if side == 'below' and words else ''}{side} {number(edges[index])}%")
        inner = 0 < index < len(edges)
        shape = draw(st.sampled_from(["constant", "linear", "each"]))
        if shape == "linear" and inner:
            text = f"linear from {value()} to {value()}"
        elif shape == "each" and index < len(edges):
            mode = draw(st.sampled_from(["full", "started", "pro rata"]))
            step = draw(st.sampled_from(["point", "0.5 point", "3 points"]))
            text = f"{value()} for each {mode} {step} below {number(edges[index])}%"
        else:
            text = value()
        rows.append(f"{' '.join(words)} : {text}")
    rows.append(f"no data : {value()}")
    return BandTable(f"{{ {' '.join(rows)} }}", edges, above)


# ---- cases


def header(rounding: str = "", vat: str = "20%", term: Days = TERM) -> str:
    """The header of every contract here."""
    return (
        f'contract "Laws" {{ provider a client b term {term.start} to {term.last} invoiced monthly '
        f"currency EUR timezone Europe/Paris vat {vat} {rounding} }}"
    )


@st.composite
def figures_of(draw: st.DrawFn, term: Days, cuts: Iterable[date]) -> Figures:
    """Figures for every part of every month; rates for every run of parts that may be assessed."""
    cuts = frozenset(cuts)
    names = ("handled", "sold", "hours", "late_days")
    counted: dict[str, list[tuple[Days, Value]]] = {name: [] for name in names}
    rates: list[tuple[Days, Value]] = []
    for month in months(term):
        parts = month.cut(cuts)
        for part in parts:
            counted["handled"].append((part, Fraction(draw(st.integers(0, 700)))))
            counted["sold"].append((part, Fraction(draw(st.integers(0, 60)))))
            counted["hours"].append((part, draw(decimals(0, 30000)) * 3600))
            counted["late_days"].append((part, Fraction(draw(st.integers(0, 12)))))
        for first in range(len(parts)):
            for last in range(first, len(parts)):
                value = draw(st.one_of(st.none(), decimals(0, 10000, 4)))
                rates.append((Days(parts[first].start, parts[last].end), value))
    return {**{name: tuple(rows) for name, rows in counted.items()}, "rate": tuple(rates)}


@st.composite
def cases(draw: st.DrawFn, cut: bool = True) -> Case:
    """A contract with every kind of line but the clawback, perhaps with phases and amendments."""
    start = draw(st.sampled_from([date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 12)]))
    term = Days(start, date(2026, 4, draw(st.sampled_from([30, 30, 17]))) + timedelta(days=1))
    inside = st.integers(1, term.count - 1).map(lambda count: term.start + timedelta(days=count))
    firsts = st.sampled_from([date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)])
    days = st.one_of(inside, firsts)
    changes, cuts = draw(days), []
    rate = f"rate hourly = {draw(prices('hour', 9000))}"
    if cut and draw(st.booleans()):
        cuts.append(changes)
        rate = (
            f"rate hourly {{ from 2026-01-01 : {draw(prices('hour', 9000))} "
            f"from {changes} : {draw(prices('hour', 9000))} }}"
        )
    handling = f"charge handling = handled at {draw(pricings())}"
    if "graduated" in handling and draw(st.integers(0, 3)) == 0:
        handling += " one line per tier"
    if draw(st.integers(0, 3)) == 0:
        handling += f" at most {draw(st.integers(1, 900))} EUR"
    nature = draw(st.sampled_from(["", " taxed 10%", " taxed 5.5%", ' exempt "post"']))
    selling = f"charge selling = sold at {draw(prices('sale', 3000))}{nature}"
    timing = "charge timing = hours at hourly"
    low, high = number(draw(decimals(0, 600))), number(draw(decimals(0, 600)))
    quality = f"bonus-malus quality on {draw(st.sampled_from(['handling', 'handling + selling']))} by rate"
    table = draw(band_tables(money=draw(st.integers(0, 4)) == 0))
    most = draw(st.integers(0, 900))
    late = f"penalty late = late_days at {draw(st.integers(0, 400))} EUR/day at most {most} EUR"
    inner = [
        handling,
        selling,
        f"{quality} {table.text}",
        f"limit cap = quality between -{low}% and +{high}% of handling",
        f"minimum least = {draw(st.integers(0, 4000))} EUR on handling + selling",
    ]
    outer = [
        f"fee managed = {draw(st.integers(1, 9000))} EUR per {draw(st.sampled_from(['month', 'quarter']))}"
        f"{draw(st.sampled_from(['', ' in advance', ' not prorated']))}",
        f"subscription portal = {draw(st.integers(1, 900))} EUR per month",
        late,
    ]
    lines = [rate]
    if cut and draw(st.booleans()):
        turn = draw(days)
        cuts.append(turn)
        lines.append(f"phase first {{ {timing} transition to second on {turn} }}")
        lines.append("phase second { " + "\n  ".join(inner) + " }")
        lines += outer
    else:
        lines += [timing, *inner, *outer]
    amendments: list[tuple[date, str]] = []
    if cut and draw(st.booleans()):
        day = draw(days)
        cuts.append(day)
        amended = draw(
            st.sampled_from(
                [
                    f"charge handling = handled at {draw(pricings())}",
                    f"fee managed = {draw(st.integers(1, 9000))} EUR per month",
                    f"fee managed = {draw(st.integers(1, 9000))} EUR per quarter in advance",
                    "remove late",
                    "remove portal",
                    f"subscription portal = {draw(st.integers(1, 900))} EUR per month",
                    f"rate hourly = {draw(prices('hour', 9000))}",
                    f"minimum least = {draw(st.integers(0, 4000))} EUR on handling",
                    f"{quality} {draw(band_tables()).text}",
                    "vat 8%",
                ]
            )
        )
        amendments.append((day, f'amendment "Avenant-1" effective {day} {{ {amended} }}'))
    rounding = draw(st.sampled_from(["", "", *ROUNDINGS]))
    figures = draw(figures_of(term, cuts))
    return Case(header(rounding, term=term), tuple(lines), figures, tuple(amendments), term)
