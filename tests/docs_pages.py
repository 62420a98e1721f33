"""The pages of docs/ and the README: their fences, and what running them prints.

A page is run from top to bottom in one folder, as a reader would do it. The word after a fence is its
language, the next one a file name:

    ```contract acme.contract     a file, written before what follows runs; written again, it replaces
    ```contract +acme.contract    what is added at the end of a file that stands above
    ```yaml usage.yaml            another; csv, jsonl, json, j2 and text are written too
    ```console                    `contractlang …` and `cat …` after "$ ", with their whole output
    ```python                     a session: `>>>` lines with what they show, kept through the page
    ```sh                         `make TARGET`, which must be a target of the Makefile
    ```tree                       paths of this repository, which must exist
    ```mermaid                    the way of a contract: what stands on an arrow is a room of the package

A fence inside an HTML comment is run as well; a reader does not see it. No other fence is allowed.
"""

import contextlib
import doctest
import re
from collections.abc import Iterator
from pathlib import Path

from literate import CONSOLE, FILE_LANGUAGES, Block, Page, SpecError, blocks_of, run_console

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"

# The catalogue is made from specs, which run where they stand.
GENERATED = DOCS / "diagnostics.md"

# Records and notes, whose fences quote what stands elsewhere; their links are checked all the same.
RECORDS = (
    *sorted((DOCS / "decisions").glob("*.md")),
    *(DOCS / name for name in ("benchmarks.md", "mutation.md", "templates.md") if (DOCS / name).exists()),
)
PAGES = tuple(
    sorted({ROOT / "README.md", *DOCS.glob("*.md"), *DOCS.glob("manual/*.md")} - {GENERATED, *RECORDS})
)

LANGUAGES = FILE_LANGUAGES | {CONSOLE, "python", "sh", "tree", "mermaid"}

_TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
_TREE_LINE = re.compile(r"^(?P<indent> *)(?P<name>\S+)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def fences(path: Path) -> tuple[Block, ...]:
    """All fenced blocks of a page; raises SpecError for one that nothing would run."""
    blocks = tuple(blocks_of(path.read_text(encoding="utf-8")))
    for block in blocks:
        where = f"{path}:{block.first - 1}"
        if block.language not in LANGUAGES:
            raise SpecError(f"{where}: a fence of the kind {block.language!r} would not be run")
        if (block.file is None) == (block.language in FILE_LANGUAGES):
            raise SpecError(f"{where}: files have a name, commands have none")
    return blocks


def run_page(path: Path, folder: Path) -> Iterator[tuple[Block, str]]:
    """Run the fences of a page in order; each with the text that it should hold."""
    session: dict[str, object] = {}
    for block in fences(path):
        if block.language in FILE_LANGUAGES:
            _write(block, folder)
            yield block, block.text
        elif block.language == CONSOLE:
            yield block, run_console(Page(path, (), ()), block, folder)
        elif block.language == "python":
            yield block, _run_python(block, folder, session)
        elif block.language == "sh":
            yield block, _checked_targets(block)
        elif block.language == "tree":
            yield block, _checked_tree(block)
        else:
            yield block, _checked_rooms(block)


def rewritten(path: Path, outputs: dict[int, str]) -> str:
    """The page's text where the blocks that begin on the given lines hold the new text."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for block in sorted(fences(path), key=lambda one: -one.first):
        if block.first in outputs:
            start = block.first - 1
            lines[start : start + len(block.lines)] = outputs[block.first].removesuffix("\n").split("\n")
    return "\n".join(lines)


def seen(text: str) -> str:
    """The Markdown that a reader sees: without comments."""
    return _COMMENT.sub("", text)


def headings(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    plain = _without_fences(text)
    titles = (match[1] for match in re.finditer(r"^#{1,6} +(.+?) *$", plain, re.MULTILINE))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(text: str) -> Iterator[str]:
    """The targets of a page's links and pictures."""
    plain = re.sub(r"`[^`\n]*`", "", _without_fences(text))
    yield from (match[1] for match in re.finditer(r"\]\(([^)\s]+)\)", plain))


def _without_fences(text: str) -> str:
    return re.sub(r"^(`{3,})[^\n]*\n.*?^\1 *$", "", text, flags=re.DOTALL | re.MULTILINE)


def _write(block: Block, folder: Path) -> None:
    assert block.file is not None, "a file has a name"
    target = folder / block.file.removeprefix("+")
    assert target.resolve().is_relative_to(folder.resolve()), f"{block.file} leaves the folder"
    target.parent.mkdir(parents=True, exist_ok=True)
    before = ""
    if block.file.startswith("+"):
        assert target.exists(), f"line {block.first - 1}: nothing above is called {target.name}"
        before = target.read_text(encoding="utf-8") + "\n"
    target.write_text(before + block.text, encoding="utf-8")


class _Session(doctest.DocTestRunner):
    """Runs a session and keeps what each example shows, whatever the page says."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.shown: list[str] = []

    def report_start(self, out: object, test: object, example: object) -> None:
        pass

    def report_success(self, out: object, test: object, example: doctest.Example, got: str) -> None:
        self._keep(example, got if example.exc_msg is None else example.want)

    def report_failure(self, out: object, test: object, example: doctest.Example, got: str) -> None:
        self._keep(example, got)

    def report_unexpected_exception(
        self, out: object, test: object, example: doctest.Example, exc_info: tuple[type, Exception, object]
    ) -> None:
        told = f"{exc_info[0].__name__}: {exc_info[1]}"
        self._keep(example, f"Traceback (most recent call last):\n    ...\n{told}\n")

    def _keep(self, example: doctest.Example, got: str) -> None:
        first, *rest = example.source.splitlines()
        self.shown += [f">>> {first}\n", *(f"... {line}".rstrip() + "\n" for line in rest), got]


def _run_python(block: Block, folder: Path, session: dict[str, object]) -> str:
    examples = doctest.DocTestParser().get_examples(block.text)
    if not examples:
        raise SpecError(f"line {block.first}: a Python session begins with >>>")
    runner = _Session()
    test = doctest.DocTest(examples, session, block.language, None, block.first, None)
    with contextlib.chdir(folder):
        runner.run(test, clear_globs=False)
    session.update(test.globs)
    return "".join(runner.shown)


def _checked_targets(block: Block) -> str:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    for line in block.lines:
        words = line.split("#")[0].split()
        if words[:1] != ["make"] or not set(words[1:]) <= targets:
            raise SpecError(f"line {block.first}: {line!r} is no target of the Makefile")
    return block.text


def _checked_tree(block: Block) -> str:
    folders: list[tuple[int, Path]] = []
    for line in block.lines:
        match = _TREE_LINE.match(line)
        if match is None:
            continue
        indent = len(match["indent"])
        folders = [(depth, path) for depth, path in folders if depth < indent]
        path = (folders[-1][1] if folders else ROOT) / match["name"]
        if not path.exists() or path.is_dir() != match["name"].endswith("/"):
            raise SpecError(f"line {block.first}: there is no {path.relative_to(ROOT)}")
        if path.is_dir():
            folders.append((indent, path))
    return block.text


def _checked_rooms(block: Block) -> str:
    for room in re.findall(r"\|(\w+)\|", block.text):
        package = ROOT / "contractlang" / room
        if not package.is_dir():
            raise SpecError(f"line {block.first}: {room} is no room of the package")
    return block.text
