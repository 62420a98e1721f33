"""Words, names and quantities in one language, for the sentences of a contract.

In: nodes of the tree that hold a name, a number or a day. Out: noun phrases without an article where
one would need a gender that nobody knows: names of the contract stand between quotation marks.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from contractlang.calendar import Days
from contractlang.exact import CURRENCIES, number
from contractlang.kinds import Scope
from contractlang.rendering.languages import Language
from contractlang.rendering.prose import rules_en, rules_fr, words_en, words_fr
from contractlang.syntax import tree
from contractlang.units import BUILT_IN

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": MappingProxyType({**words_en.WORDS, **rules_en.WORDS}),
        "fr": MappingProxyType({**words_fr.WORDS, **rules_fr.WORDS}),
    }
)

_LONG = {"s": "second", "sec": "second", "min": "minute", "h": "hour"}
"""Abbreviations of contracts, which sentences write out."""

# French runs an article into the word before it, and drops a vowel before another.
_CONTRACTIONS = (
    (re.compile(r"\b([Dd])e le (?=\S)"), r"\1u "),
    (re.compile(r"\b([Dd])e les (?=\S)"), r"\1es "),
    (re.compile(r"\b([Àà]) le (?=\S)"), "au "),
    (re.compile(r"\b([Àà]) les (?=\S)"), "aux "),
    (re.compile(r"\b([Ss])i (?=ils?\b)"), r"\1’"),
    (re.compile(r"\bsi (?=(?:pour chacune|à la fin d|au moins une fois|à chaque fois)\b)"), "si, "),
    (re.compile(r"\b([Dd])e (?=(?:un|une|au|aucun|il|elle|avoir|être)\b)"), r"\1’"),
    (re.compile(r"\b([Qq])ue (?=(?:un|une|au|aucun|aucune|ils?|elles?)\b)"), r"\1u’"),
)
_SPACED = re.compile(r" ([:;!?])")
_QUOTED = re.compile(r"(«[^»]*»)")


class Phrasing:
    """The words of one language, and the names of one contract.

    `numbers` says in which clause each name is defined, `places` where each node stands that has no name.
    """

    def __init__(
        self,
        language: Language,
        scope: Scope,
        numbers: Mapping[str, str],
        places: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        self.language = language
        self.scope = scope
        self.numbers = numbers
        self._places = places
        self._words = WORDS[language.code]
        titles = Counter(self.named(name) for name in {*scope.measures, *scope.prices, *scope.lines})
        self._shared = {title for title, count in titles.items() if count > 1}

    def say(self, key: str, **facts: str) -> str:
        """The words under a key, with the facts in their places."""
        return self._words[key].format_map(facts) if facts else self._words[key]

    def knows(self, key: str) -> bool:
        """Whether there are words under a key."""
        return key in self._words

    def sentence(self, words: str) -> str:
        """The words as a sentence: its first letter, its full stop, the contractions of French."""
        text = self.tidy(words)
        text = text[:1].upper() + text[1:]
        return text if text.endswith((".", ":", "…")) else text + "."

    def tidy(self, words: str) -> str:
        """The words with the contractions and the spaces that the language asks for."""
        if self.language.code != "fr":
            return words.replace(",,", ",").replace(",.", ".")
        parts = _QUOTED.split(words)
        joined = "".join(part if at % 2 else self._french(part) for at, part in enumerate(parts))
        joined = joined.replace(",,", ",").replace(",.", ".")
        return joined.replace("« ", "«\u00a0").replace(" »", "\u00a0»")

    def _french(self, text: str) -> str:
        for pattern, replacement in _CONTRACTIONS:
            text = pattern.sub(replacement, text)
        return _SPACED.sub("\u00a0\\1", text)

    # ---- names

    def named(self, name: str) -> str:
        """The title of a name of the contract, bare: its label, else the name as words."""
        found = self.scope.declaration(name)
        label = getattr(found, "label", None) or name.replace("_", " ")
        return label[:1].upper() + label[1:]

    def title(self, node: tree.AnyDeclaration) -> str:
        """The heading of a declaration that has a name: its label, else the name as words."""
        name = getattr(node, "name", None)
        label = getattr(node, "label", None) or (name.text.replace("_", " ") if name else "")
        return label[:1].upper() + label[1:]

    def term(self, name: str) -> str:
        """A name of the contract between quotation marks, with its clause where two have the title."""
        title = self.named(name)
        if title in self._shared and name in self.numbers:
            return self.cited(name)
        return self.quoted(title)

    def cited(self, name: str) -> str:
        """A name of the contract with the clause that says what it is."""
        quoted = self.quoted(self.named(name))
        if name not in self.numbers:
            return quoted
        return self.say("cited", name=quoted, clause=self.numbers[name])

    def phase(self, name: str) -> str:
        """A phase with the article that it is, or the clause of the amendment that brings it."""
        quoted = self.quoted(self.named(name))
        if name not in self.numbers:
            return quoted
        number = self.numbers[name]
        if "." in number:
            return self.say("cited", name=quoted, clause=number)
        return self.say("cited article", name=quoted, article=number)

    def place(self, node: tree.Node) -> str:
        """The number of the clause that a node without a name is."""
        return self._places.get(id(node), "?")

    def quoted(self, text: str) -> str:
        """A text between the quotation marks of the language."""
        return self.language.say("quoted", text=text)

    def several(self, words: Iterable[str], join: str = "and") -> str:
        """Words one after the other: `A, B and C`."""
        listed = list(words)
        if len(listed) < 2:
            return "".join(listed)
        return self.say(f"{join} last", first=", ".join(listed[:-1]), last=listed[-1])

    # ---- quantities

    def number(self, node: tree.Number) -> str:
        """A number with its unit: `12,345 calls`, `€4.20 per call`."""
        return self.amount(number(node.value), node.unit.text if node.unit else "", _places(node.value))

    def amount(self, value: Fraction, unit: str, places: int = 0) -> str:
        """A value in a unit word, which may be a compound."""
        first, *rest = unit.split("/")
        if first in CURRENCIES:
            counted = self.language.money(value, first)
        elif first:
            few = abs(value) == 1 if self.language.code == "en" else abs(value) < 2
            counted = f"{self.language.number(value, places)}\u00a0{self.unit(first, few)}"
        else:
            counted = self.language.number(value, places)
        return " ".join([counted, *(self.say("per unit", unit=self.unit(word, True)) for word in rest)])

    def percent(self, value: Decimal) -> str:
        """A percent with the decimals that were written: 3.40 is `3.40%`."""
        return self.language.percent(number(value) / 100, _places(value))

    def step(self, node: tree.Number | tree.Percent) -> str:
        """The step of a rounding."""
        return self.number(node) if isinstance(node, tree.Number) else self.percent(node.value)

    def unit(self, word: str, one: bool = False) -> str:
        """A unit word; words of time are those of the language, others those of the contract."""
        if "/" in word:
            first, *rest = word.split("/")
            return " ".join(
                [self.unit(first), *(self.say("per unit", unit=self.unit(part, True)) for part in rest)]
            )
        if word in CURRENCIES or word not in BUILT_IN:
            return word
        base = _LONG.get(word, word.rstrip("s") or word)
        key = f"unit {base}" if one else f"unit {base}s"
        return self.language.say(key) if self.language.knows(key) else word

    def length(self, node: tree.Length) -> str:
        """`6 months`."""
        return self.amount(Fraction(node.count), node.unit)

    def rounding(self, node: tree.Rounding) -> str:
        """How a result is rounded, in full."""
        return self.say(f"rounding {node.mode}", step=self.step(node.step))

    # ---- time

    def day(self, day: date) -> str:
        """A day as a noun: `1 July 2026`, `le 1er juillet 2026`."""
        return self.say("the day", day=self.language.day(day))

    def days(self, start: date, end: date) -> str:
        """When a span of days is: `in July 2026`, `from 3 to 9 May 2026`; `end` is the day after."""
        if start.day == 1 and end == _month_after(start):
            return self.say("in month", month=self.language.month(start))
        days = self.language.days(Days(start, end))
        return self.say("on day", day=days) if (end - start).days == 1 else self.say("in days", days=days)

    def frequency(self, word: str) -> str:
        """A length of calendar time that something is said for each of: `calendar quarter`."""
        return self.say(f"frequency {word}") if f"frequency {word}" in self._words else self.unit(word, True)

    def span(self, node: tree.SpanOfTime) -> str:
        """Over which days something is measured anew."""
        match node:
            case tree.Rolling():
                return self.say("span rolling", length=self.length(node.length))
            case tree.Before():
                return self.say("span before", length=self.length(node.length))
            case tree.ToDate():
                return self.say(f"span {node.unit}") if f"span {node.unit}" in self._words else node.unit
            case tree.Fixed():
                return self.days(node.start, node.end)
            case tree.InPhase():
                return self.say("span phase", phase=self.phase(node.phase.text))


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
