"""Drafts to printed lines and totals as generated code: bounds, sign, rounding, VAT (see `rating.printing`).

Amounts are whole numbers of the smallest step in which the contract and its VAT are rounded; they become
decimals only where the invoice is made.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.compiled.answering import answers
from contractlang.compiled.values import YES, ZERO, NotCompiledError, Num
from contractlang.exact import minor_unit, plain
from contractlang.lines import DEDUCTED, Assessment
from contractlang.lines.frame import Frame
from contractlang.lines.line import LineVat
from contractlang.rating.printing import header_vat, own_vat

if TYPE_CHECKING:
    from contractlang.compiled.compilation import Compilation
    from contractlang.compiled.drafts import Draft

_SHARED = ("bonus_malus", "minimum", "limit")


def bounded(compilation: "Compilation", assessment: Assessment, drafts: "list[Draft]") -> "list[Draft]":
    """The drafts rounded, held to the bounds of their line, and signed."""
    line, arithmetic = assessment.line, compilation.arithmetic
    amounts = [one.exact if one.rounded else compilation.rounded(one.exact) for one in drafts]
    at_zero = [one.shown_at_zero or answers(compilation, line) for one in drafts]
    bounds = ((line.at_most, "floor"), (line.at_least, "ceil")) if line.kind != "limit" and drafts else ()
    for clause, side in bounds:
        if clause is None:
            continue
        if clause.over is not None:
            raise NotCompiledError(f'"{line.name}" is bounded over a span of time')
        frame = Frame(assessment.days, assessment.days.last, None, line.name.text)
        limit = compilation.expressions.number(clause.value, frame)
        allowed = arithmetic.rounded(limit, compilation.rating.cent(), "floor" if side == "floor" else "ceil")
        choose = arithmetic.lesser if side == "floor" else arithmetic.greater
        # The last of the lines takes what the bound cuts of all of them.
        others = arithmetic.total(amounts[:-1])
        amounts[-1] = choose(amounts[-1], arithmetic.subtract(allowed, others))
        at_zero[-1] = True
    sign = Fraction(-1 if line.kind in DEDUCTED else 1)
    return [
        replace(one, amount=amount.times(sign), shown_at_zero=shown, reasons=compilation.reasons.current)
        for one, amount, shown in zip(drafts, amounts, at_zero, strict=True)
    ]


def shared_vat(compilation: "Compilation", assessment: Assessment, draft: "Draft") -> LineVat:
    """The VAT of a line: its own, the header's, or that of the lines it is on."""
    line, rating = assessment.line, compilation.rating
    if line.vat is not None:
        return own_vat(line.vat)
    if line.kind == "penalty":
        return LineVat("untaxed", None, "penalty")
    header = header_vat(rating, draft.days, assessment.period.days.last)
    if line.kind not in _SHARED:
        return header
    names = rating.lines_named(line.value) if line.kind == "limit" else tuple(one.text for one in line.on)
    found = [one for name in names for one in compilation.lines.placed(name, draft.days)]
    rates = {one.vat for one in found if one.vat is not None}
    if all(one.present != YES for one in found):
        rates.add(header)
    if len(rates) > 1:
        raise NotCompiledError(f'"{line.name}" is shared between lines of several rates of VAT')
    return next(iter(rates), header)


# ---- the invoice


