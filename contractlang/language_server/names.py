"""Where each name of a contract is declared and read: definition, references, rename.

In: an analysis and an offset. Out: spans, of any file that the contract includes. A name belongs to a space:
the contract's own names, units, the columns of a table, the parts of a scorecard.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from contractlang.checking.survey import Visit
from contractlang.diagnostics import has_errors
from contractlang.kinds import FUNCTIONS, PARTS
from contractlang.language_server.analysis import Analysis, analyse
from contractlang.syntax import tree
from contractlang.text import Span

CONTRACT, UNIT = "", "unit"

_NAME = re.compile(r"[^\W\d]\w*")
_WORD = re.compile(r"[^\W\d]\w*")
_CONTRACT_FIELDS = {
    "Line": ("on", "of"), "Transition": ("to",), "InPhase": ("phase",), "Indexation": ("index",),
    "Remove": ("name",), "Assignment": ("name",), "Expect": ("subject",), "InWindow": ("window",),
    "WindowName": ("name",), "Argument": ("during",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name at a place. `space` says of what kind: the contract's, `unit`, `column T`, `part L`."""

    space: str
    name: str
    span: Span
    declares: bool = False
    plural: bool = False


@lru_cache(maxsize=8)
def occurrences(analysis: Analysis) -> tuple[Occurrence, ...]:
    """All names of a contract, in the order of their places."""
    found = [*_declared(analysis), *_read(analysis)]
    known = {(one.space, one.name) for one in found if one.declares}
    unique = {(one.span.source.name, one.span.start, one.space): one for one in reversed(found)
              if one.declares or (one.space, one.name) in known}  # fmt: skip
    return tuple(sorted(unique.values(), key=lambda one: (one.span.source.name, one.span.start)))


def occurrence_at(analysis: Analysis, offset: int) -> Occurrence | None:
    """The name that holds an offset of the text, or ends at it."""
    touching = [
        one
        for one in occurrences(analysis)
        if one.span.source == analysis.source and one.span.start <= offset <= one.span.end
    ]
    # Of two names that meet at the offset, the one that begins there is meant.
    return touching[-1] if touching else None


def definitions(analysis: Analysis, offset: int) -> tuple[Span, ...]:
    """Where the name at an offset is declared, once for each version of it."""
    here = occurrence_at(analysis, offset)
    if here is None:
        return ()
    return tuple(one.span for one in _alike(analysis, here) if one.declares and not one.plural)


def references(analysis: Analysis, offset: int, declarations: bool = True) -> tuple[Span, ...]:
    """Where the name at an offset stands."""
    here = occurrence_at(analysis, offset)
    if here is None:
        return ()
    return tuple(one.span for one in _alike(analysis, here) if declarations or not one.declares)


class RefusedError(Exception):
    """A rename that would not leave the contract what it is; the text says why."""


def rename(analysis: Analysis, offset: int, new: str) -> tuple[tuple[Span, str], ...]:
    """The places to change, each with its new text; raises RefusedError.

    The plural of a unit follows where it is only implied.
    """
    here = occurrence_at(analysis, offset)
    if here is None:
        raise RefusedError("no name that the contract declares stands here")
    if not _NAME.fullmatch(new):
        raise RefusedError(f'"{new}" is not a name: letters, digits and _, a letter first')
    if any(one.name == new and one.space == here.space for one in occurrences(analysis) if one.declares):
        raise RefusedError(f'"{new}" is declared already')
    alike = _alike(analysis, here)
    written = any(one.declares and one.plural for one in alike)
    if here.plural and written:
        raise RefusedError("rename the unit where it is declared; its plural is written there")
    edits = tuple(
        (one.span, f"{new}s" if one.plural else new) for one in alike if not (one.plural and written)
    )
    text = applied(analysis.source.text, [edit for edit in edits if edit[0].source == analysis.source])
    if not has_errors(analysis.document.diagnostics) and has_errors(analyse(text).document.diagnostics):
        broken = analyse(analysis.source.text).document.diagnostics
        if not has_errors(one for one in broken if one.code != "CL209"):
            raise RefusedError(f'"{new}" means something of its own where it would stand')
    return edits


def applied(text: str, edits: list[tuple[Span, str]]) -> str:
    """A text after some changes of it."""
    for span, new in sorted(edits, key=lambda one: -one[0].start):
        text = text[: span.start] + new + text[span.end :]
    return text


def _alike(analysis: Analysis, here: Occurrence) -> list[Occurrence]:
    return [one for one in occurrences(analysis) if (one.space, one.name) == (here.space, here.name)]


