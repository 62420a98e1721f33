"""The one comment: found by its marker, changed in its place, cut where it is too long.

In: a service and a text. Out: what was done.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from contractlang.posting.connection import Connection, RefusedError

_MARKER = re.compile(r"<!-- contractlang [^\n]*? -->\n*")
_DETAILS = re.compile(r"<(/?)details\b")
_FENCE = re.compile(r"^(`{3,})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of the account that writes, by the key that the service knows it by."""

    key: str
    body: str
    address: str = ""


class Service(Protocol):
    """A place of comments: a pull request of a service."""

    @property
    def connection(self) -> Connection:
        """Who is talked to."""

    @property
    def longest(self) -> int:
        """The most characters of a comment."""

    @property
    def permission(self) -> str:
        """What an account needs that may not comment."""

    @property
    def whole(self) -> str:
        """Where all of a comment is that was cut, "" where that is not known."""

    def mine(self) -> Iterator[Comment]:
        """The comments that this account wrote, the oldest first."""

    def change(self, comment: Comment, body: str) -> Comment:
        """Write another text into a comment."""

    def add(self, body: str) -> Comment:
        """Write a new comment."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done (`added`, `changed`, `unchanged`, `left out`), and the address of the comment."""

    done: str
    address: str = ""


def post(service: Service, text: str, name: str, add: bool = True) -> Outcome:
    """Make a text the comment of a name; with `add` False only where it stands already.

    Raises ContractError (CL904) where the service does not take it.
    """
    body = fitted(text, name, service.longest, service.whole)
    try:
        there = [one for one in service.mine() if one.body.lstrip().startswith(marker(name))]
        if not there:
            return Outcome("added", service.add(body).address) if add else Outcome("left out")
        if there[-1].body.strip() == body.strip():
            return Outcome("unchanged", there[-1].address)
        return Outcome("changed", service.change(there[-1], body).address)
    except RefusedError as fault:
        cure = service.permission if fault.status in (401, 403, 404) else "run the job again"
        raise service.connection.fault(str(fault), cure) from None


def marker(name: str) -> str:
    """What a comment of a name begins with; Markdown shows nothing of it."""
    return f"<!-- contractlang {name} -->"


def fitted(text: str, name: str, longest: int, whole: str = "") -> str:
    """The text under its marker, cut at the end of a line where it is longer than a service takes.

    `whole` is the address where all of it is. What the cut leaves open, code or details, is closed.
    """
    body = f"{marker(name)}\n\n{_MARKER.sub('', text.lstrip(), count=1).lstrip()}"
    if len(body) <= longest:
        return body
    where = f" [The whole is here]({whole})." if whole else ""
    note = f"\n\n*This comment was cut: it was too long.*{where}\n"
    # What is closed below takes some characters, which are kept free.
    kept = body[: longest - len(note) - 200].rpartition("\n")[0]
    fences = _FENCE.findall(kept)
    if len(fences) % 2:
        kept += f"\n{fences[-1]}"
    opened = sum(1 if not slash else -1 for slash in _DETAILS.findall(kept))
    return kept + "\n\n</details>" * max(0, min(opened, 10)) + note
