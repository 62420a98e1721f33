"""Contracts in sentences: every sample in both languages, and nothing of the terms left out.

`pytest --rewrite-specs tests/unit/rendering/test_prose.py` writes the texts of tests/data/prose anew.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from literate import run_program

from contractlang.api import load
from contractlang.kinds import Scope
from contractlang.rendering.languages import language
from contractlang.rendering.prose.contract import prose
from contractlang.rendering.prose.phrasing import WORDS, Phrasing
from contractlang.rendering.prose.view import ProseView
from contractlang.rendering.prose.writing import mark
from contractlang.syntax import tree

ROOT = Path(__file__).parents[3]
CONTRACTS = ROOT / "contracts"
GOLDEN = ROOT / "tests" / "data" / "prose"
SAMPLES = sorted(path.parent.name for path in CONTRACTS.glob("*/*.contract") if path.stem == path.parent.name)
FORMATS = {"txt": "text", "md": "markdown", "html": "html"}
SHOWN = [(name, code, "txt") for name in SAMPLES for code in ("en", "fr")] + [
    ("acme", "en", "md"),
    ("managed_service", "fr", "md"),
    ("hourly_then_acts", "fr", "html"),
]


@pytest.mark.parametrize(("name", "code", "suffix"), SHOWN)
def test_a_sample_reads_as_it_did(name: str, code: str, suffix: str, request: pytest.FixtureRequest) -> None:
    golden = GOLDEN / f"{name}.{code}.{suffix}"
    arguments = ["prose", f"{name}.contract", "--language", code, "--format", FORMATS[suffix]]
    status, printed, said = run_program(arguments, CONTRACTS / name)
    assert (status, said) == (0, "")
    if request.config.getoption("--rewrite-specs"):
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


def test_there_is_no_text_without_its_sample() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {".".join(one) for one in SHOWN}


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("name", SAMPLES)
def test_no_sentence_has_a_hole(name: str, code: str) -> None:
    for words in sentences(view(declarations(name), code)):
        for wrong in ("?", "{", "}", "None", "  ", ",,", ", ,", " .", "..", "()", "( "):
            assert wrong not in words, words
        if code == "fr":
            bare = re.sub("«[^»]*»", "", words)
            assert not re.search(r"\b(?:de les?|à les?|si il|jusque le|de un)\b", bare), words


def sentences(told: ProseView) -> Iterator[str]:
    for article in told.articles:
        for clause in article.clauses:
            for block in clause.blocks:
                yield block.text
                yield from (item.text for item in block.items)


# ---- the words


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    english, french = WORDS["en"], WORDS["fr"]
    assert set(english) == set(french)
    optional = {"share", "base"}
    for key, words in english.items():
        assert places(words) - optional == places(french[key]) - optional, key


def places(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("le prix de le jour", "Le prix du jour."),
        ("jusqu’à le 3 mai", "Jusqu’au 3 mai."),
        ("de les lignes", "Des lignes."),
        ("si il pleut", "S’il pleut."),
        ("selon « de le jour »", "Selon «\u00a0de le jour\u00a0»."),
        ("ce qui suit :", "Ce qui suit\u00a0:"),
    ],
)
def test_french_runs_its_articles_together(words: str, expected: str) -> None:
    phrasing = Phrasing(language("fr"), Scope.of(()), {})
    assert phrasing.sentence(words) == expected


def test_rows_are_marked_beyond_the_alphabet() -> None:
    assert [mark(number) for number in (0, 25, 26, 27, 51, 52)] == ["a", "z", "aa", "ab", "az", "ba"]


# ---- nothing is left out: another term is another text


@cache
def declarations(name: str) -> tuple[tree.AnyDeclaration, ...]:
    return load(CONTRACTS / name / f"{name}.contract").document.declarations


def view(nodes: tuple[tree.AnyDeclaration, ...], code: str) -> ProseView:
    return prose(nodes, Scope.of(nodes), language(code), "0000", notes=False)


CHOICES = {
    "Binary.operator": ("+", "-", "*", "/"),
    "Compare.operator": ("<", "<=", ">", ">="),
    "Logic.operator": ("and", "or"),
    "WindowCombination.operator": ("and", "or", "except"),
    "Rounding.mode": get_args(tree.Rounding.__dataclass_fields__["mode"].type),
    "ForEach.mode": ("full", "started", "pro rata"),
    "ForEach.side": ("below", "above"),
    "Line.timing": ("advance", "arrears"),
    "Line.kind": ("charge", "fee"),
    "Price.kind": ("rate", "amount"),
    "VatNature.nature": ("exempt", "untaxed"),
    "ToDate.unit": ("quarter", "year", "contract year", "contract"),
    "Length.unit": ("day", "week", "month", "quarter", "year"),
}

# What a reader is not told, because it changes nothing that is due.
UNSAID = {
    "Contract.rounding",  # what holds without it is said as well
    "Expect.phase",  # read with its subject
    "Expect/Name.text",  # the subject `phase` is said by that
    "Indexation/Name.text",  # a rhythm that does not exist has no words
    "Reference/Name.text",  # 0% of whatever is no adjustment
    "Indexation.every",  # a year where nothing is written
    "Invoiced.first_day",  # months alone have one
    "Line.label",  # a name serves where there is no label
    "Line.once",  # fees alone are due once
    "Line.scorecard",  # a scorecard of one part is that part
    "Line.timing",  # a subscription is in advance where nothing is written
    "Moment.end",  # the base of an index is a month, whatever its days
    "Moment.kind",
    "Moment.start",
    "Price.label",
    "Unit.plural",  # where it is the name itself
    "VatNature.nature",  # read with its percent
}

# What the grammar never leaves out, though the tree could.
REQUIRED = {"VatNature.percent", "Argument.value", "ForEach.figure"}


def others(path: str, value: object) -> Iterator[object]:
    """Other values that a field could hold."""
    if path in CHOICES:
        yield from (word for word in CHOICES[path] if word != value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, Decimal)):
        yield value + 1
    elif isinstance(value, date):
        yield value + timedelta(days=1)
    elif isinstance(value, str) and value:
        yield value + "x"
    elif isinstance(value, tuple) and len(value) > 1 and not path.endswith(".between"):
        yield value[:-1]


def altered(node: object) -> Iterator[tuple[str, object]]:
    """The node with one thing in it changed, each time another.

    Each comes with the path of the change: `Assignment/Number.value`.
    """
    kind = type(node).__name__
    for spec in dataclasses.fields(node):  # type: ignore[arg-type]
        value, path = getattr(node, spec.name), f"{kind}.{spec.name}"
        # A label stands for a name; a rhythm that does not exist has no words.
        labelled = spec.name == "name" and isinstance(node, tree.Declaration)
        if not spec.compare or path == "Invoiced.rhythm" or (labelled and not isinstance(node, tree.Remove)):
            continue
        changed = [(path, other) for other in others(path, value)]
        if value is not None and spec.default is None and path not in REQUIRED:
            changed.append((path, None))
        if isinstance(value, tree.Node):
            changed += [(f"{kind}/{inner}", new) for inner, new in altered(value)]
        elif isinstance(value, tuple):
            for at, item in enumerate(value):
                if isinstance(item, tree.Node):
                    changed += [
                        (f"{kind}/{inner}", (*value[:at], new, *value[at + 1 :]))
                        for inner, new in altered(item)
                    ]
        for where, new in changed:
            yield where, dataclasses.replace(node, **{spec.name: new})  # type: ignore[type-var]


MOST = 2
"""How many changes of one kind are made to one sample."""


@cache
def silences(code: str) -> tuple[frozenset[str], frozenset[str]]:
    """The paths of all changes that were made, and of those that left the text as it was."""
    made, silent = set[str](), set[str]()
    for name in SAMPLES:
        nodes, count = declarations(name), Counter[str]()
        before = view(nodes, code)
        for at, node in enumerate(nodes):
            for path, new in altered(node):
                change = path.rpartition("/")[2]
                change = change if change != "Name.text" else "/".join(path.split("/")[-2:])
                count[path] += 1
                if count[path] > MOST:
                    continue
                made.update(path.split("/"))
                if view((*nodes[:at], new, *nodes[at + 1 :]), code) == before:  # type: ignore[arg-type]
                    silent.add(change)
    return frozenset(made), frozenset(silent)


@pytest.mark.parametrize("code", ["en", "fr"])
def test_another_term_is_another_text(code: str) -> None:
    assert silences(code)[1] - UNSAID == set()


def test_every_class_of_the_tree_has_words() -> None:
    classes = {
        name for name, one in vars(tree).items() if isinstance(one, type) and issubclass(one, tree.Node)
    }
    made = {path.split(".")[0] for path in silences("en")[0]}
    without_fields = {"Known", "NoData"}  # "is known" and "has no data": the texts of the samples show them
    assert classes - made - without_fields == {"Node", "Declaration", "Comment", "Include"}
