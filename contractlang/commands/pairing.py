"""Which contracts are compared with which: two files, or the contracts of two folders by their paths.

Codes: CL980 a folder without a contract, CL981 a file beside a folder.
"""

from collections.abc import Callable, Iterator
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
        cure = "name two files or two folders; a folder of a revision is written HEAD~1:contracts"
        raise ContractError([error("CL981", message, Place(folder), cure)])
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
    from contractlang.syntax.revision import Revision

    repository = Repository.around(Path())
    commit = repository.commit(revision)
    root = Revision(repository.root, revision, commit).key(folder.strip("/") or ".")
    if not folder.strip("/"):
        root = "."
    for key in repository.files(commit, root):
        if key.endswith(_ENDING):
            yield key.removeprefix("" if root == "." else f"{root}/"), f"{revision}:{key}"


def with_renamed(pairs: tuple[Pair, ...], title: Callable[[str], str | None]) -> tuple[Pair, ...]:
    """The pairs; a contract that is gone under its name and stands under another one is one contract.

    `title` tells the title of a contract, None where there is none: one title that only one contract of
    each side has is the same contract.
    """
    gone = _by_title([one for one in pairs if one.new is None], title)
    come = _by_title([one for one in pairs if one.old is None], title)
    found = {one: Pair(one.old, come[name].new) for name, one in gone.items() if name in come}
    taken = {come[name] for name in gone if name in come}
    return tuple(found.get(one, one) for one in pairs if one not in taken)


def _by_title(pairs: list[Pair], title: Callable[[str], str | None]) -> dict[str, Pair]:
    titles = [(title(one.old or one.new or ""), one) for one in pairs]
    names = [name for name, _ in titles]
    return {name: one for name, one in titles if name is not None and names.count(name) == 1}
