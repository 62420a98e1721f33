"""Which answers a first contract needs, in the order in which a contract manager is asked for them.

In: texts by the keys of questions. Out: `Answers`. A question is asked only where the answers before it
leave it open; what nobody asks is refused, so that no answer is silently lost.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from contractlang.calendar import add_months
from contractlang.exact import decimals
from contractlang.starting import reading
from contractlang.starting.names import LANGUAGES, MODELS, QUALITIES, WORDS
from contractlang.starting.wording import RefusedError, said

Found = dict[str, Any]
"""The values of the questions answered so far."""

_PRICES = {
    "hours-then-acts": "31.50", "hours": "31.50", "acts": "4.20", "flat": "18500", "head": "0.38",
    "subscription": "450",
}  # fmt: skip
SUMS = ("flat", "subscription")
"""The models whose price is a sum of money, not a price per unit."""

_ZONES = {
    "GBP": "Europe/London", "CHF": "Europe/Zurich", "USD": "America/New_York", "CAD": "America/Toronto",
    "MAD": "Africa/Casablanca", "TND": "Africa/Tunis", "JPY": "Asia/Tokyo",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answers:
    """All that a first contract is made of; `start` and `end` are both days of the term."""

    language: str
    client: str
    provider: str
    name: str
    model: str
    currency: str
    start: date
    end: date
    timezone: str
    vat: Decimal
    price: Decimal
    counted: str | None = None
    months: int | None = None
    act_price: Decimal | None = None
    quality: str = "none"
    target: Decimal | None = None
    bonus: Decimal | None = None
    malus: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question and how its answer is read.

    `told` is the key of its words. `asks` says whether the answers so far leave it open. `read` raises
    RefusedError. `choices` are the words to choose from.
    """

    key: str
    told: Callable[[Found], str]
    default: Callable[[Found], str]
    read: Callable[[str, Found], Any]
    asks: Callable[[Found], bool] = lambda _: True
    choices: Sequence[str] | None = None

    def words(self, found: Found) -> str:
        """The question, in the language of the answers so far."""
        return said(spoken(found), self.told(found))

    def meanings(self, found: Found) -> dict[str, str]:
        """The words to choose from with what they mean, in the language of the answers so far."""
        return {word: said(spoken(found), word) for word in self.choices or ()}


def spoken(found: Found) -> str:
    """The language in which somebody is asked: the one chosen, and before that the one of the terminal."""
    return str(found.get("language") or found["spoken"])


def _plain(key: str, default: Callable[[Found], str], read: Callable[[str, Found], Any]) -> Question:
    return Question(key, lambda _: f"ask {key}", default, read)


def _choice(key: str, default: Callable[[Found], str], choices: Sequence[str]) -> Question:
    return Question(
        key,
        lambda _: f"ask {key}",
        default,
        lambda text, _: reading.choice(text, choices),
        choices=choices,
    )


def _scaled(amount: str, found: Found) -> str:
    """A price in euros as the order of size of one in the contract's currency."""
    return amount if decimals(found["currency"]) else str(int(Decimal(amount) * 100))


def _client_and_provider(text: str, found: Found) -> str:
    told = reading.name(text)
    if reading.key(told) == reading.key(found["client"]):
        raise RefusedError("one name")
    return told


def _end(text: str, found: Found) -> date:
    return reading.last_day(text, found["start"])


def _months(text: str, found: Found) -> int:
    told = reading.months(text)
    if add_months(found["start"], told) > found["end"]:
        raise RefusedError("months end", end=found["end"], months=told)
    return told


def _title(found: Found) -> str:
    title = WORDS[found["language"]].title.replace("{client}", found["client"])
    return title[: reading.LONGEST_NAME].strip()


def _thing(found: Found) -> str:
    return "act" if _counts_acts(found) else "head"


def _counted(text: str) -> str:
    """A word that the language takes as a unit: `hour` and `EUR` have a meaning of their own."""
    from contractlang.api import load_text
    from contractlang.diagnostics import has_errors

    told = reading.word(text)
    header = (
        'contract "a" { provider a client b term 2026-01-01 to 2026-12-31 invoiced monthly currency EUR '
        "timezone UTC vat 0% }"
    )
    trial = load_text(f"{header} unit {told} measure number in {told} charge line = number at 1 EUR/{told}")
    wrong = [one.message for one in trial.check() if has_errors([one])]
    if wrong:
        raise RefusedError("counted", text=told, why=wrong[0])
    return told


