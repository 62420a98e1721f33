"""The first article: the parties, the term, the invoices; and the general rules, which every contract has.

In: the header of a contract and its parties. Out: titles and blocks of clauses.
"""

from collections.abc import Iterator

from contractlang.calendar import ONE_DAY
from contractlang.exact import minor_unit
from contractlang.invoicing.document import Party
from contractlang.rendering.prose.expressions import Expressions
from contractlang.rendering.prose.view import ProseBlock
from contractlang.rendering.prose.writing import joined, listed
from contractlang.syntax import tree

Told = tuple[str, tuple[ProseBlock, ...]]
"""The title of a clause and its blocks."""

RULES = (
    "exact", "tax", "assessment", "cuts", "proration", "bounds", "missing", "undefined", "spans", "edges",
    "points", "months", "signs", "notes",
)  # fmt: skip


def header(write: Expressions, node: tree.Contract, parties: tuple[Party, ...]) -> Iterator[Told]:
    """The clauses that the header makes, in the order in which lawyers read them."""
    say = write.phrasing.say
    known = {party.key: party for party in parties}
    words = [
        say(role, party=_party(write, name.text, known.get(name.text)))
        for role, name in (("provider is", node.provider), ("client is", node.client))
        if name is not None
    ]
    if words:
        yield say("title parties"), (ProseBlock(joined(write.phrasing, words)),)
    if node.term is not None:
        yield say("title term"), term(write, node.term)
    if node.invoiced is not None:
        yield say("title invoices"), _invoiced(write, node.invoiced)
    if node.currency is not None or node.timezone is not None:
        yield say("title currency"), _currency(write, node)
    if node.vat is not None:
        yield say("title vat"), vat(write, node.vat)
    if node.payment is not None:
        yield say("title payment"), payment(write, node.payment)
    yield say("title rounding"), _rounding(write, node)
    if node.edition is not None:
        yield say("title edition"), _told(write, "edition", edition=str(node.edition))


def term(write: Expressions, node: tree.Term) -> tuple[ProseBlock, ...]:
    """The first day and the last."""
    first, last = write.phrasing.day(node.start), write.phrasing.day(node.end - ONE_DAY)
    return _told(write, "term", first=first, last=last)


def vat(write: Expressions, node: tree.Vat) -> tuple[ProseBlock, ...]:
    """The rate of VAT, or its rates with their days."""
    phrasing = write.phrasing
    if node.percent is not None:
        return _told(write, "vat", percent=phrasing.percent(node.percent))
    rows = [
        phrasing.say("row from", day=phrasing.day(row.start), value=write.noun(row.value))
        for row in node.dated
    ]
    words = phrasing.say("announced", words=phrasing.say("vat dated"))
    return (ProseBlock(phrasing.sentence(words), listed(phrasing, rows)),)


def payment(write: Expressions, node: tree.Payment) -> tuple[ProseBlock, ...]:
    """Within how long an invoice is paid."""
    key = "payment end of month" if node.end_of_month else "payment"
    return _told(write, key, length=write.phrasing.length(node.length))


def rules(write: Expressions) -> Iterator[Told]:
    """The rules that hold for every contract, each a clause."""
    for rule in RULES:
        yield write.phrasing.say(f"title {rule}"), _told(write, f"rule {rule}")


def _told(write: Expressions, key: str, **facts: str) -> tuple[ProseBlock, ...]:
    return (ProseBlock(write.phrasing.sentence(write.phrasing.say(key, **facts))),)


def _party(write: Expressions, key: str, party: Party | None) -> str:
    if party is None:
        return key
    language = write.phrasing.language
    facts = [party.name, *party.address]
    if party.country:
        facts.append(language.country(party.country))
    if party.siren:
        facts.append(f"{language.say('siren')} {party.siren}")
    if party.vat_number:
        facts.append(f"{language.say('vat number')} {party.vat_number}")
    return ", ".join(facts)


def _invoiced(write: Expressions, node: tree.Invoiced) -> tuple[ProseBlock, ...]:
    rhythm = node.rhythm.text
    if rhythm == "monthly" and node.first_day != 1:
        facts = {"first": str(node.first_day), "last": str(node.first_day - 1)}
        return _told(write, "invoiced from day", **facts)
    known = write.phrasing.knows(f"invoiced {rhythm}")
    return _told(write, f"invoiced {rhythm}" if known else "invoiced monthly")


def _currency(write: Expressions, node: tree.Contract) -> tuple[ProseBlock, ...]:
    say = write.phrasing.say
    words = []
    if node.currency is not None:
        words.append(say("currency", currency=node.currency.text))
    if node.timezone is not None:
        words.append(say("timezone", zone=node.timezone.text))
    return (ProseBlock(joined(write.phrasing, words)),)


def _rounding(write: Expressions, node: tree.Contract) -> tuple[ProseBlock, ...]:
    phrasing = write.phrasing
    if node.rounding is not None:
        told = phrasing.rounding(node.rounding)
    else:
        currency = node.currency.text if node.currency is not None else ""
        step = phrasing.amount(minor_unit(currency), currency)
        told = phrasing.say("rounding half_up", step=step)
    return _told(write, "rounding", rounding=told)
