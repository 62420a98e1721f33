"""Each feature of the language server as a pure function: an analysis and a place in, an answer out."""

import os
from datetime import date
from pathlib import Path
from random import Random

import pytest

from contractlang.api import load_text
from contractlang.language_server import colours, completion, hints, hover, names, signatures, symbols
from contractlang.language_server.actions import actions
from contractlang.language_server.analysis import analyse
from contractlang.language_server.positions import Place, Places

ROOT = Path(__file__).parents[3]
PATH = ROOT / "contracts" / "acme" / "acme.contract"
TEXT = PATH.read_text(encoding="utf-8")
ACME = analyse(TEXT, PATH)
SAMPLES = sorted(ROOT.glob("contracts/**/*.contract"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("handled at", "measure, in calls"),
        ("hourly\n", "on 2027-03-01: **32.60 EUR/hour since 2027-01-01**"),
        ("answer_rate >=", "a percent"),
        ("average(satisfaction by", "**mean** of the values of each month"),
        ("csat is known", "number, may be empty, a column of `contacts`"),
        ("performance when", "phase"),
        ("night or", "window night = 21:00 to 06:00"),
        ("calls : 4.20", "a thing that is counted"),
    ],
)
def test_hover(words: str, said: str) -> None:
    found = hover.hover(ACME, TEXT.index(words), date(2027, 3, 1))
    assert found is not None
    assert said in found.text


def test_hover_says_pooled_and_the_document() -> None:
    text = 'contract "A" { term 2026-01-01 to 2026-12-31 currency EUR }\nunit call\n' + (
        "## What was taken.\nmeasure taken in calls\nmeasure spread = taken over 3 months rolling\n"
    )
    analysis = analyse(text)
    found = hover.hover(analysis, text.index("over 3"), date(2026, 1, 1))
    assert found is not None
    assert found.text.startswith("**pooled**")
    found = hover.hover(analysis, text.index("taken over"), date(2026, 1, 1))
    assert found is not None
    assert "What was taken." in found.text
    assert hover.hover(analysis, text.index("2026"), date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("words", "offered", "not_offered"),
    [
        ("handled at", {"handled", "sum", "if"}, {"charge", "no data"}),
        ("hourly\n", {"hourly", "graduated prices", "package of"}, {"charge"}),
        ("calls : 4.20", {"calls", "EUR"}, {"handled", "discovery"}),
        ("below 80%", {"no data", "from", "above", "}"}, {"handled", "charge"}),
        ("performance after", {"discovery", "performance"}, {"handled"}),
        ("timestamp", {"timestamp", "duration", "date"}, {"handled"}),
        ("monthly", {"monthly", "weekly"}, {"handled"}),
        ("talk      duration", set(), {"handled"}),
        ("FR", {"FR"}, {"handled"}),
        ("in advance", {"in advance", "not prorated", "taxed"}, {"handled"}),
        ("unit call", {"unit", "measure", "phase"}, {"given", "handled"}),
        ("handling by answer", {"handling", "base"}, {"hours"}),
        ("during premium", {"during", "where", "by"}, {"handled"}),
    ],
)
def test_completion(words: str, offered: set[str], not_offered: set[str]) -> None:
    labels = {one.label for one in completion.completions(ACME, TEXT.index(words))}
    assert offered <= labels
    assert not labels & not_offered


def test_completion_of_members_and_in_broken_texts() -> None:
    text = TEXT.replace("sum(shifts.started to shifts.ended) in hours", "sum(shifts.", 1)
    analysis = analyse(text, PATH)
    labels = [one.label for one in completion.completions(analysis, text.index("sum(shifts.") + 11)]
    assert labels == ["started", "ended"]
    assert completion.completions(analysis, text.index("# keys of") + 4) == ()


def test_completion_and_names_of_keys() -> None:
    text = TEXT.replace("usage contacts each call {", "usage contacts each call key started {", 1)
    analysis = analyse(text, PATH)
    offset = text.index("key started")
    assert "key" in {one.label for one in completion.completions(analysis, offset)}
    assert {"started", "ended"} <= {one.label for one in completion.completions(analysis, offset + 4)}
    (declared,) = names.definitions(analysis, offset + 4)
    assert declared.start == text.index("started   timestamp")


