"""Tables staged once: the files of a table in, one typed table of integers, texts and booleans out.

Every cell is converted in the engine while its file is read; a row whose cell does not convert is
marked, and read again only to be named. All faults of a table are said together, the first few of
each kind and then their number.

Codes: CL834 a cell that cannot be read, CL835 a time that does not exist, CL836 a row without a day,
CL837 a number too large.
"""

# ruff: noqa: S608  Names in the SQL below are our own or quoted by `identifier`, texts by `literal`.

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from contractlang.diagnostics import ContractError, Diagnostic, Place, error
from contractlang.engines.duckdb import DuckDB
from contractlang.engines.engine import Engine, EngineFault
from contractlang.frozen import dataclass
from contractlang.measuring.clock import Clock
from contractlang.measuring.columns import (
    TEXT,
    TYPES,
    CellReader,
    decimals_of,
    factor_of,
    scaled,
    too_precise,
)
from contractlang.measuring.schema import Schema
from contractlang.measuring.sources import FileOfRows, Wanted, broken, cell_of, open_rows, row_numbers
from contractlang.measuring.surprises import Surprises
from contractlang.measuring.values import comma_words
from contractlang.syntax import tree
from contractlang.text import Span

_SHOWN = 3
_MISSING_TIME = 1000
_DAY_FIRST = re.compile(r"([0-3]?\d)[/.-](0?[1-9]|1[0-2])[/.-](\d{4})\b")
_DIGITS_OF_64_BITS = 18
_DIGITS_OF_128_BITS = 38
_EXPECTED = {
    "timestamp": "a time such as 2026-07-01T08:30:00",
    "date": "a date such as 2026-07-01",
    "duration": "a duration: seconds, h:mm:ss, or with its unit as in 12 min",
    "boolean": "yes or no",
    "number": "a number such as 12.5",
    "money": "an amount such as 12.50",
}


