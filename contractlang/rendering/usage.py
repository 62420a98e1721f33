"""A profile of a usage: text for a terminal, JSON for programs, and one page to print (`usage_page`).

In: a `UsageProfile`. Out: text in the language of the profile; names, types and ranges are those of the
contract. Findings are printed by whoever prints diagnostics, and are in the JSON.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contractlang.calendar import Days
from contractlang.diagnostics import Diagnostic, Place
from contractlang.profiling import GroupFacts, IntervalFacts, TableProfile, UsageProfile
from contractlang.profiling.findings import range_words
from contractlang.profiling.wording import Wording, wording
from contractlang.rendering.plain import clean, width
from contractlang.text import Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BAR = 40
_SHOWN_SOURCES = 3
_SHOWN_VALUES = 6


def render(profile: UsageProfile, format: str, templates: Path | None = None) -> str:
    """The profile as json or html; `templates` is a folder whose template takes the place of ours.

    Raises ContractError (CL970 to CL974) where a template is at fault.
    """
    if format == "json":
        return json.dumps(record(profile), ensure_ascii=False, indent=2) + "\n"
    from contractlang.rendering.usage_page import page

    return page(profile, templates)


def summary(profile: UsageProfile) -> str:
    """How many findings there are, as the last line of a text."""
    words = wording(profile.language)
    tables, figures, findings = map(len, (profile.tables, profile.figures, profile.findings))
    what = words.many(tables, "table") if tables else words.many(figures, "figure")
    found = words.many(findings, "finding") if findings else words.say("nothing found")
    return words.say("profiled", tables=what, findings=found)


def kinds(profile: UsageProfile) -> dict[str, str]:
    """What errors, warnings and help are called in the language of the profile."""
    return {one: wording(profile.language).say(one) for one in ("error", "warning", "help")}


def days_words(profile: UsageProfile, words: Wording) -> str:
    """The days that a profile is about."""
    days = words.span(profile.days)
    return words.say("whole term", days=days) if profile.whole else days


# ---- text


def text(profile: UsageProfile) -> str:
    """What will be rated, table by table, without the findings."""
    words = wording(profile.language)
    rows = [
        words.say(
            "title", contract=clean(profile.contract), usage=clean(profile.usage),
            days=days_words(profile, words),
        )
    ]  # fmt: skip
    for table in profile.tables:
        rows += ["", *_table(table, profile, words)]
    if profile.absent:
        rows += ["", words.say("none given", tables=", ".join(name for name, _ in profile.absent))]
    if profile.figures:
        rows += ["", words.say("supplied figures")]
        names = [one.name for one in profile.figures]
        for figure, name in zip(profile.figures, _padded(names), strict=True):
            missing = words.say("without", count=str(len(figure.missing))) if figure.missing else ""
            rows.append(f"  {name}  {words.many(figure.periods, 'period')}{missing}")
    if profile.changes:
        rows += ["", words.say("changed since")]
        for change in profile.changes:
            rows_now = f"{words.number(change.before)} → {words.many(change.rows, 'row')}"
            invoiced = words.say("invoiced") if change.invoiced else ""
            rows.append(f"  {change.table} {change.month}  {rows_now}{invoiced}")
    return "\n".join(row.rstrip() for row in rows) + "\n"


def _table(table: TableProfile, profile: UsageProfile, words: Wording) -> list[str]:
    rows = [
        table.name + words.say("colon") + headline(table, words),
        f"  {sources(table.facts.sources, words)}",
    ]
    inside = sum(count for _, count in table.inside(profile.days))
    if not profile.whole:
        rows.append(f"  {inside_words(inside, words)}")
    if table.months:
        most = max(count for _, count in table.months)
        longest = max(len(words.number(count)) for _, count in table.months)
        for month, count in table.months:
            bar = "#" * (-(-count * _BAR // most))
            rows.append(f"  {month}  {words.number(count):>{longest}}  {bar}")
    if table.idle:
        rows.append(f"  {idle_words(table, words)}")
    if table.facts.hours is not None and inside:
        rows.append(f"  {hours_words(table.facts.hours, words)}")
    rows += [f"  {line}" for line in _columns(table, words)]
    rows += [f"  {key_words(table, words)}"]
    rows += [f"  {interval_words(one, words)}" for one in table.facts.intervals]
    rows += [f"  {group_words(one, words)}" for one in table.facts.groups]
    return rows


def headline(table: TableProfile, words: Wording) -> str:
    """How many rows a table has, when, and how many of them are outside."""
    facts = table.facts
    said = words.many(facts.rows, "row")
    if table.days:
        said += words.say("from", first=str(table.days[0][0]), last=str(table.days[-1][0]))
    if facts.outside:
        said += words.say("outside", count=words.number(facts.outside))
    if facts.undated:
        said += words.say("undated", count=words.number(facts.undated))
    return said


def sources(names: Sequence[str], words: Wording) -> str:
    """Where the rows are: the first names, and how many more."""
    shown = ", ".join(clean(name) for name in names[:_SHOWN_SOURCES])
    return shown + words.more(len(names) - _SHOWN_SOURCES)


def inside_words(inside: int, words: Wording) -> str:
    """How many rows the days asked have."""
    return words.say("of these days", rows=words.many(inside, "row"))


def idle_words(table: TableProfile, words: Wording) -> str:
    """The weekdays that never have rows."""
    return words.say("never on", days=words.weekdays(table.idle))


def hours_words(hours: Sequence[int], words: Wording) -> str:
    """The hours of the day that have rows, and the busiest of them."""
    having = [hour for hour, count in enumerate(hours) if count]
    busiest = max(having, key=lambda hour: (hours[hour], -hour))
    if len(having) == 1:
        return words.say("hours all", first=f"{busiest:02}:00", last=f"{busiest + 1:02}:00")
    return words.say(
        "hours", first=f"{having[0]:02}:00", last=f"{having[-1] + 1:02}:00", busiest=f"{busiest:02}:00",
        until=f"{busiest + 1:02}:00", rows=words.many(hours[busiest], "row"),
    )  # fmt: skip


def _columns(table: TableProfile, words: Wording) -> list[str]:
    heading = [words.say(one) for one in ("column", "type", "empty", "least", "greatest")]
    cells = [
        [one.name, declared, words.number(one.empty), clean(one.least or ""), clean(one.greatest or "")]
        for one, declared in zip(table.facts.columns, column_types(table), strict=True)
    ]
    lines = [heading, *cells]
    wide = [max(width(line[at]) for line in lines) for at in range(len(heading))]
    return [
        "  ".join(
            " " * (wide[at] - width(cell)) + cell if at == 2 else cell + " " * (wide[at] - width(cell))
            for at, cell in enumerate(line)
        ).rstrip()
        for line in lines
    ]


def column_types(table: TableProfile) -> list[str]:
    """What the contract says of each column that was read: `number optional between 0 and 5`."""
    declared = {column.name.text: column for column in table.declared.columns}
    found = []
    for one in table.facts.columns:
        column = declared[one.name]
        said = one.type + (" optional" if column.optional else "")
        found.append(f"{said} between {range_words(column)}" if column.between is not None else said)
    return found


def key_words(table: TableProfile, words: Wording) -> str:
    """What tells rows apart, and how many do not keep to it."""
    repeated = table.facts.repeated
    key = words.say("key", key=words.all(table.facts.key)) if table.facts.key else words.say("no key")
    found = words.say("none again")
    if repeated.rows:
        found = words.say("again", rows=words.many(repeated.rows, "row"))
    missing = words.say("without key", count=words.number(repeated.keyless)) if repeated.keyless else ""
    return key + words.say("colon") + found + missing


def interval_words(found: IntervalFacts, words: Wording) -> str:
    """What was looked at in an interval, and what was not."""
    asked = found.asked
    name = words.say("interval", start=asked.start, end=asked.end)
    ends = words.say(
        "interval ends", reversed=words.number(found.reversed.rows), open=words.number(found.open.rows)
    )
    if found.overlapping is None:
        return name + words.say("colon") + ends + words.say("interval unknown")
    by = words.say("interval by", by=words.all(asked.by))
    overlapping = words.say("interval overlapping", count=words.number(found.overlapping.rows))
    return name + by + words.say("colon") + ends + overlapping


def group_words(found: GroupFacts, words: Wording) -> str:
    """The values of a column that rows are told apart by."""
    shown = found.values[:_SHOWN_VALUES]
    values = ", ".join(f"{value_words(value, words)} {words.number(count)}" for value, count in shown)
    if not found.values:
        values = words.say("group none")
    return found.asked.column + words.say("colon") + values + words.more(found.distinct - len(shown))


def value_words(value: str | None, words: Wording) -> str:
    """A value of a group, quoted; an empty one is told."""
    return words.say("no value") if value is None else words.say("quoted", text=clean(value))


def _padded(names: Sequence[str]) -> list[str]:
    longest = max(width(name) for name in names)
    return [name + " " * (longest - width(name)) for name in names]


# ---- JSON


def record(profile: UsageProfile) -> dict[str, Any]:
    """The profile as its published schema says it (`contractlang schema usage`)."""
    return {
        "contract": profile.contract,
        "usage": profile.usage,
        "days": _days(profile.days),
        "whole_term": profile.whole,
        "tables": [_table_record(one, profile) for one in profile.tables],
        "absent": [name for name, _ in profile.absent],
        "figures": [
            {
                "name": one.name,
                "periods": one.periods,
                "missing": [_days(days) for days in one.missing],
            }
            for one in profile.figures
        ],
        "changes": [
            {
                "table": one.table, "month": one.month, "before": one.before, "now": one.rows,
                "invoiced": one.invoiced,
            }
            for one in profile.changes
        ],
        "findings": [finding_record(one) for one in profile.findings],
    }  # fmt: skip


def _table_record(table: TableProfile, profile: UsageProfile) -> dict[str, Any]:
    facts = table.facts
    inside = table.inside(profile.days)
    return {
        "name": table.name,
        "unit": table.declared.unit.text,
        "sources": list(facts.sources),
        "rows": facts.rows,
        "rows_of_days": sum(count for _, count in inside),
        "outside_term": facts.outside,
        "without_day": facts.undated,
        "months": [{"month": month, "rows": count} for month, count in table.months],
        "days": [{"day": day.isoformat(), "rows": count} for day, count in inside],
        "hours": None if facts.hours is None else list(facts.hours),
        "empty_weekdays": [WEEKDAYS[day] for day in table.idle],
        "gaps": [_days(one) for one in table.gaps],
        "key": list(facts.key),
        "repeated": {
            "keys": facts.repeated.keys,
            "rows": facts.repeated.rows,
            "without_key": facts.repeated.keyless,
        },
        "columns": [
            {
                "name": one.name,
                "type": one.type,
                "empty": one.empty,
                "least": one.least,
                "greatest": one.greatest,
            }
            for one in facts.columns
        ],
        "out_of_range": [{"column": asked.column, "cells": odd.rows} for asked, odd in facts.ranges],
        "intervals": [
            {
                "from": one.asked.start,
                "to": one.asked.end,
                "by": list(one.asked.by),
                "backwards": one.reversed.rows,
                "without_end": one.open.rows,
                "overlapping": None if one.overlapping is None else one.overlapping.rows,
            }
            for one in facts.intervals
        ],
        "groups": [
            {
                "column": one.asked.column,
                "distinct": one.distinct,
                "values": [{"value": value, "rows": count} for value, count in one.values],
                "without_price": [{"value": value, "rows": count} for value, count in one.unpriced],
            }
            for one in facts.groups
        ],
    }


def finding_record(finding: Diagnostic) -> dict[str, Any]:
    """A finding with the file, row and column that it is about, null where they are not known."""
    place = finding.span
    row = (
        place.row
        if isinstance(place, Place)
        else place.position().line + 1
        if isinstance(place, Span)
        else None
    )
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "file": finding.file,
        "row": row,
        "column": place.column if isinstance(place, Place) else None,
    }


def _days(days: Days) -> dict[str, str] | None:
    return {"from": days.start.isoformat(), "to": days.last.isoformat()} if days else None
