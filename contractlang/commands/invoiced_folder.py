"""What `contractlang invoice FOLDER` does: the invoices of all contracts of a folder.

In: a folder, the name of the usage files beside the contracts, and the days. Out: documents on standard
output or one a file, what is wrong and a summary on standard error.

Codes: CL907 nothing to invoice.
"""

import json
import os
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from contractlang.billing_run import Job, Outcome, Settings, outcomes_of
from contractlang.billing_run.days import period_name
from contractlang.billing_run.ordering import InOrder
from contractlang.billing_run.summary import Summary, many
from contractlang.commands.folders import contracts_of
from contractlang.commands.writing import say, wants_colour, write_result
from contractlang.diagnostics import ContractError, Place, error

ENDINGS = {"text": "txt", "markdown": "md", "html": "html", "json": "json", "lines": "txt"}
_USAGES = ("usage.yaml", "usage.yml", "usage.json")


def invoice_folder(
    folder: str, usage: str | None, settings: Settings, jobs: int | None, output: Path | None
) -> int:
    """Invoice all contracts of a folder; the exit status, 1 where any of them failed.

    Raises ContractError where there is nothing to begin with.
    """
    settings = replace(
        settings,
        colour=wants_colour(sys.stderr),
        recursion=sys.getrecursionlimit(),
        debug=os.environ.get("CONTRACTLANG_DEBUG") == "1",
    )
    if output is not None:
        _have(output)
    elif settings.format == "json":
        settings = replace(settings, format="json-line")
    names = [one.file for one in contracts_of((folder,))]
    work = [Job(number, name, _usage_beside(name, usage)) for number, name in enumerate(names)]
    summary, progress, order = Summary(), _Progress(len(work)), InOrder()
    with closing(outcomes_of(work, settings, jobs or os.cpu_count() or 1)) as outcomes, closing(order):
        for outcome in outcomes:
            progress.one_more()
            found = outcome if output is None else _written(outcome, Path(folder), output, settings)
            for one in order.add(found):
                summary.add(one)
                _tell(one, settings, progress)
    progress.clear()
    if settings.format == "json-line":
        say(json.dumps({"summary": summary.record()}, ensure_ascii=False))
    sys.stderr.write(summary.text())
    if not summary.documents and not summary.failed:
        message = f'no contract of "{folder}" has a period in {settings.period}'
        raise ContractError([error("CL907", message, None, "name days inside the term of one")])
    return 1 if summary.failed else 0


# ---- before


def _usage_beside(contract: str, name: str | None) -> str:
    """The usage file of a contract; where there is none, the name that it should have."""
    beside = Path(contract).parent
    names = (name,) if name is not None else _USAGES
    return str(next((beside / one for one in names if (beside / one).exists()), beside / names[0]))


def _have(folder: Path) -> None:
    """Make a folder to write to, where there is none; raises ContractError (CL901)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        reason, cure = (fault.strerror or "unknown reason").lower(), ""
        if isinstance(fault, FileExistsError):
            reason, cure = "it is a file", "the documents of many contracts need a folder"
        message = f'the folder "{folder}" cannot be made: {reason}'
        raise ContractError([error("CL901", message, Place(str(folder)), cure)]) from None


# ---- each contract


def _written(outcome: Outcome, folder: Path, output: Path, settings: Settings) -> Outcome:
    """Write the documents of a contract, one a file; the outcome, failed where that cannot be done."""
    contract = Path(outcome.job.file)
    beside = output / contract.parent.relative_to(folder)
    try:
        for one in outcome.documents:
            _have(beside)
            name = f"{contract.stem}-{period_name(one.days)}.{ENDINGS[settings.format]}"
            write_result(one.text, beside / name)
    except ContractError as fault:
        return Outcome.of(outcome.job, "failed", fault.diagnostics, settings.colour)
    return outcome.without_texts()


def _tell(outcome: Outcome, settings: Settings, progress: "_Progress") -> None:
    """Print what came of a contract, in its place."""
    name = outcome.job.file
    texts = [one.text for one in outcome.documents if one.text]
    if settings.format == "json-line" and outcome.status != "included":
        progress.clear()
        say(_line(outcome))
    elif texts:
        progress.clear()
        head = f"contract {name}\n" if settings.format == "lines" else ""
        say("\n".join(head + (one if one.endswith("\n") else f"{one}\n") for one in texts) + "\n")
    if outcome.note or outcome.said:
        progress.clear()
        invoiced = f"invoiced, with {many(outcome.warnings, 'warning')}"
        words = outcome.note or (invoiced if outcome.status == "invoiced" else "no invoice")
        sys.stderr.write(f"{name}: {words}\n")
        sys.stderr.write(f"{outcome.said}\n" if outcome.said else "")


def _line(outcome: Outcome) -> str:
    """One contract as one line of JSON, as the schema `run` says."""
    record = {
        "file": outcome.job.file,
        "status": outcome.status,
        "invoices": [json.loads(one.text) for one in outcome.documents],
        "diagnostics": list(outcome.records),
        "note": outcome.note or None,
    }
    return json.dumps(record, ensure_ascii=False)


# ---- on a terminal


class _Progress:
    """A counter on the last line of a terminal, and nowhere else; plain characters, no colours."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._shown = ""
        self._is_on = sys.stderr.isatty()

    def one_more(self) -> None:
        """Another contract is done."""
        self._done += 1
        if self._is_on:
            self._write(f"{self._done} of {self._total} contracts")

    def clear(self) -> None:
        """Take the counter away before something else is printed."""
        if self._shown:
            self._write(" " * len(self._shown))
            self._write("")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text}")
        sys.stderr.flush()
        self._shown = text.strip()
