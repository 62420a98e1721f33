"""An invoice for a terminal: aligned columns, at most a hundred wide.

In: an `InvoiceView`. Out: text. Columns are counted as terminals draw them: a wide character takes two,
a combining one none; a control character of a label is never passed on to the terminal.
"""

import unicodedata

from contractlang.rendering.languages import Language
from contractlang.rendering.view import InvoiceView, LineView, PartyView

WIDTH = 100
_GAP = "  "
_NARROWEST_LABEL = 28


def text(view: InvoiceView, language: Language) -> str:
    """The document as text, with a line end."""
    rows: list[str] = [*_head(view, language), ""]
    rows += _lines(view, language)
    rows += ["", *_totals(view, language)]
    rows += _foot(view, language)
    return "\n".join(row.rstrip() for row in rows) + "\n"


def width(words: str) -> int:
    """The columns that a terminal takes for a text."""
    return sum(_columns(character) for character in words)


def clean(words: str) -> str:
    """A text without line ends, control characters and what turns the direction of a line."""
    return "".join(
        " " if character in "\n\r\t" else "\ufffd" if _unseen(character) else character for character in words
    )


def wrapped(words: str, columns: int, indent: str = "", following: str | None = None) -> list[str]:
    """A text broken at spaces into rows of at most so many columns; a longer word is cut."""
    later = indent if following is None else following
    rows, row = [], indent
    started = False
    for word in clean(words).split(" "):
        for piece in _pieces(word, max(1, columns - width(later))):
            if started and width(row) + 1 + width(piece) > columns:
                rows.append(row)
                row, started = later, False
            row += (" " if started else "") + piece
            started = True
    return [*rows, row]


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _unseen(character: str) -> bool:
    if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs"):
        return True
    return character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _pieces(word: str, columns: int) -> list[str]:
    pieces, piece, taken = [], "", 0
    for character in word:
        more = _columns(character)
        if piece and taken + more > columns:
            pieces.append(piece)
            piece, taken = "", 0
        piece += character
        taken += more
    return [*pieces, piece]


def _left(words: str, columns: int) -> str:
    return words + " " * (columns - width(words))


def _right(words: str, columns: int) -> str:
    return " " * (columns - width(words)) + words


def _head(view: InvoiceView, language: Language) -> list[str]:
    title = view.title.upper()
    rows = [title + _right(view.period, WIDTH - width(title))]
    rows += wrapped(view.contract, WIDTH)
    if view.phases:
        key = "phase" if len(view.phases) == 1 else "phases"
        rows += wrapped(language.headed(key, ", ".join(view.phases)), WIDTH)
    half = (WIDTH - 4) // 2
    left = _party(view.provider, language.say("from"), half)
    right = _party(view.client, language.say("to"), half)
    rows.append("")
    for index in range(max(len(left), len(right))):
        one = left[index] if index < len(left) else ""
        other = right[index] if index < len(right) else ""
        rows.append(_left(one, half) + "    " + other)
    return rows


def _party(party: PartyView, word: str, columns: int) -> list[str]:
    rows = [word]
    for words in (party.name, *party.address, *(f"{key} {value}" for key, value in party.identifiers)):
        rows += wrapped(words, columns, "  ")
    return rows


def _lines(view: InvoiceView, language: Language) -> list[str]:
    if not view.lines:
        return wrapped(language.say("no lines"), WIDTH)
    table = _Table(view, language)
    rows = [table.heading(language), "─" * WIDTH]
    for index, section in enumerate(view.sections):
        if len(view.sections) > 1:
            rows += [""] if index else []
            rows += wrapped(section.title, WIDTH)
        for line in section.lines:
            rows += table.line(line)
        if section.subtotal:
            rows.append(table.sum(language.say("subtotal"), section.subtotal))
    return [*rows, "─" * WIDTH]


class _Table:
    """The widths of the columns: prices and then quantities move under the label where it is too wide."""

    def __init__(self, view: InvoiceView, language: Language) -> None:
        amounts = [line.amount for line in view.lines] + [section.subtotal for section in view.sections]
        self.amount = max(width(one) for one in [*amounts, language.say("amount")])
        self.vat = max(width(one) for one in [*(line.vat for line in view.lines), language.say("vat")])
        self.price = self._widest(
            language, "unit price", [line.unit_price or line.pricing for line in view.lines]
        )
        self.quantity = self._widest(language, "quantity", [line.quantity for line in view.lines])
        if self._label < _NARROWEST_LABEL:
            self.price = 0
        if self._label < _NARROWEST_LABEL:
            self.quantity = 0

    @staticmethod
    def _widest(language: Language, heading: str, cells: list[str]) -> int:
        widest = max((width(cell) for cell in cells), default=0)
        return max(widest, width(language.say(heading))) if widest else 0

    @property
    def _label(self) -> int:
        columns = (self.quantity, self.price, self.amount, self.vat)
        return WIDTH - sum(one + len(_GAP) for one in columns if one)

    def heading(self, language: Language) -> str:
        words = ("description", "quantity", "unit price", "amount", "vat")
        return self._row(*(language.say(word) for word in words))

    def line(self, line: LineView) -> list[str]:
        price = line.unit_price or line.pricing
        labels = wrapped(line.label, self._label)
        details = list(line.details)
        hidden = [
            cell
            for cell, column in ((line.quantity, self.quantity), (price, self.price))
            if cell and not column
        ]
        if hidden:
            details.append(" × ".join(hidden))
        rows = [self._row(labels[0], line.quantity, price, line.amount, line.vat)]
        rows += labels[1:]
        for detail in details:
            rows += wrapped(detail, self._label, "  ")
        return rows

    def sum(self, words: str, amount: str) -> str:
        return self._row(words, "", "", amount, "")

    def _row(self, label: str, quantity: str, price: str, amount: str, vat: str) -> str:
        cells = [_left(label, self._label)]
        columns = (
            (quantity, self.quantity), (price, self.price), (amount, self.amount), (vat, self.vat),
        )  # fmt: skip
        cells += [_right(cell, column) for cell, column in columns if column]
        return _GAP.join(cells)


def _totals(view: InvoiceView, language: Language) -> list[str]:
    rows = [(language.say("net"), view.net)]
    for vat in view.vat:
        words = language.say("vat total", rate=vat.rate) if vat.taxed else vat.rate
        rows.append((f"{words} ({language.say('vat base')} {vat.base})", vat.amount))
    rows.append((view.gross_label, view.gross))
    amount = max(width(one) for _, one in rows)
    found: list[str] = []
    for words, sum_ in rows:
        *before, last = wrapped(words, WIDTH - amount - len(_GAP))
        found += [_right(row, WIDTH - amount - len(_GAP)) for row in before]
        found.append(_right(last, WIDTH - amount - len(_GAP)) + _GAP + _right(sum_, amount))
    return found


def _foot(view: InvoiceView, language: Language) -> list[str]:
    rows: list[str] = []
    if view.payment:
        rows += ["", *wrapped(view.payment, WIDTH)]
        rows += [f"{key} {value}" for key, value in view.provider.bank]
    if view.amendments:
        rows += ["", *wrapped(language.headed("amendments", ", ".join(view.amendments)), WIDTH)]
    rows += ["", language.headed("fingerprint", view.fingerprint)]
    if view.remarks:
        rows += ["", language.headed("warnings", "")]
        for remark in view.remarks:
            where = f" ({remark.place})" if remark.place else ""
            rows += wrapped(f"- {remark.code}: {remark.message}{where}", WIDTH, "", "  ")
    return rows
