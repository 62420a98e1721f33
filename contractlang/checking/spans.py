"""Spans of time: what `over` may measure anew, and the lengths that fit the rhythm of the contract."""

from collections.abc import Iterator

from contractlang.checking.header import RHYTHMS
from contractlang.checking.survey import Survey
from contractlang.checking.ways import earlier_phases
from contractlang.checking.wording import listed, quoted, said_unit
from contractlang.diagnostics import Diagnostic, Label, error, nearest
from contractlang.kinds import Scope, measure_kind
from contractlang.syntax import tree

_SPANS = ("week", "month", "quarter", "year", "contract year", "contract")


def check_span_words(survey: Survey) -> Iterator[Diagnostic]:
    """CL540: a span that the calendar does not have."""
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.ToDate) and node.unit not in _SPANS:
            near = nearest(node.unit, _SPANS)
            cure = (
                f'the nearest is "{near}"'
                if near
                else f"write {listed(list(_SPANS), 'or')}, or `3 months rolling`"
            )
            yield error("CL540", f'"{node.unit}" is not a span of time', node.span, cure)
        elif isinstance(node, (tree.Rolling, tree.Before)) and node.length.count < 1:
            yield error(
                "CL540", "a span holds at least one of its lengths", node.length.span, "write 1 or more"
            )
        elif isinstance(node, tree.Previous) and node.steps < 1:
            yield error("CL540", "`previous` goes back at least one period", node.span, "write 1 or more")


def check_bare_over(survey: Survey) -> Iterator[Diagnostic]:
    """CL541: `over` beside a bare operator, which can be read as taking all of it."""
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.Binary):
            continue
        for side in (node.left, node.right):
            if isinstance(side, tree.Over):
                yield error(
                    "CL541",
                    f"`over` beside a bare `{node.operator}` can be read two ways",
                    side.span,
                    f"write `({quoted(side.span)})`, or put the parenthesis around all that it measures",
                )
                break


def check_pooling(survey: Survey) -> Iterator[Diagnostic]:
    """CL542, CL543, CL544: figures that cannot be measured over another span than their own."""
    said: set[str] = set()
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.Over):
            continue
        for leaf, way in _pooled(node.value, survey.scope):
            # A figure that no span can pool is one mistake, however many spans ask for it.
            key = f"{leaf.name} {id(node)}"
            if key not in said:
                said.add(key)
                found = _cannot_pool(node, leaf, way, survey.scope)
                if found is not None:
                    yield found
        yield from _yes_no(node, survey.scope)


def _pooled(value: object, scope: Scope) -> Iterator[tuple[tree.Measure, tuple[str, ...]]]:
    """The supplied figures that a value adds up over a span, with the figures between."""
    waiting: list[tuple[object, tuple[str, ...]]] = [(value, ())]
    seen: set[str] = set()
    while waiting:
        node, way = waiting.pop(0)
        if isinstance(node, tree.Reference):
            measure = scope.measures.get(node.name.text)
            if measure is None or node.name.text in seen:
                continue
            seen.add(node.name.text)
            if measure.formula is None or measure.not_added:
                yield measure, way
            else:
                waiting.append((measure.formula, (*way, node.name.text)))
        elif isinstance(node, (tree.Over, tree.Previous)):
            continue
        elif isinstance(node, tree.Call):
            # The parts of `average(X by month …)` are measured one by one, each over its own span.
            waiting.extend(
                (argument.value, way) for argument in node.arguments if argument.value and argument.by is None
            )
        elif isinstance(node, tree.Node):
            waiting.extend((child, way) for child in tree.children(node))


def _cannot_pool(
    node: tree.Over, leaf: tree.Measure, way: tuple[str, ...], scope: Scope
) -> Diagnostic | None:
    kind = measure_kind(leaf, scope)
    through = f', which "{way[-1]}" reads,' if way else ""
    labels = (Label(leaf.name.span, "it is declared here"),)
    if leaf.not_added:
        return error(
            "CL543",
            f'"{leaf.name}"{through} is not added up, so it has no value over a span',
            node.span,
            f"say which: `average({leaf.name} by month over …)`, `max({leaf.name} by month over …)` "
            f"or `latest({leaf.name} by month over …)`",
            labels,
        )
    if leaf.formula is not None or not kind.is_number:
        return None
    if kind.unit.is_plain or kind.unit.single is None:
        what = "a percent" if kind.percent else said_unit(kind, scope).removeprefix("in ")
        parts = "its numerator and its denominator, each in its unit"
        if not kind.unit.is_plain:
            above, _, below = (kind.scale.text if kind.scale else str(kind.unit)).partition("/")
            parts = f"its parts, one in {above} and one in {below}s"
        return error(
            "CL542",
            f'"{leaf.name}"{through} is supplied as {what}, which cannot be pooled over a span',
            node.span,
            f"supply {parts}, and write the ratio as a formula; "
            f"or take the mean of the parts: `average({leaf.name} by month over …)`",
            labels,
        )
    return None


def _yes_no(node: tree.Over, scope: Scope) -> Iterator[Diagnostic]:
    value: object = node.value
    while isinstance(value, tree.Paren):
        value = value.value
    measure = scope.measures.get(value.name.text) if isinstance(value, tree.Reference) else None
    if measure is not None and measure_kind(measure, scope).what == "boolean":
        yield error(
            "CL544",
            f'"{measure.name}" is a yes or no in each period, and over a span it may be both',
            node.span,
            f"write `any({measure.name} by month over …)` or `all({measure.name} by month over …)`",
        )


def check_lasting_conditions(survey: Survey) -> Iterator[Diagnostic]:
    """CL545: `for N months` counts whole periods, so its unit is that of the rhythm."""
    header = survey.scope.contract
    if header is None or header.invoiced is None or header.invoiced.rhythm.text not in RHYTHMS:
        return
    rhythm = header.invoiced.rhythm.text
    unit = RHYTHMS[rhythm]
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.Holds) and node.length.unit != unit:
            yield error(
                "CL545",
                f"a condition holds for whole periods, and this contract is invoiced {rhythm}",
                node.length.span,
                f"write a number of {unit}s",
                (Label(header.invoiced.span, "its rhythm is here"),),
            )
        elif isinstance(node, tree.Holds) and node.length.count < 1:
            yield error(
                "CL545", "a condition holds for at least one period", node.length.span, "write 1 or more"
            )


def check_spans_of_phases(survey: Survey) -> Iterator[Diagnostic]:
    """CL517: `over phase P` where P cannot have begun yet."""
    asked = [visit for visit in survey.visits if isinstance(visit.node, tree.InPhase) and visit.owner.phase]
    # Few contracts ask, and of many phases it takes long to say.
    before = earlier_phases(survey.scope) if asked else {}
    seen: set[tuple[str, str]] = set()
    for visit in asked:
        assert isinstance(visit.node, tree.InPhase) and visit.owner.phase is not None, "asked for these"
        phase, here = visit.node.phase.text, visit.owner.phase.name.text
        if phase not in survey.scope.phases or phase == here or phase in before.get(here, ()):
            continue
        if (phase, here) not in seen:
            seen.add((phase, here))
            yield error(
                "CL517",
                f'"{phase}" has never been in force before the phase "{here}": there is nothing to measure',
                visit.node.span,
                "name a phase that comes before",
            )
