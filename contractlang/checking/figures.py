"""Figures: their unit, range, sample, rounding and what missing means."""

from collections.abc import Iterator

from contractlang.checking.operators import condition_of, cure_of, disagreement, noun
from contractlang.checking.survey import Survey
from contractlang.checking.wording import plural_of, said_unit
from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.kinds import Kind, Scope, column_kind, constant, kind_of, measure_kind, reads_in, unit_kind
from contractlang.syntax import tree


def check_figures(survey: Survey) -> Iterator[Diagnostic]:
    """CL308 to CL319: every clause of a measure against its formula and its unit."""
    for one in survey.all(tree.Measure):
        measure = one.node
        assert isinstance(measure, tree.Measure), "asked for measures only"
        yield from _unit(measure, survey.scope)
        yield from _formula(measure, survey.scope)
        yield from _range(measure, survey.scope)
        yield from _sample(measure, survey.scope)
        yield from _missing(measure, survey.scope)
        yield from _sharing(measure, survey.scope)


def _unit(measure: tree.Measure, scope: Scope) -> Iterator[Diagnostic]:
    if measure.unit is None or measure.formula is None:
        return
    formula, unit = kind_of(measure.formula, scope), unit_kind(measure.unit, scope)
    if formula.is_unknown or unit.is_unknown:
        return
    if reads_in(measure.formula, formula, unit):
        return
    yield error(
        "CL309",
        f'"{measure.name}" is {said_unit(formula, scope)}, and cannot be read in {measure.unit.text}',
        measure.unit.span,
        _unit_cure(formula, unit, scope),
        (Label(measure.formula.span, f"this is {said_unit(formula, scope)}"),),
    )


def _unit_cure(formula: Kind, unit: Kind, scope: Scope) -> str:
    if formula.is_number and unit.is_number and not formula.unit.is_plain:
        return f"write `in {plural_of(formula, scope)}`, or convert it"
    return "leave `in` out, or correct the formula"


def _formula(measure: tree.Measure, scope: Scope) -> Iterator[Diagnostic]:
    kind = measure_kind(measure, scope)
    if kind.what in ("text", "table", "window", "instant"):
        assert measure.formula is not None, "only a formula gives such a kind"
        yield error(
            "CL303",
            f"this is {said_unit(kind, scope)}, and a figure is a number or a yes or no",
            measure.formula.span,
            "count the rows, or sum a column" if kind.what == "table" else "",
        )
    if measure.rounding is not None and kind.is_number:
        yield from rounding_step(measure.rounding, kind, scope, measure.name)


def rounding_step(
    rounding: tree.Rounding, kind: Kind, scope: Scope, name: tree.Name | None = None
) -> Iterator[Diagnostic]:
    """CL308: a step that is not in the unit of what is rounded, or not above zero."""
    step = kind_of(rounding.step, scope)
    if step.is_unknown:
        return
    said = f'"{name}"' if name else "this"
    if step.unit != kind.unit:
        label = (Label(name.span, f"this is {said_unit(kind, scope)}"),) if name else ()
        yield error(
            "CL308",
            f"{said} is {said_unit(kind, scope)}, and its rounding step {said_unit(step, scope)}",
            rounding.step.span,
            cure_of(kind, step, scope),
            label,
        )
    elif rounding.step.value <= 0:
        yield error(
            "CL308", "a rounding step is more than zero", rounding.step.span, "write a step such as 0.01%"
        )


def check_ranges_of_columns(survey: Survey) -> Iterator[Diagnostic]:
    """CL310, CL316: the range that the cells of a column should lie in."""
    for one in survey.all(tree.Usage):
        assert isinstance(one.node, tree.Usage), "asked for tables only"
        for column in one.node.columns:
            if column.between is None:
                continue
            kind = column_kind(column, survey.scope)
            if column.type.text in ("number", "money", "duration"):
                yield from _edges(column.name, column.between, kind, survey.scope)
            elif not kind.is_unknown:
                message = (
                    f'"{column.name}" is a {column.type}, and only numbers, amounts and durations lie in'
                )
                yield error(
                    "CL316",
                    f"{message} a range",
                    column.between[0].span,
                    "take `between` away",
                    (Label(column.type.span, f"this is a {column.type}"),),
                )


def _range(measure: tree.Measure, scope: Scope) -> Iterator[Diagnostic]:
    if measure.between is not None:
        yield from _edges(measure.name, measure.between, measure_kind(measure, scope), scope)


