"""Numbers, amounts, dates and words in the languages of documents: English and French.

In: exact fractions and dates. Out: strings. No number is shortened in silence: one that has no finite
decimal expansion is printed as an approximation beside its exact fraction.
"""

from copy import copy
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern

from contractlang.calendar import ONE_DAY, Days
from contractlang.exact import CURRENCIES, approximate, decimals, is_decimal, plain
from contractlang.rendering import words_en, words_fr
from contractlang.trace import Quantity, Value
from contractlang.units import BUILT_IN, Scale

LANGUAGES = ("en", "fr")
"""The codes of the languages that documents are written in; the first serves where none is asked for."""

_WORDS = {
    "en": MappingProxyType(words_en.WORDS),
    "fr": MappingProxyType(words_fr.WORDS),
}
_LOCALES = {"en": "en_GB", "fr": "fr_FR"}
_NO_BREAK = "\u00a0"


class Language:
    """One language of documents; make it with `language(code)`."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.words = _WORDS[code]
        self._locale = Locale.parse(_LOCALES[code])

    def say(self, key: str, **facts: str) -> str:
        """The words of the catalogue under `key`, with the facts in their places."""
        return self.words[key].format_map(facts) if facts else self.words[key]

    def knows(self, key: str) -> bool:
        """Whether the catalogue has words under `key`."""
        return key in self.words

    # ---- numbers

    def money(self, value: Fraction, currency: str) -> str:
        """An amount with all the decimals of its currency, and more where it needs them: `€51,145.50`."""
        return self._told(value, "currency", decimals(currency), currency)

    def number(self, value: Fraction, least: int = 0) -> str:
        """A plain number with its thousands apart and at least `least` decimals."""
        return self._told(value, "decimal", least)

    def percent(self, value: Fraction, least: int = 0) -> str:
        """A fraction as a percent: `93.5%` for 187/200."""
        return self._told(value * 100, "percent", least)

    def value(self, value: Value, scale: Scale | None = None) -> str:
        """Any value of a step, in the unit of `scale`: a number, yes or no, a text, a date, no data."""
        if value is None:
            return self.say("no data")
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, str):
            return self.say("quoted", text=value)
        return self._scaled(value, scale)

    def quantity(self, quantity: Quantity, brief: bool = False) -> str:
        """A number with its unit: `12,345 calls`, `€4.20/call`, `93%`.

        A brief one leaves the exact fraction to the annex: `≈ 0.3333 months`.
        """
        if brief and isinstance(quantity.value, Fraction):
            return self._scaled(quantity.value, quantity.scale, brief=True)
        return self.value(quantity.value, quantity.scale)

    def _scaled(self, value: Fraction, scale: Scale | None, brief: bool = False) -> str:
        if scale is None:
            return self._told(value, "decimal", 0, brief=brief)
        shown = value / scale.factor
        first, *rest = scale.text.split("/")
        if first in CURRENCIES:
            price = self._told(shown, "currency", decimals(first), first, brief)
            return "/".join([price, *(self._word(word, one=True) for word in rest)])
        if scale.text == "%":
            return self._told(shown, "percent", 0, brief=brief)
        few = abs(shown) == 1 if self.code == "en" else abs(shown) < 2
        number = self._told(shown, "decimal", 0, brief=brief)
        word = scale.text
        if few and scale.unit.single is not None and scale.factor == 1 and word not in BUILT_IN:
            # What is counted is a dimension of its own, named as one of it.
            word = scale.unit.single
        return f"{number}{_NO_BREAK}{self._word(word, few)}"

    def _word(self, word: str, one: bool) -> str:
        """A unit word of time in the language and number; words of the contract are as written there."""
        if word not in BUILT_IN:
            return word
        base = word.rstrip("s") or word
        for form in (base, word) if one else (f"{base}s", word):
            if self.knows(f"unit {form}"):
                return self.say(f"unit {form}")
        return word

    def _told(
        self, value: Fraction, form: str, least: int, currency: str | None = None, brief: bool = False
    ) -> str:
        if is_decimal(value):
            return self._written(plain(value, least), form, currency)
        places = max(least + 2, 4)
        # A tiny number keeps some digits that say something.
        while places < 40 and abs(value) * 10**places < 1_000:
            places += 1
        about = self._written(approximate(value, places), form, currency)
        if brief:
            return f"≈{_NO_BREAK}{about}"
        exact = f"{value.numerator}/{value.denominator}"
        if form == "percent":
            exact += _pattern(_LOCALES[self.code], form, 0).suffix[0]
        return self.say("approximate", about=about, exact=exact)

    def _written(self, text: str, form: str, currency: str | None) -> str:
        number = Decimal(text)
        places = len(text.partition(".")[2])
        pattern = _pattern(_LOCALES[self.code], form, places)
        with localcontext() as context:
            # Babel rounds to the precision of the context; an exact number keeps every digit.
            context.prec = len(text) + 12
            written = str(pattern.apply(number, self._locale, currency=currency, currency_digits=False))
        if currency is None:
            return written
        # "MAD12.00" is hard to read; a code of letters stands apart from the digits.
        head = written[: next(i for i, character in enumerate(written) if character.isdigit())]
        if head and head[-1].isalpha():
            return head + _NO_BREAK + written[len(head) :]
        return written

    def group(self, column: str, value: str | None) -> str:
        """The value of a column that a line is for: `fr`; `no language` where the cells are empty."""
        if value is None:
            return self.say("no group", column=column)
        return value if value.strip() else self.say("quoted", text=value)

    def of_group(self, column: str, value: str | None) -> str:
        """The same behind what it belongs to: ` for fr`, ` with no language`."""
        if value is None:
            return self.say("of no group", column=column)
        return self.say("of group", group=self.group(column, value))

    def headed(self, key: str, text: str) -> str:
        """A text behind its heading and a colon, which French sets apart: `Phase : production`."""
        return self.say(key) + self.say("colon") + text

    def country(self, code: str) -> str:
        """The name of a country by its code of two letters; any other text as it is."""
        return str(self._locale.territories.get(code.upper(), code)) if len(code) == 2 else code

    # ---- dates

    def day(self, day: date) -> str:
        """A date in words: `1 July 2026`, `1er juillet 2026`."""
        return f"{self._day(day)} {self._month(day)} {day.year:04d}"

    def days(self, days: Days) -> str:
        """A span of days, both included, in as few words as say it: `1 to 31 July 2026`."""
        if not days:
            return self.say("no day")
        first, last = days.start, days.end - ONE_DAY
        if first == last:
            return self.day(first)
        start = self._day(first)
        if first.year != last.year:
            start = self.day(first)
        elif first.month != last.month:
            start = f"{start} {self._month(first)}"
        return self.say("days", first=start, last=self.day(last))

    def month(self, day: date) -> str:
        """The month of a day: `July 2026`."""
        return f"{self._month(day)} {day.year:04d}"

    def _day(self, day: date) -> str:
        return self.say("first of month") if day.day == 1 else str(day.day)

    def _month(self, day: date) -> str:
        return str(self._locale.months["format"]["wide"][day.month])


@cache
def language(code: str) -> Language:
    """The language of a code of `LANGUAGES`."""
    return Language(code)


def chosen(asked: str | None, of_client: str | None) -> Language:
    """The language that was asked for, else the client's, else English.

    A client whose language documents are not written in gets English, as invoicing warns.
    """
    for code in (asked, (of_client or "")[:2].lower()):
        if code in LANGUAGES:
            return language(code)
    return language(LANGUAGES[0])


@cache
def _pattern(locale: str, form: str, places: int) -> NumberPattern:
    found = Locale.parse(locale)
    patterns = {
        "decimal": lambda: found.decimal_formats[None],
        "percent": lambda: found.percent_formats[None],
        "currency": lambda: found.currency_formats["standard"],
    }
    pattern = copy(parse_pattern(patterns[form]()))
    pattern.frac_prec = (places, places)
    # A percent comes here already multiplied, so that its digits are counted as they are printed.
    pattern.scale = 0
    return pattern
