"""Values that the text alone decides: edges of bands, thresholds of tiers, constant prices."""

from fractions import Fraction

from contractlang.exact import number
from contractlang.kinds.scope import Scope
from contractlang.syntax import tree

_MOST_DEPTH = 60


def constant(expression: object, scope: Scope, depth: int = 0) -> Fraction | None:
    """The value of an expression in base dimensions where no figure can change it, else None.

    `85%` is 17/20, `46 s/call` is 46 and `2 hours` is 7200. A rate or an amount with one value, not
    indexed, counts as constant; so does arithmetic on constants.
    """
    if depth > _MOST_DEPTH:
        return None
    if isinstance(expression, tree.Number):
        if expression.unit is None:
            return number(expression.value)
        scale = scope.units.scale(expression.unit.text)
        return number(expression.value) * scale.factor if scale else None
    if isinstance(expression, tree.Percent):
        return number(expression.value) / 100
    if isinstance(expression, tree.Paren):
        return constant(expression.value, scope, depth + 1)
    if isinstance(expression, tree.Negative):
        value = constant(expression.value, scope, depth + 1)
        return None if value is None else -value
    if isinstance(expression, tree.PercentOf):
        value = constant(expression.of, scope, depth + 1)
        return None if value is None else number(expression.percent) / 100 * value
    if isinstance(expression, tree.Binary):
        return _binary(expression, scope, depth)
    if isinstance(expression, tree.Reference):
        price = scope.prices.get(expression.name.text)
        if price is not None and price.formula is not None and price.indexed is None:
            return constant(price.formula, scope, depth + 1)
    return None


def _binary(expression: tree.Binary, scope: Scope, depth: int) -> Fraction | None:
    left = constant(expression.left, scope, depth + 1)
    right = constant(expression.right, scope, depth + 1)
    if left is None or right is None:
        return None
    if expression.operator == "+":
        return left + right
    if expression.operator == "-":
        return left - right
    if expression.operator == "*":
        return left * right
    return left / right if right else None


def is_zero(expression: object) -> bool:
    """Whether an expression is a bare zero, which needs no unit."""
    while isinstance(expression, (tree.Paren, tree.Negative)):
        expression = expression.value
    return isinstance(expression, tree.Number) and expression.unit is None and expression.value == 0
