"""Functions as noun phrases: sums and averages of rows and of parts of time, and the rest.

In: calls of the tree. Out: words such as `the sum of “talk” over the records of “Contacts”`.
"""

from typing import TYPE_CHECKING

from contractlang.kinds import FUNCTIONS, PARTS, table_of
from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.rendering.prose.expressions import Expressions


class Calls:
    """Writes calls; the values in them are written by the expressions that made it."""

    def __init__(self, expressions: "Expressions") -> None:
        self._expressions = expressions
        self._phrasing = expressions.phrasing

    def noun(self, node: tree.Call) -> str:
        """What a call comes to."""
        name = node.function.text
        function = FUNCTIONS.get(name)
        first = next((one for one in node.arguments if one.value is not None), None)
        each = next((one.each for one in node.arguments if one.each is not None), None)
        if function is not None and first is not None:
            table = table_of(first, self._phrasing.scope)
            if function.aggregate and first.by is not None:
                return self._of_parts(node, first, each)
            if function.aggregate and table is not None:
                return self._of_rows(node, first, table, each)
            if function.values or not function.aggregate:
                return self._of_values(node)
        listed = (self._expressions.noun(one.value) for one in node.arguments if one.value is not None)
        return self._phrasing.say("unknown call", name=name, values=self._phrasing.several(listed))

    def part(self, word: str) -> str:
        """What a value is taken for each of: a month, a value of a column."""
        if word in PARTS:
            return self._phrasing.say(f"part {word}")
        return self._phrasing.say("part column", column=self._phrasing.quoted(word))

    def span(self, node: tree.SpanOfTime | None) -> str:
        """Over which days the parts are taken; those that are assessed where nothing else is said."""
        return self._phrasing.say("span assessed") if node is None else self._phrasing.span(node)

    # ---- rows of a table

    def _of_rows(
        self, node: tree.Call, first: tree.Argument, table: tree.Usage, each: tree.Rounding | None
    ) -> str:
        say, inside = self._phrasing.say, self._expressions.inside(table)
        name = node.function.text
        records = say("records", table=self._phrasing.term(table.name.text))
        if first.where is not None:
            records = say("records where", records=records, condition=inside.conditions.holds(first.where))
        if name == "count":
            return say("count rows", records=records)
        value = self._value(first, inside)
        if each is not None:
            value = say("each rounded", value=value, rounding=self._phrasing.rounding(each))
        return self._aggregated(node, value, records)

    def _value(self, first: tree.Argument, inside: "Expressions") -> str:
        assert first.value is not None, "an aggregate of rows has a value"
        value = inside.noun(first.value)
        if first.to is not None:
            value = self._phrasing.say("interval", start=value, end=inside.noun(first.to))
            if first.during is not None:
                window = self._phrasing.term(first.during.text)
                value = self._phrasing.say("during", value=value, window=window)
        return value

    def _aggregated(self, node: tree.Call, value: str, records: str) -> str:
        name = node.function.text
        share = ""
        if name == "percentile" and len(node.arguments) > 1 and node.arguments[1].value is not None:
            share = self._expressions.noun(node.arguments[1].value)
        return self._phrasing.say(f"rows {name}", value=value, records=records, share=share)

    # ---- parts of time

    def _of_parts(self, node: tree.Call, first: tree.Argument, each: tree.Rounding | None) -> str:
        assert first.value is not None and first.by is not None, "parts have a value and a length"
        table = table_of(first, self._phrasing.scope)
        inside = self._expressions.inside(table) if table is not None else self._expressions
        value = inside.operand(first.value)
        if first.where is not None:
            condition = inside.conditions.holds(first.where)
            value = self._phrasing.say("value where", value=value, condition=condition)
        values = self._phrasing.say(
            "values by", value=value, part=self.part(first.by.text), span=self.span(first.over)
        )
        if each is not None:
            values = self._phrasing.say("each rounded", value=values, rounding=self._phrasing.rounding(each))
        return self._aggregated_parts(node, values)

    def _aggregated_parts(self, node: tree.Call, values: str) -> str:
        share = ""
        if node.function.text == "percentile" and len(node.arguments) > 1:
            second = node.arguments[1].value
            share = self._expressions.noun(second) if second is not None else ""
        return self._phrasing.say(f"parts {node.function.text}", values=values, share=share)

    # ---- values

    def _of_values(self, node: tree.Call) -> str:
        operand = self._expressions.operand
        values = [operand(one.value) for one in node.arguments if one.value is not None]
        name = node.function.text
        if name in ("min", "max"):
            return self._phrasing.say(f"values {name}", values=self._phrasing.several(values))
        if name == "clamp" and len(values) == 3:
            return self._phrasing.say("clamp", value=values[0], least=values[1], most=values[2])
        listed = self._phrasing.several(values)
        if not self._phrasing.knows(f"values {name}"):
            return self._phrasing.say("unknown call", name=name, values=listed)
        return self._phrasing.say(f"values {name}", value=listed)
