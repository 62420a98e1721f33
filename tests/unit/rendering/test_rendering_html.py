"""The page of an invoice: well formed, alone, and harmless whatever a contract is called."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sample
from hypothesis import given, settings
from hypothesis import strategies as st

from contractlang.api import load, load_usage
from contractlang.invoicing.document import Invoice, Party
from contractlang.rendering.invoice import render, render_all
from contractlang.rendering.languages import language

VOID = {"meta", "br", "rect", "path"}


class Outline(HTMLParser):
    """Checks that every element is closed in its order, and gathers names, attributes and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: dict[str, list[str]] = {}
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("invoice", [sample.july(), sample.credit_note(), sample.long_july(3)])
def test_every_element_is_closed_and_every_name_unique(invoice: Invoice, code: str) -> None:
    found = outline(render(invoice, "html", code))
    names = found.attributes["id"]
    assert len(names) == len(set(names))
    assert found.attributes["lang"] == [code, code]
    assert {link[1:] for link in found.attributes["href"]} <= set(names)


def test_nothing_is_asked_from_elsewhere() -> None:
    page = render(sample.july(), "html", "en").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|//|url\(|@import|<script|<link|<img|<iframe", page)


def test_totals_and_amounts_are_those_of_the_data() -> None:
    invoice = sample.july()
    for code in ("en", "fr"):
        texts = {text.strip() for text in outline(render(invoice, "html", code)).texts}
        words = language(code)
        printed = [invoice.net, invoice.gross, *(line.amount for line in invoice.lines)]
        printed += [amount for total in invoice.vat for amount in (total.base, total.amount)]
        assert {words.money(amount, "EUR") for amount in printed} <= texts


def test_several_invoices_are_one_page_with_a_sheet_for_each() -> None:
    page = render_all([sample.july(), sample.july(), sample.credit_note()], "html", "fr")
    found = outline(page)
    assert page.count('<article class="invoice"') == 3
    assert page.count("<!DOCTYPE html>") == 1
    assert len(found.attributes["id"]) == len(set(found.attributes["id"]))


def test_the_marker_stands_where_the_figure_stood() -> None:
    page = render(sample.july(), "html", "en")
    # Five boxes of 128; 93% lies a quarter of the way through the fourth: 3.25 × 128 = 416.
    assert 'class="mark" d="M411 14' in page
    assert "The figure stood at 93%." in page


def test_the_mentions_are_those_of_a_french_provider() -> None:
    invoice = sample.july()
    abroad = replace(invoice, provider=Party("p", "P", country="MA"))
    assert "L441-10" in render(invoice, "html", "en")
    assert "L441-10" not in render(abroad, "html", "en")
    assert "L441-10" not in render(sample.credit_note(), "html", "fr")


def test_a_party_without_more_than_a_key_is_enough() -> None:
    invoice = replace(sample.july(), provider=Party("callpro", "callpro"), client=Party("acme", "acme"))
    for name in ("text", "markdown", "html"):
        assert "callpro" in render(invoice, name)


def test_an_invoice_without_lines_says_so() -> None:
    empty = replace(sample.july(), lines=())
    for name in ("text", "markdown", "html"):
        assert "Nothing was measured" in render(empty, name, "en")


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1))
def test_no_text_of_a_contract_becomes_markup(text: str) -> None:
    hostile = f"<script>alert(1)</script>\"'&{{{{ 7*7 }}}}{text}"
    invoice = sample.july()
    lines = tuple(replace(line, label=hostile, group=hostile) for line in invoice.lines[:3])
    party = Party("x", hostile, (hostile,), vat_number=hostile, other=((hostile, hostile),))
    changed = replace(invoice, contract=hostile, client=party, lines=lines, amendments=(hostile,))
    page = render(changed, "html", "en")
    found = outline(page)
    assert found.names == outline(render(invoice, "html", "en")).names
    assert not any(name.startswith("on") for name in found.attributes)
    assert "49" not in "".join(one for one in found.texts if "7*7" in one and text == "0")
    assert "{{ 7*7 }}" in page


@given(st.text())
@settings(max_examples=60, deadline=None)
def test_no_label_breaks_a_row_of_markdown(text: str) -> None:
    invoice = sample.july()
    lines = tuple(replace(line, label=f"<b>|{text}|`*_") for line in invoice.lines[:1])
    page = render(replace(invoice, lines=lines), "markdown", "en")
    (row,) = (row for row in page.split("\n") if "€51,145.50 |" in row and "12,345" in row)
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 6
    assert not re.search(r"(?<!\\)<", row)


def test_an_empty_value_of_a_column_is_said_and_a_blank_one_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "a.contract").write_text(
        """contract "Lines" { provider a client b term 2026-01-01 to 2026-12-31 invoiced monthly
        currency EUR timezone Europe/Paris vat 20% }
        usage calls each call { started timestamp  queue text optional }
        charge x "Calls" = count(calls) per queue at 1 EUR/call""",
        encoding="utf-8",
    )
    rows = "".join(f'{{"started": "2026-01-05T10:00", "queue": {one}}}\n' for one in ('"a"', "null", '" "'))
    (tmp_path / "calls.jsonl").write_text(rows, encoding="utf-8")
    (tmp_path / "usage.yaml").write_text("rows: {calls: calls.jsonl}", encoding="utf-8")
    contract = load(tmp_path / "a.contract")
    invoice = contract.invoice(load_usage(tmp_path / "usage.yaml", contract), "2026-01")
    page = render(invoice, "html")
    for words in ("a", "no queue", "“ ”"):
        assert f'Calls</a><span class="detail">{words}</span>' in page
    assert sorted(line.group or "" for line in invoice.lines) == ["", " ", "a"]
