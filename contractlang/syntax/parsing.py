"""Text to tree: an LR driver over the grammar's tables that goes on after an error.

In: a `Source`. Out: a `Parse`: the declarations that could be read and everything that was wrong. A
broken clause costs one diagnostic; the clauses around it are kept. The driver does not recurse, so
the depth of nesting is limited only to keep the rooms after it from recursing too deep.

The driver gives the tree that Lark's own parser gives (a test compares them); it is here because it
is several times as fast and because Lark stops at, or stumbles after, the first mistake.
"""

import gc
import re
from dataclasses import dataclass, replace
from typing import Any

from contractlang.diagnostics import Diagnostic, error, in_order
from contractlang.reading import forbidden_characters
from contractlang.syntax import tree
from contractlang.syntax.builder import Builder
from contractlang.syntax.recovery import Failure, explain, unclosed
from contractlang.syntax.tables import Tables, tables
from contractlang.text import Source, Span

MOST_NESTING = 100
MOST_ERRORS = 100
_SKIP = re.compile(r"(?:[\s\ufeff]+|#[^\n]*)*")
_EQUALS_NEXT = re.compile(r"\s*=")
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\["\\])*"|#[^\n]*')
_COMMA_NUMBER = re.compile(r"\d[\d_ \u00a0\u202f]*,\d[\d,]*(?:\.\d+)?")

# Where reading may start again after a mistake: the words that begin a declaration, a clause or a row.
_SYNC = frozenset(
    """
    CONTRACT INCLUDE UNIT USAGE WINDOW MEASURE RATE AMOUNT INDEX CHARGE FEE SUBSCRIPTION BONUS_MALUS PENALTY
    MINIMUM LIMIT CLAWBACK PHASE AMENDMENT TEST INVARIANT TRANSITION_TO REMOVE GIVEN EXPECT
    PROVIDER CLIENT TERM INVOICED CURRENCY TIMEZONE VAT PAYMENT ROUNDING
    FROM BELOW ABOVE UP_TO NO_DATA BEYOND OTHERWISE BY RBRACE
    """.split()
)
_DECLARATIONS = frozenset(
    """
    INCLUDE UNIT USAGE WINDOW MEASURE RATE AMOUNT INDEX CHARGE FEE SUBSCRIPTION BONUS_MALUS PENALTY
    MINIMUM LIMIT CLAWBACK PHASE AMENDMENT TEST INVARIANT
    """.split()
)


@dataclass(frozen=True, slots=True)
class Parse:
    """The declarations of one source, in the order written, and what was wrong with its words."""

    source: Source
    declarations: tuple[tree.AnyDeclaration, ...]
    diagnostics: tuple[Diagnostic, ...]


def parse(source: Source) -> Parse:
    """The tree of a source and all its errors; never raises for what an author can write."""
    forbidden = forbidden_characters(source)
    if forbidden:
        return Parse(source, (), tuple(forbidden))
    # A large tree of small objects makes the collector run often for nothing: no cycle is ever built.
    collecting = gc.isenabled()
    gc.disable()
    try:
        reader = _Reader(source, tables())
        declarations = reader.read()
    finally:
        if collecting:
            gc.enable()
    found = _documented(source, declarations) if "##" in source.text else declarations
    return Parse(source, found, in_order([*reader.builder.diagnostics, *reader.diagnostics]))


def comments(source: Source) -> tuple[tree.Comment, ...]:
    """The comments of a source, in order, with their `#`."""
    return tuple(
        tree.Comment(match.group(), span=Span(source, match.start(), match.end()))
        for match in _COMMENT.finditer(source.text)
        if match.group().startswith("#")
    )


class _Reader:
    """One run over one source: the stacks of an LR parser, with the characters of each entry."""

    def __init__(self, source: Source, grammar: Tables) -> None:
        self.source = source
        self.text = source.text
        self.grammar = grammar
        self.builder = Builder(source)
        self.diagnostics: list[Diagnostic] = []
        self.states: list[int] = [grammar.start]
        self.values: list[Any] = [None]
        self.starts: list[int] = [0]
        self.ends: list[int] = [0]
        self.position = 0
        self.braces: list[int] = []
        methods = {name: getattr(self.builder, name, None) for *_, name, _, _, _, _ in grammar.rules}
        self.rules = tuple(
            (origin, length, methods[name], on, kept, is_list, lists)
            for origin, length, name, on, kept, is_list, lists in grammar.rules
        )

    def read(self) -> tuple[tree.AnyDeclaration, ...]:
        """Read the source to its end, going on after each mistake."""
        while True:
            failed = self._run()
            if failed is None:
                return self.values[-1] if len(self.values) > 1 and isinstance(self.values[-1], tuple) else ()
            terminal, start, end = failed
            if not self._recover(terminal, start, end):
                return self._salvage()

    def _run(self) -> tuple[str, int, int] | None:
        """Parse until the end (None) or to a token that does not fit."""
        text, actions_of, rules = self.text, self.grammar.actions, self.rules
        states, values, starts, ends = self.states, self.values, self.starts, self.ends
        token, keywords, contextual = self.grammar.token, self.grammar.keywords, self.grammar.contextual
        skip, length_of_text, end_state = _SKIP.match, len(text), self.grammar.end
        position = self.position
        actions = actions_of[states[-1]]
        depth = 0
        while True:
            position = skip(text, position).end()  # type: ignore[union-attr]
            start = position
            if start >= length_of_text:
                terminal, end = "$END", start
            else:
                match = token.match(text, start)
                if match is None:
                    self.position = start
                    return "", start, start + 1
                terminal = match.lastgroup  # type: ignore[assignment]
                end = match.end()
                if terminal == "WORD":
                    word = match.group()
                    terminal = ""
                    for rest, keyword in keywords.get(word, ()):
                        if keyword in actions:
                            if rest is None:
                                terminal = keyword
                                break
                            found = rest.match(text, end)
                            if found is not None:
                                terminal, end = keyword, found.end()
                                break
                    if not terminal:
                        following = text[end : end + 1]
                        if following == "/" and "COMPOUND" in actions:
                            found = contextual["COMPOUND"].match(text, start)
                            if found is not None:
                                terminal, end = "COMPOUND", found.end()
                        elif following == "." and "ASSIGNED_MEMBER" in actions:
                            found = contextual["ASSIGNED_MEMBER"].match(text, start)
                            if found is not None:
                                terminal, end = "ASSIGNED_MEMBER", found.end()
                        if not terminal and "NAME" not in actions:
                            for name in ("ZONE", "REGION"):
                                if name in actions:
                                    found = contextual[name].match(text, start)
                                    if found is not None:
                                        terminal, end = name, found.end()
                        if not terminal:
                            terminal = "ASSIGNED" if _EQUALS_NEXT.match(text, end) else "NAME"
            while True:
                action = actions.get(terminal)
                if action is None:
                    self.position = start
                    return terminal, start, end
                if action >= 0:
                    states.append(action)
                    values.append((terminal, start, end))
                    starts.append(start)
                    ends.append(end)
                    if terminal == "LPAR":
                        depth += 1
                        if depth > MOST_NESTING:
                            self.position = start
                            return "DEEP", start, end
                    elif terminal == "RPAR":
                        depth = max(0, depth - 1)
                    elif terminal == "LBRACE":
                        self.braces.append(len(states) - 1)
                        if len(self.braces) > MOST_NESTING:
                            self.position = start
                            return "DEEP", start, end
                    elif terminal == "RBRACE":
                        if self.braces:
                            self.braces.pop()
                    actions = actions_of[action]
                    position = end
                    break
                origin, length, build, pass_on, kept, is_list, lists = rules[-action - 1]
                if length:
                    children = values[-length:]
                    first, last = starts[-length], ends[-1]
                    del states[-length:], values[-length:], starts[-length:], ends[-length:]
                    if pass_on:
                        value = children[kept[0]]
                    elif is_list:
                        if lists:
                            value = children[0]
                            value.extend([children[index] for index in kept[1:]])
                        else:
                            value = [children[index] for index in kept]
                    else:
                        if lists:
                            flat: list[Any] = []
                            for index in kept:
                                child = children[index]
                                if type(child) is list:
                                    flat.extend(child)
                                else:
                                    flat.append(child)
                            children = flat
                        elif len(kept) != length:
                            children = [children[index] for index in kept]
                        value = build(children, first, last)
                else:
                    first = last = ends[-1]
                    value = [] if is_list else build([], first, last)
                state = actions_of[states[-1]][origin]
                states.append(state)
                values.append(value)
                starts.append(first)
                ends.append(last)
                actions = actions_of[state]
                if terminal == "$END" and state == end_state:
                    return None

    # ---- after a mistake

    def _recover(self, terminal: str, start: int, end: int) -> bool:
        """Say what is wrong and cut the stacks back to where reading can go on; False at the end."""
        if len(self.diagnostics) >= MOST_ERRORS:
            return False
        if terminal == "DEEP":
            self.diagnostics.append(
                error(
                    "CL108",
                    f"more than {MOST_NESTING} parentheses or braces stand inside one another here",
                    Span(self.source, start, end),
                    "name the inner parts with measures of their own",
                )
            )
            return False
        if terminal == "$END" or terminal in _DECLARATIONS:
            missing = self._close(terminal, start)
            if missing is not None:
                self.diagnostics.append(missing)
                return True
        if terminal == "" and (comma := _COMMA_NUMBER.match(self.text, start)):
            end = comma.end()
        failure = Failure(
            self.source, terminal, start, end, frozenset(self._expected()), self.grammar.texts, self._before()
        )
        self.diagnostics.append(explain(failure))
        return self._resume(start, end, terminal)

    def _before(self) -> tuple[int, int]:
        """The characters of the entry before the mistake."""
        return self.starts[-1], self.ends[-1]

    def _expected(self) -> set[str]:
        return {name for name in self.grammar.actions[self.states[-1]] if name.isupper() or name == "$END"}

    def _accepts(self, depth: int, terminal: str) -> bool:
        """Whether the parser, cut back to `depth` entries, could shift `terminal`."""
        states = self.states[:depth]
        actions_of, rules = self.grammar.actions, self.rules
        while True:
            action = actions_of[states[-1]].get(terminal)
            if action is None:
                return False
            if action >= 0:
                return True
            origin, length = rules[-action - 1][:2]
            if length >= len(states):
                return False
            if length:
                del states[-length:]
            states.append(actions_of[states[-1]][origin])

    def _cut(self, depth: int) -> None:
        del self.states[depth:], self.values[depth:], self.starts[depth:], self.ends[depth:]
        while self.braces and self.braces[-1] >= depth:
            self.braces.pop()

    def _close(self, terminal: str, start: int) -> Diagnostic | None:
        """Where a `}` is missing before a declaration or the end, pretend that it stood there."""
        for depth in range(len(self.states), 0, -1):
            if not self._accepts(depth, "RBRACE") or depth <= (self.braces[-1] if self.braces else 0):
                continue
            # Only where the next word would then fit is a missing brace the better reading.
            saved = list(self.states), list(self.values), list(self.starts), list(self.ends), list(self.braces)
            opened = self.braces[-1]
            message = unclosed(self.source, self.text, self._opening(opened), start, terminal)
            self._cut(depth)
            self._shift("RBRACE", self.ends[-1])
            if terminal == "$END" or self._accepts(len(self.states), terminal):
                self.position = start
                return message
            self.states[:], self.values[:], self.starts[:], self.ends[:] = saved[:4]
            self.braces[:] = saved[4]
            return None
        return None

    def _opening(self, brace: int) -> tuple[int, int]:
        """The characters from the start of what a brace belongs to, to the brace."""
        depth = brace
        while depth > 1 and type(self.values[depth - 1]) is not list and not _opens(self.values[depth - 1]):
            depth -= 1
        return self.starts[depth - 1] if depth > 0 else 0, self.ends[brace]

    def _shift(self, terminal: str, at: int) -> None:
        """Shift a terminal that is not in the text, of no width, after the reductions it causes."""
        actions_of = self.grammar.actions
        while True:
            action = actions_of[self.states[-1]][terminal]
            if action >= 0:
                self.states.append(action)
                self.values.append((terminal, at, at))
                self.starts.append(at)
                self.ends.append(at)
                if terminal == "RBRACE" and self.braces:
                    self.braces.pop()
                return
            self._reduce(-action - 1)

    def _reduce(self, number: int) -> None:
        origin, length, build, pass_on, kept, is_list, _ = self.rules[number]
        children = self.values[-length:] if length else []
        first = self.starts[-length] if length else self.ends[-1]
        last = self.ends[-1]
        if length:
            self._pop(length)
        flat: list[Any] = []
        for index in kept:
            child = children[index]
            flat.extend(child) if type(child) is list else flat.append(child)
        value = flat if is_list else flat[0] if pass_on else build(flat, first, last)
        self.states.append(self.grammar.actions[self.states[-1]][origin])
        self.values.append(value)
        self.starts.append(first)
        self.ends.append(last)

    def _pop(self, count: int) -> None:
        del self.states[-count:], self.values[-count:], self.starts[-count:], self.ends[-count:]

    def _resume(self, start: int, end: int, terminal: str) -> bool:
        """Skip to a word where reading can start again, and cut the stacks back to fit it."""
        position = start
        nested = 0
        first = True
        while True:
            position = _SKIP.match(self.text, position).end()  # type: ignore[union-attr]
            if position >= len(self.text):
                return self._finish(position)
            candidates, stop = self._candidates(position)
            if not first or terminal in _SYNC:
                if "LBRACE" in candidates:
                    nested += 1
                elif "RBRACE" in candidates and nested:
                    nested -= 1
                    position = stop
                    continue
                if not nested:
                    for candidate in candidates:
                        depth = self._resumable(candidate)
                        if depth:
                            self._cut(depth)
                            self.position = position
                            return True
            elif "LBRACE" in candidates:
                nested += 1
            first = False
            position = max(stop, end) if position == start else stop

    def _resumable(self, terminal: str) -> int:
        """The most entries that can be kept for `terminal` to fit, 0 where it cannot."""
        if terminal not in _SYNC:
            return 0
        floor = self.braces[-1] if self.braces and terminal not in _DECLARATIONS else 0
        for depth in range(len(self.states), floor, -1):
            if terminal in self.grammar.actions[self.states[depth - 1]] and self._accepts(depth, terminal):
                return depth
        return 0

    def _candidates(self, position: int) -> tuple[list[str], int]:
        """What the token at a position may be, without knowing the state, and where it ends."""
        match = self.grammar.token.match(self.text, position)
        if match is None:
            return [], position + 1
        if match.lastgroup != "WORD":
            return [match.lastgroup or ""], match.end()
        found = []
        for rest, keyword in self.grammar.keywords.get(match.group(), ()):
            if rest is None or rest.match(self.text, match.end()):
                found.append(keyword)
        return found, match.end()

    def _finish(self, position: int) -> bool:
        """At the end of the text, close what is open without another word, as far as that goes."""
        self.position = position
        for _ in range(MOST_NESTING + 2):
            depth = len(self.states)
            while depth and not self._accepts(depth, "$END") and not self._accepts(depth, "RBRACE"):
                depth -= 1
            if not depth:
                return False
            self._cut(depth)
            if self._accepts(depth, "$END"):
                return True
            self._shift("RBRACE", self.ends[-1])
        return False

    def _salvage(self) -> tuple[tree.AnyDeclaration, ...]:
        """The declarations read so far, where reading cannot go on."""
        found: list[tree.AnyDeclaration] = []
        for value in self.values:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, tree.Declaration):
                    found.append(item)  # type: ignore[arg-type]
        return tuple(found)


