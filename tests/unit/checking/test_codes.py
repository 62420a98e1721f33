"""Every code that the checks use has its page in the specs, and the page shows that code."""

import re
from pathlib import Path

import pytest
from literate import read_page

from contractlang.checking import check
from contractlang.checking import remarks as remarks_of
from contractlang.syntax.loading import document_from_text

ROOT = Path(__file__).parents[3]
CHECKING = ROOT / "contractlang" / "checking"
SPECS = ROOT / "tests" / "specs" / "diagnostics"
CODE = re.compile(r'"(CL[0-9]{3})"')
_ALL = sorted(SPECS.glob("CL*.md"))
# Faults of a usage or of a comparison need more than a contract; their pages run as specs of commands.
PAGES = [path for path in _ALL if any(block.file == "wrong.contract" for block in read_page(path).files)]


def codes_in_sources() -> set[str]:
    return {code for path in CHECKING.glob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_has_a_page() -> None:
    missing = codes_in_sources() - {path.stem for path in PAGES}
    assert not missing, f"write tests/specs/diagnostics/CLnnn.md for {sorted(missing)}"


def found_in(text: str, remarks: bool) -> set[str]:
    """The codes that a contract gives; the lists of holidays are remarks, which most pages are not about."""
    document = document_from_text(text)
    found = (*check(document)[1], *(remarks_of(document) if remarks else ()))
    return {one.code for one in found}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_wrong_example_shows_its_code_and_the_right_one_nothing(path: Path) -> None:
    texts = {block.file: block.text for block in read_page(path).files}
    assert path.read_text(encoding="utf-8").startswith(f"# {path.stem} ")
    remarks = path.stem == "CL790"
    assert found_in(texts["wrong.contract"], remarks) == {path.stem}, "one mistake, one diagnostic"
    assert not found_in(texts["right.contract"], remarks)
