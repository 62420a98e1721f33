"""What `check` does: contracts of files and folders, all that is wrong with them in one report.

A file without a header is part of the contracts that include it, and is checked with them.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from contractlang.commands.folders import Named, contracts_of
from contractlang.commands.writing import wants_colour, write_result
from contractlang.diagnostics import ContractError, Diagnostic, Severity, has_errors
from contractlang.frozen import replace

if TYPE_CHECKING:
    from contractlang.api import LoadedContract

_LONELY = "this file has declarations and no contract header, and no contract of the project includes it"


def check_files(
    files: tuple[str, ...], format: str = "text", verbose: bool = False, output: Path | None = None
) -> int:
    """Report all that is wrong with contracts; 1 where any is at fault. With `verbose`, remarks too."""
    from contractlang.reporting import Report, render

    looked: dict[str, tuple[Diagnostic, ...] | None] = {}
    parts: list[tuple[Named, LoadedContract]] = []
    included: set[str] = set()
    for one in contracts_of(files):
        looked[one.file] = None
        contract = _loaded(one, looked)
        if contract is None:
            continue
        if _is_part(contract):
            parts.append((one, contract))
        else:
            looked[one.file] = contract.check(verbose)
            included.update(_real(source.name) for source in contract.document.sources)
    for one, contract in parts:
        if _real(one.file) not in included:
            looked[one.file] = _of_part(one, contract)
    told = {file: found for file, found in looked.items() if found is not None}
    every = tuple(one for diagnostics in told.values() for one in diagnostics)
    colour = output is None and wants_colour(sys.stdout)
    write_result(render(Report(tuple(told), every, colour), format), output)
    return 1 if has_errors(every) else 0


def _loaded(named: Named, looked: dict[str, tuple[Diagnostic, ...] | None]) -> "LoadedContract | None":
    import contractlang

    try:
        return contractlang.load(named.file)
    except ContractError as fault:
        looked[named.file] = fault.diagnostics
        return None


def _is_part(contract: "LoadedContract") -> bool:
    """Whether a file is there to be included: it has declarations and no header."""
    return contract.document.header is None and bool(contract.document.declarations)


def _of_part(named: Named, contract: "LoadedContract") -> tuple[Diagnostic, ...] | None:
    """What is wrong with a file that no contract of this check includes; None where nothing is to be told.

    In a folder it may be there for contracts elsewhere; only where there are none, somebody forgot
    the header or the `include`.
    """
    from contractlang.syntax.including import contracts_including, names_of

    document = contract.document
    if not Path(named.file).is_file():
        # What another revision holds is not searched.
        return document.diagnostics
    others = contracts_including(Path(named.file))
    found = []
    for one in document.diagnostics:
        if one.code != "CL200":
            found.append(one)
        elif not others:
            severity = Severity.WARNING if named.found else Severity.ERROR
            found.append(replace(one, severity=severity, message=_LONELY, help=_cure(named)))
        elif not named.found:
            found.append(replace(one, help=f"name a contract that includes it: {names_of(others)}"))
    return tuple(found) if found or not named.found else None


def _cure(named: Named) -> str:
    from contractlang.syntax.loading import BEGIN

    return f'write `include "{Path(named.file).name}"` in a contract; or {BEGIN}'


def _real(name: str) -> str:
    return os.path.realpath(name)
