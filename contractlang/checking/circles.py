"""Circles: a figure, a price or a line that needs itself, shown whole; and windows made of themselves."""

from collections.abc import Iterator, Mapping

from contractlang.checking.names import name_of
from contractlang.checking.survey import Survey
from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.syntax import tree


def needs(survey: Survey, hidden: bool = False) -> Mapping[str, tuple[str, ...]]:
    """What each figure, price and line needs at once; with `hidden` also what it reads by `previous`."""
    scope = survey.scope
    found: dict[str, dict[str, None]] = {}
    for visit in survey.visits:
        owner = visit.owner.node
        if (visit.hidden and not hidden) or not isinstance(owner, (tree.Measure, tree.Price, tree.Line)):
            continue
        if isinstance(visit.node, tree.Reference):
            columns = [column.name.text for column in visit.table.columns] if visit.table else []
            name = visit.node.name.text
            if name in columns:
                continue
        elif isinstance(visit.node, tree.Member):
            name = visit.node.owner.text
        else:
            continue
        if name in scope.measures or name in scope.prices or name in scope.lines:
            found.setdefault(owner.name.text, {})[name] = None
    for line in scope.lines.values():
        for target in [*line.on, *([line.of] if line.of else [])]:
            if target.text in scope.lines and target.text != line.name.text:
                found.setdefault(line.name.text, {})[target.text] = None
    return {name: tuple(read) for name, read in found.items()}


def check_circles(survey: Survey) -> Iterator[Diagnostic]:
    """CL223: names that need one another in a circle."""
    graph = needs(survey)
    for group in circles(graph):
        way = shortest_circle(graph, group)
        # A charge that has the name of its figure needs no circle: that the name is there twice is said.
        if not any(name_for_several(survey, name) for name in way):
            yield _circle(survey, way)


def name_for_several(survey: Survey, name: str) -> bool:
    """Whether a name stands for things of several kinds, so that what reads it may mean another one."""
    return len({type(one.node) for one in survey.named.get(name, ())}) > 1


def _circle(survey: Survey, way: list[str]) -> Diagnostic:
    declarations = [survey.scope.declaration(name) for name in way]
    first, *others = [name_of(one) for one in declarations]
    shown = " needs ".join(f'"{name}"' for name in [*way, way[0]])
    message = f"{shown}: a circle" if others else f'"{way[0]}" needs itself'
    return error(
        "CL223",
        message,
        first.span,
        "take one of them out of the circle, or read what it was with `previous(…) else …`",
        tuple(Label(name.span, f'"{name}" is declared here') for name in others),
    )


def check_window_circles(survey: Survey) -> Iterator[Diagnostic]:
    """CL218: a window that is made of itself."""
    graph: dict[str, tuple[str, ...]] = {}
    for visit in survey.visits:
        owner = visit.owner.node
        if isinstance(visit.node, tree.WindowName) and isinstance(owner, tree.Window):
            name = visit.node.name.text
            if name in survey.scope.windows:
                graph[owner.name.text] = (*graph.get(owner.name.text, ()), name)
    for group in circles(graph):
        way = shortest_circle(graph, group)
        shown = ", ".join([*way, way[0]])
        place = survey.scope.windows[way[0]].name.span
        yield error(
            "CL218", f'the window "{way[0]}" is made of itself: {shown}', place, "take one of them out"
        )


def circles(graph: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """The groups of names that need one another, found without recursion (Tarjan's algorithm)."""
    numbers: dict[str, int] = {}
    lows: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in graph:
        if root in numbers:
            continue
        work: list[tuple[str, int]] = [(root, 0)]
        while work:
            name, index = work.pop()
            if index == 0:
                numbers[name] = lows[name] = len(numbers)
                stack.append(name)
                on_stack.add(name)
            targets = graph.get(name, ())
            if index:
                lows[name] = min(lows[name], lows[targets[index - 1]])
            descended = False
            for position in range(index, len(targets)):
                target = targets[position]
                if target not in numbers:
                    work.append((name, position + 1))
                    work.append((target, 0))
                    descended = True
                    break
                if target in on_stack:
                    lows[name] = min(lows[name], numbers[target])
            if descended:
                continue
            if lows[name] == numbers[name]:
                group: list[str] = []
                while not group or group[-1] != name:
                    group.append(stack.pop())
                    on_stack.discard(group[-1])
                group.reverse()
                if len(group) > 1 or name in graph.get(name, ()):
                    found.append(group)
    return found


def shortest_circle(graph: Mapping[str, tuple[str, ...]], group: list[str]) -> list[str]:
    """The shortest way from the group's first name back to it, that stays in the group."""
    members, start = set(group), group[0]
    before: dict[str, str] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop(0)
        for target in graph.get(name, ()):
            if target == start:
                way = [name]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if target in members and target not in before:
                before[target] = name
                waiting.append(target)
    return group
