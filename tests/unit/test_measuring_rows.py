"""Rows of tables: what an aggregate means, on a day, over a span, in a window, by a column."""

from contextlib import closing
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from measuring_scene import asked, days, schema_of, usage_of

from contractlang.calendar import Days
from contractlang.diagnostics import ContractError
from contractlang.measuring.aggregate import ALL
from contractlang.measuring.sharing import SharedRows
from contractlang.measuring.usage import MeasuredUsage, load_usage

CONTACTS = """
usage contacts each call {
  started   timestamp
  language  text
  answered  boolean
  wait      duration
  talk      duration
  csat      number optional
  price     money optional
  agent     text optional
}
usage shifts each shift { started timestamp  ended timestamp  team text optional }
usage cancellations each sale on cancelled_on { sold_on date  cancelled_on date  worth money optional }
window night = 21:00 to 06:00
window premium = night or sundays
window shut = 2026-07-14
window strike
unit workday = 7 hours
"""

ROWS = """started,language,answered,wait,talk,csat,price
2026-07-01T08:00:00,fr,yes,4,60,4.5,1.10
2026-07-01T22:30:00,fr,no,10,0,,
2026-07-02 09:00,en,true,0:00:03,1:01:01,3,2.20 EUR
2026-07-14T10:00:00+02:00,,1,2.5,PT2M,5,0.005
2026-08-01T00:00:00,en,false,30 s,12 min,,
"""


@pytest.fixture
def contacts(tmp_path: Path) -> MeasuredUsage:
    return usage_of(tmp_path, schema_of(CONTACTS), "rows: {contacts: c.csv}", {"c.csv": ROWS})


@pytest.mark.parametrize(
    ("formula", "value", "rows"),
    [
        ("count(contacts)", 4, 4),
        ("count(contacts where answered)", 3, 3),
        ("count(contacts where not answered)", 1, 1),
        ("count(contacts.csat)", 3, 3),
        ("count(contacts where csat is known)", 3, 3),
        ("count(contacts where csat is not known)", 1, 1),
        ("count(contacts where csat >= 4)", 2, 2),
        ("count(contacts where not csat >= 4)", 1, 1),
        ("count(contacts where answered or wait >= 5 s)", 4, 4),
        ("count(contacts where wait >= 0.05 min)", 3, 3),
        ('count(contacts where language is "fr")', 2, 2),
        ('count(contacts where language is not "fr")', 1, 1),
        ("count(contacts where language is known and talk > wait)", 2, 2),
        ("count(contacts where started >= 2026-07-02)", 2, 2),
        ("count(contacts where started in night)", 1, 1),
        ("count(contacts where not (started in night))", 3, 3),
        ("count(contacts where started in shut)", 1, 1),
        ("count_distinct(contacts.language)", 2, 3),
        ("sum(contacts.talk)", 3841, 4),
        ("sum(contacts.talk, each rounded up to 60 s)", 60 + 0 + 3720 + 120, 4),
        ("sum(contacts.csat * contacts.csat)", Fraction(81, 4) + 9 + 25, 3),
        ("sum(contacts.csat / 3)", Fraction(125, 30), 3),
        ("sum(-contacts.csat + 1)", Fraction(-95, 10), 3),
        ("sum(if answered then talk else wait)", 3841 + 10, 4),
        ("sum(25% of contacts.price)", Fraction(33050, 40000), 3),
        ("sum(contacts.price, each rounded to 0.01 EUR)", Fraction(331, 100), 3),
        ("sum(contacts.price, each rounded half_even to 0.01 EUR)", Fraction(330, 100), 3),
        ("average(contacts.csat)", Fraction(125, 30), 3),
        ("min(contacts.wait)", Fraction(5, 2), 4),
        ("max(-contacts.wait)", Fraction(-5, 2), 4),
        ("max(contacts.talk)", 3661, 4),
        ("latest(contacts.csat)", 5, 3),
        ("percentile(contacts.wait, 50)", 3, 4),
        ("percentile(contacts.wait, 75)", 4, 4),
        ("percentile(contacts.wait, 76)", 10, 4),
        ("percentile(contacts.wait, 100)", 10, 4),
        ("average(contacts.csat where not answered)", None, 0),
        ("sum(contacts.csat where not answered)", 0, 0),
        ("percentile(contacts.csat where not answered, 80)", None, 0),
    ],
)
def test_aggregates_of_july(contacts: MeasuredUsage, formula: str, value: object, rows: int) -> None:
    found = contacts.aggregate(asked(formula, "contacts"), days("2026-07"))
    assert (found.value, found.rows) == (value, rows)


