"""The parser's tables, made from `grammar/` when the package is built.

In: the grammar's files, joined. Out: a Python module of constants: LALR(1) actions and gotos, rules,
lexical patterns and keywords. Importing it costs a millisecond; building it costs Lark a tenth of a
second, which no command should pay. This file imports nothing of the project, because the build hook
runs it before the package is installed.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import Any

# Terminals whose text means something to the tree; the text of keywords and punctuation does not.
MEANINGFUL = frozenset(
    """
    DATE QUARTER MONTH TIME PERCENT NUMBER STRING COMPOUND ZONE REGION ASSIGNED ASSIGNED_MEMBER NAME
    EDGE_UNIT COMPARE PERCENT_SIGN END_OF_MONTH OPTIONAL CONTRACT_YEAR FULL STARTED PRO_RATA
    """.split()
)
# What a module of tables holds.
NAMES = ("FINGERPRINT", "START", "END", "SYMBOLS", "KEYS", "ROWS", "RULES", "PATTERNS", "KEYWORDS")
# Rules that are nothing but a choice between keywords.
CHOICES = frozenset({"side", "line_kind"})

# The conflicts that remain, by (terminal, rule that could also be reduced). Each is resolved by
# shifting, and wanted: `over 2026-05 to 2026-06` is one span, also where a band's edge could end there.
WANTED = frozenset({("TO", "span")})


def grammar_text(folder: Path) -> str:
    """The whole grammar: the rules, then the keywords of the language they are written in."""
    return "\n".join((folder / name).read_text("utf-8") for name in ("contract.lark", "keywords_en.lark"))


def fingerprint(grammar: str) -> str:
    """What tells whether tables belong to a grammar, and to this way of building them."""
    return hashlib.sha256((grammar + Path(__file__).read_text("utf-8")).encode()).hexdigest()


def build(grammar: str) -> dict[str, Any]:
    """The tables of a grammar, as plain tuples.

    Raises ValueError for a conflict that is not in `WANTED`, and for a keyword written otherwise than
    as words with `\\s+` between them and `\\b` at the end, then `(?=…)` where something must follow.
    """
    from lark import Lark

    if unwanted := conflicts(grammar) - WANTED:
        raise ValueError(f"the grammar has conflicts that nobody wants: {sorted(unwanted)}")
    lark = Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=False)
    table: Any = lark.parser.parser._parse_table
    number = _numbered(table)
    # Lark's order of rules, as of states, changes from one run to the next.
    reduced = {
        argument
        for actions in table.states.values()
        for _, argument in actions.values()
        if not isinstance(argument, int)
    }
    ordered = sorted(reduced, key=lambda rule: (rule.origin.name, [one.name for one in rule.expansion]))
    index = {rule: position for position, rule in enumerate(ordered)}
    # States are many and what they accept is often the same, so that accepted symbols are kept once.
    symbols: dict[str, int] = {}
    accepted: dict[tuple[int, ...], int] = {}
    rows: list[tuple[int, ...]] = []
    for state in number:
        keys, values = [], []
        for terminal, (_action, argument) in sorted(table.states[state].items()):
            keys.append(symbols.setdefault(terminal, len(symbols)))
            values.append(number[argument] if isinstance(argument, int) else -index[argument] - 1)
        rows.append((accepted.setdefault(tuple(keys), len(accepted)), *values))
    keywords: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    patterns: list[tuple[str, str]] = []
    for terminal in sorted(lark.terminals, key=lambda one: (-one.priority, one.name)):
        if terminal.name in ("COMMENT", "SPACE"):
            continue
        words = _keyword(terminal.pattern.value) if terminal.priority >= 5 else None
        if words:
            ahead = _ahead(terminal.pattern.value)
            keywords.setdefault(words[0], []).append((words, ahead, terminal.name))
        else:
            assert terminal.priority < 5, f"{terminal.name} is not written as a keyword"
            value = terminal.pattern.value
            patterns.append((terminal.name, value if terminal.pattern.type == "re" else re.escape(value)))
    for alternatives in keywords.values():
        alternatives.sort(key=lambda one: -len(one[0]))
    return {
        "FINGERPRINT": fingerprint(grammar),
        "START": number[table.start_states["start"]],
        "END": number[table.end_states["start"]],
        "SYMBOLS": tuple(symbols),
        "KEYS": tuple(accepted),
        "ROWS": tuple(rows),
        "RULES": tuple(_rule(rule) for rule in ordered),
        "PATTERNS": tuple(patterns),
        "KEYWORDS": tuple(sorted((first, tuple(found)) for first, found in keywords.items())),
    }


def write_tables(grammar_folder: Path, target: Path) -> None:
    """Write the tables of the grammar in a folder as the Python module `target`."""
    write(build(grammar_text(grammar_folder)), target)


def write(tables: dict[str, Any], target: Path) -> None:
    """Write tables as the Python module `target`; raises OSError where that cannot be written."""
    lines = ['"""The parser\'s tables, generated from grammar/ by building.py. Do not edit."""\n']
    lines += [f"{name} = {tables[name]!r}" for name in NAMES]
    # A part of its own for each process: two that start at once must not write into one file.
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_text("\n".join(lines) + "\n", "utf-8")
    part.replace(target)


