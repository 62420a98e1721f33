"""The rows of one file as SQL: CSV, JSON Lines and Parquet, plain or compressed.

In: a path and the columns that a table needs. Out: SQL that gives one cell a column, with the type
each has in the file. The heading of a CSV file decides its delimiter: the one that finds the most of
the declared columns.

Codes: CL830 not a file of rows, CL831 no heading, CL832 missing or unknown column, CL833 a row that is
none, CL806 not UTF-8.
"""

# ruff: noqa: S608  Names in the SQL below are our own or quoted by `identifier`, texts by `literal`.

import csv
import gzip
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice, pairwise
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import unquote

from contractlang.diagnostics import ContractError, Place, error, nearest
from contractlang.engines.duckdb import DuckDB, pattern_free
from contractlang.engines.engine import EngineFault, identifier, literal
from contractlang.frozen import dataclass, replace
from contractlang.measuring.columns import TEXT
from contractlang.measuring.files import unreadable

_EMPTY_PART = "__HIVE_DEFAULT_PARTITION__"
DELIMITERS = (",", ";", "\t", "|")
_LINE = re.compile(r"Line: (\d+)")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_LARGEST_HEADING = 1024 * 1024

_KINDS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".jsonl": "json", ".ndjson": "json", ".json": "json",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column that a table needs: its name in the contract, in the file, and whether it may be missing."""

    name: str
    source: str
    type: str
    optional: bool


@dataclass(frozen=True, slots=True)
class FileOfRows:
    """One file, ready to be read: `sql` follows FROM; `cells` holds, for each wanted column in order, SQL for
    its cell and the type that the file gives it, or None where the file lacks the column."""

    path: Path
    shown: str
    kind: str
    sql: str
    cells: tuple[tuple[str, str] | None, ...]
    delimiter: str = ","


def kind_of(path: Path, shown: str) -> str:
    """Whether a file is `csv`, `json` or `parquet`, by its name; raises ContractError (CL830)."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in (".gz", ".zst"):
        suffixes.pop()
        if suffixes and _KINDS.get(suffixes[-1]) == "parquet":
            suffixes.pop()
    kind = _KINDS.get(suffixes[-1]) if suffixes else None
    if kind is None:
        raise ContractError(
            [
                error(
                    "CL830",
                    f'"{shown}" is not a file of rows by its name',
                    Place(shown),
                    "name it .csv, .jsonl or .parquet; .gz or .zst may follow the first two",
                )
            ]
        )
    return kind


def open_rows(engine: DuckDB, path: Path, shown: str, wanted: Sequence[Wanted]) -> FileOfRows:
    """What it takes to read a file; raises ContractError (CL805, CL806, CL830 to CL832).

    A column that the folders above the file name, as in `month=2026-07/`, has that text in all its rows,
    where the file has no such column itself.
    """
    readers = {"csv": _csv, "json": _json, "parquet": _parquet}
    read = readers[kind_of(path, shown)]
    parts = parts_of(shown)
    parts = {one.source: parts[one.source] for one in wanted if one.source in parts}
    if not parts:
        return read(engine, path, shown, wanted)
    constant = {name: None if text == _EMPTY_PART else (literal(text), TEXT) for name, text in parts.items()}
    try:
        found = read(engine, path, shown, wanted)
        cells = [cell or constant.get(one.source) for one, cell in zip(wanted, found.cells, strict=True)]
    except ContractError as fault:
        if any(one.code != "CL832" for one in fault.diagnostics):
            raise
        found = read(engine, path, shown, [one for one in wanted if one.source not in parts])
        given = iter(found.cells)
        cells = [constant[one.source] if one.source in parts else next(given) for one in wanted]
    return replace(found, cells=tuple(cells))


def parts_of(shown: str) -> dict[str, str]:
    """The columns that the folders above a file name, as in `month=2026-07/part.parquet`."""
    named = (part.partition("=") for part in PurePosixPath(shown).parts[:-1] if "=" in part)
    return {name: unquote(text) for name, _, text in named}


