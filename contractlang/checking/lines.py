"""Lines: what each kind needs, and that what it charges is money."""

from collections.abc import Iterator
from fractions import Fraction

from contractlang.checking.operators import condition_of
from contractlang.checking.survey import Survey
from contractlang.checking.tiers import flat_price, unit_price
from contractlang.checking.wording import head, quoted, said_unit
from contractlang.diagnostics import Diagnostic, Label, error, nearest
from contractlang.exact import number
from contractlang.kinds import Kind, Scope, constant, is_zero, kind_of
from contractlang.syntax import tree

LENGTHS = {"day": 0, "week": 1, "month": 1, "quarter": 3, "year": 12, "contract year": 12}


def check_lines(survey: Survey) -> Iterator[Diagnostic]:
    """CL601 to CL616: each line has what its kind needs, and its value is money."""
    for one in survey.all(tree.Line):
        line = one.node
        assert isinstance(line, tree.Line), "asked for lines only"
        yield from _needs(line)
        yield from _value(line, survey.scope)
        yield from _bounds(line, survey.scope)
        for condition in (line.when, line.bonus_when, line.malus_when):
            if condition is not None:
                yield from condition_of(condition, kind_of(condition, survey.scope), survey.scope)
        if line.kind in ("fee", "subscription"):
            yield from _interval(line)
        elif isinstance(line.value, tree.Priced) and line.value.per is not None:
            yield from _per(line, line.value.per, survey.scope)


def _needs(line: tree.Line) -> Iterator[Diagnostic]:
    kind = line.kind.replace("_", "-")
    if line.kind == "bonus_malus":
        if line.value is None and not line.parts:
            yield error(
                "CL601",
                f'"{line.name}" does not say what it pays',
                line.name.span,
                "add a band table, `by FIGURE { … }`, or one value, `= -2% when missed`",
            )
        elif line.value is not None and line.parts:
            yield error(
                "CL602",
                f'"{line.name}" has one value and a band table',
                line.value.span,
                "keep one of the two",
                (Label(head(line.parts[0].span), "the table is here"),),
            )
        return
    if line.value is None:
        example = {
            "charge": "= handled at 4.20 EUR/call",
            "fee": "= 45 000 EUR per quarter",
            "subscription": "= 450 EUR per month",
            "penalty": "= late_days at 200 EUR/day",
            "minimum": "= 20 000 EUR on handling",
            "limit": "= answering + csat between -6% and +4% of handling",
            "clawback": "= count(cancellations) as of sold_on",
        }[line.kind]
        if not line.parts:
            yield error(
                "CL601", f'the {kind} "{line.name}" has no value', line.name.span, f"write `{example}`"
            )
    if line.kind == "minimum" and not line.on:
        yield error(
            "CL603",
            f'nothing says which lines "{line.name}" is a minimum of',
            line.name.span,
            "add `on` and their names, as in `on handling + selling`",
        )
    if line.kind == "limit" and not (line.between or line.at_most or line.at_least):
        yield error(
            "CL604",
            f'the limit "{line.name}" has no bound',
            line.name.span,
            "add `between -6% and +4% of handling`, `at most …` or `at least …`",
        )
    if line.kind == "limit" and line.between and (line.at_most or line.at_least):
        bound = line.at_most or line.at_least
        assert bound is not None, "one of the two is written"
        yield error("CL602", f'"{line.name}" is bounded twice', bound.span, "keep `between`, or the other")
    if line.kind == "clawback" and line.as_of is None:
        yield error(
            "CL605",
            "nothing says at which day's price a unit goes back",
            line.name.span,
            "add `as of` and the column that holds the day of the sale",
        )
    if line.one_line_per_tier and not (
        isinstance(line.value, tree.Priced) and isinstance(line.value.price, (tree.Graduated, tree.Volume))
    ):
        place = next((span for name, span in line.clauses if name == "one_line_per_tier"), line.name.span)
        yield error("CL606", f'"{line.name}" has no tiers', place, "take `one line per tier` out")


