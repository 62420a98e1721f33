"""A compiled period: figures in, amounts out; and the interpreter behind it, which decides every doubt.

Whatever generated code finds wrong or cannot decide it leaves to the interpreter, which rates the same
figures and says what is wrong in its own words. So there is one list of errors, and one meaning.
"""

from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from fractions import Fraction
from typing import NamedTuple, TypeAlias, cast

from contractlang.checked import CheckedContract
from contractlang.compiled.figures import Key, scale_of
from contractlang.compiled.values import NotCompiledError
from contractlang.compiled.worlds import decide, function_text
from contractlang.diagnostics import ContractError, Diagnostic, Place, error, nearest
from contractlang.exact import is_decimal, plain
from contractlang.kinds import measure_kind
from contractlang.lines.line import InvoiceLine, LineVat
from contractlang.lines.totals import totals
from contractlang.measuring.schema import Schema
from contractlang.measuring.usage import SuppliedFigure, figures_usage
from contractlang.rating.engine import Rating, SeriesReader
from contractlang.rating.reading import Reading
from contractlang.terms import ContractTerms, Period

Given: TypeAlias = Decimal | int | Fraction | bool | None
"""A figure as a program gives it: a number in the unit of its measure, a yes/no, None for no data."""

Figures: TypeAlias = Mapping[Key, Given]


# These are named tuples, not dataclasses: one is made for each contract-month, in a quarter of the time.
class CompiledVat(NamedTuple):
    """What is taxed at one rate: the rate or the nature, the sum of the lines and the tax."""

    vat: LineVat
    base: Decimal
    amount: Decimal


class LineReason(NamedTuple):
    """Why a line is what it is: its amount before rounding, and what it read, in the order it was read.

    `read` holds the name and value of each figure, and `("row", …)` for each row or tier that was reached.
    """

    name: str
    before_rounding: Decimal | Fraction
    read: tuple[tuple[str, object], ...]


class CompiledInvoice(NamedTuple):
    """The lines of a period by name, in the order printed, and the totals, in the contract's currency."""

    lines: tuple[tuple[str, Decimal], ...]
    net: Decimal
    vat: tuple[CompiledVat, ...]
    gross: Decimal
    reasons: tuple[LineReason, ...] = ()


class Doubt(Exception):  # noqa: N818 - generated code raises it; it is no error, the interpreter decides.
    """Generated code found what only the interpreter may decide."""


