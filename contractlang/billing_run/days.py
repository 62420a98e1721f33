"""The days of a billing run and of its documents, as people name them.

Codes: CL963 no period, CL964 the later one first.
"""

from contractlang.calendar import Days, interval
from contractlang.diagnostics import ContractError, error
from contractlang.invoicing import invoicing


def days_named(from_: str | None, to: str | None) -> tuple[Days, str]:
    """The days from one period to another, and their name; raises ContractError (CL963, CL964)."""
    named: list[Days] = []
    for text in (from_ or "", to or ""):
        days = invoicing.days_named(text)
        if not days:
            cure = "name a period, such as 2026-07, or any date inside one"
            raise ContractError([error("CL963", f'"{text}" is no period', None, cure)])
        named.append(days)
    first, last = named
    if last.end < first.end:
        cure = "give the earlier period first"
        raise ContractError([error("CL964", f"{to} comes before {from_}", None, cure)])
    return Days(first.start, last.end), str(from_) if from_ == to else f"{from_} to {to}"


def period_name(days: Days) -> str:
    """A period as `--period` takes it: `2026-07`, `2026-Q3`, `2026`, else its first and last day."""
    start = days.start
    if days == interval("month", start):
        return f"{start:%Y-%m}"
    if days == interval("quarter", start):
        return f"{start:%Y}-Q{(start.month + 2) // 3}"
    if days == interval("year", start):
        return f"{start:%Y}"
    return f"{start}..{days.last}"
