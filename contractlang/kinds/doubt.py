"""Where a figure may have no value: the month without a single call.

In: an expression. Out: whether it may be no data (language design, section 6; rulings, "No data").
"""

from contractlang.kinds.constants import constant
from contractlang.kinds.scope import Scope
from contractlang.syntax import tree

_ROWS = frozenset({"average", "latest", "percentile", "min", "max"})


def may_be_no_data(expression: object, scope: Scope) -> bool:
    """Whether an expression may be no data: a ratio, an average, a sample too small, an empty span.

    A figure that is supplied counts as known, and its `else` says only what a missing one means; so do a
    line (not in force it is zero), `previous` (which says what serves) and a condition `for N months`.
    """
    found = scope.doubts.get(id(expression))
    if found is not None:
        return found[1]
    # A circle adds no doubt of its own.
    scope.doubts[id(expression)] = (expression, False)
    doubt = _doubtful(expression, scope)
    scope.doubts[id(expression)] = (expression, doubt)
    return doubt


def _doubtful(expression: object, scope: Scope) -> bool:
    match expression:
        case tree.Reference():
            name = expression.name.text
            if name in scope.disputed:
                return False
            if name in scope.measures:
                return may_be_no_data(scope.measures[name], scope)
            return name in scope.prices and may_be_no_data(scope.prices[name], scope)
        case tree.Measure():
            return expression.when is not None or may_be_no_data(expression.formula, scope)
        case tree.Price():
            values = [expression.formula, *(dated.value for dated in expression.dated)]
            return any(may_be_no_data(value, scope) for value in values)
        case tree.NoData():
            return True
        case tree.Previous():
            return may_be_no_data(expression.otherwise, scope)
        case tree.Holds() | tree.Line():
            return False
        case tree.Is():
            return not isinstance(expression.what, tree.Known) and may_be_no_data(expression.value, scope)
        case tree.Binary():
            return _binary(expression, scope)
        case tree.Over():
            return _perhaps_empty(expression.span_of_time) or may_be_no_data(expression.value, scope)
        case tree.Call():
            return _call(expression, scope)
        case tree.ByValue():
            return _table(expression, scope)
        case tree.Node():
            return any(may_be_no_data(child, scope) for child in tree.children(expression))
    return False


def _binary(expression: tree.Binary, scope: Scope) -> bool:
    node: object = expression
    while isinstance(node, tree.Binary):
        if node.operator == "/" and not constant(node.right, scope):
            return True
        if may_be_no_data(node.right, scope):
            return True
        node = node.left
    return may_be_no_data(node, scope)


def _perhaps_empty(span: tree.SpanOfTime | None) -> bool:
    """Whether a span may hold no day of the term so far."""
    return isinstance(span, (tree.Before, tree.InPhase, tree.Fixed))


def _call(expression: tree.Call, scope: Scope) -> bool:
    name = expression.function.text
    values = [argument for argument in expression.arguments if argument.value is not None]
    if name in _ROWS and (name not in ("min", "max") or len(values) == 1):
        return True
    if any(_perhaps_empty(argument.over) for argument in values):
        return True
    if name in ("count", "count_distinct", "sum", "any", "all"):
        # Rows and parts without a value are left out, so what is in them adds no doubt.
        return False
    return any(may_be_no_data(argument.value, scope) for argument in values)


def _table(expression: tree.ByValue, scope: Scope) -> bool:
    answered = any(isinstance(row, tree.Band) and row.no_data for row in expression.rows)
    bands = any(isinstance(row, tree.Band) for row in expression.rows)
    if bands and not answered and may_be_no_data(expression.figure, scope):
        return True
    return any(may_be_no_data(row.value, scope) for row in expression.rows)