def _opens(value: Any) -> bool:
    return isinstance(value, tree.Declaration)


def _documented(
    source: Source, declarations: tuple[tree.AnyDeclaration, ...]
) -> tuple[tree.AnyDeclaration, ...]:
    """The declarations with the `##` comments that stand directly above them."""
    blocks: dict[int, list[str]] = {}
    run: list[str] = []
    run_end = -1
    for comment in comments(source):
        if not comment.text.startswith("##"):
            continue
        between = source.text[run_end : comment.span.start] if run_end >= 0 else "-"
        if between.strip() or between.count("\n") > 1:
            run = []
        run = [*run, comment.text[2:].strip()]
        run_end = comment.span.end
        following = _SKIP.match(source.text, run_end).end()  # type: ignore[union-attr]
        blocks[following] = run
    return tuple(_with_doc(declaration, blocks) for declaration in declarations)


def _with_doc(declaration: Any, blocks: dict[int, list[str]]) -> Any:
    changes: dict[str, Any] = {}
    if declaration.span.start in blocks:
        changes["doc"] = "\n".join(blocks[declaration.span.start])
    if isinstance(declaration, (tree.Phase, tree.Amendment)):
        changes["items"] = tuple(_with_doc(item, blocks) for item in declaration.items)
    return replace(declaration, **changes) if changes else declaration
