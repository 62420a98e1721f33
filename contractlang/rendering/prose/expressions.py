"""Expressions as noun phrases: what a value is.

In: expressions of the tree. Out: words such as `“Handled” divided by “Offered”`. What could be read in
two ways in words stands between parentheses, as in a formula.
"""

from typing import assert_never

from contractlang.kinds import kind_of
from contractlang.rendering.prose.calls import Calls
from contractlang.rendering.prose.conditions import Conditions
from contractlang.rendering.prose.phrasing import Phrasing
from contractlang.rendering.prose.tables import Tables
from contractlang.syntax import tree

_OPERATIONS = {"+": "plus", "-": "minus", "*": "times", "/": "divided"}
_LOOSE = (
    tree.Binary, tree.If, tree.Previous, tree.ForEach, tree.ByValue, tree.Priced, tree.PercentOf, tree.Call,
    tree.Over,
)  # fmt: skip
CONDITIONS = (tree.Compare, tree.Is, tree.InWindow, tree.Not, tree.Logic, tree.Holds)
"""The expressions that are conditions by their form."""


class Expressions:
    """Writes values; `table` is the one whose columns are names, inside an aggregate of its rows."""

    def __init__(self, phrasing: Phrasing, table: tree.Usage | None = None) -> None:
        self.phrasing = phrasing
        self.table = table
        self.conditions = Conditions(self)
        self.calls = Calls(self)
        self.tables = Tables(self)

    def inside(self, table: tree.Usage | None) -> "Expressions":
        """The same, where the columns of a table are names."""
        return self if table is self.table else Expressions(self.phrasing, table)

    def noun(self, node: tree.Expression) -> str:
        """What a value is."""
        say, phrasing = self.phrasing.say, self.phrasing
        match node:
            case tree.Number():
                return phrasing.number(node)
            case tree.Percent():
                return phrasing.percent(node.value)
            case tree.Text():
                return phrasing.quoted(node.value)
            case tree.Day():
                return phrasing.day(node.value)
            case tree.YesNo():
                return say("yes" if node.value else "no")
            case tree.NoData():
                return say("no data")
            case tree.Reference():
                return self._name(node.name.text)
            case tree.Member():
                return self._member(node)
            case tree.Paren():
                return self.operand(node)
            case tree.Negative():
                return self._negative(node)
            case tree.Binary():
                left, right = self.operand(node.left, node.operator), self.operand(node.right)
                return say(_OPERATIONS[node.operator], left=left, right=right)
            case tree.PercentOf():
                return say("percent of", percent=phrasing.percent(node.percent), of=self.operand(node.of))
            case tree.ForEach():
                return self.for_each(node, self.noun(node.amount))
            case tree.If():
                return say(
                    "if",
                    then=self.noun(node.then),
                    condition=self.conditions.holds(node.condition),
                    otherwise=self.noun(node.otherwise),
                )
            case tree.Previous():
                key = "previous" if node.steps == 1 else "previous steps"
                value, otherwise = self.operand(node.value), self.noun(node.otherwise)
                return say(key, value=value, otherwise=otherwise, steps=str(node.steps))
            case tree.Call():
                return self.calls.noun(node)
            case tree.Over():
                return self._over(node)
            case tree.ByValue():
                figure = self.noun(node.figure)
                return say("by value", figure=figure, rows="; ".join(self.tables.rows(node.rows)))
            case tree.Priced():
                return self._priced(node)
            case tree.Compare() | tree.Is() | tree.InWindow() | tree.Not() | tree.Logic() | tree.Holds():
                return say("whether", condition=self.conditions.holds(node))
            case _:
                assert_never(node)

    def bare(self, node: tree.Expression) -> str:
        """What a value is, where nothing stands around it, so that no parenthesis is needed."""
        return self.noun(node.value) if isinstance(node, tree.Paren) else self.noun(node)

    def operand(self, node: tree.Expression, operator: str = "") -> str:
        """What a value is, between parentheses where the words around it could tear it apart."""
        bare = node.value if isinstance(node, tree.Paren) else node
        if isinstance(node, tree.Binary) and operator in ("+", "-") and node.operator in ("+", "-"):
            # A chain of sums reads from left to right, in words as in figures.
            return self.noun(node)
        if isinstance(bare, (*_LOOSE, *CONDITIONS)):
            return f"({self.noun(bare)})"
        return self.noun(bare)

    def for_each(self, node: tree.ForEach, amount: str) -> str:
        """So much for each step beyond an edge; the figure is left out where a table has named it."""
        say = self.phrasing.say
        point = isinstance(node.step, tree.Number) and node.step.unit and node.step.value == 1
        word = node.step.unit.text if point and isinstance(node.step, tree.Number) and node.step.unit else ""
        mode = node.mode or "full"
        if word in ("point", "points"):
            step = say(f"each {mode} point")
        else:
            step = say(f"each {mode}", step=self.phrasing.step(node.step))
        figure = "" if node.figure is None else say("each of", figure=self.operand(node.figure))
        return say(f"for each {node.side}", amount=amount, step=step, of=figure, edge=self.noun(node.edge))

    def is_percent(self, node: tree.Expression) -> bool:
        """Whether a value is a percent, which says nothing until it is of something."""
        kind = kind_of(node, self.phrasing.scope, self.table)
        return kind.is_number and kind.unit.is_plain

    def _name(self, name: str) -> str:
        if self.table is not None and any(column.name.text == name for column in self.table.columns):
            return self.phrasing.quoted(name)
        if name == "elapsed" and self.phrasing.scope.declaration(name) is None:
            return self.phrasing.say("elapsed")
        if name in self.phrasing.scope.prices:
            return self.phrasing.cited(name)
        return self.phrasing.term(name)

    def _member(self, node: tree.Member) -> str:
        owner, member = node.owner.text, self.phrasing.quoted(node.member.text)
        if owner in self.phrasing.scope.lines:
            return self.phrasing.say("part of", part=member, line=self.phrasing.term(owner))
        if self.table is not None:
            return member
        return self.phrasing.say("column of", column=member, table=self.phrasing.term(owner))

    def _negative(self, node: tree.Negative) -> str:
        minus = "\u2212" if self.phrasing.language.code == "fr" else "-"
        match node.value:
            case tree.Percent() | tree.Number():
                return minus + self.noun(node.value)
            case tree.PercentOf(percent, of):
                return minus + self.noun(tree.PercentOf(percent, of))
            case _:
                return self.phrasing.say("opposite", value=self.operand(node.value))

    def _over(self, node: tree.Over) -> str:
        value, span = self.operand(node.value), self.phrasing.span(node.span_of_time)
        inner = node.value
        is_line = isinstance(inner, tree.Reference) and inner.name.text in self.phrasing.scope.lines
        return self.phrasing.say("over line" if is_line else "over", value=value, span=span)

    def _priced(self, node: tree.Priced) -> str:
        say = self.phrasing.say
        words = self.noun(node.quantity)
        if node.per is not None:
            words = say("for each", value=words, of=self._each_of(node.per.text))
        match node.price:
            case None:
                return words
            case tree.Graduated() | tree.Volume() | tree.Package():
                intro = self.tables.pricing(node.price, node.quantity)
                rows = "; ".join(self.tables.tiers(node.price))
                if not rows:
                    return say("priced by pricing", quantity=words, pricing=intro)
                return say("priced by rows", quantity=words, pricing=intro, rows=rows)
            case _:
                return say("priced", quantity=words, price=self.noun(node.price))

    def _each_of(self, word: str) -> str:
        if word in ("day", "week", "month", "quarter", "year", "contract year"):
            return self.phrasing.frequency(word)
        return self.phrasing.say("value of column", column=self.phrasing.quoted(word))
