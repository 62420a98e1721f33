"""Columns: which words of neighbouring statements stand under one another.

In: the statements of a block. Out: for each statement, how many more spaces stand before some of its
pieces. Words are only aligned inside a block or a run of neighbours, so that a change moves few lines.
"""

from collections.abc import Callable, Iterator, Sequence

from contractlang.formatting.pieces import HEADER, Block, Statement

_SHORTEST_WORD = 8
_GAP = 2

Pads = dict[int, int]
"""More spaces, by the piece before which they stand."""


def flat_width(statement: Statement, start: int, end: int) -> int | None:
    """The characters of some pieces on one line; None where a comment or a block keeps them from one."""
    width = 0
    for at in range(start, end):
        piece = statement.pieces[at]
        if piece.block is not None or (at > start and piece.remarks):
            return None
        width += len(piece.text) + (0 if at == start or piece.tight else 1)
    return width


def pads_of(block: Block) -> list[Pads]:
    """The more spaces of each statement of a block."""
    pads: list[Pads] = [{} for _ in block.statements]
    if block.owner in ("CONTRACT", "AMENDMENT"):
        _first_words(block, pads, lambda one: one.keyword in HEADER)
    elif block.owner == "USAGE":
        _first_words(block, pads, bool)
    _colons(block, pads)
    for run in _runs(block, lambda one: _shape(one) == ["NAME", "EQ"]):
        _align(block.statements, pads, run, 2)
    for run in _runs(block, lambda one: _shape(one) == ["NAME", "STRING", "EQ"]):
        _align(block.statements, pads, run, 2)
    return pads


def _first_words(block: Block, pads: list[Pads], fits: Callable[[Statement], bool]) -> None:
    """A column of keywords or names, wide enough for most, so that a new one seldom moves the others."""
    fitting = [
        at
        for at, one in enumerate(block.statements)
        if fits(one) and len(one.pieces) > 1 and not one.pieces[1].remarks and one.pieces[1].block is None
    ]
    widths = {at: len(block.statements[at].pieces[0].text) for at in fitting}
    column = max([_SHORTEST_WORD, *widths.values()]) + _GAP
    for at, width in widths.items():
        pads[at][1] = column - width - 1


def _colons(block: Block, pads: list[Pads]) -> None:
    """The `:` of rows in a column, and numbers without a sign under the digits of those with one."""
    places = {at: _colon(one) for at, one in enumerate(block.statements)}
    rows = {at: colon for at, colon in places.items() if colon is not None}
    widths = {at: flat_width(block.statements[at], 0, colon) for at, colon in rows.items()}
    flat = {at: width for at, width in widths.items() if width is not None}
    for at, width in flat.items():
        if not block.statements[at].pieces[rows[at]].remarks:
            pads[at][rows[at]] = max(flat.values()) - width
    values = {at: block.statements[at].pieces[colon + 1] for at, colon in rows.items()}
    if any(value.terminal in ("PLUS", "MINUS") for value in values.values()):
        for at, value in values.items():
            if value.terminal in ("NUMBER", "PERCENT") and not value.remarks:
                pads[at][rows[at] + 1] = 1


def _colon(statement: Statement) -> int | None:
    if statement.keyword == "INVARIANT":
        return None
    for at, piece in enumerate(statement.pieces):
        if piece.terminal in ("EQ", "AT") or piece.block is not None:
            return None
        if piece.terminal == "COLON":
            return at
    return None


def _shape(statement: Statement) -> list[str]:
    """The terminals between the keyword and the end of the head, `=` included."""
    shape = []
    for piece in statement.pieces[1:4]:
        shape.append("NAME" if piece.terminal == "ASSIGNED" else piece.terminal)
        if piece.terminal == "EQ" or piece.remarks:
            break
    return shape


def _runs(block: Block, fits: Callable[[Statement], bool]) -> Iterator[list[int]]:
    """Neighbours that fit and have the same keyword, without an empty line or a comment between them."""
    run: list[int] = []
    for at, one in enumerate(block.statements):
        first = one.pieces[0]
        apart = first.blank or any(not remark.trailing for remark in first.remarks)
        if run and (apart or one.keyword != block.statements[run[-1]].keyword):
            yield run
            run = []
        if block.owner != "TEST" and fits(one) and not one.has_block:
            run.append(at)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _align(statements: Sequence[Statement], pads: list[Pads], run: list[int], place: int) -> None:
    """Put the piece at a place of each statement of a run in one column."""
    widths = {at: flat_width(statements[at], 0, place) for at in run}
    flat = {at: width for at, width in widths.items() if width is not None}
    for at, width in flat.items():
        if not statements[at].pieces[place].remarks:
            pads[at][place] = max(flat.values()) - width
