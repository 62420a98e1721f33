"""Operators: what may be added, compared and divided, and where parentheses are missing."""

from collections.abc import Iterator

from contractlang.checking.survey import Survey, Visit
from contractlang.checking.wording import plural_of, quoted, said_unit
from contractlang.diagnostics import Diagnostic, Label, error, warning
from contractlang.kinds import BOOLEAN, Kind, Scope, is_zero, kind_of
from contractlang.syntax import tree

_SIGNS = {"+": "added to", "-": "subtracted from"}


def kind_at(node: object, visit: Visit, scope: Scope) -> Kind:
    """The kind of an expression that stands where a visit is, with the columns known there."""
    return kind_of(node, scope, visit.table)


def check_arithmetic(survey: Survey) -> Iterator[Diagnostic]:
    """CL301, CL302, CL303, CL304: operands that do not go together."""
    scope = survey.scope
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.Binary):
            yield from _binary(node, visit, scope)
        elif isinstance(node, tree.Negative):
            kind = kind_at(node.value, visit, scope)
            if not kind.is_number and kind.what not in ("unknown", "nothing"):
                yield _not_a_number(node.value, kind, scope)
        elif isinstance(node, tree.If):
            first, second = kind_at(node.then, visit, scope), kind_at(node.otherwise, visit, scope)
            found = disagreement(node.then, first, node.otherwise, second)
            if found:
                yield error(
                    "CL301",
                    f"one branch is {said_unit(first, scope)} and the other {said_unit(second, scope)}",
                    node.otherwise.span,
                    "give both branches the same unit",
                    (Label(node.then.span, f"this is {said_unit(first, scope)}"),),
                )
        elif isinstance(node, tree.Previous):
            first, second = kind_at(node.value, visit, scope), kind_at(node.otherwise, visit, scope)
            if disagreement(node.value, first, node.otherwise, second):
                yield error(
                    "CL301",
                    f"what the first period takes is {said_unit(second, scope)}, "
                    f"and the rest {said_unit(first, scope)}",
                    node.otherwise.span,
                    "give both the same unit, such as `previous(X) else 0 EUR`",
                    (Label(node.value.span, f"this is {said_unit(first, scope)}"),),
                )


def disagreement(first: object, kind: Kind, second: object, other: Kind) -> bool:
    """Whether two values cannot be compared or added: another sort of thing, or another unit."""
    if kind.what in ("unknown", "nothing") or other.what in ("unknown", "nothing"):
        return False
    if kind.what != other.what:
        return True
    if not kind.is_number or is_zero(first) or is_zero(second):
        return False
    return kind.unit != other.unit


def _binary(node: tree.Binary, visit: Visit, scope: Scope) -> Iterator[Diagnostic]:
    left, right = kind_at(node.left, visit, scope), kind_at(node.right, visit, scope)
    if left.is_unknown or right.is_unknown:
        return
    if left.what in ("date", "instant") and node.operator in ("+", "-"):
        if kind_at(node, visit, scope).is_unknown:
            cure = "add days to a date, as in `signed + 30 days`, or subtract a date from it"
            if left.what == "instant":
                cure = "add a length of time to it, as in `started + 30 min`, or subtract an instant from it"
            yield error(
                "CL301",
                f"{noun(right, scope)} cannot be {_SIGNS[node.operator]} {said_unit(left, scope)}",
                node.right.span,
                cure,
                (Label(node.left.span, f"this is {said_unit(left, scope)}"),),
            )
        return
    for side, kind in ((node.left, left), (node.right, right)):
        if not kind.is_number:
            yield _not_a_number(side, kind, scope)
            return
    if node.operator in ("+", "-"):
        if disagreement(node.left, left, node.right, right):
            yield _cannot_add(node, left, right, scope)
    elif node.operator == "*" and left.is_money and right.is_money:
        yield error(
            "CL304",
            "an amount of money cannot be multiplied with another",
            node.span,
            "multiply a quantity with a price, or an amount with a percent",
        )


