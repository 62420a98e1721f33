"""Which phase is in force when (rulings, "Phases and amendments").

The first phase written is in force on the first day of the term. Dated transitions act on their day;
conditional ones are asked at the end of each whole period spent in the phase and act at the start of
the next. The earliest day wins; on one day, the first written.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from contractlang.calendar import ONE_DAY, Days, add_length
from contractlang.frozen import dataclass
from contractlang.syntax import tree
from contractlang.terms import ContractTerms, Period

Asked = Callable[[tree.Transition, Period, tuple[Period, ...]], bool]
"""Whether a transition's condition holds in a period; the periods are the whole ones spent in the phase."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A transition that acted: from a phase to another on a day."""

    day: date
    of: str
    transition: tree.Transition


class Timeline:
    """The phases of a contract by date, as far as they are known on a day."""

    def __init__(self, terms: ContractTerms, holds: Asked) -> None:
        self._terms = terms
        self._holds = holds
        self.spells = lru_cache(maxsize=None)(self._spells)

    def phase_on(self, day: date) -> str | None:
        """The phase in force on a day, None where the contract has no phases or the day is outside."""
        for phase, days in self.spells(day):
            if day in days:
                return phase
        return None

    def _spells(self, known: date, decided: bool = False) -> tuple[tuple[str, Days], ...]:
        """The phases over the whole term, as known on a day.

        Conditional transitions that act after that day are not known then; with `decided`, one that
        acts on the very next day is, because its condition was asked at the end of the day. Of what
        follows, only dated transitions are foreseen.
        """
        terms = self._terms
        phase = terms.first_phase
        term = terms.term(known)
        if phase is None:
            return ()
        # The first phase of a contract that had none begins with the amendment that brought it.
        entered = max(term.start, terms.phases[phase][0].start)
        if entered > known:
            return ()
        horizon = known + ONE_DAY if decided else known
        found: list[tuple[str, Days]] = []
        # A phase may be left on the day on which it is entered, but is not entered twice on one day.
        same_day = {phase}
        while entered < term.end:
            left = self._left(phase, entered, term, horizon, known, frozenset(same_day))
            end = min(left.day, term.end) if left else term.end
            if entered < end:
                found.append((phase, Days(entered, end)))
                same_day.clear()
            if left is None or left.day >= term.end:
                break
            phase, entered = left.transition.to.text, left.day
            same_day.add(phase)
        return tuple(found)

    def _left(
        self, phase: str, entered: date, term: Days, horizon: date, known: date, same_day: frozenset[str]
    ) -> Taken | None:
        """The transition by which a phase entered on a day is left, as far as it is known."""
        best: Taken | None = None
        versions = [one for one in self._terms.transitions_of(phase) if one.start <= known]
        for index, version in enumerate(versions):
            until = versions[index + 1].start if index + 1 < len(versions) else date.max
            for transition in version.declared or ():
                if transition.when is not None:
                    continue
                day = self._dated(transition, entered)
                if day is None or day < entered or not version.start <= day < until:
                    continue
                if day == entered and transition.to.text in same_day:
                    continue
                if best is None or day < best.day:
                    best = Taken(day, phase, transition)
        # The conditions are asked period by period, only as long as nothing has acted before.
        whole: list[Period] = []
        for period in self._terms.periods(Days(entered, term.end)):
            acts = period.days.end
            if acts > horizon or acts >= term.end or (best is not None and acts > best.day):
                break
            if period.partial or period.days.start < entered:
                continue
            whole.append(period)
            taken = self._conditional(phase, entered, period, tuple(whole), best, known)
            if taken is not None:
                return taken
        return best

    def _conditional(
        self,
        phase: str,
        entered: date,
        period: Period,
        whole: tuple[Period, ...],
        dated: Taken | None,
        known: date,
    ) -> Taken | None:
        acts = period.days.end
        ways: tuple[tree.Transition, ...] = ()
        for version in self._terms.transitions_of(phase):
            if version.start <= acts and version.start <= known + ONE_DAY:
                ways = version.declared or ()
        for transition in ways:
            if dated is not None and dated.day == acts and dated.transition is transition:
                return dated
            if transition.when is None:
                continue
            if transition.not_before is not None:
                length = transition.not_before
                if acts < add_length(entered, length.count, length.unit):
                    continue
            if transition.after is not None:
                if acts < add_length(entered, transition.after.count, transition.after.unit):
                    continue
            if transition.on is not None and acts < transition.on:
                continue
            if self._holds(transition, period, whole):
                return Taken(acts, phase, transition)
        return None

    def _dated(self, transition: tree.Transition, entered: date) -> date | None:
        day = transition.on
        if transition.after is not None:
            after = add_length(entered, transition.after.count, transition.after.unit)
            day = after if day is None else max(day, after)
        if day is not None and transition.not_before is not None:
            length = transition.not_before
            day = max(day, add_length(entered, length.count, length.unit))
        return day
