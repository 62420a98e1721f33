"""What is shown under the pointer: kind, unit, meaning, current value, pooled or mean.

In: an analysis, an offset, and the day it is. Out: Markdown with the span that it is about.
"""

from dataclasses import dataclass
from datetime import date

from contractlang.kinds import FUNCTIONS, kind_of
from contractlang.language_server.analysis import Analysis
from contractlang.language_server.names import CONTRACT, UNIT, Occurrence, occurrence_at
from contractlang.language_server.wording import measured_over, said_declaration, said_kind, unit_of, value_on
from contractlang.syntax import tree
from contractlang.syntax.printing import print_document, print_expression
from contractlang.text import Span


@dataclass(frozen=True, slots=True)
class Hover:
    """What to show, as Markdown, and about which characters."""

    span: Span
    text: str


def hover(analysis: Analysis, offset: int, today: date) -> Hover | None:
    """What is known of the word at an offset; None where nothing is."""
    function = _function(analysis, offset)
    if function is not None:
        return function
    here = occurrence_at(analysis, offset)
    if here is None:
        return None
    text = _text(analysis, here, today)
    return Hover(here.span, text) if text else None


def _text(analysis: Analysis, here: Occurrence, today: date) -> str:
    scope = analysis.scope
    if here.space == UNIT:
        return _unit(analysis, here.name)
    if here.space.startswith("column "):
        table = scope.tables.get(here.space.removeprefix("column "))
        column = next((one for one in table.columns if one.name.text == here.name), None) if table else None
        if column is None or table is None:
            return ""
        optional = ", may be empty" if column.optional else ""
        if column.between is not None:
            optional += ", between " + " and ".join(print_expression(edge) for edge in column.between)
        return f"**{here.name}**: {column.type}{optional}, a column of `{table.name}`"
    if here.space != CONTRACT:
        return f"**{here.name}**: the money that this part brings to `{here.space.removeprefix('part ')}`"
    node = scope.declaration(here.name)
    return _declaration(analysis, node, today) if node is not None else ""


def _unit(analysis: Analysis, name: str) -> str:
    scale = analysis.scope.units.scale(name)
    unit = next((one.node for one in analysis.survey.all(tree.Unit) if _is_named(one.node, name)), None)
    doc = f"\n\n{unit.doc}" if unit is not None and unit.doc else ""
    if scale is not None and scale.factor != 1 and isinstance(unit, tree.Unit):
        return f"**{name}**: a unit\n\n```contract\n{print_document([unit]).strip()}\n```{doc}"
    return f"**{name}**: a thing that is counted{doc}"


def _is_named(node: object, name: str) -> bool:
    return isinstance(node, tree.Unit) and node.name.text == name


def _declaration(analysis: Analysis, node: tree.AnyDeclaration, today: date) -> str:
    head = f"**{getattr(node, 'name', '')}**: {said_declaration(node)}"
    if isinstance(node, (tree.Measure, tree.Price)):
        unit = unit_of(analysis, node)
        head += f", {'in ' if not unit.startswith(('a ', 'an ', 'in ')) else ''}{unit}" if unit else ""
    parts = [head]
    label = getattr(node, "label", None)
    if label:
        parts.append(f"*{label}*")
    if isinstance(node, tree.Price) and (value := value_on(node, today)):
        parts.append(f"on {today}: **{value}**")
    if isinstance(node, tree.Measure) and node.not_added:
        parts.append("not added up over a span")
    over = _over(analysis, node)
    if over:
        parts.append(over)
    if node.doc:
        parts.append(node.doc)
    if not isinstance(node, (tree.Phase, tree.Usage)):
        documented = print_document([node])
        shown = "\n".join(line for line in documented.strip().split("\n") if not line.startswith("##"))
        parts.append(f"```contract\n{shown}\n```")
    return "\n\n".join(parts)


def _over(analysis: Analysis, node: tree.AnyDeclaration) -> str:
    """How the figures of a declaration are measured over spans."""
    said = [
        measured_over(visit.node)
        for visit in analysis.survey.visits
        if visit.owner.node is node and isinstance(visit.node, (tree.Over, tree.Call))
    ]
    return "\n\n".join(dict.fromkeys(one for one in said if one))


def _function(analysis: Analysis, offset: int) -> Hover | None:
    """What a function or `over` at an offset does."""
    for visit in analysis.survey.visits:
        node = visit.node
        if node.span.source != analysis.source or not node.span.start <= offset <= node.span.end:
            continue
        if isinstance(node, tree.Call) and node.function.span.start <= offset <= node.function.span.end:
            function = FUNCTIONS.get(node.function.text)
            if function is None:
                return None
            kind = said_kind(analysis, kind_of(node, analysis.scope, visit.table))
            said = [
                f"**{function.name}**{f': {kind}' if kind else ''}",
                f"`{function.usage}`",
                measured_over(node),
            ]
            return Hover(node.function.span, "\n\n".join(one for one in said if one))
        if isinstance(node, tree.Over):
            start = node.value.span.end
            word = node.span.text[start - node.span.start :].lstrip()
            begin = node.span.end - len(word)
            if begin <= offset <= begin + len("over"):
                return Hover(Span(node.span.source, begin, node.span.end), measured_over(node))
    return None
