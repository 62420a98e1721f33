"""What every engine takes from a typed cell alike: the bounds of what is read, and the shape of a check."""

from contractlang.engines.engine import Cell

LONGEST_SECONDS = 99_999_999_999
"""The longest length of time in seconds, some three thousand years; a longer one is a slip."""

FIRST_DAY, LAST_DAY = -354_285, 376_199
"""The days from the year 1000 to the year 2999, since 1970: others are slips, and no date of a contract."""

FIRST_MICROSECOND, LAST_MICROSECOND = FIRST_DAY * 86_400_000_000, (LAST_DAY + 1) * 86_400_000_000 - 1
"""The same years in microseconds since 1970."""

MOST_DECIMALS = 20
"""The most decimals that a number may have."""

MOST_DIGITS = 38
"""The most digits of an integer that every engine computes exactly."""

_DIGITS_OF_64_BITS = 18


def checked(
    cell: str, inside: str, value: str, *, decimals: int = 0, instant: bool = False, bound: int | None = None
) -> Cell:
    """A cell that is `value` where `inside` holds, and wrong where it does not and the cell is not empty."""
    return Cell(
        f"CASE WHEN {inside} THEN {value} END",
        decimals,
        instant,
        bound,
        wrong=f"({cell} IS NOT NULL AND NOT coalesce({inside}, false))",
    )


def decimal_cell(cell: str, inside: str, whole: str, decimals: int, digits: int | None) -> Cell:
    """A decimal as the integer of its last decimal; `digits` is how many its type admits, None for any."""
    small = digits is not None and digits <= _DIGITS_OF_64_BITS
    type_ = "BIGINT" if small else f"DECIMAL({MOST_DIGITS}, 0)"
    bound = None if digits is None else 10 ** min(digits, MOST_DIGITS)
    return checked(cell, inside, f"CAST({whole} AS {type_})", decimals=decimals, bound=bound)
