"""The colours of contracts in documents: a Pygments lexer, whose keywords are those of the grammar.

In: a text. Out: tokens of Pygments. It is found as `contractlang` by pygmentize, Sphinx, MkDocs and rich; the
extra `highlight` installs Pygments. An editor takes its colours from the language server, which knows names.
"""

import re

from pygments.lexer import RegexLexer
from pygments.token import (
    Comment,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from contractlang.highlighting.keywords import DECLARING, keyword_pattern

__all__ = ["ContractLexer"]


class ContractLexer(RegexLexer):
    """Contracts, `*.contract`."""

    name = "contractlang"
    aliases = ("contractlang", "contract")
    filenames = ("*.contract",)
    flags = re.MULTILINE
    tokens = {  # noqa: RUF012 - the library reads it as it is.
        "root": [
            (r"[\s\ufeff]+", Whitespace),
            (r"##[^\n]*", String.Doc),
            (r"#[^\n]*", Comment.Single),
            (r'"(?:[^"\\\n]|\\["\\])*"', String.Double),
            (r"\d{4}-\d{2}-\d{2}(?!\d)|\d{4}-Q[1-4](?!\w)|\d{4}-\d{2}(?![\d-])", Literal.Date),
            (r"\d{1,2}:\d{2}(?!\d)", Literal.Date),
            (r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d[\d_]*)(?:\.\d+)?[ \u00a0\u202f]?%", Number.Float),
            (r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d[\d_]*)(?:\.\d+)?", Number),
            (keyword_pattern(DECLARING), Keyword.Declaration),
            (keyword_pattern(), Keyword),
            (r"[A-Z]{3}(?:/\w+)*\b|[^\W\d]\w*(?:/[^\W\d]\w*)+", Name.Class),
            (r"[^\W\d]\w*(?=\()", Name.Function),
            (r"[^\W\d]\w*", Name),
            (r"<=?|>=?|[≤≥=+*/%×−-]", Operator),
            (r"\.\.|[{}():,.]", Punctuation),
        ]
    }
