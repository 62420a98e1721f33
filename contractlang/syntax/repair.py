"""Going on after a mistake: what was wrong is said once, and what stands around it is still read.

In: a reader that stopped at a token. Out: one diagnostic, and a reader that can go on. There are four
ways on, the surest first: read anew, with a `}` where the layout shows that one is missing, or with a
word as the keyword that it is; read a token that is not there; forget the clause and go on at the
next one; stop at the end.
"""

import re
from typing import Any

from contractlang.diagnostics import Diagnostic, error, nearest
from contractlang.syntax import tree
from contractlang.syntax.mistakes.braces import Unclosed, unclosed, unclosed_message
from contractlang.syntax.mistakes.explaining import explain
from contractlang.syntax.mistakes.failure import Cure, Entry, Explained, Failure
from contractlang.syntax.reader import MOST_NESTING, SKIP
from contractlang.syntax.skipping import BLOCK_WORDS, DECLARATIONS, Skipping
from contractlang.syntax.tables import Tables
from contractlang.text import Source, Span

MOST_ERRORS = 100
"""After so many mistakes a text is no contract, and nobody reads on."""

# Reading anew costs what was read; a large file with many mistakes is repaired on the spot instead.
_MOST_READ_AGAIN = 1_000_000
# Where more blocks than this are open at once, it is not a forgotten `}` that is wrong.
_MOST_OPEN = 20
_COMMA_NUMBER = re.compile(r"\d[\d_ \u00a0\u202f]*,\d[\d,]*(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d][\w-]*")


class Repair(Skipping):
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
            terminal = self.keyword_at(start) or terminal
        if self._swallowed_a_keyword(start):
            return True
        if (terminal == "$END" or terminal in BLOCK_WORDS) and self._close(terminal, start, end):
            return True
        if terminal == "LBRACE" and self._add_kind(start):
            return True
        if terminal != "LBRACE" and self._add_brace(terminal, start, end):
            return True
        explained = self._explain(terminal, start, end)
        if explained.cure is not None and self._cured(explained.cure, terminal, start):
            return True
        said = explained.diagnostic.span
        return self.resume(terminal, start, max(end, said.end if isinstance(said, Span) else end))

    def _explain(self, terminal: str, start: int, end: int) -> Explained:
        """Say what is wrong with a token."""
        explained = explain(self._failure(terminal, start, end))
        self.diagnostics.append(explained.diagnostic)
        return explained

    def _cured(self, cure: Cure, terminal: str, start: int) -> bool:
        """Read on with what was surely meant, where that fits."""
        depth = len(self.states)
        if cure.start is not None:
            if not self.go_on_at(cure.terminal, cure.start):
                return False
            self.insert(cure.terminal, cure.start, cure.end)
            self.position = cure.end
            return True
        if not cure.terminal:
            following = SKIP.match(self.text, cure.end).end()  # type: ignore[union-attr]
            candidates, _ = self.candidates(following)
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
            self.head(),
            self.block(),
        )

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
        floor = self.floor()
        while depth > floor and not self._begins_clause(depth):
            depth -= 1
        self.cut(max(depth, 1))
        return self.resume("", start, end)

    def _begins_clause(self, depth: int) -> bool:
        """Whether the entry at the top, cut to `depth`, is the word that a declaration begins with."""
        value = self.values[depth - 1]
        return type(value) is tuple and value[0] in DECLARATIONS

    def finish(self) -> bool:
        """At the end of the text, say which block is still open, then close what is open."""
        end = len(self.text)
        return self._close("$END", end, end) or super().finish()

    # ---- reading anew

    def _again(self) -> bool:
        """Start anew if that is still allowed."""
        self._read_again += len(self.text)
        if self._read_again > _MOST_READ_AGAIN:
            return False
        self.diagnostics.clear()
        self.reset()
        return True

    def _swallowed_a_keyword(self, start: int) -> bool:
        """Whether the word before was a keyword, read as a name by a clause that lacks its end.

        `payment 30` and, on the next line, `rounding half_up …` stops at `half_up`, but the mistake is
        before `rounding`.
        """
        terminal, at, end = self.last
        if terminal not in ("NAME", "ASSIGNED") or at in self.forced or not self.first_on_line(at):
            return False
        if self.text[end:start].count("\n"):
            return False
        keyword = self.keyword_at(at)
        if keyword is None:
            words = [self.grammar.texts[name] for name in DECLARATIONS if name in self.grammar.texts]
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
            if len(closing) > min(len(braces), _MOST_OPEN):
                return False
        found = unclosed(self.text, end)
        if found is None and terminal != "$END" and self._stands_inside(braces[-1], start):
            return False
        if found is None or found.place in self.closers:
            brace = self.starts[braces[-1]]
            found = Unclosed(brace, self.opening(braces[-1]), start)
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

    def _stands_inside(self, brace: int, start: int) -> bool:
        """Whether a declaration that does not fit into a block is written as a part of it all the same."""
        return self.first_on_line(start) and self.indent(start) > self.indent(self.opening(brace))

    def _stop_at_closer(self) -> bool:
        """A clause is not finished where its block ends without a `}`."""
        at = SKIP.match(self.text, self.last[2]).end()  # type: ignore[union-attr]
        candidates, end = self.candidates(at)
        self._explain((*candidates, "$END")[0], at, end)
        for depth in range(len(self.states), self.floor(), -1):
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
        head = self.head()
        if "\n" in between and (head is None or self.indent(start) <= self.indent(head)):
            return False
        end_of_line = self.text.find("\n", start)
        line = self.text[start : end_of_line if end_of_line >= 0 else len(self.text)]
        if "\n" not in between and "}" not in line:
            return False
        self._explain(terminal, start, end)
        self.insert("LBRACE", start, start)
        self.position = start
        return True

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
