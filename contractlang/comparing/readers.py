"""What clauses read, by name: the figures, prices, windows and tables, and what those read in turn.

In: nodes, or names of lines and the contracts. Out: names. A column of the table that is counted is no name
of a clause, though one may be called like it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contractlang.comparing.renames import ELSEWHERE
from contractlang.syntax import tree

Columns = Mapping[str, frozenset[str]]
"""The names of the columns of each table."""


def names_read(lines: Iterable[str], declarations: Iterable[tree.AnyDeclaration]) -> set[str]:
    """The names of all that lines rest on, their own included; all versions of a clause count."""
    every = list(_flat(declarations))
    columns = columns_of(every)
    clauses: dict[str, list[Any]] = {}
    for one in every:
        if hasattr(one, "name"):
            clauses.setdefault(str(one.name), []).append(one)
    found, waiting = set(lines), list(lines)
    while waiting:
        for clause in clauses.get(waiting.pop(), ()):
            for name in names_in(clause, columns):
                if name not in found:
                    found.add(name)
                    waiting.append(name)
    return found


def columns_of(declarations: Iterable[Any]) -> dict[str, frozenset[str]]:
    """The columns of the tables among some declarations."""
    tables = (one for one in declarations if isinstance(one, tree.Usage))
    return {one.name.text: frozenset(column.name.text for column in one.columns) for one in tables}


def names_in(node: Any, columns: Columns, shadowed: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names of clauses in a node; `shadowed` are columns of the table that it counts."""
    if isinstance(node, tree.Name):
        if node.text not in shadowed:
            yield node.text
    elif isinstance(node, tuple):
        for one in node:
            yield from names_in(one, columns, shadowed)
    elif isinstance(node, tree.Node):
        if isinstance(node, tree.Call):
            tables = set(names_in(node.arguments, columns)) & set(columns)
            shadowed = shadowed.union(*(columns[table] - {table} for table in tables))
        left = ELSEWHERE.get(type(node), frozenset())
        if isinstance(node, tree.ByValue) and isinstance(node.rows[0], tree.ColumnRow):
            left = frozenset({"figure"})
        for name in node.__dataclass_fields__:
            if name not in left and name not in ("span", "doc"):
                yield from names_in(getattr(node, name), columns, shadowed)


def _flat(declarations: Iterable[Any]) -> Iterator[Any]:
    for one in declarations:
        if isinstance(one, (tree.Phase, tree.Amendment)):
            yield from _flat(one.items)
        elif not isinstance(one, (tree.Test, tree.Transition)):
            yield one
