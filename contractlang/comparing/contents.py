"""A contract laid flat, so that clauses are found by their names wherever they stand.

In: the declarations of a document, or of an amendment. Out: `Contents`, each clause by its key with the
phase that it stands in; and back: declarations that mean the same. Scenarios are no terms and are left
out, as the fingerprint leaves them out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from contractlang.comparing.sameness import with_defaults
from contractlang.syntax import tree

Key: TypeAlias = tuple[str, str]
"""The name space of a clause and its name; ways out are named by their phase, target and form."""


@dataclass(slots=True)
class Entry:
    """A clause and the phase that it stands in. A phase itself is held without what is in it.

    `amendment` is the label of the amendment that brings it, where clauses of several are held together.
    """

    node: Any
    home: str | None = None
    amendment: str | None = None


@dataclass(slots=True)
class Contents:
    """The clauses of a contract or of an amendment, in the order written."""

    header: tree.Contract | None = None
    clauses: dict[Key, Entry] = field(default_factory=dict)
    amendments: list[tree.Amendment] = field(default_factory=list)

    def copy(self) -> "Contents":
        """The same clauses in a mapping of its own."""
        return Contents(self.header, dict(self.clauses), list(self.amendments))


def flat(declarations: Iterable[tree.AnyDeclaration]) -> Contents:
    """The clauses of some declarations."""
    found = Contents()
    for one in declarations:
        if isinstance(one, tree.Contract):
            found.header = found.header or with_defaults(one)
        elif isinstance(one, tree.Amendment):
            found.amendments.append(one)
        elif isinstance(one, tree.Phase):
            found.clauses.setdefault(("phase", one.name.text), Entry(replace(one, items=())))
            for item in one.items:
                _add(found, item, one.name.text)
        else:
            _add(found, one, None)
    return found


def _add(found: Contents, one: Any, home: str | None) -> None:
    space = _SPACES.get(type(one))
    if space is None:
        return
    if isinstance(one, tree.Transition):
        base = f"{home} to {one.to.text} {form_of(one)}"
        number = sum(1 for key in found.clauses if key[0] == space and key[1].startswith(base))
        name = base if not number else f"{base} {number + 1}"
    elif isinstance(one, tree.Invariant):
        name = one.title
    else:
        name = one.name.text
    found.clauses[space, name] = Entry(with_defaults(one), home)


def with_ways_paired(old: Contents, new: Contents) -> Contents:
    """The old clauses, each way out under the key of its counterpart in the new contract.

    Of the ways from one phase to another the same ones are counterparts, then those that open alike (after
    a time, on a day, on a condition), then the others in their order.
    """
    groups: dict[tuple[str | None, str], tuple[list[Key], list[Key]]] = {}
    for side, contents in enumerate((old, new)):
        for key, entry in contents.clauses.items():
            if key[0] == "transition":
                groups.setdefault((entry.home, entry.node.to.text), ([], []))[side].append(key)
    keys: dict[Key, Key] = {}
    for before, after in groups.values():
        for alike in (_is_same, _opens_alike, _is_any):
            for key in list(before):
                way = old.clauses[key].node
                twin = next((other for other in after if alike(way, new.clauses[other].node)), None)
                if twin is not None:
                    before.remove(key)
                    after.remove(twin)
                    keys[key] = twin
        keys |= {key: (key[0], f"{key[1]}, gone") for key in before}
    clauses = {keys.get(key, key): entry for key, entry in old.clauses.items()}
    return Contents(old.header, clauses, old.amendments)


def _is_same(one: tree.Transition, other: tree.Transition) -> bool:
    return one == other


def _opens_alike(one: tree.Transition, other: tree.Transition) -> bool:
    return form_of(one) == form_of(other)


def _is_any(_one: tree.Transition, _other: tree.Transition) -> bool:
    return True


def form_of(way: tree.Transition) -> str:
    """How a way out opens: after a time, on a day, on a condition."""
    return "on" if way.on else "when" if way.when is not None else "after"


_SPACES: dict[type, str] = {
    tree.Unit: "unit", tree.Usage: "usage", tree.Window: "window", tree.Measure: "measure",
    tree.Price: "price", tree.Index: "index", tree.Line: "line", tree.Transition: "transition",
    tree.Remove: "remove", tree.Invariant: "invariant",
}  # fmt: skip


def declarations_of(contents: Contents) -> tuple[tree.AnyDeclaration, ...]:
    """The declarations that clauses came from, in their order; a phase holds what stands in it."""
    homes: dict[str, list[Any]] = {}
    for key, entry in contents.clauses.items():
        if entry.home is not None and key[0] != "phase":
            homes.setdefault(entry.home, []).append(entry.node)
    found: list[Any] = [contents.header] if contents.header is not None else []
    written: set[str] = set()
    for key, entry in contents.clauses.items():
        if key[0] == "phase":
            written.add(key[1])
            found.append(replace(entry.node, items=tuple(homes.get(key[1], ()))))
        elif entry.home is None:
            found.append(entry.node)
        elif entry.home not in written and ("phase", entry.home) not in contents.clauses:
            # An amendment may speak of a phase that it does not restate.
            written.add(entry.home)
            found.append(tree.Phase(tree.Name(entry.home), items=tuple(homes[entry.home])))
    return (*found, *contents.amendments)


def ordered(old: Iterable[Key], new: Iterable[Key], by_new: bool = False) -> Iterator[Key]:
    """All keys of both: the old order (or the new one), each other key after the one it follows."""
    first, second = (list(new), list(old)) if by_new else (list(old), list(new))
    result = list(first)
    known = set(first)
    for index, key in enumerate(second):
        if key in known:
            continue
        before = second[index - 1] if index else None
        result.insert(result.index(before) + 1 if before in known else 0, key)
        known.add(key)
    return iter(result)


def in_force(base: Contents, amendment: tree.Amendment) -> Contents:
    """The clauses after an amendment: its clauses in the place of those that they replace."""
    after = base.copy()
    items = flat(amendment.items)
    if after.header is not None:
        for name in ("term", "vat", "payment"):
            restated = getattr(amendment, name)
            if restated is not None:
                after.header = replace(after.header, **{name: restated})
    for key, entry in items.clauses.items():
        if key[0] == "remove":
            for space in ("line", "measure", "price", "window", "index"):
                after.clauses.pop((space, key[1]), None)
            for other in [one for one in after.clauses if one[0] == "transition"]:
                if after.clauses[other].home == entry.home and after.clauses[other].node.to.text == key[1]:
                    after.clauses.pop(other)
            continue
        before = after.clauses.get(key)
        if key[0] == "phase" and before is not None:
            entry = Entry(replace(entry.node, label=entry.node.label or before.node.label), None)
        elif key[0] == "transition":
            # A way out replaces those of its phase that lead to the same phase.
            for other in [one for one in after.clauses if one[0] == "transition" and one != key]:
                old = after.clauses[other]
                if old.home == entry.home and old.node.to.text == entry.node.to.text:
                    if other not in items.clauses:
                        after.clauses.pop(other)
        elif before is not None and entry.home is None:
            # A line replaced outside every phase stays in the phase where it stood.
            entry = Entry(entry.node, before.home)
        after.clauses[key] = entry
    return after
