"""Rows that several contracts read: which usages name the same ones, and one opening of them for all.

In: usage files before anything is read; then the sources of each, and what its contract says about them.
Out: the names of sources, by which contracts are grouped; `UsageRows`, the same for contracts that say the
same. A table is then staged once, and counted in one pass for all.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from contractlang.diagnostics import ContractError
from contractlang.measuring.addresses import is_address
from contractlang.measuring.document import Entries, Item, Items, Scalar, read_json, read_yaml
from contractlang.measuring.files import read_text
from contractlang.measuring.schema import Schema
from contractlang.windows import Occurrence

if TYPE_CHECKING:
    from contractlang.measuring.rows import RowSource, UsageRows


class SharedRows:
    """The rows of some usages, each opened once for all contracts that say the same about it.

    That is the sources and their columns, the tables as declared, the term, the timezone, the units and the
    windows. What is wrong with a request is said at the place of whoever asked first, so a contract that
    fails is rated again without sharing.
    """

    def __init__(self) -> None:
        self._open: list[tuple[object, UsageRows]] = []

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
        said = _said(schema, sources, supplied)
        for known, rows in self._open:
            if known == said:
                return rows
        rows = UsageRows(schema, sources, folders, supplied)
        self._open.append((said, rows))
        return rows

    def close(self) -> None:
        """Let go of all of them."""
        for _, rows in self._open:
            rows.close()
        self._open.clear()


def _said(
    schema: Schema,
    sources: "Sequence[RowSource]",
    supplied: Mapping[str, tuple[Occurrence, ...]],
) -> object:
    """All that the counting of rows depends on; places do not matter, names of files in messages do."""
    named = [
        (one.table, one.paths, dict(one.columns), one.engine, one.address, one.database_table)
        for one in sources
    ]
    tables = {one.table: schema.tables[one.table] for one in sources}
    words = {word: (scale.unit, scale.factor) for word, scale in schema.units.words.items()}
    return (
        named, dict(supplied), tables, words,
        dict(schema.windows), schema.currency, schema.timezone, schema.term,
    )  # fmt: skip


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
