"""`contractlang explain`: why each line of an invoice is what it is."""

from pathlib import Path

import click

from contractlang.commands.arguments import (
    as_of_option,
    contract_argument,
    language_option,
    period_option,
    usage_option,
)
from contractlang.commands.output import complain, format_option, output_option, write_result


@click.command()
@contract_argument
@click.argument("line", metavar="[LINE]", required=False)
@usage_option
@period_option("--period", "The period: a month (2026-07), or any date inside the period.", required=True)
@format_option("text", "markdown", "json")
@language_option
@as_of_option
@output_option
def command(
    file: str,
    line: str | None,
    usage: str,
    period: str,
    format: str,
    language: str | None,
    as_of: str | None,
    output: Path | None,
) -> None:
    """Explain an invoice, or one LINE of it.

    Each amount is shown with the figures and the terms that it comes from.

    FILE is a contract, or a git revision of one: HEAD~1:contracts/acme/acme.contract.

    \b
    Example:
      contractlang explain acme.contract --usage usage.yaml --period 2026-07 answering
    """
    import contractlang
    from contractlang.rendering import explanation

    contract = contractlang.load(file, as_of=as_of)
    invoice = contract.invoice(contractlang.load_usage(usage, contract), period)
    complain(invoice.warnings)
    write_result(explanation.render(invoice, line, format, language), output)
