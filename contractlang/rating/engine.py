"""Rating: one contract, one usage; what each line comes to, with its reason.

In: a checked contract's terms and a measured usage. Out: printed lines by period. Everything is asked
for on demand and remembered: a line of an earlier period is rated only where something reads it, so
usage of an earlier period is needed only there.
"""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from contractlang.calendar import Days
from contractlang.checked import CheckedContract
from contractlang.diagnostics import Diagnostic, warning
from contractlang.exact import approximate, is_decimal, minor_unit, plain, round_to
from contractlang.frozen import replace
from contractlang.kinds import Kind, kind_of, measure_kind, price_kind
from contractlang.lines import FEES, KINDS, Assessment, Draft, fee
from contractlang.lines.frame import Frame, LineError, fail, words
from contractlang.lines.line import LineVat
from contractlang.measuring.aggregate import Aggregate
from contractlang.measuring.series import Month, Series
from contractlang.measuring.usage import MeasuredUsage
from contractlang.rating import invoiced, looking_back
from contractlang.rating.bands import reached_row
from contractlang.rating.evaluation import Evaluator
from contractlang.rating.figures import Figures
from contractlang.rating.in_force import InForce
from contractlang.rating.parts import values_of
from contractlang.rating.phases import Timeline
from contractlang.rating.prices import Prices
from contractlang.rating.printing import Printed, printed
from contractlang.rating.reading import Reading
from contractlang.rating.rows import units_by_day
from contractlang.rating.spans import span_days
from contractlang.syntax import tree
from contractlang.terms import ContractTerms, LineVersion, Period
from contractlang.text import Span
from contractlang.trace import Step
from contractlang.units import Scale

SeriesReader = Callable[[tree.Index], Series]


