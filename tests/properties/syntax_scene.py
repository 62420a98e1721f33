"""What the properties of syntax share: samples, texts that the grammar gives, trees, budgets."""

import os
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from strict_parser import lark_parser

from contractlang.reading import forbidden_characters
from contractlang.syntax import tree
from contractlang.syntax.building import _keyword
from contractlang.text import Source

SAMPLES = [
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[1] / "data" / "syntax").glob("*.contract"))
]


def budget(examples: int) -> settings:
    """The settings of a property; `HYPOTHESIS_PROFILE=fuzz pytest tests/properties` looks for longer."""
    return settings(
        max_examples=examples * 200 if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz" else examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


# ---- texts that the grammar gives

_WORDS = {
    "NAME": ["alpha", "beta", "délai_moyen", "calls", "EUR", "rate", "day", "hours"],
    "EDGE_UNIT": ["EUR", "s", "hours"],
    "ASSIGNED": ["alpha", "gamma", "unit", "plus"],
    "ASSIGNED_MEMBER": ["quality.k1", "a.b"],
    "NUMBER": ["0", "7", "12 345.67", "1_000", "2026", "0.5"],
    "PERCENT": ["5%", "92.5 %", "1 000%"],
    "STRING": ['"a"', '"Calls \\"handled\\""', '""', '"back\\\\slash"'],
    "DATE": ["2026-01-31", "2027-12-01"],
    "MONTH": ["2026-07"],
    "QUARTER": ["2026-Q3"],
    "TIME": ["21:00", "6:30"],
    "COMPOUND": ["EUR/call", "s/call", "EUR/call/hour"],
    "ZONE": ["Europe/Paris", "UTC"],
    "REGION": ["FR", "FR-57"],
    "COMPARE": ["<", "<=", ">", "≥"],
    "MINUS": ["-", "−"],
    "TIMES": ["*", "×"],
    "SPACE": [" ", "\n", "\r\n", "\t", "\u00a0"],
    "COMMENT": ["# remark\n", "## documented\n"],
}


@lru_cache(maxsize=1)
def grammar_texts() -> st.SearchStrategy[str]:
    """Texts along the rules of the grammar; a blank after each word keeps two of them apart."""
    explicit: dict[str, st.SearchStrategy[str]] = {}
    for terminal in lark_parser().terminals:
        words = _WORDS.get(terminal.name)
        if words is None:
            keyword = _keyword(terminal.pattern.value) if terminal.priority >= 5 else None
            words = [" ".join(keyword)] if keyword else [terminal.pattern.value]
        blank = "" if terminal.name in ("SPACE", "COMMENT") else " "
        explicit[terminal.name] = st.sampled_from(words).map(lambda word, blank=blank: word + blank)
    return from_lark(lark_parser(), start="start", explicit=explicit)


# ---- trees

names = st.sampled_from(["handled", "sales", "délai_moyen", "a1", "quality"]).map(tree.Name)
# Surrogates are no text, and what nobody sees is refused wherever it stands.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).filter(
    lambda text: not forbidden_characters(Source("text", text))
)
decimals = st.decimals(0, 99_999_999, places=2, allow_nan=False, allow_infinity=False).map(
    lambda value: Decimal(format(value, "f"))
)
units = st.sampled_from(["calls", "EUR", "EUR/call", "min", "s/call"]).map(tree.UnitName)
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
lengths = st.builds(
    tree.Length, st.integers(1, 99), st.sampled_from(["day", "week", "month", "quarter", "year"])
)
spans_of_days = st.tuples(days, st.integers(1, 800)).map(lambda it: (it[0], it[0] + timedelta(days=it[1])))
numbers = st.builds(tree.Number, decimals, st.none() | units)
percents = st.builds(tree.Percent, decimals)
steps = numbers | percents
roundings = st.builds(
    tree.Rounding, st.sampled_from(["half_up", "half_even", "half_down", "up", "down"]), steps
)
spans_of_time = st.one_of(
    st.builds(tree.Rolling, lengths),
    st.builds(tree.Before, lengths),
    st.builds(tree.ToDate, st.sampled_from(["quarter", "year", "contract", "contract year"])),
    spans_of_days.map(lambda it: tree.Fixed(*it)),
    st.builds(tree.InPhase, names),
)
references = st.builds(tree.Reference, names)
paths = references | st.builds(tree.Member, names, names)
leaves: st.SearchStrategy[Any] = st.one_of(
    numbers, percents, st.builds(tree.Text, texts), st.builds(tree.Day, days),
    st.builds(tree.YesNo, st.booleans()), paths,
)  # fmt: skip


