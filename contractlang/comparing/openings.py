"""When a phase begins and ends that is not in force in the months compared.

In: the name of a phase, the contract and the months. Out: words, and whether the phase begins on a day
that is known and later. Only dated ways out say a day; a condition is told as it is written.
"""

from datetime import date

from contractlang.calendar import Days
from contractlang.comparing.contents import flat, in_force
from contractlang.comparing.words import shown
from contractlang.rating.phases import Timeline
from contractlang.syntax import tree
from contractlang.syntax.loading import Document
from contractlang.terms import ContractTerms


def when_in_force(phase: str, old: Document, new: Document, months: Days) -> tuple[bool, str]:
    """Whether a phase begins on a day after some months, and why it is not in force in them.

    The day is that of the dated ways out in the new contract, or in the old one where only that has the
    phase; where a way out has a condition too, it is the latest day.
    """
    is_gone = not _has(new, phase)
    document = old if is_gone else new
    ways = _ways(document)
    spell = _by_dates(document).get(phase)
    conditional = any(way.when is not None for way in ways)
    if spell is not None and spell.start >= months.end:
        latest = " at the latest" if conditional else ""
        begins = "was to start" if is_gone else "starts"
        return True, f"phase {phase} {begins} on {spell.start.isoformat()}{latest}, after these months"
    if spell is not None and spell.end <= months.start and not conditional:
        return False, f"phase {phase} ended on {spell.last.isoformat()}, before these months"
    conditions = [shown(way) for way in ways if way.to.text == phase and way.when is not None]
    known = f": it starts {' or '.join(conditions)}" if conditions and not is_gone and spell is None else ""
    return False, f"phase {phase} is not in force in these months{known}"


def _has(document: Document, phase: str) -> bool:
    return any(phase == one for one in ContractTerms(document.declarations).phases)


def _by_dates(document: Document) -> dict[str, Days]:
    """The phases of a contract in which no condition holds."""
    terms = ContractTerms(document.declarations)
    last = terms.term(date.max).last
    spells = Timeline(terms, lambda *_: False).spells(last)
    found: dict[str, Days] = {}
    for phase, days in spells:
        found.setdefault(phase, days)
    return found


def _ways(document: Document) -> list[tree.Transition]:
    """The ways out of all phases, as the last amendment leaves them."""
    contents = flat(document.declarations)
    for amendment in sorted(contents.amendments, key=lambda one: one.effective):
        contents = in_force(contents, amendment)
    return [entry.node for key, entry in contents.clauses.items() if key[0] == "transition"]
