"""Names outside expressions: the lines after `on`, phases, windows, indices, columns after `per`."""

from collections.abc import Iterator
from datetime import date

from contractlang.calendar import WEEKDAYS, Days
from contractlang.checking.names import by_column, name_of, unknown, what, with_article
from contractlang.checking.survey import Survey
from contractlang.checking.wording import quoted
from contractlang.diagnostics import Diagnostic, Label, Severity, error, nearest, warning
from contractlang.kinds import PARTS, Scope
from contractlang.public_holidays import holidays, knows_region, unknown_region
from contractlang.syntax import tree
from contractlang.text import Span

# Where the term is missing, which is said elsewhere, any year tells whether a region is known.
_SOME_YEAR = Days(date(2026, 1, 1), date(2027, 1, 1))
_INTERVALS = ("day", "week", "month", "quarter", "year", "contract year")


def check_lines_named(survey: Survey) -> Iterator[Diagnostic]:
    """CL220, CL222: what stands after `on` and `of` is a line."""
    scope = survey.scope
    for one in survey.all(tree.Line):
        line = one.node
        assert isinstance(line, tree.Line), "asked for lines only"
        named = [*line.on, *([line.of] if line.of else [])]
        for index, name in enumerate(named):
            if name.text == line.name.text:
                yield error("CL223", f'"{name}" is on itself', name.span, "name the lines that it changes")
            elif any(other.text == name.text for other in named[:index]):
                yield error("CL221", f'"{name}" is named twice here', name.span, "take one of the two out")
            elif name.text not in scope.lines:
                candidates = {known: found.name.span for known, found in scope.lines.items()}
                yield wrong_target(scope, name, candidates, "line")


def wrong_target(scope: Scope, name: tree.Name, candidates: dict[str, Span], wanted: str) -> Diagnostic:
    """The error for a name that is not a `wanted`: it is something else, or nothing."""
    declaration = scope.declaration(name.text)
    if declaration is None:
        return unknown(name, candidates, "CL220", f"no {wanted} of this contract is called")
    return error(
        "CL222",
        f'"{name}" is {with_article(what(declaration))}, and {with_article(wanted)} is expected here',
        name.span,
        f"name {with_article(wanted)}",
        (Label(name_of(declaration).span, "it is declared here"),),
    )


def check_phases_named(survey: Survey) -> Iterator[Diagnostic]:
    """CL220, CL222: what stands after `transition to` and `over phase` is a phase."""
    phases = {name: phase.name.span for name, phase in survey.scope.phases.items()}
    for name in _phase_names(survey):
        if name.text not in phases:
            yield wrong_target(survey.scope, name, phases, "phase")


def _phase_names(survey: Survey) -> Iterator[tree.Name]:
    for one in survey.all(tree.Transition):
        assert isinstance(one.node, tree.Transition), "asked for transitions only"
        yield one.node.to
    for visit in survey.visits:
        if isinstance(visit.node, tree.InPhase):
            yield visit.node.phase
    for one in survey.all(tree.Test):
        assert isinstance(one.node, tree.Test), "asked for tests only"
        for item in one.node.items:
            if isinstance(item, tree.Expect) and item.phase and isinstance(item.value, tree.Reference):
                yield item.value.name


def check_windows_named(survey: Survey) -> Iterator[Diagnostic]:
    """CL217, CL222: what stands after `during`, `in` and in a window is a window."""
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.Argument) and node.during is not None:
            yield from _window(survey, node.during)
        elif isinstance(node, tree.InWindow):
            yield from _window(survey, node.window)
        elif isinstance(node, tree.WindowName):
            yield from _window(survey, node.name)
        elif isinstance(node, tree.WindowWeekdays):
            for name in (node.first, node.last):
                if name.text not in WEEKDAYS:
                    near = nearest(name.text, WEEKDAYS)
                    cure = f'the nearest is "{near}"' if near else "write a weekday, such as monday"
                    yield error("CL217", f'no weekday is called "{name}"', name.span, cure)


