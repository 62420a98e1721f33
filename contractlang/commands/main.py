"""The program `contractlang`: finds the command and runs it."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from contractlang.commands.outcome import INTERRUPTED, guarded, reader_gone
from contractlang.diagnostics import nearest

COMMANDS = (
    "new",
    "check",
    "fmt",
    "usage",
    "invoice",
    "explain",
    "diff",
    "log",
    "blame",
    "test",
    "graph",
    "prose",
    "lsp",
    "git-setup",
    "git-merge",
    "comment",
    "schema",
    "version",
)
"""In the order of a contract's life, which is the order of the help page."""


class _Commands(click.Group):
    """Imports a command's module when the command is asked for, and no other."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"contractlang.commands.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command), f"the module of {cmd_name} holds its command"
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = nearest(name, COMMANDS)
            hint = f' Did you mean "{near}"?' if near else ""
            ctx.fail(f'There is no command "{name}".{hint}')
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        # Click would end the program with 1, which says that the contract is at fault.
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return reader_gone()


@click.command(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
def program() -> None:
    """Check outsourcing contracts, compute their invoices, and explain every cent.

    Exit status: 0 fine; 1 the contract, its tests or the usage are at fault; 2 the command line is.

    \b
    Example:
      contractlang check contracts/acme/acme.contract
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of the process, and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    return guarded(lambda: _run(words))


def _run(words: list[str]) -> object:
    try:
        return program.main(words, "contractlang", standalone_mode=False)
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except click.Abort:
        return INTERRUPTED
