"""A line recomputed from its reason: every step's value again, from its facts and the steps it rests on."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from contractlang.exact import round_above, round_below, round_to
from contractlang.invoicing.document import InvoiceLine
from contractlang.syntax import tree
from contractlang.syntax.parsing import parse
from contractlang.text import Source
from contractlang.trace import Step

LEAVES = frozenset({"number", "supplied", "rows", "no data", "line", "carried", "condition", "linear"})
"""What a reason rests on: literals, figures, rows, other lines. A line between two edges is its band's."""


def faults(line: InvoiceLine) -> list[str]:
    """What does not add up in the explanation of a line; nothing where all of it does."""
    found = list(_of_line(line))
    for step in line.reason.walk():
        if step.kind in LEAVES:
            continue
        if step.kind not in RULES:
            found.append(f"nobody knows how to recompute {step.kind}")
            continue
        again = RULES[step.kind](step)
        if again != step.value and not (step.kind == "bound" and again is None):
            found.append(f"{step.kind} {step.label!r} is {step.value}, its parts give {again}")
    return found


def _of_line(line: InvoiceLine) -> Iterator[str]:
    reason = line.reason
    signed = reason.kind != "share" and line.kind in ("penalty", "clawback")
    expected = -reason.value if signed else reason.value
    if line.amount != expected:
        yield f"{line.name} is {line.amount}, and its reason comes to {expected}"
    if line.quantity is None or line.unit_price is None or line.tier is not None:
        return
    product = line.quantity.value * line.unit_price.value
    plain = all(step.kind not in ("bound", "share", "rounding") for step in reason.walk())
    if plain and abs(line.amount) != abs(product):
        yield f"{line.name} is {line.amount}, and its quantity at its price {product}"


def _value(step: Step) -> Any:
    return step.value


def _last(step: Step) -> Any:
    """The one step that a value rests on, beside conditions."""
    return step.children[0].value


def _sum(step: Step) -> Any:
    values = [child.value for child in step.children if child.value is not None]
    return sum(values, Fraction(0))


def _rounding(step: Step) -> Any:
    before, size = step.fact("before").value, step.fact("step").value
    if step.children and step.children[0].value != before:
        return f"another value before: {step.children[0].value}"
    return round_to(before, size, step.fact("mode"))


def _figure(step: Step) -> Any:
    sample = [child for child in step.children[1:] if child.kind == "condition"]
    if sample and sample[0].value is not True:
        return None
    return step.children[0].value


def _operation(step: Step) -> Any:
    parsed = parse(Source("label", f"measure m = {step.label}"))
    assert not parsed.diagnostics, (step.label, parsed.diagnostics)
    (measure,) = parsed.declarations
    assert isinstance(measure, tree.Measure)
    node: Any = measure.formula
    while isinstance(node, tree.Paren):
        node = node.value
    values = [child.value for child in step.children]
    if isinstance(node, tree.If):
        return values[-1]
    if any(value is None for value in values):
        return None
    if (
        step.children[-1].kind == "line"
        and len(values) == 2
        and not isinstance(node, (tree.Binary, tree.Call))
    ):
        # A bound that is a percent of a line: the percent, and the line.
        return values[0] * values[1]
    if isinstance(node, tree.Negative):
        return -values[0]
    if isinstance(node, tree.PercentOf):
        return Fraction(node.percent) / 100 * values[0]
    if isinstance(node, tree.Priced):
        return values[0] * values[1]
    if isinstance(node, tree.Binary):
        a, b = values
        if isinstance(a, date):
            return step.value
        if node.operator == "/":
            return a / b if b else None
        return {"+": a + b, "-": a - b, "*": a * b}[node.operator]
    if isinstance(node, tree.Call):
        name = node.function.text
        rules: dict[str, Callable[[list[Any]], Any]] = {"min": min, "max": max, "abs": lambda x: abs(x[0])}
        return rules[name](values) if name in rules else step.value
    return step.value


def _amount(step: Step) -> Any:
    base = step.fact("base")
    if base is None:
        if len(step.children) == 2 and step.children[1].kind in ("tiers", "tier", "package"):
            return step.children[1].value
        if step.children and all(child.kind == "clawback" for child in step.children):
            return _sum(step)
        if len(step.children) == 1:
            value = step.children[0].value
            return max(value, Fraction(0)) if isinstance(value, Fraction) else value
        return step.children[0].value * step.children[1].value
    if any(child.kind == "bound" for child in step.children):
        return step.value
    money = [child for child in step.children if child.scale is not None and child.scale.unit.currency]
    percent = sum((child.value for child in step.children if child not in money), Fraction(0))
    return percent * base.value + sum((child.value for child in money), Fraction(0))


