"""What a contract manager should look at before the money: a sentence, a place and what to do for each.

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
from contractlang.measuring.facts import AskedRange, Example, IntervalFacts, Odd, Repeated
from contractlang.measuring.files import Input
from contractlang.profiling.earlier import Earlier
from contractlang.profiling.gaps import missing_days
from contractlang.profiling.profile import TableProfile, UsageProfile
from contractlang.syntax import tree

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
Words: TypeAlias = Callable[[Example], str]
_SHOWN = 6
_LONGEST = 40


def findings_of(
    profile: UsageProfile, known: Iterable[Diagnostic], inputs: Sequence[Input], earlier: Earlier | None
) -> UsageProfile:
    """The profile with its findings: those that reading the usage gave, and those of each table."""
    found = list(known)
    for table in profile.tables:
        found += _of_table(table)
    for name, reader in profile.absent:
        if reader is not None:
            message = f'the usage gives no rows for "{name}", from which "{reader}" is counted'
            cure = f"name its files under `rows:`, as in {name}: {name}.csv"
            found.append(warning("CL850", message, Place(profile.usage), cure))
    found += _of_figures(profile)
    for change in profile.changes:
        if change.invoiced:
            message = (
                f'"{change.table}" had {_many(change.before, "row")} in {change.month}, which was invoiced, '
                f"and has {_many(change.rows, 'row')} now"
            )
            found.append(
                warning("CL857", message, None, "invoice the difference, or ask who changed the rows")
            )
    if earlier is not None:
        found += _of_sources(earlier, inputs)
    return replace(profile, findings=tuple(dict.fromkeys(found)))


def _of_table(table: TableProfile) -> Iterator[Diagnostic]:
    yield from _gaps(table)
    yield from _repeated(table, table.facts.repeated)
    for interval in table.facts.intervals:
        yield from _interval(table, interval)
    for asked, odd in table.facts.ranges:
        yield from _range(table, asked, odd)
    for group in table.facts.groups:
        if group.unpriced:
            rows = sum(count for _, count in group.unpriced)
            values = _list(f"{_value(value)} ({count})" for value, count in group.unpriced)
            rate = f'the rate "{group.asked.rate}"' if group.asked.rate else "the price"
            message = (
                f'{_many(rows, "row")} of "{table.name}" {_verb(rows, "has", "have")} a {group.asked.column} '
                f"for which {rate} has no row: {values}"
            )
            cure = "add a row for each, or `otherwise`, or correct the rows"
            yield warning("CL856", message, _source(table, group.asked.column), cure)


# ---- days


def _gaps(table: TableProfile) -> Iterator[Diagnostic]:
    if not table.facts.days:
        message = f'"{table.name}" has no rows in the term'
        yield warning("CL850", message, _source(table), "name the files of the term")
        return
    if not table.gaps:
        return
    if not table.inside(table.span):
        message = f'"{table.name}" has no rows from {table.span}'
        yield warning("CL850", message, _source(table), "name the files of these days")
        return
    days = sum(missing_days(gap, table.idle) for gap in table.gaps)
    beside = (
        f", beside {_all(WEEKDAYS[day] for day in table.idle)}, which never have any" if table.idle else ""
    )
    message = (
        f'"{table.name}" has no rows on {_many(days, "day")} from {table.span}: '
        f"{_list(_span(gap) for gap in table.gaps)}{beside}"
    )
    cure = "ask whether nothing happened on them, or their rows were not delivered"
    yield warning("CL850", message, _source(table), cure)


def _span(gap: Days) -> str:
    return str(gap.start) if gap.count == 1 else f"{gap.start} to {gap.last}"


# ---- rows that come twice


def _repeated(table: TableProfile, found: Repeated) -> Iterator[Diagnostic]:
    key = table.facts.key
    if found.rows and key:
        examples = _list(
            f"{_all(_value(cell) for cell in one.cells)}{_rows_of(table, one)}" for one in found.examples
        )
        message = (
            f'{_many(found.rows, "row")} of "{table.name}" {_verb(found.rows, "repeats", "repeat")} '
            f"the {_all(key)} of another row: {examples}{_more(found.keys - len(found.examples))}"
        )
        cure = "take the second ones out, or name what else tells them apart after `key`"
        yield warning("CL851", message, _second(table, found.examples, key), cure)
    elif found.rows:
        rows = _list(filter(None, (_rows_of(table, one).strip(" ()") for one in found.examples)))
        shown = f": {rows}{_more(found.keys - len(found.examples))}" if rows else ""
        repeat = _verb(found.rows, "repeats", "repeat")
        message = f'{_many(found.rows, "row")} of "{table.name}" {repeat} another row, all cells the same'
        cure = (
            "take the second ones out; where they are right, nothing has to be done, or say with `key` what "
            "tells rows apart"
        )
        yield warning("CL851", f"{message}{shown}", _second(table, found.examples, ()), cure)
    if found.keyless:
        come = _verb(found.keyless, "it comes", "they come")
        message = (
            f'{_many(found.keyless, "row")} of "{table.name}" {_verb(found.keyless, "has", "have")} '
            f"no {_all(key, 'or')}, so nothing tells whether {come} twice"
        )
        yield warning("CL852", message, _source(table), "fill the cells in, or name another key")


def _second(table: TableProfile, examples: Sequence[Example], key: Sequence[str]) -> Place | None:
    """The place of the first row that comes again."""
    places = examples[0].places
    column = key[0] if len(key) == 1 else None
    if len(places) > 1:
        return replace(places[1], column=column)
    return _source(table, column)


# ---- intervals and ranges


def _interval(table: TableProfile, found: IntervalFacts) -> Iterator[Diagnostic]:
    start, end, by = found.asked.start, found.asked.end, found.asked.by
    if found.reversed.rows:
        rows = found.reversed.rows
        examples = _examples(table, found.reversed, lambda one: f"{one.cells[0]} to {one.cells[1]}")
        ends = _verb(rows, "ends before it starts", "end before they start")
        message = f'{_many(rows, "row")} of "{table.name}" {ends}: {examples}'
        cure = f"correct {start} or {end}; a figure that adds them up cannot be computed"
        yield warning("CL853", message, _first(table, found.reversed, end), cure)
    if found.open.rows:
        rows = found.open.rows
        examples = _examples(table, found.open, lambda one: f"since {one.cells[0]}")
        has = _verb(rows, "has", "have")
        message = f'{_many(rows, "row")} of "{table.name}" {has} a {start} and no {end}: {examples}'
        cure = "fill it in, or leave the rows out until they have ended"
        yield warning("CL853", message, _first(table, found.open, end), cure)
    if found.overlapping is not None and found.overlapping.rows:
        rows = found.overlapping.rows
        examples = _examples(
            table,
            found.overlapping,
            lambda one: f"{_all(_value(cell) for cell in one.cells[2:])}, {one.cells[0]} to {one.cells[1]}",
        )
        message = (
            f'{_many(rows, "row")} of "{table.name}" {_verb(rows, "starts", "start")} before an earlier one '
            f"of the same {_all(by)} has ended: {examples}"
        )
        cure = "time that two rows hold counts twice; correct the one that is wrong"
        yield warning("CL854", message, _first(table, found.overlapping, start), cure)


def _range(table: TableProfile, asked: AskedRange, found: Odd) -> Iterator[Diagnostic]:
    if not found.rows:
        return
    column = next(one for one in table.declared.columns if one.name.text == asked.column)
    examples = _examples(table, found, lambda one: one.cells[0] or "")
    message = (
        f'{_many(found.rows, "cell")} of "{table.name}.{asked.column}" {_verb(found.rows, "is", "are")} not '
        f"between {range_words(column)}: {examples}"
    )
    cure = "correct the cells, or the range in the contract"
    yield warning("CL855", message, _first(table, found, asked.column), cure)


def range_words(column: tree.Column) -> str:
    """The range of a column as the contract writes it: `0 s and 2 hours`."""
    assert column.between is not None, "asked of columns with a range"
    return " and ".join(" ".join(edge.span.text.split()) for edge in column.between)


def _first(table: TableProfile, found: Odd, column: str) -> Place | None:
    places = found.examples[0].places if found.examples else ()
    return replace(places[0], column=column) if places else _source(table, column)


# ---- figures, and what was known before


def _of_figures(profile: UsageProfile) -> Iterator[Diagnostic]:
    for figure in profile.figures:
        if figure.missing:
            periods = _list(_period(one) for one in figure.missing)
            message = f'"{figure.name}" has no figure for {periods}'
            cure = "supply it, or write `no data` where nothing was measured"
            yield warning("CL859", message, Place(profile.usage), cure)


def _period(days: Days) -> str:
    month = days.start.isoformat()[:7]
    whole = days.start.day == 1 and days.end.day == 1 and days.count <= 31
    return month if whole else str(days)


def _of_sources(earlier: Earlier, inputs: Sequence[Input]) -> Iterator[Diagnostic]:
    read = {one.name: one for one in inputs}
    for name, before in earlier.sources.items():
        one = read.get(name)
        cure = "compute the invoice anew and credit the difference, or ask who changed the rows"
        since = f"for the invoice of {earlier.invoiced}"
        if one is None:
            yield warning("CL858", f'"{name}" was read {since}, and is not read now', Place(name), cure)
        elif one.rows != before.rows:
            rows = f"had {_many(before.rows or 0, 'row')} {since}, and has {_many(one.rows or 0, 'row')} now"
            yield warning("CL858", f'"{name}" {rows}', Place(name), cure)
        elif one.sha256 != before.sha256:
            message = f'"{name}" has as many rows as {since}, and is not the same file'
            yield warning("CL858", message, Place(name), cure)


# ---- words


def _examples(table: TableProfile, found: Odd, words: Words) -> str:
    shown = _list(f"{_cut(words(one))}{_rows_of(table, one)}" for one in found.examples)
    return shown + _more(found.rows - len(found.examples))


def _rows_of(table: TableProfile, example: Example) -> str:
    """Where an example was read: `(rows 3 and 9)`, with the names of files where there are several."""
    if not example.places:
        return ""
    if len(table.facts.sources) > 1:
        return f" ({_all(f'{PurePosixPath(one.file).name} row {one.row}' for one in example.places)})"
    word = "row" if len(example.places) == 1 else "rows"
    return f" ({word} {_all(str(one.row) for one in example.places)})"


def _source(table: TableProfile, column: str | None = None) -> Place | None:
    return Place(table.facts.sources[0], None, column) if table.facts.sources else None


def _value(cell: str | None) -> str:
    return "no value" if cell is None else f'"{_cut(cell)}"'


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST * 2 else text[: _LONGEST * 2 - 1] + "…"


def _list(words: Iterable[str]) -> str:
    listed = list(words)
    more = len(listed) - _SHOWN
    return ", ".join(listed[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _verb(count: int, one: str, several: str) -> str:
    return one if count == 1 else several


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _all(words: Iterable[str], last: str = "and") -> str:
    listed = list(words)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def _many(count: int, what: str) -> str:
    number = f"{count:,}".replace(",", " ")
    return f"{number} {what}" if count == 1 else f"{number} {what}s"
