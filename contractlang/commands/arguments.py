"""What several commands take: contract files, usage, periods."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., object])

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PERIOD = re.compile(rf"[0-9]{{4}}(-[0-9]{{2}}|-Q[1-4])?|{_DAY}(\.\.{_DAY})?")


contract_argument = click.argument("file", metavar="FILE")
contracts_argument = click.argument("files", metavar="FILE...", nargs=-1, required=True)


def usage_option(command: _Command) -> _Command:
    """The option `--usage U`, which the command cannot do without."""
    option = click.option(
        "--usage", required=True, metavar="U", help="What was measured: the contract's usage.yaml."
    )
    return option(command)


def allow_files_option(command: _Command) -> _Command:
    """The option `--allow-files FOLDER`, given to the command as `allow_files`, a tuple of paths."""
    option = click.option(
        "--allow-files",
        metavar="FOLDER",
        multiple=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="A folder whose files the usage may name too, beside its own; may be given several times.",
    )
    return option(command)


def as_of_option(command: _Command) -> _Command:
    """The option `--as-of REV`: the contract as it stood at a git revision."""
    option = click.option(
        "--as-of",
        metavar="REV",
        help="Take the terms as they stood at this git revision: a commit, a branch, a tag.",
    )
    return option(command)


def period_option(name: str, help: str, required: bool = False) -> Callable[[_Command], _Command]:
    """An option that takes a period, such as `--period P`; `--from` is given to the command as `from_`.

    The text is passed on as it is: only the contract knows whether it names one of its periods.
    """
    names = [name, "from_"] if name == "--from" else [name]
    return click.option(*names, metavar="P", required=required, help=help, callback=_period)


def _period(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _PERIOD.fullmatch(value):
        raise click.BadParameter(
            f'"{value}" is not a period; write a month (2026-07) or a date inside the period.'
        )
    return value


def language_option(command: _Command) -> _Command:
    """The option `--language`, given to the command as `language`, None for the client's."""
    option = click.option(
        "--language",
        type=click.Choice(["fr", "en"]),
        help="The language of the document; by default the client's.",
    )
    return option(command)
