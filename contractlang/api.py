"""The Python interface: what the command line itself uses.

    import contractlang

    contract = contractlang.load("contracts/acme/acme.contract")
    for diagnostic in contract.check():
        print(diagnostic.code, diagnostic.message)
    usage = contractlang.load_usage("contracts/acme/usage.yaml", contract)
    invoice = contract.invoice(usage, "2026-07")
    print(invoice.net, invoice.lines[0].reason)

Whatever a user can mend is raised as `ContractError`, which holds all that was found. Amounts are
exact `fractions.Fraction`s, in the currency of the contract.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contractlang.checked import CheckedContract
from contractlang.checking import check
from contractlang.checking import remarks as remarks_of
from contractlang.diagnostics import ContractError, Diagnostic, error, has_errors, in_order
from contractlang.frozen import replace
from contractlang.syntax import tree
from contractlang.syntax.loading import Document, document_from_text, load_document

if TYPE_CHECKING:
    from datetime import date

    from contractlang.calendar import Days
    from contractlang.comparing import Change
    from contractlang.comparing.pricing import PricedDiff
    from contractlang.compiled import CompiledInvoice, CompiledPeriod, Compiler, Given, Key
    from contractlang.invoicing.document import Invoice, Party
    from contractlang.measuring.schema import Schema
    from contractlang.measuring.series import Series
    from contractlang.measuring.sharing import SharedRows
    from contractlang.measuring.usage import MeasuredUsage
    from contractlang.profiling import UsageProfile
    from contractlang.rating.counted import RowsOfLines, UncountedRows
    from contractlang.rating.engine import Rating
    from contractlang.rating.reading import Reading
    from contractlang.rating.scenarios import ScenarioResult as ScenarioResult
    from contractlang.terms import ContractTerms, Period


class LoadedContract:
    """A contract as it was read; rating it checks it first and raises what was found.

    `document` is the tree with all that the contract includes.
    """

    def __init__(self, document: Document, parties: Path | None = None) -> None:
        self.document = document
        self._parties_file = parties

    # ---- checking

    @cached_property
    def _checked(self) -> tuple[CheckedContract | None, tuple[Diagnostic, ...]]:
        return check(self.document)

    def check(self, remarks: bool = True) -> tuple[Diagnostic, ...]:
        """All that can be said of the contract before anything is paid, errors and warnings, in order.

        With `remarks`, also what is wrong in no way and worth knowing, such as the holidays that are meant.
        """
        if not remarks:
            return self._checked[1]
        return in_order([*self._checked[1], *remarks_of(self.document)])

    @property
    def checked(self) -> CheckedContract:
        """The contract without errors; raises ContractError with the errors where there are any."""
        contract, diagnostics = self._checked
        if contract is None:
            raise ContractError(one for one in diagnostics if has_errors([one]))
        return contract

    @cached_property
    def fingerprint(self) -> str:
        """The hash of the terms: comments and layout do not change it, a changed price does."""
        from contractlang.syntax.printing import fingerprint

        return fingerprint(self.document)

    # ---- rating

    @cached_property
    def schema(self) -> "Schema":
        """What the contract says about its usage."""
        from contractlang.measuring.schema import Schema, computed_kinds

        scope = self.checked.scope
        header = scope.contract
        assert header is not None and scope.term is not None, "a checked contract has a header and a term"
        return Schema(
            tables=scope.tables,
            windows=scope.windows,
            measures=scope.measures,
            units=scope.units,
            currency=scope.currency or "",
            timezone=header.timezone.text if header.timezone else "UTC",
            term=scope.term,
            kinds=computed_kinds(scope),
        )

    def rating(self, usage: "MeasuredUsage") -> "Rating":
        """The contract rated against a usage, line by line on demand."""
        from contractlang.rating.engine import Rating

        return Rating(self.checked, usage, self._series, reading=self._reading)

    @cached_property
    def _reading(self) -> "Reading":
        from contractlang.rating.reading import Reading
        from contractlang.terms import ContractTerms

        return Reading(ContractTerms(self.checked.document.declarations))

    def _series(self, index: tree.Index) -> "Series":
        from contractlang.measuring.series import read_series

        return read_series(self.document.folder, index)

    def invoice(self, usage: "MeasuredUsage", period: str) -> "Invoice":
        """The invoice of one period.

        `period` is `2026-07`, `2026-Q3`, `2026`, `2026-07-01..2026-07-31` or any date inside the period.
        Raises ContractError where it names no period (CL963), and with all that is wrong on any line.
        """
        rating = self.rating(usage)
        return self._invoice(rating, self._period(rating, period))

    def invoices(self, usage: "MeasuredUsage", from_: str, to: str) -> "tuple[Invoice, ...]":
        """The invoices of the periods from one to another, both included."""
        from contractlang.calendar import Days

        rating = self.rating(usage)
        first, last = self._period(rating, from_), self._period(rating, to)
        if last.days.start < first.days.start:
            raise _backwards(from_, to)
        periods = rating.terms.periods(Days(first.days.start, last.days.end))
        return tuple(self._invoice(rating, period) for period in periods)

    # ---- billing runs

    @property
    def term(self) -> "Days":
        """The days from the first to the last of any version of the contract."""
        return self._reading.terms.whole_term

    def periods_due(self, days: "Days") -> "tuple[Period, ...]":
        """The periods that a billing run of some days invoices, in order; none where the term is elsewhere.

        Those are the periods which end in the days, else the one that holds them.
        """
        from contractlang.invoicing.invoicing import periods_due

        return periods_due(self._reading.terms, days)

    def expect(self, usage: "MeasuredUsage") -> None:
        """Have what the contract counts counted in one pass with what others do that share the rows."""
        from contractlang.rating.rows import to_count

        usage.expect(*to_count(self.rating(usage)))

    def invoices_of(self, usage: "MeasuredUsage", periods: "Iterable[Period]") -> "tuple[Invoice, ...]":
        """The invoices of some periods; raises ContractError with all that is wrong on any line."""
        rating = self.rating(usage)
        return tuple(self._invoice(rating, period) for period in periods)

    def rows_of(self, usage: "MeasuredUsage", period: str, line: str | None = None) -> "RowsOfLines":
        """The rows that the figures of a line of an invoice count, or of all, and those that nothing counts.

        The rows that nothing counts are those of the whole contract, and are looked for without a `line`.
        Where there is no invoice because values of `per` have no price (CL931), their rows are among those
        that nothing counts, also with a `line`, and the faults are returned. Raises ContractError as
        `invoice` does, also for a line that rests on one without an amount, and CL975 for a line that the
        invoice does not have.
        """
        from contractlang.invoicing.document import declared_lines, lines_named
        from contractlang.rating.counted import (
            RowsOfLines,
            counted_rows,
            reasons_that_hold,
            uncounted_rows,
            unpriced_rows,
        )

        rating = self.rating(usage)
        found = self._period(rating, period)
        faults: tuple[Diagnostic, ...] = ()
        unpriced: tuple[UncountedRows, ...] = ()
        try:
            lines = lines_named(self._invoice(rating, found), line)
            counted = counted_rows(rating, [one.reason for one in lines])
        except ContractError as fault:
            faults = tuple(dict.fromkeys(fault.diagnostics))
            if any(one.code != "CL931" for one in faults):
                raise
            names = declared_lines(rating.terms, found.days, line)
            counted = counted_rows(rating, reasons_that_hold(rating, found, names))
            unpriced = unpriced_rows(rating, names)
            if line is not None and not counted and not unpriced:
                # What the line rests on has no amount; its own rows are not known without.
                raise
        uncounted = uncounted_rows(rating, found.days) if line is None else ()
        return RowsOfLines(counted, (*unpriced, *uncounted), faults)

    # ---- many months at once

    @cached_property
    def _compiled(self) -> "Compiler":
        from contractlang.compiled import Compiler

        return Compiler(self.checked, self.schema, self._series)

    def compiled(self, period: str) -> "CompiledPeriod":
        """The amounts of a period as a function of its figures, for simulations and many months.

        `period` is named as for `invoice`. Where generated code cannot express the period, the interpreter
        rates it, and `why_not` says why; the amounts are the same. Raises ContractError, CL963.
        """
        return self._compiled.period(self._named(self._compiled.terms, period))

    def rate_months(self, months: "Iterable[tuple[str, Mapping[Key, Given]]]") -> "Iterator[CompiledInvoice]":
        """The amounts of many periods with their figures, in order; see `compiled`."""
        from contractlang.compiled import rate_months

        return rate_months(self.compiled, months)

    # ---- periods

    def _period(self, rating: "Rating", text: str) -> "Period":
        return self._named(rating.terms, text)

    def _named(self, terms: "ContractTerms", text: str) -> "Period":
        from contractlang.invoicing.invoicing import period_named

        period = period_named(terms, text)
        if period is not None:
            return period
        term, invoiced = terms.whole_term, terms.header.invoiced
        assert invoiced is not None, "a checked contract says its rhythm"
        raise ContractError(
            [
                error(
                    "CL963",
                    f'"{text}" is no period of this contract, invoiced {invoiced.rhythm} '
                    f"from {term.start} to {term.last}",
                    None,
                    f"name a period, such as {_named_period(invoiced, term.start)}, or any date inside one",
                )
            ]
        )

    def _invoice(self, rating: "Rating", period: "Period") -> "Invoice":
        from contractlang.invoicing.invoicing import invoice_of

        found = invoice_of(rating, period, self.parties, self.fingerprint, rating.usage.inputs)
        return replace(found, warnings=(*found.warnings, *self._parties[1]))

    @cached_property
    def _parties(self) -> "tuple[tuple[Party, ...], tuple[Diagnostic, ...]]":
        from contractlang.invoicing.parties import parties_of

        header = self.document.header
        names = (header.provider, header.client) if header is not None else ()
        asked = [(one.text if one else "", one.span if one else None) for one in names]
        return parties_of(self.document.folder, asked, self._parties_file)

    @property
    def parties(self) -> "tuple[Party, Party]":
        """The provider and the client, as parties.yaml says who they are."""
        provider, client = self._parties[0]
        return provider, client

    # ---- scenarios

    def run_tests(self) -> "tuple[ScenarioResult, ...]":
        """The contract's own scenarios, each with what failed in it."""
        from contractlang.rating.scenarios import run_scenario

        tests = [one for one in self.document.declarations if isinstance(one, tree.Test)]
        return tuple(run_scenario(self.checked, self.schema, test, self._series) for test in tests)


