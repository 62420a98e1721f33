"""A contract in which no error was found: the only one that may be rated.

In: nothing; `contractlang.checking.check` makes it. Out: what terms and rating read.
"""

from contractlang.diagnostics import Diagnostic
from contractlang.frozen import dataclass
from contractlang.kinds import Scope
from contractlang.syntax.loading import Document


@dataclass(frozen=True, slots=True)
class CheckedContract:
    """A document without errors, the names it declares, and the warnings that were given about it."""

    document: Document
    scope: Scope
    diagnostics: tuple[Diagnostic, ...]
