"""An invoice as one row a line, for scripts and specs: `--format lines`.

    invoice 2026-07-01..2026-07-31 EUR phase performance
    handling 2026-07-01..2026-07-31 51145.50 vat 20%
    net 51145.50
    vat 20% of 51145.50 10229.10
    gross 61374.60
    payment 30 days

Fields are separated by one space. The first word of the first row is `invoice` or `credit_note`. Where
a line is one of several, of a value or of a tier, its row ends with `per "fr"` or `tier 2`.
"""

import json

from contractlang.calendar import Days
from contractlang.exact import money
from contractlang.invoicing.document import Invoice, InvoiceLine, LineVat, VatTotal
from contractlang.rendering.json import vat_text


def invoice_lines(invoice: Invoice) -> str:
    """The rows of an invoice: its days and phases, its lines, its totals."""
    currency = invoice.currency
    head = f"{invoice.document} {_days(invoice.period)} {currency}"
    for key, _ in invoice.phases:
        head += f" phase {key}"
    rows = [head, *(_line(line) for line in invoice.lines), f"net {money(invoice.net, currency)}"]
    for total in invoice.vat:
        rows.append(f"vat {_nature(total)} of {money(total.base, currency)} {money(total.amount, currency)}")
    rows.append(f"gross {money(invoice.gross, currency)}")
    if invoice.payment is not None:
        count, unit = invoice.payment.count, invoice.payment.unit
        ending = " end of month" if invoice.payment.end_of_month else ""
        rows.append(f"payment {count} {unit}{'' if count == 1 else 's'}{ending}")
    return "".join(f"{row}\n" for row in rows)


def _line(line: InvoiceLine) -> str:
    row = f"{line.name} {_days(line.days)} {money(line.amount, line.currency)} vat {_nature(line.vat)}"
    if line.group is not None:
        row += f" per {json.dumps(line.group, ensure_ascii=False)}"
    if line.tier is not None:
        row += f" tier {line.tier}"
    return row


def _nature(vat: LineVat | VatTotal) -> str:
    return vat_text(vat) or vat.nature


def _days(days: Days) -> str:
    return f"{days.start}..{days.last}" if days else f"{days.start}.."
