"""The words for what the grammar did not expect.

In: where reading stopped, what stood there and what could have stood there. Out: one `Diagnostic` in a
contract manager's words, with a cure. `_EXPLANATIONS` is the list of what people write instead, asked in
order, because the first that knows the mistake says more than the ones after it.

Codes: CL106 a character that means nothing, CL107 a comma in a number, CL108 too deep (`repair`), CL109
quotes, CL122 something unexpected, CL123 a brace that is never closed (`braces`), CL124 a `}` too many,
CL125 a keyword misspelt, CL126 an unfinished clause, CL127 `previous` without `else`, CL128 a price that
names no kind, CL129 too many mistakes (`repair`), CL130 a parenthesis, CL131 a sign that is missing,
CL132 a sign that is another one, CL133 a date, time or number written otherwise, CL134 a name of
several words or a title without quotes, CL135 a sum where one amount stands.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contractlang.diagnostics import Diagnostic, Label, error, nearest
from contractlang.exact import CURRENCIES
from contractlang.syntax.characters import comma_in_number, unknown_character
from contractlang.text import Source, Span

_SIGNS = {
    "LBRACE": "{", "RBRACE": "}", "LPAR": "(", "RPAR": ")", "COMMA": ",", "COLON": ":", "EQ": "=",
    "PLUS": "+", "MINUS": "-", "TIMES": "*", "DIVIDE": "/", "DOT": ".", "DOTS": "..",
}  # fmt: skip
_THINGS = {
    "NAME": "a name", "STRING": 'a text such as "Calls handled"', "NUMBER": "a number",
    "PERCENT": "a percent such as 92.5%", "DATE": "a date such as 2026-07-01",
    "MONTH": "a month such as 2026-07", "TIME": "a time such as 21:00",
    "ZONE": "a time zone such as Europe/Paris", "REGION": "a country such as FR",
    "COMPARE": "a comparison such as >=", "$END": "the end of the file",
}  # fmt: skip
_VALUES = frozenset(
    "NAME NUMBER PERCENT STRING DATE LPAR MINUS PLUS YES NO PREVIOUS BY IF NOT KNOWN MISSPELT".split()
)
_OPERATORS = ("PLUS", "MINUS", "TIMES", "DIVIDE")
_ONE_AMOUNT = {"AT_MOST": "at most", "AT_LEAST": "at least", "BETWEEN": "between", "ELSE": "else"}
# What people write for a word of the language, where their spelling alone would not tell.
_SYNONYMS = {
    "bonus": "bonus-malus", "malus": "bonus-malus", "price": "rate", "tariff": "rate", "kpi": "measure",
    "metric": "measure", "indicator": "measure", "cap": "limit", "ceiling": "limit", "floor": "minimum",
    "import": "include", "supplier": "provider", "vendor": "provider", "customer": "client",
    "buyer": "client", "start": "from", "end": "until", "default": "otherwise", "less": "below",
    "under": "below", "more": "above", "greater": "above", "exceeding": "above", "rest": "beyond",
    "equals": "is", "max": "at most", "maximum": "at most", "min": "at least",
    "minimum": "at least", "expected": "expect", "suppose": "given", "avenant": "amendment",
    "billed": "invoiced", "billing": "invoiced", "tax": "vat", "while": "during",
    "starting": "from", "cancel": "remove", "delete": "remove", "unless": "except", "exempted": "exempt",
    "otherwise": "else", "nothing": "no data", "nodata": "no data", "null": "no data",
}  # fmt: skip
_CLAUSE_INSIDE = frozenset("AND OR IN AT PER THEN ELSE OF TO FOR IS AS OVER WHERE DURING".split())
_EUROPEAN_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)")
_SHORT_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_NAMED_DATE = re.compile(rf"(\d{{1,2}}\s+)?({'|'.join(_MONTHS)})\s+(\d{{4}})", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})\s?(?:[hH](\d{2})?|(?:[:.](\d{2}))?\s?([ap]m))\b")


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
    characters are too much.
    """

    terminal: str
    end: int


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
    the declaration begins.
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

    @property
    def span(self) -> Span:
        """The characters of the token."""
        return Span(self.source, self.start, max(self.end, min(self.start + 1, len(self.source.text))))

    @property
    def word(self) -> str:
        """The token as written, on one line and not too long."""
        word = " ".join(self.source.text[self.start : self.end].split())
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


def explain(failure: Failure) -> Explained:
    """The words for a token that does not fit."""
    for explanation in _EXPLANATIONS:
        found = explanation(failure)
        if found is not None:
            return found if isinstance(found, Explained) else Explained(found)
    return Explained(failure.says("CL122", f'"{failure.word}" does not fit here', _options(failure)))


