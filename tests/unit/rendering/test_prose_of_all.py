"""Every contract of the specs and of the documentation in sentences: none crashes, and nothing is skipped.

Each declaration is named, and each number, percent and length that a contract writes is among the numbers
of its text. What a reader is told in another way is in `TOLD_OTHERWISE`.
"""

import dataclasses
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from literate import blocks_of

from contractlang.api import LoadedContract, load_text
from contractlang.diagnostics import has_errors
from contractlang.rendering.languages import language
from contractlang.rendering.prose.contract import prose
from contractlang.rendering.prose.view import ProseView
from contractlang.syntax import tree

ROOT = Path(__file__).parents[3]
PAGES = sorted([*(ROOT / "tests" / "specs").rglob("*.md"), *(ROOT / "docs").rglob("*.md")])

TOLD_OTHERWISE = frozenset({Decimal(0), Decimal(1)})
"""0% of a line is no adjustment, a step of 1 point is each point, and 1 month is the month before."""


@cache
def contracts() -> tuple[tuple[str, LoadedContract], ...]:
    """The contracts of all pages that have no error, each once, by where they stand."""
    found: dict[str, str] = {}
    for page in PAGES:
        for block in blocks_of(page.read_text(encoding="utf-8")):
            if block.language == "contract":
                found.setdefault(block.text, f"{page.relative_to(ROOT)}:{block.first}")
    loaded = ((place, load_text(text)) for text, place in found.items())
    return tuple((place, one) for place, one in loaded if not has_errors(one.check(remarks=False)))


def test_there_are_many_contracts() -> None:
    assert len(contracts()) > 400


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_contract_is_told_whole(code: str) -> None:
    missing = [
        f"{place}: {what}"
        for place, contract in contracts()
        for what in untold(contract, prose_of(contract, code), code)
    ]
    assert not missing, "\n".join(missing[:40])


@pytest.mark.parametrize("code", ["en", "fr"])
def test_no_sentence_of_any_contract_has_a_hole(code: str) -> None:
    for place, contract in contracts():
        for words in sentences(prose_of(contract, code)):
            bare = re.sub("«[^»]*»|“[^”]*”", "X", words)
            for wrong in ("?", "{", "}", "None", "  ", ",,", " .", "..", "()", "( ", ": .", ":."):
                assert wrong not in bare, (place, words)
            assert not re.search(r"\b(?:graduated|beyond data|not_|for_each|half_\w+|pro_rata)\b", bare), (
                place
            )


@pytest.mark.parametrize("code", ["en", "fr"])
def test_clauses_are_numbered_one_after_the_other(code: str) -> None:
    for place, contract in contracts():
        for at, article in enumerate(prose_of(contract, code).articles, 1):
            expected = [f"{at}.{within}" for within in range(1, len(article.clauses) + 1)]
            assert [clause.number for clause in article.clauses] == expected, place


@cache
def _prose_of(at: int, code: str) -> ProseView:
    contract = contracts()[at][1]
    return prose(contract.document.declarations, contract.checked.scope, language(code), "", notes=False)


def prose_of(contract: LoadedContract, code: str) -> ProseView:
    return _prose_of(next(at for at, (_, one) in enumerate(contracts()) if one is contract), code)


def sentences(told: ProseView) -> Iterator[str]:
    for article in told.articles:
        for clause in article.clauses:
            for block in clause.blocks:
                yield block.text
                yield from (item.text for item in block.items)


def untold(contract: LoadedContract, told: ProseView, code: str) -> Iterator[str]:
    """What the contract says and its text does not."""
    titles = [clause.title for article in told.articles for clause in article.clauses]
    titles += [article.heading for article in told.articles]
    text = "\n".join([*titles, *sentences(told)])
    for node in nodes(contract.document.declarations):
        title = getattr(node, "label", None) or getattr(node, "title", None)
        name = getattr(node, "name", None)
        if title is None and isinstance(name, tree.Name):
            # An amendment names what it adds to without the label that it has had from the start.
            first = contract.checked.scope.declaration(name.text)
            title = getattr(first, "label", None) or name.text.replace("_", " ")
        title = title or ""
        if isinstance(node, tree.Declaration) and not isinstance(node, (tree.Contract, tree.Unit)):
            words = str(title)[:1].upper() + str(title)[1:]
            if words and language_tidy(words) not in language_tidy(text):
                yield f'"{title}" is named nowhere'
    numbers = numbers_of("\n".join(sentences(told)), code)
    for value in written(contract.document.declarations):
        if value not in numbers and value not in TOLD_OTHERWISE:
            yield f"{value} stands nowhere"


def language_tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def nodes(value: object) -> Iterator[tree.Node]:
    """The node and all that is in it."""
    if isinstance(value, tree.Node):
        yield value
        for spec in dataclasses.fields(value):  # type: ignore[arg-type]
            yield from nodes(getattr(value, spec.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from nodes(item)


def written(declarations: tuple[tree.AnyDeclaration, ...]) -> Iterator[Decimal]:
    for node in nodes(declarations):
        match node:
            case tree.Number() | tree.Percent():
                yield node.value
            case tree.PercentOf():
                yield node.percent
            case tree.Length():
                yield Decimal(node.count)
            case _:
                pass


def numbers_of(text: str, code: str) -> set[Decimal]:
    """All numbers of a text, as the language writes them."""
    plain = re.sub(r"(?<=\d)[\u202f\u00a0](?=\d{3})", "", text) if code == "fr" else text
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain) if code == "en" else plain.replace(",", ".")
    return {Decimal(found) for found in re.findall(r"\d+(?:\.\d+)?", plain)}
