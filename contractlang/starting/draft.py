"""The texts of a first contract's files, with a test whose amounts are those that rating gives.

In: answers. Out: `Draft`. The contract is rated on its example months first, then written with what came
out of it, then read, checked and tested as any other; a draft that does not hold is a fault of the program.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from contractlang import api
from contractlang.calendar import Days, interval
from contractlang.diagnostics import Severity
from contractlang.exact import money, number, plain
from contractlang.formatting import format_text
from contractlang.rendering.pages import laid_out
from contractlang.starting import examples
from contractlang.starting.names import PARTS, WORDS
from contractlang.starting.questions import SUMS, Answers
from contractlang.starting.reading import key
from contractlang.text import Source

_ON = {"hours": "production", "acts": "handling", "flat": "fee", "head": "base", "subscription": "tools"}
_WIDTH = Decimal(5)


@dataclass(frozen=True, slots=True)
class Draft:
    """Texts to be written: the contract in the canonical layout, its usage, and an entry for each party.

    `periods` are the months that the usage has figures for, or would have; `tested` is how many amounts the
    test expects.
    """

    contract: str
    usage: str
    parties: str
    periods: tuple[str, ...]
    tested: int


def draft_of(answers: Answers, provider: str | None = None, client: str | None = None) -> Draft:
    """The files of a first contract; the keys of the parties are those given, or made of their names."""
    months = examples.months(answers)
    facts = _facts(answers, provider or key(answers.provider), client or key(answers.client))
    givens = [_given(month, answers) for month in months if month.figures]
    usage = _written(f"usage.{answers.language}.j2", {"givens": givens, "figures": facts["figures"]})
    days = tuple(dict.fromkeys(interval("month", month.days.start) for month in months))
    untested = _written(_contract(answers), {**facts, "givens": [], "expects": []})
    expects = _amounts(untested, usage, days, answers)
    text = _written(_contract(answers), {**facts, "givens": givens, "expects": expects})
    contract = format_text(Source("contract", text))
    _hold(contract)
    parties = [
        {"key": facts["provider"], "name": _quoted(answers.provider)},
        {"key": facts["client"], "name": _quoted(answers.client)},
    ]
    return Draft(
        contract,
        usage,
        _written(f"parties.{answers.language}.j2", {"parties": parties}),
        tuple(_month(one) for one in days),
        len(expects),
    )


def _contract(answers: Answers) -> str:
    return f"contract.{answers.language}.j2"


def _written(template: str, facts: dict[str, Any]) -> str:
    return laid_out(f"start/{template}", "text", None, facts)


# ---- what the templates are given


def _facts(answers: Answers, provider: str, client: str) -> dict[str, Any]:
    words = WORDS[answers.language]
    act = answers.counted if answers.counted and answers.model != "head" else words.act
    sums = answers.model in SUMS
    per = {"hours": "hour", "hours-then-acts": "hour", "acts": act, "head": answers.counted}.get(
        answers.model
    )
    price = _price(answers.price, answers)
    units = [_unit(answers, name) for name in examples.asked(answers) if name != "hours"]
    facts: dict[str, Any] = {
        "say": dict(words.names),
        "title": _in_quotes(answers.name),
        "provider": provider,
        "client": client,
        "start": str(answers.start),
        "end": str(answers.end),
        "currency": answers.currency,
        "timezone": answers.timezone,
        "vat": f"{_number(answers.vat)}%",
        "model": answers.model,
        "price": price if sums else f"{price}/{per}",
        "months": f"{answers.months} month{'s' if answers.months != 1 else ''}",
        "units": list(dict.fromkeys([*units, *([act] if answers.model == "hours-then-acts" else [])])),
        "figures": [_figure(answers, name) for name in examples.asked(answers)],
        "quality": None,
    }
    if answers.act_price is not None:
        facts["act_price"] = f"{_price(answers.act_price, answers)}/{act}"
    if answers.quality != "none":
        facts |= _quality(answers)
    return facts


def _quality(answers: Answers) -> dict[str, Any]:
    assert answers.bonus is not None and answers.malus is not None, "a figure that moves the price has bounds"
    names, labels = WORDS[answers.language].names, WORDS[answers.language].qualities
    good, all_ = PARTS[answers.quality]
    quality = {
        "rate": names[answers.quality],
        "label": labels[answers.quality],
        "good": names[good],
        "all": names[all_],
        "sample": answers.quality == "satisfaction",
        "learned": names["learned"],
        "on": names[_ON.get(answers.model, "handling")],
    }
    found = {
        "quality": quality,
        "bonus": f"{_number(answers.bonus)}%",
        "malus": f"{_number(answers.malus)}%",
    }
    if answers.target is not None:
        low, high = answers.target - _WIDTH, min(answers.target + _WIDTH, Decimal(100))
        found |= {
            "low": f"{_number(low)}%",
            "target": f"{_number(answers.target)}%",
            "high": f"{_number(high)}%",
        }
    return found


def _figure(answers: Answers, name: str) -> dict[str, Any]:
    words = WORDS[answers.language]
    return {
        "name": words.names[name],
        "label": words.labels[name],
        "unit": "hours" if name == "hours" else f"{_unit(answers, name)}s",
        "heads": name == "heads",
    }


def _unit(answers: Answers, name: str) -> str:
    """What a supplied figure counts."""
    words = WORDS[answers.language]
    if name in ("answers", "satisfied"):
        return words.answer
    if name == "heads" or answers.model != "head":
        return answers.counted or words.act
    return words.act


def _given(month: examples.Month, answers: Answers) -> dict[str, Any]:
    whole = interval("month", month.days.start)
    span = _month(whole) if month.days == whole else f"{month.days.start}..{month.days.last}"
    figures = [
        {
            "name": WORDS[answers.language].names[name],
            "text": f"{_number(value)} {_figure(answers, name)['unit']}",
            "bare": _number(value),
        }
        for name, value in month.figures
    ]
    return {"span": span, "figures": figures}


def _number(value: Decimal | int) -> str:
    return plain(number(value))


def _price(value: Decimal, answers: Answers) -> str:
    return f"{money(number(value), answers.currency)} {answers.currency}"


def _in_quotes(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _quoted(text: str) -> str:
    """A text as YAML reads it, which takes every text of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _month(days: Days) -> str:
    return f"{(days.end - timedelta(days=1)):%Y-%m}"


# ---- what it comes to


def _amounts(contract: str, usage: str, months: Sequence[Days], answers: Answers) -> list[dict[str, str]]:
    """What each line of each month comes to, as the rows of a test."""
    loaded = api.load_text(contract)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "usage.yaml"
        file.write_text(usage, encoding="utf-8")
        measured = api.load_usage(file, loaded)
        found: list[dict[str, str]] = []
        for days in months:
            sums: dict[str, Fraction] = {}
            for line in loaded.invoice(measured, _month(days)).lines:
                sums[line.name] = sums.get(line.name, Fraction()) + line.amount
            found += [
                {"name": name, "amount": f"{money(amount, answers.currency)} {answers.currency}",
                 "period": _month(days)}
                for name, amount in sums.items()
            ]  # fmt: skip
    return found


def _hold(contract: str) -> None:
    """That the contract is as promised; what a user can cause has been refused before."""
    loaded = api.load_text(contract)
    wrong = [f"{one.code}: {one.message}" for one in loaded.check(False) if one.severity is not Severity.INFO]
    assert not wrong, f"a first contract has nothing to be said about it: {wrong}"
    assert not any(result.failures for result in loaded.run_tests()), "a first contract's test holds"
