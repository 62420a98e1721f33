"""`contractlang fmt`: the canonical layout of contracts."""

import re

import click

from contractlang.commands.arguments import contracts_argument
from contractlang.commands.laid_out_files import lay_out
from contractlang.commands.output import format_option

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
    return lay_out(files, check, diff, chosen, format)


def _chosen(lines: str | None, files: tuple[str, ...]) -> tuple[int, int] | None:
    if lines is None:
        return None
    match = _LINES.fullmatch(lines)
    if match is None or int(match[1]) > int(match[2]):
        raise click.BadParameter(f'"{lines}" is no range of lines; write 12:30.', param_hint="'--lines'")
    if len(files) != 1:
        raise click.UsageError("--lines is about the lines of one FILE.")
    return int(match[1]), int(match[2])
