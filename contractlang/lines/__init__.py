"""One module a kind of line: what it reads, how it comes to its drafts.

In: an `Assessment` and the `Assessor` that rating is. Out: `Draft`s. A new kind is one rule in the
grammar, one module here and one spec; `KINDS` is the only list.
"""

from collections.abc import Callable

from contractlang.lines import bonus_malus, charge, clawback, limit, minimum, penalty
from contractlang.lines.assessment import Assessment, Assessor, Draft

KINDS: dict[str, Callable[[Assessment, Assessor], list[Draft]]] = {
    "charge": charge.assess,
    "bonus_malus": bonus_malus.assess,
    "penalty": penalty.assess,
    "minimum": minimum.assess,
    "limit": limit.assess,
    "clawback": clawback.assess,
}
"""How each kind is assessed; fees and subscriptions keep accounts of their own (`fee.assess`)."""

FEES = ("fee", "subscription")
DEDUCTED = ("penalty", "clawback")
"""Kinds that are written positive and always deducted."""

__all__ = ["DEDUCTED", "FEES", "KINDS", "Assessment", "Assessor", "Draft"]
