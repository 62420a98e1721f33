"""Where a diagnostic is, in the two ways that all formats need: ranges for tools, words for people."""

from collections.abc import Iterator

from contractlang.diagnostics import Diagnostic, Place
from contractlang.frozen import dataclass
from contractlang.text import Position, Span


@dataclass(frozen=True, slots=True)
class Range:
    """A range of a file, 0-based and half-open, in UTF-16 characters."""

    start: Position
    end: Position


def range_of(span: Span | Place | None) -> Range | None:
    """The range that a span covers; a row of a data file is the start of its line."""
    if isinstance(span, Span):
        return Range(span.position(), span.end_position())
    if span is None or span.row is None:
        return None
    start = Position(span.row - 1, 0)
    return Range(start, start)


def described(span: Span | Place) -> str:
    """`file:line:column` of a contract, `file, row 3, column "talk"` of a data file; all from 1."""
    if isinstance(span, Span):
        start = span.position()
        return f"{span.source.name}:{start.line + 1}:{start.character + 1}"
    words = [span.file]
    if span.row is not None:
        words.append(f"row {span.row}")
    if span.column is not None:
        words.append(f'column "{span.column}"')
    return ", ".join(words)


def worded(diagnostic: Diagnostic) -> str:
    """Message, related places and help as one paragraph, for formats that have no place for them."""
    parts = [diagnostic.message]
    parts += [f"{label.message} ({described(label.span)})" for label in diagnostic.related]
    if isinstance(diagnostic.span, Place) and (diagnostic.span.row or diagnostic.span.column):
        parts.append(f"in {described(diagnostic.span)}")
    if diagnostic.help:
        parts.append(f"help: {diagnostic.help}")
    return "; ".join(parts)


def fingerprints(diagnostics: tuple[Diagnostic, ...]) -> Iterator[tuple[Diagnostic, str]]:
    """Each diagnostic with a hash that stays the same while lines are added above it.

    It is made of the code, the file, the words and the text of the line; equal ones are numbered.
    """
    from hashlib import sha256  # Slow to load, and a report in words needs none.

    seen: dict[str, int] = {}
    for one in diagnostics:
        line = ""
        if isinstance(one.span, Span):
            line = one.span.source.line_text(one.span.position().line).strip()
        facts = "\0".join((one.code, one.file or "", one.message, line))
        seen[facts] = seen.get(facts, 0) + 1
        yield one, sha256(f"{facts}\0{seen[facts]}".encode("utf-8", "surrogatepass")).hexdigest()
