"""A usage file in, measured usage out: supplied figures by span, aggregates of rows by days.

The sections are `figures:`, `rows:` and `windows:`; each is read by its own module, and everything
that is wrong in any of them is said at once.

Codes: CL809 not a usage file, CL816 rows, CL817 windows; CL845 no rows for a table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, overload

from contractlang.calendar import Days
from contractlang.diagnostics import ContractError, Diagnostic, Place, error, nearest
from contractlang.measuring.addresses import ENGINES, has_password, is_address
from contractlang.measuring.aggregate import ALL, Aggregate, AllRows, Measured
from contractlang.measuring.document import (
    Entries,
    Item,
    Items,
    Scalar,
    describe,
    is_empty,
    read_json,
    read_yaml,
)
from contractlang.measuring.figures import FigureReader
from contractlang.measuring.figures import SuppliedFigure as SuppliedFigure
from contractlang.measuring.files import Folder, Input, read_text
from contractlang.measuring.schema import Schema
from contractlang.measuring.spans import read_times
from contractlang.text import Span
from contractlang.windows import Occurrence, WindowCalendar

if TYPE_CHECKING:
    from contractlang.measuring.facts import Asked, TableFacts
    from contractlang.measuring.listing import Rows
    from contractlang.measuring.opening import RowSource
    from contractlang.measuring.rows import UsageRows

OpenRows: TypeAlias = Callable[
    [Schema, "Sequence[RowSource]", Sequence[Path], Mapping[str, tuple[Occurrence, ...]]], "UsageRows"
]
"""Opens the rows of a usage: the contract's schema, the sources, the folders to read, supplied windows."""

_SECTIONS = ("figures", "rows", "windows")
_PARTS = ("source", "table", "columns", "engine")