def _larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    arguments = st.one_of(
        st.builds(tree.Argument, inner, where=st.none() | inner, by=st.none() | names, over=st.none()),
        st.builds(tree.Argument, inner, by=names, over=st.none() | spans_of_time),
        st.builds(tree.Argument, paths, paths, during=st.none() | names, where=st.none() | inner),
        st.builds(tree.Argument, each=roundings),
    )
    tiers = st.lists(
        st.builds(tree.Tier, st.none() | inner, inner, st.none() | inner), min_size=1, max_size=2
    ).map(tuple)
    rows = st.lists(bands(inner) | st.builds(tree.ColumnRow, st.none() | texts, inner), max_size=3).map(tuple)
    prices = st.one_of(
        inner,
        st.builds(tree.Graduated, tiers, st.none() | spans_of_time),
        st.builds(tree.Volume, tiers, st.none() | paths, st.none() | spans_of_time),
        st.builds(tree.Package, st.builds(tree.Number, decimals, units), inner),
    )
    priced = st.builds(tree.Priced, inner, st.none() | names, prices) | st.builds(
        tree.Priced, inner, names, st.none()
    )
    return st.one_of(
        st.builds(tree.Negative, inner),
        st.builds(tree.Binary, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.builds(tree.PercentOf, decimals, inner),
        st.builds(
            tree.ForEach, inner, st.sampled_from([None, "full", "started", "pro rata"]), steps,
            st.none() | inner, st.sampled_from(["below", "above"]), inner,
        ),
        st.builds(tree.Compare, st.sampled_from(["<", "<=", ">", ">="]), inner, inner),
        st.builds(tree.Is, inner, inner | st.builds(tree.Known), st.booleans()),
        st.builds(tree.InWindow, inner, names),
        st.builds(tree.Not, inner),
        st.builds(tree.Logic, st.sampled_from(["and", "or"]), inner, inner),
        st.builds(tree.If, inner, inner, inner),
        st.builds(tree.Holds, inner, lengths),
        st.builds(tree.Previous, inner, inner, st.integers(1, 9)),
        st.builds(tree.Call, names, st.lists(arguments, min_size=1, max_size=3).map(tuple)),
        st.builds(tree.Over, inner, spans_of_time),
        st.builds(tree.ByValue, inner, rows),
        priced,
    )  # fmt: skip


def bands(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[tree.Band]:
    """Rows of band tables, `no data` among them."""
    values = inner | st.builds(tree.Linear, inner, inner)
    lower = st.builds(tree.Edge, inner, st.booleans())
    upper = st.builds(tree.Edge, inner, st.booleans())
    open_upper = st.builds(tree.Edge, inner, st.sampled_from([True, False, None]))
    return st.one_of(
        st.builds(tree.Band, st.none(), upper, values),
        st.builds(tree.Band, lower, st.none(), values),
        st.builds(tree.Band, lower, open_upper, values),
        st.builds(tree.Band, st.none(), st.none(), values),
    )


expressions: st.SearchStrategy[Any] = st.recursive(leaves, _larger, max_leaves=8)
bounds = expressions
window_expressions: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.builds(tree.WindowTimes, st.integers(0, 1440), st.integers(0, 1440)),
        st.builds(tree.WindowName, names),
        st.builds(tree.WindowWeekdays, names, names),
        spans_of_days.map(lambda it: tree.WindowDates(*it)),
        st.builds(tree.WindowHolidays, st.sampled_from(["FR", "FR-57"]).map(tree.Name)),
    ),
    lambda inner: st.builds(tree.WindowCombination, st.sampled_from(["or", "and", "except"]), inner, inner),
    max_leaves=4,
)
labels = st.none() | texts
dated = st.lists(st.builds(tree.Dated, days, expressions), min_size=1, max_size=2).map(tuple)
terms = spans_of_days.map(lambda it: tree.Term(*it))
vats = st.builds(tree.Vat, decimals) | st.builds(tree.Vat, st.none(), dated)
payments = st.builds(tree.Payment, lengths, st.booleans())
contracts = st.builds(
    tree.Contract, texts, provider=st.none() | texts.map(tree.Name), client=st.none() | names,
    term=st.none() | terms, invoiced=st.none() | st.builds(tree.Invoiced, names, st.integers(1, 28)),
    currency=st.none() | names, timezone=st.none() | st.just(tree.Name("Europe/Paris")),
    vat=st.none() | vats, payment=st.none() | payments, rounding=st.none() | roundings,
    edition=st.none() | st.integers(1, 9),
)  # fmt: skip
measures = st.builds(
    tree.Measure, names, st.none() | expressions,
    st.none() | st.sampled_from(["calls", "%", "EUR/call"]).map(tree.UnitName),
    st.none() | roundings, st.none() | expressions, st.none() | st.tuples(bounds, bounds),
    st.none() | bounds, st.booleans(), st.booleans(), labels,
)  # fmt: skip
indexations = st.builds(
    tree.Indexation, names,
    st.none() | st.just(tree.Moment("month", date(2026, 7, 1), date(2026, 8, 1))),
    st.none() | st.sampled_from(["year", "contract year"]).map(tree.Name), decimals,
    st.none() | lengths, st.none() | roundings, st.none() | decimals, st.none() | decimals,
)  # fmt: skip
prices = st.builds(
    tree.Price, st.sampled_from(["rate", "amount"]), names, st.none() | expressions,
    st.just(()) | dated, st.none() | indexations, labels,
)  # fmt: skip
parts = st.lists(
    st.builds(
        tree.Part, expressions, st.lists(bands(expressions), max_size=2).map(tuple), st.none() | names,
        st.none() | decimals,
    ),
    max_size=2,
).map(tuple)  # fmt: skip
limits = st.none() | st.builds(tree.Bound, bounds, st.none() | spans_of_time)
lines = st.builds(
    tree.Line,
    st.sampled_from(["charge", "fee", "subscription", "bonus_malus", "penalty", "minimum", "limit"]),
    names, labels, st.none() | expressions, st.lists(names, max_size=2).map(tuple), parts,
    scorecard=st.booleans(), at_most=limits, at_least=limits,
    between=st.none() | st.tuples(bounds, bounds), bonus_at_most=st.none() | bounds,
    malus_at_most=st.none() | bounds, bonus_when=st.none() | expressions,
    malus_when=st.none() | expressions, when=st.none() | expressions, start=st.none() | days,
    until=st.none() | days, every=st.none() | st.sampled_from(["quarter", "contract year"]).map(tree.Name),
    timing=st.sampled_from([None, "advance", "arrears"]), not_prorated=st.booleans(), once=st.booleans(),
    once_on=st.none() | days,
    vat=st.none() | st.builds(tree.VatNature, st.just("taxed"), decimals)
    | st.builds(tree.VatNature, st.sampled_from(["exempt", "untaxed"]), st.none(), texts),
    one_line_per_tier=st.booleans(), carried_forward=st.booleans(), as_of=st.none() | names,
)  # fmt: skip
clawbacks = st.builds(tree.Line, st.just("clawback"), names, labels, st.none() | expressions, of=names)
removes = st.builds(tree.Remove, names)
transitions = st.builds(
    tree.Transition, names, st.none() | lengths, st.none() | days, st.none() | expressions,
    st.none() | lengths,
)  # fmt: skip
phases = st.builds(
    tree.Phase, names, labels, st.lists(lines | transitions | clawbacks | removes, max_size=2).map(tuple)
)
periods = spans_of_days.map(lambda it: tree.Period(*it))
given_values = expressions | st.builds(tree.NoData)
scenarios = st.builds(
    tree.Test,
    texts,
    st.lists(
        st.builds(
            tree.Given,
            periods,
            st.lists(st.builds(tree.Assignment, names, given_values), max_size=3).map(tuple),
        )
        | st.builds(tree.Expect, names, given_values, st.none() | periods, st.none() | names),
        max_size=2,
    ).map(tuple),
)
edge_units = st.none() | st.sampled_from(["EUR", "s"]).map(tree.UnitName)
edges = st.builds(tree.Number, decimals, edge_units) | percents
# The types of columns tell where a range ends, so that only columns with one are drawn with a range.
types = st.sampled_from(["timestamp", "duration", "boolean", "text", "number", "money", "date"]).map(
    tree.Name
)
columns = st.builds(
    tree.Column, names | types, types, st.booleans(),
    st.none() | st.tuples(edges, edges | st.builds(tree.Negative, edges)),
)  # fmt: skip
plain_declarations = st.one_of(
    st.builds(tree.Unit, names, st.none() | names, st.none() | expressions),
    st.builds(
        tree.Usage, names, names,
        st.lists(columns, max_size=3).map(tuple), st.none() | names,
        st.lists(names, max_size=2).map(tuple),
    ),
    st.builds(tree.Window, names, st.none() | window_expressions, labels),
    measures, prices, st.builds(tree.Index, names, texts, labels), lines, clawbacks, phases, scenarios,
    st.builds(tree.Invariant, texts, expressions),
)  # fmt: skip
amendments = st.builds(
    tree.Amendment, texts, days, st.lists(plain_declarations | removes, max_size=2).map(tuple),
    st.none() | terms, st.none() | vats, st.none() | payments,
)  # fmt: skip
documents = st.lists(plain_declarations | contracts | amendments, max_size=3).map(tuple)