def _value(line: tree.Line, scope: Scope) -> Iterator[Diagnostic]:
    value = line.value
    if value is None:
        return
    kind = kind_of(value, scope)
    if line.kind == "limit":
        yield from _sum_of_lines(value, scope)
        return
    if line.kind == "clawback":
        yield from _clawback(line, value, kind, scope)
        return
    if isinstance(value, tree.Priced) and value.price is not None:
        if not isinstance(value.price, (tree.Graduated, tree.Volume, tree.Package)):
            price = kind_of(value.price, scope)
            yield from unit_price(value.quantity, kind_of(value.quantity, scope), value.price, price, scope)
            yield from flat_price(value.quantity, kind_of(value.quantity, scope), value.price, price, scope)
        return
    if kind.is_unknown or kind.is_money or is_zero(value):
        if line.kind == "penalty" and (constant(value, scope) or 0) < 0:
            yield error(
                "CL607",
                "a penalty is written positive, and always deducted",
                value.span,
                "take the minus sign out",
            )
        return
    if kind.is_plain and kind.percent:
        if line.kind == "bonus_malus":
            return
        yield error(
            "CL608",
            f"{quoted(value.span)} does not say of what",
            value.span,
            f"write `{quoted(value.span)} of` a line or an amount"
            if isinstance(value, tree.Percent)
            else "write `25% of` a line or an amount",
        )
        return
    yield error(
        "CL609",
        f"a {line.kind.replace('_', '-')} is a sum of money, and this is {said_unit(kind, scope)}",
        value.span,
        _money_cure(kind, scope),
    )


def _money_cure(kind: Kind, scope: Scope) -> str:
    currency = scope.currency or "EUR"
    if kind.is_number and kind.unit.price_currency and not kind.is_price:
        return f"write a price per unit, such as `4.20 {currency}/call`, and multiply with that"
    if kind.is_price:
        return "write the quantity before it, as in `hours at hourly`"
    if kind.is_number and not kind.unit.is_plain:
        return f"add `at` and a price, as in `at 4.20 {currency}/call`"
    return f"write an amount, such as `450 {currency}`" if kind.is_number else ""


def _sum_of_lines(value: tree.Expression, scope: Scope) -> Iterator[Diagnostic]:
    waiting: list[object] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Paren):
            waiting.append(node.value)
        elif isinstance(node, tree.Binary) and node.operator in ("+", "-"):
            waiting += [node.right, node.left]
        elif isinstance(node, (tree.Reference, tree.Member)):
            name = node.name.text if isinstance(node, tree.Reference) else node.owner.text
            if name in scope.lines or scope.declaration(name) is None:
                continue
            yield error(
                "CL610",
                f'a limit bounds a sum of lines, and "{name}" is none',
                node.span,
                "name the lines, as in `= answering + csat`",
            )
        elif isinstance(node, tree.Node):
            yield error(
                "CL610",
                "a limit bounds a sum of lines",
                node.span,
                "name the lines, as in `= answering + csat`",
            )


def _clawback(line: tree.Line, value: tree.Expression, kind: Kind, scope: Scope) -> Iterator[Diagnostic]:
    sold = scope.lines.get(line.of.text) if line.of else None
    if sold is None:
        return
    quantity = sold.value.quantity if isinstance(sold.value, tree.Priced) else None
    if sold.kind != "charge" or quantity is None:
        yield error(
            "CL611",
            f'"{sold.name}" has no price per unit to give back',
            line.of.span if line.of else line.name.span,
            "name a charge that has a quantity and a price",
            (Label(sold.name.span, "it is declared here"),),
        )
        return
    given = kind_of(quantity, scope)
    if not kind.is_unknown and not given.is_unknown and (kind.what, kind.unit) != (given.what, given.unit):
        yield error(
            "CL611",
            f"what goes back is {said_unit(kind, scope)}, and what was charged {said_unit(given, scope)}",
            value.span,
            "count the same things",
            (Label(quantity.span, f"this is {said_unit(given, scope)}"),),
        )
    if line.as_of is None:
        return
    tables = [table for name, table in scope.tables.items() if _counts(value, name)]
    columns = {
        column.name.text: column for table in tables or scope.tables.values() for column in table.columns
    }
    column = columns.get(line.as_of.text)
    if column is None:
        near = nearest(line.as_of.text, columns)
        table_words = f'the table "{tables[0].name}"' if len(tables) == 1 else "no table counted here"
        has = "has no column" if len(tables) == 1 else "has a column"
        yield error(
            "CL224",
            f'{table_words} {has} called "{line.as_of}"',
            line.as_of.span,
            f'the nearest is "{near}"' if near else "name the column that holds the day of the sale",
        )
    elif column.type.text not in ("date", "timestamp"):
        yield error(
            "CL611",
            f'"{line.as_of}" is not a day',
            line.as_of.span,
            "name a column that is a date or a timestamp",
            (Label(column.name.span, f"it is a {column.type}"),),
        )


