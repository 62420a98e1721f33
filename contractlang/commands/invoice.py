"""`contractlang invoice`: what contracts and their usage come to, for one period or several."""

from pathlib import Path

import click

from contractlang.commands.arguments import (
    allow_files_option,
    as_of_option,
    contract_argument,
    language_option,
    period_option,
)
from contractlang.commands.output import complain, format_option, output_option, write_result


@click.command()
@contract_argument
@click.option(
    "--usage",
    metavar="U",
    help="What was measured: the contract's usage.yaml; of a folder, the name of the file beside each.",
)
@allow_files_option
@period_option("--period", "The period: a month (2026-07), or any date inside the period.")
@period_option("--from", "The first of several periods.")
@period_option("--to", "The last of several periods.")
@format_option("text", "markdown", "html", "json", "lines")
@language_option
@click.option(
    "--templates",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of templates that take the place of those with the same names.",
)
@click.option(
    "--parties",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Who the parties are; by default parties.yaml beside the contract or above it.",
)
@as_of_option
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Of a folder, how many contracts to rate at once; by default one a processor.",
)
@output_option
def command(
    file: str,
    usage: str | None,
    allow_files: tuple[Path, ...],
    period: str | None,
    from_: str | None,
    to: str | None,
    format: str,
    language: str | None,
    templates: Path | None,
    parties: Path | None,
    as_of: str | None,
    jobs: int | None,
    output: Path | None,
) -> int:
    """Compute the invoice of one period or several.

    FILE is a contract, a git revision of one (HEAD~1:contracts/acme/acme.contract), or a folder: then all
    contracts in it are invoiced on the usage.yaml beside each, to one file a document where -o names a
    folder. A contract that fails leaves the others alone.

    The format `lines` is for scripts: one row a line, with its days, its amount and its VAT.

    \b
    Example:
      contractlang invoice acme.contract --usage usage.yaml --period 2026-07
      contractlang invoice acme.contract --usage usage.yaml --period 2026-07 --format html -o july.html
      contractlang invoice contracts --period 2026-07 --jobs 4 --format html -o invoices
    """
    spans = (from_ is not None, to is not None)
    if (period is not None) == any(spans) or any(spans) != all(spans):
        raise click.UsageError("Give --period P, or both --from P and --to P.")
    if Path(file).is_dir():
        if format == "html" and output is None:
            raise click.UsageError("Pages of a folder of contracts are written to a folder: give -o FOLDER.")
        from contractlang.billing_run import Settings
        from contractlang.billing_run.days import days_named
        from contractlang.commands.invoiced_folder import invoice_folder

        days, name = days_named(period or from_, period or to)
        settings = Settings(days, name, format, language, templates, parties, as_of, allow_files)
        return invoice_folder(file, usage, settings, jobs, output)
    if usage is None:
        raise click.UsageError("Give --usage U, the contract's usage.yaml.")
    if jobs is not None:
        raise click.UsageError("--jobs is about the contracts of a folder.")
    import contractlang
    from contractlang.diagnostics import in_order
    from contractlang.rendering import invoice as rendering

    contract = contractlang.load(file, parties=parties, as_of=as_of)
    measured = contractlang.load_usage(usage, contract, allow_files)
    if period is not None:
        one = contract.invoice(measured, period)
        complain(one.warnings)
        write_result(rendering.render(one, format, language, templates), output)
        return 0
    assert from_ is not None, "both ends are given where the period is not"
    assert to is not None, "both ends are given where the period is not"
    invoices = contract.invoices(measured, from_, to)
    complain(in_order(warning for one in invoices for warning in one.warnings))
    write_result(rendering.render_all(invoices, format, language, templates), output)
    return 0
