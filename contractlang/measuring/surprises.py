"""What is legal and surprising in the rows of a table, said in warnings.

In: how often each surprise was met. Out: the warnings for a contract of some term.

Codes: CL819 rows outside the term, CL838 a time that comes twice, CL839 empty cells and columns.
"""

from collections.abc import Mapping

from contractlang.calendar import Days
from contractlang.diagnostics import Diagnostic, Place, warning
from contractlang.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Surprises:
    """What is legal and surprising in the rows of a table, whatever the term.

    `shown` is its name in messages, `twice` how many times come twice, `empty` how many cells are empty in
    each column that is not optional; `absent` names the optional columns that it lacks.
    """

    table: str
    shown: str
    twice: int
    empty: Mapping[str, int]
    absent: tuple[str, ...]

    def warnings(self, term: Days, outside: int) -> list[Diagnostic]:
        """What to say of it, where `outside` of the rows have a day outside the term."""
        found: list[Diagnostic] = []
        place = Place(self.shown)
        if outside:
            message = f"{many(outside, 'row', self.table)} left out: outside the term, {term}"
            found.append(warning("CL819", message, place))
        if self.twice:
            what = many(self.twice, "time", self.table)
            message = f"{what} read as the first of two: the clock goes back over it"
            cure = "write the offset, as in 2026-10-25T02:30:00+01:00, where the second is meant"
            found.append(warning("CL838", message, place, cure))
        for column, count in self.empty.items():
            if count > 0:
                what = many(count, "cell", f"{self.table}.{column}")
                message = f"{what} empty, although the column is not optional"
                cure = "an empty cell is left out of sums and averages, and no comparison with it holds"
                found.append(warning("CL839", message, place, cure))
        for column in self.absent:
            # A column that was renamed would quietly count nothing.
            message = f'"{self.table}" has no column "{column}", so it is empty in every row'
            cure = "head it as the contract does, or map it under `columns:`, if the file has it"
            found.append(warning("CL839", message, Place(self.shown, 1, column), cure))
        return found


def many(count: int, what: str, name: str) -> str:
    return f'1 {what} of "{name}" is' if count == 1 else f'{count} {what}s of "{name}" are'
