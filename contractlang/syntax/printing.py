"""Tree to text: the canonical form of a contract, its normal form, and its fingerprint.

In: declarations of `tree`. Out: text that reads back as an equal tree. The clauses of a declaration
are printed in one order, whatever order they were written in: that of the methods below, which is
the order of the examples of the language (name, label, what it is of or on, `=`, conditions and
bounds, days, rhythm, proration, VAT, tables last).

The normal form is what the fingerprint is made of (`docs/decisions/007-fingerprint.md`): no comments, no
needless parentheses, numbers without zeros at the end, no scenarios; declarations stay in the order
written, because lines are printed in that order on the invoice, and amendments stay what they are.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256

from contractlang.syntax import tree
from contractlang.syntax.loading import Document
from contractlang.syntax.wording import ONE_DAY, Wording, block, days, indented, length, quoted

_PLAIN_KEY = re.compile(r"[^\W\d]\w*")
_WIDEST_ROW = 100


def print_document(declarations: Sequence[tree.AnyDeclaration]) -> str:
    """Declarations as canonical text, with the `##` comments that document them."""
    printer = _Printer(Wording(), documented=True)
    texts = [printer.declaration(one) for one in declarations]
    return _joined(declarations, texts)


def print_expression(expression: tree.Expression) -> str:
    """An expression as canonical text; tables of rows take several lines."""
    return Wording().expression(expression)


def normal_form(document: Document) -> str:
    """The text that two contracts share where their terms are the same."""
    printer = _Printer(Wording(normal=True), documented=False)
    terms = [one for one in document.declarations if not isinstance(one, tree.Test)]
    return "".join(printer.declaration(one) + "\n" for one in terms)


def fingerprint(document: Document, facts: Iterable[tuple[str, str]] = ()) -> str:
    """The fingerprint of a contract's terms, as invoices print it: `3f2a 91bc 04de 77a1`.

    `facts` are named texts that the terms rest on without holding them, such as a country's list of
    holidays; their order does not matter. The fingerprint is the first 16 hexadecimal digits of a
    SHA-256.
    """
    content = normal_form(document)
    # A normal form never holds a NUL, so that facts cannot be mistaken for terms.
    for name, value in sorted(facts):
        content += f"\0{name}\0{value}"
    digits = sha256(content.encode()).hexdigest()[:16]
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


def _joined(declarations: Sequence[tree.AnyDeclaration], texts: Sequence[str]) -> str:
    """Declarations one under the other, with an empty line where the kind changes or one is long."""
    lines: list[str] = []
    for at, text in enumerate(texts):
        if at and (
            "\n" in text or "\n" in texts[at - 1] or _kind(declarations[at]) != _kind(declarations[at - 1])
        ):
            lines.append("")
        lines.append(text)
    return "\n".join(lines) + "\n" if lines else ""


def _kind(declaration: tree.AnyDeclaration) -> type | str:
    return declaration.kind if isinstance(declaration, tree.Price) else type(declaration)


class _Printer:
    """Prints declarations, each without an end of line."""

    def __init__(self, wording: Wording, documented: bool) -> None:
        self.wording = wording
        self.documented = documented

    def declaration(self, node: tree.AnyDeclaration) -> str:
        """A declaration, under the comment that documents it where that is printed."""
        text = self._text(node)
        if self.documented and node.doc:
            comment = "\n".join(f"## {line}".rstrip() for line in node.doc.split("\n"))
            return f"{comment}\n{text}"
        return text

    def _text(self, node: tree.AnyDeclaration) -> str:
        word = self.wording
        match node:
            case tree.Contract():
                return f"contract {quoted(node.title)}{block(self._header(node))}"
            case tree.Include():
                return f"include {quoted(node.path)}"
            case tree.Unit():
                plural = f" plural {node.plural.text}" if node.plural else ""
                equals = f" = {word.sum(node.equals)}" if node.equals is not None else ""
                return f"unit {node.name.text}{plural}{equals}"
            case tree.Usage():
                on = f" on {node.on.text}" if node.on else ""
                key = f" key {' and '.join(name.text for name in node.key)}" if node.key else ""
                columns = block(self._column(column) for column in node.columns)
                return f"usage {node.name.text} each {node.unit.text}{on}{key}{columns}"
            case tree.Window():
                value = f" = {word.window(node.value)}" if node.value is not None else ""
                return f"window {node.name.text}{_label(node.label)}{value}"
            case tree.Measure():
                return self._measure(node)
            case tree.Price():
                return self._price(node)
            case tree.Index():
                return f"index {node.name.text}{_label(node.label)} from {quoted(node.path)}"
            case tree.Line():
                return self._line(node)
            case tree.Phase():
                items = block(self.declaration(item) for item in node.items)
                return f"phase {node.name.text}{_label(node.label)}{items}"
            case tree.Transition():
                return self._transition(node)
            case tree.Remove():
                return f"remove {node.name.text}"
            case tree.Amendment():
                header = self._restated(node)
                items = block([*header, *(self.declaration(item) for item in node.items)])
                return f"amendment {quoted(node.label)} effective {node.effective.isoformat()}{items}"
            case tree.Test():
                return f"test {quoted(node.title)}{block(self._scenario(item) for item in node.items)}"
            case tree.Invariant():
                return f"invariant {quoted(node.title)} : {word.expression(node.condition)}"

    # ---- the header

    def _header(self, node: tree.Contract) -> list[str]:
        rows = [
            f"provider {_key(node.provider.text)}" if node.provider else "",
            f"client {_key(node.client.text)}" if node.client else "",
            self._term(node.term),
            self._invoiced(node.invoiced),
            f"currency {node.currency.text}" if node.currency else "",
            f"timezone {node.timezone.text}" if node.timezone else "",
            self._vat(node.vat),
            self._payment(node.payment),
        ]
        if node.rounding:
            rows.append(f"rounding {node.rounding.mode} to {self.wording.step(node.rounding.step)}")
        if node.edition is not None:
            rows.append(f"edition {node.edition}")
        return [row for row in rows if row]

    def _restated(self, node: tree.Amendment) -> list[str]:
        rows = [self._term(node.term), self._vat(node.vat), self._payment(node.payment)]
        return [row for row in rows if row]

    def _term(self, node: tree.Term | None) -> str:
        if node is None:
            return ""
        return f"term {node.start.isoformat()} to {(node.end - ONE_DAY).isoformat()}"

    def _invoiced(self, node: tree.Invoiced | None) -> str:
        if node is None:
            return ""
        first = f" from day {node.first_day}" if node.first_day != 1 else ""
        return f"invoiced {node.rhythm.text}{first}"

    def _vat(self, node: tree.Vat | None) -> str:
        if node is None:
            return ""
        if node.percent is not None:
            return f"vat {self.wording.percent(node.percent)}"
        return f"vat{self._dated(node.dated)}"

    def _payment(self, node: tree.Payment | None) -> str:
        if node is None:
            return ""
        return f"payment {length(node.length)}" + (" end of month" if node.end_of_month else "")

    def _dated(self, rows: Iterable[tree.Dated]) -> str:
        return block(f"from {row.start.isoformat()} : {self.wording.expression(row.value)}" for row in rows)

    # ---- what is measured, and prices

    def _column(self, node: tree.Column) -> str:
        return f"{node.name.text} {self.wording.column(node)}"

    def _measure(self, node: tree.Measure) -> str:
        word = self.wording
        words = [f"measure {node.name.text}{_label(node.label)}"]
        if node.formula is not None:
            words.append(f"= {word.expression(node.formula)}")
        if node.unit:
            words.append(f"in {node.unit.text}")
        if node.rounding:
            words.append(word.rounding(node.rounding))
        if node.when is not None:
            words.append(f"when {word.expression(node.when)}")
        if node.between:
            words.append(f"between {word.bound(node.between[0])} and {word.bound(node.between[1])}")
        if node.otherwise is not None:
            words.append(f"else {word.bound(node.otherwise)}")
        if node.not_added:
            words.append("not added")
        if node.prorated_by_day:
            words.append("prorated by day")
        return " ".join(words)

    def _price(self, node: tree.Price) -> str:
        text = f"{node.kind} {node.name.text}{_label(node.label)}"
        if isinstance(node.formula, tree.ByValue):
            text += f" {self.wording.by_value(node.formula)}"
        elif node.formula is not None:
            text += f" = {self.wording.expression(node.formula)}"
        if node.dated:
            text += self._dated(node.dated)
        if node.indexed:
            text += f" {self._indexation(node.indexed)}"
        return text

    def _indexation(self, node: tree.Indexation) -> str:
        word = self.wording
        words = [f"indexed on {node.index.text}"]
        if node.base:
            words.append(f"base {days(node.base.start, node.base.end)}")
        if node.every:
            words.append(f"every {node.every.text}")
        if node.fixed_part:
            words.append(f"fixed part {word.percent(node.fixed_part)}")
        if node.lag:
            words.append(f"lag {length(node.lag)}")
        if node.coefficient:
            words.append(f"coefficient {word.rounding(node.coefficient)}")
        if node.at_most is not None:
            words.append(f"at most {word.percent(node.at_most)}")
        if node.unchanged_within is not None:
            words.append(f"unchanged within {word.percent(node.unchanged_within)}")
        return " ".join(words)

    # ---- lines

    def _line(self, node: tree.Line) -> str:
        word = self.wording
        on = [f"on {' + '.join(name.text for name in node.on)}"] if node.on else []
        value = [f"= {word.expression(node.value)}"] if node.value is not None else []
        words = [f"{node.kind.replace('_', '-')} {node.name.text}{_label(node.label)}"]
        if node.of:
            words.append(f"of {node.of.text}")
        # A bonus is `on` lines, then says how much; a minimum is an amount `on` lines.
        words += [*on, *value] if node.kind == "bonus_malus" else [*value, *on]
        words += self._bounds(node)
        words += self._time(node)
        if node.vat:
            words.append(self._nature(node.vat))
        if node.one_line_per_tier:
            words.append("one line per tier")
        if node.carried_forward:
            words.append("carried forward")
        parts = [self._part(part) for part in node.parts]
        if node.scorecard:
            return " ".join(words) + block(parts)
        return " ".join([*words, *parts])

    def _bounds(self, node: tree.Line) -> list[str]:
        word = self.wording
        words = []
        if node.as_of:
            words.append(f"as of {node.as_of.text}")
        if node.between:
            words.append(f"between {word.bound(node.between[0])} and {word.bound(node.between[1])}")
        for name, bound in (("at most", node.at_most), ("at least", node.at_least)):
            if bound:
                over = f" over {word.span(bound.over)}" if bound.over is not None else ""
                words.append(f"{name} {word.bound(bound.value)}{over}")
        for name, value in (("bonus at most", node.bonus_at_most), ("malus at most", node.malus_at_most)):
            if value is not None:
                words.append(f"{name} {word.bound(value)}")
        gates = (("bonus when", node.bonus_when), ("malus when", node.malus_when), ("when", node.when))
        words += [f"{name} {word.expression(gate)}" for name, gate in gates if gate is not None]
        return words

    def _time(self, node: tree.Line) -> list[str]:
        words = []
        if node.start:
            words.append(f"from {node.start.isoformat()}")
        if node.until:
            words.append(f"until {node.until.isoformat()}")
        if node.every:
            words.append(f"every {node.every.text}")
        if node.timing:
            words.append(f"in {node.timing}")
        if node.not_prorated:
            words.append("not prorated")
        if node.once:
            words.append("once")
        if node.once_on:
            words.append(f"once on {node.once_on.isoformat()}")
        return words

    def _nature(self, node: tree.VatNature) -> str:
        if node.percent is not None:
            return f"{node.nature} {self.wording.percent(node.percent)}"
        return f"{node.nature} {quoted(node.reason)}"

    def _part(self, node: tree.Part) -> str:
        name = f" as {node.name.text}" if node.name else ""
        weight = f" weight {self.wording.percent(node.weight)}" if node.weight is not None else ""
        return f"by {self.wording.sum(node.figure)}{name}{weight}{self.wording.rows(node.rows)}"

    # ---- phases and scenarios

    def _transition(self, node: tree.Transition) -> str:
        words = [f"transition to {node.to.text}"]
        if node.after:
            words.append(f"after {length(node.after)}")
        if node.on:
            words.append(f"on {node.on.isoformat()}")
        if node.when is not None:
            words.append(f"when {self.wording.expression(node.when)}")
        if node.not_before:
            words.append(f"not before {length(node.not_before)}")
        return " ".join(words)

    def _scenario(self, node: tree.Given | tree.Expect) -> str:
        if isinstance(node, tree.Given):
            return self._given(node)
        member = f".{node.member.text}" if node.member else ""
        period = f" in {days(node.period.start, node.period.end)}" if node.period else ""
        return f"expect {node.subject.text}{member} = {self.wording.expression(node.value)}{period}"

    def _given(self, node: tree.Given) -> str:
        head = f"given {days(node.period.start, node.period.end)}"
        figures = [f"{one.name.text} = {self.wording.expression(one.value)}" for one in node.figures]
        row = f"{head} {{ {'  '.join(figures)} }}"
        if "\n" not in row and len(row) <= _WIDEST_ROW:
            return row
        return f"{head} {{\n" + indented("\n".join(figures)) + "\n}"


def _label(label: str | None) -> str:
    return f" {quoted(label)}" if label is not None else ""


def _key(text: str) -> str:
    return text if _PLAIN_KEY.fullmatch(text) else quoted(text)
