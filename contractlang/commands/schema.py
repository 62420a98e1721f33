"""`contractlang schema`: the JSON schemas of what the commands print."""

from pathlib import Path

import click

from contractlang.commands.output import output_option, write_result


@click.command()
@click.argument("name", type=click.Choice(["invoice", "diagnostics", "diff", "run", "usage"]))
@output_option
def command(name: str, output: Path | None) -> None:
    """Print the JSON schema of a result.

    That is what `invoice --format json` prints, for diagnostics `check --format json`, for diff
    `diff --format json`, for run `invoice FOLDER --format json`, and for usage `usage --format json`.

    \b
    Example:
      contractlang schema invoice -o invoice.schema.json
    """
    from contractlang.resources import schemas_folder

    write_result((schemas_folder() / f"{name}.schema.json").read_text(encoding="utf-8"), output)
