"""Tiers that do not say whether they are graduated: the words, with what each reading would cost."""

from collections.abc import Sequence
from fractions import Fraction

from contractlang.diagnostics import Diagnostic, error
from contractlang.exact import CURRENCIES, money, number, plain
from contractlang.syntax import tree
from contractlang.text import Span

_CURE = (
    "write `graduated prices {` (each slice at its own price) or `volume price {` (all at the price of the "
    "tier reached)"
)


def without_kind(span: Span, tiers: Sequence[tree.Tier] = ()) -> Diagnostic:
    """The diagnostic (CL128) for tiers after `at` that are neither graduated nor at volume price."""
    unit = next(
        (tier.up_to.unit.text for tier in tiers if isinstance(tier.up_to, tree.Number) and tier.up_to.unit),
        "units",
    )
    message = f"these tiers do not say which {unit} each price is for"
    return error("CL128", message + _example(tiers, unit), span, _CURE)


def _example(tiers: Sequence[tree.Tier], unit: str) -> str:
    """What a quantity in the second tier costs either way, where tiers and prices are plain numbers."""
    if len(tiers) < 2 or any(tier.plus is not None for tier in tiers):
        return ""
    first, second = tiers[:2]
    if not (isinstance(first.up_to, tree.Number) and isinstance(first.price, tree.Number)):
        return ""
    if not isinstance(second.price, tree.Number) or second.price.unit is None:
        return ""
    currency = second.price.unit.text.partition("/")[0]
    if currency not in CURRENCIES:
        return ""
    edge = number(first.up_to.value)
    end = number(second.up_to.value) if isinstance(second.up_to, tree.Number) else 2 * edge
    quantity = (edge + end) / 2
    low, high = number(first.price.value), number(second.price.value)
    graduated, volume = edge * low + (quantity - edge) * high, quantity * high
    return (
        f": {_spaced(plain(quantity))} {unit} cost {_money(graduated, currency)} at graduated prices and "
        f"{_money(volume, currency)} at volume price"
    )


def _money(amount: Fraction, currency: str) -> str:
    return f"{_spaced(money(amount, currency))} {currency}"


def _spaced(text: str) -> str:
    whole, dot, part = text.partition(".")
    return f"{int(whole):,}".replace(",", " ") + dot + part
