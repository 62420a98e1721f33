"""Drawings of contracts: well formed, with open and closed ends, and harmless."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contractlang.rendering.graph import band_tables, render
from contractlang.rendering.phase_map import phases_of, ways_of
from contractlang.syntax.loading import Document, document_from_text

SVG = "{http://www.w3.org/2000/svg}"
HEAD = 'contract "C" { term 2026-01-01 to 2026-12-31 currency EUR }\n'


class Drawn:
    def __init__(self, text: str) -> None:
        self.document: Document = document_from_text(text, "c.contract")


def acme() -> Drawn:
    return Drawn((Path(__file__).parent / "acme.contract").read_text(encoding="utf-8"))


def drawn(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(render(Drawn(text), "svg"))


def texts(root: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def dots(root: ElementTree.Element, kind: str) -> int:
    return sum(one.get("class") == kind for one in root.iter(f"{SVG}circle"))


def test_phases_and_their_ways_out() -> None:
    ways = ways_of(phases_of(acme().document))
    assert [(way.start, way.end, way.labels) for way in ways] == [
        (
            "discovery",
            "performance",
            ("after 6 months", "when answer_rate >= 90% for 2 months, not before 3 months"),
        )
    ]


def test_a_drawing_is_a_whole_document() -> None:
    root = ElementTree.fromstring(render(acme(), "svg"))
    assert root.tag == f"{SVG}svg"
    assert "after 6 months" in texts(root)
    assert not {one.tag for one in root.iter()} & {f"{SVG}image", f"{SVG}script", f"{SVG}use"}
    assert "http" not in render(acme(), "svg").replace("http://www.w3.org/2000/svg", "")


def test_ends_are_open_or_closed_as_the_words_say() -> None:
    table = "below 80% : -5% from 80% up to 90% : 0% above 90% : 3% no data : 0%"
    root = drawn(f"{HEAD}bonus-malus b on x by level {{ {table} }}")
    assert (dots(root, "open"), dots(root, "closed")) == (2, 2)
    assert {"-5%", "0%", "3%", "80%", "90%", "no data : 0%"} <= set(texts(root))


@pytest.mark.parametrize(
    ("row", "points"),
    [
        ("linear from 0% to 10%", 2),
        ("1% for each full 5 points above 80%", 8),
        ("1% for each started 5 points above 80%", 8),
        ("1% for each pro rata 5 points above 80%", 2),
        ("1% for each full 0.01 points above 80%", 2),
        ("1% + 2%", 2),
    ],
)
def test_steps_lines_and_stairs(row: str, points: int) -> None:
    table = f"below 80% : 0% from 80% to below 100% : {row} from 100% : 4% no data : 0%"
    root = drawn(f"{HEAD}bonus-malus b on x by level {{ {table} }}")
    lines = [one.get("d", "") for one in root.iter(f"{SVG}path") if one.get("class") == "line"]
    assert len(lines) == 3
    assert lines[1].count(" L") + 1 == points


def test_a_table_with_a_figure_in_it_is_a_list() -> None:
    table = "below target : 0% from target : 1% no data : 0%"
    root = drawn(f"{HEAD}bonus-malus b on x by level {{ {table} }}")
    assert dots(root, "open") + dots(root, "closed") == 0
    assert {"below target : 0%", "from target : 1%", "no data : 0%"} <= set(texts(root))


def test_tables_of_prices_scorecards_and_amendments_are_found() -> None:
    bands = "{ below 80% : 1 EUR from 80% : 2 EUR no data : 0 EUR }"
    text = (
        f"{HEAD}charge a = handled at by level {bands}\n"
        f"bonus-malus b {{ by level as k1 weight 60% {bands} by delay weight 40% {bands} }}\n"
        f'amendment "A" effective 2026-06-01 {{ bonus-malus c by level {bands} }}\n'
    )
    assert [one.heading for one in band_tables(Drawn(text).document)] == [
        "a (a), by level",
        "b (b.k1), by level",
        "b (b), by delay",
        "c (c), from 2026-06-01, by level",
    ]


def test_a_contract_without_phases_or_bands_is_drawn() -> None:
    for text in ("", HEAD, f"{HEAD}fee f = 1 EUR per month"):
        assert drawn(text).tag == f"{SVG}svg"
        assert render(Drawn(text), "mermaid").startswith("flowchart TD")


def test_ways_back_and_round_are_drawn() -> None:
    text = (
        f"{HEAD}phase a {{ transition to b after 1 months transition to c on 2026-05-01 }}\n"
        "phase b { transition to a when x > 1 transition to b after 2 months }\n"
        "phase c { transition to nowhere after 1 months }"
    )
    found = texts(drawn(text))
    assert {"after 1 month", "a → c: on 2026-05-01", "b → a: when x > 1"} <= set(found)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters='"\\\n\r', exclude_categories=("Cs",)), max_size=80))
def test_no_label_becomes_markup(label: str) -> None:
    hostile = f"<script>alert(1)</script>]]>&'{label}"
    text = f'contract "{hostile}" {{ }}\nphase a "{hostile}" {{ charge c "{hostile}" = x at 1 EUR/call }}'
    root = drawn(text)
    names = {one.tag for one in root.iter()}
    assert names <= {f"{SVG}{name}" for name in ("svg", "title", "style", "rect", "text", "path", "circle")}
    mermaid = render(Drawn(text), "mermaid")
    assert "<script" not in mermaid
    assert mermaid.count('"') % 2 == 0
