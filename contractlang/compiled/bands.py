"""Band tables and `for each` as generated code: the rows in their order, one test each."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from contractlang.compiled.values import NO_DATA, NoData, NotCompiledError, Num, RefusedError, Value, number
from contractlang.lines.frame import Frame, words
from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.compiled.compilation import Compilation

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}

Made = Callable[[tree.Band, Value], list[Value]]
"""What is computed in a row, from the row and its value."""


def reached(
    compilation: "Compilation", figure: Value, rows: Sequence[object], frame: Frame, make: Made
) -> list[Value]:
    """What `make` makes of the one row that a figure falls in; no such row is an error on the line."""
    bands = [row for row in rows if isinstance(row, tree.Band)]
    source = compilation.source
    if not all(isinstance(row, tree.Band) for row in rows):
        raise NotCompiledError("a table has rows by the values of a column")

    def row(band: tree.Band, value: Value) -> Callable[[], list[Value]]:
        def made() -> list[Value]:
            compilation.reasons.row(words(band))
            return make(band, _row_value(compilation, band, value, frame))

        return made

    def nothing() -> list[Value]:
        raise RefusedError("no row says what this figure pays")

    answer = next((band for band in bands if band.no_data), None)
    if isinstance(figure, NoData):
        return row(answer, figure)() if answer is not None else nothing()
    if not isinstance(figure, Num):
        raise NotCompiledError("a band table reads a yes/no")
    cases: list[tuple[str | None, Callable[[], list[Value]]]] = []
    if figure.unsure:
        cases.append((figure.absent, row(answer, NO_DATA) if answer is not None else nothing))
    # What the rows above have taken need not be asked again: `below 80%` leaves what is from 80% on.
    asked: set[str] = set()
    for band in bands:
        if band.no_data:
            continue
        tests = [one for one in _tests(compilation, band, figure.sure, frame) if one[0] not in asked]
        codes = [code for code, _ in tests]
        condition = "False" if "False" in codes else " and ".join(codes) or "True"
        cases.append((condition, row(band, figure.sure)))
        if len(tests) == 1:
            asked.add(tests[0][1])
    return source.choose([*cases, (None, nothing)])


def _edge(compilation: "Compilation", edge: tree.Edge | None, frame: Frame) -> Fraction | None:
    if edge is None:
        return None
    if compilation.depends(edge.value):
        raise NotCompiledError(f'the edge "{words(edge.value)}" depends on a figure')
    return compilation.rating.constant(edge.value, frame)


def _tests(compilation: "Compilation", band: tree.Band, figure: Num, frame: Frame) -> list[tuple[str, str]]:
    """The tests of a row's edges that are not known to hold, each with its opposite."""
    tests = []
    for edge, strict, included in ((band.lower, ">", ">="), (band.upper, "<", "<=")):
        at = _edge(compilation, edge, frame)
        if edge is None or at is None:
            continue
        operator = included if edge.included else strict
        test = compilation.arithmetic.compare(figure, operator, number(at))
        if test.constant is not True:
            tests.append(
                (test.code, compilation.arithmetic.compare(figure, OPPOSITE[operator], number(at)).code)
            )
    return tests


def _row_value(compilation: "Compilation", band: tree.Band, figure: Value, frame: Frame) -> Value:
    expressions, arithmetic = compilation.expressions, compilation.arithmetic
    if not isinstance(band.value, tree.Linear):
        return expressions.value(band.value, frame, figure)
    low, high = _edge(compilation, band.lower, frame), _edge(compilation, band.upper, frame)
    start = expressions.value(band.value.start, frame, figure)
    end = expressions.value(band.value.end, frame, figure)
    if low is None or high is None or not (isinstance(start, Num) and isinstance(end, Num)):
        raise RefusedError("`linear` stands in a band with two edges only")
    assert isinstance(figure, Num), "`linear` has edges, so this is not the `no data` row"
    if start.unsure or end.unsure:
        raise NotCompiledError("a `linear` between values that may be no data")
    rise = arithmetic.subtract(end, start)
    along = arithmetic.subtract(figure, number(low)).times(1 / (high - low))
    return arithmetic.add(start, arithmetic.multiply(rise, along))


def for_each(compilation: "Compilation", node: tree.ForEach, frame: Frame, figure: Value | None) -> Value:
    """`amount for each MODE step of figure below edge`: the steps are never fewer than none."""
    expressions, arithmetic = compilation.expressions, compilation.arithmetic
    if node.figure is not None:
        figure = expressions.value(node.figure, frame, figure)
    if figure is None:
        raise RefusedError("`for each` does not say of which figure")
    values = [figure, *(expressions.value(one, frame, figure) for one in (node.amount, node.edge, node.step))]

    def paid(*numbers: Value) -> Value:
        x, each, edge, size = (one for one in numbers if isinstance(one, Num))
        if size.constant is None:
            raise NotCompiledError("the step of a `for each` depends on a figure")
        distance = arithmetic.subtract(edge, x) if node.side == "below" else arithmetic.subtract(x, edge)

        def beyond() -> Value:
            steps = distance
            if node.mode in ("full", "started"):
                steps = arithmetic.rounded(distance, size.factor, "floor" if node.mode == "full" else "ceil")
            return arithmetic.multiply(each, steps.times(1 / size.factor))

        none_due = arithmetic.compare(distance, "<=", number(0))
        return compilation.source.pick([(none_due.code, lambda: number(0)), (None, beyond)])

    return compilation.source.known(paid, *values)
