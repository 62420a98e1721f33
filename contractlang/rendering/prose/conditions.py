"""Conditions as clauses: what holds.

In: yes/no expressions of the tree. Out: words such as `“Answer rate” is at least 90%`, to stand after
"where" or "if".
"""

from typing import TYPE_CHECKING, Literal

from contractlang.kinds import kind_of
from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.rendering.prose.expressions import Expressions

_ORDERS = {"<": "less", "<=": "at most", ">": "more", ">=": "at least"}


class Conditions:
    """Writes conditions; the values in them are written by the expressions that made it."""

    def __init__(self, expressions: "Expressions") -> None:
        self._expressions = expressions
        self._phrasing = expressions.phrasing

    def holds(self, node: tree.Expression) -> str:
        """What is said to hold."""
        say, noun = self._phrasing.say, self._expressions.noun
        match node:
            case tree.Compare():
                return self._compare(node)
            case tree.Is():
                return self._is(node)
            case tree.InWindow():
                return say("in window", value=noun(node.value), window=self._phrasing.term(node.window.text))
            case tree.Not():
                return self._not(node)
            case tree.Logic():
                sides = (self._side(one, node.operator) for one in (node.left, node.right))
                left, right = sides
                return say(f"logic {node.operator}", left=left, right=right)
            case tree.Holds():
                condition = self._grouped(node.condition)
                return say("holds for", condition=condition, length=self._phrasing.length(node.length))
            case tree.Paren():
                return self.holds(node.value)
            case tree.Call() if node.function.text in ("any", "all"):
                return self._any(node)
            case tree.YesNo():
                return say("always" if node.value else "never")
            case _:
                return say("is yes", value=noun(node))

    def _side(self, node: tree.Expression, operator: Literal["and", "or"]) -> str:
        bare = node.value if isinstance(node, tree.Paren) else node
        if isinstance(bare, tree.Logic) and bare.operator == operator:
            return self.holds(bare)
        return self._grouped(bare)

    def _grouped(self, node: tree.Expression) -> str:
        bare = node.value if isinstance(node, tree.Paren) else node
        words = self.holds(bare)
        return f"({words})" if isinstance(bare, (tree.Logic, tree.Holds, tree.If)) else words

    def _compare(self, node: tree.Compare) -> str:
        left, right = self._compared(node.left), self._compared(node.right)
        kinds = (
            kind_of(side, self._phrasing.scope, self._expressions.table) for side in (node.left, node.right)
        )
        date = "date " if any(kind.what in ("date", "instant") for kind in kinds) else ""
        return self._phrasing.say(f"{date}{_ORDERS[node.operator]}", left=left, right=right)

    def _compared(self, node: tree.Expression) -> str:
        """A side of a comparison; sums and shares read well beside its verb."""
        if isinstance(node, (tree.Binary, tree.PercentOf)):
            return self._expressions.noun(node)
        return self._expressions.operand(node)

    def _is(self, node: tree.Is) -> str:
        value = self._expressions.noun(node.value)
        negated = "not " if node.negated else ""
        if isinstance(node.what, tree.Known):
            return self._phrasing.say(f"is {negated}known", value=value)
        return self._phrasing.say(f"is {negated}what", value=value, what=self._expressions.noun(node.what))

    def _not(self, node: tree.Not) -> str:
        say = self._phrasing.say
        bare = node.value.value if isinstance(node.value, tree.Paren) else node.value
        match bare:
            case tree.Reference() | tree.Member():
                return say("is no", value=self._expressions.noun(bare))
            case tree.InWindow():
                window = self._phrasing.term(bare.window.text)
                return say("outside window", value=self._expressions.noun(bare.value), window=window)
            case _:
                return say("not", condition=self.holds(bare))

    def _any(self, node: tree.Call) -> str:
        argument = node.arguments[0] if node.arguments else tree.Argument()
        if argument.value is None or argument.by is None:
            return self._phrasing.say("is yes", value=self._expressions.noun(node))
        return self._phrasing.say(
            f"{node.function.text} part",
            condition=self._grouped(argument.value),
            part=self._expressions.calls.part(argument.by.text),
            span=self._expressions.calls.span(argument.over),
        )
