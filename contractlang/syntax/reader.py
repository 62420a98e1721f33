"""The LR driver: one run over one source, up to its end or to a token that does not fit.

In: a source and the grammar's tables. Out: the values that the builder makes, on the stacks of the
reader. It does not recurse; what stands inside one another is limited nevertheless, so that the rooms
after it may recurse. What happens at a token that does not fit is `repair`'s business.
"""

import re
from bisect import insort
from typing import Any

from contractlang.syntax import tree
from contractlang.syntax.builder import Builder
from contractlang.syntax.tables import Tables
from contractlang.text import Source

MOST_NESTING = 200
"""How many operations, parentheses, conditions and blocks may stand inside one another."""

_MOST_ENTRIES = 2000
_NEVER = 1 << 62
SKIP = re.compile(r"(?:[\s\ufeff]+|#[^\n]*)*")
_EQUALS_NEXT = re.compile(r"(?:\s|#[^\n]*\n)*=")
# Outside their context these are read otherwise: `10:42` is a number, a colon and a number in a row.
_CONTEXTUAL_SIGNS = {"TIME": "NUMBER"}

Stop = tuple[str, int, int]
"""A token that does not fit: its terminal and characters. DEEP is one too many levels, "" no token."""

_Rule = tuple[int, str, int, Any, tuple[int, ...]]
_PASS, _MAKE, _APPEND, _COLLECT, _FLATTEN = range(5)


