"""Aggregates over rows: the one place where an expression asks the usage tables."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.calendar import ONE_DAY
from contractlang.frozen import replace
from contractlang.lines.frame import Frame, LineError, fail, words
from contractlang.measuring.aggregate import ALL, Aggregate
from contractlang.rating.spells import pooled
from contractlang.syntax import tree
from contractlang.trace import Step

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


def is_row_aggregate(rating: "Rating", node: tree.Call) -> bool:
    """Whether a call aggregates the rows of a table, rather than values."""
    return _table(rating, node) is not None


def table_of_call(rating: "Rating", node: tree.Call) -> str | None:
    """The table whose rows a call aggregates, None for a call on values."""
    return _table(rating, node)


def _table(rating: "Rating", node: tree.Call) -> str | None:
    first = node.arguments[0]
    return _first_table(rating, first.value)


def _first_table(rating: "Rating", node: object) -> str | None:
    if isinstance(node, tree.Reference):
        return node.name.text if node.name.text in rating.terms.tables and _no_figure(rating, node) else None
    if isinstance(node, tree.Member):
        return node.owner.text if node.owner.text in rating.terms.tables else None
    if isinstance(node, tree.Call):
        return None
    if isinstance(node, tree.Node):
        for child in tree.children(node):
            found = _first_table(rating, child)
            if found is not None:
                return found
    return None


def _no_figure(rating: "Rating", node: tree.Reference) -> bool:
    return node.name.text not in rating.terms.measures and node.name.text not in rating.terms.lines


def request(rating: "Rating", node: tree.Call, by: str | None) -> Aggregate:
    """What a call asks of its table; `by` is the column of `per`, where the table has it."""
    first, *rest = node.arguments
    table = _table(rating, node)
    assert table is not None, "asked only of row aggregates"
    each = next((argument.each for argument in node.arguments if argument.each is not None), None)
    percent = None
    for argument in rest:
        if argument.value is not None:
            value = rating.constant(argument.value, None)
            percent = value * 100 if isinstance(argument.value, tree.Percent) and value is not None else value
    value_node = first.value
    if isinstance(value_node, tree.Reference) and value_node.name.text == table:
        value_node = None
    columns = {column.name.text for column in rating.terms.tables[table].columns}
    return Aggregate(
        table=table,
        function=node.function.text,
        value=value_node,
        to=first.to,
        during=first.during.text if first.during else None,
        where=first.where,
        each=each,
        percent=percent,
        by=by if by in columns else None,
    )


def row_aggregate(rating: "Rating", node: tree.Call, frame: Frame) -> Step:
    """The value of an aggregate over the rows of the frame's days."""
    asked = request(rating, node, frame.group[0] if frame.group else None)
    if not rating.usage.has_table(asked.table):
        raise fail(
            "CL935",
            f'"{words(node)}" needs the rows of "{asked.table}", which the usage does not give',
            node.span,
            "name them under `rows:`, or supply the figure that is computed from them",
        )
    if frame.group is not None and asked.by is None:
        raise fail(
            "CL936",
            f'"{asked.table}" has no column "{frame.group[0]}", which would tell "{words(node)}" apart',
            node.span,
        )
    if frame.spells:
        return pooled(
            lambda one, other: _rows(rating, node, one, replace(asked, function=other)),
            frame,
            node,
            words(node),
        )
    return _rows(rating, node, frame, asked)


def count_all(rating: "Rating") -> None:
    """Have all that the contract counts counted in one pass over each table, before the first answer."""
    if rating.rows_counted:
        return
    rating.rows_counted = True
    rating.usage.prepare(*to_count(rating))


def to_count(rating: "Rating") -> tuple[list[Aggregate], list[date]]:
    """All that a contract counts, and the days at which its periods, phases and prices begin."""
    terms = rating.terms
    borders = [period.days.start for period in terms.periods(terms.whole_term)]
    for node in _nodes(rating.declarations):
        # Phases, dated prices and amendments begin on days that the contract names, or on the day after.
        if isinstance(node, tree.Day) and node.value < date.max:
            borders += [node.value, node.value + ONE_DAY]
    return all_requests(rating), borders


def all_requests(rating: "Rating") -> list[Aggregate]:
    """All that a contract asks of rows, in all its versions, by each column of `per` that a table has.

    What cannot be asked is left for whoever needs it, who knows the place.
    """
    nodes = list(_nodes(rating.declarations))
    columns = dict.fromkeys(node.per.text for node in nodes if isinstance(node, tree.Priced) and node.per)
    found: list[Aggregate] = []
    for node in nodes:
        if not isinstance(node, tree.Call) or not node.arguments or not is_row_aggregate(rating, node):
            continue
        try:
            found.append(request(rating, node, None))
            found += [asked for asked in (request(rating, node, by) for by in columns) if asked.by]
        except LineError:
            continue
    return found


def _nodes(found: object) -> Iterator[tree.Node]:
    if isinstance(found, tuple):
        for one in found:
            yield from _nodes(one)
    elif isinstance(found, tree.Node):
        yield found
        for child in tree.children(found):
            yield from _nodes(child)


def _rows(rating: "Rating", node: tree.Call, frame: Frame, asked: Aggregate) -> Step:
    count_all(rating)
    group = frame.group[1] if frame.group is not None else ALL
    found = rating.usage.aggregate(asked, frame.days, group)
    rating.asked_of_rows[node.span, frame.days, asked.function] = asked
    facts: tuple[tuple[str, object], ...] = (
        ("days", frame.days), ("function", asked.function), ("table", asked.table), ("rows", found.rows),
    )  # fmt: skip
    if frame.group is not None:
        facts = (*facts, ("group", frame.group[1]), ("column", frame.group[0]))
    return Step("rows", found.value, words(node), rating.kind(node).scale, node.span, facts)


def units_by_day(
    rating: "Rating", node: tree.Call, frame: Frame, column: str
) -> dict[date, tuple[Fraction, Step]]:
    """The aggregate for each date in a column, over the rows that belong to the frame's days."""
    asked = request(rating, node, frame.group[0] if frame.group else None)
    if not rating.usage.has_table(asked.table):
        raise fail("CL935", f'the usage does not give the rows of "{asked.table}"', node.span)
    found: dict[date, tuple[Fraction, Step]] = {}
    group = frame.group[1] if frame.group is not None else ALL
    for day, value in rating.usage.by_date(asked, frame.days, column, group).items():
        facts = (("days", frame.days), ("function", asked.function), ("table", asked.table), ("day", day))
        found[day] = (value, Step("rows", value, words(node), rating.kind(node).scale, node.span, facts))
    return found
