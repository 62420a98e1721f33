"""Expressions to generated code: the operators of the language, as `rating.evaluation` means them.

What depends on no figure is asked of the interpreter when the code is generated, and stands there as a
number. So prices, tiers, edges and indexed rates are never computed twice, in two ways.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from contractlang.calendar import intervals
from contractlang.compiled.bands import for_each, reached
from contractlang.compiled.tiers import tiered
from contractlang.compiled.values import (
    NO,
    NO_DATA,
    YES,
    NoData,
    NotCompiledError,
    Num,
    RefusedError,
    Truth,
    Value,
    number,
)
from contractlang.lines.frame import Frame, words
from contractlang.rating.rows import is_row_aggregate
from contractlang.rating.spans import UNITS
from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.compiled.compilation import Compilation


class Expressions:
    """Writes the code of expressions for one period."""

    def __init__(self, compilation: "Compilation") -> None:
        self._all = compilation
        self._arithmetic = compilation.arithmetic
        self._source = compilation.source
        self._of: dict[type, Callable[[Any, Frame, Value | None], Value]] = {
            tree.NoData: lambda _node, _frame, _figure: NO_DATA,
            tree.Reference: self._reference,
            tree.Member: self._member,
            tree.Paren: lambda node, frame, figure: self.value(node.value, frame, figure),
            tree.Negative: self._negative,
            tree.Binary: self._binary,
            tree.PercentOf: self._percent_of,
            tree.ForEach: lambda node, frame, figure: for_each(self._all, node, frame, figure),
            tree.Compare: self._compare,
            tree.Is: self._is,
            tree.Not: self._not,
            tree.Logic: self._logic,
            tree.If: self._if,
            tree.Call: self._call,
            tree.Over: self._over,
            tree.ByValue: self._by_value,
            tree.Priced: self._priced,
        }

    def value(self, node: Any, frame: Frame, figure: Value | None = None) -> Value:
        """The value of an expression; `figure` is that of the band table it stands in."""
        if not self._all.depends(node):
            return constant(self._all.rating.evaluate(node, frame).value)
        write = self._of.get(type(node))
        if write is None:
            raise NotCompiledError(f'"{words(node)}" looks back, or reads what is no figure')
        return write(node, frame, figure)

    def number(self, node: Any, frame: Frame, figure: Value | None = None) -> Num:
        """A number that a line needs; no data is an error on it."""
        return self.needed(self.value(node, frame, figure))

    def needed(self, value: Value) -> Num:
        """A value of which no data is an error."""
        if not isinstance(value, Num):
            raise RefusedError("a value that a line needs is no data")
        if value.unsure:
            self._source.put(f"if {value.absent}: raise Doubt")
        return value.sure

    def truth(self, node: Any, frame: Frame) -> Truth:
        """A condition over the whole figure, where no data does not hold."""
        value = self.value(node, frame.whole())
        if not isinstance(value, Truth):
            return NO
        return Truth(f"({value.code} is True)") if value.unsure else value

    # ---- names

    def _reference(self, node: tree.Reference, frame: Frame, figure: Value | None) -> Value:
        name, terms = node.name.text, self._all.rating.terms
        if name in terms.measures:
            return self._all.figures.measure(name, frame)
        if name in terms.lines:
            return self._all.lines.amount(name, frame.days)
        if name in terms.prices:
            return self._price(name, frame)
        if name == "elapsed":
            return constant(self._all.rating.evaluate(node, frame).value)
        raise RefusedError(f'"{name}" is no figure')

    def _price(self, name: str, frame: Frame) -> Value:
        """A price that depends on a figure: the row of its day, evaluated like any expression."""
        version = self._all.rating.terms.price_version(name, frame.on_day)
        price = version.declared if version is not None else None
        if price is None or price.indexed is not None:
            raise NotCompiledError(f'the price "{name}" depends on a figure and is revised, or not in force')
        value = price.formula
        for row in sorted(price.dated, key=lambda one: one.start):
            if row.start <= frame.on_day:
                value = row.value
        if value is None:
            raise RefusedError(f'"{name}" has no value')
        return self.value(value, frame)

    def _member(self, node: tree.Member, frame: Frame, figure: Value | None) -> Value:
        return self._all.lines.part(node.owner.text, node.member.text, frame.days)

    # ---- arithmetic

    def _negative(self, node: tree.Negative, frame: Frame, figure: Value | None) -> Value:
        value = self.value(node.value, frame, figure)
        return value.times(Fraction(-1)) if isinstance(value, Num) else NO_DATA

    def _percent_of(self, node: tree.PercentOf, frame: Frame, figure: Value | None) -> Value:
        value = self.value(node.of, frame, figure)
        return self.scaled(value, Fraction(node.percent) / 100)

    def scaled(self, value: Value, factor: Fraction) -> Value:
        """The product of a value with a number that is known."""
        return self._source.known(lambda one: _num(one).times(factor), value)

    def _binary(self, node: tree.Binary, frame: Frame, figure: Value | None) -> Value:
        left, right = self.value(node.left, frame, figure), self.value(node.right, frame, figure)
        arithmetic = self._arithmetic
        write: dict[str, Callable[[Num, Num], Value]] = {
            "+": arithmetic.add, "-": arithmetic.subtract, "*": arithmetic.multiply, "/": arithmetic.divide,
        }  # fmt: skip
        return self._source.known(lambda a, b: write[node.operator](_num(a), _num(b)), left, right)

    # ---- conditions

    def _compare(self, node: tree.Compare, frame: Frame, figure: Value | None) -> Value:
        left, right = self.value(node.left, frame, figure), self.value(node.right, frame, figure)
        return self._source.known(
            lambda a, b: self._arithmetic.compare(_num(a), node.operator, _num(b)), left, right
        )

    def _is(self, node: tree.Is, frame: Frame, figure: Value | None) -> Value:
        left = self.value(node.value, frame, figure)
        if isinstance(node.what, tree.Known):
            if isinstance(left, NoData):
                return YES if node.negated else NO
            if not left.unsure:
                return NO if node.negated else YES
            return Truth(f"({left.absent})" if node.negated else f"(not {left.absent})")
        right = self.value(node.what, frame, figure)

        def equal(a: Value, b: Value) -> Value:
            if isinstance(a, Num) and isinstance(b, Num):
                return self._arithmetic.compare(a, "!=" if node.negated else "==", b)
            assert isinstance(a, Truth) and isinstance(b, Truth), "kinds are checked before"
            return Truth(f"({a.code} is {'not ' if node.negated else ''}{b.code})")

        return self._source.known(equal, left, right)

    def _not(self, node: tree.Not, frame: Frame, figure: Value | None) -> Value:
        value = self.value(node.value, frame, figure)
        return self._source.known(lambda one: _opposite(_truth(one)), value)

    def _logic(self, node: tree.Logic, frame: Frame, figure: Value | None) -> Value:
        """`and` and `or` are decided by a side that decides them, also where the other is no data."""
        deciding = YES if node.operator == "or" else NO
        left = self.value(node.left, frame, figure)
        if left == deciding:
            return deciding

        def both() -> Value:
            right = self.value(node.right, frame, figure)
            if right == deciding:
                return deciding
            if not isinstance(left, NoData) and not left.unsure:
                return right
            if isinstance(right, NoData):
                return NO_DATA
            right = _truth(right)
            return Truth(self._source.let(f"{deciding.code} if {right.code} is {deciding.code} else None")
                         if isinstance(left, NoData) else self._source.let(
                             f"{deciding.code} if {right.code} is {deciding.code} else None if "
                             f"{left.absent} else {right.code}"), True)  # fmt: skip

        if isinstance(left, NoData) or left.constant is not None:
            return both()
        return self._source.pick(
            [(f"{_truth(left).code} is {deciding.code}", lambda: deciding), (None, both)]
        )

    def _if(self, node: tree.If, frame: Frame, figure: Value | None) -> Value:
        asked = self.value(node.condition, frame, figure)
        if not isinstance(asked, Truth):
            raise RefusedError("a condition is no data, so this cannot be decided")
        if asked.unsure:
            self._source.put(f"if {asked.absent}: raise Doubt")
        return self._source.pick([
            (asked.code, lambda: self.value(node.then, frame, figure)),
            (None, lambda: self.value(node.otherwise, frame, figure)),
        ])  # fmt: skip

    # ---- calls

    def _call(self, node: tree.Call, frame: Frame, figure: Value | None) -> Value:
        if node.arguments[0].by is not None:
            return self._parts(node, frame)
        if is_row_aggregate(self._all.rating, node):
            raise RefusedError(f'"{words(node)}" needs rows')
        nodes = [argument.value for argument in node.arguments if argument.value is not None]
        values = [self.value(one, frame, figure) for one in nodes]
        return self._source.known(lambda *known: self._function(node, known), *values)

    def _function(self, node: tree.Call, values: tuple[Value, ...]) -> Value:
        name, arithmetic = node.function.text, self._arithmetic
        if name in ("any", "all"):
            return _joined(name, [_truth(one) for one in values])
        numbers = [_num(one) for one in values]
        if name == "abs":
            return arithmetic.absolute(numbers[0])
        if name in ("floor", "ceil"):
            return arithmetic.rounded(numbers[0], self._whole(node), "floor" if name == "floor" else "ceil")
        if name == "clamp" and len(numbers) == 3:
            return arithmetic.greater(numbers[1], arithmetic.lesser(numbers[2], numbers[0]))
        return self._folded(name, numbers)

    def _folded(self, name: str, numbers: list[Num]) -> Value:
        arithmetic = self._arithmetic
        if name in ("sum", "average"):
            total = arithmetic.total(numbers)
            return total if name == "sum" else total.times(Fraction(1, len(numbers)))
        if name not in ("min", "max"):
            raise NotCompiledError(f'"{name}" is not computed here')
        found = numbers[0]
        for one in numbers[1:]:
            found = arithmetic.lesser(found, one) if name == "min" else arithmetic.greater(found, one)
        return found

    def _whole(self, node: tree.Call) -> Fraction:
        """What `floor` and `ceil` count: a whole unit, or a whole percent of a figure `in %`."""
        argument, rating = node.arguments[0].value, self._all.rating
        kind = rating.kind(argument)
        if isinstance(argument, tree.Reference) and argument.name.text in rating.terms.measures:
            measure = rating.scope.measures[argument.name.text]
            if measure.unit is not None and measure.unit.text == "%":
                return Fraction(1, 100)
        return kind.scale.factor if kind.scale is not None and not kind.unit.is_plain else Fraction(1)

    def _parts(self, node: tree.Call, frame: Frame) -> Value:
        """Figures in parts of which each is a period; what is no data is left out."""
        rating, first, name = self._all.rating, node.arguments[0], node.function.text
        assert first.by is not None, "asked only of calls with `by`"
        days = frame.days if first.over is None else rating.span_days(first.over, frame)
        if first.by.text not in UNITS or is_row_aggregate(rating, node):
            raise NotCompiledError(f'"{words(node)}" has parts that are no periods')
        each = next((argument.each for argument in node.arguments if argument.each is not None), None)
        parts = [part.meet(days) for part in intervals(first.by.text, days, rating.first_day)] if days else []
        values = []
        for part in parts:
            value = self.value(first.value, frame.over(part))
            if each is not None:
                value = self._source.known(self._rounding(each), value)
            values.append(value)
        return self._aggregate(
            name, [one for one in values if not isinstance(one, NoData)], bool(values), node
        )

    def _rounding(self, clause: tree.Rounding) -> Callable[[Value], Value]:
        size = self._all.rating.number(clause.step)
        return lambda one: self._arithmetic.rounded(_num(one), size, clause.mode)

    def _aggregate(self, name: str, known: list[Num | Truth], any_part: bool, node: tree.Call) -> Value:
        sure = not any(one.unsure for one in known)
        if name in ("average", "sum") and not sure:
            return self._of_the_known(name, [_num(one) for one in known])
        if not sure or name == "percentile":
            raise NotCompiledError(f'"{words(node)}" leaves out what is no data')
        if name == "count":
            truths = [one for one in known if isinstance(one, Truth)]
            if not truths:
                return number(len(known))
            return Num(Fraction(1), self._source.let(" + ".join(f"({one.code})" for one in truths) + " + 0"))
        if not known:
            return number(0) if name == "sum" and not any_part else NO_DATA
        if name in ("any", "all"):
            return _joined(name, [_truth(one) for one in known])
        return known[-1] if name == "latest" else self._folded(name, [_num(one) for one in known])

    def _of_the_known(self, name: str, numbers: list[Num]) -> Value:
        """A sum or an average of those that are not no data."""
        source, total = self._source, number(0)
        count = source.let(" + ".join(f"({'not ' + one.absent if one.unsure else 1})" for one in numbers))
        for one in numbers:
            total = self._arithmetic.add(total, self._or_zero(one))
        if name == "sum":
            return source.pick([(f"{count} == 0", lambda: NO_DATA), (None, lambda: total)])
        return self._arithmetic.divide(total, Num(Fraction(1), count))

    def _or_zero(self, value: Num) -> Num:
        if not value.unsure:
            return value
        return _num(self._source.pick([(value.absent, lambda: number(0)), (None, lambda: value.sure)]))

    # ---- spans, tables and prices

    def _over(self, node: tree.Over, frame: Frame, figure: Value | None) -> Value:
        days = self._all.rating.span_days(node.span_of_time, frame)
        return self.value(node.value, frame.over(days)) if days else NO_DATA

    def _by_value(self, node: tree.ByValue, frame: Frame, figure: Value | None) -> Value:
        if any(isinstance(row, tree.ColumnRow) for row in node.rows):
            raise NotCompiledError(f'"{words(node.figure)}" is a column of rows')
        value = self.value(node.figure, frame.whole())
        return reached(self._all, value, node.rows, frame, lambda _, row: [row])[0]

    def _priced(self, node: tree.Priced, frame: Frame, figure: Value | None) -> Value:
        quantity = self.value(node.quantity, frame, figure)
        price = node.price
        if price is None or isinstance(quantity, NoData):
            return quantity
        if isinstance(price, (tree.Graduated, tree.Volume, tree.Package)):
            if not isinstance(price, tree.Package) and price.over is not None:
                raise NotCompiledError("tiers count over a span of time")
            chooser = None
            if isinstance(price, tree.Volume) and price.of is not None:
                chooser = self.number(price.of, frame.whole())
            return self._source.known(
                lambda one: tiered(self._all, price, _num(one), None, frame, chooser).value, quantity
            )
        of = self.value(price, frame)
        return self._source.known(lambda a, b: self._arithmetic.multiply(_num(a), _num(b)), quantity, of)


def constant(value: object) -> Value:
    """A value of the interpreter as one that is known when the code is generated."""
    if value is None:
        return NO_DATA
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Fraction):
        return number(value)
    raise NotCompiledError("a date or a text is compared with a figure")


def _num(value: Value) -> Num:
    if not isinstance(value, Num):
        raise NotCompiledError("a yes/no stands where a number is meant")
    return value


def _truth(value: Value) -> Truth:
    if not isinstance(value, Truth):
        raise NotCompiledError("a number stands where a yes/no is meant")
    return value


def _opposite(value: Truth) -> Truth:
    known = value.constant
    return Truth(f"(not {value.code})") if known is None else NO if known else YES


def _joined(name: str, truths: list[Truth]) -> Truth:
    return Truth(f"({(' or ' if name == 'any' else ' and ').join(one.code for one in truths)})")
