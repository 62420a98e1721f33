"""The files that a usage names: found below its folder, read, and known by their content.

In: names as written. Out: paths, texts and fingerprints. A file outside the folder of the usage file
is refused, because a usage that came by mail must not read the machine it is rated on; whoever rates it
may allow other folders.

Codes: CL804 no such file, CL805 not readable, CL806 not text in UTF-8, CL807 outside the folder,
CL808 not a file.
"""

import glob
import hashlib
import os
import posixpath
import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path, PurePosixPath

from contractlang.diagnostics import ContractError, Place, error, nearest
from contractlang.frozen import dataclass
from contractlang.text import Source, Span

LARGEST_TEXT = 64 * 1024 * 1024
"""The most bytes of a file of figures; rows are read by the engine and have no such bound."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_ROWS = re.compile(r"\.(csv|tsv|jsonl|ndjson|parquet|pq)(\.gz|\.zst)?$", re.IGNORECASE)
_HIDDEN = re.compile(r"(^|/)[._]")
_WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Input:
    """What was read: a file, its name and the SHA-256 of its bytes in hexadecimal, or a table of a database.

    `rows` is how many rows it has, if it has any; `query` is what was asked of a database, which has no
    bytes.
    """

    name: str
    sha256: str | None
    rows: int | None = None
    query: str | None = None


class Folder:
    """The folder of a usage file, and others whose files it may name too.

    `shown` is the name under which messages know the usage file.
    """

    def __init__(self, usage_file: Path, shown: str, allowed: Sequence[Path] = ()) -> None:
        self.root = usage_file.resolve().parent
        self.readable = (self.root, *(path.resolve() for path in allowed))
        self._above = PurePosixPath(shown.replace("\\", "/")).parent

    def shown(self, path: Path) -> str:
        """The name of a file that was found, as messages show it."""
        if path.is_relative_to(self.root):
            return str(self._above / path.relative_to(self.root).as_posix())
        if os.path.isabs(self._above):
            return str(path)
        way = Path(os.path.relpath(path, self.root)).as_posix()
        return posixpath.normpath(posixpath.join(str(self._above), way))

    def find(self, written: str, span: Span, folders: bool = False) -> list[Path]:
        """The files that a name or a pattern (`contacts/*.parquet`) means, in order of their names.

        With `folders`, a folder means all files of rows below it, as partitioned tables are written.
        Raises ContractError: CL804 none, CL807 outside the folders, CL808 an address or a folder.
        """
        if not written.strip() or "\x00" in written:
            raise ContractError([error("CL804", "a file name is missing here", span)])
        if _SCHEME.match(written) and not (self.root / written).exists():
            raise ContractError(
                [
                    error(
                        "CL808",
                        f'"{written}" is not a file; rows are read from files below the usage\'s folder',
                        span,
                        "export the table as CSV or Parquet and name that file",
                    )
                ]
            )
        literal = self._inside(self.root / written, written, span)
        try:
            if literal.is_dir():
                found = self._rows_below(literal) if folders and literal not in self.readable else []
                if found:
                    return found
                message = f'"{written}" is a folder'
                raise ContractError([error("CL808", message, span, f"name its files, as in {written}/*.csv")])
            if literal.exists():
                return [literal]
        except OSError:
            raise ContractError([error("CL804", f'there is no file "{written}"', span)]) from None
        if _WILD.search(written):
            return self._matching(written, span)
        raise ContractError(
            [error("CL804", f'there is no file "{written}"', span, self._neighbour(literal, written))]
        )

    def _matching(self, pattern: str, span: Span) -> list[Path]:
        plain = PurePosixPath(pattern.replace("\\", "/"))
        # Nothing is looked for outside, so that an answer does not tell what is there.
        fixed = list(takewhile(lambda part: not _WILD.search(part), plain.parts))
        if ".." in plain.parts[len(fixed) :]:
            raise self._outside(pattern, span)
        self._inside(self.root.joinpath(*fixed), pattern, span)
        names = sorted(glob.glob(pattern, root_dir=self.root, recursive=True))
        found = [self._inside(self.root / name, name, span) for name in names]
        found = [path for path in dict.fromkeys(found) if path.is_file()]
        if not found:
            raise ContractError([error("CL804", f'no file matches "{pattern}"', span)])
        return found

    def _rows_below(self, folder: Path) -> list[Path]:
        names = (one for one in folder.rglob("*") if _ROWS.search(one.name) and one.is_file())
        # What a writer keeps for itself begins with an underscore or a point.
        kept = (one for one in names if not _HIDDEN.search(str(one.relative_to(folder).as_posix())))
        return sorted(one for one in kept if self._is_readable(one.resolve()))

    def _inside(self, path: Path, written: str, span: Span) -> Path:
        try:
            found = path.resolve()
        except (OSError, RuntimeError, ValueError):
            raise ContractError([error("CL804", f'"{written}" is no file name', span)]) from None
        if not self._is_readable(found):
            raise self._outside(written, span)
        return found

    def _is_readable(self, path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in self.readable)

    def _outside(self, written: str, span: Span) -> ContractError:
        return ContractError(
            [
                error(
                    "CL807",
                    f'"{written}" is outside the folder of the usage file',
                    span,
                    "put it beside the usage file or below, or allow its folder: --allow-files FOLDER",
                )
            ]
        )

    def _neighbour(self, path: Path, written: str) -> str:
        try:
            names = sorted(one.name for one in path.parent.iterdir())
        except OSError:
            return f'there is no folder "{PurePosixPath(written).parent}" either'
        near = nearest(path.name, names)
        return f'the nearest is "{near}"' if near else "the name is read from the folder of the usage file"


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal; raises ContractError (CL805)."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise unreadable(path.name, fault) from None


def read_text(path: Path, shown: str) -> tuple[Source, Input]:
    """The text of a small file in UTF-8 and its fingerprint; raises ContractError (CL804 to CL806)."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_TEXT + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise ContractError([error("CL804", f'there is no file "{shown}"', Place(shown))]) from None
    except IsADirectoryError:
        message = f'"{shown}" is a folder'
        raise ContractError([error("CL805", message, Place(shown), "name the usage file in it")]) from None
    except (OSError, ValueError) as fault:
        raise unreadable(shown, fault) from None
    return Source(shown, decode(content, shown)), Input(shown, hashlib.sha256(content).hexdigest())


def decode(content: bytes, shown: str) -> str:
    """Bytes in UTF-8 as text, without a byte order mark; raises ContractError (CL805, CL806)."""
    if len(content) > LARGEST_TEXT:
        message = f'"{shown}" is larger than {LARGEST_TEXT // 2**20} MB'
        cure = "give the rows of a table under `rows:`, as CSV or Parquet"
        raise ContractError([error("CL805", message, Place(shown), cure)])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = f'"{shown}" is written in UTF-16'
        raise ContractError([error("CL806", message, Place(shown), "save it as UTF-8")])
    if b"\x00" in content:
        raise ContractError([error("CL806", f'"{shown}" is not a text file', Place(shown))])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = content.count(b"\n", 0, fault.start) + 1
        message = f'"{shown}" is not written in UTF-8: line {row} holds the byte {content[fault.start]:#04x}'
        raise ContractError([error("CL806", message, Place(shown, row), "save it as UTF-8")]) from None


def unreadable(shown: str, fault: OSError | ValueError) -> ContractError:
    """The fault of a file that exists and cannot be read, in words."""
    reason = (fault.strerror if isinstance(fault, OSError) else None) or "not a possible file name"
    return ContractError([error("CL805", f'"{shown}" cannot be read: {reason.lower()}', Place(shown))])
