"""What an expression is: a number in a unit, a yes/no, a text, a day."""

from typing import Literal, TypeAlias

from contractlang.frozen import dataclass
from contractlang.units import DAY, PLAIN, SECOND, Scale, Unit, of

What: TypeAlias = Literal[
    "number", "boolean", "text", "date", "instant", "table", "window", "nothing", "unknown"
]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is and, for a number, in which unit (base dimensions, see `contractlang.units`).

    `percent` says that a plain number is read and shown as a percent, `points` that it is a difference
    of two percents. `scale` is the unit word to show a number in; None leaves it to the unit.
    `nothing` is `no data`; `unknown` is what cannot be told, mostly because of another mistake, and
    no check speaks of it.
    """

    what: What
    unit: Unit = PLAIN
    percent: bool = False
    scale: Scale | None = None
    points: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number of any unit, percents and money included."""
        return self.what == "number"

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money."""
        return self.what == "number" and self.unit.currency is not None

    @property
    def is_price(self) -> bool:
        """Whether it is a price per unit."""
        if self.what != "number" or self.unit.price_currency is None:
            return False
        return any(power < 0 for _, power in self.unit.powers)

    @property
    def is_plain(self) -> bool:
        """Whether it is a number without unit; a percent is one."""
        return self.what == "number" and self.unit.is_plain

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of it, so that nothing should be said of it."""
        return self.what == "unknown"


UNKNOWN = Kind("unknown")
NOTHING = Kind("nothing")
BOOLEAN = Kind("boolean")
TEXT = Kind("text")
DATE = Kind("date")
INSTANT = Kind("instant")
TABLE = Kind("table")
WINDOW = Kind("window")
NUMBER = Kind("number")
PERCENT = Kind("number", percent=True)
POINTS = Kind("number", percent=True, points=True)
SECONDS = Kind("number", SECOND)
DAYS = Kind("number", DAY)


def money(currency: str | None) -> Kind:
    """An amount of money, of a currency that may not be known."""
    return Kind("number", of(currency)) if currency else UNKNOWN
