"""`contractlang test`: the contract's own scenarios."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contractlang.commands.arguments import contracts_argument
from contractlang.commands.folders import contracts_of
from contractlang.commands.output import format_option, output_option, wants_colour, write_result
from contractlang.diagnostics import ContractError

if TYPE_CHECKING:
    from contractlang.api import ScenarioResult
    from contractlang.reporting.outcomes import Outcome


@click.command()
@contracts_argument
@format_option("text", "json", "github", "sarif", "junit", "gitlab")
@output_option
def command(files: tuple[str, ...], format: str, output: Path | None) -> int:
    """Run the scenarios that the contracts hold.

    FILE is a contract, a git revision of one (HEAD~1:contracts/acme/acme.contract), or a folder.

    \b
    Example:
      contractlang test contracts/acme/acme.contract
      contractlang test --format junit -o tests.xml contracts
    """
    from contractlang.reporting.outcomes import render

    outcomes = tuple(outcome for one in contracts_of(files) for outcome in _outcomes(one.file))
    colour = output is None and wants_colour(sys.stdout)
    write_result(render(outcomes, format, colour), output)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _outcomes(file: str) -> "tuple[Outcome, ...]":
    import contractlang
    from contractlang.reporting.outcomes import Outcome

    try:
        contract = contractlang.load(file)
        results = contract.run_tests()
    except ContractError as fault:
        # The scenarios of the other files are run all the same.
        return (Outcome(file, "the contract itself", fault.diagnostics),)
    return tuple(
        Outcome(file, result.name, result.failures, _why(result, contract.schema.currency))
        for result in results
    )


def _why(result: "ScenarioResult", currency: str) -> tuple[str, ...]:
    """How each thing that failed was computed; errors come first and have said why themselves."""
    if not result.failed:
        return ()
    from contractlang.rendering.reasons import reasons_text

    return (*("" for _ in result.errors), *(reasons_text(one.reasons, currency) for one in result.failed))
