"""Which contracts of a project include a file, directly or by way of others.

In: the path of a file. Out: the paths of contracts, for a message that says which one to name instead.
Texts are searched and not parsed, so that a faulty contract is found too.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from contractlang.syntax.files import OutsideError, ProjectFolder

_INCLUDE = re.compile(r'^[^#\n]*?\binclude\s+"([^"\n]*)"', re.MULTILINE)
_HEADER = re.compile(r'^\s*contract\s+"', re.MULTILINE)
_LARGEST = 5_000_000
_MOST_NAMED = 3


def contracts_including(file: Path) -> tuple[Path, ...]:
    """The contracts with a header that include a file, in the order of their paths."""
    project, key = ProjectFolder.around(file)
    including: dict[str, set[str]] = {}
    contracts = set()
    for path in _contracts(project.root):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
            here = str(path.resolve())
            if _HEADER.search(text):
                contracts.add(here)
            for found in _INCLUDE.finditer(text):
                including.setdefault(project.locate(found[1], here), set()).add(here)
        except (OSError, OutsideError, ValueError):
            continue
    reached, waiting = {key}, [key]
    while waiting:
        for other in including.get(waiting.pop(), set()) - reached:
            reached.add(other)
            waiting.append(other)
    return tuple(Path(one) for one in sorted((reached & contracts) - {key}))


def _contracts(root: Path) -> Iterator[Path]:
    for path in root.rglob("*.contract"):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts[:-1])
        if not hidden and path.is_file() and path.stat().st_size <= _LARGEST:
            yield path


def names_of(contracts: Iterable[Path]) -> str:
    """The first of some contracts as they are named from here, and how many more there are."""
    names = [_from_here(one) for one in contracts]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _from_here(path: Path) -> str:
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:
        return str(path)
