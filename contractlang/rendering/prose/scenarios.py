"""Worked examples and guarantees, as clauses.

In: tests and invariants of the tree. Out: blocks of clauses.
"""

from contractlang.rendering.prose.expressions import Expressions
from contractlang.rendering.prose.view import ProseBlock
from contractlang.rendering.prose.writing import listed
from contractlang.syntax import tree


def invariant(write: Expressions, node: tree.Invariant) -> tuple[ProseBlock, ...]:
    """What holds in every period, whatever is measured."""
    condition = write.conditions.holds(node.condition)
    words = write.phrasing.say("invariant", condition=condition)
    return (ProseBlock(write.phrasing.sentence(words)),)


def example(write: Expressions, node: tree.Test) -> tuple[ProseBlock, ...]:
    """What is supposed, then what it comes to."""
    phrasing = write.phrasing
    blocks: list[ProseBlock] = []
    given = [_given(write, item) for item in node.items if isinstance(item, tree.Given)]
    expected = [_expected(write, item) for item in node.items if isinstance(item, tree.Expect)]
    first = 0
    for key, rows in (("example given", given), ("example expect", expected)):
        if rows:
            words = phrasing.sentence(phrasing.say("announced", words=phrasing.say(key)))
            blocks.append(ProseBlock(words, listed(phrasing, rows, first)))
            first += len(rows)
    return tuple(blocks)


def _given(write: Expressions, node: tree.Given) -> str:
    phrasing = write.phrasing
    figures = [_assigned(write, one) for one in node.figures]
    period = phrasing.days(node.period.start, node.period.end)
    return phrasing.say("example row", period=period, facts=phrasing.several(figures))


def _assigned(write: Expressions, node: tree.Assignment) -> str:
    name, value = write.phrasing.term(node.name.text), node.value
    if isinstance(value, tree.NoData):
        return write.phrasing.say("example no data", name=name)
    return write.phrasing.say("example figure", name=name, value=write.noun(value))


def _expected(write: Expressions, node: tree.Expect) -> str:
    phrasing, say = write.phrasing, write.phrasing.say
    period = phrasing.days(node.period.start, node.period.end) if node.period else say("example any period")
    if node.phase and isinstance(node.value, tree.Reference):
        fact = say("example phase", phase=phrasing.phase(node.value.name.text))
        return say("example row", period=period, facts=fact)
    name = phrasing.term(node.subject.text)
    if node.member is not None:
        name = say("part of", part=phrasing.quoted(node.member.text), line=name)
    if isinstance(node.value, tree.NoData):
        fact = say("example no data", name=name)
    elif node.subject.text in phrasing.scope.lines:
        fact = say("example line", name=name, value=write.noun(node.value))
    else:
        fact = say("example figure", name=name, value=write.noun(node.value))
    return say("example row", period=period, facts=fact)
