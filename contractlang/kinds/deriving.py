"""The kind of every expression, derived from what it is made of.

In: an expression and the scope of its contract. Out: its `Kind`. A mistake gives `unknown`, quietly:
the checks say what is wrong, once, where it is.
"""

from itertools import pairwise

from contractlang.kinds.constants import constant, is_zero
from contractlang.kinds.functions import FUNCTIONS
from contractlang.kinds.kind import (
    BOOLEAN,
    DATE,
    DAYS,
    INSTANT,
    NOTHING,
    NUMBER,
    PERCENT,
    POINTS,
    SECONDS,
    TABLE,
    TEXT,
    UNKNOWN,
    WINDOW,
    Kind,
    money,
)  # fmt: skip
from contractlang.kinds.scope import Scope
from contractlang.syntax import tree
from contractlang.units import SECOND, Scale, of

_COLUMNS = {
    "timestamp": INSTANT, "duration": SECONDS, "boolean": BOOLEAN, "text": TEXT, "number": NUMBER,
    "date": DATE,
}  # fmt: skip


def kind_of(expression: object, scope: Scope, table: tree.Usage | None = None) -> Kind:
    """The kind of an expression; inside an aggregate, `table` is the one whose columns are names.

    Never raises: what is wrong, unknown or circular is `unknown`. Kinds are remembered by the identity
    of the node, so asking again costs nothing.
    """
    key = id(expression), id(table)
    found = scope.kinds.get(key)
    if found is not None:
        return found[1]
    # Whoever asks for the kind of this expression while it is derived has come round in a circle. The
    # node is kept beside its kind, so that its identity is not given to another.
    scope.kinds[key] = ((expression, table), UNKNOWN)
    kind = _derived(expression, scope, table)
    scope.kinds[key] = ((expression, table), kind)
    return kind


def measure_kind(measure: tree.Measure, scope: Scope) -> Kind:
    """The kind of a figure: what `in` says, else that of its formula, else that of its range."""
    return kind_of(measure, scope)


def price_kind(price: tree.Price, scope: Scope) -> Kind:
    """The kind of a rate (a price per unit, or a percent) or of an amount (money)."""
    return kind_of(price, scope)


def line_kind(line: tree.Line, scope: Scope) -> Kind:
    """The kind of a line of the invoice: money of the contract's currency, whatever the line."""
    assert isinstance(line, tree.Line), "only lines of the invoice have this kind"
    return money(scope.currency)


def column_kind(column: tree.Column, scope: Scope) -> Kind:
    """The kind of a cell of a column."""
    if column.type.text == "money":
        return money(scope.currency)
    return _COLUMNS.get(column.type.text, UNKNOWN)


def unit_kind(word: tree.UnitName, scope: Scope) -> Kind:
    """The kind of a figure in a unit: `in hours`, `in %`, `in boolean`."""
    if word.text == "boolean":
        return BOOLEAN
    scale = scope.units.scale(word.text)
    if scale is None:
        return UNKNOWN
    if scale.unit.is_plain:
        return PERCENT if scale.text == "%" else POINTS
    return Kind("number", scale.unit, scale=scale)


def table_of(argument: tree.Argument, scope: Scope) -> tree.Usage | None:
    """The table whose rows an argument of an aggregate speaks of, or None where it speaks of parts."""
    waiting: list[object] = [argument.value]
    while waiting:
        node = waiting.pop(0)
        name = node.owner if isinstance(node, tree.Member) else None
        if isinstance(node, tree.Reference):
            name = node.name
        if name is not None:
            if name.text in scope.tables:
                return scope.tables[name.text]
        elif isinstance(node, tree.Node) and not isinstance(node, tree.Call):
            waiting.extend(tree.children(node))
    return None


