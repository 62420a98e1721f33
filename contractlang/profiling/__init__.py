"""Checks of the data before money: a contract and its usage in, what will be rated and what is odd in it out.

`asking` says what a contract wants to know of a table, measuring counts it, `gaps` finds the days without
rows, `earlier` reads what was known before, `findings` puts into words what a contract manager should look
at. Nothing here changes an amount.
"""

from contractlang.measuring.facts import GroupFacts, IntervalFacts
from contractlang.profiling.profile import (
    FigureProfile,
    MonthChange,
    TableProfile,
    UsageProfile,
    profile_usage,
)

__all__ = [
    "FigureProfile", "GroupFacts", "IntervalFacts", "MonthChange", "TableProfile", "UsageProfile",
    "profile_usage",
]  # fmt: skip
