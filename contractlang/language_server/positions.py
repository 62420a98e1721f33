"""Places as an editor counts them: lines, and units of an encoding within the line.

In: a text and what the editor negotiated. Out: offsets in the source, and back. A byte order mark, which the
source lacks and the editor may hold, is one character of the first line. Lines end at "\\n", "\\r\\n" and
"\\r", as the protocol has it.
"""

import re
from bisect import bisect_right
from typing import Literal, NamedTuple, TypeAlias

Encoding: TypeAlias = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")


class Place(NamedTuple):
    """A line and a character, both from 0; characters are units of the negotiated encoding."""

    line: int
    character: int


class Places:
    """The lines of one text in one encoding."""

    def __init__(self, text: str, encoding: Encoding = "utf-16") -> None:
        self.mark = 1 if text.startswith("\ufeff") else 0
        self.text = text
        self.encoding = encoding
        self.starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self.ends = [*(match.start() for match in _LINE_END.finditer(text)), len(text)]

    def place(self, offset: int) -> Place:
        """The place of an offset in the source."""
        at = max(0, min(offset + self.mark, len(self.text)))
        line = bisect_right(self.starts, at) - 1
        return Place(line, self._units(self.text[self.starts[line] : at]))

    def offset(self, place: Place) -> int:
        """The offset in the source of a place, clipped to its line and to the text."""
        if place.line < 0:
            return 0
        if place.line >= len(self.starts):
            return len(self.text) - self.mark
        at, units = self.starts[place.line], 0
        while at < self.ends[place.line] and units < place.character:
            units += self._units(self.text[at])
            at += 1
        return max(0, at - self.mark)

    def end(self) -> Place:
        """The place after the last character."""
        return self.place(len(self.text))

    def units_between(self, start: int, end: int) -> int:
        """The units of the characters from one offset in the source to another."""
        return self._units(self.text[start + self.mark : end + self.mark])

    def _units(self, text: str) -> int:
        if self.encoding == "utf-32" or text.isascii():
            return len(text)
        if self.encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)
