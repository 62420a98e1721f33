"""Fees and subscriptions: a flat amount for each calendar interval, by days where only part is in force.

Each interval is an account of its own: at the end of a period it should have been invoiced for certain
days at certain prices, and the draft of the period is what that adds to what was invoiced before. So
days that are taken away later come back, and a price that changes inside a fee paid in advance brings
its difference (rulings, "Spans").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from contractlang.calendar import Days, contract_year, interval, intervals, one_day
from contractlang.lines.assessment import Assessment, Assessor, Draft, no_data
from contractlang.lines.frame import Frame, fail
from contractlang.syntax import tree
from contractlang.terms import LineVersion, Period
from contractlang.trace import Step
from contractlang.units import LENGTHS


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some days of an interval at one price: what is invoiced for them on a period."""

    what: str
    days: Days
    of: Days
    price: Fraction
    step: Step
    version: LineVersion
    whole: bool = False

    @property
    def value(self) -> Fraction:
        return self.price if self.whole else self.price * self.days.count / self.of.count


def assess(name: str, period: Period, assessor: Assessor) -> list[tuple[LineVersion, Draft]]:
    """The drafts of a fee for a period, each with the version of the line that it came from."""
    pieces: list[_Piece] = []
    known = period.days.last
    for version, runs in _by_version(assessor.force_known(name, known, False, _reach(period, assessor))):
        if version.line.once or version.line.once_on is not None:
            piece = _once(name, version, runs, period, assessor)
            if piece is not None:
                pieces.append(piece)
    seen: set[Days] = set()
    for of in _intervals(name, period, assessor):
        if of not in seen:
            seen.add(of)
            pieces.extend(_account(name, of, period, assessor))
    return _drafts(pieces, assessor, period)


def _by_version(
    found: tuple[tuple[LineVersion, Days], ...],
) -> Iterator[tuple[LineVersion, list[Days]]]:
    versions: dict[int, tuple[LineVersion, list[Days]]] = {}
    for version, days in found:
        versions.setdefault(id(version.line), (version, []))[1].append(days)
    yield from versions.values()


def _reach(period: Period, assessor: Assessor) -> Days:
    """The days that a fee invoiced on a period may be about: the term up to the period's end."""
    return Days(assessor.term_start, period.days.end)


def _once(
    name: str, version: LineVersion, runs: list[Days], period: Period, assessor: Assessor
) -> _Piece | None:
    """`once` falls on the first day in force, never again."""
    line = version.line
    day = line.once_on
    first = assessor.first_in_force(name, period.days.last)
    if day is None:
        day = first
    if day is None or day not in period.days:
        return None
    if not any(day in run for run in runs):
        if line.once_on is None:
            return None
        raise fail(
            "CL953",
            f'"{name}" falls on {day}, a day on which it is not in force',
            line.span,
            "move the day, or the phase",
        )
    price, step = _price(version, one_day(day), assessor)
    return _Piece("fee", one_day(day), one_day(day), price, step, version, True)


def _unit(line: tree.Line) -> str | None:
    """The length of a fee's interval: month, quarter, year, contract year; None where it is none."""
    if line.once or line.once_on is not None:
        return None
    value = line.value
    if isinstance(value, tree.Priced) and value.per is not None:
        return LENGTHS.get(value.per.text, value.per.text)
    if line.every is not None:
        return LENGTHS.get(line.every.text, line.every.text)
    return "period"


def _intervals(name: str, period: Period, assessor: Assessor) -> Iterator[Days]:
    """The intervals of a fee that touch a period, whatever its versions say."""
    for version, _ in assessor.force_known(name, period.days.last, True, period.days):
        unit = _unit(version.line)
        if unit is None:
            continue
        if unit == "period":
            yield period.whole
        elif unit == "contract year":
            yield from (
                contract_year(assessor.term_start, day) for day in (period.days.start, period.days.last)
            )
        else:
            yield from intervals(unit, period.days, assessor.first_day)
    # What was in force when a fee was paid in advance may no longer be, and then comes back.
    for version, _ in assessor.force_known(name, period.days.start, False, _around(period, assessor)):
        unit = _unit(version.line)
        if unit is None or not _in_advance(version.line):
            continue
        if unit == "contract year":
            yield contract_year(assessor.term_start, period.days.start)
        elif unit != "period":
            yield interval(unit, period.days.start, assessor.first_day)


