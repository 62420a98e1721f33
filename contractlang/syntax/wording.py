"""Expressions of the tree as text that reads back as the same tree.

In: nodes of `tree` without layout. Out: text; tables of rows take several lines. Parentheses of the
tree are printed as they stand, and those that the grammar needs are added where a tree was built
without them. `normal` leaves out what does not change the meaning: needless parentheses, and zeros
at the end of decimals.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from contractlang.calendar import add_months
from contractlang.syntax import tree

ONE_DAY = timedelta(days=1)

# How tightly each kind of expression binds, from the loosest rule of the grammar to the tightest.
_WHOLE, _OR, _AND, _NOT, _COMPARISON, _PRICED, _EACH, _SUM, _PRODUCT, _SIGNED, _POSTFIX, _ATOM = range(12)


class Wording:
    """Writes expressions; `normal` writes equal meanings equally."""

    def __init__(self, normal: bool = False) -> None:
        self.normal = normal

    # ---- numbers, days and names

    def decimal(self, value: Decimal) -> str:
        """A number with spaces between thousands: `12 345.67`."""
        text = format(value, "f")
        if self.normal and "." in text:
            text = text.rstrip("0").rstrip(".")
        whole, dot, part = text.partition(".")
        return f"{int(whole):,}".replace(",", " ") + dot + part

    def percent(self, value: Decimal) -> str:
        """A percent as written: 92.5 is `92.5%`."""
        return self.decimal(value) + "%"

    def number(self, node: tree.Number) -> str:
        """A number, with its unit where it has one."""
        text = self.decimal(node.value)
        return f"{text} {node.unit.text}" if node.unit else text

    def step(self, node: tree.Number | tree.Percent) -> str:
        """The step of a rounding or of a `for each`."""
        return self.number(node) if isinstance(node, tree.Number) else self.percent(node.value)

    def rounding(self, node: tree.Rounding) -> str:
        """`rounded to 0.01%`, with its mode where that is not half_up."""
        mode = "" if node.mode == "half_up" else node.mode + " "
        return f"rounded {mode}to {self.step(node.step)}"

    # ---- expressions

    def expression(self, node: "tree.Expression", level: int = _WHOLE, inner: bool = False) -> str:
        """An expression where the grammar takes one that binds at least as tightly as `level`.

        `inner` says that it stands in parentheses, where `in` asks for a window.
        """
        node = self._bare(node)
        if self._level(node) < level or (isinstance(node, tree.InWindow) and not inner):
            return f"({self._text(node, True)})"
        return self._text(node, inner)

    def sum(self, node: "tree.Expression") -> str:
        """An expression where the grammar takes a sum: an edge, a tier, the figure of a table."""
        return self.expression(node, _SUM)

    def bound(self, node: "tree.Expression") -> str:
        """An expression where the grammar takes one amount, one percent of a line, or a parenthesis."""
        node = self._bare(node)
        if isinstance(node, tree.Negative):
            return f"-{self.bound(node.value)}"
        if isinstance(node, tree.PercentOf):
            return f"{self.percent(node.percent)} of {self._name_or_paren(node.of)}"
        if isinstance(node, (tree.Number, tree.Percent, tree.YesNo)):
            return self._text(node, False)
        return self._name_or_paren(node)

    def _name_or_paren(self, node: "tree.Expression") -> str:
        node = self._bare(node)
        if isinstance(node, (tree.Reference, tree.Member, tree.Paren)):
            return self._text(node, False)
        return f"({self._text(node, True)})"

    def _bare(self, node: "tree.Expression") -> "tree.Expression":
        """The expression without the parentheses around it, where only the meaning counts."""
        while self.normal and isinstance(node, tree.Paren):
            node = node.value
        return node

    def _level(self, node: "tree.Expression") -> int:
        if isinstance(node, tree.Logic):
            return _OR if node.operator == "or" else _AND
        if isinstance(node, tree.Binary):
            return _SUM if node.operator in "+-" else _PRODUCT
        if isinstance(node, tree.Over):
            # `over` beside a bare sign is refused by checking, so the normal form never writes that.
            return _COMPARISON if self.normal else _POSTFIX
        return _LEVELS.get(type(node), _ATOM)

    def _text(self, node: "tree.Expression", inner: bool) -> str:
        match node:
            case tree.Number():
                return self.number(node)
            case tree.Percent():
                return self.percent(node.value)
            case tree.Text():
                return quoted(node.value)
            case tree.Day():
                return node.value.isoformat()
            case tree.YesNo():
                return "yes" if node.value else "no"
            case tree.NoData():
                return "no data"
            case tree.Reference():
                return node.name.text
            case tree.Member():
                return f"{node.owner.text}.{node.member.text}"
            case tree.Paren():
                return f"({self.expression(node.value, inner=True)})"
            case tree.Negative():
                return f"-{self.expression(node.value, _SIGNED)}"
            case tree.Binary():
                level = self._level(node)
                left = self.expression(node.left, level)
                return f"{left} {node.operator} {self.expression(node.right, level + 1)}"
            case tree.PercentOf():
                return f"{self.percent(node.percent)} of {self.expression(node.of, _POSTFIX)}"
            case tree.ForEach():
                return self._for_each(node)
            case tree.Call():
                arguments = ", ".join(self._argument(one) for one in node.arguments)
                return f"{node.function.text}({arguments})"
            case tree.Previous():
                steps = f", {node.steps}" if node.steps != 1 else ""
                value = self.expression(node.value, inner=True)
                return f"previous({value}{steps}) else {self.bound(node.otherwise)}"
            case tree.Over():
                return f"{self.expression(node.value, _ATOM)} over {self.span(node.span_of_time)}"
            case tree.ByValue():
                return self.by_value(node)
            case tree.Priced():
                return self._priced(node)
            case _:
                return self._condition(node, inner)

    def _condition(
        self,
        node: tree.Compare | tree.Is | tree.InWindow | tree.Not | tree.Logic | tree.If | tree.Holds,
        inner: bool,
    ) -> str:
        match node:
            case tree.Compare():
                left = self.expression(node.left, _PRICED)
                return f"{left} {node.operator} {self.expression(node.right, _PRICED)}"
            case tree.Is():
                what = "known" if isinstance(node.what, tree.Known) else self.sum(node.what)
                negated = "not " if node.negated else ""
                return f"{self.expression(node.value, _PRICED)} is {negated}{what}"
            case tree.InWindow():
                return f"{self.expression(node.value, _PRICED)} in {node.window.text}"
            case tree.Not():
                return f"not {self.expression(node.value, _NOT, inner)}"
            case tree.Logic():
                level = self._level(node)
                left = self.expression(node.left, level, inner)
                return f"{left} {node.operator} {self.expression(node.right, level + 1, inner)}"
            case tree.If():
                condition = self.expression(node.condition, inner=inner)
                then = self.expression(node.then, inner=inner)
                return f"if {condition} then {then} else {self.expression(node.otherwise, inner=inner)}"
            case tree.Holds():
                return f"{self.expression(node.condition, _OR, inner)} for {length(node.length)}"
            case _:
                assert_never(node)

    def _for_each(self, node: tree.ForEach) -> str:
        step = node.step
        words = [self.expression(node.amount, _SUM), "for each"]
        if node.mode:
            words.append(node.mode)
        if isinstance(step, tree.Number) and step.unit and step.value == 1 and "/" not in step.unit.text:
            words.append(step.unit.text)
        else:
            words.append(self.step(step))
        if node.figure is not None:
            words += ["of", self.sum(node.figure)]
        return " ".join([*words, node.side, self.sum(node.edge)])

    def _argument(self, node: tree.Argument) -> str:
        if node.value is None:
            return f"each {self.rounding(node.each)}" if node.each else ""
        if node.to is None:
            words = [self.expression(node.value, inner=True)]
        else:
            words = [f"{self._name_or_paren(node.value)} to {self._name_or_paren(node.to)}"]
        if node.during:
            words.append(f"during {node.during.text}")
        if node.where is not None:
            words.append(f"where {self.expression(node.where, inner=True)}")
        if node.by:
            words.append(f"by {node.by.text}")
        if node.over is not None:
            words.append(f"over {self.span(node.over)}")
        return " ".join(words)

    def _priced(self, node: tree.Priced) -> str:
        words = [self.expression(node.quantity, _EACH)]
        if node.per:
            words.append(f"per {node.per.text}")
        match node.price:
            case None:
                pass
            case tree.Graduated(tiers, over):
                words.append(f"at graduated prices{self._over(over)}{self._tiers(tiers)}")
            case tree.Volume(tiers, of, over):
                figure = f" of {self._name_or_paren(of)}" if of is not None else ""
                words.append(f"at volume price{figure}{self._over(over)}{self._tiers(tiers)}")
            case tree.Package(size, price):
                words.append(f"at package of {self.number(size)} : {self.expression(price, _EACH)}")
            case _:
                words.append(f"at {self.expression(node.price, _EACH)}")
        return " ".join(words)

    def _over(self, node: tree.SpanOfTime | None) -> str:
        return f" over {self.span(node)}" if node is not None else ""

    def _tiers(self, tiers: Iterable[tree.Tier]) -> str:
        return block(self._tier(tier) for tier in tiers)

    def _tier(self, tier: tree.Tier) -> str:
        edge = f"up to {self.sum(tier.up_to)}" if tier.up_to is not None else "beyond"
        plus = f" plus {self.sum(tier.plus)}" if tier.plus is not None else ""
        return f"{edge} : {self.sum(tier.price)}{plus}"

    # ---- tables of rows

    def by_value(self, node: tree.ByValue) -> str:
        """A table by a figure or a column, with its rows."""
        return f"by {self.sum(node.figure)}{self.rows(node.rows)}"

    def column(self, node: tree.Column) -> str:
        """What is said of a column after its name: type, whether cells may be empty, range."""
        words = node.type.text + (" optional" if node.optional else "")
        if node.between is not None:
            words += f" between {self.expression(node.between[0])} and {self.expression(node.between[1])}"
        return words

    def rows(self, rows: Iterable[tree.Band | tree.ColumnRow]) -> str:
        """The rows of a table, between braces."""
        return block(self._row(row) for row in rows)

    def _row(self, row: tree.Band | tree.ColumnRow) -> str:
        if isinstance(row, tree.ColumnRow):
            text = "otherwise" if row.text is None else quoted(row.text)
            return f"{text} : {self.expression(row.value)}"
        if isinstance(row.value, tree.Linear):
            value = f"linear from {self.bound(row.value.start)} to {self.bound(row.value.end)}"
        else:
            value = self.expression(row.value)
        return f"{self._edges(row)} : {value}"

    def _edges(self, row: tree.Band) -> str:
        if row.no_data:
            return "no data"
        words = []
        if row.lower is not None:
            words.append(f"{'from' if row.lower.included else 'above'} {self.sum(row.lower.value)}")
        if row.upper is not None:
            below = "to below" if words else "below"
            join = "to" if row.upper.included is None else "up to" if row.upper.included else below
            words.append(f"{join} {self.sum(row.upper.value)}")
        return " ".join(words)

    # ---- time

    def span(self, node: tree.SpanOfTime) -> str:
        """A span of time, as it stands after `over`."""
        match node:
            case tree.Rolling():
                return f"{length(node.length)} rolling"
            case tree.Before():
                return f"{length(node.length)} before"
            case tree.ToDate():
                return node.unit
            case tree.Fixed():
                return days(node.start, node.end)
            case tree.InPhase():
                return f"phase {node.phase.text}"
            case _:
                assert_never(node)

    # ---- windows

    def window(self, node: tree.WindowExpression) -> str:
        """A window of time."""
        match node:
            case tree.WindowTimes():
                return f"{_time(node.start)} to {_time(node.end)}"
            case tree.WindowName():
                return node.name.text
            case tree.WindowWeekdays():
                return f"{node.first.text} to {node.last.text}"
            case tree.WindowDates():
                return days(node.start, node.end)
            case tree.WindowHolidays():
                return f"holidays {node.region.text}"
            case tree.WindowParen():
                return self.window(node.value) if self.normal else f"({self.window(node.value)})"
            case tree.WindowCombination():
                left, right = self._window_operand(node.left), self._window_operand(node.right)
                # Only the first operand may be a combination without parentheses, and in the normal
                # form only one of the same word, because mixtures are refused without them.
                if self._combines(node.left, node.operator):
                    left = f"({left})"
                if isinstance(self._bare_window(node.right), tree.WindowCombination):
                    right = f"({right})"
                return f"{left} {node.operator} {right}"
            case _:
                assert_never(node)

    def _window_operand(self, node: tree.WindowExpression) -> str:
        return self.window(self._bare_window(node))

    def _combines(self, node: tree.WindowExpression, operator: str) -> bool:
        node = self._bare_window(node)
        return self.normal and isinstance(node, tree.WindowCombination) and node.operator != operator

    def _bare_window(self, node: tree.WindowExpression) -> tree.WindowExpression:
        while self.normal and isinstance(node, tree.WindowParen):
            node = node.value
        return node


_LEVELS: dict[type, int] = {
    tree.If: _WHOLE,
    tree.Holds: _WHOLE,
    tree.Not: _NOT,
    tree.Compare: _COMPARISON,
    tree.Is: _COMPARISON,
    tree.InWindow: _COMPARISON,
    tree.Priced: _PRICED,
    tree.ForEach: _EACH,
    tree.PercentOf: _SIGNED,
    tree.Negative: _SIGNED,
    tree.Over: _POSTFIX,
}


def block(rows: Iterable[str]) -> str:
    """Rows between braces, one a line, indented by two; nothing but the braces where there are none."""
    text = "\n".join(rows)
    return " {\n" + indented(text) + "\n}" if text else " {\n}"


def indented(text: str) -> str:
    """Lines moved right by two; no text of a contract holds a line end, so that none is changed."""
    return "\n".join(f"  {line}" if line else line for line in text.split("\n"))


def quoted(text: str) -> str:
    """A text between quotes, with quotes and backslashes in it escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def length(node: tree.Length) -> str:
    """`1 month`, `6 months`."""
    return f"{node.count} {node.unit}" + ("" if node.count == 1 else "s")


def days(start: date, end: date) -> str:
    """Days in the shortest words: `2026`, `2026-Q3`, `2026-07`, `2026-07-14`, else `… to …`.

    `end` is the day after the last.
    """
    if (end - start).days == 1:
        return start.isoformat()
    if start.day == 1 and end.day == 1:
        first = start.isoformat()[:7]
        months = (end.year - start.year) * 12 + end.month - start.month
        if months == 1:
            return first
        if months == 3 and start.month % 3 == 1:
            return f"{first[:4]}-Q{start.month // 3 + 1}"
        if months == 12 and start.month == 1:
            return first[:4]
        if months > 0:
            return f"{first} to {add_months(end, -1).isoformat()[:7]}"
    return f"{start.isoformat()} to {(end - ONE_DAY).isoformat()}"


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
