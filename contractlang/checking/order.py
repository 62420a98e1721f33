"""Kinds derived in the order of their needs, so that no chain of figures is too long to follow.

Deriving a kind asks for the kinds below it; where those are known already, nothing is asked twice and
nothing recurses. A chain of a thousand figures is then as good as one of three.
"""

from contractlang.checking.circles import circles, needs
from contractlang.checking.survey import Survey, Visit
from contractlang.frozen import replace
from contractlang.kinds import kind_of, may_be_no_data
from contractlang.syntax import tree

_EXPRESSIONS = (
    tree.Number, tree.Percent, tree.Text, tree.Day, tree.YesNo, tree.Reference, tree.Member, tree.Paren,
    tree.Negative, tree.Binary, tree.PercentOf, tree.ForEach, tree.Compare, tree.Is, tree.InWindow, tree.Not,
    tree.Logic, tree.If, tree.Holds, tree.Previous, tree.Call, tree.Over, tree.ByValue, tree.Priced,
)  # fmt: skip


MOST_IN_A_RING = 40


def without_circles(survey: Survey) -> Survey:
    """The survey with names of unknown kind where following them would come round in a circle.

    Circles through `previous` are allowed, and harmless where they are as short as people write them.
    """
    found = {name for group in circles(needs(survey)) for name in group}
    for group in circles(needs(survey, hidden=True)):
        if len(group) > MOST_IN_A_RING:
            found.update(group)
    if not found:
        return survey
    disputed = survey.scope.disputed | found
    return replace(survey, scope=replace(survey.scope, disputed=disputed))


def derive_all(survey: Survey) -> None:
    """Derive the kind of every expression, and whether it may be no data, from the leaves up."""
    owned: dict[int, list[Visit]] = {}
    for visit in survey.visits:
        owned.setdefault(id(visit.owner.node), []).append(visit)
    for declaration in _in_order_of_needs(survey, owned):
        # Parents were visited before their children, so the way back meets the children first.
        for visit in reversed(owned.pop(id(declaration), [])):
            if isinstance(visit.node, _EXPRESSIONS):
                kind_of(visit.node, survey.scope, visit.table)
                may_be_no_data(visit.node, survey.scope)
        kind_of(declaration, survey.scope)
        may_be_no_data(declaration, survey.scope)


def _in_order_of_needs(survey: Survey, owned: dict[int, list[Visit]]) -> list[tree.AnyDeclaration]:
    """All declarations, each after those that it reads; a circle is cut anywhere."""
    scope = survey.scope
    found: list[tree.AnyDeclaration] = []
    seen: set[int] = set()
    for root in survey.declared:
        work: list[tuple[tree.AnyDeclaration, bool]] = [(root.node, False)]
        while work:
            node, done = work.pop()
            if done:
                found.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                work.append((node, True))
                for visit in owned.get(id(node), ()):
                    if isinstance(visit.node, tree.Reference):
                        name = visit.node.name.text
                        needed = scope.measures.get(name) or scope.prices.get(name)
                        if needed is not None and id(needed) not in seen:
                            work.append((needed, False))
    return found
