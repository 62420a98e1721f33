"""Lines on other lines as generated code: bonus-malus, minimum and limit, as `lines` means them."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.calendar import Days
from contractlang.compiled.bands import reached
from contractlang.compiled.drafts import Draft, draft_of, num
from contractlang.compiled.values import NO, YES, ZERO, NotCompiledError, Num, Truth, Value
from contractlang.lines import Assessment
from contractlang.lines.frame import Frame
from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.compiled.compilation import Compilation


def _in_force(compilation: "Compilation", names: tuple[str, ...], days: Days) -> bool:
    return not names or any(compilation.rating.in_force(name, days) for name in names)


def _base(compilation: "Compilation", names: tuple[str, ...], days: Days) -> Num:
    return compilation.arithmetic.total([compilation.lines.amount(name, days) for name in names])


def bonus_malus(compilation: "Compilation", assessment: Assessment) -> list[Draft]:
    """A bonus-malus: parts by their weights, gates, then bounds; none where no line it is on is in force."""
    line, arithmetic, frame = assessment.line, compilation.arithmetic, assessment.frame
    names = tuple(name.text for name in line.on)
    if not _in_force(compilation, names, assessment.days):
        return []
    base = _base(compilation, names, assessment.days)
    gates = [YES if gate is None else compilation.expressions.truth(gate, frame)
             for gate in (line.bonus_when, line.malus_when)]  # fmt: skip
    percents, money = ZERO, ZERO
    parts: list[tuple[str, Num]] = []
    for index, part in enumerate(line.parts):
        figure = compilation.expressions.value(part.figure, frame)
        weight = Fraction(part.weight) / 100 if part.weight is not None else Fraction(1)

        def made(row: tree.Band, value: Value) -> list[Value]:
            found = _gate(compilation, compilation.expressions.needed(value), gates)
            return [ZERO, found] if _is_money(compilation, row.value) else [found, ZERO]

        percent, amount = (num(one).times(weight) for one in
                           reached(compilation, figure, part.rows, frame, made))  # fmt: skip
        percents, money = arithmetic.add(percents, percent), arithmetic.add(money, amount)
        label = part.name.text if part.name else f"part {index + 1}"
        if part.name is not None and compilation.reads_part(line.name.text, label):
            brought = arithmetic.add(arithmetic.multiply(percent, base), amount)
            parts.append((label, compilation.rounded(brought)))
    if line.value is not None:
        value = _gate(compilation, compilation.expressions.number(line.value, frame), gates)
        if _is_money(compilation, line.value):
            money = arithmetic.add(money, value)
        else:
            percents = arithmetic.add(percents, value)
    draft = _sided(compilation, assessment, percents, money, base)
    return [replace(draft, parts=tuple(parts), shown_at_zero=bool(line.parts))]


def _gate(compilation: "Compilation", value: Num, gates: list[Truth]) -> Num:
    """A value, zero where the gate of its side is closed."""
    for gate, side in zip(gates, (">", "<"), strict=True):
        wrong = compilation.arithmetic.compare(value, side, ZERO)
        if gate == YES or wrong.constant is False:
            continue
        if gate == NO and wrong.constant:
            return ZERO
        tests = [one for one in (wrong.code, "True" if gate == NO else f"not {gate.code}") if one != "True"]

        def kept(found: Num = value) -> Value:
            return found

        value = num(compilation.source.pick([(" and ".join(tests), lambda: ZERO), (None, kept)]))
    return value


def _is_money(compilation: "Compilation", expression: object) -> bool:
    if isinstance(expression, tree.Linear):
        return any(_is_money(compilation, one) for one in (expression.start, expression.end))
    return compilation.rating.kind(expression).unit.currency is not None


def _sided(compilation: "Compilation", assessment: Assessment, percents: Num, money: Num, base: Num) -> Draft:
    line, arithmetic = assessment.line, compilation.arithmetic
    amounts: list[tuple[Num, int, bool]] = []
    for bound, sign in ((line.bonus_at_most, 1), (line.malus_at_most, -1)):
        if bound is None:
            continue
        limit = compilation.expressions.number(bound, assessment.frame)
        if _is_money(compilation, bound):
            amounts.append((arithmetic.absolute(limit), sign, True))
        elif money == ZERO:
            size = arithmetic.absolute(limit)
            if sign > 0:
                percents = arithmetic.lesser(percents, size)
            else:
                percents = arithmetic.greater(percents, size.times(Fraction(-1)))
        elif percents == ZERO:
            amounts.append((arithmetic.absolute(arithmetic.multiply(limit, base)), sign, False))
        else:
            raise NotCompiledError(f'a percent bounds percents and money of "{line.name}" together')
    value = arithmetic.add(arithmetic.multiply(percents, base), money)
    if not amounts:
        return draft_of(assessment, assessment.days, value)
    # What a bound in money cuts is rounded to the side that keeps it; all else like any amount.
    cases: list[tuple[str | None, Callable[[], Value]]] = []
    cent = compilation.rating.cent()
    for limit, sign, kept in amounts:
        most = limit.times(Fraction(sign))
        beyond = arithmetic.compare(value, ">" if sign > 0 else "<", most)

        def cut(limit: Num = limit, sign: int = sign, kept: bool = kept) -> Value:
            held = arithmetic.rounded(limit, cent, "floor") if kept else compilation.rounded(limit)
            return held.times(Fraction(sign))

        cases.append((beyond.code, cut))
    found = compilation.source.pick([*cases, (None, lambda: compilation.rounded(value))])
    return draft_of(assessment, assessment.days, num(found), rounded=True)


def minimum(compilation: "Compilation", assessment: Assessment) -> list[Draft]:
    """What the named lines lack, zero where nothing is missing."""
    line, arithmetic = assessment.line, compilation.arithmetic
    names = tuple(name.text for name in line.on)
    if not _in_force(compilation, names, assessment.days):
        return []
    least = compilation.expressions.number(line.value, assessment.frame)
    part, of = assessment.days.count, assessment.interval.count
    fixed = isinstance(line.value, tree.Node) and compilation.rating.constant_in_time(line.value)
    if part != of and not line.not_prorated and fixed:
        least = compilation.rounded(least.times(Fraction(part, of)))
    lacking = arithmetic.subtract(least, _base(compilation, names, assessment.days))
    draft = draft_of(assessment, assessment.days, arithmetic.greater(lacking, ZERO))
    return [replace(draft, shown_at_zero=True)]


def limit(compilation: "Compilation", assessment: Assessment) -> list[Draft]:
    """What a bounded sum takes back, rounded to the side that keeps the bound."""
    line, arithmetic, rating = assessment.line, compilation.arithmetic, compilation.rating
    names = rating.lines_named(line.value)
    if not _in_force(compilation, names, assessment.days):
        return []
    if line.carried_forward:
        raise NotCompiledError(f'"{line.name}" carries forward')
    total = compilation.expressions.number(line.value, assessment.frame)
    low, high = _sides(compilation, assessment)
    cent = rating.cent()
    cases: list[tuple[str | None, Callable[[], Value]]] = []
    # Where the two sides contradict one another the lower one holds.
    if low is not None:
        under, lacking = arithmetic.compare(total, "<", low), arithmetic.subtract(low, total)
        cases.append((under.code, lambda: arithmetic.rounded(lacking, cent, "ceil")))
    if high is not None:
        over, spare = arithmetic.compare(total, ">", high), arithmetic.subtract(high, total)
        cases.append((over.code, lambda: arithmetic.rounded(spare, cent, "floor")))
    taken = num(compilation.source.pick([*cases, (None, lambda: ZERO)]))
    return [replace(draft_of(assessment, assessment.days, taken, True), shown_at_zero=True)]


def _sides(compilation: "Compilation", assessment: Assessment) -> tuple[Num | None, Num | None]:
    """The lowest and the highest amount that a limit allows."""
    line, frame = assessment.line, assessment.frame
    low: Num | None = None
    high: Num | None = None
    if line.between is not None:
        first, second = line.between
        of = _of(second) or _of(first)
        low, high = _side(compilation, first, of, frame), _side(compilation, second, of, frame)
    for clause, upper in ((line.at_most, True), (line.at_least, False)):
        if clause is None:
            continue
        if clause.over is not None:
            raise NotCompiledError(f'"{line.name}" bounds over a span of time')
        value = _side(compilation, clause.value, _of(clause.value), frame)
        if upper:
            high = value if high is None else compilation.arithmetic.lesser(high, value)
        else:
            low = value if low is None else compilation.arithmetic.greater(low, value)
    return low, high


def _side(
    compilation: "Compilation", bound: tree.Expression, of: tree.Expression | None, frame: Frame
) -> Num:
    value = compilation.expressions.number(bound, frame)
    if of is not None and _of(bound) is None and compilation.rating.kind(bound).unit.is_plain:
        value = compilation.arithmetic.multiply(value, compilation.expressions.number(of, frame))
    return value


def _of(bound: tree.Expression) -> tree.Expression | None:
    inner: object = bound
    while isinstance(inner, (tree.Negative, tree.Paren)):
        inner = inner.value
    return inner.of if isinstance(inner, tree.PercentOf) else None


ON_LINES: dict[str, Callable[["Compilation", Assessment], list[Draft]]] = {
    "bonus_malus": bonus_malus, "minimum": minimum, "limit": limit,
}  # fmt: skip
"""How each kind of line that is on other lines is computed."""
