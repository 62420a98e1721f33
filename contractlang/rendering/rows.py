"""The rows behind a line, and those that nothing counts: pages to read, as text or as JSON.

In: counted and uncounted rows. Out: text in the language of the client, whose cells are written as a usage
file writes them; or JSON with the same texts.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import PurePath
from typing import Any, Literal, TypeAlias

from contractlang.rating.counted import ListedRow, Rows, RowsOfLines, UncountedRows
from contractlang.rendering.languages import Language, chosen
from contractlang.rendering.plain import clean, width

Format: TypeAlias = Literal["text", "json"]
PAGE = 20
"""How many rows a page has."""

_WIDEST = 28


def render(found: RowsOfLines, page: int, format: Format, language: str | None, default: str | None) -> str:
    """One page, from 1, of the rows of each figure and of those that nothing counts."""
    if format == "json":
        return json.dumps(_record(found, page), ensure_ascii=False, indent=2) + "\n"
    words = chosen(language, default)
    blocks: list[list[str]] = []
    for one in found.counted:
        group = words.of_group(*one.group) if one.group else ""
        title = words.say(
            "counted rows", words=one.words, group=group, rows=_many(words, one.count), table=one.table,
            days=words.days(one.days),
        )  # fmt: skip
        blocks.append([title, *_table(one.rows, one.count, page, words)])
    if not found.counted and not found.uncounted:
        blocks.append([words.say("counted none")])
    for other in found.uncounted:
        days = words.days(other.days)
        count = sum(other.reasons.values())
        if not count:
            blocks.append([words.say("uncounted none", table=other.table, days=days)])
            continue
        if other.group is not None:
            blocks.append([_unpriced(other, count, words), *_table(other.rows, count, page, words)])
            continue
        title = words.say("uncounted rows", table=other.table, days=days, rows=_many(words, count))
        reasons = [
            "  " + words.say(f"uncounted {reason}", rows=_many(words, number))
            for reason, number in other.reasons.items()
        ]
        blocks.append([title, *reasons, *_table(other.rows, count, page, words)])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _unpriced(found: UncountedRows, count: int, words: Language) -> str:
    assert found.group is not None and found.figure is not None, "rows of a value without a price"
    column, value = found.group
    group = words.of_group(column, value)
    rows, days = _many(words, count), words.days(found.days)
    return words.say(
        "unpriced rows", words=found.figure, group=group, rows=rows, table=found.table, days=days,
        column=column,
    )  # fmt: skip


def _many(words: Language, count: int) -> str:
    return (
        words.say("input row") if count == 1 else words.say("input rows", count=words.number(Fraction(count)))
    )


def _table(rows: Rows, count: int, page: int, words: Language) -> list[str]:
    """One page of rows as a table, and which page it is where there are more."""
    if not count:
        return []
    first = (page - 1) * PAGE
    if first >= count:
        return ["  " + words.say("page beyond", page=str(page), last=str(-(-count // PAGE)))]
    listed = rows.page(first, PAGE)
    heading = [column.name for column in rows.columns]
    cells = [[_cut(clean(cell or "")) for cell in row.cells] for row in listed]
    if any(row.reason for row in listed):
        heading.append(words.say("why"))
        for row, line in zip(listed, cells, strict=True):
            line.append(words.say(f"uncounted {row.reason}", rows="").strip(" :") if row.reason else "")
    if any(row.place for row in listed):
        heading.insert(0, words.say("row place"))
        for row, line in zip(listed, cells, strict=True):
            line.insert(0, f"{PurePath(row.place.file).name}:{row.place.row}" if row.place else "")
    wide = [max(width(line[index]) for line in [heading, *cells]) for index in range(len(heading))]
    found = ["  " + "  ".join(_padded(cell, room) for cell, room in zip(line, wide, strict=True)).rstrip()
             for line in [heading, *cells]]  # fmt: skip
    if count > PAGE:
        last = min(first + PAGE, count)
        found.append("  " + words.say("page of", first=str(first + 1), last=str(last), count=str(count)))
    return found


def _cut(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else cell[: _WIDEST - 1] + "…"


def _padded(cell: str, room: int) -> str:
    return cell + " " * (room - width(cell))


def _record(found: RowsOfLines, page: int) -> dict[str, Any]:
    first = (page - 1) * PAGE
    return {
        "page": page,
        "counted": [
            {
                "figure": one.words,
                "table": one.table,
                "days": {"from": one.days.start.isoformat(), "to": one.days.last.isoformat()},
                **({"group": one.group[1]} if one.group else {}),
                "count": one.count,
                "rows": _rows(one.rows, one.rows.page(first, PAGE)),
            }
            for one in found.counted
        ],
        "uncounted": [
            {
                "table": one.table,
                "days": {"from": one.days.start.isoformat(), "to": one.days.last.isoformat()},
                **({"figure": one.figure, "group": one.group[1]} if one.group else {}),
                "reasons": one.reasons,
                "count": sum(one.reasons.values()),
                "rows": _rows(one.rows, one.rows.page(first, PAGE)),
            }
            for one in found.uncounted
        ],
    }


def _rows(rows: Rows, listed: Sequence[ListedRow]) -> list[dict[str, Any]]:
    names = [column.name for column in rows.columns]
    found = []
    for row in listed:
        record: dict[str, Any] = {"cells": dict(zip(names, row.cells, strict=True))}
        if row.place is not None:
            record = {"file": row.place.file, "row": row.place.row, **record}
        if row.reason is not None:
            record["reason"] = row.reason
        found.append(record)
    return found
