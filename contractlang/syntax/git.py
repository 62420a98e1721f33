"""Git, the program: the one place that starts it.

In: a folder of a repository, revisions, paths from its root; three texts to merge. Out: commits, the files
of a commit, the history of a file through its renames; the merged text. No file of the work tree is read,
and nothing is written but the repository's own settings, by `configure` and `forget`.

Codes: CL102 git cannot be started, CL902 git does not change its settings or does not merge, CL984 no
repository, CL985 no such revision, CL986 a file without a history.
"""

import subprocess
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from contractlang.diagnostics import ContractError, Place, error
from contractlang.frozen import dataclass

SIDES = ("ours", "base", "theirs")
"""What the versions of a merge are called where git does not say which branches they are."""

_FORMAT = "%x1e%H%x1f%P%x1f%an%x1f%as%x1f%s%x1f"


class RefusedError(Exception):
    """Git did not do what it was asked."""


def run_git(arguments: Sequence[str], folder: Path, name: str, given: bytes = b"") -> bytes:
    """What git prints; `name` is what a message shows where git cannot be started (CL102).

    Raises RefusedError where git ends with a fault.
    """
    run = _run(arguments, folder, name, given)
    if run.returncode:
        raise RefusedError
    return run.stdout


def _run(
    arguments: Sequence[str], folder: Path, name: str, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - the arguments are ours; revisions that are options are refused.
            ["git", *arguments],  # noqa: S607 - git is where the user's path says.
            cwd=folder,
            input=given,
            capture_output=True,
            check=False,
        )
    except OSError:
        message = f'"{name}" cannot be read: git cannot be started'
        raise ContractError([error("CL102", message, Place(name), "install git")]) from None


