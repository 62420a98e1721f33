"""What an expression reads, from its text alone: names, tables, calls.

These questions do not depend on a day: an expression reads what it names, and what the latest versions
of the measures it names read.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

from contractlang.syntax import tree
from contractlang.terms import ContractTerms

_Answer = TypeVar("_Answer")


def _remembered(answer: Callable[[object], _Answer]) -> Callable[[object], _Answer]:
    """A question about nodes, answered once for each: by identity, for hashing a tree walks all of it."""
    known: dict[int, tuple[object, _Answer]] = {}

    def asked(node: object) -> _Answer:
        found = known.get(id(node))
        if found is None:
            # The node is kept beside its answer, so that its identity is not used again.
            found = known[id(node)] = (node, answer(node))
        return found[1]

    return asked


class Reading:
    """Answers about the expressions of one contract, remembered; any number of ratings share them."""

    def __init__(self, terms: ContractTerms) -> None:
        self.terms = self._terms = terms
        self.names = _remembered(self._names)
        self.measures_read = _remembered(self._measures_read)
        self.prices_read = _remembered(self._prices_read)
        self.calls = _remembered(self._calls)
        self.varies = _remembered(self._varies)
        self.spans = _remembered(self._spans)

    def _names(self, node: object) -> tuple[str, ...]:
        """Every name that an expression refers to, in the order written, once each."""
        found: dict[str, None] = {}
        for one in _walk(node):
            if isinstance(one, tree.Reference):
                found[one.name.text] = None
            elif isinstance(one, tree.Member):
                found[one.owner.text] = None
        return tuple(found)

    def tables(self, node: object) -> tuple[str, ...]:
        """The tables whose rows an expression aggregates itself, not through a measure."""
        return tuple(
            name
            for name in self.names(node)
            if name in self._terms.tables and name not in self._terms.measures
        )

    def lines(self, node: object) -> tuple[str, ...]:
        """The lines that an expression names."""
        return tuple(name for name in self.names(node) if name in self._terms.lines)

    def _measures_read(self, node: object) -> tuple[str, ...]:
        """The measures that an expression reads, through other measures too."""
        return self._closure(node, self._terms.measures)

    def _prices_read(self, node: object) -> tuple[str, ...]:
        """The rates and amounts that an expression reads, through measures and other prices too."""
        found = self._closure(node, self._terms.prices, self._terms.measures)
        return tuple(name for name in found if name in self._terms.prices)

    def _closure(self, node: object, *spaces: object) -> tuple[str, ...]:
        found: dict[str, None] = {}
        waiting = list(self.names(node))
        while waiting:
            name = waiting.pop()
            if name in found or not any(name in space for space in spaces):  # type: ignore[operator]
                continue
            found[name] = None
            for declared in self._declared(name):
                waiting.extend(self.names(declared))
        return tuple(found)

    def _declared(self, name: str) -> Iterator[object]:
        for measure in self._terms.measures.get(name, ()):
            if measure.declared is not None:
                yield measure.declared
        for price in self._terms.prices.get(name, ()):
            if price.declared is not None:
                yield price.declared

    def _calls(self, node: object) -> tuple[tree.Call, ...]:
        """The aggregates over rows that an expression rests on, through measures too."""
        found: list[tree.Call] = []
        nodes: list[object] = [node]
        for name in self.measures_read(node):
            nodes.extend(self._declared(name))
        for one in nodes:
            for inner in _walk(one):
                if isinstance(inner, tree.Call) and self.tables(inner.arguments[0]):
                    found.append(inner)
        return tuple(found)

    def _spans(self, node: object) -> tuple[tuple[tree.SpanOfTime, object], ...]:
        """The spans that an expression names after `over` or `by`, each with what is measured over it."""
        found: list[tuple[tree.SpanOfTime, object]] = []
        for one in _walk(node):
            if isinstance(one, tree.Over):
                found.append((one.span_of_time, one.value))
            elif isinstance(one, tree.Argument):
                if one.over is not None:
                    found.append((one.over, one.value))
                if one.by is not None:
                    # Each part of `by month` begins as a month to date does.
                    found.append((tree.ToDate(one.by.text, span=one.span), one.value))
        return tuple(found)

    def _varies(self, node: object) -> bool:
        """Whether an expression is computed from figures or lines, not from the contract alone."""
        return any(
            name in self._terms.measures or name in self._terms.lines or name == "elapsed"
            for name in self.names(node)
        ) or any(
            isinstance(one, (tree.Call, tree.ByValue, tree.ForEach)) and self.calls(one)
            for one in _walk(node)
        )


def _walk(node: object) -> Iterator[object]:
    waiting = [node]
    while waiting:
        one = waiting.pop(0)
        yield one
        if isinstance(one, tree.Node):
            waiting[:0] = tree.children(one)
        elif isinstance(one, tuple):
            waiting[:0] = one
