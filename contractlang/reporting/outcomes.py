"""The outcome of a contract's own scenarios, in every format that diagnostics have.

Text, JSON and JUnit name every scenario; the others, which are made for faults, those that fail.
"""

import json

from contractlang.diagnostics import Diagnostic
from contractlang.frozen import dataclass
from contractlang.reporting import Report
from contractlang.reporting import render as render_report
from contractlang.reporting.json import record
from contractlang.reporting.junit import Case, cases_xml
from contractlang.reporting.places import worded
from contractlang.reporting.text import diagnostic_text


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario of a contract, with what did not come out as it expects.

    `why` explains each failure in the same order: the text of its computation, empty where there is none.
    """

    file: str
    test: str
    failures: tuple[Diagnostic, ...] = ()
    why: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.failures

    @property
    def explained(self) -> tuple[tuple[Diagnostic, str], ...]:
        """The failures, each with its explanation."""
        missing = len(self.failures) - len(self.why)
        return tuple(zip(self.failures, (*self.why, *[""] * missing), strict=False))


def render(outcomes: tuple[Outcome, ...], format: str, colour: bool = False) -> str:
    """The outcomes in one of `reporting.FORMATS`."""
    if format == "json":
        return json.dumps([_record(one) for one in outcomes], indent=2, ensure_ascii=False) + "\n"
    if format == "junit":
        return cases_xml("contractlang test", [_case(one) for one in outcomes])
    if format != "text":
        files = tuple(dict.fromkeys(one.file for one in outcomes))
        found = tuple(failure for one in outcomes for failure in one.failures)
        return render_report(Report(files, found, command="test", told=_totals(outcomes).strip()), format)
    failures = [
        diagnostic_text(one, colour) + "\n" + (f"{why}\n" if why else "")
        for outcome in outcomes
        for one, why in outcome.explained
    ]
    rows = [f"{'passed' if one.passed else 'FAILED'}  {one.file}  {one.test}\n" for one in outcomes]
    return "".join([*failures, *rows, _totals(outcomes)])


def _totals(outcomes: tuple[Outcome, ...]) -> str:
    passed = sum(one.passed for one in outcomes)
    return f"{passed} passed, {len(outcomes) - passed} failed\n"


def _record(outcome: Outcome) -> dict[str, object]:
    return {
        "file": outcome.file,
        "test": outcome.test,
        "passed": outcome.passed,
        "failures": [{**record(one), "why": why.splitlines()} for one, why in outcome.explained],
    }


def _case(outcome: Outcome) -> Case:
    if outcome.passed:
        return Case(outcome.file, outcome.test)
    detail = "\n".join([*(worded(one) for one in outcome.failures), *outcome.why])
    return Case(outcome.file, outcome.test, outcome.failures[0].message, detail)
