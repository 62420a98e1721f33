"""Which contracts are compared with which: two files, or the contracts of two folders by their paths.

Codes: CL980 a folder without a contract, CL981 a file beside a folder.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contractlang.diagnostics import ContractError, Place, error

_ENDING = ".contract"


@dataclass(frozen=True, slots=True)
class Pair:
    """A contract of the old side and its counterpart, by the names to load; None where one is missing."""

    old: str | None
    new: str | None

    @property
    def folder(self) -> Path:
        """The folder of the contract, beside which its usage lies; that of the new one where there is one."""
        name = self.new or self.old or ""
        _, colon, inside = name.partition(":")
        return Path(inside if colon and not Path(name).exists() else name).parent


def pairs(old: str, new: str) -> tuple[Pair, ...]:
    """The pairs of two files or revisions of files, or of all contracts of two folders.

    Raises ContractError where one side is a folder and the other is not (CL981), and where a folder holds
    no contract (CL980).
    """
    sides = [_contracts(side) for side in (old, new)]
    before, after = sides
    if before is None and after is None:
        return (Pair(old, new),)
    if before is None or after is None:
        folder, file = (new, old) if before is None else (old, new)
        message = f'"{folder}" is a folder and "{file}" is none'
        raise ContractError([error("CL981", message, Place(folder), "name two files or two folders")])
    if not before and not after:
        message = f'neither "{old}" nor "{new}" holds a contract'
        raise ContractError([error("CL980", message, Place(new), f"contracts end in {_ENDING}")])
    return tuple(Pair(before.get(path), after.get(path)) for path in sorted({*before, *after}))


def _contracts(side: str) -> dict[str, str] | None:
    """The contracts of a folder by their paths in it, each with the name to load; None for a file."""
    path = Path(side)
    if path.is_dir():
        return {one.relative_to(path).as_posix(): str(one) for one in sorted(path.rglob(f"*{_ENDING}"))}
    revision, colon, inside = side.partition(":")
    if not colon or path.exists() or inside.endswith(_ENDING):
        return None
    return dict(_of_revision(revision, inside))


def _of_revision(revision: str, folder: str) -> Iterator[tuple[str, str]]:
    from contractlang.syntax.git import Repository

    repository = Repository.around(Path())
    root = folder.strip("/").removeprefix("./")
    root = "" if root == "." else root
    for key in repository.files(repository.commit(revision), root):
        if key.endswith(_ENDING):
            yield key.removeprefix(f"{root}/" if root else ""), f"{revision}:{key}"
