"""Why values are what they are, as an indented text outside any document: what a failed scenario shows."""

from collections.abc import Iterable

from contractlang.rendering.accounts import Account, account
from contractlang.rendering.languages import chosen
from contractlang.rendering.plain import wrapped
from contractlang.trace import Step

WIDTH = 100


def reasons_text(steps: Iterable[Step], currency: str, language: str | None = None) -> str:
    """The steps and all they rest on, a sentence a line, indented; `currency` is the contract's."""
    spoken = chosen(language, None)
    lines: list[str] = []
    for step in steps:
        _tell(account(spoken, step, currency), 1, lines)
    return "".join(f"{line}\n" for line in lines)


def _tell(told: Account, depth: int, lines: list[str]) -> None:
    sentence = told.text + (f" [{told.place}]" if told.place else "")
    lines.extend(wrapped(sentence, WIDTH, "  " * depth, "  " * depth + "  "))
    for part in told.parts:
        _tell(part, depth + 1, lines)
