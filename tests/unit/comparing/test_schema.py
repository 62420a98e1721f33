"""The record of a comparison is what its published schema says, whatever changed."""

import json
import shlex
from pathlib import Path

import jsonschema
import pytest
from literate import commands_of, read_page, run_program

from contractlang.comparing import compare_terms
from contractlang.comparing.record import contract_record
from contractlang.resources import schemas_folder
from contractlang.syntax.loading import document_from_text

SPECS = Path(__file__).parents[2] / "specs" / "diff"
DATA = Path(__file__).parents[2] / "data" / "comparing"
SCHEMA = json.loads((schemas_folder() / "diff.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("path", sorted(SPECS.glob("*.md")), ids=lambda path: path.stem)
def test_each_comparison_of_the_specs_fits(path: Path, tmp_path: Path) -> None:
    page = read_page(path)
    for block in page.files:
        target = tmp_path / (block.file or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, encoding="utf-8")
    commands = {
        tuple(word for word in words[1:] if word not in ("--format", "text", "markdown", "json"))
        for console in page.consoles
        for command in commands_of(console)
        if (words := shlex.split(command))[:2] == ["contractlang", "diff"] and "HEAD" not in command
    }
    for words in sorted(commands):
        status, printed, _ = run_program([*words, "--format", "json"], tmp_path)
        if status in (0, 3, 4):
            VALIDATOR.validate(json.loads(printed))


def test_each_seeded_change_fits() -> None:
    text = (DATA / "rich.contract").read_text(encoding="utf-8")
    old = document_from_text(text)
    changed = (
        text.replace("EUR", "USD").replace("handled", "taken").replace("2027", "2028").replace("%", ".5%")
    )
    shorter = text[: text.index("phase closing")]
    for other in (changed, shorter):
        new = document_from_text(other)
        for pair in ((old, new), (new, old)):
            record = contract_record("old", "new", "Rich", compare_terms(*pair))
            assert len(record["changes"]) > 20
            VALIDATOR.validate({"contracts": [record]})


@pytest.mark.parametrize("spoilt", [{"changes": [{}]}, {"class": "grave"}, {"extra": 1}, {"money": {}}])
def test_the_schema_refuses_what_is_no_comparison(spoilt: dict[str, object]) -> None:
    record = {**contract_record("old", "new", "Acme", ()), **spoilt}
    assert not VALIDATOR.is_valid({"contracts": [record]})
