"""Phases, their ways out, and amendments, as clauses.

In: phases, transitions and amendments of the tree. Out: blocks of clauses.
"""

from contractlang.rendering.prose.expressions import Expressions
from contractlang.rendering.prose.view import ProseBlock
from contractlang.rendering.prose.writing import joined
from contractlang.syntax import tree


def entry(
    write: Expressions, node: tree.Phase, first: bool, ways: list[tree.Transition], added: bool = False
) -> tuple[ProseBlock, ...]:
    """When a phase is in force; `ways` are the ways out of others that lead to it.

    `added` says that an amendment brings it, so that its clauses are no article of their own.
    """
    say = write.phrasing.say
    phase = write.phrasing.quoted(write.phrasing.title(node))
    words = [say("phase first" if first else "phase later", phase=phase)]
    if ways:
        key = ("phase again by" if first else "phase entered by") + (" several" if len(ways) > 1 else "")
        words.append(say(key, clauses=write.phrasing.several(map(write.phrasing.place, ways), "or")))
    elif not first:
        words.append(say("phase never entered"))
    lasting = [one for one in node.items if isinstance(one, tree.Line) and one.kind == "clawback"]
    if lasting:
        clauses = write.phrasing.several(map(write.phrasing.place, lasting))
        words.append(say("phase lines but", clauses=clauses))
    else:
        words.append(say("phase lines added" if added else "phase lines"))
    if len({way.to.text for way in node.transitions}) > 1:
        words.append(say("phase several ways"))
    return (ProseBlock(joined(write.phrasing, words)),)


def transition(write: Expressions, node: tree.Transition) -> tuple[ProseBlock, ...]:
    """A way out of a phase."""
    phrasing, say = write.phrasing, write.phrasing.say
    to = phrasing.phase(node.to.text)
    words: list[str] = []
    if node.after is not None:
        words.append(say("transition after", phase=to, length=phrasing.length(node.after)))
    if node.on is not None:
        words.append(say("transition on", phase=to, day=phrasing.day(node.on)))
    if node.when is not None:
        words.append(say("transition when", phase=to, condition=_spent(write, node.when)))
    if not words:
        words.append(say("transition bare", phase=to))
    if node.not_before is not None:
        words.append(say("transition not before", length=phrasing.length(node.not_before)))
    return (ProseBlock(joined(phrasing, words)),)


def _spent(write: Expressions, condition: tree.Expression) -> str:
    """A condition of a transition; `for N months` counts whole periods spent in the phase."""
    if isinstance(condition, tree.Holds):
        held = write.conditions.holds(condition.condition)
        length = write.phrasing.length(condition.length)
        return write.phrasing.say("transition for", condition=held, length=length)
    return write.phrasing.say("transition at end", condition=write.conditions.holds(condition))


def effective(write: Expressions, node: tree.Amendment) -> tuple[ProseBlock, ...]:
    """From which day an amendment counts."""
    words = write.phrasing.say("amendment effective", day=write.phrasing.day(node.effective))
    return (ProseBlock(write.phrasing.sentence(words)),)


def removed(write: Expressions, node: tree.Remove) -> tuple[ProseBlock, ...]:
    """What an amendment ends."""
    words = write.phrasing.say("amendment removes", name=write.phrasing.cited(node.name.text))
    return (ProseBlock(write.phrasing.sentence(words)),)


def amended(
    write: Expressions, blocks: tuple[ProseBlock, ...], replaced: str | None, phase: str | None
) -> tuple[ProseBlock, ...]:
    """A clause of an amendment, after the words that say what it replaces or where it is added."""
    say = write.phrasing.say
    if replaced is not None:
        words = say("amendment replaces", clause=replaced)
    elif phase is not None:
        words = say("amendment adds to phase", phase=write.phrasing.phase(phase))
    else:
        words = say("amendment adds")
    return (ProseBlock(write.phrasing.sentence(words)), *blocks)