def _window(survey: Survey, name: tree.Name) -> Iterator[Diagnostic]:
    if name.text in survey.scope.windows or name.text in WEEKDAYS:
        return
    declaration = survey.scope.declaration(name.text)
    if declaration is not None:
        yield wrong_target(survey.scope, name, {}, "window")
        return
    candidates = {known: window.name.span for known, window in survey.scope.windows.items()}
    near = nearest(name.text, [*candidates, *WEEKDAYS])
    cure = f'the nearest is "{near}"' if near else f"declare it: `window {name} = 21:00 to 06:00`"
    yield error("CL217", f'no window is called "{name}"', name.span, cure)


def check_windows(survey: Survey) -> Iterator[Diagnostic]:
    """CL236, CL215: windows that mix `or`, `and` and `except` bare, and unknown holiday calendars."""
    for region in _regions(survey):
        if not knows_region(region.text):
            yield unknown_region(region.text, region.span)
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.WindowCombination):
            left = node.left
            if isinstance(left, tree.WindowCombination) and (
                left.operator != node.operator or node.operator == "except"
            ):
                yield error(
                    "CL236",
                    f"`{left.operator}` and `{node.operator}` stand side by side, and can be read two ways",
                    node.span,
                    f"put parentheses: `({quoted(left.span)}) {node.operator} {quoted(node.right.span)}`",
                )


def list_holidays(survey: Survey) -> Iterator[Diagnostic]:
    """CL790: the days that a contract means by `holidays FR`, for whoever asks to see them."""
    term = survey.scope.term or _SOME_YEAR
    for region in _regions(survey):
        if not knows_region(region.text):
            continue
        days = holidays(region, range(term.start.year, term.last.year + 1))
        listed = [f"{day} {name}" for day, name in sorted(days.items()) if day in term]
        message = f"holidays {region} are {len(listed)} days of the term"
        yield Diagnostic("CL790", Severity.INFO, message, region.span, ", ".join(listed))


def _regions(survey: Survey) -> Iterator[tree.Name]:
    asked: set[str] = set()
    for visit in survey.visits:
        if isinstance(visit.node, tree.WindowHolidays) and visit.node.region.text not in asked:
            asked.add(visit.node.region.text)
            yield visit.node.region


def check_indices_named(survey: Survey) -> Iterator[Diagnostic]:
    """CL220, CL222: what stands after `indexed on` is an index."""
    indices = {name: index.name.span for name, index in survey.scope.indices.items()}
    for one in survey.all(tree.Price):
        assert isinstance(one.node, tree.Price), "asked for prices only"
        if one.node.indexed is not None and one.node.indexed.index.text not in indices:
            yield wrong_target(survey.scope, one.node.indexed.index, indices, "index")


def check_columns_named(survey: Survey) -> Iterator[Diagnostic]:
    """CL224, CL230: the columns after `per`, `by` and `on`, and the intervals after `per` and `by`."""
    scope = survey.scope
    columns = {
        column.name.text: column.name.span for table in scope.tables.values() for column in table.columns
    }
    unknown_columns: set[str] = set()
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.ByValue) and by_column(node):
            figure = node.figure
            if not isinstance(figure, tree.Reference):
                message = "these rows are for the values of a column"
                yield error("CL230", message, figure.span, "name a column")
            elif figure.name.text not in columns:
                unknown_columns.add(figure.name.text)
                yield unknown(figure.name, columns, "CL224", "no table has a column called")
    for visit in survey.visits:
        node = visit.node
        if isinstance(node, tree.Priced) and node.per is not None and node.per.text not in unknown_columns:
            owner = visit.owner.node
            fee = isinstance(owner, tree.Line) and owner.kind in ("fee", "subscription")
            yield from _per(node.per, columns, fee)
        elif isinstance(node, tree.Argument) and node.by is not None and node.by.text not in PARTS:
            if node.by.text not in columns:
                yield _interval(node.by, columns, "by", PARTS)


def _per(name: tree.Name, columns: dict[str, Span], fee: bool) -> Iterator[Diagnostic]:
    if name.text in _INTERVALS or (not fee and name.text in columns):
        return
    yield _interval(name, {} if fee else columns, "per", _INTERVALS)


