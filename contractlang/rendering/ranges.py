"""The rows of a band table in words and as a drawing: where a figure stood.

In: `Bands` of a step. Out: words for each row, and a self-contained SVG strip with a marker, whose
coordinates are exact fractions until they are written.
"""

from fractions import Fraction

from markupsafe import Markup

from contractlang.rendering.languages import Language
from contractlang.rendering.svg import at, text, words
from contractlang.trace import BandRow, Bands, Quantity
from contractlang.units import BUILT_IN, Scale

_WIDTH = 640
_MOST_ROWS = 7
_LETTER = 5
_ROW = 11


def range_of(language: Language, row: BandRow, scale: Scale | None) -> str:
    """The values that a row is for, in words: `from 92% to below 96%`."""
    if row.no_data:
        return language.say("no data")
    lower, upper = ("" if edge is None else language.value(edge, scale) for edge in (row.lower, row.upper))
    if row.lower is None and row.upper is None:
        return row.text
    if row.lower is None:
        return language.say("band up to" if row.upper_included else "band below", upper=upper)
    if row.upper is None:
        return language.say("band from" if row.lower_included else "band above", lower=lower)
    key = f"band {'from' if row.lower_included else 'above'} {'up to' if row.upper_included else 'below'}"
    return language.say(key, lower=lower, upper=upper)


def scale_of(bands: Bands) -> Scale | None:
    """The unit to show a figure and its edges in: a table whose edges are percents shows percents."""
    if bands.figure.scale is None and any("%" in row.text for row in bands.rows):
        return BUILT_IN["%"]
    return bands.figure.scale


def reached(bands: Bands) -> BandRow | None:
    """The row that the figure is in."""
    return next((row for row in bands.rows if row.reached), None)


def strip(language: Language, bands: Bands) -> Markup:
    """The table as a strip of boxes, one a row, with a marker where the figure stood.

    Boxes are equally wide, so that each has room for its words; edges stand between them. A long table
    shows the rows around the marker.
    """
    rows, hidden = _near([row for row in bands.rows if not row.no_data or row.reached])
    if not rows:
        return Markup("")
    scale = scale_of(bands)
    box = Fraction(_WIDTH, len(rows))
    values = [_broken(row.value, int(box) // _LETTER - 1) for row in rows]
    high = max(len(lines) for lines in values) * _ROW + 10
    figure = language.quantity(Quantity(bands.figure.value, scale), brief=True)
    title = language.say("band drawing", label=bands.label)
    key = "stood nowhere" if bands.figure.value is None else "stood at"
    told = language.say(key, figure=figure)
    parts = [
        f'<svg class="bands" viewBox="0 0 {_WIDTH} {high + 42}" role="img" '
        f'aria-label="{words(f"{title.strip()}. {told}")}" xmlns="http://www.w3.org/2000/svg">',
    ]
    for index, (row, lines) in enumerate(zip(rows, values, strict=True)):
        left = box * index
        parts.append(_box(row, lines, left, box, high))
        if index and (edge := row.lower if row.lower is not None else rows[index - 1].upper) is not None:
            label = language.quantity(Quantity(edge, scale), brief=True)
            parts.append(text(left, high + 36, label, "edge", "middle"))
    mark = _marker(rows, box, bands.figure.value)
    if mark is not None:
        parts.append(f'<path class="mark" d="M{at(mark - 5)} 14 h10 l-5 7 z"/>')
        anchor = "start" if mark < 60 else "end" if mark > _WIDTH - 60 else "middle"
        parts.append(text(mark, 11, figure, "figure", anchor))
    parts.append("</svg>")
    if hidden:
        parts.append(f'<p class="note">{words(language.say("rows hidden"))}</p>')
    return Markup("".join(parts))  # noqa: S704 - every text above was escaped on its way in


def _near(rows: list[BandRow]) -> tuple[list[BandRow], bool]:
    if len(rows) <= _MOST_ROWS:
        return rows, False
    index = next((number for number, row in enumerate(rows) if row.reached), 0)
    first = max(0, min(index - _MOST_ROWS // 2, len(rows) - _MOST_ROWS))
    return rows[first : first + _MOST_ROWS], True


def _box(row: BandRow, lines: list[str], left: Fraction, width: Fraction, high: int) -> str:
    sign = "malus" if row.value.strip().startswith(("-", "−")) else "bonus"
    if not any(character in "123456789" for character in row.value):
        sign = "neutral"
    kind = f"{sign} reached" if row.reached else sign
    found = [
        f'<rect class="{kind}" x="{at(left + 1)}" y="23" width="{at(width - 2)}" height="{high}" rx="2"/>'
    ]
    top = 23 + Fraction(high - len(lines) * _ROW, 2) + 8
    for index, line in enumerate(lines):
        found.append(text(left + width / 2, top + index * _ROW, line, "value", "middle"))
    return "".join(found)


def _marker(rows: list[BandRow], box: Fraction, value: Fraction | None) -> Fraction | None:
    for index, row in enumerate(rows):
        if row.reached and not row.no_data and value is not None:
            share = Fraction(1, 2)
            if row.lower is not None and row.upper is not None and row.upper > row.lower:
                share = (value - row.lower) / (row.upper - row.lower)
            return box * (index + min(max(share, Fraction(0)), Fraction(1)))
    return None


def _broken(words: str, columns: int) -> list[str]:
    rows, row = [], ""
    for word in words.split():
        if row and len(row) + 1 + len(word) > columns:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    return [*rows, row]
