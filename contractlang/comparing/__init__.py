"""Two contracts compared: what changed in meaning, what that does to money, and who changed it.

In: two documents, and for money a way to rate a document. Out: `Change`s with their classes, priced one
by one on the same months, and the history of a contract's clauses in git.
"""

from contractlang.comparing.changes import Change, applied, compare_terms, gravest

__all__ = ["Change", "applied", "compare_terms", "gravest"]
