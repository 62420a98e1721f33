"""Text to tree: the front door of parsing.

In: a `Source`. Out: a `Parse`: the declarations that could be read and everything that was wrong. A
broken clause costs one diagnostic; the clauses around it are kept. `reader` reads, `repair` goes on
after a mistake, `recovery` has the words for it.

The reader gives the tree that Lark's own parser gives (a test compares them); it is here because it
is several times as fast and because Lark stops at, or stumbles after, the first mistake.
"""

import gc
import re
from typing import Any

from contractlang.diagnostics import Diagnostic, in_order
from contractlang.frozen import dataclass, replace
from contractlang.reading import forbidden_characters
from contractlang.syntax import tree
from contractlang.syntax.reader import SKIP, Reader
from contractlang.syntax.tables import tables
from contractlang.text import Source, Span

_COMMENT = re.compile(r'"(?:[^"\\\n]|\\["\\])*"|#[^\n]*')


@dataclass(frozen=True, slots=True)
class Parse:
    """The declarations of one source, in the order written, and what was wrong with its words."""

    source: Source
    declarations: tuple[tree.AnyDeclaration, ...]
    diagnostics: tuple[Diagnostic, ...]


def parse(source: Source) -> Parse:
    """The tree of a source and all its errors; never raises for what an author can write."""
    forbidden = forbidden_characters(source)
    if forbidden:
        return Parse(source, (), tuple(forbidden))
    if "<<<<<<<" in source.text and (merged := _unsettled(source)):
        return Parse(source, (), merged)
    # A large tree of small objects makes the collector run often for nothing: no cycle is ever built.
    collecting = gc.isenabled()
    gc.disable()
    try:
        reader = Reader(source, tables())
        if reader.run() is None:
            declarations, said = reader.declarations(), reader.builder.diagnostics
        else:
            # Most texts have no mistake, so that what mends them is loaded only where it is needed.
            from contractlang.syntax.repair import Repair

            repair = Repair(source, tables())
            declarations = repair.read()
            said = repair.said()
    finally:
        if collecting:
            gc.enable()
    found = _documented(source, declarations) if "##" in source.text else declarations
    return Parse(source, found, in_order(said))


def _unsettled(source: Source) -> tuple[Diagnostic, ...]:
    from contractlang.syntax.mistakes.conflicts import conflicts

    return tuple(conflicts(source))


def comments(source: Source) -> tuple[tree.Comment, ...]:
    """The comments of a source, in order, with their `#`."""
    return tuple(
        tree.Comment(match.group(), span=Span(source, match.start(), match.end()))
        for match in _COMMENT.finditer(source.text)
        if match.group().startswith("#")
    )


def _documented(
    source: Source, declarations: tuple[tree.AnyDeclaration, ...]
) -> tuple[tree.AnyDeclaration, ...]:
    """The declarations with the `##` comments that stand directly above them."""
    blocks: dict[int, list[str]] = {}
    run: list[str] = []
    run_end = 0
    for comment in comments(source):
        if not comment.text.startswith("##"):
            continue
        between = source.text[run_end : comment.span.start]
        if run and (between.strip() or between.count("\n") > 1):
            _document(source, blocks, run, run_end)
            run = []
        run.append(comment.text[2:].strip())
        run_end = comment.span.end
    _document(source, blocks, run, run_end)
    return tuple(_with_doc(declaration, blocks) for declaration in declarations)


def _document(source: Source, blocks: dict[int, list[str]], run: list[str], end: int) -> None:
    """Note a run of `##` comments under the character that it documents: the next one of the contract."""
    following = SKIP.match(source.text, end)
    if run and following is not None:
        blocks[following.end()] = run


def _with_doc(declaration: Any, blocks: dict[int, list[str]]) -> Any:
    changes: dict[str, Any] = {}
    if declaration.span.start in blocks:
        changes["doc"] = "\n".join(blocks[declaration.span.start])
    if isinstance(declaration, (tree.Phase, tree.Amendment)):
        changes["items"] = tuple(_with_doc(item, blocks) for item in declaration.items)
    return replace(declaration, **changes) if changes else declaration
