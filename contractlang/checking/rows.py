"""The values of band tables: what they are, what no data takes, and who is paid for what."""

from collections.abc import Iterator
from fractions import Fraction

from contractlang.checking.bands import Table, edges_of, figure_of, stretch_of, tables
from contractlang.checking.operators import cure_of, disagreement, noun
from contractlang.checking.proof import Stretch
from contractlang.checking.survey import Survey
from contractlang.checking.wording import quoted, said, said_percent, said_unit
from contractlang.diagnostics import Diagnostic, Label, error, warning
from contractlang.kinds import NUMBER, Kind, Scope, constant, is_zero, kind_of, may_be_no_data
from contractlang.syntax import tree


def check_no_data(survey: Survey) -> Iterator[Diagnostic]:
    """CL410, CL411: the row for the month without a single call (message 10 of section 7)."""
    for table in tables(survey):
        for second in table.no_data[1:]:
            yield error(
                "CL411",
                "two rows are for no data",
                second.span,
                "keep one of the two",
                (Label(table.no_data[0].span, "the other is here"),),
            )
        if table.no_data or not table.rows or not may_be_no_data(table.figure, survey.scope):
            continue
        zero = _zero(table, survey.scope)
        month = _without(table, survey)
        yield error(
            "CL410",
            f"nothing says what {month} {table.pays}: add `no data : {zero}`",
            table.figure.span,
            f"add the row `no data : {zero}`",
            (Label(table.rows[-1].span, "put it below this row"),),
        )


def _zero(table: Table, scope: Scope) -> str:
    for row in table.rows:
        kind = kind_of(row.value, scope)
        if kind.is_number and not is_zero(row.value):
            if kind.is_money:
                return f"0 {kind.unit.currency}"
            return "0%" if kind.percent else said(Fraction(0), kind, scope)
    return "0%"


def _without(table: Table, survey: Survey) -> str:
    """The period in which the figure has no value: `a month without a single call`."""
    header = survey.scope.contract
    rhythm = header.invoiced.rhythm.text if header and header.invoiced else "monthly"
    period = {"quarterly": "a quarter", "yearly": "a year", "weekly": "a week"}.get(rhythm, "a month")
    counted = _counted(table.figure, survey.scope)
    if counted is None:
        return f"{period} without a value for {figure_of(table)}"
    article = "a single"
    return f"{period} without {article} {counted}"


def _counted(figure: object, scope: Scope, depth: int = 0) -> str | None:
    """What is counted below the line of a ratio, or what an average is of."""
    if depth > 20:
        return None
    match figure:
        case tree.Paren() | tree.Over():
            return _counted(figure.value, scope, depth + 1)
        case tree.Reference():
            measure = scope.measures.get(figure.name.text)
            return _counted(measure.formula, scope, depth + 1) if measure and measure.when is None else None
        case tree.Binary():
            if figure.operator != "/":
                return _counted(figure.left, scope, depth + 1) or _counted(figure.right, scope, depth + 1)
            single = kind_of(figure.right, scope).unit.single
            return single if single not in (None, "second", "day", "month", scope.currency) else None
        case tree.Call():
            value = figure.arguments[0].value if figure.arguments else None
            owner = value.owner.text if isinstance(value, tree.Member) else ""
            return scope.tables[owner].unit.text if owner and owner in scope.tables else None
    return None


def check_values(survey: Survey) -> Iterator[Diagnostic]:
    """CL301, CL414: the values of a table, of a bonus-malus percents or money."""
    scope = survey.scope
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.Part):
            for row in node.rows:
                for value in _values(row):
                    yield from _bonus_value(value, kind_of(value, scope), scope)
        elif isinstance(node, tree.ByValue):
            kind = kind_of(node, scope)
            for row in node.rows:
                for value in _values(row):
                    other = kind_of(value, scope)
                    if disagreement(None, kind, value, other):
                        yield error(
                            "CL301",
                            f"this value is {noun(other, scope)}, and others here {noun(kind, scope)}",
                            value.span,
                            cure_of(kind, other, scope),
                            (Label(node.rows[0].value.span, f"this is {said_unit(kind, scope)}"),),
                        )
                        break


def _values(row: tree.Band | tree.ColumnRow) -> list[tree.Expression]:
    return [row.value.start, row.value.end] if isinstance(row.value, tree.Linear) else [row.value]


def _bonus_value(value: tree.Expression, kind: Kind, scope: Scope) -> Iterator[Diagnostic]:
    if kind.is_unknown or kind.is_money or kind.percent or is_zero(value):
        return
    cure = f"write a percent, such as -2%, or an amount, such as -500 {scope.currency or 'EUR'}"
    if kind == NUMBER and constant(value, scope) is not None:
        cure = f"write `{quoted(value.span)}%`, or `{quoted(value.span)} {scope.currency or 'EUR'}`"
    yield error(
        "CL414",
        f"a bonus or a malus is a percent or an amount of money, and this is {said_unit(kind, scope)}",
        value.span,
        cure,
    )


def check_percents_of_lines(survey: Survey) -> Iterator[Diagnostic]:
    """CL618: a bonus-malus with percents that is on no line."""
    scope = survey.scope
    for one in survey.all(tree.Line):
        line = one.node
        assert isinstance(line, tree.Line), "asked for lines only"
        if line.kind != "bonus_malus" or line.on:
            continue
        values = [value for part in line.parts for row in part.rows for value in _values(row)]
        values += [line.value] if line.value is not None else []
        values += [edge for edge in (line.bonus_at_most, line.malus_at_most) if edge is not None]
        for value in values:
            if kind_of(value, scope).percent and constant(value, scope) != 0:
                yield error(
                    "CL618",
                    f'{quoted(value.span)} does not say of what: "{line.name}" is on no line',
                    value.span,
                    "add `on` and the names of the lines, as in `on handling + selling`",
                    (Label(line.name.span, "add `on` here"),),
                )
                break


