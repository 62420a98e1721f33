"""The files of a git revision, read through git itself: no file of the work tree is looked at.

In: a revision as git takes it (`HEAD~1`, a tag, a hash) and the folder where the command runs. Out: a
`Revision` that reads files of that revision by their paths from the root of the repository.
"""

import posixpath
import re
from pathlib import Path

from contractlang.diagnostics import ContractError, Place, error
from contractlang.frozen import dataclass
from contractlang.reading import decode_source
from contractlang.syntax.files import OutsideError
from contractlang.syntax.git import RefusedError, Repository, run_git
from contractlang.text import Source

_FOUND = re.compile(rb"[0-9a-f]+ (blob|tree) ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Revision:
    """One commit of a repository. Keys are paths from the repository's root."""

    root: Path
    revision: str
    commit: str

    def folder(self, key: str) -> Path | None:
        """The folder of a file, in the work tree."""
        return self.root / posixpath.dirname(key)

    def key(self, path: str) -> str:
        """The key of a path as git takes it: `./acme.contract` is beside the current folder."""
        if path in (".", "..") or path.startswith(("./", "../")):
            here = Path().resolve()
            root = self.root.resolve()
            if here.is_relative_to(root):
                path = posixpath.join(here.relative_to(root).as_posix(), path)
        return posixpath.normpath(path)

    def locate(self, path: str, including: str) -> str:
        """The key of what the file `including` includes as `path`; raises OutsideError."""
        key = posixpath.normpath(posixpath.join(posixpath.dirname(including), path))
        if key == ".." or key.startswith(("../", "/")):
            raise OutsideError(f"the project's folder is {self.root}")
        return key

    def read(self, key: str, name: str) -> Source:
        """The text of a file of the commit, shown as `name`.

        Raises ContractError: CL100 no such file, CL101 a folder, CL102 a link out of the repository,
        CL103 to CL105 as `reading.decode_source` says.
        """
        # Links are followed inside the commit only: git answers with another word for all others.
        request = f"{self.commit}:{key}\n".encode()
        try:
            answer = run_git(["cat-file", "--batch", "--follow-symlinks"], self.root, name, request)
        except RefusedError:
            # Git stops at a path that leads out of the repository instead of answering.
            answer = b""
        head, _, content = answer.partition(b"\n")
        found = _FOUND.fullmatch(head)
        if found is not None and found.group(1) == b"blob":
            return decode_source(content[: int(found.group(2))], name)
        if found is not None:
            raise _unreadable("CL101", f'"{name}" is a folder', name, "name a contract file inside it")
        if head.startswith((b"symlink ", b"loop ", b"dangling ")):
            raise _unreadable("CL102", f'"{name}" is a link that leads out of the revision', name)
        cure = (
            "write the path from the root of the repository, or with `./` from here; `/` is between folders"
        )
        raise _unreadable("CL100", f'the revision {self.revision} has no file "{key}"', name, cure)


def open_revision(revision: str, name: str) -> Revision:
    """The revision of the repository that holds the current folder; `name` is what messages show.

    Raises ContractError: CL100 where there is no such file or revision, CL102 where git is missing or
    the current folder is in no repository.
    """
    # What begins with a hyphen would be an option of git, and is no revision.
    if revision.startswith("-") or "\n" in name or "\0" in name:
        raise _unreadable("CL100", f'there is no file "{name}"', name, "check the spelling and the folder")
    here = Path()
    try:
        root = Path(run_git(["rev-parse", "--show-toplevel"], here, name).decode("utf-8", "replace").strip())
    except RefusedError:
        raise _unreadable(
            "CL100",
            f'there is no file "{name}", and this folder is in no git repository',
            name,
            "check the spelling and the folder",
        ) from None
    try:
        found = run_git(["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"], here, name)
    except RefusedError:
        raise _unreadable(
            "CL100",
            f'there is no file "{name}", and git knows no revision "{revision}"',
            name,
            "write a revision such as HEAD~1, a branch, a tag or a hash",
        ) from None
    return Revision(root, revision, found.decode("ascii", "replace").strip())


def _unreadable(code: str, message: str, name: str, help: str = "") -> ContractError:
    return ContractError([error(code, message, Place(name), help)])


def revision_of(path: Path, revision: str) -> tuple[Revision, str]:
    """A revision of the repository that a file is in, and the file's path in that revision.

    A file that was renamed since is found under the name that it had then. Raises ContractError as
    `Repository` does (CL984, CL985).
    """
    repository = Repository.around(path)
    commit = repository.commit(revision)
    key = repository.key(path)
    if key not in repository.files(commit, key):
        history = repository.history(key)
        then = next(
            (one.earlier for one in history if one.earlier in repository.files(commit, one.earlier)), None
        )
        if then is None:
            message = f'the revision {revision} has no file "{key}", under no name that it had'
            cure = f"it begins with the commit {history[-1].short} of {history[-1].date.isoformat()}"
            raise _unreadable("CL100", message, str(path), cure)
        key = then
    return Revision(repository.root, revision, commit), key
