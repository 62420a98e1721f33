"""`contractlang check`: all that is wrong with contracts before anything is paid."""

import sys
from pathlib import Path

import click

from contractlang.commands.arguments import contracts_argument
from contractlang.commands.folders import Named, contracts_of
from contractlang.commands.output import format_option, output_option, wants_colour, write_result
from contractlang.diagnostics import ContractError, Diagnostic, Severity, has_errors


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
    from contractlang.reporting import Report, render

    looked: dict[str, tuple[Diagnostic, ...]] = {}
    for one in contracts_of(files):
        diagnostics = _diagnostics(one)
        if diagnostics is not None:
            looked[one.file] = diagnostics
    found = [one for diagnostics in looked.values() for one in diagnostics]
    shown = tuple(one for one in found if verbose or one.severity is not Severity.INFO)
    colour = output is None and wants_colour(sys.stdout)
    write_result(render(Report(tuple(looked), shown, colour), format), output)
    return 1 if has_errors(found) else 0


def _diagnostics(named: Named) -> tuple[Diagnostic, ...] | None:
    """What is wrong with a contract; None for a file of a folder that is there to be included."""
    import contractlang

    try:
        contract = contractlang.load(named.file)
        if named.found and contract.document.header is None and contract.document.declarations:
            return None
        return contract.check()
    except ContractError as fault:
        return fault.diagnostics