class MeasuredUsage:
    """What was measured: figures that were supplied, and tables that answer aggregates.

    `calendar` lays the contract's windows, supplied ones included, over its days.
    """

    def __init__(
        self,
        schema: Schema,
        figures: Mapping[str, tuple[SuppliedFigure, ...]] | None = None,
        rows: "UsageRows | None" = None,
        inputs: tuple[Input, ...] = (),
        warnings: tuple[Diagnostic, ...] = (),
        supplied: Mapping[str, tuple[Occurrence, ...]] | None = None,
    ) -> None:
        self.schema = schema
        self.figures: Mapping[str, tuple[SuppliedFigure, ...]] = dict(figures or {})
        self.supplied_windows: Mapping[str, tuple[Occurrence, ...]] = dict(supplied or {})
        self._rows = rows
        self._inputs = inputs
        self._warnings = warnings

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The files that were read, by content, the usage file first."""
        return self._inputs + (self._rows.inputs if self._rows else ())

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What is legal and surprising in the usage: rows outside the term, times that come twice."""
        return self._warnings + (self._rows.warnings(self.schema.term) if self._rows else ())

    @property
    def calendar(self) -> WindowCalendar:
        """The contract's windows over its days."""
        return WindowCalendar(self.schema.windows, self.schema.timezone, self.supplied_windows)

    def has_table(self, table: str) -> bool:
        """Whether the usage gives rows for a table."""
        return self._rows is not None and table in self._rows.tables

    def rows(self, table: str, days: Days) -> int:
        """How many rows of a table fall in some days; raises ContractError, CL845, where none are given."""
        return self._given(table).count(table, self._of_term(days))

    def expect(self, requests: Iterable[Aggregate], borders: Iterable[date] = ()) -> None:
        """Have aggregates counted with those of the first `prepare`, which may be of another contract."""
        if self._rows is not None:
            self._rows.expect(requests, borders)

    def prepare(self, requests: Iterable[Aggregate], borders: Iterable[date] = ()) -> None:
        """Count many aggregates together, in one pass over each table; what is wrong is said when asked.

        `by` of the requests are the columns that may be asked for by value; `borders` are days at which
        periods and their parts begin, beside the months.
        """
        if self._rows is not None:
            self._rows.prepare(requests, borders)

    def aggregate(self, request: Aggregate, days: Days, group: str | AllRows | None = ALL) -> Measured:
        """An aggregate over the rows of some days.

        `group` asks for the rows of one value of `request.by`, None for those where it is empty.
        Raises ContractError: CL826, CL827, CL846 what is asked, CL828 an interval, CL845 no rows.
        """
        return self._given(request.table).measured(request, self._of_term(days), group)

    def groups(self, request: Aggregate, days: Days) -> tuple[str | None, ...]:
        """The values of `request.by` that rows of some days have, in order; None, for empty, is last."""
        return self._given(request.table).groups(request, self._of_term(days))

    @overload
    def by_date(
        self,
        request: Aggregate,
        days: Days,
        column: str,
        group: str | AllRows | None = ALL,
        group_column: None = None,
    ) -> Mapping[date, Fraction]: ...

    @overload
    def by_date(
        self,
        request: Aggregate,
        days: Days,
        column: str,
        group: str | AllRows | None = ALL,
        *,
        group_column: str,
    ) -> Mapping[tuple[date, str | None], Fraction]: ...

    def by_date(
        self,
        request: Aggregate,
        days: Days,
        column: str,
        group: str | AllRows | None = ALL,
        group_column: str | None = None,
    ) -> Mapping[date, Fraction] | Mapping[tuple[date, str | None], Fraction]:
        """A count or a sum of the rows of some days by the date in `column`, dates in order.

        `group` keeps the rows of one value of `request.by`; with `group_column` the result is by the
        date and the value of that column. Raises ContractError, CL847, where a row that counts has no
        such date.
        """
        rows, days = self._given(request.table), self._of_term(days)
        if group_column is not None:
            return rows.by_date(request, days, column, group_column)
        if group is ALL:
            return {day: value for (day, _), value in rows.by_date(request, days, column, None).items()}
        found = rows.by_date(request, days, column, request.by)
        return {day: value for (day, key), value in found.items() if key == group}

    def counted_rows(self, request: Aggregate, days: Days, group: str | AllRows | None = ALL) -> "Rows":
        """The rows that an aggregate counts in some days; raises ContractError as `aggregate` does."""
        return self._given(request.table).counted(request, self._of_term(days), group)

    def uncounted_rows(self, table: str, requests: Sequence[Aggregate], days: Days) -> "Rows":
        """The rows of some days that none of the aggregates counts, each with the reason."""
        return self._given(table).uncounted(table, requests, days)

    def profiled(self, table: str, asked: "Asked") -> "TableFacts":
        """What the rows of a table look like before they are rated; raises ContractError, CL845, CL848."""
        return self._given(table).profiled(table, asked)

    def write_rows(self, rows: "Sequence[Rows]", path: Path) -> None:
        """Write rows of one table to a file, as Parquet where its name says so, else as CSV.

        Raises OSError where it cannot be written.
        """
        self._given(rows[0].table.name).write(rows, path)

    def _of_term(self, days: Days) -> Days:
        """The days of the contract's term, since rows may be shared with contracts of another."""
        term = self.schema.term
        return days.meet(term) or Days(term.start, term.start)

    def _given(self, table: str) -> "UsageRows":
        if self._rows is None or table not in self._rows.tables:
            message = f'the usage gives no rows for the table "{table}"'
            cure = f"name its files under `rows:`, as in {table}: {table}.csv"
            raise ContractError([error("CL845", message, None, cure)])
        return self._rows


def load_usage(
    path: Path,
    schema: Schema,
    name: str | None = None,
    allowed: Sequence[Path] = (),
    open_rows: "OpenRows | None" = None,
) -> MeasuredUsage:
    """Read a usage file, YAML or JSON, and all files that it names; `name` is the one to show.

    The files lie below its folder or below one of `allowed`. `open_rows` takes the place of `UsageRows` where
    usages share their rows. Raises ContractError with all that is wrong, codes CL800 to CL849.
    """
    shown = name or str(path)
    source, read = read_text(path, shown)
    document = read_json(source) if path.suffix.lower() == ".json" else read_yaml(source)
    if not isinstance(document, Entries):
        message = f'"{shown}" is not a usage file: it holds {describe(document)}'
        where = document.span if document is not None else Place(shown)
        cure = "a usage file has the sections figures:, rows: and windows:"
        raise ContractError([error("CL809", message, where, cure)])
    return _Loader(schema, Folder(path, shown, allowed), read, open_rows).load(document)


def empty_usage(schema: Schema) -> MeasuredUsage:
    """A usage without a figure and without a row."""
    return MeasuredUsage(schema)


def figures_usage(schema: Schema, figures: Mapping[str, tuple[SuppliedFigure, ...]]) -> MeasuredUsage:
    """A usage of figures alone, as a scenario gives them."""
    return MeasuredUsage(schema, figures)


