"""The invoices of a document on one usage file, for documents that differ from one another.

In: a way to check documents, a usage file, and the two contracts that are compared. Out: a `Rate`. The
usage is one file for both, so each contract also knows the figures, tables and columns that only the
other one names; it reads none of them. A renamed figure is found under either of its names.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from contractlang.calendar import Days
from contractlang.checked import CheckedContract
from contractlang.comparing.changes import Change
from contractlang.comparing.pricing import Month
from contractlang.diagnostics import ContractError
from contractlang.invoicing.document import Party
from contractlang.invoicing.invoicing import invoice_of
from contractlang.kinds.scope import Scope, unit_table
from contractlang.measuring.schema import Schema, computed_kinds
from contractlang.measuring.series import Series, read_series
from contractlang.measuring.usage import MeasuredUsage, load_usage
from contractlang.rating.engine import Rating
from contractlang.syntax import tree
from contractlang.syntax.loading import Document

Check = Callable[[Document], CheckedContract]
"""A document checked; raises ContractError with what is wrong."""


class Months:
    """Rates documents on one usage file; `others` are the contracts whose names the file may use.

    `folders` are those whose files the usage may name beside its own.
    """

    def __init__(
        self,
        check: Check,
        usage: Path,
        others: tuple[Scope, ...] = (),
        changes: tuple[Change, ...] = (),
        folders: tuple[Path, ...] = (),
    ) -> None:
        self._check = check
        self._usage = usage
        self._others = others
        self._folders = folders
        self._renamed = [
            (str(one.old), str(one.new))
            for one in changes
            if (one.kind, one.attribute) == ("measure", "name")
        ]
        self._read: list[tuple[object, MeasuredUsage]] = []

    def __call__(self, document: Document, days: Days) -> tuple[Month, ...]:
        """The periods of some days, each with its invoice or why there is none."""
        checked = self._check(document)
        usage = self._measured(checked.scope)

        def series(index: tree.Index) -> Series:
            return read_series(document.folder, index)

        rating = Rating(checked, usage, series)
        header = rating.terms.header
        parties = [
            Party(one.text, one.text) if one else Party("", "") for one in (header.provider, header.client)
        ]
        found = []
        for period in rating.terms.periods(days):
            try:
                invoice = invoice_of(rating, period, parties, "", usage.inputs)
                found.append(Month(period.whole, invoice))
            except ContractError as fault:
                found.append(Month(period.whole, None, fault.diagnostics))
        return tuple(found)

    def _measured(self, scope: Scope) -> MeasuredUsage:
        """The usage read against a contract, once for all contracts that ask the same of it."""
        asked = _asked(scope)
        for known, usage in self._read:
            if known == asked:
                return usage
        strict = _schema(scope)
        try:
            usage = load_usage(self._usage, self._lenient(strict, scope), str(self._usage), self._folders)
        except ContractError:
            # A name that the other contract uses for something else is no reason to refuse the file.
            usage = load_usage(self._usage, strict, str(self._usage), self._folders)
        figures = dict(usage.figures)
        for one, other in self._renamed:
            for name, twin in ((one, other), (other, one)):
                if name not in figures and twin in figures:
                    figures[name] = figures[twin]
        usage.figures = figures
        self._read.append((asked, usage))
        return usage

    def _lenient(self, schema: Schema, scope: Scope) -> Schema:
        for other in self._others:
            schema = replace(
                schema,
                tables=_tables(schema.tables, other.tables),
                windows={**other.windows, **schema.windows},
                measures={**other.measures, **schema.measures},
                kinds={**computed_kinds(other), **schema.kinds},
            )
        units = [one for known in (*self._others, scope) for one in _units(known)]
        return replace(schema, units=unit_table(units))


def _schema(scope: Scope) -> Schema:
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


def _asked(scope: Scope) -> object:
    """All that the reading of a usage file depends on; formulas are computed later."""
    schema = _schema(scope)
    measures = {
        name: (one.unit, one.between, one.formula is None, one.not_added)
        for name, one in schema.measures.items()
    }
    words = {word: (scale.unit, scale.factor) for word, scale in schema.units.words.items()}
    return (
        dict(schema.tables), dict(schema.windows), measures, words,
        schema.currency, schema.timezone, schema.term, dict(schema.kinds),
    )  # fmt: skip


def _tables(own: Mapping[str, tree.Usage], other: Mapping[str, tree.Usage]) -> dict[str, tree.Usage]:
    """The contract's tables with the columns that only the other contract names, as optional ones."""
    found = {**other, **own}
    for name, table in own.items():
        if name not in other:
            continue
        known = {column.name.text for column in table.columns}
        more = tuple(
            replace(column, optional=True) for column in other[name].columns if column.name.text not in known
        )
        if more:
            found[name] = replace(table, columns=(*table.columns, *more))
    return found


def _units(scope: Scope) -> list[Any]:
    flat: list[Any] = list(scope.declarations)
    for amendment in scope.amendments:
        flat.extend(amendment.items)
    return [one for one in flat if isinstance(one, (tree.Unit, tree.Usage))]
