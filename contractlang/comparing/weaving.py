"""Two declarations of one name walked together: what differs, and the tree that takes some of it.

In: an old and a new declaration, and for each difference whether to take it. Out: the old declaration
with the differences that were taken. Taking none finds all differences; taking some applies them alone,
which is how a single change is priced.

Dated values are paired by their days; `tables` pairs the rows of bands and tiers.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from contractlang.comparing import forms
from contractlang.comparing.contents import form_of
from contractlang.comparing.difference import Place, Take
from contractlang.comparing.sameness import Sameness, bare, with_defaults
from contractlang.comparing.tables import TableWeaver
from contractlang.comparing.words import one_line, shown
from contractlang.syntax import tree

# Fields that say nothing of the terms, or are told by the clause that a difference is in.
_SILENT = frozenset({"span", "doc", "name", "clauses", "scorecard"})
# Nodes whose parts differ one by one; any other expression differs as a whole.
_OPEN = (
    tree.Priced, tree.Package, tree.Bound, tree.Indexation,
)  # fmt: skip
_PARTS = {"price": "price", "quantity": "quantity", "per": "per", "size": "package size"}


class Weaver(TableWeaver):
    """Walks pairs of nodes; `start` is the first day of the old term, from which undated prices count."""

    def __init__(self, sameness: Sameness, take: Take, start: date | None) -> None:
        super().__init__(sameness, take)
        self.start = start

    def declaration(self, old: Any, new: Any, at: Place) -> Any:
        """The old declaration with the differences that are taken."""
        if isinstance(old, tree.Price) and isinstance(new, tree.Price):
            return self._price(old, new, at)
        if isinstance(old, tree.Line) and isinstance(new, tree.Line):
            return self._line(old, new, at)
        if isinstance(old, tree.Measure) and forms.is_other_source(old, new):
            words = [forms.source_words(old, new), forms.source_words(new, old)]
            other = forms.with_source(old, new)
            taken = self.leaf(words[0], words[1], at.into("source", "source")) is words[1]
            woven = self._fields(other, new, at)
            return woven if taken else forms.with_source(woven, old)
        if isinstance(old, tree.Transition) and form_of(old) != form_of(new):
            return self.leaf(old, new, at.into("way", "way"))
        return self._fields(old, new, at)

    def _line(self, old: tree.Line, new: tree.Line, at: Place) -> Any:
        if old.kind != new.kind and not {old.kind, new.kind} <= {"fee", "subscription"}:
            return self._other_kind(old, new, at)
        old, new = forms.limits_alike(old, new)
        if forms.is_other_interval(old, new) and not self.sameness.same(*_amounts(old, new)):
            value = self.leaf(old.value, new.value, at.into("value", "value"))
            return replace(self._fields(replace(old, value=new.value), new, at), value=value)
        if not forms.is_other_frequency(old, new):
            return self._fields(old, new, at)
        before, after = forms.frequency(old), forms.frequency(new)
        taken = self.leaf(before, after, at.into("frequency", "frequency")) is after
        woven = self._fields(forms.with_frequency(old, new), new, at)
        return woven if taken else forms.with_frequency(woven, old)

    def _other_kind(self, old: tree.Line, new: tree.Line, at: Place) -> Any:
        """A penalty that becomes a bonus-malus: what it says as one cannot stand in the other."""
        kept = self.take
        self.take = lambda one: kept(replace(one, together=(*at.path, "kind")))
        try:
            return self._fields(old, new, at)
        finally:
            self.take = kept

    # ---- nodes

    def node(self, old: Any, new: Any, at: Place) -> Any:
        """A node of any kind."""
        if self.sameness.same(old, new):
            return old
        inner_old, inner_new = bare(old), bare(new)
        if type(inner_old) is not type(inner_new):
            return self.leaf(old, new, at)
        old, new = inner_old, inner_new
        if isinstance(old, tree.Vat):
            return self._vat(old, new, at)
        if isinstance(old, tree.ByValue):
            figure = self.node(old.figure, new.figure, at.into("figure", "figure"))
            return replace(old, figure=figure, rows=self.rows(old.rows, new.rows, at.into("rows")))
        if isinstance(old, (tree.Graduated, tree.Volume)):
            return self.tiers(old, new, at)
        if isinstance(old, tree.Package) and not self._alike_but_one(old, new):
            # The price of a larger package is no dearer price.
            return self.leaf(old, new, at)
        if isinstance(old, tree.VatNature) and old.nature == new.nature:
            return self._nature(old, new, at)
        if isinstance(old, _OPEN):
            return self._fields(old, new, at)
        return self.leaf(old, new, at)

    def _fields(self, old: Any, new: Any, at: Place) -> Any:
        changed = {}
        for field in old.__dataclass_fields__.values():
            name = field.name
            if name in _SILENT or not field.compare:
                continue
            before, after = getattr(old, name), getattr(new, name)
            if self.sameness.same(before, after):
                continue
            place = at.into(name, self._attribute(old, name, at))
            if isinstance(old, tree.Line) and old.kind != new.kind and name in ("kind", "timing"):
                # A subscription that becomes a fee is invoiced in arrears: that is one change.
                changed[name] = self.leaf(before, after, place, together=(*at.path, "kind"))
                continue
            if isinstance(old, tree.Contract) and name in ("currency", "rounding") and _follows(old, new):
                changed[name] = self.leaf(before, after, place, together=(*at.path, "currency"))
                continue
            changed[name] = self._field(old, name, before, after, place)
        return replace(old, **changed) if changed else old

    def _attribute(self, owner: Any, name: str, at: Place) -> str:
        if isinstance(owner, (tree.Priced, tree.Package)):
            return _PARTS[name]
        if isinstance(owner, tree.Bound):
            return at.attribute if name == "value" else f"{at.attribute} over"
        if isinstance(owner, tree.Indexation):
            return f"indexed {name}"
        return name

    def _field(self, owner: Any, name: str, old: Any, new: Any, at: Place) -> Any:
        if name == "parts":
            return self._parts(old, new, at, replace_scorecard=owner)
        if name == "columns":
            return self._columns(old, new, at)
        if name == "key":
            return self.leaf(old or None, new or None, at) or ()
        if name == "between" and old is not None and new is not None:
            return self._between(old, new, at)
        if old is None or new is None or isinstance(old, tuple):
            # Nothing between brackets is said as nothing: `on` was added, and is not "0 rows" before.
            was, now = (None if one == () else one for one in (old, new))
            return new if self.leaf(was, now, at) is now else old
        return self.node(old, new, at)

    def _between(self, old: Any, new: Any, at: Place) -> Any:
        """Two pairs of bounds; in `between -6% and +4% of handling` both are of the same lines."""
        low = self.node(old[0], new[0], at.into(0, "lower bound"))
        one, two = (bare(bounds[1]) for bounds in (old, new))
        of_lines = isinstance(one, tree.PercentOf) and isinstance(two, tree.PercentOf)
        if not of_lines or self.sameness.same(one.of, two.of):
            return low, self.node(old[1], new[1], at.into(1, "upper bound"))
        lines = self.leaf(one.of, two.of, at.into("of", "bounds of"))
        return low, replace(self.node(one, replace(two, of=one.of), at.into(1, "upper bound")), of=lines)

    def _alike_but_one(self, old: tree.Package, new: tree.Package) -> bool:
        return self.sameness.same(old.size, new.size) or self.sameness.same(old.price, new.price)

    def _nature(self, old: tree.VatNature, new: tree.VatNature, at: Place) -> Any:
        percent, reason = old.percent, old.reason
        if old.percent != new.percent:
            percent = self.leaf(old, new, at.into("percent")).percent
        if old.reason != new.reason:
            reason = self.leaf(old.reason, new.reason, at.into("reason", "reason"))
        return replace(old, percent=percent, reason=reason)

    # ---- scorecards, columns

    def _parts(self, old: Any, new: Any, at: Place, replace_scorecard: Any) -> Any:
        left = list(enumerate(new))
        pairs: list[tuple[Any, Any]] = []
        for part in old:
            twin = next((one for one in left if _twins(part, one[1], self.sameness)), None)
            if twin is not None:
                left.remove(twin)
            pairs.append((part, twin[1] if twin is not None else None))
        # What is left over on both sides is paired in order: its figure was changed.
        pairs = [(part, twin or (left.pop(0)[1] if left else None)) for part, twin in pairs]
        woven = []
        for index, (part, twin) in enumerate(pairs):
            place = at.into(index, where=_part_words(part) if len(old) > 1 else "")
            if twin is None:
                kept = self.leaf(part, None, replace(place, attribute="part"))
            else:
                kept = self._part(part, twin, place)
            woven += [kept] if kept is not None else []
        for index, part in left:
            place = at.into(f"+{index}", "part", _part_words(part))
            added = self.leaf(None, part, place)
            woven += [added] if added is not None else []
        return tuple(woven)

    def _part(self, old: tree.Part, new: tree.Part, at: Place) -> tree.Part:
        changed: dict[str, Any] = {}
        if not self.sameness.same(old.figure, new.figure):
            changed["figure"] = self.leaf(old.figure, new.figure, at.into("figure", "figure"))
        if not self.sameness.same(old.name, new.name):
            changed["name"] = self.leaf(old.name, new.name, at.into("name", "part name"))
        if old.weight != new.weight:
            changed["weight"] = self.leaf(old.weight, new.weight, at.into("weight", "weight"))
        if not self.sameness.same(old.rows, new.rows):
            changed["rows"] = self.rows(old.rows, new.rows, replace(at.into("rows"), where=""))
        return replace(old, **changed) if changed else old

    def _columns(self, old: Any, new: Any, at: Place) -> Any:
        after = {one.name.text: one for one in new}
        woven = []
        for column in old:
            name = column.name.text
            twin = after.pop(name, None)
            if twin is not None and self.sameness.same(column, twin):
                woven.append(column)
            elif (kept := self.leaf(column, twin, at.into(name, "column", name))) is not None:
                woven.append(kept)
        for name, column in after.items():
            if (added := self.leaf(None, column, at.into(name, "column", name))) is not None:
                woven.append(added)
        return tuple(woven)

    # ---- dated values

    def _price(self, old: tree.Price, new: tree.Price, at: Place) -> tree.Price:
        start = at.clause.effective or self.start
        if bool(old.dated) != bool(new.dated) and not _is_table(old) and not _is_table(new):
            # A constant counts from wherever the dated values begin.
            start = min([one.start for one in (*old.dated, *new.dated)] + ([start] if start else []))
            old, new = _as_dated(old, start), _as_dated(new, start)
        if old.dated and new.dated:
            if at.clause.effective is not None:
                # An amendment replaces what counts from its day on; earlier rows of both are past.
                old, new = _from_day_on(old, start), _from_day_on(new, start)
            woven = self._dated(old.dated, new.dated, at.into("dated", "price"))
            old = replace(old, dated=woven)
            result: tree.Price = self._fields(old, replace(new, dated=woven), at)
            if len(woven) == 1 and woven[0].start == start:
                return replace(result, formula=woven[0].value, dated=())
            return result
        plain: tree.Price = self._fields(old, new, at)
        return plain

    def _vat(self, old: tree.Vat, new: tree.Vat, at: Place) -> tree.Vat:
        if old.percent is not None and new.percent is not None:
            was, now = tree.Percent(old.percent, span=old.span), tree.Percent(new.percent, span=new.span)
            return replace(old, percent=self.leaf(was, now, at.into("percent")).value)
        start = min(one.start for one in (*old.dated, *new.dated))
        rows = [_vat_rows(one, start) for one in (old, new)]
        # A rate that went has no place of its own in the new contract: there the clause is its place.
        at = replace(at, clause=replace(at.clause, old=old, new=new))
        return tree.Vat(None, self._dated(rows[0], rows[1], at.into("dated")), span=old.span)

    def _dated(self, old: Any, new: Any, at: Place) -> Any:
        before, after = {one.start: one for one in old}, {one.start: one for one in new}
        gone = [day for day in before if day not in after]
        come = [day for day in after if day not in before]
        woven: list[tree.Dated] = []
        for day, row in before.items():
            if day in after:
                place = replace(at.into(day.isoformat()), effective=day)
                woven.append(replace(row, value=self.node(row.value, after[day].value, place)))
                continue
            other = next((one for one in come if self._moved(row, after[one])), None)
            if other is not None:
                gone.remove(day)
                come.remove(other)
                place = replace(at.into(day.isoformat()), attribute="from", where=shown(row.value))
                woven.append(self.leaf(row, after[other], place, effective=min(day, other)))
        for day in gone:
            kept = self.leaf(
                before[day], None, self._step(at, day), effective=day, standing=_around(before, day)
            )
            woven += [kept] if kept is not None else []
        for day in come:
            added = self.leaf(
                None, after[day], self._step(at, day), effective=day, standing=_around(before, day)
            )
            woven += [added] if added is not None else []
        return tuple(sorted(woven, key=lambda one: one.start))

    def _step(self, at: Place, day: date) -> Place:
        return at.into(day.isoformat(), "dated " + at.attribute)

    def _moved(self, old: tree.Dated, new: tree.Dated) -> bool:
        return self.sameness.same(old.value, new.value)


def _amounts(old: tree.Line, new: tree.Line) -> tuple[Any, Any]:
    old_value, new_value = bare(old.value), bare(new.value)
    return getattr(old_value, "quantity", old_value), getattr(new_value, "quantity", new_value)


def _follows(old: tree.Contract, new: tree.Contract) -> bool:
    """Whether each contract rounds as its own currency has it, so that the currency tells the rounding."""
    return all(with_defaults(replace(one, rounding=None)).rounding == one.rounding for one in (old, new))


def _around(rows: dict[date, tree.Dated], day: date) -> Any:
    """What counts just before a day, which is what a price of that day replaces; None where nothing does."""
    earlier = [one for one in rows if one < day]
    return rows[max(earlier)].value if earlier else None


def _vat_rows(vat: tree.Vat, start: date) -> tuple[tree.Dated, ...]:
    if vat.percent is None:
        return vat.dated
    return (tree.Dated(start, tree.Percent(vat.percent, span=vat.span), span=vat.span),)


def _as_dated(price: tree.Price, start: date | None) -> tree.Price:
    if price.formula is None or start is None:
        return price
    return replace(price, formula=None, dated=(tree.Dated(start, price.formula),))


def _from_day_on(price: tree.Price, start: date | None) -> tree.Price:
    """A price with the value that counts on a day as its first."""
    if start is None:
        return price
    past = [one for one in price.dated if one.start <= start]
    rest = tuple(one for one in price.dated if one.start > start)
    if not past:
        return price
    latest = max(past, key=lambda one: one.start)
    return replace(price, dated=(replace(latest, start=start), *rest))


def _is_table(price: tree.Price) -> bool:
    return isinstance(bare(price.formula), tree.ByValue)


def _twins(old: tree.Part, new: tree.Part, sameness: Sameness) -> bool:
    if old.name is not None and new.name is not None:
        return old.name == new.name
    return sameness.same(old.figure, new.figure)


def _part_words(part: tree.Part) -> str:
    return part.name.text if part.name is not None else one_line(f"by {shown(part.figure)}")
