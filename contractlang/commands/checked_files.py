"""What `check` does: contracts of files and folders, all that is wrong with them in one report."""

import sys
from pathlib import Path

from contractlang.commands.folders import Named, contracts_of
from contractlang.commands.writing import wants_colour, write_result
from contractlang.diagnostics import ContractError, Diagnostic, has_errors


def check_files(
    files: tuple[str, ...], format: str = "text", verbose: bool = False, output: Path | None = None
) -> int:
    """Report all that is wrong with contracts; 1 where any is at fault. With `verbose`, remarks too."""
    from contractlang.reporting import Report, render

    looked: dict[str, tuple[Diagnostic, ...]] = {}
    for one in contracts_of(files):
        diagnostics = _diagnostics(one, verbose)
        if diagnostics is not None:
            looked[one.file] = diagnostics
    found = tuple(one for diagnostics in looked.values() for one in diagnostics)
    colour = output is None and wants_colour(sys.stdout)
    write_result(render(Report(tuple(looked), found, colour), format), output)
    return 1 if has_errors(found) else 0


def _diagnostics(named: Named, remarks: bool) -> tuple[Diagnostic, ...] | None:
    """What is wrong with a contract; None for a file of a folder that is there to be included."""
    import contractlang

    try:
        contract = contractlang.load(named.file)
        if named.found and contract.document.header is None and contract.document.declarations:
            return None
        return contract.check(remarks)
    except ContractError as fault:
        return fault.diagnostics
