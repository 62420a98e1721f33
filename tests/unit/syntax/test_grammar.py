"""The grammar: its conflicts, its keywords, its tables, its rules and their builders."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from contractlang.resources import grammar_folder
from contractlang.syntax import building, tables
from contractlang.syntax.builder import Builder
from contractlang.syntax.mistakes.failure import HEADER, SIGNS, THINGS
from contractlang.syntax.skipping import STARTS

GRAMMAR = building.grammar_text(grammar_folder())


def test_the_conflicts_are_those_that_are_wanted() -> None:
    # A conflict of two reductions would raise an error here.
    assert building.conflicts(GRAMMAR) == building.WANTED


def test_a_conflict_that_nobody_wants_is_refused() -> None:
    # The dangling else: an `if` without `else` inside one with it.
    rule = "     | IF expr THEN expr ELSE expr   -> if_then_else"
    assert rule in GRAMMAR
    with pytest.raises(ValueError, match="conflicts that nobody wants"):
        building.build(GRAMMAR.replace(rule, "     | IF expr THEN expr (ELSE expr)?   -> if_then_else"))


def test_each_keyword_stands_in_one_place() -> None:
    keywords = (grammar_folder() / "keywords_en.lark").read_text("utf-8")
    written = Counter(re.findall(r"/(.+?\\b(?:\(.*\))?)/", keywords))
    assert [word for word, count in written.items() if count > 1] == []
    rules = (grammar_folder() / "contract.lark").read_text("utf-8")
    # The rules name keywords by their terminals: no word of a contract stands between quotes there.
    assert re.findall(r'"\w[^"]*"', re.sub(r"//.*", "", rules)) == []


def test_longer_keywords_are_asked_first() -> None:
    for alternatives in tables.tables().keywords.values():
        lengths = [rest.text.count(r"\s+") if rest else 0 for rest, _ in alternatives]
        assert lengths == sorted(lengths, reverse=True)


def test_every_rule_has_a_builder_and_every_builder_a_rule() -> None:
    named = {name for _, length, name, on, _, is_list, _ in tables.tables().rules
             if not is_list and not (on and length == 1)}  # fmt: skip
    methods = {name for name in dir(Builder) if not name.startswith("_")}
    assert named <= methods
    assert methods - named == {"span"}


def test_the_generated_tables_are_those_of_the_grammar() -> None:
    built = building.build(GRAMMAR)
    fresh = tables.unpacked(built)
    used = tables.tables()
    assert used.rules == fresh.rules
    assert [dict(used.actions[state]) for state in range(len(built["ROWS"]))] == [
        dict(fresh.actions[state]) for state in range(len(built["ROWS"]))
    ]


def test_tables_are_written_and_read_back(tmp_path: Path) -> None:
    target = tmp_path / "_tables.py"
    building.write_tables(grammar_folder(), target)
    scope: dict[str, object] = {}
    exec(target.read_text("utf-8"), scope)
    assert {name: scope[name] for name in building.NAMES} == building.build(GRAMMAR)
    assert list(tmp_path.iterdir()) == [target]


def test_words_of_the_repairs_are_terminals() -> None:
    texts = tables.tables().texts
    assert STARTS - {"RBRACE"} <= set(texts)
    assert set(texts) >= HEADER
    assert not set(texts) & (set(SIGNS) | set(THINGS))


def test_lark_is_not_imported_to_parse() -> None:
    program = (
        "import sys\n"
        "from contractlang.syntax.parsing import parse\n"
        "from contractlang.text import Source\n"
        "assert parse(Source('a', 'unit call')).declarations\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'lark', 'hypothesis', 'duckdb'}))\n"
        "print(sorted(name for name in sys.modules if name.startswith('contractlang.syntax.mistakes')))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n[]\n"