class Reader:
    """The stacks of an LR parser: a state, a value, where it starts and how deep it is, for each entry.

    `closers` are offsets before which a `}` is read that is not there, `forced` are offsets whose words
    are not names, whatever the grammar would allow: `repair` finds both, and then reads anew.
    """

    def __init__(self, source: Source, grammar: Tables) -> None:
        self.source = source
        self.text = source.text
        self.grammar = grammar
        self.rules = _prepared(grammar)
        self.closers: list[int] = []
        self.forced: dict[int, str] = {}
        self.reset()

    def reset(self) -> None:
        """Back to the beginning of the source."""
        self.builder = Builder(self.source)
        self.states: list[int] = [self.grammar.start]
        self.values: list[Any] = [None]
        self.starts: list[int] = [0]
        self.depths: list[int] = [0]
        self.position = 0
        self.last = ("", 0, 0)
        self.closed = 0

    def close_before(self, offset: int) -> None:
        """Read a `}` before the token at an offset, the next time that the source is read."""
        insort(self.closers, offset)

    def run(self) -> Stop | None:
        """Parse to the end of the text (None), or to a token that does not fit."""
        text, builder, rules = self.text, self.builder, self.rules
        grammar = self.grammar
        actions_of, token, keywords, end_state = grammar.actions, grammar.token, grammar.keywords, grammar.end
        states, values, starts, depths = self.states, self.values, self.starts, self.depths
        skip, forced, size = SKIP.match, self.forced, len(text)
        closer = self.closers[self.closed] if self.closed < len(self.closers) else _NEVER
        position = self.position
        last_terminal, last_start, last = self.last
        actions = actions_of[states[-1]]
        while True:
            found = skip(text, position)
            start = found.end() if found else position
            match = None
            if start >= closer:
                terminal, start, end = "RBRACE", last, last
            elif start >= size:
                terminal, end = "$END", start
            else:
                match = token(text, start)
                if match is None:
                    terminal, end = "", start + 1
                else:
                    terminal, end = match.lastgroup or "", match.end()
                    if terminal == "WORD":
                        word = match.group()
                        terminal = ""
                        for rest, keyword in keywords.get(word, ()):
                            if keyword in actions:
                                if rest is None:
                                    terminal = keyword
                                    break
                                more = rest.match(text, end)
                                if more is not None:
                                    terminal, end = keyword, more.end()
                                    break
                        if not terminal:
                            if start in forced:
                                terminal = forced[start]
                            else:
                                terminal, end = self._name(actions, start, end)
                    elif terminal not in actions and terminal in _CONTEXTUAL_SIGNS:
                        other = grammar.contextual[_CONTEXTUAL_SIGNS[terminal]].match(text, start)
                        if other is not None:
                            terminal, end = _CONTEXTUAL_SIGNS[terminal], other.end()
            while True:
                action = actions.get(terminal)
                if action is None:
                    if match is not None and match.lastgroup == "WORD" and terminal in grammar.texts:
                        # The tables merge what may follow a word in different places, so a word that is
                        # a keyword in another place is known to be a name only after the reductions: the
                        # column `payment` after the column `agent text`. A value that is missing before a
                        # keyword is a mistake, and no name: only a row of names can go on or end here.
                        # A keyword of its own place, as `between` of a column, is asked once more first.
                        for rest, keyword in keywords[match.group()]:
                            more = rest.match(text, match.end()) if rest and keyword in actions else None
                            if more is not None:
                                break
                        else:
                            more = None
                        if more is not None:
                            terminal, end = keyword, more.end()
                            continue
                        name, name_end = self._name(actions, start, match.end())
                        if name in actions and "RBRACE" in actions:
                            terminal, end = name, name_end
                            continue
                    self.position, self.last = start, (last_terminal, last_start, last)
                    return terminal, start, end
                if action >= 0:
                    states.append(action)
                    values.append((terminal, start, end))
                    starts.append(start)
                    depths.append(0)
                    if start == end:
                        # Only a brace that is not there has no width.
                        self.closed += 1
                        closer = self.closers[self.closed] if self.closed < len(self.closers) else _NEVER
                    last_terminal, last_start, last = terminal, start, end
                    position = end
                    actions = actions_of[action]
                    if len(states) > _MOST_ENTRIES:
                        self.position, self.last = start, (last_terminal, last_start, last)
                        return "DEEP", start, end
                    break
                shape, origin, length, build, kept = rules[-action - 1]
                if shape == _PASS:
                    # One child stands for the rule itself: only the state changes. An operand climbs
                    # some ten such rules, from the tightest to the loosest, before a sign stops it.
                    below = actions_of[states[-2]]
                    while True:
                        state = below[origin]
                        actions = actions_of[state]
                        action = actions.get(terminal)
                        if action is None or action >= 0:
                            break
                        shape, origin, length, build, kept = rules[-action - 1]
                        if shape != _PASS:
                            break
                    states[-1] = state
                    if terminal == "$END" and state == end_state:
                        return None
                    if action is None or action >= 0:
                        continue
                if length == 1:
                    first = starts[-1]
                    depth = depths[-1]
                    children = values[-1:]
                    del states[-1], values[-1], starts[-1], depths[-1]
                elif length:
                    first = starts[-length]
                    depth = max(depths[-length:])
                    children = values[-length:]
                    del states[-length:], values[-length:], starts[-length:], depths[-length:]
                else:
                    first, depth, children = last, 0, []
                if shape == _APPEND:
                    value = children[0]
                    value.append(children[kept[1]])
                elif shape == _COLLECT:
                    value = [children[index] for index in kept]
                else:
                    if shape == _FLATTEN:
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
                    depth += 1
                    value = build(builder, children, first, last)
                state = actions_of[states[-1]][origin]
                states.append(state)
                values.append(value)
                starts.append(first)
                depths.append(depth)
                actions = actions_of[state]
                if depth > MOST_NESTING:
                    self.position, self.last = start, (last_terminal, last_start, last)
                    return "DEEP", start, end
                if terminal == "$END" and state == end_state:
                    return None

    def declarations(self) -> tuple[tree.AnyDeclaration, ...]:
        """What was read, where `run` came to the end."""
        value = self.values[-1]
        return value if isinstance(value, tuple) else ()

    def _name(self, actions: Any, start: int, end: int) -> tuple[str, int]:
        """The terminal of a word that is no keyword where it stands, and where it ends."""
        text, contextual = self.text, self.grammar.contextual
        following = text[end : end + 1]
        if following == "/" and "COMPOUND" in actions:
            names: tuple[str, ...] = ("COMPOUND",)
        elif following == "." and "ASSIGNED_MEMBER" in actions:
            names = ("ASSIGNED_MEMBER",)
        elif "EDGE_UNIT" in actions:
            names = ("EDGE_UNIT",)
        elif "NAME" not in actions:
            names = ("ZONE", "REGION")
        elif "-" in text[start:end]:
            names = ("NAME",)
        else:
            names = ()
        for name in names:
            if name in actions:
                found = contextual[name].match(text, start)
                if found is not None:
                    if name != "NAME":
                        return name, found.end()
                    end = found.end()
        return ("ASSIGNED" if "ASSIGNED" in actions and _EQUALS_NEXT.match(text, end) else "NAME"), end

    # ---- what repairing asks

    def expected(self) -> frozenset[str]:
        """The terminals that could follow what was read."""
        depth = len(self.states)
        names = [name for name in self.grammar.actions[self.states[-1]] if name.isupper() or name == "$END"]
        return frozenset(name for name in names if self.accepts(depth, name))

    def accepts(self, depth: int, *terminals: str) -> bool:
        """Whether terminals could be read, one after the other, if only `depth` entries stood there."""
        actions_of, rules, states = self.grammar.actions, self.rules, self.states
        pushed: list[int] = []
        for terminal in terminals:
            while True:
                action = actions_of[pushed[-1] if pushed else states[depth - 1]].get(terminal)
                if action is None:
                    return False
                if action >= 0:
                    pushed.append(action)
                    break
                _, origin, length, _, _ = rules[-action - 1]
                above = min(length, len(pushed))
                if above:
                    del pushed[-above:]
                depth -= length - above
                if depth < 1:
                    return False
                state = actions_of[pushed[-1] if pushed else states[depth - 1]][origin]
                if terminal == "$END" and state == self.grammar.end:
                    return True
                pushed.append(state)
        return True

    def cut(self, depth: int) -> None:
        """Forget all entries but the first `depth`."""
        del self.states[depth:], self.values[depth:], self.starts[depth:], self.depths[depth:]

    def insert(self, terminal: str, start: int, end: int) -> None:
        """Read a terminal for other characters of the text, or for none; it must be acceptable."""
        actions_of = self.grammar.actions
        while True:
            action = actions_of[self.states[-1]][terminal]
            if action >= 0:
                self._push(action, (terminal, start, end), start, 0)
                self.last = (terminal, start, max(end, self.last[2]))
                return
            shape, origin, length, build, kept = self.rules[-action - 1]
            children = self.values[-length:] if length else []
            first = self.starts[-length] if length else start
            depth = max(self.depths[-length:]) if length else 0
            if length:
                self.cut(len(self.states) - length)
            flat: list[Any] = []
            for index in kept:
                child = children[index]
                flat.extend(child) if type(child) is list else flat.append(child)
            if shape == _PASS:
                value = flat[0]
            elif shape in (_APPEND, _COLLECT):
                value = flat
            else:
                depth += 1
                value = build(self.builder, flat, first, self.last[2])
            self._push(actions_of[self.states[-1]][origin], value, first, depth)

    def _push(self, state: int, value: Any, start: int, depth: int) -> None:
        self.states.append(state)
        self.values.append(value)
        self.starts.append(start)
        self.depths.append(depth)

    def open_braces(self) -> list[int]:
        """The entries of the braces that are still open, the innermost last."""
        found: list[int] = []
        for index, value in enumerate(self.values):
            if type(value) is tuple and len(value) == 3:
                if value[0] == "LBRACE":
                    found.append(index)
                elif value[0] == "RBRACE" and found:
                    found.pop()
        return found


# The rules of the grammar that was used last, beside it, so that it stays the same object.
_PREPARED: list[tuple[Tables, tuple[_Rule, ...]]] = []


def _prepared(grammar: Tables) -> tuple[_Rule, ...]:
    """The rules with the builder's methods, in the shape that the loop of `run` asks for."""
    if not _PREPARED or _PREPARED[0][0] is not grammar:
        _PREPARED[:] = [(grammar, tuple(_rule(*rule) for rule in grammar.rules))]
    return _PREPARED[0][1]


def _rule(
    origin: str, length: int, name: str, on: bool, kept: tuple[int, ...], is_list: bool, lists: bool
) -> _Rule:
    if on and length == 1:
        return _PASS, origin, length, None, kept
    if is_list:
        appends = lists and len(kept) == 2 and kept[0] == 0
        assert appends or not lists, "a list grows by one item at a time"
        return (_APPEND if appends else _COLLECT), origin, length, None, kept
    if on:
        return _FLATTEN, origin, length, _only, kept
    return (_FLATTEN if lists else _MAKE), origin, length, getattr(Builder, name), kept


def _only(_builder: Builder, children: list[Any], _start: int, _end: int) -> Any:
    return children[0]
