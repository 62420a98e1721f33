"""`contractlang check`: all that is wrong with contracts before anything is paid."""

import sys
from pathlib import Path

import click

from contractlang.commands.arguments import contracts_argument
from contractlang.commands.output import format_option, output_option, wants_colour, write_result
from contractlang.diagnostics import ContractError, Diagnostic, Severity, has_errors


@click.command()
@contracts_argument
@format_option("text", "json", "github", "sarif", "junit", "gitlab")
@click.option("--verbose", is_flag=True, help="Show remarks too, which are neither errors nor warnings.")
@output_option
def command(files: tuple[str, ...], format: str, verbose: bool, output: Path | None) -> int:
    """Check names, units, types, bands, phases and cliffs.

    FILE is a contract, or a git revision of one: HEAD~1:contracts/acme/acme.contract.

    \b
    Example:
      contractlang check contracts/acme/acme.contract
      contractlang check --format sarif -o check.sarif contracts/*/*.contract
    """
    from contractlang.reporting import Report, render

    found = [one for file in files for one in _diagnostics(file)]
    shown = tuple(one for one in found if verbose or one.severity is not Severity.INFO)
    colour = output is None and wants_colour(sys.stdout)
    write_result(render(Report(files, shown, colour), format), output)
    return 1 if has_errors(found) else 0


def _diagnostics(file: str) -> tuple[Diagnostic, ...]:
    import contractlang

    try:
        return contractlang.load(file).check()
    except ContractError as fault:
        return fault.diagnostics
