"""Expressions to values with their reasons: the operators of the language (language design, section 5).

Every value is an exact fraction in base dimensions, a yes/no, a text, a date, or no data, which runs
through every operation and comparison (rulings, "No data"). Kinds and units were checked before, so
nothing here converts.
"""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from contractlang.calendar import Days
from contractlang.lines.frame import Frame, fail, words
from contractlang.lines.tiers import tiered
from contractlang.rating.bands import reached_row
from contractlang.rating.parts import aggregate_parts
from contractlang.rating.rows import is_row_aggregate, row_aggregate
from contractlang.rating.spans import span_days
from contractlang.rating.spells import added, over_span
from contractlang.syntax import tree
from contractlang.trace import Quantity, Step, Value
from contractlang.units import Scale

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


class Evaluator:
    """Evaluates the expressions of one contract for one usage."""

    def __init__(self, rating: "Rating") -> None:
        self._rating = rating
        self._of: dict[type, Callable[[Any, Frame], Step]] = {
            tree.Number: self._number,
            tree.Percent: self._percent,
            tree.Text: lambda node, _: Step("number", node.value, words(node), span=node.span),
            tree.Day: lambda node, _: Step("number", node.value, words(node), span=node.span),
            tree.YesNo: lambda node, _: Step("number", node.value, words(node), span=node.span),
            tree.NoData: lambda node, _: Step("no data", None, "no data", span=node.span),
            tree.Reference: self._reference,
            tree.Member: self._member,
            tree.Paren: lambda node, frame: self.evaluate(node.value, frame),
            tree.Negative: self._negative,
            tree.Binary: self._binary,
            tree.PercentOf: self._percent_of,
            tree.ForEach: self._for_each,
            tree.Compare: self._compare,
            tree.Is: self._is,
            tree.Not: self._not,
            tree.Logic: self._logic,
            tree.If: self._if,
            tree.Holds: self._holds,
            tree.Previous: self._previous,
            tree.Call: self._call,
            tree.Over: self._over,
            tree.ByValue: self._by_value,
            tree.Linear: self._linear,
            tree.Priced: self._priced,
        }

    def evaluate(self, expression: Any, frame: Frame) -> Step:
        """The value of an expression with its reason; raises LineError where there is none."""
        evaluate = self._of.get(type(expression))
        if evaluate is None:
            raise fail("CL922", "this cannot be computed here", expression.span)
        return evaluate(expression, frame)

    # ---- literals and names

    def _number(self, node: tree.Number, frame: Frame) -> Step:
        value = Fraction(node.value)
        if node.unit is None:
            return Step("number", value, words(node), None, node.span)
        scale = self._rating.scope.units.scale(node.unit.text)
        if scale is None:
            raise fail("CL923", f'nothing says what the unit "{node.unit.text}" is', node.unit.span)
        return Step("number", value * scale.factor, words(node), scale, node.span)

    def _percent(self, node: tree.Percent, frame: Frame) -> Step:
        return Step("number", Fraction(node.value) / 100, words(node), self._rating.percent, node.span)

    def _reference(self, node: tree.Reference, frame: Frame) -> Step:
        name = node.name.text
        rating = self._rating
        if name in rating.terms.measures:
            return rating.figures.measure(name, frame, node.span)
        if frame.spells and (name in rating.terms.lines or name == "elapsed"):
            return added(lambda one: self._reference(node, one), frame, name, node.span)
        if name in rating.terms.lines:
            return rating.line_step(name, frame, node.span)
        if name in rating.terms.prices:
            return rating.prices.price(name, frame, node.span)
        if name == "elapsed":
            scale = rating.scope.units.scale("days")
            return Step(
                "number", frame.days.count * self._rating.scope.units.day.factor, "elapsed", scale, node.span
            )
        if name in rating.terms.tables:
            raise fail(
                "CL924", f'"{name}" is a table of rows, not a figure', node.span, f"write count({name})"
            )
        raise fail("CL925", f'nothing is called "{name}" here', node.span)

    def _member(self, node: tree.Member, frame: Frame) -> Step:
        if frame.spells:
            return added(lambda one: self._member(node, one), frame, words(node), node.span)
        return self._rating.part_step(node.owner.text, node.member.text, frame, node.span)

    # ---- arithmetic

    def _operation(self, node: Any, value: Value, *children: Step) -> Step:
        return Step("operation", value, words(node), self._scale(node), node.span, (), children)

    def _scale(self, node: Any) -> Scale | None:
        """The unit to show a value in: the one that the contract says, and the currency for money."""
        kind = self._rating.kind(node)
        currency = kind.unit.currency
        return Scale(currency, kind.unit) if kind.scale is None and currency is not None else kind.scale

    def _negative(self, node: tree.Negative, frame: Frame) -> Step:
        inner = self.evaluate(node.value, frame)
        value = -inner.value if isinstance(inner.value, Fraction) else None
        if inner.kind == "number":
            return Step("number", value, words(node), inner.scale, node.span)
        return self._operation(node, value, inner)

    def _binary(self, node: tree.Binary, frame: Frame) -> Step:
        left, right = self.evaluate(node.left, frame), self.evaluate(node.right, frame)
        value = _arithmetic(node.operator, left.value, right.value, self._rating.scope.units.day.factor)
        step = self._operation(node, value, left, right)
        if node.operator == "/" and right.value == 0 and left.value is not None:
            return Step(
                "no data",
                None,
                step.label,
                step.scale,
                node.span,
                (("cause", "division by zero"),),
                step.children,
            )
        return step

    def _percent_of(self, node: tree.PercentOf, frame: Frame) -> Step:
        inner = self.evaluate(node.of, frame)
        value = Fraction(node.percent) / 100 * inner.value if isinstance(inner.value, Fraction) else None
        return self._operation(node, value, inner)

    def _for_each(self, node: tree.ForEach, frame: Frame) -> Step:
        figure = self.evaluate(node.figure, frame) if node.figure is not None else frame.figure
        if figure is None:
            raise fail(
                "CL926", "`for each` does not say of which figure", node.span, "write `of` and the figure"
            )
        amount, edge = self.evaluate(node.amount, frame), self.evaluate(node.edge, frame)
        step = self.evaluate(node.step, frame)
        values = (figure.value, amount.value, edge.value, step.value)
        if not all(isinstance(value, Fraction) for value in values):
            return Step("no data", None, words(node), amount.scale, node.span, (), (figure, edge))
        x, each, border, size = (value for value in values if isinstance(value, Fraction))
        distance = max(Fraction(0), border - x if node.side == "below" else x - border)
        steps = distance / size
        if node.mode == "full":
            steps = Fraction(floor(steps))
        elif node.mode == "started":
            steps = Fraction(ceil(steps))
        facts = (
            ("mode", node.mode), ("steps", steps), ("distance", Quantity(distance, figure.scale)),
            ("step", Quantity(size, step.scale)),
        )  # fmt: skip
        scale = self._scale(node)
        return Step("for each", each * steps, words(node), scale, node.span, facts, (figure, amount, edge))

    def _linear(self, node: tree.Linear, frame: Frame) -> Step:
        raise fail("CL927", "`linear` stands in a band with two edges only", node.span)

    # ---- conditions

    def _condition(self, node: Any, value: Value, *children: Step) -> Step:
        return Step("condition", value, words(node), None, node.span, (), children)

    def _compare(self, node: tree.Compare, frame: Frame) -> Step:
        left, right = self.evaluate(node.left, frame), self.evaluate(node.right, frame)
        a, b = left.value, right.value
        value: Value = None
        if a is not None and b is not None:
            difference = _minus(a, b)
            value = {
                "<": difference < 0, "<=": difference <= 0, ">": difference > 0, ">=": difference >= 0,
            }[node.operator]  # fmt: skip
        return self._condition(node, value, left, right)

    def _is(self, node: tree.Is, frame: Frame) -> Step:
        left = self.evaluate(node.value, frame)
        if isinstance(node.what, tree.Known):
            return self._condition(node, (left.value is not None) != node.negated, left)
        right = self.evaluate(node.what, frame)
        value: Value = None
        if left.value is not None and right.value is not None:
            value = (left.value == right.value) != node.negated
        return self._condition(node, value, left, right)

    def _not(self, node: tree.Not, frame: Frame) -> Step:
        inner = self.evaluate(node.value, frame)
        return self._condition(node, None if inner.value is None else not inner.value, inner)

    def _logic(self, node: tree.Logic, frame: Frame) -> Step:
        """`and` and `or` are decided by a side that decides them, also where the other is no data."""
        deciding = node.operator == "or"
        left = self.evaluate(node.left, frame)
        if left.value is deciding:
            return self._condition(node, deciding, left)
        right = self.evaluate(node.right, frame)
        if right.value is deciding:
            return self._condition(node, deciding, left, right)
        value = None if left.value is None or right.value is None else not deciding
        return self._condition(node, value, left, right)

    def _if(self, node: tree.If, frame: Frame) -> Step:
        asked = self.evaluate(node.condition, frame)
        if asked.value is None:
            raise fail(
                "CL928",
                f'"{words(node.condition)}" is no data, so this cannot be decided',
                node.condition.span,
                "decide the month without data too, with `is known`",
            )
        taken = self.evaluate(node.then if asked.value else node.otherwise, frame)
        return Step("operation", taken.value, words(node), taken.scale, node.span, (), (asked, taken))

    def _holds(self, node: tree.Holds, frame: Frame) -> Step:
        return self._rating.holds_for(node, frame)

    def _previous(self, node: tree.Previous, frame: Frame) -> Step:
        return self._rating.previous(node, frame)

    # ---- calls

    def _call(self, node: tree.Call, frame: Frame) -> Step:
        first = node.arguments[0]
        if first.by is not None:
            return aggregate_parts(self._rating, node, frame)
        if is_row_aggregate(self._rating, node):
            return row_aggregate(self._rating, node, frame)
        values = [
            self.evaluate(argument.value, frame) for argument in node.arguments if argument.value is not None
        ]
        return self._operation(node, self._function(node, [step.value for step in values]), *values)

    def _function(self, node: tree.Call, values: list[Value]) -> Value:
        name = node.function.text
        if any(value is None for value in values):
            return None
        numbers = [value for value in values if isinstance(value, Fraction)]
        if name in ("any", "all"):
            return any(values) if name == "any" else all(values)
        if name in ("min", "max") and values and not numbers:
            return min(values) if name == "min" else max(values)  # type: ignore[type-var]
        if len(numbers) == len(values) and numbers:
            if name == "abs":
                return abs(numbers[0])
            if name in ("floor", "ceil"):
                return self._whole(node, name, numbers)
            if name == "min":
                return min(numbers)
            if name == "max":
                return max(numbers)
            if name == "clamp" and len(numbers) == 3:
                return max(numbers[1], min(numbers[2], numbers[0]))
            if name == "sum":
                return sum(numbers, Fraction(0))
            if name == "average":
                return sum(numbers, Fraction(0)) / len(numbers)
        raise fail("CL929", f'"{name}" cannot be computed from these values', node.span)

    def _whole(self, node: tree.Call, name: str, numbers: list[Fraction]) -> Fraction:
        """`floor` and `ceil` to a whole number of the unit that the value is shown in.

        A quotient such as `hours / 8 hours` is a plain number; only a figure `in %` has whole percents.
        """
        argument = node.arguments[0].value
        kind = self._rating.kind(argument)
        size = kind.scale.factor if kind.scale is not None and not kind.unit.is_plain else Fraction(1)
        if isinstance(argument, tree.Reference) and argument.name.text in self._rating.terms.measures:
            measure = self._rating.scope.measures[argument.name.text]
            if measure.unit is not None and measure.unit.text == "%":
                size = Fraction(1, 100)
        steps = numbers[0] / size
        return (floor(steps) if name == "floor" else ceil(steps)) * size

    # ---- spans and tables

    def _over(self, node: tree.Over, frame: Frame) -> Step:
        asked = over_span(node.span_of_time, frame, self._rating.terms, self._rating.timeline)
        if asked is None:
            return Step("no data", None, words(node), None, node.span, (("cause", "before the term"),))
        days, inner = asked.days, self.evaluate(node.value, asked)
        return Step("over", inner.value, words(node), inner.scale, node.span, (("days", days),), (inner,))

    def _by_value(self, node: tree.ByValue, frame: Frame) -> Step:
        if any(isinstance(row, tree.ColumnRow) for row in node.rows):
            return self._by_column(node, frame)
        figure = self.evaluate(node.figure, frame.whole())
        return reached_row(self._rating, figure, node.rows, frame, node)

    def _by_column(self, node: tree.ByValue, frame: Frame) -> Step:
        column = node.figure.name.text if isinstance(node.figure, tree.Reference) else words(node.figure)
        if frame.group is None or frame.group[0] != column:
            raise fail(
                "CL930",
                f'this price depends on "{column}", and the line that takes it is not `per {column}`',
                node.span,
                f"write `per {column}` after the quantity of the line",
            )
        value = frame.group[1]
        otherwise = None
        for row in node.rows:
            if isinstance(row, tree.ColumnRow):
                if row.text is None:
                    otherwise = row
                elif row.text == value:
                    return self._row(row, node, frame)
        if otherwise is None:
            raise fail(
                "CL931",
                f'no row says what "{value}" costs'
                if value
                else f'no row says what an empty "{column}" costs',
                node.span,
                "add a row for it, or `otherwise`",
            )
        return self._row(otherwise, node, frame)

    def _row(self, row: tree.ColumnRow, node: tree.ByValue, frame: Frame) -> Step:
        inner = self.evaluate(row.value, frame)
        facts = (("column", words(node.figure)), ("row", words(row)))
        return Step("price", inner.value, words(row), inner.scale, row.span, facts, (inner,))

    def _priced(self, node: tree.Priced, frame: Frame) -> Step:
        """`quantity at price` inside a condition or a penalty: their product, or what the tiers say."""
        quantity = self.evaluate(node.quantity, frame)
        if node.price is None:
            return quantity
        if isinstance(node.price, (tree.Graduated, tree.Volume, tree.Package)):
            return self._tiers(node, node.price, quantity, frame)
        price = self.evaluate(node.price, frame)
        return self._operation(node, _arithmetic("*", quantity.value, price.value), quantity, price)

    def _tiers(
        self,
        node: tree.Priced,
        price: tree.Graduated | tree.Volume | tree.Package,
        quantity: Step,
        frame: Frame,
    ) -> Step:
        """Tiers outside a charge: with `over`, they count the quantity of the span before these days."""
        rating = self._rating
        if not isinstance(quantity.value, Fraction):
            return self._operation(node, None, quantity)
        scale, before, start = rating.kind(node.quantity).scale, None, frame.days.start
        over = None if isinstance(price, tree.Package) else price.over
        if over is not None:
            span = span_days(over, frame, rating.terms, rating.timeline)
            began = rating.first_in_force(frame.line, frame.days.last) if frame.line is not None else None
            start = max(span.start, began) if began is not None else span.start
            if start < frame.days.start:
                before = rating.amount(node.quantity, frame.over(Days(start, frame.days.start)))[0]
        chooser = chosen_before = None
        if isinstance(price, tree.Volume) and price.of is not None:
            days = Days(min(start, frame.days.start), frame.days.end)
            chooser = rating.amount(price.of, frame.over(days).whole())[0]
            if before is not None:
                earlier = frame.over(Days(days.start, frame.days.start)).whole()
                chosen_before = rating.amount(price.of, earlier)[0]
        cost = tiered(rating, price, quantity.value, before, frame, scale, chooser, chosen_before)
        return self._operation(node, cost.value, quantity, cost.step)


def _arithmetic(operator: str, left: Value, right: Value, day: Fraction = Fraction(1)) -> Value:
    """The value of an operation; `day` is what a day is in base dimensions."""
    if left is None or right is None:
        return None
    if isinstance(left, date) and isinstance(right, date):
        return (left - right).days * day
    if isinstance(left, date) and isinstance(right, Fraction):
        days = timedelta(days=floor(right / day))
        return left + days if operator == "+" else left - days
    assert isinstance(left, Fraction) and isinstance(right, Fraction), "kinds are checked before"
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    return left / right if right else None


def _minus(left: Value, right: Value) -> Fraction:
    if isinstance(left, date) and isinstance(right, date):
        return Fraction((left - right).days)
    assert isinstance(left, Fraction) and isinstance(right, Fraction), "kinds are checked before"
    return left - right
