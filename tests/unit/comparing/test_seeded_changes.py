"""Each change seeded into a contract that has everything is named, alone, and in its class."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contractlang.comparing import applied, compare_terms
from contractlang.comparing.contents import flat
from contractlang.comparing.contracts import keyword
from contractlang.syntax import tree
from contractlang.syntax.loading import Document, document_from_text

DATA = Path(__file__).parents[2] / "data" / "comparing"
RICH = (DATA / "rich.contract").read_text(encoding="utf-8")
BEFORE = document_from_text(RICH, "old")


def seeded() -> list[tuple[str, str, str]]:
    """The changes of seeded.txt: what is replaced by what, the class and the sentence that are expected."""
    found = []
    for block in (DATA / "seeded.txt").read_text(encoding="utf-8").split("\n\n")[1:]:
        change, told = block.rstrip("\n").split("\n")
        category, sentence = told.strip().split(": ", 1)
        found.append((change, category, sentence))
    return found


SEEDED = seeded()


def edited(text: str, change: str) -> str:
    """A text with a change of seeded.txt; assertions hold the rules that its first lines give."""
    pairs = change.split(" && ")
    for pair in pairs:
        old, new = (side.replace("\\n", "\n") for side in pair.split(" => "))
        pattern = " +".join(map(re.escape, re.split(" +", old)))
        text, places = re.subn(pattern, lambda _, new=new: new, text)
        assert places == 1 or (len(pairs) > 1 and places), f"{places} places say {old!r}"
    return text


def changed(change: str) -> Document:
    document = document_from_text(edited(RICH, change), "new")
    assert not document.diagnostics
    return document


@pytest.mark.parametrize(("change", "category", "sentence"), SEEDED)
def test_exactly_the_seeded_change_is_named(change: str, category: str, sentence: str) -> None:
    after = changed(change)
    found = compare_terms(BEFORE, after)
    assert [(one.category, one.sentence) for one in found] == [(category, sentence)]
    # Applied to the old contract it gives the new one, and backwards it is one change as well.
    assert compare_terms(applied(BEFORE, after, found), after) == ()
    assert [one.category for one in compare_terms(after, BEFORE)] == [category]


# Scenarios are no terms; a period, a name and a parenthesis are told by what they stand in. A formula, a
# condition and a window are told whole, so that of their parts only what the clauses say is asked for.
NO_TERMS = (tree.Test, tree.Given, tree.Expect, tree.Assignment, tree.Period, tree.Comment, tree.Include)
INSIDE_A_FORMULA = (
    tree.Name, tree.UnitName, tree.Number, tree.Percent, tree.Text, tree.Day, tree.YesNo, tree.NoData,
    tree.Known, tree.Reference, tree.Member, tree.Paren, tree.Negative, tree.Binary, tree.PercentOf,
    tree.ForEach, tree.Compare, tree.Is, tree.InWindow, tree.Not, tree.Logic, tree.If, tree.Holds,
    tree.Previous, tree.Argument, tree.Call, tree.Rolling, tree.Before, tree.ToDate, tree.Fixed,
    tree.InPhase, tree.Over, tree.Moment, tree.Length, tree.Edge, tree.Linear, tree.WindowTimes,
    tree.WindowName, tree.WindowWeekdays, tree.WindowDates, tree.WindowHolidays, tree.WindowParen,
    tree.WindowCombination,
)  # fmt: skip
TOLD_OTHERWISE = {
    ("Contract", "edition"),  # There is one edition, and it is the default.
    ("Line", "parts"), ("Line", "scorecard"), ("Part", "rows"), ("ByValue", "rows"), ("Graduated", "tiers"),
    ("Volume", "tiers"), ("Usage", "columns"), ("Phase", "items"), ("Amendment", "items"),
    ("Price", "dated"), ("Remove", "name"),
}  # fmt: skip


def test_every_attribute_of_every_declaration_is_seeded() -> None:
    touched = set()
    for change, *_ in SEEDED:
        touched |= set(_touched(flat_nodes(BEFORE), flat_nodes(changed(change))))
    asked = {
        (one.__name__, name)
        for one in vars(tree).values()
        if isinstance(one, type) and issubclass(one, tree.Node) and one not in (tree.Node, tree.Declaration)
        if one not in NO_TERMS and one not in INSIDE_A_FORMULA
        for name, field in one.__dataclass_fields__.items()
        if field.compare and name != "span"
    }
    assert asked - touched - TOLD_OTHERWISE == set()


def flat_nodes(document: Document) -> dict[object, Any]:
    """The clauses of a document and of its amendments by their names."""
    contents = flat(document.declarations)
    found: dict[object, Any] = {key: entry.node for key, entry in contents.clauses.items()}
    found["header"] = contents.header
    for index, amendment in enumerate(contents.amendments):
        found["amendment", index] = amendment
    return found


def _touched(old: dict[object, Any], new: dict[object, Any]) -> Iterator[tuple[str, str]]:
    """The fields at which two contracts differ; of a clause that came or went, its name."""
    for key in {*old, *new}:
        before, after = old.get(key), new.get(key)
        if before is None or after is None:
            yield type(before or after).__name__, "title" if key[0] == "invariant" else "name"
            if key[0] == "transition":
                yield "Transition", "to"
            for name in ("on", "after", "when"):
                if getattr(before or after, name, None) is not None:
                    yield "Transition", name
        else:
            yield from _fields(before, after)


def _fields(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    if isinstance(old, tuple) and isinstance(new, tuple):
        for one, two in zip_longest(old, new):
            yield from _fields(one, two)
    elif isinstance(old, tree.Node) and type(old) is type(new):
        for name, field in old.__dataclass_fields__.items():
            before, after = getattr(old, name), getattr(new, name)
            if field.compare and before != after:
                yield type(old).__name__, name
                yield from _fields(before, after)


CLAUSES = [key for key in flat(BEFORE.declarations).clauses if key[0] != "transition"]


@pytest.mark.parametrize("key", CLAUSES, ids=[" ".join(key) for key in CLAUSES])
def test_a_clause_of_any_kind_that_goes_or_comes_is_one_change(key: tuple[str, str]) -> None:
    without = replace(BEFORE, declarations=tuple(_without(BEFORE.declarations, key)))
    kind = keyword(flat(BEFORE.declarations).clauses[key].node)
    (gone,) = compare_terms(BEFORE, without)
    (come,) = compare_terms(without, BEFORE)
    assert (gone.kind, gone.name, gone.attribute) == (kind, key[1], "removed")
    assert (come.kind, come.name, come.attribute) == (kind, key[1], "added")
    assert gone.category == come.category


def _without(declarations: tuple[Any, ...], key: tuple[str, str]) -> Iterator[Any]:
    for one in declarations:
        if isinstance(one, tree.Phase):
            if key != ("phase", one.name.text):
                yield replace(one, items=tuple(_without(one.items, key)))
        elif not isinstance(one, (tree.Contract, tree.Amendment)):
            if key not in flat((one,)).clauses:
                yield one
        else:
            yield one


KINDS = {"unit", "usage", "window", "measure", "price", "index", "line", "phase", "invariant"}


def test_a_clause_of_any_kind_under_another_name_is_one_change_of_wording() -> None:
    renamed = {sentence.split(" ")[0] for _, _, sentence in SEEDED if " is called " in sentence}
    assert renamed >= {
        "unit", "usage", "window", "measure", "rate", "amount", "index", "charge", "fee", "subscription",
        "bonus-malus", "penalty", "minimum", "limit", "clawback", "phase", "invariant",
    }  # fmt: skip
    assert {category for _, category, sentence in SEEDED if " is called " in sentence} == {"wording"}
    assert {key[0] for key in CLAUSES} == KINDS, "the contract has every kind of clause"


# A change that takes a clause away, or gives it another name, says nothing of what else changed in it.
MIXABLE = [one for one in SEEDED if not re.search(r" is called | removed$| is an? | moved|restated", one[2])]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(MIXABLE), st.sampled_from(MIXABLE))
def test_two_seeded_changes_are_the_two_that_are_named(
    one: tuple[str, str, str], two: tuple[str, str, str]
) -> None:
    places = []
    for change, *_ in (one, two):
        start, end = _place(RICH, edited(RICH, change))
        places.append(range(start - 1, end + 1))
    assume(not set(places[0]) & set(places[1]))
    try:
        text = edited(edited(RICH, one[0]), two[0])
    except AssertionError:
        assume(False)
    found = {change.sentence for change in compare_terms(BEFORE, document_from_text(text, "new"))}
    assert found == {_beside(one[2], two[2]), _beside(two[2], one[2])}


def _beside(sentence: str, other: str) -> str:
    """What a change says where another moves the day of the amendment that both are in: the new day."""
    moved = re.search(r": effective (\S+) → (\S+)$", other)
    return sentence.replace(f" from {moved[1]}", f" from {moved[2]}") if moved else sentence


def _place(old: str, new: str) -> tuple[int, int]:
    """The lines of the old text that differ."""
    before, after = old.split("\n"), new.split("\n")
    start = next(at for at, pair in enumerate(zip_longest(before, after)) if pair[0] != pair[1])
    back = zip_longest(reversed(before), reversed(after))
    return start, len(before) - next(at for at, pair in enumerate(back) if pair[0] != pair[1])


def test_there_are_many_kinds_of_change() -> None:
    assert len({sentence for *_, sentence in SEEDED}) >= 200


@pytest.mark.parametrize(
    "change",
    [
        "rounding half_up to 0.01 EUR => ",
        "unit call\\n => unit call plural calls\\n",
        "450 EUR per month => 450 EUR per month in advance",
        "4.20 EUR/call => 4.2 EUR/call",
        "rate_answered >= 90% => (rate_answered >= 0.9)",
        "rate selling_price = 12 EUR/sale => rate selling_price { from 2026-01-01 : 12 EUR/sale }",
        "answering + quality between => (answering + quality) between",
        "unit sale\\n => # the sales\\nunit sale\\n",
        "unit sale\\n => ## what is sold\\nunit sale\\n",
        "up to 600 min => up to 10 hours",
        "currency EUR => currency EUR edition 1",
        "between -6% and +4% of handling => at least -6% of handling at most 4% of handling",
        'invariant "never => test "x" { expect phase = discovery in 2026-01 } invariant "never',
    ],
)
def test_what_means_the_same_is_no_change(change: str) -> None:
    assert compare_terms(BEFORE, changed(change)) == ()


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            # The column that formulas read is gone: another one took no place of it.
            "language text => team text",
            ["usage contacts: column language removed", "usage contacts: column team added"],
        ),
        (
            'amendment "Avenant 1" effective 2027-04-01 { => amendment "Avenant 0" effective 2026-04-01 '
            '{ rate selling_price = 13 EUR/sale }\\namendment "Avenant 1" effective 2027-04-01 {',
            [
                'amendment "Avenant 0" effective 2026-04-01 added',
                "rate selling_price: 12 → 13 EUR/sale from 2026-04-01 (+8.3%)",
            ],
        ),
        (
            "effective 2027-04-01 { => effective 2027-04-01 { window night = 22:00 to 06:00",
            [
                "window night: 21:00 to 06:00 → 22:00 to 06:00 from 2027-04-01",
                'window night: label "Nights" removed from 2027-04-01',
            ],
        ),
        (
            "rate night_price = 6 EUR/call => amount night_price = 6 EUR",
            ["rate night_price is an amount now", "amount night_price: 6 EUR/call → 6 EUR"],
        ),
        (
            # A name that stands for two things is no name to be followed.
            "minimum promised => minimum floor",
            ['minimum floor "Minimum" added', 'minimum promised "Minimum" removed'],
        ),
    ],
)
def test_what_is_two_changes_is_told_as_two(change: str, sentences: list[str]) -> None:
    after = changed(change)
    assert [one.sentence for one in compare_terms(BEFORE, after)] == sentences
    assert len(compare_terms(after, BEFORE)) == len(sentences)


def test_a_line_that_moves_to_another_phase_is_one_change() -> None:
    line = '  charge production "Hours" = hours at hourly\n'
    text = RICH.replace(line, "").replace("charge places = seats at 20", line + "charge places = seats at 20")
    (found,) = compare_terms(BEFORE, document_from_text(text, "new"))
    assert found.sentence == "charge production moved: phase discovery → outside every phase"
