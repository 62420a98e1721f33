"""Tiers: what a quantity costs by graduated prices, a volume price or packages.

The cost is a function F of the units counted so far, and a draft is what its units add: F(after) less
F(before). So tiers run on across segments of one schedule, and `over year` across the year (language
design, section 4; rulings, "Spans" and "Lines").
"""

from fractions import Fraction
from math import ceil

from contractlang.diagnostics import error
from contractlang.frozen import dataclass
from contractlang.lines.assessment import Assessor
from contractlang.lines.frame import Frame, LineError, fail, words
from contractlang.syntax import tree
from contractlang.trace import Quantity, Step
from contractlang.units import Scale


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a quantity that falls in a tier, with what it costs."""

    number: int
    units: Fraction
    price: Quantity
    cost: Fraction
    step: Step


@dataclass(frozen=True, slots=True)
class _Tier:
    up_to: Fraction | None
    price: Fraction
    scale: Scale | None
    flat: bool
    plus: Fraction
    node: tree.Tier


@dataclass(frozen=True, slots=True)
class Schedule:
    """Tiers with their values: two are the same where thresholds and prices are."""

    pricing: str
    tiers: tuple[tuple[Fraction | None, Fraction, bool, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a quantity adds, how it is made up, and the schedule it was priced by."""

    value: Fraction
    schedule: Schedule
    step: Step
    slices: tuple[Slice, ...]


def tiered(
    assessor: Assessor,
    pricing: tree.Graduated | tree.Volume | tree.Package,
    quantity: Fraction,
    before: Fraction | None,
    frame: Frame,
    scale: Scale | None,
    chooser: Fraction | None = None,
    chosen_before: Fraction | None = None,
) -> Cost:
    """What `quantity` more units cost after `before` units; None for the first of a schedule.

    `chooser` is the figure that picks the tier of a volume price, where it is not the quantity, and
    `chosen_before` what it was before.
    """
    if quantity < 0:
        raise LineError(
            [error("CL950", "a negative quantity has no place in tiers", pricing.span, "correct the figure")]
        )
    if isinstance(pricing, tree.Package):
        return _packages(assessor, pricing, quantity, before, frame, scale)
    tiers = tuple(_tier(assessor, tier, frame) for tier in pricing.tiers)
    name = "graduated" if isinstance(pricing, tree.Graduated) else "volume"
    schedule = Schedule(name, tuple((t.up_to, t.price, t.flat, t.plus) for t in tiers))
    after = quantity + (before or 0)
    if isinstance(pricing, tree.Graduated):
        value = _graduated(tiers, after) - (_graduated(tiers, before) if before is not None else 0)
        slices = _slices(tiers, before, after, scale)
    else:
        index = _reached(tiers, after if chooser is None else chooser, pricing)
        value = _volume(tiers[index], after)
        if before is not None:
            earlier = _reached(tiers, before if chosen_before is None else chosen_before, pricing)
            value -= _volume(tiers[earlier], before)
        tier = tiers[index]
        slices = (_slice(index, tier, after, _volume(tier, after), scale),)
    facts = (
        ("pricing", name), ("quantity", Quantity(quantity, scale)),
        ("before", Quantity(before, scale) if before is not None else None),
        ("chooser", Quantity(chooser, scale) if chooser is not None else None),
    )  # fmt: skip
    step = Step("tiers", value, words(pricing).split("{")[0].strip(), _money(assessor), pricing.span, facts,
                tuple(one.step for one in slices))  # fmt: skip
    return Cost(value, schedule, step, slices)


def schedule_of(
    assessor: Assessor, pricing: tree.Graduated | tree.Volume | tree.Package, frame: Frame
) -> Schedule:
    """The schedule that counts in a frame, to tell whether tiers run on."""
    if isinstance(pricing, tree.Package):
        price, _ = assessor.amount(pricing.price, frame)
        size, _ = assessor.amount(pricing.size, frame)
        return Schedule("package", ((size, price, True, Fraction(0)),))
    tiers = tuple(_tier(assessor, tier, frame) for tier in pricing.tiers)
    name = "graduated" if isinstance(pricing, tree.Graduated) else "volume"
    return Schedule(name, tuple((t.up_to, t.price, t.flat, t.plus) for t in tiers))


