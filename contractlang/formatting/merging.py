"""Two versions of a contract merged, for git.

In: the common version and the two that came of it, as bytes. Out: the merged bytes, and whether conflicts
are left. What git merges by itself is left as git has it. Where it does not, the three versions are laid
out alike, so that only what was said differently can collide: an indented branch, or a column made wider,
is no conflict with a new price.
"""

from contractlang.diagnostics import ContractError
from contractlang.formatting.canonical import format_text
from contractlang.frozen import dataclass
from contractlang.reading import decode_source
from contractlang.syntax.git import SIDES, merge_file
from contractlang.syntax.parsing import comments
from contractlang.syntax.tokens import read_tokens
from contractlang.text import Source

MARKER = 7
"""The characters of a conflict's marker, where git does not say another number."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged content, and whether conflicts are left in it."""

    content: bytes
    conflict: bool


def merge(
    base: bytes,
    ours: bytes,
    theirs: bytes,
    name: str,
    marker: int = MARKER,
    labels: tuple[str, str, str] = SIDES,
) -> Merged:
    """The merge of two versions of the contract called `name`.

    `labels` say beside the markers of a conflict what our version, the base and theirs are.
    A version that cannot be read as a contract is merged as any text. Raises ContractError (CL902) where
    git does not merge at all.
    """
    plain = Merged(*merge_file(base, ours, theirs, marker, name, labels))
    if not plain.conflict:
        return plain
    try:
        texts = [format_text(decode_source(content, name)) for content in (base, ours, theirs)]
        loose = _merged([_without_columns(text) for text in texts], name, marker, labels)
        if not loose.conflict:
            return Merged(format_text(decode_source(loose.content, name)).encode(), False)
        laid_out = _merged(texts, name, marker, labels)
    except (ContractError, RecursionError):
        return plain
    return min(plain, laid_out, key=lambda one: _in_conflict(one.content, marker))


def _merged(texts: list[str], name: str, marker: int, labels: tuple[str, str, str]) -> Merged:
    base, ours, theirs = (text.encode() for text in texts)
    return Merged(*merge_file(base, ours, theirs, marker, name, labels))


def _without_columns(text: str) -> str:
    """The text with one blank where the layout has several on a line, after the indentation."""
    source = Source("", text)
    places = [(token.start, token.end) for token in read_tokens(source)[0]]
    places += [(comment.span.start, comment.span.end) for comment in comments(source)]
    parts, position = [], 0
    for start, end in sorted(places):
        gap = text[position:start]
        parts += [" " if position and gap.strip(" ") == "" and gap else gap, text[start:end]]
        position = end
    return "".join([*parts, text[position:]])


def _in_conflict(content: bytes, marker: int) -> int:
    """How many lines of a merged text are in doubt."""
    number, inside = 0, False
    for line in content.splitlines():
        if line.startswith(b"<" * marker):
            inside = True
        number += inside
        if line.startswith(b">" * marker):
            inside = False
    return number