def test_the_same_requests_together(contacts: MeasuredUsage) -> None:
    requests = [
        asked(formula, "contacts", by)
        for formula in ("count(contacts)", "sum(contacts.talk)", "count(contacts where started in night)")
        for by in (None, "language")
    ]
    contacts.prepare(requests)
    assert [contacts.aggregate(one, days("2026")).value for one in requests] == [5, 5, 4561, 4561, 2, 2]


def test_groups_and_their_values(contacts: MeasuredUsage) -> None:
    request = asked("sum(contacts.talk)", "contacts", "language")
    assert contacts.groups(request, days("2026-07")) == ("en", "fr", None)
    assert contacts.groups(request, days("2026-08")) == ("en",)
    values = {
        one: contacts.aggregate(request, days("2026-07"), one).value for one in ("en", "fr", None, "de")
    }
    assert values == {"en": 3661, "fr": 60, None: 120, "de": 0}
    assert contacts.aggregate(request, days("2026-07"), ALL).value == 3841
    yes = asked("count(contacts)", "contacts", "answered")
    assert contacts.groups(yes, days("2026-07")) == ("no", "yes")
    assert contacts.aggregate(yes, days("2026-07"), "yes").value == 3
    by_csat = asked("percentile(contacts.wait, 50)", "contacts", "csat")
    assert contacts.groups(by_csat, days("2026-07")) == ("3", "4.5", "5", None)
    assert contacts.aggregate(by_csat, days("2026-07"), "4.5").value == 4


def test_rows_and_tables(contacts: MeasuredUsage) -> None:
    assert contacts.has_table("contacts")
    assert not contacts.has_table("shifts")
    assert contacts.rows("contacts", days("2026-07")) == 4
    with pytest.raises(ContractError) as fault:
        contacts.aggregate(asked("count(shifts)", "shifts"), days("2026-07"))
    assert fault.value.diagnostics[0].code == "CL845"
    assert [(one.name, one.rows) for one in contacts.inputs] == [("usage.yaml", None), ("c.csv", 5)]
    assert all(len(one.sha256) == 64 for one in contacts.inputs)


def shifts(folder: Path, rows: str, text: str = "rows: {shifts: s.csv}") -> MeasuredUsage:
    return usage_of(folder, schema_of(CONTACTS), text, {"s.csv": "started,ended\n" + rows})


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 7), ("2026-07-01", 8), ("2026-10-24", 9)])
def test_the_hours_of_a_night_are_elapsed(tmp_path: Path, night: str, hours: int) -> None:
    evening = date.fromisoformat(night)
    morning = date.fromordinal(evening.toordinal() + 1)
    usage = shifts(tmp_path, f"{evening}T22:00,{morning}T06:00\n")
    request = asked("sum(shifts.started to shifts.ended)", "shifts")
    found = [usage.aggregate(request, days(str(day))) for day in (evening, morning)]
    assert [one.value for one in found] == [2 * 3600, (hours - 2) * 3600]
    assert [one.rows for one in found] == [1, 1]
    whole = usage.aggregate(request, days(night[:7]))
    assert (whole.value, whole.rows) == (hours * 3600, 1)
    premium = asked("sum(shifts.started to shifts.ended during night)", "shifts")
    assert usage.aggregate(premium, days(night[:7])).value == hours * 3600


def test_only_a_plain_sum_is_cut(tmp_path: Path) -> None:
    usage = shifts(tmp_path, "2026-07-31T20:00,2026-08-01T04:00\n")
    july, august = days("2026-07"), days("2026-08")
    cut = asked("sum(shifts.started to shifts.ended)", "shifts")
    assert [usage.aggregate(cut, one).value for one in (july, august)] == [4 * 3600, 4 * 3600]
    night = asked("sum(shifts.started to shifts.ended during night)", "shifts")
    assert [usage.aggregate(night, one).value for one in (july, august)] == [3 * 3600, 4 * 3600]
    for whole in (
        "average(shifts.started to shifts.ended)",
        "max(shifts.started to shifts.ended)",
        "sum(shifts.started to shifts.ended, each rounded up to 15 min)",
        "sum(shifts.ended - shifts.started)",
    ):
        request = asked(whole, "shifts")
        assert usage.aggregate(request, july).value == 8 * 3600
        assert not usage.aggregate(request, august).value
    kept = asked("count(shifts where ended - started > 7 hours)", "shifts")
    assert [usage.aggregate(kept, one).value for one in (july, august)] == [1, 0]
    rounded = asked("sum(shifts.started to shifts.ended during night, each rounded up to 2 hours)", "shifts")
    assert usage.aggregate(rounded, july).value == 8 * 3600


