"""The tree of a contract: what was written, as frozen data.

In: nothing; the parser builds these. Out: what checking, terms and rating read. Two trees are equal
where their meanings are: the span of a node, its documentation and the layout take no part in
equality. A `Paren` stays in the tree, because checking warns where parentheses are missing and the
printer must give back what was read; `normal form` (see `printing`) leaves needless ones out.

Numbers are `Decimal` as written (`31.50`); `exact.number` turns them into the fractions of rating.
"""

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from contractlang.frozen import dataclass, field
from contractlang.text import Source, Span

NOWHERE = Span(Source("", ""), 0, 0)
EDITIONS = (1,)
"""The editions of the language; a contract that names none means the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every node has: the characters it was read from."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name as written, at its place."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class UnitName(Node):
    """A unit as written: `hours`, `s/call`, `EUR/call`, `%`, `boolean`."""

    text: str


@dataclass(frozen=True, slots=True)
class Moment(Node):
    """A calendar span named by one word: a day, a month, a quarter or a year; `end` is the day after."""

    kind: Literal["day", "month", "quarter", "year"]
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Length(Node):
    """A number of named lengths of time: `6 months`, `30 days`."""

    count: int
    unit: str


# ---- expressions


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A plain number, or a number with its unit: `12`, `12 345 calls`, `4.20 EUR/call`, `3 points`."""

    value: Decimal
    unit: UnitName | None = None


@dataclass(frozen=True, slots=True)
class Percent(Node):
    """A percent as written: `92.5%` holds 92.5."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A text between quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Day(Node):
    """A date in an expression."""

    value: date


@dataclass(frozen=True, slots=True)
class YesNo(Node):
    """`yes` or `no`."""

    value: bool


@dataclass(frozen=True, slots=True)
class NoData(Node):
    """`no data`, where a scenario gives it as the value of a figure."""


@dataclass(frozen=True, slots=True)
class Known(Node):
    """`known`, after `is`."""


@dataclass(frozen=True, slots=True)
class Reference(Node):
    """A name in an expression: a measure, a line, a rate, a column, `elapsed`."""

    name: Name


@dataclass(frozen=True, slots=True)
class Member(Node):
    """`owner.member`: a column of a table, or a named part of a scorecard."""

    owner: Name
    member: Name


@dataclass(frozen=True, slots=True)
class Paren(Node):
    """A parenthesis."""

    value: "Expression"


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """A minus sign before a value."""

    value: "Expression"


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`left + right` and its like."""

    operator: Literal["+", "-", "*", "/"]
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class PercentOf(Node):
    """`25% of X`; `percent` is as written."""

    percent: Decimal
    of: "Expression"


