"""What kind of thing a difference is: wording, price, timing or risk.

In: a difference. Out: its class. The rule, in one place:

    wording   labels, titles, names, reasons, parties, comments of the law: what is printed, not computed;
              the key of a table and the ranges of its columns, which only checks of the data read
    price     rates, amounts, tiers, values of bands, fees, bounds and minimums, VAT, rounding, units
    timing    the term, periods, days, rhythms, phases, in advance, proration, payment
    risk      edges of bands, gates, penalties, figures and how they are measured, ways out of a phase

A clause that comes or goes has the class of its kind: charges, fees, minimums, limits, clawbacks, rates
and indices are prices; bonus-malus, penalties, figures, tables and windows are risks; phases are timing,
and so are dated ways out, while conditional ones are risks. Only wording can move no money.
"""

from typing import Literal, TypeAlias

from contractlang.comparing.difference import Difference
from contractlang.syntax import tree

Class: TypeAlias = Literal["wording", "price", "timing", "risk"]
CLASSES: tuple[Class, ...] = ("wording", "price", "timing", "risk")
"""From what cannot move money to what is hardest to foresee."""

_OF_KIND: dict[str, Class] = {
    "unit": "wording", "usage": "risk", "window": "risk", "measure": "risk", "rate": "price",
    "amount": "price", "index": "price", "charge": "price", "fee": "price", "subscription": "price",
    "bonus-malus": "risk", "penalty": "risk", "minimum": "price", "limit": "price", "clawback": "price",
    "phase": "timing", "invariant": "wording", "amendment": "wording",
}  # fmt: skip
_WORDS = frozenset(
    {"label", "title", "name", "reason", "provider", "client", "plural", "part name", "column name", "key"}
)
_TIMES = frozenset(
    {"term", "invoiced", "timezone", "payment", "per", "start", "until", "every", "timing", "not_prorated",
     "once", "once_on", "as_of", "effective", "from", "phase", "restated", "no longer restated",
     "first phase", "after",
     "on day", "not_before", "prorated_by_day", "indexed base", "indexed every", "indexed lag",
     "at_most over", "at_least over", "tiers over", "frequency"}
)  # fmt: skip
_RISKS = frozenset(
    {"edge", "rows", "row", "no data", "figure", "bonus_when", "malus_when", "when", "tiers of", "part",
     "column"}
)  # fmt: skip


def class_of(difference: Difference) -> Class:
    """The class of a difference."""
    kind, attribute = difference.clause.kind, difference.attribute
    if attribute in ("added", "removed", "no longer removed"):
        return _of_clause(difference)
    if kind == "invariant" or attribute in _WORDS or attribute == "order of lines":
        return "wording"
    if attribute == "column" and _differ_in_range(difference.old, difference.new):
        return "wording"
    if kind == "transition":
        if attribute == "way":
            return (
                "risk" if any(one.when is not None for one in (difference.old, difference.new)) else "timing"
            )
        return "timing" if attribute in ("after", "on", "not_before") else "risk"
    if attribute in _TIMES:
        return "timing"
    if attribute.startswith("order of"):
        return "price" if attribute == "order of limits" else "timing"
    if kind in ("measure", "usage", "window", "penalty") and not _is_tax(attribute):
        return "risk"
    if attribute == "row" and kind in ("rate", "amount"):
        return "price"
    if attribute in _RISKS:
        # A rate or a tier by bands is a price; where its edges lie decides what is paid for which figure.
        return "risk"
    return "price"


def _differ_in_range(old: object, new: object) -> bool:
    """Whether two columns are one but for the range that their cells should lie in."""
    if not isinstance(old, tree.Column) or not isinstance(new, tree.Column):
        return False
    return (old.name, old.type, old.optional) == (new.name, new.type, new.optional)


def _is_tax(attribute: str) -> bool:
    return attribute == "vat"


def _of_clause(difference: Difference) -> Class:
    if difference.clause.kind == "transition":
        way = difference.new if difference.new is not None else difference.old
        return "risk" if isinstance(way, tree.Transition) and way.when is not None else "timing"
    return _OF_KIND.get(difference.clause.kind, "price")
