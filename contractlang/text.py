"""Text and places in it: character offsets inside, lines and columns only at the edge.

In: the characters of a file. Out: `Source` and `Span`, which every later room points with.
"""

import re
from bisect import bisect_right

from contractlang.frozen import dataclass, field

_LINE_END = re.compile("\n")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place as editors count it: `line` from 0, `character` from 0 in UTF-16 code units."""

    line: int
    character: int


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file under the name that messages show.

    Two sources are equal where their names and texts are. Only "\\n" ends a line; the "\\r" of a
    "\\r\\n" stays in the text, so that offsets agree with the file, and is left out of `line_text`.
    """

    name: str
    text: str
    _starts: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def line_count(self) -> int:
        """The number of lines; a text that ends with "\\n" has an empty last line."""
        return len(self._line_starts())

    def position(self, offset: int) -> Position:
        """The line and UTF-16 character of a character offset; offsets outside are clipped to the text."""
        offset = max(0, min(offset, len(self.text)))
        starts = self._line_starts()
        line = bisect_right(starts, offset) - 1
        return Position(line, _utf16_length(self.text[starts[line] : offset]))

    def offset(self, position: Position) -> int:
        """The character offset of a line and UTF-16 character, clipped to the line and to the text."""
        starts = self._line_starts()
        if position.line < 0:
            return 0
        if position.line >= len(starts):
            return len(self.text)
        units = 0
        line = self.line_text(position.line)
        for index, character in enumerate(line):
            if units >= position.character:
                return starts[position.line] + index
            units += 2 if ord(character) > 0xFFFF else 1
        return starts[position.line] + len(line)

    def line_start(self, line: int) -> int:
        """The offset of the first character of a line, counted from 0."""
        return self._line_starts()[line]

    def line_text(self, line: int) -> str:
        """The characters of a line, counted from 0, without its line end."""
        starts = self._line_starts()
        if line + 1 == len(starts):
            return self.text[starts[line] :]
        return self.text[starts[line] : starts[line + 1] - 1].removesuffix("\r")

    def _line_starts(self) -> list[int]:
        if not self._starts:
            self._starts.append(0)
            self._starts.extend(match.end() for match in _LINE_END.finditer(self.text))
        return self._starts


@dataclass(frozen=True, slots=True)
class Span:
    """The characters of a source from `start` to before `end`."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters that the span covers."""
        return self.source.text[self.start : self.end]

    def position(self) -> Position:
        """Where the span starts."""
        return self.source.position(self.start)

    def end_position(self) -> Position:
        """Where the span ends: the position after its last character."""
        return self.source.position(self.end)

    @staticmethod
    def cover(first: "Span", last: "Span") -> "Span":
        """The smallest span that holds both, which are of one source."""
        assert first.source is last.source or first.source == last.source, "a span lies in one source"
        return Span(first.source, min(first.start, last.start), max(first.end, last.end))


def _utf16_length(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)
