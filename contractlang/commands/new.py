"""`contractlang new`: a first contract from a few answers."""

import os
import shlex
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from contractlang.commands.output import complain

if TYPE_CHECKING:
    from contractlang.starting import Answers, Question, Written

_Command = TypeVar("_Command", bound=Callable[..., object])

# The key of the question, what stands for its value, and the help.
_ANSWERS = (
    ("language", "fr|en", "The language of the notes and labels."),
    ("client", "NAME", "Who is invoiced."),
    ("provider", "NAME", "Who provides the service."),
    ("name", "TEXT", "The name of the contract."),
    ("model", "MODEL", "hours-then-acts, hours, acts, flat, head or subscription."),
    ("currency", "CODE", "Three letters, such as EUR."),
    ("start", "DATE", "The first day of the term, such as 2026-01-01."),
    ("end", "DATE", 'The last day of the term, or its length: "24 months".'),
    ("timezone", "ZONE", "Such as Europe/Paris."),
    ("vat", "PERCENT", "The rate of VAT."),
    ("counted", "WORD", "What one act, or one head, is called."),
    ("months", "N", "How many months by the hour, in hours-then-acts."),
    ("price", "PRICE", "The price of an hour, an act, a head, or the sum a month."),
    ("act_price", "PRICE", "The price of an act, in hours-then-acts."),
    ("quality", "FIGURE", "What moves the price: none, answered, resolution, satisfaction, on-time."),
    ("target", "PERCENT", "Where the bonus begins and the malus ends."),
    ("bonus", "PERCENT", "The bonus at most, of the line."),
    ("malus", "PERCENT", "The malus at most, of the line."),
)


def _answer_options(command: _Command) -> _Command:
    for key, metavar, told in reversed(_ANSWERS):
        command = click.option(f"--{key.replace('_', '-')}", metavar=metavar, help=told)(command)
    return command


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@_answer_options
@click.option("--yes", is_flag=True, help="Ask nothing: what is not said takes its default.")
def command(folder: Path | None, yes: bool, **given: str | None) -> None:
    """Write a first contract, its usage and its test from a few answers.

    On a terminal each answer that no option gives is asked for, with a default, in English or French: the
    language of --language, else of the first answer, whose default is that of the terminal. DIR is the
    folder that is made, by default contracts/NAME with the name of the contract; a file that is there is
    never changed.

    \b
    Example:
      contractlang new contracts/acme
      contractlang new contracts/acme --yes --client Acme --provider CallPro --model acts --price 4.20
    """
    from contractlang.starting import RefusedError, answers_of, draft_of, place_for, write

    if not yes and not sys.stdin.isatty():
        raise click.UsageError("This is no terminal to ask on: give --yes, and the answers as options.")
    # What is in the way is said before anybody has answered anything.
    place = place_for(folder) if folder is not None else None
    told = {key: value for key, value in given.items() if value is not None}
    try:
        answers = answers_of(told, date.today(), None if yes else _ask, "en" if yes else _spoken())
    except RefusedError as refusal:
        key = refusal.question or ""
        raise click.BadParameter(f"{refusal}.", param_hint=f"'--{key.replace('_', '-')}'") from None
    place = place or place_for(_folder(answers))
    draft = draft_of(answers, place.key_of(answers.provider), place.key_of(answers.client))
    written = write(place, draft.contract, draft.usage, draft.parties, answers)
    complain(written.said)
    _tell(written, draft.tested, draft.periods[0], answers.language)


def _folder(answers: "Answers") -> Path:
    from contractlang.starting.reading import key

    return Path("contracts") / key(answers.name)


def _ask(question: "Question", default: str, found: dict[str, Any]) -> Any:
    """Ask until the answer can be taken; what is asked is a message, so it goes to standard error."""
    from contractlang.starting import RefusedError, said, spoken

    if question.choices is not None:
        click.echo(f"{question.words(found)}:", err=True)
        for at, (word, meaning) in enumerate(question.meanings(found).items(), 1):
            click.echo(f"  {at}  {word:<16}{meaning}", err=True)
    while True:
        words = said(spoken(found), "which") if question.choices is not None else question.words(found)
        text = click.prompt(words, default=default, err=True)
        try:
            return question.read(text, found)
        except RefusedError as refusal:
            click.echo(f"  {refusal.said(spoken(found))}", err=True)


def _spoken() -> str:
    """The language of the terminal, of those that `new` speaks."""
    settings = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "fr" if next(filter(None, settings), "").lower().startswith("fr") else "en"


def _tell(written: "Written", tested: int, period: str, language: str) -> None:
    from contractlang.starting import said

    contract, usage = (shlex.quote(str(path)) for path in written.files[:2])
    click.echo(said(language, "written"))
    for path in written.files:
        click.echo(f"  {path}")
    click.echo(said(language, "tested one" if tested == 1 else "tested many", count=tested))
    click.echo(said(language, "next"))
    click.echo(f"  contractlang check {contract}")
    click.echo(f"  contractlang test {contract}")
    click.echo(f"  contractlang invoice {contract} --usage {usage} --period {period}")
