"""Calls: the arguments that each function takes, and what an aggregate speaks of."""

from collections.abc import Iterator

from contractlang.checking.operators import cure_of, disagreement, kind_at, noun
from contractlang.checking.survey import Survey, Visit
from contractlang.checking.wording import said_unit
from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.kinds import FUNCTIONS, Function, Scope, constant, kind_of, table_of
from contractlang.syntax import tree


def check_calls(survey: Survey) -> Iterator[Diagnostic]:
    """CL320 to CL324: how many arguments, rows or parts, intervals, and what is summed."""
    scope = survey.scope
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.Call):
            continue
        function = FUNCTIONS.get(node.function.text)
        if function is None:
            continue
        values = [argument for argument in node.arguments if argument.value is not None]
        if len(values) < function.least or (function.most is not None and len(values) > function.most):
            yield _number_of_arguments(node, function, len(values))
            continue
        yield from _each(node, function)
        if function.aggregate and not (function.values and len(values) > 1):
            yield from _aggregate(function, values[0], visit, scope)
            if function.name == "percentile":
                yield from _share(values[1], scope)
        else:
            yield from _values(node, values, visit, scope)


def _number_of_arguments(node: tree.Call, function: Function, count: int) -> Diagnostic:
    wanted = str(function.least) if function.most == function.least else f"at least {function.least}"
    value = "value" if wanted in ("1", "at least 1") else "values"
    return error(
        "CL320",
        f"`{function.name}` takes {wanted} {value}, and {count or 'none'} "
        f"{'stands' if count == 1 else 'stand'} here",
        node.span,
        f"write it as in `{function.usage}`",
    )


def _each(node: tree.Call, function: Function) -> Iterator[Diagnostic]:
    for argument in node.arguments:
        if argument.each is not None and not function.aggregate:
            yield error(
                "CL321",
                f"`each rounded` rounds rows or parts, and `{function.name}` has none",
                argument.span,
                "round at the end of the measure instead, with `rounded to`",
            )


def _aggregate(
    function: Function, argument: tree.Argument, visit: Visit, scope: Scope
) -> Iterator[Diagnostic]:
    rows = table_of(argument, scope)
    value = argument.value
    assert isinstance(value, tree.Node), "an aggregate has a value"
    bare_table = isinstance(value, tree.Reference) and value.name.text in scope.tables
    if rows is None and argument.by is None:
        if kind_at(value, visit, scope).is_unknown:
            return
        yield error(
            "CL322",
            f"`{function.name}` needs rows or parts, and this is one value",
            value.span,
            f"name a column, as in `{function.usage}`, or say the parts, as in `{value.span.text} by month`",
        )
        return
    if rows is None and argument.where is not None:
        yield error(
            "CL322",
            "only rows of a table are chosen with `where`",
            argument.where.span,
            "put the condition into the figure itself",
        )
        return
    if argument.to is not None:
        yield from _interval(argument, rows, scope)
        return
    if argument.during is not None:
        yield error(
            "CL323",
            "`during` takes a part of an interval, and this is none",
            argument.during.span,
            "write the interval, as in `sum(shifts.started to shifts.ended during night)`",
        )
        return
    if function.name == "count":
        return
    if bare_table:
        yield error(
            "CL322",
            f"`{function.name}` needs a column of the table",
            value.span,
            f"name it, as in `{function.usage}`, or count the rows",
        )
        return
    kind = kind_of(value, scope, rows or visit.table)
    if kind.is_unknown:
        return
    if function.name in ("any", "all"):
        if kind.what != "boolean":
            yield error(
                "CL324",
                f"`{function.name}` asks yes or no of each part, and this is {said_unit(kind, scope)}",
                value.span,
                "compare it first, as in `missed by month`",
            )
    elif (
        function.name != "count_distinct"
        and not kind.is_number
        and not (
            function.name in ("min", "max", "latest") and kind.what in ("date", "instant", "boolean", "text")
        )
    ):
        yield error(
            "CL324",
            f"`{function.name}` takes numbers, and this is {said_unit(kind, scope)}",
            value.span,
            "count the rows instead, as in `count(contacts where answered)`"
            if kind.what == "boolean"
            else "",
        )


def _interval(argument: tree.Argument, rows: tree.Usage | None, scope: Scope) -> Iterator[Diagnostic]:
    assert argument.to is not None, "asked of intervals only"
    for side in (argument.value, argument.to):
        kind = kind_of(side, scope, rows)
        if kind.what not in ("instant", "date", "unknown"):
            assert isinstance(side, tree.Node), "expressions are nodes"
            yield error(
                "CL323",
                f"an interval begins and ends with a timestamp, and this is {said_unit(kind, scope)}",
                side.span,
                "name columns that are timestamps, as in `sum(shifts.started to shifts.ended)`",
            )
            return
    first, last = kind_of(argument.value, scope, rows), kind_of(argument.to, scope, rows)
    if not first.is_unknown and not last.is_unknown and first.what != last.what:
        yield error(
            "CL323",
            "an interval has two timestamps or two dates",
            argument.to.span,
            "name two columns of one type",
        )
        return
    owners = [side.owner.text for side in (argument.value, argument.to) if isinstance(side, tree.Member)]
    if len(set(owners)) > 1:
        yield error(
            "CL323",
            f'this interval begins in "{owners[0]}" and ends in "{owners[1]}"',
            argument.to.span,
            "name two columns of one table",
        )


def _share(argument: tree.Argument, scope: Scope) -> Iterator[Diagnostic]:
    assert isinstance(argument.value, tree.Node), "expressions are nodes"
    value = constant(argument.value, scope)
    if isinstance(argument.value, tree.Percent) or value is None or not 0 < value <= 100:
        yield error(
            "CL325",
            "a percentile is a number from 1 to 100",
            argument.value.span,
            "write `percentile(contacts.wait, 80)` for the value that 80% of the rows do not exceed",
        )


def _values(node: tree.Call, values: list[tree.Argument], visit: Visit, scope: Scope) -> Iterator[Diagnostic]:
    for argument in values:
        if argument.by is not None or argument.where is not None or argument.to is not None:
            yield error(
                "CL322",
                f"`{node.function}` takes values here, not rows or parts",
                argument.span,
                f"write it as in `{FUNCTIONS[node.function.text].usage}`",
            )
            return
    first = values[0]
    kind = kind_at(first.value, visit, scope)
    for argument in values:
        assert isinstance(argument.value, tree.Node), "expressions are nodes"
        other = kind_at(argument.value, visit, scope)
        if other.what not in ("number", "unknown", "nothing", "date", "instant"):
            yield error(
                "CL324",
                f"`{node.function}` takes numbers, and this is {said_unit(other, scope)}",
                argument.value.span,
            )
            return
        if disagreement(first.value, kind, argument.value, other):
            assert isinstance(first.value, tree.Node), "expressions are nodes"
            yield error(
                "CL301",
                f"`{node.function}` compares {noun(kind, scope)} with {noun(other, scope)}",
                argument.value.span,
                cure_of(kind, other, scope),
                (Label(first.value.span, f"this is {said_unit(kind, scope)}"),),
            )
            return
