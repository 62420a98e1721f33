"""Why a value is what it is: a `Step` for each operation, returned with the value.

In: nothing; rating builds steps. Out: what `explain`, an invoice's annex and its JSON show. A step is
facts, not sentences: its `kind` names what was done, `label` is the contract's own words, and what else
a reader needs stands in `facts` by name, so that every language renders it. The kinds:

    number      a number of the contract                    label: as written
    supplied    a supplied figure                           facts: days, text, file, row
    rows        an aggregate over rows                      facts: days, function, table, rows, [group]
    figure      a measure over some days                    facts: days; one child: its formula, or parts
    parts       a figure in parts, aggregated               facts: function, by; a child for each part
    operation   an expression                               label: its text; children: operands
    rounded     a rounding of the terms                     facts: mode, step, before
    no data     a value that is not defined                 facts: cause
    price       a rate or an amount in force                facts: from; child: its value
    index       a price revised on an index                 facts: p0, coefficient, base, month, s0, s, …
    tiers       quantity at tiered prices                   facts: pricing; children: tier
    tier        one tier                                    facts: quantity, price, [plus], from, up_to
    package     started packages                            facts: packages, size, price
    band        the row of a band table that was reached    facts: figure, row, rows (Bands)
    part        a part of a scorecard                       facts: weight, gate
    over        a value over another span                   facts: days
    previous    a value of an earlier period                facts: days, or otherwise
    condition   a condition, and whether it holds           children: operands
    line        the amount of a line                        facts: days
    days        a share of an interval by days              facts: days, of
    bound       what a bound made of a value                facts: bound, before
    share       a line's part of an amount shared by rate   facts: of
    amount      quantity x unit price of a line             children: quantity, price
    rounding    the one rounding of an invoice line         facts: mode, step, before
    clawback    units given back at their price             facts: day, units, price
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from contractlang.frozen import dataclass
from contractlang.text import Span
from contractlang.units import Scale

Value: TypeAlias = Fraction | bool | str | date | None
"""What an expression comes to; None is `no data`."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number to show: `value` in base dimensions, `scale` the unit word to show it in (None: plain)."""

    value: Fraction | None
    scale: Scale | None = None

    @property
    def shown(self) -> Fraction | None:
        """The number in the unit of `scale`: 3 for 10 800 seconds shown in hours."""
        if self.value is None or self.scale is None:
            return self.value
        return self.value / self.scale.factor


@dataclass(frozen=True, slots=True)
class BandRow:
    """One row of a band table, to draw it: edges in base dimensions, None where a side is open."""

    text: str
    value: str
    lower: Fraction | None
    lower_included: bool
    upper: Fraction | None
    upper_included: bool
    no_data: bool
    reached: bool


@dataclass(frozen=True, slots=True)
class Bands:
    """A band table and where a figure stood in it."""

    figure: Quantity
    rows: tuple[BandRow, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation with its value, its place in the terms, its facts and the steps it rests on."""

    kind: str
    value: Value
    label: str = ""
    scale: Scale | None = None
    span: Span | None = None
    facts: tuple[tuple[str, Any], ...] = ()
    children: "tuple[Step, ...]" = ()

    def fact(self, name: str) -> Any:
        """A fact by name, None where the step has no such fact."""
        for key, value in self.facts:
            if key == name:
                return value
        return None

    def walk(self) -> "Iterator[Step]":
        """The step and all under it, depth first."""
        yield self
        for child in self.children:
            yield from child.walk()
