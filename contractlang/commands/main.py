"""The program `contractlang`: finds the command, runs it, and turns every outcome into an exit status."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

import click

from contractlang.diagnostics import ContractError, error, nearest

COMMANDS = (
    "check",
    "fmt",
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

# What is wrong with the command line itself is 2, as click has it.
_DEEPEST = 10_000
_TOO_DEEP = "figures or lines of this contract rest on one another, more of them than can be computed"
FINE, AT_FAULT, BROKEN, INTERRUPTED, PIPE_CLOSED = 0, 1, 70, 130, 141


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
            return _reader_gone()


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
    _print_any_character()
    # Figures rest on figures; a long chain of them is legal, and takes some calls for each.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _DEEPEST))
    try:
        words = list(sys.argv[1:] if arguments is None else arguments)
        outcome = program.main(words, "contractlang", standalone_mode=False)
        sys.stdout.flush()
    except ContractError as fault:
        from contractlang.commands.output import complain

        complain(fault.diagnostics)
        return AT_FAULT
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_gone()
    except RecursionError:
        from contractlang.commands.output import complain

        complain((error("CL108", _TOO_DEEP, None, "let fewer of them stand between the first and the last"),))
        return AT_FAULT
    except Exception as fault:
        if os.environ.get("CONTRACTLANG_DEBUG") == "1":
            raise
        sys.stderr.write(_apology(fault))
        return BROKEN
    return outcome if isinstance(outcome, int) else FINE


def _reader_gone() -> int:
    # What is still buffered must not be written when Python ends, since nobody reads it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED


def _apology(fault: Exception) -> str:
    told = " ".join(str(fault).split())[:200]
    what = f"{type(fault).__name__}: {told}" if told else type(fault).__name__
    return (
        f"contractlang itself is at fault, not your files ({what}); please report it, "
        "with what CONTRACTLANG_DEBUG=1 shows.\n"
    )


def _print_any_character() -> None:
    """A terminal that lacks a character shows its number instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower() not in ("utf-8", "utf8"):
            stream.reconfigure(errors="backslashreplace")
