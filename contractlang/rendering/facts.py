"""The facts of a step in words: values, days, places, and what a step lacks to be told alone.

In: facts as rating leaves them. Out: strings in a language, for `accounts`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from contractlang.calendar import Days
from contractlang.diagnostics import Place
from contractlang.rendering.languages import Language
from contractlang.text import Span
from contractlang.trace import Quantity, Step
from contractlang.units import Scale, of


def place(where: Span | Place) -> str:
    """A place for people: the file and the line or row, counted from 1."""
    if isinstance(where, Span):
        return f"{where.source.name}:{where.position().line + 1}"
    return where.file if where.row is None else f"{where.file}:{where.row}"


def value_of(language: Language, step: Step) -> str:
    """The value of a step in its unit."""
    return language.value(step.value, step.scale)


def told(language: Language, fact: Any, scale: Scale | None = None) -> str:
    """A fact of a step in words; a bare fraction is in the unit of `scale`."""
    if isinstance(fact, Quantity):
        return language.quantity(fact)
    if isinstance(fact, Step):
        return value_of(language, fact)
    if isinstance(fact, bool) or fact is None:
        return language.value(fact)
    if isinstance(fact, int | Fraction):
        return language.value(Fraction(fact), scale)
    if isinstance(fact, date):
        return language.day(fact)
    if isinstance(fact, Days):
        return language.days(fact)
    if isinstance(fact, Span | Place):
        return place(fact)
    if isinstance(fact, tuple | list):
        return ", ".join(told(language, item, scale) for item in fact)
    return str(fact)


def month(language: Language, fact: Any) -> str:
    """A month, given as its year and number or as a day of it: `March 2026`."""
    if isinstance(fact, tuple) and len(fact) == 2:
        return language.month(date(fact[0], fact[1], 1))
    return told(language, fact)


def over(language: Language, step: Step) -> str:
    """The days of a step as the end of a sentence, empty where it has none."""
    days = step.fact("days")
    return language.say("over days", days=told(language, days)) if days is not None else ""


def label(language: Language, step: Step) -> str:
    """The contract's own words for a step; a table in them is left out, since its row is told."""
    words = step.label.split("{", 1)[0].strip() if "{" in step.label else step.label
    return words or language.say("the value")


def same(before: Any, step: Step) -> bool:
    """Whether a value before is the value of the step."""
    value = before.value if isinstance(before, Quantity | Step) else before
    return bool(value == step.value)


def is_zero(fact: Any) -> bool:
    """Whether a fact is nothing or zero."""
    value = fact.value if isinstance(fact, Quantity) else fact
    return value is None or bool(value == 0)


def with_numbers(language: Language, step: Step) -> str | None:
    """The text of an operation with the values of its operands in the places of their names.

    None where the text does not name every operand, or says no more than they do.
    """
    text, done = step.label, ""
    if "{" in text:
        return None
    for child in step.children:
        if not child.label or (before := text.find(child.label)) < 0:
            return None
        done += text[:before] + value_of(language, child)
        text = text[before + len(child.label) :]
    done += text
    # `at` is the word of the contract for a product with a price, in whatever language this is told.
    return done.replace(" * ", " × ").replace(" at ", " × ") if step.children and done != step.label else None


def complete(above: Step, currency: str) -> Iterator[Step]:
    """The steps under one, with what each lacks to be told alone.

    A tier begins where the one before it ends, its amounts are in the currency of the line, and a sum is
    in the unit of what it adds.
    """
    scale = Scale(currency, of(currency))
    before: Step | None = None
    for step in above.children:
        full = step
        if step.scale is None and above.scale is not None and above.kind in ("figure", "rounded", "over"):
            # A figure says its unit once; what it comes from is in the same one.
            full = step if step.value != above.value else replace(step, scale=above.scale)
        if step.kind in ("tier", "clawback"):
            facts = tuple((name, _money(name, fact, scale)) for name, fact in step.facts)
            if step.kind == "tier" and before is not None and step.fact("from") is None:
                facts = (*facts, ("from", before.fact("up_to")))
            full = replace(step, scale=step.scale or scale, facts=facts)
        if full.kind == "operation" and full.scale is None and isinstance(step.value, Fraction):
            full = replace(step, scale=_common_scale(step))
        before = step
        yield full


def _common_scale(step: Step) -> Scale | None:
    """The unit of a sum or of a percent: the one unit among its operands. A product has another."""
    if "*" in step.label or "/" in step.label:
        return None
    scales = {
        child.scale for child in step.children if child.scale is not None and not child.scale.unit.is_plain
    }
    return scales.pop() if len(scales) == 1 else None


def _money(name: str, fact: Any, scale: Scale) -> Any:
    if name in ("price", "plus") and isinstance(fact, Quantity) and fact.scale is None:
        return Quantity(fact.value, scale)
    return fact
