"""Going on after a mistake: what was wrong is said once, and what stands around it is still read.

In: a reader that stopped at a token. Out: one diagnostic, and a reader that can go on. There are four
ways on, the surest first: read anew, with a `}` where the layout shows that one is missing, or with a
word as the keyword that it is; read a token that is not there; forget the clause and go on at the
next one; stop at the end.
"""

import re
from collections.abc import Iterator
from typing import Any

from contractlang.diagnostics import Diagnostic, error, nearest
from contractlang.syntax import tree
from contractlang.syntax.braces import Unclosed, unclosed, unclosed_message
from contractlang.syntax.reader import MOST_NESTING, SKIP, Reader
from contractlang.syntax.recovery import Cure, Entry, Explained, Failure, explain
from contractlang.syntax.tables import Tables
from contractlang.text import Source, Span

MOST_ERRORS = 100
"""After so many mistakes a text is no contract, and nobody reads on."""

# Reading anew costs what was read; a large file with many mistakes is repaired on the spot instead.
_MOST_READ_AGAIN = 2_000_000
_COMMA_NUMBER = re.compile(r"\d[\d_ \u00a0\u202f]*,\d[\d,]*(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d][\w-]*")
# What is skipped as one while looking for the next clause.
_SKIPPED = re.compile(r'"(?:[^"\\\n]|\\["\\])*"')

_DECLARATIONS = frozenset(
    """
    INCLUDE UNIT USAGE WINDOW MEASURE RATE AMOUNT INDEX CHARGE FEE SUBSCRIPTION BONUS_MALUS PENALTY
    MINIMUM LIMIT CLAWBACK PHASE AMENDMENT TEST INVARIANT CONTRACT TRANSITION_TO REMOVE GIVEN EXPECT
    """.split()
)
_HEADER = frozenset("PROVIDER CLIENT TERM INVOICED CURRENCY TIMEZONE PAYMENT ROUNDING EDITION".split())
_NEARLY = _DECLARATIONS | _HEADER
# Where reading may start again: the words that begin a declaration, a clause or a row.
_STARTS = _DECLARATIONS | frozenset(
    """
    PROVIDER CLIENT TERM INVOICED CURRENCY TIMEZONE VAT PAYMENT ROUNDING EDITION
    FROM BELOW ABOVE UP_TO NO_DATA BEYOND OTHERWISE BY ON WHEN IN ROUNDED BETWEEN ELSE AT_MOST AT_LEAST
    BONUS MALUS UNTIL EVERY IN_ADVANCE IN_ARREARS NOT_PRORATED ONCE ONCE_ON TAXED EXEMPT UNTAXED
    ONE_LINE_PER_TIER CARRIED_FORWARD AS_OF NOT_ADDED PRORATED_BY_DAY INDEXED_ON BASE FIXED_PART LAG
    COEFFICIENT UNCHANGED_WITHIN AFTER NOT_BEFORE RBRACE
    """.split()
)


