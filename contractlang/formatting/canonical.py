"""A source in, its canonical text out, after both were compared.

In: a source. Out: text. Raises ContractError with what is wrong where the source cannot be read, and with
CL990 where the layout does not mean what was written, which is a mistake of ours and harms no file.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from contractlang.diagnostics import ContractError, Diagnostic, error, has_errors
from contractlang.formatting.clauses import rank
from contractlang.formatting.pieces import HEADER, Block, Piece, Statement, read_file
from contractlang.formatting.writing import written
from contractlang.frozen import replace
from contractlang.syntax import tree
from contractlang.syntax.parsing import comments, parse
from contractlang.text import Source, Span


def format_text(source: Source) -> str:
    """The canonical text of a source, with the line ends that its first line has.

    Raises ContractError where the source cannot be read.
    """
    read = parse(source)
    if has_errors(read.diagnostics):
        raise ContractError(one for one in read.diagnostics if has_errors([one]))
    file, _ = read_file(source)
    # Clauses in another order may, in places that nobody thought of, be read another way.
    for arranged in (_ordered, _as_written):
        text = written(arranged(file))
        if text == source.text:
            # What is laid out already means what it means, and is its own second layout.
            return text
        if _is_same(read.declarations, source, text) and _again(source, text, arranged) == text:
            windows = source.text.partition("\n")[0].endswith("\r")
            return text.replace("\n", "\r\n") if windows else text
    raise ContractError([_at_fault(source)])


def format_lines(source: Source, first: int, last: int) -> str:
    """The text of a source in which only the declarations on some lines, counted from 1, are laid out.

    Declarations outside of the lines stay as they are. Raises ContractError as `format_text` does.
    """
    text = format_text(source)
    before, after = _heads(source), _heads(Source(source.name, text))
    assert len(before) == len(after), "a layout has the declarations of its source"
    parts, position = [], 0
    for old, new in zip(before, after, strict=True):
        start, end = source.position(old.start).line + 1, source.position(old.end).line + 1
        if start <= last and end >= first:
            parts += [source.text[position : old.start], text[new.start : new.end]]
            position = old.end
    parts.append(source.text[position:])
    changed = "".join(parts)
    if not _is_same(parse(source).declarations, source, changed):
        raise ContractError([_at_fault(source)])
    return changed


def _at_fault(source: Source) -> Diagnostic:
    return error(
        "CL990",
        "no layout of this file was found that surely means the same, so that it was left as it is",
        Span(source, 0, min(1, len(source.text))),
        "please report it, with the file",
    )


# ---- safety


def _again(source: Source, text: str, arranged: Callable[[Block], Block]) -> str:
    """The layout of a layout."""
    return written(arranged(read_file(Source(source.name, text))[0]))


def _is_same(declarations: Sequence[tree.AnyDeclaration], source: Source, text: str) -> bool:
    formatted = Source(source.name, text)
    read = parse(formatted)
    return (
        not has_errors(read.diagnostics)
        and read.declarations == declarations
        and list(_docs(read.declarations)) == list(_docs(declarations))
        and sorted(_remarks(formatted)) == sorted(_remarks(source))
    )


def _remarks(source: Source) -> list[str]:
    return [comment.text.rstrip() for comment in comments(source)]


def _docs(declarations: Sequence[tree.AnyDeclaration]) -> Iterator[str]:
    for one in declarations:
        yield one.doc
        if isinstance(one, (tree.Phase, tree.Amendment)):
            yield from _docs(one.items)


def _heads(source: Source) -> list[Span]:
    """The characters of each declaration outside of all blocks."""
    return [one.span for one in parse(source).declarations]


# ---- the order of clauses


def _as_written(block: Block) -> Block:
    return block


def _ordered(block: Block) -> Block:
    """A block whose declarations have their clauses, and whose header its rows, in canonical order."""
    statements = tuple(_ordered_statement(one) for one in block.statements)
    if block.owner == "CONTRACT" and not any(_is_apart(one.pieces[0]) for one in statements[1:]):
        # Comments and empty lines make groups of rows, which only their author can move.
        if not block.close.remarks and not (statements and statements[0].pieces[0].remarks):
            statements = tuple(sorted(statements, key=lambda one: HEADER.index(one.keyword)))
    return replace(block, statements=statements)


def _is_apart(piece: Piece) -> bool:
    return piece.blank or bool(piece.remarks)


def _ordered_statement(statement: Statement) -> Statement:
    pieces = tuple(
        piece if piece.block is None else replace(piece, block=_ordered(piece.block))
        for piece in statement.pieces
    )
    # A comment in the middle of a declaration is about what stands beside it.
    if not statement.clauses or any(piece.remarks for piece in pieces[1:]):
        return replace(statement, pieces=pieces)
    places = [*statement.clauses, len(pieces)]
    clauses = [pieces[start:end] for start, end in pairwise(places)]
    clauses.sort(key=lambda clause: rank(statement.keyword, [piece.terminal for piece in clause[:2]]))
    moved = list(pieces[: places[0]])
    starts = []
    for clause in clauses:
        starts.append(len(moved))
        moved.extend(clause)
    return replace(statement, pieces=tuple(moved), clauses=tuple(starts))
