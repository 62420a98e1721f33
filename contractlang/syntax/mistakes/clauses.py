"""Clauses that are not finished, and what they lack."""

from contractlang.diagnostics import Diagnostic, Label, error
from contractlang.syntax.mistakes.failure import Cure, Entry, Explained, Failure, named, options
from contractlang.text import Span

_CLAUSE_INSIDE = frozenset("AND OR IN AT PER THEN ELSE OF TO FOR IS AS OVER WHERE DURING".split())


def previous(failure: Failure) -> Explained | Diagnostic | None:
    """`previous` without the value that the first period takes."""
    if "ELSE" not in failure.expected or failure.last.kind != "RPAR":
        return None
    if not any(entry.kind == "PREVIOUS" for entry in failure.stack):
        return None
    return error(
        "CL127",
        "`previous` does not say what the first period takes",
        Span(failure.source, _last_of(failure, "PREVIOUS").start, failure.last.end),
        "write `else` and a value after it, such as `previous(X) else 0 EUR`",
    )


def _last_of(failure: Failure, *kinds: str) -> Entry:
    return next(entry for entry in reversed(failure.stack) if entry.kind in kinds)


def unfinished(failure: Failure) -> Explained | Diagnostic | None:
    """A clause that stops where the next one, a `}` or the end of the file stands."""
    if failure.terminal == "$END":
        return error("CL126", "the file ends in the middle of a clause", failure.last_span, options(failure))
    begins = failure.terminal in failure.texts and failure.terminal not in _CLAUSE_INSIDE
    if not begins and failure.terminal != "RBRACE":
        return None
    where = f'where "{failure.word}" begins' if begins else "where `}` closes it"
    if "THEN" in failure.expected or ("ELSE" in failure.expected and _inside_if(failure)):
        missing = "then" if "THEN" in failure.expected else "else"
        return error("CL126", f"this `if` has no `{missing}`", failure.last_span,
                     "write `if … then … else …`")  # fmt: skip
    if failure.last.end == 0:
        return None
    label = Label(failure.span, "the next one begins here" if begins else "it ends here")
    return error("CL126", f"this is not finished {where}", failure.last_span, options(failure), (label,))


def _inside_if(failure: Failure) -> bool:
    return any(entry.kind == "THEN" for entry in failure.stack)


def missing_word(failure: Failure) -> Explained | Diagnostic | None:
    """The one thing that could stand there, or a value."""
    if {"NUMBER", "LPAR", "NAME"} <= failure.expected:
        return failure.says("CL126", f'a value is missing before "{failure.word}"',
                            "write a name, a number, a percent or a parenthesis")  # fmt: skip
    options = [name for name in failure.expected if name not in ("ASSIGNED", "COMPOUND")]
    if len(options) != 1:
        return None
    thing = named(failure, options[0])
    sure = options[0] == "STRING" or options[0] in failure.texts
    said = failure.says("CL126", f'{thing} is missing before "{failure.word}"', f"write {thing} here")
    return Explained(said, Cure(options[0], failure.start) if sure else None)
