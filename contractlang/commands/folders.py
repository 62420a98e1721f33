"""What FILE... names: files as they are written, and the contracts of folders.

Codes: CL980 a folder without a contract.
"""

from collections.abc import Iterable
from pathlib import Path

from contractlang.diagnostics import ContractError, Place, error
from contractlang.frozen import dataclass

ENDING = ".contract"


@dataclass(frozen=True, slots=True)
class Named:
    """A file by its name; `found` says that a folder was named and the file is one of those in it."""

    file: str
    found: bool


def contracts_of(names: Iterable[str]) -> tuple[Named, ...]:
    """The files that the command line names, each once, those of a folder by their paths.

    Folders whose name begins with a dot are not looked into. Raises ContractError (CL980) where a folder
    holds no contract.
    """
    files: dict[str, Named] = {}
    for name in names:
        if not Path(name).is_dir():
            files[name] = Named(name, False)
            continue
        for path in _inside(Path(name)):
            files.setdefault(str(path), Named(str(path), True))
    return tuple(files.values())


def _inside(folder: Path) -> list[Path]:
    found = [
        path
        for path in sorted(folder.rglob(f"*{ENDING}"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts[:-1])
    ]
    if not found:
        message, cure = f'"{folder}" holds no contract', f"contracts end in {ENDING}"
        raise ContractError([error("CL980", message, Place(str(folder)), cure)])
    return found
