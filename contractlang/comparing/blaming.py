"""Which commit brought a clause, and all that the clause rests on.

In: a contract's file and a line of the contract by its name, or a line of the file by its number. Out:
`Blame`s: the clause first, then the rates, figures, windows and lines that it reads. What counts is the
last commit that changed the meaning of a clause, not the last that touched its text.

Codes: CL987 no such clause.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contractlang.comparing.changes import Change
from contractlang.comparing.contents import Contents, Entry, flat, in_force
from contractlang.comparing.contracts import keyword
from contractlang.comparing.history import Entry as HistoryEntry
from contractlang.comparing.history import blamed, history_of
from contractlang.comparing.readers import columns_of, names_in
from contractlang.diagnostics import ContractError, Place, error, nearest
from contractlang.syntax.loading import Document, load_document
from contractlang.text import Span

_OTHERS = frozenset({"transition", "unit", "invariant", "contract", "amendment"})


@dataclass(frozen=True, slots=True)
class Blame:
    """A clause, its place, and the commit that brought it; `change` is None where the file began with it."""

    kind: str
    name: str
    span: Span
    entry: HistoryEntry
    change: Change | None


def blame(path: Path, line: str) -> tuple[Blame, ...]:
    """The commits that brought a clause and what it reads.

    Raises ContractError where the contract has no such line (CL987), and as `history_of` does.
    """
    document = load_document(path)
    if not document.declarations and document.diagnostics:
        raise ContractError(document.diagnostics)
    contents = _consolidated(document)
    chosen = _clause(document, contents, line, path)
    entries = list(history_of(path))
    found = []
    for key in (chosen, *_read(contents, chosen)):
        node = contents[key].node
        result = blamed(iter(entries), _Named(key).concerns)
        if result is not None:
            found.append(Blame(keyword(node), key, node.span, *result))
    return tuple(found)


def _consolidated(document: Document) -> dict[str, Entry]:
    """The clauses by their names, as the last amendment leaves them."""
    contents: Contents = flat(document.declarations)
    for amendment in sorted(contents.amendments, key=lambda one: one.effective):
        contents = in_force(contents, amendment)
    return {key[1]: entry for key, entry in contents.clauses.items() if key[0] not in _OTHERS}


def _clause(document: Document, clauses: dict[str, Entry], line: str, path: Path) -> str:
    if not line.isdigit():
        if line in clauses:
            return line
        near = nearest(line, clauses)
        cure = f'the nearest is "{near}"' if near else "name a line, a rate, a figure or a phase"
        raise ContractError(
            [error("CL987", f'nothing in "{path}" is called "{line}"', Place(str(path)), cure)]
        )
    number = int(line) - 1
    around = []
    for name, entry in clauses.items():
        span = entry.node.span
        if span.source.name == document.name and span.position().line <= number <= span.end_position().line:
            around.append((span.end - span.start, name))
    if around:
        return min(around)[1]
    message = f"line {line} of the file is in no clause that can be blamed"
    raise ContractError([error("CL987", message, Place(str(path), int(line)), "name a line of the contract")])


def _read(clauses: dict[str, Entry], start: str) -> Iterator[str]:
    """The names that a clause reads, and those that they read, each once."""
    columns = columns_of(entry.node for entry in clauses.values())
    seen, waiting = {start}, [start]
    while waiting:
        for name in names_in(clauses[waiting.pop(0)].node, columns):
            if name in clauses and name not in seen:
                seen.add(name)
                waiting.append(name)
                yield name


class _Named:
    """A clause by its name, which is followed back through other names that it had."""

    def __init__(self, name: str) -> None:
        self.name = name

    def concerns(self, change: Change) -> bool:
        """Whether a change brought the clause as it stands; another name brought nothing."""
        if change.kind == "amendment":
            return False
        if change.attribute == "name":
            if change.new == self.name and change.kind not in _OTHERS:
                self.name = str(change.old)
            return False
        return any(
            one.clause.name == self.name and one.clause.kind not in _OTHERS for one in change.differences
        )