class Invoicing:
    """Writes what the generated function returns."""

    def __init__(self, compilation: "Compilation", drafts: "Sequence[Draft]") -> None:
        self._all = compilation
        self._source = compilation.source
        # Every amount is a whole number of the smaller of the two steps that money is rounded to.
        minor, cent = minor_unit(compilation.rating.currency), compilation.rating.cent()
        places = max(len(plain(one).partition(".")[2]) for one in (minor, cent))
        self._unit = Fraction(1, 10**places)
        self._cent = self._source.hold(Decimal(plain(self._unit)))
        self._drafts = [one for one in drafts if not (one.amount == ZERO and one.shown_at_zero is False)]

    def write(self) -> None:
        """Write the lines, the VAT and the totals, and return them."""
        amounts = [self._whole(one.amount) for one in self._drafts]
        tests = [self._test(one, amount) for one, amount in zip(self._drafts, amounts, strict=True)]
        lines = self._listed([self._line(*one) for one in zip(self._drafts, amounts, strict=True)], tests)
        reasons = "()"
        if self._all.explain:
            reasons = self._listed([self._all.reasons.of(one) for one in self._drafts], tests)
        net = self._source.let(" + ".join(amounts) or "0", "net")
        vat, taxes = self._vat(amounts, tests)
        gross = self._source.let(" + ".join([net, *taxes]), "gross")
        parts = [lines, self._money(net), vat, self._money(gross), reasons]
        self._source.put(f"return NEW(INVOICE, ({', '.join(parts)}))")

    def _whole(self, amount: Num) -> str:
        steps = amount.factor / self._unit
        assert amount.den == "1" and steps.denominator == 1, "a printed amount is rounded"
        if amount.constant is not None:
            return str(steps.numerator)
        text = amount.num if steps == 1 else f"{steps.numerator}*{amount.num}"
        return self._source.let(text, "m")

    def _test(self, draft: "Draft", amount: str) -> str | None:
        """The condition under which a line is printed, None where it always is."""
        tests = [] if draft.present == YES else [draft.present.code]
        if draft.shown_at_zero is None:
            tests_of = " and ".join([*tests, f"not {amount}"])
            self._source.put(f"if {tests_of}: raise Doubt")
        elif not draft.shown_at_zero and (draft.amount.constant is None or draft.amount == ZERO):
            tests.append(amount)
        return " and ".join(tests) or None

    def _line(self, draft: "Draft", amount: str) -> str:
        if draft.amount.constant is not None:
            return self._source.hold((draft.name, Decimal(plain(draft.amount.factor, self._places))))
        return f"({draft.name!r}, {self._money(amount)})"

    @property
    def _places(self) -> int:
        return len(str(self._unit.denominator)) - 1

    def _money(self, amount: str) -> str:
        return f"TIMES({amount}, {self._cent})"

    def _listed(self, items: list[str], tests: list[str | None]) -> str:
        """A tuple of the items whose test holds; where all hold, as is usual, none is asked twice."""
        whole = f"({', '.join(items)}{',' if len(items) == 1 else ''})"
        asked = list(dict.fromkeys(test for test in tests if test is not None))
        if not asked:
            return whole
        name = self._source.fresh("found")
        self._source.put(f"if {' and '.join(asked)}: {name} = {whole}")
        self._source.put(f"else: {name} = " + " + ".join(
            f"({item},)" if test is None else f"(({item},) if {test} else ())"
            for item, test in zip(items, tests, strict=True)
        ))  # fmt: skip
        return name

    def _vat(self, amounts: list[str], tests: list[str | None]) -> tuple[str, list[str]]:
        """The totals by rate, highest first, then what is not taxed; and the amounts of tax."""
        groups: dict[LineVat, list[int]] = {}
        for index, draft in enumerate(self._drafts):
            assert draft.vat is not None, "every printed line has a nature of VAT"
            groups.setdefault(draft.vat, []).append(index)
        taxed = sorted((vat for vat in groups if vat.rate is not None), key=lambda vat: vat.rate or 0,
                       reverse=True)  # fmt: skip
        others = [vat for vat in groups if vat.rate is None]
        items, conditions, taxes = [], [], []
        for vat in (*taxed, *others):
            members = groups[vat]
            base = self._source.let(" + ".join(amounts[index] for index in members), "b")
            tax = "0"
            if vat.rate:
                minor = minor_unit(self._all.rating.currency)
                due = Num(self._unit * vat.rate, base) if not base.isdigit() else Num(
                    self._unit * vat.rate * int(base))  # fmt: skip
                tax = self._whole(self._all.arithmetic.rounded(due, minor, "half_up"))
                taxes.append(tax)
            items.append(f"NEW(VAT, ({self._source.hold(vat)}, {self._money(base)}, {self._money(tax)}))")
            asked = [tests[index] for index in members]
            conditions.append(None if None in asked else " or ".join(f"({one})" for one in asked))
        asked = [f"({one})" if one else None for one in conditions]
        if len(others) < 2 or not any(asked[len(taxed) :]):
            return self._listed(items, asked), taxes
        # What is not taxed stands in the order of its first printed line.
        order = [self._first(groups[vat], tests) for vat in others]
        pairs = ", ".join(f"({at}, {item})" for at, item in zip(order, items[len(taxed) :], strict=True))
        return f"{self._listed(items[: len(taxed)], asked[: len(taxed)])} + IN_ORDER(({pairs}))", taxes

    def _first(self, members: list[int], tests: list[str | None]) -> str:
        """The place of the first of some lines that is printed, None where none is."""
        text = ""
        for index in members:
            if tests[index] is None:
                return f"{text}{index}"
            text += f"{index} if {tests[index]} else "
        return f"{text}None"
