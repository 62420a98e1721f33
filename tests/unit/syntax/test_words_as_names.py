"""A word is a keyword only where one is expected: elsewhere it is a name like any other."""

import pytest

from contractlang.syntax import tree
from contractlang.syntax.parsing import parse
from contractlang.syntax.tables import tables
from contractlang.text import Source

WORDS = sorted(text for text in tables().texts.values() if text.isalpha() and text != "optional")


@pytest.mark.parametrize("word", WORDS)
def test_a_column_may_have_the_name_of_a_keyword(word: str) -> None:
    read = parse(Source("words", f"usage contacts each call {{\n  agent text\n  {word} text optional\n}}\n"))
    assert read.diagnostics == ()
    usage = read.declarations[0]
    assert isinstance(usage, tree.Usage)
    assert [column.name.text for column in usage.columns] == ["agent", word]


@pytest.mark.parametrize("word", WORDS)
def test_a_figure_may_have_the_name_of_a_keyword(word: str) -> None:
    read = parse(Source("words", f"measure {word} in calls\nmeasure twice = 2 * {word}\n"))
    # `by` and `previous` begin an expression themselves, so as names they stand only where they are declared.
    assert (read.diagnostics == ()) == (word not in ("by", "previous"))
