"""Signs that are missing, too many, or others than meant."""

import re

from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.syntax.mistakes.characters import comma_in_number, unknown_character
from contractlang.syntax.mistakes.failure import (
    HEADER,
    VALUES,
    Cure,
    Explained,
    Failure,
    has_formula,
    line_end,
)
from contractlang.text import Span

_OPERATORS = ("PLUS", "MINUS", "TIMES", "DIVIDE")
_ONE_AMOUNT = {"AT_MOST": "at most", "AT_LEAST": "at least", "BETWEEN": "between", "ELSE": "else"}
_PER = re.compile(r"([A-Z]{3})\s+per\s+(?:an?\s+)?([^\W\d]\w*)")
_NEXT_ROW = re.compile(r"\s*(?:\}|#|\n|(?:from|below|above|up to|no data|otherwise)\b[^:\n]*:)")
_BETWEEN = re.compile(r"between\s+(\S+)\s+and\s+([^:\n]+?)\s*:")
_PRICE = re.compile(r"\d[\d _.]*\s*[A-Z]{3}/")
_NO_ROWS = frozenset({"PHASE", "AMENDMENT", "TEST", "CONTRACT"})
_EDGES = {"<": "below", "<=": "up to", ">": "above", ">=": "from"}
_ROWS = ("FROM", "BELOW", "ABOVE", "UP_TO", "NO_DATA", "BEYOND", "OTHERWISE")


def characters(failure: Failure) -> Explained | Diagnostic | None:
    """A character that means nothing, a comma in a number, a sign at the end of a clause."""
    if failure.terminal == "COMMA":
        found = comma_in_number(failure.source, failure.start)
        if found is not None and isinstance(found.span, Span):
            return Explained(found, Cure("", _end_of_number(failure, found.span.end)))
    ends = failure.source.text[failure.end : failure.end + 1].strip() == ""
    if failure.terminal in ("COMMA", "DOT") and ends and failure.terminal not in failure.expected:
        said = failure.says("CL106", f"clauses need no `{failure.word}`", "take it out")
        return Explained(said, Cure("", failure.end))
    if failure.terminal != "":
        return None
    sign = failure.source.text[failure.start]
    if sign in "–—" and "TO" in failure.expected:
        said = failure.says("CL106", f"`{sign}` does not say until when", "write `to`")
        return Explained(said, Cure("TO", failure.start + 1))
    if sign == "@" and "AT" in failure.expected:
        said = failure.says("CL106", "`@` is no sign of the language", "write `at`")
        return Explained(said, Cure("AT", failure.start + 1))
    said, end = unknown_character(failure.source, failure.start)
    return Explained(said, Cure("STRING", end) if end else None)


def _end_of_number(failure: Failure, end: int) -> int:
    """Where reading goes on after a number with a comma: behind it, after a percent at the next row."""
    text = failure.source.text
    if not text[end:].lstrip(" ").startswith("%"):
        return end
    following = _NEXT_ROW.search(text, end)
    return following.start() if following is not None else line_end(text, end)


def comment(failure: Failure) -> Explained | Diagnostic | None:
    """A comment as other languages write it."""
    text = failure.source.text
    if text.startswith(("//", "--", "/*"), failure.start):
        return failure.says("CL122", "this is no comment", "begin a comment with `#`")
    return None


def brace(failure: Failure) -> Explained | Diagnostic | None:
    """A `}` that closes nothing."""
    if failure.terminal == "RBRACE" and failure.head is None and "LBRACE" not in failure.expected:
        cure = "take it out, or open the part that it ends"
        return failure.says("CL124", "this `}` closes nothing", cure)
    if failure.terminal == "RBRACE" and "$END" in failure.expected:
        cure = "take it out, or open the part that it ends"
        return failure.says("CL124", "this `}` closes nothing", cure)
    return None


def parenthesis(failure: Failure) -> Explained | Diagnostic | None:
    """A parenthesis that is never closed, or never opened."""
    if failure.terminal == "RPAR" and not any(entry.kind == "LPAR" for entry in failure.stack):
        return failure.says("CL130", "this `)` closes nothing", "take it out, or open it with `(`")
    starts_value = failure.terminal in VALUES and failure.same_line
    if "RPAR" in failure.expected and not starts_value and failure.terminal not in ("COMPARE", "EQ"):
        opened = [entry for entry in failure.stack if entry.kind == "LPAR"]
        if opened:
            span = Span(failure.source, opened[-1].start, opened[-1].end)
            return error("CL130", "this parenthesis is never closed", span, "put `)` where it ends",
                         (Label(failure.span, "reading stopped here"),))  # fmt: skip
    return None


def one_amount(failure: Failure) -> Explained | Diagnostic | None:
    """A sum after a word that takes one amount."""
    if failure.terminal not in _OPERATORS or not failure.same_line:
        return None
    for entry in reversed(failure.stack[:-1]):
        if entry.kind in _ONE_AMOUNT:
            word = _ONE_AMOUNT[entry.kind]
            return failure.says("CL135", f"`{word}` takes one amount", "put parentheses around the sum")
        if entry.kind in ("EQ", "LBRACE", "COLON", "LPAR"):
            return None
    return None


def condition(failure: Failure) -> Explained | Diagnostic | None:
    """A comparison as other languages write it, and two in one."""
    text = failure.source.text
    if failure.terminal == "COMPARE" and failure.stack[-1].kind not in ("COMPARE", "EQ"):
        if any(entry.kind == "COMPARE" for entry in failure.stack):
            return failure.says("CL132", "one comparison holds two values", "join two comparisons with `and`")
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


