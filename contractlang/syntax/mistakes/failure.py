"""What is known where reading stopped, and what an explanation of it is made of."""

from collections.abc import Mapping

from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.frozen import dataclass
from contractlang.text import Source, Span

SIGNS = {
    "LBRACE": "{", "RBRACE": "}", "LPAR": "(", "RPAR": ")", "COMMA": ",", "COLON": ":", "EQ": "=",
    "PLUS": "+", "MINUS": "-", "TIMES": "*", "DIVIDE": "/", "DOT": ".", "DOTS": "..",
}  # fmt: skip
THINGS = {
    "NAME": "a name", "STRING": "a text between quotes", "NUMBER": "a number",
    "PERCENT": "a percent such as 92.5%", "DATE": "a date such as 2026-07-01",
    "MONTH": "a month such as 2026-07", "TIME": "a time such as 21:00",
    "ZONE": "a time zone such as Europe/Paris", "REGION": "a country such as FR",
    "COMPARE": "a comparison such as >=", "$END": "the end of the file",
}  # fmt: skip
VALUES = frozenset(
    "NAME NUMBER PERCENT STRING DATE LPAR MINUS PLUS YES NO PREVIOUS BY IF NOT KNOWN MISSPELT".split()
)
HEADER = frozenset("PROVIDER CLIENT TERM INVOICED CURRENCY TIMEZONE VAT PAYMENT ROUNDING EDITION".split())


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was read before: its terminal or kind of node, and its characters."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cure:
    """A reading on with what was surely meant: `terminal` stands for the characters up to `end`.

    Where `end` is where the mistake starts, the terminal was missing; where `terminal` is empty, the
    characters are too much. `start` is where the characters begin of which some were read already, as a
    declaration of its own.
    """

    terminal: str
    end: int
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """The words for a mistake and, where it is sure what was meant, how to read on."""

    diagnostic: Diagnostic
    cure: Cure | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Where reading stopped.

    `terminal` is what stood there ("" for characters that are no token), `expected` what could have,
    `texts` the words of keywords, `last` the token before, `stack` the last things read, `head` where
    the declaration begins, `block` the terminal of what the innermost open brace belongs to.
    """

    source: Source
    terminal: str
    start: int
    end: int
    expected: frozenset[str]
    texts: Mapping[str, str]
    last: Entry
    stack: tuple[Entry, ...]
    head: int | None
    block: str

    @property
    def span(self) -> Span:
        """The characters of the token."""
        return Span(self.source, self.start, max(self.end, min(self.start + 1, len(self.source.text))))

    @property
    def word(self) -> str:
        """The token as written, on one line and not too long."""
        word = " ".join(self.source.text[self.start : self.end].split()).strip('"')
        return word if len(word) <= 30 else word[:29] + "…"

    @property
    def last_span(self) -> Span:
        """The characters of the token before."""
        return Span(self.source, self.last.start, self.last.end)

    @property
    def same_line(self) -> bool:
        """Whether the token before stands on the same line."""
        return "\n" not in self.source.text[self.last.end : self.start]

    def before(self, *kinds: str) -> bool:
        """Whether the things read last are of these kinds, in this order."""
        return tuple(entry.kind for entry in self.stack[-len(kinds) :]) == kinds

    def says(self, code: str, message: str, help: str = "", *labels: Label) -> Diagnostic:
        """A diagnostic at the token."""
        return error(code, message, self.span, help, labels)


def options(failure: Failure) -> str:
    """What could stand there, in words; a few of it where it is much."""
    expected = failure.expected
    if {"NUMBER", "LPAR", "NAME"} <= expected:
        return "a value is missing here: a name, a number, a percent or a parenthesis"
    if expected <= {"NAME", "COMPOUND"} and failure.last.kind == "NUMBER":
        return "say of what: days, weeks, months, quarters or years"
    things = [THINGS[name] for name in sorted(expected) if name in THINGS]
    signs = [f"`{SIGNS[name]}`" for name in sorted(expected) if name in SIGNS]
    words = [f"`{failure.texts[name]}`" for name in sorted(expected) if name in failure.texts]
    options = [*dict.fromkeys(things), *signs, *words]
    if not options:
        return ""
    if len(options) > 8:
        return "take it out, or say with a word what it is; what stands before it is complete"
    if len(options) == 1:
        return f"here stands {options[0]}"
    return "here can stand " + ", ".join(options[:-1]) + " or " + options[-1]


def named(failure: Failure, terminal: str) -> str:
    """A terminal in words."""
    if terminal in failure.texts:
        return f"`{failure.texts[terminal]}`"
    return f"`{SIGNS[terminal]}`" if terminal in SIGNS else THINGS.get(terminal, "something")


def has_formula(failure: Failure) -> bool:
    """Whether the declaration already says `=`."""
    head = failure.head or 0
    return any(entry.kind in ("EQ", "formula") and entry.start >= head for entry in failure.stack)


def line_end(text: str, start: int) -> int:
    """The end of the line that holds a place."""
    found = text.find("\n", start)
    return len(text) if found < 0 else found
