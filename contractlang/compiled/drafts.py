"""An amount of a line on its way to the invoice."""

from dataclasses import dataclass

from contractlang.calendar import Days
from contractlang.compiled.values import YES, ZERO, NotCompiledError, Num, Truth, Value
from contractlang.lines import Assessment
from contractlang.lines.line import LineVat
from contractlang.lines.tiers import Schedule
from contractlang.syntax import tree


@dataclass(frozen=True, slots=True)
class Draft:
    """An amount of a line: before rounding as `exact`, as printed and signed as `amount`.

    `present` is whether the line is assessed at all, `shown_at_zero` whether a line of zero is printed:
    None where that depends on the way that led to it.
    """

    name: str
    kind: str
    days: Days
    placed: Days
    exact: Num
    amount: Num = ZERO
    rounded: bool = False
    vat: LineVat | None = None
    shown_at_zero: bool | None = False
    present: Truth = YES
    units: Num | None = None
    schedule: Schedule | None = None
    parts: tuple[tuple[str, Num], ...] = ()
    interval: Days | None = None
    reasons: str = ""


def draft_of(assessment: Assessment, days: Days, exact: Num, rounded: bool = False) -> Draft:
    """A draft of some days; `rounded` says that the amount is one already."""
    placed = days.meet(assessment.period.days) or assessment.period.days
    line = assessment.line
    return Draft(
        line.name.text, line.kind, days, placed, exact, rounded=rounded, interval=assessment.interval
    )


def bare(value: object) -> object:
    """An expression without its parentheses."""
    while isinstance(value, tree.Paren):
        value = value.value
    return value


def num(value: Value) -> Num:
    """A value that is a number."""
    if not isinstance(value, Num):
        raise NotCompiledError("a yes/no stands where a number is meant")
    return value
