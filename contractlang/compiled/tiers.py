"""Tiers as generated code: graduated prices and volume prices unrolled, packages counted.

As in `lines.tiers` the cost is a function of the units counted so far, and units that come after others
add the difference. A quantity below zero, or beyond the last tier, is an error on the line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.compiled.values import NotCompiledError, Num, RefusedError, Value, number
from contractlang.lines.frame import Frame, words
from contractlang.lines.tiers import Schedule, schedule_of
from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.compiled.compilation import Compilation

Tier = tuple[Fraction | None, Fraction, bool, Fraction]
"""Up to which quantity, the price, whether that is a sum, and what is added to it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a quantity adds, and the schedule it was priced by."""

    value: Num
    schedule: Schedule


def tiered(
    compilation: "Compilation",
    pricing: tree.Graduated | tree.Volume | tree.Package,
    quantity: Num,
    before: Num | None,
    frame: Frame,
    chooser: Num | None = None,
    chosen_before: Num | None = None,
) -> Cost:
    """What `quantity` more units cost after `before` units; None for the first of a schedule."""
    schedule = schedule_at(compilation, pricing, frame)
    arithmetic = compilation.arithmetic
    negative = arithmetic.compare(quantity, "<", number(0))
    if negative.constant:
        raise RefusedError("a negative quantity has no place in tiers")
    if negative.constant is None:
        compilation.source.put(f"if {negative.code}: raise Doubt")
    after = quantity if before is None else arithmetic.add(quantity, before)
    if isinstance(pricing, tree.Package):
        size, price = schedule.tiers[0][0], schedule.tiers[0][1]
        assert size is not None, "a package has a size"
        packages = arithmetic.rounded(after, size, "ceil")
        if before is not None:
            packages = arithmetic.subtract(packages, arithmetic.rounded(before, size, "ceil"))
        return Cost(packages.times(price / size), schedule)
    write = _graduated if isinstance(pricing, tree.Graduated) else _volume
    texts = tuple(words(tier) for tier in pricing.tiers)
    value = write(compilation, schedule.tiers, after, texts, chooser)
    if before is not None:
        value = arithmetic.subtract(value, write(compilation, schedule.tiers, before, texts, chosen_before))
    return Cost(value, schedule)


def schedule_at(
    compilation: "Compilation", pricing: tree.Graduated | tree.Volume | tree.Package, frame: Frame
) -> Schedule:
    """Tiers with their values, which the interpreter knows."""
    parts = (pricing.price,) if isinstance(pricing, tree.Package) else pricing.tiers
    if any(compilation.depends(part) for part in parts):
        raise NotCompiledError("a tier depends on a figure")
    return schedule_of(compilation.rating, pricing, frame)


Case = tuple[str | None, Callable[[], Value]]


def _graduated(
    compilation: "Compilation", tiers: tuple[Tier, ...], units: Num, texts: tuple[str, ...], _: Num | None
) -> Num:
    """Each slice at its own price: in each tier the cost is a line through what the tiers below came to."""
    cases: list[Case] = []
    due, lower = Fraction(0), Fraction(0)
    for index, tier in enumerate(tiers):
        up_to, price, flat, plus = tier
        cases.append(_case(compilation, tier, units, due, lower, index == 0, texts[index]))
        if up_to is not None:
            inside = max(Fraction(0), up_to - lower)
            due += ((price if inside or index == 0 else 0) if flat else inside * price) + (
                plus if inside else 0
            )
            lower = up_to
    return _picked(compilation, cases)


def _volume(
    compilation: "Compilation",
    tiers: tuple[Tier, ...],
    units: Num,
    texts: tuple[str, ...],
    chooser: Num | None,
) -> Num:
    """All units at the price of the tier that they, or another figure, reach."""
    cases = [
        _case(compilation, tier, units, Fraction(0), Fraction(0), True, texts[index], chooser)
        for index, tier in enumerate(tiers)
    ]
    return _picked(compilation, cases)


def _case(
    compilation: "Compilation",
    tier: Tier,
    units: Num,
    due: Fraction,
    lower: Fraction,
    first: bool,
    text: str,
    chooser: Num | None = None,
) -> Case:
    up_to, price, flat, plus = tier
    arithmetic = compilation.arithmetic

    def cost() -> Value:
        compilation.reasons.row(text)
        fixed = due + (price if flat else -lower * price)
        value = number(fixed) if flat else arithmetic.add(units.times(price), number(fixed))
        if not plus:
            return value
        if not first:
            return arithmetic.add(value, number(plus))
        # At zero units no `plus` is due.
        nothing = arithmetic.compare(units, "==", number(0))
        return compilation.source.pick(
            [(nothing.code, lambda: value), (None, lambda: arithmetic.add(value, number(plus)))]
        )

    reached = arithmetic.compare(chooser or units, "<=", number(up_to)) if up_to is not None else None
    return (reached.code if reached is not None else None), cost


def _picked(compilation: "Compilation", cases: list[Case]) -> Num:
    def beyond() -> Value:
        raise RefusedError("the last tier ends before this quantity")

    if cases[-1][0] is not None:
        cases.append((None, beyond))
    found = compilation.source.pick(cases)
    assert isinstance(found, Num), "a cost is a number"
    return found
