"""Where results and messages go: standard output or a file for results, standard error for messages.

Nothing here needs the library of the command line, which takes longer to load than a contract to check.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from contractlang.diagnostics import ContractError, Diagnostic, Place, error


def say(text: str) -> None:
    """Print a result on standard output, ended with a line end."""
    if sys.stdout:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()


def write_result(text: str, output: Path | None) -> None:
    """Write a result to standard output, or to a file that is replaced whole or left as it was.

    Raises ContractError (CL901) where the file cannot be written, OSError where standard output is full.
    """
    if output is None:
        say(text)
        return
    with _said_of(output):
        # Devices and pipes (/dev/stdout, a named pipe) are written to; only files can be replaced.
        if output.exists() and not output.is_file():
            with output.open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        else:
            _replace(output, text.encode())


def leave_standard_output() -> None:
    """Have what is still buffered for standard output go nowhere, since nobody takes it."""
    # It must not be written when Python ends, which would fail again.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def replace_with(output: Path, write: Callable[[Path], None]) -> None:
    """Have a file written beside and put in its place, whole or not at all.

    `write` is given the path to write to, with the same ending. Raises ContractError (CL901) where the file
    cannot be written.
    """
    import tempfile

    target = output.resolve()
    with _said_of(output), tempfile.TemporaryDirectory(prefix=_beside(target), dir=target.parent) as folder:
        written = Path(folder) / output.name
        write(written)
        _give_mode(written, target)
        os.replace(written, target)


def read_bytes(name: str) -> bytes:
    """The content of a file; raises ContractError (CL102) where it cannot be read."""
    try:
        return Path(name).read_bytes()
    except OSError as fault:
        message = f'"{name}" cannot be read: {_reason(fault)}'
        raise ContractError([error("CL102", message, Place(name))]) from None


def write_bytes(content: bytes, name: str) -> None:
    """Replace a file whole or leave it as it was; raises ContractError (CL901) where it cannot be written."""
    with _said_of(Path(name)):
        _replace(Path(name), content)


def complain(diagnostics: tuple[Diagnostic, ...]) -> None:
    """Print diagnostics to standard error, for the commands whose result is something else."""
    if not diagnostics:
        return
    from contractlang.reporting.text import diagnostic_text

    colour = wants_colour(sys.stderr)
    sys.stderr.write("\n".join(diagnostic_text(one, colour) for one in diagnostics))
    sys.stderr.flush()


def wants_colour(stream: TextIO) -> bool:
    """Whether to colour what is written to the stream: NO_COLOR, then FORCE_COLOR, then the terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _replace(output: Path, content: bytes) -> None:
    # Only few commands write files, and this module costs a start some milliseconds.
    import tempfile

    target = output.resolve()
    descriptor, name = tempfile.mkstemp(prefix=_beside(target), dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        _give_mode(Path(name), target)
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _beside(target: Path) -> str:
    """How the name of a temporary file beside another begins; a name has a longest length."""
    return f".{target.name[:60]}."


@contextmanager
def _said_of(output: Path) -> Iterator[None]:
    """Say of a file that it cannot be written, as CL901."""
    try:
        yield
    except OSError as fault:
        message = f'"{output}" cannot be written: {_reason(fault)}'
        raise ContractError([error("CL901", message, Place(str(output)), _cure(output))]) from None


def _reason(fault: OSError) -> str:
    return (fault.strerror or "unknown reason").lower()


def _give_mode(written: Path, target: Path) -> None:
    """The mode of the file that is replaced, or that of any new file; temporary files are private."""
    if target.exists():
        written.chmod(target.stat().st_mode & 0o777)
        return
    mask = os.umask(0)
    os.umask(mask)
    written.chmod(0o666 & ~mask)


def _cure(output: Path) -> str:
    if os.path.isdir(output):
        return "name a file inside the folder"
    if not os.path.isdir(output.parent):
        return f'make the folder "{output.parent}" first'
    return ""
