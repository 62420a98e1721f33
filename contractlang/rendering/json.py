"""An invoice as JSON: the contract with other programs (`contractlang schema invoice`).

Decimals are strings. A number without a finite decimal expansion is rounded half up to ten decimals and
stands beside its exact fraction, under the same name with `_exact` behind it (`"quantity":
"0.3333333333", "quantity_exact": "1/3"`). Days are given by their first and last, both included.
"""

import json
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from contractlang.calendar import Days
from contractlang.diagnostics import Diagnostic
from contractlang.exact import approximate, decimals, is_decimal, money, plain
from contractlang.invoicing.document import Input, Invoice, InvoiceLine, LineVat, PaymentTerms, VatTotal
from contractlang.text import Span
from contractlang.trace import BandRow, Bands, Quantity, Step
from contractlang.units import BUILT_IN, Scale

Record: TypeAlias = dict[str, Any]

_APPROXIMATE_PLACES = 10
_SINGULARS = {
    "s": "second", "sec": "second", "min": "minute", "h": "hour", "seconds": "second", "minutes": "minute",
    "hours": "hour", "days": "day", "weeks": "week", "months": "month", "quarters": "quarter",
    "years": "year", "points": "point",
}  # fmt: skip


def invoice_text(invoice: Invoice) -> str:
    """The JSON of one invoice, in the order of the schema, with a line end."""
    return _dumped(invoice_record(invoice))


def invoices_text(invoices: tuple[Invoice, ...]) -> str:
    """The JSON of several invoices: a list."""
    return _dumped([invoice_record(one) for one in invoices])


def explanation_text(invoice: Invoice, lines: tuple[InvoiceLine, ...]) -> str:
    """The JSON of the explanation of some lines of an invoice."""
    record = {
        "contract": invoice.contract,
        "period": _days(invoice.period),
        "lines": [_line(line) for line in lines],
        "fingerprint": invoice.fingerprint,
    }
    return _dumped(record)


def invoice_record(invoice: Invoice) -> Record:
    """The invoice as the record of the schema."""
    currency = invoice.currency
    return {
        "document": invoice.document,
        "contract": invoice.contract,
        "provider": invoice.provider.key,
        "client": invoice.client.key,
        "period": _days(invoice.period),
        "phases": [name for name, _ in invoice.phases],
        "currency": currency,
        "lines": [_line(line) for line in invoice.lines],
        "totals": {
            "net": money(invoice.net, currency),
            "vat": [_vat_total(total, currency) for total in invoice.vat],
            "gross": money(invoice.gross, currency),
        },
        "payment": _payment(invoice.payment),
        "fingerprint": invoice.fingerprint,
        "amendments": list(invoice.amendments),
        "inputs": [input_record(one) for one in invoice.inputs],
        "warnings": [_warning(one) for one in invoice.warnings],
    }


def singular(scale: Scale) -> str:
    """The unit word of one: `call` for calls, `hour` for h; a compound or a percent as written."""
    text = scale.text
    if text in BUILT_IN:
        return _SINGULARS.get(text, text)
    base = scale.unit.single
    if base is not None and scale.factor == 1 and "/" not in text:
        return base
    return text


