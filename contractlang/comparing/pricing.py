"""What changes of terms cost: two contracts rated on the same months, and each change alone.

In: two documents, and a `Rate` that makes invoices of a document. Out: a `PricedDiff`. A change is priced
by applying it, and nothing else, to the old contract; what all changes together bring beyond the sum of
the single ones is the interaction, a row of its own, so that the rows always add up to the total.
A change that cannot stand alone, such as a line on a new figure, is priced with what it needs.

Codes: CL983 amounts in two currencies.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from contractlang.calendar import Days
from contractlang.comparing.changes import Change, applied, compare_terms
from contractlang.comparing.needs import needed_first
from contractlang.comparing.reasons import Reason, reason_for
from contractlang.diagnostics import ContractError, Diagnostic, error
from contractlang.invoicing.document import Input, Invoice
from contractlang.syntax import tree
from contractlang.syntax.loading import Document


@dataclass(frozen=True, slots=True)
class Month:
    """A period of invoicing, `whole` as the calendar has it: its invoice, or why there is none."""

    whole: Days
    invoice: Invoice | None
    wrong: tuple[Diagnostic, ...] = ()


Rate: TypeAlias = Callable[[Document, Days], tuple[Month, ...]]
"""The months of some days, rated; raises ContractError where the document itself is at fault."""


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts in the currency of the contracts: without VAT, and the VAT on them."""

    net: Fraction = Fraction(0)
    vat: Fraction = Fraction(0)

    def plus(self, other: "Money", sign: int = 1) -> "Money":
        """The sum of both; the difference with `sign` -1."""
        return Money(self.net + sign * other.net, self.vat + sign * other.vat)

    def __bool__(self) -> bool:
        return bool(self.net or self.vat)


@dataclass(frozen=True, slots=True)
class MonthPrice:
    """What both contracts bill for one period; `wrong` says why a period cannot be compared."""

    days: Days
    old: Money
    new: Money
    wrong: tuple[Diagnostic, ...] = ()
    at_fault: str = ""


@dataclass(frozen=True, slots=True)
class LinePrice:
    """What both contracts bill on one line over all months that can be compared, without VAT."""

    name: str
    label: str
    old: Fraction
    new: Fraction


@dataclass(frozen=True, slots=True)
class PricedChange:
    """Changes that stand or fall together, and what they alone add to what the old contract bills.

    `needs` are changes that had to be applied first, whose own cost is not in it. `lines` are the lines
    that move. `reason` says why nothing moves, None where something does.
    """

    changes: tuple[Change, ...]
    needs: tuple[Change, ...]
    delta: Money
    lines: tuple[tuple[str, Fraction], ...]
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class PricedDiff:
    """All changes between two contracts and what they cost on the same months.

    `priced` and `interaction` add up to `new` less `old`. `unpriced` are the changes of wording, which
    move no money.
    """

    changes: tuple[Change, ...]
    currency: str
    days: Days
    months: tuple[MonthPrice, ...]
    lines: tuple[LinePrice, ...]
    old: Money
    new: Money
    priced: tuple[PricedChange, ...]
    interaction: Money
    unpriced: tuple[Change, ...]
    inputs: tuple[Input, ...] = ()

    @property
    def delta(self) -> Money:
        """What the new contract bills more than the old one."""
        return self.new.plus(self.old, -1)


