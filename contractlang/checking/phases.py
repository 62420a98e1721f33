"""Phases: reached, left, and left one way at a time."""

from collections.abc import Iterator

from contractlang.checking.operators import condition_of
from contractlang.checking.survey import Survey
from contractlang.checking.ways import earliest_days, entered
from contractlang.checking.wording import head
from contractlang.diagnostics import Diagnostic, Label, error, warning
from contractlang.kinds import kind_of
from contractlang.syntax import tree


def check_ways_out(survey: Survey) -> Iterator[Diagnostic]:
    """CL511, CL514, CL515: each transition says when it acts, once, and leads elsewhere."""
    for one in survey.all(tree.Transition):
        way = one.node
        assert isinstance(way, tree.Transition), "asked for transitions only"
        if one.phase is not None and way.to.text == one.phase.name.text:
            yield error(
                "CL511",
                f'the phase "{way.to}" leads to itself',
                way.to.span,
                "name another phase, or take this out",
            )
        if way.after is None and way.on is None and way.when is None:
            yield error(
                "CL514",
                f'nothing says when the contract passes to "{way.to}"',
                way.span,
                "add `after 6 months`, `on 2026-09-01` or `when CONDITION for 2 months`",
            )
        if way.after is not None and way.on is not None:
            yield error(
                "CL515",
                "this transition acts after a length of time and on a date",
                way.span,
                "write two transitions: the first that applies wins",
            )
        elif way.when is not None and (way.after is not None or way.on is not None):
            yield error(
                "CL515",
                "this transition has a date and a condition",
                way.span,
                "write two transitions, or `not before` for the earliest day of the condition",
            )
        elif way.not_before is not None and way.when is None:
            yield error(
                "CL515",
                "`not before` is for a transition with a condition",
                way.not_before.span,
                "add `when CONDITION`, or write `after`",
            )
        if way.when is not None:
            yield from condition_of(way.when, kind_of(way.when, survey.scope), survey.scope)


def check_phases_reached(survey: Survey) -> Iterator[Diagnostic]:
    """CL510, CL516: phases that nothing leads to, in the contract or in its term."""
    scope = survey.scope
    if scope.term is None or not scope.phases:
        return
    first = next(iter(scope.phases))
    days = earliest_days(scope)
    # A way to a phase that does not exist was mostly meant for one that nothing else leads to.
    misspelt = any(
        way.to.text not in scope.phases for phase in scope.phases.values() for way in phase.transitions
    )
    for name, phase in scope.phases.items():
        if name not in days:
            if misspelt:
                continue
            yield error(
                "CL510",
                f'nothing leads to the phase "{name}"',
                phase.name.span,
                f"add `transition to {name}` to a phase that comes before it",
                (
                    Label(
                        scope.phases[first].name.span,
                        "the contract starts in this phase",
                    ),
                ),
            )
        elif days[name] >= scope.term.end:
            yield warning(
                "CL516",
                f'the phase "{name}" cannot begin before {days[name]}, after the term has ended',
                phase.name.span,
                f"the last day of the term is {scope.term.last}",
            )


def check_contradictions(survey: Survey) -> Iterator[Diagnostic]:
    """CL512, CL513, CL720: ways out of one phase of which one always acts first."""
    scope = survey.scope
    days = earliest_days(scope)
    for name, phase in scope.phases.items():
        dated = [way for way in phase.transitions if way.when is None and (way.after or way.on)]
        start = days.get(name)
        # What is past when the phase starts never acts, so it contradicts nothing.
        yield from _two_dated([way for way in dated if not (way.on and start and way.on < start)])
        if start is None:
            continue
        for way in dated:
            if way.on is not None and way.on < start:
                yield warning(
                    "CL720",
                    f'this transition is past when the phase "{name}" starts, on {start} at the earliest',
                    way.span,
                    "write a later day, or take it out",
                    (Label(head(phase.span), "the phase is here"),),
                )
        unconditional = [way for way in dated if way.after is not None]
        for way in phase.transitions:
            if way.when is None or way.not_before is None:
                continue
            for other in unconditional:
                if entered(other, start) <= entered(way, start):
                    yield warning(
                        "CL513",
                        "this transition can never act, because another one acts before its earliest day",
                        way.span,
                        "make `not before` shorter, or the other transition later",
                        (Label(other.span, "this one acts first"),),
                    )
                    break


def _two_dated(dated: list[tree.Transition]) -> Iterator[Diagnostic]:
    for index, way in enumerate(dated):
        for earlier in dated[:index]:
            lengths = way.after and earlier.after and way.after.unit == earlier.after.unit
            if not lengths and not (way.on and earlier.on):
                continue
            first = (
                (way.after.count, earlier.after.count) if lengths and way.after and earlier.after else None
            )
            if first is not None:
                later, sooner = (way, earlier) if first[0] >= first[1] else (earlier, way)
                same = first[0] == first[1]
            else:
                assert way.on is not None, "both are on a date"
                assert earlier.on is not None, "both are on a date"
                later, sooner = (way, earlier) if way.on >= earlier.on else (earlier, way)
                same = way.on == earlier.on
            day = "on the same day" if same else "before it"
            yield error(
                "CL512",
                f'the contract cannot pass to "{later.to}" here: it has passed to "{sooner.to}" {day}',
                later.span,
                "keep one of the two, or give one of them a condition",
                (Label(sooner.span, "this one acts first"),),
            )
            return
