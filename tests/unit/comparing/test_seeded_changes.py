"""Each change seeded into a contract that has everything is named, alone, and in its class."""

from pathlib import Path

import pytest

from contractlang.comparing import applied, compare_terms
from contractlang.syntax.loading import Document, document_from_text

DATA = Path(__file__).parents[2] / "data" / "comparing"
RICH = (DATA / "rich.contract").read_text(encoding="utf-8")


def seeded() -> list[tuple[str, str, str, str]]:
    """The changes of seeded.txt: a text, what replaces it, the class and the sentence that are expected."""
    found = []
    for block in (DATA / "seeded.txt").read_text(encoding="utf-8").split("\n\n")[1:]:
        change, told = block.rstrip("\n").split("\n")
        old, new = (side.replace("\\n", "\n") for side in change.split(" => "))
        category, sentence = told.strip().split(": ", 1)
        found.append((old, new, category, sentence))
    return found


SEEDED = seeded()


def changed(old: str, new: str) -> Document:
    assert RICH.count(old) == 1, "a seeded change is at one place"
    document = document_from_text(RICH.replace(old, new), "new")
    assert not document.diagnostics
    return document


@pytest.mark.parametrize(("old", "new", "category", "sentence"), SEEDED)
def test_exactly_the_seeded_change_is_named(old: str, new: str, category: str, sentence: str) -> None:
    before, after = document_from_text(RICH, "old"), changed(old, new)
    found = compare_terms(before, after)
    assert [(one.category, one.sentence) for one in found] == [(category, sentence)]
    # Applied to the old contract it gives the new one, and backwards it is one change as well.
    assert compare_terms(applied(before, after, found), after) == ()
    assert len(compare_terms(after, before)) == 1


def test_there_are_many_kinds_of_change() -> None:
    assert len({sentence for *_, sentence in SEEDED}) >= 40


def test_an_edge_of_a_band_that_three_rows_name_is_one_change() -> None:
    after = changed(
        """from 80% to below 85% : -1% for each started point below 85%
    from 85%""",
        """from 80% to below 88% : -1% for each started point below 88%
    from 88%""",
    )
    (found,) = compare_terms(document_from_text(RICH), after)
    assert (found.old, found.new, found.category) == ("85%", "88%", "risk")


def test_a_figure_under_another_name_is_wording() -> None:
    after = document_from_text(RICH.replace("days_late", "delay"), "new")
    (found,) = compare_terms(document_from_text(RICH, "old"), after)
    assert (found.category, found.sentence) == ("wording", "measure days_late is called delay now")


def test_a_line_that_moves_to_another_phase_is_one_change() -> None:
    line = '  charge production "Hours" = hours at hourly\n'
    text = RICH.replace(line, "").replace("charge places = seats at 20", line + "charge places = seats at 20")
    (found,) = compare_terms(document_from_text(RICH, "old"), document_from_text(text, "new"))
    assert found.sentence == "charge production moved: phase discovery → outside every phase"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rounding half_up to 0.01 EUR", ""),
        ("unit call\n", "unit call plural calls\n"),
        ("450 EUR per month", "450 EUR per month in advance"),
        ("4.20 EUR/call", "4.2 EUR/call"),
        ("rate_answered >= 90%", "(rate_answered >= 0.9)"),
        ("rate selling_price = 12 EUR/sale", "rate selling_price { from 2026-01-01 : 12 EUR/sale }"),
        ("answering + quality between", "(answering + quality) between"),
        ("unit sale\n", "# the sales\nunit sale\n"),
    ],
)
def test_what_means_the_same_is_no_change(old: str, new: str) -> None:
    assert compare_terms(document_from_text(RICH, "old"), changed(old, new)) == ()
