"""What is asked of the rows of a table before they are rated, and what is found: numbers, a few examples."""

from fractions import Fraction

from contractlang.diagnostics import Place
from contractlang.frozen import dataclass


@dataclass(frozen=True, slots=True)
class AskedRange:
    """A column whose cells should lie from `least` to `most`, in base units."""

    column: str
    least: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True)
class AskedInterval:
    """An interval that the contract reads, from one column to another.

    `by` are the columns that say whose it is, so that two of the same must not overlap; none where nothing
    says so.
    """

    start: str
    end: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedGroup:
    """A column that the contract tells rows apart by; `known` are the values that have a price.

    `known` is None where any value is fine. `rate` is the name of the price.
    """

    column: str
    known: frozenset[str] | None = None
    rate: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for in a table, in the rows placed from `start` to before `end`, in days since 1970.

    `key` are the columns that tell rows apart; none where the contract names none, and whole rows are
    compared. `term` is the first day of the contract and the day after its last.
    """

    term: tuple[int, int]
    start: int
    end: int
    key: tuple[str, ...] = ()
    ranges: tuple[AskedRange, ...] = ()
    intervals: tuple[AskedInterval, ...] = ()
    groups: tuple[AskedGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """One odd row or value: its cells as a usage file writes them, and where it was read, if it is known."""

    cells: tuple[str | None, ...]
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Odd:
    """How many rows are odd in one way, and the first of them."""

    rows: int
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column: its empty cells, and its least and greatest value as a usage file writes them."""

    name: str
    type: str
    empty: int
    least: str | None = None
    greatest: str | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """Keys that several rows have: how many keys, how many rows beyond the first of each, and which.

    `keyless` counts the rows in which a column of the key is empty.
    """

    keys: int
    rows: int
    examples: tuple[Example, ...]
    keyless: int


@dataclass(frozen=True, slots=True)
class IntervalFacts:
    """An interval: rows that end before they start, that have a start and no end, that overlap another.

    `overlapping` is None where nothing says whose an interval is.
    """

    asked: AskedInterval
    reversed: Odd
    open: Odd
    overlapping: Odd | None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """The values of a column: how many, the most frequent with their rows, and those without a price."""

    asked: AskedGroup
    distinct: int
    values: tuple[tuple[str | None, int], ...]
    unpriced: tuple[tuple[str | None, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table. `days` has the rows of each day of the term that has any, in days since 1970.

    `outside` counts the rows placed outside the term and `undated` those without a day. `hours` are the rows
    of each hour of the wall clock in the days asked, None where rows are placed by a date. All that follows
    is about the rows of the days asked; `key` is empty where whole rows were compared.
    """

    name: str
    sources: tuple[str, ...]
    rows: int
    days: tuple[tuple[int, int], ...]
    outside: int
    undated: int
    hours: tuple[int, ...] | None
    columns: tuple[ColumnFacts, ...]
    key: tuple[str, ...]
    repeated: Repeated
    ranges: tuple[tuple[AskedRange, Odd], ...]
    intervals: tuple[IntervalFacts, ...]
    groups: tuple[GroupFacts, ...]
