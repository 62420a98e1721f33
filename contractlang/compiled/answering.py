"""Whether a line of zero answers a question, so that it is printed: a band, a step or a cap was read."""

from typing import TYPE_CHECKING

from contractlang.syntax import tree

if TYPE_CHECKING:
    from contractlang.compiled.compilation import Compilation


def answers(compilation: "Compilation", line: tree.Line) -> bool | None:
    """Whether a line of zero is printed; None where only the interpreter can tell."""
    if line.parts or _always(line.value):
        return True
    return None if _perhaps(compilation, line) else False


def _always(node: object) -> bool:
    """Whether a table or a `for each` is read on every way through an expression."""
    match node:
        case tree.ForEach() | tree.ByValue():
            return True
        case tree.Paren() | tree.Negative():
            return _always(node.value)
        case tree.PercentOf():
            return _always(node.of)
        case tree.Binary():
            return _always(node.left) or _always(node.right)
        case tree.Priced():
            return _always(node.quantity) or _always(node.price)
    return False


def _perhaps(compilation: "Compilation", line: tree.Line) -> bool:
    """Whether a line may read a table or a `for each`, through figures and prices too."""
    rating = compilation.rating
    nodes: list[object] = [line.value]
    for name in (*rating.measures_read(line), *rating.prices_read(line)):
        nodes.extend(one.declared for one in rating.terms.measures.get(name, ()))
        nodes.extend(one.declared for one in rating.terms.prices.get(name, ()))
    while nodes:
        node = nodes.pop()
        if isinstance(node, (tree.ForEach, tree.ByValue)):
            return True
        if isinstance(node, tree.Node):
            nodes.extend(tree.children(node))
    return False
