"""Contract files in, `Source` out: what cannot be read as a contract is said, never guessed."""

import re
from itertools import islice
from pathlib import Path

from contractlang.diagnostics import ContractError, Diagnostic, Place, error
from contractlang.text import Source, Span

LARGEST_FILE = 5 * 1024 * 1024
"""The most bytes that a contract file may have; a larger one is almost surely not a contract."""

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029"  # other ends of a line, and what steers a terminal
    "\u202a-\u202e\u2066-\u2069"  # what turns the direction of a line
    "\u115f\u1160\u3164\uffa0\U000e0000-\U000e0fff]"  # letters and tags that are not seen
)
_MOST_FORBIDDEN = 20
"""How many of them are named: a file of nothing else need not be told each."""
_BYTE_ORDER_MARKS_OF_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_source(path: Path, name: str) -> Source:
    """The text of the file at `path`, to be shown as `name`; a byte order mark is left out.

    Raises ContractError where there is nothing to read as a contract: CL100 no such file, CL101 a
    folder, CL102 not readable, CL103 too large, CL104 not text, CL105 not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise _unreadable(
            "CL100", f'there is no file "{name}"', name, "check the spelling and the folder"
        ) from None
    except IsADirectoryError:
        raise _unreadable("CL101", f'"{name}" is a folder', name, "name a contract file inside it") from None
    except (OSError, ValueError) as fault:
        reason = (fault.strerror if isinstance(fault, OSError) else None) or "not a possible file name"
        raise _unreadable("CL102", f'"{name}" cannot be read: {reason.lower()}', name) from None
    return decode_source(content, name)


def decode_source(content: bytes, name: str) -> Source:
    """The text of a file's bytes, to be shown as `name`; a byte order mark is left out.

    Raises ContractError: CL103 too large, CL104 not text, CL105 not UTF-8.
    """
    if len(content) > LARGEST_FILE:
        megabytes = LARGEST_FILE // (1024 * 1024)
        raise _unreadable(
            "CL103",
            f'"{name}" is larger than {megabytes} MB, which no contract is',
            name,
            "give the usage with --usage; a contract file holds the terms only",
        )
    if content.startswith(_BYTE_ORDER_MARKS_OF_UTF16):
        raise _unreadable("CL105", f'"{name}" is written in UTF-16', name, "save it as UTF-8")
    if b"\x00" in content:
        raise _unreadable("CL104", f'"{name}" is not a text file', name, "a contract is plain text in UTF-8")
    try:
        return Source(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        row = content.count(b"\n", 0, fault.start) + 1
        guess = content[fault.start : fault.start + 1].decode("cp1252", "replace")
        message = f'"{name}" is not written in UTF-8: line {row} holds the byte {content[fault.start]:#04x}'
        cure = "save it as UTF-8"
        if guess.isprintable():
            cure += f'; the byte is "{guess}" in Windows-1252'
        raise ContractError([error("CL105", message, Place(name, row), cure)]) from None


def forbidden_characters(source: Source) -> list[Diagnostic]:
    """One diagnostic (CL106) for each character that makes a contract read otherwise than it is.

    Some programs take them for the end of a line, so that two would count the lines of one contract
    differently; others turn the order of what is shown, or are not shown, so that a term could hide.
    """
    return [
        error(
            "CL106",
            f"the invisible character U+{ord(match.group()):04X} is not allowed in a contract",
            Span(source, match.start(), match.end()),
            "delete it, and break the line with the Enter key where a break was meant",
        )
        for match in islice(_FORBIDDEN.finditer(source.text), _MOST_FORBIDDEN)
    ]


def _unreadable(code: str, message: str, name: str, help: str = "") -> ContractError:
    return ContractError([error(code, message, Place(name), help)])
