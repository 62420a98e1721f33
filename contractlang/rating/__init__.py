"""Rating: segments and lines with their reasons, exact, from terms and figures.

In: a `CheckedContract` and a `MeasuredUsage`. Out: `Rating`, which gives the printed lines of a period.
"""
