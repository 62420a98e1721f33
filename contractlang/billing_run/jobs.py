"""What a billing run rates, and what came of it: data that goes from one process to another."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, TypeAlias

from contractlang.calendar import Days
from contractlang.diagnostics import Diagnostic, Severity
from contractlang.reporting import json as diagnostics_json
from contractlang.reporting.text import diagnostic_text

Status: TypeAlias = Literal["invoiced", "skipped", "included", "failed"]
"""Skipped is a contract whose term is elsewhere; included a file that is no contract of its own."""


@dataclass(frozen=True, slots=True)
class Job:
    """One contract of a run: its place in the order, its file and its usage file."""

    number: int
    file: str
    usage: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What is the same for all contracts of a run.

    The documents are those of `days`, called `period` in messages. `format` is one of invoices, or
    `json-line` for one line of JSON a document. `colour` is about diagnostics. `recursion` is the depth to
    which figures may rest on one another.
    """

    days: Days
    period: str
    format: str
    language: str | None = None
    templates: Path | None = None
    parties: Path | None = None
    as_of: str | None = None
    allow_files: tuple[Path, ...] = ()
    colour: bool = False
    recursion: int = 10_000
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or a credit note, rendered; `net` and `gross` are in its currency."""

    days: Days
    text: str
    is_credit_note: bool
    currency: str
    net: Fraction
    gross: Fraction


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one contract.

    `said` are its diagnostics as printed, `records` the same as JSON data; `note` is why it was left out.
    """

    job: Job
    status: Status
    documents: tuple[Document, ...] = ()
    said: str = ""
    records: tuple[dict[str, Any], ...] = ()
    warnings: int = 0
    note: str = ""

    @staticmethod
    def of(
        job: Job,
        status: Status,
        diagnostics: tuple[Diagnostic, ...],
        colour: bool,
        documents: tuple[Document, ...] = (),
    ) -> "Outcome":
        """An outcome with its diagnostics in words."""
        return Outcome(
            job,
            status,
            documents,
            "\n".join(diagnostic_text(one, colour) for one in diagnostics),
            tuple(diagnostics_json.record(one) for one in diagnostics),
            sum(one.severity is Severity.WARNING for one in diagnostics),
        )

    def without_texts(self) -> "Outcome":
        """The same, its documents without their texts: enough to count them."""
        return replace(self, documents=tuple(replace(one, text="") for one in self.documents))
