"""Rates, amounts and indexation: what a price is, and how it is revised."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from contractlang.calendar import ONE_DAY, Days
from contractlang.checking.circles import needs
from contractlang.checking.operators import cure_of, disagreement, noun
from contractlang.checking.survey import Survey
from contractlang.checking.ways import earliest_days
from contractlang.checking.wording import said_unit
from contractlang.diagnostics import Diagnostic, Label, error, nearest, warning
from contractlang.kinds import Kind, Scope, kind_of, price_kind
from contractlang.syntax import tree

_REVISIONS = ("year", "contract year", "quarter", "month")


def check_prices(survey: Survey) -> Iterator[Diagnostic]:
    """CL330, CL331, CL301: a rate is a price or a factor, an amount money, all their values alike."""
    scope = survey.scope
    for one in survey.all(tree.Price):
        price = one.node
        assert isinstance(price, tree.Price), "asked for prices only"
        if price.formula is None and not price.dated:
            yield error(
                "CL330",
                f'the {price.kind} "{price.name}" has no value',
                price.name.span,
                f"write `= 4.20 {scope.currency or 'EUR'}` and its unit, or dated values between braces",
            )
            continue
        kind = price_kind(price, scope)
        values = [dated.value for dated in price.dated] or [price.formula or tree.NoData()]
        for value in values:
            other = kind_of(value, scope)
            if disagreement(None, kind, value, other):
                yield error(
                    "CL301",
                    f'"{price.name}" is {noun(kind, scope)} first, and {noun(other, scope)} here',
                    value.span,
                    cure_of(kind, other, scope),
                    (Label(values[0].span, f"this is {said_unit(kind, scope)}"),),
                )
                break
        else:
            yield from _kind(price, kind, scope)


def _kind(price: tree.Price, kind: Kind, scope: Scope) -> Iterator[Diagnostic]:
    if kind.is_unknown:
        return
    if price.kind == "amount" and not kind.is_money:
        cure = "write `rate` for a price per unit or a factor" if kind.is_number else ""
        yield error(
            "CL331",
            f'an amount is a sum of money, and "{price.name}" is {said_unit(kind, scope)}',
            price.name.span,
            cure,
        )
    elif price.kind == "rate" and not kind.is_number:
        yield error(
            "CL331",
            f'a rate is a price per unit or a factor, and "{price.name}" is {said_unit(kind, scope)}',
            price.name.span,
            "write it as in `rate hourly = 31.50 EUR/hour`",
        )


def check_currency_of_money(survey: Survey) -> Iterator[Diagnostic]:
    """CL302: money in another currency than the contract's."""
    currency = survey.scope.currency
    if currency is None:
        return
    header = survey.scope.contract
    assert header is not None, "the currency comes from the header"
    assert header.currency is not None, "the currency comes from the header"
    label = (Label(header.currency.span, "its currency is here"),)
    for visit in survey.visits:
        if not isinstance(visit.node, tree.UnitName) or isinstance(visit.owner.node, tree.Contract):
            continue
        scale = survey.scope.units.scale(visit.node.text)
        other = scale.unit.price_currency if scale else None
        if other is not None and other != currency:
            yield error(
                "CL302",
                f"this contract is in {currency}, and this is in {other}",
                visit.node.span,
                f"write {visit.node.text.replace(other, currency, 1)}: a contract has one currency",
                label,
            )


def check_indexation(survey: Survey) -> Iterator[Diagnostic]:
    """CL530 to CL532: an index needs its base and its rhythm, and its parts make sense."""
    for one in survey.all(tree.Price):
        price = one.node
        assert isinstance(price, tree.Price), "asked for prices only"
        indexed = price.indexed
        if indexed is None:
            continue
        span = indexed.index.span
        if indexed.base is None:
            yield error(
                "CL530",
                f'nothing says from which month "{indexed.index}" is counted',
                span,
                "write `base 2024-01`, the month of the index at which the price was agreed",
            )
        elif indexed.base.kind != "month":
            yield error(
                "CL530", "the base of an index is one month", indexed.base.span, "write `base 2024-01`"
            )
        if indexed.every is None:
            yield error(
                "CL531", f'nothing says how often "{price.name}" is revised', span, "write `every year`"
            )
        elif indexed.every.text not in _REVISIONS:
            near = nearest(indexed.every.text, _REVISIONS)
            cure = f'the nearest is "{near}"' if near else "write `every year`"
            yield error("CL531", f'a price is not revised every "{indexed.every}"', indexed.every.span, cure)
        if not 0 <= indexed.fixed_part < 100:
            yield error(
                "CL532",
                "a fixed part is less than the whole price",
                span,
                "write a percent from 0% to below 100%",
            )
        if indexed.lag is not None and indexed.lag.unit not in ("month", "quarter", "year"):
            yield error(
                "CL532",
                "an index has one value a month, so a lag is in months",
                indexed.lag.span,
                "write `lag 3 months`",
            )
        if indexed.coefficient is not None:
            step = kind_of(indexed.coefficient.step, survey.scope)
            if step.is_number and not step.unit.is_plain:
                yield error(
                    "CL308",
                    "a coefficient is a number without unit",
                    indexed.coefficient.step.span,
                    "write a step such as 0.001",
                )


