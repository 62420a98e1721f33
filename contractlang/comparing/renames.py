"""Clauses that only got another name.

In: the clauses of two contracts. Out: the names that changed, and the old contract with the new names,
so that every formula that reads a renamed figure is no change of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from contractlang.comparing.contents import Contents, Key, flat
from contractlang.comparing.sameness import Sameness
from contractlang.syntax import tree

_NAMED = ("line", "measure", "price", "window", "index", "phase", "usage")
# Names that are columns, units or words of the header, and so are no names of clauses.
_ELSEWHERE = {
    tree.Usage: frozenset({"unit", "on", "key", "columns"}), tree.Member: frozenset({"member"}),
    tree.Argument: frozenset({"by"}), tree.Priced: frozenset({"per"}),
    tree.Unit: frozenset({"name", "plural"}), tree.Line: frozenset({"every", "as_of"}),
    tree.Call: frozenset({"function"}),
    tree.Indexation: frozenset({"every"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Renamed:
    """A clause of one name space that is called otherwise now; `old` and `new` are the declarations."""

    space: str
    before: str
    after: str
    old: Any
    new: Any
    phase: str | None = None


def with_new_names(
    old: tuple[tree.AnyDeclaration, ...], new: Contents, sameness: Sameness
) -> tuple[tuple[tree.AnyDeclaration, ...], tuple[Renamed, ...]]:
    """The old declarations under their new names, and what was renamed."""
    found: list[Renamed] = []
    columns = set(_columns(old))
    while True:
        contents = flat(old)
        pair = _pair(contents, new, sameness, columns)
        if pair is None:
            return old, tuple(found)
        found.append(pair)
        names = {pair.before: pair.after}
        old = tuple(_renamed(one, names) for one in old)


def _pair(old: Contents, new: Contents, sameness: Sameness, columns: set[str]) -> Renamed | None:
    """The first clause that is gone under its name and stands there, alike, under one other name."""
    gone = [key for key in old.clauses if key not in new.clauses and key[0] in _NAMED]
    come = [key for key in new.clauses if key not in old.clauses and key[0] in _NAMED]
    for key in gone:
        if key[1] in columns:
            continue
        alike = [one for one in come if one[0] == key[0] and _alike(old, key, new, one, sameness)]
        rivals = [
            one for one in gone if alike and one[0] == key[0] and _alike(old, one, new, alike[0], sameness)
        ]
        if len(alike) == 1 and len(rivals) == 1 and alike[0][1] not in columns:
            other = alike[0]
            before, after = old.clauses[key], new.clauses[other]
            return Renamed(key[0], key[1], other[1], before.node, after.node, after.home)
    return None


def _alike(old: Contents, key: Key, new: Contents, other: Key, sameness: Sameness) -> bool:
    before, after = old.clauses[key], new.clauses[other]
    if key[0] == "phase":
        lines = {one for one, entry in old.clauses.items() if entry.home == key[1] and one[0] == "line"}
        others = {one for one, entry in new.clauses.items() if entry.home == other[1] and one[0] == "line"}
        return bool(lines) and lines == others
    if before.home != after.home and (
        before.home is None or after.home is None or ("phase", before.home) in new.clauses
    ):
        return False
    renamed = _renamed(before.node, {key[1]: other[1]})
    return sameness.same(renamed, after.node)


def _columns(declarations: Iterable[Any]) -> Iterable[str]:
    for one in declarations:
        if isinstance(one, tree.Usage):
            yield from (column.name.text for column in one.columns)
        elif isinstance(one, tree.Amendment):
            yield from _columns(one.items)


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    if isinstance(node, tuple):
        woven = tuple(_renamed(one, names) for one in node)
        return woven if any(a is not b for a, b in zip(woven, node, strict=True)) else node
    if isinstance(node, tree.Name):
        return replace(node, text=names[node.text]) if node.text in names else node
    if not isinstance(node, tree.Node) or isinstance(node, (tree.Contract, tree.Test)):
        return node
    left = _ELSEWHERE.get(type(node), frozenset())
    changed = {}
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if name in left or not isinstance(value, (tree.Node, tuple)):
            continue
        woven = _renamed(value, names)
        if woven is not value:
            changed[name] = woven
    return replace(node, **changed) if changed else node
