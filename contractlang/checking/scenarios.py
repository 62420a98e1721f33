"""Scenarios and invariants: given figures that exist, expected lines that exist, periods of the term."""

from collections.abc import Iterator

from contractlang.calendar import Days
from contractlang.checking.names import name_of, unknown, what, with_article
from contractlang.checking.operators import condition_of, cure_of, disagreement
from contractlang.checking.survey import Survey
from contractlang.checking.wording import said_unit
from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.kinds import Kind, Scope, kind_of, measure_kind
from contractlang.syntax import tree

TOTALS = ("net", "gross")
"""What a scenario may expect of a whole invoice, besides its lines."""


def check_scenarios(survey: Survey) -> Iterator[Diagnostic]:
    """CL240 to CL243: what a test gives and what it expects."""
    for one in survey.all(tree.Test):
        test = one.node
        assert isinstance(test, tree.Test), "asked for tests only"
        for item in test.items:
            if isinstance(item, tree.Given):
                yield from _period(item.period, survey.scope)
                for figure in item.figures:
                    yield from _given(figure, survey.scope)
            else:
                if item.period is not None:
                    yield from _period(item.period, survey.scope)
                yield from _expected(item, survey.scope)


def _period(period: tree.Period, scope: Scope) -> Iterator[Diagnostic]:
    if scope.term is not None and not Days(period.start, period.end).meet(scope.term):
        yield error(
            "CL243",
            f"{period.text or 'this period'} lies outside the term",
            period.span,
            f"the term runs from {scope.term}",
        )


def _given(figure: tree.Assignment, scope: Scope) -> Iterator[Diagnostic]:
    name = figure.name
    measure = scope.measures.get(name.text)
    if measure is None:
        declaration = scope.declaration(name.text)
        if isinstance(declaration, tree.Window):
            return
        if declaration is None:
            figures = {known: found.name.span for known, found in scope.measures.items()}
            yield unknown(name, figures, "CL220", "no figure of this contract is called")
        else:
            yield error(
                "CL240",
                f'a test gives figures, and "{name}" is {with_article(what(declaration))}',
                name.span,
                "give the figures that it reads, or expect it",
                (Label(name_of(declaration).span, "it is declared here"),),
            )
        return
    kind, value = measure_kind(measure, scope), kind_of(figure.value, scope)
    label = (Label(measure.name.span, f"this is {said_unit(kind, scope)}"),)
    if kind.percent and value.is_plain and not value.percent:
        yield error(
            "CL241",
            f'"{name}" is a percent, and this number has no sign',
            figure.value.span,
            f"write `{figure.value.span.text}%`",
            label,
        )
    elif value.is_plain and not value.percent and kind.is_number:
        # A number is in the unit that the measure declares; a formula over times declares none.
        if kind.scale is None and any(base == "second" for base, _ in kind.unit.powers):
            yield error(
                "CL241",
                f'"{name}" holds a length of time, and this number does not say of what',
                figure.value.span,
                f"write its unit, as in `{figure.value.span.text} {_in_hours(kind)}`",
            )
    elif disagreement(None, kind, figure.value, value):
        cure = cure_of(kind, value, scope) if kind.is_number and value.is_number else ""
        yield error(
            "CL241",
            f'"{name}" is {said_unit(kind, scope)}, and this is {said_unit(value, scope)}',
            figure.value.span,
            cure,
            label,
        )


def _in_hours(kind: Kind) -> str:
    return "hours" if kind.unit.single else str(kind.unit).replace("second", "s")


def _expected(expect: tree.Expect, scope: Scope) -> Iterator[Diagnostic]:
    if expect.phase:
        if not isinstance(expect.value, tree.Reference):
            yield error(
                "CL242", "the phase expected is named", expect.value.span, "write the name of a phase"
            )
        return
    name = expect.subject
    declaration = scope.lines.get(name.text) or scope.measures.get(name.text) or scope.prices.get(name.text)
    if declaration is None and name.text in TOTALS:
        if kind_of(expect.value, scope).unit.currency is None:
            yield error(
                "CL242",
                f'"{name}" is the total of an invoice, which is money',
                expect.value.span,
                "write a sum",
            )
        return
    if declaration is None:
        other = scope.declaration(name.text)
        if other is None:
            known = {known: name_of(scope.declaration(known)).span for known in scope.names()}
            yield unknown(name, known, "CL220", "nothing in this contract is called")
        else:
            yield error(
                "CL240",
                f'a test expects lines and figures, and "{name}" is {with_article(what(other))}',
                name.span,
                "",
                (Label(name_of(other).span, "it is declared here"),),
            )
        return
    if expect.member is not None:
        yield from _member(expect, declaration)
    kind, value = kind_of(declaration, scope), kind_of(expect.value, scope)
    if disagreement(None, kind, expect.value, value):
        cure = cure_of(kind, value, scope) if kind.is_number and value.is_number else ""
        yield error(
            "CL242",
            f'"{name}" is {said_unit(kind, scope)}, and this is {said_unit(value, scope)}',
            expect.value.span,
            cure,
            (Label(name_of(declaration).span, f"this is {said_unit(kind, scope)}"),),
        )


def _member(expect: tree.Expect, declaration: tree.AnyDeclaration) -> Iterator[Diagnostic]:
    assert expect.member is not None, "asked where a part is named"
    if not isinstance(declaration, tree.Line):
        yield error(
            "CL224", f'"{expect.subject}" has no parts', expect.member.span, "name a line that has parts"
        )
        return
    if isinstance(declaration.value, tree.Priced) and declaration.value.per is not None:
        return
    parts = {part.name.text: part.name.span for part in declaration.parts if part.name is not None}
    if expect.member.text not in parts:
        yield unknown(expect.member, parts, "CL224", f'"{declaration.name}" has no part called')


def check_invariants(survey: Survey) -> Iterator[Diagnostic]:
    """CL307: an invariant is a condition."""
    for one in survey.all(tree.Invariant):
        assert isinstance(one.node, tree.Invariant), "asked for invariants only"
        condition = one.node.condition
        yield from condition_of(condition, kind_of(condition, survey.scope), survey.scope)
