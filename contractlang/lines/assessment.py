"""What a kind of line is given to assess, and what it gives back.

In: an `Assessment`, one line over the days on which it is in force inside its interval, and the `Terms`
of evaluation as the `Assessor` protocol, which rating implements. Out: `Draft`s, exact and unrounded;
rating bounds, signs, rounds and taxes them in one place for all kinds.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from contractlang.calendar import Days
from contractlang.frozen import dataclass
from contractlang.kinds import Kind
from contractlang.lines.frame import Frame
from contractlang.lines.line import LineVat
from contractlang.syntax import tree
from contractlang.terms import LineVersion, Period
from contractlang.text import Span
from contractlang.trace import Quantity, Step
from contractlang.units import Scale


@dataclass(frozen=True, slots=True)
class Draft:
    """An amount of a line before bounds, sign, rounding and VAT.

    `units` is the quantity that was priced, in base dimensions, and `schedule` the tiers it was priced
    by: tiers run on across drafts of one schedule. `rounded` says that `value` is an amount already,
    as a limit's is. `vat` is given where it is not that of the declaration (a clawback). `parts` are
    the amounts of the named parts of a scorecard. `group` is a value of the column `per`.
    """

    days: Days
    value: Fraction
    reason: Step
    quantity: Quantity | None = None
    unit_price: Quantity | None = None
    group: str | None = None
    tier: int | None = None
    units: Fraction | None = None
    schedule: object = None
    rounded: bool = False
    keep_zero: bool = False
    vat: LineVat | None = None
    parts: tuple[tuple[str, Fraction], ...] = ()
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """One line to assess: its version, the days in force, the interval they lie in, the period printed on.

    `earlier` are the drafts of the same line that were made for the same period before.
    """

    version: LineVersion
    days: Days
    interval: Days
    period: Period
    earlier: tuple[Draft, ...] = ()

    @property
    def line(self) -> tree.Line:
        """The declaration."""
        return self.version.line

    @property
    def frame(self) -> Frame:
        """The frame in which what the line reads is evaluated."""
        return Frame(self.days, self.days.last, None, self.line.name.text)


class Assessor(Protocol):
    """What rating offers to the kinds of line."""

    def evaluate(self, expression: Any, frame: Frame) -> Step:
        """The value of an expression with its reason."""

    def amount(self, expression: Any, frame: Frame) -> tuple[Fraction, Step]:
        """The same where no data is an error on the line."""

    def constant(self, expression: Any, frame: Frame | None) -> Fraction | None:
        """The value of an edge or a bound."""

    def condition(self, expression: Any, frame: Frame) -> Step:
        """A condition, with whether it holds."""

    def gate(self, expression: Any, frame: Frame) -> Step:
        """The same where a condition that cannot be decided does not hold."""

    def kind(self, expression: Any) -> Kind:
        """The static kind of an expression."""

    def bands(self, figure: Step, rows: Sequence[Any], frame: Frame, node: tree.Node, label: str) -> Step:
        """The row of a band table that a figure reaches."""

    def heads(self, quantity: Any, frame: Frame, period: Days) -> Step | None:
        """The quantity of a figure that is not added up, by its days of the period; None for any other."""

    def cuts(self, version: LineVersion, days: Days) -> frozenset[date]:
        """The days on which a charge is cut."""

    def cuts_on(self, name: str, days: Days) -> frozenset[date]:
        """The borders of the intervals of the lines that are `on` this one."""

    def values_of(self, expression: Any, column: str, frame: Frame) -> tuple[str | None, ...]:
        """The values of a column that the rows of an expression have."""

    def unpriced(self, quantity: Any, frame: Frame) -> None:
        """A quantity of a value of `per` that has no price."""

    def priced_beside(self, assessment: Assessment, drafts: Sequence[Draft]) -> None:
        """The drafts of a line which other values of `per` leave without an amount."""

    def line_amount(self, name: str, days: Days) -> Fraction:
        """What a line came to on the invoices of some days."""

    def in_force(self, name: str, days: Days) -> bool:
        """Whether a line is in force on any of some days."""

    def units_before(self, name: str, group: str | None, days: Days) -> Fraction | None:
        """The units that a line priced on some days, None where it was not assessed."""

    def assessed_since(self, name: str, span: Days) -> date:
        """The first day of the first interval of a line that is assessed, on its last day, in a span."""

    def span_days(self, span: Any, frame: Frame) -> Days:
        """The days of a span of time."""

    def force_known(
        self, name: str, known: date, decided: bool, days: Days
    ) -> tuple[tuple[LineVersion, Days], ...]:
        """The versions of a line with their days in force among `days`, as known on a day."""

    def price_changes(self, expression: Any, days: Days) -> tuple[date, ...]:
        """The days inside a span on which what an expression reads from rates and amounts changes."""

    def units_by_day(self, expression: Any, frame: Frame, column: str) -> dict[date, tuple[Fraction, Step]]:
        """Units by the date in a column, for a clawback."""

    def price_paid(
        self, name: str, day: date, group: str | None, known: date
    ) -> "tuple[Fraction, LineVat, Step] | None":
        """The price at which a unit of a line was invoiced on a day, with its VAT, as known on a day."""

    def constant_in_time(self, expression: tree.Node) -> bool:
        """Whether an expression is a sum named in the contract, not computed from figures or lines."""

    def carried(self, name: str, assessment: "Assessment") -> Fraction:
        """What a limit carried forward from its interval before."""

    def per_column(self, name: str) -> str | None:
        """The column of `per` of a line."""

    def lines_named(self, expression: Any) -> tuple[str, ...]:
        """The lines that an expression names."""

    def cent(self) -> Fraction:
        """The step to which a line is rounded."""

    def rounded(self, value: Fraction) -> Fraction:
        """A value rounded as the contract rounds a line."""

    def warn(self, code: str, message: str, span: Span) -> None:
        """A warning of rating."""

    def counted(self, scale: Scale) -> Scale:
        """The plural word of a thing counted."""

    def scale(self, text: str) -> Scale | None:
        """A unit word."""

    def periods_of(self, days: Days) -> tuple[Period, ...]:
        """The periods that hold any of some days."""

    def first_in_force(self, name: str, known: date) -> date | None:
        """The first day on which a line is in force, as known on a day."""

    def term_end(self, known: date) -> date:
        """The day after the last of the term, as known on a day."""

    @property
    def currency(self) -> str:
        """The currency of the contract."""

    @property
    def first_day(self) -> int:
        """The day on which a month of the contract starts."""

    @property
    def term_start(self) -> date:
        """The first day of the term."""


def no_data(assessment: Assessment, step: Step, what: str) -> str:
    """The words for a value that a line needs and that is no data."""
    cause = next((one for one in step.walk() if one.kind == "no data"), None)
    why = ""
    if cause is not None and cause is not step:
        why = f': "{cause.label}" has none'
    return f'the {what} of "{assessment.line.name}" is no data over {assessment.days}{why}'
