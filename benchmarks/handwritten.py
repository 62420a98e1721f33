"""The Acme contract as a programmer would write it by hand: `Decimal`, no reasons, one month of performance.

It is the yardstick of rating: what Python itself needs for the same lines, to the same cent.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
TIERS = ((Decimal(10000), Decimal("4.20")), (Decimal(25000), Decimal("3.90")), (None, Decimal("3.55")))


def cents(value: Decimal) -> Decimal:
    """Rounded half up to the cent; no figure here is negative and a tie at once."""
    return value.quantize(CENT, ROUND_HALF_UP)


def answering(rate: Decimal) -> Decimal:
    """The band of the answer rate."""
    if rate < Decimal("0.80"):
        return Decimal("-0.05")
    if rate < Decimal("0.85"):
        points = ((Decimal("0.85") - rate) * 100).to_integral_value(ROUND_CEILING)
        return Decimal("-0.01") * points
    if rate < Decimal("0.92"):
        return Decimal(0)
    if rate < Decimal("0.96"):
        return Decimal("0.03") * (rate - Decimal("0.92")) / Decimal("0.04")
    return Decimal("0.03")


def satisfied(difference: Decimal) -> Decimal:
    """The band of the satisfaction against its average."""
    if difference < Decimal("-0.20"):
        return Decimal("-0.02")
    return Decimal(0) if difference < Decimal("0.20") else Decimal("0.02")


def july(figures: dict[str, Decimal], before: tuple[Decimal, ...]) -> dict[str, Decimal]:
    """The lines of a month by the act, with net and gross."""
    left, lower, cost = figures["handled"], Decimal(0), Decimal(0)
    for edge, price in TIERS:
        inside = left if edge is None else min(left, edge - lower)
        cost += inside * price
        left -= inside
        if not left or edge is None:
            break
        lower = edge
    handling = cents(cost)
    selling = cents(figures["sales"] * 12)
    answered = cents(handling * answering(figures["answer_rate"]))
    csat = cents(handling * satisfied(figures["satisfaction"] - sum(before, Decimal(0)) / len(before)))
    quality = answered + csat
    low = (handling * Decimal("-0.06")).quantize(CENT, ROUND_CEILING)
    high = (handling * Decimal("0.04")).quantize(CENT, ROUND_FLOOR)
    capped = max(low, min(high, quality)) - quality
    base = cents(figures["customers"] * Decimal("0.38"))
    penalty = -min(cents(figures["late_days"] * 200), Decimal(2000))
    taxed = handling + selling + answered + csat + capped + 450 + base
    net = taxed + penalty
    return {
        "handling": handling, "selling": selling, "answering": answered, "csat": csat, "quality": capped,
        "portal": Decimal(450), "base": base, "reporting": penalty, "net": net,
        "gross": net + cents(taxed * Decimal("0.20")),
    }  # fmt: skip
