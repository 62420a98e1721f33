"""The values of a row in SQL, and their exact algebra.

A number is an integer of SQL times an exact factor that stays here, so products, quotients by
constants and units never round; its bound says whether 64 bits are enough for the integer, or 128.
"""

import math
from fractions import Fraction
from typing import TypeAlias

from contractlang.diagnostics import ContractError, error
from contractlang.engines.engine import HUGE_LIMIT, INTEGER_LIMIT
from contractlang.frozen import dataclass
from contractlang.measuring.staging import StagedColumn
from contractlang.text import Span
from contractlang.units import PLAIN, Unit

MICROSECOND = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of each row: the integer `sql`, times `factor`, in the base units of `unit`.

    The factor is positive, so that the order of the integers is that of the values. The integer lies
    between `-bound` and `bound`; `constant` is the value of a literal.
    """

    sql: str
    factor: Fraction
    unit: Unit
    bound: int
    constant: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment of each row, in microseconds since 1970; `day` is SQL for its day in the timezone."""

    sql: str
    day: str
    bound: int
    column: StagedColumn | None = None


@dataclass(frozen=True, slots=True)
class DateOf:
    """A date of each row, in days since 1970."""

    sql: str
    bound: int


@dataclass(frozen=True, slots=True)
class TextOf:
    """A text of each row."""

    sql: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A yes or no of each row, NULL where an empty cell leaves it open."""

    sql: str


RowValue: TypeAlias = Quantity | Instant | DateOf | TextOf | Condition


def constant(value: Fraction, unit: Unit) -> Quantity:
    """A literal."""
    factor = Fraction(1, value.denominator)
    number = value.numerator
    return Quantity(_integer(number), factor, unit, abs(number), value)


def _integer(number: int) -> str:
    # Without a cast a small constant is of 32 bits, and so is its product with another.
    return f"CAST({number} AS {'BIGINT' if abs(number) < INTEGER_LIMIT else 'HUGEINT'})"


def common_factor(left: Fraction, right: Fraction) -> Fraction:
    """The greatest factor of which both are whole multiples."""
    denominator = math.lcm(left.denominator, right.denominator)
    numerator = math.gcd(int(left * denominator), int(right * denominator))
    return Fraction(numerator, denominator)


def rescaled(value: Quantity, factor: Fraction) -> Quantity:
    """The same number as an integer of another factor, of which its own is a whole multiple."""
    times = value.factor / factor
    assert times.denominator == 1, "a common factor divides both"
    if times == 1:
        return value
    bound = value.bound * abs(times.numerator)
    sql = f"({_wide(value, bound)} * {_integer(times.numerator)})"
    return Quantity(sql, factor, value.unit, bound, value.constant)


def product(left: Quantity, right: Quantity, unit: Unit) -> Quantity:
    """The product of two numbers."""
    if left.constant is not None and right.constant is not None:
        return constant(left.constant * right.constant, unit)
    # A constant beside a column only changes the factor, which costs the engine nothing.
    for one, other in ((left, right), (right, left)):
        if other.constant:
            sql = one.sql if other.constant > 0 else f"(-{one.sql})"
            return Quantity(sql, one.factor * abs(other.constant), unit, one.bound)
    bound = left.bound * right.bound
    sql = f"({_wide(left, bound)} * {_wide(right, bound)})"
    return Quantity(sql, left.factor * right.factor, unit, bound)


def total(left: Quantity, right: Quantity, operator: str, factor: Fraction, unit: Unit) -> Quantity:
    """The sum or the difference of two numbers of one factor."""
    bound = left.bound + right.bound
    sql = f"({_wide(left, bound)} {operator} {_wide(right, bound)})"
    return Quantity(sql, factor, unit, bound)


def _wide(value: Quantity, bound: int) -> str:
    return value.sql if bound < INTEGER_LIMIT else f"CAST({value.sql} AS HUGEINT)"


def bounded(value: Quantity, span: Span) -> Quantity:
    """The number where it fits into 128 bits; raises ContractError, CL837, where it may not."""
    if value.bound >= HUGE_LIMIT:
        raise too_large(span)
    return value


def too_large(span: Span | None) -> ContractError:
    """The numbers of a row expression pass 128 bits."""
    return refused("CL837", "the numbers of these rows are too large to be computed exactly", span)


def rounded(value: Quantity, step: Fraction, mode: str) -> Quantity:
    """Each row's number rounded to a multiple of `step`, as `exact.round_to` rounds."""
    assert step > 0, "a rounding step is positive"
    ratio = value.factor / step
    above, below = ratio.numerator, ratio.denominator
    bound = (2 * value.bound * above + 3 * below) * 2
    number = f"({_wide(value, bound)} * {_integer(above)})"
    if below == 1:
        return Quantity(number, step, value.unit, value.bound * above)
    # Engines divide whole numbers in ways of their own, so steps are never counted: what a number has
    # above the step below it is taken away, and a whole step added where the mode says so.
    size, divisor = f"abs({number})", _integer(below)
    rest = f"({size} % {divisor})"
    twice = f"(2 * {rest})"
    if mode == "up":
        raised = f"{rest} > 0"
    elif mode == "down":
        raised = ""
    elif mode == "half_up":
        raised = f"{twice} >= {divisor}"
    elif mode == "half_down":
        raised = f"{twice} > {divisor}"
    else:
        assert mode == "half_even", f"{mode!r} is no mode of rounding"
        odd = f"({size} - {rest}) % {_integer(2 * below)} <> 0"
        raised = f"{twice} > {divisor} OR ({twice} = {divisor} AND {odd})"
    more = f" + CASE WHEN {raised} THEN {divisor} ELSE 0 END" if raised else ""
    steps = f"{size} - {rest}{more}"
    sql = f"(CASE WHEN {number} < 0 THEN -({steps}) ELSE {steps} END)"
    return Quantity(sql, step / below, value.unit, value.bound * above + below)


def kind_of(value: RowValue) -> str:
    """What a value is, for a sentence."""
    if isinstance(value, Quantity):
        return "a number" if value.unit == PLAIN else f"a number of {value.unit}"
    names = {Instant: "a time", DateOf: "a date", TextOf: "a text", Condition: "a yes or no"}
    return names[type(value)]


def refused(code: str, message: str, span: Span | None, cure: str = "") -> ContractError:
    """What is wrong with a row expression, to be raised."""
    return ContractError([error(code, message, span, cure)])
