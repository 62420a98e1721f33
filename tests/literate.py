"""Literate specs: a Markdown page whose contracts are written out and whose commands are run.

A spec file holds fenced blocks. The word after the fence is the language, the next one a file name:

    ```contract acme.contract       a file, written into an empty folder before anything runs
    ```yaml usage.yaml              another; csv, jsonl, json, j2 and text are written too
    ```console                      commands after "$ ", each with its whole expected output:
                                    standard output, then standard error, then "exit N" unless N is 0

Every console block of a page runs in a folder of its own that holds all files of the page, so blocks
do not depend on one another. Commands run in this process; only `contractlang` and `cat` are known, and
`git`, by one author on one day and without a word: `git add -A` and the like put the page's files into a
history whose hashes are always the same.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

FILE_LANGUAGES = frozenset({"contract", "yaml", "csv", "jsonl", "json", "j2", "text"})
CONSOLE = "console"
PROMPT = "$ "

_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,})(?P<info>[^`]*)$")


class SpecError(Exception):
    """A spec page that would be skipped, wholly or in part, if nobody said so."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its info string as words, and its lines, the first being `first` (from 1)."""

    language: str
    file: str | None
    first: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Page:
    """A spec file: the files that it defines, and its console blocks."""

    path: Path
    files: tuple[Block, ...]
    consoles: tuple[Block, ...]


def read_page(path: Path) -> Page:
    """The blocks of a page; raises SpecError for a block of an unknown kind or without a file name."""
    blocks = tuple(blocks_of(path.read_text(encoding="utf-8")))
    for block in blocks:
        where = f"{path}:{block.first - 1}"
        if block.language == CONSOLE:
            if block.file is not None:
                raise SpecError(f"{where}: a console block has no file name")
            if not block.lines or not block.lines[0].startswith(PROMPT):
                raise SpecError(f"{where}: a console block begins with a command, after {PROMPT!r}")
        elif block.language not in FILE_LANGUAGES:
            raise SpecError(f"{where}: a block of the unknown kind {block.language!r} would not be run")
        elif block.file is None:
            raise SpecError(f"{where}: this block has no file name, so it would not be written")
    files = tuple(block for block in blocks if block.language != CONSOLE)
    names = [block.file for block in files]
    for name in names:
        if names.count(name) > 1:
            raise SpecError(f"{path}: two blocks are both called {name}")
    consoles = tuple(block for block in blocks if block.language == CONSOLE)
    if not consoles:
        raise SpecError(f"{path}: this page runs no command")
    return Page(path, files, consoles)


def blocks_of(text: str) -> Iterator[Block]:
    """All fenced blocks of a Markdown text; raises SpecError for one that is never closed."""
    opened: re.Match[str] | None = None
    first, lines = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        match = _FENCE.match(line)
        if opened is None:
            if match:
                opened, first, lines = match, number + 1, []
        elif match and not match["info"].strip() and len(match["fence"]) >= len(opened["fence"]):
            words = opened["info"].split()
            if len(words) > 2 or opened["indent"]:
                raise SpecError(f"line {first - 1}: write the fence as LANGUAGE FILE, at the line's start")
            language, file = (*words, "", None)[:2] if words else ("", None)
            yield Block(str(language), file or None, first, tuple(lines))
            opened = None
        else:
            lines.append(line)
    if opened is not None:
        raise SpecError(f"line {first - 1}: this fence is never closed")


def commands_of(console: Block) -> tuple[str, ...]:
    """The commands of a console block, without the prompt."""
    return tuple(line.removeprefix(PROMPT) for line in console.lines if line.startswith(PROMPT))


def run_console(page: Page, console: Block, folder: Path) -> str:
    """What the block should hold: its commands, each followed by what it prints now."""
    for block in page.files:
        assert block.file is not None, "a page is read only where its files are named"
        target = folder / block.file
        assert target.resolve().is_relative_to(folder.resolve()), f"{block.file} leaves the folder"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, encoding="utf-8")
    return "".join(f"{PROMPT}{command}\n{_run(command, folder)}" for command in commands_of(console))


def rewritten(path: Path, outputs: dict[int, str]) -> str:
    """The page's text with the console blocks that begin on the given lines holding the new text."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for block in sorted(read_page(path).consoles, key=lambda one: -one.first):
        if block.first in outputs:
            start = block.first - 1
            lines[start : start + len(block.lines)] = outputs[block.first].removesuffix("\n").split("\n")
    return "\n".join(lines)


def _run(command: str, folder: Path) -> str:
    program, *arguments = shlex.split(command)
    if program == "cat":
        return "".join((folder / name).read_text(encoding="utf-8") for name in arguments)
    if program == "git":
        return _git(arguments, folder)
    if program != "contractlang":
        raise SpecError(f"{program!r} is not a program that specs run")
    # A page has its own repository or none, wherever the folders for tests lie.
    with mock.patch.dict(os.environ, {"GIT_CEILING_DIRECTORIES": str(folder.resolve().parent)}):
        status, stdout, stderr = run_program(arguments, folder)
    parts = [stdout, stderr, f"exit {status}\n" if status else ""]
    return "".join(part if part.endswith("\n") or not part else f"{part}\n" for part in parts)


def _git(arguments: list[str], folder: Path) -> str:
    """Run git in a repository that knows nothing of the machine, and say nothing."""
    settings = {
        "user.name": "Ada", "user.email": "ada@example.org", "init.defaultBranch": "main",
        "commit.gpgsign": "false", "core.autocrlf": "false",
    }  # fmt: skip
    day = "2026-02-03T10:00:00+00:00"
    environment = {
        **os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day, "GIT_DEFAULT_HASH": "sha1",
    }  # fmt: skip
    options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    run = subprocess.run(["git", *options, *arguments], cwd=folder, env=environment, capture_output=True)
    if run.returncode:
        raise SpecError(f"git {arguments[0]}: {run.stderr.decode()}")
    return ""


def run_program(arguments: list[str], folder: Path) -> tuple[int, str, str]:
    """Run `contractlang` in this process, in `folder`: exit status, standard output, standard error."""
    from contractlang.commands.main import main

    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    plain = {"NO_COLOR": "1", "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, plain),
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
    ):
        os.environ.pop("CONTRACTLANG_DEBUG", None)
        status = main(arguments)
    return status, _written(stdout), _written(stderr)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO), "the stream was made above, over bytes in memory"
    return buffer.getvalue().decode("utf-8")