def _cannot_add(node: tree.Binary, left: Kind, right: Kind, scope: Scope) -> Diagnostic:
    if left.is_money and right.is_money:
        return error(
            "CL302",
            f"{left.unit.currency} and {right.unit.currency} cannot be added: a contract has one currency",
            node.right.span,
            f"write it in {scope.currency or left.unit.currency}",
            (Label(node.left.span, f"this is in {left.unit.currency}"),),
        )
    return error(
        "CL301",
        f"{noun(right, scope)} cannot be {_SIGNS[node.operator]} {noun(left, scope)}",
        node.right.span,
        cure_of(left, right, scope),
        (Label(node.left.span, f"this is {said_unit(left, scope)}"),),
    )


def noun(kind: Kind, scope: Scope) -> str:
    """What a number is, as the subject of a sentence: `hours`, `a percent`, `an amount of EUR`."""
    said = said_unit(kind, scope)
    return said.removeprefix("in ") if said.startswith("in ") else said


def cure_of(left: Kind, right: Kind, scope: Scope) -> str:
    """What to do where two numbers have different units."""
    plain = (
        right
        if right.is_plain and not right.percent
        else left
        if left.is_plain and not left.percent
        else None
    )
    other = left if plain is right else right
    if plain is not None and not other.unit.is_plain:
        return f"give the number its unit: {plural_of(other, scope)}"
    days = {left.unit.single, right.unit.single}
    if days == {"day", "second"}:
        return "days become hours only where a `unit` line says how, such as `unit workday = 7 hours`"
    return "give both the same unit"


def _not_a_number(node: object, kind: Kind, scope: Scope) -> Diagnostic:
    assert isinstance(node, tree.Node), "expressions are nodes"
    cure = ""
    if kind.what == "boolean":
        cure = "write `if … then … else …` to make a number of it"
    elif kind.what == "table":
        cure = "count its rows, or sum a column of it"
    return error("CL303", f"this is {said_unit(kind, scope)}, not a number", node.span, cure)


def check_comparisons(survey: Survey) -> Iterator[Diagnostic]:
    """CL301, CL305, CL306: orders of two values, and equality."""
    scope = survey.scope
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.Compare):
            yield from _compare(node, visit, scope)
        elif isinstance(node, tree.Is) and not isinstance(node.what, tree.Known):
            yield from _is(node, visit, scope)
        elif isinstance(node, tree.InWindow):
            kind = kind_at(node.value, visit, scope)
            if kind.what not in ("instant", "date", "unknown"):
                yield error(
                    "CL306",
                    f"only an instant can be in a window, and this is {said_unit(kind, scope)}",
                    node.value.span,
                    "name a column that is a timestamp",
                )


def _compare(node: tree.Compare, visit: Visit, scope: Scope) -> Iterator[Diagnostic]:
    left, right = kind_at(node.left, visit, scope), kind_at(node.right, visit, scope)
    for side, kind in ((node.left, left), (node.right, right)):
        if kind.what in ("boolean", "text", "table", "window"):
            yield error(
                "CL305",
                f"`{node.operator}` compares numbers and dates, and this is {said_unit(kind, scope)}",
                side.span,
                'compare a text or a yes/no with `is`, as in `language is "fr"`',
            )
            return
    if disagreement(node.left, left, node.right, right):
        yield error(
            "CL301",
            f"{noun(left, scope)} cannot be compared with {noun(right, scope)}",
            node.right.span,
            cure_of(left, right, scope),
            (Label(node.left.span, f"this is {said_unit(left, scope)}"),),
        )


