"""Diagnostics in, one text out, in the format that a person or a CI service reads.

One module a format, each with `render(report) -> str`. A format is imported when it is asked for.
"""

from importlib import import_module

from contractlang.diagnostics import Diagnostic, Severity, in_order
from contractlang.frozen import dataclass, replace

FORMATS = ("text", "json", "github", "sarif", "junit", "gitlab")


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, by name, and what was found there.

    `command` is who looked: `check`, `test` or `fmt`. `told` are its totals in words, where errors and
    warnings are not what it counts.
    """

    files: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    colour: bool = False
    command: str = "check"
    told: str = ""

    def summary(self) -> str:
        """The totals in words: `2 contracts checked: 1 error, 3 warnings`."""
        if self.told:
            return self.told
        checked = "1 contract" if len(self.files) == 1 else f"{len(self.files)} contracts"
        return f"{checked} checked: {counts(self.diagnostics)}"


def render(report: Report, format: str) -> str:
    """The report in one of FORMATS, ending with a line end."""
    assert format in FORMATS, f"{format!r} is not a format of reports"
    module = import_module(f"contractlang.reporting.{format}")
    ordered = replace(report, diagnostics=in_order(report.diagnostics))
    rendered: str = module.render(ordered)
    return rendered


def counts(diagnostics: tuple[Diagnostic, ...]) -> str:
    """How many errors and warnings there are, in words."""
    errors = sum(one.severity is Severity.ERROR for one in diagnostics)
    warnings = sum(one.severity is Severity.WARNING for one in diagnostics)
    parts = [_counted(errors, "error"), _counted(warnings, "warning")]
    return ", ".join(part for part in parts if part) or "no errors, no warnings"


def _counted(number: int, noun: str) -> str:
    if not number:
        return ""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
