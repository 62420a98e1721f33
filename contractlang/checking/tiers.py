"""Tiers and packages: thresholds that rise, in the unit of the quantity, to a last one without end."""

from collections.abc import Iterator

from contractlang.checking.survey import Survey, Visit
from contractlang.checking.wording import plural_of, quoted, said, said_unit
from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.kinds import Kind, Scope, constant, is_zero, kind_of
from contractlang.syntax import tree


def tiered(survey: Survey) -> Iterator[tuple[tree.Priced, tree.Graduated | tree.Volume, Visit]]:
    """Every quantity that is priced by tiers."""
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.Priced) and isinstance(node.price, (tree.Graduated, tree.Volume)):
            yield node, node.price, visit


def chooser(node: tree.Priced) -> tree.Expression:
    """What chooses the tier: the quantity, or the figure after `volume price of`."""
    if isinstance(node.price, tree.Volume) and node.price.of is not None:
        return node.price.of
    return node.quantity


def check_tiers(survey: Survey) -> Iterator[Diagnostic]:
    """CL420 to CL424: the thresholds of tiers."""
    for node, price, _ in tiered(survey):
        if not price.tiers:
            yield error("CL420", "these tiers hold no price", price.span, "write `beyond : …` for all units")
            continue
        yield from _thresholds(node, price, survey.scope)
        yield from _ends(price)


def _thresholds(node: tree.Priced, price: tree.Graduated | tree.Volume, scope: Scope) -> Iterator[Diagnostic]:
    quantity = kind_of(chooser(node), scope)
    before: tuple[tree.Expression, object] | None = None
    for tier in price.tiers:
        if tier.up_to is None:
            continue
        kind = kind_of(tier.up_to, scope)
        if quantity.is_unknown or kind.is_unknown:
            continue
        if kind.what != quantity.what or kind.unit != quantity.unit:
            yield _wrong_unit(tier.up_to, kind, chooser(node), quantity, scope)
            return
        value = constant(tier.up_to, scope)
        if value is None:
            yield error(
                "CL422", "a threshold is written out", tier.up_to.span, "write a number with its unit"
            )
            return
        if value <= 0:
            yield error("CL422", "a threshold is more than zero", tier.up_to.span, "leave this tier out")
            return
        if before is not None and value <= before[1]:  # type: ignore[operator]
            same = value == before[1]
            yield error(
                "CL423",
                f"two tiers end at {said(value, kind, scope)}"
                if same
                else f"the tier up to {said(value, kind, scope)} stands below a higher one",
                tier.up_to.span,
                "keep one of the two" if same else "write the tiers in rising order",
                (Label(before[0].span, "the other ends here" if same else "this is higher"),),
            )
            return
        before = tier.up_to, value


def _wrong_unit(
    threshold: tree.Expression, kind: Kind, quantity: tree.Expression, wanted: Kind, scope: Scope
) -> Diagnostic:
    label = (Label(quantity.span, f"this is {said_unit(wanted, scope)}"),)
    if kind.is_plain and not kind.percent:
        word = plural_of(wanted, scope)
        return error(
            "CL421",
            f'"up to {quoted(threshold.span)}" does not say what is counted',
            threshold.span,
            f"write `up to {quoted(threshold.span)} {word}`",
            label,
        )
    return error(
        "CL421",
        f"these tiers are for a quantity that is {said_unit(wanted, scope)}, and this threshold is "
        f"{said_unit(kind, scope)}",
        threshold.span,
        f"write it in {plural_of(wanted, scope)}" if not wanted.unit.is_plain else "write it without a unit",
        label,
    )


def _ends(price: tree.Graduated | tree.Volume) -> Iterator[Diagnostic]:
    open_tiers = [tier for tier in price.tiers if tier.up_to is None]
    last = price.tiers[-1]
    if not open_tiers:
        assert last.up_to is not None, "no tier is open"
        yield error(
            "CL424",
            f"no price is given beyond {quoted(last.up_to.span)}",
            last.up_to.span,
            "add `beyond : …` as the last tier",
        )
    elif len(open_tiers) > 1:
        yield error(
            "CL424",
            "two tiers are for all that is beyond",
            open_tiers[1].span,
            "keep one of the two",
            (Label(open_tiers[0].span, "the other is here"),),
        )
    elif open_tiers[0] is not last:
        yield error(
            "CL424",
            "`beyond` is the last tier",
            open_tiers[0].span,
            "move it below the others",
            (Label(last.span, "this tier stands below it"),),
        )


