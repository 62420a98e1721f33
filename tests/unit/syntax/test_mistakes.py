"""Broken texts, a piece each, with exactly what is said of them and what of them is kept.

A piece ends at `---`. What is expected of a line stands at its end, `### CL123 message => help`; the last
line of a piece says what is kept. The marks are taken out before the text is read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from contractlang.syntax import tree
from contractlang.syntax.parsing import parse
from contractlang.text import Source, Span

MISTAKES = Path(__file__).parents[2] / "data" / "syntax" / "mistakes"
_MARK = re.compile(r"\s*### ")


def pieces() -> Iterator[object]:
    for path in sorted(MISTAKES.glob("*.txt")):
        line = 1
        for piece in re.split(r"^---\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            yield pytest.param(piece, id=f"{path.stem}:{line}")
            line += piece.count("\n") + 1


def kept(declarations: tuple[tree.AnyDeclaration, ...]) -> str:
    words = []
    for one in declarations:
        kind = one.kind if isinstance(one, (tree.Line, tree.Price)) else type(one).__name__.lower()
        names = (getattr(one, field, None) for field in ("name", "title", "label", "path", "to"))
        word = f"{kind.replace('_', '-')} {next((name for name in names if name), '')}"
        if isinstance(one, (tree.Phase, tree.Amendment)) and one.items:
            word += f" ({kept(one.items)})"
        words.append(word)
    return ", ".join(words) or "nothing"


@pytest.mark.parametrize("piece", list(pieces()))
def test_a_mistake_is_said_once_and_costs_nothing_around_it(piece: str) -> None:
    lines = piece.removesuffix("\n").split("\n")
    expected_kept = _MARK.split(lines.pop())[1].removeprefix("keeps ")
    expected = []
    texts = []
    for number, line in enumerate(lines):
        text, *marks = _MARK.split(line)
        texts.append(text)
        expected += [(number, mark) for mark in marks]
    read = parse(Source("piece", "\n".join(texts) + "\n"))
    said = []
    for one in read.diagnostics:
        assert isinstance(one.span, Span)
        words = f"{one.code} {one.message}" + (f" => {one.help}" if one.help else "")
        said.append((one.span.position().line, words))
    assert said == expected
    assert kept(read.declarations) == expected_kept


def test_there_are_enough_of_them() -> None:
    assert len(list(pieces())) >= 80