# ---- explanations, each None where the mistake is another one


def _characters(failure: Failure) -> Explained | Diagnostic | None:
    if failure.terminal == "COMMA":
        found = comma_in_number(failure.source, failure.start)
        if found is not None:
            return found
    if failure.terminal != "":
        return None
    said, end = unknown_character(failure.source, failure.start)
    return Explained(said, Cure("STRING", end) if end else None)


def _comment(failure: Failure) -> Explained | Diagnostic | None:
    text = failure.source.text
    if text.startswith(("//", "--", "/*"), failure.start):
        return failure.says("CL122", "this is no comment", "begin a comment with `#`")
    return None


def _date_or_time(failure: Failure) -> Explained | Diagnostic | None:
    text, expected = failure.source.text, failure.expected
    at = failure.start
    if failure.last.kind in ("NUMBER", "TIME") and failure.same_line:
        # `21h` and `9:00 am` begin with what is a year and a time.
        at = failure.last.start
        if (found := _CLOCK.match(text, at)) is not None and found.end() > failure.last.end:
            return _time(failure, found)
    if failure.terminal != "DIVIDE" and not expected & {"DATE", "TIME", "MONTH"}:
        return None
    if failure.terminal != "DIVIDE" or failure.last.kind != "NUMBER":
        at = failure.start
    if (found := _SHORT_DATE.match(text, at)) is not None:
        year, month, day = found.groups()
        return _date(failure, found, f"{year}-{int(month):02}-{int(day):02}")
    if (found := _EUROPEAN_DATE.match(text, at)) is not None:
        first, second, year = found.groups()
        year = year if len(year) == 4 else "20" + year
        options = {f"{year}-{int(second):02}-{int(first):02}"} if int(second) <= 12 else set()
        if int(first) <= 12:
            options.add(f"{year}-{int(first):02}-{int(second):02}")
        return _date(failure, found, *sorted(options))
    if (found := _NAMED_DATE.match(text, at)) is not None:
        number = _MONTHS.index(found.group(2).lower()) + 1
        day = f"-{int(found.group(1)):02}" if found.group(1) else ""
        return _date(failure, found, f"{found.group(3)}-{number:02}{day}")
    if "TIME" in expected and (found := _CLOCK.match(text, at)) is not None:
        return _time(failure, found)
    return None


def _time(failure: Failure, found: "re.Match[str]") -> Explained:
    hours, minutes = int(found.group(1)), found.group(2) or found.group(3) or "00"
    if found.group(4):
        hours = hours % 12 + (12 if found.group(4) == "pm" else 0)
    span = Span(failure.source, found.start(), found.end())
    said = error(
        "CL133", f'"{found.group()}" is not how a time is written', span, f"write {hours:02}:{minutes}"
    )
    return Explained(said, Cure("TIME", found.end()) if found.start() == failure.start else None)


def _date(failure: Failure, found: "re.Match[str]", *options: str) -> Diagnostic:
    span = Span(failure.source, found.start(), found.end())
    written = " or ".join(options) or "2026-07-31, the year first"
    return error("CL133", f'"{" ".join(found.group().split())}" is not how a date is written', span,
                 f"write {written}")  # fmt: skip


def _number(failure: Failure) -> Explained | Diagnostic | None:
    terminal, last, word = failure.terminal, failure.last, failure.word
    text = failure.source.text
    if terminal == "NUMBER" and "PERCENT" in failure.expected and "NUMBER" not in failure.expected:
        said = failure.says("CL133", "a percent carries its sign", f"write `{word}%`")
        return Explained(said, Cure("PERCENT", failure.end))
    if terminal == "NUMBER" and last.kind == "NUMBER" and failure.same_line:
        whole = text[last.start : failure.end]
        joined = re.sub(r"\s", "", whole)
        grouped = f"{int(joined):,}".replace(",", " ") if joined.isdecimal() and len(joined) < 20 else joined
        span = Span(failure.source, last.start, failure.end)
        return error("CL133", f'"{whole}" is not one number', span, f"write {grouped}, if that is meant")
    if (
        terminal == "NUMBER"
        and last.kind in ("NAME", "ASSIGNED")
        and text[last.start : last.end] in CURRENCIES
    ):
        span = Span(failure.source, last.start, failure.end)
        currency = text[last.start : last.end]
        return error("CL133", "the currency stands after the amount", span, f"write `{word} {currency}`")
    if terminal in ("DOT", "DOTS") and text[failure.end : failure.end + 1].isdigit():
        return failure.says("CL133", "a number begins with a digit", "write 0 before the point")
    if terminal == "NUMBER" and last.kind == "DOT":
        return failure.says("CL133", "a number begins with a digit", "write 0 before the point")
    return None


