"""Diagnostics as a GitLab code quality report."""

import json

from contractlang.diagnostics import Severity
from contractlang.reporting import Report
from contractlang.reporting.places import fingerprints, range_of, worded

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report) -> str:
    """The diagnostics as a JSON list; GitLab needs a file and a line for each, so the first is assumed."""
    records = []
    for one, fingerprint in fingerprints(report.diagnostics):
        place = range_of(one.span)
        records.append(
            {
                "description": worded(one),
                "check_name": one.code,
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[one.severity],
                "location": {
                    "path": one.file or (report.files[0] if report.files else "contractlang"),
                    "lines": {"begin": place.start.line + 1 if place else 1},
                },
            }
        )
    return json.dumps(records, indent=2, ensure_ascii=False) + "\n"
