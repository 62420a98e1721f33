"""`contractlang git-setup`: what git should know of contracts."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from contractlang.commands.output import read_bytes, write_bytes

ATTRIBUTES = "*.contract diff=contractlang merge=contractlang text eol=lf"
# What stands alone or names something else begins no clause.
_NO_CLAUSE = frozenset("INCLUDE REMOVE GIVEN EXPECT TRANSITION_TO".split())
_WORD = "|".join(
    (
        "[0-9]{4}-[0-9]{2}(-[0-9]{2})?",
        "[-+]?[0-9]+( [0-9]{3})*([.,][0-9]+)*%?",
        "[[:alpha:]_][[:alnum:]_]*",
        "[^[:space:]]",
    )
)


@click.command("git-setup")
@click.option("--print", "only_print", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--remove", is_flag=True, help="Take away again what this command writes.")
def command(only_print: bool, remove: bool) -> None:
    """Tell git what a contract is: names of clauses, words, merges.

    The settings go into the configuration of the repository of the current folder, and a line into its
    .gitattributes. Then `git diff` names the clause of each change, `git log -L :NAME:FILE` follows one,
    `git diff --word-diff` shows a new price alone, and layout is no conflict when branches are merged.
    Everybody who clones the repository runs this once; it may be run again at any time.

    \b
    Example:
      contractlang git-setup
    """
    from contractlang.syntax.git import Repository

    repository = Repository.around(Path())
    attributes = repository.root / ".gitattributes"
    wanted = settings()
    if only_print:
        click.echo("\n".join([*_as_file(wanted), "", "# .gitattributes", ATTRIBUTES]))
        return
    for section in ("diff.contractlang", "merge.contractlang"):
        mine = {key: value for key, value in wanted.items() if key.startswith(f"{section}.")}
        there = {key: repository.setting(key) for key in mine}
        if remove:
            if any(value is not None for value in there.values()):
                repository.forget(section)
                click.echo(f"removed  {section}")
            continue
        for key, value in mine.items():
            if there[key] != value:
                repository.configure(key, value)
            click.echo(f"{'is set' if there[key] == value else 'set':<9}{key}")
    click.echo(_write_attributes(attributes, remove))


def settings() -> dict[str, str]:
    """The settings by their names: what begins a clause, what a word is, who merges."""
    from contractlang.syntax.skipping import DECLARATIONS
    from contractlang.syntax.tables import tables

    words = sorted(tables().texts[name] for name in DECLARATIONS - _NO_CLAUSE)
    program = shlex.quote(_program())
    plain = "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
    return {
        "diff.contractlang.xfuncname": f"^[[:space:]]*(({'|'.join(words)})[[:space:]].*)$",
        "diff.contractlang.wordRegex": _WORD,
        "merge.contractlang.name": "contracts, laid out before they are merged",
        # Where the program is gone or fails, git merges as it does any text: a driver that only fails
        # would leave our side without a marker, as if theirs had never been.
        "merge.contractlang.driver": f"{program} git-merge --marker-size %L -L %X -L %S -L %Y %O %A %B %P; "
        f"s=$?; test $s -le 1 && exit $s; exec {plain}",
    }


def _program() -> str:
    """The program by its path, for git is also started where no environment is active."""
    beside = Path(sys.executable).with_name("contractlang")
    found = str(beside) if beside.exists() else shutil.which("contractlang")
    return Path(found).as_posix() if found else "contractlang"


def _as_file(wanted: dict[str, str]) -> Iterator[str]:
    yield "# the configuration of the repository (git config --local)"
    section = ""
    for key, value in wanted.items():
        group, _, name = key.rpartition(".")
        if group != section:
            section = group
            kind, _, driver = group.partition(".")
            yield f'[{kind} "{driver}"]'
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        yield f'  {name} = "{escaped}"'


def _write_attributes(path: Path, remove: bool) -> str:
    """Add our line at the end, or take it away; every other byte stays. What was done, in words."""
    before = read_bytes(str(path)) if path.exists() else b""
    mine = ATTRIBUTES.encode()
    lines = before.splitlines(keepends=True)
    there = any(line.split() == mine.split() for line in lines)
    if there != remove:
        return f"{'is set' if there else 'no line':<9}{path.name}"
    if remove:
        content = b"".join(line for line in lines if line.split() != mine.split())
    else:
        end = b"\r\n" if lines and lines[0].endswith(b"\r\n") else b"\n"
        content = before + (end if before and not before.endswith(b"\n") else b"") + mine + end
    if content:
        write_bytes(content, str(path))
    else:
        path.unlink()
    return f"{'removed' if remove else 'set':<9}{path.name}"
