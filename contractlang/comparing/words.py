"""Nodes of the tree in one line of text, as the contract writes them.

In: nodes, texts, dates, percents. Out: the words that sentences about changes are made of.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from contractlang.syntax import tree
from contractlang.syntax.printing import print_document
from contractlang.syntax.wording import ONE_DAY, Wording, days, length

_WORDING = Wording()
_LONGEST = 160


def shown(node: Any) -> str:
    """Any node or value of a clause as text of the contract; None is nothing."""
    if node is None:
        return ""
    if isinstance(node, bool):
        return "yes" if node else "no"
    if isinstance(node, (str, int)):
        return str(node)
    if isinstance(node, date):
        return node.isoformat()
    if isinstance(node, Decimal):
        return _WORDING.percent(node)
    if isinstance(node, tuple):
        return _several(node)
    return one_line(_clause(node))


def _several(nodes: tuple[Any, ...]) -> str:
    if nodes and all(isinstance(one, tree.Name) for one in nodes):
        return " + ".join(one.text for one in nodes)
    if len(nodes) == 2 and not any(isinstance(one, (tree.Band, tree.Tier)) for one in nodes):
        return f"{shown(nodes[0])} and {shown(nodes[1])}"
    return f"{len(nodes)} rows"


def _clause(node: Any) -> str:
    word = _WORDING
    match node:
        case tree.Name() | tree.UnitName():
            return node.text
        case tree.Length():
            return length(node)
        case tree.Moment():
            return days(node.start, node.end)
        case tree.Term():
            return f"{node.start.isoformat()} to {(node.end - ONE_DAY).isoformat()}"
        case tree.Payment():
            return length(node.length) + (" end of month" if node.end_of_month else "")
        case tree.Invoiced():
            return node.rhythm.text + (f" from day {node.first_day}" if node.first_day != 1 else "")
        case tree.Vat():
            return word.percent(node.percent) if node.percent is not None else "dated"
        case tree.Rounding():
            return f"{node.mode} to {word.step(node.step)}"
        case tree.VatNature():
            what = word.percent(node.percent) if node.percent is not None else f'"{node.reason}"'
            return f"{node.nature} {what}"
        case tree.Bound():
            over = f" over {word.span(node.over)}" if node.over is not None else ""
            return word.bound(node.value) + over
        case tree.Dated():
            return f"{shown(node.value)} from {node.start.isoformat()}"
        case tree.Column():
            return word.column(node)
        case tree.Edge():
            return shown_edge(node)
        case tree.Linear():
            return f"linear from {word.bound(node.start)} to {word.bound(node.end)}"
        case tree.Band() | tree.ColumnRow():
            return f"{edge_words(node)} : {shown(node.value)}"
        case tree.Tier():
            plus = f" plus {shown(node.plus)}" if node.plus is not None else ""
            return f"{edge_words(node)} : {shown(node.price)}{plus}"
        case tree.Part():
            return f"by {shown(node.figure)} ({len(node.rows)} rows)"
        case tree.Indexation():
            return _indexation(node)
        case tree.Transition():
            return print_document((node,)).strip().removeprefix(f"transition to {node.to.text} ")
        case tree.Known():
            return "known"
    if isinstance(node, (tree.Rolling, tree.Before, tree.ToDate, tree.Fixed, tree.InPhase)):
        return word.span(node)
    if isinstance(node, (tree.Graduated, tree.Volume, tree.Package)):
        # A price of tiers is printed after `at` only, so that a quantity stands before it.
        return word.expression(tree.Priced(tree.NoData(), None, node)).removeprefix("no data at ")
    if type(node).__name__.startswith("Window"):
        return word.window(node)
    return word.expression(node)


def _indexation(node: tree.Indexation) -> str:
    fixed = f", fixed part {_WORDING.percent(node.fixed_part)}" if node.fixed_part else ""
    return f"indexed on {node.index.text}{fixed}"


def shown_edge(edge: tree.Edge, upper: bool = False) -> str:
    """An edge with the words that say who gets it: `from 85%`, `above 85%`; `up to 85%`, `below 85%`."""
    words = ("up to", "below") if upper else ("from", "above")
    return f"{words[0] if edge.included else words[1]} {shown(edge.value)}"


def edge_words(row: Any) -> str:
    """The edges of a row of bands or tiers: `from 80% to below 85%`, `up to 10 000 calls`, `"fr"`."""
    if isinstance(row, tree.Tier):
        return f"up to {shown(row.up_to)}" if row.up_to is not None else "beyond"
    if isinstance(row, tree.ColumnRow):
        return "otherwise" if row.text is None else f'"{row.text}"'
    return (
        one_line(_WORDING.rows((tree.Band(row.lower, row.upper, tree.NoData()),)))
        .strip("{} ")
        .rpartition(" : ")[0]
    )


def one_line(text: str) -> str:
    """A text of several lines in one, cut where it is too long to be read in a sentence."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1].rstrip() + "…"
