"""What some lines read, by name: the figures, prices, windows and tables, and what those read in turn.

In: names of lines and the contracts. Out: names. All versions of a clause count, those of amendments too.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from contractlang.comparing.needs import names_in
from contractlang.syntax import tree


def names_read(lines: Iterable[str], declarations: Iterable[tree.AnyDeclaration]) -> set[str]:
    """The names of all that lines rest on, their own included."""
    clauses: dict[str, list[Any]] = {}
    for one in _flat(declarations):
        if hasattr(one, "name"):
            clauses.setdefault(str(one.name), []).append(one)
    found, waiting = set(lines), list(lines)
    while waiting:
        for clause in clauses.get(waiting.pop(), ()):
            for name in names_in(clause):
                if name not in found:
                    found.add(name)
                    waiting.append(name)
    return found


def _flat(declarations: Iterable[Any]) -> Iterator[Any]:
    for one in declarations:
        if isinstance(one, (tree.Phase, tree.Amendment)):
            yield from _flat(one.items)
        elif not isinstance(one, (tree.Test, tree.Transition)):
            yield one
