"""The runner of the literate specs skips nothing and rewrites only what it should."""

from pathlib import Path

import pytest
from literate import Block, SpecError, blocks_of, read_page, rewritten, run_console

SPECS = Path(__file__).parents[1] / "specs"
PAGES = sorted(SPECS.rglob("*.md"))

PAGE = """# A page

```contract terms/a.contract
contract "A" {
}
```

```console
$ cat terms/a.contract
old
$ contractlang version --nonsense
```

Words between.

```console
$ cat terms/a.contract
contract "A" {
}
```
"""


def page_of(text: str, folder: Path) -> Path:
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_files_are_written_and_commands_run(tmp_path: Path) -> None:
    page = read_page(page_of(PAGE, tmp_path))
    run = tmp_path / "run"
    run.mkdir()
    printed = run_console(page, page.consoles[0], run)
    assert printed.startswith(
        '$ cat terms/a.contract\ncontract "A" {\n}\n$ contractlang version --nonsense\n'
    )
    assert printed.endswith("exit 2\n")


def test_only_the_output_is_rewritten(tmp_path: Path) -> None:
    path = page_of(PAGE, tmp_path)
    first = read_page(path).consoles[0]
    text = rewritten(path, {first.first: "$ cat terms/a.contract\nnew\n"})
    assert text == PAGE.replace("old\n$ contractlang version --nonsense\n", "new\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("```contract\n```\n", "no file name"),
        ("```bash run.sh\n```\n", "unknown kind 'bash'"),
        ("```\n```\n", "unknown kind"),
        ("```console\n```\n", "begins with a command"),
        ("```console\n$ contractlang version\n", "never closed"),
        ("```csv a.csv\n```\n```csv a.csv\n```\n", "both called"),
        ("```csv a.csv utf-8\n```\n", "LANGUAGE FILE"),
        ("- item\n\n  ```csv a.csv\n  ```\n", "at the line's start"),
        ("words only\n", "runs no command"),
    ],
)
def test_nothing_is_silently_skipped(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=words):
        read_page(page_of(text, tmp_path))


def test_a_longer_fence_holds_shorter_ones() -> None:
    (block,) = blocks_of("````text a.md\n```console\n```\n````\n")
    assert block == Block("text", "a.md", 2, ("```console", "```"))


def test_a_program_that_is_not_known_is_not_run(tmp_path: Path) -> None:
    page = read_page(page_of("```console\n$ ls\n```\n", tmp_path))
    with pytest.raises(SpecError, match="not a program"):
        run_console(page, page.consoles[0], tmp_path)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(SPECS)))
def test_every_fence_of_a_page_is_a_block(path: Path) -> None:
    page = read_page(path)
    written = sum(line.lstrip().startswith("```") for line in path.read_text(encoding="utf-8").split("\n"))
    inside = sum(
        line.lstrip().startswith("```") for block in (*page.files, *page.consoles) for line in block.lines
    )
    assert written - inside == 2 * (len(page.files) + len(page.consoles))
