"""Dates, times and numbers that are written in other ways than a contract writes them."""

import re

from contractlang.diagnostics import Diagnostic, error
from contractlang.exact import CURRENCIES
from contractlang.syntax.mistakes.failure import Cure, Explained, Failure
from contractlang.text import Span

_EUROPEAN_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)")
_SHORT_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_NAMED_DATE = re.compile(rf"(\d{{1,2}}\s+)?({'|'.join(_MONTHS)})\s+(\d{{4}})", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})\s?(?:[hH](\d{2})?|(?:[:.](\d{2}))?\s?([ap]m))\b")


def date_or_time(failure: Failure) -> Explained | Diagnostic | None:
    """A date or a time of day that is written otherwise."""
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


def number(failure: Failure) -> Explained | Diagnostic | None:
    """A percent without its sign, digits in wrong groups, a currency before its amount."""
    terminal, last, word = failure.terminal, failure.last, failure.word
    text = failure.source.text
    if terminal == "NUMBER" and "PERCENT" in failure.expected and "NUMBER" not in failure.expected:
        said = failure.says("CL133", "a percent carries its sign", f"write `{word}%`")
        return Explained(said, Cure("PERCENT", failure.end))
    if terminal == "ASSIGNED" and last.kind == "NUMBER" and failure.same_line:
        return failure.says(
            "CL133", f'"{word}" is no unit, because `=` follows it', "write the part with `=` first"
        )
    if terminal in ("MONTH", "DATE", "QUARTER") and {"NUMBER", "LPAR"} <= failure.expected:
        what = {"MONTH": "month", "DATE": "date", "QUARTER": "quarter"}[terminal]
        return failure.says(
            "CL133", f'"{word}" is a {what}, and no number', "write spaces around `-` to subtract"
        )
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


def number_in_letters(failure: Failure) -> Explained | Diagnostic | None:
    """A length of time whose number is missing or in letters."""
    if failure.terminal == "NAME" and "NUMBER" in failure.expected and "NAME" not in failure.expected:
        return failure.says("CL133", f'a number is missing before "{failure.word}"', "write it in digits")
    return None


def span_of_time(failure: Failure) -> Diagnostic | None:
    """`over 3 months` without `rolling` or `before`."""
    if not {"ROLLING", "BEFORE"} <= failure.expected or len(failure.stack) < 2:
        return None
    span = Span(failure.source, failure.stack[-2].start, failure.last.end)
    cure = f"write `{span.text} rolling` (the last ones, this one included) or `{span.text} before`"
    return error("CL126", f"`over {span.text}` does not say which ones", span, cure)
