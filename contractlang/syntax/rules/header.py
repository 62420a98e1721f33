"""The file, the header of the contract, and includes."""

from datetime import date, timedelta
from typing import Any

from contractlang.calendar import ONE_DAY, add_length
from contractlang.diagnostics import error
from contractlang.syntax import tree
from contractlang.syntax.rules.words import Words


class Header(Words):
    """Builds the header."""

    def start(self, children: list[Any], start: int, end: int) -> tuple[tree.AnyDeclaration, ...]:
        return tuple(children)

    def contract(self, children: list[Any], start: int, end: int) -> tree.Contract:
        title, *clauses = children
        return tree.Contract(
            self._string(title), **self._clauses(clauses, "the contract"), span=self.span(start, end)
        )

    def provider(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("provider", children[0], start, end)

    def client(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("client", children[0], start, end)

    def term_dates(self, children: list[Any], start: int, end: int) -> Any:
        first, last = self._date(children[0]), self._date(children[1])
        span = self.span(start, end)
        self._ordered(first, last + ONE_DAY, span)
        return self._clause("term", tree.Term(first, last + ONE_DAY, span=span), start, end)

    def term_length(self, children: list[Any], start: int, end: int) -> Any:
        first = self._date(children[0])
        length = self._length(children[1], children[2])
        span = self.span(start, end)
        following = self._later(first, length)
        self._ordered(first, following, span)
        return self._clause("term", tree.Term(first, following, span=span), start, end)

    def _later(self, day: date, length: tree.Length) -> date:
        try:
            return add_length(day, length.count, length.unit)
        except (ValueError, OverflowError):
            self.diagnostics.append(
                error("CL117", "this date lies too far ahead", length.span, "write a shorter length of time")
            )
            return day + timedelta(days=1)

    def invoiced(self, children: list[Any], start: int, end: int) -> Any:
        day = self._whole(children[1]) if len(children) > 1 else 1
        return self._clause(
            "invoiced", tree.Invoiced(children[0], day, span=self.span(start, end)), start, end
        )

    def currency(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("currency", children[0], start, end)

    def timezone(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("timezone", self._name(children[0]), start, end)

    def vat(self, children: list[Any], start: int, end: int) -> Any:
        value = tree.Vat(self._decimal(children[0]), span=self.span(start, end))
        return self._clause("vat", value, start, end)

    def vat_dated(self, children: list[Any], start: int, end: int) -> Any:
        value = tree.Vat(None, tuple(children), span=self.span(start, end))
        return self._clause("vat", value, start, end)

    def payment(self, children: list[Any], start: int, end: int) -> Any:
        value = tree.Payment(
            self._length(children[0], children[1]), len(children) > 2, span=self.span(start, end)
        )
        return self._clause("payment", value, start, end)

    def rounding_clause(self, children: list[Any], start: int, end: int) -> Any:
        value = tree.Rounding(self._mode(children[0]), children[1], span=self.span(start, end))
        return self._clause("rounding", value, start, end)

    def edition(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("edition", self._whole(children[0]), start, end)

    def include(self, children: list[Any], start: int, end: int) -> tree.Include:
        return tree.Include(self._string(children[0]), span=self.span(start, end))
