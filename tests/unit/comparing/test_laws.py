"""Laws of comparing: nothing changes between equal terms, and what changes cost adds up."""

import itertools
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contractlang import api
from contractlang.comparing import applied, compare_terms
from contractlang.comparing.pricing import PricedDiff
from contractlang.syntax.loading import document_from_text, load_document
from contractlang.syntax.printing import normal_form, print_document

SAMPLES = sorted((Path(__file__).parents[3] / "contracts").glob("*/*.contract"))
SAMPLE_NAMES = [path.stem for path in SAMPLES]

TERMS = """contract "Small" {{
  provider callpro
  client acme
  term 2026-01-01 to 2026-12-31
  invoiced monthly
  currency EUR
  timezone Europe/Paris
  vat {vat}%
}}
unit call
measure handled in calls
measure answered in %
charge handling "Handled" = handled at graduated prices {{
  up to {edge} calls : {first} EUR/call
{extra}  beyond : {second} EUR/call
}}
bonus-malus answering "Answered" on handling by answered {{
  below {band}% : {malus}%
  from {band}% : 2%
  no data : 0%
}}
limit cap "Cap" = answering at least -{floor}% of handling
fee flat "Flat" = {fee} EUR per month{nature}
minimum least "Least" = {least} EUR on handling + flat
measure late_days in days else 0
{penalty}"""
USAGE = """figures:
  2026-07: {handled: 1234, answered: 84%, late_days: 3}
  2026-08: {handled: 400, answered: 91%, late_days: 0}
"""
VALUES = {
    "vat": ("20", "21"), "edge": ("1000", "500"), "first": ("4.20", "4.105"), "second": ("3.90", "3.333"),
    "band": ("85", "80"), "malus": ("-5", "-7"), "floor": ("4", "6"), "fee": ("450", "475"),
    "extra": ("", "  up to 1200 calls : 3.70 EUR/call\n"), "nature": ("", ' exempt "article 261"'),
    "least": ("5500", "5333.33"), "penalty": ("penalty late = late_days at 70.05 EUR/day\n", ""),
}  # fmt: skip


@pytest.mark.parametrize("path", SAMPLES, ids=SAMPLE_NAMES)
def test_a_contract_printed_anew_has_no_change(path: Path) -> None:
    document = load_document(path)
    for text in (normal_form(document), print_document(document.declarations)):
        again = document_from_text(text, "again")
        assert compare_terms(document, again) == ()
        assert compare_terms(again, document) == ()
    assert compare_terms(document, document) == ()


@pytest.mark.parametrize("pair", list(itertools.pairwise(SAMPLES)), ids=SAMPLE_NAMES[1:])
def test_all_changes_together_make_the_other_contract(pair: tuple[Path, Path]) -> None:
    old, new = (load_document(path) for path in pair)
    changes = compare_terms(old, new)
    assert changes
    assert compare_terms(applied(old, new, changes), new) == ()
    assert compare_terms(old, applied(old, new, ())) == ()


def terms(chosen: dict[str, bool]) -> api.LoadedContract:
    values = {name: pair[1] if chosen[name] else pair[0] for name, pair in VALUES.items()}
    return api.load_text(TERMS.format(**values), "terms")


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({name: st.booleans() for name in VALUES}))
def test_single_costs_and_interaction_add_up(
    tmp_path_factory: pytest.TempPathFactory, chosen: dict[str, bool]
) -> None:
    usage = tmp_path_factory.mktemp("usage") / "usage.yaml"
    usage.write_text(USAGE, encoding="utf-8")
    old, new = terms(dict.fromkeys(VALUES, False)), terms(chosen)
    priced = api.price_changes(old, new, usage, "2026-07", "2026-08")
    # What a tier that comes changes beside it is one change with it.
    tiers = sum(chosen[name] for name in ("edge", "first", "second")) if chosen["extra"] else 0
    assert sum(chosen.values()) - tiers <= len(priced.changes) <= sum(chosen.values())
    _adds_up(priced)
    measured = api.load_usage(usage, new)
    assert priced.new.net == sum(one.net for one in new.invoices(measured, "2026-07", "2026-08"))


def _adds_up(priced: PricedDiff) -> None:
    net = sum((one.delta.net for one in priced.priced), Fraction(0)) + priced.interaction.net
    vat = sum((one.delta.vat for one in priced.priced), Fraction(0)) + priced.interaction.vat
    assert (net, vat) == (priced.delta.net, priced.delta.vat)
    assert sum((one.new - one.old for one in priced.lines), Fraction(0)) == priced.delta.net
    for one in priced.priced:
        assert sum((value for _, value in one.lines), Fraction(0)) == one.delta.net
        assert (one.reason is None) == bool(one.delta or one.lines)


def test_a_line_is_priced_with_the_figure_that_it_needs(tmp_path: Path) -> None:
    (tmp_path / "usage.yaml").write_text(
        USAGE.replace("handled: 1234", "handled: 1234, chats: 10").replace("400", "400, chats: 0")
    )
    old = terms(dict.fromkeys(VALUES, False))
    more = TERMS.format(**{name: pair[0] for name, pair in VALUES.items()})
    more += 'measure chats in calls\ncharge chatting "Chats" = chats at 2 EUR/call\n'
    priced = api.price_changes(old, api.load_text(more, "new"), tmp_path / "usage.yaml", "2026-07")
    figure, line = priced.priced
    assert figure.delta.net == 0 and figure.reason is not None
    assert line.delta.net == 20
    assert [one.sentence for one in line.needs] == ["measure chats added"]


def test_a_renamed_supplied_figure_is_found_under_either_name(tmp_path: Path) -> None:
    (tmp_path / "usage.yaml").write_text(USAGE)
    old = terms(dict.fromkeys(VALUES, False))
    text = TERMS.format(**{name: pair[0] for name, pair in VALUES.items()})
    new = api.load_text(
        text.replace("= handled at", "= taken at").replace("measure handled", "measure taken")
    )
    priced = api.price_changes(old, new, tmp_path / "usage.yaml", "2026-07")
    assert not priced.delta
    assert [one.category for one in priced.changes] == ["wording"]


def test_months_and_quarters_compare_all_together(tmp_path: Path) -> None:
    more = "  2026-09: {handled: 10, answered: 99%}\n  2026-Q3: {answered: 85%}\n"
    (tmp_path / "usage.yaml").write_text(USAGE + more)
    old = terms(dict.fromkeys(VALUES, False))
    text = TERMS.format(**{name: pair[0] for name, pair in VALUES.items()})
    new = api.load_text(text.replace("invoiced monthly", "invoiced quarterly"), "new")
    priced = api.price_changes(old, new, tmp_path / "usage.yaml", "2026-Q3")
    (together,) = priced.months
    assert (together.old, together.new) == (priced.old, priced.new)
    _adds_up(priced)
