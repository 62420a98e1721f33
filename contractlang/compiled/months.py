"""Many contract-months, one after another, each period made into a function once."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from contractlang.compiled.period import CompiledInvoice, CompiledPeriod, Figures

Named = TypeVar("Named")


def rate_months(
    compiled: Callable[[Named], CompiledPeriod], months: Iterable[tuple[Named, Figures]]
) -> Iterator[CompiledInvoice]:
    """The invoices of some periods with their figures, in the order in which they are given.

    `compiled` is asked once for each distinct period, by whatever names it; two periods whose terms are the
    same share their function. Raises what `CompiledPeriod.amounts` raises, at the month that is wrong.
    """
    known: dict[Named, Callable[[Figures], CompiledInvoice]] = {}
    for period, figures in months:
        amounts = known.get(period)
        if amounts is None:
            amounts = known[period] = compiled(period).amounts
        yield amounts(figures)
