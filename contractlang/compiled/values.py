"""What an expression comes to in generated code: a number, a yes/no, or no data.

A number is `factor * num / den`: the factor is known when the code is generated, `num` and `den` are
whole numbers held by variables of the generated function. So sums, products and quotients stay exact
without a fraction ever being reduced, and a product with a price of the contract costs nothing at all.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias


class NotCompiledError(Exception):
    """What the generated code cannot express; the message says what, in a contract manager's words."""


class RefusedError(Exception):
    """What the terms make an error wherever it is reached; the interpreter is asked, which says it."""


@dataclass(frozen=True, slots=True)
class Num:
    """A number; `num` and `den` are variables or whole numbers as text, `den` is above zero.

    With `unsure`, the variable `num` may hold None, which is no data.
    """

    factor: Fraction
    num: str = "1"
    den: str = "1"
    unsure: bool = False

    @property
    def constant(self) -> Fraction | None:
        """The value, where it is known when the code is generated."""
        return self.factor if self.num == "1" and self.den == "1" else None

    def times(self, factor: Fraction) -> "Num":
        """The product with a number that is known."""
        return replace(self, factor=self.factor * factor) if factor else ZERO

    @property
    def absent(self) -> str:
        """The test that tells whether it is no data."""
        return f"{self.num} is None"

    @property
    def sure(self) -> "Num":
        """The same where it was just asked that it is not no data."""
        return replace(self, unsure=False)


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes/no: an expression of the generated code, or a constant; with `unsure` it may be None."""

    code: str
    unsure: bool = False

    @property
    def constant(self) -> bool | None:
        """The value, where it is known when the code is generated."""
        return {"True": True, "False": False}.get(self.code)

    @property
    def absent(self) -> str:
        """The test that tells whether it is no data."""
        return f"{self.code} is None"

    @property
    def sure(self) -> "Truth":
        """The same where it was just asked that it is not no data."""
        return replace(self, unsure=False)


@dataclass(frozen=True, slots=True)
class NoData:
    """What is no data whatever the figures are."""


Value: TypeAlias = Num | Truth | NoData

NO_DATA = NoData()
ZERO = Num(Fraction(0))
YES, NO = Truth("True"), Truth("False")


def number(value: Fraction | int) -> Num:
    """A number that is known when the code is generated."""
    return Num(Fraction(value))
