"""The phases of a contract and their ways out, as boxes and arrows.

In: a `Document`. Out: pieces of SVG. Phases stand under one another in the order written; a way to the
next is an arrow between them, any other an arc on the right. Phases are few: there is no more layout.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contractlang.rendering.svg import text
from contractlang.syntax import tree
from contractlang.syntax.loading import Document

_BOX = 330
_ROW = 19
_LETTER = (32, 5)
_MOST_LINES = 8
_LANE = 26


@dataclass(frozen=True, slots=True)
class Drawing:
    """Pieces of SVG and the height they take."""

    parts: tuple[str, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Way:
    """The transitions from one phase to another, each with the words of its conditions."""

    start: str
    end: str
    labels: tuple[str, ...]


def phases_of(document: Document) -> tuple[tree.Phase, ...]:
    """The phases in the order written, with what amendments add to them."""
    found: dict[str, tree.Phase] = {}
    for declaration in document.declarations:
        if isinstance(declaration, tree.Phase):
            found.setdefault(declaration.name.text, declaration)
    for amendment in document.declarations:
        for item in amendment.items if isinstance(amendment, tree.Amendment) else ():
            if isinstance(item, tree.Phase):
                before = found.get(item.name.text)
                found[item.name.text] = item if before is None else _amended(before, item)
    return tuple(found.values())


def _amended(before: tree.Phase, amended: tree.Phase) -> tree.Phase:
    """A phase with the lines and the ways out that an amendment adds; replaced lines keep their place."""
    names = {line.name.text for line in before.lines}
    added = tuple(
        item for item in amended.items if not (isinstance(item, tree.Line) and item.name.text in names)
    )
    return replace(before, items=before.items + added)


def ways_of(phases: Sequence[tree.Phase]) -> tuple[Way, ...]:
    """The ways between phases that exist, in the order written, one for each pair of phases."""
    known = {phase.name.text for phase in phases}
    labels: dict[tuple[str, str], list[str]] = {}
    for phase in phases:
        for transition in phase.transitions:
            if transition.to.text in known:
                labels.setdefault((phase.name.text, transition.to.text), []).append(words(transition))
    return tuple(Way(start, end, tuple(found)) for (start, end), found in labels.items())


def words(transition: tree.Transition) -> str:
    """When a transition acts: `when answer_rate >= 90% for 2 months, not before 3 months`."""
    found = []
    if transition.after is not None:
        found.append(f"after {_length(transition.after)}")
    if transition.on is not None:
        found.append(f"on {transition.on}")
    if transition.when is not None:
        found.append(f"when {' '.join(transition.when.span.text.split())}")
    if transition.not_before is not None:
        found.append(f"not before {_length(transition.not_before)}")
    return ", ".join(found)


def drawn(document: Document, left: int, top: int, width: int) -> Drawing:
    """The phases from `left`, `top` on, then the lines that are in force for the whole term."""
    phases = phases_of(document)
    parts: list[str] = []
    y = top
    boxes: dict[str, tuple[int, int]] = {}
    ways = ways_of(phases)
    order = [phase.name.text for phase in phases]
    arcs = [way for way in ways if order.index(way.end) != order.index(way.start) + 1]
    if phases:
        middle = left + _BOX // 2
        parts.append(f'<circle class="start" cx="{middle}" cy="{y + 6}" r="6"/>')
        term = document.header.term if document.header else None
        if term is not None:
            parts.append(text(middle + 14, y + 10, f"{term.start}", "soft"))
        parts += _arrow(middle, y + 12, y + 34)
        y += 34
    for index, phase in enumerate(phases):
        name = phase.name.text
        box, height = _box(left, y, phase.label or name, name, _labels(phase.lines), "box")
        parts += box
        boxes[name] = (y, y + height)
        y += height
        following = order[index + 1] if index + 1 < len(order) else None
        told = [row for way in ways if (way.start, way.end) == (name, following) for row in _or(way)]
        if following is not None:
            # Words beside an arrow stay left of the arcs, where there are any.
            room = (_BOX if arcs else width) - _BOX // 2 - 20
            rows = [row for words_ in told for row in broken(words_, room)]
            gap = max(44, len(rows) * 17 + 24)
            if told:
                parts += _arrow(left + _BOX // 2, y, y + gap)
                for at, row in enumerate(rows):
                    parts.append(text(left + _BOX // 2 + 14, y + 22 + 17 * at, row, "soft"))
            y += gap
    parts += _arcs(arcs, order, boxes, left, width)
    apart = [one for one in document.declarations if isinstance(one, tree.Line)]
    if apart:
        y += 26 if phases else 0
        box, height = _box(left, y, "In force for the whole term", "", _labels(apart), "apart")
        parts += box
        y += height
    return Drawing(tuple(parts), y - top + 10)


def _length(length: tree.Length) -> str:
    unit = length.unit.rstrip("s")
    return f"{length.count} {unit if length.count == 1 else unit + 's'}"


def _labels(lines: Sequence[tree.Line]) -> list[str]:
    found = [line.label or line.name.text for line in lines]
    if len(found) <= _MOST_LINES:
        return found
    return [*found[: _MOST_LINES - 1], f"and {len(found) - _MOST_LINES + 1} more"]


def _or(way: Way) -> list[str]:
    return [label if index == 0 else f"or {label}" for index, label in enumerate(way.labels)]


def _box(left: int, top: int, label: str, name: str, rows: list[str], kind: str) -> tuple[list[str], int]:
    # Bold letters are wider than the others.
    heading = broken(label, _BOX - 64)
    lines = [row for words_ in rows for row in broken(f"· {words_}", _BOX - 24)]
    count = len(heading) + len(lines) + (1 if name else 0)
    height = count * _ROW + 20
    found = [f'<rect class="{kind}" x="{left}" y="{top}" width="{_BOX}" height="{height}" rx="7"/>']
    y = top + 24
    for row in heading:
        found.append(text(left + 14, y, row, "heading"))
        y += _ROW
    if name:
        found.append(text(left + 14, y, name, "soft"))
        y += _ROW
    for row in lines:
        found.append(text(left + 14, y, row, "soft"))
        y += _ROW
    return found, height


def _arrow(x: int, top: int, bottom: int) -> list[str]:
    return [
        f'<path class="way" d="M{x} {top} V{bottom - 8}"/>',
        f'<path class="tip" d="M{x - 5} {bottom - 9} h10 l-5 9 z"/>',
    ]


def _arcs(
    arcs: Sequence[Way], order: list[str], boxes: dict[str, tuple[int, int]], left: int, width: int
) -> list[str]:
    """The ways that do not lead to the next phase, each in a lane of its own, with its words beside all."""
    parts: list[str] = []
    right = left + _BOX
    column = right + _LANE * (len(arcs) + 1)
    free = 0
    for lane, way in enumerate(arcs, 1):
        (start_top, start_bottom), (end_top, end_bottom) = boxes[way.start], boxes[way.end]
        forward = order.index(way.end) > order.index(way.start)
        shift = 8 * (lane - 1)
        out = start_bottom - 10 - shift if forward else start_top + 14 + shift
        into = end_top + 14 + shift if forward else end_bottom - 10 - shift
        x, middle = right + _LANE * lane, (out + into) // 2
        parts.append(
            f'<path class="way" d="M{right} {out} C{x} {out} {x} {out} {x} {middle} '
            f'S{x} {into} {right + 9} {into}"/>'
        )
        parts.append(f'<path class="tip" d="M{right + 9} {into - 5} v10 l-9 -5 z"/>')
        told = f"{way.start} → {way.end}: {' '.join(_or(way))}"
        rows = broken(told, left + width - column)
        y = max(free, middle - 17 * (len(rows) - 1) // 2 + 4)
        parts += [text(column, y + 17 * at, row, "soft") for at, row in enumerate(rows)]
        free = y + 17 * len(rows) + 6
    return parts


def broken(words_: str, room: int) -> list[str]:
    """Words in rows that fit so many pixels, by the width of an average letter."""
    most = max(8, room * _LETTER[1] // _LETTER[0])
    rows: list[str] = []
    row = ""
    for word in words_.split():
        while len(word) > most:
            rows, row, word = [*rows, *([row] if row else []), word[:most]], "", word[most:]
        if row and len(row) + 1 + len(word) > most:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    return [*rows, row]
