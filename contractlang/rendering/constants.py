"""Constants of a contract's text as numbers, to draw them.

In: an expression. Out: `Constant`, or None where the value is known only with a usage.
"""

from dataclasses import dataclass
from fractions import Fraction

from contractlang.exact import number, plain
from contractlang.syntax import tree
from contractlang.units import BUILT_IN


@dataclass(frozen=True, slots=True)
class Constant:
    """A number with the unit word it was written in; percents and points are fractions of one, in %."""

    value: Fraction
    unit: str = ""

    def text(self) -> str:
        """The number as the contract would write it, to at most four decimals."""
        shown = self.value * 100 if self.unit == "%" else self.value
        return _short(shown) + (self.unit if self.unit == "%" else f" {self.unit}" if self.unit else "")


def constant(expression: tree.Expression | tree.Linear) -> Constant | None:
    """The number that an expression of numbers alone comes to."""
    if isinstance(expression, tree.Percent):
        return Constant(number(expression.value) / 100, "%")
    if isinstance(expression, tree.Number):
        return _number(expression)
    if isinstance(expression, tree.Paren):
        return constant(expression.value)
    if isinstance(expression, tree.Negative):
        found = constant(expression.value)
        return None if found is None else Constant(-found.value, found.unit)
    if isinstance(expression, tree.Binary):
        return _computed(expression)
    return None


def _number(written: tree.Number) -> Constant:
    value, unit = number(written.value), written.unit.text if written.unit else ""
    scale = BUILT_IN.get(unit)
    if scale is None:
        return Constant(value, unit)
    if scale.unit.is_plain:
        return Constant(value * scale.factor, "%")
    # Times in several units share an axis: seconds, days or months.
    base = scale.unit.single or unit
    shown = {"second": "s", "day": "days", "month": "months"}.get(base, base)
    return Constant(value * scale.factor, shown)


def _computed(expression: tree.Binary) -> Constant | None:
    left, right = constant(expression.left), constant(expression.right)
    if left is None or right is None:
        return None
    unit = left.unit or right.unit
    if expression.operator == "+":
        return Constant(left.value + right.value, unit)
    if expression.operator == "-":
        return Constant(left.value - right.value, unit)
    if expression.operator == "*":
        return Constant(left.value * right.value, unit)
    return Constant(left.value / right.value, unit) if right.value else None


def _short(value: Fraction) -> str:
    grain = Fraction(1, 10_000)
    return plain(round(value / grain) * grain)