def _brace(failure: Failure) -> Explained | Diagnostic | None:
    if failure.terminal == "RBRACE" and failure.head is None and "LBRACE" not in failure.expected:
        cure = "take it out, or open the part that it ends"
        return failure.says("CL124", "this `}` closes nothing", cure)
    if failure.terminal == "RBRACE" and "$END" in failure.expected:
        cure = "take it out, or open the part that it ends"
        return failure.says("CL124", "this `}` closes nothing", cure)
    return None


def _previous(failure: Failure) -> Explained | Diagnostic | None:
    if "ELSE" not in failure.expected or failure.last.kind != "RPAR":
        return None
    if not any(entry.kind == "PREVIOUS" for entry in failure.stack):
        return None
    return error(
        "CL127",
        "`previous` does not say what the first period takes",
        Span(failure.source, _last_of(failure, "PREVIOUS").start, failure.last.end),
        "write `else` and a value after it, such as `previous(X) else 0 EUR`",
    )


def _last_of(failure: Failure, *kinds: str) -> Entry:
    return next(entry for entry in reversed(failure.stack) if entry.kind in kinds)


def _parenthesis(failure: Failure) -> Explained | Diagnostic | None:
    if failure.terminal == "RPAR" and not any(entry.kind == "LPAR" for entry in failure.stack):
        return failure.says("CL130", "this `)` closes nothing", "take it out, or open it with `(`")
    starts_value = failure.terminal in _VALUES and failure.same_line
    if "RPAR" in failure.expected and not starts_value and failure.terminal not in ("COMPARE", "EQ"):
        opened = [entry for entry in failure.stack if entry.kind == "LPAR"]
        if opened:
            span = Span(failure.source, opened[-1].start, opened[-1].end)
            return error("CL130", "this parenthesis is never closed", span, "put `)` where it ends",
                         (Label(failure.span, "reading stopped here"),))  # fmt: skip
    return None


def _one_amount(failure: Failure) -> Explained | Diagnostic | None:
    if failure.terminal not in _OPERATORS or not failure.same_line:
        return None
    for entry in reversed(failure.stack[:-1]):
        if entry.kind in _ONE_AMOUNT:
            word = _ONE_AMOUNT[entry.kind]
            return failure.says("CL135", f"`{word}` takes one amount", "put parentheses around the sum")
        if entry.kind in ("EQ", "LBRACE", "COLON", "LPAR"):
            return None
    return None


def _condition(failure: Failure) -> Explained | Diagnostic | None:
    text = failure.source.text
    if "COMPARE" not in failure.expected and failure.last.kind not in ("COMPARE", "EQ"):
        return None
    if failure.terminal == "EQ":
        sign = text[failure.start : failure.start + 2]
        if sign in ("=>", "=<"):
            span = Span(failure.source, failure.start, failure.start + 2)
            said = error("CL132", f"`{sign}` is no comparison", span, f"write `{sign[::-1]}`")
            return Explained(said, Cure("COMPARE", span.end))
        if failure.last.kind == "COMPARE":
            sign = text[failure.last.start : failure.last.end] + "="
            return failure.says("CL132", f"`{sign}` is no comparison", "write `>=` or `<=`")
        if any(entry.kind in ("WHEN", "WHERE", "IF", "AND", "OR", "NOT", "COLON") for entry in failure.stack):
            return failure.says("CL132", "`=` does not compare", "write `is`, `>=` or `<=`")
    if failure.terminal == "COMPARE" and failure.last.kind == "COMPARE":
        return failure.says("CL132", "two comparisons stand side by side", "write `is not`, `>=` or `<=`")
    return None


def _other_sign(failure: Failure) -> Explained | Diagnostic | None:
    """`=` for `:`, `:` for `=`, and signs where none stands."""
    if failure.terminal == "EQ" and "COLON" in failure.expected and "EQ" not in failure.expected:
        said = failure.says("CL132", "a row has `:` between its edge and its value", "write `:`")
        return Explained(said, Cure("COLON", failure.end))
    if failure.terminal == "COLON":
        if "EQ" in failure.expected and not _has_formula(failure):
            return Explained(
                failure.says("CL132", "`:` stands in rows only", "write `=`"), Cure("EQ", failure.end)
            )
        return Explained(failure.says("CL132", "no `:` stands here", "take it out"), Cure("", failure.end))
    if failure.terminal == "EQ" and "EQ" not in failure.expected and failure.last.kind in failure.texts:
        said = failure.says("CL132", f"`{failure.texts[failure.last.kind]}` needs no `=`", "take it out")
        return Explained(said, Cure("", failure.end))
    if failure.terminal == "MINUS" and any(entry.kind == "WINDOW" for entry in failure.stack):
        said = failure.says("CL132", "`-` does not say from when to when", "write `to`")
        return Explained(said, Cure("TO", failure.end))
    return None


