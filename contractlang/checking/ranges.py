"""The values that a figure can take, as far as the text says: its range, and whether it is negative."""

from fractions import Fraction

from contractlang.checking.proof import HIGHEST, LOWEST, Stretch, after, before
from contractlang.kinds import Scope, constant, kind_of, measure_kind, table_of
from contractlang.syntax import tree

_MOST_DEPTH = 60


def range_of(figure: object, scope: Scope) -> Stretch:
    """The values that a figure can take: what `between` says, else from zero up for what is counted."""
    while isinstance(figure, tree.Paren):
        figure = figure.value
    if isinstance(figure, tree.Reference):
        measure = scope.measures.get(figure.name.text)
        if measure is not None and measure.between is not None:
            low, high = (constant(edge, scope) for edge in measure.between)
            if low is not None and high is not None:
                return Stretch(before(low), after(high))
    if never_negative(figure, scope):
        return Stretch(before(Fraction(0)), HIGHEST)
    return Stretch(LOWEST, HIGHEST)


def never_negative(expression: object, scope: Scope, depth: int = 0) -> bool:
    """Whether no usage can make an expression negative.

    A supplied quantity never is, unless its range says so; money and plain numbers may be (rulings,
    "Figures").
    """
    if depth > _MOST_DEPTH:
        return False
    value = constant(expression, scope)
    if value is not None:
        return value >= 0
    match expression:
        case tree.Paren() | tree.Over():
            return never_negative(expression.value, scope, depth + 1)
        case tree.Reference():
            measure = scope.measures.get(expression.name.text)
            return measure is not None and _figure(measure, scope, depth)
        case tree.Binary():
            if expression.operator == "-" or not never_negative(expression.left, scope, depth + 1):
                return False
            # What is divided by is counted, and a share of a negative number of things is no share.
            return expression.operator == "/" or never_negative(expression.right, scope, depth + 1)
        case tree.PercentOf():
            return expression.percent >= 0 and never_negative(expression.of, scope, depth + 1)
        case tree.If():
            return all(
                never_negative(one, scope, depth + 1) for one in (expression.then, expression.otherwise)
            )
        case tree.Previous():
            return all(
                never_negative(one, scope, depth + 1) for one in (expression.value, expression.otherwise)
            )
        case tree.Call():
            return _call(expression, scope, depth)
    return False


def _figure(measure: tree.Measure, scope: Scope, depth: int) -> bool:
    if measure.between is not None:
        low = constant(measure.between[0], scope)
        return low is not None and low >= 0
    if measure.formula is not None:
        return never_negative(measure.formula, scope, depth + 1)
    kind = measure_kind(measure, scope)
    return kind.is_number and (kind.percent or not kind.unit.is_plain) and not kind.is_money


def _call(call: tree.Call, scope: Scope, depth: int) -> bool:
    name = call.function.text
    values = [argument for argument in call.arguments if argument.value is not None]
    if name in ("count", "count_distinct", "abs"):
        return True
    if not values:
        return False
    first = values[0]
    rows = table_of(first, scope)
    if rows is not None:
        # A length of time in a cell is never negative; an amount or a number may be.
        return first.to is not None or kind_of(first.value, scope, rows).unit.single == "second"
    signs = [never_negative(argument.value, scope, depth + 1) for argument in values]
    if name == "max":
        return any(signs)
    if name == "percentile":
        return signs[0]
    return all(signs) if name != "clamp" else len(signs) > 1 and signs[1]
