"""What a change needs: the least set of changes with which it can be applied.

In: the changes, and whether a set of them makes a contract that can be rated. Out: such a set, from which
nothing can be left out. Names say where to look first: a new line needs the new figure that it reads, and
a figure can be taken out only with the lines that read it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from contractlang.comparing.changes import Change
from contractlang.syntax import tree


def needed_first(
    index: int, changes: Sequence[Change], stands: Callable[[frozenset[int]], bool]
) -> frozenset[int]:
    """A set with the change `index` that stands, from which nothing else can be left out."""
    near = _near(index, changes)
    everything = frozenset(range(len(changes)))
    chosen = near if stands(near) else everything
    for other in sorted(chosen - {index}, reverse=True):
        if stands(chosen - {other}):
            chosen = chosen - {other}
    return chosen


def _near(index: int, changes: Sequence[Change]) -> frozenset[int]:
    """The changes that declare what the change reads, or stop reading what it takes out, and so on."""
    new_names = [set(_names(change, new=True)) for change in changes]
    old_names = [set(_names(change, new=False)) for change in changes]
    come = [_declared(change, new=True) for change in changes]
    gone = [_declared(change, new=False) for change in changes]
    chosen, waiting = {index}, [index]
    while waiting:
        one = waiting.pop()
        for other in range(len(changes)):
            if other in chosen:
                continue
            if come[other] & new_names[one] or gone[one] & old_names[other]:
                chosen.add(other)
                waiting.append(other)
    return frozenset(chosen)


def _declared(change: Change, new: bool) -> set[str]:
    found = set()
    for one in change.differences:
        node = one.clause.new if new else one.clause.old
        come = one.attribute in (("added", "no longer removed") if new else ("removed", "no longer added"))
        if come and node is not None and hasattr(node, "name"):
            found.add(str(node.name))
    return found


def _names(change: Change, new: bool) -> Iterator[str]:
    for one in change.differences:
        yield from _in(one.new if new else one.old)


def _in(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, tree.Name):
        yield node.text
    elif isinstance(node, tree.UnitName):
        for word in node.text.split("/"):
            yield from (word, word.removesuffix("s"))
    elif isinstance(node, tuple):
        for one in node:
            yield from _in(one)
    elif isinstance(node, tree.Node):
        for name in node.__dataclass_fields__:
            if name not in ("span", "doc"):
                yield from _in(getattr(node, name))
