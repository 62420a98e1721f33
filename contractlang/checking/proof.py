"""The proof that bands hold every value once: cuts of the line of numbers, exactly.

In: stretches between cuts and the range to cover. Out: what is held by none, and what is held twice.
A cut lies just before or just after a value, so that an edge that includes its value and one that does
not are two places, and the exact value that falls between two rows is found as a stretch of its own.
"""

from fractions import Fraction
from typing import TypeAlias

from contractlang.frozen import dataclass

Cut: TypeAlias = tuple[int, Fraction, int]

LOWEST: Cut = (-1, Fraction(0), 0)
HIGHEST: Cut = (1, Fraction(0), 0)


def before(value: Fraction) -> Cut:
    """The cut just before a value: the value lies above it."""
    return 0, value, 0


def after(value: Fraction) -> Cut:
    """The cut just after a value: the value lies below it."""
    return 0, value, 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """The values from one cut to another; empty where the first is not below the second."""

    low: Cut
    high: Cut

    def __bool__(self) -> bool:
        return self.low < self.high

    def meet(self, other: "Stretch") -> "Stretch":
        """The values that both hold; perhaps none."""
        return Stretch(max(self.low, other.low), min(self.high, other.high))

    @property
    def exact(self) -> Fraction | None:
        """The one value of a stretch that holds a single value."""
        if self.low[0] == self.high[0] == 0 and self.low[1] == self.high[1] and self:
            return self.low[1]
        return None

    def __contains__(self, value: Fraction) -> bool:
        return self.low <= before(value) and after(value) <= self.high


@dataclass(frozen=True, slots=True)
class Overlap:
    """The values that two rows hold; the rows by their number, in the order written."""

    values: Stretch
    first: int
    second: int


def uncovered(rows: list[Stretch], whole: Stretch) -> list[Stretch]:
    """The values of `whole` that no row holds, from the lowest up."""
    found: list[Stretch] = []
    reached = whole.low
    for row in sorted(rows, key=lambda one: one.low):
        part = row.meet(whole)
        if not part:
            continue
        if part.low > reached:
            found.append(Stretch(reached, part.low))
        reached = max(reached, part.high)
    if reached < whole.high:
        found.append(Stretch(reached, whole.high))
    return found


def overlaps(rows: list[Stretch], whole: Stretch) -> list[Overlap]:
    """The values of `whole` that two rows hold, each row against the one that reaches furthest below it."""
    order = sorted(range(len(rows)), key=lambda index: (rows[index].low, rows[index].high))
    found: list[Overlap] = []
    furthest: int | None = None
    for index in order:
        part = rows[index].meet(whole)
        if not part:
            continue
        if furthest is not None:
            shared = part.meet(rows[furthest].meet(whole))
            if shared:
                found.append(Overlap(shared, min(furthest, index), max(furthest, index)))
        if furthest is None or part.high > rows[furthest].meet(whole).high:
            furthest = index
    return found
