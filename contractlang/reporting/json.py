"""Diagnostics for programs: a list, with ranges as the Language Server Protocol counts them."""

import json

from contractlang.diagnostics import Diagnostic, Label
from contractlang.reporting import Report
from contractlang.reporting.places import Range, range_of


def render(report: Report) -> str:
    """The diagnostics as a JSON list."""
    return json.dumps([record(one) for one in report.diagnostics], indent=2, ensure_ascii=False) + "\n"


def record(diagnostic: Diagnostic) -> dict[str, object]:
    """One diagnostic as JSON data; `file` and `range` are null where there is no such place."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": diagnostic.file,
        "range": _range(range_of(diagnostic.span)),
        "related": [_related(label) for label in diagnostic.related],
    }


def _related(label: Label) -> dict[str, object]:
    return {
        "file": label.span.source.name,
        "range": _range(range_of(label.span)),
        "message": label.message,
    }


def _range(place: Range | None) -> dict[str, dict[str, int]] | None:
    if place is None:
        return None
    return {
        "start": {"line": place.start.line, "character": place.start.character},
        "end": {"line": place.end.line, "character": place.end.character},
    }
