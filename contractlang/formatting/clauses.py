"""Where the clauses of a declaration begin, and the order in which they are printed.

In: the tokens of a declaration, with a block taken as one ("LBRACE" where it stands alone, "BLOCK" where it
holds the rows of what stands before it). Out: where each clause begins, and its rank.
The order is that of `contractlang.syntax.printing`, which prints trees: name, label, what it is of or on,
`=`, conditions and bounds, days, rhythm, proration, VAT, tables last.
"""

from collections.abc import Sequence

LINES = frozenset("CHARGE FEE SUBSCRIPTION BONUS_MALUS PENALTY MINIMUM LIMIT CLAWBACK".split())

_MEASURE = "EQ IN ROUNDED WHEN BETWEEN ELSE NOT_ADDED PRORATED_BY_DAY".split()
_PRICE = "EQ BY LBRACE INDEXED_ON BASE EVERY FIXED_PART LAG COEFFICIENT AT_MOST UNCHANGED_WITHIN".split()
_TRANSITION = "AFTER ON WHEN NOT_BEFORE".split()
_LINE = """
    EQ ON AS_OF BETWEEN AT_MOST AT_LEAST BONUS MALUS WHEN FROM UNTIL EVERY IN_ADVANCE IN_ARREARS
    NOT_PRORATED ONCE ONCE_ON TAXED EXEMPT UNTAXED ONE_LINE_PER_TIER CARRIED_FORWARD BY LBRACE
    """.split()
_CLAUSES: dict[str, list[str]] = {
    "MEASURE": _MEASURE,
    "RATE": _PRICE,
    "AMOUNT": _PRICE,
    "TRANSITION_TO": _TRANSITION,
    **dict.fromkeys(LINES, _LINE),
    **{keyword: ["EQ"] for keyword in ("WINDOW", "UNIT", "EXPECT", "ASSIGNED")},
}
# `bonus at most`, `malus when` and `coefficient rounded` are one clause of two words.
_OPENS_TWO = {"BONUS", "MALUS", "COEFFICIENT"}
ENDS_OPERAND = frozenset(
    """
    NAME ASSIGNED ASSIGNED_MEMBER NUMBER PERCENT STRING DATE MONTH QUARTER TIME COMPOUND RPAR RBRACE YES NO
    ROLLING BEFORE CONTRACT CONTRACT_YEAR KNOWN REGION PERCENT_SIGN BLOCK
    """.split()
)
"""What a value may end with: a sign after it adds, elsewhere a sign is that of a number."""


def clause_starts(terminals: Sequence[str]) -> list[int]:
    """Where the clauses of a declaration begin."""
    words = _CLAUSES.get(terminals[0])
    if words is None:
        return []
    found: list[int] = []
    depth = conditions = 0
    for at, terminal in enumerate(terminals):
        before = terminals[at - 1] if at else ""
        if terminal == "LPAR":
            depth += 1
        elif terminal == "RPAR":
            depth -= 1
        elif depth or not at:
            continue
        elif terminal in ("IF", "PREVIOUS"):
            conditions += 1
        elif terminal == "ELSE" and conditions:
            conditions -= 1
        elif terminal in words and before not in _OPENS_TWO and (terminal != "BY" or before in ENDS_OPERAND):
            found.append(at)
    return found


def rank(keyword: str, clause: Sequence[str]) -> int:
    """The place of a clause of a declaration among the others."""
    first, second = clause[0], clause[1] if len(clause) > 1 else ""
    words = _CLAUSES[keyword]
    if keyword == "BONUS_MALUS" and first in ("EQ", "ON"):
        # A bonus is `on` lines, then says how much; a minimum is an amount `on` lines.
        return 0 if first == "ON" else 1
    if first in ("BONUS", "MALUS"):
        return 10 * words.index("BONUS") + 2 * (second == "WHEN") + (first == "MALUS")
    alike = {"IN_ARREARS": "IN_ADVANCE", "UNTAXED": "TAXED", "EXEMPT": "TAXED"}
    return 10 * words.index("BY" if first == "LBRACE" else alike.get(first, first))
