"""The profile of a usage: laws against naive loops, hostile names, the published schema."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import duckdb
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contractlang
from contractlang.api import LoadedContract, load_text
from contractlang.calendar import ONE_DAY, Days
from contractlang.measuring import profiling
from contractlang.profiling import UsageProfile
from contractlang.profiling.gaps import empty_weekdays, gaps, missing_days
from contractlang.rendering import usage as rendering
from contractlang.resources import schemas_folder

HEADER = """contract "Example" {
  provider callpro  client acme  term 2026-01-01 to 2026-12-31  invoiced monthly
  currency EUR  timezone Europe/Paris  vat 20%
}
"""
SHIFTS = load_text(
    HEADER
    + """usage shifts each shift key agent and number {
  agent text optional
  number number between -1 and 2
  started timestamp
  ended timestamp optional
}
usage calls each call { at timestamp  agent text  number number  answered boolean optional }
charge hours "Hours" = sum(shifts.started to shifts.ended) at 30 EUR/hour
charge calls_of "Calls" = count(calls) at 1 EUR/call
"""
)


def profiled(
    contract: LoadedContract, usage: str, files: dict[str, str], period: str | None = None
) -> UsageProfile:
    with TemporaryDirectory() as folder:
        for name, content in {**files, "usage.yaml": usage}.items():
            Path(folder, name).write_text(content, encoding="utf-8")
        measured = contractlang.load_usage(Path(folder, "usage.yaml"), contract)
        return contractlang.profile_usage(contract, measured, period, name="usage.yaml")


# ---- laws

_START = datetime(2026, 3, 28, tzinfo=UTC)
_MOMENTS = st.integers(0, 80).map(lambda step: _START + timedelta(minutes=30 * step))
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "{t}", 'a"b', None]),
        st.sampled_from(["0", "1.5", "-1.25", "2", "2.5"]),
        _MOMENTS,
        _MOMENTS | st.none(),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(_ROWS, st.sampled_from([None, "2026-03", "2026-04"]))
def test_what_a_profile_counts_is_what_a_loop_counts(
    rows: list[tuple[str | None, str, datetime, datetime | None]], period: str | None
) -> None:
    lines = ["agent,number,started,ended"]
    for agent, number, started, ended in rows:
        name = '"' + (agent or "").replace('"', '""') + '"'
        lines.append(f"{name},{number},{started.isoformat()},{ended.isoformat() if ended else ''}")
    profile = profiled(SHIFTS, "rows: {shifts: shifts.csv}", {"shifts.csv": "\n".join(lines) + "\n"}, period)
    facts = profile.tables[0].facts
    offset = {True: timedelta(hours=1), False: timedelta(hours=2)}
    days = [(row[2] + offset[row[2] < datetime(2026, 3, 29, 1, tzinfo=UTC)]).date() for row in rows]
    here = [row for row, day in zip(rows, days, strict=True) if period in (None, f"{day:%Y-%m}")]
    assert dict(profile.tables[0].days) == Counter(days)
    keys = Counter((agent, float(number)) for agent, number, _, _ in rows if agent is not None)
    asked = {(agent, float(number)) for agent, number, _, _ in here}
    twice = {key: count for key, count in keys.items() if count > 1 and key in asked}
    assert facts.repeated.keys == len(twice)
    assert facts.repeated.rows == sum(twice.values()) - len(twice)
    assert facts.repeated.keyless == sum(1 for row in here if row[0] is None)
    assert [odd.rows for _, odd in facts.ranges] == [sum(1 for row in here if not -1 <= float(row[1]) <= 2)]
    (interval,) = facts.intervals
    assert interval.reversed.rows == sum(1 for row in here if row[3] is not None and row[3] < row[2])
    assert interval.open.rows == sum(1 for row in here if row[3] is None)
    # The key holds no time, and `agent` is in it: nothing says whose a shift is.
    assert interval.overlapping is None


@settings(max_examples=25, deadline=None)
@given(_ROWS, st.sampled_from([None, "2026-03", "2026-04"]), st.integers(1, 3))
def test_rows_that_come_twice_are_those_of_a_loop_however_many_are_compared_at_once(
    rows: list[tuple[str | None, str, datetime, datetime | None]], period: str | None, at_once: int
) -> None:
    lines = ["at,agent,number"]
    for agent, number, at, _ in rows:
        name = '"' + (agent or "none").replace('"', '""') + '"'
        lines.append(f"{at.isoformat()},{name},{number}")
    with mock.patch.multiple(profiling, AT_ONCE=at_once, MOST_RUNS=1000):
        profile = profiled(SHIFTS, "rows: {calls: calls.csv}", {"calls.csv": "\n".join(lines) + "\n"}, period)
    offset = {True: timedelta(hours=1), False: timedelta(hours=2)}
    same = Counter(
        (agent, number, at)
        for agent, number, at, _ in rows
        if period in (None, f"{at + offset[at < datetime(2026, 3, 29, 1, tzinfo=UTC)]:%Y-%m}")
    )
    repeated = profile.tables[0].facts.repeated
    twice = {key: count for key, count in same.items() if count > 1}
    assert (repeated.keys, repeated.rows) == (len(twice), sum(twice.values()) - len(twice))
    assert bool(repeated.examples) == bool(twice)
    for one in repeated.examples:
        at_, agent_, number_, _ = one.cells
        instant = datetime.fromisoformat(at_ or "").astimezone(UTC)
        assert len(one.places) == min(3, twice[None if agent_ == "none" else agent_, number_ or "", instant])


@settings(max_examples=25, deadline=None)
@given(_ROWS)
def test_overlaps_are_those_of_a_loop(rows: list[tuple[str | None, str, datetime, datetime | None]]) -> None:
    contract = load_text(
        HEADER
        + """usage shifts each shift key agent and started { agent text  started timestamp  ended timestamp }