def check_points(survey: Survey) -> Iterator[Diagnostic]:
    """CL703: a difference of percents compared with a percent (message 9 of section 7)."""
    scope = survey.scope
    for table in tables(survey):
        if not table.kind.points:
            continue
        for row in table.rows:
            edge = next(
                (edge for edge in (row.lower, row.upper) if edge and _is_bare_percent(edge.value)), None
            )
            if edge is not None:
                yield warning(
                    "CL703",
                    "a difference of two rates is in points, and these edges are percents: write "
                    f"`{_in_points(edge.value, scope)}`",
                    edge.span,
                    "write all edges of this table in points",
                    (Label(table.figure.span, "this is a difference of two rates"),),
                )
                break
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.Compare):
            continue
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if (
                kind_of(side, scope, visit.table).points
                and _is_bare_percent(other)
                and not _is_bare_percent(side)
            ):
                yield warning(
                    "CL703",
                    "a difference of two rates is in points, and it is compared with a percent: write "
                    f"`{_in_points(other, scope)}`",
                    other.span,
                    "a share of a rate would be another figure",
                    (Label(side.span, "this is a difference of two rates"),),
                )


def _is_bare_percent(expression: object) -> bool:
    while isinstance(expression, (tree.Paren, tree.Negative)):
        expression = expression.value
    return isinstance(expression, tree.Percent) and expression.value != 0


def _in_points(expression: object, scope: Scope) -> str:
    value = constant(expression, scope)
    assert value is not None, "a percent is a constant"
    number = said_percent(value).removesuffix("%")
    return f"{number} point{'' if abs(value) == Fraction(1, 100) else 's'}"


def check_bare_numbers(survey: Survey) -> Iterator[Diagnostic]:
    """CL704: `below 85` for a figure that is a percent: 85 is 8 500%."""
    scope = survey.scope
    for table in tables(survey):
        if not table.kind.percent:
            continue
        for row in table.rows:
            edge = next(
                (edge for edge in (row.lower, row.upper) if edge and _is_large(edge.value, scope)), None
            )
            if edge is not None:
                value = constant(edge.value, scope)
                assert value is not None, "only constants are large"
                yield warning(
                    "CL704",
                    f"{figure_of(table)} is a percent, and {quoted(edge.span)} is {said_percent(value)}",
                    edge.span,
                    f"write `{quoted(edge.span)}%`",
                )
                break
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.Compare):
            continue
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if _is_large(other, scope, 10) and kind_of(side, scope, visit.table).percent:
                value = constant(other, scope)
                assert value is not None, "only constants are large"
                yield warning(
                    "CL704",
                    f"this is a percent, and {quoted(other.span)} is {said_percent(value)}",
                    other.span,
                    f"write `{quoted(other.span)}%`",
                    (Label(side.span, "this is a percent"),),
                )


def _is_large(expression: object, scope: Scope, least: int = 2) -> bool:
    if not isinstance(expression, tree.Number) or expression.unit is not None:
        return False
    return expression.value >= least and kind_of(expression, scope).is_plain


def ends_of(row: tree.Band, values: Stretch, scope: Scope) -> tuple[Fraction, Fraction] | None:
    """What a row pays at its two ends, from the lower one up; None where the text does not say."""
    if isinstance(row.value, tree.Linear):
        start, end = constant(row.value.start, scope), constant(row.value.end, scope)
        return None if start is None or end is None else (start, end)
    if isinstance(row.value, tree.ForEach):
        return _steps(row.value, values, scope)
    value = constant(row.value, scope)
    return None if value is None else (value, value)


def _steps(value: tree.ForEach, values: Stretch, scope: Scope) -> tuple[Fraction, Fraction] | None:
    """What `-1% for each started point below 85%` pays at the ends of its band, just inside it."""
    amount, step, edge = (constant(one, scope) for one in (value.amount, value.step, value.edge))
    if amount is None or not step or edge is None or value.figure is not None or value.mode is None:
        return None
    if values.low[0] or values.high[0]:
        return None
    found = []
    for cut, inside in ((values.low, 1), (values.high, -1)):
        distance = edge - cut[1] if value.side == "below" else cut[1] - edge
        steps = max(distance / step, Fraction(0))
        # Just inside the band the distance may fall short of a whole step, or begin another.
        held = (cut[2] == 0) == (inside == 1)
        nearer = (value.side == "below") == (inside == 1)
        if value.mode == "full":
            whole = steps.numerator // steps.denominator
            steps = Fraction(whole - (1 if not held and nearer and steps == whole and whole else 0))
        elif value.mode == "started":
            whole = -(-steps.numerator // steps.denominator)
            steps = Fraction(whole + (1 if not held and not nearer and steps == whole else 0))
        found.append(amount * steps)
    return found[0], found[1]


def ordered(table: Table, scope: Scope) -> list[tuple[tree.Band, Stretch]]:
    """The rows of a table from the lowest values up."""
    rows = [(row, stretch_of(row, table, scope)) for row in table.rows]
    return sorted(rows, key=lambda one: one[1].low)


__all__ = [
    "check_bare_numbers",
    "check_no_data",
    "check_percents_of_lines",
    "check_points",
    "check_values",
    "edges_of",
    "ends_of",
    "ordered",
]