def load(path: str | Path, parties: Path | None = None, as_of: str | None = None) -> LoadedContract:
    """A contract from a file, or from a git revision of one (`HEAD~1:contracts/acme/acme.contract`).

    `as_of` is a git revision: the file as it stood then, under the name that it had then.
    `parties` names the file that says who the parties are; without it, parties.yaml is looked for beside
    the contract and above. Raises ContractError where the file cannot be read; what is wrong inside it
    is said by `check`.
    """
    if as_of is not None:
        from contractlang.syntax.loading import document_as_of

        return LoadedContract(document_as_of(path, as_of), parties)
    return LoadedContract(load_document(path), parties)


def load_text(text: str, name: str = "contract") -> LoadedContract:
    """A contract from its text; it has no folder, so it includes no file and reads no index."""
    return LoadedContract(document_from_text(text, name))


def load_usage(
    path: str | Path,
    contract: LoadedContract,
    allow_files: Iterable[str | Path] = (),
    shared: "SharedRows | None" = None,
) -> "MeasuredUsage":
    """The usage that a file describes, read against what a contract says about it.

    It names files below its own folder, or below one of `allow_files`. `shared` keeps the rows open for other
    contracts that ask the same of them. Raises ContractError with the file,
    row and column of what is wrong.
    """
    from contractlang.measuring.usage import load_usage as load

    open_rows = shared.opened if shared is not None else None
    return load(Path(path), contract.schema, str(path), tuple(map(Path, allow_files)), open_rows)