def check_dated_rows(survey: Survey) -> Iterator[Diagnostic]:
    """CL503, CL504: dated values out of order, of one day, or of no day of the term."""
    term = survey.scope.term
    for rows in _dated(survey):
        for before, row in pairwise(rows):
            if row.start == before.start:
                yield error(
                    "CL503",
                    f"two values begin on {row.start}",
                    row.span,
                    "keep one of the two",
                    (Label(before.span, "the other is here"),),
                )
            elif row.start < before.start:
                yield error(
                    "CL503",
                    f"the value from {row.start} stands below the one from {before.start}",
                    row.span,
                    "write the earlier date first",
                    (Label(before.span, "this begins later"),),
                )
        for row in rows:
            if term is not None and row.start >= term.end:
                yield warning(
                    "CL504",
                    f"this value begins on {row.start}, after the term has ended, and is never used",
                    row.span,
                    f"the last day of the term is {term.last}",
                )


def _dated(survey: Survey) -> Iterator[tuple[tree.Dated, ...]]:
    for one in survey.declared:
        node = one.node
        if isinstance(node, tree.Price):
            yield node.dated
        elif isinstance(node, (tree.Contract, tree.Amendment)) and node.vat is not None:
            yield node.vat.dated


def check_days_covered(survey: Survey) -> Iterator[Diagnostic]:
    """CL501, CL502: days of the term for which a dated rate, or VAT, has no value."""
    term = survey.scope.term
    if term is None:
        return
    readers = _readers_in_force(survey, term)
    graph = needs(survey)
    for name in survey.scope.prices:
        versions = survey.versions(name, tree.Price)
        for index, (start, price) in enumerate(versions):
            assert isinstance(price, tree.Price), "asked for prices only"
            following = versions[index + 1][0] if index + 1 < len(versions) else date.max
            days = Days(max(start, term.start), min(following, term.end))
            yield from _uncovered(survey, price, days, readers, graph)
    header = survey.scope.contract
    if header is not None and header.vat is not None and header.vat.dated:
        first = min(row.start for row in header.vat.dated)
        if first > term.start:
            yield error(
                "CL502",
                f"no rate of VAT is given from {term.start} to {first - ONE_DAY}",
                header.vat.dated[0].span,
                f"begin it with the first day of the term: `from {term.start}`",
            )


def _readers_in_force(survey: Survey, term: Days) -> dict[str, tuple[tree.Line, Days]]:
    """Each line with the days on which it can be in force at all."""
    first_days = earliest_days(survey.scope)
    found: dict[str, tuple[tree.Line, Days]] = {}
    for name, line in survey.scope.lines.items():
        home = survey.scope.home.get(name)
        start = first_days.get(home, term.end) if home else term.start
        days = Days(start, term.end)
        if line.start is not None:
            days = Days(max(days.start, line.start), days.end)
        if line.until is not None:
            days = Days(days.start, min(days.end, line.until + ONE_DAY))
        found[name] = line, days
    return found


def _uncovered(
    survey: Survey,
    price: tree.Price,
    days: Days,
    readers: Mapping[str, tuple[tree.Line, Days]],
    graph: Mapping[str, tuple[str, ...]],
) -> Iterator[Diagnostic]:
    if not price.dated or not days:
        return
    first = min(row.start for row in price.dated)
    labels: list[Label] = []
    missing: Days | None = None
    for name, (line, in_force) in readers.items():
        if not _reaches(graph, name, price.name.text):
            continue
        lacking = Days(max(days.start, in_force.start), min(days.end, in_force.end, first))
        if lacking:
            missing = (
                lacking
                if missing is None
                else Days(min(missing.start, lacking.start), max(missing.end, lacking.end))
            )
            place = next(
                (
                    visit.node.span
                    for visit in survey.readers.get(price.name.text, ())
                    if isinstance(visit.owner.node, tree.Line) and visit.owner.node.name.text == name
                ),
                line.name.span,
            )
            labels.append(Label(place, f'"{name}" reads it, from {lacking.start} on'))
    if missing is not None:
        days_said = f"on {missing.start}" if missing.count == 1 else f"from {missing.start} to {missing.last}"
        yield error(
            "CL501",
            f'the {price.kind} "{price.name}" has no value {days_said}',
            price.dated[0].span,
            f"begin it on the first day on which it is read: `from {missing.start}`",
            tuple(labels),
        )


def _reaches(graph: Mapping[str, tuple[str, ...]], name: str, wanted: str) -> bool:
    waiting, seen = [name], set()
    while waiting:
        here = waiting.pop()
        if here == wanted:
            return True
        if here not in seen:
            seen.add(here)
            waiting.extend(graph.get(here, ()))
    return False
