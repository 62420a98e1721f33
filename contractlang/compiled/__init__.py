"""A second evaluator: one period of a contract as one function of its figures.

In: a checked contract and a period. Out: `CompiledPeriod`, whose amounts are those of `rating`, in
microseconds. What generated code cannot express is rated by the interpreter, so the answer never depends
on the way. The modules: `worlds` (the phases), `compilation`, `lines`, `on_lines`, `drafts`, `printing`,
`figures`, `expressions`, `bands`, `tiers`, `answering`, `reasons`, `arithmetic`, `source`, `values`;
`period` runs the function, `months` many of them.
"""

from contractlang.compiled.figures import Key
from contractlang.compiled.months import rate_months
from contractlang.compiled.period import (
    CompiledInvoice,
    CompiledPeriod,
    CompiledVat,
    Compiler,
    Figures,
    Given,
    LineReason,
    compile_period,
    why_not,
)

__all__ = [
    "CompiledInvoice", "CompiledPeriod", "CompiledVat", "Compiler", "Figures", "Given", "Key", "LineReason",
    "compile_period", "rate_months", "why_not",
]  # fmt: skip
