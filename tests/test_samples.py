"""The samples of contracts/: each checks, passes its own tests, and gives the invoices beside it.

A folder holds one contract, its usage, and golden invoices. `invoice-2026-07.txt` is what `invoice`
prints for July with `usage.yaml`; `invoice-2026-04.early.txt` the same with `usage.early.yaml`; `.json`
and `.md` are the other formats. `pytest --rewrite-specs tests/test_samples.py` writes them anew.
"""

import difflib
import gzip
import re
import runpy
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from literate import run_program

from contractlang.api import LoadedContract, load, load_text, load_usage
from contractlang.invoicing.parties import read
from contractlang.kinds.functions import FUNCTIONS
from contractlang.reading import read_source
from contractlang.syntax import tree
from contractlang.syntax.parsing import parse

CONTRACTS = Path(__file__).parent.parent / "contracts"
FOLDERS = sorted(path.parent for path in CONTRACTS.glob("*/*.contract") if path.stem == path.parent.name)
GOLDEN = sorted(CONTRACTS.glob("*/invoice-*.*"))
FORMATS = {".txt": "text", ".json": "json", ".md": "markdown"}
BRIEF = re.compile(r"invoice-(?P<period>[^.]+)(?:\.(?P<variant>\w+))?")

# What `check` says of the samples, and means to say: these are shown on purpose.
WARNINGS: dict[str, set[str]] = {
    "acme": {"CL701"},  # a day of work and the resolution are there to be read
    "service_level_per_started_point": {"CL707"},  # the clause has no ceiling
    "slab_pricing_falls": {"CL702"},  # the cliffs of the real table
    "service_credit_per_full_point": {"CL707"},  # nor has this one
    "managed_service": {"CL702"},  # a price that reaches back to the start
    "by_the_act": {"CL702"},  # the cliff of a volume price
}


def name_of(path: Path) -> str:
    return str(path.relative_to(CONTRACTS))


@cache
def loaded(folder: Path) -> LoadedContract:
    return load(folder / f"{folder.name}.contract")


