"""Looking for the next clause: what a text says of blocks and lines, and where reading can go on.

In: a reader that stopped at a token. Out: a reader whose stacks are cut back to what fits the next word
that begins a declaration, a clause or a row.
"""

import re
from collections.abc import Iterator

from contractlang.diagnostics import nearest
from contractlang.syntax.reader import SKIP, Reader

_WORD = re.compile(r"[^\W\d][\w-]*")
# What is skipped as one while looking for the next clause.
_SKIPPED = re.compile(r'"(?:[^"\\\n]|\\["\\])*"')

DECLARATIONS = frozenset(
    """
    INCLUDE UNIT USAGE WINDOW MEASURE RATE AMOUNT INDEX CHARGE FEE SUBSCRIPTION BONUS_MALUS PENALTY
    MINIMUM LIMIT CLAWBACK PHASE AMENDMENT TEST INVARIANT CONTRACT TRANSITION_TO REMOVE GIVEN EXPECT
    """.split()
)
_HEADER = frozenset("PROVIDER CLIENT TERM INVOICED CURRENCY TIMEZONE PAYMENT ROUNDING EDITION".split())
# What may follow a block that was forgotten to be closed: a declaration, or the next part of a scorecard.
BLOCK_WORDS = DECLARATIONS | {"BY"}
_WHOLE = DECLARATIONS | _HEADER | {"RBRACE", "VAT"}
_NEARLY = DECLARATIONS | _HEADER
# Where reading may start again: the words that begin a declaration, a clause or a row.
STARTS = DECLARATIONS | frozenset(
    """
    PROVIDER CLIENT TERM INVOICED CURRENCY TIMEZONE VAT PAYMENT ROUNDING EDITION
    FROM BELOW ABOVE UP_TO NO_DATA BEYOND OTHERWISE BY ON WHEN IN ROUNDED BETWEEN ELSE AT_MOST AT_LEAST
    BONUS MALUS UNTIL EVERY IN_ADVANCE IN_ARREARS NOT_PRORATED ONCE ONCE_ON TAXED EXEMPT UNTAXED
    ONE_LINE_PER_TIER CARRIED_FORWARD AS_OF NOT_ADDED PRORATED_BY_DAY INDEXED_ON BASE FIXED_PART LAG
    COEFFICIENT UNCHANGED_WITHIN AFTER NOT_BEFORE RBRACE
    """.split()
)


