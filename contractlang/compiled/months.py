"""Many contract-months, one after another, each period made into a function once."""

from collections.abc import Iterable, Iterator

from contractlang.compiled.period import CompiledInvoice, CompiledPeriod, Compiler, Figures
from contractlang.terms import Period


def rate_months(compiler: Compiler, months: Iterable[tuple[Period, Figures]]) -> Iterator[CompiledInvoice]:
    """The invoices of some periods with their figures, in the order in which they are given.

    Each distinct period is compiled once; two periods whose terms are the same share their function.
    Raises what `CompiledPeriod.amounts` raises, at the month that is wrong.
    """
    known: dict[Period, CompiledPeriod] = {}
    for period, figures in months:
        compiled = known.get(period)
        if compiled is None:
            compiled = known[period] = compiler.period(period)
        yield compiled.amounts(figures)
