"""`contractlang blame`: who brought a line of a contract, and the prices and figures that it reads."""

from pathlib import Path

import click

from contractlang.commands.arguments import contract_argument
from contractlang.commands.output import format_option, output_option, write_result


@click.command()
@contract_argument
@click.argument("line", metavar="LINE")
@format_option("text", "markdown", "json")
@output_option
def command(file: str, line: str, format: str, output: Path | None) -> None:
    """Say which commit brought a clause, and each that it reads.

    LINE is a name of the contract (a line, a rate, a figure, a phase), or the number of a line of FILE.
    A commit that only moved the text, changed a comment or gave a name brought nothing.

    \b
    Example:
      contractlang blame contracts/acme/acme.contract handling
    """
    from contractlang import api
    from contractlang.rendering import histories

    write_result(histories.render_blame(api.blame_records(file, line), format), output)