charge hours "Hours" = sum(shifts.started to shifts.ended) at 30 EUR/hour
"""
    )
    lines = ["agent,started,ended"]
    for agent, _, started, ended in rows:
        name = '"' + (agent or "").replace('"', '""') + '"'
        lines.append(f"{name},{started.isoformat()},{ended.isoformat() if ended else ''}")
    profile = profiled(contract, "rows: {shifts: s.csv}", {"s.csv": "\n".join(lines) + "\n"})
    expected: Counter[str] = Counter()
    before: list[tuple[str | None, datetime, datetime]] = []
    for agent, _, started, ended in sorted(rows, key=lambda row: row[2]):
        if agent is None or ended is None or ended <= started:
            continue
        expected[agent] += any(other == agent and end > started for other, _, end in before)
        before.append((agent, started, ended))
    overlapping = profile.tables[0].facts.intervals[0].overlapping
    assert overlapping is not None
    assert overlapping.rows == expected.total()
    # The examples are of one agent.
    first = min((agent for agent, rows in expected.items() if rows), default="")
    assert len(overlapping.examples) == min(3, expected[first])


@given(st.sets(st.integers(0, 40), max_size=30), st.integers(-3, 20), st.integers(0, 45))
def test_gaps_are_the_days_that_a_loop_misses(having: set[int], first: int, length: int) -> None:
    days = {date(2026, 1, 5) + timedelta(days=one) for one in having}
    span = Days(date(2026, 1, 5) + timedelta(days=first), date(2026, 1, 5) + timedelta(days=first + length))
    every = [span.start + at * ONE_DAY for at in range(length)]
    known = [min(days) + at * ONE_DAY for at in range((max(days) - min(days)).days + 1)] if days else []
    idle = {
        weekday
        for weekday in range(7)
        if sum(day.weekday() == weekday for day in known) >= 2
        and not any(day.weekday() == weekday for day in days)
    }
    assert set(empty_weekdays(days)) == idle
    missing = [day for day in every if day not in days and day.weekday() not in idle]
    found = gaps(days, span)
    assert sum(missing_days(gap, idle) for gap in found) == len(missing)
    for gap in found:
        assert gap.start in missing
        assert gap.last in missing
        assert not any(day in gap for day in days)
        assert span.covers(gap)
    assert all(any(day in gap for gap in found) for day in missing)


# ---- what stays where it is


def test_rows_in_parquet_are_profiled_where_they_are(tmp_path: Path) -> None:
    with duckdb.connect() as base:
        base.execute(
            f"""COPY (SELECT 'A' AS agent, 1 AS number, TIMESTAMP '2026-01-05 08:00:00' AS started,
                TIMESTAMP '2026-01-05 09:00:00' AS ended FROM range(3)) TO '{tmp_path}/shifts.parquet'"""
        )
    (tmp_path / "usage.yaml").write_text("rows: {shifts: shifts.parquet}", encoding="utf-8")
    usage = contractlang.load_usage(tmp_path / "usage.yaml", SHIFTS)
    profile = contractlang.profile_usage(SHIFTS, usage)
    again = contractlang.profile_usage(SHIFTS, usage)
    assert profile.tables == again.tables
    messages = [one.message for one in profile.findings]
    assert messages[0] == '2 rows of "shifts" repeat the agent and number of another row: "A" and "1"'
    assert messages[1] == 'the usage gives no rows for "calls", from which "calls_of" is counted'
    assert profile.tables[0].facts.repeated.examples[0].places == ()


def test_where_no_key_says_whose_an_interval_is_the_one_text_says_it() -> None:
    contract = load_text(
        HEADER
        + """usage shifts each shift key id { id text  agent text  started timestamp  ended timestamp }
usage turns each turn { agent text  site text  started timestamp  ended timestamp }
charge hours "Hours" = sum(shifts.started to shifts.ended) + sum(turns.started to turns.ended) at 30 EUR/hour
"""
    )
    rows = "id,agent,site,started,ended\n1,A,x,2026-01-05T08:00:00,2026-01-05T12:00:00\n"
    rows += "2,A,x,2026-01-05T09:00:00,2026-01-05T10:00:00\n3,A,x,2026-01-05T11:00:00,2026-01-05T12:00:00\n"
    profile = profiled(contract, "rows: {shifts: s.csv, turns: s.csv}", {"s.csv": rows})
    shifts, turns = (one.facts.intervals[0] for one in profile.tables)
    assert shifts.asked.by == ("agent",)
    # The second and the third overlap the first, and not one another.
    assert shifts.overlapping is not None
    assert shifts.overlapping.rows == 2
    assert turns.overlapping is None
    assert "overlaps not looked for, since no key says whose they are" in rendering.text(profile)


def test_a_value_has_a_price_where_any_version_of_the_rate_has_it() -> None:
    contract = load_text(
        HEADER
        + """unit call