def _csv(engine: DuckDB, path: Path, shown: str, wanted: Sequence[Wanted]) -> FileOfRows:
    heading = _heading(engine, path, shown)
    names, delimiter = max(
        ((_names(heading, sign), sign) for sign in DELIMITERS),
        key=lambda read: (sum(one.source in read[0] for one in wanted), len(read[0])),
    )
    twice = [name for name in names if names.count(name) > 1 and any(name == one.source for one in wanted)]
    if twice:
        message = f'the column "{twice[0]}" stands twice in the heading'
        raise ContractError([error("CL832", message, Place(shown, 1, twice[0]))])
    require_columns(shown, names, wanted, spelling=True)
    columns = ", ".join(f"'h{index}': 'VARCHAR'" for index in range(len(names)))
    sql = (
        f"read_csv({pattern_free(path)}, auto_detect = false, header = true, delim = {literal(delimiter)}, "
        f"quote = '\"', escape = '\"', nullstr = '', columns = {{{columns}}})"
    )
    if len(names) == 1:
        # The engine skips blank lines, but for the only column they are empty cells to it.
        sql = f"(SELECT * FROM {sql} WHERE h0 IS NOT NULL)"
    cells = [(f"h{names.index(one.source)}", TEXT) if one.source in names else None for one in wanted]
    return FileOfRows(path, shown, "csv", sql, tuple(cells), delimiter)


def _json(engine: DuckDB, path: Path, shown: str, wanted: Sequence[Wanted]) -> FileOfRows:
    form = "auto" if path.name.lower().removesuffix(".gz").endswith(".json") else "newline_delimited"
    types = [("JSON" if one.type in ("number", "money", "duration") else TEXT) for one in wanted]
    columns = ", ".join(f"{literal(one.source)}: '{given}'" for one, given in zip(wanted, types, strict=True))
    sql = f"read_json({pattern_free(path)}, format = '{form}', columns = {{{columns}}})"
    try:
        keys = engine.rows(
            f"SELECT DISTINCT unnest(json_keys(json)) FROM "
            f"(SELECT json FROM read_json_objects({pattern_free(path)}, format = '{form}') LIMIT 1000)"
        )
    except EngineFault as fault:
        raise broken(path, shown, str(fault)) from None
    if keys:
        require_columns(shown, sorted(key for (key,) in keys), wanted, spelling=False)
    cells = [(identifier(one.source), given) for one, given in zip(wanted, types, strict=True)]
    return FileOfRows(path, shown, "json", sql, tuple(cells))


def _parquet(engine: DuckDB, path: Path, shown: str, wanted: Sequence[Wanted]) -> FileOfRows:
    sql = f"read_parquet({pattern_free(path)}, hive_partitioning = false)"
    try:
        types = {row[0]: str(row[1]) for row in engine.rows(f"DESCRIBE SELECT * FROM {sql}")}
    except EngineFault as fault:
        raise broken(path, shown, str(fault)) from None
    require_columns(shown, list(types), wanted, spelling=False)
    cells = [(identifier(one.source), types[one.source]) if one.source in types else None for one in wanted]
    return FileOfRows(path, shown, "parquet", sql, tuple(cells))


def require_columns(shown: str, names: Sequence[str], wanted: Sequence[Wanted], spelling: bool) -> None:
    """Say which columns a file lacks; with `spelling`, also optional ones that seem to be misspelt."""
    known = {one.source for one in wanted}
    spare = [name for name in names if name not in known]
    found = []
    for one in wanted:
        near = nearest(one.source, spare)
        if one.source in names or (one.optional and not (spelling and near)):
            continue
        whole = "the file has no column" if len(names) != 1 else "the file has one column and not"
        message = f'{whole} "{one.source}"'
        if one.source != one.name:
            message += f', which stands for "{one.name}"'
        listed = ", ".join(list(names)[:12]) + (", …" if len(names) > 12 else "")
        cure = f'the nearest is "{near}"' if near else f"its columns are: {listed}"
        if spelling and any(name.casefold().startswith("sep=") for name in names):
            cure = "take the line out that begins with sep=, so that the heading comes first"
        elif spelling and len(names) == 1:
            cure = "cells are separated by a comma, a semicolon or a tab; the heading has none of them"
        found.append(error("CL832", message, Place(shown, 1, one.source), cure))
    if found:
        raise ContractError(found)


