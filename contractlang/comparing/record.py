"""A comparison as one plain record: what JSON prints, and what text and Markdown are made from.

In: changes, a `PricedDiff`, entries of a history. Out: dictionaries of texts, lists and None. Amounts are
decimals as strings, in the currency that stands beside them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from contractlang.calendar import Days
from contractlang.comparing.blaming import Blame
from contractlang.comparing.changes import Change, gravest
from contractlang.comparing.history import Entry
from contractlang.comparing.pricing import Money, PricedChange, PricedDiff
from contractlang.comparing.sentences import signed_percent
from contractlang.diagnostics import Diagnostic
from contractlang.exact import money
from contractlang.syntax.wording import days as days_in_words
from contractlang.text import Span

Record: TypeAlias = dict[str, Any]


def contract_record(
    old: str | None, new: str | None, title: str, changes: Sequence[Change], priced: PricedDiff | None = None
) -> Record:
    """The comparison of one contract; `old` or `new` is None where the contract came or went.

    `wrong` is for whoever prices several contracts: why this one has no `money`.
    """
    return {
        "old": old,
        "new": new,
        "contract": title,
        "status": "added" if old is None else "removed" if new is None else "changed" if changes else "same",
        "class": gravest(changes),
        "changes": [change_record(one) for one in changes],
        "money": _money_record(priced) if priced is not None else None,
        "wrong": [],
    }


def change_record(change: Change) -> Record:
    """One change."""
    return {
        "sentence": change.sentence,
        "class": change.category,
        "kind": change.kind,
        "name": change.name,
        "phase": change.phase,
        "amendment": change.amendment,
        "attribute": change.attribute,
        "old": change.old,
        "new": change.new,
        "effective": _day(change.effective),
        "detail": list(change.detail),
        "old_terms": _place(change.old_span),
        "new_terms": _place(change.new_span),
    }


def entry_record(entry: Entry, priced: PricedDiff | None = None, fault: Sequence[Diagnostic] = ()) -> Record:
    """One commit of a history; `fault` says why it could not be priced."""
    return {
        "commit": entry.commit.hash,
        "date": entry.commit.date.isoformat(),
        "author": entry.commit.author,
        "subject": entry.commit.subject,
        "file": entry.commit.key,
        "first": entry.first,
        "class": gravest(entry.changes),
        "changes": [change_record(one) for one in entry.changes],
        "money": _money_record(priced) if priced is not None else None,
        "wrong": [_fault(one) for one in (*entry.wrong, *fault)],
    }


def blame_record(blame: Blame) -> Record:
    """A clause and the commit that brought it."""
    commit = blame.entry.commit
    return {
        "kind": blame.kind,
        "name": blame.name,
        "terms": _place(blame.span),
        "commit": commit.hash,
        "date": commit.date.isoformat(),
        "author": commit.author,
        "subject": commit.subject,
        "change": change_record(blame.change) if blame.change is not None else None,
    }


def _money_record(priced: PricedDiff) -> Record:
    currency = priced.currency
    index = {id(one): at for at, one in enumerate(priced.changes)}

    def numbers(changes: Iterable[Change]) -> list[int]:
        return [index[id(one)] for one in changes]

    def told(one: PricedChange) -> Record:
        reason = one.reason
        return {
            "changes": numbers(one.changes),
            "needs": numbers(one.needs),
            **_amounts(one.delta, currency),
            "lines": [{"name": name, "delta": money(value, currency)} for name, value in one.lines],
            "reason": {"code": reason.code, "text": reason.words} if reason is not None else None,
        }

    return {
        "currency": currency,
        "period": _compared(priced),
        "months": [
            {
                **_span(month.days),
                "period": days_in_words(month.days.start, month.days.end),
                "old": _amounts(month.old, currency),
                "new": _amounts(month.new, currency),
                "delta": _amounts(month.new.plus(month.old, -1), currency),
                "wrong": [_fault(one) for one in month.wrong],
                "at_fault": month.at_fault or None,
            }
            for month in priced.months
        ],
        "old": _amounts(priced.old, currency),
        "new": _amounts(priced.new, currency),
        "delta": _amounts(priced.delta, currency),
        "percent": _percent(priced.old.net, priced.delta.net),
        "lines": [
            {
                "name": line.name,
                "label": line.label,
                "old": money(line.old, currency),
                "new": money(line.new, currency),
                "delta": money(line.new - line.old, currency),
            }
            for line in priced.lines
            if line.old != line.new
        ],
        "changes": [told(one) for one in priced.priced],
        "interaction": _amounts(priced.interaction, currency),
        "wording": numbers(priced.unpriced),
        "inputs": [{"name": one.name, "sha256": one.sha256, "rows": one.rows} for one in priced.inputs],
    }


def _compared(priced: PricedDiff) -> str:
    """The months that are compared: `2026-07`, `2026-07 to 2026-09`, `2026-07, 2026-09`."""
    rated = [month.days for month in priced.months if not month.wrong]
    spans: list[Days] = []
    for one in rated:
        if spans and spans[-1].end == one.start:
            spans[-1] = Days(spans[-1].start, one.end)
        else:
            spans.append(one)
    words = ", ".join(days_in_words(one.start, one.end) for one in spans)
    left = len(priced.months) - len(rated)
    return f"{words} ({left} of {len(priced.months)} periods cannot be rated)" if left else words


def _amounts(value: Money, currency: str) -> Record:
    return {
        "net": money(value.net, currency),
        "vat": money(value.vat, currency),
        "gross": money(value.net + value.vat, currency),
    }


def _percent(old: Fraction, delta: Fraction) -> str | None:
    return signed_percent(delta / abs(old) * 100) if old else None


def _fault(diagnostic: Diagnostic) -> Record:
    return {"code": diagnostic.code, "message": diagnostic.message, "help": diagnostic.help or None}


def _span(days: Days) -> Record:
    return {"from": days.start.isoformat(), "to": days.last.isoformat()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _place(span: Span | None) -> Record | None:
    if span is None:
        return None
    position = span.position()
    return {"file": span.source.name, "line": position.line + 1, "column": position.character + 1}
