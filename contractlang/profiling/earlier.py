"""What was known before: an earlier profile of the same usage, or an invoice that was made of it.

In: the text of either, as JSON. Out: `Earlier`, the rows of each month of each table, and of each source.
Codes: CL860 not readable, not JSON, or neither of the two.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contractlang.diagnostics import ContractError, Place, error
from contractlang.measuring.files import read_text

_CURE = "give what `contractlang usage --format json` or `contractlang invoice --format json` printed"


@dataclass(frozen=True, slots=True)
class EarlierSource:
    """A source as an invoice knew it: the hash of its bytes, None for a table of a database, and its rows."""

    sha256: str | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """Rows by table and month (`2026-07`), rows by source, and what the sources were read for."""

    months: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    sources: Mapping[str, EarlierSource] = field(default_factory=dict)
    invoiced: tuple[str, str] = ("", "")


def load_earlier(path: Path) -> Earlier:
    """What an earlier result in a file says; raises ContractError, CL804 to CL806 and CL860."""
    source, _ = read_text(path, str(path))
    return read_earlier(source.text, str(path))


def read_earlier(text: str, name: str) -> Earlier:
    """What an earlier result says; `name` is the file to show. Raises ContractError, CL860."""
    try:
        document = json.loads(text)
        if isinstance(document, dict) and "tables" in document:
            return Earlier(months=_months(document["tables"]))
        invoices = document if isinstance(document, list) else [document]
        if not invoices:
            raise ValueError
        sources: dict[str, EarlierSource] = {}
        for one in invoices:
            sources.update(_sources(one["inputs"]))
        periods = [one["period"] for one in invoices]
        return Earlier(sources=sources, invoiced=(periods[0]["from"], periods[-1]["to"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = f'"{name}" is neither a profile of a usage nor an invoice'
        raise ContractError([error("CL860", message, Place(name), _CURE)]) from None


def _months(tables: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    return {
        _text(one["name"]): {_text(month["month"]): _whole(month["rows"]) for month in one["months"]}
        for one in tables
    }


def _sources(inputs: list[dict[str, Any]]) -> dict[str, EarlierSource]:
    # A file without rows holds figures, and those are the usage's own words.
    return {
        _text(one["name"]): EarlierSource(None if one["sha256"] is None else _text(one["sha256"]), rows)
        for one in inputs
        if (rows := None if one["rows"] is None else _whole(one["rows"])) is not None
    }


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value
