"""Cliffs and their like, as warnings: where good work lowers the invoice, and by how much.

A cliff is legal: it is shown, never repaired.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from contractlang.checking.bands import Table, edges_of, figure_of, provable, tables
from contractlang.checking.rows import ends_of, ordered
from contractlang.checking.survey import Survey
from contractlang.checking.tiers import chooser, tiered
from contractlang.checking.wording import (
    grouped,
    number_of,
    plural_of,
    quoted,
    said,
    said_money,
    said_percent,
)
from contractlang.diagnostics import Diagnostic, Label, warning
from contractlang.exact import minor_unit, plain, round_to
from contractlang.kinds import Kind, Scope, constant, kind_of
from contractlang.syntax import tree


def check_volume_cliffs(survey: Survey) -> Iterator[Diagnostic]:
    """CL702: one more unit brings all of them to the next tier, and the line falls."""
    scope = survey.scope
    for node, price, _ in tiered(survey):
        if not isinstance(price, tree.Volume) or price.of is not None or scope.currency is None:
            continue
        quantity = kind_of(chooser(node), scope)
        if not quantity.is_number:
            continue
        for tier, following in pairwise(price.tiers):
            found = _cliff(tier, following, quantity, scope)
            if found is not None:
                yield found


def _cliff(tier: tree.Tier, following: tree.Tier, quantity: Kind, scope: Scope) -> Diagnostic | None:
    last = constant(tier.up_to, scope) if tier.up_to is not None else None
    currency = scope.currency
    if last is None or currency is None:
        return None
    kind = kind_of(tier.up_to, scope)
    if kind.unit != quantity.unit:
        return None
    one = kind.scale.factor if kind.scale is not None else Fraction(1)
    before, after = _amount(tier, last, scope), _amount(following, last + one, scope)
    if before is None or after is None:
        return None
    minor = minor_unit(currency)
    fall = round_to(before, minor) - round_to(after, minor)
    if fall <= 0:
        return None
    shown = Kind("number", quantity.unit, scale=kind.scale)
    count = plain((last + one) / one) if ((last + one) / one).denominator == 1 else None
    which = f"the {grouped(count)}{_ordinal(count)} {_single(shown, scope)}" if count else "one more"
    return warning(
        "CL702",
        f"{which} lowers the invoice by {said_money(fall, currency)}: "
        f"{said(last, shown, scope)} cost {said_money(before, currency)}, "
        f"{said(last + one, shown, scope)} cost {said_money(after, currency)}",
        following.price.span,
        "this is how volume prices work; `graduated prices` give each slice its own price and never fall",
        (Label(tier.price.span, "the tier before"),),
    )


def _single(kind: Kind, scope: Scope) -> str:
    if kind.scale is not None:
        return number_of(kind.scale.text, Fraction(1), scope).removesuffix("s")
    return kind.unit.single or plural_of(kind, scope)


def _ordinal(count: str) -> str:
    if count[-2:] in ("11", "12", "13"):
        return "th"
    return {"1": "st", "2": "nd", "3": "rd"}.get(count[-1], "th")


def _amount(tier: tree.Tier, quantity: Fraction, scope: Scope) -> Fraction | None:
    price = constant(tier.price, scope)
    plus = constant(tier.plus, scope) if tier.plus is not None else Fraction(0)
    if price is None or plus is None:
        return None
    amount = price if kind_of(tier.price, scope).is_money else price * quantity
    return amount + plus


def check_directions(survey: Survey) -> Iterator[Diagnostic]:
    """CL710, CL711: a sign that is surely missing (message 5 of section 7), and band edges that fall back."""
    scope = survey.scope
    for table in tables(survey):
        owner = table.visit.owner.node
        if not isinstance(owner, tree.Line) or owner.kind != "bonus_malus":
            continue
        if not provable(table, scope):
            continue
        rows = ordered(table, scope)
        ends = [(row, ends_of(row, values, scope)) for row, values in rows]
        known = [(row, found) for row, found in ends if found is not None]
        if len(known) < 2:
            continue
        wrong = _wrong_signs(known)
        if len(wrong) == 2:
            # Which of the two is meant as a malus depends on whether a high figure is a good one.
            subject = figure_of(table).split(" ", 1)[1]
            yield warning(
                "CL710",
                f"a low and a high {subject} both earn a bonus, and what lies between a malus: a minus sign "
                "is missing",
                wrong[1][0].span,
                "write a minus sign before one of the two",
                (Label(wrong[0][0].span, "this row earns a bonus too"),),
            )
            continue
        for row, value in wrong:
            side = "worse" if row is known[0][0] else "better"
            yield warning(
                "CL710",
                f"a {side} {figure_of(table).split(' ', 1)[1]} pays more: {quoted(edges_of(row))} earns "
                f"+{_said(value, row, scope)}; a malus has a minus sign",
                row.value.span if not isinstance(row.value, tree.Linear) else row.span,
                f"write `-{_said(value, row, scope)}` if a malus is meant",
            )
        if not wrong:
            yield from _falls(table, known, scope)


def _said(value: Fraction, row: tree.Band, scope: Scope) -> str:
    kind = kind_of(row.value, scope)
    return said_percent(value) if kind.percent else said(value, kind, scope)


def _sequence(known: list[tuple[tree.Band, tuple[Fraction, Fraction]]]) -> list[Fraction]:
    return [value for _, ends in known for value in ends]


def _monotone(values: list[Fraction]) -> bool:
    pairs = list(pairwise(values))
    return all(a <= b for a, b in pairs) or all(a >= b for a, b in pairs)


def _wrong_signs(
    known: list[tuple[tree.Band, tuple[Fraction, Fraction]]],
) -> list[tuple[tree.Band, Fraction]]:
    """The rows at the ends that pay a bonus where the rest of the table asks for a malus."""
    if _monotone(_sequence(known)):
        return []
    found: list[tuple[tree.Band, Fraction]] = []
    for index in (0, len(known) - 1):
        row, (low, high) = known[index]
        if low != high or low <= 0:
            continue
        turned = [*known[:index], (row, (-low, -high)), *known[index + 1 :]]
        if _monotone(_sequence(turned)):
            found.append((row, low))
    return found


def _falls(
    table: Table, known: list[tuple[tree.Band, tuple[Fraction, Fraction]]], scope: Scope
) -> Iterator[Diagnostic]:
    values = _sequence(known)
    trend = values[-1] - values[0]
    if trend == 0 or _monotone(values):
        return
    for (row, (_, before)), (following, (after, _)) in pairwise(known):
        jump = after - before
        if jump == 0 or (jump > 0) == (trend > 0) or row.upper is None or following.lower is None:
            continue
        edge = constant(following.lower.value, scope)
        if edge is None or constant(row.upper.value, scope) != edge:
            continue
        fall = _said(abs(jump), following, scope)
        yield warning(
            "CL711",
            f"at {said(edge, table.edge_kind, scope)} what {figure_of(table)} pays "
            f"jumps back by {fall}{_in_money(abs(jump), table, following, scope)}",
            following.span,
            "this is legal; make the two rows meet if it is not meant",
            (Label(row.span, f"this row ends with {_said(before, row, scope)}"),),
        )


def _in_money(jump: Fraction, table: Table, row: tree.Band, scope: Scope) -> str:
    """What a jump in percents comes to, where the base is one flat amount: `, which is 60.00 EUR`."""
    line = table.visit.owner.node
    if not isinstance(line, tree.Line) or len(line.on) != 1 or not kind_of(row.value, scope).percent:
        return ""
    base = scope.lines.get(line.on[0].text)
    value = base.value.quantity if base is not None and isinstance(base.value, tree.Priced) else None
    if base is None or base.kind not in ("fee", "subscription") or value is None or scope.currency is None:
        return ""
    amount = constant(value, scope)
    return f", which is {said_money(jump * amount, scope.currency)} of {base.name}" if amount else ""


def check_unreachable_bonuses(survey: Survey) -> Iterator[Diagnostic]:
    """CL708: a row that pays more than its own bound, or a limit on the same lines, lets through."""
    scope = survey.scope
    for one in survey.all(tree.Line):
        line = one.node
        assert isinstance(line, tree.Line), "asked for lines only"
        if line.kind != "bonus_malus":
            continue
        for highest, place in _ceilings(line, scope):
            found = _above(line, highest, scope)
            if found is not None:
                value, row = found
                yield warning(
                    "CL708",
                    f"this bonus of {_said(value, row, scope)} is never paid in full: "
                    f"at most {said_percent(highest)} is",
                    row.span,
                    "lower the bonus, or raise its limit",
                    (Label(place.span, "this limits it"),),
                )
                break


def _ceilings(line: tree.Line, scope: Scope) -> Iterator[tuple[Fraction, tree.Expression]]:
    if line.bonus_at_most is not None and kind_of(line.bonus_at_most, scope).percent:
        value = constant(line.bonus_at_most, scope)
        if value is not None:
            yield value, line.bonus_at_most
    names = [name.text for name in line.on]
    for limit in scope.lines.values():
        if limit.kind != "limit" or len(names) != 1 or not _bounds(limit, line.name.text):
            continue
        bound = limit.between[1] if limit.between else limit.at_most.value if limit.at_most else None
        base = bound.of if isinstance(bound, tree.PercentOf) else None
        if isinstance(bound, tree.PercentOf) and isinstance(base, tree.Reference):
            if base.name.text != names[0]:
                continue
            yield Fraction(bound.percent) / 100, bound


def _bounds(limit: tree.Line, name: str) -> bool:
    waiting: list[object] = [limit.value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Reference) and node.name.text == name:
            return True
        if isinstance(node, (tree.Paren, tree.Binary)):
            waiting.extend(tree.children(node))
    return False


def _above(line: tree.Line, highest: Fraction, scope: Scope) -> tuple[Fraction, tree.Band] | None:
    for part in line.parts:
        weight = Fraction(part.weight) / 100 if part.weight is not None else Fraction(1)
        for row in part.rows:
            if not isinstance(row, tree.Band):
                continue
            values = [row.value.start, row.value.end] if isinstance(row.value, tree.Linear) else [row.value]
            for value in values:
                found = constant(value, scope)
                if found is not None and kind_of(value, scope).percent and found * weight > highest:
                    return found, row
    return None


def check_floors(survey: Survey) -> Iterator[Diagnostic]:
    """CL707: a malus or a penalty that grows step by step, and that nothing bounds."""
    scope = survey.scope
    for visit in survey.visits:
        node, owner = visit.node, visit.owner.node
        if not isinstance(node, tree.ForEach) or not isinstance(owner, tree.Line):
            continue
        amount = constant(node.amount, scope)
        if owner.kind == "penalty":
            grows = amount is None or amount > 0
            bounded = owner.at_most is not None
        elif owner.kind == "bonus_malus":
            grows = amount is not None and amount < 0
            bounded = owner.malus_at_most is not None or owner.at_least is not None
        else:
            continue
        row = _row_around(node, owner)
        within = row is not None and row.lower is not None and row.upper is not None
        if not grows or bounded or within or _limited(owner, scope):
            continue
        clause = "at most" if owner.kind == "penalty" else "malus at most"
        yield warning(
            "CL707",
            f'nothing bounds what "{owner.name}" can take: it grows with each step',
            node.span,
            f"add `{clause}` and a bound, if one was agreed",
        )


def _row_around(node: tree.ForEach, line: tree.Line) -> tree.Band | None:
    for part in line.parts:
        for row in part.rows:
            if isinstance(row, tree.Band) and row.value is node:
                return row
    return None


def _limited(line: tree.Line, scope: Scope) -> bool:
    return any(
        limit.kind == "limit" and (limit.between or limit.at_least) and _bounds(limit, line.name.text)
        for limit in scope.lines.values()
    )


def check_weights(survey: Survey) -> Iterator[Diagnostic]:
    """CL709: the weights of a scorecard that do not make 100%."""
    for one in survey.all(tree.Line):
        line = one.node
        assert isinstance(line, tree.Line), "asked for lines only"
        weights = [part.weight for part in line.parts]
        written = [weight for weight in weights if weight is not None]
        if not written:
            continue
        total = sum(written, start=written[0] - written[0])
        if len(written) < len(weights):
            part = next(part for part in line.parts if part.weight is None)
            yield warning(
                "CL709",
                f'a part of "{line.name}" has no weight, and counts in full',
                part.figure.span,
                "give each part a weight, or none",
            )
        elif total != 100:
            yield warning(
                "CL709",
                f'the weights of "{line.name}" make {total}%, not 100%',
                line.name.span,
                "weights are used as written",
            )
