"""What a billing run came to: contracts, documents, money by currency, and what went wrong."""

from dataclasses import dataclass, field
from fractions import Fraction

from contractlang.billing_run.jobs import Document, Outcome
from contractlang.exact import money


@dataclass(slots=True)
class Summary:
    """What a run came to; `totals` are net and gross of each currency."""

    contracts: int = 0
    included: int = 0
    skipped: int = 0
    failed: int = 0
    warnings: int = 0
    invoices: int = 0
    credit_notes: int = 0
    totals: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """Invoices and credit notes together."""
        return self.invoices + self.credit_notes

    def add(self, outcome: Outcome) -> None:
        """Count what came of one more contract."""
        if outcome.status == "included":
            self.included += 1
            return
        self.contracts += 1
        self.skipped += outcome.status == "skipped"
        self.failed += outcome.status == "failed"
        self.warnings += outcome.warnings
        for one in outcome.documents:
            self._count(one)

    def _count(self, document: Document) -> None:
        self.credit_notes += document.is_credit_note
        self.invoices += not document.is_credit_note
        net, gross = self.totals.get(document.currency, (Fraction(0), Fraction(0)))
        self.totals[document.currency] = net + document.net, gross + document.gross

    def record(self) -> dict[str, object]:
        """The summary as the last line of the schema `run`."""
        return {
            "contracts": self.contracts, "invoices": self.invoices, "credit_notes": self.credit_notes,
            "skipped": self.skipped, "failed": self.failed, "warnings": self.warnings,
            "totals": [
                {"currency": currency, "net": money(net, currency), "gross": money(gross, currency)}
                for currency, (net, gross) in sorted(self.totals.items())
            ],
        }  # fmt: skip

    def text(self) -> str:
        """The summary for people: what was counted, and a row for each currency."""
        counts = [
            many(self.contracts, "contract"), many(self.invoices, "invoice"),
            *([many(self.credit_notes, "credit note")] if self.credit_notes else []),
            *([f"{self.skipped} without a period"] if self.skipped else []),
            *([f"{self.failed} failed"] if self.failed else []),
            *([many(self.warnings, "warning")] if self.warnings else []),
        ]  # fmt: skip
        rows = [
            f"  {currency}  net {money(net, currency)}  gross {money(gross, currency)}\n"
            for currency, (net, gross) in sorted(self.totals.items())
        ]
        return ", ".join(counts) + "\n" + "".join(rows)


def many(count: int, what: str) -> str:
    """A count with its noun: `1 contract`, `2 contracts`."""
    return f"{count} {what}{'' if count == 1 else 's'}"
