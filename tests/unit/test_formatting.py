"""The edges of `fmt` that a page of specs cannot show: standard input, line ends, marks, odd files."""

import io
from pathlib import Path
from unittest import mock

import pytest
from literate import run_program

from contractlang.diagnostics import ContractError
from contractlang.formatting import format_lines, format_text
from contractlang.text import Source

SPREAD = "unit   call\nunit  reply   plural replies\n"
CANONICAL = "unit call\nunit reply plural replies\n"


def test_the_contract_of_the_design_is_a_fixed_point() -> None:
    text = (Path(__file__).parents[2] / "contracts" / "acme" / "acme.contract").read_text(encoding="utf-8")
    assert format_text(Source("acme", text)) == text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_stay(end: str) -> None:
    assert format_text(Source("a", SPREAD.replace("\n", end))) == CANONICAL.replace("\n", end)


def test_a_file_keeps_its_line_ends_and_is_untouched_where_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.contract"
    path.write_bytes(b"\xef\xbb\xbf" + CANONICAL.replace("\n", "\r\n").encode())
    before = path.stat().st_mtime_ns
    assert run_program(["fmt", "a.contract"], tmp_path) == (0, "", "")
    assert path.stat().st_mtime_ns == before
    path.write_bytes(SPREAD.replace("\n", "\r\n").encode())
    assert run_program(["fmt", "a.contract"], tmp_path)[0] == 0
    assert path.read_bytes() == CANONICAL.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("options", "text", "printed", "status"),
    [
        ([], SPREAD, CANONICAL, 0),
        ([], "", "", 0),
        (["--check"], SPREAD, "standard input\n", 1),
        (["--check"], CANONICAL, "", 0),
        (["--lines", "1:1"], SPREAD, "unit call\nunit  reply   plural replies\n", 0),
        ([], "unit {", "", 1),
    ],
)
def test_standard_input(tmp_path: Path, options: list[str], text: str, printed: str, status: int) -> None:
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    with mock.patch("sys.stdin", stream):
        found = run_program(["fmt", *options, "-"], tmp_path)
    assert found[:2] == (status, printed)
    assert bool(found[2]) == (text == "unit {")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "# only a remark",
        "\n\n## a\n\n\n\n# b\n\n",
        'contract "a" {}',
        'test "a" { given 2026-07 {} }',
    ],
)
def test_small_files(text: str) -> None:
    formatted = format_text(Source("a", text))
    assert format_text(Source("a", formatted)) == formatted
    assert not formatted.startswith("\n")
    assert formatted == "" or formatted.endswith("\n")


def test_a_broken_source_is_refused_whole() -> None:
    for layout in (format_text, lambda source: format_lines(source, 1, 1)):
        with pytest.raises(ContractError) as raised:
            layout(Source("a", "unit call\nunit {\n"))
        assert raised.value.diagnostics[0].code.startswith("CL1")
