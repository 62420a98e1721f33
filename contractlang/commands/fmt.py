"""`contractlang fmt`: the canonical layout of contracts.

Codes: CL991 a file in another layout, which only `--check` says.
"""

import difflib
import re
import sys
from pathlib import Path

import click

from contractlang.commands.arguments import contracts_argument
from contractlang.commands.folders import contracts_of
from contractlang.commands.output import complain, format_option, write_result
from contractlang.diagnostics import ContractError, Diagnostic, error
from contractlang.reading import decode_source, read_source
from contractlang.text import Source, Span

_LINES = re.compile(r"([1-9][0-9]*):([1-9][0-9]*)")


@click.command()
@contracts_argument
@click.option("--check", is_flag=True, help="List the files that would change, change none, exit with 1.")
@click.option("--diff", is_flag=True, help="Show what would change, change nothing, exit with 1.")
@click.option("--lines", metavar="A:B", help="Lay out only the declarations on lines A to B of one FILE.")
@format_option("text", "json", "github", "sarif", "junit", "gitlab", help="The form of what --check finds.")
def command(files: tuple[str, ...], check: bool, diff: bool, lines: str | None, format: str) -> int:
    """Lay contracts out in the one canonical form.

    Comments, empty lines and the meaning stay as they are; a file with a mistake in its words is left
    untouched. FILE is a contract, a folder with all in it, or - for standard input, whose layout goes to
    standard output.

    \b
    Example:
      contractlang fmt contracts/acme/acme.contract
      contractlang fmt --check contracts
    """
    if format != "text" and (diff or not check):
        raise click.UsageError("--format is about what --check finds; give --check too, and no --diff.")
    chosen = _chosen(lines, files)
    names = [one.file for one in contracts_of(files)]
    found: list[Diagnostic] = []
    changes = 0
    for name in names:
        try:
            source, text = _laid_out(name, chosen)
        except ContractError as fault:
            found += fault.diagnostics
            if format == "text":
                complain(fault.diagnostics)
            continue
        if text != source.text:
            changes += 1
            found.append(_otherwise(source, text))
        if format == "text":
            _give(name, source, text, check, diff)
    if format != "text":
        from contractlang.reporting import Report, render

        click.echo(render(Report(tuple(names), tuple(found), command="fmt"), format), nl=False)
    return 1 if len(found) > changes or (changes and (check or diff)) else 0


def _chosen(lines: str | None, files: tuple[str, ...]) -> tuple[int, int] | None:
    if lines is None:
        return None
    match = _LINES.fullmatch(lines)
    if match is None or int(match[1]) > int(match[2]):
        raise click.BadParameter(f'"{lines}" is no range of lines; write 12:30.', param_hint="'--lines'")
    if len(files) != 1:
        raise click.UsageError("--lines is about the lines of one FILE.")
    return int(match[1]), int(match[2])


def _laid_out(file: str, lines: tuple[int, int] | None) -> tuple[Source, str]:
    """A file as it is, and the text that it should have."""
    from contractlang.formatting import format_lines, format_text

    if file == "-":
        source = decode_source(sys.stdin.buffer.read(), "standard input")
    else:
        source = read_source(Path(file), file)
    return source, format_text(source) if lines is None else format_lines(source, *lines)


def _give(file: str, source: Source, text: str, check: bool, diff: bool) -> None:
    """Print or write what was asked for."""
    changed = text != source.text
    if diff:
        click.echo(_difference(source, text), nl=False)
    elif check:
        if changed:
            click.echo(source.name)
    elif file == "-":
        # A terminal may end lines in its own way; the text ends them as its source does.
        sys.stdout.buffer.write(text.encode())
    elif changed:
        write_result(text, Path(file))


def _otherwise(source: Source, text: str) -> Diagnostic:
    """That a file is laid out in another way, at the first line that is."""
    old, new = source.text.split("\n"), text.split("\n")
    line = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    if line is None:
        line = max(0, min(len(old), len(new)) - 1)
    start = sum(len(one) + 1 for one in old[:line])
    span = Span(source, start, start + len(old[line]))
    cure = f"contractlang fmt {source.name}"
    return error("CL991", "from here on this file is not in the one layout", span, cure)


def _difference(source: Source, text: str) -> str:
    old, new = (whole.replace("\r\n", "\n").splitlines(keepends=True) for whole in (source.text, text))
    rows = difflib.unified_diff(old, new, source.name, f"{source.name} (formatted)")
    return "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)
