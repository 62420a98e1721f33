"""Clauses that charge and deduct: what stands on a line of the invoice.

In: lines of the tree. Out: the blocks of a clause each. What every line may say (its days, its rhythm,
its bounds, its VAT) is said after what its kind says.
"""

from contractlang.rendering.prose.expressions import Expressions
from contractlang.rendering.prose.view import ProseBlock
from contractlang.rendering.prose.writing import joined, listed
from contractlang.syntax import tree


def line(write: Expressions, node: tree.Line) -> tuple[ProseBlock, ...]:
    """The blocks of a line: what is due, then when, within which bounds, with which VAT."""
    blocks = _body(write, node)
    rest = joined(write.phrasing, [*_bounds(write, node), *_time(write, node), *_nature(write, node)])
    if rest and not blocks[-1].items:
        last = blocks[-1]
        return (*blocks[:-1], ProseBlock(f"{last.text} {rest}"))
    return (*blocks, ProseBlock(rest)) if rest else blocks


def _body(write: Expressions, node: tree.Line) -> tuple[ProseBlock, ...]:
    match node.kind:
        case "charge":
            return _charge(write, node)
        case "fee" | "subscription":
            return _fee(write, node)
        case "bonus_malus":
            return _bonus_malus(write, node)
        case "penalty":
            return _penalty(write, node)
        case "minimum":
            facts = {"lines": _lines(write, node), "value": _value(write, node)}
            return _said(write, "minimum" if len(node.on) > 1 else "minimum one", **facts)
        case "limit":
            return _limit(write, node)
        case "clawback":
            of = write.phrasing.cited(node.of.text) if node.of else "?"
            column = write.phrasing.quoted(node.as_of.text) if node.as_of else "?"
            words = write.phrasing.say("clawback", units=_value(write, node), line=of, column=column)
            return (ProseBlock(joined(write.phrasing, [words, _given_back_per(write, node)])),)


def _given_back_per(write: Expressions, node: tree.Line) -> str:
    """That units go back value by value, where the line that is given back is charged so."""
    given = write.phrasing.scope.lines.get(node.of.text) if node.of else None
    value = given.value if given is not None else None
    if not isinstance(value, tree.Priced) or value.per is None:
        return ""
    return write.phrasing.say("clawback per", column=write.phrasing.quoted(value.per.text))


def _said(write: Expressions, key: str, **facts: str) -> tuple[ProseBlock, ...]:
    return (ProseBlock(write.phrasing.sentence(write.phrasing.say(key, **facts))),)


def _value(write: Expressions, node: tree.Line) -> str:
    return write.bare(node.value) if node.value is not None else "?"


def _lines(write: Expressions, node: tree.Line) -> str:
    return write.phrasing.several(write.phrasing.cited(name.text) for name in node.on)


def _rows(write: Expressions, words: str, rows: list[str], first: int = 0) -> ProseBlock:
    announced = write.phrasing.say("announced", words=words)
    return ProseBlock(write.phrasing.sentence(announced), listed(write.phrasing, rows, first))


# ---- kinds


def _charge(write: Expressions, node: tree.Line) -> tuple[ProseBlock, ...]:
    say, value = write.phrasing.say, node.value
    if isinstance(value, tree.ByValue):
        return (
            _rows(write, say("charge by", figure=write.noun(value.figure)), write.tables.rows(value.rows)),
        )
    if not isinstance(value, tree.Priced):
        return _said(write, "charge amount", value=_value(write, node))
    quantity = write.noun(value.quantity)
    per = ""
    if value.per is not None:
        per = say("charge per", column=write.phrasing.quoted(value.per.text))
    match value.price:
        case None:
            return _said(write, "charge amount", value=quantity + per)
        case tree.Graduated() | tree.Volume():
            pricing = write.tables.pricing(value.price, value.quantity)
            words = say("charge tiers", quantity=quantity, per=per, pricing=pricing)
            return (_rows(write, words, write.tables.tiers(value.price)),)
        case tree.Package():
            pricing = write.tables.pricing(value.price, value.quantity)
            return _said(write, "charge tiers", quantity=quantity, per=per, pricing=pricing)
        case tree.ByValue():
            words = say("charge price by", quantity=quantity, per=per, figure=write.noun(value.price.figure))
            return (_rows(write, words, write.tables.rows(value.price.rows)),)
        case _:
            price = write.noun(value.price)
            return _said(write, "charge price", quantity=quantity, per=per, price=price)


def _fee(write: Expressions, node: tree.Line) -> tuple[ProseBlock, ...]:
    say, value = write.phrasing.say, node.value
    if isinstance(value, tree.Priced) and value.price is None and value.per is not None:
        words = say(
            f"{node.kind} per",
            value=write.noun(value.quantity),
            frequency=write.phrasing.frequency(value.per.text),
        )
    else:
        words = say(node.kind, value=_value(write, node))
    if node.once:
        words += say("fee once")
    if node.once_on is not None:
        words += say("fee once on", day=write.phrasing.day(node.once_on))
    return (ProseBlock(write.phrasing.sentence(words)),)