def joined(first: Kind, second: Kind) -> Kind:
    """The kind of a value that is one of two: `if … then … else …`, the arguments of `max`."""
    if first.what == "nothing":
        return second
    if second.what == "nothing" or first.what != second.what or first.unit != second.unit:
        return first
    if second.percent and not first.percent:
        return second
    return first if first.scale or not second.scale else second


def _derived(expression: object, scope: Scope, table: tree.Usage | None) -> Kind:
    match expression:
        case tree.Measure():
            return _measure(expression, scope)
        case tree.Price():
            return _price(expression, scope)
        case tree.Line():
            return line_kind(expression, scope)
        case tree.Number():
            return _number(expression, scope)
        case tree.Percent():
            return PERCENT
        case tree.Text():
            return TEXT
        case tree.Day():
            return DATE
        case tree.NoData():
            return NOTHING
        case tree.Reference():
            return _name(expression.name.text, scope, table)
        case tree.Member():
            return _member(expression, scope)
        case tree.Paren() | tree.Negative() | tree.Over():
            return kind_of(expression.value, scope, table)
        case tree.Binary():
            return _binary(expression, scope, table)
        case tree.PercentOf():
            return kind_of(expression.of, scope, table)
        case tree.ForEach():
            return kind_of(expression.amount, scope, table)
        case tree.YesNo() | tree.Compare() | tree.Is() | tree.InWindow():
            return BOOLEAN
        case tree.Not() | tree.Logic() | tree.Holds():
            return BOOLEAN
        case tree.If():
            then = kind_of(expression.then, scope, table)
            return _either(expression.then, then, expression.otherwise, scope, table)
        case tree.Previous():
            return _previous(expression, scope, table)
        case tree.Call():
            return _call(expression, scope, table)
        case tree.Linear():
            return kind_of(expression.start, scope, table)
        case tree.ByValue():
            return _rows(expression.rows, scope)
        case tree.Priced():
            return _priced(expression, scope, table)
        case tree.Graduated() | tree.Volume():
            return kind_of(expression.tiers[-1].price, scope) if expression.tiers else UNKNOWN
        case tree.Package():
            return kind_of(expression.price, scope)
    return UNKNOWN


def _measure(measure: tree.Measure, scope: Scope) -> Kind:
    if measure.unit is not None:
        unit = unit_kind(measure.unit, scope)
        if measure.formula is None:
            return unit
        # The unit is known before the formula is read, which may come round to this figure.
        scope.kinds[id(measure), id(None)] = ((measure, None), unit)
        return unit if reads_in(measure.formula, kind_of(measure.formula, scope), unit) else UNKNOWN
    if measure.formula is not None:
        kind = kind_of(measure.formula, scope)
        step = kind_of(measure.rounding.step, scope) if measure.rounding else kind
        if kind.is_number and step.unit == kind.unit and ((step.scale and not kind.scale) or step.percent):
            # A figure is best read in the unit to which it is rounded.
            return Kind("number", kind.unit, step.percent or kind.percent, step.scale, kind.points)
        return kind
    if measure.between is not None:
        lowest, highest = (kind_of(edge, scope) for edge in measure.between)
        return highest if is_zero(measure.between[0]) else joined(lowest, highest)
    return NUMBER


def reads_in(formula: object, kind: Kind, unit: Kind) -> bool:
    """Whether a figure with this formula can be read in a unit: `sold / contacts in %`.

    A ratio of two units is a percent where the measure says so, and what counts distinct values or parts
    takes the unit that the measure says.
    """
    if kind.is_unknown or unit.is_unknown or (kind.what == unit.what and kind.unit == unit.unit):
        return True
    while isinstance(formula, tree.Paren):
        formula = formula.value
    if unit.percent and kind.is_number:
        return isinstance(formula, tree.Binary) and formula.operator == "/"
    counts = isinstance(formula, tree.Call) and formula.function.text in ("count", "count_distinct")
    return kind.is_plain and not kind.percent and unit.is_number and counts