def _declared(analysis: Analysis) -> Iterator[Occurrence]:
    for one in analysis.survey.declared:
        node = one.node
        if isinstance(node, tree.Unit):
            yield Occurrence(UNIT, node.name.text, node.name.span, True)
            if node.plural:
                yield Occurrence(UNIT, node.name.text, node.plural.span, True, True)
        elif isinstance(node, tree.Usage):
            yield Occurrence(CONTRACT, node.name.text, node.name.span, True)
            for column in node.columns:
                yield Occurrence(f"column {node.name}", column.name.text, column.name.span, True)
        elif isinstance(node, (tree.Window, tree.Measure, tree.Price, tree.Index, tree.Line, tree.Phase)):
            yield Occurrence(CONTRACT, node.name.text, node.name.span, True)
        if isinstance(node, tree.Line):
            for part in node.parts:
                if part.name:
                    yield Occurrence(f"part {node.name}", part.name.text, part.name.span, True)


def _read(analysis: Analysis) -> Iterator[Occurrence]:
    words = _unit_words(analysis)
    for declared in analysis.survey.declared:
        yield from _names_of(declared.node)
        yield from _units_of(declared.node, words)
        if isinstance(declared.node, tree.Usage):
            placing = (declared.node.on,) if declared.node.on else ()
            for name in (*placing, *declared.node.key):
                yield Occurrence(f"column {declared.node.name}", name.text, name.span)
        if isinstance(declared.node, tree.Line) and declared.node.as_of:
            for table in analysis.scope.tables:
                yield Occurrence(f"column {table}", declared.node.as_of.text, declared.node.as_of.span)
    for visit in analysis.survey.visits:
        yield from _names_of(visit.node)
        yield from _units_of(visit.node, words)
        yield from _of_visit(analysis, visit)


def _of_visit(analysis: Analysis, visit: Visit) -> Iterator[Occurrence]:
    node, tables = visit.node, analysis.scope.tables
    if isinstance(node, tree.Reference):
        yield _referred(visit, node.name)
    elif isinstance(node, tree.Member):
        yield Occurrence(CONTRACT, node.owner.text, node.owner.span)
        kind = "column" if node.owner.text in tables else "part"
        yield Occurrence(f"{kind} {node.owner}", node.member.text, node.member.span)
    elif isinstance(node, tree.Expect) and node.member:
        yield Occurrence(f"part {node.subject}", node.member.text, node.member.span)
    elif isinstance(node, tree.Argument) and node.by and node.by.text not in PARTS:
        for table in tables:
            yield Occurrence(f"column {table}", node.by.text, node.by.span)
    elif isinstance(node, tree.Priced) and node.per:
        for table in tables:
            yield Occurrence(f"column {table}", node.per.text, node.per.span)


def _referred(visit: Visit, name: tree.Name) -> Occurrence:
    if visit.table and name.text in {column.name.text for column in visit.table.columns}:
        return Occurrence(f"column {visit.table.name}", name.text, name.span)
    return Occurrence(CONTRACT, name.text, name.span)


def _names_of(node: object) -> Iterator[Occurrence]:
    for field in _CONTRACT_FIELDS.get(type(node).__name__, ()):
        value = getattr(node, field)
        for name in value if isinstance(value, tuple) else (value,):
            if isinstance(name, tree.Name) and name.text not in FUNCTIONS:
                yield Occurrence(CONTRACT, name.text, name.span)


def _unit_words(analysis: Analysis) -> dict[str, tuple[str, bool]]:
    """The unit that each word names, and whether the word is an implied or written plural."""
    words: dict[str, tuple[str, bool]] = {}
    for one in analysis.survey.all(tree.Unit):
        assert isinstance(one.node, tree.Unit), "only units were asked for"
        words[one.node.name.text] = one.node.name.text, False
        plural = one.node.plural.text if one.node.plural else one.node.name.text + "s"
        words[plural] = one.node.name.text, True
    return words


def _units_of(node: object, words: dict[str, tuple[str, bool]]) -> Iterator[Occurrence]:
    named: list[tree.UnitName | tree.Name] = []
    if isinstance(node, (tree.Number, tree.Measure, tree.Usage)) and node.unit is not None:
        named.append(node.unit)
    for one in named:
        for match in _WORD.finditer(one.span.text):
            if match.group() in words:
                unit, plural = words[match.group()]
                start = one.span.start + match.start()
                span = Span(one.span.source, start, start + len(match.group()))
                yield Occurrence(UNIT, unit, span, False, plural)
