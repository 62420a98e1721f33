"""How the checks speak: values, units and places in a contract manager's words."""

from fractions import Fraction

from contractlang.exact import approximate, decimals, is_decimal, plain, round_to
from contractlang.kinds import Kind, Scope
from contractlang.text import Span
from contractlang.units import Unit


def grouped(text: str) -> str:
    """A plain number with spaces between its thousands: `12345.5` is `12 345.5`."""
    sign = "-" if text.startswith("-") else ""
    whole, dot, rest = text.removeprefix("-").partition(".")
    groups: list[str] = []
    while len(whole) > 3:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    return f"{sign}{' '.join([whole, *groups])}{dot}{rest}"


def said_number(value: Fraction, least: int = 0) -> str:
    """A number for people, exact where its decimals end soon and rounded where they do not."""
    if is_decimal(value) and len(plain(value)) <= 24:
        return grouped(plain(value, least))
    return grouped(approximate(value, 6))


def said_money(value: Fraction, currency: str) -> str:
    """An amount of money as an invoice prints it: `71 250.00 EUR`."""
    rounded = round_to(value, Fraction(1, 10 ** decimals(currency)))
    return f"{grouped(plain(rounded, decimals(currency)))} {currency}"


def said_percent(value: Fraction) -> str:
    """A percent: `85%`."""
    return f"{said_number(value * 100)}%"


def said(value: Fraction, kind: Kind, scope: Scope) -> str:
    """A value of a kind, with its unit, as the contract would write it."""
    if kind.unit.is_plain:
        if kind.points:
            return f"{said_number(value * 100)} point{'' if abs(value) == Fraction(1, 100) else 's'}"
        return said_percent(value) if kind.percent else said_number(value)
    if kind.is_money:
        currency = kind.unit.currency
        assert currency is not None, "an amount of money has a currency"
        return f"{said_number(value, decimals(currency))} {currency}"
    if kind.scale is not None:
        count = value / kind.scale.factor
        return f"{said_number(count)} {number_of(kind.scale.text, count, scope)}"
    return f"{said_number(value)} {number_of(unit_word(kind.unit, scope), value, scope)}"


def number_of(word: str, count: Fraction, scope: Scope) -> str:
    """A unit word in the singular where there is one of it: `1 call`, `2 calls`."""
    scale = scope.units.words.get(word)
    if abs(count) != 1 or scale is None:
        return word
    return scale.unit.single if scale.unit.single and scale.factor == 1 and len(word) > 1 else word


def unit_word(unit: Unit, scope: Scope) -> str:
    """The word for a unit: the plural of a thing counted, `EUR/call`, `seconds`."""
    single = unit.single
    if single is None:
        return str(unit)
    words = [word for word, scale in scope.units.words.items() if scale.unit == unit and scale.factor == 1]
    if single == "second":
        return "seconds"
    return next((word for word in words if word != single and len(word) > 3), single)


def said_unit(kind: Kind, scope: Scope) -> str:
    """What a value is, to stand after "this is": `in hours`, `a percent`, `an amount of EUR`."""
    if kind.what == "boolean":
        return "a yes or no"
    if kind.what == "instant":
        return "an instant"
    if kind.what == "text":
        return "a text"
    if kind.what != "number":
        return f"a {kind.what}"
    if kind.unit.is_plain:
        if kind.points:
            return "in points"
        return "a percent" if kind.percent else "a number without unit"
    if kind.is_money:
        return f"an amount of {kind.unit.currency}"
    if kind.is_price:
        return f"a price in {kind.scale.text if kind.scale else priced_unit(kind)}"
    return f"in {plural_of(kind, scope)}"


def priced_unit(kind: Kind) -> str:
    """A price per unit as it is written: `EUR/hour`."""
    if kind.scale is not None:
        return kind.scale.text
    return str(kind.unit)


def plural_of(kind: Kind, scope: Scope) -> str:
    """The unit of a figure in the plural: `hours`, `calls`, `s/call`."""
    if kind.scale is not None:
        word = kind.scale.text
        found = {"h": "hours", "hour": "hours", "min": "minutes", "minute": "minutes", "s": "seconds"}
        if word in found:
            return found[word]
        if kind.unit.single == word:
            return unit_word(kind.unit, scope)
        return word
    return unit_word(kind.unit, scope)


def line_of(span: Span) -> str:
    """The line of a place, counted from 1, as text."""
    return str(span.position().line + 1)


def head(span: Span) -> Span:
    """The first line of a place, so that one line is underlined."""
    end = span.source.text.find("\n", span.start, span.end)
    return span if end < 0 else Span(span.source, span.start, len(span.source.text[:end].rstrip()))


def quoted(span: Span) -> str:
    """What an author wrote at a place, on one line and not too long."""
    text = " ".join(span.text.split())
    return text if len(text) <= 60 else text[:57] + "…"


def listed(words: list[str], last: str = "and") -> str:
    """Words as a list: `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
