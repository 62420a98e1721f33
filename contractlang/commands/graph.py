"""`contractlang graph`: phases and bands, drawn."""

from pathlib import Path

import click

from contractlang.commands.arguments import contract_argument
from contractlang.commands.output import format_option, output_option, write_result


@click.command()
@contract_argument
@format_option("svg", "mermaid")
@output_option
def command(file: str, format: str, output: Path | None) -> None:
    """Draw the phases of a contract and its bands.

    FILE is a contract, or a git revision of one: HEAD~1:contracts/acme/acme.contract.

    \b
    Example:
      contractlang graph acme.contract -o phases.svg
    """
    import contractlang
    from contractlang.rendering import graph

    write_result(graph.render(contractlang.load(file), format), output)