@dataclass(frozen=True, slots=True)
class StagedColumn:
    """A column of a staged table.

    `sql` names it and `day` names the day of a timestamp. An integer of it is worth `factor` in base
    units, and lies between `-bound` and `bound`.
    """

    name: str
    type: str
    sql: str
    day: str | None = None
    factor: Fraction = Fraction(1)
    bound: int = 0


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file of a table: where its rows begin in the staged table, and how many there are."""

    file: FileOfRows
    first: int
    rows: int


@dataclass(frozen=True, slots=True)
class StagedTable:
    """A table of `engine`, called `sql`; `placing` is the column whose day places a row.

    `identity` is SQL for what tells its rows apart, None where it is a view of rows that stay where they
    are. `first_day` and `last_day` are the first and the last day of any date or time in it.
    """

    name: str
    sql: str
    engine: Engine
    clock: Clock
    columns: dict[str, StagedColumn]
    placing: StagedColumn
    rows: int
    first_day: int = 0
    last_day: int = 0
    identity: str | None = "t.rowid"
    files: tuple[StagedFile, ...] = ()
    shown: str = ""
    query: str | None = None

    @property
    def day(self) -> str:
        """SQL for the day of a row; NULL where an optional date is still open."""
        return self.placing.day or self.placing.sql

    def places(self, rows: Sequence[int]) -> list[Place | None]:
        """Where some rows of the staged table were read, in one reading of each file."""
        if not self.files:
            return [None] * len(rows)
        starts = [one.first for one in self.files]
        found: dict[int, Place] = {}
        for index, staged in enumerate(self.files):
            here = [row for row in rows if bisect_right(starts, row) - 1 == index]
            numbers = row_numbers(staged.file, [row - staged.first for row in here]) if here else {}
            found.update((row, Place(staged.file.shown, numbers[row - staged.first])) for row in here)
        return [found[row] for row in rows]

    def place(self, row: int, column: str | None = None) -> Place:
        """Where a row of the staged table was read; the file is read again to say it."""
        if not self.files:
            return Place(self.shown, row + 1, column)
        staged = self.files[bisect_right([one.first for one in self.files], row) - 1]
        return Place(
            staged.file.shown, row_numbers(staged.file, [row - staged.first])[row - staged.first], column
        )


class NeedsRows(Exception):  # noqa: N818
    """What is asked of a view can only be told where the rows themselves are at hand."""


class Staging:
    """Stages the tables of a usage in the engine at hand."""

    def __init__(self, engine: DuckDB, schema: Schema, clock: Clock) -> None:
        self.engine = engine
        self.schema = schema
        self.clock = clock
        self.cells = CellReader(schema.currency, schema.units)
        self.surprises: Surprises | None = None

    def stage(
        self, usage: tree.Usage, paths: Sequence[tuple[Path, str]], names: Mapping[str, str], span: Span
    ) -> StagedTable:
        """Read the files (path and shown name) of a table; `names` renames columns to those of the files.

        Raises ContractError with all that is wrong in its rows.
        """
        wanted, placing = wanted_columns(usage, names, span)
        raw, files, rows = self._read(wanted, paths)
        if self._outside_clock(raw, wanted):
            # Years far from the term are rare, and their changes of the clock would cost every start.
            self.engine.drop(raw)
            self.clock = self.clock.widened()
            raw, files, rows = self._read(wanted, paths)
        wrong = self._faults(raw, wanted, files, placing)
        if wrong:
            self.engine.drop(raw)
            raise ContractError(wrong)
        lacking = [
            one.source
            for index, one in enumerate(wanted)
            if files and all(staged.file.cells[index] is None for staged in files)
        ]
        self.surprises = self._surprises(raw, usage, wanted, paths[0][1], lacking)
        return self._typed(raw, usage, wanted, files, placing, rows)

    def _read(
        self, wanted: Sequence[Wanted], paths: Sequence[tuple[Path, str]]
    ) -> tuple[str, list[StagedFile], int]:
        """The files of a table one after the other: its name in the engine, the files, and its rows."""
        raw = self.engine.new_name("raw")
        columns = "".join(self._declaration(index, one) for index, one in enumerate(wanted))
        self.engine.run(f"CREATE TABLE {raw} ({columns} fault SMALLINT, twice BOOLEAN)")
        files: list[StagedFile] = []
        wrong: list[Diagnostic] = []
        rows = 0
        for path, shown in paths:
            try:
                rows += self._insert(raw, path, shown, wanted, files, rows)
            except ContractError as fault:
                wrong.extend(fault.diagnostics)
        if wrong:
            self.engine.drop(raw)
            raise ContractError(wrong)
        return raw, files, rows

    def _outside_clock(self, raw: str, wanted: Sequence[Wanted]) -> bool:
        days = [f"d{index}" for index, one in enumerate(wanted) if one.type == "timestamp"]
        if not days:
            return False
        outside = " OR ".join(f"NOT {day} BETWEEN {self.clock.first} AND {self.clock.last}" for day in days)
        return bool(self.engine.row(f"SELECT coalesce(bool_or({outside}), false) FROM {raw}")[0])

    def _declaration(self, index: int, column: Wanted) -> str:
        day = f"d{index} INTEGER, " if column.type == "timestamp" else ""
        return f"c{index} {TYPES[column.type]}, {day}"

    def _insert(
        self,
        raw: str,
        path: Path,
        shown: str,
        wanted: Sequence[Wanted],
        files: list[StagedFile],
        first: int,
    ) -> int:
        file = open_rows(self.engine, path, shown, wanted)
        read, converted, instants, staged, faults, twice = [], [], [], [], [], []
        for index, (one, cell) in enumerate(zip(wanted, file.cells, strict=True)):
            if cell is None:
                staged += ["NULL", "NULL"] if one.type == "timestamp" else ["NULL"]
                continue
            source, given = cell
            lossy = "false"
            if given == "JSON":
                lossy = too_precise(f"CAST({source} AS VARCHAR)")
                source, given = f"({source} ->> '$')", TEXT
            elif given == TEXT or TYPES[one.type] == TEXT:
                source, given = f"CAST({source} AS VARCHAR)", TEXT
            raw_cell, value = f"r{index}", f"v{index}"
            text = self.cells.text(source, one.type) if given == TEXT else source
            read.append(f"{text} AS {raw_cell}, {lossy} AS l{index}")
            exact = self.cells.value(raw_cell, one.type, given)
            converted.append(f"{raw_cell}, CASE WHEN NOT l{index} THEN {exact} END AS {value}")
            faults.append(f"WHEN {raw_cell} IS NOT NULL AND {value} IS NULL THEN {index + 1}")
            if one.type != "timestamp":
                staged.append(value)
                continue
            fixed, instant = f"o{index}", f"u{index}"
            converted.append(f"{self.cells.has_offset(raw_cell, given)} AS {fixed}")
            instants.append(
                f", CASE WHEN {fixed} THEN {value} ELSE {self.clock.instant(value)} END AS {instant}"
            )
            day = f"CASE WHEN {fixed} THEN {self.clock.day(value)} ELSE {self.clock.local_day(value)} END"
            staged += [instant, day]
            missing = f"NOT {fixed} AND {value} IS NOT NULL AND {instant} IS NULL"
            faults.append(f"WHEN {missing} THEN {_MISSING_TIME + index + 1}")
            twice.append(f"(NOT {fixed} AND coalesce({self.clock.comes_twice(value)}, false))")
        fault = f"CASE {' '.join(faults)} ELSE 0 END" if faults else "0"
        sql = (
            f"INSERT INTO {raw} SELECT {', '.join(staged)}, {fault}, {' OR '.join(twice) or 'false'} "
            f"FROM (SELECT *{''.join(instants)} FROM (SELECT {', '.join(converted) or '1'} FROM "
            f"(SELECT {', '.join(read) or '1'} FROM {file.sql})))"
        )
        try:
            rows = int(self.engine.row(sql)[0])
        except EngineFault as reason:
            raise broken(path, shown, str(reason), file) from None
        files.append(StagedFile(file, first, rows))
        return rows

    # ---- what is wrong

    def _faults(
        self, raw: str, wanted: Sequence[Wanted], files: Sequence[StagedFile], placing: int
    ) -> list[Diagnostic]:
        found: list[Diagnostic] = []
        counts = self.engine.rows(f"SELECT fault, count(*) FROM {raw} WHERE fault > 0 GROUP BY 1 ORDER BY 1")
        for fault, count in counts:
            rows = self.engine.rows(
                f"SELECT rowid FROM {raw} WHERE fault = {fault} ORDER BY rowid LIMIT {_SHOWN}"
            )
            for (row,) in rows:
                found.append(self._fault(fault, row, wanted, files))
            if count > len(rows):
                column = wanted[(fault - 1) % _MISSING_TIME]
                where = found[-1].span
                what, code = "cells", "CL834"
                if fault > _MISSING_TIME:
                    what, code = "times", "CL835"
                message = f'{count - len(rows)} more {what} of "{column.name}" are wrong in the same way'
                found.append(error(code, message, where))
        column = wanted[placing]
        if not column.optional:
            unplaced = f"c{placing} IS NULL AND fault = 0"
            rows = self.engine.rows(f"SELECT rowid FROM {raw} WHERE {unplaced} ORDER BY rowid LIMIT {_SHOWN}")
            for (row,) in rows:
                place = self._place(row, files, placing, wanted)[0]
                message = f'row {place.row} has no "{column.name}", so it belongs to no day'
                cure = "fill it, or write `optional` after the column if such rows do not count yet"
                found.append(error("CL836", message, place, cure))
        return found

    def _fault(
        self, fault: int, row: int, wanted: Sequence[Wanted], files: Sequence[StagedFile]
    ) -> Diagnostic:
        column = wanted[(fault - 1) % _MISSING_TIME]
        place, text = self._place(row, files, (fault - 1) % _MISSING_TIME, wanted)
        shown = text.strip() if len(text) < 60 else text[:57] + "…"
        if fault > _MISSING_TIME:
            message = f'"{shown}" does not exist in {self.schema.timezone}: the clock goes forward over it'
            cure = "correct the time, or write it with its offset, as in 2026-03-29T03:30:00+02:00"
            return error("CL835", message, place, cure)
        message = f'"{shown}" cannot be read as {_EXPECTED[column.type]} (column "{column.name}")'
        return error("CL834", message, place, self._cure(text.strip(), column.type))

    def _cure(self, text: str, type_: str) -> str:
        if type_ in ("number", "money", "duration") and "," in text:
            return "; ".join(comma_words(text))
        if type_ == "money" and text[-3:].isalpha() and text[-3:].isupper():
            return f"the contract is in {self.schema.currency}; amounts in another currency do not add up"
        if type_ == "duration" and text.count(":") == 1:
            return f"write {text}:00 or 0:{text}"
        if type_ == "money" and any(unicodedata.category(sign) == "Sc" for sign in text):
            return f"write the number alone, or {self.schema.currency} after it in place of the sign"
        if type_ in ("number", "money") and re.search(r"\d['’]\d{3}", text):
            return "write " + re.sub("['’]", " ", text)
        if type_ in ("timestamp", "date") and (backwards := _DAY_FIRST.match(text)):
            day, month, year = backwards.groups()
            return f"write the year first: {year}-{month:0>2}-{day:0>2}, if the day stands first here"
        if type_ in ("timestamp", "date") and re.match(r"\d+[/.]\d+[/.]\d+", text):
            return "write the year first: 2026-07-01"
        if type_ == "date" and re.match(r"\d{4}-\d\d-\d\d[T ]\d", text):
            return f"write the day alone, {text[:10]}, or make the column a timestamp in the contract"
        if type_ == "boolean":
            return "write true or false, yes or no, 1 or 0"
        if type_ in ("number", "money", "duration") and sum(map(str.isdigit, text)) > 15:
            return "write a number of so many digits between quotes, so that no reader shortens it"
        return ""

    def _place(
        self, row: int, files: Sequence[StagedFile], index: int, wanted: Sequence[Wanted]
    ) -> tuple[Place, str]:
        staged = files[bisect_right([one.first for one in files], row) - 1]
        number, text = cell_of(self.engine, staged.file, index, row - staged.first)
        return Place(staged.file.shown, number, wanted[index].source), text

    def _surprises(
        self, raw: str, usage: tree.Usage, wanted: Sequence[Wanted], shown: str, lacking: Sequence[str]
    ) -> Surprises:
        asked = [one for one in enumerate(wanted) if not one[1].optional and one[1].type != "text"]
        empty = "".join(f", count(*) - count(c{index})" for index, _ in asked)
        twice, *missing = self.engine.row(f"SELECT count(*) FILTER (WHERE twice){empty} FROM {raw}")
        counts = dict(zip((column.name for _, column in asked), missing, strict=True))
        return Surprises(usage.name.text, shown, twice, counts, tuple(lacking))

    # ---- the typed table

    def _typed(
        self,
        raw: str,
        usage: tree.Usage,
        wanted: Sequence[Wanted],
        files: Sequence[StagedFile],
        placing: int,
        rows: int,
    ) -> StagedTable:
        numbers = [index for index, one in enumerate(wanted) if one.type in ("number", "money")]
        scales = self._scales(raw, usage, wanted, numbers)
        table = raw
        if numbers:
            table = self.engine.new_name("rows")
            selected = [
                f"{scaled(f'c{index}', *scales[index])} AS c{index}" if index in scales else f"c{index}"
                for index in range(len(wanted))
            ]
            selected += [f"d{index}" for index, one in enumerate(wanted) if one.type == "timestamp"]
            self.engine.run(f"CREATE TABLE {table} AS SELECT {', '.join(selected)} FROM {raw} ORDER BY rowid")
            self.engine.drop(raw)
        ordered = [index for index, one in enumerate(wanted) if one.type not in ("text", "boolean")]
        bounds = "".join(f", max(abs(CAST(c{index} AS HUGEINT)))" for index in ordered)
        days = [
            f"d{index}" if one.type == "timestamp" else f"c{index}"
            for index, one in enumerate(wanted)
            if one.type in ("timestamp", "date")
        ]
        first_day, last_day, *greatest = self.engine.row(
            f"SELECT least({', '.join(f'min({day})' for day in days)}), "
            f"greatest({', '.join(f'max({day})' for day in days)}){bounds} FROM {table}"
        )
        bound = dict(zip(ordered, greatest, strict=True))
        columns = {
            one.name: StagedColumn(
                one.name,
                one.type,
                f"c{index}",
                f"d{index}" if one.type == "timestamp" else None,
                factor_of(one.type, scales[index][0] if index in scales else 0),
                int(bound.get(index) or 0),
            )
            for index, one in enumerate(wanted)
        }
        place = columns[wanted[placing].name]
        first_day, last_day = first_day or 0, last_day or 0
        return StagedTable(
            usage.name.text, table, self.engine, self.clock, columns, place, rows, first_day, last_day,
            files=tuple(files),
        )  # fmt: skip

    def _scales(
        self, raw: str, usage: tree.Usage, wanted: Sequence[Wanted], numbers: Sequence[int]
    ) -> dict[int, tuple[int, str]]:
        """How many decimals each column of numbers has, and the integer type that holds them."""
        found: dict[int, tuple[int, str]] = {}
        for index in numbers:
            number = f"c{index}"
            decimals, digits = self.engine.row(
                f"SELECT coalesce(max({decimals_of(number)}), 0), "
                f"coalesce(max(length(ltrim(split_part({number}, '.', 1), '+-0'))), 0) FROM {raw}"
            )
            if decimals + digits > _DIGITS_OF_128_BITS:
                name = f"{usage.name.text}.{wanted[index].name}"
                message = f'"{name}" holds numbers of {digits} digits and others of {decimals} decimals'
                raise ContractError(
                    [error("CL837", message, None, "no more than 38 digits in all can be computed exactly")]
                )
            found[index] = (decimals, "BIGINT" if decimals + digits <= _DIGITS_OF_64_BITS else "HUGEINT")
        return found


def wanted_columns(usage: tree.Usage, names: Mapping[str, str], span: Span) -> tuple[list[Wanted], int]:
    """The columns that a table needs, named as its source names them, and which one places a row.

    Raises ContractError, CL836, where none does.
    """
    wanted = [
        Wanted(one.name.text, names.get(one.name.text, one.name.text), one.type.text, one.optional)
        for one in usage.columns
        if one.type.text in TYPES
    ]
    placing = _placing(usage)
    if placing is None:
        message = f'the table "{usage.name.text}" has no timestamp and no date, so its rows belong to no day'
        raise ContractError([error("CL836", message, span)])
    return wanted, placing


def _placing(usage: tree.Usage) -> int | None:
    """The index of the column that places a row in time: the one named by `on`, else the first."""
    typed = [one for one in usage.columns if one.type.text in TYPES]
    for index, column in enumerate(typed):
        if usage.on is not None and column.name.text == usage.on.text:
            return index
    for index, column in enumerate(typed):
        if column.type.text in ("timestamp", "date"):
            return index
    return None
