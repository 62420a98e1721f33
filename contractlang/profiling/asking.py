"""What a contract wants to know of a table before it is rated.

The key and the ranges are those that its usage declaration says; intervals are those that its figures read;
groups are the columns that it tells rows apart by, with the values that its prices know.

Whose an interval is: where the key holds the start of the interval, the other columns of the key say it (`key
agent and started`); else the one text column outside the key does, where there is exactly one. Otherwise
nothing says it, and overlaps are not looked for.
"""

from collections.abc import Iterator

from contractlang.calendar import Days
from contractlang.kinds import constant
from contractlang.measuring.clock import day_number
from contractlang.measuring.facts import Asked, AskedGroup, AskedInterval, AskedRange
from contractlang.rating.engine import Rating
from contractlang.rating.rows import all_requests
from contractlang.syntax import tree


def asked_of(rating: Rating, table: tree.Usage, days: Days) -> Asked:
    """What to look for in the rows of a table that some days hold."""
    term = rating.terms.whole_term
    return Asked(
        term=(day_number(term.start), day_number(term.end)),
        start=day_number(days.start),
        end=day_number(days.end),
        key=tuple(name.text for name in table.key),
        ranges=tuple(_ranges(rating, table)),
        intervals=tuple(_intervals(rating, table)),
        groups=tuple(_groups(rating, table)),
    )


def counted_from(rating: Rating, table: str) -> str | None:
    """A figure or a line that counts the rows of a table and is not supplied itself; None where none is."""
    for node in _nodes(rating.declarations):
        if isinstance(node, tree.Measure) and node.name.text not in rating.usage.figures:
            read: object = node.formula
        elif isinstance(node, tree.Line):
            read = tuple(tree.children(node))
        else:
            continue
        if any(
            (isinstance(one, tree.Member) and one.owner.text == table)
            or (isinstance(one, tree.Reference) and one.name.text == table)
            for one in _nodes(read)
        ):
            return node.name.text
    return None


def _ranges(rating: Rating, table: tree.Usage) -> Iterator[AskedRange]:
    for column in table.columns:
        if column.between is None:
            continue
        least, most = (constant(edge, rating.scope) for edge in column.between)
        if least is not None and most is not None:
            yield AskedRange(column.name.text, least, most)


def _intervals(rating: Rating, table: tree.Usage) -> Iterator[AskedInterval]:
    seen: set[tuple[str, str]] = set()
    types = {column.name.text: column.type.text for column in table.columns}
    for request in all_requests(rating):
        if request.table != table.name.text or request.to is None:
            continue
        start, end = _column(request.value, types), _column(request.to, types)
        if start is None or end is None or (start, end) in seen:
            continue
        seen.add((start, end))
        timed = types[start] == types[end] == "timestamp"
        yield AskedInterval(start, end, _whose(table, start, end) if timed else ())


def _column(node: tree.Expression | None, types: dict[str, str]) -> str | None:
    name = node.name if isinstance(node, tree.Reference) else None
    if isinstance(node, tree.Member):
        name = node.member
    return name.text if name is not None and name.text in types else None


def _whose(table: tree.Usage, start: str, end: str) -> tuple[str, ...]:
    key = [name.text for name in table.key]
    if start in key:
        return tuple(name for name in key if name not in (start, end))
    texts = [column.name.text for column in table.columns if column.type.text == "text"]
    others = [name for name in texts if name not in key]
    return tuple(others) if len(others) == 1 else ()


# ---- groups


def _groups(rating: Rating, table: tree.Usage) -> Iterator[AskedGroup]:
    requests = [one for one in all_requests(rating) if one.table == table.name.text]
    for column in dict.fromkeys(one.by for one in requests if one.by is not None):
        prices: list[tuple[str, list[str | None]]] = []
        for priced in _priced(rating.declarations):
            if priced.per is None or priced.per.text != column:
                continue
            if table.name.text in _tables_of(rating, priced.quantity):
                prices += _prices_by(rating, priced.price, column)
        known = {text for _, texts in prices for text in texts}
        # `otherwise` has a price for every value.
        priced_all = not prices or None in known
        values = None if priced_all else frozenset(text for text in known if text is not None)
        yield AskedGroup(column, values, prices[0][0] if prices else "")


def _prices_by(rating: Rating, price: object, column: str) -> Iterator[tuple[str, list[str | None]]]:
    """The names of the rates that a price reads by the values of a column, and those values."""
    for node in _nodes(price):
        if isinstance(node, tree.Reference):
            versions = (one.formula for one in _rates(rating.declarations) if one.name.text == node.name.text)
            yield from ((node.name.text, texts) for one in versions for texts in _values_of(one, column))
        else:
            yield from (("", texts) for texts in _values_of(node, column))


def _values_of(node: object, column: str) -> Iterator[list[str | None]]:
    if not isinstance(node, tree.ByValue) or not isinstance(node.figure, tree.Reference):
        return
    texts = [row.text for row in node.rows if isinstance(row, tree.ColumnRow)]
    if node.figure.name.text == column and texts:
        yield texts


def _tables_of(rating: Rating, quantity: object) -> set[str]:
    """The tables whose rows a quantity is counted from, through the figures that it reads."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [quantity]
    while waiting:
        for node in _nodes(waiting.pop()):
            name = node.owner if isinstance(node, tree.Member) else None
            if isinstance(node, tree.Reference):
                name = node.name
            if name is None or name.text in seen:
                continue
            seen.add(name.text)
            if name.text in rating.scope.tables:
                found.add(name.text)
            elif name.text in rating.scope.measures:
                waiting.append(rating.scope.measures[name.text].formula)
    return found


def _priced(declarations: object) -> Iterator[tree.Priced]:
    return (node for node in _nodes(declarations) if isinstance(node, tree.Priced))


def _rates(declarations: object) -> Iterator[tree.Price]:
    return (node for node in _nodes(declarations) if isinstance(node, tree.Price))


def _nodes(found: object) -> Iterator[tree.Node]:
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting.extend(one)
        elif isinstance(one, tree.Node):
            yield one
            waiting.extend(tree.children(one))
