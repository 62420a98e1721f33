"""Expressions that nest too deep for anyone to read, and for the rooms that walk them."""

from collections.abc import Iterator

from contractlang.checking.wording import head
from contractlang.diagnostics import Diagnostic, error
from contractlang.syntax import tree
from contractlang.syntax.loading import Document

MOST_DEPTH = 200


def check_depth(document: Document) -> Iterator[Diagnostic]:
    """CL399: an expression more than `MOST_DEPTH` operations deep; nothing else is checked then."""
    for one in document.declarations:
        waiting: list[tuple[tree.Node, int]] = [(one, 0)]
        while waiting:
            node, depth = waiting.pop()
            if depth > MOST_DEPTH:
                yield error(
                    "CL399",
                    f"this expression has more than {MOST_DEPTH} operations inside one another",
                    head(node.span),
                    "name its parts with measures of their own",
                )
                break
            waiting.extend((child, depth + 1) for child in tree.children(node))
