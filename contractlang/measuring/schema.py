"""What a contract says about its usage."""

from collections.abc import Mapping

from contractlang.calendar import Days
from contractlang.frozen import dataclass
from contractlang.syntax import tree
from contractlang.units import UnitTable


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables, windows and figures that a usage may give: those of all versions of the contract.

    `units` knows every unit word, `term` all days from the first to the last day of any version.
    """

    tables: Mapping[str, tree.Usage]
    windows: Mapping[str, tree.Window]
    measures: Mapping[str, tree.Measure]
    units: UnitTable
    currency: str
    timezone: str
    term: Days
