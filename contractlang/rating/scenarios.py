"""The contract's own scenarios: what was given, what was expected, what came.

A scenario computes only what its `expect` rows read; a given figure stands in for its formula; a
transition whose condition reads figures that are not given does not act (language design, section 5).
"""

from dataclasses import dataclass
from fractions import Fraction

from contractlang.calendar import Days
from contractlang.checked import CheckedContract
from contractlang.diagnostics import ContractError, Diagnostic, Label, error
from contractlang.exact import money
from contractlang.kinds import measure_kind
from contractlang.lines.frame import Frame, fail, words
from contractlang.measuring.schema import Schema
from contractlang.measuring.usage import SuppliedFigure, figures_usage
from contractlang.rating.engine import Rating, SeriesReader
from contractlang.syntax import tree
from contractlang.trace import Step, Value


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that was not met: what was expected, what came, and why."""

    expect: tree.Expect
    expected: Value
    came: Value
    reasons: tuple[Step, ...]
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario: its name and what failed in it; nothing where it passed."""

    name: str
    test: tree.Test
    failed: tuple[Failure, ...]
    errors: tuple[Diagnostic, ...] = ()

    @property
    def failures(self) -> tuple[Diagnostic, ...]:
        """Everything that is to be said of the scenario, nothing where it passed."""
        return (*self.errors, *(one.diagnostic for one in self.failed))


def run_scenario(
    contract: CheckedContract, schema: Schema, test: tree.Test, series: SeriesReader
) -> ScenarioResult:
    """Run one `test` of a contract."""
    failed: list[Failure] = []
    errors: list[Diagnostic] = []
    try:
        rating = Rating(contract, figures_usage(schema, _given(contract, test)), series, scenario=True)
    except ContractError as fault:
        return ScenarioResult(test.title, test, (), fault.diagnostics)
    last = next((item.period for item in reversed(test.items) if isinstance(item, tree.Given)), None)
    for item in test.items:
        if not isinstance(item, tree.Expect):
            continue
        try:
            failure = _expect(rating, item, item.period or last)
        except ContractError as fault:
            errors.extend(fault.diagnostics)
            continue
        if failure is not None:
            failed.append(failure)
    return ScenarioResult(test.title, test, tuple(failed), tuple(errors))


def _given(contract: CheckedContract, test: tree.Test) -> dict[str, tuple[SuppliedFigure, ...]]:
    """The figures of a scenario, in base dimensions."""
    found: dict[str, list[SuppliedFigure]] = {}
    for item in test.items:
        if not isinstance(item, tree.Given):
            continue
        days = Days(item.period.start, item.period.end)
        for figure in item.figures:
            value = _literal(contract, figure)
            one = SuppliedFigure(days, value, words(figure.value), figure.span)
            found.setdefault(figure.name.text, []).append(one)
    return {name: tuple(figures) for name, figures in found.items()}


def _literal(contract: CheckedContract, figure: tree.Assignment) -> Fraction | bool | None:
    node: object = figure.value
    sign = 1
    while isinstance(node, (tree.Negative, tree.Paren)):
        sign = -sign if isinstance(node, tree.Negative) else sign
        node = node.value
    if isinstance(node, tree.NoData):
        return None
    if isinstance(node, tree.YesNo):
        return node.value
    if isinstance(node, tree.Percent):
        return sign * Fraction(node.value) / 100
    if isinstance(node, tree.Number):
        scale = contract.scope.units.scale(node.unit.text) if node.unit is not None else None
        if scale is None:
            measure = contract.scope.measures.get(figure.name.text)
            kind = measure_kind(measure, contract.scope) if measure is not None else None
            scale = kind.scale if kind is not None else None
        return sign * Fraction(node.value) * (scale.factor if scale is not None else 1)
    raise fail("CL960", "a given figure is a number, a percent, yes, no or `no data`", figure.value.span)


