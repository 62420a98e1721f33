"""Why a change costs nothing on some months: it starts later, its tier is not reached, nothing reads it.

In: a change, the invoices without and with it. Out: a `Reason`. That a change cost nothing last month
does not make it harmless, so the reader is told what would make it bite.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from contractlang.calendar import Days
from contractlang.comparing.changes import Change
from contractlang.comparing.openings import when_in_force
from contractlang.comparing.readers import names_read
from contractlang.exact import approximate, is_decimal, plain
from contractlang.invoicing.document import Invoice
from contractlang.syntax.loading import Document
from contractlang.trace import Quantity, Step

_TIERS = frozenset({"tier price", "tier edge", "tier plus", "tiers"})
_BANDS = frozenset({"row value", "edge", "rows", "row", "no data"})
_BOUNDS = frozenset(
    {"at_most", "at_least", "bonus_at_most", "malus_at_most", "lower bound", "upper bound", "bounds of"}
)
_LINES = frozenset(
    {"charge", "fee", "subscription", "bonus-malus", "penalty", "minimum", "limit", "clawback"}
)  # fmt: skip
# What counts for every line, or for none alone: nothing needs to read it.
_WHOLE = _LINES | {"contract", "phase", "transition"}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why nothing moves: a stable code for programs, and words for people."""

    code: str
    words: str


def reason_for(
    changes: Sequence[Change],
    before: Sequence[Invoice],
    after: Sequence[Invoice],
    days: Days,
    contracts: tuple[Document, Document],
) -> Reason:
    """Why changes that stand together move no amount on the invoices before and after them."""
    # Where a phase comes, the ways into it come too: the phase says when it bites.
    change = next((one for one in changes if one.kind == "phase"), changes[0])
    invoices = [_from_day(one, change.effective) for one in (*before, *after)]
    if change.kind in ("phase", "transition"):
        found = _out_of_force(change, invoices, days, contracts)
        if found is not None:
            return found
    if change.effective is not None and change.effective >= days.end:
        return Reason("starts_later", f"starts on {change.effective.isoformat()}, after these months")
    if change.attribute == "payment":
        return Reason("payment_only", "changes when it is paid, not how much")
    if change.attribute == "term" and [one.period for one in before] == [one.period for one in after]:
        return Reason("in_both_terms", "these months lie in the term before and after")
    found = _out_of_force(change, invoices, days, contracts)
    if found is not None:
        return found
    if change.kind in _LINES and not any(line.name == change.name for one in invoices for line in one.lines):
        return Reason("line_not_billed", f"{change.name} bills nothing in these months")
    steps = list(_steps(change, invoices))
    if change.attribute in _TIERS:
        return Reason("tier_not_reached", f"tier not reached{_figure(steps, 'tiers', 'quantity')}")
    if (row := _row_of_column(change)) is not None:
        taken = any(
            line.group is not None and f'"{line.group}"' == row for one in invoices for line in one.lines
        )
        if not taken:
            return Reason("row_not_taken", f"no line of these months takes the row {row}")
        return Reason("same_amounts", "the amounts of these months come out the same")
    if change.attribute in _BANDS:
        return Reason("band_not_reached", f"band not reached{_figure(steps, 'band', 'figure')}")
    if change.attribute in _BOUNDS:
        return Reason("bound_not_reached", "bound not reached in these months")
    if change.kind not in _WHOLE and not _is_read(change, invoices, contracts):
        return Reason("not_read", "no line billed in these months reads it")
    return Reason("same_amounts", "the amounts of these months come out the same")


def _from_day(invoice: Invoice, day: date | None) -> Invoice:
    """An invoice without the lines of days before a change: what they read says nothing of it."""
    if day is None:
        return invoice
    return replace(invoice, lines=tuple(line for line in invoice.lines if line.days.end > day))


def _out_of_force(
    change: Change, invoices: Sequence[Invoice], days: Days, contracts: tuple[Document, Document]
) -> Reason | None:
    """That a phase of the change is not in force in any of the months: first the one that a way leads to."""
    phases = [change.name] if change.kind in ("phase", "transition") else []
    phases += [change.phase] if change.phase is not None else []
    in_force = {phase for one in invoices for phase, _ in one.phases}
    for phase in phases:
        if phase not in in_force:
            is_later, words = when_in_force(phase, *contracts, days)
            return Reason("starts_later" if is_later else "phase_not_in_force", words)
    return None


def _row_of_column(change: Change) -> str | None:
    """The row of a table by the values of a column that a change is about: `"fr"`, `otherwise`."""
    if change.attribute not in ("row", "row value"):
        return None
    where = change.differences[0].where
    return where if where.startswith('"') or where == "otherwise" else None


def _steps(change: Change, invoices: Sequence[Invoice]) -> Iterator[Step]:
    for invoice in invoices:
        for line in invoice.lines:
            if line.name == change.name or change.kind not in _LINES:
                yield from line.reason.walk()


def _is_read(change: Change, invoices: Sequence[Invoice], contracts: tuple[Document, Document]) -> bool:
    billed = {line.name for one in invoices for line in one.lines}
    declarations = (one for document in contracts for one in document.declarations)
    return change.name in names_read(billed, declarations)


def _figure(steps: Sequence[Step], kind: str, fact: str) -> str:
    """What the figure was, month by month: `: 7 785 calls`."""
    shown = dict.fromkeys(_quantity(step.fact(fact)) for step in steps if step.kind == kind)
    values = [one for one in shown if one]
    if not values:
        return ""
    return (
        f": {values[0]}"
        if len(values) == 1
        else f": {', '.join(values[:3])}{', …' if len(values) > 3 else ''}"
    )


def _quantity(quantity: Any) -> str:
    if not isinstance(quantity, Quantity) or quantity.shown is None:
        return "no data" if isinstance(quantity, Quantity) else ""
    value: Fraction = quantity.shown
    text = plain(value) if is_decimal(value) else approximate(value, 4)
    whole, dot, part = text.partition(".")
    text = f"{int(whole):,}".replace(",", " ") + dot + part if whole not in ("-0",) else text
    if quantity.scale is None:
        return text
    return f"{text}%" if quantity.scale.text == "%" else f"{text} {quantity.scale.text}"
