"""The amounts of lines in sentences: products, roundings, shares of days, bounds.

In: a `Step` and a language. Out: a sentence, for `accounts`.
"""

from fractions import Fraction

from contractlang.rendering import facts
from contractlang.rendering.facts import label, over, told, value_of
from contractlang.rendering.languages import Language
from contractlang.trace import Quantity, Step


def amount(language: Language, step: Step) -> str:
    """The amount of a line, as a product where it is one."""
    words = {"label": label(language, step), "value": value_of(language, step)}
    product = _known_product(language, step)
    if product is None:
        return language.say("step operation", **words)
    return language.say("step operation numbers", numbers=product, **words)


def _known_product(language: Language, step: Step) -> str | None:
    """The product that an amount is, where anyone can recompute it: tiers and sums are none."""
    percent, base = step.fact("percent"), step.fact("base")
    if isinstance(percent, Fraction) and isinstance(base, Quantity):
        exact = percent * (base.value or 0) == step.value
        return f"{language.percent(percent)} × {told(language, base)}" if exact else None
    if len(step.children) != 2:
        return None
    quantity, price = step.children
    if price.kind in ("tiers", "package"):
        return None
    if not isinstance(quantity.value, Fraction) or not isinstance(price.value, Fraction):
        return None
    if quantity.value * price.value != step.value:
        return None
    return f"{value_of(language, quantity)} × {value_of(language, price)}"


def rounded(language: Language, step: Step) -> str:
    """A rounding, by the terms or of the line."""
    before = step.fact("before")
    if before is None and step.children:
        before = step.children[0]
    words = {"step": told(language, step.fact("step"), step.scale), "value": value_of(language, step)}
    if facts.same(before, step):
        return language.say("step not rounded", **words)
    mode = f"mode {step.fact('mode')}"
    words["mode"] = language.say(mode) if language.knows(mode) else str(step.fact("mode"))
    return language.say("step rounded", before=told(language, before, step.scale), **words)


def line(language: Language, step: Step) -> str:
    """The amount of another line."""
    words = {"label": label(language, step), "value": value_of(language, step)}
    return language.say("step line", days=over(language, step), **words)


def days(language: Language, step: Step) -> str:
    """A share of an interval by days."""
    part, of, interval = (step.fact(name) for name in ("part", "of", "interval"))
    if part is None:
        part = step.fact("days")
    within = language.say("of interval", days=told(language, interval)) if interval is not None else ""
    back = language.say("given back") if step.fact("what") == "returned" else ""
    words = {"days": told(language, part), "of": told(language, of), "value": value_of(language, step)}
    if step.children:
        words["value"] = f"{value_of(language, step.children[0])} → {words['value']}"
    return language.say("step days", interval=within, back=back, **words)


def bound(language: Language, step: Step) -> str:
    """What a bound made of a value."""
    before, side, limit = (step.fact(name) for name in ("before", "side", "limit"))
    words = label(language, step) if step.label else told(language, step.fact("bound"), step.scale)
    if isinstance(side, str):
        key = f"side {side}"
        words = f"{language.say(key) if language.knows(key) else side} {words}"
    elif step.span is not None and step.span.text.startswith(("at most", "at least")):
        words = language.say(" ".join(step.span.text.split()[:2]), amount=words)
    if limit is not None and told(language, limit) not in words:
        words += f" = {told(language, limit)}"
    if step.fact("earlier") is not None:
        words += language.say("earlier", amount=told(language, step.fact("earlier")))
    value = value_of(language, step)
    if before is None or facts.same(before, step):
        return language.say("step bound kept", bound=words, value=value)
    return language.say("step bound", bound=words, value=value, before=told(language, before, step.scale))


def limit(language: Language, step: Step) -> str:
    """What a limit takes back."""
    low, high = step.fact("low"), step.fact("high")
    edges = [language.say("at least", amount=told(language, low))] if low is not None else []
    edges += [language.say("at most", amount=told(language, high))] if high is not None else []
    return language.say(
        "step limit",
        sum=told(language, step.fact("sum")),
        edges=", ".join(edges),
        value=value_of(language, step),
    )


def carried(language: Language, step: Step) -> str:
    """What a limit carries forward."""
    return language.say("step carried", value=value_of(language, step))


def true_up(language: Language, step: Step) -> str:
    """What a minimum adds."""
    words = {name: told(language, step.fact(name)) for name in ("least", "billed", "on")}
    return language.say("step true-up", value=value_of(language, step), **words)


def share(language: Language, step: Step) -> str:
    """A line's part of an amount that is shared by rate of VAT."""
    of, base, total = (step.fact(name) for name in ("of", "base", "total"))
    words = {"of": told(language, of, step.scale), "value": value_of(language, step)}
    if base is None or total is None:
        return language.say("step share", **words)
    return language.say("step share by", base=told(language, base), total=told(language, total), **words)


def clawback(language: Language, step: Step) -> str:
    """Units given back at their price."""
    words = {name: told(language, step.fact(name)) for name in ("units", "day", "price")}
    return language.say("step clawback", value=value_of(language, step), **words)
