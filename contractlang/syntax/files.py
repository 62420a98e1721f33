"""Where the files of a project stand, and which of them a contract may include.

In: a main file. Out: a `Shelf`, from which files are taken by key. `ProjectFolder` is the shelf of files
on disk, `revision.Revision` that of a git revision. The reasons are in `docs/decisions/008-includes.md`.
"""

import re
from pathlib import Path
from typing import Protocol

from contractlang.frozen import dataclass
from contractlang.reading import read_source
from contractlang.text import Source

_DRIVE = re.compile(r"[A-Za-z]:")


class OutsideError(Exception):
    """An included path leads out of the project; the text says where the project is."""


class Shelf(Protocol):
    """Where the files of a project stand; each has a key that is the same however it is reached."""

    def folder(self, key: str) -> Path | None:
        """The folder of a file in the work tree."""

    def locate(self, path: str, including: str) -> str:
        """The key of what the file `including` includes as `path`; raises OutsideError."""

    def read(self, key: str, name: str) -> Source:
        """The text of a file, shown as `name`; raises ContractError where it cannot be read."""


@dataclass(frozen=True, slots=True)
class ProjectFolder:
    """The files under a project's folder; their keys are their real paths, without symbolic links."""

    root: Path

    @staticmethod
    def around(main: Path) -> "tuple[ProjectFolder, str]":
        """The project that a main file is in, and the file's key.

        The project's folder is the root of the git work tree around the file; without one, the nearest
        folder that holds `parties.yaml`; without that, the file's own folder.
        """
        key = _resolved(main)
        folder = Path(key).parent
        for marker in (".git", "parties.yaml"):
            for candidate in (folder, *folder.parents):
                if exists(candidate / marker):
                    return ProjectFolder(candidate), key
        return ProjectFolder(folder), key

    def folder(self, key: str) -> Path | None:
        """The folder of a file."""
        return Path(key).parent

    def locate(self, path: str, including: str) -> str:
        """The real path of what a file includes, symbolic links followed; raises OutsideError."""
        key = _resolved(Path(including).parent / path)
        if not Path(key).is_relative_to(self.root):
            raise OutsideError(f"the project's folder is {self.root}")
        return key

    def read(self, key: str, name: str) -> Source:
        """The text of a file, shown as `name`; raises ContractError as `reading.read_source` does."""
        return read_source(Path(key), name)


def has_drive(path: str) -> bool:
    """Whether a path begins with a drive of Windows, whose colon is not that of a git revision."""
    return _DRIVE.match(path) is not None


def _resolved(path: Path) -> str:
    # A loop of symbolic links has no real path; reading it then says that it cannot be read.
    try:
        return str(path.resolve())
    except (OSError, RuntimeError, ValueError):
        return str(path)


def exists(path: Path) -> bool:
    """Whether there is such a file or folder; a name that no file can have is none."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
