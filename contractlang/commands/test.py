"""`contractlang test`: the contract's own scenarios."""

import sys
from pathlib import Path

import click

from contractlang.commands.arguments import contracts_argument
from contractlang.commands.output import format_option, output_option, wants_colour, write_result


@click.command()
@contracts_argument
@format_option("text", "json", "junit")
@output_option
def command(files: tuple[str, ...], format: str, output: Path | None) -> int:
    """Run the scenarios that the contracts hold.

    FILE is a contract, or a git revision of one: HEAD~1:contracts/acme/acme.contract.

    \b
    Example:
      contractlang test contracts/acme/acme.contract
    """
    import contractlang
    from contractlang.reporting.outcomes import Outcome, render

    outcomes = tuple(
        Outcome(file, result.name, result.failures)
        for file in files
        for result in contractlang.load(file).run_tests()
    )
    colour = output is None and wants_colour(sys.stdout)
    write_result(render(outcomes, format, colour), output)
    return 0 if all(outcome.passed for outcome in outcomes) else 1