class Rating:
    """The rating of one contract against one usage; implements `lines.Assessor`.

    `series` reads the series of an index. With `scenario`, a transition whose condition reads figures
    that are not given does not act (rulings, "Phases and amendments"). Ratings of one contract may share
    a `reading`, which is made of its text alone.
    """

    def __init__(
        self,
        contract: CheckedContract,
        usage: MeasuredUsage,
        series: SeriesReader,
        scenario: bool = False,
        reading: Reading | None = None,
    ) -> None:
        self.scope = contract.scope
        self.declarations = contract.document.declarations
        self.reading = reading or Reading(ContractTerms(contract.document.declarations))
        self.terms = self.reading.terms
        self.usage = usage
        self.percent = self.scale("%")
        self.currency = self.terms.currency
        self.series = lru_cache(maxsize=None)(series)
        self.scenario = scenario
        self._read_warnings: dict[Diagnostic, None] = {}
        self.figures = Figures(self)
        self.prices = Prices(self)
        self._evaluator = Evaluator(self)
        self.in_force_days = InForce(self)
        self.timeline = Timeline(self.terms, self._transition_holds)
        self._rated: dict[tuple[str, Period], tuple[Printed, ...] | LineError] = {}
        self._rating: list[tuple[str, Period]] = []
        self.asked_of_rows: dict[tuple[Span, Days, str], Aggregate] = {}
        self.without_price: list[tuple[Any, Frame]] = []  # Quantities of values that no price knows.
        self.beside_without_price: dict[tuple[str, Period], tuple[Step, ...]] = {}
        self.rows_counted = False  # Whether the tables were asked for all that the contract counts.
        self.nested = 0  # How many values of earlier intervals are being computed, one inside another.

    # ---- lines of a period

    def rated(self, name: str, period: Period) -> tuple[Printed, ...]:
        """The lines of a name on the invoice of a period, hidden ones included."""
        key = (name, period)
        found = self._rated.get(key)
        if isinstance(found, LineError):
            raise found
        if found is None:
            if key in self._rating:
                circle = [one for one, _ in self._rating[self._rating.index(key) :]]
                line = self.terms.latest(name)
                raise fail(
                    "CL955",
                    f"these lines need one another: {' → '.join([*circle, name])}",
                    line.span if line else None,
                )
            self._rating.append(key)
            try:
                found = tuple(self._rate(name, period))
            except LineError as fault:
                self._rated[key] = fault
                raise
            finally:
                self._rating.pop()
            self._rated[key] = found
        return found

    def _rate(self, name: str, period: Period) -> list[Printed]:
        line = self.terms.latest(name)
        found: list[Printed] = []
        if line is None:
            return found
        if line.kind in FEES:
            for version, draft in fee.assess(name, period, self):
                if self._gated(version, draft.days):
                    found.extend(printed(self, version, draft.days, [draft], period))
            return found
        earlier: list[Draft] = []
        by_interval: dict[Days, list[Printed]] = {}
        for version, days, whole in self.in_force_days.assessed(name, period):
            if not self._gated(version, days):
                continue
            assessment = Assessment(version, days, whole, period, tuple(earlier))
            drafts = KINDS[version.line.kind](assessment, self)
            earlier.extend(drafts)
            same = by_interval.setdefault(whole, [])
            made = printed(self, version, days, drafts, period, tuple(found), tuple(same))
            same.extend(made)
            found.extend(made)
        return found

    def _gated(self, version: LineVersion, days: Days) -> bool:
        """Whether a line's `when` lets it be assessed; no data does not hold."""
        line = version.line
        if line.when is None:
            return True
        return self.gate(line.when, Frame(days, days.last, None, line.name.text)).value is True

    def printed_over(self, name: str, days: Days) -> list[Printed]:
        """The lines of a name on the invoices of some days, as far as they lie in those days.

        What is never cut for its readers, such as a penalty, lies where it is assessed, on its last day.
        """
        found: list[Printed] = []
        for period in self.terms.periods(days):
            for one in self.rated(name, period):
                cut = one.line.kind == "charge" or one.line.kind in FEES
                if days.covers(one.placed) if cut else one.placed.last in days:
                    found.append(one)
        return found

    def line_amount(self, name: str, days: Days) -> Fraction:
        """What a line came to over some days; a line that is not in force counts as 0."""
        return sum((one.line.amount for one in self.printed_over(name, days)), Fraction(0))

    def line_step(self, name: str, frame: Frame, span: Span) -> Step:
        """The amount of a line over the frame's days, with its reason."""
        value = self.line_amount(name, frame.days)
        return Step("line", value, name, self.scale(self.currency), span, (("days", frame.days),))

    def part_step(self, name: str, part: str, frame: Frame, span: Span) -> Step:
        """What a named part of a scorecard brings to its line, after weight and gate, before the bounds."""
        # A line shared by several rates of VAT is printed several times, of one and the same draft.
        drafts = {id(one.draft): one.draft for one in self.printed_over(name, frame.days)}
        parts = (amount for draft in drafts.values() for label, amount in draft.parts if label == part)
        value = sum(parts, Fraction(0))
        return Step("line", value, f"{name}.{part}", self.scale(self.currency), span, (("days", frame.days),))

    def units_before(self, name: str, group: str | None, days: Days) -> Fraction | None:
        """The units that a line priced on some days, None where it was not assessed then."""
        return invoiced.units_before(self, name, group, days)

    def price_paid(
        self, name: str, day: date, group: str | None, known: date
    ) -> tuple[Fraction, LineVat, Step] | None:
        """The price at which a unit of a day was invoiced until a day."""
        return invoiced.price_paid(self, name, day, group, known)

    def carried(self, name: str, assessment: Assessment) -> Fraction:
        """What a limit carried forward from its interval before."""
        return invoiced.carried(self, name, assessment)

    def per_column(self, name: str) -> str | None:
        """The column of `per` of a line, None where it has none."""
        line = self.terms.latest(name)
        value = line.value if line is not None else None
        return (
            value.per.text
            if isinstance(value, tree.Priced) and value.per is not None and value.price is not None
            else None
        )

    # ---- expressions

    def evaluate(self, expression: Any, frame: Frame) -> Step:
        """The value of an expression with its reason."""
        return self._evaluator.evaluate(expression, frame)

    def amount(self, expression: Any, frame: Frame) -> tuple[Fraction, Step]:
        """A number that a line needs: no data is an error on it."""
        step = self.evaluate(expression, frame)
        if not isinstance(step.value, Fraction):
            raise fail("CL956", f'"{words(expression)}" is no data over {frame.days}', expression.span)
        return step.value, step

    def condition(self, expression: Any, frame: Frame) -> Step:
        """A condition over the whole figure; its value is None where it is no data."""
        return self.evaluate(expression, frame.whole())

    def gate(self, expression: Any, frame: Frame) -> Step:
        """A condition that lets a line or its bonuses pass; where it cannot be decided it does not hold."""
        try:
            return self.condition(expression, frame)
        except LineError as fault:
            if any(one.code != "CL928" for one in fault.diagnostics):
                raise
            return Step("condition", None, words(expression), None, expression.span)

    def constant(self, expression: Any, frame: Frame | None) -> Fraction | None:
        """The value of an edge or a bound, None where it is no number."""
        if frame is None:
            frame = Frame(self.terms.whole_term, self.terms.whole_term.last)
        value = self.evaluate(expression, frame).value
        return value if isinstance(value, Fraction) else None

    def number(self, node: tree.Number | tree.Percent) -> Fraction:
        """The value of a literal in base dimensions."""
        if isinstance(node, tree.Percent):
            return Fraction(node.value) / 100
        scale = self.scale(node.unit.text) if node.unit is not None else None
        return Fraction(node.value) * (scale.factor if scale is not None else 1)

    def bands(self, figure: Step, rows: Sequence[Any], frame: Frame, node: tree.Node, label: str) -> Step:
        """The row of a band table that a figure reaches."""
        return reached_row(self, figure, rows, frame, node, label)

    def heads(self, quantity: Any, frame: Frame, period: Days) -> Step | None:
        """The quantity of a figure that is not added up, by its days of the period; None for any other."""
        while isinstance(quantity, tree.Paren):
            quantity = quantity.value
        if not isinstance(quantity, tree.Reference):
            return None
        measure = self.terms.measure(quantity.name.text, frame.on_day)
        if measure is None or not measure.not_added or measure.formula is not None:
            return None
        return self.figures.heads(measure, frame, period)

    def holds_for(self, node: tree.Holds, frame: Frame) -> Step:
        """`CONDITION for N months`."""
        return looking_back.holds_for(self, node, frame)

    def previous(self, node: tree.Previous, frame: Frame) -> Step:
        """`previous(X, n) else value`."""
        return looking_back.previous(self, node, frame)

    def kind(self, expression: Any) -> Kind:
        """The static kind of an expression; a percent is shown with its sign."""
        return self._shown(kind_of(expression, self.scope))

    def measure_kind(self, measure: tree.Measure) -> Kind:
        """The static kind of a measure; a percent is shown with its sign."""
        return self._shown(measure_kind(measure, self.scope))

    def _shown(self, kind: Kind) -> Kind:
        return replace(kind, scale=self.percent) if kind.percent and kind.scale is None else kind

    def price_scale(self, price: tree.Price) -> Scale | None:
        """The unit word of a rate or an amount."""
        return price_kind(price, self.scope).scale

    # ---- names, days, prices

    def tables_in(self, expression: Any) -> tuple[str, ...]:
        """The tables whose rows an expression aggregates itself."""
        return self.reading.tables(expression)

    def lines_named(self, expression: Any) -> tuple[str, ...]:
        """The lines that an expression names."""
        return self.reading.lines(expression)

    def measures_read(self, expression: Any) -> tuple[str, ...]:
        """The measures that an expression reads, through other measures too."""
        return self.reading.measures_read(expression)

    measures_under = measures_read

    def prices_read(self, expression: Any) -> tuple[str, ...]:
        """The rates and amounts that an expression reads."""
        return self.reading.prices_read(expression)

    def calls_under(self, expression: Any) -> tuple[tree.Call, ...]:
        """The aggregates over rows that an expression rests on."""
        return self.reading.calls(expression)

    def constant_in_time(self, expression: tree.Node) -> bool:
        """Whether an expression is a sum named in the contract, not computed from figures or lines."""
        return not self.reading.varies(expression)

    def values_of(self, expression: Any, column: str, frame: Frame) -> tuple[str | None, ...]:
        """The values of a column that the rows of an expression have."""
        return values_of(self, expression, column, frame)

    def unpriced(self, quantity: Any, frame: Frame) -> None:
        """A quantity of a value of `per` that has no price: its rows are counted for no amount."""
        self.without_price.append((quantity, frame))

    def priced_beside(self, assessment: Assessment, drafts: Sequence[Draft]) -> None:
        """What a line comes to for the other values of `per`: its rows are counted, and make no line."""
        key = assessment.line.name.text, assessment.period
        self.beside_without_price[key] = tuple(one.reason for one in (*assessment.earlier, *drafts))

    def units_by_day(self, expression: Any, frame: Frame, column: str) -> dict[date, tuple[Fraction, Step]]:
        """Units by the date in a column, for a clawback."""
        while isinstance(expression, (tree.Paren, tree.Reference)):
            if isinstance(expression, tree.Paren):
                expression = expression.value
                continue
            measure = self.terms.measure(expression.name.text, frame.on_day)
            if measure is None or measure.formula is None:
                break
            expression = measure.formula
        if not isinstance(expression, tree.Call):
            raise fail("CL957", "a clawback counts or sums the rows of a table", expression.span)
        return units_by_day(self, expression, frame, column)

    def in_force(self, name: str, days: Days) -> bool:
        """Whether a line is in force on any of some days."""
        return bool(self.in_force_days.runs(name, days))

    def force_known(
        self, name: str, known: date, decided: bool, days: Days
    ) -> tuple[tuple[LineVersion, Days], ...]:
        """The versions of a line with their days in force, as known on a day."""
        return self.in_force_days.known(name, known, decided, days)

    def first_in_force(self, name: str, known: date) -> date | None:
        """The first day on which a line is in force, as known on a day."""
        found = self.in_force_days.known(name, known, False, self.terms.whole_term)
        return found[0][1].start if found else None

    def cuts(self, version: LineVersion, days: Days) -> frozenset[date]:
        """The days on which a charge is cut."""
        return self.in_force_days.cuts(version, days)

    def cuts_on(self, name: str, days: Days) -> frozenset[date]:
        """The borders of the intervals of the lines that are on a line."""
        return self.in_force_days.cuts_on(name, days)

    def price_changes(self, expression: Any, days: Days) -> tuple[date, ...]:
        """The days inside a span on which the prices that an expression reads change."""
        return self.in_force_days.price_changes(expression, days)

    def assessed_since(self, name: str, span: Days) -> date:
        """The first day of the first interval of a line that is assessed, on its last day, in a span."""
        return max(self.in_force_days.interval_of(name, span.start).start, self.terms.start)

    def span_days(self, span: Any, frame: Frame) -> Days:
        """The days of a span of time."""
        return span_days(span, frame, self.terms, self.timeline)

    def periods_of(self, days: Days) -> tuple[Period, ...]:
        """The periods that hold any of some days."""
        return tuple(self.terms.periods(days))

    @property
    def first_day(self) -> int:
        """The day on which a month of the contract starts."""
        return self.terms.first_day

    @property
    def term_start(self) -> date:
        """The first day of the term."""
        return self.terms.start

    def term_end(self, known: date) -> date:
        """The day after the last of the term, as known on a day."""
        return self.terms.term(known).end

    # ---- money

    def cent(self) -> Fraction:
        """The step to which a line is rounded."""
        return self.terms.rounding[1]

    def rounded(self, value: Fraction) -> Fraction:
        """A value rounded as the contract rounds a line."""
        mode, size = self.terms.rounding
        return round_to(value, size, mode)

    def rounded_vat(self, value: Fraction) -> Fraction:
        """A value of VAT: half up to the minor unit, whatever the header says."""
        return round_to(value, minor_unit(self.currency), "half_up")

    def scale(self, text: str) -> Scale | None:
        """A unit word of the contract."""
        return self.scope.units.scale(text)

    def counted(self, scale: Scale) -> Scale:
        """The plural word of a thing counted."""
        return self.scope.units.counted(scale)

    def show(self, value: Fraction, scale: Scale | None) -> str:
        """A number in its unit, for a message."""
        shown = value / scale.factor if scale is not None else value
        number = plain(shown) if is_decimal(shown) else approximate(shown, 6)
        if scale is None:
            return number
        return f"{number}%" if scale.text == "%" else f"{number} {scale.text}"

    # ---- warnings and transitions

    def warn(self, code: str, message: str, span: Span) -> None:
        """Note what is legal and surprising; `warnings` gives it out once."""
        self._read_warnings[warning(code, message, span)] = None

    def warn_provisional(self, series: str, month: Month, span: Span) -> None:
        """A value of an index that is marked provisional was used."""
        self.warn("CL958", f"{series} has only a provisional value for {month[0]}-{month[1]:02d}", span)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What was noted while rating, and while reading the usage."""
        return (*self._read_warnings, *self.usage.warnings)

    def _transition_holds(
        self, transition: tree.Transition, period: Period, whole: tuple[Period, ...]
    ) -> bool:
        return looking_back.transition_holds(self, transition, period, whole)
