"""Rules to tree: one method for each rule of the grammar, named as the rule or its alias.

In: the meaningful children of a rule (nodes, and tokens as `(terminal, start, end)`) and the
characters it covers. Out: a node of `tree`. What the grammar cannot say (a date that does not exist,
a clause written twice, a number of a million digits) is said here, and the node is built all the same.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, cast

from contractlang.calendar import ONE_DAY, add_length, add_months, interval
from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.syntax import tree
from contractlang.text import Source, Span
from contractlang.units import LENGTHS

Token = tuple[str, int, int]
_SPACES = re.compile(r"[ \u00a0\u202f_]")
_LAST_YEAR = 9000
MOST_DIGITS = 40

_KINDS: dict[str, tree.LineKind] = {
    "CHARGE": "charge",
    "FEE": "fee",
    "SUBSCRIPTION": "subscription",
    "BONUS_MALUS": "bonus_malus",
    "PENALTY": "penalty",
    "MINIMUM": "minimum",
    "LIMIT": "limit",
}


class Builder:
    """Builds the tree of one source; `diagnostics` collects what is wrong with the words themselves."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.diagnostics: list[Diagnostic] = []

    # ---- tokens

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
                    f"{word!r} is not a length of calendar time".replace("'", '"'),
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

    # ---- file and header

    def start(self, children: list[Any], start: int, end: int) -> tuple[tree.AnyDeclaration, ...]:
        return tuple(children)

    def _clauses(self, children: Sequence[Any], what: str) -> dict[str, Any]:
        """Clauses by name; one written twice is an error at the second that shows the first."""
        found: dict[str, tuple[Any, Span]] = {}
        for clause in children:
            name, value, span = clause
            if name in found:
                words = name.replace("_", " ")
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

    def contract(self, children: list[Any], start: int, end: int) -> tree.Contract:
        title, *clauses = children
        return tree.Contract(
            self._string(title), **self._clauses(clauses, "the contract"), span=self.span(start, end)
        )

    def _clause(self, name: str, value: Any, start: int, end: int) -> tuple[str, Any, Span]:
        return name, value, self.span(start, end)

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
        return self._clause("term", tree.Term(first, self._later(first, length), span=span), start, end)

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

    # ---- what is measured

    def unit(self, children: list[Any], start: int, end: int) -> tree.Unit:
        name, *rest = children
        plural = next((child for child in rest if isinstance(child, tree.Name)), None)
        equals = next((child for child in rest if not isinstance(child, tree.Name)), None)
        return tree.Unit(name, plural, equals, span=self.span(start, end))

    def usage(self, children: list[Any], start: int, end: int) -> tree.Usage:
        name, unit, *rest = children
        on = rest.pop(0) if rest and isinstance(rest[0], tree.Name) else None
        return tree.Usage(name, unit, tuple(rest), on, span=self.span(start, end))

    def column(self, children: list[Any], start: int, end: int) -> tree.Column:
        return tree.Column(children[0], children[1], len(children) > 2, span=self.span(start, end))

    def window(self, children: list[Any], start: int, end: int) -> tree.Window:
        name, *rest = children
        label = self._label(rest)
        return tree.Window(name, rest[0] if rest else None, label, span=self.span(start, end))

    def _label(self, children: list[Any]) -> str | None:
        if children and isinstance(children[0], tuple) and children[0][0] == "STRING":
            return self._string(cast("Token", children.pop(0)))
        return None

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

    # ---- lines

    def line_kind(self, children: list[Any], start: int, end: int) -> Token:
        return cast("Token", children[0])

    def line(self, children: list[Any], start: int, end: int) -> tree.Line:
        token, *rest = children
        return self._line(_KINDS[token[0]], rest, start, end, {})

    def clawback(self, children: list[Any], start: int, end: int) -> tree.Line:
        name, *rest = children
        label = self._label(rest)
        of, *clauses = rest
        return self._line("clawback", [name, *clauses], start, end, {"of": of, "label": label})

    def _line(
        self, kind: tree.LineKind, children: list[Any], start: int, end: int, more: dict[str, Any]
    ) -> tree.Line:
        name, *rest = children
        label = more.pop("label", None) or self._label(rest)
        parts: list[tree.Part] = []
        scorecard = False
        others = []
        for clause in rest:
            if isinstance(clause, tree.Part):
                parts.append(clause)
            elif clause[0] == "scorecard":
                parts.extend(clause[1])
                scorecard = True
            else:
                others.append(clause)
        clauses = self._clauses(others, f'"{name}"')
        if "formula" in clauses:
            clauses["value"] = clauses.pop("formula")
        written = tuple((clause[0], clause[2]) for clause in others)
        return tree.Line(
            kind, name, label, parts=tuple(parts), scorecard=scorecard, clauses=written,
            **clauses, **more, span=self.span(start, end),
        )  # fmt: skip

    def on(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("on", tuple(children[0]), start, end)

    def names(self, children: list[Any], start: int, end: int) -> tuple[tree.Name, ...]:
        return tuple(children)

    def by_part(self, children: list[Any], start: int, end: int) -> tree.Part:
        figure, *rest = children
        name = rest.pop(0) if rest and isinstance(rest[0], tree.Name) else None
        weight = self._decimal(rest.pop(0)) if rest and isinstance(rest[0], tuple) else None
        return tree.Part(figure, tuple(rest), name, weight, span=self.span(start, end))

    def scorecard(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("scorecard", tuple(children), start, end)

    def _bound(self, name: str, children: list[Any], start: int, end: int) -> Any:
        over = children[1] if len(children) > 1 else None
        return self._clause(name, tree.Bound(children[0], over, span=self.span(start, end)), start, end)

    def at_most(self, children: list[Any], start: int, end: int) -> Any:
        return self._bound("at_most", children, start, end)

    def at_least(self, children: list[Any], start: int, end: int) -> Any:
        return self._bound("at_least", children, start, end)

    def bonus_at_most(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("bonus_at_most", children[0], start, end)

    def malus_at_most(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("malus_at_most", children[0], start, end)

    def bonus_when(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("bonus_when", children[0], start, end)

    def malus_when(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("malus_when", children[0], start, end)

    def from_date(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("start", self._date(children[0]), start, end)

    def until_date(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("until", self._date(children[0]), start, end)

    def in_advance(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("timing", "advance", start, end)

    def in_arrears(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("timing", "arrears", start, end)

    def not_prorated(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("not_prorated", True, start, end)

    def once(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("once", True, start, end)

    def once_on(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("once_on", self._date(children[0]), start, end)

    def taxed(self, children: list[Any], start: int, end: int) -> Any:
        value = tree.VatNature("taxed", self._decimal(children[0]), span=self.span(start, end))
        return self._clause("vat", value, start, end)

    def exempt(self, children: list[Any], start: int, end: int) -> Any:
        value = tree.VatNature("exempt", None, self._string(children[0]), span=self.span(start, end))
        return self._clause("vat", value, start, end)

    def untaxed(self, children: list[Any], start: int, end: int) -> Any:
        value = tree.VatNature("untaxed", None, self._string(children[0]), span=self.span(start, end))
        return self._clause("vat", value, start, end)

    def one_line_per_tier(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("one_line_per_tier", True, start, end)

    def carried_forward(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("carried_forward", True, start, end)

    def as_of(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("as_of", children[0], start, end)

    # ---- bands

    def _band(
        self, lower: Any, lower_in: bool | None, upper: Any, upper_in: bool | None, value: Any, span: Span
    ) -> tree.Band:
        return tree.Band(
            tree.Edge(lower, lower_in, span=lower.span) if lower is not None else None,
            tree.Edge(upper, upper_in, span=upper.span) if upper is not None else None,
            value,
            span=span,
        )

    def band_from_below(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(children[0], True, children[1], False, children[2], self.span(start, end))

    def band_from_up_to(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(children[0], True, children[1], True, children[2], self.span(start, end))

    def band_from_to(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(children[0], True, children[1], None, children[2], self.span(start, end))

    def band_above_up_to(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(children[0], False, children[1], True, children[2], self.span(start, end))

    def band_above_below(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(children[0], False, children[1], False, children[2], self.span(start, end))

    def band_above_to(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(children[0], False, children[1], None, children[2], self.span(start, end))

    def band_from(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(children[0], True, None, None, children[1], self.span(start, end))

    def band_above(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(children[0], False, None, None, children[1], self.span(start, end))

    def band_below(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(None, None, children[0], False, children[1], self.span(start, end))

    def band_up_to(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(None, None, children[0], True, children[1], self.span(start, end))

    def band_no_data(self, children: list[Any], start: int, end: int) -> tree.Band:
        return self._band(None, None, None, None, children[0], self.span(start, end))

    def row_value(self, children: list[Any], start: int, end: int) -> tree.ColumnRow:
        return tree.ColumnRow(self._string(children[0]), children[1], span=self.span(start, end))

    def row_otherwise(self, children: list[Any], start: int, end: int) -> tree.ColumnRow:
        return tree.ColumnRow(None, children[0], span=self.span(start, end))

    def linear(self, children: list[Any], start: int, end: int) -> tree.Linear:
        return tree.Linear(children[0], children[1], span=self.span(start, end))

    # ---- phases and amendments

    def phase(self, children: list[Any], start: int, end: int) -> tree.Phase:
        name, *rest = children
        label = self._label(rest)
        return tree.Phase(name, label, tuple(rest), span=self.span(start, end))

    def transition(self, children: list[Any], start: int, end: int) -> tree.Transition:
        to, *rest = children
        clauses = self._clauses(rest, f'the transition to "{to}"')
        return tree.Transition(to, **clauses, span=self.span(start, end))

    def after(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("after", self._length(children[0], children[1]), start, end)

    def on_date(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("on", self._date(children[0]), start, end)

    def not_before(self, children: list[Any], start: int, end: int) -> Any:
        return self._clause("not_before", self._length(children[0], children[1]), start, end)

    def remove(self, children: list[Any], start: int, end: int) -> tree.Remove:
        return tree.Remove(children[0], span=self.span(start, end))

    def amendment(self, children: list[Any], start: int, end: int) -> tree.Amendment:
        label, effective, *rest = children
        header = self._clauses([item for item in rest if isinstance(item, tuple)], "the amendment")
        items = tuple(item for item in rest if not isinstance(item, tuple))
        return tree.Amendment(
            self._string(label), self._date(effective), items, **header, span=self.span(start, end)
        )

    # ---- scenarios

    def test(self, children: list[Any], start: int, end: int) -> tree.Test:
        title, *items = children
        return tree.Test(self._string(title), tuple(items), span=self.span(start, end))

    def given(self, children: list[Any], start: int, end: int) -> tree.Given:
        period, *figures = children
        return tree.Given(period, tuple(figures), span=self.span(start, end))

    def assignment(self, children: list[Any], start: int, end: int) -> tree.Assignment:
        return tree.Assignment(self._name(children[0]), children[1], span=self.span(start, end))

    def expect(self, children: list[Any], start: int, end: int) -> tree.Expect:
        subject, value, *rest = children
        name, member, phase = subject
        return tree.Expect(name, value, rest[0] if rest else None, member, phase, span=self.span(start, end))

    def subject_name(self, children: list[Any], start: int, end: int) -> Any:
        return children[0], None, False

    def subject_member(self, children: list[Any], start: int, end: int) -> Any:
        dot = self.text.index(".", start)
        owner = tree.Name(self.text[start:dot], span=self.span(start, dot))
        return owner, tree.Name(self.text[dot + 1 : end], span=self.span(dot + 1, end)), False

    def subject_phase(self, children: list[Any], start: int, end: int) -> Any:
        return tree.Name("phase", span=self.span(start, end)), None, True

    def no_data(self, children: list[Any], start: int, end: int) -> tree.NoData:
        return tree.NoData(span=self.span(start, end))

    def invariant(self, children: list[Any], start: int, end: int) -> tree.Invariant:
        return tree.Invariant(self._string(children[0]), children[1], span=self.span(start, end))

    # ---- expressions

    def number(self, children: list[Any], start: int, end: int) -> tree.Number:
        return tree.Number(self._decimal(children[0]), span=self.span(start, end))

    def quantity(self, children: list[Any], start: int, end: int) -> tree.Number:
        return tree.Number(self._decimal(children[0]), children[1], span=self.span(start, end))

    def percent(self, children: list[Any], start: int, end: int) -> tree.Percent:
        return tree.Percent(self._decimal(children[0]), span=self.span(start, end))

    def text_(self, children: list[Any], start: int, end: int) -> tree.Text:
        return tree.Text(self._string(children[0]), span=self.span(start, end))

    def day(self, children: list[Any], start: int, end: int) -> tree.Day:
        return tree.Day(self._date(children[0]), span=self.span(start, end))

    def yes(self, children: list[Any], start: int, end: int) -> tree.YesNo:
        return tree.YesNo(True, span=self.span(start, end))

    def no(self, children: list[Any], start: int, end: int) -> tree.YesNo:
        return tree.YesNo(False, span=self.span(start, end))

    def known(self, children: list[Any], start: int, end: int) -> tree.Known:
        return tree.Known(span=self.span(start, end))

    def path(self, children: list[Any], start: int, end: int) -> tree.Reference | tree.Member:
        if len(children) == 1:
            return tree.Reference(children[0], span=self.span(start, end))
        return tree.Member(children[0], children[1], span=self.span(start, end))

    def paren(self, children: list[Any], start: int, end: int) -> tree.Paren:
        return tree.Paren(children[0], span=self.span(start, end))

    def negative(self, children: list[Any], start: int, end: int) -> tree.Negative:
        return tree.Negative(children[0], span=self.span(start, end))

    def positive(self, children: list[Any], start: int, end: int) -> Any:
        return children[0]

    def percent_of(self, children: list[Any], start: int, end: int) -> tree.PercentOf:
        return tree.PercentOf(self._decimal(children[0]), children[1], span=self.span(start, end))

    def add(self, children: list[Any], start: int, end: int) -> tree.Binary:
        return tree.Binary("+", children[0], children[1], span=self.span(start, end))

    def subtract(self, children: list[Any], start: int, end: int) -> tree.Binary:
        return tree.Binary("-", children[0], children[1], span=self.span(start, end))

    def multiply(self, children: list[Any], start: int, end: int) -> tree.Binary:
        return tree.Binary("*", children[0], children[1], span=self.span(start, end))

    def divide(self, children: list[Any], start: int, end: int) -> tree.Binary:
        return tree.Binary("/", children[0], children[1], span=self.span(start, end))

    def for_each(self, children: list[Any], start: int, end: int) -> tree.ForEach:
        amount, *rest = children
        mode = rest.pop(0)[1] if isinstance(rest[0], tuple) and rest[0][0] == "mode" else None
        step = rest.pop(0)
        edge, side = rest.pop(), rest.pop()
        figure = rest[0] if rest else None
        return tree.ForEach(amount, mode, step, figure, side, edge, span=self.span(start, end))

    def each_mode(self, children: list[Any], start: int, end: int) -> tuple[str, str]:
        return "mode", {"FULL": "full", "STARTED": "started", "PRO_RATA": "pro rata"}[children[0][0]]

    def each_step(self, children: list[Any], start: int, end: int) -> tree.Number | tree.Percent:
        token, *unit = children
        span = self.span(start, end)
        if token[0] == "NAME":
            word = tree.UnitName(self._word(token), span=span)
            return tree.Number(Decimal(1), word, span=span)
        if token[0] == "PERCENT":
            return tree.Percent(self._decimal(token), span=span)
        return tree.Number(self._decimal(token), unit[0] if unit else None, span=span)

    step = each_step

    def side(self, children: list[Any], start: int, end: int) -> str:
        return "below" if children[0][0] == "BELOW" else "above"

    def compare(self, children: list[Any], start: int, end: int) -> tree.Compare:
        left, token, right = children
        operator = self._word(token).replace("≤", "<=").replace("≥", ">=")
        return tree.Compare(
            cast("Literal['<', '<=', '>', '>=']", operator), left, right, span=self.span(start, end)
        )

    def is_(self, children: list[Any], start: int, end: int) -> tree.Is:
        return tree.Is(children[0], children[1], span=self.span(start, end))

    def is_not(self, children: list[Any], start: int, end: int) -> tree.Is:
        return tree.Is(children[0], children[1], True, span=self.span(start, end))

    def in_window(self, children: list[Any], start: int, end: int) -> tree.InWindow:
        return tree.InWindow(children[0], children[1], span=self.span(start, end))

    def not_(self, children: list[Any], start: int, end: int) -> tree.Not:
        return tree.Not(children[0], span=self.span(start, end))

    def or_(self, children: list[Any], start: int, end: int) -> tree.Logic:
        return tree.Logic("or", children[0], children[1], span=self.span(start, end))

    def and_(self, children: list[Any], start: int, end: int) -> tree.Logic:
        return tree.Logic("and", children[0], children[1], span=self.span(start, end))

    def if_then_else(self, children: list[Any], start: int, end: int) -> tree.If:
        return tree.If(children[0], children[1], children[2], span=self.span(start, end))

    def for_span(self, children: list[Any], start: int, end: int) -> tree.Holds:
        return tree.Holds(children[0], self._length(children[1], children[2]), span=self.span(start, end))

    def previous(self, children: list[Any], start: int, end: int) -> tree.Previous:
        value, *rest = children
        steps = self._whole(rest.pop(0)) if len(rest) > 1 else 1
        return tree.Previous(value, rest[0], steps, span=self.span(start, end))

    def call(self, children: list[Any], start: int, end: int) -> tree.Call:
        return tree.Call(children[0], children[1], span=self.span(start, end))

    def arguments(self, children: list[Any], start: int, end: int) -> tuple[tree.Argument, ...]:
        return tuple(children)

    def _argument(self, first: dict[str, Any], rest: list[Any], start: int, end: int) -> tree.Argument:
        for child in rest:
            if isinstance(child, tree.Name):
                first["during"] = child
            else:
                first.update(child)
        return tree.Argument(**first, span=self.span(start, end))

    def argument(self, children: list[Any], start: int, end: int) -> tree.Argument:
        return self._argument({"value": children[0]}, children[1:], start, end)

    def interval(self, children: list[Any], start: int, end: int) -> tree.Argument:
        return self._argument({"value": children[0], "to": children[1]}, children[2:], start, end)

    def each_rounded(self, children: list[Any], start: int, end: int) -> tree.Argument:
        return tree.Argument(each=children[0], span=self.span(start, end))

    def where(self, children: list[Any], start: int, end: int) -> dict[str, Any]:
        return {"where": children[0]}

    def by_part_of(self, children: list[Any], start: int, end: int) -> dict[str, Any]:
        return {"by": children[0], "over": children[1] if len(children) > 1 else None}

    def by_value(self, children: list[Any], start: int, end: int) -> tree.ByValue:
        return tree.ByValue(children[0], tuple(children[1:]), span=self.span(start, end))

    def over(self, children: list[Any], start: int, end: int) -> tree.Over:
        return tree.Over(children[0], children[1], span=self.span(start, end))

    def span_rolling(self, children: list[Any], start: int, end: int) -> tree.Rolling:
        return tree.Rolling(self._length(children[0], children[1]), span=self.span(start, end))

    def span_before(self, children: list[Any], start: int, end: int) -> tree.Before:
        return tree.Before(self._length(children[0], children[1]), span=self.span(start, end))

    def span_named(self, children: list[Any], start: int, end: int) -> tree.ToDate:
        return tree.ToDate(children[0].text, span=self.span(start, end))

    def span_contract(self, children: list[Any], start: int, end: int) -> tree.ToDate:
        return tree.ToDate("contract", span=self.span(start, end))

    def span_contract_year(self, children: list[Any], start: int, end: int) -> tree.ToDate:
        return tree.ToDate("contract year", span=self.span(start, end))

    def span_fixed(self, children: list[Any], start: int, end: int) -> tree.Fixed:
        span = self.span(start, end)
        self._ordered(children[0].start, children[-1].end, span)
        return tree.Fixed(children[0].start, children[-1].end, span=span)

    def span_phase(self, children: list[Any], start: int, end: int) -> tree.InPhase:
        return tree.InPhase(children[0], span=self.span(start, end))

    def per(self, children: list[Any], start: int, end: int) -> tree.Priced:
        return tree.Priced(children[0], children[1], None, span=self.span(start, end))

    def at(self, children: list[Any], start: int, end: int) -> tree.Priced:
        return tree.Priced(children[0], None, children[1], span=self.span(start, end))

    def per_at(self, children: list[Any], start: int, end: int) -> tree.Priced:
        return tree.Priced(children[0], children[1], children[2], span=self.span(start, end))

    def _tiers(self, children: list[Any]) -> tuple[tree.SpanOfTime | None, tuple[tree.Tier, ...]]:
        spans = (tree.Rolling, tree.Before, tree.ToDate, tree.Fixed, tree.InPhase)
        over = next((child for child in children if isinstance(child, spans)), None)
        return over, tuple(child for child in children if isinstance(child, tree.Tier))

    def graduated(self, children: list[Any], start: int, end: int) -> tree.Graduated:
        over, tiers = self._tiers(children)
        return tree.Graduated(tiers, over, span=self.span(start, end))

    def volume(self, children: list[Any], start: int, end: int) -> tree.Volume:
        over, tiers = self._tiers(children)
        of = next((child for child in children if isinstance(child, (tree.Reference, tree.Member))), None)
        return tree.Volume(tiers, of, over, span=self.span(start, end))

    def volume_of(self, children: list[Any], start: int, end: int) -> Any:
        return children[0]

    def package(self, children: list[Any], start: int, end: int) -> tree.Package:
        size = tree.Number(
            self._decimal(children[0]), children[1], span=Span.cover(self._token_span(children[0]), children[1].span)
        )
        return tree.Package(size, children[2], span=self.span(start, end))

    def tier_up_to(self, children: list[Any], start: int, end: int) -> tree.Tier:
        plus = children[2] if len(children) > 2 else None
        return tree.Tier(children[0], children[1], plus, span=self.span(start, end))

    def tier_beyond(self, children: list[Any], start: int, end: int) -> tree.Tier:
        plus = children[1] if len(children) > 1 else None
        return tree.Tier(None, children[0], plus, span=self.span(start, end))

    def rounding(self, children: list[Any], start: int, end: int) -> tree.Rounding:
        return tree.Rounding(self._mode(children[0]), children[1], span=self.span(start, end))

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

    def round_plain(self, children: list[Any], start: int, end: int) -> str:
        return "half_up"

    def round_up(self, children: list[Any], start: int, end: int) -> str:
        return "up"

    def round_down(self, children: list[Any], start: int, end: int) -> str:
        return "down"

    def round_mode(self, children: list[Any], start: int, end: int) -> tree.Name:
        return cast("tree.Name", children[0])
