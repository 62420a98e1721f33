"""What changed between two contracts, clause by clause, in sentences with their classes.

In: two documents. Out: `Change`s, and the old document with some of them applied. Two documents that
differ in layout, comments, scenarios or the order of what has no order have no change at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from contractlang.comparing.classes import CLASSES, Class, class_of
from contractlang.comparing.contracts import woven
from contractlang.comparing.difference import Difference, Path
from contractlang.comparing.sentences import effective_of, sentence
from contractlang.comparing.words import shown, shown_edge
from contractlang.syntax import tree
from contractlang.syntax.loading import Document
from contractlang.text import Span


@dataclass(frozen=True, slots=True)
class Change:
    """One change of meaning.

    `kind`, `name` and `phase` say which clause; `attribute` what of it. `old` and `new` are its texts,
    None where it was or is not there. `category` is its class (`wording`, `price`, `timing`, `risk`).
    `effective` is the day from which it counts, None for the first day of the term; `amendment` the
    amendment that brings it. `old_span` and `new_span` are the places in the two files.
    """

    kind: str
    name: str
    phase: str | None
    amendment: str | None
    attribute: str
    old: str | None
    new: str | None
    category: Class
    effective: date | None
    old_span: Span | None
    new_span: Span | None
    sentence: str
    detail: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = field(default=(), repr=False, compare=False)

    @property
    def paths(self) -> frozenset[Path]:
        """The places of the two trees that this change is made of."""
        return frozenset(one.path for one in self.differences)


def compare_terms(old: Document, new: Document) -> tuple[Change, ...]:
    """The changes of meaning from one document to another, in the order of the clauses."""
    found: list[Difference] = []

    def note(difference: Difference) -> bool:
        found.append(difference)
        return False

    woven(old.declarations, new.declarations, note)
    groups: dict[object, list[Difference]] = {}
    for one in found:
        groups.setdefault(one.together or one.path, []).append(one)
    return tuple(_change(group) for group in groups.values())


def applied(old: Document, new: Document, changes: Iterable[Change]) -> Document:
    """The old document with some of the changes to the new one, and no others."""
    paths = {path for change in changes for path in change.paths}
    declarations = woven(old.declarations, new.declarations, lambda one: one.path in paths)
    return replace(old, declarations=declarations, diagnostics=())


def gravest(changes: Iterable[Change]) -> Class | None:
    """The last class of `CLASSES` that any of the changes has, None where there is none."""
    return max((one.category for one in changes), key=CLASSES.index, default=None)


def _change(group: list[Difference]) -> Change:
    first = _chief(group)
    clause = first.clause
    return Change(
        kind=clause.kind,
        name=clause.name,
        phase=clause.phase,
        amendment=clause.amendment,
        attribute=first.attribute,
        old=_text(first.old, first.path),
        new=_text(first.new, first.path),
        category=class_of(first),
        effective=effective_of(first),
        old_span=_span(first.old, clause.old),
        new_span=_span(first.new, clause.new),
        sentence=sentence(first),
        detail=_detail(first, group),
        differences=tuple(group),
    )


def _chief(group: list[Difference]) -> Difference:
    """The difference that speaks for its group: the phase that came, the table whose rows changed."""
    for attribute in ("rows", "tiers"):
        found = next((one for one in group if one.attribute == attribute), None)
        if found is not None:
            return found
    return next((one for one in group if one.clause.kind == "phase"), group[0])


def _detail(chief: Difference, group: list[Difference]) -> tuple[str, ...]:
    if chief.clause.kind == "phase" or chief.attribute in ("rows", "tiers", "kind"):
        others = tuple(sentence(one) for one in group if one is not chief)
        # The sentence names the rows itself, unless they are too many.
        named = bool(chief.detail) and sentence(chief).endswith(chief.detail[-1])
        return others if named else (*chief.detail, *others)
    return chief.detail if not chief.attribute.startswith("dated ") else ()


def _text(node: object, path: Path) -> str | None:
    if node is None:
        return None
    if isinstance(node, tree.Edge):
        return shown_edge(node, "upper" in path)
    if isinstance(node, (tree.Declaration, tree.Contract)):
        from contractlang.syntax.printing import print_document

        return print_document((node,)).strip()  # type: ignore[arg-type]
    return shown(node)


def _span(node: object, declaration: object) -> Span | None:
    for one in (node, declaration):
        if isinstance(one, tree.Node) and one.span is not tree.NOWHERE and one.span.source.name:
            return one.span
    return None
