"""What an expression reads, from its text alone: names, tables, calls.

These questions do not depend on a day: an expression reads what it names, and what the latest versions
of the measures it names read.
"""

from collections.abc import Iterator
from functools import lru_cache

from contractlang.syntax import tree
from contractlang.terms import ContractTerms


class Reading:
    """Answers about the expressions of one contract, remembered by expression."""

    def __init__(self, terms: ContractTerms) -> None:
        self._terms = terms
        self._names: dict[int, tuple[object, tuple[str, ...]]] = {}
        self.measures_read = lru_cache(maxsize=None)(self._measures_read)

    def names(self, node: object) -> tuple[str, ...]:
        """Every name that an expression refers to, in the order written, once each."""
        known = self._names.get(id(node))
        if known is None:
            found: dict[str, None] = {}
            for one in _walk(node):
                if isinstance(one, tree.Reference):
                    found[one.name.text] = None
                elif isinstance(one, tree.Member):
                    found[one.owner.text] = None
            # The node is kept beside its names, so that its identity is not used again.
            known = (node, tuple(found))
            self._names[id(node)] = known
        return known[1]

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

    def prices_read(self, node: object) -> tuple[str, ...]:
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

    def calls(self, node: object) -> tuple[tree.Call, ...]:
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

    def varies(self, node: object) -> bool:
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
