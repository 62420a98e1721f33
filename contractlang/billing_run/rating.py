"""Some contracts rated one after the other: what each comes to, or why it does not.

In: the contracts of a batch, which read the same files. Out: an `Outcome` for each. Nothing that is wrong
with one contract ends the others.

Codes: CL906 a fault of the program itself.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from contractlang import api
from contractlang.billing_run.jobs import Document, Job, Outcome, Settings
from contractlang.calendar import Days
from contractlang.diagnostics import ContractError, Diagnostic, error, in_order, too_deep
from contractlang.invoicing.document import Invoice
from contractlang.measuring.sharing import SharedRows
from contractlang.measuring.usage import MeasuredUsage
from contractlang.rendering import invoice as rendering
from contractlang.rendering import json as invoice_json
from contractlang.terms import Period

_Found = TypeVar("_Found")


def rate(batch: Sequence[Job], settings: Settings) -> Iterator[Outcome]:
    """What came of each contract, in their order; those to which the rows are the same share them."""
    if len(batch) == 1:
        yield _alone(batch[0], settings)
        return
    loaded = [_guarded(job, settings, partial(_load, job, settings)) for job in batch]
    with closing(_shared(loaded)) as shared:
        opened = [
            one
            if isinstance(one, Outcome)
            else _guarded(one.job, settings, partial(_open, one, settings, shared))
            for one in loaded
        ]
        for job, one in zip(batch, opened, strict=True):
            try:
                yield one if isinstance(one, Outcome) else _invoiced(one, settings)
            except Exception:
                # What went wrong may be another's, or be said at the place of another.
                yield _alone(job, settings)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A contract that has something to invoice."""

    job: Job
    contract: api.LoadedContract
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class _Open:
    """A contract and its usage, before anything is computed."""

    job: Job
    contract: api.LoadedContract
    usage: MeasuredUsage
    periods: tuple[Period, ...]


def _alone(job: Job, settings: Settings) -> Outcome:
    """What came of a contract that shares nothing."""

    def work() -> Outcome:
        loaded = _load(job, settings)
        if isinstance(loaded, Outcome):
            return loaded
        with closing(_shared([loaded])) as shared:
            return _invoiced(_open(loaded, settings, shared), settings)

    return _guarded(job, settings, work)


def _shared(loaded: "Sequence[_Loaded | Outcome]") -> SharedRows:
    """Rows that are opened over the terms of all contracts."""
    terms = [one.contract.term for one in loaded if isinstance(one, _Loaded)]
    starts, ends = [one.start for one in terms], [one.end for one in terms]
    return SharedRows(Days(min(starts, default=date.min), max(ends, default=date.min)))


def _load(job: Job, settings: Settings) -> _Loaded | Outcome:
    """A contract, where there is something to invoice; else what came of it."""
    contract = api.load(job.file, settings.parties, settings.as_of)
    document = contract.document
    if document.header is None and document.declarations:
        return Outcome(job, "included", note="no contract of its own: it is there to be included")
    periods = contract.periods_due(settings.days)
    if not periods:
        term = contract.term
        note = f"no period in {settings.period}: its term is {term.start} to {term.last}"
        return Outcome(job, "skipped", note=note)
    return _Loaded(job, contract, periods)


def _open(one: _Loaded, settings: Settings, shared: SharedRows) -> _Open:
    """A contract with its usage, whose figures are counted with those of the others."""
    usage = api.load_usage(one.job.usage, one.contract, settings.allow_files, shared)
    one.contract.expect(usage)
    return _Open(one.job, one.contract, usage, one.periods)


def _invoiced(one: _Open, settings: Settings) -> Outcome:
    invoices = one.contract.invoices_of(one.usage, one.periods)
    documents = tuple(_document(invoice, settings) for invoice in invoices)
    warnings = in_order(warning for invoice in invoices for warning in invoice.warnings)
    return Outcome.of(one.job, "invoiced", warnings, settings.colour, documents)


def _guarded(job: Job, settings: Settings, work: Callable[[], _Found]) -> _Found | Outcome:
    """What some work on a contract gives, or what is wrong with it."""
    try:
        return work()
    except ContractError as fault:
        wrong = fault.diagnostics
    except RecursionError:
        wrong = (too_deep(),)
    except Exception as fault:
        if settings.debug:
            raise
        wrong = (_own_fault(fault),)
    return Outcome.of(job, "failed", wrong, settings.colour)


def _document(invoice: Invoice, settings: Settings) -> Document:
    if settings.format == "json-line":
        text = json.dumps(invoice_json.invoice_record(invoice), ensure_ascii=False)
    else:
        text = rendering.render(invoice, settings.format, settings.language, settings.templates)
    is_credit_note = invoice.document == "credit_note"
    return Document(invoice.period, text, is_credit_note, invoice.currency, invoice.net, invoice.gross)


def _own_fault(fault: Exception) -> Diagnostic:
    told = " ".join(str(fault).split())[:200]
    what = f"{type(fault).__name__}: {told}" if told else type(fault).__name__
    cure = "please report it, with what CONTRACTLANG_DEBUG=1 and --jobs 1 show"
    return error("CL906", f"contractlang itself is at fault, not your files ({what})", None, cure)
