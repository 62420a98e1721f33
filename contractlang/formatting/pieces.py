"""A contract as statements, blocks and pieces: what the layout is made of.

In: a source that reads without a mistake. Out: a `Block` of `Statement`s. Every token and every comment of
the source is in it once, so that none can be lost; what is decided later is only where the blanks and the
line ends go. A statement is a declaration, a clause of the header, a row; its pieces are its words and the
blocks between braces in it.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from contractlang.formatting.clauses import ENDS_OPERAND, clause_starts
from contractlang.frozen import dataclass, replace
from contractlang.syntax import tree
from contractlang.syntax.tables import tables
from contractlang.syntax.tokens import Token, read_tokens
from contractlang.syntax.wording import Wording
from contractlang.text import Source

_COMMENT = re.compile(r"#[^\n]*")
_ROWS = (
    tree.Column, tree.Band, tree.ColumnRow, tree.Tier, tree.Dated, tree.Given, tree.Expect, tree.Assignment,
)  # fmt: skip
HEADER = tuple("PROVIDER CLIENT TERM INVOICED CURRENCY TIMEZONE VAT PAYMENT ROUNDING EDITION".split())
"""The clauses of a header, in the order in which they are printed."""

_SIGNS = {"−": "-", "×": "*", "≤": "<=", "≥": ">="}
_HOLDS_ROWS = frozenset({"BY", "GRADUATED_PRICES", "VOLUME_PRICE"})


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment with its `#`; `trailing` on the line of what is before it, `blank` under an empty line."""

    text: str
    trailing: bool
    blank: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or sign as it is printed, with the comments that stand between it and the one before.

    `blank` says that an empty line stands directly before it. `tight` says that no space does. `level`
    says how gladly a line breaks before it: 0 most gladly, None never. `block` is what follows between
    braces, where the piece is a `{`.
    """

    terminal: str
    text: str
    remarks: tuple[Remark, ...] = ()
    blank: bool = False
    tight: bool = False
    level: int | None = None
    block: "Block | None" = None


@dataclass(frozen=True, slots=True)
class Statement:
    """The pieces of a declaration, a clause of the header, or a row; `clauses` are where clauses begin."""

    pieces: tuple[Piece, ...]
    clauses: tuple[int, ...] = ()

    @property
    def keyword(self) -> str:
        """The terminal that the statement begins with."""
        return self.pieces[0].terminal

    @property
    def has_block(self) -> bool:
        """Whether braces stand in it."""
        return any(piece.block is not None for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Block:
    """Statements between braces, and what stands before the closing one; the whole file has no brace.

    `owner` is the terminal that the block belongs to, "" for the file.
    """

    owner: str
    statements: tuple[Statement, ...]
    close: Piece


class _Reading:
    """The tokens that are still to be taken, from `at` on; what was taken ends at `end`."""

    def __init__(
        self, source: Source, tokens: Sequence[Token], starts: frozenset[int], numbers: dict[int, Decimal]
    ) -> None:
        self.source, self.tokens, self.starts, self.numbers = source, tokens, starts, numbers
        self.at, self.end = 0, 0

    @property
    def next(self) -> str:
        """The terminal of the next token, "$END" at the end."""
        return self.tokens[self.at].terminal if self.at < len(self.tokens) else "$END"

    def take(self) -> Piece:
        """The next token as a piece."""
        token = self.tokens[self.at]
        remarks, blank = self.gap(token.start)
        self.at, self.end = self.at + 1, token.end
        return Piece(token.terminal, _text(self, token), remarks, blank)

    def gap(self, start: int) -> tuple[tuple[Remark, ...], bool]:
        """The comments up to `start`, and whether an empty line stands directly before it."""
        gap = self.source.text[self.end : start]
        remarks: list[Remark] = []
        position = 0
        for match in _COMMENT.finditer(gap):
            newlines = gap.count("\n", position, match.start())
            trailing = not remarks and newlines == 0 and self.at > 0
            remarks.append(Remark(match.group().rstrip(), trailing, newlines > 1))
            position = match.end()
        return tuple(remarks), gap.count("\n", position) > 1


def read_file(source: Source) -> tuple[Block, tuple[tree.AnyDeclaration, ...]]:
    """The pieces of a source, and its tree."""
    tokens, declarations = read_tokens(source)
    starts: set[int] = set()
    numbers: dict[int, Decimal] = {}
    for node in _nodes(declarations):
        if isinstance(node, (*_ROWS, tree.Declaration)):
            starts.add(node.span.start)
        elif isinstance(node, tree.Number):
            numbers[node.span.start] = node.value
        if isinstance(node, tree.Line) and node.scorecard:
            starts.update(part.span.start for part in node.parts)
    reading = _Reading(source, tokens, frozenset(starts), numbers)
    statements = tuple(_statements(reading, ""))
    return Block("", statements, Piece("$END", "", *reading.gap(len(source.text)))), declarations


def _nodes(declarations: Sequence[tree.AnyDeclaration]) -> Iterator[tree.Node]:
    waiting: list[tree.Node] = list(declarations)
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(tree.children(node))


def _statements(reading: _Reading, owner: str) -> Iterator[Statement]:
    """The statements up to the closing brace, or to the end of the file."""
    while reading.next not in ("RBRACE", "$END"):
        yield _statement(reading, owner)


def _statement(reading: _Reading, owner: str) -> Statement:
    pieces: list[Piece] = []
    terminals: list[str] = []
    while reading.next not in ("RBRACE", "$END") and not (pieces and _begins(reading, owner)):
        piece = reading.take()
        if piece.terminal == "LBRACE":
            owning = _owner(terminals)
            statements = tuple(_statements(reading, owning))
            piece = replace(piece, block=Block(owning, statements, reading.take()))
            # Rows are one with what they are the rows of; a block that stands alone is a clause.
            terminals.append("BLOCK" if owning in _HOLDS_ROWS else "LBRACE")
        else:
            terminals.append(piece.terminal)
        pieces.append(piece)
    clauses = clause_starts(terminals)
    return Statement(tuple(_spaced(pieces, terminals, clauses)), tuple(clauses))


def _begins(reading: _Reading, owner: str) -> bool:
    """Whether the next token begins the next statement of a block."""
    token = reading.tokens[reading.at]
    return token.start in reading.starts or (owner in ("CONTRACT", "AMENDMENT") and token.terminal in HEADER)


def _owner(terminals: list[str]) -> str:
    """The terminal that a block belongs to which stands after others."""
    for terminal in reversed(terminals):
        if terminal in _HOLDS_ROWS:
            return terminal
        if terminal in ("BLOCK", "LBRACE"):
            break
    return terminals[0] if terminals else ""


def _text(reading: _Reading, token: Token) -> str:
    """A token as it is printed: one space in keywords, spaces between thousands, plain signs."""
    text = reading.source.text[token.start : token.end]
    known = tables().texts.get(token.terminal)
    if known is not None:
        return known
    if token.terminal == "NUMBER" and token.start in reading.numbers:
        return Wording().decimal(reading.numbers[token.start])
    if token.terminal == "PERCENT":
        digits = re.sub(r"[^\d.]", "", text)
        return Wording().percent(Decimal(digits))
    if token.terminal == "TIME":
        return text.zfill(5)
    return _SIGNS.get(text, text)


# ---- spaces, and where a line may break

_TIGHT_BEFORE = frozenset({"RPAR", "COMMA", "DOT", "DOTS"})
_TIGHT_AFTER = frozenset({"LPAR", "DOT", "DOTS"})
_LEVELS = {
    "THEN": 2, "ELSE": 2, "OR": 3, "AND": 4, "EXCEPT": 4, "AT": 5, "PER": 5, "FOR": 5, "FOR_EACH": 5,
    "WHERE": 6, "PLUS": 7, "MINUS": 7, "OVER": 8, "COMPARE": 8, "IS": 8, "BY": 8, "TIMES": 9, "DIVIDE": 9,
}  # fmt: skip


def _spaced(pieces: list[Piece], terminals: list[str], clauses: list[int]) -> Iterator[Piece]:
    depth = 0
    signs = False
    for at, piece in enumerate(pieces):
        terminal, before = piece.terminal, terminals[at - 1] if at else ""
        if terminal == "RPAR":
            depth -= 1
        tight = terminal in _TIGHT_BEFORE or before in _TIGHT_AFTER
        if terminal == "LPAR":
            tight = tight or before in ("NAME", "ASSIGNED", "PREVIOUS")
            depth += 1
        sign = terminal in ("PLUS", "MINUS") and before not in ENDS_OPERAND
        # `- 5 EUR` is a sum that lacks its first half, `-5 EUR` a number below zero.
        tight = tight or signs
        signs = sign
        level: int | None = None
        if at and not tight and not sign:
            if at in clauses and terminal != "EQ":
                level = 0
            elif before in ("EQ", "COLON"):
                level = 1
            elif terminal in _LEVELS and (terminal != "BY" or depth):
                level = _LEVELS[terminal] + 10 * depth
            elif before == "COMMA":
                level = 6 + 10 * depth
        elif sign and before in ("EQ", "COLON"):
            level = 1
        yield replace(piece, tight=tight, level=level)