def _is(node: tree.Is, visit: Visit, scope: Scope) -> Iterator[Diagnostic]:
    assert not isinstance(node.what, tree.Known), "`is known` asks of any value"
    left, right = kind_at(node.value, visit, scope), kind_at(node.what, visit, scope)
    if left.is_unknown or right.is_unknown:
        return
    if left.is_number:
        yield error(
            "CL306",
            f"`is` compares texts and yes/no, and this is {said_unit(left, scope)}",
            node.value.span,
            "write `>=`, `<=`, `<` or `>`, or both of two for equality",
        )
    elif left.what != right.what:
        yield error(
            "CL306",
            f"{said_unit(left, scope)} is never {said_unit(right, scope)}",
            node.what.span,
            "write a text in quotes, or `yes` or `no`" if left.what != "text" else "write the text in quotes",
            (Label(node.value.span, f"this is {said_unit(left, scope)}"),),
        )


def check_conditions(survey: Survey) -> Iterator[Diagnostic]:
    """CL307: what stands where a yes or no is asked for."""
    scope = survey.scope
    for visit in survey.visits:
        node = visit.node
        conditions: list[object] = []
        if isinstance(node, tree.Not):
            conditions = [node.value]
        elif isinstance(node, tree.Logic):
            conditions = [side for side in (node.left, node.right) if not isinstance(side, tree.Logic)]
        elif isinstance(node, (tree.If, tree.Holds)):
            conditions = [node.condition]
        for condition in conditions:
            yield from condition_of(condition, kind_at(condition, visit, scope), scope)
        if isinstance(node, tree.Argument) and node.where is not None:
            inside = survey.places[id(node.where)]
            yield from condition_of(node.where, kind_at(node.where, inside, scope), scope)


def condition_of(node: object, kind: Kind, scope: Scope) -> Iterator[Diagnostic]:
    """The error for something that is no condition, or nothing."""
    if kind.what in ("unknown", "nothing", BOOLEAN.what):
        return
    assert isinstance(node, tree.Node), "expressions are nodes"
    cure = "compare it, as in `answer_rate >= 90%`"
    if kind.what == "text":
        cure = 'compare a column with it, as in `language is "fr"`'
    yield error("CL307", f"this is {said_unit(kind, scope)}, not a condition", node.span, cure)


def check_missing_parentheses(survey: Survey) -> Iterator[Diagnostic]:
    """CL705, CL706: mixtures that a layman reads in two ways, with both readings."""
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.Logic) and node.operator == "or":
            for side in (node.left, node.right):
                if isinstance(side, tree.Logic) and side.operator == "and":
                    yield _and_or(node, side)
                    break
        elif isinstance(node, tree.Binary) and node.operator == "*" and isinstance(node.left, tree.Binary):
            left = node.left
            if left.operator == "/":
                a, b, c = (quoted(one.span) for one in (left.left, left.right, node.right))
                yield _two_ways(node, f"({a} / {b}) * {c}", f"{a} / ({b} * {c})")
        elif isinstance(node, tree.Binary) and isinstance(node.left, tree.PercentOf):
            percent = node.left
            x, y = quoted(percent.of.span), quoted(node.right.span)
            share = f"{percent.percent}%"
            if node.operator in ("+", "-"):
                yield _two_ways(
                    node,
                    f"({share} of {x}) {node.operator} {y}",
                    f"{share} of ({x} {node.operator} {y})",
                )


def _and_or(node: tree.Logic, inner: tree.Logic) -> Diagnostic:
    a, b = quoted(inner.left.span), quoted(inner.right.span)
    if inner is node.left:
        c = quoted(node.right.span)
        return _two_ways(node, f"({a} and {b}) or {c}", f"{a} and ({b} or {c})", "CL705")
    c = quoted(node.left.span)
    return _two_ways(node, f"{c} or ({a} and {b})", f"({c} or {a}) and {b}", "CL705")


def _two_ways(node: tree.Node, read: str, other: str, code: str = "CL706") -> Diagnostic:
    return warning(
        code,
        f"this can be read two ways; it means `{read}`",
        node.span,
        f"put the parentheses, or write `{other}` if that is meant",
    )
