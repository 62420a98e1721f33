"""A step of a computation as a sentence, with the numbers to recompute it by hand.

In: a `Step` and a language. Out: `Account`, a tree of sentences; the explanation prints it as an
indented list, the annex of an invoice as a nested one. What a step is made of stands under it. A kind
of step that has no words here is told by its label and its value.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from contractlang.rendering import amounts, facts
from contractlang.rendering.facts import label, over, told, value_of
from contractlang.rendering.languages import Language
from contractlang.rendering.ranges import range_of, reached, scale_of
from contractlang.trace import Bands, Quantity, Step


@dataclass(frozen=True, slots=True)
class Account:
    """One sentence of an explanation, where the terms say so (`acme.contract:67`), and what it rests on."""

    text: str
    place: str | None
    kind: str
    parts: "tuple[Account, ...]" = ()


def account(language: Language, step: Step, currency: str, printed: Iterable[str] = ()) -> Account:
    """The account of a step and all under it; `currency` is that of its line.

    `printed` names the lines that have an account of their own: where another line reads them, their
    amount is said and not computed again.
    """
    return _account(language, step, currency, frozenset(printed), None)


def _account(
    language: Language, step: Step, currency: str, printed: frozenset[str], above: str | None
) -> Account:
    own = facts.place(step.span) if step.span is not None else None
    printed_already = step.kind == "line" and above is not None and step.label in printed
    # What is about equal needs no other sign of equality.
    text = _TELLERS.get(step.kind, _other)(language, step).replace("= ≈", "≈")
    parts: tuple[Account, ...] = ()
    if not printed_already:
        parts = tuple(_under(language, step, currency, printed, own or above or ""))
    # A place is said where it changes: most steps lie in the clause of the step above them.
    said = own if own is not None and own != above and own not in text else None
    return Account(text, said, step.kind, parts)


def _under(
    language: Language, step: Step, currency: str, printed: frozenset[str], own: str
) -> Iterator[Account]:
    """The accounts of the steps under one; parts in a row that are all zero, or no data, make one."""
    for nothing, run in groupby(facts.complete(step, currency), lambda child: _is_nothing(step, child)):
        steps = list(run)
        if nothing and len(steps) > 1:
            count, value = language.number(Fraction(len(steps))), value_of(language, steps[0])
            yield Account(language.say("step parts alike", count=count, value=value), None, "parts")
            continue
        for child in steps:
            yield _account(language, child, currency, printed, own)


def _is_nothing(step: Step, child: Step) -> str:
    if step.kind != "parts" or child.value is True or child.value:
        return ""
    return "no data" if child.value is None else "zero"


# ---- figures


def _number(language: Language, step: Step) -> str:
    return language.say("step number", value=value_of(language, step))


def _supplied(language: Language, step: Step) -> str:
    words = {"label": label(language, step), "value": value_of(language, step), "days": over(language, step)}
    if step.fact("otherwise") is not None:
        return language.say(
            "step supplied otherwise", otherwise=told(language, step.fact("otherwise")), **words
        )
    where, row = step.fact("where") or step.fact("file"), step.fact("row")
    source = ""
    if where is not None and row is not None:
        source = language.say("in file row", file=told(language, where), row=str(row))
    elif where is not None:
        source = language.say("in file", file=told(language, where))
    share = _share_of_days(language, step)
    return language.say("step supplied", place=source, share=share, **words)


def _share_of_days(language: Language, step: Step) -> str:
    part, of = step.fact("part"), step.fact("of")
    if part is None or of is None:
        return ""
    return language.say("part of days", part=told(language, part), of=told(language, of))


def _from_rows(language: Language, step: Step) -> str:
    column, day, count = step.fact("column"), step.fact("day"), step.fact("rows")
    group = language.say("of group", group=told(language, day)) if day else ""
    if column is not None:
        group = language.of_group(str(column), step.fact("group"))
    rows = language.say("row") if count == 1 else language.say("rows", count=told(language, count))
    table = str(step.fact("table"))
    return language.say(
        "step rows",
        label=step.label or _function(language, step.fact("function")),
        value=value_of(language, step),
        rows=table if count is None else language.say("rows of", rows=rows, table=table),
        group=group,
        days=over(language, step),
    )


def _function(language: Language, name: Any) -> str:
    return language.say(f"function {name}") if language.knows(f"function {name}") else str(name)


def _figure(language: Language, step: Step) -> str:
    words = {"label": label(language, step), "value": value_of(language, step)}
    return language.say("step figure", days=over(language, step), **words)


def _parts(language: Language, step: Step) -> str:
    by = step.fact("by")
    function = _function(language, step.fact("function"))
    # A figure in parts has the measure's name, which does not say what is done with the parts.
    name = step.label if "(" in step.label or not step.label else f"{step.label}, {function}"
    return language.say(
        "step parts",
        function=name or function,
        by=language.say("by parts", by=told(language, by)) if by is not None and not step.label else "",
        value=value_of(language, step),
    )


def _operation(language: Language, step: Step) -> str:
    words = {"label": label(language, step), "value": value_of(language, step)}
    numbers = facts.with_numbers(language, step)
    if numbers is None or numbers == words["value"]:
        return language.say("step operation", **words)
    return language.say("step operation numbers", numbers=numbers, **words)


def _no_data(language: Language, step: Step) -> str:
    cause = step.fact("cause")
    if cause is None:
        return language.say("step no data bare")
    key = f"cause {cause}"
    return language.say("step no data", cause=language.say(key) if language.knows(key) else str(cause))


def _anew(language: Language, step: Step) -> str:
    words = {"label": label(language, step), "value": value_of(language, step)}
    return language.say("step over", days=over(language, step), **words)


def _previous(language: Language, step: Step) -> str:
    words = {"label": label(language, step), "value": value_of(language, step)}
    if step.fact("days") is None:
        return language.say("step previous otherwise", **words)
    return language.say("step previous", days=over(language, step), **words)


def _condition(language: Language, step: Step) -> str:
    numbers = facts.with_numbers(language, step)
    words = f"{step.label} ({numbers})" if numbers else label(language, step)
    key = "unknown" if step.value is None else "holds" if step.value is True else "fails"
    return language.say(f"step condition {key}", label=words)


# ---- prices


def _price(language: Language, step: Step) -> str:
    since = step.fact("from")
    day = language.say("since", day=told(language, since)) if since is not None else ""
    words = {"label": label(language, step), "value": value_of(language, step), "from": day}
    return language.say("step price", **words)


def _index(language: Language, step: Step) -> str:
    words = {
        "p0": told(language, step.fact("p0"), step.scale),
        "coefficient": told(language, step.fact("coefficient")),
        "value": value_of(language, step),
        "index": str(step.fact("index") or ""),
    }
    found = language.say("step index", **words)
    fixed, exact = step.fact("fixed"), step.fact("exact")
    if not isinstance(fixed, Fraction) or exact is None:
        return found
    return found + language.say(
        "step index coefficient",
        fixed=language.percent(fixed),
        rest=language.percent(1 - fixed),
        s=told(language, step.fact("s")),
        month=facts.month(language, step.fact("month")),
        s0=told(language, step.fact("s0")),
        base=facts.month(language, step.fact("base")),
        exact=told(language, exact),
    )


def _tiers(language: Language, step: Step) -> str:
    pricing, chooser, before = (step.fact(name) for name in ("pricing", "chooser", "before"))
    words = language.say(f"pricing {pricing}") if language.knows(f"pricing {pricing}") else str(pricing)
    found = language.say("step tiers", pricing=words, value=value_of(language, step))
    if chooser is not None:
        found += language.say("chosen by", figure=told(language, chooser))
    if before is not None:
        found += language.say("counted before", quantity=told(language, before))
    return found


def _tier(language: Language, step: Step) -> str:
    lower, upper, number = step.fact("from"), step.fact("up_to"), step.fact("number")
    quantity, price, plus = step.fact("quantity"), step.fact("price"), step.fact("plus")
    scale = quantity.scale if isinstance(quantity, Quantity) else None
    edges = {"from": told(language, lower, scale), "up_to": told(language, upper, scale)}
    if facts.is_zero(lower):
        # A tier that is reached alone, as in a volume price, knows its upper end only.
        key = "tier up to" if upper is not None else "tier all" if number in (None, 1) else "tier last"
    else:
        key = "tier between" if upper is not None else "tier beyond"
    product = told(language, price) if step.fact("flat") else _product(language, quantity, price)
    if not facts.is_zero(plus):
        product += language.say("plus", plus=told(language, plus, step.scale))
    words = {"range": language.say(key, **edges), "product": product, "value": value_of(language, step)}
    return language.say("step tier flat" if product == words["value"] else "step tier", **words)


def _product(language: Language, quantity: Any, price: Any) -> str:
    if price is None:
        return told(language, quantity)
    return f"{told(language, quantity)} × {told(language, price)}"


def _package(language: Language, step: Step) -> str:
    names = ("packages", "size", "price", "quantity")
    words = {name: told(language, step.fact(name), step.scale) for name in names}
    words["packages"] = told(language, step.fact("packages"))
    return language.say("step package", value=value_of(language, step), **words)


# ---- bands


def _band(language: Language, step: Step) -> str:
    table, row = step.fact("rows"), told(language, step.fact("row"))
    if isinstance(table, Bands) and (found := reached(table)) is not None:
        row = range_of(language, found, scale_of(table))
    words = {"row": row, "value": value_of(language, step)}
    figure = step.fact("figure")
    if isinstance(figure, Quantity) and figure.value is None:
        return language.say("step band no data", **words)
    if isinstance(figure, Quantity) and isinstance(table, Bands):
        figure = Quantity(figure.value, scale_of(table))
    if figure is None:
        return language.say("step band bare", **words)
    return language.say("step band", figure=told(language, figure), **words)


def _linear(language: Language, step: Step) -> str:
    if len(step.children) != 2:
        return _other(language, step)
    words = {name: told(language, step.fact(name)) for name in ("from", "to")}
    start, end = (value_of(language, child) for child in step.children)
    return language.say("step linear", start=start, end=end, value=value_of(language, step), **words)


def _for_each(language: Language, step: Step) -> str:
    if len(step.children) < 2 or step.fact("steps") is None:
        return _other(language, step)
    mode = f"mode {step.fact('mode')}"
    return language.say(
        "step for each",
        distance=told(language, step.fact("distance")),
        steps=told(language, step.fact("steps")),
        mode=language.say(mode) if language.knows(mode) else str(step.fact("mode")),
        step=told(language, step.fact("step")),
        each=value_of(language, step.children[1]),
        value=value_of(language, step),
    )


def _part(language: Language, step: Step) -> str:
    weight = step.fact("weight")
    weighted = ""
    if isinstance(weight, Fraction) and weight != 1:
        weighted = language.say("weight", weight=language.percent(weight))
    gated = language.say("gate") if step.fact("gated") or step.fact("gate") else ""
    words = {"label": step.label or language.say("this part"), "value": value_of(language, step)}
    return language.say("step part", weight=weighted, gate=gated, **words)


def _other(language: Language, step: Step) -> str:
    return language.say("step operation", label=step.label or step.kind, value=value_of(language, step))


_TELLERS: dict[str, Callable[[Language, Step], str]] = {
    "number": _number,
    "supplied": _supplied,
    "rows": _from_rows,
    "figure": _figure,
    "parts": _parts,
    "operation": _operation,
    "rounded": amounts.rounded,
    "no data": _no_data,
    "price": _price,
    "index": _index,
    "tiers": _tiers,
    "tier": _tier,
    "package": _package,
    "band": _band,
    "linear": _linear,
    "for each": _for_each,
    "part": _part,
    "over": _anew,
    "previous": _previous,
    "condition": _condition,
    "line": amounts.line,
    "days": amounts.days,
    "bound": amounts.bound,
    "limit": amounts.limit,
    "carried": amounts.carried,
    "true-up": amounts.true_up,
    "share": amounts.share,
    "amount": amounts.amount,
    "rounding": amounts.rounded,
    "clawback": amounts.clawback,
}
