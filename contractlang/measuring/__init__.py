"""Usage in, figures out: what was measured, exactly, by the days it was measured on.

In: a usage file and a `Schema`. Out: `MeasuredUsage`: supplied figures with their spans, and exact
aggregates over the rows of tables. The room holds no price and no rule of a contract. It is the only
importer of YAML, and asks the engines of `contractlang.engines`.

    document, spans, values, figures   the usage file and the figures in it
    addresses, files, sources          where rows are: files below the usage's folder, databases
    views                              typed rows that stay where they are, seen as exact integers
    columns, staging                   cells of text, converted once in the engine at hand
    opening, surprises                 the sources of a usage, and what is legal and surprising in their rows
    expressions, quantities, intervals row expressions as SQL on integers
    slots, clock                       windows and wall-clock times, computed by us
    aggregating, keeping, totals, rows requests, in one pass; days that add up
    sharing                            the same rows, for several contracts
    facts, profiling, listing          what rows look like before they are rated; the rows behind a figure
    usage                              all of it, behind one interface

Its codes are CL800 to CL849; the first lines of each module list its own.
"""

from contractlang.measuring.aggregate import ALL, Aggregate, Measured
from contractlang.measuring.figures import SuppliedFigure
from contractlang.measuring.files import Input
from contractlang.measuring.schema import Schema
from contractlang.measuring.usage import MeasuredUsage, empty_usage, figures_usage, load_usage

__all__ = [
    "ALL",
    "Aggregate",
    "Input",
    "Measured",
    "MeasuredUsage",
    "Schema",
    "SuppliedFigure",
    "empty_usage",
    "figures_usage",
    "load_usage",
]
