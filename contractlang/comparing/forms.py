"""What a clause says in one of several forms, so that another form is one change, not two.

In: two declarations of one name. Out: the same two with the form that both can have, or the words of each
form and the declaration that took the new one. A fee falls due `per month` or `once on` a day, a way out
opens after a time, on a day or on a condition, a figure is computed or supplied, and a limit names its two
bounds together or apart.
"""

from dataclasses import replace
from typing import Any

from contractlang.comparing.words import shown
from contractlang.syntax import tree


def limits_alike(old: tree.Line, new: tree.Line) -> tuple[tree.Line, tree.Line]:
    """Two limits with `at least` and `at most` where only one of them says `between`."""
    if (old.between is None) == (new.between is None):
        return old, new
    return _apart(old), _apart(new)


def _apart(line: tree.Line) -> tree.Line:
    if line.between is None or line.at_least is not None or line.at_most is not None:
        return line
    low, high = line.between
    # In `between -6% and +4% of handling` both percents are of the same line.
    of = _of(high) or _of(low)
    low, high = (_percent_of(one, of) for one in (low, high))
    return replace(line, between=None, at_least=tree.Bound(low), at_most=tree.Bound(high))


def _of(bound: Any) -> Any:
    while isinstance(bound, (tree.Negative, tree.Paren)):
        bound = bound.value
    return bound.of if isinstance(bound, tree.PercentOf) else None


def _percent_of(bound: Any, of: Any) -> Any:
    if isinstance(bound, (tree.Negative, tree.Paren)):
        return replace(bound, value=_percent_of(bound.value, of))
    if isinstance(bound, tree.Percent) and of is not None:
        return tree.PercentOf(bound.value, of, span=bound.span)
    return bound


def frequency(line: tree.Line) -> str | None:
    """When a fee falls due, as written: `per month`, `once`, `once on 2026-03-01`; None where unsaid."""
    if line.once_on is not None:
        return f"once on {line.once_on.isoformat()}"
    if line.once:
        return "once"
    value = line.value
    if isinstance(value, tree.Priced) and value.price is None and value.per is not None:
        return f"per {value.per.text}"
    return None


def is_other_frequency(old: tree.Line, new: tree.Line) -> bool:
    """Whether a fee falls due in another way, and not only in another interval or on another day."""
    if not {old.kind, new.kind} <= {"fee", "subscription"}:
        return False
    words = frequency(old), frequency(new)
    if words[0] is None or words[1] is None or words[0] == words[1]:
        return False
    return _way_of_paying(old) != _way_of_paying(new)


def is_other_interval(old: tree.Line, new: tree.Line) -> bool:
    """Whether a fee falls due in another interval: an amount a quarter is no amount a month."""
    words = frequency(old), frequency(new)
    return all(one is not None and one.startswith("per ") for one in words) and words[0] != words[1]


def _way_of_paying(line: tree.Line) -> tuple[bool, bool]:
    return line.once, line.once_on is not None


def with_frequency(old: tree.Line, new: tree.Line) -> tree.Line:
    """The old fee, due as the new one is."""
    value: Any = old.value
    if isinstance(value, tree.Priced):
        value = value.quantity
    if isinstance(new.value, tree.Priced):
        value = tree.Priced(value, new.value.per, new.value.price, span=new.value.span)
    return replace(old, value=value, once=new.once, once_on=new.once_on, timing=new.timing)


def is_other_source(old: tree.Measure, new: tree.Measure) -> bool:
    """Whether a figure is supplied that was computed, or computed that was supplied."""
    return (old.formula is None) != (new.formula is None)


def source_words(measure: tree.Measure, other: tree.Measure) -> str:
    """Where a figure comes from: `count(contacts)`, `supplied in calls`."""
    words = shown(measure.formula) if measure.formula is not None else "supplied"
    tells = measure.unit is not None and (measure.formula is None or measure.unit != other.unit)
    return f"{words} in {measure.unit.text}" if tells and measure.unit is not None else words


def with_source(old: tree.Measure, new: tree.Measure) -> tree.Measure:
    """The old figure, from where the new one comes."""
    return replace(old, formula=new.formula, unit=new.unit)
