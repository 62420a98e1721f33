"""The one layout: pieces to lines.

In: the `Block` of a file. Out: its text. One statement a line, blocks indented by two, at most one empty
line. A line longer than `WIDEST` is broken where a clause begins, then after `=` or `:`, then at the
loosest operator. Layout depends on the words, comments and empty lines alone, never on where lines broke
before.
"""

from collections.abc import Sequence

from contractlang.formatting.aligning import Pads, flat_width, pads_of
from contractlang.formatting.pieces import Block, Piece, Remark, Statement

WIDEST = 110
"""The most characters of a line that is not one long word."""

_INDENT = 2
_COMMENT_COLUMN = 41


class _Line:
    """A line that is being written, and the comment behind it."""

    def __init__(self, text: str, remark: str | None = None) -> None:
        self.text, self.remark = text, remark


def written(file: Block) -> str:
    """The text of a file; it ends with a line end, unless it is empty."""
    writer = _Writer()
    writer.statements(file, 0)
    return writer.text()


class _Writer:
    """Puts pieces on lines; the last line is the one being written."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []

    def text(self) -> str:
        """All lines, the comments after them in columns."""
        run: list[_Line] = []
        for line in [*self.lines, _Line("")]:
            if line.remark is not None:
                run.append(line)
                continue
            column = max([_COMMENT_COLUMN, *(len(one.text) + 2 for one in run)])
            for one in run:
                one.text = one.text.ljust(column) + (one.remark or "")
            run = []
        return "".join(f"{line.text}\n" for line in self.lines)

    # ---- blocks

    def statements(self, block: Block, indent: int) -> None:
        """The statements of a block with the comments between them, up to its end."""
        for at, (one, pads) in enumerate(zip(block.statements, pads_of(block), strict=True)):
            self.between(one.pieces[0], indent, at == 0)
            self.statement(one, indent, pads)
        self.between(block.close, indent, not block.statements, closing=True)

    def between(self, piece: Piece, indent: int, first: bool, closing: bool = False) -> None:
        """The comments and the empty line before a statement, or before the end of a block."""
        for remark in piece.remarks:
            if remark.trailing and self.lines and self.lines[-1].remark is None:
                self.lines[-1].remark = remark.text
                continue
            if remark.blank and not first:
                self.lines.append(_Line(""))
            self.lines.append(_Line(" " * indent + remark.text))
            first = False
        if piece.blank and not first and not closing:
            self.lines.append(_Line(""))

    def block(self, block: Block, indent: int) -> None:
        """A block after its `{`, which is written already, and its `}`."""
        inline = self.inline(block)
        if inline is not None and len(self.lines[-1].text) + len(inline) <= WIDEST:
            self.lines[-1].text += inline
            return
        self.statements(block, indent + _INDENT)
        self.lines.append(_Line(" " * indent + "}"))

    def inline(self, block: Block) -> str | None:
        """The rest of `{ handled = 12 345 calls  sales = 10 sales }`; None where it cannot be one line."""
        if block.owner != "GIVEN" or block.close.remarks:
            return None
        texts = []
        for one in block.statements:
            if one.pieces[0].remarks or one.has_block or flat_width(one, 0, len(one.pieces)) is None:
                return None
            texts.append(_flat(one.pieces))
        return f" {'  '.join(texts)} }}" if texts else " }"

    # ---- statements

    def statement(self, statement: Statement, indent: int, pads: Pads) -> None:
        """A statement, on lines of its own."""
        self.lines.append(_Line(" " * indent))
        pieces = statement.pieces
        start = 0
        for at, piece in enumerate(pieces):
            if at and piece.remarks:
                self.segment(pieces, start, at, indent, pads)
                self.remarks(piece.remarks, indent + _INDENT)
                start = at
            if piece.block is not None:
                self.segment(pieces, start, at + 1, indent, pads)
                self.block(piece.block, indent)
                start = at + 1
        if start < len(pieces):
            self.segment(pieces, start, len(pieces), indent, pads)

    def remarks(self, remarks: Sequence[Remark], indent: int) -> None:
        """Comments inside a statement; what follows them begins a line."""
        for remark in remarks:
            if remark.trailing and self.lines[-1].remark is None:
                self.lines[-1].remark = remark.text
            else:
                self.lines.append(_Line(" " * indent + remark.text))
        self.lines.append(_Line(" " * indent))

    def segment(self, pieces: Sequence[Piece], start: int, end: int, indent: int, pads: Pads) -> None:
        """Pieces without a comment or a block between them, broken where they are too long for a line."""
        if start == end:
            return
        text = self.lines[-1].text
        texts = [self._lead(pieces, at, text if at == start else "x", pads) for at in range(start, end)]
        levels = [pieces[at].level if at > start or text.strip() else None for at in range(start, end)]
        breaks, column = _breaks(texts, levels, len(text), indent, pieces[start:end])
        for at, word in enumerate(texts):
            if at in breaks:
                self.lines.append(_Line(" " * column + word.lstrip()))
            else:
                self.lines[-1].text += word

    @staticmethod
    def _lead(pieces: Sequence[Piece], at: int, before: str, pads: Pads) -> str:
        """A piece with the spaces before it, if anything stands before it on the line."""
        piece = pieces[at]
        if not before.strip():
            return piece.text
        return " " * ((0 if piece.tight else 1) + pads.get(at, 0)) + piece.text


def _flat(pieces: Sequence[Piece]) -> str:
    return "".join(
        piece.text if at == 0 or piece.tight else f" {piece.text}" for at, piece in enumerate(pieces)
    )


def _breaks(
    texts: Sequence[str], levels: Sequence[int | None], column: int, indent: int, pieces: Sequence[Piece]
) -> tuple[set[int], int]:
    """Before which texts a line ends, and the column in which the next one begins.

    What goes on after a value stands under the value, as far as that leaves it room; otherwise it is
    indented.
    """
    if column + sum(map(len, texts)) <= WIDEST:
        return set(), 0
    under = _value_column(texts, pieces, column)
    if under is not None and pieces[-1].block is None:
        clauses = [level if level == 0 else None for level in levels]
        found = _filled(texts, clauses, column, under)
        if found is not None:
            return found, under
    found = _filled(texts, levels, column, indent + _INDENT)
    if found is None:
        found = _filled(texts, levels, column, indent + _INDENT, narrow=False)
    return found or set(), indent + _INDENT


def _value_column(texts: Sequence[str], pieces: Sequence[Piece], column: int) -> int | None:
    """The column of what stands after the first `=`."""
    for at, piece in enumerate(pieces[:-1]):
        column += len(texts[at])
        if piece.terminal == "EQ":
            return column + 1
    return None


def _filled(
    texts: Sequence[str], levels: Sequence[int | None], column: int, next_column: int, narrow: bool = True
) -> set[int] | None:
    """Before which texts to break so that lines are full; None where one stays too long."""
    found: set[int] = set()
    start = 0
    at = 0
    while at < len(texts):
        width = len(texts[at].lstrip() if at in found else texts[at])
        if column + width <= WIDEST or at == start:
            if column + width > WIDEST and narrow:
                return None
            column += width
            at += 1
            continue
        candidates = [(level, -place) for place in range(start, at + 1)
                      if (level := levels[place]) is not None and place not in found]  # fmt: skip
        if not candidates:
            if narrow:
                return None
            column += width
            at += 1
            continue
        place = -min(candidates)[1]
        found.add(place)
        start = at = place
        column = next_column
    return found
