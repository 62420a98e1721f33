"""Bands, tiers and rows by a column, each row as words that may stand alone in a list.

In: rows of the tree. Out: one text a row. A row of a price says the price; a row of a bonus-malus says
whether it adds or takes.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.rendering.prose.expressions import Expressions


class Tables:
    """Writes rows; the values in them are written by the expressions that made it."""

    def __init__(self, expressions: "Expressions") -> None:
        self._expressions = expressions
        self._phrasing = expressions.phrasing

    # ---- bands

    def rows(self, rows: Iterable[tree.Band | tree.ColumnRow]) -> list[str]:
        """The rows of a table, each with its value as it is."""
        return self._written(rows, self._plain)

    def adjustments(self, rows: Iterable[tree.Band | tree.ColumnRow], base: str) -> list[str]:
        """The rows of a bonus-malus; `base` is what its percents are of, with its `of`, or empty."""
        return self._written(rows, lambda row: self.adjustment(row.value, base, row))

    def adjustment(
        self,
        value: tree.Expression | tree.Linear,
        base: str,
        row: tree.Band | tree.ColumnRow | None = None,
    ) -> str:
        """What a value of a bonus-malus does: a deduction, an increase, nothing."""
        say, noun = self._phrasing.say, self._expressions.noun
        if isinstance(value, tree.Linear):
            return self._straight(value, base, row)
        if _is_zero(value):
            return say("adjusted nothing")
        sign, amount = _signed(value)
        if sign is None:
            of = base if self._expressions.is_percent(value) else ""
            return say("adjusted other", value=noun(value), base=of)
        of = base if self._expressions.is_percent(amount) else ""
        if isinstance(amount, tree.ForEach):
            _, each = _signed(amount.amount)
            of = base if self._expressions.is_percent(each) else ""
            return say(f"adjusted {sign}", value=self._expressions.for_each(amount, noun(each) + of), base="")
        return say(f"adjusted {sign}", value=noun(amount), base=of)

    def _straight(self, value: tree.Linear, base: str, row: tree.Band | tree.ColumnRow | None) -> str:
        """A straight line that only adds or only takes is said without signs."""
        signs = [None if _is_zero(end) else _signed(end)[0] for end in (value.start, value.end)]
        one = next((sign for sign in ("plus", "minus") if set(signs) <= {sign, None} and any(signs)), None)
        known = all(_is_zero(end) or _signed(end)[0] for end in (value.start, value.end))
        if one is None or not known:
            start, end = self._linear_edges(value, row)
            return self._phrasing.say("adjusted linear", start=start, end=end, base=base)
        bare = tree.Linear(_signed(value.start)[1], _signed(value.end)[1])
        start, end = self._linear_edges(bare, row)
        return self._phrasing.say(f"adjusted linear {one}", start=start, end=end, base=base)

    def edges(self, row: tree.Band) -> str:
        """The values that a row is for, in words: `from 92% to below 96%`."""
        say, noun = self._phrasing.language.say, self._expressions.noun
        if row.lower is None and row.upper is None:
            return self._phrasing.say("row no data")
        lower = noun(row.lower.value) if row.lower else ""
        upper = noun(row.upper.value) if row.upper else ""
        if row.lower is None:
            return say("band up to" if row.upper and row.upper.included else "band below", upper=upper)
        if row.upper is None:
            return say("band from" if row.lower.included else "band above", lower=lower)
        first = "from" if row.lower.included else "above"
        return say(f"band {first} {'up to' if row.upper.included else 'below'}", lower=lower, upper=upper)

    def _written(
        self,
        rows: Iterable[tree.Band | tree.ColumnRow],
        value: Callable[[tree.Band | tree.ColumnRow], str],
    ) -> list[str]:
        return [self._phrasing.say("row", edges=self._head(row), value=value(row)) for row in rows]

    def _head(self, row: tree.Band | tree.ColumnRow) -> str:
        if isinstance(row, tree.Band):
            return self.edges(row)
        if row.text is None:
            return self._phrasing.say("row otherwise")
        return self._phrasing.quoted(row.text)

    def _plain(self, row: tree.Band | tree.ColumnRow) -> str:
        if isinstance(row.value, tree.Linear):
            start, end = self._linear_edges(row.value, row)
            return self._phrasing.say("linear", start=start, end=end)
        return self._expressions.noun(row.value)

    def _linear_edges(self, value: tree.Linear, row: tree.Band | tree.ColumnRow | None) -> tuple[str, str]:
        """The values of a straight line, each with the edge at which it is reached."""
        noun = self._expressions.noun
        ends = (noun(value.start), noun(value.end))
        if not isinstance(row, tree.Band):
            return ends
        return (self._at(ends[0], row.lower), self._at(ends[1], row.upper))

    def _at(self, value: str, edge: tree.Edge | None) -> str:
        if edge is None:
            return value
        return self._phrasing.say("at edge", value=value, edge=self._expressions.noun(edge.value))

    # ---- tiers

    def pricing(self, price: tree.Graduated | tree.Volume | tree.Package, quantity: tree.Expression) -> str:
        """How tiers count, in a sentence that may announce their rows."""
        say = self._phrasing.say
        match price:
            case tree.Graduated():
                return say("pricing graduated", span=self._counted_over(price.over))
            case tree.Volume():
                figure = self._expressions.noun(price.of if price.of is not None else quantity)
                key = "pricing volume" if price.over is None else "pricing volume over"
                return say(key, figure=figure, span=self._counted_over(price.over))
            case tree.Package():
                size = self._phrasing.number(price.size)
                return say("pricing package", size=size, price=self._expressions.noun(price.price))

    def tiers(self, price: tree.Graduated | tree.Volume | tree.Package) -> list[str]:
        """The rows of a table of tiers; a package has none."""
        if isinstance(price, tree.Package):
            return []
        kind = "graduated" if isinstance(price, tree.Graduated) else "volume"
        rows, before = [], ""
        for tier in price.tiers:
            upper = self._expressions.noun(tier.up_to) if tier.up_to is not None else ""
            shape = ("between" if before else "up to") if upper else ("beyond" if before else "all")
            head = self._phrasing.language.say(f"tier {shape}", **{"from": before, "up_to": upper})
            value = self._expressions.noun(tier.price)
            if tier.plus is not None:
                plus = self._expressions.noun(tier.plus)
                value = self._phrasing.say(f"tier plus {kind}", price=value, plus=plus)
            rows.append(self._phrasing.say("row", edges=head, value=value))
            before = upper
        return rows

    def _counted_over(self, over: tree.SpanOfTime | None) -> str:
        if over is None:
            return self._phrasing.say("tiers each period")
        return self._phrasing.say("tiers over", span=self._phrasing.span(over))


def _is_zero(node: tree.Expression) -> bool:
    """Whether a value is written as zero, in whatever unit."""
    match node:
        case tree.Number() | tree.Percent():
            return node.value == 0
        case tree.PercentOf():
            return node.percent == 0
        case tree.Negative() | tree.Paren():
            return _is_zero(node.value)
        case _:
            return False


def _signed(node: tree.Expression) -> tuple[Literal["plus", "minus"] | None, tree.Expression]:
    """Whether a written value adds or takes, and how much; None where only a usage can tell."""
    match node:
        case tree.Number() | tree.Percent() | tree.PercentOf():
            return "plus", node
        case tree.Paren():
            return _signed(node.value)
        case tree.Negative():
            sign, amount = _signed(node.value)
            return ({"plus": "minus", "minus": "plus"}[sign] if sign else None), amount  # type: ignore[return-value]
        case tree.ForEach():
            sign, _ = _signed(node.amount)
            return sign, node
        case _:
            return None, node
