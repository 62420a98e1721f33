"""Diagnostics for people: the source line, underlined, with both places where there are two."""

import unicodedata
from collections.abc import Mapping

from contractlang.diagnostics import Diagnostic, Place, Severity
from contractlang.frozen import dataclass
from contractlang.reporting import Report
from contractlang.reporting.places import described
from contractlang.text import Span

TAB_STOP = 4
WIDEST_LINE = 140

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_QUIET = "2"
_RELATED = "36"
_JOINERS = frozenset("\u200c\u200d")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
LONGEST_MESSAGE = 2000


def render(report: Report) -> str:
    """Every diagnostic, and the totals as the last line."""
    blocks = [diagnostic_text(one, report.colour) for one in report.diagnostics]
    return "\n".join([*blocks, report.summary() + "\n"])


def diagnostic_text(
    diagnostic: Diagnostic, colour: bool = False, kinds: Mapping[str, str] | None = None
) -> str:
    """One diagnostic as lines of text: title, places, help. Colours only where they are asked for.

    `kinds` are the words of another language for `error`, `warning` and `help`.
    """
    told = kinds or {}
    strong = _COLOURS[diagnostic.severity]
    kind = "note" if diagnostic.severity is Severity.INFO else diagnostic.severity.value
    title = _painted(f"{told.get(kind, kind)} {diagnostic.code}", strong, colour)
    lines = [f"{title}: {_visible(diagnostic.message)}"]
    places: list[tuple[Span | Place, str, str, str]] = []
    if diagnostic.span is not None:
        places.append((diagnostic.span, "", "^", strong))
    places += [(label.span, label.message, "-", _RELATED) for label in diagnostic.related]
    margin = max((_margin(span) for span, *_ in places), default=1)
    for span, words, mark, paint in places:
        lines.append(f"{' ' * margin}--> {_visible(described(span))}")
        if isinstance(span, Span):
            lines += _excerpt(span, _visible(words), mark, paint, margin, colour)
        elif words:
            lines.append(f"{' ' * margin}    {_visible(words)}")
    if diagnostic.help:
        lines.append(f"{' ' * margin}  = {told.get('help', 'help')}: {_visible(diagnostic.help)}")
    return "\n".join(lines) + "\n"


def _margin(span: Span | Place) -> int:
    return len(str(span.position().line + 1)) if isinstance(span, Span) else 1


def _excerpt(span: Span, words: str, mark: str, paint: str, margin: int, colour: bool) -> list[str]:
    source = span.source
    first = span.position().line
    last = source.position(max(span.start, span.end - 1)).line
    text = source.line_text(first)
    begin = min(span.start - source.line_start(first), len(text))
    end = len(text) if last > first else min(span.end - source.line_start(first), len(text))
    # Of a line of a million characters only what may be shown is measured.
    far = max(0, begin - 2 * WIDEST_LINE)
    near = _cells(text[far : far + 5 * WIDEST_LINE])
    cut = _cropped(near, begin - far, end - far, bool(far), far + len(near) < len(text))
    underline = " " * cut.before + mark * max(1, cut.under)
    if last > first:
        words = f"{words}, up to line {last + 1}" if words else f"up to line {last + 1}"
    gutter = _painted(f"{' ' * margin} |", _QUIET, colour)
    number = _painted(f"{first + 1:>{margin}} |", _QUIET, colour)
    below = _painted(f"{underline} {words}".rstrip(), paint, colour)
    return [gutter, f"{number} {cut.line}".rstrip(), f"{gutter} {below}"]


@dataclass(frozen=True, slots=True)
class _Cell:
    """One character as it is shown, and the terminal columns that it takes."""

    shown: str
    width: int


@dataclass(frozen=True, slots=True)
class _Cut:
    """A line as it is shown, with the columns before the underlined part and under it."""

    line: str
    before: int
    under: int


def _cells(text: str) -> list[_Cell]:
    cells: list[_Cell] = []
    column = 0
    for character in text:
        if character == "\t":
            width = TAB_STOP - column % TAB_STOP
            cells.append(_Cell(" " * width, width))
        else:
            cells.append(_Cell(_visible(character), _width(character)))
        column += cells[-1].width
    return cells


def _cropped(cells: list[_Cell], begin: int, end: int, more_before: bool, more_behind: bool) -> _Cut:
    # A line of thousands of columns would fill the screen, so what lies far from the place goes.
    left, right = 0, len(cells)
    if sum(cell.width for cell in cells) > WIDEST_LINE:
        left = max(0, begin - WIDEST_LINE // 3) if end > WIDEST_LINE else 0
        right = min(len(cells), left + WIDEST_LINE)
    ahead = "..." if left or more_before else ""
    behind = "..." if right < len(cells) or more_behind else ""
    shown = "".join(cell.shown for cell in cells[left:right])
    before = len(ahead) + sum(cell.width for cell in cells[left:begin])
    under = sum(cell.width for cell in cells[begin : min(end, right)])
    return _Cut(f"{ahead}{shown}{behind}", before, under)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    if character in _JOINERS:
        return 0
    if _steers(character):
        return 1
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _visible(text: str) -> str:
    """The text with a mark for each character that would move the cursor, colour or reorder a line.

    A contract may come from the other party, and printing it must not be able to hide a term.
    """
    if len(text) > LONGEST_MESSAGE:
        text = f"{text[:LONGEST_MESSAGE]}..."
    if text.isprintable() and _FILLERS.isdisjoint(text):
        return text
    return "".join("\ufffd" if _steers(character) else character for character in text)


def _steers(character: str) -> bool:
    # The joiners are letters of some languages; every other character that is not seen is marked.
    unseen = unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") or character in _FILLERS
    return unseen and character not in _JOINERS


def _painted(text: str, paint: str, colour: bool) -> str:
    return f"\x1b[{paint}m{text}\x1b[0m" if colour else text
