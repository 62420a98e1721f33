"""Band tables: every value of the figure has exactly one row, and the month without data has one.

In: the rows of `by FIGURE { … }`. The proof itself is in `proof`, the range of a figure in `ranges`.
"""

from collections.abc import Iterator
from fractions import Fraction

from contractlang.checking.operators import cure_of
from contractlang.checking.proof import HIGHEST, LOWEST, Stretch, after, before, overlaps, uncovered
from contractlang.checking.ranges import range_of
from contractlang.checking.survey import Survey, Visit
from contractlang.checking.wording import head, line_of, quoted, said, said_unit
from contractlang.diagnostics import Diagnostic, Label, error, warning
from contractlang.frozen import dataclass
from contractlang.kinds import Kind, Scope, constant, is_zero, kind_of
from contractlang.syntax import tree
from contractlang.text import Span


@dataclass(frozen=True, slots=True)
class Table:
    """A band table: its figure, its rows with edges, the row for no data, and the values' kind.

    `pays` is the verb for what a row does. `edge_kind` is the kind to show edges in.
    """

    figure: tree.Expression
    rows: tuple[tree.Band, ...]
    no_data: tuple[tree.Band, ...]
    visit: Visit
    kind: Kind
    edge_kind: Kind
    pays: str


def tables(survey: Survey) -> Iterator[Table]:
    """The band tables of a contract, in the order written."""
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, (tree.ByValue, tree.Part)):
            continue
        if not node.rows or not all(isinstance(row, tree.Band) for row in node.rows):
            continue
        bands = [row for row in node.rows if isinstance(row, tree.Band)]
        kind = kind_of(node.figure, survey.scope, visit.table)
        rows = tuple(row for row in bands if not row.no_data)
        money = isinstance(node, tree.Part) or isinstance(visit.owner.node, tree.Line)
        yield Table(
            node.figure,
            rows,
            tuple(row for row in bands if row.no_data),
            visit,
            kind,
            _shown(rows, kind, survey.scope),
            "pays" if money else "gives",
        )


def _shown(rows: tuple[tree.Band, ...], kind: Kind, scope: Scope) -> Kind:
    """The kind in which the author writes the edges."""
    for row in rows:
        for edge in (row.lower, row.upper):
            if edge is not None and not is_zero(edge.value):
                found = kind_of(edge.value, scope)
                if found.unit == kind.unit and found.what == kind.what:
                    return found
    return kind


def check_tables(survey: Survey) -> Iterator[Diagnostic]:
    """CL408, CL409, CL412, CL413: what rows a table may hold together."""
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, (tree.ByValue, tree.Part)):
            continue
        columns = [row for row in node.rows if isinstance(row, tree.ColumnRow)]
        if not node.rows:
            yield error("CL409", "this table has no rows", head(node.span), "say what each value gives")
        elif columns and len(columns) < len(node.rows):
            band = next(row for row in node.rows if isinstance(row, tree.Band))
            yield error(
                "CL408",
                "this table mixes bands of a figure with values of a column",
                columns[0].span,
                "write two tables",
                (Label(band.span, "this row is a band"),),
            )
        elif columns and isinstance(node, tree.Part):
            yield error(
                "CL408",
                "a bonus-malus goes by a figure, and this table by the values of a column",
                head(node.span),
                "write a band table: `below 80% : -5%`",
            )
        elif columns:
            yield from _columns(node, columns)


def _columns(node: tree.ByValue | tree.Part, rows: list[tree.ColumnRow]) -> Iterator[Diagnostic]:
    seen: dict[str | None, tree.ColumnRow] = {}
    for row in rows:
        first = seen.setdefault(row.text, row)
        if first is not row:
            what = "`otherwise`" if row.text is None else f'"{row.text}"'
            yield error(
                "CL413",
                f"{what} has two rows",
                row.span,
                "keep one of the two",
                (Label(first.span, "the other is here"),),
            )
    if None not in seen:
        yield warning(
            "CL412",
            f"no row says what any other {quoted(node.figure.span)} takes",
            head(node.span),
            "add `otherwise : …`; without it, a row with another value, or an empty one, makes no invoice",
        )


def check_figures_of_tables(survey: Survey) -> Iterator[Diagnostic]:
    """CL403, CL404, CL415: the figure is a number, and the edges are written out in its unit."""
    for table in tables(survey):
        yield from _faulty_edges(table, survey.scope)