def _price(price: tree.Price, scope: Scope) -> Kind:
    if price.formula is not None:
        return kind_of(price.formula, scope)
    for dated in price.dated:
        kind = kind_of(dated.value, scope)
        if not kind.is_unknown and not is_zero(dated.value):
            return kind
    return UNKNOWN


def _number(expression: tree.Number, scope: Scope) -> Kind:
    return NUMBER if expression.unit is None else unit_kind(expression.unit, scope)


def _name(name: str, scope: Scope, table: tree.Usage | None) -> Kind:
    if table is not None:
        for column in table.columns:
            if column.name.text == name:
                return column_kind(column, scope)
    declaration: tree.AnyDeclaration | None = (
        scope.measures.get(name) or scope.prices.get(name) or scope.lines.get(name)
    )
    if declaration is not None:
        return UNKNOWN if name in scope.disputed else kind_of(declaration, scope)
    if name in scope.tables:
        return TABLE
    if name in scope.windows:
        return WINDOW
    return _days(scope) if name == "elapsed" else UNKNOWN


def _member(expression: tree.Member, scope: Scope) -> Kind:
    table = scope.tables.get(expression.owner.text)
    if table is not None:
        for column in table.columns:
            if column.name.text == expression.member.text:
                return column_kind(column, scope)
        return UNKNOWN
    return money(scope.currency) if expression.owner.text in scope.lines else UNKNOWN


def _either(
    expression: object, kind: Kind, other: object, scope: Scope, table: tree.Usage | None = None
) -> Kind:
    """The kind of one of two values, of which a bare zero takes the kind of the other."""
    second = kind_of(other, scope, table)
    if is_zero(expression) and not second.is_unknown:
        return second
    return second if kind.is_unknown and not is_zero(other) else joined(kind, second)


def _previous(expression: tree.Previous, scope: Scope, table: tree.Usage | None) -> Kind:
    # The value that serves at first often tells the kind, and reading the other may come round to here.
    first = kind_of(expression.otherwise, scope, table)
    if first.is_number and not first.is_plain:
        return first
    kind = kind_of(expression.value, scope, table)
    return first if kind.is_unknown and not is_zero(expression.otherwise) else kind


def _binary(expression: tree.Binary, scope: Scope, table: tree.Usage | None) -> Kind:
    # A sum of ten thousand terms is a tree ten thousand deep on its left: it is walked, not recursed.
    chain = [expression]
    while isinstance(chain[-1].left, tree.Binary):
        chain.append(chain[-1].left)
    kind = kind_of(chain[-1].left, scope, table)
    for node in reversed(chain):
        kind = operated(node, kind, kind_of(node.right, scope, table), scope)
        scope.kinds[id(node), id(table)] = ((node, table), kind)
    return kind


def operated(node: tree.Binary, left: Kind, right: Kind, scope: Scope) -> Kind:
    """The kind of `left operator right`, unknown where the two do not go together."""
    if left.is_unknown or right.is_unknown:
        return UNKNOWN
    if node.operator in ("+", "-"):
        return _added(node, left, right, scope)
    if not left.is_number or not right.is_number:
        return UNKNOWN
    if node.operator == "*":
        if left.is_money and right.is_money:
            return UNKNOWN
        unit = left.unit.times(right.unit)
        if unit.is_plain:
            return PERCENT if _shown_as_percent(node, left, right, scope) else NUMBER
        return Kind("number", unit, scale=_kept(left, right))
    unit = left.unit.over(right.unit)
    if unit.is_plain:
        shared = not left.unit.is_plain or (left.percent and right.percent)
        return PERCENT if shared or (left.percent and constant(node.right, scope) is not None) else NUMBER
    return Kind("number", unit, scale=left.scale if right.unit.is_plain else None)