Generated: TypeAlias = Callable[[Figures], CompiledInvoice]

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Products of whole numbers and powers of ten, which are never rounded."""

_READ: dict[type, Callable[..., tuple[int, int]]] = {
    int: int.as_integer_ratio, Decimal: Decimal.as_integer_ratio, Fraction: Fraction.as_integer_ratio,
}  # fmt: skip


def _in_order(places: tuple[tuple[int | None, CompiledVat], ...]) -> tuple[CompiledVat, ...]:
    """What has a place, in the order of the places."""
    found = [(place, one) for place, one in places if place is not None]
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


_NAMES: dict[str, object] = {
    "Doubt": Doubt, "FRACTION": Fraction, "INVOICE": CompiledInvoice, "IN_ORDER": _in_order,
    "NEW": tuple.__new__, "RATIO": _READ, "REASON": LineReason, "TIMES": _EXACT.multiply, "VAT": CompiledVat,
}  # fmt: skip

_LEAVES_TO_THE_INTERPRETER = (Doubt, KeyError, ValueError, OverflowError, ZeroDivisionError)


class Compiler:
    """A contract with what rating needs; it keeps generated functions by their text.

    Two periods whose structure is the same give the same text, so they share one function.
    """

    def __init__(self, contract: CheckedContract, schema: Schema, series: SeriesReader) -> None:
        self.contract = contract
        self.schema = schema
        self.series = series
        self.terms = ContractTerms(contract.document.declarations)
        self._reading = Reading(self.terms)
        self._periods: dict[Period, CompiledPeriod] = {}
        self._functions: dict[tuple[str, str], Generated] = {}

    def period(self, period: Period) -> "CompiledPeriod":
        """A period of the contract, compiled once."""
        found = self._periods.get(period)
        if found is None:
            found = self._periods[period] = CompiledPeriod(self, period)
        return found

    def rating(self, figures: Mapping[str, tuple[SuppliedFigure, ...]]) -> Rating:
        """The interpreter over some figures."""
        usage = figures_usage(self.schema, figures)
        return Rating(self.contract, usage, self.series, reading=self._reading)

    def empty_rating(self) -> Rating:
        """The interpreter without a figure, which answers for the contract alone."""
        return self.rating({})

    def function(self, text: str, held: dict[str, object]) -> Generated:
        """The function of a text and the objects that it reads, made once."""
        key = (text, repr(held))
        if key not in self._functions:
            names = {**_NAMES, **held}
            exec(compile(text, "<compiled contract>", "exec"), names)  # noqa: S102 - our own text
            self._functions[key] = cast(Generated, names["rate"])
        return self._functions[key]


class CompiledPeriod:
    """The amounts of one period of a contract as a function of its figures.

    `figures` hold numbers in the unit of their measure (hours for `in hours`, 93 for 93%), a yes/no as a
    bool and None for no data; `(name, -1)` is the figure of the period before. A figure that has a formula
    and is given stands in for the formula. `why_not` says why the interpreter rates this period, None
    where generated code does; the amounts are the same. `interpreted` counts how often the interpreter was
    asked.
    """

    def __init__(self, compiler: Compiler, period: Period) -> None:
        self.period = period
        self.compiler = compiler
        self._amounts: dict[tuple[Key, ...], Generated] = {}
        self._explained: dict[tuple[Key, ...], Generated] = {}
        self._without: dict[tuple[frozenset[Key], frozenset[Key], bool], Generated | None] = {}
        self.units: Mapping[Key, str] = {}
        self.why_not: str | None = None
        self.interpreted = 0
        self._text = ""
        try:
            found = function_text(compiler.empty_rating, period, None, frozenset(), False)
        except NotCompiledError as reason:
            self.why_not = str(reason)
        else:
            self.units, self._text = found.units, found.text

    @property
    def text(self) -> str:
        """The generated function for figures that are all given, to be read; empty where there is none."""
        return self._text

    def amounts(self, figures: Figures) -> CompiledInvoice:
        """The lines and totals that these figures come to.

        Raises ContractError where the interpreter does: a figure is missing (CL919), outside its range
        (CL914), or not one of the contract (CL812); TypeError for a binary float.
        """
        rate = self._amounts.get(tuple(figures))
        if rate is None:
            return self._first(figures, self._amounts, False)
        try:
            return rate(figures)
        except _LEAVES_TO_THE_INTERPRETER:
            return self._carefully(figures, False)

    def explain(self, figures: Figures) -> CompiledInvoice:
        """The same with a light reason for each line; `Rating` gives the whole tree."""
        rate = self._explained.get(tuple(figures))
        if rate is None:
            return self._first(figures, self._explained, True)
        try:
            return rate(figures)
        except _LEAVES_TO_THE_INTERPRETER:
            return self._carefully(figures, True)

    # ---- what is not there yet, and what is in doubt

    def _first(
        self, figures: Figures, known: dict[tuple[Key, ...], Generated], explain: bool
    ) -> CompiledInvoice:
        """Make the function for figures of these names, and rate them."""
        self._refuse_unknown(figures)
        made = self._function(frozenset(figures), frozenset(), explain)
        known[tuple(figures)] = made if made is not None else lambda given: self._interpreted(given, explain)
        return self._carefully(figures, explain)

    def _function(self, given: frozenset[Key], no_data: frozenset[Key], explain: bool) -> Generated | None:
        key = (given, no_data, explain)
        if self.why_not is not None:
            return None
        if key not in self._without:
            try:
                found = function_text(self.compiler.empty_rating, self.period, given, no_data, explain)
                self._without[key] = self.compiler.function(found.text, found.held)
            except NotCompiledError:
                self._without[key] = None
        return self._without[key]

    def _carefully(self, figures: Figures, explain: bool) -> CompiledInvoice:
        """Rate figures of which some are no data, or something else that the fast way does not expect."""
        self._refuse_unfit(figures)
        plain_figures = {key: _exact(key, value) for key, value in figures.items()}
        no_data = frozenset(key for key, value in plain_figures.items() if value is None)
        rate = self._function(frozenset(figures), no_data, explain)
        if rate is not None:
            try:
                return rate(plain_figures)
            except Doubt:
                pass
        return self._interpreted(plain_figures, explain)

    def _interpreted(self, figures: Figures, explain: bool) -> CompiledInvoice:
        self.interpreted += 1
        compiler = self.compiler
        given: dict[str, list[SuppliedFigure]] = {}
        where = Place("figures", None, "figures")
        rating = compiler.rating({})
        for key, raw in figures.items():
            name, offset = (key, 0) if isinstance(key, str) else key
            period = compiler.terms.period_before(self.period, -offset)
            if period is None or not period.days:
                continue
            value = _exact(key, raw)
            if isinstance(value, (int, Decimal, Fraction)) and not isinstance(value, bool):
                value = Fraction(value) * scale_of(
                    rating.measure_kind(compiler.contract.scope.measures[name])
                )
            given.setdefault(name, []).append(SuppliedFigure(period.days, value, str(raw), where))
        rating = compiler.rating({name: tuple(found) for name, found in given.items()})
        if self.why_not is None:
            decide(rating)
        lines: list[InvoiceLine] = []
        wrong: list[Diagnostic] = []
        for line in compiler.terms.line_order:
            try:
                lines.extend(one.line for one in rating.rated(line, self.period) if not one.hidden)
            except ContractError as fault:
                wrong.extend(fault.diagnostics)
        if wrong:
            raise ContractError(wrong)
        return _invoice(lines, rating, explain)

    def _refuse_unfit(self, figures: Figures) -> None:
        """Raise TypeError for a yes/no where the measure is a number, and the other way round."""
        scope = self.compiler.contract.scope
        for key, value in figures.items():
            name = key if isinstance(key, str) else key[0]
            yes_no = measure_kind(scope.measures[name], scope).what == "boolean"
            if value is not None and isinstance(value, bool) != yes_no:
                meant = "True or False" if yes_no else "a Decimal, an int or a Fraction"
                raise TypeError(f"the figure {key!r} is a {type(value).__name__}: give {meant}")

    def _refuse_unknown(self, figures: Figures) -> None:
        measures = self.compiler.contract.scope.measures
        wrong = []
        for key in figures:
            name = key if isinstance(key, str) else key[0]
            if name not in measures:
                near = nearest(name, measures)
                cure = f'the nearest is "{near}"' if near else "declare it with `measure`, or leave it out"
                wrong.append(error("CL812", f'the contract has no figure called "{name}"', None, cure))
            elif not isinstance(key, str) and key[1] > 0:
                wrong.append(error("CL814", f'"{name}" is given for a period to come', None, "leave it out"))
        if wrong:
            raise ContractError(wrong)


def _exact(key: Key, value: object) -> Given:
    """A figure as an exact number; raises TypeError for a binary float or what is no figure at all."""
    if value is None or isinstance(value, (bool, int, Fraction)):
        return value if value is None or isinstance(value, bool) else (
            int(value) if isinstance(value, int) else Fraction(value))  # fmt: skip
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"the figure {key!r} is {value}, which is no number")
        return Decimal(value)
    raise TypeError(f"the figure {key!r} is a {type(value).__name__}: give a Decimal, an int or a Fraction")


def _decimal(value: Fraction, unit: Fraction) -> Decimal:
    return Decimal(plain(value, len(plain(unit).partition(".")[2])))


def _invoice(lines: list[InvoiceLine], rating: Rating, explain: bool) -> CompiledInvoice:
    """The interpreter's lines as a compiled period gives them."""
    from contractlang.exact import minor_unit

    unit = min(minor_unit(rating.currency), rating.cent(), key=lambda one: -len(plain(one)))
    found = totals(lines, rating.rounded_vat)
    reasons = []
    for line in lines if explain else ():
        before = line.reason.fact("before") if line.reason.kind == "rounding" else None
        exact = before.value if before is not None and before.value is not None else abs(line.amount)
        shown = Decimal(plain(exact)) if is_decimal(exact) else exact
        read = tuple(
            (step.label, step.value) for step in line.reason.walk() if step.kind in ("figure", "band", "tier")
        )
        reasons.append(LineReason(line.name, shown, read))
    natures = list(dict.fromkeys(line.vat for line in lines))
    taxed = sorted(
        (one for one in natures if one.rate is not None), key=lambda one: one.rate or 0, reverse=True
    )
    ordered = [*taxed, *(one for one in natures if one.rate is None)]
    return CompiledInvoice(
        tuple((line.name, _decimal(line.amount, unit)) for line in lines),
        _decimal(found.net, unit),
        tuple(CompiledVat(vat, _decimal(one.base, unit), _decimal(one.amount, unit))
              for vat, one in zip(ordered, found.vat, strict=True)),
        _decimal(found.gross, unit),
        tuple(reasons),
    )  # fmt: skip


def compile_period(
    contract: CheckedContract, period: Period, schema: Schema, series: SeriesReader
) -> CompiledPeriod | None:
    """The function of one period, or None where generated code cannot express it (see `why_not`)."""
    found = CompiledPeriod(Compiler(contract, schema, series), period)
    return found if found.why_not is None else None


def why_not(contract: CheckedContract, period: Period, schema: Schema, series: SeriesReader) -> str | None:
    """What of a period generated code cannot express, in a contract manager's words; None where it can."""
    return CompiledPeriod(Compiler(contract, schema, series), period).why_not
