"""Standard SQL respelled for a dialect, and put behind the names that it uses.

In: the canonical text. Out: the same text with literals and quoted names as a dialect writes them, and
`WITH` clauses for engines that are only read, where no view and no table may be made.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from contractlang.engines.engine import EngineFault

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[^'"]+""")
_WORD = re.compile(r"[^\W\d]\w*")
NO_WORDS: Mapping[str, str] = {}


def respelled(
    sql: str,
    literal: Callable[[str], str],
    identifier: Callable[[str], str],
    words: Mapping[str, str] = NO_WORDS,
) -> str:
    """Standard SQL with each literal and each quoted name as `literal` and `identifier` write their text.

    Backslashes end no literal of standard SQL but do in some dialects; nobody's text becomes SQL there.
    `words` replaces words outside of both, such as the names of types.
    """

    def spelled(found: re.Match[str]) -> str:
        return words.get(found[0], found[0])

    return "".join(
        literal(token[1:-1].replace("''", "'"))
        if token[0] == "'"
        else identifier(token[1:-1].replace('""', '"'))
        if token[0] == '"'
        else _WORD.sub(spelled, token)
        for token in _tokens(sql)
    )


def backslashed(text: str, quote: str) -> str:
    """A text between quotes, for dialects where a backslash takes the next character literally."""
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


def name_parts(table: str) -> list[str]:
    """The parts of the name of a table: `wfm.shifts` has two, `"a.b".c` too; raises EngineFault.

    A part between double quotes may hold dots, and a quote is doubled in it. Letters keep their case.
    """
    parts = []
    rest: str | None = table
    while rest is not None:
        if rest.startswith('"'):
            found = re.match(r'"((?:[^"]|"")+)"(?:\.|$)', rest)
            if found is None:
                raise EngineFault(f"the quotes of the table's name do not close: {table}")
            part, end = found[1].replace('""', '"'), found.end()
            rest = rest[end:] if rest[: found.end()].endswith(".") else None
        else:
            part, dot, after = rest.partition(".")
            rest = after if dot else None
        if not part or "\x00" in part:
            raise EngineFault(f"a part of the table's name is empty: {table!r}")
        parts.append(part)
    return parts


class WithClause:
    """Names for queries, kept as text and put in front of those that use them.

    A name may read names given before it. Names are our own: letters, digits and underscores.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._reads: dict[str, list[str]] = {}

    def give(self, name: str, heading: str, sql: str) -> None:
        """Let `name` stand for a query; `heading` is what a dialect writes before its parenthesis."""
        assert _WORD.fullmatch(name), f"{name!r} is no name of ours"
        self._reads[name] = [read for read in self._used(sql) if read != name]
        self._texts[name] = f"{heading} ({sql})"

    def before(self, sql: str) -> str:
        """The query with the names that it uses, directly or through others, put before it."""
        ordered: dict[str, str] = {}
        for name in self._used(sql):
            self._collect(name, ordered)
        return f"WITH {', '.join(ordered.values())} {sql}" if ordered else sql

    def _collect(self, name: str, ordered: dict[str, str]) -> None:
        """Add a name behind those that it reads."""
        if name not in ordered:
            for read in self._reads[name]:
                self._collect(read, ordered)
            ordered[name] = self._texts[name]

    def _used(self, sql: str) -> list[str]:
        words: set[str] = set()
        for token in _tokens(sql):
            if token[0] == '"':
                words.add(token[1:-1])
            elif token[0] != "'":
                words.update(_WORD.findall(token))
        return [name for name in self._texts if name in words]


def _tokens(sql: str) -> Iterator[str]:
    end = 0
    for found in _TOKEN.finditer(sql):
        assert found.start() == end, "a quote of the canonical text does not close"
        end = found.end()
        yield found[0]
    assert end == len(sql), "a quote of the canonical text does not close"


_INTEGER = re.compile(r"DECIMAL\(\d+, \d+\)|(?:LIMIT|OFFSET) \d+|(?<![\w.])\d+(?![\w.])")


def wide_integers(sql: str) -> str:
    """Each integer as one of 64 bits, for engines that add up those of 32 bits in 32."""

    def wide(found: re.Match[str]) -> str:
        return f"CAST({found[0]} AS BIGINT)" if found[0].isdigit() else found[0]

    return "".join(token if token[0] in "'\"" else _INTEGER.sub(wide, token) for token in _tokens(sql))


_PIECE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|.""", re.DOTALL)


def with_names(sql: str) -> str:
    """A query whose columns each have a name, for engines that take no two without one.

    What the columns are called is nobody's concern where they are read by their place.
    """
    assert sql.startswith("SELECT "), "queries begin with what they select"
    items, depth, end = [""], 0, len(sql)
    for found in _PIECE.finditer(sql, len("SELECT ")):
        piece = found[0]
        depth += (piece == "(") - (piece == ")")
        if not depth and piece == "FROM":
            end = found.start()
            break
        if not depth and piece == ",":
            items.append("")
        else:
            items[-1] += piece
    named = (
        item.strip() if re.search(r"\bAS \w+$", item.strip()) else f"{item.strip()} AS column{index}"
        for index, item in enumerate(items)
    )
    return f"SELECT {', '.join(named)} {sql[end:]}".rstrip()
