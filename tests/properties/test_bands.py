"""Bands: the checker accepts a table if and only if every value of the figure has exactly one row."""

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from contractlang.checking import check
from contractlang.checking.proof import HIGHEST, LOWEST, Stretch, after, before, overlaps, uncovered
from contractlang.syntax.loading import document_from_text

CONTRACT = """contract "Acme" {{
  provider acme  client beta  term 2026-01-01 to 2026-12-31  invoiced monthly
  currency EUR  timezone Europe/Paris  vat 20%
}}
measure csat {range}
fee backup = 100 EUR per month
bonus-malus quality on backup by csat {{
{rows}
}}
"""


@dataclass(frozen=True)
class Row:
    """A row of a band table: its edges, None where it has none, and whether it holds them."""

    low: int | None
    low_in: bool
    high: int | None
    high_in: bool

    def holds(self, value: Fraction) -> bool:
        if self.low is not None and (value < self.low or (value == self.low and not self.low_in)):
            return False
        return self.high is None or value < self.high or (value == self.high and self.high_in)

    def text(self) -> str:
        low = "" if self.low is None else f"{'from' if self.low_in else 'above'} {self.low}"
        if self.high is None:
            return low
        if self.low is None:
            return f"{'up to' if self.high_in else 'below'} {self.high}"
        return f"{low} {'up to' if self.high_in else 'to below'} {self.high}"

    def stretch(self) -> Stretch:
        low, high = LOWEST, HIGHEST
        if self.low is not None:
            low = (before if self.low_in else after)(Fraction(self.low))
        if self.high is not None:
            high = (after if self.high_in else before)(Fraction(self.high))
        return Stretch(low, high)


edges = st.none() | st.integers(0, 6)
any_rows = st.lists(
    st.builds(Row, edges, st.booleans(), edges, st.booleans()).filter(
        lambda row: row.low is not None or row.high is not None
    ),
    min_size=1,
    max_size=5,
)


@st.composite
def nearly_right_rows(draw: st.DrawFn) -> list[Row]:
    """Rows that follow one another, of which one or none is wrong at an edge, in any order."""
    cuts = sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=5)))
    taken = [draw(st.booleans()) for _ in cuts]
    lows = [None, *cuts]
    highs = [*cuts, None]
    rows = [
        Row(low, index > 0 and not taken[index - 1], high, index < len(cuts) and taken[index])
        for index, (low, high) in enumerate(zip(lows, highs, strict=True))
    ]
    if draw(st.booleans()):
        index = draw(st.integers(0, len(rows) - 1))
        row = rows[index]
        rows[index] = Row(row.low, not row.low_in, row.high, row.high_in)
    return draw(st.permutations(rows))


ranges = st.none() | st.tuples(st.integers(0, 3), st.integers(3, 6))

# Every edge, and a value between each two: no table over these edges can tell two others apart.
VALUES = [Fraction(number, 2) for number in range(-2, 15)]


def in_range(value: Fraction, bounds: tuple[int, int] | None) -> bool:
    return bounds is None or bounds[0] <= value <= bounds[1]


@given(any_rows | nearly_right_rows(), ranges)
def test_a_table_is_accepted_where_each_value_has_one_row(
    rows: list[Row], bounds: tuple[int, int] | None
) -> None:
    clause = f"between {bounds[0]} and {bounds[1]}" if bounds else ""
    text = CONTRACT.format(range=clause, rows="\n".join(f"  {row.text()} : 1%" for row in rows))
    contract, found = check(document_from_text(text))
    held = [sum(row.holds(value) for row in rows) for value in VALUES if in_range(value, bounds)]
    codes = {one.code for one in found}
    if any(not any(row.holds(value) for value in VALUES) for row in rows):
        assert "CL405" in codes, "a row that holds no value is said"
        return
    assert (contract is not None) == all(count == 1 for count in held)
    assert ("CL401" in codes) == any(count == 0 for count in held)
    assert ("CL402" in codes) == any(count > 1 for count in held)


@given(any_rows)
def test_what_the_proof_says_of_a_value_is_true(rows: list[Row]) -> None:
    whole = Stretch(LOWEST, HIGHEST)
    stretches = [row.stretch() for row in rows]
    gaps = uncovered(stretches, whole)
    for value in VALUES:
        assert any(value in gap for gap in gaps) == (not any(row.holds(value) for row in rows))
    for overlap in overlaps(stretches, whole):
        assert overlap.values
        for value in VALUES:
            if value in overlap.values:
                assert rows[overlap.first].holds(value)
                assert rows[overlap.second].holds(value)