def _has_formula(failure: Failure) -> bool:
    """Whether the declaration already says `=`."""
    head = failure.head or 0
    return any(entry.kind in ("EQ", "formula") and entry.start >= head for entry in failure.stack)


def _name(failure: Failure) -> Explained | Diagnostic | None:
    """A name of several words, or a title without quotes."""
    text, last = failure.source.text, failure.last
    if (failure.terminal == "MINUS" and last.kind == "NAME" and failure.before("NAME")) or (
        failure.terminal == "MINUS" and failure.stack[-1].kind == "Name" and "STRING" in failure.expected
    ):  # fmt: skip
        found = re.compile(r"\w+(?:[-−]\w+)+").match(text, last.start)
        if found is not None:
            return error("CL134", f'a name has no hyphen: "{found.group()}"',
                         Span(failure.source, found.start(), found.end()),
                         f"write `{re.sub('[-−]', '_', found.group())}`")  # fmt: skip
    named = failure.stack[-1].kind == "Name" and failure.same_line
    following = text[failure.end : _line_end(text, failure.end)].lstrip()[:1]
    if failure.terminal in ("NAME", "ASSIGNED") and named and "STRING" in failure.expected:
        if following and following in "(.+*/-":
            return None
        name = text[last.start : last.end]
        if following == "=":
            return Explained(
                failure.says("CL134", "a name is one word", f"write `{name}_{failure.word}`"),
                Cure("", failure.end),
            )
        title, end = _title(failure)
        place = Span(failure.source, failure.start, end)
        if name.casefold() == title.casefold():
            said = error("CL134", "a title stands between quotes", place, f'write `{name} "{title}"`')
        else:
            said = error("CL134", "a name is one word, and a title stands between quotes", place,
                         f'write `{name}_{failure.word}`, or `{name} "{title}"`')  # fmt: skip
        return Explained(said, Cure("", end))
    if failure.terminal in ("NAME", "ASSIGNED", "ZONE") and failure.expected <= {"STRING"}:
        end = re.compile(r"[^\s{}#\"]*").match(text, failure.start).end()  # type: ignore[union-attr]
        written = text[failure.start : end]
        said = error("CL134", "a text stands between quotes here", Span(failure.source, failure.start, end),
                     f'write "{written}"')  # fmt: skip
        return Explained(said, Cure("STRING", end))
    return None


def _title(failure: Failure) -> tuple[str, int]:
    """The words on the line from the mistake on, up to a sign or a word of the language."""
    text = failure.source.text
    end = failure.end
    spoken = {words.split()[0] for words in failure.texts.values()}
    for word in re.compile(r"[ \t]+(\w+)").finditer(text, end, _line_end(text, end)):
        if word.start() != end or word.group(1) in spoken:
            break
        end = word.end()
    return text[failure.start : end], end


def _misspelt(failure: Failure) -> Explained | Diagnostic | None:
    if failure.terminal not in ("NAME", "ASSIGNED", "MISSPELT"):
        return None
    words = {failure.texts[name]: name for name in sorted(failure.expected) if name in failure.texts}
    word = failure.word
    same = next((one for one in words if one == word.casefold()), None)
    synonym = _SYNONYMS.get(word.casefold(), "")
    # `up 85%` lacks the rest of `up to`.
    longer = sorted(one for one in words if one.startswith(word + " "))
    near = nearest(word, sorted(words)) if len(word) > 2 else None
    if same is not None:
        meant, message = same, f"the words of the language are written small: `{same}`"
    elif synonym in words:
        meant, message = synonym, f'"{word}" is written `{synonym}` here'
    elif longer:
        meant, message = longer[0], f"`{word}` is written `{longer[0]}` here"
    elif near is not None:
        meant, message = near, f'nothing is written as "{word}" here; the nearest word is "{near}"'
    else:
        return None
    return Explained(failure.says("CL125", message, f"write `{meant}`"), Cure(words[meant], failure.end))


def _number_in_letters(failure: Failure) -> Explained | Diagnostic | None:
    if failure.terminal == "NAME" and "NUMBER" in failure.expected and "NAME" not in failure.expected:
        return failure.says("CL133", f'a number is missing before "{failure.word}"', "write it in digits")
    return None


