"""A band table as a chart: what each value of the figure pays, with open and closed ends.

In: `BandTable`s. Out: pieces of SVG. Steps, straight lines and stairs (`for each`) are drawn where all
their numbers are in the contract; a table with a number that is known only with a usage is printed as
a list of its rows. Coordinates are exact fractions until they are written.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from contractlang.rendering.constants import Constant, constant
from contractlang.rendering.phase_map import Drawing, broken
from contractlang.rendering.svg import at, text
from contractlang.syntax import tree

_HEIGHT = 190
_LEFT, _RIGHT = 74, 20
_MOST_STAIRS = 60
_SHOWN_STEPS = 5

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class BandTable:
    """A band table of a contract: whose it is, of which figure, and since when where an amendment says so."""

    label: str
    name: str
    since: str
    figure: str
    bands: tuple[tree.Band, ...]

    @property
    def heading(self) -> str:
        """What the chart shows: `Calls answered (answering), by answer_rate`."""
        since = f", {self.since}" if self.since else ""
        return f"{self.label} ({self.name}){since}, by {self.figure}"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row to draw: its edges, what it pays along them, as points from left to right."""

    lower: Fraction | None
    lower_included: bool
    upper: Fraction | None
    upper_included: bool
    points: tuple[Point, ...]
    stairs: bool


def words(band: tree.Band) -> str:
    """A row as written, on one line."""
    return " ".join(band.span.text.split())


def drawn(table: BandTable, left: int, top: int, width: int) -> Drawing:
    """The chart of a table, from `left`, `top` on."""
    heading = broken(table.heading, width - 60)
    parts = [text(left, top + 14 + 18 * index, row, "heading") for index, row in enumerate(heading)]
    height = 10 + 18 * len(heading)
    chart = _chart(table, left, top + height, width)
    notes = (
        [words(band) for band in table.bands if band.no_data] if chart else [words(b) for b in table.bands]
    )
    if chart:
        parts += chart
        height += _HEIGHT + 34
    for note in notes:
        parts.append(
            text(Fraction(left + (_LEFT if chart else 14)), top + height + 12, note, "soft", "start")
        )
        height += 18
    return Drawing(tuple(parts), height + 8)


def _chart(table: BandTable, left: int, top: int, width: int) -> list[str]:
    bands = [band for band in table.bands if not band.no_data]
    edges = [edge for band in bands for edge in (band.lower, band.upper) if edge is not None]
    known = [constant(edge.value) for edge in edges]
    places = sorted({one.value for one in known if one is not None})
    if not places or any(one is None for one in known):
        return []
    unit = next((one.unit for one in known if one is not None and one.unit), "")
    margin = (places[-1] - places[0]) / 5 or abs(places[0]) / 5 or Fraction(1)
    # Stairs that go on without an end show a few of their steps.
    margin = max([margin, *(_SHOWN_STEPS * step for band in bands for step in _step_of(band))])
    first, last = places[0] - margin, places[-1] + margin
    rows = []
    paid = ""
    for band in bands:
        row = _row(band, first, last)
        if row is None:
            return []
        rows.append(row)
        paid = paid or _unit_paid(band)
    heights = [y for row in rows for _, y in row.points]
    low, high = min(*heights, Fraction(0)), max(*heights, Fraction(0))
    if low == high:
        high = low + 1
    frame = _Frame(left + _LEFT, top, width - _LEFT - _RIGHT, first, last, low, high)
    return [
        *_grid(frame, heights, Constant(Fraction(0), paid), places, unit),
        *(piece for row in rows for piece in _line(row, frame)),
        # An end that is taken covers one that is not, where two rows meet at one height.
        *(piece for row in rows for piece in _dots(row, frame, False)),
        *(piece for row in rows for piece in _dots(row, frame, True)),
    ]


