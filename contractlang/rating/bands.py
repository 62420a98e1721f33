"""Band tables: the one row that a figure falls in (language design, section 6)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.lines.frame import Frame, fail, words
from contractlang.syntax import tree
from contractlang.trace import BandRow, Bands, Quantity, Step

if TYPE_CHECKING:
    from contractlang.rating.engine import Rating


def reached_row(
    rating: "Rating",
    figure: Step,
    rows: Sequence[tree.Band | tree.ColumnRow],
    frame: Frame,
    node: tree.Node,
    label: str = "",
) -> Step:
    """The value of the row that a figure falls in, with the table it was read from.

    The words say the edges: `from` and `up to` include, `below` and `above` exclude. A figure that is
    no data takes the `no data` row; without one it is an error on the line.
    """
    bands = [row for row in rows if isinstance(row, tree.Band)]
    edges = [_edges(rating, band, frame) for band in bands]
    value = figure.value
    reached = None
    for band, (low, high) in zip(bands, edges, strict=True):
        if band.no_data:
            if value is None:
                reached = band
        elif isinstance(value, Fraction) and _inside(band, low, high, value):
            reached = band
            break
    if reached is None:
        if value is None:
            raise fail(
                "CL933",
                f'"{figure.label}" is no data, and no row of this table says what that pays',
                node.span,
                "add a row `no data : …`",
            )
        shown = rating.show(value, figure.scale) if isinstance(value, Fraction) else str(value)
        raise fail("CL934", f"no row of this table says what exactly {shown} pays", node.span)
    index = bands.index(reached)
    inner = _row_value(rating, reached, edges[index], figure, frame)
    drawn = tuple(
        BandRow(
            words(band).rsplit(":", 1)[0].strip() if not band.no_data else "no data", words(band.value), low,
            bool(band.lower and band.lower.included), high, bool(band.upper and band.upper.included),
            band.no_data, band is reached,
        )
        for band, (low, high) in zip(bands, edges, strict=True)
    )  # fmt: skip
    facts = (
        ("figure", Quantity(value if isinstance(value, Fraction) else None, figure.scale)),
        ("row", words(reached)),
        ("rows", Bands(Quantity(value if isinstance(value, Fraction) else None, figure.scale), drawn, label)),
    )
    return Step("band", inner.value, words(reached), inner.scale, reached.span, facts, (figure, inner))


def _edges(rating: "Rating", band: tree.Band, frame: Frame) -> tuple[Fraction | None, Fraction | None]:
    low = rating.constant(band.lower.value, frame) if band.lower else None
    high = rating.constant(band.upper.value, frame) if band.upper else None
    return low, high


def _inside(band: tree.Band, low: Fraction | None, high: Fraction | None, value: Fraction) -> bool:
    if low is not None and band.lower is not None:
        if value < low or (value == low and not band.lower.included):
            return False
    if high is not None and band.upper is not None:
        if value > high or (value == high and not band.upper.included):
            return False
    return True


def _row_value(
    rating: "Rating",
    band: tree.Band,
    edges: tuple[Fraction | None, Fraction | None],
    figure: Step,
    frame: Frame,
) -> Step:
    inside = Frame(frame.days, frame.on_day, frame.group, frame.line, figure)
    if not isinstance(band.value, tree.Linear):
        return rating.evaluate(band.value, inside)
    low, high = edges
    start, end = rating.evaluate(band.value.start, inside), rating.evaluate(band.value.end, inside)
    x, a, b = figure.value, start.value, end.value
    if low is None or high is None or not all(isinstance(one, Fraction) for one in (x, a, b)):
        raise fail("CL927", "`linear` stands in a band with two edges only", band.value.span)
    assert isinstance(x, Fraction) and isinstance(a, Fraction) and isinstance(b, Fraction), "just asked"
    value = a + (b - a) * (x - low) / (high - low)
    facts = (("from", Quantity(low, figure.scale)), ("to", Quantity(high, figure.scale)))
    return Step("linear", value, words(band.value), start.scale, band.value.span, facts, (start, end))