def price_changes(old: Document, new: Document, rate: Rate, days: Days) -> PricedDiff:
    """The changes from one contract to another with what each costs on the periods of some days.

    Raises ContractError where one of the contracts is at fault, where the currency changes (CL983), and
    with all that is wrong where no month at all can be compared.
    """
    changes = compare_terms(old, new)
    currencies = [_currency(one) for one in (old, new)]
    if currencies[0] != currencies[1]:
        message = f"the currency changes from {currencies[0]} to {currencies[1]}, so amounts do not compare"
        raise ContractError([error("CL983", message, None, "compare without --usage")])
    before, after = rate(old, days), rate(new, days)
    months, compared = _months(before, after)
    wrong = [one for month in months for one in month.wrong]
    if wrong and not compared:
        raise ContractError(wrong)
    tariff = _Tariff(old, new, changes, rate, days, compared)
    if not any(one.attribute == "name" for one in changes) or tariff.outcome(()) is None:
        # A line that got another name is one line: then the old terms are rated under the new names.
        tariff.known[frozenset()] = _Outcome.of(before, compared)
    first, last = tariff.known[frozenset()], _Outcome.of(after, compared)
    assert first is not None and last is not None, "the months compared are rated in both"
    tariff.known[frozenset(range(len(changes)))] = last
    priced = tariff.priced()
    total = Money()
    for one in priced:
        total = total.plus(one.delta)
    lines = _lines(first, last)
    unpriced = tuple(one for one in changes if one.category == "wording")
    rest = last.money.plus(first.money, -1).plus(total, -1)
    inputs = next((month.invoice.inputs for month in (*after, *before) if month.invoice is not None), ())
    return PricedDiff(
        changes, currencies[1], days, months, lines, first.money, last.money, priced, rest, unpriced, inputs
    )


