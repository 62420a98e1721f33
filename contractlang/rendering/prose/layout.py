"""A contract in sentences as plain text, at most eighty columns wide.

In: a `ProseView`. Out: text. The other forms are laid out by templates.
"""

from collections.abc import Iterator

from contractlang.rendering.plain import wrapped
from contractlang.rendering.prose.view import ProseBlock, ProseClause, ProseView

WIDTH = 80
_INDENT = 6


def text(view: ProseView) -> str:
    """The text, with a line end."""
    rows = [*wrapped(view.contract, WIDTH), *wrapped(view.title, WIDTH), ""]
    if view.note:
        rows += [*wrapped(f"[{view.note}]", WIDTH), ""]
    for article in view.articles:
        rows += ["", *wrapped(article.heading, WIDTH), ""]
        for clause in article.clauses:
            rows += [*_clause(clause), ""]
    rows += ["", *wrapped(view.signed, WIDTH)]
    return "\n".join(row.rstrip() for row in rows) + "\n"


def _clause(clause: ProseClause) -> Iterator[str]:
    number = f"{clause.number} ".ljust(_INDENT)
    yield from wrapped(clause.title, WIDTH, number, " " * _INDENT)
    for block in clause.blocks:
        yield from _block(block)
    if clause.note:
        yield from _note(clause.note, " " * _INDENT)


def _block(block: ProseBlock) -> Iterator[str]:
    yield from wrapped(block.text, WIDTH, " " * _INDENT)
    for item in block.items:
        mark = f"{' ' * _INDENT}({item.mark}) "
        yield from wrapped(item.text, WIDTH, mark, " " * len(mark))


def _note(note: str, indent: str) -> list[str]:
    return wrapped(f"[{note}]", WIDTH, indent)