def _faulty_edges(table: Table, scope: Scope) -> Iterator[Diagnostic]:
    if table.kind.what not in ("number", "date", "unknown"):
        cure = "write `if … then … else …`" if table.kind.what == "boolean" else ""
        message = f"bands are for numbers, and this is {said_unit(table.kind, scope)}"
        yield error("CL415", message, table.figure.span, cure)
        return
    for row in table.rows:
        for edge in (row.lower, row.upper):
            if edge is None:
                continue
            kind = kind_of(edge.value, scope)
            if table.kind.is_unknown or kind.is_unknown:
                continue
            if kind.what != table.kind.what or (kind.unit != table.kind.unit and not is_zero(edge.value)):
                yield error(
                    "CL403",
                    f"this edge is {said_unit(kind, scope)}, and the figure {said_unit(table.kind, scope)}",
                    edge.span,
                    cure_of(table.kind, kind, scope) if kind.is_number else "",
                    (Label(table.figure.span, f"this is {said_unit(table.kind, scope)}"),),
                )
                return
            if constant(edge.value, scope) is None:
                yield error(
                    "CL404",
                    "an edge of a band is written out, so that it can be proved that no value is left out",
                    edge.span,
                    "write a number here; for a moving edge, let the figure be a difference",
                )
                return


def check_bands(survey: Survey) -> Iterator[Diagnostic]:
    """CL400 to CL402, CL405 to CL407: the proof, with counterexamples."""
    for table in tables(survey):
        if not provable(table, survey.scope):
            continue
        yield from _unclear(table, survey.scope)
        yield from _proof(table, survey.scope)
        for row in table.rows:
            if isinstance(row.value, tree.Linear) and (row.lower is None or row.upper is None):
                yield error(
                    "CL407",
                    "a straight line needs two ends, and this band has one",
                    row.span,
                    "give the band its other edge: `from 92% to below 96%`",
                )


def provable(table: Table, scope: Scope) -> bool:
    """Whether the edges are numbers in the figure's unit, so that the rows can be laid side by side."""
    edges = [edge for row in table.rows for edge in (row.lower, row.upper) if edge is not None]
    if table.kind.what != "number" or any(constant(edge.value, scope) is None for edge in edges):
        return False
    return not any(True for _ in _faulty_edges(table, scope))


def stretch_of(row: tree.Band, table: Table, scope: Scope) -> Stretch:
    """The values that a row holds; a `to` that does not say who gets its edge leaves it to the other row."""
    low, high = LOWEST, HIGHEST
    if row.lower is not None:
        value = _constant(row.lower, scope)
        low = before(value) if row.lower.included else after(value)
    if row.upper is not None:
        value = _constant(row.upper, scope)
        included = row.upper.included
        if included is None:
            included = _taker(row, table, scope) is None
        high = after(value) if included else before(value)
    return Stretch(low, high)


def _constant(edge: tree.Edge, scope: Scope) -> Fraction:
    value = constant(edge.value, scope)
    assert value is not None, "edges that are not constant were sorted out before"
    return value


def _taker(row: tree.Band, table: Table, scope: Scope) -> tree.Band | None:
    """The other row that takes the upper edge of a row for itself."""
    assert row.upper is not None, "asked of rows with an upper edge"
    value = _constant(row.upper, scope)
    for other in table.rows:
        if (
            other is not row
            and other.lower
            and other.lower.included
            and _constant(other.lower, scope) == value
        ):
            return other
    return None


def _unclear(table: Table, scope: Scope) -> Iterator[Diagnostic]:
    for row in table.rows:
        if row.upper is None or row.upper.included is not None:
            continue
        edge = quoted(row.upper.span)
        words = quoted(edges_of(row))
        taker = _taker(row, table, scope)
        if taker is not None:
            said_taker = f", and line {line_of(taker.span)} takes it: write `to below {edge}`"
            labels = (Label(taker.span, f"this row takes exactly {edge}"),)
            yield error(
                "CL400",
                f'"{words}" does not say who gets exactly {edge}{said_taker}',
                row.upper.span,
                f"write `to below {edge}`",
                labels,
            )
        else:
            yield error(
                "CL400",
                f'"{words}" does not say who gets exactly {edge}, and no other row takes it: '
                f"write `up to {edge}`",
                row.upper.span,
                f"write `up to {edge}`",
            )


