"""Drafts to printed lines: bounds, sign, rounding and VAT, in one place for every kind of line.

The order matters. Bounds hold for a whole assessment, all its printed lines together, before the sign;
amounts are rounded once; then a line that is on lines of several rates is shared between them.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.calendar import Days
from contractlang.exact import round_above, round_below
from contractlang.frozen import dataclass
from contractlang.lines import DEDUCTED, Draft
from contractlang.lines.frame import Frame
from contractlang.lines.line import InvoiceLine, LineVat, Terms
from contractlang.syntax import tree
from contractlang.terms import LineVersion, Period
from contractlang.trace import Quantity, Step

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating

_ANSWERS = frozenset({"band", "bound", "for each", "true-up", "limit"})
_SHARED = ("bonus_malus", "minimum", "limit")


@dataclass(frozen=True, slots=True)
class Printed:
    """A line with what later lines ask of it.

    `placed` are its days on its own invoice; `exact` is its amount after bounds and before rounding,
    positive where the declaration is; a `hidden` line is not printed, because nothing was measured.
    """

    line: InvoiceLine
    placed: Days
    exact: Fraction
    draft: Draft
    hidden: bool = False


def printed(
    rating: "Rating",
    version: LineVersion,
    days: Days,
    drafts: Sequence[Draft],
    period: Period,
    before: Sequence[Printed] = (),
    of_interval: Sequence[Printed] = (),
) -> list[Printed]:
    """The printed lines of one assessment.

    `before` are those of the same line that the period has already, `of_interval` those among them of
    the same interval: other versions of the line, or another spell of its phase.
    """
    line = version.line
    amounts = [draft.value if draft.rounded else rating.rounded(draft.value) for draft in drafts]
    exact = [draft.value for draft in drafts]
    reasons = [_rounded(rating, draft, amount) for draft, amount in zip(drafts, amounts, strict=True)]
    if drafts:
        _bound(rating, version, days, period, before, of_interval, amounts, exact, reasons)
    found: list[Printed] = []
    for draft, amount, value, reason in zip(drafts, amounts, exact, reasons, strict=True):
        sign = -1 if line.kind in DEDUCTED else 1
        hidden = amount == 0 and not draft.keep_zero and not _is_answer(reason)
        placed = draft.days.meet(period.days) or period.days
        for vat, share, why in _shares(rating, version, draft, sign * amount, reason, period):
            invoice_line = InvoiceLine(
                name=line.name.text,
                label=line.label or line.name.text,
                kind=line.kind,
                days=draft.days,
                amount=share,
                currency=rating.currency,
                vat=vat,
                terms=Terms(line.span, version.amendment),
                reason=why,
                quantity=draft.quantity,
                unit_price=draft.unit_price,
                group=draft.group,
                per=draft.per,
                tier=draft.tier,
                phase=version.phase,
            )
            found.append(Printed(invoice_line, placed, value, draft, hidden))
    return found


def _is_answer(reason: Step) -> bool:
    """Whether a line of zero answers a question: a band, a cap or a minimum was read."""
    return any(step.kind in _ANSWERS for step in reason.walk())


def _rounded(rating: "Rating", draft: Draft, amount: Fraction) -> Step:
    if amount == draft.value:
        return draft.reason
    mode, size = rating.terms.rounding
    scale = rating.scale(rating.currency)
    facts = (("mode", mode), ("step", Quantity(size, scale)), ("before", Quantity(draft.value, scale)))
    return Step("rounding", amount, draft.reason.label, scale, None, facts, (draft.reason,))


# ---- bounds


def _bound(
    rating: "Rating",
    version: LineVersion,
    days: Days,
    period: Period,
    printed_before: Sequence[Printed],
    of_interval: Sequence[Printed],
    amounts: list[Fraction],
    exact: list[Fraction],
    reasons: list[Step],
) -> None:
    """Hold all printed lines of an assessment to `at most` and `at least`; the last takes what it cuts.

    A bound holds for the whole interval, so what earlier versions of the line came to in it counts too,
    and over time what the line came to since the span began; neither is given back here.
    """
    line = version.line
    if line.kind == "limit":
        return
    frame = Frame(days, days.last, None, line.name.text)
    scale = rating.scale(rating.currency)
    for clause, upper in ((line.at_most, True), (line.at_least, False)):
        if clause is None:
            continue
        asked = frame
        before = sum((one.line.amount for one in of_interval), Fraction(0))
        if clause.over is not None:
            span = rating.span_days(clause.over, frame)
            asked = frame.over(span) if span else frame
            # An interval is bounded as a whole, on its last day: it counts where that day lies.
            since = rating.assessed_since(line.name.text, span) if span else span.start
            here = [one.line.amount for one in printed_before if one.placed.start >= since]
            earlier = Days(since, min(days.start, period.days.start))
            before = sum(here, rating.line_amount(line.name.text, earlier) if earlier else Fraction(0))
        if line.kind in DEDUCTED:
            before = -before
        limit, step = rating.amount(clause.value, asked)
        cent = rating.cent()
        allowed = (round_below(limit, cent) if upper else round_above(limit, cent)) - before
        total, total_exact = sum(amounts, Fraction(0)), sum(exact, Fraction(0))
        cut = max(Fraction(0), total - allowed) if upper else min(Fraction(0), total - allowed)
        spent = upper and before != 0 and cut > total >= 0
        if spent:
            cut = total
        facts = (
            ("bound", step.label), ("before", Quantity(total, scale)), ("limit", Quantity(limit, scale)),
            ("earlier", Quantity(before, scale) if clause.over is not None or before else None),
        )  # fmt: skip
        if cut:
            amounts[-1] -= cut
            exact[-1] -= total_exact - (Fraction(0) if spent else limit - before)
        reasons[-1] = Step("bound", amounts[-1], step.label, scale, clause.span, facts, (reasons[-1], step))


# ---- VAT


def _shares(
    rating: "Rating", version: LineVersion, draft: Draft, amount: Fraction, reason: Step, period: Period
) -> list[tuple[LineVat, Fraction, Step]]:
    """The line's amount by rate of VAT, with the reason of each share."""
    line = version.line
    if draft.vat is not None and line.vat is None:
        return [(draft.vat, amount, reason)]
    if line.vat is not None:
        return [(own_vat(line.vat), amount, reason)]
    if line.kind == "penalty":
        return [(LineVat("untaxed", None, "penalty"), amount, reason)]
    header = header_vat(rating, draft.days, period.days.last)
    if line.kind not in _SHARED:
        return [(header, amount, reason)]
    names = rating.lines_named(line.value) if line.kind == "limit" else tuple(name.text for name in line.on)
    bases: dict[LineVat, Fraction] = {}
    for name in names:
        for one in rating.printed_over(name, draft.days):
            bases[one.line.vat] = bases.get(one.line.vat, Fraction(0)) + one.line.amount
    if not bases:
        return [(header, amount, reason)]
    if len(bases) == 1:
        return [(next(iter(bases)), amount, reason)]
    total = sum(bases.values(), Fraction(0))
    weights = {vat: base for vat, base in bases.items() if base} if total else {}
    if not weights:
        return [(next(iter(bases)), amount, reason)]
    if len(weights) == 1:
        return [(next(iter(weights)), amount, reason)]
    largest = max(weights, key=lambda vat: abs(weights[vat]))
    shares = {vat: rating.rounded(amount * base / total) for vat, base in weights.items()}
    shares[largest] += amount - sum(shares.values(), Fraction(0))
    scale = rating.scale(rating.currency)
    found = []
    for vat, share in shares.items():
        facts = (
            ("of", Quantity(amount, scale)),
            ("base", Quantity(weights[vat], scale)),
            ("total", Quantity(total, scale)),
        )
        found.append((vat, share, Step("share", share, reason.label, scale, None, facts, (reason,))))
    return found


def own_vat(vat: tree.VatNature) -> LineVat:
    """The nature that a line says for itself."""
    if vat.nature == "taxed":
        return LineVat("taxed", Fraction(vat.percent or 0) / 100)
    return LineVat(vat.nature, None, vat.reason)


def header_vat(rating: "Rating", days: Days, known: date) -> LineVat:
    """The header's rate on the last day of a line, with the amendments known on the invoice's last day."""
    return LineVat("taxed", Fraction(rating.terms.vat_percent(days.last, known)) / 100)
