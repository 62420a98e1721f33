"""Where results and messages go: standard output or a file for results, standard error for messages.

Nothing here needs the library of the command line, which takes longer to load than a contract to check.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from contractlang.diagnostics import ContractError, Diagnostic, Place, error


def say(text: str) -> None:
    """Print a result on standard output, ended with a line end."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    sys.stdout.flush()


def write_result(text: str, output: Path | None) -> None:
    """Write a result to standard output, or to a file that is replaced whole or left as it was.

    Raises ContractError (CL901) where the file cannot be written.
    """
    if output is None:
        say(text)
        return
    try:
        _replace(output, text)
    except OSError as fault:
        reason = (fault.strerror or "unknown reason").lower()
        message = f'"{output}" cannot be written: {reason}'
        raise ContractError([error("CL901", message, Place(str(output)), _cure(output))]) from None


def replace_with(output: Path, write: Callable[[Path], None]) -> None:
    """Have a file written beside and put in its place, whole or not at all.

    `write` is given the path to write to, with the same ending. Raises ContractError (CL901) where the file
    cannot be written.
    """
    import tempfile

    try:
        with tempfile.TemporaryDirectory(prefix=f".{output.name}.", dir=output.resolve().parent) as folder:
            written = Path(folder) / output.name
            write(written)
            _give_mode(written, output.resolve())
            os.replace(written, output.resolve())
    except OSError as fault:
        reason = (fault.strerror or "unknown reason").lower()
        message = f'"{output}" cannot be written: {reason}'
        raise ContractError([error("CL901", message, Place(str(output)), _cure(output))]) from None


def read_bytes(name: str) -> bytes:
    """The content of a file; raises ContractError (CL102) where it cannot be read."""
    try:
        return Path(name).read_bytes()
    except OSError as fault:
        message = f'"{name}" cannot be read: {(fault.strerror or "unknown reason").lower()}'
        raise ContractError([error("CL102", message, Place(name))]) from None


def write_bytes(content: bytes, name: str) -> None:
    """Write a file where it stands; raises ContractError (CL901) where it cannot be written."""
    try:
        Path(name).write_bytes(content)
    except OSError as fault:
        message = f'"{name}" cannot be written: {(fault.strerror or "unknown reason").lower()}'
        raise ContractError([error("CL901", message, Place(name), _cure(Path(name)))]) from None


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


def _replace(output: Path, text: str) -> None:
    # Devices and pipes (/dev/stdout, a named pipe) are written to; only files can be replaced.
    if output.exists() and not output.is_file():
        with output.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        return
    # Only few commands write files, and this module costs a start some milliseconds.
    import tempfile

    target = output.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        _give_mode(Path(name), target)
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


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