usage calls each call { at timestamp  language text  site text }
rate by_language by language { "fr" : 1 EUR/call }
rate by_site by site { "a" : 1 EUR/call  otherwise : 2 EUR/call }
charge first "First" = count(calls) per language at by_language
charge second "Second" = count(calls) per site at by_site
amendment "One" effective 2026-06-01 { rate by_language by language { "fr" : 1 EUR/call  "nl" : 2 EUR/call } }
"""
    )
    rows = "at,language,site\n2026-01-05T08:00:00,nl,a\n2026-01-05T09:00:00,fr,b\n2026-01-05T10:00:00,de,c\n"
    profile = profiled(contract, "rows: {calls: c.csv}", {"c.csv": rows})
    assert [one.unpriced for one in profile.tables[0].facts.groups] == [(("de", 1),), ()]
    assert profile.findings[-1].code == "CL856"


# ---- figures


def test_a_usage_of_figures_alone_needs_no_engine() -> None:
    contract = load_text(
        HEADER + "unit sale\nmeasure sales in sales\nmeasure late in days else 0\n"
        'charge selling "Sales" = sales at 1 EUR/sale\npenalty lateness "Late" = late at 1 EUR/day\n'
    )
    usage = (
        "figures:\n  2026-02: {sales: 1, late: 1}\n  2026-04-01..2026-04-15: {sales: 1}\n"
        "  2026-05: {sales: 1, late: 1}\n"
    )
    profile = profiled(contract, usage, {})
    (finding,) = profile.findings
    assert (finding.code, finding.message) == ("CL859", '"sales" has no figure for 2026-03, 2026-04')
    assert not profiled(contract, usage, {}, "2026-05").findings
    (later,) = profiled(contract, usage, {}, "2026-06").findings
    assert later.message == '"sales" has no figure for 2026-06'
    # Before a figure was first supplied, nothing says that it should have been.
    assert not profiled(contract, usage, {}, "2026-01").findings


# ---- forms

HOSTILE = "</svg><script>alert(1)</script>\"'&{{ 7 * 7 }}"


@pytest.fixture
def hostile() -> UsageProfile:
    contract = load_text(
        HEADER.replace('"Example"', '"</title><script>alert(2)</script>"')
        + """unit call
usage calls each call key call_id { at timestamp  call_id text  language text  n number between 0 and 1 }
rate by_language by language { "fr" : 1 EUR/call }
charge first "First" = count(calls) per language at by_language
measure sales in EUR
charge share "Share" = 1% of sales
"""
    )
    cell = '"' + HOSTILE.replace('"', '""') + '"'
    rows = f"at,call_id,language,n\n2026-01-05T08:00:00,{cell},{cell},5\n2026-02-05T08:00:00,{cell},fr,1\n"
    usage = "figures: {2026-01: {sales: 1}, 2026-03: {sales: 1}}\nrows: {calls: 'x<b>&.csv'}\n"
    return profiled(contract, usage, {"x<b>&.csv": rows})


def test_names_and_cells_cannot_break_out_of_the_page(hostile: UsageProfile) -> None:
    page = rendering.render(hostile, "html")
    assert "<script" not in page
    assert "x<b>" not in page
    assert page.count("<svg") == page.count("</svg>") == 2
    assert "{{ 7 * 7 }}" in page
    assert "&lt;script&gt;alert(1)" in page
    assert not [word for word in ("http://", "https://", "src=", "@import", "url(") if word in page]


def test_the_json_is_what_its_schema_says(hostile: UsageProfile) -> None:
    schema = json.loads((schemas_folder() / "usage.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for profile in (
        hostile,
        profiled(SHIFTS, "figures: {2026-01: {}}", {}),
        profiled(SHIFTS, "rows: {shifts: s.csv}", {"s.csv": "agent,number,started,ended\n"}, "2026-02"),
    ):
        found = json.loads(rendering.render(profile, "json"))
        jsonschema.validate(found, schema, cls=jsonschema.Draft202012Validator)
    assert {one["code"] for one in json.loads(rendering.render(hostile, "json"))["findings"]} == {
        "CL850", "CL851", "CL855", "CL856", "CL859",
    }  # fmt: skip


def test_a_long_term_is_drawn_by_month() -> None:
    rows = "at,agent,number,answered\n" + "".join(
        f"{date(2026, 1, 1) + timedelta(days=day)}T08:00:00,A,{day},\n" for day in range(0, 330, 3)
    )
    profile = profiled(SHIFTS, "rows: {calls: c.csv}", {"c.csv": rows})
    page = rendering.render(profile, "html")
    assert "Rows by month" in page
    assert page.count('class="bar"') == 11 + 1
