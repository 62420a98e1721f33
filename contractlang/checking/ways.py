"""The ways between phases: which may come before which, and the earliest day of each."""

from collections.abc import Mapping
from datetime import date

from contractlang.calendar import ONE_DAY, add_length
from contractlang.kinds import Scope
from contractlang.syntax import tree


def earlier_phases(scope: Scope) -> Mapping[str, frozenset[str]]:
    """For each phase, the phases from which a way leads to it."""
    ways = {name: {way.to.text for way in phase.transitions} for name, phase in scope.phases.items()}
    found: dict[str, set[str]] = {name: set() for name in ways}
    for name in ways:
        waiting = list(ways[name])
        seen: set[str] = set()
        while waiting:
            target = waiting.pop()
            if target in seen or target not in found:
                continue
            seen.add(target)
            found[target].add(name)
            waiting.extend(ways[target])
    return {name: frozenset(before) for name, before in found.items()}


def earliest_days(scope: Scope) -> Mapping[str, date]:
    """The first day on which each phase can begin; phases that nothing leads to are left out."""
    if scope.term is None or not scope.phases:
        return {}
    first = next(iter(scope.phases))
    days = {first: scope.term.start}
    waiting = [first]
    while waiting:
        name = waiting.pop(0)
        for way in scope.phases[name].transitions:
            if way.to.text not in scope.phases:
                continue
            day = entered(way, days[name])
            if way.to.text not in days or day < days[way.to.text]:
                days[way.to.text] = day
                waiting.append(way.to.text)
    return days


def entered(way: tree.Transition, day: date) -> date:
    """The earliest day on which a way out of a phase acts, where the phase begins on `day`."""
    if way.on is not None:
        return max(day, way.on)
    length = way.after or way.not_before
    if length is not None:
        return _later(day, length)
    return day + ONE_DAY


def _later(day: date, length: tree.Length) -> date:
    try:
        return add_length(day, length.count, length.unit)
    except (ValueError, OverflowError):
        return date.max