class Repair(Reader):
    """A reader that goes on after mistakes; `diagnostics` says them, besides those of its builder."""

    def __init__(self, source: Source, grammar: Tables) -> None:
        super().__init__(source, grammar)
        self.diagnostics: list[Diagnostic] = []
        self._lasting: list[Diagnostic] = []
        self._read_again = 0

    def read(self) -> tuple[tree.AnyDeclaration, ...]:
        """Read the source to its end, going on after each mistake."""
        while True:
            stop = self.run()
            if stop is None:
                return self.declarations()
            if not self._recover(*stop):
                return self._salvage()

    def said(self) -> list[Diagnostic]:
        """All that is wrong, without what the builder says of characters that do not even fit."""
        places = [one.span for one in self.diagnostics if isinstance(one.span, Span)]
        kept = [
            one
            for one in self.builder.diagnostics
            if not any(
                isinstance(one.span, Span) and place.start <= one.span.start and one.span.end <= place.end
                for place in places
            )
        ]
        return [*kept, *self.diagnostics, *self._lasting]

    def _recover(self, terminal: str, start: int, end: int) -> bool:
        """Say what is wrong and go on; False where that is not possible."""
        if len(self.diagnostics) + len(self._lasting) >= MOST_ERRORS:
            self.diagnostics.append(
                error(
                    "CL129",
                    f"more than {MOST_ERRORS} mistakes; what follows was not read",
                    Span(self.source, start, end),
                    "mend the first ones, and check again",
                )
            )
            return False
        if terminal == "DEEP":
            return self._too_deep(start, end)
        if terminal == "RBRACE" and start == end:
            return self._stop_at_closer()
        if terminal in ("NAME", "ASSIGNED"):
            terminal = self._keyword_at(start) or terminal
        if self._swallowed_a_keyword(start):
            return True
        if (terminal == "$END" or terminal in _DECLARATIONS) and self._close(terminal, start, end):
            return True
        if terminal == "LBRACE" and self._add_kind(start):
            return True
        if terminal != "LBRACE" and self._add_brace(terminal, start, end):
            return True
        explained = self._explain(terminal, start, end)
        if explained.cure is not None and self._cured(explained.cure, terminal, start):
            return True
        said = explained.diagnostic.span
        return self._resume(terminal, start, max(end, said.end if isinstance(said, Span) else end))

    def _explain(self, terminal: str, start: int, end: int) -> Explained:
        """Say what is wrong with a token."""
        explained = explain(self._failure(terminal, start, end))
        self.diagnostics.append(explained.diagnostic)
        return explained

    def _cured(self, cure: Cure, terminal: str, start: int) -> bool:
        """Read on with what was surely meant, where that fits."""
        depth = len(self.states)
        if not cure.terminal:
            following = SKIP.match(self.text, cure.end).end()  # type: ignore[union-attr]
            candidates, _ = self._candidates(following)
            names = [*candidates, "NAME"] if _WORD.match(self.text, following) else candidates
            if not any(self.accepts(depth, name) for name in names):
                return False
            self.position = cure.end
            return True
        if cure.end == start:
            if not self.accepts(depth, cure.terminal, terminal):
                return False
        elif not self.accepts(depth, cure.terminal):
            return False
        self.insert(cure.terminal, start, cure.end)
        self.position = cure.end
        return True

    def _failure(self, terminal: str, start: int, end: int) -> Failure:
        if terminal == "" and (comma := _COMMA_NUMBER.match(self.text, start)):
            end = comma.end()
        last_terminal, last_start, last_end = self.last
        entries = zip(self.values[-12:], self.starts[-12:], strict=True)
        return Failure(
            self.source,
            terminal,
            start,
            end,
            self.expected(),
            self.grammar.texts,
            Entry(last_terminal, last_start, last_end),
            tuple(_entry(value, at) for value, at in entries),
            self._head(),
        )

    def _head(self) -> int | None:
        """Where the declaration begins that the mistake is in, if it is in one."""
        for index in range(len(self.values) - 1, 0, -1):
            value = self.values[index]
            if type(value) is tuple and value[0] in _DECLARATIONS:
                return self.starts[index]
        return None

    def _too_deep(self, start: int, end: int) -> bool:
        self.diagnostics.append(
            error(
                "CL108",
                f"more than {MOST_NESTING} operations, parentheses or blocks stand inside one another here",
                Span(self.source, start, max(end, min(start + 1, len(self.text)))),
                "name parts of it with measures of their own",
            )
        )
        # Nothing of what is too deep is kept: the rooms after this one would go down into it.
        depth = len(self.states)
        floor = self._floor()
        while depth > floor and not self._begins_clause(depth):
            depth -= 1
        self.cut(max(depth, 1))
        return self._resume("", start, end)

    def _begins_clause(self, depth: int) -> bool:
        """Whether the entry at the top, cut to `depth`, is the word that a declaration begins with."""
        value = self.values[depth - 1]
        return type(value) is tuple and value[0] in _DECLARATIONS

    # ---- reading anew

    def _again(self) -> bool:
        """Start anew if that is still allowed."""
        self._read_again += len(self.text)
        if self._read_again > _MOST_READ_AGAIN:
            return False
        self.diagnostics.clear()
        self.reset()
        return True

    def _keyword_at(self, start: int) -> str | None:
        """The keyword that begins a declaration or clause with the word at `start`, first on its line."""
        match = self.grammar.token(self.text, start)
        if match is None or match.lastgroup != "WORD" or not self._first_on_line(start):
            return None
        for rest, keyword in self.grammar.keywords.get(match.group(), ()):
            if keyword in _STARTS and (rest is None or rest.match(self.text, match.end())):
                return keyword
        return None

    def _first_on_line(self, start: int) -> bool:
        return not self.text[self.text.rfind("\n", 0, start) + 1 : start].strip(" \t\ufeff")

    def _swallowed_a_keyword(self, start: int) -> bool:
        """Whether the word before was a keyword, read as a name by a clause that lacks its end.

        `payment 30` and, on the next line, `rounding half_up …` stops at `half_up`, but the mistake is
        before `rounding`.
        """
        terminal, at, end = self.last
        if terminal not in ("NAME", "ASSIGNED") or at in self.forced or not self._first_on_line(at):
            return False
        if self.text[end:start].count("\n"):
            return False
        keyword = self._keyword_at(at)
        if keyword is None:
            words = [self.grammar.texts[name] for name in _DECLARATIONS if name in self.grammar.texts]
            if nearest(self.text[at:end], words) is None or len(self.states) < 3:
                return False
            keyword = "MISSPELT"
        forced, self.forced = self.forced, {**self.forced, at: keyword}
        if self._again():
            return True
        self.forced = forced
        return False

    def _close(self, terminal: str, start: int, end: int) -> bool:
        """Where a `}` is missing before a declaration or the end, go on as if it stood there."""
        braces = self.open_braces()
        if not braces:
            return False
        floor = braces[-1] + 1
        depth = len(self.states)
        while depth >= floor and not self.accepts(depth, "RBRACE"):
            depth -= 1
        if depth < floor:
            return False
        closing = ["RBRACE"]
        while not self.accepts(depth, *closing, terminal):
            closing.append("RBRACE")
            if len(closing) > len(braces):
                return False
        found = unclosed(self.text, end)
        if found is None or found.place in self.closers:
            brace = self.starts[braces[-1]]
            found = Unclosed(brace, self._opening(braces[-1]), start)
        message = unclosed_message(self.source, found)
        again = found.place not in self.closers
        if again:
            self.close_before(found.place)
            again = self._again()
            if again:
                self._lasting.append(message)
                return True
            self.closers.remove(found.place)
        # The clause that the missing brace ends is kept as far as it was read.
        self.diagnostics.append(message)
        self.cut(depth)
        self.insert("RBRACE", self.last[2], self.last[2])
        self.position = start
        return True

    def _opening(self, brace: int) -> int:
        """Where that begins which a brace belongs to."""
        for index in range(brace, 0, -1):
            value = self.values[index]
            if type(value) is tuple and value[0] in (*_DECLARATIONS, "VAT"):
                return self.starts[index]
        return self.starts[brace]

    def _stop_at_closer(self) -> bool:
        """A clause is not finished where its block ends without a `}`."""
        at = SKIP.match(self.text, self.last[2]).end()  # type: ignore[union-attr]
        candidates, end = self._candidates(at)
        self._explain((*candidates, "$END")[0], at, end)
        for depth in range(len(self.states), self._floor(), -1):
            if self.accepts(depth, "RBRACE"):
                self.cut(depth)
                self.insert("RBRACE", self.last[2], self.last[2])
                self.position = self.last[2]
                break
        self.closed += 1
        return True

    # ---- tokens that are not there

    def _add_kind(self, start: int) -> bool:
        """Read tiers that name no kind as graduated ones; the builder says so when it has read them."""
        if self.last[0] != "AT" or not self.accepts(len(self.states), "GRADUATED_PRICES", "LBRACE"):
            return False
        self.insert("GRADUATED_PRICES", start, start)
        self.position = start
        self.builder.unnamed_tiers.append(start)
        return True

    def _add_brace(self, terminal: str, start: int, end: int) -> bool:
        """Read a `{` that is missing before what stands further right, or on the same line."""
        if not terminal or not self.accepts(len(self.states), "LBRACE", terminal):
            return False
        between = self.text[self.last[2] : start]
        head = self._head()
        if "\n" in between and (head is None or self._indent(start) <= self._indent(head)):
            return False
        self._explain(terminal, start, end)
        self.insert("LBRACE", start, start)
        self.position = start
        return True

    def _indent(self, start: int) -> int:
        line = self.text.rfind("\n", 0, start) + 1
        return len(self.text[line:start]) - len(self.text[line:start].lstrip(" \t\ufeff"))

    # ---- the next clause

    def _floor(self) -> int:
        """The entries that are kept while the innermost block is not left."""
        braces = self.open_braces()
        return braces[-1] if braces else 0

    def _resume(self, terminal: str, start: int, end: int) -> bool:
        """Skip to a word where reading can start again, and cut the stacks back to fit it."""
        nested = 0
        for position, candidates, is_first in self._from(start, end):
            if is_first and terminal not in _STARTS and "LBRACE" not in candidates:
                continue
            if nested and self._leaves(position, candidates):
                nested = 0
            if "LBRACE" in candidates:
                nested += 1
            elif "RBRACE" in candidates and nested:
                nested -= 1
            elif not nested:
                if any(self._go_on_at(one, position) for one in candidates):
                    return True
                if not is_first and self._go_on_at_misspelt(position):
                    return True
        return self._finish()

    def _from(self, start: int, end: int) -> Iterator[tuple[int, list[str], bool]]:
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
            candidates, stop = self._candidates(position)
            yield position, candidates, position == start
            position = max(stop, end) if position == start else stop

    def _leaves(self, position: int, candidates: list[str]) -> bool:
        """Whether a declaration stands so far left that a block being skipped must have ended."""
        if not any(one in _DECLARATIONS for one in candidates) or not self._first_on_line(position):
            return False
        head = self._head()
        return head is not None and self._indent(position) <= self._indent(head)

    def _go_on_at(self, terminal: str, position: int) -> bool:
        """Cut the stacks back to fit a terminal, if it begins something and fits anywhere."""
        if terminal not in _STARTS or (terminal in _DECLARATIONS and not self._begins(position)):
            return False
        floor = self._floor()
        if terminal == "RBRACE" and not floor:
            return False
        for depth in range(len(self.states), floor, -1):
            if self.accepts(depth, terminal):
                self.cut(depth)
                self.position = position
                return True
        if terminal not in _DECLARATIONS or not self._first_on_line(position):
            return False
        return self._leave_blocks(terminal, position)

    def _go_on_at_misspelt(self, position: int) -> bool:
        """Go on at the first word of a line that is almost one that begins a declaration or clause."""
        match = _WORD.match(self.text, position)
        if match is None or len(match.group()) < 4 or not self._first_on_line(position):
            return False
        texts = {self.grammar.texts[name]: name for name in _NEARLY if name in self.grammar.texts}
        near = nearest(match.group(), sorted(texts))
        return near is not None and match.group() not in texts and self._go_on_at(texts[near], position)

    def _begins(self, position: int) -> bool:
        """Whether a declaration may begin at a place: first on its line, or after a brace."""
        return self._first_on_line(position) or self.text[:position].rstrip()[-1:] in "{}"

    def _leave_blocks(self, terminal: str, position: int) -> bool:
        """Close blocks that a declaration further left shows to have ended."""
        braces = self.open_braces()
        while braces and self._indent(position) <= self._indent(self._opening(braces[-1])):
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

    def _candidates(self, position: int) -> tuple[list[str], int]:
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

    def _finish(self) -> bool:
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

    def _salvage(self) -> tuple[tree.AnyDeclaration, ...]:
        """The declarations read so far, where reading cannot go on."""
        found: list[tree.AnyDeclaration] = []
        for value in self.values:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, tree.Declaration):
                    found.append(item)  # type: ignore[arg-type]
        return tuple(found)


def _entry(value: Any, start: int) -> Entry:
    # A clause is its name, its value and its span.
    if type(value) is tuple and len(value) == 3 and isinstance(value[2], Span):
        return Entry(value[0], start, value[2].end)
    if type(value) is tuple and len(value) == 3 and isinstance(value[1], int):
        return Entry(*value)
    if isinstance(value, tree.Node):
        return Entry(type(value).__name__, start, value.span.end)
    return Entry("", start, start)
