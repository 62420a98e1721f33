"""A profile of a usage: text for a terminal, JSON for programs, and one page to print (`usage_page`).

In: a `UsageProfile`. Out: text. Findings are printed by whoever prints diagnostics, and are in the JSON.
"""

import json
from collections.abc import Sequence
from typing import Any

from contractlang.calendar import Days
from contractlang.diagnostics import Diagnostic, Place
from contractlang.profiling import GroupFacts, IntervalFacts, TableProfile, UsageProfile
from contractlang.profiling.findings import WEEKDAYS, range_words
from contractlang.rendering.plain import clean, width
from contractlang.text import Span

_BAR = 40
_SHOWN_SOURCES = 3


def render(profile: UsageProfile, format: str) -> str:
    """The profile as json or html."""
    if format == "json":
        return json.dumps(record(profile), ensure_ascii=False, indent=2) + "\n"
    from contractlang.rendering.usage_page import page

    return page(profile)


def summary(profile: UsageProfile) -> str:
    """How many findings there are, as the last line of a text."""
    tables = (
        counted(len(profile.tables), "table") if profile.tables else counted(len(profile.figures), "figure")
    )
    count = len(profile.findings)
    return f"{tables} profiled: {counted(count, 'finding') if count else 'nothing to look at'}"


# ---- text


def text(profile: UsageProfile) -> str:
    """What will be rated, table by table, without the findings."""
    days = f"the whole term, {profile.days}" if profile.whole else str(profile.days)
    rows = [f"{clean(profile.contract)}: {clean(profile.usage)}, {days}"]
    for table in profile.tables:
        rows += ["", *_table(table, profile)]
    if profile.absent:
        rows += ["", f"no rows are given for {', '.join(name for name, _ in profile.absent)}"]
    if profile.figures:
        rows += ["", "supplied figures"]
        names = [one.name for one in profile.figures]
        for figure, name in zip(profile.figures, _padded(names), strict=True):
            missing = f", {len(figure.missing)} without" if figure.missing else ""
            rows.append(f"  {name}  {counted(figure.periods, 'period')}{missing}")
    if profile.changes:
        rows += ["", "changed since"]
        for change in profile.changes:
            rows_now = f"{number(change.before)} → {counted(change.rows, 'row')}"
            rows.append(
                f"  {change.table} {change.month}  {rows_now}{', invoiced' if change.invoiced else ''}"
            )
    return "\n".join(row.rstrip() for row in rows) + "\n"


def _table(table: TableProfile, profile: UsageProfile) -> list[str]:
    rows = [f"{table.name}: {headline(table)}", f"  {sources(table.facts.sources)}"]
    inside = sum(count for _, count in table.inside(profile.days))
    if not profile.whole:
        rows.append(f"  {counted(inside, 'row')} of these days")
    if table.months:
        most = max(count for _, count in table.months)
        longest = max(len(number(count)) for _, count in table.months)
        for month, count in table.months:
            bar = "#" * (-(-count * _BAR // most))
            rows.append(f"  {month}  {number(count):>{longest}}  {bar}")
    if table.idle:
        rows.append(f"  never on {_all(WEEKDAYS[day] for day in table.idle)}")
    if table.facts.hours is not None and inside:
        rows.append(f"  {hours_words(table.facts.hours)}")
    rows += [f"  {line}" for line in _columns(table)]
    rows += [f"  {key_words(table)}"]
    rows += [f"  {interval_words(one)}" for one in table.facts.intervals]
    rows += [f"  {group_words(one)}" for one in table.facts.groups]
    return rows


def headline(table: TableProfile) -> str:
    """How many rows a table has, when, and how many of them are outside."""
    facts = table.facts
    words = counted(facts.rows, "row")
    if table.days:
        words += f" from {table.days[0][0]} to {table.days[-1][0]}"
    if facts.outside:
        words += f", {number(facts.outside)} outside the term"
    if facts.undated:
        words += f", {number(facts.undated)} without a day yet"
    return words


def sources(names: Sequence[str]) -> str:
    """Where the rows are: the first names, and how many more."""
    shown = ", ".join(clean(name) for name in names[:_SHOWN_SOURCES])
    more = len(names) - _SHOWN_SOURCES
    return f"{shown} and {more} more" if more > 0 else shown


def hours_words(hours: Sequence[int]) -> str:
    """The hours of the day that have rows, and the busiest of them."""
    having = [hour for hour, count in enumerate(hours) if count]
    busiest = max(having, key=lambda hour: (hours[hour], -hour))
    if len(having) == 1:
        return f"all from {busiest:02}:00 to {busiest + 1:02}:00"
    return (
        f"from {having[0]:02}:00 to {having[-1] + 1:02}:00, most from {busiest:02}:00 to {busiest + 1:02}:00 "
        f"({counted(hours[busiest], 'row')})"
    )


def _columns(table: TableProfile) -> list[str]:
    heading = ["column", "type", "empty", "least", "greatest"]
    cells = [
        [one.name, declared, number(one.empty), clean(one.least or ""), clean(one.greatest or "")]
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
        words = one.type + (" optional" if column.optional else "")
        found.append(f"{words} between {range_words(column)}" if column.between is not None else words)
    return found


def key_words(table: TableProfile) -> str:
    """What tells rows apart, and how many do not keep to it."""
    repeated = table.facts.repeated
    key = f"key {_all(table.facts.key)}" if table.facts.key else "no key, whole rows compared"
    found = f"{counted(repeated.rows, 'row')} again" if repeated.rows else "no row comes twice"
    missing = f", {number(repeated.keyless)} without it" if repeated.keyless else ""
    return f"{key}: {found}{missing}"


def interval_words(found: IntervalFacts) -> str:
    """What was looked at in an interval, and what was not."""
    asked = found.asked
    name = f"{asked.start} to {asked.end}"
    backwards = f"{number(found.reversed.rows)} backwards, {number(found.open.rows)} without an end"
    if found.overlapping is None:
        return f"{name}: {backwards}; overlaps not looked for, since no key says whose they are"
    return f"{name} by {_all(asked.by)}: {backwards}, {number(found.overlapping.rows)} overlapping"


def group_words(found: GroupFacts) -> str:
    """The values of a column that rows are told apart by."""
    values = ", ".join(f"{value_words(value)} {number(count)}" for value, count in found.values[:6])
    if not found.values:
        return f"{found.asked.column}: no rows"
    more = found.distinct - len(found.values[:6])
    return f"{found.asked.column}: {values}" + (f" and {number(more)} more" if more > 0 else "")


def value_words(value: str | None) -> str:
    """A value of a group, quoted; an empty one is told."""
    return "no value" if value is None else f'"{clean(value)}"'


def number(value: int) -> str:
    """A number with spaces between its thousands."""
    return f"{value:,}".replace(",", " ")


def counted(count: int, what: str) -> str:
    """A number with what is counted: `1 row`, `1 200 rows`."""
    return f"{number(count)} {what}" if count == 1 else f"{number(count)} {what}s"


def _all(words: Any) -> str:
    listed = list(words)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


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
        "empty_weekdays": [WEEKDAYS[day].lower()[:-1] for day in table.idle],
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
