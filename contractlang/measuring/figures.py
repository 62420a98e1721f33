"""Supplied figures: the `figures:` section of a usage, written there or in CSV and JSON files.

In: nodes of a document and a schema. Out: figures by measure, each with its days, its exact value
and its place. All that is wrong is said at once.

Codes: CL810 not a mapping of periods, CL811 no such span of days, CL812 unknown figure, CL813 given
twice, CL814 outside the term (warning), CL815 heading of a CSV file, CL829 a point that may part thousands
(warning); CL82x see `values`.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from contractlang.calendar import Days
from contractlang.diagnostics import (
    ContractError,
    Diagnostic,
    Label,
    Place,
    error,
    has_errors,
    nearest,
    warning,
)
from contractlang.frozen import dataclass, replace
from contractlang.measuring.document import Entries, Item, Items, Scalar, describe, read_json, read_yaml
from contractlang.measuring.files import Folder, Input, read_text
from contractlang.measuring.schema import Schema
from contractlang.measuring.spans import read_days
from contractlang.measuring.values import Wrong, doubt_of, read_value
from contractlang.text import Source, Span

DELIMITERS = (",", ";", "\t", "|")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class SuppliedFigure:
    """A figure that was supplied for a span of days.

    `value` is exact and in base units, True or False for a boolean, None where `no data` was written;
    `text` is as written. `group` is the value of a column, for a figure given value by value
    (`{handled: {fr: 100, en: 50}}`); None is the whole.
    """

    days: Days
    value: Fraction | bool | str | None
    text: str
    where: Span | Place
    group: str | None = None


class FigureReader:
    """Collects figures, what is wrong with them, and the files they came from."""

    def __init__(self, schema: Schema, folder: Folder) -> None:
        self.schema = schema
        self.folder = folder
        self.inputs: list[Input] = []
        self.diagnostics: list[Diagnostic] = []
        self._found: dict[str, list[SuppliedFigure]] = {}
        self._seen: dict[tuple[str, Days, str | None], Span | Place] = {}

    def read(self, section: Item) -> dict[str, tuple[SuppliedFigure, ...]]:
        """The figures of the section by measure, in order of their days; raises ContractError."""
        for item in section.items if isinstance(section, Items) else (section,):
            if isinstance(item, Entries):
                self._periods(item)
            elif isinstance(item, Scalar) and item.text:
                self._file(item)
            else:
                self._say(
                    "CL810",
                    f"`figures:` holds figures by period, or files of them, not {describe(item)}",
                    item.span,
                    "write 2026-07: {hours: 1520.5}, or the name of a CSV or JSON file",
                )
        if has_errors(self.diagnostics):
            raise ContractError(self.diagnostics)
        return {
            name: tuple(sorted(figures, key=lambda one: (one.days, one.group or "")))
            for name, figures in self._found.items()
        }

    def _say(self, code: str, message: str, where: Span | Place, cure: str = "") -> None:
        self.diagnostics.append(error(code, message, where, cure))

    def _file(self, name: Scalar) -> None:
        try:
            for path in self.folder.find(name.text, name.span):
                source, read = read_text(path, self.folder.shown(path))
                self.inputs.append(read)
                if path.suffix.lower() == ".csv":
                    self._table(source)
                    continue
                if path.suffix.lower() not in (".json", ".yaml", ".yml"):
                    message = f'figures are read from CSV, JSON and YAML files, not from "{name.text}"'
                    self._say("CL810", message, name.span)
                    continue
                item = read_json(source) if path.suffix.lower() == ".json" else read_yaml(source)
                if isinstance(item, Entries):
                    self._periods(item)
                elif item is not None:
                    message = f"a file of figures is a mapping of periods, not {describe(item)}"
                    self._say("CL810", message, item.span, "write 2026-07: {hours: 1520.5}")
        except ContractError as fault:
            self.diagnostics.extend(fault.diagnostics)

    def _periods(self, periods: Entries) -> None:
        for key, item in periods.entries:
            days = self._days(key.text, key.span)
            if not isinstance(item, Entries):
                self._say(
                    "CL810",
                    f'after "{key.text}:" stand its figures by name, not {describe(item)}',
                    item.span if item.span.text else key.span,
                    f"write {key.text}: {{hours: 1520.5}}",
                )
                continue
            for written, value in item.entries:
                # Some systems write é as two characters; it is one letter to whoever reads the name.
                name = replace(written, text=unicodedata.normalize("NFC", written.text))
                if self._known(name, value) and days is not None:
                    self._figure(name.text, days, value)

    def _known(self, name: Scalar, value: Item) -> bool:
        if name.text in self.schema.measures:
            return True
        if name.text[:1].isdigit() and isinstance(value, Scalar) and not value.text:
            # `{hours: 1,520}` is two entries to YAML: what follows the comma is a name to it.
            message = f'a comma stands before "{name.text}", and it separates figures here'
            self._say("CL821", message, name.span, "write thousands with a space and decimals with a point")
            return False
        self._unknown(name.text, name.span)
        return False

    def _unknown(self, name: str, where: Span | Place) -> None:
        near = nearest(name, self.schema.measures)
        known, colon, value = name.partition(":")
        if colon and known in self.schema.measures:
            cure = f"put a space after the colon: {known}: {value}"
            self._say("CL812", f'the contract has no figure called "{name}"', where, cure)
            return
        cure = f'the nearest is "{near}"' if near else "declare it with `measure`, or leave it out"
        self._say("CL812", f'the contract has no figure called "{name}"', where, cure)

    def _figure(self, name: str, days: Days, item: Item) -> None:
        if isinstance(item, Scalar):
            self._value(name, days, item.text, item.span, None)
        elif isinstance(item, Entries):
            for group, value in item.entries:
                if isinstance(value, Scalar):
                    self._value(name, days, value.text, value.span, group.text)
                else:
                    message = f'the figure "{name}" of "{group.text}" is one value, not {describe(value)}'
                    self._say("CL820", message, value.span)
        else:
            self._say("CL820", f'the figure "{name}" is one value, not {describe(item)}', item.span)

    def _value(self, name: str, days: Days, text: str, where: Span | Place, group: str | None) -> None:
        try:
            value = read_value(text, self.schema.measures[name], self.schema, days)
        except Wrong as wrong:
            self._say(wrong.code, wrong.message, where, wrong.cure)
            return
        doubt = doubt_of(text, self.schema.measures[name], self.schema)
        if doubt is not None:
            self.diagnostics.append(warning("CL829", doubt[0], where, doubt[1]))
        before = self._seen.setdefault((name, days, group), where)
        if before is not where:
            related = (Label(before, "the first one is here"),) if isinstance(before, Span) else ()
            message = f'the figure "{name}" is given twice for {days}'
            if isinstance(before, Place):
                message += f", first in {before.file}, row {before.row}"
            self.diagnostics.append(error("CL813", message, where, "keep one of the two", related))
            return
        if len(self._seen) > _MOST:
            raise ContractError([error("CL803", f"there are more than {_MOST} figures", where)])
        self._found.setdefault(name, []).append(SuppliedFigure(days, value, text.strip(), where, group))

    def _days(self, text: str, where: Span | Place) -> Days | None:
        try:
            days = read_days(text)
        except ValueError as fault:
            self._say("CL811", str(fault), where)
            return None
        if not days.meet(self.schema.term):
            message = f'"{text}" is outside the term, {self.schema.term}: its figures are not read'
            self.diagnostics.append(warning("CL814", message, where))
        return days

    def _table(self, source: Source) -> None:
        # A carriage return alone ends a line too, as old programs for the Mac write it.
        heading = source.line_text(0).partition("\r")[0]
        delimiter = max(DELIMITERS, key=heading.count)
        rows = _rows(source, delimiter)
        names = [cell.strip() for _, cells in rows[:1] for cell in cells]
        if not names or names[0].casefold() != "period":
            self._say(
                "CL815",
                f'the first column of "{source.name}" is not "period"',
                Place(source.name, 1, names[0] if names else None),
                "head the file with period and the names of the figures: period,hours,sales",
            )
            return
        for name in names[1:]:
            if name not in self.schema.measures:
                self._unknown(name, Place(source.name, 1, name))
            elif names.count(name) > 1:
                self._say("CL813", f'the column "{name}" stands twice', Place(source.name, 1, name))
        for row, cells in rows[1:]:
            if len(cells) > len(names):
                message = f"row {row} has {len(cells)} cells, and the heading {len(names)}"
                self._say("CL815", message, Place(source.name, row), "put quotes around a value with a comma")
                continue
            days = self._days(cells[0].strip(), Place(source.name, row, "period"))
            for name, cell in zip(names[1:], cells[1:], strict=False):
                if days is not None and cell.strip() and name in self.schema.measures:
                    self._value(name, days, cell, Place(source.name, row, name), None)


def _rows(source: Source, delimiter: str) -> list[tuple[int, list[str]]]:
    return list(_numbered(source, delimiter))


def _numbered(source: Source, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text that are not blank, each with the line on which it ends."""
    reader = csv.reader(io.StringIO(source.text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as fault:
        place = Place(source.name, reader.line_num)
        raise ContractError([error("CL815", f"this is not CSV: {fault}", place)]) from None
