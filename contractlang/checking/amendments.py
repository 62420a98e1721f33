"""Amendments: what they remove exists, what they replace stays what it was, and they act in the term."""

from collections.abc import Iterator
from datetime import date

from contractlang.calendar import ONE_DAY
from contractlang.checking.names import name_of, unknown, what, with_article
from contractlang.checking.survey import Declared, Survey
from contractlang.checking.wording import head, said_unit
from contractlang.diagnostics import Diagnostic, Label, error, warning
from contractlang.kinds import kind_of
from contractlang.syntax import tree

_NAMED = (tree.Usage, tree.Window, tree.Measure, tree.Price, tree.Index, tree.Line, tree.Phase)


def check_effective_days(survey: Survey) -> Iterator[Diagnostic]:
    """CL506: an amendment that acts on a day outside the term."""
    header = survey.scope.contract
    if header is None or header.term is None:
        return
    start, end = header.term.start, header.term.end
    for amendment in survey.scope.amendments:
        if amendment.term is not None:
            end = max(end, amendment.term.end)
        if start <= amendment.effective < end:
            continue
        side = "before the term begins" if amendment.effective < start else "after the term has ended"
        yield error(
            "CL506",
            f'the amendment "{amendment.label}" is effective on {amendment.effective}, {side}',
            head(amendment.span),
            f"the term runs from {start} to {end - ONE_DAY}; restate `term` in the amendment to extend it",
            (Label(header.term.span, "the term is here"),),
        )


def check_restated_terms(survey: Survey) -> Iterator[Diagnostic]:
    """CL507: an amendment moves the end of a term, never its start."""
    header = survey.scope.contract
    if header is None or header.term is None:
        return
    for amendment in survey.scope.amendments:
        term = amendment.term
        if term is not None and term.start != header.term.start:
            yield error(
                "CL507",
                f"the term begins on {header.term.start}, and this amendment says {term.start}",
                term.span,
                f"keep the first day: `term {header.term.start} to {term.end - ONE_DAY}`",
                (Label(header.term.span, "the term is here"),),
            )


def check_removed_names(survey: Survey) -> Iterator[Diagnostic]:
    """CL233: `remove` of what is not there, and of what still is read."""
    for one in survey.all(tree.Remove):
        remove = one.node
        assert isinstance(remove, tree.Remove), "asked for removals only"
        if one.amendment is None:
            yield error(
                "CL233",
                "only an amendment removes",
                remove.span,
                "take the declaration itself out, or write this in an amendment",
            )
            continue
        earlier = dict(_earlier(survey, one.amendment.effective, one.amendment))
        if one.phase is not None:
            earlier = {
                name: found for name, found in earlier.items()
                if found.phase is not None and found.phase.name.text == one.phase.name.text
            }  # fmt: skip
        if remove.name.text not in earlier and not _way_out(survey, one):
            candidates = {name: name_of(found.node).span for name, found in earlier.items()}
            yield unknown(remove.name, candidates, "CL233", "there is nothing to remove that is called")


def _way_out(survey: Survey, one: Declared) -> bool:
    assert isinstance(one.node, tree.Remove), "asked of removals only"
    phase = survey.scope.phases.get(one.phase.name.text) if one.phase else None
    return phase is not None and one.node.name.text in survey.scope.phases


def _earlier(survey: Survey, day: date, amendment: tree.Amendment) -> Iterator[tuple[str, Declared]]:
    """What is declared before an amendment acts, the latest version of each name last."""
    for one in survey.declared:
        if not isinstance(one.node, _NAMED) or one.amendment is amendment:
            continue
        if one.amendment is None or one.amendment.effective <= day:
            yield name_of(one.node).text, one


def check_replacements(survey: Survey) -> Iterator[Diagnostic]:
    """CL234: what an amendment replaces stays the same sort of thing, in the same unit."""
    scope = survey.scope
    for amendment in scope.amendments:
        earlier = dict(_earlier(survey, amendment.effective, amendment))
        for one in survey.declared:
            if one.amendment is not amendment or not isinstance(one.node, _NAMED):
                continue
            name = name_of(one.node)
            before = earlier.get(name.text)
            if before is None:
                continue
            label = (Label(name_of(before.node).span, "this is replaced"),)
            if what(before.node) != what(one.node):
                yield error(
                    "CL234",
                    f'"{name}" is {with_article(what(before.node))}, '
                    f"and this amendment makes it {with_article(what(one.node))}",
                    name.span,
                    "remove the old one, and give the new one another name",
                    label,
                )
            elif isinstance(one.node, (tree.Measure, tree.Price)):
                old, new = kind_of(before.node, scope), kind_of(one.node, scope)
                if old.is_unknown or new.is_unknown or (old.what, old.unit) == (new.what, new.unit):
                    continue
                yield error(
                    "CL234",
                    f'"{name}" is {said_unit(old, scope)}, '
                    f"and this amendment makes it {said_unit(new, scope)}",
                    name.span,
                    "keep its unit, or give the new one another name",
                    label,
                )


def check_amended_phases(survey: Survey) -> Iterator[Diagnostic]:
    """CL508: an amendment that moves a line into another phase."""
    homes: dict[str, Declared] = {}
    for one in survey.all(tree.Line):
        name = name_of(one.node).text
        before = homes.setdefault(name, one)
        if before is one or one.amendment is None or one.phase is None:
            continue
        if before.phase is None or before.phase.name.text != one.phase.name.text:
            place = f'the phase "{before.phase.name}"' if before.phase else "every phase"
            yield warning(
                "CL508",
                f'"{name}" moves from {place} into the phase "{one.phase.name}" with this amendment',
                name_of(one.node).span,
                "write it in the phase where it stood if that is not meant",
                (Label(name_of(before.node).span, "it stood here"),),
            )