def _added(node: tree.Binary, left: Kind, right: Kind, scope: Scope) -> Kind:
    minus = node.operator == "-"
    if left.is_number and right.is_number:
        if is_zero(node.left):
            return right
        if is_zero(node.right):
            return left
        if left.unit != right.unit:
            return UNKNOWN
        if left.percent and right.percent and minus and not right.points and not _literal(node.left):
            return POINTS
        if left.percent and right.percent:
            return POINTS if left.points and right.points else PERCENT
        return joined(left, right)
    if left.what in ("date", "instant"):
        length = scope.units.day.unit if left.what == "date" else SECOND
        if right.is_number and right.unit == length:
            return left
        if minus and right.what == left.what:
            return Kind("number", length)
    return UNKNOWN


def _days(scope: Scope) -> Kind:
    """The kind of a number of days; hours where a `unit` line says what a day is."""
    day = scope.units.day
    return DAYS if day.unit == DAYS.unit else Kind("number", day.unit, scale=day)


def _literal(expression: object) -> bool:
    """Whether a value is written out: `100% - answer_rate` is a share, not a difference of rates."""
    while isinstance(expression, (tree.Paren, tree.Negative)):
        expression = expression.value
    return isinstance(expression, (tree.Number, tree.Percent))


def _shown_as_percent(node: tree.Binary, left: Kind, right: Kind, scope: Scope) -> bool:
    """Whether a product without unit is a percent: of two percents, or of one and a constant."""
    if left.percent and right.percent:
        return True
    other = node.right if left.percent else node.left
    return (left.percent or right.percent) and constant(other, scope) is not None


def _kept(left: Kind, right: Kind) -> Scale | None:
    """The unit word of a product that only scales one of its sides."""
    return left.scale if right.unit.is_plain else right.scale if left.unit.is_plain else None


def _call(expression: tree.Call, scope: Scope, table: tree.Usage | None) -> Kind:
    name = expression.function.text
    if name not in FUNCTIONS:
        return UNKNOWN
    values = [argument for argument in expression.arguments if argument.value is not None]
    if not values:
        return UNKNOWN
    if name in ("any", "all"):
        return BOOLEAN
    first = values[0]
    rows = table_of(first, scope)
    if name in ("count", "count_distinct"):
        return _counted(name, first, rows, scope)
    if first.to is not None:
        kind = kind_of(first.value, scope, rows)
        return SECONDS if kind.what == "instant" else _days(scope) if kind.what == "date" else UNKNOWN
    inside = rows or table
    kind = kind_of(first.value, scope, inside)
    if not kind.is_number and name not in ("min", "max", "latest"):
        return UNKNOWN
    if name in ("min", "max", "clamp"):
        for before, argument in pairwise(values):
            kind = _either(before.value, kind, argument.value, scope, inside)
    return kind


def _counted(name: str, argument: tree.Argument, rows: tree.Usage | None, scope: Scope) -> Kind:
    """The kind of a count: things in the table's unit; distinct values and parts are plain numbers."""
    if rows is None or name == "count_distinct" or argument.by is not None:
        return NUMBER
    scale = scope.units.scale(rows.unit.text)
    return Kind("number", scale.unit if scale else of(rows.unit.text))


def _rows(rows: tuple[tree.Band | tree.ColumnRow, ...], scope: Scope) -> Kind:
    kind = UNKNOWN
    for row in rows:
        found = kind_of(row.value, scope)
        if found.is_unknown or is_zero(row.value):
            kind = found if kind.is_unknown else kind
        elif kind.is_unknown or kind == NUMBER:
            kind = found
    return kind


def _priced(expression: tree.Priced, scope: Scope, table: tree.Usage | None) -> Kind:
    quantity = kind_of(expression.quantity, scope, table)
    if expression.price is None:
        return quantity
    price = kind_of(expression.price, scope, table)
    if price.is_money or quantity.is_unknown or not price.is_number:
        return price if price.is_money else UNKNOWN
    unit = quantity.unit.times(price.unit)
    return Kind("number", unit) if unit.currency else UNKNOWN
