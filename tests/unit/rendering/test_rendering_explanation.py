"""Explanations: the numbers to recompute a line by hand, and unknown lines."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
import sample

from contractlang.diagnostics import ContractError
from contractlang.rendering import accounts
from contractlang.rendering import json as records
from contractlang.rendering.explanation import render
from contractlang.rendering.languages import language
from contractlang.trace import Quantity, Step


def test_a_line_is_told_with_its_numbers() -> None:
    text = render(sample.july(), "handling", "text", "en")
    assert "up to 10,000\xa0calls: 10,000\xa0calls × €4.20/call = €42,000.00" in text
    assert "[acme.contract:39]" in text
    assert "Calls answered" not in text


def test_all_lines_are_told_where_none_is_named() -> None:
    text = render(sample.july(), None, "text", "fr")
    assert [one for one in sample.lines() if f"{one.name} · Clause" not in text] == []


def test_an_unknown_line_gets_the_nearest() -> None:
    with pytest.raises(ContractError) as raised:
        render(sample.july(), "answring", "text")
    (found,) = raised.value.diagnostics
    assert (found.code, found.help) == ("CL975", 'the nearest is "answering"')
    with pytest.raises(ContractError) as raised:
        render(sample.credit_note(), "xyzxyz", "json")
    assert raised.value.diagnostics[0].help == "its lines are reporting"


def test_json_is_the_lines_of_the_invoice() -> None:
    found = json.loads(render(sample.july(), "answering", "json"))
    assert found["lines"] == [records.invoice_record(sample.july())["lines"][2]]


def test_a_line_that_is_printed_is_not_computed_again() -> None:
    text = render(sample.july(), "answering", "text", "en")
    assert "the line handling = €51,145.50" in text
    assert "€4.20/call" not in text


KINDS = {
    "for each": (
        {"mode": "started", "steps": Fraction(3), "distance": Quantity(Fraction("0.021"), sample.PERCENT),
         "step": Quantity(Fraction("0.01"), sample.PERCENT)},
        "2.1% beyond the edge, in steps of 1% (started ones count): 3 × -1% = -3%",
    ),
    "linear": (
        {"from": Quantity(Fraction("0.92"), sample.PERCENT),
         "to": Quantity(Fraction("0.96"), sample.PERCENT)},
        "in a straight line from 0% at 92% to -1% at 96%: -3%",
    ),
    "true-up": (
        {"least": Quantity(Fraction(20000), sample.EUR), "billed": Quantity(Fraction(18000), sample.EUR),
         "on": ("handling", "selling")},
        "€20,000.00 at least, €18,000.00 billed on handling, selling: -3% is missing",
    ),
    "index": (
        {"index": "syntec", "base": (2024, 1), "s0": Fraction("280.5"),
         "month": (2026, 3), "s": Fraction(300),
         "fixed": Fraction("0.15"), "exact": Fraction("1.065"), "coefficient": Fraction("1.066"),
         "p0": Quantity(Fraction(12000), sample.EUR)},
        "coefficient 15% + 85% × 300 (March 2026) / 280.5 (January 2024) = 1.065",
    ),
    "previous": ({"otherwise": True}, "x: there is no earlier value, so -3%"),
    "clawback": (
        {"day": date(2026, 6, 2), "units": Quantity(Fraction(2), sample.SALES),
         "price": Quantity(Fraction(12))},
        "2\xa0sales of 2 June 2026 given back at €12.00",
    ),
    "package": (
        {"packages": 3, "size": Quantity(Fraction(100), sample.CALLS),
         "price": Quantity(Fraction(250), sample.EUR),
         "quantity": Quantity(Fraction(201), sample.CALLS)},
        "201\xa0calls make 3 started packages of 100\xa0calls: 3 × €250.00",
    ),
    "something new": ({"anything": object()}, "x = -3%"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_kind_of_step_is_a_sentence(kind: str, code: str) -> None:
    facts, sentence = KINDS[kind]
    zero = Step("number", Fraction(0), "0%", sample.PERCENT)
    parts = (zero, Step("number", Fraction("-0.01"), "-1%", sample.PERCENT))
    step = Step(kind, Fraction("-0.03"), "x", sample.PERCENT, None, tuple(facts.items()), parts)
    top = Step("figure", Fraction(1), "top", None, None, (), (step,))
    (found,) = accounts.account(language(code), top, "EUR").parts
    if code == "en":
        assert sentence in found.text
    assert "{" not in found.text


@pytest.mark.parametrize("kind", sorted({*accounts._TELLERS, "unheard of"}))
def test_a_step_without_facts_is_told_all_the_same(kind: str) -> None:
    for value in (None, True, "text", Fraction(1, 3), date(2026, 7, 1)):
        bare = replace(sample.july().lines[0], reason=Step(kind, value))
        invoice = replace(sample.july(), lines=(bare,))
        for code in ("en", "fr"):
            assert "Calls handled" in render(invoice, None, "text", code)
        assert json.loads(render(invoice, None, "json"))