@dataclass(frozen=True, slots=True)
class ForEach(Node):
    """`amount for each MODE step [of figure] below|above edge`.

    Without `of`, it is the figure of the band table that it stands in.
    """

    amount: "Expression"
    mode: Literal["full", "started", "pro rata"] | None
    step: Number | Percent
    figure: "Expression | None"
    side: Literal["below", "above"]
    edge: "Expression"


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """An order of two values."""

    operator: Literal["<", "<=", ">", ">="]
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Is(Node):
    """`value is [not] what`: equality of texts and of yes/no, and `is known`."""

    value: "Expression"
    what: "Expression | Known"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InWindow(Node):
    """`value in window`: whether an instant falls in a window."""

    value: "Expression"
    window: Name


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The opposite of a condition."""

    value: "Expression"


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`left and right`, `left or right`."""

    operator: Literal["and", "or"]
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then … else …`."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True, slots=True)
class Holds(Node):
    """`condition for N months`."""

    condition: "Expression"
    length: Length


@dataclass(frozen=True, slots=True)
class Previous(Node):
    """`previous(X, steps) else value`: X so many periods ago."""

    value: "Expression"
    otherwise: "Expression"
    steps: int = 1


@dataclass(frozen=True, slots=True)
class Rounding(Node):
    """`rounded MODE to step`; without a mode, half away from zero."""

    mode: Literal["half_up", "half_even", "half_down", "up", "down"]
    step: Number | Percent


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """One argument of a call.

    `sum(shifts.started to shifts.ended during premium where team is "a", each rounded up to 15 min)`
    has two: an interval (`value`, `to`) with `during` and `where`, and one that holds only `each`.
    `average(X by month over 6 months before)` has `by` and `over`, which take all that stands before.
    """

    value: "Expression | None" = None
    to: "Expression | None" = None
    during: Name | None = None
    where: "Expression | None" = None
    by: Name | None = None
    over: "SpanOfTime | None" = None
    each: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of its arguments."""

    function: Name
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Rolling(Node):
    """`over 3 months rolling`."""

    length: Length


@dataclass(frozen=True, slots=True)
class Before(Node):
    """`over 3 months before`."""

    length: Length


@dataclass(frozen=True, slots=True)
class ToDate(Node):
    """`over quarter`, `over contract year`, `over contract`: from that span's start to date."""

    unit: str


@dataclass(frozen=True, slots=True)
class Fixed(Node):
    """`over 2026-05 to 2026-06`: a span named by its days; `end` is the day after."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class InPhase(Node):
    """`over phase P`: every day so far spent in P."""

    phase: Name


SpanOfTime: TypeAlias = Rolling | Before | ToDate | Fixed | InPhase


@dataclass(frozen=True, slots=True)
class Over(Node):
    """`X over SPAN`: X measured anew over another span."""

    value: "Expression"
    span_of_time: SpanOfTime


@dataclass(frozen=True, slots=True)
class Edge(Node):
    """One edge of a band; `included` is None where the words do not say (`from 82% to 85%`)."""

    value: "Expression"
    included: bool | None


@dataclass(frozen=True, slots=True)
class Linear(Node):
    """`linear from A to B`: a straight line between the values at the band's two edges."""

    start: "Expression"
    end: "Expression"


@dataclass(frozen=True, slots=True)
class Band(Node):
    """A row of a band table; both edges None is the `no data` row."""

    lower: Edge | None
    upper: Edge | None
    value: "Expression | Linear"

    @property
    def no_data(self) -> bool:
        """Whether this is the `no data` row."""
        return self.lower is None and self.upper is None


@dataclass(frozen=True, slots=True)
class ColumnRow(Node):
    """A row of a table by the values of a column; `text` is None for `otherwise`."""

    text: str | None
    value: "Expression"


@dataclass(frozen=True, slots=True)
class ByValue(Node):
    """`by FIGURE { bands }`, or `by column { "fr" : … otherwise : … }`."""

    figure: "Expression"
    rows: tuple[Band | ColumnRow, ...]


@dataclass(frozen=True, slots=True)
class Tier(Node):
    """`up to 10 000 calls : price [plus sum]`; `up_to` is None for `beyond`."""

    up_to: "Expression | None"
    price: "Expression"
    plus: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class Graduated(Node):
    """`graduated prices [over SPAN] { tiers }`: each slice at its own price."""

    tiers: tuple[Tier, ...]
    over: SpanOfTime | None = None


@dataclass(frozen=True, slots=True)
class Volume(Node):
    """`volume price [of FIGURE] [over SPAN] { tiers }`: all at the price of the tier reached."""

    tiers: tuple[Tier, ...]
    of: "Expression | None" = None
    over: SpanOfTime | None = None


@dataclass(frozen=True, slots=True)
class Package(Node):
    """`package of 100 calls : 250 EUR`; started packages count."""

    size: Number
    price: "Expression"


@dataclass(frozen=True, slots=True)
class Priced(Node):
    """`quantity per language at price`; one of `per` and `price` may be missing."""

    quantity: "Expression"
    per: Name | None
    price: "Expression | Graduated | Volume | Package | None"


Expression: TypeAlias = (
    Number
    | Percent
    | Text
    | Day
    | YesNo
    | NoData
    | Reference
    | Member
    | Paren
    | Negative
    | Binary
    | PercentOf
    | ForEach
    | Compare
    | Is
    | InWindow
    | Not
    | Logic
    | If
    | Holds
    | Previous
    | Call
    | Over
    | ByValue
    | Priced
)


# ---- declarations


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration(Node):
    """What every declaration has besides its span: the `##` comment above it."""

    doc: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Term(Node):
    """The days of the contract; `end` is the day after the last."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Dated(Node):
    """`from DATE : value`."""

    start: date
    value: Expression


@dataclass(frozen=True, slots=True)
class Vat(Node):
    """The header's rate of VAT: one percent, or dated ones. Values are as written (20 for `20%`)."""

    percent: Decimal | None
    dated: tuple[Dated, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment(Node):
    """`30 days`, `45 days end of month`."""

    length: Length
    end_of_month: bool = False


@dataclass(frozen=True, slots=True)
class Invoiced(Node):
    """The rhythm: `monthly` (from a day of the month), `quarterly`, `yearly`, `weekly`."""

    rhythm: Name
    first_day: int = 1


@dataclass(frozen=True, slots=True)
class Contract(Declaration):
    """The header. A clause that is not written is None; checking says which must be."""

    title: str
    provider: Name | None = None
    client: Name | None = None
    term: Term | None = None
    invoiced: Invoiced | None = None
    currency: Name | None = None
    timezone: Name | None = None
    vat: Vat | None = None
    payment: Payment | None = None
    rounding: Rounding | None = None
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class Include(Declaration):
    """`include "path"`."""

    path: str


@dataclass(frozen=True, slots=True)
class Unit(Declaration):
    """A countable thing, or a fixed multiple of another unit (`equals`)."""

    name: Name
    plural: Name | None = None
    equals: Expression | None = None


@dataclass(frozen=True, slots=True)
class Column(Node):
    """A column of a usage table; `between` holds the lowest and highest value that its cells should have."""

    name: Name
    type: Name
    optional: bool = False
    between: tuple[Expression, Expression] | None = None


@dataclass(frozen=True, slots=True)
class Usage(Declaration):
    """A table of rows.

    `on` names the column that places a row in time, `key` those whose values no two rows share.
    """

    name: Name
    unit: Name
    columns: tuple[Column, ...]
    on: Name | None = None
    key: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowTimes(Node):
    """`21:00 to 06:00`, in minutes after midnight; over midnight where `start` is not before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WindowName(Node):
    """A weekday (`sundays`) or another window, by name."""

    name: Name


@dataclass(frozen=True, slots=True)
class WindowWeekdays(Node):
    """`monday to friday`."""

    first: Name
    last: Name


@dataclass(frozen=True, slots=True)
class WindowDates(Node):
    """A date or a range of dates; `end` is the day after."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class WindowHolidays(Node):
    """`holidays FR`, `holidays FR-57`."""

    region: Name


@dataclass(frozen=True, slots=True)
class WindowParen(Node):
    """A parenthesis in a window."""

    value: "WindowExpression"


@dataclass(frozen=True, slots=True)
class WindowCombination(Node):
    """`left or right`, `left and right`, `left except right`."""

    operator: Literal["or", "and", "except"]
    left: "WindowExpression"
    right: "WindowExpression"


WindowExpression: TypeAlias = (
    WindowTimes | WindowName | WindowWeekdays | WindowDates | WindowHolidays | WindowParen | WindowCombination
)


@dataclass(frozen=True, slots=True)
class Window(Declaration):
    """A window of time; without `value` it is supplied with the usage."""

    name: Name
    value: WindowExpression | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Measure(Declaration):
    """A figure; without `formula` it is supplied. `between` holds its lowest and highest value."""

    name: Name
    formula: Expression | None = None
    unit: UnitName | None = None
    rounding: Rounding | None = None
    when: Expression | None = None
    between: tuple[Expression, Expression] | None = None
    otherwise: Expression | None = None
    not_added: bool = False
    prorated_by_day: bool = False
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Indexation(Node):
    """`indexed on INDEX base M every year fixed part P lag N months coefficient rounded … at most …`.

    Percents are as written. `base` is the month of S0; `every` is the rhythm of revisions.
    """

    index: Name
    base: Moment | None = None
    every: Name | None = None
    fixed_part: Decimal = Decimal(0)
    lag: Length | None = None
    coefficient: Rounding | None = None
    at_most: Decimal | None = None
    unchanged_within: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Price(Declaration):
    """A `rate` or an `amount`: a constant (`formula`) or dated values; either may be indexed.

    A price by the values of a column, or by bands, has a `ByValue` as its formula.
    """

    kind: Literal["rate", "amount"]
    name: Name
    formula: Expression | None = None
    dated: tuple[Dated, ...] = ()
    indexed: Indexation | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Index(Declaration):
    """A published series in a file of months and values."""

    name: Name
    path: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Bound(Node):
    """`at most VALUE [over SPAN]`."""

    value: Expression
    over: SpanOfTime | None = None


@dataclass(frozen=True, slots=True)
class Part(Node):
    """`by FIGURE [as NAME] [weight P] { bands }`; `weight` is as written."""

    figure: Expression
    rows: tuple[Band | ColumnRow, ...]
    name: Name | None = None
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class VatNature(Node):
    """`taxed 20%` (`percent`), `exempt "reason"`, `untaxed "reason"`."""

    nature: Literal["taxed", "exempt", "untaxed"]
    percent: Decimal | None = None
    reason: str = ""


LineKind: TypeAlias = Literal[
    "charge", "fee", "subscription", "bonus_malus", "penalty", "minimum", "limit", "clawback"
]


@dataclass(frozen=True, slots=True)
class Line(Declaration):
    """A line of the invoice, of any kind, with all its clauses.

    `value` is what stands after `=`; `parts` are the band tables of a bonus-malus, `scorecard` says
    that they stood between braces. Each kind takes only some of the clauses: `lines` says which.
    """

    kind: LineKind
    name: Name
    label: str | None = None
    value: Expression | None = None
    on: tuple[Name, ...] = ()
    parts: tuple[Part, ...] = ()
    scorecard: bool = False
    at_most: Bound | None = None
    at_least: Bound | None = None
    between: tuple[Expression, Expression] | None = None
    bonus_at_most: Expression | None = None
    malus_at_most: Expression | None = None
    bonus_when: Expression | None = None
    malus_when: Expression | None = None
    when: Expression | None = None
    start: date | None = None
    until: date | None = None
    every: Name | None = None
    timing: Literal["advance", "arrears"] | None = None
    not_prorated: bool = False
    once: bool = False
    once_on: date | None = None
    vat: VatNature | None = None
    one_line_per_tier: bool = False
    carried_forward: bool = False
    of: Name | None = None
    as_of: Name | None = None
    clauses: tuple[tuple[str, Span], ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Transition(Declaration):
    """A way out of a phase."""

    to: Name
    after: Length | None = None
    on: date | None = None
    when: Expression | None = None
    not_before: Length | None = None


@dataclass(frozen=True, slots=True)
class Remove(Declaration):
    """`remove NAME`, in an amendment."""

    name: Name


@dataclass(frozen=True, slots=True)
class Phase(Declaration):
    """A billing model in force: its lines and its ways out (and, in an amendment, what it removes)."""

    name: Name
    label: str | None = None
    items: tuple[Line | Transition | Remove, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines, in the order written."""
        return tuple(item for item in self.items if isinstance(item, Line))

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """The ways out, in the order written."""
        return tuple(item for item in self.items if isinstance(item, Transition))


@dataclass(frozen=True, slots=True)
class Amendment(Declaration):
    """What changes from a day on: declarations replaced and added, names removed, header clauses restated."""

    label: str
    effective: date
    items: tuple["AnyDeclaration", ...] = ()
    term: Term | None = None
    vat: Vat | None = None
    payment: Payment | None = None


@dataclass(frozen=True, slots=True)
class Period(Node):
    """The days that a scenario row speaks of; `end` is the day after. `text` is as written."""

    start: date
    end: date
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    """`name = value` in a scenario."""

    name: Name
    value: Expression


@dataclass(frozen=True, slots=True)
class Given(Node):
    """`given PERIOD { … }`."""

    period: Period
    figures: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Expect(Node):
    """`expect SUBJECT = value [in PERIOD]`; the subject `phase` is a name like any other here.

    `member` is the part of a scorecard (`quality.k1`) or the value of `per`.
    """

    subject: Name
    value: Expression
    period: Period | None = None
    member: Name | None = None
    phase: bool = False


@dataclass(frozen=True, slots=True)
class Test(Declaration):
    """A scenario with expected results."""

    title: str
    items: tuple[Given | Expect, ...] = ()


@dataclass(frozen=True, slots=True)
class Invariant(Declaration):
    """What must hold for every usage."""

    title: str
    condition: Expression


AnyDeclaration: TypeAlias = (
    Contract
    | Include
    | Unit
    | Usage
    | Window
    | Measure
    | Price
    | Index
    | Line
    | Phase
    | Transition
    | Remove
    | Amendment
    | Test
    | Invariant
)


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """A comment with its `#`."""

    text: str


def children(node: object) -> "list[Node]":
    """The nodes directly under a node, in the order written, whatever its kind."""
    found: list[Node] = []
    for name in node.__described__:  # type: ignore[attr-defined]
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(item for item in value if isinstance(item, Node))
    return found
