"""What is wrong, as values: a code, a severity, words, the places, and what to do.

Every room makes diagnostics, one place prints them (`contractlang.reporting`). A code is for good:
tools filter on it. Its first digit says whose it is:

    CL1xx  text and syntax              CL6xx  lines
    CL2xx  names and includes           CL7xx  subtle warnings
    CL3xx  kinds and units              CL8xx  usage and data
    CL4xx  bands and tiers              CL9xx  rating, invoices, templates, commands
    CL5xx  time, phases, amendments
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from contractlang.frozen import dataclass
from contractlang.text import Span

_CODE = re.compile(r"CL[1-9][0-9]{2}")


class Severity(StrEnum):
    """How much a diagnostic matters: an error forbids rating, a warning and an information do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that a diagnostic speaks of, with the words to show there."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a data file.

    `row` counts from 1: the line of a text file (a CSV heading is row 1), the record of a Parquet
    file. `column` is a column's or a field's name. Either is None where it is not known.
    """

    file: str
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to say about a contract or its usage.

    `message` says what is wrong in a contract manager's words and `help` what to do about it, both
    without a capital at the start. `span` is the place that the author changes; `related` holds
    the places that it contradicts.
    """

    code: str
    severity: Severity
    message: str
    span: Span | Place | None
    help: str = ""
    related: tuple[Label, ...] = ()

    def __post_init__(self) -> None:
        assert _CODE.fullmatch(self.code), f"{self.code!r} is not a code such as CL201"

    @property
    def file(self) -> str | None:
        """The name of the file that the diagnostic is about, or None."""
        if isinstance(self.span, Span):
            return self.span.source.name
        return self.span.file if self.span else None


def error(
    code: str,
    message: str,
    span: Span | Place | None,
    help: str = "",
    related: tuple[Label, ...] = (),
) -> Diagnostic:
    """A diagnostic that forbids rating the contract."""
    return Diagnostic(code, Severity.ERROR, message, span, help, related)


def warning(
    code: str,
    message: str,
    span: Span | Place | None,
    help: str = "",
    related: tuple[Label, ...] = (),
) -> Diagnostic:
    """A diagnostic that shows something legal and surprising."""
    return Diagnostic(code, Severity.WARNING, message, span, help, related)


def too_deep() -> Diagnostic:
    """What to say of a contract whose figures rest on one another in a chain too long to compute."""
    message = "figures or lines of this contract rest on one another, more of them than can be computed"
    return error("CL108", message, None, "let fewer of them stand between the first and the last")


class ContractError(Exception):
    """The one exception for what a user can mend: a contract, its usage, a template, a file.

    `diagnostics` holds everything that was found, in order and once each; there is at least one.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = in_order(diagnostics)
        assert self.diagnostics, "a ContractError says what is wrong"
        super().__init__("\n".join(f"{one.code}: {one.message}" for one in self.diagnostics))

    def __reduce__(self) -> tuple[type["ContractError"], tuple[tuple[Diagnostic, ...]]]:
        # Worker processes hand exceptions over by pickling, which would pass the message instead.
        return type(self), (self.diagnostics,)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics once each, by file, then by place, then by code."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=_order))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of the diagnostics forbids rating."""
    return any(one.severity is Severity.ERROR for one in diagnostics)


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` is most likely a misspelling of, or None where none is near.

    Letter case and accents are forgiven first; then one edit for every three letters is allowed,
    a swap of two neighbours counting as one. Of equally near candidates the first one is taken.
    """
    plain = _plain(name)
    allowed = max(1, len(plain) // 3)
    best: str | None = None
    for candidate in dict.fromkeys(candidates):
        other = _plain(candidate)
        if candidate == name or abs(len(other) - len(plain)) > allowed:
            continue
        edits = _edits(plain, other)
        # A candidate that shares no letter with a very short name is not a misspelling of it.
        if edits <= allowed and edits < max(len(plain), len(other)):
            best, allowed = candidate, edits - 1
    return best


def _order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    span = diagnostic.span
    if isinstance(span, Span):
        return span.source.name, span.start, span.end, diagnostic.code, diagnostic.message
    if span is None:
        return "", 0, 0, diagnostic.code, diagnostic.message
    return span.file, span.row or 0, 0, diagnostic.code, diagnostic.message


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _edits(first: str, second: str) -> int:
    """The optimal string alignment distance: insertions, deletions, replacements and swaps."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            edits = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                edits = min(edits, earlier[j - 2] + 1)
            row.append(edits)
    return row[-1]
