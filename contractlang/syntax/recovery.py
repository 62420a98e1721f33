"""The words for what the grammar did not expect.

In: where reading stopped, what stood there and what could have stood there. Out: one `Diagnostic` in a
contract manager's words, with a cure. Codes: CL106 a character that means nothing, CL107 a comma in a
number, CL108 too deep, CL109 a text that is not closed, CL122 something unexpected, CL123 a brace that
is never closed, CL124 a `}` too many, CL125 a keyword misspelt, CL126 an unfinished clause,
CL127 `previous` without `else`, CL128 a price or bands that name no kind.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from contractlang.diagnostics import Diagnostic, Label, error, nearest
from contractlang.text import Source, Span

_SIGNS = {
    "LBRACE": "{", "RBRACE": "}", "LPAR": "(", "RPAR": ")", "COMMA": ",", "COLON": ":", "EQ": "=",
    "PLUS": "+", "MINUS": "-", "TIMES": "*", "DIVIDE": "/", "DOT": ".", "DOTS": "..",
    "PERCENT_SIGN": "%",
}  # fmt: skip
_THINGS = {
    "NAME": "a name", "ASSIGNED": "a name", "STRING": 'a text such as "Calls handled"', "NUMBER": "a number",
    "PERCENT": "a percent such as 92.5%", "DATE": "a date such as 2026-07-01",
    "MONTH": "a month such as 2026-07", "QUARTER": "a quarter such as 2026-Q3", "TIME": "a time such as 21:00",
    "COMPOUND": "a unit such as EUR/call", "ZONE": "a time zone such as Europe/Paris",
    "REGION": "a country such as FR", "COMPARE": "a comparison such as >=", "$END": "the end of the file",
}  # fmt: skip
_STARTS_DECLARATION = re.compile(
    r"^[ \t]*(?:include|unit|usage|window|measure|rate|amount|index|charge|fee|subscription|bonus-malus|"
    r"penalty|minimum|limit|clawback|phase|amendment|test|invariant)\b",
    re.MULTILINE,
)
_NAMED = re.compile(r'\s*([\w-]+)(?:\s+(?:"([^"\n]*)"|(\w+)))?')


@dataclass(frozen=True, slots=True)
class Failure:
    """Where reading stopped: the token there, what was expected, and the entry before it."""

    source: Source
    terminal: str
    start: int
    end: int
    expected: frozenset[str]
    texts: Mapping[str, str]
    before: tuple[int, int]

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    @property
    def word(self) -> str:
        return self.source.text[self.start : self.end]


def explain(failure: Failure) -> Diagnostic:
    """The diagnostic for a token that does not fit."""
    text = failure.source.text
    if failure.terminal == "":
        return _unknown_character(failure)
    if failure.terminal == "COMMA" and text[failure.start - 1 : failure.start].isdigit():
        number = re.compile(r"[\d_ ]*\d(?:,\d+)+(?:\.\d+)?")
        start = failure.start
        while start and text[start - 1] in "0123456789_ ":
            start -= 1
        start += len(text[start : failure.start]) - len(text[start : failure.start].lstrip())
        found = number.match(text, start)
        if found is not None:
            return _comma(failure.source, found.group(), start)
    if failure.terminal == "RBRACE" and failure.expected <= {"$END"} | _declaring(failure.expected):
        return error(
            "CL124", "this `}` closes nothing", failure.span, "take it out, or open the part that it ends"
        )
    if "ELSE" in failure.expected and _in_previous(failure):
        return error(
            "CL127",
            "`previous` does not say what the first period takes",
            failure.span,
            "write `else` and a value after it, such as `previous(X) else 0 EUR`",
        )
    if failure.terminal == "TO" and "TO_BELOW" in failure.expected:
        return error("CL122", "`to` is never the edge of a band", failure.span, "write `to below` or `up to`")
    if failure.terminal in ("LBRACE",) and _after_at(failure):
        return error(
            "CL128",
            "these tiers do not say which units each price is for",
            failure.span,
            "write `graduated prices {` (each slice at its own price) or `volume price {` (all at the price of "
            "the tier reached)",
        )
    if failure.terminal in ("NAME", "ASSIGNED"):
        words = [failure.texts[name] for name in failure.expected if name in failure.texts]
        near = nearest(failure.word, words)
        if near is not None:
            return error(
                "CL125",
                f'nothing is written as "{failure.word}" here; the nearest word is "{near}"',
                failure.span,
                f"write `{near}`",
            )
    if failure.terminal == "EQ" and "COMPARE" in failure.expected:
        return error(
            "CL122", "`=` does not compare here", failure.span, "write `is`, `>=`, `<=`, `<` or `>`"
        )
    if failure.terminal == "$END":
        return error("CL126", "the file ends in the middle of a clause", failure.span, _cure(failure))
    if failure.terminal in failure.texts and _is_clause_start(failure.terminal):
        before = failure.source.text[failure.before[0] : failure.before[1]].split("\n")[-1].strip()
        span = Span(failure.source, *failure.before) if before else failure.span
        return error(
            "CL126",
            f'this is not finished where "{_shown(failure.word)}" begins',
            _last_line(span),
            _cure(failure),
            (Label(failure.span, "the next clause begins here"),),
        )
    return error("CL122", f'"{_shown(failure.word)}" does not fit here', failure.span, _cure(failure))


def unclosed(source: Source, text: str, opening: tuple[int, int], found: int, terminal: str) -> Diagnostic:
    """The diagnostic for a `{` that is never closed before the character at `found`.

    The place for the `}` is guessed from the layout, which carries no meaning but shows what the author
    had in mind: the first declaration that starts no further right than what the brace belongs to.
    """
    start, brace_end = opening
    match = _NAMED.match(text, start)
    words, what = "", "this part"
    if match is not None:
        words = match.group(1)
        title = match.group(2) or match.group(3)
        what = f'the {words} "{title}"' if title else f"the {words}"
    indent = start - (text.rfind("\n", 0, start) + 1)
    place = found
    for candidate in _STARTS_DECLARATION.finditer(text, brace_end, found):
        at = candidate.end() - len(candidate.group().lstrip())
        if at - (text.rfind("\n", 0, at) + 1) <= indent:
            place = at
            break
    opened = Span(source, brace_end - 1, brace_end)
    if place >= len(text):
        return error(
            "CL123", f"{what} is never closed", Span(source, start, brace_end), "put `}` at the end of the file"
        )
    line = source.position(place).line + 1
    word = re.compile(r"[\w-]+").match(text, place)
    begins = f", where `{word.group()}` begins" if word else ""
    return error(
        "CL123",
        f"{what} is never closed; put `}}` before line {line}{begins}",
        Span(source, start, brace_end),
        "every `{` needs its `}`",
        (Label(Span(source, place, word.end() if word else place + 1), "put `}` before this"),)
        if place != opened.start
        else (),
    )


def _unknown_character(failure: Failure) -> Diagnostic:
    text = failure.source.text
    character = text[failure.start]
    comma = re.compile(r"\d[\d_]*,\d[\d,]*(?:\.\d+)?").match(text, failure.start)
    if comma:
        return _comma(failure.source, comma.group(), failure.start)
    if character in "\"“”«»„'‘’":
        if character == '"':
            return error(
                "CL109",
                "this text is not closed on its line",
                Span(failure.source, failure.start, _line_end(text, failure.start)),
                'put `"` at its end',
            )
        return error("CL109", "a text stands between straight quotes", failure.span, 'write "…"')
    if character in "€$£¥":
        code = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}[character]
        return error("CL106", f"`{character}` does not say which currency", failure.span, f"write {code}")
    if character == ";":
        return error("CL106", "clauses need no `;`", failure.span, "take it out")
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return error("CL106", f"`{shown}` means nothing here", failure.span, "take it out")


def _comma(source: Source, number: str, start: int) -> Diagnostic:
    number = number.strip()
    spaced = number.replace(",", " ")
    dotted = number.replace(",", ".")
    if re.fullmatch(r"[\d ]+,\d{3}", number):
        message = f'"{number}" can be read as {_words(number, "thousands")} or as {_words(number, "decimals")}'
        help_ = f"write {spaced} or {dotted}"
    elif number.count(",") == 1 and "." not in number:
        message, help_ = f'a number has no comma: "{number}"', f"write {dotted}"
    else:
        message, help_ = f'a number has no comma: "{number}"', f"write {spaced}"
    return error("CL107", message, Span(source, start, start + len(number)), help_)


def _words(number: str, reading: str) -> str:
    if number == "12,000":
        return "twelve thousand" if reading == "thousands" else "twelve"
    return number.replace(",", " ") if reading == "thousands" else number.replace(",", ".")


def _declaring(expected: frozenset[str]) -> frozenset[str]:
    """What could stand where a declaration ends, so that only the `}` itself is one too many."""
    return expected if "RBRACE" not in expected and "PHASE" in expected and "$END" in expected else frozenset()


def _in_previous(failure: Failure) -> bool:
    head = failure.source.text[max(0, failure.start - 400) : failure.start]
    return head.rstrip().endswith(")") and "previous" in head


def _after_at(failure: Failure) -> bool:
    return failure.source.text[: failure.start].rstrip().endswith((" at", "\nat", "\tat"))


def _is_clause_start(terminal: str) -> bool:
    return terminal not in ("AND", "OR", "IN", "AT", "PER", "THEN", "ELSE", "OF", "TO", "FOR")


def _last_line(span: Span) -> Span:
    """The last line of a span that covers several, so that one line is underlined."""
    text = span.text
    cut = text.rfind("\n") + 1
    start = span.start + cut + (len(text[cut:]) - len(text[cut:].lstrip()))
    return Span(span.source, start, span.end) if start < span.end else span


def _cure(failure: Failure) -> str:
    names = sorted(failure.expected)
    things = [_THINGS[name] for name in names if name in _THINGS and name != "ASSIGNED"]
    signs = [f"`{_SIGNS[name]}`" for name in names if name in _SIGNS]
    words = [f"`{failure.texts[name]}`" for name in names if name in failure.texts]
    if "NUMBER" in failure.expected and "LPAR" in failure.expected and "NAME" in failure.expected:
        return "a value is missing here: a name, a number, a percent or a parenthesis"
    options = [*dict.fromkeys(things), *signs, *words]
    if not options:
        return ""
    if len(options) > 8:
        options = [*options[:7], "…"]
    return "here can stand " + (" or ".join([", ".join(options[:-1]), options[-1]]) if options[1:] else options[0])


def _shown(word: str) -> str:
    word = " ".join(word.split())
    return word if len(word) <= 30 else word[:29] + "…"


def _line_end(text: str, start: int) -> int:
    found = text.find("\n", start)
    return len(text) if found < 0 else found