def other_sign(failure: Failure) -> Explained | Diagnostic | None:
    """`=` for `:`, `:` for `=`, and signs where none stands."""
    if failure.terminal == "EQ" and "COLON" in failure.expected and "EQ" not in failure.expected:
        what = (
            "an invariant has `:` after its title"
            if failure.block != "INVARIANT" and any(entry.kind == "INVARIANT" for entry in failure.stack)
            else "a row has `:` between its edge and its value"
        )
        said = failure.says("CL132", what, "write `:`")
        return Explained(said, Cure("COLON", failure.end))
    if failure.terminal == "COLON":
        if "EQ" in failure.expected and not has_formula(failure):
            return Explained(
                failure.says("CL132", "`:` stands in rows only", "write `=`"), Cure("EQ", failure.end)
            )
        # A row that begins with a sign reads as a comparison with the value of the row before.
        sign = next((entry for entry in reversed(failure.stack) if entry.kind == "COMPARE"), None)
        text = failure.source.text
        if sign is not None and not text[text.rfind("\n", 0, sign.start) + 1 : sign.start].strip():
            span = Span(failure.source, sign.start, sign.end)
            if (edge := _EDGES.get(span.text)) is not None:
                said = error("CL132", f"a row has no `{span.text}` before its edge", span, f"write `{edge}`")
                return Explained(said, Cure("", line_end(text, failure.start)))
        return Explained(failure.says("CL132", "no `:` stands here", "take it out"), Cure("", failure.end))
    if failure.terminal == "EQ" and failure.last.kind in HEADER:
        said = failure.says("CL132", f"`{failure.texts[failure.last.kind]}` needs no `=`", "take it out")
        return Explained(said, Cure("", failure.end))
    if failure.terminal == "MINUS" and any(entry.kind == "WINDOW" for entry in failure.stack):
        said = failure.says("CL132", "`-` does not say from when to when", "write `to`")
        return Explained(said, Cure("TO", failure.end))
    return None


def missing_sign(failure: Failure) -> Explained | Diagnostic | None:
    """`=`, `:` or `{` that is missing before something that could follow it."""
    begins = failure.terminal in VALUES or failure.terminal in ("ASSIGNED", "TIME", "MONTH")
    place = Span(failure.source, failure.start, failure.end)
    if failure.word == "is" and "EQ" in failure.expected and failure.block == "TEST":
        return Explained(failure.says("CL132", "an expected value stands after `=`", "write `=`"),
                         Cure("EQ", failure.end))  # fmt: skip
    if begins and "EQ" in failure.expected and failure.same_line and not has_formula(failure):
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


def row(failure: Failure) -> Explained | Diagnostic | None:
    """A row that does not begin with the word for its edge."""
    if not failure.expected & {"FROM", "UP_TO"} or "RBRACE" not in failure.expected:
        return None
    text = failure.source.text
    if failure.block in _NO_ROWS:
        return None
    if failure.terminal == "COMPARE" and (edge := _EDGES.get(failure.word)) is not None:
        if edge.upper().replace(" ", "_") in failure.expected:
            said = failure.says("CL132", f"a row has no `{failure.word}` before its edge", f"write `{edge}`")
            return Explained(said, Cure(edge.upper().replace(" ", "_"), failure.end))
    if failure.terminal == "BETWEEN" and (found := _BETWEEN.match(text, failure.start)) is not None:
        low, high = found.groups()
        span = Span(failure.source, failure.start, failure.start + len(found.group()[:-1].rstrip()))
        said = error("CL132", "a row has no `between`", span, f"write `from {low} to below {high}`")
        return Explained(said, Cure("", line_end(text, failure.start)))
    if failure.terminal == "DATE" and "BELOW" not in failure.expected:
        said = error("CL131", f'`from` is missing before "{failure.word}"', failure.span, "write `from` here")
        return Explained(said, Cure("FROM", failure.start))
    if failure.terminal in ("NUMBER", "PERCENT", "MINUS"):
        edges = "`from`, `above`, `below` or `up to`"
        if "BEYOND" in failure.expected:
            edges = "`up to` or `beyond`"
        return failure.says("CL131", f'this row does not say on which side of "{failure.word}" it is',
                            f"begin it with {edges}")  # fmt: skip
    return None


def side_by_side(failure: Failure) -> Explained | Diagnostic | None:
    """Two values that nothing joins, and a price whose `per` is no sign."""
    if (price := _PER.match(failure.source.text, failure.last.start)) is not None and failure.word == "per":
        span = Span(failure.source, failure.last.start, price.end())
        message = f'a price has a stroke for "per": "{" ".join(price.group().split())}"'
        written = error("CL132", message, span, f"write `{price.group(1)}/{price.group(2)}`")
        return Explained(written, Cure("", price.end()))
    if failure.terminal not in VALUES or "PLUS" not in failure.expected or not failure.same_line:
        return None
    text = failure.source.text
    before = text[failure.last.start : failure.last.end]
    if "AT" in failure.expected and _PRICE.match(text, failure.start):
        said = failure.says("CL131", f'`at` is missing before "{failure.word}"', "write `at` before a price")
        return Explained(said, Cure("AT", failure.start))
    return failure.says("CL122", f'nothing joins "{before}" and "{failure.word}"',
                        "write `at` before a price, or a sign such as `+` or `*`")  # fmt: skip
