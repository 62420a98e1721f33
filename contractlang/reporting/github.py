"""Diagnostics as workflow commands of GitHub Actions, which shows them beside the changed lines."""

from contractlang.diagnostics import Diagnostic, Severity
from contractlang.reporting import Report
from contractlang.reporting.places import range_of, worded

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """One command a diagnostic, and the totals: GitHub shows ten of each kind and no more."""
    return "\n".join([*(_command(one) for one in report.diagnostics), report.summary()]) + "\n"


def _command(diagnostic: Diagnostic) -> str:
    properties: dict[str, str] = {}
    if diagnostic.file is not None:
        properties["file"] = diagnostic.file
    place = range_of(diagnostic.span)
    if place is not None:
        properties["line"] = str(place.start.line + 1)
        properties["endLine"] = str(place.end.line + 1)
        # GitHub ignores columns of a range over several lines, and says so in the log.
        if place.start.line == place.end.line and place.end > place.start:
            properties["col"] = str(place.start.character + 1)
            properties["endColumn"] = str(place.end.character + 1)
    properties["title"] = diagnostic.code
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {listed}::{_data(worded(diagnostic))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