def _heading(engine: DuckDB, path: Path, shown: str) -> str:
    try:
        if path.suffix.lower() == ".zst":
            sql = (
                f"SELECT line FROM read_csv({pattern_free(path)}, auto_detect = false, header = false, "
                f"delim = '\x01', quote = '', escape = '', columns = {{'line': 'VARCHAR'}}) LIMIT 1"
            )
            rows = engine.rows(sql)
            content = (rows[0][0] or "").encode() if rows else b""
        else:
            with open_bytes(path) as file:
                content = _first_line(file.readline(_LARGEST_HEADING))
    except EngineFault as fault:
        raise broken(path, shown, str(fault)) from None
    except EOFError:
        raise broken(path, shown, "the compressed file is cut short") from None
    except OSError as fault:
        raise unreadable(shown, fault) from None
    except ValueError as fault:
        raise broken(path, shown, str(fault)) from None
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        cure = "save the sheet as CSV UTF-8, and name that file"
        message = f'"{shown}" is a workbook, not a file of rows'
        raise ContractError([error("CL830", message, Place(shown), cure)])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise ContractError(
            [error("CL806", f'"{shown}" is not text in UTF-8', Place(shown, 1), "save it as UTF-8")]
        )
    try:
        text = content.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError:
        message = f'the heading of "{shown}" is not written in UTF-8'
        raise ContractError([error("CL806", message, Place(shown, 1), "save it as UTF-8")]) from None
    if not text.strip():
        cure = "its first line names the columns"
        raise ContractError([error("CL831", f'"{shown}" has no heading', Place(shown, 1), cure)])
    return text


def _first_line(content: bytes) -> bytes:
    """What comes before a carriage return that ends a line alone, as old programs for the Mac write it."""
    for match in _LONE_RETURN.finditer(content):
        # One between quotes belongs to the name of a column.
        if content.count(b'"', 0, match.start()) % 2 == 0 and content[: match.start()].strip():
            return content[: match.start()]
    return content


def _names(heading: str, delimiter: str) -> list[str]:
    try:
        # Some systems write é as two characters; it is one letter to whoever reads the heading.
        names = next(csv.reader([heading], delimiter=delimiter))
        return [unicodedata.normalize("NFC", name.strip()) for name in names]
    except (csv.Error, StopIteration):
        return []


def open_bytes(path: Path) -> IO[bytes]:
    """A file opened for its bytes, a .gz one unpacked."""
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


_LONGEST_CELL = 2**31 - 1


