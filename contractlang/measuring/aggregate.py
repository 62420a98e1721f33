"""What is asked of the rows of a table, and what is found."""

from enum import Enum
from fractions import Fraction
from typing import Final

from contractlang.frozen import dataclass
from contractlang.syntax import tree


class AllRows(Enum):
    """The one value of `ALL`, which is no value of a column."""

    ALL = "all"


ALL: Final = AllRows.ALL
"""Asks for the rows of every group; None would ask for those whose column is empty."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate over the rows of a table, as the contract writes it.

    `function` is one of count, sum, average, min, max, count_distinct, percentile, latest. `value` is
    a row expression, None for a count of rows; with `to` it is the start of an interval, of which
    `during` takes the part in a window. `each` rounds every row. `percent` is the 80 of
    `percentile(x, 80)`. `by` is a column whose values can be asked for one by one.
    """

    table: str
    function: str
    value: tree.Expression | None = None
    to: tree.Expression | None = None
    during: str | None = None
    where: tree.Expression | None = None
    each: tree.Rounding | None = None
    percent: Fraction | None = None
    by: str | None = None

    @property
    def is_cut(self) -> bool:
        """Whether rows are cut at midnights: only a plain sum of an interval is (rulings, "Figures")."""
        return self.function == "sum" and self.to is not None and self.each is None


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found: a value in base units (seconds, days, plain counts, amounts) and the rows counted.

    `value` is None where there is no data: an average, min, max, percentile or latest of no rows.
    """

    value: Fraction | None
    rows: int
