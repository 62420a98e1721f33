"""One period of a contract on its way to a function: what the parts of the compiler share."""

from collections.abc import Iterator

from contractlang.compiled.arithmetic import Arithmetic
from contractlang.compiled.drafts import Draft
from contractlang.compiled.expressions import Expressions
from contractlang.compiled.figures import Figures, Key
from contractlang.compiled.lines import Lines
from contractlang.compiled.printing import Invoicing
from contractlang.compiled.reasons import Reasons
from contractlang.compiled.source import Source
from contractlang.compiled.values import Num
from contractlang.rating.engine import Rating
from contractlang.syntax import tree
from contractlang.terms import Period


class Compilation:
    """Writes the function of one period.

    `rating` answers what depends on no figure; its usage is empty. `given` are the figures that the
    caller gives, None for all that no formula computes; those in `no_data` are given as no data. With
    `explain` the function gives reasons too. `units` says in which unit each figure that is read is given.
    """

    def __init__(
        self,
        rating: Rating,
        period: Period,
        given: frozenset[Key] | None,
        no_data: frozenset[Key],
        explain: bool,
    ) -> None:
        self.rating = rating
        self.period = period
        self.no_data = no_data
        self.explain = explain
        self.units: dict[Key, str] = {}
        self.source = Source()
        self.arithmetic = Arithmetic(self.source)
        self.reasons = Reasons(self)
        self.figures = Figures(self)
        self.expressions = Expressions(self)
        self.lines = Lines(self)
        self._given = given
        self._parts: frozenset[tuple[str, str]] | None = None
        self._depends: dict[int, tuple[object, bool]] = {}

    def text(self, name: str) -> str:
        """The function, which takes what is `given` and returns the invoice.

        Raises NotCompiledError or RefusedError with what it cannot express.
        """
        drafts: list[Draft] = []
        for line in self.rating.terms.line_order:
            drafts.extend(self.lines.drafts(line))
        Invoicing(self, drafts).write()
        reading = [(0, statement) for statement in self.figures.reading()]
        self.source.lines[:0] = reading
        return self.source.text(name, "given")

    # ---- what the contract says

    def depends(self, node: object) -> bool:
        """Whether an expression depends on a figure, a line or rows, or on the table it stands in."""
        known = self._depends.get(id(node))
        if known is None:
            known = (node, self._depend(node))
            self._depends[id(node)] = known
        return known[1]

    def _depend(self, node: object) -> bool:
        reading = self.rating.reading
        if isinstance(node, tree.Line) and (node.on or node.of is not None or node.parts):
            return True
        if reading.varies(node) or _stands_in_a_table(node):
            return True
        for name in self.rating.prices_read(node):
            for version in self.rating.terms.prices[name]:
                if version.declared is not None and reading.varies(version.declared):
                    return True
        return False

    def reads_part(self, line: str, part: str) -> bool:
        """Whether anything in the contract reads a named part of a scorecard."""
        if self._parts is None:
            declarations = self.rating.scope.declarations
            self._parts = frozenset(found for one in declarations for found in _members(one))
        return (line, part) in self._parts

    def is_given(self, measure: tree.Measure, offset: int) -> bool:
        """Whether the caller gives a figure, instead of its formula or what missing means."""
        name = measure.name.text
        if self._given is not None:
            return ((name, offset) if offset else name) in self._given
        return measure.formula is None or bool(self.rating.tables_in(measure.formula))

    def rounded(self, value: Num) -> Num:
        """A value rounded as the contract rounds a line."""
        mode, size = self.rating.terms.rounding
        return self.arithmetic.rounded(value, size, mode)


def _stands_in_a_table(node: object) -> bool:
    """Whether a `for each` without `of` takes the figure of the table around it."""
    if isinstance(node, tree.ForEach) and node.figure is None:
        return True
    return isinstance(node, tree.Node) and any(_stands_in_a_table(one) for one in tree.children(node))


def _members(node: tree.Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, tree.Member):
        yield node.owner.text, node.member.text
    for one in tree.children(node):
        yield from _members(one)