_SERVES = Reason("serves_another", "moves nothing alone; what reads it is priced with it")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a contract bills over the months compared, line by line."""

    invoices: tuple[Invoice, ...]
    lines: dict[str, Fraction]
    money: Money

    @staticmethod
    def of(months: Sequence[Month], compared: frozenset[Days]) -> "_Outcome | None":
        """None where a month that should be compared cannot be rated."""
        chosen = [month for month in months if month.whole in compared]
        invoices = tuple(month.invoice for month in chosen if month.invoice is not None)
        if len(invoices) < len(chosen):
            return None
        lines: dict[str, Fraction] = {}
        for invoice in invoices:
            for line in invoice.lines:
                lines[line.name] = lines.get(line.name, Fraction(0)) + line.amount
        net = sum((one.net for one in invoices), Fraction(0))
        return _Outcome(
            invoices, lines, Money(net, sum((one.gross - one.net for one in invoices), Fraction(0)))
        )

    def label(self, name: str) -> str:
        """The last label under which a line was printed."""
        labels = [line.label for one in self.invoices for line in one.lines if line.name == name]
        return labels[-1] if labels else ""


class _Tariff:
    """Prices sets of changes, each set once."""

    def __init__(
        self,
        old: Document,
        new: Document,
        changes: tuple[Change, ...],
        rate: Rate,
        days: Days,
        compared: frozenset[Days],
    ) -> None:
        self.old, self.new, self.changes = old, new, changes
        self.rate, self.days, self.compared = rate, days, compared
        self.known: dict[frozenset[int], _Outcome | None] = {}

    def outcome(self, chosen: Iterable[int]) -> _Outcome | None:
        """What the old contract with some of the changes bills, None where it cannot be rated."""
        key = frozenset(chosen)
        if key not in self.known:
            document = applied(self.old, self.new, (self.changes[index] for index in key))
            document = without_promises(document)
            try:
                self.known[key] = _Outcome.of(self.rate(document, self.days), self.compared)
            except ContractError:
                self.known[key] = None
        return self.known[key]

    def priced(self) -> tuple[PricedChange, ...]:
        """Each change alone, or with what it cannot do without."""
        money = [index for index, one in enumerate(self.changes) if one.category != "wording"]
        bundles: list[frozenset[int]] = []
        needs: dict[int, frozenset[int]] = {}
        for index in money:
            if self.outcome({index}) is not None:
                needs[index] = frozenset()
                continue
            least = needed_first(index, self.changes, lambda chosen: self.outcome(chosen) is not None)
            rest = least - {index}
            if self.outcome(rest) is not None:
                needs[index] = rest
            else:
                bundles = _joined(bundles, least)
        bundled = {index for bundle in bundles for index in bundle}
        found = [
            (index, self._one(frozenset({index}), needs[index]))
            for index in money
            if index not in bundled and index in needs
        ]
        found += [(min(bundle), self._one(bundle, frozenset())) for bundle in bundles]
        serving = {need for one in needs.values() for need in one}
        return tuple(
            replace(one, reason=_SERVES) if one.reason is not None and index in serving else one
            for index, one in sorted(found, key=lambda pair: pair[0])
        )

    def _one(self, chosen: frozenset[int], needs: frozenset[int]) -> PricedChange:
        before, after = self.outcome(needs), self.outcome(chosen | needs)
        changes = tuple(self.changes[index] for index in sorted(chosen))
        first = tuple(self.changes[index] for index in sorted(needs))
        if before is None or after is None:
            # Only all changes together can be rated: what they cost is the interaction.
            return PricedChange(changes, first, Money(), (), Reason("together", "cannot be rated alone"))
        names = dict.fromkeys((*before.lines, *after.lines))
        moved = [
            (name, after.lines.get(name, Fraction(0)) - before.lines.get(name, Fraction(0))) for name in names
        ]
        lines = tuple((name, value) for name, value in moved if value)
        delta = after.money.plus(before.money, -1)
        reason = None
        if not delta and not lines:
            reason = reason_for(changes, before.invoices, after.invoices, self.days, (self.old, self.new))
        return PricedChange(changes, first, delta, lines, reason)


def without_promises(document: Document) -> Document:
    """A document without its scenarios and invariants, which speak of lines that a variant may lack."""
    kept = (one for one in document.declarations if not isinstance(one, (tree.Test, tree.Invariant)))
    return replace(document, declarations=tuple(kept))


def _joined(bundles: list[frozenset[int]], more: frozenset[int]) -> list[frozenset[int]]:
    apart = [one for one in bundles if not one & more]
    touching = [one for one in bundles if one & more]
    return [*apart, more.union(*touching)]


def _currency(document: Document) -> str:
    header = document.header
    return header.currency.text if header is not None and header.currency is not None else ""


def _months(
    before: Sequence[Month], after: Sequence[Month]
) -> tuple[tuple[MonthPrice, ...], frozenset[Days]]:
    """The months of both contracts side by side, and the periods that can be compared."""
    old, new = {one.whole: one for one in before}, {one.whole: one for one in after}
    found, compared = [], set()
    for whole in sorted({*old, *new}):
        wrong: tuple[Diagnostic, ...] = ()
        faults = []
        for which, months in (("old", old), ("new", new)):
            if whole in months and months[whole].invoice is None:
                wrong += months[whole].wrong
                faults.append(which)
        invoices = [months[whole].invoice if whole in months else None for months in (old, new)]
        days = next((one.period for one in invoices if one is not None), whole)
        found.append(MonthPrice(days, _money(invoices[0]), _money(invoices[1]), wrong, " and ".join(faults)))
        if not faults:
            compared.add(whole)
    if before and after and not {*old} & {*new}:
        # Other rhythms: months and quarters compare only all together.
        wrong = tuple(one for month in found for one in month.wrong)
        faults = [month.at_fault for month in found if month.at_fault]
        sums = [Money(), Money()]
        for month in found:
            sums = [sums[0].plus(month.old), sums[1].plus(month.new)]
        days = Days(found[0].days.start, max(month.days.end for month in found))
        together = MonthPrice(days, sums[0], sums[1], wrong, " and ".join(dict.fromkeys(faults)))
        return (together,), frozenset() if wrong else frozenset(compared)
    return tuple(found), frozenset(compared)


def _money(invoice: Invoice | None) -> Money:
    return Money(invoice.net, invoice.gross - invoice.net) if invoice is not None else Money()


def _lines(before: _Outcome, after: _Outcome) -> tuple[LinePrice, ...]:
    names = dict.fromkeys((*before.lines, *after.lines))
    return tuple(
        LinePrice(
            name, after.label(name) or before.label(name),
            before.lines.get(name, Fraction(0)), after.lines.get(name, Fraction(0)),
        )
        for name in names
    )  # fmt: skip