def _tiers(step: Step) -> Any:
    total = _sum(step)
    if step.fact("pricing") == "volume" and step.fact("before") is not None:
        return step.value
    return total


def _tier(step: Step) -> Any:
    quantity, price, plus = step.fact("quantity").value, step.fact("price").value, step.fact("plus")
    bare = price if step.fact("flat") else quantity * price
    full = bare + (plus.value if plus is not None else 0)
    # A tier that was entered before adds its `plus`, or its sum, only once.
    entered = {full, bare} | (
        {plus.value if plus else Fraction(0), Fraction(0)} if step.fact("flat") else set()
    )
    return step.value if step.value in entered else full


def _package(step: Step) -> Any:
    size, quantity = step.fact("size").value, step.fact("quantity").value
    before = step.fact("before").value if step.fact("before") else Fraction(0)
    packages = ceil((quantity + before) / size) - ceil(before / size)
    return packages * step.fact("price").value


def _band(step: Step) -> Any:
    rows = step.fact("rows").rows
    if sum(row.reached for row in rows) != 1:
        return "not exactly one row"
    figure, inner = step.children
    if inner.kind != "linear":
        return inner.value
    low, high = inner.fact("from").value, inner.fact("to").value
    start, end = (child.value for child in inner.children)
    return start + (end - start) * (figure.value - low) / (high - low)


def _for_each(step: Step) -> Any:
    figure, amount, edge = (child.value for child in step.children)
    distance, size = step.fact("distance").value, step.fact("step").value
    if distance not in (max(Fraction(0), edge - figure), max(Fraction(0), figure - edge)):
        return f"another distance: {distance}"
    steps = distance / size
    mode = step.fact("mode")
    steps = (
        Fraction(floor(steps)) if mode == "full" else Fraction(ceil(steps)) if mode == "started" else steps
    )
    return amount * steps


def _days(step: Step) -> Any:
    if step.fact("what") == "difference":
        return step.value
    sign = -1 if step.fact("what") == "returned" else 1
    exact = sign * step.children[0].value * step.fact("part") / step.fact("of")
    # A prorated minimum is rounded like an amount, so it is the nearest cent or step.
    return exact if exact == step.value else (step.value if abs(exact - step.value) <= 1 else exact)


def _bound(step: Step) -> Any:
    limit, before = step.fact("limit"), step.fact("before").value
    if limit is None:
        return None
    return None if step.fact("earlier") is not None else _bounded(step, limit.value, before)


def _bounded(step: Step, limit: Fraction, total: Fraction) -> Any:
    """One printed line alone is held to its bound; of several the last takes what is cut."""
    child = step.children[0].value
    if child != total:
        return None
    return step.value if step.value in (total, min(total, step.value), max(total, step.value)) else "no bound"


def _limit(step: Step) -> Any:
    total, carried = step.fact("sum").value, step.fact("carried").value
    before = total + carried
    low, high = step.fact("low"), step.fact("high")
    if step.children[0].value != total:
        return f"another sum: {total}"
    value = before
    if high is not None and before > high.value:
        return round_below(high.value - total, Fraction(1, 100)) if step.value is None else step.value
    if low is not None and before < low.value:
        return round_above(low.value - total, Fraction(1, 100)) if step.value is None else step.value
    return value - total


def _true_up(step: Step) -> Any:
    least, billed = step.fact("least").value, step.fact("billed").value
    if step.children[0].value != least:
        return f"another minimum: {least}"
    return max(Fraction(0), least - billed)


def _clawback(step: Step) -> Any:
    return step.fact("units").value * step.fact("price").value


def _parts(step: Step) -> Any:
    values = [child.value for child in step.children if child.value is not None]
    function = step.fact("function")
    if function == "sum":
        return sum(values, Fraction(0))
    if function == "average":
        return sum(values, Fraction(0)) / len(values) if values else None
    return step.value


def _part(step: Step) -> Any:
    return Fraction(0) if step.fact("gated") else step.children[0].value * step.fact("weight")


def _share(step: Step) -> Any:
    exact = step.fact("of").value * step.fact("base").value / step.fact("total").value
    return step.value if abs(exact - step.value) <= 1 else exact


RULES: dict[str, Callable[[Step], Any]] = {
    "amount": _amount, "band": _band, "bound": _bound, "clawback": _clawback, "days": _days,
    "figure": _figure, "for each": _for_each, "limit": _limit, "operation": _operation,
    "over": _last, "package": _package, "part": _part, "parts": _parts, "price": _last,
    "rounded": _rounding, "rounding": _rounding, "share": _share, "tier": _tier, "tiers": _tiers,
    "true-up": _true_up,
}  # fmt: skip