def merge_file(
    base: bytes, ours: bytes, theirs: bytes, marker: int, name: str, labels: tuple[str, str, str] = SIDES
) -> tuple[bytes, bool]:
    """Three texts merged line by line, and whether conflicts are left, between markers of a length.

    `labels` name our version, the base and theirs beside the markers. The repository's
    `merge.conflictStyle` says how a conflict looks. Raises ContractError (CL902) where git refuses, as it
    does for what is no text.
    """
    with tempfile.TemporaryDirectory(prefix="contractlang-") as folder:
        paths = [Path(folder, side) for side in SIDES]
        for path, content in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(content)
        named = [word for label in labels for word in ("-L", label)]
        options = ["merge-file", "--stdout", f"--marker-size={marker}", *named]
        run = _run([*options, *map(str, paths)], Path(), name)
    # Git tells the number of conflicts, up to 127; what is above is a fault.
    if run.returncode > 127 or run.returncode < 0:
        raise _wrong("CL902", f'git cannot merge "{name}": {_told(run.stderr)}', name)
    return run.stdout, bool(run.returncode)


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that touched a file: `key` is the file's path in it, `earlier` in its first parent.

    `copied` says that the file began as a copy of another. `date` is the author's. Paths start at the
    root of the repository.
    """

    hash: str
    parents: tuple[str, ...]
    author: str
    date: date
    subject: str
    key: str
    earlier: str
    copied: bool = False

    @property
    def short(self) -> str:
        """The hash as people write it."""
        return self.hash[:8]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository by the root of its work tree."""

    root: Path

    @staticmethod
    def around(path: Path) -> "Repository":
        """The repository of a file or folder; raises ContractError (CL984) where it is in none."""
        folder = path if path.is_dir() else path.parent
        try:
            found = run_git(["rev-parse", "--show-toplevel"], folder, str(path))
        except RefusedError:
            cure = "name a file of a repository; `git init` makes one"
            raise _wrong("CL984", f'"{path}" is in no git repository', str(path), cure) from None
        return Repository(Path(found.decode("utf-8", "replace").strip()))

    def key(self, path: Path) -> str:
        """The path of a file from the root of the repository, with `/`."""
        # Where the whole path is resolved a link would be followed; git stores the link itself.
        parent = path.parent.resolve()
        try:
            return (parent / path.name).relative_to(self.root.resolve()).as_posix()
        except ValueError:
            raise _wrong("CL984", f'"{path}" is not in {self.root}', str(path)) from None

    def setting(self, key: str) -> str | None:
        """A setting of this repository alone, such as `merge.contractlang.driver`; None where it has none."""
        try:
            found = run_git(["config", "--local", "--get", key], self.root, str(self.root))
        except RefusedError:
            return None
        return found.decode("utf-8", "replace").removesuffix("\n")

    def configure(self, key: str, value: str) -> None:
        """Write a setting of this repository alone; raises ContractError (CL902)."""
        self._change(["--replace-all", key, value], key)

    def forget(self, section: str) -> None:
        """Remove a section of this repository's settings, which has some; raises ContractError (CL902)."""
        self._change(["--remove-section", section], section)

    def _change(self, arguments: Sequence[str], what: str) -> None:
        run = _run(["config", "--local", *arguments], self.root, str(self.root))
        if run.returncode:
            message = f'git does not write its setting "{what}": {_told(run.stderr)}'
            raise _wrong("CL902", message, str(self.root))

    def commit(self, revision: str) -> str:
        """The hash of the commit that a revision names; raises ContractError (CL985)."""
        try:
            if revision.startswith("-") or "\0" in revision:
                raise RefusedError
            asked = ["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"]
            return run_git(asked, self.root, revision).decode("ascii", "replace").strip()
        except RefusedError:
            cure = "write a revision such as HEAD~1, a branch, a tag or a hash"
            raise _wrong("CL985", f'git knows no revision "{revision}"', revision, cure) from None

    def files(self, commit: str, folder: str = "") -> tuple[str, ...]:
        """The paths of the files of a commit that are in a folder, or under it."""
        where = ["--", folder] if folder not in ("", ".") else []
        listed = run_git(
            ["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, *where], self.root, folder
        )
        return tuple(one for one in listed.decode("utf-8", "replace").split("\0") if one)

    def history(self, key: str, included: Sequence[str] = (), revision: str = "HEAD") -> tuple[Commit, ...]:
        """The commits that touched a file, or one of those that it includes, the newest first.

        The file is followed through its renames. Raises ContractError (CL986) where git has no commit of it.
        """
        commits: dict[str, Commit] = {}
        for one in self._log(["--follow", "-M", revision, "--", key], key):
            commits[one.hash] = one
            if one.copied:
                break
        if not commits:
            cure = "commit it first"
            raise _wrong("CL986", f'git has no history of "{key}"', key, cure)
        names = dict.fromkeys([key, *(one.earlier for one in commits.values())])
        # Git follows a file past a merge without showing it, though a merge may bring terms of its own.
        merges = self._log(["--merges", revision, "--", *names, *included], key)
        merged = {one.hash for one in merges} - set(commits)
        commits |= {one.hash: one for one in merges if one.hash in merged}
        if included:
            for one in self._log([revision, "--", *included], key):
                commits.setdefault(one.hash, one)
        paths = [*names, *included]
        order = run_git(["rev-list", "--topo-order", revision, "--", *paths], self.root, key).decode().split()
        found, name = [], key
        # What git follows and does not order was dropped by a merge: no terms came of it.
        for hash_ in (one for one in order if one in commits):
            one = commits[hash_]
            if one.key not in names or hash_ in merged:
                # A merge, or only an included file changed: the contract has the name that it had just then.
                one = Commit(one.hash, one.parents, one.author, one.date, one.subject, name, name)
            name = one.earlier
            found.append(one)
        return tuple(found)

    def _log(self, arguments: list[str], key: str) -> list[Commit]:
        options = ["-c", "log.showSignature=false", "log", f"--format={_FORMAT}", "--name-status", "-z"]
        try:
            text = run_git([*options, *arguments], self.root, key).decode("utf-8", "replace")
        except RefusedError:
            return []
        return [_commit(record, key) for record in text.split("\x1e") if "\x1f" in record]


def _commit(record: str, key: str) -> Commit:
    hash_, parents, author, day, subject, files = record.split("\x1f", 5)
    words = [one for one in files.strip("\n").split("\0") if one.strip("\n")]
    words = [one.strip("\n") for one in words]
    now = earlier = key
    copied = len(words) >= 3 and words[0].startswith("C")
    if len(words) >= 3 and words[0][:1] in "RC":
        # A copy has no past of its own: what came before is the history of the other file.
        earlier, now = words[2 if copied else 1], words[2]
    elif len(words) >= 2:
        now = earlier = words[1]
    return Commit(
        hash_, tuple(parents.split()), author, date.fromisoformat(day), subject, now, earlier, copied
    )


def _told(stderr: bytes) -> str:
    """The last line that git said, without the word before it."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].removeprefix("error: ").removeprefix("fatal: ") if lines else "it does not say why"


def _wrong(code: str, message: str, name: str, help: str = "") -> ContractError:
    return ContractError([error(code, message, Place(name), help)])
