"""A profile of a usage as one page: what to look at, and for each table its numbers with small charts.

In: a `UsageProfile`. Out: HTML in its language, without a request to anywhere, made to be printed on A4. The
charts are SVG.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from markupsafe import Markup

from contractlang.calendar import ONE_DAY, Days
from contractlang.profiling import TableProfile, UsageProfile
from contractlang.profiling.wording import Wording, wording
from contractlang.rendering.svg import at, text
from contractlang.rendering.svg import words as escaped
from contractlang.rendering.usage import (
    column_types,
    days_words,
    finding_record,
    group_words,
    headline,
    hours_words,
    idle_words,
    inside_words,
    interval_words,
    key_words,
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
    """The page; `language` is en or fr."""

    language: str
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


def page(profile: UsageProfile, templates: Path | None = None) -> str:
    """The page, with a line end; `templates` is a folder whose template takes the place of ours.

    Raises ContractError (CL970 to CL974) where a template is at fault.
    """
    from contractlang.rendering.pages import laid_out

    words = wording(profile.language)
    facts = {"profile": _view(profile, words), "words": dict(words.words)}
    return laid_out(TEMPLATE, "html", templates, facts)


def _view(profile: UsageProfile, words: Wording) -> ProfileView:
    return ProfileView(
        language=words.code,
        contract=profile.contract,
        usage=profile.usage,
        days=days_words(profile, words),
        summary=summary(profile),
        findings=tuple(_finding(finding_record(one), words) for one in profile.findings),
        tables=tuple(_table(one, profile, words) for one in profile.tables),
        figures=tuple(
            RowView(
                one.name,
                words.say("with it", count=str(one.periods))
                + (words.say("without", count=str(len(one.missing))) if one.missing else ""),
            )
            for one in profile.figures
        ),
        changes=tuple(
            RowView(
                f"{one.table} {one.month}",
                f"{words.number(one.before)} → {words.number(one.rows)}"
                + (words.say("invoiced") if one.invoiced else ""),
            )
            for one in profile.changes
        ),
        absent=", ".join(name for name, _ in profile.absent),
    )


def _finding(record: dict[str, object], words: Wording) -> FindingView:
    place = str(record["file"] or "")
    if record["row"] is not None:
        place += ", " + words.say("place one", rows=str(record["row"]))
    if record["column"] is not None:
        place += f", {record['column']}"
    return FindingView(
        str(record["code"]), str(record["severity"]), str(record["message"]), str(record["help"]), place
    )


def _table(table: TableProfile, profile: UsageProfile, words: Wording) -> TableView:
    facts = table.facts
    span = table.span if profile.whole else profile.days
    inside = sum(count for _, count in table.inside(profile.days))
    by_day = span.count <= _MOST_BARS
    bars = _days(table, span, words) if by_day else [_Bar(month, rows, month) for month, rows in table.months]
    notes = [
        key_words(table, words),
        *(interval_words(one, words) for one in facts.intervals),
        *(group_words(one, words) for one in facts.groups),
    ]
    if table.idle:
        notes.insert(0, idle_words(table, words))
    clock = facts.hours if facts.hours is not None and inside else ()
    hours = [_Bar(f"{hour:02}:00", rows, str(hour)) for hour, rows in enumerate(clock)]
    return TableView(
        name=table.name,
        headline=headline(table, words),
        sources=sources(facts.sources, words),
        inside="" if profile.whole else inside_words(inside, words),
        chart_heading=words.say("Rows by day" if by_day else "Rows by month"),
        chart=_chart(bars, words.say("chart day" if by_day else "chart month", table=table.name), words),
        hours_heading=words.say("Hours of the day") + words.say("colon") + hours_words(clock, words)
        if clock
        else "",
        hours=_chart(hours, words.say("chart hour", table=table.name), words),
        columns=tuple(
            ColumnView(one.name, declared, words.number(one.empty), one.least or "", one.greatest or "")
            for one, declared in zip(facts.columns, column_types(table), strict=True)
        ),
        notes=tuple(notes),
    )


def _days(table: TableProfile, span: Days, words: Wording) -> list[_Bar]:
    counts = dict(table.days)
    missing = {day for gap in table.gaps for day in _each(gap) if day.weekday() not in table.idle}
    found = []
    for day in _each(span):
        label = day.isoformat() if day == span.start or day.day == 1 else ""
        told = f"{words.say(f'weekday {day.weekday()}')[:3]} {day}"
        found.append(_Bar(told, counts.get(day, 0), label, day in missing))
    return found


def _each(days: Days) -> list[date]:
    return [days.start + at * ONE_DAY for at in range(days.count)]


def _chart(bars: Sequence[_Bar], title: str, words: Wording) -> Markup:
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
            rows = words.many(bar.rows, "row")
            told = escaped(words.say("bar" if bar.rows else "bar none", told=bar.told, rows=rows))
            parts.append(
                f'<rect x="{at(left)}" y="{at(_BASE - height)}" width="{at(wide)}" height="{at(height)}" '
                f'class="{kind}"><title>{told}</title></rect>'
            )
        # A label is left out where it would run into the one before it.
        if bar.label and left - last >= 6 * len(bar.label) + 6 and left + 5 * len(bar.label) <= _WIDTH:
            parts.append(text(left, _BASE + 13, bar.label, "label"))
            last = int(left)
    parts.append(f'<line x1="0" y1="{_BASE}" x2="{_WIDTH}" y2="{_BASE}" class="base"/>')
    parts.append(text(0, _TOP - 4, words.say("at most", rows=words.many(most, "row")), "label"))
    opened = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escaped(title)}">'
    drawn = f"{opened}{''.join(parts)}</svg>"
    return Markup(drawn)  # noqa: S704  Whatever a usage or a contract says went through `escaped`.
