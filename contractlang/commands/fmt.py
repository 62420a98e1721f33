"""`contractlang fmt`: the canonical layout of contracts."""

import difflib
import re
import sys
from pathlib import Path

import click

from contractlang.commands.arguments import contracts_argument
from contractlang.commands.output import complain, write_result
from contractlang.diagnostics import ContractError
from contractlang.reading import decode_source, read_source
from contractlang.text import Source

_LINES = re.compile(r"([1-9][0-9]*):([1-9][0-9]*)")


@click.command()
@contracts_argument
@click.option("--check", is_flag=True, help="List the files that would change, change none, exit with 1.")
@click.option("--diff", is_flag=True, help="Show what would change, change nothing, exit with 1.")
@click.option("--lines", metavar="A:B", help="Lay out only the declarations on lines A to B of one FILE.")
def command(files: tuple[str, ...], check: bool, diff: bool, lines: str | None) -> int:
    """Lay contracts out in the one canonical form.

    Comments, empty lines and the meaning stay as they are; a file with a mistake in its words is left
    untouched. FILE is a contract, or - for standard input, whose layout goes to standard output.

    \b
    Example:
      contractlang fmt contracts/acme/acme.contract
      contractlang fmt --check contracts/*/*.contract
    """
    chosen = _chosen(lines, files)
    status = 0
    for file in files:
        try:
            changed = _formatted(file, check, diff, chosen)
        except ContractError as fault:
            complain(fault.diagnostics)
            status = 1
        else:
            status = 1 if changed and (check or diff) else status
    return status


def _chosen(lines: str | None, files: tuple[str, ...]) -> tuple[int, int] | None:
    if lines is None:
        return None
    match = _LINES.fullmatch(lines)
    if match is None or int(match[1]) > int(match[2]):
        raise click.BadParameter(f'"{lines}" is no range of lines; write 12:30.', param_hint="'--lines'")
    if len(files) != 1:
        raise click.UsageError("--lines is about the lines of one FILE.")
    return int(match[1]), int(match[2])


def _formatted(file: str, check: bool, diff: bool, lines: tuple[int, int] | None) -> bool:
    """Lay out one file; whether that changes it."""
    from contractlang.formatting import format_lines, format_text

    piped = file == "-"
    name = "standard input" if piped else file
    source = decode_source(sys.stdin.buffer.read(), name) if piped else read_source(Path(file), name)
    text = format_text(source) if lines is None else format_lines(source, *lines)
    changed = text != source.text
    if diff:
        click.echo(_difference(source, text), nl=False)
    elif check:
        if changed:
            click.echo(name)
    elif piped:
        # A terminal may end lines in its own way; the text ends them as its source does.
        sys.stdout.buffer.write(text.encode())
    elif changed:
        write_result(text, Path(file))
    return changed


def _difference(source: Source, text: str) -> str:
    old, new = (whole.replace("\r\n", "\n").splitlines(keepends=True) for whole in (source.text, text))
    rows = difflib.unified_diff(old, new, source.name, f"{source.name} (formatted)")
    return "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)