class Skipping(Reader):
    """A reader that knows where declarations, clauses and rows begin."""

    def head(self) -> int | None:
        """Where the declaration begins that the mistake is in, if it is in one."""
        for index in range(len(self.values) - 1, 0, -1):
            value = self.values[index]
            if type(value) is tuple and value[0] in DECLARATIONS:
                return self.starts[index]
        return None

    def block(self) -> str:
        """The terminal of what the innermost open brace belongs to, "" outside of all blocks."""
        braces = self.open_braces()
        for index in range(braces[-1], 0, -1) if braces else ():
            value = self.values[index]
            if type(value) is tuple and value[0] in DECLARATIONS:
                return str(value[0])
        return ""

    def first_on_line(self, start: int) -> bool:
        """Whether nothing but blanks stands before a place on its line."""
        return self._before(start) in ("", "\n")

    def _before(self, start: int) -> str:
        """The last character before a place that is no blank, "" at the start of the text."""
        # Looking back costs what is blank, not what the line is long.
        while start and self.text[start - 1] in " \t\ufeff":
            start -= 1
        return self.text[start - 1 : start] if start else ""

    def indent(self, start: int) -> int:
        """The number of blanks at the start of the line that holds a place."""
        line = self.text.rfind("\n", 0, start) + 1
        return len(self.text[line:start]) - len(self.text[line:start].lstrip(" \t\ufeff"))

    def opening(self, brace: int) -> int:
        """Where that begins which a brace belongs to."""
        for index in range(brace, 0, -1):
            value = self.values[index]
            if type(value) is tuple and value[0] in (*DECLARATIONS, "VAT"):
                return self.starts[index]
        return self.starts[brace]

    def floor(self) -> int:
        """The entries that are kept while the innermost block is not left."""
        braces = self.open_braces()
        return braces[-1] if braces else 0

    def resume(self, terminal: str, start: int, end: int) -> bool:
        """Skip to a word where reading can start again, and cut the stacks back to fit it."""
        nested = 0
        # The clauses of a declaration that fits nowhere are not those of the one before it.
        begins = terminal in DECLARATIONS and self.begins(start)
        for position, candidates, is_first in self.tokens_from(start, end):
            if is_first and terminal not in STARTS and "LBRACE" not in candidates:
                continue
            if nested and self.leaves(position, candidates):
                nested = 0
            if "LBRACE" in candidates:
                nested += 1
            elif "RBRACE" in candidates and nested:
                nested -= 1
            elif not nested:
                fit = candidates if is_first or not begins else [one for one in candidates if one in _WHOLE]
                if any(self.go_on_at(one, position) for one in fit):
                    return True
                if not is_first and not candidates and self.go_on_at_misspelt(position):
                    return True
        return self.finish()

    def tokens_from(self, start: int, end: int) -> Iterator[tuple[int, list[str], bool]]:
        """The tokens from the mistake on: where each starts, what it may be, whether it is the first."""
        position = start
        while True:
            position = SKIP.match(self.text, position).end()  # type: ignore[union-attr]
            closer = self.closers[self.closed] if self.closed < len(self.closers) else None
            if closer is not None and position >= closer:
                # The block that holds the mistake ends here.
                yield position, ["RBRACE"], False
            if position >= len(self.text):
                return
            candidates, stop = self.candidates(position)
            yield position, candidates, position == start
            position = max(stop, end) if position == start else stop

    def leaves(self, position: int, candidates: list[str]) -> bool:
        """Whether a declaration stands so far left that a block being skipped must have ended."""
        if not any(one in DECLARATIONS for one in candidates) or not self.first_on_line(position):
            return False
        head = self.head()
        return head is not None and self.indent(position) <= self.indent(head)

    def go_on_at(self, terminal: str, position: int) -> bool:
        """Cut the stacks back to fit a terminal, if it begins something and fits anywhere."""
        if terminal not in STARTS or (terminal in DECLARATIONS and not self.begins(position)):
            return False
        floor = self.floor()
        if terminal == "RBRACE" and not floor:
            return False
        closed = 0
        for depth in range(len(self.states), floor, -1):
            # A block that was closed is not opened again.
            if closed <= 0 and self.accepts(depth, terminal):
                self.cut(depth)
                self.position = position
                return True
            value = self.values[depth - 1]
            if type(value) is tuple and value:
                closed += (value[0] == "RBRACE") - (value[0] == "LBRACE")
        if terminal not in DECLARATIONS or not self.first_on_line(position):
            return False
        return self.leave_blocks(terminal, position)

    def go_on_at_misspelt(self, position: int) -> bool:
        """Go on at the first word of a line that is almost one that begins a declaration or clause."""
        match = _WORD.match(self.text, position)
        if match is None or len(match.group()) < 4 or not self.first_on_line(position):
            return False
        texts = {self.grammar.texts[name]: name for name in _NEARLY if name in self.grammar.texts}
        near = nearest(match.group(), sorted(texts))
        return near is not None and match.group() not in texts and self.go_on_at(texts[near], position)

    def begins(self, position: int) -> bool:
        """Whether a declaration may begin at a place: first on its line, or after a brace."""
        return self._before(position) in ("", "\n", "{", "}")

    def leave_blocks(self, terminal: str, position: int) -> bool:
        """Close blocks that a declaration further left shows to have ended."""
        braces = self.open_braces()
        while braces and self.indent(position) <= self.indent(self.opening(braces[-1])):
            for depth in range(len(self.states), braces[-1], -1):
                if self.accepts(depth, "RBRACE"):
                    self.cut(depth)
                    self.insert("RBRACE", self.last[2], self.last[2])
                    break
            else:
                self.cut(braces[-1])
            braces.pop()
            for depth in range(len(self.states), braces[-1] if braces else 0, -1):
                if self.accepts(depth, terminal):
                    self.cut(depth)
                    self.position = position
                    return True
        return False

    def candidates(self, position: int) -> tuple[list[str], int]:
        """What the token at a position may be, without knowing the state, and where it ends."""
        match = self.grammar.token(self.text, position)
        if match is None:
            skipped = _SKIPPED.match(self.text, position)
            return [], skipped.end() if skipped else min(position + 1, len(self.text))
        if match.lastgroup != "WORD":
            return [match.lastgroup or ""], match.end()
        found = []
        for rest, keyword in self.grammar.keywords.get(match.group(), ()):
            if rest is None or rest.match(self.text, match.end()):
                found.append(keyword)
        return found, match.end()

    def finish(self) -> bool:
        """At the end of the text, close what is open without another word, as far as that goes."""
        self.position = len(self.text)
        for _ in range(len(self.open_braces()) + 1):
            depth = len(self.states)
            while depth and not self.accepts(depth, "$END") and not self.accepts(depth, "RBRACE"):
                depth -= 1
            if not depth:
                return False
            self.cut(depth)
            if self.accepts(depth, "$END"):
                return True
            self.insert("RBRACE", self.last[2], self.last[2])
        return False

    def keyword_at(self, start: int) -> str | None:
        """The keyword that begins a declaration or clause with the word at `start`, first on its line."""
        match = self.grammar.token(self.text, start)
        if match is None or match.lastgroup != "WORD" or not self.first_on_line(start):
            return None
        for rest, keyword in self.grammar.keywords.get(match.group(), ()):
            if keyword in STARTS and (rest is None or rest.match(self.text, match.end())):
                return keyword
        return None
