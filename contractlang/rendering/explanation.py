"""Why each line of an invoice is what it is: sentences that a controller can recompute by hand.

In: an `Invoice`. Out: text, Markdown or JSON for one line or all. Every figure stands with its days and
its source, every operation with its numbers; exact numbers are printed whole, and one without a finite
decimal expansion stands beside its fraction.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from contractlang.invoicing.document import Invoice, lines_named

if TYPE_CHECKING:
    from contractlang.rendering.view import LineView

Format: TypeAlias = Literal["text", "markdown", "json"]
FORMATS: tuple[Format, ...] = ("text", "markdown", "json")
"""The formats of an explanation; the first is the one of a terminal."""


def render(invoice: Invoice, line: str | None, format: str, language: str | None = None) -> str:
    """The explanation of the lines called `line`, or of all, in one of `FORMATS`.

    `language` is `en` or `fr`; by default the client's, else English. Raises ContractError (CL975) for a
    name that no line of the invoice has.
    """
    assert format in FORMATS, f"{format!r} is not a format of explanations"
    lines = lines_named(invoice, line)
    if format == "json":
        from contractlang.rendering import json

        return json.explanation_text(invoice, lines)
    from contractlang.rendering.languages import chosen
    from contractlang.rendering.view import view

    words = chosen(language, invoice.client.language)
    shown = view(invoice, words)
    wanted = [one for one, printed in zip(shown.lines, invoice.lines, strict=True) if printed in lines]
    head = f"{shown.contract}, {shown.period}"
    if format == "markdown":
        rows = [f"# {_escaped(head)}", ""]
        for one in wanted:
            rows += _markdown(one, words.say("clause"))
    else:
        from contractlang.rendering.plain import WIDTH, wrapped

        rows = wrapped(head, WIDTH)
        for one in wanted:
            rows += ["", *_text(one, words.say("clause"), WIDTH)]
    if not wanted:
        rows += ["", words.say("no lines")]
    return "\n".join(rows).rstrip() + "\n"


def _text(line: "LineView", clause: str, width: int) -> Iterator[str]:
    from contractlang.rendering.plain import clean, wrapped
    from contractlang.rendering.plain import width as columns

    title = clean(", ".join([line.label, *line.details]))
    room = width - columns(line.amount) - 2
    first, *rest = wrapped(title, room)
    yield first + " " * (width - columns(first) - columns(line.amount)) + line.amount
    yield from rest
    yield from wrapped(f"{line.name} · {clause} {line.place}", width)
    for depth, sentence in _sentences(line):
        yield from wrapped(sentence, width, "  " * depth, "  " * depth + "  ")


def _markdown(line: "LineView", clause: str) -> Iterator[str]:
    title = ", ".join([line.label, *line.details])
    yield f"## {_escaped(title)}: {_escaped(line.amount)}"
    yield ""
    yield f"`{line.name}`, {_escaped(clause)} {_escaped(line.place)}"
    yield ""
    for depth, sentence in _sentences(line):
        yield f"{'  ' * (depth - 1)}- {_escaped(sentence)}"
    yield ""


def _sentences(line: "LineView") -> Iterator[tuple[int, str]]:
    """The sentences of a line in order, each with its depth from 1 and the place where it changes."""
    waiting = [(1, line.account)]
    while waiting:
        depth, account = waiting.pop()
        told = account.text
        if account.place and account.place != line.place:
            told += f" [{account.place}]"
        yield depth, told
        waiting.extend((depth + 1, part) for part in reversed(account.parts))


def _escaped(words: str) -> str:
    from contractlang.rendering.markdown import escaped

    return escaped(words)
