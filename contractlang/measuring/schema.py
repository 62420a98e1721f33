"""What a contract says about its usage."""

from collections.abc import Mapping

from contractlang.calendar import Days
from contractlang.frozen import dataclass, field
from contractlang.kinds import Kind, Scope, measure_kind
from contractlang.syntax import tree
from contractlang.units import UnitTable


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables, windows and figures that a usage may give: those of all versions of the contract.

    `units` knows every unit word, `term` all days from the first to the last day of any version, `kinds`
    what each figure is that its formula alone describes.
    """

    tables: Mapping[str, tree.Usage]
    windows: Mapping[str, tree.Window]
    measures: Mapping[str, tree.Measure]
    units: UnitTable
    currency: str
    timezone: str
    term: Days
    kinds: Mapping[str, Kind] = field(default_factory=dict)


def computed_kinds(scope: Scope) -> dict[str, Kind]:
    """What each figure of a contract is that says no unit, and whose formula says it."""
    return {
        name: measure_kind(one, scope)
        for name, one in scope.measures.items()
        if one.unit is None and one.formula is not None
    }
