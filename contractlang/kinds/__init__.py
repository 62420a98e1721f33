"""Static kinds: what every name and expression of a contract is, before any figure is known.

In: the declarations of a document. Out: `Scope`, the names of the contract over all its versions, and
`Kind`, what a value is and in which unit. Checking asks it what may be written, rating how to show a
number and how to tell a percent from an amount of money.
"""

from contractlang.kinds.constants import constant, is_zero
from contractlang.kinds.deriving import (
    column_kind,
    joined,
    kind_of,
    line_kind,
    measure_kind,
    operated,
    price_kind,
    reads_in,
    table_of,
    unit_kind,
)
from contractlang.kinds.doubt import may_be_no_data
from contractlang.kinds.functions import FUNCTIONS, PARTS, Function
from contractlang.kinds.kind import (
    BOOLEAN,
    DATE,
    DAYS,
    INSTANT,
    NOTHING,
    NUMBER,
    PERCENT,
    POINTS,
    SECONDS,
    TABLE,
    TEXT,
    UNKNOWN,
    WINDOW,
    Kind,
    money,
)
from contractlang.kinds.scope import Scope, fixed_multiple, merged, unit_table

__all__ = [
    "BOOLEAN",
    "DATE",
    "DAYS",
    "FUNCTIONS",
    "INSTANT",
    "NOTHING",
    "NUMBER",
    "PARTS",
    "PERCENT",
    "POINTS",
    "SECONDS",
    "TABLE",
    "TEXT",
    "UNKNOWN",
    "WINDOW",
    "Function",
    "Kind",
    "Scope",
    "column_kind",
    "constant",
    "fixed_multiple",
    "is_zero",
    "joined",
    "kind_of",
    "line_kind",
    "may_be_no_data",
    "measure_kind",
    "merged",
    "money",
    "operated",
    "price_kind",
    "reads_in",
    "table_of",
    "unit_kind",
    "unit_table",
]
