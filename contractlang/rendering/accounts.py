"""A step of a computation as a sentence, with the numbers to recompute it by hand.

In: a `Step` and a language. Out: `Account`, a tree of sentences; the explanation prints it as an
indented list, the annex of an invoice as a nested one. What a step is made of stands under it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from contractlang.calendar import Days
from contractlang.rendering.languages import Language
from contractlang.rendering.ranges import range_of, reached
from contractlang.text import Span
from contractlang.trace import Bands, Quantity, Step
from contractlang.units import Scale


@dataclass(frozen=True, slots=True)
class Account:
    """One sentence of an explanation, where the terms say so (`acme.contract:67`), and what it rests on."""

    text: str
    place: str | None
    kind: str
    parts: "tuple[Account, ...]" = ()


def account(language: Language, step: Step, printed: Iterable[str] = ()) -> Account:
    """The account of a step and all under it.

    `printed` names the lines that have an account of their own: where another line reads them, their
    amount is said and not computed again.
    """
    return _account(language, step, frozenset(printed), None)


def place(span: Span) -> str:
    """A place in the terms for people: the file and the line, counted from 1."""
    return f"{span.source.name}:{span.position().line + 1}"


def _account(language: Language, step: Step, printed: frozenset[str], above: str | None) -> Account:
    tell = _TELLERS.get(step.kind, _other)
    own = place(step.span) if step.span is not None else None
    parts: tuple[Step, ...] = step.children
    if step.kind == "line" and above is not None and step.label in printed:
        parts = ()
    return Account(
        # What is about equal needs no other sign of equality.
        text=tell(language, step).replace("= ≈", "≈"),
        # A place is said where it changes: most steps lie in the clause of the step above them.
        place=own if own != above else None,
        kind=step.kind,
        parts=tuple(_account(language, part, printed, own or above or "") for part in parts),
    )


# ---- facts in words


def _value(language: Language, step: Step) -> str:
    return language.value(step.value, step.scale)


def _fact(language: Language, fact: Any, scale: Scale | None = None) -> str:
    """A fact of a step in words; a bare fraction is in the unit of `scale`."""
    if isinstance(fact, Quantity):
        return language.quantity(fact)
    if isinstance(fact, Step):
        return language.value(fact.value, fact.scale)
    if isinstance(fact, Fraction):
        return language.value(fact, scale)
    if isinstance(fact, bool) or fact is None:
        return language.value(fact)
    if isinstance(fact, int):
        return language.number(Fraction(fact))
    if isinstance(fact, date):
        return language.day(fact)
    if isinstance(fact, Days):
        return language.days(fact)
    if isinstance(fact, tuple | list):
        return ", ".join(_fact(language, item, scale) for item in fact)
    return str(fact)


def _over(language: Language, step: Step) -> str:
    days = step.fact("days")
    return language.say("over days", days=_fact(language, days)) if days is not None else ""


def _rows(language: Language, count: Any) -> str:
    if count == 1:
        return language.say("row")
    return language.say("rows", count=_fact(language, count))


def _mode(language: Language, mode: Any) -> str:
    return language.say(f"mode {mode}") if language.knows(f"mode {mode}") else str(mode)


def _function(language: Language, name: Any) -> str:
    return language.say(f"function {name}") if language.knows(f"function {name}") else str(name)


def _numbers(language: Language, step: Step) -> str | None:
    """The text of an operation with the values of its operands in the places of their names."""
    text, done = step.label, ""
    for child in step.children:
        if not child.label or (before := text.find(child.label)) < 0:
            return None
        done += text[:before] + _value(language, child)
        text = text[before + len(child.label) :]
    done += text
    return done.replace(" * ", " × ") if step.children and done != step.label else None


# ---- one teller for each kind of step


def _number(language: Language, step: Step) -> str:
    return language.say("step number", value=_value(language, step))


def _supplied(language: Language, step: Step) -> str:
    file, row = step.fact("file"), step.fact("row")
    where = ""
    if file is not None and row is not None:
        where = language.say("in file row", file=str(file), row=str(row))
    elif file is not None:
        where = language.say("in file", file=str(file))
    return language.say(
        "step supplied",
        label=_label(language, step),
        value=_value(language, step),
        days=_over(language, step),
        place=where,
    )


def _from_rows(language: Language, step: Step) -> str:
    group = step.fact("group")
    return language.say(
        "step rows",
        label=step.label or _function(language, step.fact("function")),
        value=_value(language, step),
        rows=_rows(language, step.fact("rows")),
        table=str(step.fact("table")),
        group=language.say("of group", group=_fact(language, group)) if group is not None else "",
        days=_over(language, step),
    )


def _figure(language: Language, step: Step) -> str:
    return language.say(
        "step figure", label=_label(language, step), value=_value(language, step), days=_over(language, step)
    )


def _parts(language: Language, step: Step) -> str:
    by = step.fact("by")
    return language.say(
        "step parts",
        function=step.label or _function(language, step.fact("function")),
        by=language.say("by parts", by=_fact(language, by)) if by is not None and not step.label else "",
        value=_value(language, step),
    )


def _operation(language: Language, step: Step) -> str:
    numbers = _numbers(language, step)
    if numbers is None:
        return language.say("step operation", label=_label(language, step), value=_value(language, step))
    return language.say(
        "step operation numbers", label=step.label, numbers=numbers, value=_value(language, step)
    )


def _rounded(language: Language, step: Step) -> str:
    before = step.fact("before")
    if before is None and step.children:
        before = step.children[0]
    facts = {"step": _fact(language, step.fact("step"), step.scale), "value": _value(language, step)}
    if _same(before, step):
        return language.say("step not rounded", **facts)
    mode = _mode(language, step.fact("mode"))
    return language.say("step rounded", mode=mode, before=_fact(language, before, step.scale), **facts)


def _same(before: Any, step: Step) -> bool:
    value = before.value if isinstance(before, Quantity | Step) else before
    return bool(value == step.value)


def _no_data(language: Language, step: Step) -> str:
    cause = step.fact("cause") or step.label
    return language.say("step no data", cause=str(cause)) if cause else language.say("step no data bare")


def _price(language: Language, step: Step) -> str:
    since = step.fact("from")
    day = language.say("since", day=_fact(language, since)) if since is not None else ""
    return language.say(
        "step price", label=_label(language, step), value=_value(language, step), **{"from": day}
    )


def _index(language: Language, step: Step) -> str:
    told = language.say(
        "step index",
        label=_label(language, step),
        p0=_fact(language, step.fact("p0"), step.scale),
        coefficient=_fact(language, step.fact("coefficient")),
        value=_value(language, step),
        index=str(step.fact("index") or ""),
    )
    if step.fact("s0") is None:
        return told
    values = language.say(
        "step index values",
        base=_fact(language, step.fact("base")),
        s0=_fact(language, step.fact("s0")),
        month=_fact(language, step.fact("month")),
        s=_fact(language, step.fact("s")),
    )
    return f"{told} ({values})"


def _tiers(language: Language, step: Step) -> str:
    key = f"pricing {step.fact('pricing')}"
    pricing = language.say(key) if language.knows(key) else str(step.fact("pricing") or step.label)
    return language.say("step tiers", pricing=pricing, value=_value(language, step))


def _tier(language: Language, step: Step) -> str:
    lower, upper = step.fact("from"), step.fact("up_to")
    quantity, price, plus = step.fact("quantity"), step.fact("price"), step.fact("plus")
    scale = quantity.scale if isinstance(quantity, Quantity) else None
    facts = {"from": _fact(language, lower, scale), "up_to": _fact(language, upper, scale)}
    open_below = lower is None or _zero(lower)
    key = ("tier all" if open_below else "tier beyond") if upper is None else "tier between"
    if upper is not None and open_below:
        key = "tier up to"
    product = _product(language, quantity, price)
    if plus is not None and not _zero(plus):
        product += language.say("plus", plus=_fact(language, plus, step.scale))
    told = language.say("step tier", range=language.say(key, **facts), product=product, value="{value}")
    return told.replace("{value}", _value(language, step))


def _zero(fact: Any) -> bool:
    return bool((fact.value if isinstance(fact, Quantity) else fact) == 0)


def _product(language: Language, quantity: Any, price: Any) -> str:
    if price is None:
        return _fact(language, quantity)
    return f"{_fact(language, quantity)} × {_fact(language, price)}"


def _package(language: Language, step: Step) -> str:
    return language.say(
        "step package",
        packages=_fact(language, step.fact("packages")),
        size=_fact(language, step.fact("size")),
        price=_fact(language, step.fact("price"), step.scale),
        value=_value(language, step),
    )


def _band(language: Language, step: Step) -> str:
    table, row = step.fact("rows"), _fact(language, step.fact("row"))
    if isinstance(table, Bands) and (found := reached(table)) is not None:
        row = range_of(language, found, table.figure.scale)
    figure = step.fact("figure")
    if figure is None:
        return language.say("step band bare", row=row, value=_value(language, step))
    return language.say("step band", figure=_fact(language, figure), row=row, value=_value(language, step))


def _part(language: Language, step: Step) -> str:
    weight, gate = step.fact("weight"), step.fact("gate")
    return language.say(
        "step part",
        label=_label(language, step),
        value=_value(language, step),
        weight=language.say("weight", weight=_weight(language, weight)) if weight is not None else "",
        gate=language.say("gate", gate=_fact(language, gate)) if gate is not None else "",
    )


def _weight(language: Language, weight: Any) -> str:
    return language.percent(weight) if isinstance(weight, Fraction) else _fact(language, weight)


def _anew(language: Language, step: Step) -> str:
    return language.say(
        "step over", label=_label(language, step), value=_value(language, step), days=_over(language, step)
    )


def _previous(language: Language, step: Step) -> str:
    facts = {"label": _label(language, step), "value": _value(language, step)}
    if step.fact("days") is None:
        return language.say("step previous otherwise", **facts)
    return language.say("step previous", days=_over(language, step), **facts)


def _condition(language: Language, step: Step) -> str:
    numbers = _numbers(language, step)
    label = f"{step.label} ({numbers})" if numbers else _label(language, step)
    key = {True: "holds", False: "fails"}.get(step.value is True, "fails")
    return language.say(f"step condition {'unknown' if step.value is None else key}", label=label)


def _line(language: Language, step: Step) -> str:
    return language.say(
        "step line", label=_label(language, step), value=_value(language, step), days=_over(language, step)
    )


def _share_of_days(language: Language, step: Step) -> str:
    days, of = step.fact("days"), step.fact("of")
    return language.say(
        "step days", days=_count(language, days), of=_count(language, of), value=_value(language, step)
    )


def _count(language: Language, days: Any) -> str:
    return language.number(Fraction(days.count)) if isinstance(days, Days) else _fact(language, days)


def _bound(language: Language, step: Step) -> str:
    before = step.fact("before")
    facts = {
        "bound": step.label or _fact(language, step.fact("bound"), step.scale),
        "value": _value(language, step),
    }
    if before is None or _same(before, step):
        return language.say("step bound kept", **facts)
    return language.say("step bound", before=_fact(language, before, step.scale), **facts)


def _share(language: Language, step: Step) -> str:
    return language.say(
        "step share", of=_fact(language, step.fact("of"), step.scale), value=_value(language, step)
    )


def _amount(language: Language, step: Step) -> str:
    if len(step.children) < 2 or step.children[1].kind in ("tiers", "package"):
        return language.say("step amount bare", label=_label(language, step), value=_value(language, step))
    quantity, price = step.children[0], step.children[1]
    return language.say(
        "step amount",
        quantity=_value(language, quantity),
        price=_value(language, price),
        value=_value(language, step),
    )


def _clawback(language: Language, step: Step) -> str:
    return language.say(
        "step clawback",
        units=_fact(language, step.fact("units")),
        day=_fact(language, step.fact("day")),
        price=_fact(language, step.fact("price"), step.scale),
        value=_value(language, step),
    )


def _other(language: Language, step: Step) -> str:
    return language.say("step other", label=step.label or step.kind, value=_value(language, step))


def _label(language: Language, step: Step) -> str:
    return step.label or language.say("the value")


_TELLERS: dict[str, Callable[[Language, Step], str]] = {
    "number": _number,
    "supplied": _supplied,
    "rows": _from_rows,
    "figure": _figure,
    "parts": _parts,
    "operation": _operation,
    "rounded": _rounded,
    "no data": _no_data,
    "price": _price,
    "index": _index,
    "tiers": _tiers,
    "tier": _tier,
    "package": _package,
    "band": _band,
    "part": _part,
    "over": _anew,
    "previous": _previous,
    "condition": _condition,
    "line": _line,
    "days": _share_of_days,
    "bound": _bound,
    "share": _share,
    "amount": _amount,
    "rounding": _rounded,
    "clawback": _clawback,
}