class _Loader:
    def __init__(
        self, schema: Schema, folder: Folder, read: Input, open_rows: "OpenRows | None" = None
    ) -> None:
        self.schema = schema
        self.folder = folder
        self.read = read
        self.open_rows = open_rows
        self.wrong: list[Diagnostic] = []

    def load(self, document: Entries) -> MeasuredUsage:
        sections = self._sections(document)
        figures: Mapping[str, tuple[SuppliedFigure, ...]] = {}
        reader = FigureReader(self.schema, self.folder)
        if "figures" in sections:
            try:
                figures = reader.read(sections["figures"])
            except ContractError as fault:
                self.wrong.extend(fault.diagnostics)
        supplied = self._windows(sections["windows"]) if "windows" in sections else {}
        sources = self._sources(sections["rows"]) if "rows" in sections else []
        rows = None
        if sources:
            from contractlang.measuring.rows import UsageRows

            try:
                rows = (self.open_rows or UsageRows)(self.schema, sources, self.folder.readable, supplied)
            except ContractError as fault:
                self.wrong.extend(fault.diagnostics)
        if self.wrong:
            raise ContractError(self.wrong)
        inputs = (self.read, *reader.inputs)
        return MeasuredUsage(self.schema, figures, rows, inputs, tuple(reader.diagnostics), supplied)

    def _say(self, code: str, message: str, where: Span, cure: str = "") -> None:
        self.wrong.append(error(code, message, where, cure))

    def _sections(self, document: Entries) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for key, item in document.entries:
            if key.text in _SECTIONS:
                if not is_empty(item):
                    found[key.text] = item
                continue
            near = nearest(key.text, _SECTIONS)
            cure = f'the nearest is "{near}"' if near else "the sections are figures:, rows: and windows:"
            self._say("CL809", f'a usage file has no section "{key.text}"', key.span, cure)
        return found

    # ---- rows

    def _sources(self, section: Item) -> "list[RowSource]":
        if not isinstance(section, Entries):
            message = f"`rows:` names the files of each table, not {describe(section)}"
            self._say("CL816", message, section.span, "write contacts: contacts.csv")
            return []
        found = []
        for key, item in section.entries:
            if key.text not in self.schema.tables:
                near = nearest(key.text, self.schema.tables)
                cure = f'the nearest is "{near}"' if near else "declare it with `usage`, or leave it out"
                self._say("CL816", f'the contract has no table called "{key.text}"', key.span, cure)
                continue
            try:
                found.append(self._table(key, item))
            except ContractError as fault:
                self.wrong.extend(fault.diagnostics)
        return found

    def _table(self, key: Scalar, item: Item) -> "RowSource":
        from contractlang.measuring.opening import RowSource

        source: Item = item
        parts: dict[str, Item] = {}
        if isinstance(item, Entries):
            parts = {name.text: value for name, value in item.entries}
            for name, _ in item.entries:
                if name.text not in _PARTS:
                    near = nearest(name.text, _PARTS)
                    cure = f'the nearest is "{near}"' if near else f"a table has {', '.join(_PARTS)}"
                    self._say("CL816", f'nothing of a table is called "{name.text}"', name.span, cure)
            if "source" not in parts:
                message = f'"{key.text}" names no source'
                raise ContractError([error("CL816", message, key.span, "write source: contacts.csv")])
            source = parts["source"]
        columns = self._columns(key.text, parts.get("columns"))
        address = source.text if isinstance(source, Scalar) else ""
        if is_address(address):
            return self._database(key, address, source, parts, columns)
        if "table" in parts:
            message = "tables are read from files, and a file has no tables"
            cure = "leave `table:` out, or name a database, as in source: sqlite:wfm.db"
            raise ContractError([error("CL816", message, parts["table"].span, cure)])
        paths: dict[Path, str] = {}
        for one in source.items if isinstance(source, Items) else (source,):
            if not isinstance(one, Scalar):
                message = f"a file name is meant here, not {describe(one)}"
                raise ContractError([error("CL816", message, one.span, "write contacts: contacts.csv")])
            for path in self.folder.find(one.text, one.span, folders=True):
                if path in paths:
                    message = f'"{self.folder.shown(path)}" is named twice, so its rows would count twice'
                    raise ContractError([error("CL816", message, one.span, "name each file once")])
                paths[path] = self.folder.shown(path)
        if not paths:
            message = f'no file is named for "{key.text}"'
            raise ContractError([error("CL816", message, key.span, f"write {key.text}: {key.text}.csv")])
        engine = self._word(parts, "engine") or "duckdb"
        return RowSource(key.text, tuple(paths.items()), columns, key.span, engine)

    def _database(
        self, key: Scalar, address: str, source: Item, parts: dict[str, Item], columns: dict[str, str]
    ) -> "RowSource":
        """A table of a database; a file of one lies below the usage's folder like any other file."""
        from contractlang.measuring.opening import RowSource

        if has_password(address):
            message = "an address holds no password: a usage file is read by many"
            cure = "leave it out, and give it in the environment, as in PGPASSWORD"
            raise ContractError([error("CL816", message, key.span, cure)])
        table = self._word(parts, "table")
        if table is None:
            message = f'"{key.text}" names a database and no table of it'
            raise ContractError([error("CL816", message, source.span, f"write table: {key.text}")])
        scheme, _, rest = address.partition(":")
        scheme = scheme.lower()
        path = None
        if scheme == "sqlite":
            (path,) = self.folder.find(rest.removeprefix("//").removeprefix("/"), source.span)[:1]
        engine = self._word(parts, "engine") or ENGINES[scheme]
        named = ((path, self.folder.shown(path)),) if path is not None else ()
        return RowSource(key.text, named, columns, key.span, engine, address, table)

    def _word(self, parts: dict[str, Item], name: str) -> str | None:
        value = parts.get(name)
        if value is None or is_empty(value):
            return None
        if not isinstance(value, Scalar):
            message = f"`{name}:` is one word, not {describe(value)}"
            raise ContractError([error("CL816", message, value.span)])
        return value.text

    def _columns(self, table: str, item: Item | None) -> dict[str, str]:
        if item is None or is_empty(item):
            return {}
        if not isinstance(item, Entries):
            message = f"`columns:` names the file's column for each of the contract's, not {describe(item)}"
            raise ContractError([error("CL816", message, item.span, "write {started: shift_start}")])
        known = [column.name.text for column in self.schema.tables[table].columns]
        found: dict[str, str] = {}
        for name, value in item.entries:
            if name.text not in known:
                near = nearest(name.text, known)
                cure = f'the nearest is "{near}"' if near else f"its columns are: {', '.join(known)}"
                self._say("CL816", f'the table "{table}" has no column "{name.text}"', name.span, cure)
            elif not isinstance(value, Scalar) or not value.text:
                self._say("CL816", f"a column of the file is meant here, not {describe(value)}", name.span)
            else:
                found[name.text] = value.text
        return found

    # ---- windows

    def _windows(self, section: Item) -> dict[str, tuple[Occurrence, ...]]:
        if not isinstance(section, Entries):
            message = f"`windows:` lists the times of each window, not {describe(section)}"
            self._say("CL817", message, section.span, "write force_majeure: [2026-06-12]")
            return {}
        supplied = [name for name, window in self.schema.windows.items() if window.value is None]
        found: dict[str, tuple[Occurrence, ...]] = {}
        for key, item in section.entries:
            if key.text in supplied:
                found[key.text] = tuple(self._occurrences(key, item))
            elif key.text in self.schema.windows:
                message = f'the contract says itself what the window "{key.text}" is'
                self._say("CL817", message, key.span, "leave it out here")
            else:
                near = nearest(key.text, supplied)
                cure = f'the nearest is "{near}"' if near else "declare it with `window`, without `=`"
                self._say("CL817", f'the contract has no window called "{key.text}"', key.span, cure)
        return found

    def _occurrences(self, key: Scalar, item: Item) -> list[Occurrence]:
        found: list[Occurrence] = []
        for one in item.items if isinstance(item, Items) else (item,):
            if not isinstance(one, Scalar) or is_empty(one):
                message = f'the window "{key.text}" lists dates and ranges, not {describe(one)}'
                where = one.span if one.span.text else key.span
                self._say("CL817", message, where, "write [2026-06-12, 2026-06-20..2026-06-21], or []")
                continue
            try:
                start, end = read_times(one.text)
                found.append(Occurrence(start, end, one.text, one.span))
            except ValueError as fault:
                self._say("CL817", str(fault), one.span)
        return found
