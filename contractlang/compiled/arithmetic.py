"""Exact arithmetic as generated code: whole numbers only, rounded where the terms say so.

A value is `factor * num / den` (see `values`). Nothing is ever reduced: a comparison multiplies across,
and a rounding is one division of whole numbers with the tie decided by its mode.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from contractlang.compiled.source import Source, common, term
from contractlang.compiled.values import NO, NO_DATA, YES, ZERO, Num, Truth, Value, number
from contractlang.exact import Mode, round_above, round_below, round_to

Way = Mode | Literal["floor", "ceil"]


class Arithmetic:
    """Writes the operations of numbers that are not no data; `Source.known` asks that before."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def add(self, a: Num, b: Num) -> Num:
        """The sum of two numbers."""
        if a.constant == 0 or b.constant == 0:
            return b if a.constant == 0 else a
        if a.constant is not None and b.constant is not None:
            return number(a.constant + b.constant)
        factor = common([a.factor, b.factor])
        ka, kb = ((one.factor / factor).numerator for one in (a, b))
        if (a.num, a.den) == (b.num, b.den):
            return Num(factor * (ka + kb), a.num, a.den) if ka + kb else ZERO
        if a.den == b.den:
            return Num(factor, self.source.let(_sum(term(ka, a.num), term(kb, b.num))), a.den)
        num = self.source.let(_sum(term(ka, a.num, b.den), term(kb, b.num, a.den)))
        return Num(factor, num, self._product(a.den, b.den))

    def total(self, numbers: Sequence[Num]) -> Num:
        """The sum of some numbers."""
        found = ZERO
        for one in numbers:
            found = self.add(found, one)
        return found

    def subtract(self, a: Num, b: Num) -> Num:
        """The difference of two numbers."""
        return self.add(a, b.times(Fraction(-1)))

    def multiply(self, a: Num, b: Num) -> Num:
        """The product of two numbers."""
        if a.constant is not None or b.constant is not None:
            known, other = (a, b) if a.constant is not None else (b, a)
            return other.times(known.factor)
        factor = a.factor * b.factor
        return Num(factor, self._product(a.num, b.num), self._product(a.den, b.den))

    def divide(self, a: Num, b: Num) -> Value:
        """The quotient of two numbers; no data where the divisor is zero."""
        if b.constant is not None:
            return a.times(1 / b.constant) if b.constant else NO_DATA

        def quotient() -> Value:
            factor = a.factor / b.factor
            num = term(1, a.num, b.den)
            # A divisor is above zero by what this asks, so that a comparison may multiply across.
            top = self.source.let(
                f"{num} if {b.num} > 0 else -{num}" if num != "1" else f"1 if {b.num} > 0 else -1"
            )
            return Num(factor, top, self._product(a.den, self.source.let(f"abs({b.num})")))

        if a.constant == 0:
            return self.source.pick([(f"{b.num} == 0", lambda: NO_DATA), (None, lambda: ZERO)])
        return self.source.pick([(f"{b.num} == 0", lambda: NO_DATA), (None, quotient)])

    def compare(self, a: Num, operator: str, b: Num) -> Truth:
        """Whether a comparison holds: an expression without a statement of its own."""
        if a.constant is not None and b.constant is not None:
            return YES if _HOLDS[operator](a.constant, b.constant) else NO
        factor = common([a.factor, b.factor])
        ka, kb = ((one.factor / factor).numerator for one in (a, b))
        return Truth(f"({term(ka, a.num, b.den)} {operator} {term(kb, b.num, a.den)})")

    def lesser(self, a: Num, b: Num) -> Num:
        """The lesser of two numbers."""
        return self._either(self.compare(a, "<=", b), a, b)

    def greater(self, a: Num, b: Num) -> Num:
        """The greater of two numbers."""
        return self._either(self.compare(a, ">=", b), a, b)

    def _either(self, first: Truth, a: Num, b: Num) -> Num:
        if first.constant is not None:
            return a if first.constant else b
        if a.den == b.den:
            factor = common([a.factor, b.factor])
            ka, kb = ((one.factor / factor).numerator for one in (a, b))
            num = self.source.let(f"{term(ka, a.num)} if {first.code} else {term(kb, b.num)}")
            return Num(factor, num, a.den)
        found = self.source.pick([(first.code, lambda: a), (None, lambda: b)])
        assert isinstance(found, Num), "both are numbers"
        return found

    def absolute(self, a: Num) -> Num:
        """The number without its sign."""
        if a.constant is not None:
            return number(abs(a.constant))
        return Num(abs(a.factor), self.source.let(f"abs({a.num})"), a.den)

    # ---- rounding

    def rounded(self, value: Num, step: Fraction, mode: Way) -> Num:
        """The multiple of `step` that a number rounds to; `floor` and `ceil` are the sides of a bound."""
        if value.constant is not None:
            return number(_round(value.constant, step, mode))
        steps = value.factor / step
        top, below = steps.numerator, steps.denominator
        if below == 1 and value.den == "1":
            return Num(step, self.source.let(term(top, value.num)))
        num = self.source.let(term(top, value.num))
        den = str(below) if value.den == "1" else self.source.let(term(below, value.den))
        return Num(step, self.source.let(_whole(num, den, mode), "a"))

    def _product(self, a: str, b: str) -> str:
        return self.source.let(term(1, a, b))


_HOLDS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip


def _round(value: Fraction, step: Fraction, mode: Way) -> Fraction:
    if mode == "floor":
        return round_below(value, step)
    if mode == "ceil":
        return round_above(value, step)
    return round_to(value, step, mode)


def _whole(num: str, den: str, mode: Way) -> str:
    """The whole number that `num / den` rounds to, as an expression (compare `exact.round_to`)."""
    if mode == "floor":
        return f"{num} // {den}"
    if mode == "ceil":
        return f"-(-{num} // {den})"
    if mode in ("up", "down"):
        below, above = f"{num} // {den}", f"-(-{num} // {den})"
        first, second = (above, below) if mode == "up" else (below, above)
        return f"{first} if {num} >= 0 else {second}"
    if mode == "half_even":
        rest = f"2*({num} % {den})"
        return f"{num} // {den} + ({rest} > {den} or ({rest} == {den} and {num} // {den} % 2 == 1))"
    half, twice, two = (
        (str(int(den) // 2), "", den) if den.isdigit() and int(den) % 2 == 0 else ("", "2*", "")
    )
    if not half:
        half, two = den, str(2 * int(den)) if den.isdigit() else f"(2*{den})"
    upwards = f"({twice}{num} + {half}) // {two}"
    downwards = f"-(({half} - {twice}{num}) // {two})"
    first, second = (upwards, downwards) if mode == "half_up" else (downwards, upwards)
    return f"{first} if {num} >= 0 else {second}"


def _sum(a: str, b: str) -> str:
    return f"{a} - {b[1:]}" if b.startswith("-") else f"{a} + {b}"