def _money(assessor: Assessor) -> Scale | None:
    return assessor.scale(assessor.currency)


def _tier(assessor: Assessor, tier: tree.Tier, frame: Frame) -> _Tier:
    price, step = assessor.amount(tier.price, frame)
    plus = assessor.amount(tier.plus, frame)[0] if tier.plus is not None else Fraction(0)
    flat = assessor.kind(tier.price).unit.currency is not None
    up_to = assessor.constant(tier.up_to, frame) if tier.up_to is not None else None
    return _Tier(up_to, price, step.scale, flat, plus, tier)


def _graduated(tiers: tuple[_Tier, ...], units: Fraction) -> Fraction:
    """Each slice at its own price; at zero units only a first tier that is a sum alone is due."""
    total, lower = Fraction(0), Fraction(0)
    for index, tier in enumerate(tiers):
        inside = max(Fraction(0), (units if tier.up_to is None else min(units, tier.up_to)) - lower)
        total += _part(tier, inside, index == 0)
        lower = tier.up_to if tier.up_to is not None else units
        if units <= lower:
            break
    return total


def _part(tier: _Tier, units: Fraction, first: bool) -> Fraction:
    cost = (tier.price if units or first else Fraction(0)) if tier.flat else units * tier.price
    return cost + (tier.plus if units else 0)


def _volume(tier: _Tier, units: Fraction) -> Fraction:
    return _part(tier, units, True)


def _reached(tiers: tuple[_Tier, ...], units: Fraction, pricing: tree.Volume | tree.Graduated) -> int:
    for index, tier in enumerate(tiers):
        if tier.up_to is None or units <= tier.up_to:
            return index
    raise fail("CL951", "the last tier ends before this quantity", pricing.span, "add a row `beyond : …`")


def _slices(
    tiers: tuple[_Tier, ...], before: Fraction | None, after: Fraction, scale: Scale | None
) -> tuple[Slice, ...]:
    """The units between `before` and `after`, tier by tier."""
    found = []
    lower = Fraction(0)
    start = before or Fraction(0)
    for index, tier in enumerate(tiers):
        upper = after if tier.up_to is None else min(after, tier.up_to)
        units = max(Fraction(0), upper - max(lower, start))
        entered_before = before is not None and (start > lower or index == 0)
        cost = units * tier.price if not tier.flat else Fraction(0)
        if tier.flat and not entered_before and (units or index == 0):
            cost = tier.price
        if tier.plus and units and not (before is not None and start > lower):
            cost += tier.plus
        if units or cost:
            found.append(_slice(index, tier, units, cost, scale))
        lower = tier.up_to if tier.up_to is not None else after
        if after <= lower:
            break
    if after > lower:
        raise LineError([error("CL951", "the last tier ends before this quantity", tiers[-1].node.span)])
    return tuple(found)


def _slice(index: int, tier: _Tier, units: Fraction, cost: Fraction, scale: Scale | None) -> Slice:
    facts = (
        ("number", index + 1), ("quantity", Quantity(units, scale)),
        ("price", Quantity(tier.price, tier.scale)),
        ("flat", tier.flat), ("plus", Quantity(tier.plus, None) if tier.plus else None),
        ("up_to", Quantity(tier.up_to, scale) if tier.up_to is not None else None),
    )  # fmt: skip
    step = Step("tier", cost, words(tier.node), None, tier.node.span, facts)
    return Slice(index + 1, units, Quantity(tier.price, tier.scale), cost, step)


def _packages(
    assessor: Assessor,
    pricing: tree.Package,
    quantity: Fraction,
    before: Fraction | None,
    frame: Frame,
    scale: Scale | None,
) -> Cost:
    price, _ = assessor.amount(pricing.price, frame)
    size, _ = assessor.amount(pricing.size, frame)
    counted = before or Fraction(0)
    packages = ceil((quantity + counted) / size) - ceil(counted / size)
    value = packages * price
    facts = (
        ("packages", packages), ("size", Quantity(size, scale)), ("price", Quantity(price, _money(assessor))),
        ("quantity", Quantity(quantity, scale)), ("before", Quantity(before, scale) if before else None),
    )  # fmt: skip
    step = Step("package", value, words(pricing), _money(assessor), pricing.span, facts)
    return Cost(value, schedule_of(assessor, pricing, frame), step, ())
