"""Collects the literate specs, `tests/specs/**/*.md`: one test for each console block."""

import difflib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from literate import Block, Page, SpecError, commands_of, read_page, rewritten, run_console

SPECS = Path(__file__).parent / "specs"
_REWRITTEN = pytest.StashKey[dict[Path, dict[int, str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-specs",
        action="store_true",
        help="write what the commands print now into the literate specs, so that the diff can be read",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_REWRITTEN] = {}
    if config.getoption("--rewrite-specs") and config.getoption("numprocesses", None):
        raise pytest.UsageError("--rewrite-specs writes files, so it runs in one process: leave out -n")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".md" and file_path.is_relative_to(SPECS):
        return SpecPage.from_parent(parent, path=file_path)
    return None


def pytest_sessionfinish(session: pytest.Session) -> None:
    for path, outputs in session.config.stash[_REWRITTEN].items():
        path.write_text(rewritten(path, outputs), encoding="utf-8")


class SpecPage(pytest.File):
    """A page of literate specs."""

    def collect(self) -> Iterator[pytest.Item]:
        try:
            page = read_page(self.path)
        except SpecError as fault:
            raise self.CollectError(str(fault)) from None
        for console in page.consoles:
            name = f"line {console.first}: {commands_of(console)[0]}"
            yield SpecConsole.from_parent(self, name=name, page=page, console=console)


class SpecConsole(pytest.Item):
    """A console block: its commands print exactly what the page says."""

    def __init__(self, *, page: Page, console: Block, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.page = page
        self.console = console

    def runtest(self) -> None:
        with tempfile.TemporaryDirectory(prefix="spec-") as folder:
            printed = run_console(self.page, self.console, Path(folder))
        if printed == self.console.text:
            return
        if self.config.getoption("--rewrite-specs"):
            self.config.stash[_REWRITTEN].setdefault(self.path, {})[self.console.first] = printed
            return
        raise _OtherOutputError(self.console.text, printed)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        fault = excinfo.value
        if isinstance(fault, _OtherOutputError):
            return f"{self.path}:{self.console.first}: the output is another one\n{fault}"
        if isinstance(fault, SpecError):
            return f"{self.path}:{self.console.first}: {fault}"
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.console.first - 1, self.name


class _OtherOutputError(Exception):
    def __init__(self, expected: str, printed: str) -> None:
        rows = difflib.unified_diff(
            expected.splitlines(), printed.splitlines(), "expected", "printed", lineterm="", n=2
        )
        super().__init__("\n".join(rows))
