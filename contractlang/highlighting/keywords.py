"""The keywords of the grammar, as patterns for tools that colour text without parsing it.

In: the parser's tables. Out: words and regular expressions. Editors' grammars are generated from these by
`editors/generate.py`, and a test fails where one has drifted.
"""

import re
from collections.abc import Iterable

from contractlang.syntax.skipping import DECLARATIONS
from contractlang.syntax.tables import tables

DECLARING: frozenset[str] = DECLARATIONS
"""The terminals that begin a declaration."""


def keywords(terminals: Iterable[str] | None = None) -> tuple[str, ...]:
    """The words of some keywords, of all where none are named; the longest first, to be tried first."""
    texts = tables().texts
    chosen = texts if terminals is None else [one for one in terminals if one in texts]
    return tuple(
        sorted({texts[one] for one in chosen}, key=lambda words: (-len(words.split()), -len(words), words))
    )


def keyword_pattern(terminals: Iterable[str] | None = None) -> str:
    """A regular expression that matches the keywords as whole words, with any blanks inside them."""
    words = [r"\s+".join(map(re.escape, one.split())) for one in keywords(terminals)]
    return rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])"