def _step_of(band: tree.Band) -> list[Fraction]:
    """The step of a row that pays for each of them, where the row has an open side."""
    if not isinstance(band.value, tree.ForEach) or (band.lower is not None and band.upper is not None):
        return []
    step = constant(band.value.step)
    return [step.value] if step is not None else []


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plane of a chart: pixels of a point."""

    left: int
    top: int
    width: int
    first: Fraction
    last: Fraction
    low: Fraction
    high: Fraction

    def x(self, value: Fraction) -> Fraction:
        return self.left + (value - self.first) / (self.last - self.first) * self.width

    def y(self, value: Fraction) -> Fraction:
        return self.top + 8 + (self.high - value) / (self.high - self.low) * (_HEIGHT - 16)


def _row(band: tree.Band, first: Fraction, last: Fraction) -> _Row | None:
    lower, upper = (constant(edge.value) if edge else None for edge in (band.lower, band.upper))
    start = lower.value if lower else first
    end = upper.value if upper else last
    points, stairs = _points(band.value, start, end)
    if not points:
        return None
    return _Row(
        lower.value if lower else None, bool(band.lower and band.lower.included),
        upper.value if upper else None, bool(band.upper and band.upper.included), points, stairs,
    )  # fmt: skip


def _points(
    value: tree.Expression | tree.Linear, start: Fraction, end: Fraction
) -> tuple[tuple[Point, ...], bool]:
    if isinstance(value, tree.Linear):
        a, b = constant(value.start), constant(value.end)
        return (((start, a.value), (end, b.value)), False) if a and b else ((), False)
    if isinstance(value, tree.Negative) and isinstance(value.value, tree.ForEach):
        points, stairs = _points(value.value, start, end)
        return tuple((x, -y) for x, y in points), stairs
    if isinstance(value, tree.ForEach):
        return _stairs(value, start, end)
    found = constant(value)
    return (((start, found.value), (end, found.value)), False) if found else ((), False)


def _stairs(value: tree.ForEach, start: Fraction, end: Fraction) -> tuple[tuple[Point, ...], bool]:
    amount, step, edge = constant(value.amount), constant(value.step), constant(value.edge)
    if amount is None or step is None or edge is None or not step.value or value.figure is not None:
        return (), False
    sign = -1 if value.side == "below" else 1

    def steps(x: Fraction) -> Fraction:
        return max(Fraction(0), sign * (x - edge.value)) / step.value

    lowest, highest = sorted((steps(start), steps(end)))
    if value.mode not in ("full", "started") or highest - lowest > _MOST_STAIRS:
        return ((start, steps(start) * amount.value), (end, steps(end) * amount.value)), False
    # Each stair is level between two whole numbers of steps, and the next one starts where it ends.
    borders = [start, *sorted(
        x for n in range(floor(lowest), ceil(highest) + 1)
        if start < (x := edge.value + sign * n * step.value) < end
    ), end]  # fmt: skip
    points: list[Point] = []
    for a, b in pairwise(borders):
        count = steps((a + b) / 2)
        level = amount.value * (floor(count) if value.mode == "full" else ceil(count))
        points += [(a, level), (b, level)]
    return tuple(points), True


def _unit_paid(band: tree.Band) -> str:
    value = band.value
    if isinstance(value, tree.Linear):
        value = value.start
    if isinstance(value, tree.Negative):
        value = value.value
    if isinstance(value, tree.ForEach):
        value = value.amount
    found = constant(value)
    return found.unit if found else ""


def _grid(
    frame: _Frame, heights: list[Fraction], paid: Constant, places: list[Fraction], unit: str
) -> list[str]:
    parts: list[str] = []
    written: list[Fraction] = []
    levels = sorted(
        {*heights, Fraction(0)}, key=lambda level: (level not in (frame.low, frame.high, 0), level)
    )
    for level in levels:
        y = frame.y(level)
        if any(abs(y - other) < 15 for other in written):
            continue
        written.append(y)
        kind = "zero" if level == 0 else "grid"
        parts.append(f'<path class="{kind}" d="M{frame.left} {at(y)} h{frame.width}"/>')
        parts.append(text(frame.left - 8, y + 4, Constant(level, paid.unit).text(), "tick", "end"))
    bottom = frame.top + _HEIGHT
    parts.append(f'<path class="axis" d="M{frame.left} {bottom} h{frame.width}"/>')
    reached = [Fraction(-100), Fraction(-100)]
    for place in places:
        x = frame.x(place)
        parts.append(f'<path class="grid" d="M{at(x)} {frame.top} V{bottom + 4}"/>')
        # Labels that would touch go to a second row.
        label = Constant(place, unit).text()
        room = 4 * len(label) + 4
        row = 0 if x - room >= reached[0] else 1
        reached[row] = x + room
        parts.append(text(x, bottom + 17 + 13 * row, label, "tick", "middle"))
    return parts


def _line(row: _Row, frame: _Frame) -> list[str]:
    told = " L".join(f"{at(frame.x(x))} {at(frame.y(y))}" for x, y in row.points)
    return [f'<path class="line" d="M{told}"/>']


def _dots(row: _Row, frame: _Frame, taken: bool) -> list[str]:
    parts = []
    ends = ((row.lower, row.lower_included, row.points[0]), (row.upper, row.upper_included, row.points[-1]))
    for edge, included, (x, y) in ends:
        if edge is not None and included is taken:
            kind = "closed" if included else "open"
            parts.append(f'<circle class="{kind}" cx="{at(frame.x(x))}" cy="{at(frame.y(y))}" r="4"/>')
    return parts