def profile_usage(
    contract: LoadedContract,
    usage: "MeasuredUsage",
    from_: str | None = None,
    to: str | None = None,
    *,
    name: str = "usage",
    since: str | Path | None = None,
    invoiced_until: "date | None" = None,
    language: str = "en",
) -> "UsageProfile":
    """What will be rated: rows by day, gaps, duplicates, clock oddities, values out of their range.

    `from_` names the first period to look at and `to` the last; without them it is the whole term. `name` is
    how messages call the usage file. `since` is the JSON of an earlier profile, or of an invoice, to compare
    with; `invoiced_until` a day of the last month of it that was invoiced, all of its months without it.
    `language` is that of the findings, en or fr. Raises ContractError where the rows cannot be counted, no
    period has that name (CL963, CL964), or `since` is neither of the two (CL860).
    """
    from contractlang.calendar import Days
    from contractlang.profiling import profile_usage as profile
    from contractlang.profiling.earlier import load_earlier

    rating = contract.rating(usage)
    days = None
    if from_ is not None:
        first, last = contract._period(rating, from_), contract._period(rating, to or from_)
        if last.days.start < first.days.start:
            raise _backwards(from_, to or from_)
        days = Days(first.days.start, last.days.end)
    earlier = load_earlier(Path(since)) if since is not None else None
    return profile(rating, name, days, earlier, invoiced_until, language)


def compare_terms(old: LoadedContract, new: LoadedContract) -> "tuple[Change, ...]":
    """What changed in meaning from one contract to another; nothing where only layout or comments did.

    Raises ContractError where the words of one of them cannot be read.
    """
    from contractlang.comparing import compare_terms as compare

    for one in (old, new):
        if has_errors(one.document.diagnostics):
            raise ContractError(found for found in one.document.diagnostics if has_errors([found]))
    return compare(old.document, new.document)


