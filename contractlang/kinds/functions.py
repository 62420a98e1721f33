"""The functions that expressions may call: one table, read by kinds, checking and rating."""

from contractlang.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """A function: whether it aggregates rows or parts, or takes values, and how many of them.

    `aggregate` functions take one argument of rows (`contacts where …`) or of parts (`X by month`);
    `most` is None where any number of values may be given. `usage` shows how it is written.
    """

    name: str
    aggregate: bool
    values: bool
    least: int
    most: int | None
    usage: str


FUNCTIONS: dict[str, Function] = {
    one.name: one
    for one in (
        Function("count", True, False, 1, 1, "count(contacts where answered)"),
        Function("count_distinct", True, False, 1, 1, "count_distinct(contacts.customer)"),
        Function("sum", True, False, 1, 1, "sum(contacts.talk)"),
        Function("average", True, False, 1, 1, "average(contacts.csat)"),
        Function("latest", True, False, 1, 1, "latest(seats by day)"),
        Function("percentile", True, False, 2, 2, "percentile(contacts.wait, 80)"),
        Function("any", True, False, 1, 1, "any(missed by month over quarter)"),
        Function("all", True, False, 1, 1, "all(met by month over quarter)"),
        Function("min", True, True, 1, None, "min(contacts.wait), min(a, b)"),
        Function("max", True, True, 1, None, "max(contacts.wait), max(a, b)"),
        Function("abs", False, True, 1, 1, "abs(gap)"),
        Function("floor", False, True, 1, 1, "floor(hours / 8)"),
        Function("ceil", False, True, 1, 1, "ceil(hours / 8)"),
        Function("clamp", False, True, 3, 3, "clamp(gap, -5%, 5%)"),
    )
}

PARTS = ("day", "week", "month", "quarter", "year")
"""The lengths of calendar time that `by` may name; any other word after it is a column."""