def _dumped(record: Record | list[Record]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _line(line: InvoiceLine) -> Record:
    return {
        "name": line.name,
        "label": line.label,
        "kind": line.kind,
        "from": line.days.start.isoformat(),
        "to": line.days.last.isoformat(),
        "phase": line.phase,
        "group": line.group,
        "tier": line.tier,
        **_number("quantity", line.quantity),
        "unit": _unit(line.quantity),
        **_number("unit_price", line.unit_price),
        "price_unit": _unit(line.unit_price),
        "amount": money(line.amount, line.currency),
        "currency": line.currency,
        "vat": vat_text(line.vat),
        "vat_nature": line.vat.nature,
        "vat_reason": line.vat.reason or None,
        "terms": {**_place(line.terms.span), "amendment": line.terms.amendment},
        "explanation": _step(line.reason),
    }


def vat_text(vat: LineVat | VatTotal) -> str | None:
    """The rate as the JSON says it: "20%", None where nothing is taxed."""
    return None if vat.rate is None else f"{_decimal(vat.rate * 100)}%"


def _vat_total(total: VatTotal, currency: str) -> Record:
    return {
        "rate": vat_text(total),
        "base": money(total.base, currency),
        "amount": money(total.amount, currency),
        "nature": total.nature,
        "reason": total.reason or None,
    }


def _payment(payment: PaymentTerms | None) -> Record | None:
    if payment is None:
        return None
    return {"count": payment.count, "unit": payment.unit, "end_of_month": payment.end_of_month}


def input_record(one: Input) -> Record:
    """What was read: a file by the hash of its bytes, a table of a database by what was asked of it."""
    found: Record = {"name": one.name, "sha256": one.sha256, "rows": one.rows}
    return found if one.query is None else {**found, "query": one.query}


def _warning(diagnostic: Diagnostic) -> Record:
    place = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "help": diagnostic.help or None,
        "file": diagnostic.file,
        "line": place.position().line + 1 if isinstance(place, Span) else getattr(place, "row", None),
    }


def _step(step: Step) -> Record:
    record: Record = {"kind": step.kind}
    if step.label:
        record["label"] = step.label
    record |= _value("value", step.value, step.scale)
    if step.scale is not None and isinstance(step.value, Fraction):
        record["unit"] = singular(step.scale)
    if step.span is not None:
        record["terms"] = _place(step.span)
    if step.facts:
        facts: Record = {}
        for name, fact in step.facts:
            facts |= _value(name, fact, None)
        record["facts"] = facts
    if step.children:
        record["steps"] = [_step(child) for child in step.children]
    return record


def _value(name: str, value: Any, scale: Scale | None) -> Record:
    """A value under its name, and the exact fraction beside it where the decimals do not end."""
    if isinstance(value, Fraction):
        return _number(name, Quantity(value, scale))
    return {name: _plain(value)}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return _decimal(value)
    if isinstance(value, Quantity):
        return {**_number("value", value), "unit": _unit(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Days):
        return _days(value)
    if isinstance(value, Bands):
        return _bands(value)
    if isinstance(value, Step):
        return _step(value)
    if isinstance(value, Span):
        return _place(value)
    if isinstance(value, Scale):
        return singular(value)
    if isinstance(value, tuple | list | frozenset):
        return [_plain(item) for item in value]
    # A fact of another type is not the reader's loss: its text is better than no invoice.
    return str(value)


def _bands(bands: Bands) -> Record:
    scale = bands.figure.scale
    return {
        "label": bands.label or None,
        "figure": _plain(bands.figure),
        "rows": [_band_row(row, scale) for row in bands.rows],
    }


def _band_row(row: BandRow, scale: Scale | None) -> Record:
    return {
        "text": row.text,
        "value": row.value,
        **_number("lower", Quantity(row.lower, scale)),
        "lower_included": row.lower_included,
        **_number("upper", Quantity(row.upper, scale)),
        "upper_included": row.upper_included,
        "no_data": row.no_data,
        "reached": row.reached,
    }


def _number(name: str, quantity: Quantity | None) -> Record:
    shown = None if quantity is None else quantity.shown
    if shown is None:
        return {name: None}
    least = 0
    if quantity is not None and quantity.scale is not None:
        currency = quantity.scale.unit.price_currency
        least = decimals(currency) if currency else 0
    if is_decimal(shown):
        return {name: plain(shown, least)}
    return {name: _decimal(shown), f"{name}_exact": f"{shown.numerator}/{shown.denominator}"}


def _decimal(value: Fraction) -> str:
    return plain(value) if is_decimal(value) else approximate(value, _APPROXIMATE_PLACES)


def _unit(quantity: Quantity | None) -> str | None:
    if quantity is None or quantity.scale is None:
        return None
    return singular(quantity.scale)


def _days(days: Days) -> Record:
    if not days:
        return {"from": days.start.isoformat(), "to": None}
    return {"from": days.start.isoformat(), "to": days.last.isoformat()}


def _place(span: Span) -> Record:
    position = span.position()
    return {"file": span.source.name, "line": position.line + 1, "column": position.character + 1}
