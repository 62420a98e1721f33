"""The words for characters that mean nothing, for quotes, and for commas in numbers."""

import re
import unicodedata

from contractlang.diagnostics import Diagnostic, error
from contractlang.text import Source, Span

_COMMA_NUMBER = re.compile(r"[\d_ \u00a0\u202f.]*\d(?:,\d+)+(?:\.\d+)?")
_TYPED_TEXT = re.compile("[“„«]\\s?([^“”»\n]*?)\\s?[”»]")
_SINGLE_TEXT = re.compile("['‘]([^'’\n]*)['’]")
_CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_WORDS_FOR = {"&": "and", "|": "or", "!": "not", "≠": "is not", "÷": "/", "≦": "<=", "≧": ">="}
_ENTITLED = {"–": "-", "—": "-", "·": "*", "•": "", "→": "to"}


def unknown_character(source: Source, start: int) -> tuple[Diagnostic, int]:
    """The diagnostic for a character with which no word, number or sign begins.

    The number is where a text ends that the character begins in another way than it should, else 0.
    """
    text = source.text
    character = text[start]
    here = Span(source, start, start + 1)
    if character in "\"“”„«»'‘’":
        return _quote(source, start)
    if unicodedata.combining(character) and start:
        # Text from a PDF or a file name has é as an e and an accent, which looks the same.
        pair = text[start - 1 : start + 1]
        letter = unicodedata.normalize("NFC", pair)
        said = f'"{letter}" is made of two characters here, a letter and its accent'
        return error("CL106", said, Span(source, start - 1, start + 1), f"type {letter} anew"), 0
    return _sign(character, here), 0


def _sign(character: str, here: Span) -> Diagnostic:
    if character in _CURRENCY_SIGNS:
        code = _CURRENCY_SIGNS[character]
        return error(
            "CL106", f"`{character}` does not say which currency", here, f"write {code} after the number"
        )
    if character in _WORDS_FOR:
        return error(
            "CL106", f"`{character}` is no sign of the language", here, f"write `{_WORDS_FOR[character]}`"
        )
    if character == ";":
        return error("CL106", "clauses need no `;`", here, "take it out")
    if character in _ENTITLED:
        cure = f"write `{_ENTITLED[character]}`" if _ENTITLED[character] else "take it out"
        return error("CL106", f"`{character}` means nothing here", here, cure)
    shown = (
        f"`{character}`" if character.isprintable() and not character.isspace() else f"U+{ord(character):04X}"
    )
    return error("CL106", f"{shown} means nothing here", here, "take it out")


def _quote(source: Source, start: int) -> tuple[Diagnostic, int]:
    text = source.text
    line_end = text.find("\n", start)
    end = len(text) if line_end < 0 else line_end
    if text[start] == '"':
        # A backslash escapes a quote or a backslash; any other one keeps the text from being one.
        closing = text.find('"', start + 1, end)
        backslash = text.find("\\", start + 1, end)
        if 0 <= backslash < closing:
            place = Span(source, backslash, backslash + 1)
            message = 'a `\\` stands in a text only before `"` or `\\`'
            return error("CL109", message, place, "write `\\\\`"), closing + 1
        place = Span(source, start, max(end, start + 1))
        return error("CL109", "this text is not closed on its line", place, 'put `"` at its end'), 0
    first = Span(source, start, start + 1)
    if re.compile(r"['‘’](\d{3})").match(text, start) and text[start - 1 : start].isdigit():
        message = f"a number has no `{text[start]}`"
        return error("CL106", message, first, "write a space between thousands"), 0
    typed = _TYPED_TEXT.match(text, start) or _SINGLE_TEXT.match(text, start)
    message = "a text stands between straight double quotes"
    if typed is None:
        return error("CL109", message, first, 'write "…"'), 0
    place = Span(source, start, typed.end())
    return error("CL109", message, place, f'write "{typed.group(1)}"'), typed.end()


def comma_in_number(source: Source, comma: int) -> Diagnostic | None:
    """The diagnostic for a comma between digits, or None where the comma is none of a number."""
    text = source.text
    if not text[comma - 1 : comma].isdigit() or not text[comma + 1 : comma + 2].isdigit():
        return None
    start = comma
    while start and text[start - 1] in "0123456789_ .\u00a0\u202f":
        start -= 1
    while text[start] in "_ .\u00a0\u202f":
        start += 1
    found = _COMMA_NUMBER.match(text, start)
    if found is None:
        return None
    return _comma(source, found.group(), start)


def _comma(source: Source, number: str, start: int) -> Diagnostic:
    span = Span(source, start, start + len(number))
    whole, _, part = number.rpartition(",")
    spaced, dotted = _grouped(number.replace(",", "")), f"{_grouped(whole)}.{part}"
    if "." in whole:
        # 1.234,56 is how many countries write it.
        plain = f"{_grouped(whole.replace('.', '').replace(',', ''))}.{part}"
        return error("CL107", f'a number has no comma: "{number}"', span, f"write {plain}")
    if "," not in whole and len(part) == 3 and "." not in part:
        thousands, decimals = _words(number, spaced, dotted)
        return error("CL107", f'"{number}" can be read as {thousands} or as {decimals}', span,
                     f"write {spaced} or {dotted}")  # fmt: skip
    if "," not in whole and "." not in part:
        return error("CL107", f'a number has no comma: "{number}"', span, f"write {dotted}")
    return error("CL107", f'a number has no comma: "{number}"', span, f"write {spaced}")


def _grouped(number: str) -> str:
    digits, dot, part = re.sub(r"[_ \u00a0\u202f]", "", number).partition(".")
    groups: list[str] = []
    while len(digits) > 3:
        groups.insert(0, digits[-3:])
        digits = digits[:-3]
    return " ".join([digits, *groups]) + dot + part


_BELOW_TWENTY = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)


def _words(number: str, spaced: str, dotted: str) -> tuple[str, str]:
    """Both readings: in words where they are short, else in digits."""
    whole, _, part = number.partition(",")
    if part == "000" and whole.isdecimal() and 0 < int(whole[:3]) < 20 and len(whole) <= 2:
        word = _BELOW_TWENTY[int(whole)]
        return f"{word} thousand", word
    return spaced, dotted
