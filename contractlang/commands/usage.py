"""`contractlang usage`: what will be rated, and what is odd in it, before any money."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from contractlang.commands.arguments import (
    allow_files_option,
    as_of_option,
    contract_argument,
    language_option,
    period_option,
    usage_option,
)
from contractlang.commands.outcome import AT_FAULT, FINE
from contractlang.commands.output import format_option, output_option, wants_colour, write_result


@click.command()
@contract_argument
@usage_option
@allow_files_option
@period_option("--period", "The period to look at: a month (2026-07), or any date inside the period.")
@period_option("--from", "The first of several periods.")
@period_option("--to", "The last of several periods.")
@format_option("text", "json", "html")
@click.option("--strict", is_flag=True, help="Take every finding for an error.")
@click.option(
    "--since",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An earlier profile or invoice, as JSON: say which months or files have changed.",
)
@click.option(
    "--invoiced-until",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="With --since, a day of the last month that was invoiced; by default all that were known.",
)
@language_option
@click.option(
    "--templates",
    metavar="FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Templates that take the place of ours.",
)
@as_of_option
@output_option
def command(
    file: str,
    usage: str,
    allow_files: tuple[Path, ...],
    period: str | None,
    from_: str | None,
    to: str | None,
    format: str,
    strict: bool,
    since: Path | None,
    invoiced_until: datetime | None,
    language: str | None,
    templates: Path | None,
    as_of: str | None,
    output: Path | None,
) -> int:
    """Profile a usage: what will be rated, and what to look at first.

    For each table: rows by day and month, days without rows, rows that come twice, intervals that end before
    they start or overlap, values out of their range or without a price, empty cells. For each supplied
    figure: the periods without one. Without a period it is the whole term.

    Findings are warnings, and the exit status is 0; with --strict they are errors, and it is 1.

    \b
    Example:
      contractlang usage acme.contract --usage usage.yaml --period 2026-07
      contractlang usage acme.contract --usage usage.yaml --format html -o usage.html
      contractlang usage acme.contract --usage usage.yaml --since invoiced/2026-07.json --strict
    """
    if (from_ is None) != (to is None) or (period is not None and from_ is not None):
        raise click.UsageError("Give --period P, or both --from P and --to P, or none of them.")
    if invoiced_until is not None and since is None:
        raise click.UsageError("--invoiced-until says what of --since FILE was invoiced: give that too.")
    import sys

    import contractlang
    from contractlang.diagnostics import Severity
    from contractlang.rendering import usage as rendering
    from contractlang.rendering.languages import chosen

    contract = contractlang.load(file, as_of=as_of)
    measured = contractlang.load_usage(usage, contract, allow_files)
    until: date | None = invoiced_until.date() if invoiced_until is not None else None
    profile = contractlang.profile_usage(
        contract, measured, period or from_, period or to, name=usage, since=since, invoiced_until=until,
        language=chosen(language, contract.parties[1].language).code,
    )  # fmt: skip
    if strict:
        errors = tuple(replace(one, severity=Severity.ERROR) for one in profile.findings)
        profile = replace(profile, findings=errors)
    if format == "text":
        from contractlang.reporting.text import diagnostic_text

        colour = output is None and wants_colour(sys.stdout)
        kinds = rendering.kinds(profile)
        findings = [diagnostic_text(one, colour, kinds) for one in profile.findings]
        text = "\n".join([rendering.text(profile), *findings, rendering.summary(profile) + "\n"])
    else:
        text = rendering.render(profile, format, templates)
    write_result(text, output)
    return AT_FAULT if strict and profile.findings else FINE
