"""The history of a contract in git: which commit changed which terms, and what that cost.

In: a file of a repository. Out: `Entry`s, the newest first, each with the changes of meaning that its
commit made; commits that changed layout or comments only have none. `blamed` finds the commit that
brought a clause as it stands. A merge is shown only for what neither of its parents has.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from contractlang.comparing.changes import Change, compare_terms
from contractlang.diagnostics import ContractError, Diagnostic, has_errors
from contractlang.frozen import replace
from contractlang.syntax.git import Commit, Repository
from contractlang.syntax.including import contracts_including, names_of
from contractlang.syntax.loading import Document, document_of, load_document
from contractlang.syntax.revision import Revision

_NO_HEADER = "CL200"


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit and what it changed in the terms.

    `first` says that the contract begins here. `wrong` says why the contract cannot be read as the commit
    left it; what it changed then is told at the next commit that can be read. `old` and `new` are the
    contract before and after.
    """

    commit: Commit
    changes: tuple[Change, ...]
    first: bool = False
    wrong: tuple[Diagnostic, ...] = ()
    old: Document | None = None
    new: Document | None = None


def history_of(path: Path) -> Iterator[Entry]:
    """The commits of a contract's file and of the files that it includes, the newest first.

    Raises ContractError where the file is in no repository (CL984), was never committed (CL986), or was
    always there to be included (CL200): its changes are those of the contracts that include it.
    """
    repository = Repository.around(path)
    key = repository.key(path)
    reader = _Reader(repository)
    commits = repository.history(key, tuple(_included(path, repository, key)))
    part = _part(path)
    if part and not any(reader.document(one.hash, one.key) for one in commits):
        raise ContractError(part)
    before: tuple[str, ...] = ()
    for commit in commits:
        new = reader.document(commit.hash, commit.key)
        if new is None:
            wrong = reader.wrong(commit.hash, commit.key)
            codes = tuple(one.code for one in wrong)
            if codes != before or codes != (_NO_HEADER,):
                yield Entry(commit, (), wrong=wrong)
            before = codes
            continue
        before = ()
        old = reader.before(commit, commits)
        if old is None:
            yield Entry(commit, (), first=True, new=new)
            continue
        changes = compare_terms(old, new)
        for parent in commit.parents[1:]:
            # What came in by the merged branch was told by the branch's own commits.
            other = reader.document(parent, commit.key)
            if other is not None:
                told = {_gist(one) for one in compare_terms(other, new)}
                changes = tuple(one for one in changes if _gist(one) in told)
        yield Entry(commit, changes, old=old, new=new)


def _part(path: Path) -> list[Diagnostic]:
    """What is wrong with a file that is there to be included, with the contracts to name instead."""
    try:
        document = load_document(path)
    except ContractError:
        return []
    wrong = [one for one in document.diagnostics if one.code == _NO_HEADER]
    if not wrong or not document.declarations:
        return []
    others = contracts_including(path)
    if not others:
        return wrong
    cure = f"its changes are in the history of the contracts that include it, so name one: {names_of(others)}"
    return [replace(one, help=cure) for one in wrong]


def _is_dropped(change: Change, then: Document | None, now: Document | None) -> bool:
    if then is None or now is None or then is now:
        return False
    return any(_place(one) == _place(change) for one in compare_terms(then, now))


def _place(change: Change) -> tuple[object, ...]:
    return change.kind, change.name, change.phase, change.amendment, change.attribute


def _gist(change: Change) -> tuple[object, ...]:
    """What a change makes of a clause, whatever it was before."""
    return (*_place(change), change.new, change.effective)


def blamed(
    entries: Iterator[Entry], concerns: Callable[[Change], bool]
) -> tuple[Entry, Change | None] | None:
    """The newest commit with a change that concerns a clause, else the commit with which the file begins.

    A change that a merge dropped is passed over: the clause as it stands has nothing of it.
    """
    first = now = None
    for entry in entries:
        now = now or entry.new
        for change in entry.changes:
            if concerns(change) and not _is_dropped(change, entry.new, now):
                return entry, change
        if entry.first:
            first = entry
    return (first, None) if first is not None else None


def _included(path: Path, repository: Repository, key: str) -> Iterator[str]:
    try:
        document = load_document(path)
    except ContractError:
        return
    for source in document.sources:
        try:
            other = repository.key(Path(source.name))
        except ContractError:
            continue
        if other != key:
            yield other


class _Reader:
    """Reads the contract at commits, each once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._read: dict[tuple[str, str], Document | ContractError] = {}

    def document(self, commit: str, key: str) -> Document | None:
        """The contract at a commit, None where it is not there or its words cannot be read."""
        found = self._at(commit, key)
        return found if isinstance(found, Document) else None

    def wrong(self, commit: str, key: str) -> tuple[Diagnostic, ...]:
        """Why there is no contract at a commit."""
        found = self._at(commit, key)
        return found.diagnostics if isinstance(found, ContractError) else ()

    def before(self, commit: Commit, commits: tuple[Commit, ...]) -> Document | None:
        """The contract before a commit: at its parent, or where that cannot be read at an older commit."""
        if commit.parents:
            found = self._at(commit.parents[0], commit.earlier)
            if isinstance(found, Document):
                return found
            if any(one.code == "CL100" for one in found.diagnostics):
                return None
        else:
            return None
        older = commits[commits.index(commit) + 1 :]
        return next((one for one in (self.document(c.hash, c.key) for c in older) if one is not None), None)

    def _at(self, commit: str, key: str) -> Document | ContractError:
        if (commit, key) not in self._read:
            shelf = Revision(self._repository.root, commit[:8], commit)
            try:
                found: Document | ContractError = document_of(shelf, key)
                assert isinstance(found, Document), "a document is read or an error raised"
                if has_errors(found.diagnostics):
                    found = ContractError(one for one in found.diagnostics if has_errors([one]))
            except ContractError as fault:
                found = fault
            self._read[commit, key] = found
        return self._read[commit, key]
