"""Where a `}` is missing, as the layout tells: it carries no meaning, but shows what the author meant.

In: a text in which some brace is never closed. Out: the brace that most likely is it, and the place
where its `}` belongs. Only a mistake that the grammar has found asks for this guess.
"""

import re

from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.frozen import dataclass
from contractlang.text import Source, Span

_DECLARATION = re.compile(
    r"(?:contract|include|unit|usage|window|measure|rate|amount|index|charge|fee|subscription|bonus-malus|"
    r"penalty|minimum|limit|clawback|phase|transition|amendment|remove|test|given|expect|invariant|by)\b"
)
_PIECE = re.compile(r'"(?:[^"\\\n]|\\["\\])*"?|#[^\n]*|[{}]|[^\W\d][\w-]*|\n[ \t]*|[^\n]')
_NAMED = re.compile(r'\s*([\w-]+)(?:\s+(?:"([^"\n]*)"|(\w+)))?')


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A brace without its `}`: the character of the brace, that of what it belongs to, the place for `}`."""

    brace: int
    head: int
    place: int


class _Open:
    """A brace that is open, and how far to the right what is inside it stands."""

    def __init__(self, brace: int, head: int, indents: tuple[int, ...]) -> None:
        self.brace, self.head, self.indents = brace, head, indents
        self.inside: int | None = None


def unclosed(text: str, end: int) -> Unclosed | None:
    """The first brace before `end` that the layout shows to be unclosed, or None where it shows nothing.

    A brace is unclosed where a declaration stands no further right than what the brace belongs to, or
    a `}` stands under what an outer brace belongs to, while what is inside is written further right.
    """
    stack: list[_Open] = []
    indent, head, head_indent, first = 0, 0, 0, True
    for match in _PIECE.finditer(text, 0, end):
        piece, at = match.group(), match.start()
        if piece[0] == "\n":
            indent, first = len(piece) - 1, True
            continue
        if piece[0] in " \t\r#\ufeff":
            if at == 0 and piece[0] in " \t":
                indent = len(text) - len(text.lstrip(" \t"))
            continue
        starts_line, first = first, False
        declares = _DECLARATION.match(piece) is not None
        if starts_line and stack:
            found = _shown(stack, piece, declares, indent, at)
            if found is not None:
                return found
            if stack and stack[-1].inside is None and piece != "}":
                stack[-1].inside = indent
        if declares and (starts_line or not stack or text[:at].rstrip()[-1:] in "{}"):
            head, head_indent = at, indent
        if piece == "{":
            if starts_line or not stack or head > stack[-1].brace:
                stack.append(_Open(at, head, (head_indent, indent)))
            else:
                stack.append(_Open(at, _line_head(text, at), (indent, indent)))
        elif piece == "}" and stack:
            stack.pop()
    return None


def _shown(stack: list[_Open], piece: str, declares: bool, indent: int, at: int) -> Unclosed | None:
    """What a piece at the start of a line shows about the innermost open brace."""
    top = stack[-1]
    deeper = top.inside is None or top.inside > max(top.indents)
    if not deeper:
        return None
    if piece == "}":
        if indent not in top.indents and any(indent in outer.indents for outer in stack[:-1]):
            return Unclosed(top.brace, top.head, at)
    elif declares and indent <= min(top.indents):
        return Unclosed(top.brace, top.head, at)
    return None


def _line_head(text: str, at: int) -> int:
    start = text.rfind("\n", 0, at) + 1
    return start + len(text[start:at]) - len(text[start:at].lstrip())


def unclosed_message(source: Source, found: Unclosed) -> Diagnostic:
    """The diagnostic for a brace that is never closed."""
    text = source.text
    what = _what(text, found.head)
    opened = Span(source, found.head, found.brace + 1)
    if "\n" in opened.text:
        opened = Span(source, found.brace, found.brace + 1)
    rest = text[found.place :]
    if not rest.strip():
        return error("CL123", f"{what} is never closed; put `}}` at the end of the file", opened)
    line = source.position(found.place).line + 1
    word = re.compile(r"[\w-]+").match(text, found.place)
    begins = f", where `{word.group()}` begins" if word else ""
    after = Span(source, found.place, word.end() if word else found.place + 1)
    return error(
        "CL123",
        f"{what} is never closed; put `}}` before line {line}{begins}",
        opened,
        "every `{` needs its `}`",
        (Label(after, "put `}` before this"),),
    )


def _what(text: str, head: int) -> str:
    match = _NAMED.match(text, head)
    if match is None:
        return "this part"
    word, title, name = match.groups()
    if word == "by":
        return "this table"
    if word in ("given", "vat") or (title is None and name is None):
        return f"this `{word}`"
    return f'the {word} "{title or name}"'
