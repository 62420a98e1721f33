"""The files and tables that a usage names, before anything is read: who shares them is rated together."""

from pathlib import Path

from contractlang.diagnostics import ContractError
from contractlang.measuring.addresses import is_address
from contractlang.measuring.document import Entries, Item, Items, Scalar, read_json, read_yaml
from contractlang.measuring.files import read_text


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
