"""Figures of example months: invented, round enough to be recomputed by hand, and such that quality moves.

In: answers. Out: `Month`s, the whole periods and the parts of them that the contract asks figures for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from contractlang.calendar import Days, add_months, intervals
from contractlang.starting.names import PARTS
from contractlang.starting.questions import Answers

_HOURS = (Decimal(1520), Decimal("1487.5"))
_HEADS = (41250, 41310)
_WHOLE = {"offered": (13000, 12400), "handled": (12000, 11500), "answers": (400, 380)}
# By the hour, a month teaches this share; then one month is four points better, as the table rewards.
_LEARNED, _BETTER = Decimal("0.88"), Decimal("0.92")


@dataclass(frozen=True, slots=True)
class Month:
    """Days for which figures are supplied, by what they mean; `by_the_act` says in which model they fall."""

    days: Days
    figures: tuple[tuple[str, Decimal | int], ...]
    by_the_act: bool = False


def asked(answers: Answers) -> tuple[str, ...]:
    """The supplied figures that the contract declares, by what they mean, in the order they are declared."""
    own = {
        "hours": ("hours",),
        "acts": ("handled",),
        "head": ("heads",),
        "hours-then-acts": ("hours", "handled"),
    }
    parts = PARTS[answers.quality] if answers.quality != "none" else ()
    return tuple(dict.fromkeys((*own.get(answers.model, ()), *reversed(parts))))


def turn(answers: Answers) -> Days:
    """The day on which the act begins to be paid, as a span from there to the end of the term."""
    assert answers.months is not None, "only a contract that turns has months by the hour"
    return Days(add_months(answers.start, answers.months), answers.end + timedelta(days=1))


def months(answers: Answers) -> tuple[Month, ...]:
    """Two months of figures, fewer where the term is shorter; up to the first by the act where it turns."""
    term = Days(answers.start, answers.end + timedelta(days=1))
    whole = [_common(one, term) for one in intervals("month", term)]
    if answers.model != "hours-then-acts":
        return tuple(Month(days, tuple(_figures(answers, at))) for at, days in enumerate(whole[:2]))
    return tuple(_turning(answers, whole))


def _turning(answers: Answers, whole: list[Days]) -> Iterator[Month]:
    begin = turn(answers).start
    for at, days in enumerate(whole):
        if days.start >= begin:
            yield Month(days, tuple(_figures(answers, at, learned=False)), True)
            return
        for part in days.cut({begin}):
            later = part.start >= begin
            yield Month(part, tuple(_figures(answers, at, learned=not later)), later)
        if days.end > begin:
            return


def _figures(answers: Answers, at: int, learned: bool | None = None) -> Iterator[tuple[str, Decimal | int]]:
    """The figures of a month; `learned` says on which side of the turn it is, None where there is none."""
    values: dict[str, Decimal | int] = {
        "hours": _HOURS[at % 2],
        "heads": _HEADS[at % 2],
        "handled": _WHOLE["handled"][at % 2],
    }
    if answers.quality != "none":
        good, all_ = PARTS[answers.quality]
        values[all_] = _WHOLE[all_][at % 2]
        values[good] = int(values[all_] * _share(answers, at, learned))
    for name in asked(answers):
        # Hours are not read once the act is paid, nor acts before, unless quality is learned from them.
        unread = name == "hours" if learned is False else _is_unread_by_the_hour(answers, name)
        if learned is None or not unread:
            yield name, values[name]


def _is_unread_by_the_hour(answers: Answers, name: str) -> bool:
    return name != "hours" and (answers.quality == "none" or name not in PARTS[answers.quality])


def _share(answers: Answers, at: int, learned: bool | None) -> Decimal:
    if learned is not None:
        return _LEARNED if learned else _BETTER
    assert answers.target is not None, "a table without learning has a target"
    step = (Decimal(100) - answers.target) / 2 if at % 2 == 0 else Decimal(-2)
    return (answers.target + min(step, Decimal(2))) / 100


def _common(days: Days, term: Days) -> Days:
    return Days(max(days.start, term.start), min(days.end, term.end))
