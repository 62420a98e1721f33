"""One canonical layout of a contract: text in, text out, and nothing but blanks and line ends changed.

`docs/decisions/017-formatting.md` says what is canonical. Comments stay, clauses are put in the order that
`contractlang.syntax.printing` has, numbers and signs are written one way. Before a text is given out it is
read again: its tree, its comments and its second layout must be those of the first.
"""

from contractlang.formatting.canonical import format_lines, format_text

__all__ = ["format_lines", "format_text"]