def test_a_row_that_reaches_over_days_is_counted_once(tmp_path: Path) -> None:
    usage = shifts(tmp_path, "2026-07-03T20:00,2026-07-06T04:00\n2026-07-05T01:00,2026-07-05T01:00\n")
    request = asked("sum(shifts.started to shifts.ended during premium)", "shifts")
    assert usage.aggregate(request, days("2026-07")).rows == 1
    assert usage.aggregate(request, days("2026-07-05..2026-07-06")).rows == 1
    assert usage.aggregate(request, days("2026-07-05")).value == 24 * 3600
    plain = asked("sum(shifts.started to shifts.ended)", "shifts")
    assert usage.aggregate(plain, days("2026-07-05")).rows == 2
    assert usage.aggregate(plain, days("2026-07-06")).rows == 1


def test_a_shift_that_begins_before_the_term_counts_from_its_first_day(tmp_path: Path) -> None:
    usage = shifts(tmp_path, "2025-12-31T20:00,2026-01-01T04:00\n2027-12-31T20:00,2028-01-01T04:00\n")
    request = asked("sum(shifts.started to shifts.ended)", "shifts")
    assert usage.aggregate(request, days("2025-01-01..2029-12-31")).value == 8 * 3600
    said = {one.code: one.message for one in usage.warnings}
    assert said["CL819"].startswith("1 row ") and said["CL839"] == (
        '"shifts" has no column "team", so it is empty in every row'
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [("2026-07-02T10:00,2026-07-02T09:00", "ends before it starts"), ("2026-07-02T10:00,", "has no end")],
)
def test_a_wrong_interval_is_named_where_it_is_read(tmp_path: Path, row: str, words: str) -> None:
    usage = shifts(tmp_path, f"2026-07-01T10:00,2026-07-01T11:00\n{row}\n")
    assert usage.aggregate(asked("count(shifts)", "shifts"), days("2026-07")).value == 2
    with pytest.raises(ContractError) as fault:
        usage.aggregate(asked("sum(shifts.started to shifts.ended)", "shifts"), days("2026-07"))
    (said,) = fault.value.diagnostics
    assert (said.code, said.message) == ("CL828", f'row 3 of "shifts" {words}')
    kept = asked("sum(shifts.started to shifts.ended where ended > started)", "shifts")
    assert usage.aggregate(kept, days("2026-07")).value == 3600


def test_supplied_windows_are_asked(tmp_path: Path) -> None:
    text = "rows: {shifts: s.csv}\nwindows: {strike: [2026-07-02, 2026-07-01T10:00..2026-07-01T11:30]}"
    usage = shifts(tmp_path, "2026-07-01T08:00,2026-07-02T12:00\n", text)
    request = asked("sum(shifts.started to shifts.ended during strike)", "shifts")
    assert usage.aggregate(request, days("2026-07")).value == 13 * 3600 + 1800
    away = asked("count(shifts where ended in strike)", "shifts")
    assert usage.aggregate(away, days("2026-07")).value == 1


def test_a_window_that_is_not_supplied_is_said_where_it_is_asked(tmp_path: Path) -> None:
    usage = shifts(tmp_path, "2026-07-01T08:00,2026-07-02T12:00\n")
    with pytest.raises(ContractError) as fault:
        usage.aggregate(asked("count(shifts where started in strike)", "shifts"), days("2026-07"))
    assert fault.value.diagnostics[0].code == "CL818"
    assert usage.aggregate(asked("count(shifts)", "shifts"), days("2026-07")).value == 1


CANCELLED = (
    "sold_on,cancelled_on,worth\n2026-06-20,2026-07-02,10\n2026-06-20,2026-07-03,5\n2026-07-14,2026-07-20,1\n"
)


