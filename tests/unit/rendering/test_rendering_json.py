"""The JSON of an invoice: the published schema holds, and every number is the data's own."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import jsonschema
import pytest
import sample

from contractlang.invoicing.document import Invoice
from contractlang.rendering.invoice import render, render_all
from contractlang.resources import schemas_folder
from contractlang.trace import Quantity
from contractlang.units import BUILT_IN, Scale, of


def schema() -> Any:
    return json.loads((schemas_folder() / "invoice.schema.json").read_text(encoding="utf-8"))


def read(invoice: Invoice) -> Any:
    return json.loads(render(invoice, "json"))


@pytest.mark.parametrize("invoice", [sample.july(), sample.credit_note(), sample.long_july(2)])
def test_invoices_follow_the_published_schema(invoice: Invoice) -> None:
    jsonschema.validate(read(invoice), schema(), cls=jsonschema.Draft202012Validator)


def test_several_invoices_are_a_list_that_the_schema_knows() -> None:
    found = json.loads(render_all([sample.july(), sample.credit_note()], "json"))
    jsonschema.validate(found, schema(), cls=jsonschema.Draft202012Validator)
    assert [one["document"] for one in found] == ["invoice", "credit_note"]
    assert json.loads(render_all([], "json")) == []


def test_the_schema_describes_every_field_of_an_invoice() -> None:
    described = schema()["$defs"]["invoice"]["properties"]
    assert set(read(sample.july())) == set(described)
    lines = schema()["$defs"]["line"]["properties"]
    assert {key for line in read(sample.july())["lines"] for key in line} <= set(lines)


def test_the_line_of_the_contract_with_the_outside() -> None:
    found = read(sample.july())
    line = {key: value for key, value in found["lines"][0].items() if key != "explanation"}
    assert line == {
        "name": "handling",
        "label": "Calls handled",
        "kind": "charge",
        "from": "2026-07-01",
        "to": "2026-07-31",
        "phase": "performance",
        "group": None,
        "tier": None,
        "quantity": "12345",
        "unit": "call",
        "unit_price": None,
        "price_unit": None,
        "amount": "51145.50",
        "currency": "EUR",
        "vat": "20%",
        "vat_nature": "taxed",
        "vat_reason": None,
        "terms": {"file": "acme.contract", "line": 65, "column": 3, "amendment": None},
    }
    assert found["period"] == {"from": "2026-07-01", "to": "2026-07-31"}
    assert found["phases"] == ["performance"]
    assert found["totals"]["vat"][1] == {
        "rate": "5.5%",
        "base": "316.00",
        "amount": "17.38",
        "nature": "taxed",
        "reason": None,
    }


def test_totals_are_those_of_the_data() -> None:
    invoice = sample.july()
    found = read(invoice)
    assert (
        Fraction(found["totals"]["net"])
        == invoice.net
        == sum(Fraction(one["amount"]) for one in found["lines"])
    )
    assert Fraction(found["totals"]["gross"]) == invoice.gross
    assert [Decimal(one["amount"]) for one in found["totals"]["vat"]] == [
        Decimal("15526.46"), Decimal("17.38"), Decimal(0), Decimal(0)
    ]  # fmt: skip


def test_a_number_without_an_end_stands_beside_its_exact_fraction() -> None:
    managed = next(line for line in read(sample.july())["lines"] if line["name"] == "managed")
    assert (managed["quantity"], managed["quantity_exact"]) == ("0.3369565217", "31/92")
    assert managed["explanation"]["steps"][0]["value_exact"] == "348750/23"


def test_units_are_those_of_one() -> None:
    line = sample.lines()[0]
    shown = {
        "hours": ("1.5", "hour", Scale("hours", BUILT_IN["hours"].unit, Fraction(3600)), Fraction(5400)),
        "percent": ("93", "%", BUILT_IN["%"], Fraction("0.93")),
        "money": ("12.50", "EUR", Scale("EUR", of("EUR")), Fraction("12.5")),
        "yen": ("12", "JPY", Scale("JPY", of("JPY")), Fraction(12)),
        "compound": ("340", "s/call", Scale("s/call", BUILT_IN["s"].unit.over(of("call"))), Fraction(340)),
        "irregular": ("2", "reply", Scale("replies", of("reply")), Fraction(2)),
    }
    for text, unit, scale, value in shown.values():
        one = replace(line, quantity=Quantity(value, scale))
        found = read(replace(sample.july(), lines=(one,)))["lines"][0]
        assert (found["quantity"], found["unit"]) == (text, unit)


def test_bands_and_tiers_are_in_the_explanation() -> None:
    found = read(sample.july())["lines"]
    tiers = found[0]["explanation"]["steps"][0]["steps"][1]
    assert [tier["facts"]["price"] for tier in tiers["steps"]] == [
        {"value": "4.20", "unit": "EUR/call"},
        {"value": "3.90", "unit": "EUR/call"},
    ]
    band = found[2]["explanation"]["steps"][0]["steps"][0]
    assert band["facts"]["figure"] == {"value": "93", "unit": "%"}
    reached = [row for row in band["facts"]["rows"]["rows"] if row["reached"]]
    assert reached == [
        {
            "text": "from 92% to below 96%",
            "value": "linear from 0% to 3%",
            "lower": "92",
            "lower_included": True,
            "upper": "96",
            "upper_included": False,
            "no_data": False,
            "reached": True,
        }
    ]
