"""A profile of a usage as one page: what to look at, and for each table its numbers with small charts.

In: a `UsageProfile`. Out: HTML without a request to anywhere, made to be printed on A4. The charts are SVG.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from markupsafe import Markup

from contractlang.calendar import ONE_DAY, Days
from contractlang.profiling import TableProfile, UsageProfile
from contractlang.profiling.findings import WEEKDAYS
from contractlang.rendering.svg import at, text, words
from contractlang.rendering.usage import (
    column_types,
    counted,
    finding_record,
    group_words,
    headline,
    hours_words,
    interval_words,
    key_words,
    number,
    sources,
    summary,
)

TEMPLATE = "usage.html.j2"
_MOST_BARS = 190
_WIDTH, _HEIGHT = 660, 96
_BASE, _TOP = 78, 14
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as the page prints it."""

    code: str
    severity: str
    message: str
    help: str
    place: str


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column as the page prints it."""

    name: str
    type: str
    empty: str
    least: str
    greatest: str


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as the page prints it; a chart is empty where there is nothing to draw."""

    name: str
    headline: str
    sources: str
    inside: str
    chart_heading: str
    chart: Markup
    hours_heading: str
    hours: Markup
    columns: tuple[ColumnView, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """A name and what is said of it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class ProfileView:
    """The page."""

    contract: str
    usage: str
    days: str
    summary: str
    findings: tuple[FindingView, ...]
    tables: tuple[TableView, ...]
    figures: tuple[RowView, ...]
    changes: tuple[RowView, ...]
    absent: str


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar: what it is about, its rows, what stands under it, and whether rows are missing there."""

    told: str
    rows: int
    label: str = ""
    missing: bool = False


def page(profile: UsageProfile) -> str:
    """The page, with a line end."""
    from contractlang.rendering.pages import laid_out

    return laid_out(TEMPLATE, "html", None, {"profile": _view(profile)})


def _view(profile: UsageProfile) -> ProfileView:
    return ProfileView(
        contract=profile.contract,
        usage=profile.usage,
        days=f"the whole term, {profile.days}" if profile.whole else str(profile.days),
        summary=summary(profile),
        findings=tuple(_finding(finding_record(one)) for one in profile.findings),
        tables=tuple(_table(one, profile) for one in profile.tables),
        figures=tuple(
            RowView(
                one.name, f"{one.periods} with it" + (f", {len(one.missing)} without" if one.missing else "")
            )
            for one in profile.figures
        ),
        changes=tuple(
            RowView(
                f"{one.table} {one.month}",
                f"{number(one.before)} → {number(one.rows)}" + (", invoiced" if one.invoiced else ""),
            )
            for one in profile.changes
        ),
        absent=", ".join(name for name, _ in profile.absent),
    )


def _finding(record: dict[str, object]) -> FindingView:
    place = str(record["file"] or "")
    if record["row"] is not None:
        place += f", row {record['row']}"
    if record["column"] is not None:
        place += f", {record['column']}"
    return FindingView(
        str(record["code"]), str(record["severity"]), str(record["message"]), str(record["help"]), place
    )


def _table(table: TableProfile, profile: UsageProfile) -> TableView:
    facts = table.facts
    span = table.span if profile.whole else profile.days
    inside = sum(count for _, count in table.inside(profile.days))
    by_day = span.count <= _MOST_BARS
    bars = _days(table, span) if by_day else [_Bar(month, rows, month) for month, rows in table.months]
    notes = [key_words(table), *map(interval_words, facts.intervals), *map(group_words, facts.groups)]
    if table.idle:
        notes.insert(0, "never on " + ", ".join(WEEKDAYS[day] for day in table.idle))
    clock = facts.hours if facts.hours is not None and inside else ()
    hours = [_Bar(f"{hour:02}:00", rows, str(hour)) for hour, rows in enumerate(clock)]
    return TableView(
        name=table.name,
        headline=headline(table),
        sources=sources(facts.sources),
        inside="" if profile.whole else f"{number(inside)} of these days",
        chart_heading="Rows by day" if by_day else "Rows by month",
        chart=_chart(bars, f"{table.name}: rows by {'day' if by_day else 'month'}"),
        hours_heading=f"Hours of the day: {hours_words(clock)}" if clock else "",
        hours=_chart(hours, f"{table.name}: rows by hour of the day"),
        columns=tuple(
            ColumnView(one.name, declared, number(one.empty), one.least or "", one.greatest or "")
            for one, declared in zip(facts.columns, column_types(table), strict=True)
        ),
        notes=tuple(notes),
    )


def _days(table: TableProfile, span: Days) -> list[_Bar]:
    counts = dict(table.days)
    missing = {day for gap in table.gaps for day in _each(gap) if day.weekday() not in table.idle}
    found = []
    for day in _each(span):
        label = day.isoformat() if day == span.start or day.day == 1 else ""
        found.append(_Bar(f"{WEEKDAYS[day.weekday()][:3]} {day}", counts.get(day, 0), label, day in missing))
    return found


def _each(days: Days) -> list[date]:
    return [days.start + at * ONE_DAY for at in range(days.count)]


def _chart(bars: Sequence[_Bar], title: str) -> Markup:
    """Bars from left to right; where rows are missing a mark stands on the base line."""
    if not bars:
        return Markup("")
    most = max((bar.rows for bar in bars), default=0) or 1
    step = Fraction(_WIDTH, len(bars))
    wide = step - min(step / 5, Fraction(2))
    parts = []
    last = -_WIDTH
    for index, bar in enumerate(bars):
        left = step * index
        height = max(Fraction(bar.rows * (_BASE - _TOP), most), Fraction(1))
        kind, height = ("missing", Fraction(4)) if bar.missing else ("bar", height)
        if bar.rows or bar.missing:
            told = words(f"{bar.told}: {counted(bar.rows, 'row')}" if bar.rows else f"{bar.told}: no rows")
            parts.append(
                f'<rect x="{at(left)}" y="{at(_BASE - height)}" width="{at(wide)}" height="{at(height)}" '
                f'class="{kind}"><title>{told}</title></rect>'
            )
        # A label is left out where it would run into the one before it.
        if bar.label and left - last >= 6 * len(bar.label) + 6 and left + 5 * len(bar.label) <= _WIDTH:
            parts.append(text(left, _BASE + 13, bar.label, "label"))
            last = int(left)
    parts.append(f'<line x1="0" y1="{_BASE}" x2="{_WIDTH}" y2="{_BASE}" class="base"/>')
    parts.append(text(0, _TOP - 4, f"{counted(most, 'row')} at most", "label"))
    drawn = (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{words(title)}">{"".join(parts)}</svg>'
    )
    return Markup(drawn)  # noqa: S704  Whatever a usage or a contract says went through `words`.
