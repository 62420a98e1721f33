"""What the language server says of a name: its kind, its unit, its value, how it is measured.

In: an analysis and a declaration or an expression. Out: short texts for hovers, outlines and hints.
"""

from datetime import date

from contractlang.checking.names import what
from contractlang.checking.wording import plural_of, said_unit
from contractlang.kinds import Kind, kind_of
from contractlang.language_server.analysis import Analysis
from contractlang.syntax import tree
from contractlang.syntax.printing import print_expression


def detail(analysis: Analysis, node: tree.AnyDeclaration) -> str:
    """A declaration in some words: its label, or what it is in."""
    label = getattr(node, "label", None)
    if isinstance(node, tree.Amendment):
        return f"effective {node.effective}"
    if label:
        return str(label)
    if isinstance(node, (tree.Measure, tree.Price)):
        return unit_of(analysis, node)
    return ""


def unit_of(analysis: Analysis, node: tree.Measure | tree.Price) -> str:
    """The unit of a figure or a price: `calls`, `a percent`, `EUR/hour`; "" where it is not known."""
    kind = kind_of(node, analysis.scope)
    if kind.is_unknown:
        return ""
    if kind.is_money:
        return kind.unit.currency or ""
    if kind.is_price and kind.scale is not None:
        return kind.scale.text
    if kind.is_number and not kind.is_plain and not kind.is_price:
        return plural_of(kind, analysis.scope)
    return said_kind(analysis, kind).removeprefix("a price in ")


def said_kind(analysis: Analysis, kind: Kind) -> str:
    """What a value is, in words; "" where it is not known."""
    return "" if kind.is_unknown else said_unit(kind, analysis.scope)


def said_declaration(node: tree.AnyDeclaration) -> str:
    """What a declaration is: `measure`, `bonus-malus`, `rate`."""
    if isinstance(node, tree.Measure):
        return "measure" if node.formula is not None else "supplied measure"
    if isinstance(node, tree.Usage):
        return "usage table"
    return what(node)


def value_on(price: tree.Price, day: date) -> str:
    """The value of a price on a day: a constant, or the dated value in force; "" before the first."""
    if price.dated:
        values = [one for one in sorted(price.dated, key=lambda one: one.start) if one.start <= day]
        return f"{print_expression(values[-1].value)} since {values[-1].start}" if values else ""
    if price.formula is not None and not isinstance(price.formula, tree.ByValue):
        return print_expression(price.formula)
    return ""


def measured_over(node: tree.Over | tree.Call) -> str:
    """Whether a figure over a span is pooled or a mean of parts; "" of another call."""
    if isinstance(node, tree.Over):
        return (
            "**pooled**: measured anew over the whole span, so that a ratio takes all of its "
            "numerators over all of its denominators"
        )
    parts = [one for one in node.arguments if one.by is not None]
    if not parts or node.function.text not in ("average", "sum", "min", "max", "any", "all", "latest"):
        return ""
    words = {"average": "**mean**", "sum": "sum", "min": "lowest", "max": "highest", "latest": "latest"}
    what_of = words.get(node.function.text, node.function.text)
    return f"{what_of} of the values of each {parts[0].by}: a small one counts as much as a large one"
