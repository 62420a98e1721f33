"""Diagnostics as SARIF 2.1.0, the OASIS format that code scanning services read."""

import json
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote

from contractlang.diagnostics import Diagnostic, Place, Severity
from contractlang.reporting import Report
from contractlang.reporting.places import fingerprints, range_of
from contractlang.text import Span

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(report: Report) -> str:
    """One SARIF log with one run; columns are UTF-16 code units, as in the JSON format."""
    codes = sorted({one.code for one in report.diagnostics})
    results = [_result(one, codes, fingerprint) for one, fingerprint in fingerprints(report.diagnostics)]
    driver = {"name": "contractlang", "version": _version(), "rules": [{"id": code} for code in codes]}
    run = {
        "tool": {"driver": driver},
        # A service that is sent the reports of two commands keeps both.
        "automationDetails": {"id": f"contractlang/{report.command}/"},
        "columnKind": "utf16CodeUnits",
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _version() -> str:
    try:
        return version("contractlang")
    except PackageNotFoundError:
        return "0"


def _result(diagnostic: Diagnostic, codes: list[str], fingerprint: str) -> dict[str, object]:
    text = diagnostic.message + (f"\n\nHelp: {diagnostic.help}" if diagnostic.help else "")
    result: dict[str, object] = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": text},
        "partialFingerprints": {"contractlang/v1": fingerprint},
    }
    if diagnostic.span is not None:
        result["locations"] = [_location(diagnostic.span)]
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, **_location(label.span), "message": {"text": label.message}}
            for number, label in enumerate(diagnostic.related)
        ]
    return result


def _location(span: Span | Place) -> dict[str, object]:
    file = span.source.name if isinstance(span, Span) else span.file
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(file.replace("\\", "/"), safe="/:")}}
    if not file.startswith("/"):
        physical["artifactLocation"] = {"uri": quote(file.replace("\\", "/")), "uriBaseId": "%SRCROOT%"}
    place = range_of(span)
    if place is not None and isinstance(span, Span):
        physical["region"] = {
            "startLine": place.start.line + 1,
            "startColumn": place.start.character + 1,
            "endLine": place.end.line + 1,
            "endColumn": place.end.character + 1,
        }
    elif place is not None:
        physical["region"] = {"startLine": place.start.line + 1}
    return {"physicalLocation": physical}