def _counts(value: object, table: str) -> bool:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Reference) and node.name.text == table:
            return True
        if isinstance(node, tree.Member) and node.owner.text == table:
            return True
        if isinstance(node, tree.Node):
            waiting.extend(tree.children(node))
    return False


def _bounds(line: tree.Line, scope: Scope) -> Iterator[Diagnostic]:
    bounds: list[tuple[tree.Expression, bool]] = []
    percents = line.kind == "bonus_malus"
    for bound in (line.at_most, line.at_least):
        if bound is not None:
            bounds.append((bound.value, False))
    bounds += [(edge, percents) for edge in (line.bonus_at_most, line.malus_at_most) if edge is not None]
    if line.between is not None:
        backwards = list(_order_of_bounds(line.between, scope))
        if backwards:
            yield from backwards
            return
    between = list(line.between or ())
    if (
        len(between) == 2
        and isinstance(between[0], (tree.Percent, tree.Negative))
        and isinstance(between[1], tree.PercentOf)
    ):
        # `between -6% and +4% of handling`: what stands after `of` is meant for both.
        between = between[1:]
    bounds += [(edge, False) for edge in between]
    for value, percent_allowed in bounds:
        kind = kind_of(value, scope)
        if kind.is_unknown or kind.is_money or is_zero(value) or (percent_allowed and kind.percent):
            continue
        if kind.percent:
            yield error(
                "CL608",
                f"{quoted(value.span)} does not say of what",
                value.span,
                f"write `{quoted(value.span)} of` a line",
            )
            return
        allowed = "an amount of money or a percent" if percent_allowed else "an amount of money"
        yield error(
            "CL612",
            f"a bound is {allowed}, and this is {said_unit(kind, scope)}",
            value.span,
            f"write an amount, such as `2 000 {scope.currency or 'EUR'}`",
        )
    for clause, edge in (("bonus", line.bonus_at_most), ("malus", line.malus_at_most)):
        if edge is not None and (constant(edge, scope) or 0) < 0:
            yield error(
                "CL613", f"`{clause} at most` is written without a sign", edge.span, "take the minus sign out"
            )


def _order_of_bounds(between: tuple[tree.Expression, tree.Expression], scope: Scope) -> Iterator[Diagnostic]:
    low, high = (_share(edge, scope) for edge in between)
    if low is not None and high is not None and low > high:
        yield error(
            "CL614",
            f"nothing is between {quoted(between[0].span)} and {quoted(between[1].span)}",
            between[0].span,
            "write the lower bound first",
        )


def _share(edge: object, scope: Scope) -> Fraction | None:
    """A bound as a number to compare with its pair: the percent of a line, or the amount."""
    sign = 1
    while isinstance(edge, (tree.Paren, tree.Negative)):
        sign = -sign if isinstance(edge, tree.Negative) else sign
        edge = edge.value
    if isinstance(edge, tree.PercentOf):
        return sign * number(edge.percent)
    if isinstance(edge, tree.Percent):
        return sign * number(edge.value)
    value = constant(edge, scope)
    return None if value is None else sign * value


def _interval(line: tree.Line) -> Iterator[Diagnostic]:
    per = line.value.per if isinstance(line.value, tree.Priced) else None
    once = line.once or line.once_on is not None
    if line.value is None:
        return
    if per is None and not once:
        kind = line.kind
        yield error(
            "CL615",
            f'nothing says for how long "{line.name}" is due',
            line.value.span,
            f"write `{quoted(line.value.span)} per month`, or `once` for a {kind} that falls due once",
        )
    elif per is not None and once:
        yield error("CL602", f'"{line.name}" is due per {per} and once', per.span, "keep one of the two")
    if line.once and line.once_on is not None:
        yield error(
            "CL602", f'"{line.name}" is due once, and once on a day', line.name.span, "keep one of the two"
        )


def _per(line: tree.Line, per: tree.Name, scope: Scope) -> Iterator[Diagnostic]:
    if per.text in LENGTHS and not any(
        column.name.text == per.text for table in scope.tables.values() for column in table.columns
    ):
        yield error(
            "CL616",
            f"a {line.kind.replace('_', '-')} is not due per {per}",
            per.span,
            "write `fee` for a flat amount, or name a column after `per`",
        )
