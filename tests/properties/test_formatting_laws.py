"""Laws of the formatter: it loses nothing, keeps the meaning, is its own fixed point, and never fails."""

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syntax_scene import budget, documents, grammar_texts

from contractlang.diagnostics import ContractError, has_errors
from contractlang.formatting import format_lines, format_text
from contractlang.syntax.loading import document_from_text
from contractlang.syntax.parsing import comments, parse
from contractlang.syntax.printing import fingerprint, print_document
from contractlang.syntax.tokens import read_tokens
from contractlang.text import Source

ROOT = Path(__file__).parents[2]
SAMPLES = sorted([*ROOT.glob("contracts/**/*.contract"), *ROOT.glob("tests/data/syntax/*.contract")])
FUZZ = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
INSERTED = ("# a remark\n", "\n\n\n", "\n# one\n\n\n# two\n", "\t \r\n", "## a document\n", "\n\n#\n\n")


def holds(text: str) -> str:
    """Format a text that can be read; all laws hold for it."""
    source = Source("a.contract", text)
    before = parse(source)
    formatted = format_text(source)
    after = Source("a.contract", formatted)
    assert parse(after).declarations == before.declarations
    assert [one.doc for one in parse(after).declarations] == [one.doc for one in before.declarations]
    assert sorted(one.text.rstrip() for one in comments(after)) == sorted(
        one.text.rstrip() for one in comments(source)
    )
    assert format_text(after) == formatted
    assert "\n\n\n" not in formatted.replace("\r", "")
    assert not any(line != line.rstrip() for line in formatted.replace("\r\n", "\n").split("\n"))
    assert fingerprint(document_from_text(formatted)) == fingerprint(document_from_text(text))
    return formatted


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert holds(text) == text or "contracts" not in path.parts


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_comment_or_a_blank_line_in_every_gap(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens, _ = read_tokens(Source(path.name, text))
    places = sorted({0, len(text), *(token.start for token in tokens), *(token.end for token in tokens)})
    if not FUZZ:
        places = Random(path.stem).sample(places, min(2, len(places)))
    for at, place in enumerate(places):
        # All of them at a few places, each of them in turn at every place.
        for inserted in (INSERTED[at % len(INSERTED)],) if FUZZ else INSERTED:
            holds(text[:place] + inserted + text[place:])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_comment_in_all_gaps_at_once(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens, _ = read_tokens(Source(path.name, text))
    for gap in (" # remark\n", "\n# remark\n", "\n\n"):
        holds("".join(text[one.start : one.end] + gap for one in tokens))
    # However the lines were broken, there is one layout.
    one_line = " ".join(text[token.start : token.end] for token in tokens)
    spread = "\n".join(text[token.start : token.end] for token in tokens)
    assert holds(one_line) == holds(spread)


@budget(25)
@given(grammar_texts())
def test_texts_along_the_grammar(text: str) -> None:
    if not has_errors(parse(Source("a", text)).diagnostics):
        holds(text)


@budget(25)
@given(documents)
def test_printed_trees(declarations: tuple) -> None:
    text = print_document(declarations)
    if not has_errors(parse(Source("a", text)).diagnostics):
        holds(text)


@budget(25)
@given(st.data())
def test_a_mutated_sample_is_laid_out_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SAMPLES)).read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = min(len(text), start + data.draw(st.integers(0, 12)))
    words = ["", "{", "}", "#", '"', "(", " = ", "\n", "else", "12,5", "é😀", ":", "by "]
    other = data.draw(st.sampled_from(words))
    mutated = text[:start] + other + text[end:]
    if has_errors(parse(Source("a", mutated)).diagnostics):
        with pytest.raises(ContractError):
            format_text(Source("a", mutated))
    else:
        holds(mutated)


@budget(10)
@given(st.data())
def test_a_range_of_lines(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SAMPLES)).read_text(encoding="utf-8").replace("  ", "   ")
    source = Source("a", text)
    first = data.draw(st.integers(1, source.line_count))
    last = data.draw(st.integers(first, source.line_count))
    changed = format_lines(source, first, last)
    assert parse(Source("a", changed)).declarations == parse(source).declarations
    assert format_text(Source("a", changed)) == format_text(source)
    assert format_lines(source, 1, source.line_count).strip() != "" or not text.strip()