@pytest.fixture(params=FOLDERS, ids=name_of)
def folder(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_every_folder_is_a_sample() -> None:
    shared = {"shared"}  # what samples include
    folders = {path.name for path in CONTRACTS.iterdir() if path.is_dir()}
    assert folders - shared == {path.name for path in FOLDERS}


def test_a_sample_has_no_error_and_only_the_warnings_that_it_shows(folder: Path) -> None:
    found = [one for one in loaded(folder).check() if one.severity in ("error", "warning")]
    told = "\n".join(f"{one.code} {one.message}" for one in found)
    assert {one.code for one in found} == WARNINGS.get(folder.name, set()), told


def test_the_tests_of_a_sample_pass(folder: Path) -> None:
    results = loaded(folder).run_tests()
    assert results, "a sample says what it should come to"
    assert not [fault.message for one in results for fault in one.failures]


def test_a_sample_shows_an_invoice(folder: Path) -> None:
    assert list(folder.glob("invoice-*.txt"))


@pytest.mark.parametrize("golden", GOLDEN, ids=name_of)
def test_a_sample_gives_its_invoice(golden: Path, request: pytest.FixtureRequest) -> None:
    brief = BRIEF.fullmatch(golden.stem)
    assert brief is not None, f"{golden.name} names no period"
    usage = f"usage.{brief['variant']}.yaml" if brief["variant"] else "usage.yaml"
    contract = f"{golden.parent.name}.contract"
    arguments = ["invoice", contract, "--usage", usage, "--period", brief["period"]]
    status, printed, said = run_program([*arguments, "--format", FORMATS[golden.suffix]], golden.parent)
    assert status == 0, said
    if request.config.getoption("--rewrite-specs"):
        golden.write_text(printed, encoding="utf-8")
    expected = golden.read_text(encoding="utf-8")
    rows = difflib.unified_diff(
        expected.splitlines(), printed.splitlines(), "expected", "printed", lineterm="", n=1
    )
    assert printed == expected, "\n".join(rows)


def test_comments_and_layout_do_not_change_the_fingerprint(folder: Path, tmp_path: Path) -> None:
    text = (folder / f"{folder.name}.contract").read_text(encoding="utf-8")
    bare = re.sub(r"(?m)(^|\s)#.*$", "", text)
    spread = re.sub(r"(?m)^ +", "", bare) + "\n# signed\n"
    (tmp_path / "parties.yaml").touch()  # the project's folder: includes stay inside it
    shutil.copytree(CONTRACTS / "shared", tmp_path / "shared")
    copy = tmp_path / folder.name / "copy.contract"
    copy.parent.mkdir()
    copy.write_text(spread, encoding="utf-8")
    assert load(copy).fingerprint == loaded(folder).fingerprint


def test_a_changed_price_changes_the_fingerprint() -> None:
    text = (CONTRACTS / "acme" / "acme.contract").read_text(encoding="utf-8")
    dearer = text.replace("450 EUR per month", "451 EUR per month")
    assert load_text(dearer).fingerprint != loaded(CONTRACTS / "acme").fingerprint


def test_every_party_is_known_and_its_numbers_check() -> None:
    file = read(CONTRACTS / "parties.yaml")
    assert not file.diagnostics
    for folder in FOLDERS:
        header = loaded(folder).document.header
        assert header is not None
        for key in (header.provider, header.client):
            assert key is not None
            assert file.party(key.text) is not None, f"{folder.name}: {key}"


def test_the_rows_of_acme_are_those_that_its_script_writes(tmp_path: Path) -> None:
    script = runpy.run_path(str(CONTRACTS / "acme" / "generate.py"))
    script["main"](tmp_path)
    acme = CONTRACTS / "acme"
    assert (tmp_path / "shifts.csv").read_text() == (acme / "shifts.csv").read_text()
    written, kept = (gzip.decompress((one / "contacts.csv.gz").read_bytes()) for one in (tmp_path, acme))
    assert written == kept


@pytest.mark.parametrize(
    ("usage", "period", "phase"),
    [
        ("usage.yaml", "2026-06", "discovery"),
        ("usage.yaml", "2026-07", "performance"),  # after 6 months
        ("usage.early.yaml", "2026-03", "discovery"),
        ("usage.early.yaml", "2026-04", "performance"),  # 90% for 2 months, not before 3 months
    ],
)
def test_acme_goes_over_to_performance_by_either_way(usage: str, period: str, phase: str) -> None:
    acme = loaded(CONTRACTS / "acme")
    measured = load_usage(CONTRACTS / "acme" / usage, acme)
    invoice = acme.invoice(measured, period)
    assert {line.name for line in invoice.lines} & {"production", "handling"} == {
        "production" if phase == "discovery" else "handling"
    }


def test_the_list_of_samples_names_each() -> None:
    listed = re.findall(
        r"^\| \[(\w+)\]\((\w+)/\w+\.contract\)", (CONTRACTS / "README.md").read_text(), re.MULTILINE
    )
    assert sorted(name for name, _ in listed) == [folder.name for folder in FOLDERS]
    assert all(name == place for name, place in listed)


# ---- every construct of the language appears in some sample

ABSTRACT = {"Node", "Declaration", "Comment"}
UNSHOWN: set[str] = set()
"""Constructs that no sample shows yet; each name here is a debt."""


def nodes() -> Iterator[tree.Node]:
    """Every node of every file of contracts/."""
    for path in sorted(CONTRACTS.glob("*/*.contract")):
        waiting: list[tree.Node] = list(parse(read_source(path, path.name)).declarations)
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(tree.children(node))


@cache
def shown() -> frozenset[str]:
    """The classes of the nodes, their fields that hold something, and the words that these take."""
    found: set[str] = set()
    for node in nodes():
        kind = type(node).__name__
        found.add(kind)
        for name in node.__dataclass_fields__:
            value = getattr(node, name)
            if value not in (None, (), False, ""):
                found.add(f"{kind}.{name}")
            if isinstance(value, str):
                found.add(f"{kind}.{name}={value}")
    return frozenset(found)


def test_every_class_of_the_tree_is_shown() -> None:
    classes = {
        name for name, one in vars(tree).items() if isinstance(one, type) and issubclass(one, tree.Node)
    }
    assert classes - ABSTRACT - shown() == UNSHOWN


def test_every_clause_is_shown() -> None:
    declarations = (tree.Contract, tree.Line, tree.Measure, tree.Price, tree.Indexation, tree.Transition)
    others = (tree.Amendment, tree.Argument, tree.Bound, tree.Part, tree.Volume, tree.Graduated, tree.Tier)
    fields = {
        f"{one.__name__}.{name}"
        for one in (*declarations, *others)
        for name in one.__dataclass_fields__
        if name != "span"
    }
    assert fields - shown() == set()


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("Line.kind", get_args(tree.LineKind)),
        ("Line.timing", ("advance", "arrears")),
        ("VatNature.nature", ("taxed", "exempt", "untaxed")),
        ("Rounding.mode", ("half_up", "half_even", "half_down", "up", "down")),
        ("ForEach.mode", ("full", "started", "pro rata")),
        ("ForEach.side", ("below", "above")),
        ("Binary.operator", ("+", "-", "*", "/")),
        ("Compare.operator", ("<", "<=", ">", ">=")),
        ("Logic.operator", ("and", "or")),
        ("WindowCombination.operator", ("and", "or", "except")),
        ("ToDate.unit", ("quarter", "year", "contract year", "contract")),
        ("Price.kind", ("rate", "amount")),
    ],
)
def test_every_word_of_a_choice_is_shown(field: str, words: tuple[str, ...]) -> None:
    assert {f"{field}={word}" for word in words} - shown() == set()


def test_every_rhythm_and_every_function_is_shown() -> None:
    rhythms = {node.rhythm.text for node in nodes() if isinstance(node, tree.Invoiced)}
    assert rhythms == {"weekly", "monthly", "quarterly", "yearly"}
    called = {node.function.text for node in nodes() if isinstance(node, tree.Call)}
    assert set(FUNCTIONS) - called == set()