def _proof(table: Table, scope: Scope) -> Iterator[Diagnostic]:
    whole = range_of(table.figure, scope)
    rows = [stretch_of(row, table, scope) for row in table.rows]
    empty = [row for row, values in zip(table.rows, rows, strict=True) if not values]
    for row in empty:
        yield error(
            "CL405",
            "this row holds no value",
            edges_of(row),
            "write the lower edge first, and an edge above it",
        )
    if empty or not rows:
        return
    for row, values in zip(table.rows, rows, strict=True):
        if not values.meet(whole):
            yield warning(
                "CL406",
                f"{figure_of(table)} is never {_words(values, table, scope)}, so this row is never reached",
                edges_of(row),
                f"its range is {_words(whole, table, scope)}",
            )
    for overlap in overlaps(rows, whole):
        first, second = table.rows[overlap.first], table.rows[overlap.second]
        yield error(
            "CL402",
            f"two rows say what {_value(overlap.values, table, scope)} {table.pays}",
            edges_of(second),
            _overlap_cure(overlap.values, table, scope),
            (Label(edges_of(first), "this row says it too"),),
        )
    for gap in uncovered(rows, whole):
        if _above_all(gap, table):
            # Nothing proves that a rate stays below 100%, and nobody writes a row for what cannot be.
            yield warning(
                "CL416",
                f"no row says what {_value(gap, table, scope)} {table.pays}; such a month makes no invoice",
                edges_of(table.rows[-1]),
                "write `between 0% and 100%` at the figure, or add a row for it",
            )
            continue
        yield error(
            "CL401",
            f"no row says what {_value(gap, table, scope)} {table.pays}",
            *_gap_place(gap, rows, table, scope),
        )


def _above_all(gap: Stretch, table: Table) -> bool:
    """Whether a gap is what lies above 100% of a percent that is no difference."""
    reaches = (gap.low[1] == 1 and gap.low[2] > 0) or gap.low[1] > 1
    percent = table.kind.percent and not table.kind.points
    return percent and not gap.low[0] and reaches and gap.high == HIGHEST


def _overlap_cure(values: Stretch, table: Table, scope: Scope) -> str:
    if values.exact is not None:
        edge = said(values.exact, table.edge_kind, scope)
        return f"let one of the two leave it out: `to below {edge}` or `above {edge}`"
    return "move an edge of one of the two"


def _gap_place(
    gap: Stretch, rows: list[Stretch], table: Table, scope: Scope
) -> tuple[Span, str, tuple[Label, ...]]:
    """Where a gap is shown: the row below it, with the row above it as the second place."""
    below = next((row for row, values in zip(table.rows, rows, strict=True) if values.high == gap.low), None)
    above = next((row for row, values in zip(table.rows, rows, strict=True) if values.low == gap.high), None)
    place = below or above or table.rows[0]
    labels: tuple[Label, ...] = ()
    if below is not None and above is not None:
        labels = (Label(edges_of(above), "the next row begins here"),)
    if gap.exact is not None:
        edge = said(gap.exact, table.edge_kind, scope)
        cure = f"write `up to {edge}` in one row, or `from {edge}` in the other"
    elif below is not None and above is not None:
        cure = "let the two rows meet, or add a row between them"
    else:
        cure = f"add a row `{_words(gap, table, scope)} : …`, or say the range of the figure with `between`"
    return edges_of(place), cure, labels


def _words(values: Stretch, table: Table, scope: Scope) -> str:
    """A stretch in the words of a band: `from 80% to below 85%`."""
    low, high = values.low, values.high
    if values.exact is not None:
        return f"exactly {said(values.exact, table.edge_kind, scope)}"
    start = "" if low[0] else f"{'above' if low[2] else 'from'} {said(low[1], table.edge_kind, scope)}"
    if high[0]:
        return start or "any number"
    end = said(high[1], table.edge_kind, scope)
    if not start:
        return f"up to {end}" if high[2] else f"below {end}"
    return f"{start} up to {end}" if high[2] else f"{start} to below {end}"


def _value(values: Stretch, table: Table, scope: Scope) -> str:
    words = _words(values, table, scope)
    return f"{figure_of(table)} of {words}" if values.exact is not None else f"{figure_of(table)} {words}"


def figure_of(table: Table) -> str:
    """The figure of a table as the subject of a sentence: `a service level`."""
    figure: object = table.figure
    while isinstance(figure, tree.Paren):
        figure = figure.value
    if isinstance(figure, tree.Reference):
        name = figure.name.text.replace("_", " ")
        return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
    return "a figure"


def edges_of(row: tree.Band) -> Span:
    """The words of a row before its colon."""
    last = row.upper or row.lower
    assert last is not None, "asked of rows with an edge"
    return Span(row.span.source, row.span.start, last.span.end)
