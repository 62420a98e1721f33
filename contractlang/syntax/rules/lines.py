"""What is charged: lines of every kind, and the rows of their tables."""

from typing import Any, cast

from contractlang.diagnostics import error
from contractlang.syntax import tree
from contractlang.syntax.rules.words import Token, Words
from contractlang.text import Span

_KINDS: dict[str, tree.LineKind] = {
    "CHARGE": "charge",
    "FEE": "fee",
    "SUBSCRIPTION": "subscription",
    "BONUS_MALUS": "bonus_malus",
    "PENALTY": "penalty",
    "MINIMUM": "minimum",
    "LIMIT": "limit",
}


class Lines(Words):
    """Builds lines and rows."""

    # ---- lines

    def line_kind(self, children: list[Any], start: int, end: int) -> Token:
        return cast("Token", children[0])

    def line(self, children: list[Any], start: int, end: int) -> tree.Line:
        token, *rest = children
        name, *clauses = rest
        return self._line(_KINDS[token[0]], name, self._label(clauses), clauses, start, end)

    def clawback(self, children: list[Any], start: int, end: int) -> tree.Line:
        name, *rest = children
        label = self._label(rest)
        of, *clauses = rest
        return self._line("clawback", name, label, clauses, start, end, of)

    def _line(
        self,
        kind: tree.LineKind,
        name: tree.Name,
        label: str | None,
        rest: list[Any],
        start: int,
        end: int,
        of: tree.Name | None = None,
    ) -> tree.Line:
        parts: list[tree.Part] = []
        scorecard = False
        others = []
        for clause in rest:
            if isinstance(clause, tree.Part):
                parts.append(clause)
            elif clause[0] == "scorecard":
                if scorecard:
                    self.diagnostics.append(
                        error(
                            "CL116",
                            f'"{name}" has two scorecards',
                            clause[2],
                            "put all parts between the same braces",
                        )
                    )
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
            of=of, **clauses, span=self.span(start, end),
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