def _expect(rating: Rating, expect: tree.Expect, period: tree.Period | None) -> Failure | None:
    if period is None:
        raise fail("CL961", "this does not say in which period", expect.span, "write `in 2026-07` after it")
    days = Days(period.start, period.end)
    name = expect.subject.text
    if expect.phase:
        expected: Value = words(expect.value)
        last = days.meet(rating.terms.whole_term)
        phase = rating.timeline.phase_on(last.last) if last else None
        return _compared(rating, expect, expected, phase or "no phase", ())
    expected, came = None, None
    reasons: tuple[Step, ...] = ()
    inside = days.meet(rating.terms.whole_term)
    frame = Frame(inside, inside.last if inside else days.last)
    if not isinstance(expect.value, tree.NoData):
        expected = rating.evaluate(expect.value, frame).value
    if name in rating.terms.lines:
        if expect.member is not None:
            came, reasons = _member(rating, expect, inside)
        else:
            lines = list(rating.printed_over(name, inside))
            came = sum((one.line.amount for one in lines), Fraction(0))
            reasons = tuple(one.line.reason for one in lines)
    elif name in rating.terms.measures:
        step = rating.figures.measure(name, frame, expect.span)
        came, reasons = step.value, (step,)
    elif name in rating.terms.prices:
        step = rating.prices.price(name, frame, expect.span)
        came, reasons = step.value, (step,)
    elif name in ("net", "gross"):
        came = _total(rating, name, inside)
    else:
        raise fail("CL925", f'nothing is called "{name}" here', expect.subject.span)
    return _compared(rating, expect, expected, came, reasons)


def _member(rating: Rating, expect: tree.Expect, days: Days) -> tuple[Value, tuple[Step, ...]]:
    """A named part of a scorecard, or the line of one value of `per`."""
    assert expect.member is not None, "asked only of members"
    lines = rating.printed_over(expect.subject.text, days)
    groups = [one for one in lines if one.line.group == expect.member.text]
    if groups:
        return sum((one.line.amount for one in groups), Fraction(0)), tuple(one.line.reason for one in groups)
    step = rating.part_step(expect.subject.text, expect.member.text, Frame(days, days.last), expect.span)
    return step.value, (step,)


def _total(rating: Rating, name: str, days: Days) -> Fraction:
    from contractlang.lines.totals import totals

    lines = [
        one.line
        for line in rating.terms.line_order
        for one in rating.printed_over(line, days)
        if not one.hidden
    ]
    found = totals(lines, rating.rounded_vat)
    return found.net if name == "net" else found.gross


def _compared(
    rating: Rating, expect: tree.Expect, expected: Value, came: Value, reasons: tuple[Step, ...]
) -> Failure | None:
    if expected == came and isinstance(expected, bool) == isinstance(came, bool):
        return None
    subject = expect.subject.text + (f".{expect.member}" if expect.member is not None else "")
    shown = _shown(rating, came, expect)
    message = f"expected {subject} = {words(expect.value)}, and it is {shown}"
    related = tuple(
        Label(step.span, f"computed here: {step.label}") for step in reasons if step.span is not None
    )
    diagnostic = error(
        "CL962", message, expect.span, "correct the contract, or what is expected", related[:1]
    )
    return Failure(expect, expected, came, reasons, diagnostic)


def _shown(rating: Rating, value: Value, expect: tree.Expect) -> str:
    if value is None:
        return "no data"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        node: object = expect.value
        while isinstance(node, (tree.Negative, tree.Paren)):
            node = node.value
        if isinstance(node, tree.Percent):
            return rating.show(value, rating.scale("%"))
        if isinstance(node, tree.Number) and node.unit is not None and node.unit.text == rating.currency:
            return f"{money(value, rating.currency)} {rating.currency}"
        if isinstance(node, tree.Number) and node.unit is not None:
            return rating.show(value, rating.scale(node.unit.text))
        return rating.show(value, None)
    return str(value)