def _counts_acts(found: Found) -> bool:
    return found["model"] in ("acts", "hours-then-acts")


def _has_quality(found: Found) -> bool:
    return bool(found["quality"] != "none")


def _without_learning(found: Found) -> bool:
    return _has_quality(found) and found["model"] != "hours-then-acts"


QUESTIONS = (
    _choice("language", lambda found: str(found["spoken"]), LANGUAGES),
    _plain("client", lambda found: WORDS[found["language"]].client,
           lambda text, _: reading.name(text)),
    _plain("provider", lambda found: WORDS[found["language"]].provider, _client_and_provider),
    _plain("name", _title, lambda text, _: reading.name(text)),
    _choice("model", lambda _: "hours-then-acts", MODELS),
    _plain("currency", lambda _: "EUR", lambda text, _: reading.currency(text)),
    _plain("start", lambda found: str(found["today"]),
           lambda text, _: reading.day(text)),
    _plain("end", lambda found: said(spoken(found), "24 months"), _end),
    _plain("timezone", lambda found: _ZONES.get(found["currency"], "Europe/Paris"),
           lambda text, _: reading.timezone(text)),
    _plain("vat", lambda found: "0%" if found["currency"] == "USD" else "20%",
           lambda text, _: reading.percent(text, 0, 100)),
    Question("counted", lambda found: f"ask counted {_thing(found)}",
             lambda found: getattr(WORDS[found["language"]], _thing(found)),
             lambda text, _: _counted(text),
             lambda found: _counts_acts(found) or found["model"] == "head"),
    Question("months", lambda _: "ask months", lambda _: "6", _months,
             lambda found: bool(found["model"] == "hours-then-acts")),
    Question("price", lambda found: f"ask price {found['model']}",
             lambda found: _scaled(_PRICES[found["model"]], found),
             lambda text, found: reading.price(text, found["currency"], found["model"] in SUMS)),
    Question("act_price", lambda _: "ask act_price", lambda found: _scaled("4.20", found),
             lambda text, found: reading.price(text, found["currency"], False),
             lambda found: bool(found["model"] == "hours-then-acts")),
    Question("quality", lambda _: "ask quality",
             lambda found: "answered" if found["model"] == "hours-then-acts" else "none",
             lambda text, _: reading.choice(text, QUALITIES), choices=QUALITIES),
    Question("target", lambda _: "ask target", lambda _: "90%",
             lambda text, _: reading.percent(text, 10, 99), _without_learning),
    Question("bonus", lambda _: "ask bonus", lambda _: "3%",
             lambda text, _: _above_zero(reading.percent(text, 0, 100)), _has_quality),
    Question("malus", lambda _: "ask malus", lambda _: "5%",
             lambda text, _: _above_zero(reading.percent(text, 0, 100)), _has_quality),
)  # fmt: skip
"""In the order in which they are asked: each may rest on those above it."""


def _above_zero(value: Decimal) -> Decimal:
    if value == 0:
        raise RefusedError("share zero")
    return value


def answers_of(
    given: Mapping[str, str],
    today: date,
    ask: Callable[[Question, str, Found], Any] | None = None,
    language: str = "en",
) -> Answers:
    """The answers: those given, asked for where they are not, or what serves where nobody is asked.

    `today` is the day after which a term begins where none is said: on the first of the next month. `ask`
    puts a question with its default and gives the value, in `language` until one is chosen. Raises
    RefusedError, with the key of its `question`, for a given answer that cannot be taken or that nothing asks
    for.
    """
    found: Found = {"today": add_months(today.replace(day=1), 1), "spoken": language}
    for question in QUESTIONS:
        told = given.get(question.key)
        try:
            if not question.asks(found):
                if told is not None:
                    raise _unasked(question, found)
            elif told is not None:
                found[question.key] = question.read(told, found)
            elif ask is not None:
                found[question.key] = ask(question, question.default(found), found)
            else:
                found[question.key] = question.read(question.default(found), found)
        except RefusedError as refusal:
            refusal.question = question.key
            raise
    del found["today"], found["spoken"]
    return Answers(**found)


def _unasked(question: Question, found: Found) -> RefusedError:
    if question.key in ("target", "bonus", "malus") and found["quality"] == "none":
        return RefusedError("no figure")
    if question.key == "target":
        return RefusedError("no target", model=found["model"])
    return RefusedError("not asked", model=found["model"])
