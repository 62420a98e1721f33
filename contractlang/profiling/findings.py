"""What a contract manager should look at before the money: a sentence, a place and what to do for each.

The words are those of the language of the profile.

Codes, all warnings: CL850 days without rows, CL851 rows that come twice, CL852 rows without their key, CL853
intervals that end before they start or do not end, CL854 intervals that overlap, CL855 values out of their
range, CL856 values without a price, CL857 months that changed since, CL858 sources that changed since, CL859
periods without a figure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeAlias

from contractlang.calendar import Days
from contractlang.diagnostics import Diagnostic, Place, warning
from contractlang.measuring.facts import AskedRange, Example, GroupFacts, IntervalFacts, Odd, Repeated
from contractlang.measuring.files import Input
from contractlang.profiling.earlier import Earlier
from contractlang.profiling.gaps import missing_days
from contractlang.profiling.profile import TableProfile, UsageProfile
from contractlang.profiling.wording import Wording, wording
from contractlang.syntax import tree

Words: TypeAlias = Callable[[Example], str]
_SHOWN = 6
_LONGEST = 40


def findings_of(
    profile: UsageProfile, known: Iterable[Diagnostic], inputs: Sequence[Input], earlier: Earlier | None
) -> UsageProfile:
    """The profile with its findings: those that reading the usage gave, and those of each table."""
    found = list(known)
    words = wording(profile.language)
    for table in profile.tables:
        found += _OfTable(table, words).findings()
    for name, reader in profile.absent:
        if reader is not None:
            facts = {"table": name, "reader": reader}
            found.append(_warning("CL850", "absent", words, Place(profile.usage), facts))
    found += _of_figures(profile, words)
    for change in profile.changes:
        if change.invoiced:
            facts = {
                "table": change.table,
                "month": change.month,
                "before": words.many(change.before, "row"),
                "rows": words.many(change.rows, "row"),
            }
            found.append(_warning("CL857", "month", words, None, facts))
    if earlier is not None:
        found += _of_sources(earlier, inputs, words)
    return replace(profile, findings=tuple(dict.fromkeys(found)))


def _warning(
    code: str, key: str, words: Wording, place: Place | None, facts: dict[str, str], count: int | None = None
) -> Diagnostic:
    """A finding from the words under `key`, in the form that goes with `count`, and its `help`."""
    message = words.say(key, **facts) if count is None else words.of(count, key, **facts)
    return warning(code, message, place, words.say(f"{key} help", **facts))


class _OfTable:
    """What to look at in one table."""

    def __init__(self, table: TableProfile, words: Wording) -> None:
        self._table = table
        self._words = words

    def findings(self) -> Iterator[Diagnostic]:
        """All of the table, in the order of their codes as far as they are of one kind."""
        facts = self._table.facts
        yield from self._gaps()
        yield from self._repeated(facts.repeated)
        for interval in facts.intervals:
            yield from self._interval(interval)
        for asked, odd in facts.ranges:
            yield from self._range(asked, odd)
        for group in facts.groups:
            yield from self._unpriced(group)

    def _found(
        self, code: str, key: str, place: Place | None, facts: dict[str, str], count: int | None = None
    ) -> Diagnostic:
        return _warning(code, key, self._words, place, {"table": self._table.name, **facts}, count)

    # ---- days

    def _gaps(self) -> Iterator[Diagnostic]:
        table, words = self._table, self._words
        if not table.facts.days:
            yield self._found("CL850", "no rows", self._source(), {})
            return
        if not table.gaps:
            return
        span = words.span(table.span)
        if not table.inside(table.span):
            yield self._found("CL850", "no rows from", self._source(), {"span": span})
            return
        days = sum(missing_days(gap, table.idle) for gap in table.gaps)
        beside = words.say("gaps beside", days=words.weekdays(table.idle)) if table.idle else ""
        gaps = self._list(str(gap.start) if gap.count == 1 else words.span(gap) for gap in table.gaps)
        facts = {"days": words.many(days, "day"), "span": span, "gaps": gaps, "beside": beside}
        yield self._found("CL850", "gaps", self._source(), facts)

    # ---- rows that come twice

    def _repeated(self, found: Repeated) -> Iterator[Diagnostic]:
        key, words = self._table.facts.key, self._words
        more = words.more(found.keys - len(found.examples))
        rows = words.many(found.rows, "row")
        if found.rows and key:
            examples = self._list(
                f"{words.all(self._value(cell) for cell in one.cells)}{self._rows_of(one)}"
                for one in found.examples
            )
            facts = {"rows": rows, "key": words.all(key), "examples": examples + more}
            place = self._second(found.examples, key)
            yield self._found("CL851", "repeated key", place, facts, found.rows)
        elif found.rows:
            shown = self._list(filter(None, (self._rows_of(one).strip(" ()") for one in found.examples)))
            facts = {"rows": rows, "examples": f"{words.say('colon')}{shown}{more}" if shown else ""}
            yield self._found("CL851", "repeated", self._second(found.examples, ()), facts, found.rows)
        if found.keyless:
            facts = {"rows": words.many(found.keyless, "row"), "key": words.all(key, "or")}
            yield self._found("CL852", "keyless", self._source(), facts, found.keyless)

    def _second(self, examples: Sequence[Example], key: Sequence[str]) -> Place | None:
        """The place of the first row that comes again."""
        places = examples[0].places
        column = key[0] if len(key) == 1 else None
        if len(places) > 1:
            return replace(places[1], column=column)
        return self._source(column)

    # ---- intervals, ranges, groups

    def _interval(self, found: IntervalFacts) -> Iterator[Diagnostic]:
        start, end, by = found.asked.start, found.asked.end, found.asked.by
        words = self._words

        def run(one: Example) -> str:
            return words.say("from to", first=one.cells[0] or "", last=one.cells[1] or "")

        def since(one: Example) -> str:
            return words.say("since", first=one.cells[0] or "")

        def whose(one: Example) -> str:
            return f"{words.all(self._value(cell) for cell in one.cells[2:])}, {run(one)}"

        kinds: list[tuple[str, str, Odd | None, Words, str]] = [
            ("CL853", "reversed", found.reversed, run, end),
            ("CL853", "open", found.open, since, end),
            ("CL854", "overlapping", found.overlapping, whose, start),
        ]
        for code, key, odd, told, column in kinds:
            if odd is not None and odd.rows:
                facts = {
                    "rows": words.many(odd.rows, "row"),
                    "start": start,
                    "end": end,
                    "by": words.all(by) if by else "",
                    "examples": self._examples(odd, told),
                }
                yield self._found(code, key, self._first(odd, column), facts, odd.rows)

    def _range(self, asked: AskedRange, found: Odd) -> Iterator[Diagnostic]:
        if not found.rows:
            return
        column = next(one for one in self._table.declared.columns if one.name.text == asked.column)
        facts = {
            "cells": self._words.many(found.rows, "cell"),
            "column": asked.column,
            "range": range_words(column, self._words.say("range and")),
            "examples": self._examples(found, lambda one: one.cells[0] or ""),
        }
        yield self._found("CL855", "range", self._first(found, asked.column), facts, found.rows)

    def _unpriced(self, group: GroupFacts) -> Iterator[Diagnostic]:
        if not group.unpriced:
            return
        words, rate = self._words, group.asked.rate
        rows = sum(count for _, count in group.unpriced)
        facts = {
            "rows": words.many(rows, "row"),
            "column": group.asked.column,
            "rate": words.say("unpriced rate", rate=rate) if rate else words.say("unpriced price"),
            "values": self._list(f"{self._value(value)} ({count})" for value, count in group.unpriced),
        }
        yield self._found("CL856", "unpriced", self._source(group.asked.column), facts, rows)

    # ---- places and words

    def _source(self, column: str | None = None) -> Place | None:
        sources = self._table.facts.sources
        return Place(sources[0], None, column) if sources else None

    def _first(self, found: Odd, column: str) -> Place | None:
        places = found.examples[0].places if found.examples else ()
        return replace(places[0], column=column) if places else self._source(column)

    def _examples(self, found: Odd, words: Words) -> str:
        shown = self._list(f"{_cut(words(one))}{self._rows_of(one)}" for one in found.examples)
        return shown + self._words.more(found.rows - len(found.examples))

    def _rows_of(self, example: Example) -> str:
        """Where an example was read: `(rows 3 and 9)`, with the names of files where there are several."""
        words, places = self._words, example.places
        if not places:
            return ""
        if len(self._table.facts.sources) > 1:
            named = (
                words.say("row of file", file=PurePosixPath(one.file).name, row=str(one.row))
                for one in places
            )
            return f" ({words.all(named)})"
        return f" ({words.of(len(places), 'place', rows=words.all(str(one.row) for one in places))})"

    def _value(self, cell: str | None) -> str:
        return self._words.say("no value") if cell is None else self._words.say("quoted", text=_cut(cell))

    def _list(self, words: Iterable[str]) -> str:
        return _listed(words, self._words)


def range_words(column: tree.Column, between: str = " and ") -> str:
    """The range of a column as the contract writes it: `0 s and 2 hours`."""
    assert column.between is not None, "asked of columns with a range"
    return between.join(" ".join(edge.span.text.split()) for edge in column.between)


# ---- figures, and what was known before


def _of_figures(profile: UsageProfile, words: Wording) -> Iterator[Diagnostic]:
    for figure in profile.figures:
        if figure.missing:
            periods = _listed((_period(one, words) for one in figure.missing), words)
            facts = {"figure": figure.name, "periods": periods}
            yield _warning("CL859", "no figure", words, Place(profile.usage), facts)


def _period(days: Days, words: Wording) -> str:
    month = days.start.isoformat()[:7]
    whole = days.start.day == 1 and days.end.day == 1 and days.count <= 31
    return month if whole else words.span(days)


def _of_sources(earlier: Earlier, inputs: Sequence[Input], words: Wording) -> Iterator[Diagnostic]:
    read = {one.name: one for one in inputs}
    for name, before in earlier.sources.items():
        one = read.get(name)
        first, last = earlier.invoiced
        facts = {"file": name, "invoiced": words.say("span", first=first, last=last)}
        key = None
        if one is None:
            key = "source gone"
        elif one.rows != before.rows:
            key = "source rows"
            facts |= {
                "before": words.many(before.rows or 0, "row"),
                "rows": words.many(one.rows or 0, "row"),
            }
        elif one.sha256 != before.sha256:
            key = "source other"
        if key is not None:
            yield warning("CL858", words.say(key, **facts), Place(name), words.say("source help"))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST * 2 else text[: _LONGEST * 2 - 1] + "…"


def _listed(words: Iterable[str], wording: Wording) -> str:
    listed = list(words)
    return ", ".join(listed[:_SHOWN]) + wording.more(len(listed) - _SHOWN)
