"""The parser's tables in the shape that the driver reads fastest, loaded once.

In: `_tables` (generated when the package is built) or, in a checkout whose grammar is newer, the
grammar itself through Lark, which then writes `_tables` anew where it can. Out: `tables()`. What a
contract does not use is not unpacked: most contracts meet a third of the states.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

# Lexical terminals that mean something only where the grammar asks for them.
CONTEXTUAL = ("ZONE", "REGION", "COMPOUND", "ASSIGNED_MEMBER", "ASSIGNED", "NAME", "NUMBER", "EDGE_UNIT")
_ALWAYS = (
    *("STRING", "DATE", "QUARTER", "MONTH", "TIME", "PERCENT", "NUMBER", "COMPARE", "DOTS", "DOT"),
    *("LBRACE", "RBRACE", "LPAR", "RPAR", "COMMA", "COLON", "EQ"),
    *("PLUS", "MINUS", "TIMES", "DIVIDE", "PERCENT_SIGN"),
)
# `bonus-malus` is the one keyword with a hyphen, so a word of the lexer may hold it.
_WORD = r"(?P<WORD>bonus-malus\b|[^\W\d]\w*)"


class Pattern:
    """A regular expression that is compiled when it is first asked."""

    __slots__ = ("match", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.match = self._first_match

    def _first_match(self, string: str, position: int) -> "re.Match[str] | None":
        self.match = re.compile(self.text).match  # type: ignore[assignment]
        return self.match(string, position)


class Tables(NamedTuple):
    """LALR(1) tables and lexical patterns.

    `actions[state]` maps a terminal to the state to shift to, or to `-rule - 1` to reduce. `gotos` are
    in the same mappings, under the rule's origin. `rules` hold (origin, length, builder, pass on, kept
    children, whether a list, whether lists are in it). `keywords` maps a first word to its keywords,
    longest first, each with the pattern of what follows (None where that is nothing).
    """

    start: int
    end: int
    actions: Mapping[int, Mapping[str, int]]
    rules: tuple[tuple[str, int, str, bool, tuple[int, ...], bool, bool], ...]
    token: Any
    contextual: Mapping[str, Pattern]
    keywords: Mapping[str, tuple[tuple[Pattern | None, str], ...]]
    texts: Mapping[str, str]


class _Actions(dict[int, Mapping[str, int]]):
    """The actions of each state, unpacked when the state is first reached."""

    def __init__(
        self, symbols: tuple[str, ...], keys: tuple[tuple[int, ...], ...], rows: tuple[tuple[int, ...], ...]
    ) -> None:
        self.symbols, self.keys_of, self.rows = symbols, keys, rows

    def __missing__(self, state: int) -> Mapping[str, int]:
        which, *values = self.rows[state]
        symbols = self.symbols
        found = dict(zip([symbols[key] for key in self.keys_of[which]], values, strict=True))
        self[state] = found
        return found


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables of the grammar."""
    return unpacked(_raw())


def unpacked(raw: Mapping[str, Any]) -> Tables:
    """The tables out of what `building.build` made."""
    patterns = dict(raw["PATTERNS"])
    keywords: dict[str, tuple[tuple[Pattern | None, str], ...]] = {}
    texts: dict[str, str] = {}
    for first, alternatives in raw["KEYWORDS"]:
        found = []
        for words, ahead, terminal in alternatives:
            texts[terminal] = " ".join(words)
            rest = r"\s+".join(["", *map(re.escape, words[1:])]) + r"\b" + ahead
            found.append((Pattern(rest) if len(words) > 1 or ahead else None, terminal))
        keywords[first] = tuple(found)
    token = re.compile("|".join([_WORD, *[f"(?P<{name}>{patterns[name]})" for name in _ALWAYS]]))
    return Tables(
        start=raw["START"],
        end=raw["END"],
        actions=_Actions(raw["SYMBOLS"], raw["KEYS"], raw["ROWS"]),
        rules=raw["RULES"],
        token=token.match,
        contextual={name: Pattern(patterns[name]) for name in CONTEXTUAL},
        keywords=keywords,
        texts=texts,
    )


def _raw() -> Mapping[str, Any]:
    from contractlang.resources import grammar_folder, is_checkout

    try:
        from contractlang.syntax import _tables
    except ImportError:
        built: dict[str, Any] = {}
    else:
        built = vars(_tables)
    target = Path(__file__).with_name("_tables.py")
    if built and (not is_checkout() or _is_newest(target, grammar_folder())):
        return built
    from contractlang.syntax import building

    grammar = building.grammar_text(grammar_folder())
    raw = built if built.get("FINGERPRINT") == building.fingerprint(grammar) else building.build(grammar)
    # A checkout that cannot be written to compares, or builds, at each start.
    with suppress(OSError):
        building.write(raw, target)
    return raw


def _is_newest(target: Path, grammar: Path) -> bool:
    """Whether the generated tables are newer than all that they are generated from."""
    sources = [grammar / "contract.lark", grammar / "keywords_en.lark", target.with_name("building.py")]
    try:
        return target.stat().st_mtime_ns > max(source.stat().st_mtime_ns for source in sources)
    except OSError:
        return False
