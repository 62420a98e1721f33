"""Light reasons as generated code: what a line read, the rows it reached, its amount before rounding."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.calendar import Days
from contractlang.compiled.figures import scale_of
from contractlang.compiled.values import NoData, Num, Truth, Value
from contractlang.exact import is_decimal, plain
from contractlang.kinds import Kind
from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.compiled.compilation import Compilation
    from contractlang.compiled.drafts import Draft

ROW = "row"


class Reasons:
    """Writes the reasons of lines, where they are asked for."""

    def __init__(self, compilation: "Compilation") -> None:
        self._all = compilation
        self.current = ""

    @contextmanager
    def line(self) -> Iterator[None]:
        """What is read while a line is computed is a reason of that line."""
        before = self.current
        if self._all.explain:
            self.current = self._all.source.fresh("r")
            self._all.source.put(f"{self.current} = []")
        try:
            yield
        finally:
            self.current = before

    def row(self, text: str) -> None:
        """The row of a band table, or the tier, that is reached."""
        if self.current:
            self._all.source.put(f"{self.current}.append({self._all.source.hold((ROW, text))})")

    def figure(self, measure: tree.Measure, kind: Kind, value: Value, days: Days) -> None:
        """A figure that is read, in the unit in which it is shown."""
        if not self.current:
            return
        name = measure.name.text
        if days != self._all.period.days:
            name += f" ({days})"
        self._all.source.put(f"{self.current}.append(({name!r}, {self._shown(value, scale_of(kind))}))")

    def of(self, draft: "Draft") -> str:
        """The reason of a printed line."""
        read = f"tuple({draft.reasons})" if draft.reasons else "()"
        return f"NEW(REASON, ({draft.name!r}, {self._shown(draft.exact, Fraction(1))}, {read}))"

    def _shown(self, value: Value, scale: Fraction) -> str:
        if isinstance(value, NoData):
            return "None"
        if isinstance(value, Truth):
            return value.code
        shown = value.times(1 / scale)
        if shown.constant is not None:
            fixed = shown.constant
            return self._all.source.hold(Decimal(plain(fixed)) if is_decimal(fixed) else fixed)
        given = self._given(value)
        if given is not None:
            return given
        text = self._number(shown)
        return f"(None if {value.absent} else {text})" if value.unsure else text

    def _given(self, value: Num) -> str | None:
        """The number as the caller gave it, where it is one."""
        at = value.num[1:]
        read = value.num.startswith("n") and at.isdigit() and value.den == f"d{at}_"
        return f"x{at}" if read and value in self._all.figures.given.values() else None

    def _number(self, value: Num) -> str:
        top, below = value.factor.numerator, value.factor.denominator
        if value.den == "1" and is_decimal(Fraction(1, below)):
            return f"TIMES({top}*{value.num}, {self._all.source.hold(Decimal(plain(Fraction(1, below))))})"
        return f"FRACTION({top}*{value.num}, {below}*{value.den})"
