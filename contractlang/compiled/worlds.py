"""The structure of a period where the phase in force may depend on figures of earlier periods.

A conditional transition has acted or it has not. Each way that this can have come is followed; where all
ways give the same function the period is compiled, otherwise only the interpreter can tell.
"""

from collections.abc import Callable
from dataclasses import dataclass

from contractlang.compiled.compilation import Compilation
from contractlang.compiled.figures import Key
from contractlang.compiled.values import NotCompiledError, RefusedError
from contractlang.diagnostics import ContractError
from contractlang.rating.engine import Rating
from contractlang.rating.phases import Timeline
from contractlang.syntax import tree
from contractlang.terms import Period

MOST = 40
"""How many ways through the phases are followed before it is said that they are too many."""

Asked = tuple[int, Period]
"""A transition, by its identity, and the period at whose end it is asked."""


@dataclass(frozen=True, slots=True)
class FunctionText:
    """A generated function: its text, the objects it reads by name, the unit of each figure it reads."""

    text: str
    held: dict[str, object]
    units: dict[Key, str]


def function_text(
    rating: Callable[[], Rating],
    period: Period,
    given: frozenset[Key] | None,
    no_data: frozenset[Key],
    explain: bool,
) -> FunctionText:
    """The function of a period; raises NotCompiledError with the reason where there is none.

    `rating` makes the interpreter over an empty usage, anew for each way.
    """
    waiting: list[dict[Asked, bool]] = [{}]
    found: FunctionText | None = None
    for _ in range(MOST):
        decided = waiting.pop()
        taken = dict(decided)
        one = _followed(rating(), taken, period, given, no_data, explain)
        if found is not None and (one.text, one.held) != (found.text, found.held):
            raise NotCompiledError("the phase in force depends on the figures of earlier periods")
        found = found or one
        # What was asked anew on this way did not hold; the other ways begin where it does.
        asked = list(taken)
        for index in range(len(decided), len(asked)):
            waiting.append({**{key: taken[key] for key in asked[:index]}, asked[index]: True})
        if not waiting:
            return found
    raise NotCompiledError("the phases may have followed one another in too many ways")


def _followed(
    rating: Rating,
    taken: dict[Asked, bool],
    period: Period,
    given: frozenset[Key] | None,
    no_data: frozenset[Key],
    explain: bool,
) -> FunctionText:
    """The function where the transitions of `taken` held or did not; all others did not, and are noted."""

    def holds(transition: tree.Transition, asked: Period, _: tuple[Period, ...]) -> bool:
        return taken.setdefault((id(transition), asked), False)

    rating.timeline = Timeline(rating.terms, holds)
    compilation = Compilation(rating, period, given, no_data, explain)
    try:
        text = compilation.text("rate")
    except RefusedError as fault:
        raise NotCompiledError(str(fault)) from fault
    except ContractError as fault:
        raise NotCompiledError(fault.diagnostics[0].message) from fault
    return FunctionText(text, compilation.source.names, compilation.units)


def decide(rating: Rating) -> None:
    """Let no transition of a compiled period ask figures: whichever way the phases came, it is the same."""
    rating.timeline = Timeline(rating.terms, lambda _transition, _period, _whole: False)
