"""Units and their algebra: what a number counts, and what its product with another counts.

In: the unit words of a contract. Out: `Unit` (powers of base dimensions) and `Scale` (a unit word with
its factor). Rating holds every value in base dimensions: seconds, days, months, things counted, one
currency. Seconds, minutes and hours convert exactly; hours and workdays only where a `unit` line says
how; months never become days (language design, section 2).
"""

from fractions import Fraction

from contractlang.exact import CURRENCIES, decimals
from contractlang.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of base dimensions with whole powers, sorted by name; none at all is a plain number."""

    powers: tuple[tuple[str, int], ...] = ()

    def times(self, other: "Unit", sign: int = 1) -> "Unit":
        """The unit of a product; of a quotient with `sign` -1."""
        if not other.powers:
            return self
        powers = dict(self.powers)
        for base, power in other.powers:
            powers[base] = powers.get(base, 0) + sign * power
        return Unit(tuple(sorted((base, power) for base, power in powers.items() if power)))

    def over(self, other: "Unit") -> "Unit":
        """The unit of a quotient."""
        return self.times(other, -1)

    @property
    def is_plain(self) -> bool:
        """Whether it is no unit: a number, a percent."""
        return not self.powers

    @property
    def currency(self) -> str | None:
        """The currency of an amount of money, None of anything else (a price per unit included)."""
        if len(self.powers) == 1 and self.powers[0][1] == 1 and self.powers[0][0] in CURRENCIES:
            return self.powers[0][0]
        return None

    @property
    def price_currency(self) -> str | None:
        """The currency of an amount or of a price per unit."""
        for base, power in self.powers:
            if base in CURRENCIES and power == 1:
                return base
        return None

    @property
    def single(self) -> str | None:
        """The base dimension of a unit that is one dimension to the power one."""
        if len(self.powers) == 1 and self.powers[0][1] == 1:
            return self.powers[0][0]
        return None

    def __str__(self) -> str:
        above = [base if power == 1 else f"{base}^{power}" for base, power in self.powers if power > 0]
        below = [base if power == -1 else f"{base}^{-power}" for base, power in self.powers if power < 0]
        return "*".join(above or ["1"]) + "".join(f"/{base}" for base in below)


PLAIN = Unit()
SECOND = Unit((("second", 1),))
DAY = Unit((("day", 1),))
MONTH = Unit((("month", 1),))


def of(base: str) -> Unit:
    """The unit of one base dimension: a thing counted, a currency."""
    return Unit(((base, 1),))


@dataclass(frozen=True, slots=True)
class Scale:
    """A unit word: one of it is `factor` of `unit`. `text` is the word as a reader wants to see it."""

    text: str
    unit: Unit
    factor: Fraction = Fraction(1)


_TIMES = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "min": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hour": 3600, "hours": 3600,
}  # fmt: skip
_DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_MONTHS = {"month": 1, "months": 1, "quarter": 3, "quarters": 3, "year": 12, "years": 12}
_POINTS = ("point", "points")

BUILT_IN: dict[str, Scale] = {
    **{word: Scale(word, SECOND, Fraction(factor)) for word, factor in _TIMES.items()},
    **{word: Scale(word, DAY, Fraction(factor)) for word, factor in _DAYS.items()},
    **{word: Scale(word, MONTH, Fraction(factor)) for word, factor in _MONTHS.items()},
    **{word: Scale(word, PLAIN, Fraction(1, 100)) for word in _POINTS},
    "%": Scale("%", PLAIN, Fraction(1, 100)),
}

# The singular by which lengths of time are named in the calendar: `months` is `month`.
LENGTHS = {
    "day": "day", "days": "day", "week": "week", "weeks": "week", "month": "month", "months": "month",
    "quarter": "quarter", "quarters": "quarter", "year": "year", "years": "year",
}  # fmt: skip


def has_no_thousandths(scale: Scale) -> bool:
    """Whether three decimals are a slip in a unit: in things that are counted, in most currencies."""
    if scale.unit.currency is not None:
        return decimals(scale.unit.currency) < 3
    return scale.unit.single not in (None, "second", "day", "month") and scale.factor == 1


class UnitTable:
    """The unit words of a contract: built-in times and currencies, things counted, fixed multiples.

    `countable(name, plural)` and `multiple(name, plural, scale)` add words; `scale(text)` reads a word
    or a compound without spaces (`s/call`, `EUR/call/hour`) and is None for an unknown one.
    """

    def __init__(self) -> None:
        self.words: dict[str, Scale] = dict(BUILT_IN)
        self._compounds: dict[str, Scale | None] = {}
        self._plurals: dict[str, str] = {}

    def countable(self, name: str, plural: str | None = None) -> None:
        """Declare a thing that is counted, with its plural (`name` and an s where none is given)."""
        self._add(name, plural, of(name), Fraction(1))

    def multiple(self, name: str, plural: str | None, factor: Fraction, unit: Unit) -> None:
        """Declare a fixed multiple of another unit: `unit workday = 7 hours`."""
        self._add(name, plural, unit, factor)

    def _add(self, name: str, plural: str | None, unit: Unit, factor: Fraction) -> None:
        if name == "day":
            # Weeks are days, whatever those are.
            for word in ("week", "weeks"):
                self.words[word] = Scale(word, unit, 7 * factor)
        self._plurals[name] = plural or name + "s"
        for word in (name, plural or name + "s"):
            self.words[word] = Scale(word, unit, factor)
        self._compounds.clear()

    def joined(self, other: "UnitTable") -> "UnitTable | None":
        """The words of both tables; None where a word means one thing here and another there."""
        if any(other.words.get(word, scale) != scale for word, scale in self.words.items()):
            return None
        found = UnitTable()
        found.words = {**self.words, **other.words}
        found._plurals = {**self._plurals, **other._plurals}
        return found

    @property
    def day(self) -> Scale:
        """What a day is: a dimension of its own, or a number of hours where a `unit` line says so."""
        return self.words["day"]

    def counted(self, scale: Scale) -> Scale:
        """The scale with the plural word of a thing counted: `calls` for `call`; any other as it is."""
        word = self._plurals.get(scale.text)
        return self.words[word] if word is not None else scale

    def scale(self, text: str) -> Scale | None:
        """What a unit word stands for, or None where no unit has that name."""
        found = self.words.get(text)
        if found is not None:
            return found
        if text in self._compounds:
            return self._compounds[text]
        found = self._read(text)
        self._compounds[text] = found
        return found

    def _read(self, text: str) -> Scale | None:
        first, *rest = text.split("/")
        head = self.words.get(first)
        if head is None and first in CURRENCIES:
            head = Scale(first, of(first))
        if head is None:
            return None
        unit, factor = head.unit, head.factor
        for word in rest:
            part = self.words.get(word)
            if part is None:
                return None
            unit, factor = unit.over(part.unit), factor / part.factor
        return Scale(text, unit, factor)
