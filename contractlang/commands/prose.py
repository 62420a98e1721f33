"""`contractlang prose`: the contract in sentences, for those who sign it."""

from pathlib import Path

import click

from contractlang.commands.arguments import contract_argument, language_option
from contractlang.commands.output import format_option, output_option, write_result


@click.command()
@contract_argument
@format_option("text", "markdown", "html")
@language_option
@click.option("--without-notes", is_flag=True, help="Leave out the author's explanations (## comments).")
@click.option(
    "--parties",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Who the parties are; by default the nearest parties.yaml.",
)
@click.option(
    "--templates",
    metavar="FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Templates that take the place of ours.",
)
@output_option
def command(
    file: str,
    format: str,
    language: str | None,
    without_notes: bool,
    parties: Path | None,
    templates: Path | None,
    output: Path | None,
) -> None:
    """Write a contract as the numbered clauses of an annex, in French or English.

    FILE is a contract without errors, or a git revision of one: HEAD~1:contracts/acme/acme.contract.

    \b
    Example:
      contractlang prose acme.contract --language fr --format html -o annexe.html
    """
    import contractlang
    from contractlang.rendering.prose import render

    contract = contractlang.load(file, parties)
    checked = contract.checked
    text = render(
        contract.document,
        checked.scope,
        format,
        language,
        contract.fingerprint,
        contract.parties,
        not without_notes,
        templates,
    )
    write_result(text, output)
