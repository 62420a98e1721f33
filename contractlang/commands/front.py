"""The front door of the program: quick commands in their plain form, everything else to the command line.

`check FILE…` and `fmt --check FILE…` are what editors, hooks and CI run again and again. To load the library
that reads command lines takes longer than to check a contract, so these two forms go straight to their work.
Any option, and anything unusual, is the library's to read; both ways run the same functions.
"""

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress

# What is loaded from here on is kept to the end, so that looking for garbage in it only takes time.
gc.disable()

from contractlang.commands.outcome import guarded  # noqa: E402


def program() -> None:
    """Run the command line of the process, and end the process with the exit status."""
    quick = _quick(sys.argv[1:])
    if quick is None or "_CONTRACTLANG_COMPLETE" in os.environ:
        sys.exit(main())
    status = guarded(quick)
    # To take every module apart again takes as long as to check a contract; the system does it at once. These
    # commands leave nothing behind: no thread, no temporary file, no connection.
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(status)


def main() -> int:
    """Run the command line of the process and return the exit status."""
    quick = _quick(sys.argv[1:])
    if quick is not None and "_CONTRACTLANG_COMPLETE" not in os.environ:
        return guarded(quick)
    # Other commands may run for long: garbage is looked for, but not in what every start makes.
    gc.set_threshold(100_000, 20, 20)
    gc.enable()
    from contractlang.commands.main import main as whole

    return whole()


def _quick(words: list[str]) -> Callable[[], int] | None:
    """The work of a command line in its plain form, None for any other."""
    head = 2 if words[:2] == ["fmt", "--check"] else 1 if words[:1] == ["check"] else 0
    files = tuple(words[head:])
    if not head or not files or any(file.startswith("-") for file in files):
        return None
    if head == 1:
        from contractlang.commands.checked_files import check_files

        return lambda: check_files(files)
    from contractlang.commands.laid_out_files import lay_out

    return lambda: lay_out(files, check=True)
