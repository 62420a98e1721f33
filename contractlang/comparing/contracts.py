"""Two contracts walked together: clauses added, taken out, moved, reordered, and amended from a day on.

In: the declarations of both, and for each difference whether to take it. Out: the old declarations with
the differences that were taken. An amendment is compared with what it replaces: what was in force before
it in the old contract.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from contractlang.comparing.contents import (
    Contents,
    Entry,
    Key,
    declarations_of,
    flat,
    in_force,
    ordered,
    with_ways_paired,
)
from contractlang.comparing.difference import Clause, Difference, Path, Place, Take
from contractlang.comparing.renames import Renamed, with_new_names
from contractlang.comparing.sameness import Sameness, units_of
from contractlang.comparing.weaving import Weaver
from contractlang.syntax import tree


def woven(
    old: tuple[tree.AnyDeclaration, ...], new: tuple[tree.AnyDeclaration, ...], take: Take
) -> tuple[tree.AnyDeclaration, ...]:
    """The old declarations with the differences that are taken; `take` is asked once for each."""
    return _Pair(old, new, take).declarations()


def keyword(node: Any) -> str:
    """The keyword of a declaration, as written: `rate`, `bonus-malus`, `phase`."""
    if isinstance(node, (tree.Line, tree.Price)):
        return node.kind.replace("_", "-")
    return type(node).__name__.lower()


class _Pair:
    def __init__(
        self, old: tuple[tree.AnyDeclaration, ...], new: tuple[tree.AnyDeclaration, ...], take: Take
    ) -> None:
        self.take = take
        self.new = flat(new)
        self.renamed_old, self.renames = with_new_names(old, new)
        self.sameness = Sameness(units_of(self.renamed_old), units_of(new))
        self.old = with_ways_paired(flat(self.renamed_old), self.new)
        term = self.old.header.term if self.old.header is not None else None
        self.weaver = Weaver(self.sameness, take, term.start if term is not None else None)
        self.labels: tuple[str | None, date | None] = None, None

    def declarations(self) -> tuple[tree.AnyDeclaration, ...]:
        for one in self.renames:
            self._say_renamed(one)
        found = Contents(self._header())
        found.clauses = self._clauses(self.old, self.new)
        found.amendments = list(self._amendments())
        return declarations_of(found)

    # ---- the header and the clauses

    def _clause(self, kind: str, name: str, phase: str | None, old: Any, new: Any) -> Clause:
        label, effective = self.labels
        return Clause(kind, name, phase, label, effective, old, new)

    def _say_renamed(self, one: Renamed) -> None:
        is_column = one.space == "column"
        name = one.new.title if one.space == "invariant" else one.new.name.text
        clause = self._clause(keyword(one.new), name, one.phase, one.old, one.new)
        path: Path = ("rename", one.space, name if is_column else "", one.before)
        # The old tree bears the new names already: a name moves no money.
        attribute = "column name" if is_column else "name"
        self.take(Difference(path, clause, attribute, one.before, one.after))

    def _header(self) -> tree.Contract | None:
        old, new = self.old.header, self.new.header
        if old is None or new is None:
            return old
        clause = self._clause("contract", old.title, None, old, new)
        header: tree.Contract = self.weaver.declaration(old, new, Place(clause, ("contract",)))
        return header

    def _clauses(self, old: Contents, new: Contents) -> dict[Key, Entry]:
        by_new = self._order(old, new)
        found: dict[Key, Entry] = {}
        for key in ordered(old.clauses, new.clauses, by_new):
            before, after = old.clauses.get(key), new.clauses.get(key)
            if before is not None and after is not None:
                found[key] = self._both(key, before, after, ())
            elif before is not None:
                if not self._one(key, before, None, old, new):
                    found[key] = before
            elif after is not None and self._one(key, None, after, old, new):
                found[key] = after
        return found

    def _both(self, key: Key, before: Entry, after: Entry, root: Path) -> Entry:
        node, home = before.node, before.home
        clause = self._clause(
            keyword(after.node), self._name(key, after), after.home, before.node, after.node
        )
        place = Place(clause, (*root, *key))
        if before.home != after.home:
            found = Difference((*place.path, "phase"), clause, "phase", before.home, after.home)
            home = after.home if self.take(found) else before.home
        if not self.sameness.same(before.node, after.node):
            node = self.weaver.declaration(before.node, after.node, place)
        return Entry(node, home)

    def _one(self, key: Key, before: Entry | None, after: Entry | None, old: Contents, new: Contents) -> bool:
        """A clause added or taken out; what stands in a phase goes and comes with the phase."""
        entry = before or after
        assert entry is not None, "one of the two contracts has the clause"
        attribute = "removed" if after is None else "added"
        home = entry.home if key[0] != "phase" else key[1]
        other = new if after is None else old
        clause = self._clause(
            keyword(entry.node), self._name(key, entry), entry.home,
            before.node if before else None, after.node if after else None,
        )  # fmt: skip
        together: tuple[object, ...] = ()
        if home is not None and ("phase", home) not in other.clauses:
            together = ("phase", home, attribute)
        return self.take(
            Difference((*key, attribute), clause, attribute, clause.old, clause.new, together=together)
        )

    def _name(self, key: Key, entry: Entry) -> str:
        return entry.node.to.text if key[0] == "transition" else key[1]

    def _order(self, old: Contents, new: Contents) -> bool:
        """Whether the clauses take their new order, where the order of the contract has a meaning."""
        # A clause that moves to another phase says so itself.
        stay = {
            key
            for key, one in old.clauses.items()
            if key in new.clauses and new.clauses[key].home == one.home
        }
        before = [key for key in old.clauses if key in stay]
        after = [key for key in new.clauses if key in stay]
        for what in ("first phase", "order of limits", "order of transitions", "order of lines"):
            one, two = (_of_order(what, keys, old) for keys in (before, after))
            if one == two:
                continue
            header = self.new.header.title if self.new.header else ""
            clause = self._clause("contract", header, None, self.old.header, self.new.header)
            one, two = _moved(one, two)
            names = [", ".join(self._name(key, old.clauses[key]) for key in keys) for keys in (one, two)]
            return self.take(Difference(("order",), clause, what, names[0], names[1]))
        return False

    # ---- amendments

    def _amendments(self) -> Iterator[tree.Amendment]:
        base = self.old
        for before, after in self._paired():
            found = self._amendment(before, after, base)
            if found is not None:
                yield found
            if before is not None:
                base = in_force(base, before)

    def _paired(self) -> list[tuple[tree.Amendment | None, tree.Amendment | None]]:
        """Amendments of one label and day, then of one label, then of one day; in the order of their days."""
        left, right = list(self.old.amendments), list(self.new.amendments)
        pairs: list[tuple[tree.Amendment | None, tree.Amendment | None]] = []
        for alike in (
            lambda a, b: (a.label, a.effective) == (b.label, b.effective),
            lambda a, b: a.label == b.label,
            lambda a, b: a.effective == b.effective,
        ):
            for one in list(left):
                twin = next((other for other in right if alike(one, other)), None)
                if twin is not None:
                    left.remove(one)
                    right.remove(twin)
                    pairs.append((one, twin))
        pairs += [(one, None) for one in left] + [(None, one) for one in right]
        return sorted(pairs, key=lambda pair: (pair[0] or pair[1]).effective)  # type: ignore[union-attr]

    def _amendment(
        self, before: tree.Amendment | None, after: tree.Amendment | None, base: Contents
    ) -> tree.Amendment | None:
        known = after or before
        assert known is not None, "a pair has one at least"
        path: Path = ("amendment", (before or known).label, (before or known).effective.isoformat())
        self.labels = known.label, known.effective
        clause = self._clause("amendment", known.label, None, before, after)
        written = before is not None
        label, effective = (before or known).label, (before or known).effective
        if before is None or after is None:
            attribute = "added" if before is None else "removed"
            taken = self.take(Difference((*path, attribute), clause, attribute, before, after))
            written = taken if before is None else not taken
        else:
            if before.label != after.label:
                found = Difference((*path, "label"), clause, "label", before.label, after.label)
                label = after.label if self.take(found) else label
            if before.effective != after.effective:
                found = Difference(
                    (*path, "effective"), clause, "effective", before.effective, after.effective
                )
                effective = after.effective if self.take(found) else effective
        items = self._amended(before, after, base, path)
        restated = {
            name: self._restated(name, before, after, base, path, written)
            for name in ("term", "vat", "payment")
        }
        self.labels = None, None
        if not written and not items.clauses and all(one is None for one in restated.values()):
            return None
        return replace(
            before or known, label=label, effective=effective, items=declarations_of(items), **restated
        )

    def _restated(
        self,
        name: str,
        before: tree.Amendment | None,
        after: tree.Amendment | None,
        base: Contents,
        path: Path,
        written: bool,
    ) -> Any:
        """A clause of the header that an amendment restates, compared with what it replaces."""
        one = getattr(before, name) if before is not None else None
        two = getattr(after, name) if after is not None else None
        standing = getattr(base.header, name) if base.header is not None else None
        if self.sameness.same(one, two) or (one is None and two is None):
            return one
        clause = self._clause("contract", base.header.title if base.header else "", None, base.header, None)
        place = Place(clause, (*path, name), name)
        if one is None or two is None:
            from_, to = one or standing, two or standing
            if self.sameness.same(from_, to):
                # Restating what counts anyway says nothing: it comes and goes with its amendment.
                return two if written else None
            result = (
                self.weaver.node(from_, to, place) if from_ and to else self.weaver.leaf(from_, to, place)
            )
            return one if result is from_ else (None if two is None else result)
        return self.weaver.node(one, two, place)

    def _amended(
        self, before: tree.Amendment | None, after: tree.Amendment | None, base: Contents, path: Path
    ) -> Contents:
        one = flat(before.items if before is not None else ())
        two = flat(after.items if after is not None else ())
        one = with_ways_paired(one, two)
        found = Contents()
        for key in ordered(one.clauses, two.clauses):
            old, new = one.clauses.get(key), two.clauses.get(key)
            entry = self._amended_clause(key, old, new, base, path)
            if entry is not None:
                found.clauses[key] = entry
        return found

    def _amended_clause(
        self, key: Key, old: Entry | None, new: Entry | None, base: Contents, path: Path
    ) -> Entry | None:
        if old is not None and new is not None:
            return self._both(key, old, new, path)
        entry = old or new
        assert entry is not None, "one of the two amendments has the clause"
        replaced = self._replaced(key, entry, base)
        if key[0] == "remove" or replaced is None:
            return self._amended_whole(key, entry, new is not None, replaced, base, path)
        from_, to = (old, replaced) if old is not None else (replaced, entry)
        if key[0] == "phase":
            if self._same_labels(from_, to):
                # What stands in it brings the phase along where it is needed.
                return None
            from_, to = (Entry(replace(one.node, items=())) for one in (from_, to))
        taken: list[bool] = []
        kept = self.take

        def noted(difference: Difference) -> bool:
            taken.append(kept(difference))
            return taken[-1]

        self.take = self.weaver.take = noted
        try:
            home = replaced.home if entry.home is None else entry.home
            result = self._both(key, Entry(from_.node, replaced.home), Entry(to.node, home), path)
        finally:
            self.take = self.weaver.take = kept
        if not taken:
            clause = self._clause(keyword(entry.node), self._name(key, entry), home, from_.node, to.node)
            attribute = "restated" if old is None else "no longer restated"
            wanted = self.take(Difference((*path, *key, "restated"), clause, attribute, None, None))
            return entry if wanted == (old is None) else None
        if old is not None:
            # What is in force again where the amendment says nothing needs no clause.
            return None if all(taken) else Entry(result.node, entry.home)
        return Entry(result.node, entry.home) if any(taken) else None

    def _same_labels(self, from_: Entry, to: Entry) -> bool:
        return None in (from_.node.label, to.node.label) or from_.node.label == to.node.label

    def _replaced(self, key: Key, entry: Entry, base: Contents) -> Entry | None:
        """What an amendment's clause replaces; a way out replaces the one to the same phase."""
        if key[0] == "remove":
            spaces = ("line", "measure", "price", "window", "index")
            return next((base.clauses[s, key[1]] for s in spaces if (s, key[1]) in base.clauses), None)
        if key in base.clauses or key[0] != "transition":
            return base.clauses.get(key)
        return next(
            (
                one
                for other, one in base.clauses.items()
                if other[0] == "transition"
                and one.home == entry.home
                and one.node.to.text == entry.node.to.text
            ),
            None,
        )

    def _amended_whole(
        self, key: Key, entry: Entry, is_new: bool, replaced: Entry | None, base: Contents, path: Path
    ) -> Entry | None:
        """A clause that an amendment adds or removes from its day on."""
        node = replaced.node if replaced is not None else entry.node
        home = replaced.home if replaced is not None else entry.home
        if key[0] == "remove":
            attribute = "removed" if is_new else "no longer removed"
            old, new = (node, None) if is_new else (None, node)
        else:
            attribute = "added" if is_new else "removed"
            old, new = (None, node) if is_new else (node, None)
        clause = self._clause(
            keyword(node), key[1] if key[0] != "transition" else node.to.text, home, old, new
        )
        together: tuple[object, ...] = ()
        if key[0] == "phase" or home is not None:
            phase = key[1] if key[0] == "phase" else home
            if key[0] != "remove" and ("phase", phase) not in base.clauses:
                together = (*path, "phase", phase)
        taken = self.take(
            Difference((*path, *key, attribute), clause, attribute, old, new, together=together)
        )
        return entry if taken == is_new else None


def _moved(old: list[Key], new: list[Key]) -> tuple[list[Key], list[Key]]:
    """Two orders without what both begin with and end with."""
    while old and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old, new


def _of_order(what: str, keys: list[Key], contents: Contents) -> list[Key]:
    """The clauses whose order has this meaning, in their order."""
    if what == "first phase":
        return [key for key in keys if key[0] == "phase"][:1]
    if what == "order of transitions":
        # Only ways out of one phase are weighed against one another.
        ways = [key for key in keys if key[0] == "transition"]
        return sorted(ways, key=lambda key: contents.clauses[key].home or "")
    limits = what == "order of limits"
    return [
        key for key in keys if key[0] == "line" and (not limits or contents.clauses[key].node.kind == "limit")
    ]
