"""What is measured: units, tables, windows, figures; and prices."""

from typing import Any, Literal

from contractlang.diagnostics import error
from contractlang.syntax import tree
from contractlang.syntax.rules.words import Token, Words


class Measures(Words):
    """Builds what is measured, and prices."""

    # ---- what is measured

    def unit(self, children: list[Any], start: int, end: int) -> tree.Unit:
        name, *rest = children
        plural = next((child for child in rest if isinstance(child, tree.Name)), None)
        equals = next((child for child in rest if not isinstance(child, tree.Name)), None)
        return tree.Unit(name, plural, equals, span=self.span(start, end))

    def usage(self, children: list[Any], start: int, end: int) -> tree.Usage:
        name, unit, *rest = children
        columns = tuple(one for one in rest if isinstance(one, tree.Column))
        clauses = self._clauses(
            [one for one in rest if not isinstance(one, tree.Column)], f'the table "{name}"'
        )
        return tree.Usage(name, unit, columns, **clauses, span=self.span(start, end))

    def on_column(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("on", children[0], start, end)

    def key_columns(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("key", tuple(children), start, end)

    def column(self, children: list[Any], start: int, end: int) -> tree.Column:
        name, type_, *rest = children
        clauses = self._clauses(rest, f'the column "{name}"')
        return tree.Column(name, type_, **clauses, span=self.span(start, end))

    def optional_cells(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("optional", True, start, end)

    def window(self, children: list[Any], start: int, end: int) -> tree.Window:
        name, *rest = children
        label = self._label(rest)
        return tree.Window(name, rest[0] if rest else None, label, span=self.span(start, end))

    def _minutes(self, token: Token) -> int:
        hours, minutes = (int(part) for part in self._word(token).split(":"))
        if minutes > 59 or hours * 60 + minutes > 24 * 60:
            self.diagnostics.append(
                error(
                    "CL118",
                    f"the time {self._word(token)} does not exist",
                    self._token_span(token),
                    "write a time from 00:00 to 24:00",
                )
            )
            return 0
        return hours * 60 + minutes

    def window_times(self, children: list[Any], start: int, end: int) -> tree.WindowTimes:
        return tree.WindowTimes(
            self._minutes(children[0]), self._minutes(children[1]), span=self.span(start, end)
        )

    def window_name(self, children: list[Any], start: int, end: int) -> tree.WindowName:
        return tree.WindowName(children[0], span=self.span(start, end))

    def window_weekdays(self, children: list[Any], start: int, end: int) -> tree.WindowWeekdays:
        return tree.WindowWeekdays(children[0], children[1], span=self.span(start, end))

    def window_date(self, children: list[Any], start: int, end: int) -> tree.WindowDates:
        span = self.span(start, end)
        self._ordered(children[0].start, children[-1].end, span)
        return tree.WindowDates(children[0].start, children[-1].end, span=span)

    window_dates = window_date

    def window_holidays(self, children: list[Any], start: int, end: int) -> tree.WindowHolidays:
        return tree.WindowHolidays(self._name(children[0]), span=self.span(start, end))

    def window_paren(self, children: list[Any], start: int, end: int) -> tree.WindowParen:
        return tree.WindowParen(children[0], span=self.span(start, end))

    def window_or(self, children: list[Any], start: int, end: int) -> tree.WindowCombination:
        return tree.WindowCombination("or", children[0], children[1], span=self.span(start, end))

    def window_and(self, children: list[Any], start: int, end: int) -> tree.WindowCombination:
        return tree.WindowCombination("and", children[0], children[1], span=self.span(start, end))

    def window_except(self, children: list[Any], start: int, end: int) -> tree.WindowCombination:
        return tree.WindowCombination("except", children[0], children[1], span=self.span(start, end))

    def measure(self, children: list[Any], start: int, end: int) -> tree.Measure:
        name, *rest = children
        label = self._label(rest)
        clauses = self._clauses(rest, f'the measure "{name}"')
        return tree.Measure(name, label=label, **clauses, span=self.span(start, end))

    def formula(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("formula", children[0], start, end)

    def in_unit(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("unit", children[0], start, end)

    def rounded(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("rounding", children[0], start, end)

    def when(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("when", children[0], start, end)

    def between(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("between", (children[0], children[1]), start, end)

    def otherwise_value(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("otherwise", children[0], start, end)

    def not_added(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("not_added", True, start, end)

    def prorated_by_day(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("prorated_by_day", True, start, end)

    # ---- prices

    def rate(self, children: list[Any], start: int, end: int) -> tree.Price:
        return self._price("rate", children, start, end)

    def amount(self, children: list[Any], start: int, end: int) -> tree.Price:
        return self._price("amount", children, start, end)

    def _price(
        self, kind: Literal["rate", "amount"], children: list[Any], start: int, end: int
    ) -> tree.Price:
        name, *rest = children
        label = self._label(rest)
        clauses = self._clauses(rest, f'the {kind} "{name}"')
        formula, dated = clauses.pop("formula", None), clauses.pop("dated", ())
        indexed = None
        if "index" in clauses:
            span = next(clause[2] for clause in rest if clause[0] == "index")
            indexed = tree.Indexation(**clauses, span=self.span(span.start, end))
        elif clauses:
            clause = next(clause for clause in rest if clause[0] in clauses)
            self.diagnostics.append(
                error(
                    "CL119",
                    f'the {kind} "{name}" is not indexed, and this clause is about an index',
                    clause[2],
                    "write `indexed on` and the name of the index before it",
                )
            )
        return tree.Price(kind, name, formula, dated, indexed, label, span=self.span(start, end))

    def dated_values(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("dated", tuple(children), start, end)

    def by_values(self, children: list[Any], start: int, end: int) -> Any:
        figure, *rows = children
        value = tree.ByValue(figure, tuple(rows), span=self.span(start, end))
        return self._clause("formula", value, start, end)

    def indexed_on(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("index", children[0], start, end)

    def index_base(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("base", children[0], start, end)

    def every(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("every", children[0], start, end)

    def index_fixed_part(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("fixed_part", self._decimal(children[0]), start, end)

    def index_lag(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("lag", self._length(children[0], children[1]), start, end)

    def index_coefficient(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("coefficient", children[0], start, end)

    def at_most_plain(self, children: list[Any], start: int, end: int) -> Any:
        value = children[0]
        if not isinstance(value, tree.Percent):
            self.diagnostics.append(
                error("CL120", "the ceiling of an index is a percent", value.span, "write `at most 3%`")
            )
            return self._clause("at_most", None, start, end)
        return self._clause("at_most", value.value, start, end)

    def index_tunnel(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("unchanged_within", self._decimal(children[0]), start, end)

    def dated(self, children: list[Any], start: int, end: int) -> tree.Dated:
        return tree.Dated(self._date(children[0]), children[1], span=self.span(start, end))

    def index(self, children: list[Any], start: int, end: int) -> tree.Index:
        name, *strings = children
        label = self._string(strings[0]) if len(strings) > 1 else None
        return tree.Index(name, self._string(strings[-1]), label, span=self.span(start, end))
