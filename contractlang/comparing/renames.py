"""Clauses, units and columns that only got another name.

In: the declarations of two contracts. Out: the names that changed, and the old contract with the new
names, so that every formula that reads a renamed figure is no change of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from contractlang.comparing.contents import Contents, Entry, Key, flat
from contractlang.comparing.sameness import Sameness, units_of
from contractlang.comparing.vocabulary import (
    Declarations,
    renamed_column,
    renamed_unit,
    unit_words,
    with_column,
    with_unit,
)
from contractlang.syntax import tree

_NAMED = ("line", "measure", "price", "window", "index", "phase", "usage", "invariant")
# Names that are columns, units or words of the header, and so are no names of clauses.
ELSEWHERE = {
    tree.Usage: frozenset({"unit", "on", "key", "columns"}), tree.Member: frozenset({"member"}),
    tree.Argument: frozenset({"by"}), tree.Priced: frozenset({"per"}),
    tree.Unit: frozenset({"name", "plural"}), tree.Line: frozenset({"every", "as_of"}),
    tree.Call: frozenset({"function"}),
    tree.Indexation: frozenset({"every"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Renamed:
    """A clause of one name space that is called otherwise now; `old` and `new` are the declarations.

    Of a column the space is `column`, and they are those of its table.
    """

    space: str
    before: str
    after: str
    old: Any
    new: Any
    phase: str | None = None


def with_new_names(old: Declarations, new: Declarations) -> tuple[Declarations, tuple[Renamed, ...]]:
    """The old declarations under their new names, and what was renamed."""
    found: list[Renamed] = []
    while (step := _renaming(old, new)) is not None:
        renamed, old = step
        found.append(renamed)
    return old, tuple(found)


def _renaming(old: Declarations, new: Declarations) -> tuple[Renamed, Declarations] | None:
    """The first name that changed, and the old declarations with it."""
    before, after = _everything(old), _everything(new)
    sameness = Sameness(units_of(old), units_of(new))
    if (units := renamed_unit(before, after, sameness)) is not None:
        unit, twin = units
        found = Renamed("unit", unit.name.text, twin.name.text, unit, twin)
        return found, with_unit(old, unit_words(unit, twin))
    if (column := renamed_column(old, new)) is not None:
        table, twin_table, one, other = column
        found = Renamed("column", one.name.text, other.name.text, table, twin_table)
        return found, with_column(old, table.name.text, one.name.text, other.name.text)
    columns = set(_columns((*old, *new)))
    # One that is printed otherwise too is looked for where nothing else is left.
    pair = _pair(before, after, sameness, columns, False) or _pair(before, after, sameness, columns, True)
    if pair is None:
        return None
    rename = _retitled if pair.space == "invariant" else _renamed
    return pair, tuple(rename(one, {pair.before: pair.after}) for one in old)


def _everything(declarations: Declarations) -> Contents:
    """The clauses of a contract, and those that only its amendments bring."""
    found = flat(declarations)
    for amendment in found.amendments:
        for key, entry in flat(amendment.items).clauses.items():
            if key[0] not in ("remove", "transition"):
                found.clauses.setdefault(key, Entry(entry.node, entry.home, amendment.label))
    return found


def _pair(
    old: Contents, new: Contents, sameness: Sameness, columns: set[str], relabelled: bool
) -> Renamed | None:
    """The first clause that is gone under its name and stands there, alike, under one other name.

    With `relabelled`, its label may be another one too.
    """
    gone = [key for key in old.clauses if key not in new.clauses and key[0] in _NAMED]
    come = [key for key in new.clauses if key not in old.clauses and key[0] in _NAMED]
    names = [key[1] for key in old.clauses if key[0] in _NAMED]
    come = [key for key in come if key[1] not in names]
    for key in gone:
        # Where two clauses share a name, a formula does not say which of them it reads.
        if key[1] in columns or names.count(key[1]) > 1:
            continue
        alike = [one for one in come if _alike(old, key, new, one, sameness, relabelled)]
        rivals = [one for one in gone if alike and _alike(old, one, new, alike[0], sameness, relabelled)]
        if len(alike) == 1 and len(rivals) == 1 and alike[0][1] not in columns:
            other = alike[0]
            before, after = old.clauses[key], new.clauses[other]
            return Renamed(key[0], key[1], other[1], before.node, after.node, after.home)
    return None


def _alike(old: Contents, key: Key, new: Contents, other: Key, sameness: Sameness, relabelled: bool) -> bool:
    before, after = old.clauses[key], new.clauses[other]
    if key[0] != other[0] or before.amendment != after.amendment:
        return False
    if key[0] == "phase":
        lines = {one for one, entry in old.clauses.items() if entry.home == key[1] and one[0] == "line"}
        others = {one for one, entry in new.clauses.items() if entry.home == other[1] and one[0] == "line"}
        return bool(lines) and lines == others
    if key[0] == "invariant":
        return sameness.same(before.node.condition, after.node.condition)
    if before.home != after.home and (
        before.home is None or after.home is None or ("phase", before.home) in new.clauses
    ):
        return False
    renamed = _renamed(before.node, {key[1]: other[1]})
    if relabelled and isinstance(renamed, tree.Line):
        renamed = replace(renamed, label=after.node.label)
    return sameness.same(renamed, after.node)


def _columns(declarations: Iterable[Any]) -> Iterator[str]:
    for one in declarations:
        if isinstance(one, tree.Usage):
            yield from (column.name.text for column in one.columns)
        elif isinstance(one, tree.Amendment):
            yield from _columns(one.items)


def _retitled(node: Any, titles: Mapping[str, str]) -> Any:
    if isinstance(node, tree.Amendment):
        return replace(node, items=tuple(_retitled(one, titles) for one in node.items))
    if isinstance(node, tree.Invariant) and node.title in titles:
        return replace(node, title=titles[node.title])
    return node


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    if isinstance(node, tuple):
        woven = tuple(_renamed(one, names) for one in node)
        return woven if any(a is not b for a, b in zip(woven, node, strict=True)) else node
    if isinstance(node, tree.Name):
        return replace(node, text=names[node.text]) if node.text in names else node
    if not isinstance(node, tree.Node) or isinstance(node, (tree.Contract, tree.Test)):
        return node
    left = ELSEWHERE.get(type(node), frozenset())
    changed = {}
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if name in left or not isinstance(value, (tree.Node, tuple)):
            continue
        woven = _renamed(value, names)
        if woven is not value:
            changed[name] = woven
    return replace(node, **changed) if changed else node
