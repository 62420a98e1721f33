"""One contract-month from generated code, beside functions written by hand with `Decimal`.

Two contracts: Acme in a month by the act, and the scorecard with its gate. Both ways get the same numbers
as `Decimal` and come to the same cents (asserted before anything is timed).
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from benchmarks import handwritten
from benchmarks.timing import interleaved, repeated

ROOT = Path(__file__).resolve().parents[1]
ACME = ROOT / "contracts" / "acme" / "acme.contract"
SCORECARD = ROOT / "tests" / "data" / "syntax" / "scorecard_with_gate.contract"
COUNT = 200

SCORES = {
    "hours": "5200", "offered": "41250", "abandoned_short": "1250", "answered_30s": "33600",
    "resolved": "29800", "handled": "40000", "csat": "4.35", "replies": "412", "handling_time": "338",
    "quality": "91",
}  # fmt: skip
BEFORE = {
    ("resolved", -1): "27900",
    ("handled", -1): "37500",
    ("resolved", -2): "9360",
    ("handled", -2): "12000",
}
HUNDREDTH, GRAIN = Decimal("0.01"), Decimal("0.0001")
D = Decimal


def scorecard(given: Mapping[object, Decimal]) -> dict[str, Decimal]:
    """April of the scorecard by hand."""
    production = (given["hours"] * 31).quantize(HUNDREDTH, ROUND_HALF_UP)
    level = (given["answered_30s"] / (given["offered"] - given["abandoned_short"])).quantize(
        GRAIN, ROUND_HALF_UP
    )
    resolved = given["resolved"] + given["resolved", -1] + given["resolved", -2]
    handled = given["handled"] + given["handled", -1] + given["handled", -2]
    resolution = (resolved / handled).quantize(GRAIN, ROUND_HALF_UP)
    parts = []
    if level >= D("0.85"):
        parts.append(D("0.02"))
    elif level >= D("0.82"):
        parts.append(D("0.01"))
    elif level >= D("0.78"):
        parts.append(D(0))
    else:
        parts.append(D("-0.015") if level >= D("0.75") else D("-0.03"))
    parts.append(D("0.01") if resolution >= D("0.75") else D(0) if resolution >= D("0.70") else D("-0.01"))
    if given["replies"] < 100:
        parts.append(D(0))
    else:
        score = given["csat"]
        parts.append(D("0.01") if score >= D("4.30") else D(0) if score >= 4 else D("-0.01"))
    time = given["handling_time"]
    parts.append(D("0.005") if time <= 340 else D(0) if time <= 380 else D("-0.005"))
    if given["quality"] < 85:
        parts = [min(part, D(0)) for part in parts]
    percent = max(D("-0.06"), min(D("0.04"), sum(parts, D(0))))
    pay = (production * percent).quantize(HUNDREDTH, ROUND_HALF_UP)
    net = production + pay
    return {"production": production, "quality_pay": pay, "net": net, "gross": net}


def times(
    contract: Path, period: str, figures: Mapping[object, Decimal], by_hand: Callable[[], dict[str, Decimal]]
) -> dict[str, float]:
    """The seconds of one month: without reasons, with light reasons, by hand."""
    from contractlang.api import load

    compiled = load(contract).compiled(period)
    assert compiled.why_not is None, compiled.why_not
    invoice = compiled.amounts(figures)  # type: ignore[arg-type]
    ours = dict(invoice.lines) | {"net": invoice.net, "gross": invoice.gross}
    assert ours == by_hand(), "both come to the same cents"
    assert compiled.explain(figures)[:4] == invoice[:4]  # type: ignore[arg-type]
    assert not compiled.interpreted, "generated code answered"
    actions = {
        "amounts": repeated(lambda: compiled.amounts(figures), COUNT),  # type: ignore[arg-type]
        "reasons": repeated(lambda: compiled.explain(figures), COUNT),  # type: ignore[arg-type]
        "hand": repeated(by_hand, COUNT),
    }
    return {name: found / COUNT for name, found in interleaved(actions, 61).items()}


def acme(figures: Mapping[str, Decimal], before: tuple[Decimal, ...]) -> dict[str, float]:
    """July of Acme; `before` is the satisfaction of the six months before it, the oldest first."""
    given: dict[object, Decimal] = dict(figures)
    given["answer_rate"] = figures["answer_rate"] * 100
    given |= {("satisfaction", index - len(before)): value for index, value in enumerate(before)}
    return times(ACME, "2026-07", given, lambda: handwritten.july(dict(figures), before))


def scores() -> dict[str, float]:
    """April of the scorecard."""
    given = {key: Decimal(text) for key, text in {**SCORES, **BEFORE}.items()}
    return times(SCORECARD, "2025-04", given, lambda: scorecard(given))
