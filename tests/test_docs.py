"""The documentation tells the truth: every example runs, every link leads somewhere, nothing is stale.

`pytest --rewrite-specs tests/test_docs.py` writes what the examples print now, so that the diff is read.
"""

import difflib
import json
import re
from pathlib import Path

import pytest
from catalogue import SPECS, catalogue, codes_of_the_package
from docs_pages import (
    DOCS,
    GENERATED,
    PAGES,
    RECORDS,
    ROOT,
    fences,
    headings,
    links,
    rewritten,
    run_page,
    seen,
)

from contractlang.commands.main import COMMANDS
from contractlang.kinds import FUNCTIONS
from contractlang.resources import schemas_folder

ALL = (*PAGES, *RECORDS, GENERATED)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_example_of_a_page_runs_and_prints_what_the_page_says(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    results = list(run_page(path, tmp_path))
    opened = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("```")]
    assert len(results) * 2 == len(opened), "a fence was skipped"
    other = {block.first: printed for block, printed in results if printed != block.text}
    if request.config.getoption("--rewrite-specs"):
        path.write_text(rewritten(path, other), encoding="utf-8")
        return
    told = [
        "\n".join(difflib.unified_diff(block.lines, other[block.first].splitlines(), "page", "run", n=1))
        for block, _ in results
        if block.first in other
    ]
    assert not told, "\n".join([f"{name_of(path)}: lines {sorted(other)}", *told])


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    text = seen(path.read_text(encoding="utf-8"))
    for link in links(text):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://"), link
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{name_of(path)} links to {link}"
        assert target.is_relative_to(ROOT.resolve()), f"{link} leads out of the repository"
        if anchor:
            assert anchor in headings(seen(target.read_text(encoding="utf-8"))), f"no heading for {link}"


def test_every_page_is_reached_from_the_index() -> None:
    reached, ahead = set[Path](), [DOCS / "index.md"]
    while ahead:
        page = ahead.pop()
        if page in reached or page.suffix != ".md" or not page.is_relative_to(DOCS):
            continue
        reached.add(page)
        found = links(seen(page.read_text(encoding="utf-8")))
        ahead += [(page.parent / link.split("#")[0]).resolve() for link in found if ":" not in link]
    missing = {
        page for page in (*PAGES, GENERATED, DOCS / "templates.md") if page.is_relative_to(DOCS)
    } - reached
    assert not missing, f"nothing leads to {sorted(map(name_of, missing))}"


def test_every_keyword_is_in_the_manual() -> None:
    manual = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("manual/*.md")))
    keywords = (ROOT / "grammar" / "keywords_en.lark").read_text(encoding="utf-8")
    words = [found.replace(r"\s+", " ") for found in re.findall(r"/(.+?)\\b/", keywords)]
    assert len(words) > 100
    assert not [word for word in words if not re.search(rf"\b{word}\b", manual)]


def test_every_function_is_in_the_manual() -> None:
    text = (DOCS / "manual" / "expressions.md").read_text(encoding="utf-8")
    table = text[text.index("## Functions") :]
    assert not [name for name in FUNCTIONS if not re.search(rf"\b{name}\b", table)]


def test_the_catalogue_is_made_from_the_specs() -> None:
    assert GENERATED.read_text(encoding="utf-8") == catalogue(), "run `make docs`"


def test_every_code_of_the_package_is_in_the_catalogue() -> None:
    listed = set(re.findall(r"CL[0-9]{3}", GENERATED.read_text(encoding="utf-8")))
    assert codes_of_the_package() <= listed
    assert {path.stem for path in SPECS.glob("CL*.md")} <= listed


def test_every_key_of_the_invoice_is_on_the_page_of_json() -> None:
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    schema = json.loads((schemas_folder() / "invoice.schema.json").read_text(encoding="utf-8"))
    for name, heading in (("invoice", "### The document"), ("line", "### A line"), ("step", "### A step")):
        section = text[text.index(heading) :].split("\n## ")[0]
        keys = re.findall(r"^\| `(\w+)` \|", section.split("\n### ")[0], re.MULTILINE)
        assert keys == list(schema["$defs"][name]["properties"]), heading


def test_every_key_of_a_comparison_is_on_the_page_of_json() -> None:
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    schema = json.loads((schemas_folder() / "diff.schema.json").read_text(encoding="utf-8"))
    headings = {
        "contract": "### A contract of the comparison", "change": "### A change of terms",
        "money": "### The money of a comparison", "priced": "### The price of a change",
    }  # fmt: skip
    for name, heading in headings.items():
        section = text[text.index(heading) + 1 :].split("\n## ")[0].split("\n### ")[0]
        keys = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
        assert keys == list(schema["$defs"][name]["properties"]), heading


def test_every_command_is_documented_with_its_help() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"\n## {command}\n" in text, command
        assert f"\n$ contractlang {command} --help\n" in text, command


def test_every_room_is_on_the_page_of_the_architecture() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    trees = [block for block in fences(DOCS / "architecture.md") if block.language == "tree"]
    named = {line.split()[0] for block in trees for line in block.lines if line.strip()}
    for path in (ROOT / "contractlang").iterdir():
        if path.suffix == ".py" and path.stem != "__init__":
            assert path.name in named, f"{path.name} is on no line of the tree"
        elif path.is_dir() and (path / "__init__.py").exists():
            assert f"{path.name}/" in named, f"{path.name}/ is on no line of the tree"
    for path in re.findall(r"`((?:contractlang|tests|docs|grammar|templates|contracts)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), f"there is no {path}"
