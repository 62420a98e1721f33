"""`contractlang explain`: why each line of an invoice is what it is, down to the rows that were counted.

Codes: CL993 a file of rows of several figures.
"""

from pathlib import Path
from typing import TYPE_CHECKING

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
from contractlang.commands.output import (
    complain,
    format_option,
    output_option,
    replace_with,
    write_result,
)
from contractlang.diagnostics import ContractError, error

if TYPE_CHECKING:
    from contractlang.api import LoadedContract

_FILES_OF_ROWS = (".csv", ".parquet", ".pq")


@click.command()
@contract_argument
@click.argument("line", metavar="[LINE]", required=False)
@usage_option
@allow_files_option
@period_option("--period", "The period: a month (2026-07), or any date inside the period.", required=True)
@format_option("text", "markdown", "json")
@language_option
@as_of_option
@click.option(
    "--rows", is_flag=True, help="List the rows that were counted instead, and those counted nowhere."
)
@click.option(
    "--page",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    help="With --rows, the page of rows to list.",
)
@output_option
def command(
    file: str,
    line: str | None,
    usage: str,
    allow_files: tuple[Path, ...],
    period: str,
    format: str,
    language: str | None,
    as_of: str | None,
    rows: bool,
    page: int,
    output: Path | None,
) -> int:
    """Explain an invoice, or one LINE of it.

    Each amount is shown with the figures and the terms that it comes from. With --rows, the rows that the
    figures of the line count are listed instead, a page at a time, or all written to a .csv or .parquet file;
    without LINE also the rows that nothing counts, and why. Where a price is all that an invoice lacks, the
    rows without one are among them, and the exit status is 1.

    FILE is a contract, or a git revision of one: HEAD~1:contracts/acme/acme.contract. LINE is the name of a
    line in the contract, or its title on the invoice, between quotes.

    \b
    Example:
      contractlang explain acme.contract --usage usage.yaml --period 2026-07 answering
      contractlang explain acme.contract --usage usage.yaml --period 2026-07 handling --rows
    """
    import contractlang
    from contractlang.rendering import explanation

    contract = contractlang.load(file, as_of=as_of)
    if rows:
        return _list_rows(contract, usage, allow_files, period, line, page, format, language, output)
    invoice = contract.invoice(contractlang.load_usage(usage, contract, allow_files), period)
    complain(invoice.warnings)
    write_result(explanation.render(invoice, line, format, language), output)
    return FINE


def _list_rows(
    contract: "LoadedContract",
    usage: str,
    allow_files: tuple[Path, ...],
    period: str,
    line: str | None,
    page: int,
    format: str,
    language: str | None,
    output: Path | None,
) -> int:
    import contractlang
    from contractlang.rendering import rows as listing

    measured = contractlang.load_usage(usage, contract, allow_files)
    found = contract.rows_of(measured, period, line)
    complain(measured.warnings)
    if output is not None and output.suffix.lower() in _FILES_OF_ROWS:
        # One file holds one table; which figure is meant must be plain.
        # The rows that it counts for a value without a price are its rows too.
        unpriced = [(one.figure, one.table, one.rows) for one in found.uncounted if one.figure is not None]
        listed = [*((one.words, one.table, one.rows) for one in found.counted), *unpriced]
        figures = list(dict.fromkeys((words, table) for words, table, _ in listed))
        if len(figures) != 1:
            names = ", ".join(words for words, _ in figures) or "none"
            message = f"a file holds the rows of one figure, and these are counted: {names}"
            several = error("CL993", message, None, "name a line that counts rows once")
            raise ContractError([*found.faults, several])
        replace_with(output, lambda path: measured.write_rows([rows for _, _, rows in listed], path))
        complain(found.faults)
        return AT_FAULT if found.faults else FINE
    shape: listing.Format = "json" if format == "json" else "text"
    write_result(listing.render(found, page, shape, language, contract.parties[1].language), output)
    complain(found.faults)
    return AT_FAULT if found.faults else FINE
