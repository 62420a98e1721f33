"""Diagnostics, and the outcome of tests, as JUnit XML, which most CI services show as a list."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from contractlang.diagnostics import Diagnostic, Severity
from contractlang.frozen import dataclass
from contractlang.reporting import Report
from contractlang.reporting.places import described, worded

# XML 1.0 has no way at all to write these characters.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the list: passed where `failure` is None; `output` is what it said besides."""

    suite: str
    name: str
    failure: str | None = None
    detail: str = ""
    output: str = ""


def render(report: Report) -> str:
    """One case a diagnostic, failed where it is an error; a file without any is one passed case."""
    found = {one.file for one in report.diagnostics}
    cases = [Case(file, report.command) for file in report.files if file not in found]
    cases += [_case(one) for one in report.diagnostics]
    return cases_xml(f"contractlang {report.command}", cases)


def cases_xml(title: str, cases: Sequence[Case]) -> str:
    """The cases as a JUnit document, one suite for each distinct `suite`, in their order."""
    suites: dict[str, list[Case]] = {}
    for case in cases:
        suites.setdefault(case.suite, []).append(case)
    root = ElementTree.Element("testsuites", {"name": title, **_totals(cases)})
    for name, members in suites.items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": _clean(name), **_totals(members)})
        for case in members:
            _append(suite, case)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(diagnostic: Diagnostic) -> Case:
    suite = diagnostic.file or "contractlang"
    where = described(diagnostic.span) if diagnostic.span else ""
    name = f"{diagnostic.code} {where}".strip()
    if diagnostic.severity is Severity.ERROR:
        return Case(suite, name, diagnostic.message, worded(diagnostic))
    return Case(suite, name, output=f"{diagnostic.severity}: {worded(diagnostic)}")


def _append(suite: ElementTree.Element, case: Case) -> None:
    element = ElementTree.SubElement(
        suite, "testcase", {"classname": _clean(case.suite), "name": _clean(case.name)}
    )
    if case.failure is not None:
        failure = ElementTree.SubElement(element, "failure", {"message": _clean(case.failure)})
        failure.text = _clean(case.detail)
    if case.output:
        ElementTree.SubElement(element, "system-out").text = _clean(case.output)


def _totals(cases: Sequence[Case]) -> dict[str, str]:
    failed = sum(case.failure is not None for case in cases)
    return {"tests": str(len(cases)), "failures": str(failed)}


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