def _interval(name: tree.Name, columns: dict[str, Span], word: str, intervals: tuple[str, ...]) -> Diagnostic:
    near = nearest(name.text, [*intervals, *columns])
    what_else = " or a column" if columns else ""
    cure = f'the nearest is "{near}"' if near else f"write `{word} month`{what_else and ', or name a column'}"
    return error("CL230", f'"{name}" is not an interval of the calendar{what_else}', name.span, cure)


def check_tables(survey: Survey) -> Iterator[Diagnostic]:
    """CL231, CL232: the types of columns, and the column that places a row in time."""
    types = ("timestamp", "duration", "boolean", "text", "number", "money", "date")
    for one in survey.all(tree.Usage):
        table = one.node
        assert isinstance(table, tree.Usage), "asked for tables only"
        wrong = False
        for column in table.columns:
            if column.type.text not in types:
                wrong = True
                near = nearest(column.type.text, types)
                cure = f'the nearest is "{near}"' if near else f"write one of {', '.join(types)}"
                message = f'a column is not of the type "{column.type}"'
                yield error("CL231", message, column.type.span, cure)
        times = {
            column.name.text: column for column in table.columns if column.type.text in ("timestamp", "date")
        }
        if table.on is not None and table.on.text not in times:
            spans = {name: column.name.span for name, column in times.items()}
            if any(column.name.text == table.on.text for column in table.columns):
                message = f'"{table.on}" is not a timestamp or a date, and cannot place a row in time'
                yield error("CL232", message, table.on.span, "name a column that is a timestamp or a date")
            else:
                yield unknown(table.on, spans, "CL224", f'the table "{table.name}" has no column called')
        elif not times and not wrong:
            yield error(
                "CL232",
                f'nothing says when a row of "{table.name}" happened',
                table.name.span,
                "add a column that is a timestamp or a date, such as `started timestamp`",
            )


def check_keys(survey: Survey) -> Iterator[Diagnostic]:
    """CL224, CL238: the columns that tell the rows of a table apart."""
    for one in survey.all(tree.Usage):
        table = one.node
        assert isinstance(table, tree.Usage), "asked for tables only"
        columns = {column.name.text: column for column in table.columns}
        seen: set[str] = set()
        for name in table.key:
            if name.text not in columns:
                spans = {column.name.text: column.name.span for column in table.columns}
                yield unknown(name, spans, "CL224", f'the table "{table.name}" has no column called')
            elif name.text in seen:
                message = f'the key of "{table.name}" names "{name}" twice'
                yield error("CL238", message, name.span, "name each column once")
            elif columns[name.text].optional:
                yield warning(
                    "CL238",
                    f'"{name}" tells the rows of "{table.name}" apart, and may be left empty',
                    name.span,
                    "take `optional` away, or name another column; a row without it is never a duplicate",
                    (Label(columns[name.text].name.span, "here it may be left empty"),),
                )
            seen.add(name.text)


def check_prices_by_column(survey: Survey) -> Iterator[Diagnostic]:
    """CL237: a price that goes by a column needs `per` that column where it is read."""
    scope = survey.scope
    keyed = {
        name: price.formula.figure.name.text
        for name, price in scope.prices.items()
        if isinstance(price.formula, tree.ByValue)
        and by_column(price.formula)
        and isinstance(price.formula.figure, tree.Reference)
    }
    if not keyed:
        return
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.Reference) or node.name.text not in keyed or visit.table:
            continue
        owner = visit.owner.node
        if not isinstance(owner, tree.Line):
            continue
        column = keyed[node.name.text]
        value = owner.value
        per = value.per if isinstance(value, tree.Priced) else None
        if per is None or per.text != column:
            price = scope.prices[node.name.text]
            said = f"and this line is per {per}" if per else "and this line does not say which"
            yield error(
                "CL237",
                f'"{node.name}" has a price for each {column}, {said}',
                node.span,
                f"write `per {column}` after the quantity",
                (Label(price.name.span, f"it goes by {column} here"),),
            )
