"""Schedules and sums that change inside a period: what then begins anew, or is due in full twice."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from contractlang.calendar import interval
from contractlang.checking.header import RHYTHMS
from contractlang.checking.names import name_of
from contractlang.checking.survey import Survey
from contractlang.checking.wording import head
from contractlang.diagnostics import Diagnostic, Label, warning
from contractlang.syntax import tree


def check_schedules(survey: Survey) -> Iterator[Diagnostic]:
    """CL721: tiers that change inside a period, so that each part starts them anew."""
    for name in survey.scope.lines:
        versions = survey.versions(name, tree.Line)
        schedules = [(day, _tiers(line)) for day, line in versions]
        for (_, before), (day, tiers) in pairwise(schedules):
            if before is not None and tiers is not None and before != tiers and _inside(survey, day):
                yield _anew(name, day, tiers, Label(before.span, "the tiers before are here"))
        for _, tiers in schedules:
            if tiers is None or tiers.over is not None:
                continue
            for day, place in _dated_prices(survey, tiers):
                if _inside(survey, day):
                    yield _anew(name, day, tiers, Label(place.span, "the price changes here"))


def _anew(name: str, day: date, tiers: tree.Graduated | tree.Volume, label: Label) -> Diagnostic:
    return warning(
        "CL721",
        f'the tiers of "{name}" change on {day}, inside a period: each part starts its tiers anew',
        head(tiers.span),
        "let them change with the first day of a period, or count them `over year`",
        (label,),
    )


def _tiers(line: tree.AnyDeclaration) -> tree.Graduated | tree.Volume | None:
    value = line.value if isinstance(line, tree.Line) else None
    price = value.price if isinstance(value, tree.Priced) else None
    return price if isinstance(price, (tree.Graduated, tree.Volume)) else None


def _dated_prices(survey: Survey, tiers: tree.Graduated | tree.Volume) -> Iterator[tuple[date, tree.Dated]]:
    waiting: list[tree.Node] = [tiers]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Reference) and node.name.text in survey.scope.prices:
            for dated in survey.scope.prices[node.name.text].dated[1:]:
                yield dated.start, dated
        waiting.extend(tree.children(node))


def _inside(survey: Survey, day: date) -> bool:
    """Whether a day of the term is not the first of its period."""
    header, term = survey.scope.contract, survey.scope.term
    if header is None or header.invoiced is None or term is None or day not in term or day == term.start:
        return False
    unit = RHYTHMS.get(header.invoiced.rhythm.text)
    return unit is not None and interval(unit, day, header.invoiced.first_day).start != day


def check_named_sums(survey: Survey) -> Iterator[Diagnostic]:
    """CL722: a bonus-malus or a penalty in money that an amendment replaces inside a period."""
    for name, line in survey.scope.lines.items():
        if line.kind not in ("bonus_malus", "penalty"):
            continue
        versions = survey.versions(name, tree.Line)
        for (_, before), (day, after) in pairwise(versions):
            if _inside(survey, day):
                yield warning(
                    "CL722",
                    f'"{name}" changes on {day}, inside a period: each version is assessed in full',
                    name_of(after).span,
                    "a sum named here is never prorated; let it change with the first day of a period",
                    (Label(name_of(before).span, "the version before is here"),),
                )
