"""Laws of comparing, whatever the contracts say: a contract has no change to itself in another layout."""

from pathlib import Path

import pytest
from hypothesis import given
from rating_scene import Case, cases
from syntax_scene import budget, documents

from contractlang.comparing import compare_terms
from contractlang.diagnostics import has_errors
from contractlang.formatting import format_text
from contractlang.syntax.loading import document_from_text
from contractlang.syntax.printing import normal_form, print_document
from contractlang.text import Source

ROOT = Path(__file__).parents[2]
SAMPLES = sorted([*ROOT.glob("contracts/**/*.contract"), *ROOT.glob("tests/data/*/*.contract")])


def unchanged(text: str) -> None:
    before = document_from_text(text, "old")
    for other in (text, format_text(Source("new", text)), normal_form(before)):
        after = document_from_text(other, "new")
        assert compare_terms(before, after) == ()
        assert compare_terms(after, before) == ()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_in_another_layout_has_no_change(path: Path) -> None:
    unchanged(path.read_text(encoding="utf-8"))


@budget(10)
@given(cases())
def test_a_contract_in_another_layout_has_no_change(case: Case) -> None:
    unchanged(case.text)


@budget(25)
@given(documents, documents)
def test_any_two_contracts_are_compared(one: tuple, two: tuple) -> None:
    texts = [print_document(declarations) for declarations in (one, two)]
    before, after = (document_from_text(text) for text in texts)
    if has_errors((*before.diagnostics, *after.diagnostics)):
        return
    unchanged(texts[0])
    there, back = compare_terms(before, after), compare_terms(after, before)
    assert bool(there) == bool(back)
    assert all(change.sentence for change in (*there, *back))
