"""Tokens to names, numbers, dates and lengths: what all rules share."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from contractlang.calendar import ONE_DAY, add_months, interval
from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.syntax import tree
from contractlang.text import Source, Span
from contractlang.units import LENGTHS

Token = tuple[str, int, int]
"""A terminal of the grammar, and the characters where it starts and ends."""
_SPACES = re.compile(r"[ \u00a0\u202f_]")
_LAST_YEAR = 9000
MOST_DIGITS = 40
# The words of a clause where its name in the tree is another one.
_WRITTEN = {
    "formula": "=", "unit": "in", "rounding": "rounded", "otherwise": "else", "index": "indexed on",
    "base": "base", "timing": "in advance", "start": "from", "dated": "from", "vat": "vat",
}  # fmt: skip


class Words:
    """Reads the words of one source; `diagnostics` collects what is wrong with the words themselves."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.diagnostics: list[Diagnostic] = []
        # Where tiers begin that name no kind: they are read as graduated, and their message is told more.
        self.unnamed_tiers: list[int] = []

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def _word(self, token: Token) -> str:
        return self.text[token[1] : token[2]]

    def _token_span(self, token: Token) -> Span:
        return Span(self.source, token[1], token[2])

    def _decimal(self, token: Token) -> Decimal:
        text = _SPACES.sub("", self._word(token).rstrip("%"))
        if len(text) > MOST_DIGITS:
            self.diagnostics.append(
                error(
                    "CL112",
                    f"this number has {len(text):,} digits".replace(",", " "),
                    self._token_span(token),
                    f"a number has at most {MOST_DIGITS} digits",
                )
            )
            return Decimal(0)
        return Decimal(text)

    def _whole(self, token: Token) -> int:
        value = self._decimal(token)
        if value != value.to_integral_value() or value > 1_000_000:
            self.diagnostics.append(
                error(
                    "CL113",
                    f"{self._word(token)} is not a count",
                    self._token_span(token),
                    "write a whole number of at most 1 000 000 here",
                )
            )
            return 1
        return int(value)

    def _string(self, token: Token) -> str:
        return self._word(token)[1:-1].replace('\\"', '"').replace("\\\\", "\\")

    def _date(self, token: Token) -> date:
        text = self._word(token)
        year, month, day = (int(part) for part in text.split("-"))
        try:
            found = date(year, month, day)
            if found.year > _LAST_YEAR:
                raise ValueError
            return found
        except ValueError:
            known_month = 1 <= month <= 12 and 0 < year <= _LAST_YEAR
            last = add_months(date(year, month, 1), 1) - ONE_DAY if known_month else None
            self.diagnostics.append(
                error(
                    "CL110",
                    f"the date {text} does not exist",
                    self._token_span(token),
                    f"the last day of that month is {last}" if last else "write a date as 2026-07-31",
                )
            )
            return last or date(2000, 1, 1)

    def _length(self, count: Token, unit: Token) -> tree.Length:
        word = self._word(unit)
        span = self.span(count[1], unit[2])
        if word not in LENGTHS:
            self.diagnostics.append(
                error(
                    "CL114",
                    f'"{word}" is not a length of calendar time',
                    self._token_span(unit),
                    "write days, weeks, months, quarters or years",
                )
            )
            return tree.Length(self._whole(count), "month", span=span)
        return tree.Length(self._whole(count), LENGTHS[word], span=span)

    def name(self, children: list[Any], start: int, end: int) -> tree.Name:
        return tree.Name(self.text[start:end], span=self.span(start, end))

    def _name(self, token: Token) -> tree.Name:
        return tree.Name(self._word(token), span=self._token_span(token))

    def key(self, children: list[Any], start: int, end: int) -> tree.Name:
        child = children[0]
        if isinstance(child, tree.Name):
            return child
        return tree.Name(self._string(child), span=self._token_span(child))

    def unit_word(self, children: list[Any], start: int, end: int) -> tree.UnitName:
        return tree.UnitName(self.text[start:end], span=self.span(start, end))

    unit_name = unit_word
    edge_unit = unit_word

    def frequency(self, children: list[Any], start: int, end: int) -> tree.Name:
        text = " ".join(self.text[start:end].split())
        return tree.Name(text, span=self.span(start, end))

    def moment(self, children: list[Any], start: int, end: int) -> tree.Moment:
        token = children[0]
        span = self.span(start, end)
        text = self._word(token)
        if token[0] == "DATE":
            day = self._date(token)
            return tree.Moment("day", day, day + ONE_DAY, span=span)
        year = 0
        if token[0] != "NUMBER" or re.fullmatch(r"\d{4}", text):
            year = int(text[:4])
        month = int(text[5:]) if token[0] == "MONTH" else int(text[6]) * 3 - 2 if token[0] == "QUARTER" else 1
        if not (0 < year <= _LAST_YEAR and 1 <= month <= 12):
            what = {"MONTH": "month", "QUARTER": "quarter", "NUMBER": "year"}[token[0]]
            self.diagnostics.append(
                error("CL111", f"the {what} {text} does not exist", span, "write 2026-07, 2026-Q3 or 2026")
            )
            year, month = 2000, 1
        kind = cast("Literal['month', 'quarter', 'year']",
                    {"MONTH": "month", "QUARTER": "quarter", "NUMBER": "year"}[token[0]])  # fmt: skip
        days = interval(kind, date(year, month, 1))
        return tree.Moment(kind, days.start, days.end, span=span)

    def period(self, children: list[Any], start: int, end: int) -> tree.Period:
        first, last = children[0], children[-1]
        span = self.span(start, end)
        self._ordered(first.start, last.end, span)
        return tree.Period(first.start, last.end, self.text[start:end], span=span)

    def _ordered(self, start: date, end: date, span: Span) -> None:
        if start >= end:
            self.diagnostics.append(
                error(
                    "CL115",
                    f"these dates end on {end - ONE_DAY}, before they start on {start}",
                    span,
                    "write the earlier date first",
                )
            )

    def _clauses(self, children: Sequence[Any], what: str) -> dict[str, Any]:
        """Clauses by name; one written twice is an error at the second that shows the first."""
        found: dict[str, tuple[Any, Span]] = {}
        for clause in children:
            name, value, span = clause
            if name in found:
                words = _WRITTEN.get(name) or name.replace("_", " ")
                self.diagnostics.append(
                    error(
                        "CL116",
                        f"{what} says `{words}` twice",
                        span,
                        "keep one of the two",
                        (Label(found[name][1], "said here first"),),
                    )
                )
            else:
                found[name] = (value, span)
        return {name: value for name, (value, _) in found.items()}

    def _clause(self, name: str, value: Any, start: int, end: int) -> tuple[str, Any, Span]:
        return name, value, self.span(start, end)

    def _label(self, children: list[Any]) -> str | None:
        if children and isinstance(children[0], tuple) and children[0][0] == "STRING":
            return self._string(cast("Token", children.pop(0)))
        return None

    def _mode(self, mode: Any) -> Any:
        if isinstance(mode, str):
            return mode
        if mode.text in ("half_up", "half_even", "half_down", "up", "down"):
            return mode.text
        self.diagnostics.append(
            error(
                "CL121",
                f'"{mode}" is not a way to round',
                mode.span,
                "write half_up, half_even, half_down, up or down",
            )
        )
        return "half_up"
