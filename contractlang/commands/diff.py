"""`contractlang diff`: what changed in meaning between two contracts, and in money."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contractlang.commands.arguments import allow_files_option, period_option
from contractlang.commands.output import format_option, output_option, write_result
from contractlang.diagnostics import ContractError

if TYPE_CHECKING:
    from contractlang.api import LoadedContract

SAME, WORDING, TERMS = 0, 3, 4


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--usage", metavar="U", help="Price the changes on this usage; beside each contract of a folder."
)
@allow_files_option
@period_option("--period", "The period to price: a month (2026-07), or any date inside it.")
@period_option("--from", "The first of several periods.")
@period_option("--to", "The last of several periods.")
@format_option("text", "markdown", "json")
@output_option
def command(
    old: str,
    new: str,
    usage: str | None,
    allow_files: tuple[Path, ...],
    period: str | None,
    from_: str | None,
    to: str | None,
    format: str,
    output: Path | None,
) -> int:
    """Say what changed from one contract to another, in meaning and in money.

    OLD and NEW are contracts, git revisions of contracts (HEAD~1:contracts/acme/acme.contract, or with
    ./ from here), or two folders (also main:contracts), whose contracts are compared by their paths; one
    that has another path is found by its title.

    Exit status: 0 nothing changed in meaning; 3 only wording did; 4 prices, times or risks did. A contract
    of a folder that cannot be priced says why; the others are priced, and the status is 1.

    \b
    Example:
      contractlang diff HEAD~1:contracts/acme/acme.contract contracts/acme/acme.contract
      contractlang diff main:contracts contracts --usage usage.yaml --period 2026-07 --format markdown
    """
    first, last = spans_of(usage, period, from_, to)
    from contractlang import api
    from contractlang.commands.pairing import Pair, pairs, with_renamed
    from contractlang.rendering import differences

    several = pairs(old, new)
    is_folder = several != (Pair(old, new),)
    several = with_renamed(several, _title)
    records = []
    for pair in several:
        before, after = _loaded(pair.old, is_folder), _loaded(pair.new, is_folder)
        if before is None and after is None:
            continue
        measured = usage if usage is None or not is_folder else str(pair.folder / usage)
        if not is_folder:
            records.append(api.diff_record(before, after, measured, first, last, allow_files))
        else:
            records.append(_one_of_several(before, after, measured, first, last, allow_files))
    write_result(differences.render({"contracts": records}, format), output)
    if any(one["wrong"] for one in records):
        return 1
    return _status([one["class"] if one["old"] and one["new"] else "price" for one in records])


def _one_of_several(
    old: "LoadedContract | None",
    new: "LoadedContract | None",
    usage: str | None,
    first: str | None,
    last: str | None,
    allow_files: tuple[Path, ...],
) -> dict[str, Any]:
    """The comparison of a contract of a folder: priced where it changed, or why it cannot be."""
    from contractlang import api
    from contractlang.reporting.json import record

    without_money = api.diff_record(old, new)
    if usage is None or not without_money["changes"]:
        return without_money
    try:
        return api.diff_record(old, new, usage, first, last, allow_files)
    except ContractError as fault:
        return {**without_money, "wrong": [record(one) for one in fault.diagnostics]}


def spans_of(
    usage: str | None, period: str | None, from_: str | None, to: str | None
) -> tuple[str | None, str | None]:
    """The first and the last period to price; neither without a usage."""
    if usage is None:
        if period or from_ or to:
            raise click.UsageError("Give --usage U too: changes are priced on what was measured.")
        return None, None
    if (period is not None) == (from_ is not None or to is not None) or (from_ is None) != (to is None):
        raise click.UsageError("With --usage, give --period P, or both --from P and --to P.")
    return (period, period) if period is not None else (from_, to)


def _title(name: str) -> str | None:
    contract = _loaded(name, True)
    header = contract.document.header if contract is not None else None
    return header.title if header is not None else None


def _loaded(name: str | None, is_folder: bool) -> "LoadedContract | None":
    """The contract of a name; None for none, and in a folder for a file that others include."""
    if name is None:
        return None
    from contractlang import api

    contract = api.load(name)
    wrong = contract.document.diagnostics
    if contract.document.header is None and any(one.code == "CL200" for one in wrong):
        if not contract.document.declarations:
            raise ContractError(wrong)
        return None if is_folder else contract
    return contract


def _status(classes: list[str | None]) -> int:
    found = {one for one in classes if one is not None}
    if not found:
        return SAME
    return WORDING if found == {"wording"} else TERMS
