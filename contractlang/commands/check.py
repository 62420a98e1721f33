"""`contractlang check`: all that is wrong with contracts before anything is paid."""

from pathlib import Path

import click

from contractlang.commands.arguments import contracts_argument
from contractlang.commands.checked_files import check_files
from contractlang.commands.output import format_option, output_option


@click.command()
@contracts_argument
@format_option("text", "json", "github", "sarif", "junit", "gitlab")
@click.option("--verbose", is_flag=True, help="Show remarks too, which are neither errors nor warnings.")
@output_option
def command(files: tuple[str, ...], format: str, verbose: bool, output: Path | None) -> int:
    """Check names, units, types, bands, phases and cliffs.

    FILE is a contract, a git revision of one (HEAD~1:contracts/acme/acme.contract), or a folder: all
    contracts in it, without the files that are there to be included.

    \b
    Example:
      contractlang check contracts/acme/acme.contract
      contractlang check --format sarif -o check.sarif contracts
    """
    return check_files(files, format, verbose, output)
