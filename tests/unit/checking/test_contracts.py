"""Whole contracts: the one of the design, and those of the cases, have no error and known warnings."""

import sys
from pathlib import Path

import pytest

from contractlang.checking import check
from contractlang.diagnostics import Diagnostic, Severity
from contractlang.kinds import Scope, kind_of, may_be_no_data, measure_kind
from contractlang.syntax.loading import document_from_text

DATA = Path(__file__).parent / "contracts"

# What a reader of these contracts should be told; all of it is legal.
WARNINGS: dict[str, list[str]] = {
    "acme": ["CL701 workday", "CL701 resolution"],
    "everything": ["CL701 reply", "CL706 (2% of spent) + prev2"],
    "service_credit_per_full_point": ["CL707 severity_1_2", "CL707 severity_3_4"],
    "service_level_per_started_point": ["CL707 pg5"],
    "slab_pricing_falls": ["CL702 1 501st", "CL702 1 601st"],
}


def checked(path: Path) -> tuple[Diagnostic, ...]:
    contract, found = check(document_from_text(path.read_text(encoding="utf-8"), path.name))
    assert contract is not None, found
    return tuple(one for one in found if one.severity is not Severity.INFO)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.contract")), ids=lambda path: path.stem)
def test_the_contract_has_no_error_and_its_warnings(path: Path) -> None:
    expected = WARNINGS.get(path.stem, [])
    found = checked(path)
    assert [one.code for one in found] == [words.split()[0] for words in expected]
    for one, words in zip(found, expected, strict=True):
        assert words.split(" ", 1)[1] in one.message


def test_the_cliff_of_slab_prices_is_told_to_the_cent() -> None:
    first, _ = checked(DATA / "slab_pricing_falls.contract")
    assert first.message == (
        "the 1 501st account lowers the invoice by 1.34 USD: 1 500 accounts cost 282.50 USD, "
        "1 501 accounts cost 281.16 USD"
    )


def scope_of(text: str) -> Scope:
    return Scope.of(document_from_text(text).declarations)


def test_kinds_of_figures() -> None:
    scope = scope_of((DATA / "acme.contract").read_text(encoding="utf-8"))
    rate = measure_kind(scope.measures["answer_rate"], scope)
    assert rate.is_plain
    assert rate.percent
    assert not rate.points
    hours = measure_kind(scope.measures["hours"], scope)
    assert hours.unit.single == "second"
    assert hours.scale is not None
    assert hours.scale.text == "hours"
    assert kind_of(scope.prices["hourly"], scope).is_price
    assert may_be_no_data(scope.measures["answer_rate"], scope)
    assert not may_be_no_data(scope.measures["handled"], scope)


def test_a_difference_of_rates_is_in_points() -> None:
    scope = scope_of((DATA / "bonus_around_an_average.contract").read_text(encoding="utf-8"))
    assert measure_kind(scope.measures["gap"], scope).points


HEADER = """contract "Acme" {
  provider acme  client beta  term 2026-01-01 to 2026-12-31  invoiced monthly
  currency EUR  timezone Europe/Paris  vat 20%
}
unit call
"""


def messages(text: str) -> list[str]:
    return [one.message for one in check(document_from_text(HEADER + text))[1]]


def test_an_undefined_name_is_said_once() -> None:
    found = messages("measure rate_of = handeled / 2\ncharge x = rate_of at 1 EUR/call when rate_of >= 90%")
    assert found == ['nothing in this contract is called "handeled"']


def test_long_chains_of_figures_are_followed() -> None:
    count = sys.getrecursionlimit() * 2
    steps = "".join(f"measure m{i} = m{i + 1} + 1 call\n" for i in range(count))
    assert messages(f"{steps}measure m{count} in calls\ncharge x = m0 at 1 EUR/call") == []


def test_a_long_circle_is_one_error() -> None:
    count = sys.getrecursionlimit()
    steps = "".join(f"measure m{i} = m{(i + 1) % count} + 1 call\n" for i in range(count))
    (found,) = messages(f"{steps}charge x = m0 at 1 EUR/call")
    assert found.endswith("a circle")


def test_what_was_a_period_ago_is_no_circle() -> None:
    carried = "max(0, (previous(carried) else 0 calls) + handled - 100 calls)"
    figures = f"measure handled in calls\nmeasure carried = {carried}\n"
    assert messages(f"{figures}charge x = carried at 1 EUR/call") == []


def test_every_place_of_a_contract_may_be_empty() -> None:
    assert messages("") == ['the unit "call" is declared and never used']