def _around(period: Period, assessor: Assessor) -> Days:
    year = interval("year", period.days.start)
    return Days(min(year.start, assessor.term_start), max(period.days.end, year.end))


def _in_advance(line: tree.Line) -> bool:
    if line.timing is not None:
        return line.timing == "advance"
    return line.kind == "subscription"


def _account(name: str, of: Days, period: Period, assessor: Assessor) -> list[_Piece]:
    """What one interval adds to the invoice of a period."""
    force = assessor.force_known(name, period.days.last, True, of)
    advance = [one for one in force if _in_advance(one[0].line) and _unit(one[0].line) is not None]
    arrears = [one for one in force if not _in_advance(one[0].line) and _unit(one[0].line) is not None]
    pieces: list[_Piece] = []
    if arrears and arrears[-1][1].last in period.days:
        for version, days in arrears:
            pieces.extend(_cut(version, days, of, assessor))
    if advance or _was_in_advance(name, of, assessor):
        pieces.extend(_advanced(name, of, period, assessor))
    return pieces


def _was_in_advance(name: str, of: Days, assessor: Assessor) -> bool:
    return any(
        _in_advance(version.line)
        for version, _ in assessor.force_known(name, max(of.start, assessor.term_start), False, of)
    )


def _cut(version: LineVersion, days: Days, of: Days, assessor: Assessor) -> Iterator[_Piece]:
    """The days of a fee in arrears, cut where its own price changes and at the lines that are on it."""
    if version.line.not_prorated:
        price, step = _price(version, one_day(days.last), assessor)
        yield _Piece("fee", days, of, price, step, version, True)
        return
    cuts = {
        *assessor.price_changes(version.line.value, days),
        *assessor.cuts_on(version.line.name.text, days),
    }
    for part in days.cut(cuts):
        price, step = _price(version, part, assessor)
        yield _Piece("fee", part, of, price, step, version)


def _advanced(name: str, of: Days, period: Period, assessor: Assessor) -> list[_Piece]:
    """The account of an interval that is paid in advance, period by period up to this one."""
    invoiced: list[tuple[Days, Fraction, LineVersion, Step]] = []
    pieces: list[_Piece] = []
    for one in assessor.periods_of(Days(of.start, period.days.end)):
        pieces = list(_advance(name, of, one, invoiced, assessor))
    return pieces


def _advance(
    name: str,
    of: Days,
    period: Period,
    invoiced: list[tuple[Days, Fraction, LineVersion, Step]],
    assessor: Assessor,
) -> Iterator[_Piece]:
    """What a period adds to the account `invoiced`, which it brings up to date."""
    known = period.days.last
    force = [
        one for one in assessor.force_known(name, known, False, of)
        if _in_advance(one[0].line) and _unit(one[0].line) is not None
    ]  # fmt: skip
    if not invoiced:
        if not force or force[0][1].start > known:
            return
        # The price is that of the first day; what follows is foreseen, but not at what price.
        for version, days in force:
            first = max(days.start, period.days.start) if days.start <= known else days.start
            price, step = _price(version, one_day(days.start), assessor)
            whole = version.line.not_prorated
            cuts = [] if whole else [*assessor.cuts_on(name, days)]
            for part in days.cut(frozenset(cuts)):
                invoiced.append((part, price, version, step))
                yield _Piece("fee", part, of, price, step, version, whole)
            # A price that changes later in this very period brings its difference at once.
            yield from _differences(version, days, Days(first, period.days.end), of, invoiced, assessor)
        return
    if invoiced[0][2].line.not_prorated:
        return
    kept: list[tuple[Days, Fraction, LineVersion, Step]] = []
    for days, price, version, step in invoiced:
        now = days.meet(period.days)
        if not now:
            kept.append((days, price, version, step))
            continue
        if days.start < now.start:
            kept.append((Days(days.start, now.start), price, version, step))
        still = [run.meet(now) for _, run in force if run.meet(now)]
        lost = _without(now, still)
        for part in lost:
            yield _Piece("returned", part, of, -price, step, version)
        kept.extend((part, price, version, step) for part in still)
        if now.end < days.end:
            kept.append((Days(now.end, days.end), price, version, step))
    invoiced[:] = sorted(kept, key=lambda one: one[0])
    for version, run in force:
        fresh = run.meet(period.days)
        for part in _without(fresh, [one[0] for one in invoiced]):
            price, step = _price(version, one_day(part.start), assessor)
            invoiced.append((part, price, version, step))
            yield _Piece("fee", part, of, price, step, version)
    invoiced.sort(key=lambda one: one[0])
    for version, run in force:
        yield from _differences(version, run, period.days, of, invoiced, assessor)