def _bonus_malus(write: Expressions, node: tree.Line) -> tuple[ProseBlock, ...]:
    phrasing, say = write.phrasing, write.phrasing.say
    base = ""
    if len(node.on) == 1:
        base = say("of base", base=phrasing.term(node.on[0].text))
    elif node.on:
        base = say("of sum")
    on = say("adjusted on", lines=_lines(write, node)) if node.on else ""
    blocks: list[ProseBlock] = []
    if node.scorecard or len(node.parts) > 1:
        blocks.append(ProseBlock(phrasing.sentence(say("scorecard", on=on))))
    first = 0
    for number, part in enumerate(node.parts, 1):
        figure = write.noun(part.figure)
        if blocks:
            words = say("scorecard part", number=str(number), figure=figure)
        else:
            words = say("adjusted by", figure=figure, on=on)
        if part.name is not None:
            words += say("part named", name=phrasing.quoted(part.name.text))
        if part.weight is not None:
            words += say("part weight", weight=phrasing.percent(part.weight))
        rows = write.tables.adjustments(part.rows, base)
        blocks.append(_rows(write, words, rows, first))
        first += len(rows)
    if node.value is not None:
        blocks.append(ProseBlock(phrasing.sentence(_adjustment(write, node.value, on, base))))
    return tuple(blocks) or _said(write, "scorecard", on=on)


def _adjustment(write: Expressions, value: tree.Expression, on: str, base: str) -> str:
    return write.phrasing.say("adjusted", on=on, value=write.tables.adjustment(value, base))


def _penalty(write: Expressions, node: tree.Line) -> tuple[ProseBlock, ...]:
    value = node.value
    if isinstance(value, tree.ByValue):
        words = write.phrasing.say("penalty by", figure=write.noun(value.figure))
        return (_rows(write, words, write.tables.rows(value.rows)),)
    if isinstance(value, tree.Priced) and isinstance(value.price, (tree.Graduated, tree.Volume)):
        facts = {
            "quantity": write.noun(value.quantity),
            "pricing": write.tables.pricing(value.price, value.quantity),
        }
        words = write.phrasing.say("penalty", value=write.phrasing.say("priced by pricing", **facts))
        return (_rows(write, words, write.tables.tiers(value.price)),)
    return _said(write, "penalty", value=_value(write, node))


def _limit(write: Expressions, node: tree.Line) -> tuple[ProseBlock, ...]:
    say = write.phrasing.say
    what = _value(write, node) if node.value is not None else _lines(write, node)
    words = say("limit", what=what)
    if node.carried_forward:
        words += say("limit carried")
    return (ProseBlock(write.phrasing.sentence(words)),)


# ---- what every line may say


def _bounds(write: Expressions, node: tree.Line) -> list[str]:
    say, noun = write.phrasing.say, write.noun
    subject = "limit " if node.kind == "limit" else ""
    parts = " parts" if len(node.parts) > 1 else ""
    sentences: list[str] = []
    if node.when is not None:
        sentences.append(say("line when", condition=write.conditions.holds(node.when)))
    if node.between is not None:
        lower, upper = (noun(one) for one in node.between)
        sentences.append(say(f"bound {subject}between", least=lower, most=upper))
    for key, bound in (("at most", node.at_most), ("at least", node.at_least)):
        if bound is not None:
            over = write.phrasing.span(bound.over) if bound.over is not None else ""
            words = f"{subject}{key}" + (" over" if over else "")
            sentences.append(say(f"bound {words}", value=noun(bound.value), span=over))
    for key, value in (("bonus at most", node.bonus_at_most), ("malus at most", node.malus_at_most)):
        if value is not None:
            of = say("of lines") if node.on and write.is_percent(value) else ""
            sentences.append(say(key + parts, value=noun(value) + of))
    for key, condition in (("bonus when", node.bonus_when), ("malus when", node.malus_when)):
        if condition is not None:
            sentences.append(say(key + parts, condition=write.conditions.holds(condition)))
    if node.carried_forward and node.kind != "limit":
        sentences.append(say("limit carried"))
    return sentences


def _time(write: Expressions, node: tree.Line) -> list[str]:
    phrasing, say = write.phrasing, write.phrasing.say
    sentences: list[str] = []
    if node.start is not None and node.until is not None:
        first, last = phrasing.day(node.start), phrasing.day(node.until)
        sentences.append(say("line from until", first=first, last=last))
    elif node.start is not None:
        sentences.append(say("line from", first=phrasing.day(node.start)))
    elif node.until is not None:
        sentences.append(say("line until", last=phrasing.day(node.until)))
    if node.every is not None:
        sentences.append(say("line every", every=phrasing.frequency(node.every.text)))
    timing = node.timing or ("advance" if node.kind == "subscription" else None)
    if timing is not None:
        sentences.append(say(f"line in {timing}"))
    if node.not_prorated:
        sentences.append(say("line not prorated"))
    if node.one_line_per_tier:
        sentences.append(say("line per tier"))
    return sentences


def _nature(write: Expressions, node: tree.Line) -> list[str]:
    phrasing, say = write.phrasing, write.phrasing.say
    if node.vat is None:
        return [say("penalty untaxed")] if node.kind == "penalty" else []
    if node.vat.percent is not None:
        return [say("line taxed", percent=phrasing.percent(node.vat.percent))]
    return [say(f"line {node.vat.nature}", reason=phrasing.quoted(node.vat.reason))]
