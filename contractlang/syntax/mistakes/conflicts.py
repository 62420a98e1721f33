"""The two versions that git leaves in a file where it could not merge them.

Codes: CL137 a merge that is not settled.
"""

import re
from collections.abc import Iterator

from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.text import Source, Span

_BEGINS = re.compile(r"^<{7,}(?: .*)?$", re.MULTILINE)
_PARTS = re.compile(r"^(?:={7,}|>{7,}(?: .*)?)$", re.MULTILINE)


def conflicts(source: Source) -> Iterator[Diagnostic]:
    """One diagnostic for each place where two versions stand; nothing else of such a file is told."""
    for begin in _BEGINS.finditer(source.text):
        following = _BEGINS.search(source.text, begin.end())
        end = following.start() if following else len(source.text)
        labels = []
        for part in _PARTS.finditer(source.text, begin.end(), end):
            ends = part[0].startswith(">")
            words = "it ends here" if ends else "the other version begins here"
            labels.append(Label(Span(source, part.start(), part.end()), words))
            if ends:
                break
        yield error(
            "CL137",
            "git could not merge these lines: two versions of them stand here",
            Span(source, begin.start(), begin.end()),
            "keep one version, or write what both sides agreed; then take the lines of `<`, `=` and `>` out",
            tuple(labels),
        )
