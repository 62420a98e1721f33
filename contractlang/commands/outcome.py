"""Every outcome of a command is an exit status: fine, at fault, broken, interrupted; never a traceback."""

import os
import sys
from collections.abc import Callable
from io import TextIOWrapper

from contractlang.diagnostics import ContractError, error

# What is wrong with the command line itself is 2, as click has it.
FINE, AT_FAULT, BROKEN, INTERRUPTED, PIPE_CLOSED = 0, 1, 70, 130, 141

_DEEPEST = 10_000
_TOO_DEEP = "figures or lines of this contract rest on one another, more of them than can be computed"


def guarded(run: Callable[[], object]) -> int:
    """Run a command and return the exit status; what it returns itself is one where it is a number."""
    _print_any_character()
    # Figures rest on figures; a long chain of them is legal, and takes some calls for each.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _DEEPEST))
    try:
        outcome = run()
        sys.stdout.flush()
    except ContractError as fault:
        from contractlang.commands.writing import complain

        complain(fault.diagnostics)
        return AT_FAULT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return reader_gone()
    except RecursionError:
        from contractlang.commands.writing import complain

        complain((error("CL108", _TOO_DEEP, None, "let fewer of them stand between the first and the last"),))
        return AT_FAULT
    except Exception as fault:
        if os.environ.get("CONTRACTLANG_DEBUG") == "1":
            raise
        sys.stderr.write(_apology(fault))
        return BROKEN
    return outcome if isinstance(outcome, int) else FINE


def reader_gone() -> int:
    """The status when nobody reads what is printed any more."""
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
