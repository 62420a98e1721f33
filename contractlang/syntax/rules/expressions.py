"""Expressions, from numbers to conditions, prices and spans of time."""

from decimal import Decimal
from typing import Any, Literal, cast

from contractlang.syntax import tree
from contractlang.syntax.rules.words import Words
from contractlang.text import Span


class Expressions(Words):
    """Builds expressions."""

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
        if start in self.unnamed_tiers:
            from contractlang.syntax.rules.tiers import without_kind

            self.unnamed_tiers.remove(start)
            self.diagnostics.append(without_kind(self.span(start, start + 1), tiers))
        return tree.Graduated(tiers, over, span=self.span(start, end))

    def volume(self, children: list[Any], start: int, end: int) -> tree.Volume:
        over, tiers = self._tiers(children)
        of = next((child for child in children if isinstance(child, (tree.Reference, tree.Member))), None)
        return tree.Volume(tiers, of, over, span=self.span(start, end))

    def volume_of(self, children: list[Any], start: int, end: int) -> Any:
        return children[0]

    def package(self, children: list[Any], start: int, end: int) -> tree.Package:
        size = tree.Number(
            self._decimal(children[0]),
            children[1],
            span=Span.cover(self._token_span(children[0]), children[1].span),
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

    def round_plain(self, children: list[Any], start: int, end: int) -> str:
        return "half_up"

    def round_up(self, children: list[Any], start: int, end: int) -> str:
        return "up"

    def round_down(self, children: list[Any], start: int, end: int) -> str:
        return "down"

    def round_mode(self, children: list[Any], start: int, end: int) -> tree.Name:
        return cast("tree.Name", children[0])
