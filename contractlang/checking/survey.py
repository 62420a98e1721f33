"""The contract as the checks read it: every expression at its place, and who reads which name.

In: a document. Out: a `Survey`, made once and read by every check.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from contractlang.frozen import dataclass, field, replace
from contractlang.kinds import FUNCTIONS, Kind, Scope, kind_of, table_of
from contractlang.syntax import tree
from contractlang.syntax.loading import Document
from contractlang.text import Source

_VALUES = (tree.Measure, tree.Price)
_NAMED = (tree.Usage, tree.Window, tree.Measure, tree.Price, tree.Index, tree.Line, tree.Phase)


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration with the phase and the amendment in which it stands (None outside)."""

    node: tree.AnyDeclaration
    phase: tree.Phase | None = None
    amendment: tree.Amendment | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A node of an expression at its place.

    `owner` is the declaration it belongs to. `table` is the table whose columns are names here (inside
    `where`) and `rows` the one whose rows are aggregated, if any; `aggregated` says that the node stands
    inside an aggregate. `figure` is the one of the band table around it. `hidden` says that it stands
    inside `previous`, so that it is no circle.
    """

    node: tree.Node
    owner: Declared
    table: tree.Usage | None = None
    aggregated: bool = False
    figure: tree.Expression | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """A document with its scope, its declarations with their places, and all its expressions.

    `readers` are the places that read a name, `places` the place of each node by its identity,
    `named` the declarations of each name, one for each version.
    """

    document: Document
    scope: Scope
    declared: tuple[Declared, ...]
    visits: tuple[Visit, ...]
    readers: Mapping[str, tuple[Visit, ...]] = field(compare=False)
    places: Mapping[int, Visit] = field(compare=False)
    named: Mapping[str, tuple[Declared, ...]] = field(compare=False)

    @property
    def main(self) -> Source | None:
        """The source of the contract file itself; what another file shares may well be unused here."""
        return self.document.sources[0] if self.document.sources else None

    def all(self, *kinds: type) -> Iterator[Declared]:
        """The declarations of some kinds, in the order written."""
        return (one for one in self.declared if isinstance(one.node, kinds))

    def versions(self, name: str, kind: type) -> list[tuple[date, tree.AnyDeclaration]]:
        """The versions of a named declaration with the day from which each is in force."""
        found = [
            (one.amendment.effective if one.amendment else date.min, one.node)
            for one in self.named.get(name, ())
            if isinstance(one.node, kind)
        ]
        return sorted(found, key=lambda one: one[0])


def survey(document: Document) -> Survey:
    """Look at a document once, for all checks."""
    declared = tuple(_declared(document.declarations))
    scope = Scope.of(document.declarations)
    disputed = _disputed(declared, scope)
    if disputed:
        # What was derived from the latest version is forgotten: the dispute is one mistake.
        scope = replace(scope, disputed=disputed)
    visits = tuple(visit for one in declared for visit in visits_of(one, scope))
    readers: dict[str, list[Visit]] = {}
    for visit in visits:
        if isinstance(visit.node, tree.Reference):
            readers.setdefault(visit.node.name.text, []).append(visit)
        elif isinstance(visit.node, tree.Member):
            readers.setdefault(visit.node.owner.text, []).append(visit)
    named: dict[str, list[Declared]] = {}
    for one in declared:
        if isinstance(one.node, _NAMED):
            named.setdefault(one.node.name.text, []).append(one)
    return Survey(
        document,
        scope,
        declared,
        visits,
        {name: tuple(found) for name, found in readers.items()},
        {id(visit.node): visit for visit in visits},
        {name: tuple(found) for name, found in named.items()},
    )


def _disputed(declared: tuple[Declared, ...], scope: Scope) -> frozenset[str]:
    """The figures and prices of which an amendment changes the unit, which a check speaks of."""
    seen: dict[str, Kind] = {}
    found: set[str] = set()
    amended = {one.node.name.text for one in declared if one.amendment and isinstance(one.node, _VALUES)}
    for one in declared:
        if isinstance(one.node, _VALUES) and one.node.name.text in amended:
            kind = kind_of(one.node, scope)
            first = seen.setdefault(one.node.name.text, kind)
            if (first.what, first.unit) != (kind.what, kind.unit):
                found.add(one.node.name.text)
    return frozenset(found)


def _declared(
    declarations: tuple[tree.AnyDeclaration, ...], amendment: tree.Amendment | None = None
) -> Iterator[Declared]:
    for one in declarations:
        yield Declared(one, None, amendment)
        if isinstance(one, tree.Phase):
            yield from (Declared(item, one, amendment) for item in one.items)
        elif isinstance(one, tree.Amendment):
            yield from _declared(one.items, one)


def visits_of(declared: Declared, scope: Scope) -> Iterator[Visit]:
    """Every node of the expressions of a declaration, parents before children; it does not recurse."""
    if isinstance(declared.node, (tree.Phase, tree.Amendment)):
        return
    waiting = [Visit(child, declared) for child in reversed(tree.children(declared.node))]
    while waiting:
        visit = waiting.pop()
        yield visit
        waiting.extend(reversed(list(_below(visit, scope))))


def _below(visit: Visit, scope: Scope) -> Iterator[Visit]:
    node, owner = visit.node, visit.owner
    if isinstance(node, tree.Call):
        yield Visit(node.function, owner, visit.table, visit.aggregated, visit.figure, visit.hidden)
        yield from _arguments(visit, node, scope)
        return
    if isinstance(node, tree.Argument):
        return  # What stands in an argument was handed out with its call, which knows the table.
    figure, hidden = visit.figure, visit.hidden
    if isinstance(node, (tree.ByValue, tree.Part)):
        yield Visit(node.figure, owner, visit.table, visit.aggregated, figure, hidden)
        for row in node.rows:
            yield Visit(row, owner, visit.table, visit.aggregated, node.figure, hidden)
        if isinstance(node, tree.Part) and node.name is not None:
            yield Visit(node.name, owner)
        return
    if isinstance(node, tree.Previous):
        yield Visit(node.value, owner, visit.table, visit.aggregated, figure, True)
        yield Visit(node.otherwise, owner, visit.table, visit.aggregated, figure, hidden)
        return
    for child in tree.children(node):
        yield Visit(child, owner, visit.table, visit.aggregated, figure, hidden)


def _arguments(visit: Visit, call: tree.Call, scope: Scope) -> Iterator[Visit]:
    function = FUNCTIONS.get(call.function.text)
    several = sum(1 for argument in call.arguments if argument.value is not None) > 1
    aggregates = function is not None and function.aggregate and not (function.values and several)
    for argument in call.arguments:
        rows = table_of(argument, scope) if aggregates else visit.table
        yield Visit(argument, visit.owner, visit.table, visit.aggregated, visit.figure, visit.hidden)
        for child in tree.children(argument):
            in_rows = aggregates and child is argument.where
            yield Visit(
                child,
                visit.owner,
                rows if in_rows else visit.table,
                aggregates or visit.aggregated,
                visit.figure,
                visit.hidden,
            )
