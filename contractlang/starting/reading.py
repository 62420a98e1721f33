"""What an answer means: a text in, a value out, or `RefusedError` with the reason in words.

The rules are those of the language, so that what is taken here is taken by `check`: a comma is never read
in a number, a price is above zero, a time zone and a currency exist.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import available_timezones

from contractlang.calendar import add_months
from contractlang.diagnostics import nearest
from contractlang.exact import CURRENCIES, decimals
from contractlang.starting.wording import RefusedError

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)
_LENGTH = re.compile(r"([0-9]{1,4}) *(?:months?|mois)", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BLANKS = re.compile("[ _\u00a0\u202f]")
# What joins letters and emoji is part of a name; what is not seen or turns the text round is not.
_JOINERS = frozenset("\u200c\u200d")
LONGEST_NAME = 120
LONGEST_TERM = 50
FIRST_YEAR, LAST_YEAR = 1990, 2100


def name(text: str) -> str:
    """A name as people write it: one line, with a letter or a digit in it."""
    told = unicodedata.normalize("NFC", " ".join(text.split(" ")).strip())
    if not any(letter.isalnum() for letter in told):
        raise RefusedError("name letter")
    if len(told) > LONGEST_NAME:
        raise RefusedError("name long", most=LONGEST_NAME, count=len(told))
    for character in told:
        kind = unicodedata.category(character)
        if (kind[0] == "C" and character not in _JOINERS) or kind in ("Zl", "Zp"):
            raise RefusedError("name seen", character=f"U+{ord(character):04X}")
    return told


def key(text: str) -> str:
    """The short name of a party, as `provider` and parties.yaml write it: small letters without accents."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.lower())
        if not unicodedata.combining(letter) and letter not in _JOINERS
    )
    words = unicodedata.normalize("NFC", re.sub(r"[\W_]+", "_", plain)).strip("_")[:40].strip("_")
    if not words or not re.match(r"[^\W\d]", words):
        words = f"party_{words}".strip("_")
    return words


def word(text: str) -> str:
    """The name of a thing that is counted: one word, without a number at its start."""
    told = unicodedata.normalize("NFC", text.strip())
    if not re.fullmatch(r"[^\W\d]\w{0,39}", told):
        raise RefusedError("word", text=shown(told))
    return told


def choice(text: str, choices: Sequence[str]) -> str:
    """One of several words, or its number in the list that is shown."""
    told = text.strip().lower()
    if re.fullmatch("[0-9]{1,2}", told, re.ASCII) and 1 <= int(told) <= len(choices):
        return list(choices)[int(told) - 1]
    if told in choices:
        return told
    near = nearest(told, choices)
    if near:
        raise RefusedError("choice near", text=shown(text), near=near)
    *others, last = choices
    raise RefusedError("choice", text=shown(text), choices=", ".join(others), last=last)


def currency(text: str) -> str:
    """A currency by its three letters."""
    told = text.strip().upper()
    if told not in CURRENCIES:
        near = nearest(told, sorted(CURRENCIES))
        raise RefusedError("currency near" if near else "currency", text=shown(text), near=near)
    return told


def timezone(text: str) -> str:
    """A time zone by its name in the tz database, in any letter case."""
    zones = {zone.lower(): zone for zone in available_timezones()}
    told = zones.get(text.strip().lower())
    if told is None:
        near = nearest(text.strip(), sorted(zones.values()))
        raise RefusedError("zone near" if near else "zone", text=shown(text), near=near)
    return told


def day(text: str) -> date:
    """A day, written year first."""
    told = text.strip()
    try:
        if not _DAY.fullmatch(told):
            raise ValueError
        found = date.fromisoformat(told)
    except ValueError:
        raise RefusedError("day", text=shown(text)) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise RefusedError("year", year=found.year, least=FIRST_YEAR, most=LAST_YEAR)
    return found


def last_day(text: str, start: date) -> date:
    """The last day of the term: a day, or a length such as `24 months`."""
    length = _LENGTH.fullmatch(text.strip().lower())
    if length is not None:
        if not 1 <= int(length[1]) <= LONGEST_TERM * 12:
            raise RefusedError("term months", most=LONGEST_TERM * 12)
        return add_months(start, int(length[1])) - timedelta(days=1)
    found = day(text)
    if found < start:
        raise RefusedError("term order", end=found, start=start)
    if found >= add_months(start, LONGEST_TERM * 12):
        raise RefusedError("term long", most=LONGEST_TERM)
    return found


def months(text: str) -> int:
    """How many months, 1 to 36."""
    told = text.strip().lower()
    length = _LENGTH.fullmatch(told)
    told = length[1] if length else told
    if not re.fullmatch("[0-9]{1,2}", told, re.ASCII) or not 1 <= int(told) <= 36:
        raise RefusedError("months", text=shown(text))
    return int(told)


def price(text: str, money: str, sum_of_money: bool) -> Decimal:
    """A price above zero in a currency; a sum has no more decimals than the currency."""
    found = _number(re.sub(rf" *{money}(?:/\w+)?$", "", text.strip(), flags=re.IGNORECASE))
    if found == 0:
        raise RefusedError("price zero")
    places = decimals(money)
    if sum_of_money and found != round(found, places):
        reason = "sum decimals" if places else "sum whole"
        raise RefusedError(reason, currency=money, places=places, text=shown(text))
    return found


def percent(text: str, least: int, most: int) -> Decimal:
    """A percent between two bounds, with its sign or without, of at most two decimals."""
    found = _number(re.sub(" *%$", "", text.strip()))
    if not least <= found <= most:
        raise RefusedError("percent between", text=shown(text), least=least, most=most)
    if found != round(found, 2):
        raise RefusedError("percent decimals", text=shown(text))
    return found


def shown(text: str) -> str:
    """An answer as it is repeated: one line, not long, nothing that a terminal obeys."""
    told = "".join(letter if letter.isprintable() else "?" for letter in text)
    return told if len(told) <= 60 else f"{told[:59]}…"


def _number(text: str) -> Decimal:
    told = _BLANKS.sub("", text)
    if told.startswith(("-", "−")):
        raise RefusedError("below zero", text=shown(text))
    if re.fullmatch(r"\d+,(?:\d{1,2}|\d{4,})", told):
        raise RefusedError("decimal comma", text=shown(text), point=told.replace(",", "."))
    if "," in told:
        whole = told.replace(",", "")
        if told.count(",") == 1 and "." not in told:
            raise RefusedError("comma", text=shown(text), point=told.replace(",", "."), whole=whole)
        raise RefusedError("commas", text=shown(text), whole=whole)
    if not _NUMBER.fullmatch(told):
        raise RefusedError("number", text=shown(text))
    return Decimal(told)
