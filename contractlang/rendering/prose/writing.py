"""Lists of a clause: rows with their marks."""

from collections.abc import Iterable

from contractlang.rendering.prose.phrasing import Phrasing
from contractlang.rendering.prose.view import ProseItem


def listed(phrasing: Phrasing, rows: Iterable[str], first: int = 0) -> tuple[ProseItem, ...]:
    """Rows as items marked `a`, `b` and so on from the one numbered `first`; the last ends the sentence."""
    texts = [phrasing.tidy(row) for row in rows]
    closing = phrasing.tidy(" ;" if phrasing.language.code == "fr" else ";")
    return tuple(
        ProseItem(mark(first + at), text + (closing if at < len(texts) - 1 else "."))
        for at, text in enumerate(texts)
    )


def mark(number: int) -> str:
    """`a` to `z`, then `aa`, `ab`: the mark of a row counted from zero."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def joined(phrasing: Phrasing, sentences: Iterable[str]) -> str:
    """Sentences one after the other, those that are empty left out."""
    return " ".join(phrasing.sentence(one) for one in sentences if one)
