"""How a profile speaks: English or French words, numbers with their nouns, lists.

In: the code of a language. Out: texts. Names, cells and dates stay as the contract and the rows write them.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from contractlang.calendar import Days
from contractlang.profiling import words_en, words_fr

LANGUAGES = ("en", "fr")
"""The languages that a profile is written in; the first serves where none is asked for."""

_WORDS = {"en": MappingProxyType(words_en.WORDS), "fr": MappingProxyType(words_fr.WORDS)}


class Wording:
    """One language of profiles; make it with `wording(code)`."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.words: Mapping[str, str] = _WORDS[code]

    def say(self, key: str, /, **facts: str) -> str:
        """The words of the catalogue under `key`, with the facts in their places."""
        return self.words[key].format_map(facts) if facts else self.words[key]

    def number(self, value: int) -> str:
        """A number with spaces between its thousands."""
        return f"{value:,}".replace(",", " ")

    def many(self, count: int, what: str) -> str:
        """A number with what is counted: `1 row`, `1 200 rows`."""
        return self.of(count, what, count=self.number(count))

    def of(self, number: int, key: str, /, **facts: str) -> str:
        """The form of a text that goes with a number: French counts 0 as one."""
        one = number < 2 if self.code == "fr" else number == 1
        return self.say(f"{key} {'one' if one else 'many'}", **facts)

    def all(self, words: Iterable[str], last: str = "and") -> str:
        """Some words, the last after `and` or `or`."""
        listed = list(words)
        if len(listed) == 1:
            return listed[0]
        return f"{', '.join(listed[:-1])} {self.say(last)} {listed[-1]}"

    def more(self, count: int) -> str:
        """How many more there are, nothing where none are."""
        return self.say("more", count=self.number(count)) if count > 0 else ""

    def span(self, days: Days) -> str:
        """The first and the last day of a span."""
        return self.say("span", first=str(days.start), last=str(days.last)) if days else str(days)

    def weekdays(self, days: Iterable[int]) -> str:
        """Days of the week, 0 is Monday, in the plural."""
        return self.all(self.say(f"weekday {day}") for day in days)


@cache
def wording(code: str) -> Wording:
    """The wording of a language, English for one that profiles are not written in."""
    return Wording(code if code in LANGUAGES else LANGUAGES[0])
