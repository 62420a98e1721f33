"""Where an expression is evaluated: the days it measures, the terms that count, who reads it."""

from datetime import date

from contractlang.calendar import Days
from contractlang.diagnostics import ContractError, Diagnostic, error
from contractlang.frozen import dataclass, replace
from contractlang.syntax import tree
from contractlang.text import Span
from contractlang.trace import Step


@dataclass(frozen=True, slots=True)
class Frame:
    """The days over which figures are measured, and the day whose terms count.

    `group` is the column and value of `per`, where a line has one line per value. `line` is the line
    that reads, which says by what interval `previous` steps. `figure` is the figure of the band table
    that the expression stands in, for `for each` without `of`. `since` is the day before which `for 2
    months` does not look back: in a transition, the first whole period spent in its phase. `spells` are
    the days that count among `days`, where they are several spans.
    """

    days: Days
    on_day: date
    group: tuple[str, str | None] | None = None
    line: str | None = None
    figure: Step | None = None
    since: date | None = None
    spells: tuple[Days, ...] = ()

    def over(self, days: Days) -> "Frame":
        """The same terms over other days."""
        return replace(self, days=days, figure=None, spells=())

    def whole(self) -> "Frame":
        """The same without the value of `per`: a band or a condition reads the whole figure."""
        return self if self.group is None else replace(self, group=None)


class LineError(ContractError):
    """A line that cannot be computed; it makes no invoice."""


def fail(code: str, message: str, span: Span | None, help_: str = "") -> LineError:
    """The error of a line, at a place of the contract."""
    return LineError([error(code, message, span, help_)])


def failed(*diagnostics: Diagnostic) -> LineError:
    """The error of a line, from diagnostics made elsewhere."""
    return LineError(diagnostics)


def words(node: tree.Node) -> str:
    """The contract's own words for a node, on one line."""
    return " ".join(node.span.text.split())