def conflicts(grammar: str) -> frozenset[tuple[str, str]]:
    """The shift/reduce conflicts of a grammar: the terminal, and the rule that could be reduced.

    A reduce/reduce conflict raises Lark's GrammarError.
    """
    import io
    import logging

    from lark import Lark, logger

    # Lark only logs the conflicts that it resolves by shifting, so its log is read.
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    level, propagate = logger.level, logger.propagate
    others = list(logger.handlers)
    for other in others:
        logger.removeHandler(other)
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=False, debug=True)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
        for other in others:
            logger.addHandler(other)
    found = re.findall(r"conflict for terminal (\w+):.*\n((?: \* <.*>\n?)+)", log.getvalue())
    pairs = {(terminal, rule) for terminal, rules in found for rule in re.findall(r"\* <(\w+) :", rules)}
    return frozenset(pairs)


def _numbered(table: Any) -> dict[int, int]:
    """Numbers for Lark's states, in the order in which they are met from the start: the same in each run."""
    number = {table.start_states["start"]: 0}
    for state in (waiting := [table.start_states["start"]]):
        for _, (_action, argument) in sorted(table.states[state].items()):
            if isinstance(argument, int) and argument not in number:
                number[argument] = len(number)
                waiting.append(argument)
    return number


def _rule(rule: Any) -> tuple[str, int, str, bool, tuple[int, ...], bool, bool]:
    """One rule: origin, length, builder, pass on, kept children, whether a list, whether lists are in it.

    `pass on` is Lark's `?rule`: a single child stands for the rule itself.
    """
    origin = str(rule.origin.name)
    is_list = origin.startswith("__")
    kept, has_lists = [], False
    for position, symbol in enumerate(rule.expansion):
        if symbol.is_term:
            if symbol.name in MEANINGFUL or origin in CHOICES:
                kept.append(position)
        else:
            kept.append(position)
            has_lists = has_lists or symbol.name.startswith("__")
    pass_on = bool(rule.options.expand1) and rule.alias is None and len(kept) == 1
    return origin, len(rule.expansion), rule.alias or origin, pass_on, tuple(kept), is_list, has_lists


def _keyword(pattern: str) -> tuple[str, ...] | None:
    """The words of a keyword's pattern, or None where it is something else."""
    written = pattern[: len(pattern) - len(_ahead(pattern))]
    if not written.endswith(r"\b"):
        return None
    words = tuple(written[:-2].split(r"\s+"))
    return words if all(re.fullmatch(r"[^\W\d][\w-]*", word) for word in words) else None


def _ahead(pattern: str) -> str:
    """What must follow the words of a keyword's pattern, "" where anything may."""
    found = re.search(r"(?<=\\b)\(\?=.*\)$", pattern)
    return found.group() if found else ""
