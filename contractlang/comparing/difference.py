"""The smallest differences of meaning between two trees, before they are put into words.

In: nothing; `weaving` and `contents` make them. Out: `Difference`s, each at a path of its own, so that
some of them can be applied to the old tree and the others left out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """The declaration that a difference is in.

    `kind` is its keyword as written (`rate`, `bonus-malus`), `phase` where it stands in one; `amendment`
    is the label of the amendment that it is in, and `effective` the day of that amendment. `old` and
    `new` are the two declarations, None where one is missing.
    """

    kind: str
    name: str
    phase: str | None = None
    amendment: str | None = None
    effective: date | None = None
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two trees mean different things.

    `attribute` says what of the clause differs, in words of the language or of this room (`edge`,
    `rows`); `where` is the row it is in, as written; `old` and `new` are nodes, texts or None. A price of
    a day has that day as `effective`. Differences with one `together` are one change, such as the two
    rows that meet at an edge. `standing` is what counts just before a dated price that came or went.
    """

    path: Path
    clause: Clause
    attribute: str
    old: Any
    new: Any
    where: str = ""
    effective: date | None = None
    together: tuple[object, ...] = ()
    detail: tuple[str, ...] = ()
    standing: Any = None


Take: TypeAlias = Callable[[Difference], bool]
"""Whether a difference is to be applied: the woven tree then has the new node, else the old one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the weaver stands: the clause, the way into it, and what the next difference is called."""

    clause: Clause
    path: Path
    attribute: str = ""
    where: str = ""
    effective: date | None = None

    def into(self, step: str | int, attribute: str = "", where: str = "") -> "Place":
        """The place one step deeper; the attribute and the row stay where none are given."""
        return replace(
            self,
            path=(*self.path, step),
            attribute=attribute or self.attribute,
            where=where or self.where,
        )
