"""After each edit what is found is what a fresh check finds, however little was checked again."""

import os
from pathlib import Path
from random import Random

import pytest

from contractlang.language_server import rechecking
from contractlang.language_server.analysis import analyse
from contractlang.language_server.rechecking import Rechecking
from contractlang.syntax.tokens import read_tokens
from contractlang.text import Source

ROOT = Path(__file__).parents[3]
SAMPLES = [
    path
    for path in sorted([*ROOT.glob("contracts/**/*.contract"), *ROOT.glob("tests/data/syntax/*.contract")])
    if "include" not in path.read_text(encoding="utf-8")
]
FUZZ = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
ACME = (ROOT / "contracts" / "acme" / "acme.contract").read_text(encoding="utf-8")


def agrees(known: Rechecking, text: str) -> tuple[str, ...]:
    """The codes after an edit, which are those of a fresh check, at the same places and in the same words."""
    found = analyse(text, rechecking=known).diagnostics
    assert found == analyse(text).diagnostics, text
    return tuple(one.code for one in found)


def edited(text: str, chosen: Random) -> str:
    """A text with one token replaced by another of its kind, dropped or lengthened, or with a comment."""
    tokens = read_tokens(Source("a", text))[0]
    if not tokens:
        return ACME
    token = chosen.choice(tokens)
    kind = chosen.randrange(10)
    said = text[token.start : token.end]
    if kind < 5:
        others = [text[one.start : one.end] for one in tokens if one.terminal == token.terminal]
        said = chosen.choice(others)
        if token.terminal in ("NUMBER", "PERCENT"):
            said = f"{chosen.randrange(100)}{'%' if token.terminal == 'PERCENT' else ''}"
    elif kind == 5:
        said = ""
    elif kind == 6:
        said = f"{said} # a remark\n"
    elif kind == 7:
        said = f"\n{said}"
    elif kind == 8:
        start = text.rfind("\n", 0, token.start) + 1
        end = text.find("\n", token.end) + 1 or len(text)
        return text[:start] + text[end:]
    else:
        said = f"{said}{chosen.choice(['', 'x', ' ', '0'])}"
    return text[: token.start] + said + text[token.end :]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_random_edits(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # However much hangs together, it is checked by itself where that is right.
    monkeypatch.setattr(rechecking, "_MOST", 10)
    text = path.read_text(encoding="utf-8")
    chosen = Random(path.stem)
    for _ in range(40 if FUZZ else 1):
        known, now = Rechecking(), text
        agrees(known, now)
        for _ in range(6 if FUZZ else 4):
            now = edited(now, chosen)
            agrees(known, now)


def many(count: int) -> str:
    """A contract with many figures and lines that have nothing to do with one another."""
    head = ACME[: ACME.index("unit call")] + "unit call\nusage contacts each call {\n  started timestamp\n}\n"
    return head + "".join(
        f'measure taken{n} = count(contacts) / 2\ncharge line{n} "Line" = taken{n} at {n + 1} EUR/call\n'
        for n in range(count)
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("at 8 EUR", "at 9 EUR", ""),
        ("at 8 EUR", "at 9 USD", "CL3"),
        ("taken7 = count(contacts) / 2", "taken7 = count(contacts) / 2 # halved", ""),
        ("\ncharge line7", "\n\n\n# a remark\ncharge line7", ""),
        ("taken7 at", "taken8 at", "CL701"),
    ],
)
def test_little_is_checked_again(old: str, new: str, code: str) -> None:
    text, known = many(50), Rechecking()
    assert agrees(known, text) == ()
    for before, after in ((old, new), (new, old), (old, new)):
        text = text.replace(before, after, 1)
        codes = agrees(known, text)
        assert [one for one in codes if not one.startswith(code)] == []
    assert bool(code) == bool(codes)
    assert known.full_checks == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("EUR\n", "USD\n"),
        ("unit call", "unit call plural calls"),
        ("taken7 =", "taken70 ="),
        ("taken7 at", "takn7 at"),
        ("charge line7", "charge charge line7"),
        ("usage contacts each", "usage contacts  each"),
        ("measure taken7", 'amendment "A" effective 2027-01-01 {\n}\nmeasure taken7'),
    ],
)
def test_what_may_touch_everything_is_checked_in_full(old: str, new: str) -> None:
    text, known = many(50), Rechecking()
    agrees(known, text)
    agrees(known, text.replace(old, new, 1))
    assert known.full_checks == 2
    agrees(known, text)


def test_a_renamed_file_is_another_text(tmp_path: Path) -> None:
    known = Rechecking()
    for name in ("a.contract", "b.contract"):
        found = analyse(ACME, tmp_path / name, rechecking=known).diagnostics
        assert {one.file for one in found} == {str(tmp_path / name)}
    assert known.full_checks == 2