def _differences(
    version: LineVersion,
    run: Days,
    during: Days,
    of: Days,
    invoiced: list[tuple[Days, Fraction, LineVersion, Step]],
    assessor: Assessor,
) -> Iterator[_Piece]:
    """The differences that changes of price inside `during` bring for the days that are already invoiced."""
    changes = [day for day in assessor.price_changes(version.line.value, run) if day in during]
    if version.days.start in during and version.days.start > run.start:
        changes.append(version.days.start)
    if run.start in during and run.start > of.start:
        changes.append(run.start)
    for day in sorted(set(changes)):
        price, step = _price(version, one_day(day), assessor)
        updated = []
        for days, paid, paid_version, paid_step in invoiced:
            later = days.meet(Days(day, run.end))
            if not later or paid == price:
                updated.append((days, paid, paid_version, paid_step))
                continue
            if days.start < later.start:
                updated.append((Days(days.start, later.start), paid, paid_version, paid_step))
            updated.append((later, price, version, step))
            if later.end < days.end:
                updated.append((Days(later.end, days.end), paid, paid_version, paid_step))
            yield _Piece("difference", later, of, price - paid, step, version)
        invoiced[:] = updated


def _without(days: Days, others: list[Days]) -> list[Days]:
    """The days that none of some ordered spans holds."""
    found = []
    at = days.start
    for other in sorted(others):
        part = other.meet(days)
        if not part:
            continue
        if at < part.start:
            found.append(Days(at, part.start))
        at = max(at, part.end)
    if at < days.end:
        found.append(Days(at, days.end))
    return [one for one in found if one]


def _price(version: LineVersion, days: Days, assessor: Assessor) -> tuple[Fraction, Step]:
    """The price of a whole interval, as it is on the last of some days."""
    line = version.line
    value = line.value
    expression = value.quantity if isinstance(value, tree.Priced) and value.price is None else value
    frame = Frame(days, days.last, None, line.name.text)
    step = assessor.evaluate(expression, frame)
    if not isinstance(step.value, Fraction):
        raise fail(
            "CL952", no_data(Assessment(version, days, days, _period(days)), step, "amount"), line.span
        )
    return step.value, step


def _period(days: Days) -> Period:
    return Period(days, days)


def _drafts(pieces: list[_Piece], assessor: Assessor, period: Period) -> list[tuple[LineVersion, Draft]]:
    """All intervals of one fee on one invoice make one line, for each price and each border."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        for group in groups:
            last = group[-1]
            same = (
                last.what == piece.what
                and last.price == piece.price
                and last.version.line is piece.version.line
            )
            if (
                same
                and (last.days.end == piece.days.start or piece.what == "returned")
                and not (
                    last.of == piece.of
                    and piece.days.start in assessor.cuts_on(piece.version.line.name.text, period.days)
                )
            ):
                group.append(piece)
                break
        else:
            groups.append([piece])
    drafts = []
    for group in groups:
        value = sum((piece.value for piece in group), Fraction(0))
        days = Days(group[0].days.start, group[-1].days.end)
        steps = tuple(_step(piece) for piece in group)
        line = group[0].version.line
        reason = steps[0]
        if len(steps) > 1:
            reason = Step("parts", value, line.name.text, assessor.scale(assessor.currency), line.span,
                          (("function", "sum"),), steps)  # fmt: skip
        drafts.append((group[0].version, Draft(days, value, reason)))
    return drafts


def _step(piece: _Piece) -> Step:
    part = Fraction(1) if piece.whole else Fraction(piece.days.count, piece.of.count)
    if part == 1 and piece.what == "fee":
        return piece.step
    facts = (
        ("what", piece.what), ("days", piece.days), ("part", piece.days.count), ("of", piece.of.count),
        ("interval", piece.of),
    )  # fmt: skip
    line = piece.version.line
    return Step("days", piece.value, line.name.text, piece.step.scale, line.span, facts,
                (piece.step,))  # fmt: skip
