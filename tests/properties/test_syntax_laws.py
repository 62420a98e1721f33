"""Laws of the parser and the printer."""

import dataclasses
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from strict_parser import strict_parse
from syntax_scene import SAMPLES, budget, documents, expressions, grammar_texts

from contractlang.syntax import tree
from contractlang.syntax.loading import Document, document_from_text
from contractlang.syntax.parsing import parse
from contractlang.syntax.printing import fingerprint, normal_form, print_document, print_expression
from contractlang.text import Source


def bare(node: Any) -> Any:
    """A tree without its parentheses."""
    while isinstance(node, (tree.Paren, tree.WindowParen)):
        node = node.value
    if isinstance(node, tree.Node):
        values = {one.name: bare(getattr(node, one.name)) for one in dataclasses.fields(node)}
        return dataclasses.replace(node, **values)
    return tuple(bare(item) for item in node) if isinstance(node, tuple) else node


def document(declarations: tuple[tree.AnyDeclaration, ...]) -> Document:
    return Document("a", None, declarations, (), ())


def agree(text: str) -> None:
    """Ours and the strict parser accept the same texts, and read them alike."""
    strict, ours = strict_parse(text), parse(Source("ours", text))
    assert (strict is None) == bool(ours.diagnostics), ours.diagnostics
    if strict is not None:
        assert ours.declarations == strict
    else:
        # What was kept of a broken text can still be handed on.
        print_document(ours.declarations)


def test_samples_read_alike() -> None:
    for sample in SAMPLES:
        agree(sample)


@budget(60)
@given(grammar_texts())
def test_texts_of_the_grammar_read_alike(text: str) -> None:
    agree(text)


@budget(60)
@given(grammar_texts(), st.integers(0, 400), st.integers(1, 6))
def test_broken_texts_of_the_grammar(text: str, start: int, length: int) -> None:
    agree(text[:start] + text[start + length :])


FRAGMENTS = [
    *("{", "}", "(", ")", ":", "=", '"', "to", "%", "-", "5", "2026-07", "10:42", ",", ".", "#", "\n", "\0"),
    *("€", "a =", "phase x {", "over 2026", "unit", "rate", "12,000", "12 34", "bonus-malus", "at", "each"),
    *("up to", "'", "“a”", "## doc\n", "contract", "\ufeff", "previous(x)", "not not", "😀", "\\", "…"),
]


@budget(120)
@given(st.data())
def test_changed_samples(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(SAMPLES))
    # A few paragraphs are as telling as a whole contract, and ten times as fast.
    start = sample.rfind("\n\n", 0, data.draw(st.integers(0, len(sample)))) + 1
    text = sample[start : start + data.draw(st.sampled_from([300, 600, 5000]))]
    at = data.draw(st.integers(0, len(text)))
    end = at + data.draw(st.sampled_from([0, 1, 2, 5, 20, 60]))
    change = data.draw(st.sampled_from(["prefix", "delete", "repeat", "replace", "move"]))
    if change == "prefix":
        text = text[:at]
    elif change == "delete":
        text = text[:at] + text[end:]
    elif change == "repeat":
        text = text[:end] + text[at:end] + text[end:]
    elif change == "replace":
        text = text[:at] + data.draw(st.sampled_from(FRAGMENTS)) + text[end:]
    else:
        other = data.draw(st.integers(0, len(text)))
        text = text[:at] + text[other : other + end - at] + text[at:]
    agree(text)


@budget(60)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    agree(text)


@budget(120)
@given(documents)
def test_printed_trees_read_back(declarations: tuple[tree.AnyDeclaration, ...]) -> None:
    printed = print_document(declarations)
    read = parse(Source("printed", printed))
    assert read.diagnostics == (), printed
    assert bare(read.declarations) == declarations, printed
    assert print_document(read.declarations) == printed


@budget(60)
@given(expressions)
def test_printed_expressions_read_back(expression: Any) -> None:
    read = parse(Source("printed", f"measure x = {print_expression(expression)}"))
    assert read.diagnostics == ()
    assert bare(read.declarations[0].formula) == expression  # type: ignore[union-attr]


def test_printed_samples_read_back_with_their_parentheses() -> None:
    for sample in SAMPLES:
        first = document_from_text(sample)
        second = document_from_text(print_document(first.declarations))
        assert second.declarations == first.declarations
        assert second.diagnostics == ()
        assert fingerprint(second) == fingerprint(first)


@budget(60)
@given(documents)
def test_the_normal_form_is_a_fixed_point(declarations: tuple[tree.AnyDeclaration, ...]) -> None:
    normal = normal_form(document(declarations))
    read = parse(Source("normal", normal))
    assert read.diagnostics == (), normal
    assert normal_form(document(read.declarations)) == normal


@budget(60)
@given(grammar_texts())
def test_the_normal_form_of_a_text_is_that_of_its_print(text: str) -> None:
    read = parse(Source("text", text))
    if not read.diagnostics:
        printed = parse(Source("printed", print_document(read.declarations)))
        assert printed.declarations == read.declarations
        assert normal_form(document(printed.declarations)) == normal_form(document(read.declarations))
