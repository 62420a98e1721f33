"""The words and signs of a source, with the terminal that the grammar reads each of them as.

In: a source. Out: `Token`s in the order written, and the declarations read from them. A word is a keyword
only where the grammar expects one, so that only the parser can tell tokens: this is that parser, which
notes what it reads. Tokens of a broken text are those that were read before and after each mistake.
"""

import gc
from typing import Any, NamedTuple

from contractlang.syntax import tree
from contractlang.syntax.reader import Reader
from contractlang.syntax.skipping import DECLARATIONS
from contractlang.syntax.tables import tables
from contractlang.text import Source


class Token(NamedTuple):
    """A terminal of the grammar and the characters, from `start` to before `end`, that are read as it."""

    terminal: str
    start: int
    end: int


def read_tokens(source: Source) -> tuple[tuple[Token, ...], tuple[tree.AnyDeclaration, ...]]:
    """The tokens of a source and what they say, as far as it can be read; never raises."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        reader = _NotingReader(source, tables())
        if reader.run() is None:
            return tuple(reader.noted), reader.declarations()
        # Most texts have no mistake, so that what mends them is loaded only where it is needed.
        from contractlang.syntax.broken_tokens import NotingRepair

        repair = NotingRepair(source, tables())
        declarations = repair.read()
        return tuple(sorted(set(repair.noted), key=lambda one: one.start)), declarations
    finally:
        if collecting:
            gc.enable()


class Notes(list[Any]):
    """The values of a reader, which notes each token when it is put there."""

    def __init__(self, noted: list[Token]) -> None:
        super().__init__([None])
        self.noted = noted

    def append(self, value: Any, /) -> None:
        super().append(value)
        if type(value) is tuple and len(value) == 3 and type(value[1]) is int and type(value[2]) is int:
            # A rule may hand its only token on, which is then put here again; a brace that is not there
            # has no characters.
            if value[1] < value[2] and (not self.noted or value[1] >= self.noted[-1].end):
                self.noted.append(Token(*value))


class _NotingReader(Reader):
    noted: list[Token]

    def reset(self) -> None:
        super().reset()
        self.noted = []
        self.values = Notes(self.noted)


class Expected(NamedTuple):
    """What may follow a text: the terminals, the last ones read, the declarations around, outermost first."""

    terminals: frozenset[str]
    before: tuple[str, ...]
    inside: tuple[str, ...]


def expected_after(source: Source) -> Expected | None:
    """What the grammar takes after a text; None where the text itself has a mistake."""
    # A character that is no token stops the parser where it stands, before anything is taken as finished.
    reader = _NotingReader(Source(source.name, source.text + "\0"), tables())
    stop = reader.run()
    if stop is None or stop[1] != len(source.text):
        return None
    opened = [""]
    for token in reader.noted:
        if token.terminal == "LBRACE":
            opened.append("")
        elif token.terminal == "RBRACE" and len(opened) > 1:
            opened.pop()
        elif token.terminal in DECLARATIONS:
            opened[-1] = token.terminal
    before = tuple(token.terminal for token in reader.noted[-12:])
    return Expected(reader.expected(), before, tuple(word for word in opened if word))
