"""Names: declared once, known where they are read, and read as what they are."""

from collections.abc import Iterator

from contractlang.checking.survey import Declared, Survey, Visit
from contractlang.checking.wording import line_of, listed
from contractlang.diagnostics import Diagnostic, Label, error, nearest
from contractlang.exact import CURRENCIES
from contractlang.kinds import FUNCTIONS, Scope
from contractlang.syntax import tree
from contractlang.text import Span

_WHAT = {
    tree.Usage: "table", tree.Window: "window", tree.Measure: "figure", tree.Index: "index",
    tree.Phase: "phase",
}  # fmt: skip
_NAMED = (tree.Usage, tree.Window, tree.Measure, tree.Price, tree.Index, tree.Line, tree.Phase)
# A figure of these names could not be read: the words mean something of their own in an expression.
_RESERVED = {"elapsed": "the length of the interval", "phase": "the phase in force"}


def what(node: object) -> str:
    """What a declaration is, in a reader's words: a figure, a rate, a fee."""
    if isinstance(node, tree.Price):
        return node.kind
    if isinstance(node, tree.Line):
        return node.kind.replace("_", "-")
    return _WHAT.get(type(node), "name")


def with_article(word: str) -> str:
    """A word with its article: `an amount`, `a rate`."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def name_of(node: object) -> tree.Name:
    """The name of a declaration that has one."""
    name = node.name  # type: ignore[attr-defined]
    assert isinstance(name, tree.Name), "asked of named declarations only"
    return name


def unknown(name: tree.Name, candidates: dict[str, Span], code: str, said: str) -> Diagnostic:
    """The error for a name that nothing has, with the nearest and its line (message 1 of section 7)."""
    near = nearest(name.text, candidates)
    if near is None:
        return error(code, f'{said} "{name}"', name.span, "declare it, or correct its spelling")
    place = candidates[near]
    where = "" if not place.source.text else f", line {line_of(place)}"
    if place.source.name != name.span.source.name and where:
        where = f", line {line_of(place)} of {place.source.name}"
    return error(code, f'{said} "{name}"; the nearest is "{near}"{where}', name.span, f"write `{near}`")


def check_declared_once(survey: Survey) -> Iterator[Diagnostic]:
    """CL221, CL229: a name that two declarations have, and one that means something else already.

    An amendment replaces what has its name; twice in one amendment is a mistake again.
    """
    seen: dict[tuple[int, str], Declared] = {}
    for one in survey.declared:
        if not isinstance(one.node, _NAMED):
            continue
        name = name_of(one.node)
        if isinstance(one.node, tree.Measure) and name.text in _RESERVED:
            yield error(
                "CL229",
                f'"{name}" already means {_RESERVED[name.text]}',
                name.span,
                "give this figure another name",
            )
        key = (id(one.amendment) if one.amendment else 0, name.text)
        first = seen.setdefault(key, one)
        if first is not one:
            same = what(first.node) == what(one.node)
            yield error(
                "CL221",
                f'"{name}" is declared twice'
                if same
                else f'"{name}" is {with_article(what(first.node))} already, '
                "and names are unique in a contract",
                name.span,
                "give one of the two another name",
                (Label(name_of(first.node).span, f"{with_article(what(first.node))} has this name here"),),
            )


def check_parts_and_columns_once(survey: Survey) -> Iterator[Diagnostic]:
    """CL221: two columns of one table, or two parts of one scorecard, with one name."""
    for one in survey.declared:
        names: list[tree.Name] = []
        if isinstance(one.node, tree.Usage):
            names = [column.name for column in one.node.columns]
        elif isinstance(one.node, tree.Line):
            names = [part.name for part in one.node.parts if part.name is not None]
        seen: dict[str, tree.Name] = {}
        for name in names:
            first = seen.setdefault(name.text, name)
            if first is not name:
                yield error(
                    "CL221",
                    f'"{name}" is declared twice',
                    name.span,
                    "give one of the two another name",
                    (Label(first.span, "it is declared here first"),),
                )


def check_references(survey: Survey) -> Iterator[Diagnostic]:
    """CL220, CL222: a name in an expression that nothing has, or that is not a value."""
    scope = survey.scope
    callees = {id(argument.value): visit for visit in survey.visits if isinstance(visit.node, tree.Call)
               for argument in visit.node.arguments}  # fmt: skip
    tables = {id(visit.node.figure) for visit in survey.visits
              if isinstance(visit.node, (tree.ByValue, tree.Part)) and by_column(visit.node)}  # fmt: skip
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.Reference):
            continue
        name = node.name
        if id(node) in tables or _phase_expected(visit):
            continue  # A column or a phase, which other checks look up.
        columns = (
            {column.name.text: column.name.span for column in visit.table.columns} if visit.table else {}
        )
        if name.text in columns or name.text == "elapsed":
            continue
        if name.text in scope.measures or name.text in scope.prices or name.text in scope.lines:
            continue
        if name.text in scope.tables:
            if id(node) not in callees:
                yield _not_a_value(survey, name, f"count({name}), or a column of it, such as {name}.…")
            continue
        if scope.declaration(name.text) is not None:
            yield _not_a_value(survey, name, _instead(survey, name))
            continue
        candidates = dict(columns)
        for known in scope.names():
            candidates.setdefault(known, name_of(scope.declaration(known)).span)
        if id(node) in callees:
            candidates.update((table.name.text, table.name.span) for table in scope.tables.values())
        yield _unknown_value(visit, name, candidates, survey.scope)


def _unknown_value(visit: Visit, name: tree.Name, candidates: dict[str, Span], scope: Scope) -> Diagnostic:
    if name.text in CURRENCIES:
        return error("CL220", f'"{name}" needs an amount before it', name.span, f"write `0 {name}`")
    divides = name.span.source.text[: name.span.start].rstrip().endswith("/")
    if name.text in scope.units.words and (divides or nearest(name.text, candidates) is None):
        price = f"4.20 {scope.currency or 'EUR'}/{name}"
        cure = f"a price per {name} is written without spaces, and with its currency: {price}"
        return error("CL220", f'"{name}" is a unit, and no figure has that name', name.span, cure)
    where = (
        f'the table "{visit.table.name}" has no column, and the contract nothing, called'
        if visit.table
        else ""
    )
    return unknown(name, candidates, "CL220", where or "nothing in this contract is called")


def _phase_expected(visit: Visit) -> bool:
    owner = visit.owner.node
    return isinstance(owner, tree.Test) and any(
        isinstance(item, tree.Expect) and item.phase and item.value is visit.node for item in owner.items
    )


def by_column(node: tree.ByValue | tree.Part) -> bool:
    """Whether a table goes by the values of a column, not by bands of a figure."""
    return any(isinstance(row, tree.ColumnRow) for row in node.rows)


def _not_a_value(survey: Survey, name: tree.Name, cure: str) -> Diagnostic:
    declaration = survey.scope.declaration(name.text)
    word = with_article(what(declaration))
    return error(
        "CL222",
        f'"{name}" is {word}, which has no value of its own',
        name.span,
        f"write {cure}" if cure else "",
        (Label(name_of(declaration).span, "it is declared here"),),
    )


def _instead(survey: Survey, name: tree.Name) -> str:
    declaration = survey.scope.declaration(name.text)
    if isinstance(declaration, tree.Phase):
        return f"`over phase {name}` after a figure, to measure it in that phase"
    if isinstance(declaration, tree.Window):
        return f"`during {name}` after an interval, or `in {name}` after an instant"
    return f"`indexed on {name}` in a rate or an amount"


def check_members(survey: Survey) -> Iterator[Diagnostic]:
    """CL224: a column that its table lacks, a part that its scorecard lacks."""
    scope = survey.scope
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.Member):
            continue
        owner, member = node.owner, node.member
        if owner.text in scope.tables:
            table = scope.tables[owner.text]
            columns = {column.name.text: column.name.span for column in table.columns}
            if member.text not in columns:
                yield unknown(member, columns, "CL224", f'the table "{owner}" has no column called')
            elif not visit.aggregated:
                yield error(
                    "CL222",
                    f'"{node.owner}.{node.member}" has a value in each row, not one value',
                    node.span,
                    f"aggregate it, as in `sum({node.owner}.{node.member})` or `average({node.owner}.…)`",
                )
        elif owner.text in scope.lines:
            yield from _part(scope.lines[owner.text], member)
        elif scope.declaration(owner.text) is not None:
            yield error(
                "CL224",
                f'"{owner}" is {with_article(what(scope.declaration(owner.text)))}, which has no parts',
                node.span,
                "only tables have columns, and only scorecards have named parts",
                (Label(name_of(scope.declaration(owner.text)).span, "it is declared here"),),
            )
        else:
            candidates = {name: table.name.span for name, table in scope.tables.items()}
            candidates.update((name, line.name.span) for name, line in scope.lines.items() if line.parts)
            yield unknown(owner, candidates, "CL220", "nothing in this contract is called")


def _part(line: tree.Line, member: tree.Name) -> Iterator[Diagnostic]:
    parts = {part.name.text: part.name.span for part in line.parts if part.name is not None}
    if member.text in parts:
        return
    if not parts:
        yield error(
            "CL224",
            f'"{line.name}" has no named parts',
            member.span,
            f"name a part with `by … as {member} {{`",
            (Label(line.name.span, "it is declared here"),),
        )
    else:
        yield unknown(member, parts, "CL224", f'"{line.name}" has no part called')


def check_functions(survey: Survey) -> Iterator[Diagnostic]:
    """CL228: a function that does not exist."""
    for visit in survey.visits:
        if isinstance(visit.node, tree.Call) and visit.node.function.text not in FUNCTIONS:
            name = visit.node.function
            near = nearest(name.text, FUNCTIONS)
            cure = f'the nearest is "{near}"' if near else f"there are {listed([*FUNCTIONS, 'previous'])}"
            yield error("CL228", f'there is no function "{name}"', name.span, cure)
