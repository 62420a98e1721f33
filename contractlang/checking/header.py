"""The header: who, when, how often, in which currency, and the clauses that contradict the rhythm."""

import os
from collections.abc import Iterator
from importlib.machinery import PathFinder

from contractlang.checking.survey import Survey
from contractlang.checking.wording import head, listed
from contractlang.diagnostics import Diagnostic, Label, error, nearest
from contractlang.exact import CURRENCIES, decimals
from contractlang.kinds import kind_of
from contractlang.syntax import tree
from contractlang.text import Span

RHYTHMS = {"monthly": "month", "quarterly": "quarter", "yearly": "year", "weekly": "week"}

_NEEDED = (
    ("provider", "provider  NAME", "who provides the service"),
    ("client", "client  NAME", "who is invoiced"),
    ("term", "term  2026-01-01 to 2027-12-31", "from when to when it runs"),
    ("invoiced", "invoiced  monthly", "how often it is invoiced"),
    ("currency", "currency  EUR", "its currency"),
    ("timezone", "timezone  Europe/Paris", "its time zone"),
)


def check_needed_clauses(survey: Survey) -> Iterator[Diagnostic]:
    """CL210: a clause that no contract can do without."""
    header = survey.scope.contract
    if header is None:
        return
    missing = [one for one in _NEEDED if getattr(header, one[0]) is None]
    if header.vat is None and any(line.vat is None for line in survey.scope.lines.values()):
        missing.append(("vat", "vat  20%", "its rate of VAT, and not every line says its own"))
    if missing:
        words = listed([what for _, _, what in missing])
        examples = ", ".join(f"`{example}`" for _, example, _ in missing)
        yield error(
            "CL210", f"the contract does not say {words}", head(header.span), f"add to the header {examples}"
        )


def check_currency(survey: Survey) -> Iterator[Diagnostic]:
    """CL211: a currency that ISO 4217 does not know."""
    header = survey.scope.contract
    if header and header.currency and header.currency.text not in CURRENCIES:
        near = nearest(header.currency.text, sorted(CURRENCIES))
        cure = f'the nearest is "{near}"' if near else "write its three letters, such as EUR"
        message = f'no currency has the code "{header.currency}"'
        yield error("CL211", message, header.currency.span, cure)


def check_timezone(survey: Survey) -> Iterator[Diagnostic]:
    """CL216: a time zone that does not exist."""
    header = survey.scope.contract
    if header is None or header.timezone is None:
        return
    name = header.timezone.text
    if name in listed_timezones():
        return
    # Loaded for rare names only, because a check has no other use for it.
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        near = nearest(name, sorted(available_timezones()))
        cure = f'the nearest is "{near}"' if near else "write one such as Europe/Paris"
        yield error("CL216", f'there is no time zone called "{name}"', header.timezone.span, cure)


def listed_timezones() -> frozenset[str]:
    """The time zones that the package `tzdata` lists; none where it cannot be read."""
    spec = PathFinder.find_spec("tzdata")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        try:
            with open(os.path.join(folder, "zones"), encoding="utf-8") as file:
                return frozenset(file.read().split())
        except OSError:
            pass
    return frozenset()


def check_rhythm(survey: Survey) -> Iterator[Diagnostic]:
    """CL212, CL213: how often it is invoiced, and from which day of the month."""
    header = survey.scope.contract
    if header is None or header.invoiced is None:
        return
    rhythm, day = header.invoiced.rhythm, header.invoiced.first_day
    if rhythm.text not in RHYTHMS:
        near = nearest(rhythm.text, RHYTHMS)
        cure = f'the nearest is "{near}"' if near else f"write {listed(list(RHYTHMS), 'or')}"
        yield error("CL212", f'a contract is not invoiced "{rhythm}"', rhythm.span, cure)
    elif day != 1 and rhythm.text != "monthly":
        yield error(
            "CL213",
            f"only months can begin on another day: this contract is invoiced {rhythm}",
            header.invoiced.span,
            f"take `from day {day}` out, or write `monthly from day {day}`",
        )
    elif not 1 <= day <= 31:
        yield error("CL213", f"no month has a day {day}", header.invoiced.span, "write a day from 1 to 31")


