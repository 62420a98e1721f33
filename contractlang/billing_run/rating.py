"""Some contracts rated one after the other: what each comes to, or why it does not.

In: the contracts of a batch, which read the same files. Out: an `Outcome` for each. Nothing that is wrong
with one contract ends the others.

Codes: CL906 a fault of the program itself.
"""

import json
from collections.abc import Iterator, Sequence

from contractlang import api
from contractlang.billing_run.jobs import Document, Job, Outcome, Settings
from contractlang.diagnostics import ContractError, Diagnostic, error, in_order, too_deep
from contractlang.invoicing.document import Invoice
from contractlang.rendering import invoice as rendering
from contractlang.rendering import json as invoice_json


def rate(batch: Sequence[Job], settings: Settings) -> Iterator[Outcome]:
    """What came of each contract, in their order."""
    for job in batch:
        yield _guarded(job, settings)


def _guarded(job: Job, settings: Settings) -> Outcome:
    try:
        return _rated(job, settings)
    except ContractError as fault:
        wrong = fault.diagnostics
    except RecursionError:
        wrong = (too_deep(),)
    except Exception as fault:
        if settings.debug:
            raise
        wrong = (_own_fault(fault),)
    return Outcome.of(job, "failed", wrong, settings.colour)


def _rated(job: Job, settings: Settings) -> Outcome:
    contract = api.load(job.file, settings.parties, settings.as_of)
    document = contract.document
    if document.header is None and document.declarations:
        return Outcome(job, "included", note="no contract of its own: it is there to be included")
    periods = contract.periods_due(settings.days)
    if not periods:
        term = contract.term
        note = f"no period in {settings.period}: its term is {term.start} to {term.last}"
        return Outcome(job, "skipped", note=note)
    usage = api.load_usage(job.usage, contract, settings.allow_files)
    try:
        invoices = contract.invoices_of(usage, periods)
        documents = tuple(_document(one, settings) for one in invoices)
        warnings = in_order(warning for one in invoices for warning in one.warnings)
        return Outcome.of(job, "invoiced", warnings, settings.colour, documents)
    finally:
        usage.close()


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
