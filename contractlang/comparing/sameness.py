"""Whether two nodes mean the same, however they are written.

In: nodes of two trees and their unit words. Out: yes or no. Layout, comments and needless parentheses
are no meaning; `60 s` is `1 min`, `0.9` is `90%`, and what a contract leaves to a default is the same
as the default written out.
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contractlang.exact import minor_unit, number
from contractlang.kinds.scope import unit_table
from contractlang.syntax import tree
from contractlang.units import UnitTable


def units_of(declarations: tuple[tree.AnyDeclaration, ...]) -> UnitTable:
    """The unit words of a contract, those of its amendments included."""
    flat = list(declarations)
    for one in declarations:
        if isinstance(one, tree.Amendment):
            flat.extend(one.items)
    return unit_table(flat)


def bare(node: Any) -> Any:
    """A node without the parentheses around it, and a negative number as a number."""
    while isinstance(node, (tree.Paren, tree.WindowParen)):
        node = node.value
    if isinstance(node, tree.Negative):
        inner = bare(node.value)
        if isinstance(inner, (tree.Number, tree.Percent)):
            return replace(inner, value=-inner.value)
    return node


class Sameness:
    """Compares nodes of an old tree with nodes of a new one by what they mean."""

    def __init__(self, old: UnitTable, new: UnitTable) -> None:
        self._old, self._new = old, new

    def same(self, old: Any, new: Any) -> bool:
        """Whether both mean the same."""
        if old is new:
            return True
        old, new = bare(old), bare(new)
        if old == new:
            return True
        if isinstance(old, (tree.Number, tree.Percent)) and isinstance(new, (tree.Number, tree.Percent)):
            return self._value(old, self._old) == self._value(new, self._new)
        if type(old) is not type(new):
            return False
        if isinstance(old, tree.UnitName):
            scales = self._old.scale(old.text), self._new.scale(new.text)
            return None not in scales and _measure(scales[0]) == _measure(scales[1])
        if isinstance(old, tree.Node):
            names = [one.name for one in old.__dataclass_fields__.values() if one.compare]
            return all(self.same(getattr(old, name), getattr(new, name)) for name in names)
        if isinstance(old, tuple):
            return len(old) == len(new) and all(map(self.same, old, new))
        return False

    def _value(self, node: tree.Number | tree.Percent, units: UnitTable) -> object:
        if isinstance(node, tree.Percent):
            return number(node.value) / 100, ()
        if node.unit is None:
            return number(node.value), ()
        scale = units.scale(node.unit.text)
        if scale is None:
            return number(node.value), node.unit.text
        return number(node.value) * scale.factor, scale.unit.powers


def _measure(scale: Any) -> tuple[Fraction, object]:
    return scale.factor, scale.unit


def with_defaults(node: Any) -> Any:
    """A declaration with the defaults of the language written out, so that saying one is no change."""
    if isinstance(node, tree.Contract):
        return _header_with_defaults(node)
    if isinstance(node, tree.Line) and node.timing is None and node.kind in ("fee", "subscription"):
        if not node.once and node.once_on is None:
            return replace(node, timing="advance" if node.kind == "subscription" else "arrears")
    if isinstance(node, tree.Unit) and node.plural is None:
        return replace(node, plural=tree.Name(node.name.text + "s"))
    return node


def _header_with_defaults(header: tree.Contract) -> tree.Contract:
    edition, rounding = header.edition or max(tree.EDITIONS), header.rounding
    if rounding is None and header.currency is not None:
        code = header.currency.text
        step = minor_unit(code)
        places = len(str(step.denominator)) - 1
        value = Decimal(1).scaleb(-places)
        rounding = tree.Rounding("half_up", tree.Number(value, tree.UnitName(code)))
    return replace(header, edition=edition, rounding=rounding)