def check_calendar_intervals(survey: Survey) -> Iterator[Diagnostic]:
    """CL214: quarters and years in a contract whose months do not begin on the 1st."""
    header = survey.scope.contract
    if header is None or header.invoiced is None or header.invoiced.first_day == 1:
        return
    label = Label(header.invoiced.span, "the months of this contract begin on another day than the 1st")
    for visit in survey.visits:
        place = _calendar_interval(visit.node)
        if place is not None:
            yield error("CL214", *_no_interval(place), related=(label,))
    for one in survey.all(tree.Line):
        assert isinstance(one.node, tree.Line), "asked for lines only"
        if one.node.every is not None and one.node.every.text in ("quarter", "year"):
            yield error("CL214", *_no_interval(one.node.every), related=(label,))


def _no_interval(place: tree.Name | tree.ToDate) -> tuple[str, Span, str]:
    word = place.text if isinstance(place, tree.Name) else place.unit
    message = f"a calendar {word} and months that begin on another day do not go together"
    return message, place.span, "write `contract year`, or months"


def _calendar_interval(node: tree.Node) -> tree.Name | tree.ToDate | None:
    if isinstance(node, tree.ToDate) and node.unit in ("quarter", "year"):
        return node
    if isinstance(node, tree.Priced) and node.per is not None and node.per.text in ("quarter", "year"):
        return node.per
    if isinstance(node, tree.Argument) and node.by is not None and node.by.text in ("quarter", "year"):
        return node.by
    return None


def check_edition(survey: Survey) -> Iterator[Diagnostic]:
    """CL219: an edition of the language that does not exist."""
    header = survey.scope.contract
    if header and header.edition is not None and header.edition not in tree.EDITIONS:
        known = listed([str(one) for one in tree.EDITIONS])
        message = f"there is no edition {header.edition} of the language"
        yield error("CL219", message, head(header.span), f"write `edition {known}`, or leave it out")


def check_vat(survey: Survey) -> Iterator[Diagnostic]:
    """CL235: the dated rates of VAT are percents, written out."""
    for one in survey.all(tree.Contract, tree.Amendment):
        assert isinstance(one.node, (tree.Contract, tree.Amendment)), "asked for these two only"
        for row in one.node.vat.dated if one.node.vat else ():
            if not isinstance(row.value, tree.Percent):
                message = "a rate of VAT is a percent, written out"
                yield error("CL235", message, row.value.span, f"write `from {row.start} : 20%`")
        percent = one.node.vat.percent if one.node.vat is not None else None
        if percent is not None and percent > 100:
            assert one.node.vat is not None, "it has a percent"
            yield error("CL235", "no rate of VAT is above 100%", one.node.vat.span, "write `vat 20%`")
        if one.node.vat is not None and one.node.vat.percent is None and not one.node.vat.dated:
            yield error("CL235", "this gives no rate of VAT", one.node.vat.span, "write `vat 20%`")


def check_rounding(survey: Survey) -> Iterator[Diagnostic]:
    """CL302, CL308: the step to which lines are rounded is an amount of the contract's currency."""
    header = survey.scope.contract
    if header is None or header.rounding is None or survey.scope.currency is None:
        return
    step, kind = header.rounding.step, kind_of(header.rounding.step, survey.scope)
    if kind.is_unknown:
        return
    currency = survey.scope.currency
    cure = f"write `rounding half_up to {_smallest(currency)} {currency}`"
    if not kind.is_money:
        yield error("CL308", f"lines are rounded to an amount of {currency}", step.span, cure)
    elif kind.unit.currency != currency:
        yield error(
            "CL302", f"this contract is in {currency}, and this is in {kind.unit.currency}", step.span, cure
        )
    elif step.value <= 0:
        yield error("CL308", "a rounding step is more than zero", step.span, cure)


def _smallest(currency: str) -> str:
    places = decimals(currency)
    return f"0.{'0' * (places - 1)}1" if places else "1"
