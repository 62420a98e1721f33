"""The options that say where results go and in which form."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from contractlang.commands.writing import (
    complain,
    read_bytes,
    replace_with,
    wants_colour,
    write_bytes,
    write_result,
)

_Command = TypeVar("_Command", bound=Callable[..., object])


def output_option(command: _Command) -> _Command:
    """The option `-o PATH`, given to the command as `output`."""
    option = click.option(
        "-o",
        "--output",
        metavar="PATH",
        type=click.Path(path_type=Path),
        help="Write the result to PATH instead of standard output.",
    )
    return option(command)


def format_option(*formats: str, help: str = "The form of the result.") -> Callable[[_Command], _Command]:
    """The option `--format`, given to the command as `format`; the first format is the default."""
    return click.option(
        "--format",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help=help,
    )


__all__ = [
    "complain", "format_option", "output_option", "read_bytes", "replace_with", "wants_colour", "write_bytes",
    "write_result",
]  # fmt: skip
