"""The outline of a contract, its folds, and the names of a whole project.

In: an analysis. Out: symbols and ranges of lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from contractlang.language_server.analysis import Analysis
from contractlang.language_server.wording import detail
from contractlang.syntax import tree
from contractlang.syntax.parsing import comments
from contractlang.text import Source, Span


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declaration: its name, what it is, all of it, and the place of its name."""

    name: str
    kind: str
    detail: str
    span: Span
    head: Span
    children: tuple["Symbol", ...] = ()


def symbols(analysis: Analysis) -> tuple[Symbol, ...]:
    """The declarations of the text, as an outline."""
    return tuple(_symbols(analysis, analysis.declarations))


def named_like(analysis: Analysis, query: str) -> tuple[Symbol, ...]:
    """The symbols whose names or labels hold a text, whatever its letter case; those inside others too."""
    waiting = list(symbols(analysis))
    found = []
    while waiting:
        one = waiting.pop(0)
        if query.casefold() in one.name.casefold() or query.casefold() in one.detail.casefold():
            found.append(one)
        waiting.extend(one.children)
    return tuple(found)


def _symbols(analysis: Analysis, nodes: tuple[tree.AnyDeclaration, ...]) -> Iterator[Symbol]:
    for node in nodes:
        name, head = _named(node)
        if not name:
            continue
        children: tuple[Symbol, ...] = ()
        if isinstance(node, (tree.Phase, tree.Amendment)):
            children = tuple(_symbols(analysis, node.items))
        elif isinstance(node, tree.Usage):
            children = tuple(
                Symbol(one.name.text, "column", one.type.text, one.span, one.name.span)
                for one in node.columns
            )
        yield Symbol(name, _kind(node), detail(analysis, node), node.span, head, children)


def _kind(node: tree.AnyDeclaration) -> str:
    if isinstance(node, (tree.Line, tree.Price)):
        return node.kind
    return type(node).__name__.lower()


def _named(node: tree.AnyDeclaration) -> tuple[str, Span]:
    match node:
        case tree.Contract() | tree.Test() | tree.Invariant():
            return node.title, node.span
        case tree.Amendment():
            return node.label, node.span
        case tree.Transition():
            return f"to {node.to}", node.to.span
        case tree.Include():
            return node.path, node.span
        case _:
            return node.name.text, node.name.span


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines, from 0 and both included, that can be folded; `comment` says that they are one."""

    start: int
    end: int
    comment: bool = False


def folds(analysis: Analysis) -> tuple[Fold, ...]:
    """The blocks between braces, and runs of comments."""
    source = analysis.source
    found: list[Fold] = []
    opened: list[int] = []
    for token in analysis.tokens:
        if token.terminal == "LBRACE":
            opened.append(_line(source, token.start))
        elif token.terminal == "RBRACE" and opened:
            start, end = opened.pop(), _line(source, token.start)
            if end > start:
                found.append(Fold(start, end - 1 if end - 1 > start else end))
    run: list[int] = []
    for comment in comments(source):
        line = _line(source, comment.span.start)
        if source.line_text(line).lstrip().startswith("#"):
            if run and line != run[-1] + 1:
                found.extend(_run(run))
                run = []
            run.append(line)
    found.extend(_run(run))
    return tuple(sorted(found, key=lambda one: (one.start, -one.end)))


def _run(lines: list[int]) -> list[Fold]:
    return [Fold(lines[0], lines[-1], True)] if len(lines) > 1 else []


def _line(source: Source, offset: int) -> int:
    return source.position(offset).line
