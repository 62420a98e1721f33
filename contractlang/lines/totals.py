"""Totals: net, VAT by rate on the sum of the lines at that rate, rounded once, and gross."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from contractlang.frozen import dataclass
from contractlang.lines.line import InvoiceLine, LineVat, VatTotal


@dataclass(frozen=True, slots=True)
class Totals:
    """`net` is the sum of all lines, taxed or not; `gross` adds the VAT (rulings, "Money and VAT")."""

    net: Fraction
    vat: tuple[VatTotal, ...]
    gross: Fraction


def totals(lines: Iterable[InvoiceLine], rounded_vat: Callable[[Fraction], Fraction]) -> Totals:
    """The totals of some printed lines."""
    bases: dict[LineVat, Fraction] = {}
    net = Fraction(0)
    for line in lines:
        net += line.amount
        bases[line.vat] = bases.get(line.vat, Fraction(0)) + line.amount
    taxed = sorted(
        (vat for vat in bases if vat.rate is not None), key=lambda vat: vat.rate or 0, reverse=True
    )
    others = [vat for vat in bases if vat.rate is None]
    found = [VatTotal(vat.rate, bases[vat], rounded_vat(bases[vat] * (vat.rate or 0))) for vat in taxed]
    found += [VatTotal(None, bases[vat], Fraction(0), vat.nature, vat.reason) for vat in others]
    return Totals(net, tuple(found), net + sum((one.amount for one in found), Fraction(0)))