def test_values_by_the_date_of_another_column(tmp_path: Path) -> None:
    usage = usage_of(tmp_path, schema_of(CONTACTS), "rows: {cancellations: x.csv}", {"x.csv": CANCELLED})
    count = asked("count(cancellations)", "cancellations")
    assert usage.by_date(count, days("2026-07"), "sold_on") == {date(2026, 6, 20): 2, date(2026, 7, 14): 1}
    assert usage.by_date(count, days("2026-06"), "sold_on") == {}
    total = asked("sum(cancellations.worth)", "cancellations", "worth")
    assert usage.by_date(total, days("2026-07"), "sold_on", "5") == {date(2026, 6, 20): 5}
    assert usage.by_date(total, days("2026-07-02"), "sold_on", group_column="worth") == {
        (date(2026, 6, 20), "10"): 10
    }
    quick = asked("count(cancellations where cancelled_on <= sold_on + 12 days)", "cancellations")
    assert usage.aggregate(quick, days("2026")).value == 2
    assert usage.aggregate(asked("sum(cancelled_on - sold_on)", "cancellations"), days("2026")).value == 31
    shut = asked("count(cancellations where sold_on in shut)", "cancellations")
    assert usage.aggregate(shut, days("2026")).value == 1


def test_row_expressions_that_do_not_go_together(contacts: MeasuredUsage) -> None:
    for formula, code in [
        ("count(contacts where talk > 3)", "CL827"),
        ('count(contacts where langage is "fr")', "CL826"),
        ("sum(contacts.talk / contacts.wait)", "CL826"),
        ("sum(contacts.language)", "CL827"),
        ("count(contacts where talk > 5 lightyears)", "CL827"),
        ("count(contacts where language)", "CL827"),
        ("sum(contacts.started to contacts.talk)", "CL827"),
        ("sum(contacts)", "CL846"),
    ]:
        with pytest.raises(ContractError) as fault:
            contacts.aggregate(asked(formula, "contacts"), days("2026-07"))
        assert [one.code for one in fault.value.diagnostics] == [code], formula


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    evil = "'); DROP TABLE rows0; --"
    text = f'started,ended,team\n2026-07-01T08:00,2026-07-01T09:00,"{evil}"\n'
    usage = usage_of(tmp_path, schema_of(CONTACTS), "rows: {shifts: s.csv}", {"s.csv": text})
    request = asked("count(shifts)", "shifts", "team")
    assert usage.groups(request, days("2026-07")) == (evil,)
    assert usage.aggregate(request, days("2026-07"), evil).value == 1
    assert usage.aggregate(request, days("2026-07"), evil + "'").value == 0
    listed = asked("percentile(shifts.ended - shifts.started, 50)", "shifts", "team")
    assert usage.aggregate(listed, days("2026-07"), evil).value == 3600
    assert usage.aggregate(listed, days("2026-07"), "x' OR '1'='1").value is None


def test_rows_that_are_shared_count_for_a_contract_inside_its_term_only(tmp_path: Path) -> None:
    text = "usage calls each call { started timestamp  queue text }\n"
    wide, narrow = Days(date(2026, 1, 1), date(2027, 1, 1)), Days(date(2026, 3, 10), date(2026, 3, 20))
    table = "started,queue\n2026-03-09 12:00,a\n2026-03-10 12:00,b\n2026-03-19 12:00,b\n2026-03-20 12:00,c\n"
    (tmp_path / "calls.csv").write_text(table)
    (tmp_path / "usage.yaml").write_text("rows: {calls: calls.csv}\n")
    with closing(SharedRows(wide)) as shared:
        usages = [
            load_usage(
                tmp_path / "usage.yaml", schema_of(text, term=term), "usage.yaml", open_rows=shared.opened
            )
            for term in (wide, narrow)
        ]
        assert usages[0]._rows is usages[1]._rows
        request, march = asked("count(calls)", "calls", "queue"), days("2026-03")
        assert [one.aggregate(request, march).rows for one in usages] == [4, 2]
        assert [one.groups(request, march) for one in usages] == [("a", "b", "c"), ("b",)]
        assert [one.rows("calls", Days(date.min, date.max)) for one in usages] == [4, 2]
        assert [one.aggregate(request, days("2026-02")).rows for one in usages] == [0, 0]
        assert [[said.code for said in one.warnings] for one in usages] == [[], ["CL819"]]