def price_changes(
    old: LoadedContract,
    new: LoadedContract,
    usage: str | Path,
    from_: str,
    to: str | None = None,
    allow_files: Iterable[str | Path] = (),
) -> "PricedDiff":
    """What changed, and what each change costs on the usage of some periods, `from_` to `to`, both included.

    The usage names files as `load_usage` says. Raises ContractError where a contract or the usage is at
    fault, where no period has that name (CL963, CL964), where the currency changes (CL983), and where no
    month can be compared.
    """
    from contractlang.calendar import Days
    from contractlang.comparing.months import Months
    from contractlang.comparing.pricing import price_changes as price

    changes = compare_terms(old, new)
    scopes = old.checked.scope, new.checked.scope
    first, last = (_days_named(old, new, text) for text in (from_, to or from_))
    if last.start < first.start:
        raise ContractError(
            [error("CL964", f"{to} comes before {from_}", None, "give the earlier one first")]
        )
    months = Months(_checked_document, Path(usage), scopes, changes, tuple(map(Path, allow_files)))
    return price(old.document, new.document, months, Days(first.start, last.end))


def diff_record(
    old: LoadedContract | None,
    new: LoadedContract | None,
    usage: str | Path | None = None,
    from_: str | None = None,
    to: str | None = None,
    allow_files: Iterable[str | Path] = (),
) -> dict[str, Any]:
    """The comparison of two contracts as one record of texts, which every format is made from.

    One of the two may be None, where the contract came or went. With a usage, `from_` names the first
    period and `to` the last. Raises ContractError as `price_changes` does.
    """
    from contractlang.comparing.record import contract_record

    names = [one.document.name if one is not None else None for one in (old, new)]
    known = new or old
    assert known is not None, "there is a contract to compare"
    title = known.document.header.title if known.document.header is not None else known.document.name
    if old is None or new is None:
        return contract_record(names[0], names[1], title, ())
    if usage is None or from_ is None:
        return contract_record(names[0], names[1], title, compare_terms(old, new))
    priced = price_changes(old, new, usage, from_, to, allow_files)
    return contract_record(names[0], names[1], title, priced.changes, priced)


def log_records(
    path: str | Path,
    usage: str | Path | None = None,
    from_: str | None = None,
    to: str | None = None,
    allow_files: Iterable[str | Path] = (),
) -> Iterator[dict[str, Any]]:
    """The commits of a contract's file, the newest first, each with what it changed and what that cost.

    Raises ContractError where the file has no history in git (CL984, CL986). A commit that cannot be
    priced says why in its record.
    """
    from contractlang.comparing.history import history_of
    from contractlang.comparing.record import entry_record

    folders = tuple(allow_files)
    for entry in history_of(Path(path)):
        if usage is None or from_ is None or entry.old is None or entry.new is None or not entry.changes:
            yield entry_record(entry)
            continue
        old, new = LoadedContract(entry.old), LoadedContract(entry.new)
        try:
            yield entry_record(entry, price_changes(old, new, usage, from_, to, folders))
        except ContractError as fault:
            yield entry_record(entry, None, fault.diagnostics)


def blame_records(path: str | Path, line: str) -> list[dict[str, Any]]:
    """The commits that brought a line of a contract and all that it reads; the line itself is first.

    Raises ContractError where there is no such line (CL987) and no history (CL984, CL986).
    """
    from contractlang.comparing.blaming import blame
    from contractlang.comparing.record import blame_record

    return [blame_record(one) for one in blame(Path(path), line)]


def _backwards(from_: str, to: str) -> ContractError:
    return ContractError(
        [error("CL964", f"{to} comes before {from_}", None, "give the earlier period first")]
    )


def _days_named(old: LoadedContract, new: LoadedContract, text: str) -> "Days":
    """The whole period of a name in the new contract, or in the old one where the new one has none."""
    from contractlang.invoicing.invoicing import period_named
    from contractlang.terms import ContractTerms

    for one in (new, old):
        period = period_named(ContractTerms(one.checked.document.declarations), text)
        if period is not None:
            return period.whole
    message = f'"{text}" is a period of neither contract'
    raise ContractError(
        [error("CL963", message, None, "name a period, such as 2026-07, or any date inside one")]
    )


def _checked_document(document: Document) -> CheckedContract:
    return LoadedContract(document).checked


__all__ = [
    "ContractError", "Diagnostic", "LoadedContract", "blame_records", "compare_terms", "diff_record",
    "in_order", "load", "load_text", "load_usage", "log_records", "price_changes", "profile_usage",
]  # fmt: skip


def _named_period(invoiced: tree.Invoiced, day: "date") -> str:
    """The name of the period of a rhythm that holds a day."""
    rhythm = invoiced.rhythm.text
    if rhythm == "weekly" or invoiced.first_day != 1:
        return f"{day}"
    if rhythm == "quarterly":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    if rhythm == "yearly":
        return f"{day.year}"
    return f"{day:%Y-%m}"