def _edges(
    name: tree.Name, between: tuple[tree.Expression, tree.Expression], kind: Kind, scope: Scope
) -> Iterator[Diagnostic]:
    values = []
    for edge in between:
        other = kind_of(edge, scope)
        if disagreement(None, kind, edge, other):
            yield error(
                "CL310",
                f'"{name}" is {said_unit(kind, scope)}, and this edge of its range {said_unit(other, scope)}',
                edge.span,
                cure_of(kind, other, scope),
                (Label(name.span, f"this is {said_unit(kind, scope)}"),),
            )
            return
        values.append(constant(edge, scope))
    low, high = values
    if low is None or high is None:
        edge = between[0] if low is None else between[1]
        if not kind_of(edge, scope).is_unknown:
            yield error("CL310", "the edges of a range are written out", edge.span, "write a number here")
    elif low > high:
        yield error(
            "CL310",
            f"no value is between {between[0].span.text} and {between[1].span.text}",
            between[0].span,
            "write the lower edge first",
        )


def _sample(measure: tree.Measure, scope: Scope) -> Iterator[Diagnostic]:
    if measure.when is not None:
        yield from condition_of(measure.when, kind_of(measure.when, scope), scope)


def _missing(measure: tree.Measure, scope: Scope) -> Iterator[Diagnostic]:
    if measure.otherwise is None:
        return
    kind, other = measure_kind(measure, scope), kind_of(measure.otherwise, scope)
    if disagreement(None, kind, measure.otherwise, other):
        yield error(
            "CL311",
            f'"{measure.name}" is {said_unit(kind, scope)}, '
            f"and what stands in for it {said_unit(other, scope)}",
            measure.otherwise.span,
            cure_of(kind, other, scope) if kind.is_number and other.is_number else "write `yes` or `no`",
            (Label(measure.name.span, f"this is {said_unit(kind, scope)}"),),
        )


def _sharing(measure: tree.Measure, scope: Scope) -> Iterator[Diagnostic]:
    if measure.not_added and measure.prorated_by_day:
        yield error(
            "CL312",
            f'"{measure.name}" is not added up, so no part of it belongs to a day',
            measure.name.span,
            "keep `not added` or `prorated by day`, not both",
        )
    elif measure.prorated_by_day:
        kind = measure_kind(measure, scope)
        if kind.is_number and (kind.unit.is_plain or kind.unit.single is None):
            yield error(
                "CL312",
                f'"{measure.name}" is {said_unit(kind, scope)}, which cannot be shared out by days',
                measure.name.span,
                "only totals are prorated: figures in a unit or in money",
            )


def check_steps(survey: Survey) -> Iterator[Diagnostic]:
    """CL313 to CL315: `for each` says its mode, its figure and a step in the figure's unit."""
    scope = survey.scope
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.ForEach):
            continue
        if node.mode is None:
            step = node.step.span.text
            step = step.removeprefix("1 ") if step.startswith("1 ") else step
            yield error(
                "CL313",
                f"`for each {step}` does not say what a part of a step counts for",
                node.step.span,
                f"write `each full {step}`, `each started {step}` (or fraction thereof) "
                f"or `each pro rata {step}`",
            )
        figure = node.figure if node.figure is not None else visit.figure
        if figure is None:
            yield error(
                "CL314",
                "nothing says which figure is compared with the edge",
                node.edge.span,
                f"name it: `for each {node.step.span.text} of FIGURE {node.side} {node.edge.span.text}`",
            )
            continue
        kind = kind_of(figure, scope, visit.table)
        for side, what in ((node.step, "step"), (node.edge, "edge")):
            other = kind_of(side, scope, visit.table)
            if (
                kind.is_unknown
                or other.is_unknown
                or (side is node.edge and not disagreement(None, kind, side, other))
            ):
                continue
            if other.what == kind.what and other.unit == kind.unit:
                continue
            yield error(
                "CL315",
                f"the {what} is {said_unit(other, scope)}, and the figure {said_unit(kind, scope)}",
                side.span,
                _step_cure(kind, what, scope),
                (Label(figure.span, f"this is {said_unit(kind, scope)}"),),
            )
            break
        else:
            if node.step.value <= 0:
                yield error(
                    "CL315", "a step is more than zero", node.step.span, "write a step such as 1 point"
                )
        amount = kind_of(node.amount, scope, visit.table)
        if amount.what not in ("number", "unknown"):
            yield error("CL303", f"this is {said_unit(amount, scope)}, not a number", node.amount.span)


def _step_cure(kind: Kind, what: str, scope: Scope) -> str:
    if kind.percent:
        return "write points, as in `each full point below 85%`"
    return (
        f"write the {what} in {noun(kind, scope)}"
        if not kind.is_plain
        else f"write the {what} without a unit"
    )


def check_rounded_parts(survey: Survey) -> Iterator[Diagnostic]:
    """CL308: the step of `each rounded`, in the unit of the rows or parts."""
    scope = survey.scope
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.Call):
            continue
        kind = kind_of(node, scope, visit.table)
        for argument in node.arguments:
            if argument.each is not None and kind.is_number and node.function.text != "count":
                yield from rounding_step(argument.each, kind, scope)