def _missing_sign(failure: Failure) -> Explained | Diagnostic | None:
    """`=`, `:` or `{` that is missing before something that could follow it."""
    begins = failure.terminal in _VALUES or failure.terminal in ("ASSIGNED", "TIME", "MONTH")
    place = Span(failure.source, failure.start, failure.end)
    if begins and "EQ" in failure.expected and failure.same_line and not _has_formula(failure):
        said = error("CL131", f'`=` is missing before "{failure.word}"', place, "write `=` here")
        return Explained(said, Cure("EQ", failure.start))
    if "COLON" in failure.expected and "LBRACE" not in failure.expected:
        if begins and failure.same_line:
            said = error("CL131", f'`:` is missing before "{failure.word}"', place, "write `:` here")
            return Explained(said, Cure("COLON", failure.start))
        row = next((entry for entry in reversed(failure.stack) if entry.kind in _ROWS), None)
        if row is not None:
            return error("CL131", "this row has no `:` between its edge and its value",
                         Span(failure.source, row.start, failure.last.end),
                         "write `:` and what the row gives, such as `below 80% : -5%`")  # fmt: skip
    if "LBRACE" in failure.expected and failure.terminal != "RBRACE" and "EQ" not in failure.expected:
        return error("CL131", f'`{{` is missing before "{failure.word or "the end"}"', failure.span,
                     "write `{` here, and `}` where the part ends")  # fmt: skip
    return None


_ROWS = ("FROM", "BELOW", "ABOVE", "UP_TO", "NO_DATA", "BEYOND", "OTHERWISE")


def _side_by_side(failure: Failure) -> Explained | Diagnostic | None:
    if failure.terminal not in _VALUES or "PLUS" not in failure.expected or not failure.same_line:
        return None
    text = failure.source.text
    before = text[failure.last.start : failure.last.end]
    return failure.says("CL122", f'nothing joins "{before}" and "{failure.word}"',
                        "write `at` before a price, or a sign such as `+` or `*`")  # fmt: skip


def _unfinished(failure: Failure) -> Explained | Diagnostic | None:
    if failure.terminal == "$END":
        return error("CL126", "the file ends in the middle of a clause", failure.last_span, _options(failure))
    begins = failure.terminal in failure.texts and failure.terminal not in _CLAUSE_INSIDE
    if not begins and failure.terminal != "RBRACE":
        return None
    where = f'where "{failure.word}" begins' if begins else "where `}` closes it"
    if "THEN" in failure.expected or ("ELSE" in failure.expected and _inside_if(failure)):
        missing = "then" if "THEN" in failure.expected else "else"
        return error("CL126", f"this `if` has no `{missing}`", failure.last_span,
                     "write `if … then … else …`")  # fmt: skip
    if failure.last.end == 0:
        return None
    label = Label(failure.span, "the next one begins here" if begins else "it ends here")
    return error("CL126", f"this is not finished {where}", failure.last_span, _options(failure), (label,))


def _inside_if(failure: Failure) -> bool:
    return any(entry.kind == "THEN" for entry in failure.stack)


def _options(failure: Failure) -> str:
    """What could stand there, in words; a few of it where it is much."""
    expected = failure.expected
    if {"NUMBER", "LPAR", "NAME"} <= expected:
        return "a value is missing here: a name, a number, a percent or a parenthesis"
    if expected <= {"NAME", "COMPOUND"} and failure.last.kind == "NUMBER":
        return "say of what: days, weeks, months, quarters or years"
    things = [_THINGS[name] for name in sorted(expected) if name in _THINGS]
    signs = [f"`{_SIGNS[name]}`" for name in sorted(expected) if name in _SIGNS]
    words = [f"`{failure.texts[name]}`" for name in sorted(expected) if name in failure.texts]
    options = [*dict.fromkeys(things), *signs, *words]
    if not options:
        return ""
    if len(options) > 8:
        return "here can stand " + ", ".join(options[:7]) + " and others"
    if len(options) == 1:
        return f"here stands {options[0]}"
    return "here can stand " + ", ".join(options[:-1]) + " or " + options[-1]


def _line_end(text: str, start: int) -> int:
    found = text.find("\n", start)
    return len(text) if found < 0 else found


_EXPLANATIONS: tuple[Callable[[Failure], Explained | Diagnostic | None], ...] = (
    _characters,
    _comment,
    _date_or_time,
    _number,
    _brace,
    _previous,
    _one_amount,
    _condition,
    _other_sign,
    _name,
    _misspelt,
    _parenthesis,
    _number_in_letters,
    _missing_sign,
    _side_by_side,
    _unfinished,
)
