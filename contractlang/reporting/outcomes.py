"""The outcome of a contract's own scenarios, as text, JSON or JUnit."""

import json
from dataclasses import dataclass

from contractlang.diagnostics import Diagnostic
from contractlang.reporting.json import record
from contractlang.reporting.junit import Case, cases_xml
from contractlang.reporting.places import worded
from contractlang.reporting.text import diagnostic_text


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario of a contract, with what did not come out as it expects."""

    file: str
    test: str
    failures: tuple[Diagnostic, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.failures


def render(outcomes: tuple[Outcome, ...], format: str, colour: bool = False) -> str:
    """The outcomes in one of the formats text, json and junit."""
    if format == "json":
        return json.dumps([_record(one) for one in outcomes], indent=2, ensure_ascii=False) + "\n"
    if format == "junit":
        return cases_xml("contractlang test", [_case(one) for one in outcomes])
    assert format == "text", f"{format!r} is not a format of outcomes"
    failures = [diagnostic_text(one, colour) + "\n" for outcome in outcomes for one in outcome.failures]
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
        "failures": [record(one) for one in outcome.failures],
    }


def _case(outcome: Outcome) -> Case:
    if outcome.passed:
        return Case(outcome.file, outcome.test)
    detail = "\n".join(worded(one) for one in outcome.failures)
    return Case(outcome.file, outcome.test, outcome.failures[0].message, detail)