def check_tier_prices(survey: Survey) -> Iterator[Diagnostic]:
    """CL333, CL334: the prices of tiers, their `plus`, and packages."""
    scope = survey.scope
    for node, price, _ in tiered(survey):
        quantity = kind_of(node.quantity, scope)
        for tier in price.tiers:
            yield from unit_price(node.quantity, quantity, tier.price, kind_of(tier.price, scope), scope)
            if tier.plus is not None:
                plus = kind_of(tier.plus, scope)
                if not plus.is_money and not plus.is_unknown and not is_zero(tier.plus):
                    yield error(
                        "CL334",
                        f"what is added with `plus` is a sum of money, and this is {said_unit(plus, scope)}",
                        tier.plus.span,
                        f"write a sum, such as `plus 500 {scope.currency or 'EUR'}`",
                    )
    for visit in survey.visits:
        node_ = visit.node
        if isinstance(node_, tree.Priced) and isinstance(node_.price, tree.Package):
            yield from _package(node_, node_.price, scope)


def _package(node: tree.Priced, package: tree.Package, scope: Scope) -> Iterator[Diagnostic]:
    quantity, size = kind_of(node.quantity, scope), kind_of(package.size, scope)
    price = kind_of(package.price, scope)
    if size.is_number and quantity.is_number and size.unit != quantity.unit:
        yield error(
            "CL421",
            f"packages of {said_unit(size, scope).removeprefix('in ')} do not hold a quantity that is "
            f"{said_unit(quantity, scope)}",
            package.size.span,
            f"write the size in {plural_of(quantity, scope)}",
            (Label(node.quantity.span, f"this is {said_unit(quantity, scope)}"),),
        )
    elif package.size.value <= 0:
        yield error("CL422", "a package holds more than nothing", package.size.span, "write its size")
    if not price.is_money and not price.is_unknown:
        yield error(
            "CL334",
            f"a package has a price of its own, and this is {said_unit(price, scope)}",
            package.price.span,
            f"write a sum, such as `250 {scope.currency or 'EUR'}`",
        )


def unit_price(
    quantity: tree.Expression, kind: Kind, price: tree.Expression, of: Kind, scope: Scope
) -> Iterator[Diagnostic]:
    """CL333: a quantity in one unit and a price per another (message 7 of section 7)."""
    if kind.is_unknown or of.is_unknown or is_zero(price):
        return
    if not kind.is_number or not of.is_number:
        side, found = (quantity, kind) if not kind.is_number else (price, of)
        yield error(
            "CL303",
            f"this is {said_unit(found, scope)}, not a number",
            side.span,
            "charge a figure that is a number",
        )
        return
    if of.is_money or kind.unit.times(of.unit).currency is not None:
        return
    label = (Label(quantity.span, f"this is {said_unit(kind, scope)}"),)
    per = _per(of)
    if of.is_price:
        subject = plural_of(kind, scope) if not kind.unit.is_plain else said_unit(kind, scope)
        subject = "money" if kind.is_money else subject
        cures = []
        if kind.unit.single and not kind.is_money:
            cures.append(f"give a price per {_singular(kind, scope)}")
        if per:
            cures.append(f"charge a number of {_plural_word(per, scope)}")
        yield error(
            "CL333",
            f"{subject} cannot be charged at a price per {per}"
            if per
            else f"{subject} cannot be charged at this price",
            price.span,
            ", or ".join(cures),
            label,
        )
        return
    cure = f"write a price, such as `4.20 {scope.currency or 'EUR'}/{_singular(kind, scope)}`"
    if of.percent:
        cure = "say of what: `25% of` a rate or an amount"
    if kind.is_money:
        cure = "charge money at a percent, such as `at 5%`"
    yield error(
        "CL333",
        f"{said_unit(of, scope).removeprefix('in ')} is not a price".replace("a a", "a"),
        price.span,
        cure,
        label,
    )


def flat_price(
    quantity: tree.Expression, kind: Kind, price: tree.Expression, of: Kind, scope: Scope
) -> Iterator[Diagnostic]:
    """CL333: a sum of money where a price per unit is asked for; only a tier may be a sum alone."""
    if not of.is_money or not kind.is_number or kind.unit.is_plain:
        return
    yield error(
        "CL333",
        f"a sum of money is no price per {_singular(kind, scope)}",
        price.span,
        f"write `{quoted(price.span)}/{_singular(kind, scope)}`, or a fee for a flat amount",
        (Label(quantity.span, f"this is {said_unit(kind, scope)}"),),
    )


def _per(kind: Kind) -> str:
    text = kind.scale.text if kind.scale else str(kind.unit)
    return " per ".join(text.split("/")[1:])


def _singular(kind: Kind, scope: Scope) -> str:
    if kind.unit.single == "second" and kind.scale is not None:
        return plural_of(kind, scope).removesuffix("s")
    return kind.unit.single or plural_of(kind, scope)


def _plural_word(word: str, scope: Scope) -> str:
    scale = scope.units.scale(word)
    if scale is None or not scale.unit.single:
        return word
    return plural_of(Kind("number", scale.unit, scale=scale), scope)
