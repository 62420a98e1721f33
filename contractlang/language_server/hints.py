"""What an editor shows between the words and above the lines: units, amounts, things to run.

In: an analysis and, where usage.yaml stands beside the contract, the amounts of one period. Out: hints and
lenses with offsets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from contractlang.api import load_usage
from contractlang.checking.wording import said_money
from contractlang.diagnostics import ContractError
from contractlang.language_server.analysis import Analysis
from contractlang.language_server.wording import unit_of
from contractlang.syntax import tree
from contractlang.text import Span

USAGE_FILE = "usage.yaml"


@dataclass(frozen=True, slots=True)
class Hint:
    """A text to show at an offset, and why."""

    offset: int
    text: str
    tooltip: str


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the lines of a contract come to in one period, as its usage gives it."""

    period: str
    lines: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lens:
    """Something to run, shown above a declaration: `run this test`, `this month's invoice`."""

    span: Span
    title: str
    command: str
    argument: str


def hints(analysis: Analysis, start: int, end: int, amounts: Amounts | None = None) -> tuple[Hint, ...]:
    """The units that are not written, and the amounts of lines, between two offsets."""
    found = []
    for one in analysis.survey.declared:
        node = one.node
        if node.span.source != analysis.source or not start <= node.span.start <= end:
            continue
        if isinstance(node, (tree.Measure, tree.Price)):
            unit = unit_of(analysis, node)
            # What the author wrote after `in` needs no second saying.
            if unit and not (isinstance(node, tree.Measure) and node.unit):
                found.append(Hint(node.name.span.end, f": {unit}", "the unit that follows from the formula"))
        elif isinstance(node, tree.Line) and amounts is not None and node.name.text in amounts.lines:
            text = f" {amounts.lines[node.name.text]}"
            found.append(Hint(node.name.span.end, text, f"{amounts.period}, as {USAGE_FILE} gives it"))
    return tuple(sorted(found, key=lambda hint: hint.offset))


def lenses(analysis: Analysis, has_usage: bool) -> tuple[Lens, ...]:
    """What can be run of a contract; an invoice only where its usage stands beside it."""
    found = []
    for node in analysis.declarations:
        if isinstance(node, tree.Test):
            found.append(Lens(_head(node.span), "run this test", "contractlang.runTest", node.title))
        elif isinstance(node, tree.Contract) and has_usage:
            found.append(Lens(_head(node.span), "this month's invoice", "contractlang.invoice", ""))
    return tuple(found)


def run_test(analysis: Analysis, title: str) -> str:
    """What a scenario of a contract says; a mistake of the contract is said instead."""
    try:
        results = [one for one in analysis.contract.run_tests() if one.name == title]
    except ContractError as fault:
        return f'"{title}" cannot be run: {fault.diagnostics[0].message}'
    if not results:
        return f'no test is called "{title}"'
    failures = [failure.message for one in results for failure in one.failures]
    return "\n".join([f'"{title}" fails', *failures]) if failures else f'"{title}" passes'


def invoice_text(analysis: Analysis, usage: Path, period: str) -> str:
    """The invoice of a period, as text; what is wrong is said instead."""
    from contractlang.rendering import invoice as rendering

    try:
        measured = load_usage(usage, analysis.contract)
        return rendering.render(analysis.contract.invoice(measured, period), "text", None, None)
    except ContractError as fault:
        return "\n".join(f"{one.code}: {one.message}" for one in fault.diagnostics)


def amounts_of(analysis: Analysis, usage: Path) -> Amounts | None:
    """The amounts of the last period that the usage has figures or rows of; None where none can be told."""
    if not usage.is_file():
        return None
    try:
        measured = load_usage(usage, analysis.contract)
        for period in reversed(_periods(analysis)):
            try:
                invoice = analysis.contract.invoice(measured, period)
            except ContractError:
                continue
            totals: dict[str, str] = {}
            for name in dict.fromkeys(line.name for line in invoice.lines):
                amount = sum(
                    (line.amount for line in invoice.lines if line.name == name), start=0 * invoice.net
                )
                totals[name] = said_money(amount, invoice.currency)
            if totals:
                return Amounts(period, totals)
    except ContractError:
        return None
    return None


def _periods(analysis: Analysis) -> list[str]:
    """The months of the term, as an invoice's period is named."""
    term = analysis.scope.term
    if term is None:
        return []
    months: list[str] = []
    year, month = term.start.year, term.start.month
    while (year, month) <= (term.last.year, term.last.month) and len(months) < 240:
        months.append(f"{year}-{month:02}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return months


def _head(span: Span) -> Span:
    end = span.source.text.find("\n", span.start, span.end)
    return Span(span.source, span.start, end if end >= 0 else span.end)
