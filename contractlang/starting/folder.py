"""Where the files of a first contract go, and writing them: all or none, and never over a file that is there.

Codes: CL994 a file that is there already, CL995 parties that are there and lack one of those named.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from contractlang.diagnostics import ContractError, Diagnostic, error, warning
from contractlang.diagnostics import Place as At
from contractlang.invoicing import parties as known_parties
from contractlang.starting.questions import Answers
from contractlang.starting.reading import key

ENDING = ".contract"


@dataclass(frozen=True, slots=True)
class Place:
    """The paths of a contract's folder; `known` are the parties of a parties.yaml that is there already."""

    contract: Path
    usage: Path
    parties: Path
    known: known_parties.Parties | None = None

    def key_of(self, name: str) -> str:
        """The key of a party: that of the parties.yaml that is there, by key or by name, or a new one."""
        for one in self.known.parties if self.known else ():
            if name.casefold() in (one.key.casefold(), one.name.casefold()):
                return one.key
        return key(name)


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written, in the order of reading, and what is to be said of those that were not."""

    files: tuple[Path, ...]
    said: tuple[Diagnostic, ...] = ()


def place_for(folder: Path) -> Place:
    """The paths of the files of a contract in `folder`, which takes its name.

    Who the parties are is read where loading looks for it: beside the contract or above; it is written
    above the folder, or in it where a project begins there. Raises ContractError: CL994 for each file that
    is there already, and as `invoicing.parties.read` does for a parties.yaml that cannot be read.
    """
    name = folder.resolve().name
    contract, usage = folder / f"{name or 'contract'}{ENDING}", folder / "usage.yaml"
    if folder.exists() and not folder.is_dir():
        raise ContractError([_there(folder, "name a folder")])
    found = [
        _there(path, "name another folder, or move it away") for path in (contract, usage) if _is_there(path)
    ]
    if found:
        raise ContractError(found)
    parties = known_parties.find(folder)
    if parties is not None:
        parties = Path(os.path.normpath(folder / os.path.relpath(parties, folder.resolve())))
        return Place(contract, usage, parties, known_parties.read(parties, str(parties)))
    above = folder if (folder / ".git").exists() else folder.resolve().parent
    if above != folder:
        above = folder.parent if folder.parent.resolve() == above else above
    return Place(contract, usage, above / known_parties.FILE)


def write(place: Place, contract: str, usage: str, parties: str, answers: Answers) -> Written:
    """Write the files that are not there; raises ContractError (CL901, CL994) and leaves nothing behind."""
    wanted = [(place.contract, contract), (place.usage, usage)]
    if place.known is None:
        wanted.append((place.parties, parties))
    done: list[Path] = []
    made: list[Path] = []
    try:
        for path, text in wanted:
            _make(path.parent, made)
            # "x" refuses a file that came into being since it was looked for.
            with path.open("x", encoding="utf-8", newline="\n") as file:
                done.append(path)
                file.write(text)
    except BaseException as fault:
        _undo(done, made)
        if isinstance(fault, FileExistsError):
            raise ContractError([_there(path, "name another folder, or move it away")]) from None
        if isinstance(fault, OSError):
            reason = (fault.strerror or "unknown reason").lower()
            raise ContractError(
                [error("CL901", f'"{path}" cannot be written: {reason}', At(str(path)))]
            ) from None
        raise
    return Written(tuple(done), tuple(_lacking(place, answers)))


def _make(folder: Path, made: list[Path]) -> None:
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir()
        made.append(one)


def _undo(done: list[Path], made: list[Path]) -> None:
    for path in done:
        with suppress(OSError):
            path.unlink()
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _there(path: Path, cure: str) -> Diagnostic:
    return error("CL994", f'"{path}" is there already, and nothing was written', At(str(path)), cure)


def _lacking(place: Place, answers: Answers) -> list[Diagnostic]:
    """What the parties.yaml that was there should be given."""
    if place.known is None:
        return []
    said = []
    for name in (answers.provider, answers.client):
        found = place.key_of(name)
        if place.known.party(found) is None:
            message = f'"{place.parties}" is left as it is, and it does not know "{found}"'
            entry = f"{{name: {json.dumps(name, ensure_ascii=False)}, language: {answers.language}}}"
            cure = f"add to it `{found}: {entry}`"
            said.append(warning("CL995", message, At(str(place.parties)), cure))
    return said
