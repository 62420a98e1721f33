"""`contractlang log`: the history of a contract's terms, commit by commit."""

from pathlib import Path

import click

from contractlang.commands.arguments import allow_files_option, contract_argument, period_option
from contractlang.commands.diff import spans_of
from contractlang.commands.output import format_option, output_option, write_result


@click.command()
@contract_argument
@click.option("--usage", metavar="U", help="Price each commit on this usage.")
@allow_files_option
@period_option("--period", "The period to price: a month (2026-07), or any date inside it.")
@period_option("--from", "The first of several periods.")
@period_option("--to", "The last of several periods.")
@click.option("--all", "every", is_flag=True, help="Show commits that changed no terms, too.")
@format_option("text", "markdown", "json")
@output_option
def command(
    file: str,
    usage: str | None,
    allow_files: tuple[Path, ...],
    period: str | None,
    from_: str | None,
    to: str | None,
    every: bool,
    format: str,
    output: Path | None,
) -> None:
    """List the commits that changed the terms of a contract, the newest first.

    The file is followed through its renames, and the files that it includes are looked at too. A
    file that is there to be included has the history of the contracts that include it: name one of those.

    \b
    Example:
      contractlang log contracts/acme/acme.contract
      contractlang log contracts/acme/acme.contract --usage contracts/acme/usage.yaml --period 2026-07
    """
    first, last = spans_of(usage, period, from_, to)
    from contractlang import api
    from contractlang.rendering import histories

    records = [
        one
        for one in api.log_records(file, usage, first, last, allow_files)
        if every or one["changes"] or one["first"] or one["wrong"]
    ]
    write_result(histories.render_log(records, format), output)
