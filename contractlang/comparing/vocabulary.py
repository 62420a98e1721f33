"""Units and columns that only got another name.

In: the declarations of two contracts. Out: a unit or a column that is gone under its name and stands there
under another one, and the old contract with the new words. A unit is taken for the same where a clause
that counts in it is the same but for the word; a column, where it is the only one of its type in its table
that went, and the only one that came. A word of the usage file moves no money.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from contractlang.comparing.contents import Contents, flat
from contractlang.comparing.sameness import Sameness, with_defaults
from contractlang.syntax import tree

Words: TypeAlias = Mapping[str, str]
Declarations: TypeAlias = tuple[tree.AnyDeclaration, ...]

_OF_COLUMNS = frozenset(
    {(tree.Reference, "name"), (tree.Priced, "per"), (tree.Argument, "by"), (tree.Line, "as_of")}
)


def renamed_unit(old: Contents, new: Contents, sameness: Sameness) -> tuple[tree.Unit, tree.Unit] | None:
    """The first unit that is called otherwise now, as it was and as it is declared."""
    before, after = _units(old), _units(new)
    for name, unit in before.items():
        for other, twin in after.items():
            if name in after or other in before or not sameness.same(unit.equals, twin.equals):
                continue
            if _counts_alike(old, new, unit, twin):
                return unit, twin
    return None


def _units(contents: Contents) -> dict[str, tree.Unit]:
    """The units by their names: those declared, and those that only a table names."""
    found = {key[1]: entry.node for key, entry in contents.clauses.items() if key[0] == "unit"}
    for key, entry in contents.clauses.items():
        if key[0] == "usage":
            word = entry.node.unit
            found.setdefault(word.text, tree.Unit(word, span=word.span))
    return found


def _counts_alike(old: Contents, new: Contents, before: tree.Unit, after: tree.Unit) -> bool:
    """Whether some clause is the same but for the unit; a multiple that nothing reads needs none."""
    words, read = unit_words(before, after), False
    for key, entry in old.clauses.items():
        if key[0] == "unit":
            continue
        woven = with_unit(entry.node, words)
        if woven is entry.node:
            continue
        read = True
        twin = new.clauses.get(key)
        if twin is not None and with_defaults(woven) == with_defaults(twin.node):
            return True
    return not read and before.equals is not None


def unit_words(before: tree.Unit, after: tree.Unit) -> Words:
    """The words of a unit, one and many, with the words that stand for them now."""
    plurals = [one.plural.text if one.plural else one.name.text + "s" for one in (before, after)]
    return {before.name.text: after.name.text, plurals[0]: plurals[1]}


def with_unit(node: Any, words: Words) -> Any:
    """A node with other words for a unit."""
    if isinstance(node, tree.UnitName):
        parts = [words.get(one, one) for one in node.text.split("/")]
        text = "/".join(parts)
        return node if text == node.text else replace(node, text=text)
    if isinstance(node, tree.Usage) and node.unit.text in words:
        return replace(_woven(node, words), unit=replace(node.unit, text=words[node.unit.text]))
    if isinstance(node, tree.Unit) and node.name.text in words:
        one, several = words.values()
        plural = tree.Name(several) if several != one + "s" else None
        return replace(node, name=replace(node.name, text=one), plural=plural)
    return _woven(node, words)


def _woven(node: Any, words: Words) -> Any:
    if isinstance(node, tuple):
        woven = tuple(with_unit(one, words) for one in node)
        return woven if any(a is not b for a, b in zip(woven, node, strict=True)) else node
    if not isinstance(node, tree.Node) or isinstance(node, tree.Test):
        return node
    changed = {}
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if isinstance(value, (tree.Node, tuple)):
            woven = with_unit(value, words)
            if woven is not value:
                changed[name] = woven
    return replace(node, **changed) if changed else node


# ---- columns


def renamed_column(
    old: Declarations, new: Declarations
) -> tuple[tree.Usage, tree.Usage, tree.Column, tree.Column] | None:
    """The first column that is called otherwise now: the two tables, the column as it was and as it is."""
    before, after = flat(old), flat(new)
    for key, entry in before.clauses.items():
        if key[0] != "usage" or key not in after.clauses:
            continue
        table = after.clauses[key].node
        names = [{one.name.text for one in side.columns} for side in (entry.node, table)]
        gone = [one for one in entry.node.columns if one.name.text not in names[1]]
        come = [one for one in table.columns if one.name.text not in names[0]]
        for column in gone:
            alike = [one for one in come if _kind(one) == _kind(column)]
            if len(alike) != 1 or sum(_kind(one) == _kind(column) for one in gone) != 1:
                continue
            words = column.name.text, alike[0].name.text
            forward = _alike(flat(with_column(old, key[1], *words)), after)
            back = _alike(before, flat(with_column(new, key[1], *reversed(words))))
            # A clause that reads the other name on the other side reads nothing: no column was renamed.
            if min(forward, back) >= _alike(before, after):
                return entry.node, table, column, alike[0]
    return None


def _alike(old: Contents, new: Contents) -> int:
    """How many clauses stand in both as they are."""
    return sum(
        key in new.clauses and entry.node == new.clauses[key].node for key, entry in old.clauses.items()
    )


def _kind(column: tree.Column) -> tuple[object, ...]:
    return column.type.text, column.optional, column.between


def with_column(declarations: Any, table: str, before: str, after: str) -> Any:
    """Declarations with another name for a column of a table.

    Outside the parentheses of the table a bare name may be another table's column or a figure, so it is
    left where one of them is called so.
    """
    others = set(_names_beside(declarations, table))
    return _Column(table, before, after, before not in others).woven(declarations, False)


def _names_beside(declarations: Iterable[Any], table: str) -> Iterator[str]:
    """The names of clauses, and of the columns of other tables."""
    for one in declarations:
        if isinstance(one, tree.Usage) and one.name.text != table:
            yield from (column.name.text for column in one.columns)
        if isinstance(one, (tree.Amendment, tree.Phase)):
            yield from _names_beside(one.items, table)
        elif isinstance(one, (tree.Measure, tree.Price, tree.Line, tree.Window, tree.Index)):
            yield one.name.text


class _Column:
    def __init__(self, table: str, before: str, after: str, alone: bool) -> None:
        self.table, self.before, self.after, self.alone = table, before, after, alone

    def woven(self, node: Any, inside: bool) -> Any:
        """A node under the column's new name; `inside` is within an aggregate over the table."""
        if isinstance(node, tuple):
            items = tuple(self.woven(one, inside) for one in node)
            return items if any(a is not b for a, b in zip(items, node, strict=True)) else node
        if isinstance(node, tree.Usage):
            return self._usage(node) if node.name.text == self.table else node
        if isinstance(node, tree.Member):
            own = node.owner.text == self.table
            return replace(node, member=self._name(node.member)) if own else node
        if isinstance(node, tree.Name) or not isinstance(node, tree.Node) or isinstance(node, tree.Test):
            return node
        inside = inside or (isinstance(node, tree.Argument) and self._reads_table(node.value))
        changed: dict[str, Any] = {}
        for name in node.__dataclass_fields__:
            value = getattr(node, name)
            if isinstance(value, tree.Name) and (type(node), name) in _OF_COLUMNS:
                woven = self._name(value) if inside or self.alone else value
            else:
                woven = self.woven(value, inside) if isinstance(value, (tree.Node, tuple)) else value
            if woven is not value:
                changed[name] = woven
        return replace(node, **changed) if changed else node

    def _usage(self, table: tree.Usage) -> tree.Usage:
        columns = tuple(replace(one, name=self._name(one.name)) for one in table.columns)
        key = tuple(map(self._name, table.key))
        on = self._name(table.on) if table.on is not None else None
        return replace(table, columns=columns, key=key, on=on)

    def _name(self, name: tree.Name) -> tree.Name:
        return replace(name, text=self.after) if name.text == self.before else name

    def _reads_table(self, value: Any) -> bool:
        if isinstance(value, tree.Reference):
            return value.name.text == self.table
        if isinstance(value, tree.Member):
            return value.owner.text == self.table
        return isinstance(value, tree.Node) and any(self._reads_table(one) for one in tree.children(value))
