"""The parser's tables in the shape that the driver reads fastest, loaded once.

In: `_tables` (generated when the package is built) or, in a checkout whose grammar is newer, the
grammar itself through Lark. Out: `tables()`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Lexical terminals that mean something only where the grammar asks for them.
CONTEXTUAL = ("ZONE", "REGION", "COMPOUND", "ASSIGNED_MEMBER", "ASSIGNED", "NAME")
_ALWAYS = (
    "STRING DATE QUARTER MONTH TIME PERCENT NUMBER COMPARE DOTS DOT LBRACE RBRACE LPAR RPAR COMMA COLON EQ "
    "PLUS MINUS TIMES DIVIDE PERCENT_SIGN"
).split()


@dataclass(frozen=True, slots=True)
class Tables:
    """LALR(1) tables and lexical patterns.

    `actions[state]` maps a terminal to the state to shift to, or to `-rule - 1` to reduce. `gotos` are
    in the same mappings, under the rule's origin. `rules` hold (origin, length, builder, pass on, kept
    children, whether a list, whether lists are in it). `keywords` maps a first word to its keywords,
    longest first, each with the pattern of the words that follow (None for a keyword of one word).
    """

    start: int
    end: int
    actions: tuple[Mapping[str, int], ...]
    rules: tuple[tuple[str, int, str, bool, tuple[int, ...], bool, bool], ...]
    token: "re.Pattern[str]"
    contextual: Mapping[str, "re.Pattern[str]"]
    keywords: Mapping[str, tuple[tuple["re.Pattern[str] | None", str], ...]]
    texts: Mapping[str, str]


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables of the grammar."""
    raw = _raw()
    patterns = dict(raw["PATTERNS"])
    # `bonus-malus` is the one keyword with a hyphen, so a word of the lexer may hold it.
    word = r"(?P<WORD>bonus-malus\b|[^\W\d]\w*)"
    token = re.compile("|".join([word, *(f"(?P<{name}>{patterns[name]})" for name in _ALWAYS)]))
    keywords: dict[str, tuple[tuple[re.Pattern[str] | None, str], ...]] = {}
    texts: dict[str, str] = {}
    for first, alternatives in raw["KEYWORDS"]:
        found = []
        for words, terminal in alternatives:
            texts[terminal] = " ".join(words)
            rest = r"\s+".join(["", *map(re.escape, words[1:])]) + r"\b"
            found.append((re.compile(rest) if len(words) > 1 else None, terminal))
        keywords[first] = tuple(found)
    return Tables(
        start=raw["START"],
        end=raw["END"],
        actions=tuple(dict(zip(keys, values, strict=True)) for keys, values in raw["STATES"]),
        rules=raw["RULES"],
        token=token,
        contextual={name: re.compile(patterns[name]) for name in CONTEXTUAL},
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
        if not is_checkout():
            return built
    from contractlang.syntax import building

    grammar = building.grammar_text(grammar_folder())
    if built.get("FINGERPRINT") == building.fingerprint(grammar):
        return built
    return building.build(grammar)
