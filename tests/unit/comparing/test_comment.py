"""The comment on a pull request: a realistic amendment, whole, and what is left out of a long one."""

import os
import shutil
from pathlib import Path

from literate import run_program

from contractlang.rendering.differences import LONGEST, MARKER, markdown

DATA = Path(__file__).parents[2] / "data" / "comparing"
ACME = Path(__file__).parents[3] / "contracts" / "acme"
WORDS = ("--usage", "usage.yaml", "--from", "2026-07", "--to", "2026-09", "--format", "markdown")


def test_the_comment_on_an_amendment_is_the_one_that_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    shutil.copytree(ACME, folder)
    signed = (folder / "acme.contract").read_text(encoding="utf-8")
    (folder / "signed.contract").write_text(signed, encoding="utf-8")
    amended = signed + "\n" + (DATA / "avenant.contract").read_text(encoding="utf-8")
    (folder / "acme.contract").write_text(amended, encoding="utf-8")
    status, printed, told = run_program(["diff", "signed.contract", "acme.contract", *WORDS], folder)
    assert (status, told) == (4, "")
    golden = DATA / "comment.md"
    if os.environ.get("REWRITE_GOLDEN"):
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


def _contract(changes: int) -> dict[str, object]:
    one = {
        "class": "price",
        "sentence": "fee x: 1 → 2 EUR " * 20,
        "detail": [],
        "new_terms": None,
        "old_terms": None,
    }
    return {
        "old": "a", "new": "b", "contract": "Long", "status": "changed", "class": "price",
        "changes": [one] * changes, "money": None, "wrong": [],
    }  # fmt: skip


def test_a_long_comment_is_cut_and_says_so() -> None:
    for contracts in ([_contract(5_000)], [_contract(300)] * 40):
        found = markdown({"contracts": contracts})
        assert len(found) <= LONGEST
        assert found.startswith(MARKER)
        assert "more changes" in found or "was cut" in found


def test_nothing_changed_is_a_comment_as_well() -> None:
    same = {**_contract(0), "status": "same", "class": None}
    assert (
        markdown({"contracts": [same]})
        == f"{MARKER}\n\nNo terms changed: layout, comments or scenarios only.\n"
    )


def test_a_contract_of_a_folder_that_cannot_be_priced_says_why(tmp_path: Path) -> None:
    signed = (ACME / "acme.contract").read_text(encoding="utf-8")
    dearer = signed.replace("= 450 EUR", "= 475 EUR")
    for side, text in (("old", signed), ("new", dearer)):
        for name in ("acme", "other", "same"):
            shutil.copytree(ACME, tmp_path / side / name)
            (tmp_path / side / name / "acme.contract").write_text(text, encoding="utf-8")
    (tmp_path / "new" / "same" / "acme.contract").write_text(signed, encoding="utf-8")
    for name in ("other", "same"):
        (tmp_path / "new" / name / "usage.yaml").unlink()
    words = ["diff", "old", "new", "--usage", "usage.yaml", "--period", "2026-07", "--format"]
    status, printed, told = run_program([*words, "markdown"], tmp_path)
    assert (status, told) == (1, "")
    assert "**25.00 EUR more" in printed
    assert "**These changes could not be priced:**\n\n- CL8" in printed
    assert "same" not in printed.replace("the same", ""), "what did not change needs no usage"
    status, printed, _ = run_program([*words, "text"], tmp_path)
    assert status == 1 and "these changes could not be priced:\n  CL8" in printed
