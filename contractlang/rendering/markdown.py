"""A text in which nothing is Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])|^(?=[-+#=])")


def escaped(words: str) -> str:
    """The words on one line, so written that Markdown shows them as they are."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.splitlines()))
