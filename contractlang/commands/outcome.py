"""Every outcome of a command is an exit status: fine, at fault, broken, interrupted; never a traceback."""

import errno
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper

from contractlang.diagnostics import ContractError, error, too_deep

# What is wrong with the command line itself is 2, as click has it.
FINE, AT_FAULT, BROKEN, INTERRUPTED, PIPE_CLOSED = 0, 1, 70, 130, 141

_DISK_IS_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DEEPEST = 10_000


def guarded(run: Callable[[], object]) -> int:
    """Run a command and return the exit status; what it returns itself is one where it is a number."""
    try:
        return _status(run)
    except BrokenPipeError:
        # Messages have readers too, as in `2>&1 | head`.
        return reader_gone()
    except KeyboardInterrupt:
        return INTERRUPTED


def _status(run: Callable[[], object]) -> int:
    _print_any_character()
    # Figures rest on figures; a long chain of them is legal, and takes some calls for each.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _DEEPEST))
    try:
        outcome = run()
        if sys.stdout:
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

        complain((too_deep(),))
        return AT_FAULT
    except Exception as fault:
        if isinstance(fault, OSError) and fault.errno in _DISK_IS_FULL:
            return _no_room(fault)
        if os.environ.get("CONTRACTLANG_DEBUG") == "1":
            raise
        sys.stderr.write(_apology(fault))
        return BROKEN
    return outcome if isinstance(outcome, int) else FINE


def reader_gone() -> int:
    """The status when nobody reads what is printed any more."""
    from contractlang.commands.writing import leave_standard_output

    leave_standard_output()
    return PIPE_CLOSED


def _no_room(fault: OSError) -> int:
    """Standard output is a file on a disk that is full: what was printed is not all of the result."""
    from contractlang.commands.writing import complain, leave_standard_output

    leave_standard_output()
    reason = (fault.strerror or "no room is left").lower()
    complain((error("CL901", f"the result cannot be written: {reason}", None, "free space on the disk"),))
    return AT_FAULT


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
