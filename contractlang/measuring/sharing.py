"""Rows that several contracts read: which usages name the same ones, and one opening of them for all.

In: usage files before anything is read; then the sources of each, and what its contract says about them.
Out: the names of sources, by which contracts are grouped; `UsageRows`, the same for contracts to which the
rows are the same. A table is then staged once, and counted in one pass for all.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from contractlang.calendar import WEEKDAYS, Days
from contractlang.diagnostics import ContractError
from contractlang.frozen import replace
from contractlang.measuring.addresses import is_address
from contractlang.measuring.document import Entries, Item, Items, Scalar, read_json, read_yaml
from contractlang.measuring.files import read_text
from contractlang.measuring.schema import Schema
from contractlang.syntax import tree
from contractlang.units import SECOND, UnitTable
from contractlang.windows import Occurrence

if TYPE_CHECKING:
    from contractlang.measuring.opening import RowSource
    from contractlang.measuring.rows import UsageRows


class SharedRows:
    """The rows of some usages, each opened once for all contracts to which they are the same.

    Those name the same sources and columns, declare the table alike, have one timezone, one currency and one
    measure of time, and mean the same by every unit and every window that two of them have. `term` holds the
    terms of all. What is wrong with a request is said at the place of whoever asked first, so a contract
    that fails is rated again without sharing.
    """

    def __init__(self, term: Days) -> None:
        self._term = term
        self._open: list[_Shared] = []

    def opened(
        self,
        schema: Schema,
        sources: "Sequence[RowSource]",
        folders: Sequence[Path],
        supplied: Mapping[str, tuple[Occurrence, ...]],
    ) -> "UsageRows":
        """The rows of some sources, opened now or before; raises ContractError as `UsageRows` does."""
        from contractlang.measuring.rows import UsageRows

        # The same files lie below folders that this usage may read, whichever they are.
        said = _said(schema, sources)
        found = next((one for one in self._open if one.said == said and one.takes(schema, supplied)), None)
        if found is None:
            wide = replace(schema, term=self._term)
            found = _Shared(said, UsageRows(wide, sources, folders, supplied), schema.units)
            self._open.append(found)
        found.add(schema, supplied)
        return found.rows

    def close(self) -> None:
        """Let go of all of them."""
        for one in self._open:
            one.rows.close()
        self._open.clear()


class _Shared:
    """Rows that are open, with the words of all contracts that read them."""

    def __init__(self, said: object, rows: "UsageRows", units: UnitTable) -> None:
        self.said, self.rows, self.units = said, rows, units
        self.windows: dict[str, tree.Window] = {}
        self.supplied: dict[str, tuple[Occurrence, ...]] = {}

    def takes(self, schema: Schema, supplied: Mapping[str, tuple[Occurrence, ...]]) -> bool:
        """Whether a contract means the same by all words that it has in common with the others."""
        if self.units.joined(schema.units) is None:
            return False
        windows = {**self.windows, **schema.windows}
        # A window that has the name of a weekday would hide it from whoever means the weekday.
        hiding = not windows.keys().isdisjoint(WEEKDAYS) and self.windows != dict(schema.windows)
        return not hiding and all(
            (self.windows.get(name, window), self.supplied.get(name, ())) == (window, supplied.get(name, ()))
            for name, window in schema.windows.items()
            if name in self.windows
        )

    def add(self, schema: Schema, supplied: Mapping[str, tuple[Occurrence, ...]]) -> None:
        """Let a contract read the rows, from the first day to the last of its term."""
        units = self.units.joined(schema.units)
        assert units is not None, "they were compared before"
        self.units = units
        self.windows.update(schema.windows)
        self.supplied.update(supplied)
        self.rows.learn(units, schema.windows, supplied)
        self.rows.expect((), (schema.term.start, schema.term.end))


def _said(schema: Schema, sources: "Sequence[RowSource]") -> object:
    """All that the reading of rows depends on; places do not matter, names of files in messages do."""
    named = [
        (one.table, one.paths, dict(one.columns), one.engine, one.address, one.database_table)
        for one in sources
    ]
    tables = {one.table: schema.tables[one.table] for one in sources}
    # A cell may say how long something took in any of these.
    lengths = {word: scale.factor for word, scale in schema.units.words.items() if scale.unit == SECOND}
    return named, tables, lengths, schema.currency, schema.timezone


def sources_named(usage: str) -> frozenset[tuple[str, str]]:
    """The sources of rows that a usage file names, each with its table of a database, if it is of one.

    None where it names none, and where it cannot be read, which is said when it is rated.
    """
    path = Path(usage)
    try:
        source, _ = read_text(path, usage)
        # Most usages are figures alone, and some are long.
        if "rows" not in source.text:
            return frozenset()
        document = read_json(source) if path.suffix.lower() == ".json" else read_yaml(source)
    except ContractError:
        return frozenset()
    tables = [item for _, item in _entries(_entry(document, "rows"))]
    return frozenset(found for item in tables for found in _sources(path.parent, item))


def _sources(folder: Path, item: Item) -> list[tuple[str, str]]:
    source, table = item, None
    if isinstance(item, Entries):
        named, table = _entry(item, "source"), _entry(item, "table")
        source = named if named is not None else item
    items = source.items if isinstance(source, Items) else (source,)
    words = [one.text for one in items if isinstance(one, Scalar)]
    of = table.text if isinstance(table, Scalar) else ""
    return [(one if is_address(one) else _whole(folder, one), of) for one in words]


def _whole(folder: Path, name: str) -> str:
    try:
        return str((folder / name).resolve())
    except (OSError, RuntimeError, ValueError):
        return name


def _entries(item: Item | None) -> tuple[tuple[Scalar, Item], ...]:
    return item.entries if isinstance(item, Entries) else ()


def _entry(item: Item | None, name: str) -> Item | None:
    return next((value for key, value in _entries(item) if key.text == name), None)
