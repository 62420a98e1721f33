"""What an editor offers to mend: each offer was tried, and takes its diagnostic away without a new error.

In: an analysis and a range. Out: titles with the changes to make.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from contractlang.diagnostics import Diagnostic, Severity
from contractlang.language_server.analysis import Analysis, analyse
from contractlang.language_server.names import applied
from contractlang.syntax import tree
from contractlang.text import Span

_NEAREST = re.compile(r'the nearest is "([^"]+)"')
_QUOTED = re.compile(r'"([^"]+)"')
_EDGE_WORD = re.compile(r"\b(?:to below|up to|to|from|above|below)\s+$")
_CODE_WORDS = re.compile(r"`([^`]+)`")
_BEFORE_LINE = re.compile(r"before line (\d+)")
_MOST_TRIED = 8


@dataclass(frozen=True, slots=True)
class Action:
    """An offer: what it does, the diagnostic that it answers, and its changes."""

    title: str
    diagnostic: Diagnostic
    edits: tuple[tuple[Span, str], ...]


def actions(analysis: Analysis, start: int, end: int, path: Path | None = None) -> tuple[Action, ...]:
    """The offers for what is wrong between two offsets."""
    found: list[Action] = []
    for diagnostic in analysis.diagnostics:
        span = diagnostic.span
        if (
            isinstance(span, Span)
            and span.source == analysis.source
            and span.start <= end
            and start <= span.end
        ):
            offered = dict.fromkeys(_offers(analysis, diagnostic, span))
            found.extend(one for one in list(offered)[:_MOST_TRIED] if _mends(analysis, one, path))
    return tuple(found)


def _offers(analysis: Analysis, diagnostic: Diagnostic, span: Span) -> Iterator[Action]:
    """What may mend a diagnostic, the likeliest first."""
    said = f"{diagnostic.message} {diagnostic.help}"
    near = _NEAREST.search(said)
    if near:
        # Of `EUR/cal` only `cal` is misspelt.
        wrong = _QUOTED.search(diagnostic.message)
        text = span.text.replace(wrong[1], near[1]) if wrong and wrong[1] in span.text else near[1]
        yield _replacing(diagnostic, span, text)
    if "}` is missing" in said or "never closed" in said:
        yield from _braces(analysis, diagnostic, said)
    yield from _meeting(analysis, diagnostic, span)
    for words in dict.fromkeys(_CODE_WORDS.findall(diagnostic.help)):
        if "add" in diagnostic.help or " : " in words:
            yield from _rows(analysis, diagnostic, span, words)
        elif "…" not in words and "FIGURE" not in words:
            yield _replacing(diagnostic, span, words)
            yield from _edges(diagnostic, span, words)
            if words.startswith("in "):
                yield Action(
                    f"Add `{words}`", diagnostic, ((Span(span.source, span.end, span.end), f" {words}"),)
                )


def _replacing(diagnostic: Diagnostic, span: Span, text: str) -> Action:
    return Action(f"Write `{text}`", diagnostic, ((span, text),))


def _braces(analysis: Analysis, diagnostic: Diagnostic, said: str) -> Iterator[Action]:
    source = analysis.source
    title = "Add the missing `}`"
    line = _BEFORE_LINE.search(said)
    if line and 0 < int(line[1]) <= source.line_count:
        at = source.line_start(int(line[1]) - 1)
        yield Action(title, diagnostic, ((Span(source, at, at), "}\n"),))
    end = len(source.text)
    yield Action(
        title, diagnostic, ((Span(source, end, end), "}\n" if source.text.endswith("\n") else "\n}\n"),)
    )


def _rows(analysis: Analysis, diagnostic: Diagnostic, span: Span, words: str) -> Iterator[Action]:
    """A row at the end of the table, or after the row, that a diagnostic is about."""
    table = _table(analysis, span)
    if table is None or not table.rows or " : " not in words:
        return
    currency = analysis.scope.currency
    money = currency and any(currency in row.span.text for row in table.rows)
    row = words.replace("…", f"0 {currency}" if money else "0%")
    places = [one for one in table.rows if one.span.start <= span.start < one.span.end] or []
    places.append(table.rows[-1])
    for after in dict.fromkeys(one.span.end for one in places):
        start = table.rows[-1].span.start
        indent = " " * len(span.source.text[span.source.text.rfind("\n", 0, start) + 1 : start])
        if indent.strip():
            indent = "  "
        yield Action(
            f"Add the row `{row}`", diagnostic, ((Span(span.source, after, after), f"\n{indent}{row}"),)
        )


def _meeting(analysis: Analysis, diagnostic: Diagnostic, span: Span) -> Iterator[Action]:
    """Rows with a gap or an overlap between them, made to meet where the upper one begins."""
    table = _table(analysis, span) if diagnostic.code in ("CL401", "CL402") else None
    rows = [row for row in table.rows if isinstance(row, tree.Band)] if table else []
    for below, above in pairwise(rows):
        if below.upper is None or above.lower is None:
            continue
        old, new = below.upper.value.span, above.lower.value.span
        if old.text != new.text:
            yield Action(f"Let the rows meet at {new.text}", diagnostic, ((old, new.text),))


def _table(analysis: Analysis, span: Span) -> tree.ByValue | tree.Part | None:
    """The innermost table that holds a place."""
    holding = [
        visit.node
        for visit in analysis.survey.visits
        if isinstance(visit.node, (tree.ByValue, tree.Part))
        and visit.node.span.source == span.source
        and visit.node.span.start <= span.start
        and span.end <= visit.node.span.end
    ]
    return min(holding, key=lambda one: one.span.end - one.span.start, default=None)


def _edges(diagnostic: Diagnostic, span: Span, words: str) -> Iterator[Action]:
    """The edge of a row written as the help has it: `to below 85%` in place of `to 85%`, `up to 84%`."""
    if not words.startswith(("to below ", "up to ", "from ", "above ", "below ")):
        return
    first = words.rsplit(" ", 1)[0]
    word = _EDGE_WORD.search(span.source.text[: span.start])
    if word is not None and span.text == words.rsplit(" ", 1)[1]:
        yield Action(f"Write `{words}`", diagnostic, ((Span(span.source, word.start(), span.end), words),))
    for label in (span, *(one.span for one in diagnostic.related)):
        head = label.text.partition(":")[0]
        for match in re.finditer(r"\b(?:to below|up to|to|from|above|below)\s+[-−]?[\d .]+\S*", head):
            same_side = match.group().startswith(("from", "above")) == first.startswith(("from", "above"))
            if same_side and label.source == span.source:
                at = label.start + match.start()
                old = Span(label.source, at, at + len(match.group().rstrip()))
                yield Action(f"Write `{words}`", diagnostic, ((old, words),))


def _mends(analysis: Analysis, action: Action, path: Path | None) -> bool:
    """Whether a change takes its diagnostic away and brings no new error."""
    changed = analyse(applied(analysis.source.text, list(action.edits)), path)
    before = [(one.code, one.severity) for one in analysis.diagnostics]
    after = [(one.code, one.severity) for one in changed.diagnostics]
    mended = action.diagnostic.code, action.diagnostic.severity
    # What checking finds once the words can be read was there before.
    words_before, words_after = _errors(before, "CL1"), _errors(after, "CL1")
    if words_after > words_before or after.count(mended) >= before.count(mended):
        return False
    return words_after < words_before or _errors(after) <= _errors(before)


def _errors(found: list[tuple[str, Severity]], begins: str = "CL") -> int:
    return sum(severity is Severity.ERROR and code.startswith(begins) for code, severity in found)
