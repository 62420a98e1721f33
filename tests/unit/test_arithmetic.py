"""Exact numbers, days and units: what every amount is made of, by small examples and at their edges."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction as F  # noqa: N817 - a hundred literals of it are read more easily.

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contractlang import exact, units
from contractlang.calendar import (
    Days,
    add_length,
    add_months,
    contract_year,
    interval,
    intervals,
    one_day,
    step,
)
from contractlang.units import DAY, PLAIN, SECOND, Unit, UnitTable

CENT = F(1, 100)


def day(text: str) -> date:
    return date.fromisoformat(text)


def days(first: str, end: str) -> Days:
    return Days(day(first), day(end))


# ---- exact

# The nine values around 1.5 and 2.5 cents tell every mode from every other.
ROUNDED = {
    #            1.4  1.5  1.6  2.5  2.0
    "half_up":   (1, 2, 2, 3, 2),
    "half_down": (1, 1, 2, 2, 2),
    "half_even": (1, 2, 2, 2, 2),
    "up":        (2, 2, 2, 3, 2),
    "down":      (1, 1, 1, 2, 2),
}  # fmt: skip


@pytest.mark.parametrize("mode", exact.MODES)
@pytest.mark.parametrize("sign", [1, -1])
def test_rounding_by_mode(mode: exact.Mode, sign: int) -> None:
    values = [F(14, 1000), F(15, 1000), F(16, 1000), F(25, 1000), F(20, 1000)]
    found = tuple(exact.round_to(sign * value, CENT, mode) for value in values)
    assert found == tuple(sign * CENT * cents for cents in ROUNDED[mode])


def test_rounding_is_half_up_unless_it_is_said() -> None:
    assert exact.round_to(F(25, 1000), CENT) == F(3, 100)


def test_thirds_and_other_steps_are_rounded_exactly() -> None:
    assert exact.round_to(F(1, 3), F(1, 4)) == F(1, 4)
    assert exact.round_to(F(7, 2), F(7, 3)) == F(14, 3), "1.5 steps"
    assert exact.round_to(F(7, 2), F(7, 3), "half_down") == F(7, 3)
    assert exact.round_to(F(61), F(60), "up") == 120
    with pytest.raises(AssertionError):
        exact.round_to(F(1), F(0))
    with pytest.raises(AssertionError):
        exact.round_to(F(1), F(-1))


@settings(deadline=None)
@given(st.fractions(), st.fractions(min_value=F(1, 1000), max_value=1000))
def test_below_and_above_are_the_nearest_multiples(value: F, size: F) -> None:
    below, above = exact.round_below(value, size), exact.round_above(value, size)
    assert below <= value <= above
    assert (below / size).denominator == (above / size).denominator == 1
    assert above - below == (0 if (value / size).denominator == 1 else size)


def test_a_binary_float_never_gets_in() -> None:
    assert exact.number(Decimal("0.435")) == F(435, 1000)
    assert exact.number("12.50") == F(25, 2)
    assert exact.number(3) == 3
    with pytest.raises(TypeError, match=r"^a binary float is not an exact number$"):
        exact.number(0.435)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("currency", "places"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("TND", 3), ("CLF", 4), ("XOF", 0)]
)
def test_minor_units(currency: str, places: int) -> None:
    assert exact.decimals(currency) == places
    assert exact.minor_unit(currency) == F(1, 10**places)


@pytest.mark.parametrize(
    ("value", "minimum", "text"),
    [
        (F(51, 100), 0, "0.51"), (F(-51, 100), 0, "-0.51"), (F(5, 1000), 0, "0.005"), (F(0), 0, "0"),
        (F(0), 2, "0.00"), (F(12), 0, "12"), (F(12), 2, "12.00"), (F(1, 8), 2, "0.125"),
        (F(1, 4), 4, "0.2500"),
        (F(100), 0, "100"), (F(3, 50), 0, "0.06"), (F(-1, 1000), 2, "-0.001"),
        (F(123456789, 1000), 0, "123456.789"),
        (F(1, 5), 0, "0.2"), (F(1, 2), 0, "0.5"), (F(1, 1024), 0, "0.0009765625"),
    ],
)  # fmt: skip
def test_plain_decimals(value: F, minimum: int, text: str) -> None:
    assert exact.plain(value, minimum) == text
    assert exact.is_decimal(value)


def test_what_has_no_plain_decimals() -> None:
    assert not exact.is_decimal(F(1, 3))
    assert not exact.is_decimal(F(1, 60))
    assert exact.is_decimal(F(1, 400))
    with pytest.raises(ValueError, match=r"^the fraction has no finite decimal expansion$"):
        exact.plain(F(1, 30))
    assert exact.approximate(F(2, 3), 3) == "0.667"
    assert exact.approximate(F(1, 2), 0) == "1"


def test_money_shows_all_decimals_of_its_currency() -> None:
    assert exact.money(F(511455, 10), "EUR") == "51145.50"
    assert exact.money(F(5), "JPY") == "5"
    assert exact.money(F(1, 8), "EUR") == "0.125"
    assert exact.money(F(1, 3), "EUR") == "0.333333"


# ---- days


def test_spans_hold_their_start_and_not_their_end() -> None:
    span = days("2026-01-10", "2026-01-13")
    assert (span.count, span.last, bool(span)) == (3, day("2026-01-12"), True)
    assert day("2026-01-10") in span
    assert day("2026-01-12") in span
    assert day("2026-01-13") not in span
    assert day("2026-01-09") not in span
    assert str(span) == "2026-01-10 to 2026-01-12"
    empty = days("2026-01-10", "2026-01-10")
    assert (empty.count, bool(empty), str(empty)) == (0, False, "no day at 2026-01-10")
    assert days("2026-01-10", "2026-01-01").count == 0
    assert one_day(day("2026-12-31")) == days("2026-12-31", "2027-01-01")


def test_spans_meet_and_cover() -> None:
    span = days("2026-01-10", "2026-01-20")
    assert span.meet(days("2026-01-15", "2026-02-01")) == days("2026-01-15", "2026-01-20")
    assert span.meet(days("2025-01-15", "2026-01-11")) == days("2026-01-10", "2026-01-11")
    assert not span.meet(days("2026-01-20", "2026-02-01"))
    assert span.covers(span)
    assert span.covers(days("2026-01-11", "2026-01-20"))
    assert not span.covers(days("2026-01-09", "2026-01-20"))
    assert not span.covers(days("2026-01-10", "2026-01-21"))
    assert span.covers(days("2027-01-01", "2027-01-01")), "no day at all is everywhere"


def test_spans_are_cut_inside_only() -> None:
    span = days("2026-01-10", "2026-01-20")
    borders = {day("2026-01-10"), day("2026-01-15"), day("2026-01-12"), day("2026-01-20"), day("2026-02-01")}
    assert span.cut(borders) == (
        days("2026-01-10", "2026-01-12"), days("2026-01-12", "2026-01-15"), days("2026-01-15", "2026-01-20"),
    )  # fmt: skip
    assert span.cut(set()) == (span,)


@pytest.mark.parametrize(
    ("start", "months", "found"),
    [
        ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-01-31", 2, "2026-03-31"),
        ("2026-12-15", 1, "2027-01-15"), ("2026-01-15", -1, "2025-12-15"), ("2026-11-30", 1, "2026-12-30"),
        ("2026-11-30", 3, "2027-02-28"), ("2026-03-31", -1, "2026-02-28"), ("2026-05-31", 6, "2026-11-30"),
        ("2026-06-15", 0, "2026-06-15"), ("2026-12-31", 12, "2027-12-31"), ("2026-12-31", -12, "2025-12-31"),
        ("2026-07-01", 24, "2028-07-01"),
    ],
)  # fmt: skip
def test_months_later(start: str, months: int, found: str) -> None:
    assert add_months(day(start), months) == day(found)


def test_lengths_later() -> None:
    start = day("2026-01-31")
    assert add_length(start, 3, "day") == day("2026-02-03")
    assert add_length(start, 2, "week") == day("2026-02-14")
    assert add_length(start, 1, "month") == day("2026-02-28")
    assert add_length(start, 1, "quarter") == day("2026-04-30")
    assert add_length(start, 2, "year") == day("2028-01-31")


@pytest.mark.parametrize(
    ("unit", "at", "first", "found"),
    [
        ("day", "2026-07-15", 1, ("2026-07-15", "2026-07-16")),
        ("week", "2026-07-15", 1, ("2026-07-13", "2026-07-20")),
        ("week", "2026-07-13", 1, ("2026-07-13", "2026-07-20")),
        ("week", "2026-07-19", 1, ("2026-07-13", "2026-07-20")),
        ("month", "2026-07-01", 1, ("2026-07-01", "2026-08-01")),
        ("month", "2026-12-31", 1, ("2026-12-01", "2027-01-01")),
        ("month", "2026-07-21", 22, ("2026-06-22", "2026-07-22")),
        ("month", "2026-07-22", 22, ("2026-07-22", "2026-08-22")),
        ("month", "2026-01-21", 22, ("2025-12-22", "2026-01-22")),
        ("month", "2026-02-28", 31, ("2026-02-28", "2026-03-31")),
        ("month", "2026-03-30", 31, ("2026-02-28", "2026-03-31")),
        ("month", "2026-02-02", 2, ("2026-02-02", "2026-03-02")),
        ("quarter", "2026-07-15", 1, ("2026-07-01", "2026-10-01")),
        ("quarter", "2026-06-30", 1, ("2026-04-01", "2026-07-01")),
        ("quarter", "2026-12-01", 1, ("2026-10-01", "2027-01-01")),
        ("year", "2026-07-15", 1, ("2026-01-01", "2027-01-01")),
        ("year", "2026-12-31", 22, ("2026-01-01", "2027-01-01")),
    ],
)
def test_intervals_of_the_calendar(unit: str, at: str, first: int, found: tuple[str, str]) -> None:
    assert interval(unit, day(at), first) == days(*found)
    # The months start on the 1st where nothing else is said.
    if first == 1:
        assert interval(unit, day(at)) == days(*found)


def test_intervals_in_order() -> None:
    span = days("2026-01-15", "2026-03-01")
    assert list(intervals("month", span)) == [
        days("2026-01-01", "2026-02-01"),
        days("2026-02-01", "2026-03-01"),
    ]
    assert list(intervals("month", span, 22)) == [
        days("2025-12-22", "2026-01-22"), days("2026-01-22", "2026-02-22"), days("2026-02-22", "2026-03-22"),
    ]  # fmt: skip
    assert list(intervals("month", days("2026-01-01", "2026-01-01"))) == []


@pytest.mark.parametrize(
    ("unit", "count", "first", "found"),
    [
        ("day", -2, 1, ("2026-02-27", "2026-02-28")), ("week", 1, 1, ("2026-03-02", "2026-03-09")),
        ("week", -1, 1, ("2026-02-16", "2026-02-23")),
        ("month", 1, 1, ("2026-04-01", "2026-05-01")), ("month", -2, 1, ("2026-01-01", "2026-02-01")),
        ("month", -3, 1, ("2025-12-01", "2026-01-01")), ("month", 10, 1, ("2027-01-01", "2027-02-01")),
        ("month", 0, 31, ("2026-03-31", "2026-04-30")), ("month", -1, 31, ("2026-02-28", "2026-03-31")),
        ("quarter", 1, 1, ("2026-04-01", "2026-07-01")), ("quarter", -1, 1, ("2025-10-01", "2026-01-01")),
        ("year", -1, 1, ("2025-01-01", "2026-01-01")), ("year", 2, 1, ("2028-01-01", "2029-01-01")),
    ],
)  # fmt: skip
def test_steps_from_interval_to_interval(unit: str, count: int, first: int, found: tuple[str, str]) -> None:
    at = {"quarter": "2026-01-01", "year": "2026-01-01", "month": "2026-03-31"}.get(unit, "2026-03-01")
    whole = interval(unit, day(at), first)
    assert step(unit, whole, count, first) == days(*found)
    if first == 1:
        assert step(unit, whole, count) == days(*found)


@pytest.mark.parametrize(
    ("start", "at", "found"),
    [
        ("2026-03-15", "2026-03-15", ("2026-03-15", "2027-03-15")),
        ("2026-03-15", "2027-03-14", ("2026-03-15", "2027-03-15")),
        ("2026-03-15", "2027-03-15", ("2027-03-15", "2028-03-15")),
        ("2026-03-15", "2028-01-01", ("2027-03-15", "2028-03-15")),
        ("2024-02-29", "2025-02-28", ("2025-02-28", "2026-02-28")),
        ("2024-02-29", "2028-02-28", ("2027-02-28", "2028-02-29")),
    ],
)
def test_contract_years(start: str, at: str, found: tuple[str, str]) -> None:
    assert contract_year(day(start), day(at)) == days(*found)


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 31))
def test_every_day_is_in_one_interval(at: date, first: int) -> None:
    for unit in ("day", "week", "month", "quarter", "year"):
        found = interval(unit, at, first)
        assert at in found
        assert step(unit, found, 1, first).start == found.end
        assert interval(unit, found.last, first) == found
        assert interval(unit, found.start - timedelta(days=1), first).end == found.start


# ---- units


def test_units_multiply_out() -> None:
    call, euro = units.of("call"), units.of("EUR")
    price = euro.over(call)
    assert price.times(call) == euro
    assert call.over(call) == PLAIN
    assert PLAIN.times(call) == call
    assert call.times(PLAIN) == call
    assert PLAIN.over(call) == Unit((("call", -1),))
    assert call.times(call) == Unit((("call", 2),))
    assert price == Unit((("EUR", 1), ("call", -1)))
    assert SECOND.over(call).times(call.times(call)) == call.times(SECOND)


def test_what_a_unit_is() -> None:
    call, euro = units.of("call"), units.of("EUR")
    price = euro.over(call)
    assert PLAIN.is_plain
    assert not call.is_plain
    assert (euro.currency, price.currency, call.currency, euro.times(euro).currency) == (
        "EUR",
        None,
        None,
        None,
    )
    assert (euro.price_currency, price.price_currency, call.price_currency) == ("EUR", "EUR", None)
    assert (PLAIN.over(euro).price_currency, euro.times(euro).price_currency) == (None, None)
    assert (call.single, price.single, call.times(call).single, PLAIN.single) == ("call", None, None, None)
    assert PLAIN.over(call).single is None
    assert PLAIN.over(euro).currency is None


def test_units_are_shown() -> None:
    call, euro = units.of("call"), units.of("EUR")
    assert [str(one) for one in (PLAIN, call, euro.over(call), PLAIN.over(call), call.times(call))] == [
        "1", "call", "EUR/call", "1/call", "call^2",
    ]  # fmt: skip
    assert str(euro.over(call.times(call))) == "EUR/call^2"
    assert str(euro.times(call).over(SECOND)) == "EUR*call/second"


def test_built_in_words() -> None:
    table = UnitTable()
    words = {
        "s": 1,
        "sec": 1,
        "min": 60,
        "h": 3600,
        "hours": 3600,
        "week": 7,
        "days": 1,
        "quarter": 3,
        "years": 12,
    }
    for word, factor in words.items():
        found = table.scale(word)
        assert found is not None
        assert (found.text, found.factor) == (word, factor)
    for word in ("%", "points", "point"):
        found = table.scale(word)
        assert found is not None
        assert (found.text, found.factor, found.unit) == (word, CENT, PLAIN)
    assert table.day.unit == DAY


def test_words_of_a_contract() -> None:
    table = UnitTable()
    table.countable("call")
    table.countable("reply", "replies")
    table.multiple("workday", None, F(7 * 3600), SECOND)
    found = {word: table.scale(word) for word in ("call", "calls", "reply", "replies", "workday", "workdays")}
    assert {word: (one.text, one.factor) for word, one in found.items() if one} == {
        "call": ("call", 1), "calls": ("calls", 1), "reply": ("reply", 1), "replies": ("replies", 1),
        "workday": ("workday", 25200), "workdays": ("workdays", 25200),
    }  # fmt: skip
    assert table.scale("replys") is None
    call = table.scale("call")
    assert call is not None
    assert table.counted(call).text == "calls"
    hours = table.scale("hours")
    assert hours is not None
    assert table.counted(hours) is hours


def test_compound_words() -> None:
    table = UnitTable()
    assert table.scale("EUR/call") is None
    table.countable("call")
    # A word that was unknown before is read anew once it is declared.
    price = table.scale("EUR/call")
    assert price is not None
    assert (price.text, price.factor, str(price.unit)) == ("EUR/call", 1, "EUR/call")
    rate = table.scale("EUR/call/hour")
    assert rate is not None
    assert (rate.factor, str(rate.unit)) == (F(1, 3600), "EUR/call/second")
    pace = table.scale("min/call")
    assert pace is not None
    assert (pace.factor, str(pace.unit)) == (60, "second/call")
    euro = table.scale("EUR")
    assert euro is not None
    assert (euro.text, euro.unit, euro.factor) == ("EUR", units.of("EUR"), 1)
    assert table.scale("EUR/parsec") is None
    assert table.scale("parsec/call") is None
    assert table.scale("call/EUR") is None
    assert table.scale("EUR/call") is price


def test_a_day_may_be_hours() -> None:
    table = UnitTable()
    table.multiple("day", None, F(24 * 3600), SECOND)
    assert (table.day.unit, table.day.factor) == (SECOND, 86400)
    for word in ("week", "weeks"):
        found = table.scale(word)
        assert found is not None
        assert (found.text, found.unit, found.factor) == (word, SECOND, 7 * 86400)


def test_a_multiple_has_the_plural_that_it_is_given() -> None:
    table = UnitTable()
    table.multiple("equipier", "équipiers", F(7 * 3600), SECOND)
    one, several = table.scale("equipier"), table.scale("équipiers")
    assert one is not None and several is not None
    assert (one.factor, one.unit) == (several.factor, several.unit) == (7 * 3600, SECOND)
    assert table.scale("equipiers") is None


@pytest.mark.parametrize(
    ("powers", "text"),
    [
        ((("call", 1),), "call"), ((("EUR", 1), ("call", -1)), "EUR/call"), ((("call", -1),), "1/call"),
        ((("call", 2), ("second", -2)), "call^2/second^2"), ((), "1"),
    ],
)  # fmt: skip
def test_a_unit_in_words(powers: tuple[tuple[str, int], ...], text: str) -> None:
    assert str(Unit(powers)) == text
