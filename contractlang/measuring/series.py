"""The published series of an index: a CSV file of months and values beside the contract.

In: `month,value` rows, with an optional third column that says `provisional`. Out: a `Series`. Codes:
CL840 no such file, CL841 outside the folder, CL842 not a series, CL843 a value that is no number,
CL844 a month given twice.
"""

import csv
import io
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from contractlang.diagnostics import ContractError, Place, error
from contractlang.frozen import dataclass
from contractlang.syntax import tree

Month = tuple[int, int]
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Series:
    """A published series: the value of each month, and the months whose value is provisional."""

    name: str
    values: Mapping[Month, Fraction]
    provisional: frozenset[Month] = frozenset()


def read_series(folder: Path | None, index: tree.Index) -> Series:
    """The series of an index, from its file below the contract's folder.

    Raises ContractError where the file is missing, lies outside, or holds something else.
    """
    if folder is None:
        raise ContractError(
            [
                error(
                    "CL840",
                    f'the index "{index.name}" is in a file, and this contract is in none',
                    index.span,
                )
            ]
        )
    path = folder / index.path
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ContractError(
            [
                error(
                    "CL841",
                    f'the file of the index "{index.name}" lies outside the contract\'s folder',
                    index.span,
                    "put it beside the contract",
                )
            ]
        )
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ContractError(
            [
                error(
                    "CL840",
                    f'the file "{index.path}" of the index "{index.name}" cannot be read',
                    index.span,
                    "a series is a CSV file with the columns month,value",
                )
            ]
        ) from None
    return _parsed(index.path, text)


def _parsed(name: str, text: str) -> Series:
    try:
        rows = list(csv.reader(io.StringIO(text)))
    except csv.Error as fault:
        raise ContractError([error("CL842", f'"{name}" is not a CSV file: {fault}', Place(name))]) from None
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    if header[:2] != ["month", "value"]:
        cure = "write month,value as its first line"
        if len(header) == 1 and any(sign in header[0] for sign in ";\t|"):
            cure = "part its columns with a comma, and write decimals with a point: 2026-01,318.5"
        raise ContractError(
            [error("CL842", f'"{name}" does not start with the columns month,value', Place(name, 1), cure)]
        )
    values: dict[Month, Fraction] = {}
    provisional: set[Month] = set()
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        match = _MONTH.fullmatch(row[0].strip())
        if match is None:
            raise ContractError(
                [error("CL842", f'"{row[0]}" is not a month', Place(name, number, "month"), "write 2024-01")]
            )
        month = int(match.group(1)), int(match.group(2))
        try:
            value = Decimal(row[1].strip()) if len(row) > 1 else Decimal("NaN")
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or value <= 0:
            shown = row[1].strip() if len(row) > 1 else ""
            cure = f"write {shown.replace(',', '.')}" if re.fullmatch(r"\d+,\d+", shown) else ""
            cure = cure or "write a number such as 318.5"
            message = f'"{shown}" is not the value of an index'
            raise ContractError([error("CL843", message, Place(name, number, "value"), cure)])
        if month in values:
            raise ContractError(
                [
                    error(
                        "CL844",
                        f"{row[0]} is given twice",
                        Place(name, number, "month"),
                        "keep one of the two",
                    )
                ]
            )
        values[month] = Fraction(value)
        rest = [cell.strip() for cell in row[2:]]
        if any(cell.isdigit() for cell in rest[:1]):
            # A decimal comma cuts a value in two, and the first half alone would be a wrong price.
            written = f"{row[1].strip()},{rest[0]}"
            place = Place(name, number, "value")
            cure = f"write {written.replace(',', '.')}"
            raise ContractError(
                [error("CL843", f'the decimals of "{written}" follow a point, not a comma', place, cure)]
            )
        if any(rest[1:]) or rest[:1] not in ([], [""], ["provisional"]):
            written = ",".join(rest)
            cure = "write provisional there, or nothing"
            raise ContractError(
                [error("CL842", f'"{written}" stands after the value of {row[0]}', Place(name, number), cure)]
            )
        if rest[:1] == ["provisional"]:
            provisional.add(month)
    return Series(name, values, frozenset(provisional))
