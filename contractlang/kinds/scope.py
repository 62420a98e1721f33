"""The names of a contract over all its versions.

In: the declarations of a document. Out: `Scope`: what each name is, with the units, the currency and
the term. Where an amendment replaces a declaration the latest version counts, and what an amendment
removes is still a name, because the days before it read it.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from contractlang.calendar import Days
from contractlang.exact import CURRENCIES, number
from contractlang.frozen import dataclass, field, replace
from contractlang.kinds.kind import Kind
from contractlang.syntax import tree
from contractlang.units import Unit, UnitTable


@dataclass(frozen=True, slots=True)
class Scope:
    """What every name of a contract stands for, in its latest version.

    `units` are the unit words, `currency` the contract's (None where the header names none that
    exists) and `term` its days (None where none are given). `home` is the phase of each line that
    stands in one. `disputed` are the figures and prices whose kind is not to be told, because their versions
    differ or they need themselves. `contract` is the header, `declarations` all that was written,
    `amendments` the amendments in the order in which they come into force.
    """

    units: UnitTable
    currency: str | None
    term: Days | None
    contract: tree.Contract | None
    declarations: tuple[tree.AnyDeclaration, ...]
    amendments: tuple[tree.Amendment, ...]
    measures: Mapping[str, tree.Measure]
    prices: Mapping[str, tree.Price]
    lines: Mapping[str, tree.Line]
    phases: Mapping[str, tree.Phase]
    tables: Mapping[str, tree.Usage]
    windows: Mapping[str, tree.Window]
    indices: Mapping[str, tree.Index]
    home: Mapping[str, str]
    disputed: frozenset[str] = frozenset()
    kinds: dict[tuple[int, int], tuple[object, Kind]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    doubts: dict[int, tuple[object, bool]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def of(cls, declarations: Iterable[tree.AnyDeclaration]) -> "Scope":
        """The scope of a document's declarations; mistakes in them are left for the checks to say."""
        every = tuple(declarations)
        contract = next((one for one in every if isinstance(one, tree.Contract)), None)
        amendments = tuple(
            sorted((one for one in every if isinstance(one, tree.Amendment)), key=lambda one: one.effective)
        )
        flat = [*every, *(item for amendment in amendments for item in amendment.items)]
        phases: dict[str, tree.Phase] = {}
        for one in flat:
            if isinstance(one, tree.Phase):
                earlier = phases.get(one.name.text)
                phases[one.name.text] = merged(earlier, one) if earlier else one
        lines: dict[str, tree.Line] = {}
        home: dict[str, str] = {}
        for one in flat:
            # A line that an amendment replaces outside a phase stays in the phase where it stood.
            if isinstance(one, tree.Line):
                lines[one.name.text] = one
            elif isinstance(one, tree.Phase):
                for line in one.lines:
                    lines[line.name.text] = line
                    home[line.name.text] = one.name.text
        currency = contract.currency.text if contract and contract.currency else None
        return cls(
            units=unit_table(flat),
            currency=currency if currency in CURRENCIES else None,
            term=_term(contract, amendments),
            contract=contract,
            declarations=every,
            amendments=amendments,
            measures={one.name.text: one for one in flat if isinstance(one, tree.Measure)},
            prices={one.name.text: one for one in flat if isinstance(one, tree.Price)},
            lines=lines,
            phases=phases,
            tables={one.name.text: one for one in flat if isinstance(one, tree.Usage)},
            windows={one.name.text: one for one in flat if isinstance(one, tree.Window)},
            indices={one.name.text: one for one in flat if isinstance(one, tree.Index)},
            home=home,
        )

    def names(self) -> Iterator[str]:
        """The names that an expression may read: figures, prices and lines."""
        yield from self.measures
        yield from self.prices
        yield from self.lines

    def declaration(self, name: str) -> tree.AnyDeclaration | None:
        """The declaration that a name of the contract stands for, or None."""
        for home in (
            self.measures, self.prices, self.lines, self.phases, self.tables, self.windows, self.indices,
        ):  # fmt: skip
            found = home.get(name)
            if found is not None:
                return found
        return None


def merged(earlier: tree.Phase, later: tree.Phase) -> tree.Phase:
    """A phase after an amendment of it: line by line, and way out by way out to the same phase."""
    replaced = {item.name.text for item in later.items if not isinstance(item, tree.Transition)}
    ways = {item.to.text for item in later.transitions}
    removed = {item.name.text for item in later.items if isinstance(item, tree.Remove)}
    rest = {item.name.text: item for item in later.lines}
    items: list[tree.Line | tree.Transition | tree.Remove] = []
    for item in earlier.items:
        if isinstance(item, tree.Transition):
            if item.to.text not in ways and item.to.text not in removed:
                items.append(item)
        elif item.name.text not in replaced:
            items.append(item)
        elif item.name.text in rest:
            items.append(rest.pop(item.name.text))
    items += [item for item in later.items if isinstance(item, tree.Line) and item.name.text in rest]
    items += later.transitions
    return replace(earlier, items=tuple(items), label=later.label or earlier.label)


def unit_table(declarations: Iterable[tree.AnyDeclaration]) -> UnitTable:
    """The unit words that a contract declares, besides the built-in ones and the currencies."""
    table = UnitTable()
    units = {one.name.text: one for one in declarations if isinstance(one, tree.Unit)}
    waiting = []
    for unit in units.values():
        if unit.equals is None:
            table.countable(unit.name.text, unit.plural.text if unit.plural else None)
        else:
            waiting.append(unit)
    for one in declarations:
        if isinstance(one, tree.Usage) and one.unit.text not in units and not table.scale(one.unit.text):
            table.countable(one.unit.text)
    # A multiple may build on one that is written below it, so the rest is tried until nothing moves.
    while waiting:
        left = []
        for unit in waiting:
            value = fixed_multiple(unit.equals, table)
            if value is None:
                left.append(unit)
            else:
                table.multiple(unit.name.text, unit.plural.text if unit.plural else None, *value)
        if len(left) == len(waiting):
            for unit in left:
                # What it is a multiple of cannot be told; as a thing of its own it misleads nobody.
                table.countable(unit.name.text, unit.plural.text if unit.plural else None)
            break
        waiting = left
    return table


def fixed_multiple(expression: tree.Expression | None, table: UnitTable) -> tuple[Fraction, Unit] | None:
    """The factor and the unit of `7 hours` in `unit workday = 7 hours`; None of anything else."""
    if isinstance(expression, tree.Paren):
        return fixed_multiple(expression.value, table)
    if not isinstance(expression, tree.Number) or expression.unit is None or expression.value <= 0:
        return None
    scale = table.scale(expression.unit.text)
    if scale is None or scale.unit.is_plain:
        return None
    return number(expression.value) * scale.factor, scale.unit


def _term(contract: tree.Contract | None, amendments: tuple[tree.Amendment, ...]) -> Days | None:
    term = contract.term if contract else None
    for amendment in amendments:
        term = amendment.term or term
    return Days(term.start, term.end) if term and term.start < term.end else None
