"""Tables of rows walked together: bands, values of a column, tiers.

In: the rows of two tables. Out: the rows of the old one with the differences that are taken. Rows are
paired by their order where there are as many, so that a moved edge is one difference; where rows were
added or taken out, those with the same edges are paired and the rest is one difference of the table.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from contractlang.comparing.difference import Difference, Place, Take
from contractlang.comparing.sameness import Sameness, bare
from contractlang.comparing.words import edge_words, one_line, shown
from contractlang.syntax import tree


class TableWeaver:
    """Walks pairs of tables; `take` is asked for each difference, in the order of the text."""

    def __init__(self, sameness: Sameness, take: Take) -> None:
        self.sameness = sameness
        self.take = take

    def leaf(self, old: Any, new: Any, at: Place, **rest: Any) -> Any:
        """One difference: the new node where it is taken, else the old one."""
        found = Difference(
            at.path, at.clause, at.attribute, old, new, at.where, rest.pop("effective", at.effective), **rest
        )
        return new if self.take(found) else old

    # ---- rows of bands

    def rows(self, old: Any, new: Any, at: Place) -> Any:
        """The rows of a table of bands or of values."""
        if len(_bands(old)) == len(_bands(new)):
            return self._paired_rows(old, new, at)
        return self._other_rows(old, new, at)

    def _paired_rows(self, old: Any, new: Any, at: Place) -> Any:
        woven = []
        bands = iter(_bands(new))
        named = {_key(row): row for row in new if _key(row) is not None}
        gone = [row for row in old if _key(row) is not None and _key(row) not in named]
        known = {_key(row) for row in old}
        come = [row for row in new if _key(row) is not None and _key(row) not in known]
        for index, row in enumerate(old):
            key = _key(row)
            place = at.into(index, where=edge_words(row))
            if key is None:
                woven.append(self._band(row, next(bands), place, at))
            elif key in named:
                woven.append(self._row_value(row, named.pop(key), place))
            elif len(gone) == len(come) == 1 and self.sameness.same(row.value, come[0].value):
                named.pop(_key(come[0]))
                woven.append(self.leaf(row, come[0], replace(place, attribute="row")))
            elif (kept := self.leaf(row, None, replace(place, attribute="row"))) is not None:
                woven.append(kept)
        for key, row in named.items():
            place = at.into(f"+{key}", where=edge_words(row))
            if (added := self.leaf(None, row, replace(place, attribute="row"))) is not None:
                # `otherwise` and `no data` may stand anywhere; the end is where they are read best.
                woven.append(added)
        return tuple(woven)

    def _band(self, old: tree.Band, new: tree.Band, at: Place, table: Place) -> Any:
        lower = self._edge(old.lower, new.lower, at.into("lower", "edge"), table)
        upper = self._edge(old.upper, new.upper, at.into("upper", "edge"), table)
        return replace(self._row_value(old, new, at, table), lower=lower, upper=upper)

    def _edge(self, old: tree.Edge | None, new: tree.Edge | None, at: Place, table: Place) -> Any:
        if self.sameness.same(old, new):
            return old
        if old is None or new is None:
            return self.leaf(old, new, at, together=(*table.path, "rows"))
        value, included = old.value, old.included
        if not self.sameness.same(old.value, new.value):
            together = (*table.path, shown(old.value), shown(new.value))
            value = self.leaf(old.value, new.value, at.into("value"), together=together)
        if old.included != new.included:
            together = (*table.path, "included", shown(old.value))
            taken = self.leaf(old, new, at.into("included"), together=together)
            included = new.included if taken is new else old.included
        return replace(old, value=value, included=included)

    def _row_value(self, old: Any, new: Any, at: Place, table: Place | None = None) -> Any:
        before, after = bare(old.value), bare(new.value)
        if self.sameness.same(before, after):
            return old
        attribute = "no data" if edge_words(old) == "no data" else "row value"
        place = at.into("value", attribute)
        if table is not None and isinstance(before, tree.ForEach) and isinstance(after, tree.ForEach):
            return replace(old, value=self._counted(before, after, place, table))
        return replace(old, value=self.leaf(old.value, new.value, place))

    def _counted(self, old: tree.ForEach, new: tree.ForEach, at: Place, table: Place) -> tree.ForEach:
        """`-1% for each started point below 85%`: what counts the distance to an edge moves with it."""
        if self.sameness.same(old.edge, new.edge):
            counted: tree.ForEach = self.leaf(old, new, at)
            return counted
        together = (*table.path, shown(old.edge), shown(new.edge))
        edge = self.leaf(old.edge, new.edge, at.into("edge", "edge"), together=together)
        rest = replace(old, edge=new.edge)
        if not self.sameness.same(rest, new):
            rest = self.leaf(rest, new, at)
        return replace(rest, edge=edge)

    def _other_rows(self, old: Any, new: Any, at: Place) -> Any:
        """Rows were added or taken out: rows with the same edges are paired, the rest is one difference."""
        before, after = list(old), list(new)
        twins: dict[int, Any] = {}
        for index, row in enumerate(before):
            for other, twin in enumerate(after):
                if other in twins or not self._same_edges(row, twin):
                    continue
                twins[other] = self._row_value(row, twin, at.into(index, where=edge_words(row)))
                before[index] = twins[other]
                break
        kept = [id(row) for row in twins.values()]
        removed = [f"- {one_line(shown(row))}" for row in before if id(row) not in kept]
        added = [f"+ {one_line(shown(row))}" for index, row in enumerate(after) if index not in twins]
        changed = [twins.get(index, row) for index, row in enumerate(after)]
        place = replace(at, attribute="rows")
        return self.leaf(tuple(before), tuple(changed), place, detail=(*removed, *added))

    def _same_edges(self, row: Any, twin: Any) -> bool:
        if _key(row) is not None or _key(twin) is not None:
            return _key(row) == _key(twin)
        return self.sameness.same(row.lower, twin.lower) and self.sameness.same(row.upper, twin.upper)

    # ---- tiers

    def tiers(self, old: Any, new: Any, at: Place) -> Any:
        """A graduated or a volume price."""
        woven = replace(old, tiers=self._tier_rows(old.tiers, new.tiers, at.into("tiers")))
        if not self.sameness.same(old.over, new.over):
            woven = replace(woven, over=self.leaf(old.over, new.over, at.into("over", "tiers over")))
        if isinstance(old, tree.Volume) and not self.sameness.same(old.of, new.of):
            woven = replace(woven, of=self.leaf(old.of, new.of, at.into("of", "tiers of")))
        return woven

    def _tier_rows(self, old: Sequence[tree.Tier], new: Sequence[tree.Tier], at: Place) -> Any:
        if len(old) == len(new):
            return tuple(
                self._tier(one, two, at.into(index, where=edge_words(one)))
                for index, (one, two) in enumerate(zip(old, new, strict=True))
            )
        twins: dict[int, tree.Tier] = {}
        before = list(old)
        slices = [(row.up_to, old[index - 1].up_to if index else None) for index, row in enumerate(old)]
        for other, twin in enumerate(new):
            # The same slice has both edges: `beyond` begins elsewhere where a tier was put before it.
            slice_ = twin.up_to, new[other - 1].up_to if other else None
            index = next((at for at, one in enumerate(slices) if self.sameness.same(one, slice_)), None)
            if index is not None:
                tier = old[index]
                twins[other] = self._tier(tier, twin, at.into(index, where=edge_words(tier)))
                before[index] = twins[other]
        kept = [id(tier) for tier in twins.values()]
        gone = [tier for tier in before if id(tier) not in kept]
        come = [tier for index, tier in enumerate(new) if index not in twins]
        removed = [f"- {one_line(shown(row))}" for row in gone if not self._stands(row, come)]
        added = [f"+ {one_line(shown(row))}" for row in come if not self._stands(row, gone)]
        changed = tuple(twins.get(index, tier) for index, tier in enumerate(new))
        place = replace(at, attribute="tiers")
        return self.leaf(tuple(before), changed, place, detail=(*removed, *added))

    def _stands(self, tier: tree.Tier, others: Sequence[tree.Tier]) -> bool:
        return any(self.sameness.same(tier, one) or self.sameness.same(one, tier) for one in others)

    def _tier(self, old: tree.Tier, new: tree.Tier, at: Place) -> tree.Tier:
        changed = {}
        for name, attribute in (("up_to", "tier edge"), ("price", "tier price"), ("plus", "tier plus")):
            before, after = getattr(old, name), getattr(new, name)
            if not self.sameness.same(before, after):
                changed[name] = self.leaf(before, after, at.into(name, attribute))
        return replace(old, **changed) if changed else old


def _bands(rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if _key(row) is None]


def _key(row: Any) -> str | None:
    """What a row is found by where that is not its edges: a text, `otherwise`, `no data`."""
    if isinstance(row, tree.ColumnRow):
        return "otherwise" if row.text is None else f'"{row.text}"'
    return "no data" if row.no_data else None