def csv_records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file that are not blank, each with its first line; only read to explain a fault."""
    with open_bytes(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
        # A cell of a million characters is a mistake to name, not one to stumble over.
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.reader(text, delimiter=delimiter)
        line = 1
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1


def row_numbers(file: FileOfRows, records: Sequence[int]) -> dict[int, int]:
    """Rows of a file as people count them: the line of a CSV file, the record of any other."""
    heading = 2 if file.kind == "csv" else 1
    found = {record: record + heading for record in records}
    if file.kind != "csv" or file.path.suffix.lower() == ".zst":
        return found
    # Blank lines and line breaks between quotes make lines and records differ.
    last = max(records)
    # A file that has gone meanwhile was read all the same; its records are counted as if none were blank.
    with suppress(OSError):
        for number, (line, _) in enumerate(csv_records(file.path, file.delimiter)):
            if number - 1 in found:
                found[number - 1] = line
            if number > last:
                break
    return found


def cell_of(engine: DuckDB, file: FileOfRows, index: int, record: int) -> tuple[int, str]:
    """The row, as people count it, and the text of a cell; `record` counts from 0 and has no heading."""
    cell = file.cells[index]
    assert cell is not None, "only a cell that is there can be wrong"
    if file.kind == "csv" and file.path.suffix.lower() != ".zst":
        column = int(cell[0][1:])
        for number, (line, cells) in enumerate(csv_records(file.path, file.delimiter)):
            if number == record + 1:
                return line, cells[column] if column < len(cells) else ""
    sql = (
        f"SELECT CAST({cell[0]} AS VARCHAR) FROM (SELECT *, row_number() OVER () AS record_number "
        f"FROM {file.sql}) WHERE record_number = {record + 1}"
    )
    rows = engine.rows(sql)
    return record + (2 if file.kind == "csv" else 1), str(rows[0][0]) if rows else ""


def broken(path: Path, shown: str, cause: str, file: FileOfRows | None = None) -> ContractError:
    """Why a file of rows cannot be read, in words; the engine's own are the last resort."""
    try:
        with open_bytes(path) as content:
            for number, line in enumerate(content, 1):
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError as fault:
                    if path.suffix.lower() in (".parquet", ".pq", ".zst"):
                        break
                    row = number + len(_LONE_RETURN.findall(line[: fault.start]))
                    message = f'"{shown}" is not written in UTF-8: line {row}'
                    return ContractError([error("CL806", message, Place(shown, row), "save it as UTF-8")])
    except (EOFError, OSError, ValueError):
        message = f'"{shown}" is cut short or damaged: it cannot be unpacked to its end'
        return ContractError([error("CL805", message, Place(shown), "export or copy the file anew")])
    if file is not None and file.kind == "csv":
        width = None
        for line_number, cells in csv_records(path, file.delimiter):
            width = width or len(cells)
            if len(cells) != width:
                message = f"row {line_number} has {len(cells)} cells, and the heading {width}"
                cure = _cells_cure(cells, width, file.delimiter)
                return ContractError([error("CL833", message, Place(shown, line_number), cure)])
    wrong = _wrong_json(path) if kind_of(path, shown) == "json" else None
    if wrong is not None:
        message = f"row {wrong} is not a JSON object"
        return ContractError([error("CL833", message, Place(shown, wrong), "write one object a line: {…}")])
    found = _LINE.search(cause)
    if found is None and file is not None and file.kind == "csv" and _mixes_line_ends(path):
        message = f'the lines of "{shown}" end in different ways: some with CR alone, some with LF'
        cure = "save it as CSV UTF-8, not as CSV (Macintosh)"
        return ContractError([error("CL833", message, Place(shown), cure)])
    if found is not None:
        message = f"row {found[1]} cannot be split into cells"
        cure = "check its quotes: each one opened is closed, and a quote inside a text is doubled"
        return ContractError([error("CL833", message, Place(shown, int(found[1])), cure)])
    cause = cause.replace(str(path), shown)
    return ContractError([error("CL805", f'"{shown}" cannot be read: {cause}', Place(shown))])


def _mixes_line_ends(path: Path) -> bool:
    """Whether a CSV file has lines that end with CR alone, and LF as well."""
    with open_bytes(path) as file:
        lines = list(islice(file, 2))
        return len(lines) == 2 and any(_LONE_RETURN.search(line) for line in chain(lines, file))


def _cells_cure(cells: Sequence[str], width: int, delimiter: str) -> str:
    """What to do about a row of CSV with more or fewer cells than the heading has."""
    if len(cells) < width:
        return "write every cell, an empty one too: nothing between two separators"
    for left, right in pairwise(cell.strip() for cell in cells):
        if delimiter == "," and re.fullmatch(r"-?\d{1,9}", left) and re.fullmatch(r"\d{1,4}", right):
            return f"if {left},{right} is one number, its comma cuts it in two: write {left}.{right}"
    return "put quotes around a text that holds the separator"


def _wrong_json(path: Path) -> int | None:
    """The first line of a file of JSON lines that is no object; None where each is, or a file is no such."""
    if path.suffix.lower() == ".zst" or ".json" in (suffix.lower() for suffix in path.suffixes):
        return None
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            try:
                if line.strip() and not isinstance(json.loads(line, parse_float=str), dict):
                    return number
            except (ValueError, RecursionError):
                return number
    return None
