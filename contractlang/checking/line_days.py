"""Days and intervals of lines: `every quarter`, `from`, `until`, `once on`."""

from collections.abc import Iterator
from datetime import date

from contractlang.calendar import ONE_DAY
from contractlang.checking.survey import Survey
from contractlang.checking.wording import listed
from contractlang.diagnostics import Diagnostic, Label, error, nearest, warning
from contractlang.syntax import tree
from contractlang.text import Span


def check_every(survey: Survey) -> Iterator[Diagnostic]:
    """CL617: `every` a length of time. One shorter than the period prints each of its assessments."""
    for one in survey.all(tree.Line):
        line = one.node
        assert isinstance(line, tree.Line), "asked for lines only"
        if line.every is None or line.kind in ("fee", "subscription"):
            continue
        word = line.every.text
        allowed = ("month", "quarter", "year", "contract year")
        if word not in (*allowed, "week"):
            near = nearest(word, allowed)
            cure = f'the nearest is "{near}"' if near else f"write {listed(list(allowed), 'or')}"
            yield error("CL617", f'a line is not assessed every "{word}"', line.every.span, cure)


def check_days_of_lines(survey: Survey) -> Iterator[Diagnostic]:
    """CL505, CL509: days of a line that the term does not have."""
    term = survey.scope.term
    for one in survey.all(tree.Line):
        line = one.node
        assert isinstance(line, tree.Line), "asked for lines only"
        places = dict(line.clauses)
        if line.start is not None and line.until is not None and line.until < line.start:
            yield error(
                "CL509",
                f"this line ends on {line.until}, before it starts on {line.start}",
                places["until"],
                "write the later date after `until`",
                (Label(places["start"], "it starts here"),),
            )
            continue
        if term is None:
            continue
        for clause, day in (("start", line.start), ("until", line.until), ("once_on", line.once_on)):
            if day is not None and day not in term:
                yield _outside(line, clause, day, places[clause], term.start, term.end)


def _outside(line: tree.Line, clause: str, day: date, span: Span, start: date, end: date) -> Diagnostic:
    words = f"the term runs from {start} to {end - ONE_DAY}"
    never = clause == "once_on" or (clause == "start" and day >= end) or (clause == "until" and day < start)
    make = error if never else warning
    said = "falls due" if clause == "once_on" else "starts" if clause == "start" else "ends"
    return make("CL505", f'"{line.name}" {said} on {day}, outside the term', span, words)