def test_names() -> None:
    offset = TEXT.index("handled at")
    (declared,) = names.definitions(ACME, offset)
    assert declared.start == TEXT.index("handled       = count")
    assert len(names.references(ACME, offset)) == 5
    assert len(names.references(ACME, offset, declarations=False)) == 4
    edits = names.rename(ACME, TEXT.index("unit call") + 5, "contact")
    renamed = names.applied(TEXT, list(edits))
    assert "10 000 contacts" in renamed
    assert "EUR/contact" in renamed
    assert analyse(renamed, PATH).diagnostics == ACME.diagnostics or not [
        one for one in analyse(renamed, PATH).diagnostics if one.severity == "error"
    ]
    for refused in ("offered", "1st", "no-name", ""):
        with pytest.raises(names.RefusedError):
            names.rename(ACME, offset, refused)
    column = TEXT.index("answered) / handled") if "answered) / handled" in TEXT else TEXT.index("answered)")
    assert {one.text for one in names.references(ACME, column)} == {"answered"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_renaming_every_name_of_a_sample_keeps_it_valid(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    analysis = analyse(text, path)
    errors = [one.code for one in analysis.diagnostics if one.severity == "error"]
    declared = [one for one in names.occurrences(analysis) if one.declares and not one.plural]
    own = [one for one in declared if one.span.source == analysis.source]
    for one in Random(path.stem).sample(own, min(5, len(own))):
        try:
            edits = names.rename(analysis, one.span.start, "renamed_1")
        except names.RefusedError:
            continue
        mine = [edit for edit in edits if edit[0].source == analysis.source]
        changed = analyse(names.applied(text, mine), path)
        assert [found.code for found in changed.diagnostics if found.severity == "error"] == errors, one.name


def test_outline_folds_signatures_and_colours() -> None:
    outline = symbols.symbols(ACME)
    assert [one.kind for one in outline[:3]] == ["contract", "unit", "unit"]
    assert [one.name for one in symbols.named_like(ACME, "ANSWERING")] == ["answering"]
    assert symbols.folds(ACME)[0] == symbols.Fold(0, 9)
    found = signatures.signature(ACME, TEXT.index("contacts where answered)"))
    assert found is not None
    assert found.label == "count(contacts where answered)"
    assert signatures.signature(ACME, TEXT.index("unit call")) is None
    coloured = {(TEXT[one.start : one.end], one.type) for one in colours.colours(ACME)}
    assert {("charge", "keyword"), ("20%", "number"), ("sum", "function"), ("calls", "type")} <= coloured
    assert {("started", "property"), ("performance", "namespace"), ("+", "operator")} <= coloured


def test_hints_and_lenses() -> None:
    amounts = hints.Amounts("2026-07", {"handling": "51 145.50 EUR"})
    shown = {one.text for one in hints.hints(ACME, 0, len(TEXT), amounts)}
    assert {": calls", " 51 145.50 EUR"} <= shown
    assert [one.title for one in hints.lenses(ACME, False)] == ["run this test"]
    assert hints.run_test(ACME, "a month by the act") == '"a month by the act" passes'
    assert hints.run_test(ACME, "none") == 'no test is called "none"'


def test_actions_are_only_offered_where_they_mend() -> None:
    assert actions(ACME, 0, len(TEXT), PATH) == ()
    broken = TEXT.replace("by answer_rate {", "by answer_rat {", 1)
    assert [one.title for one in actions(analyse(broken, PATH), 0, len(broken), PATH)] == [
        "Write `answer_rate`"
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", ["", "a\n😀é\r\nb\rc", "\ufeffé😀\n", "\r\n\r\n"])
def test_positions_go_there_and_back(encoding: str, text: str) -> None:
    places = Places(text, encoding)  # type: ignore[arg-type]
    for offset in range(len(text) + 1 - places.mark):
        place = places.place(offset)
        between = (
            0 < offset < len(text) and text[offset + places.mark - 1 : offset + places.mark + 1] == "\r\n"
        )
        assert between or places.offset(place) == offset
    assert places.offset(Place(99, 99)) == len(text) - places.mark


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_nothing_fails_on_any_prefix(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    chosen = Random(path.stem)
    ends = (
        range(len(text))
        if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
        else chosen.sample(range(len(text)), 8)
    )
    for end in ends:
        prefix = text[:end]
        analysis = analyse(prefix, path)
        fresh = load_text(prefix).check()
        if "include" not in prefix and "indices" not in prefix:
            assert [one.code for one in analysis.diagnostics] == [one.code for one in fresh]
        for offset in (end, chosen.randrange(end + 1)):
            hover.hover(analysis, offset, date(2026, 1, 1))
            completion.completions(analysis, offset)
            names.references(analysis, offset)
            signatures.signature(analysis, offset)
        colours.colours(analysis)
        symbols.symbols(analysis)
        symbols.folds(analysis)
        hints.hints(analysis, 0, end)
        hints.lenses(analysis, True)
