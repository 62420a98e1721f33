"""Fees and subscriptions: a flat amount for each calendar interval, by days where only part is in force.

Each interval is an account of its own: at the end of a period it should have been invoiced for certain
days at certain prices, and the draft of the period is what that adds to what was invoiced before. So
days that are taken away later come back, and a price that changes inside a fee paid in advance brings
its difference (rulings, "Spans").
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from contractlang.calendar import Days, contract_year, intervals, one_day
from contractlang.frozen import dataclass, replace
from contractlang.lines.assessment import Assessment, Assessor, Draft, no_data
from contractlang.lines.frame import Frame, fail
from contractlang.syntax import tree
from contractlang.terms import LineVersion, Period
from contractlang.trace import Step
from contractlang.units import LENGTHS

_KINDS = ("fee", "subscription")


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


@dataclass(frozen=True, slots=True)
class _Account:
    """One interval of a fee: what is to be invoiced for it. `unit` is the length of the interval."""

    name: str
    unit: str
    advance: bool
    of: Days

    def holds(self, version: LineVersion) -> bool:
        """Whether a version of the line is invoiced on this account."""
        return _unit(version.line) == self.unit and _in_advance(version.line) == self.advance


def assess(name: str, period: Period, assessor: Assessor) -> list[tuple[LineVersion, Draft]]:
    """The drafts of a fee for a period, each with the version of the line that it came from."""
    pieces: list[_Piece] = []
    known = period.days.last
    so_far = Days(assessor.term_start, period.whole.end)
    versions = _by_version(assessor.force_known(name, known, False, so_far))
    for version, runs in versions:
        if _is_once(version.line):
            piece = _once(name, version, runs, period, assessor)
            if piece is not None:
                pieces.append(piece)
    accounts: dict[_Account, None] = {}
    for version, _ in versions:
        unit = _unit(version.line)
        if unit is not None:
            for of in _intervals(unit, period, assessor):
                accounts[_Account(name, unit, _in_advance(version.line), of)] = None
    for account in accounts:
        pieces.extend(_account(account, period, assessor))
    return _drafts(pieces, assessor, period)


def _by_version(
    found: tuple[tuple[LineVersion, Days], ...],
) -> tuple[tuple[LineVersion, list[Days]], ...]:
    versions: dict[int, tuple[LineVersion, list[Days]]] = {}
    for version, days in found:
        if version.line.kind in _KINDS:
            versions.setdefault(id(version.line), (version, []))[1].append(days)
    return tuple(versions.values())


def _is_once(line: tree.Line) -> bool:
    return line.once or line.once_on is not None


def _once(
    name: str, version: LineVersion, runs: list[Days], period: Period, assessor: Assessor
) -> _Piece | None:
    """`once` falls on the first day in force, never again."""
    line = version.line
    day = line.once_on or assessor.first_in_force(name, period.days.last)
    if day is None or day not in period.days:
        return None
    run = next((run for run in runs if day in run), None)
    if run is None:
        if line.once_on is None:
            return None
        raise fail(
            "CL953",
            f'"{name}" falls on {day}, a day on which it is not in force',
            line.span,
            "move the day, or the phase",
        )
    price, step = _price(version, run.meet(period.days), day, assessor)
    return _Piece("fee", one_day(day), one_day(day), price, step, version, True)


def _unit(line: tree.Line) -> str | None:
    """The length of a fee's interval: month, quarter, year, contract year; None where it is none."""
    if line.kind not in _KINDS or _is_once(line):
        return None
    value = line.value
    if isinstance(value, tree.Priced) and value.per is not None:
        return LENGTHS.get(value.per.text, value.per.text)
    if line.every is not None:
        return LENGTHS.get(line.every.text, line.every.text)
    return "period"


def _intervals(unit: str, period: Period, assessor: Assessor) -> Iterator[Days]:
    """The intervals that touch a period; where the term ends in it, those of its other days too."""
    if unit == "period":
        yield period.whole
    elif unit == "contract year":
        yield from (contract_year(assessor.term_start, day) for day in (period.days.start, period.whole.last))
    else:
        yield from intervals(unit, period.whole, assessor.first_day)


def _in_advance(line: tree.Line) -> bool:
    if line.timing is not None:
        return line.timing == "advance"
    return line.kind == "subscription"


def _account(account: _Account, period: Period, assessor: Assessor) -> list[_Piece]:
    """What one interval adds to the invoice of a period: the account is kept period by period up to it."""
    invoiced: list[_Piece] = []
    pieces: list[_Piece] = []
    settle = _advance if account.advance else _arrears
    for one in assessor.periods_of(Days(account.of.start, period.days.end)):
        pieces = list(settle(account, one, invoiced, assessor))
    return pieces


def _force(
    account: _Account, known: date, decided: bool, assessor: Assessor
) -> list[tuple[LineVersion, Days]]:
    """The days of the interval on which the fee is in force, as known on a day."""
    found = assessor.force_known(account.name, known, decided, account.of)
    return [one for one in found if account.holds(one[0])]


def _arrears(
    account: _Account, period: Period, invoiced: list[_Piece], assessor: Assessor
) -> Iterator[_Piece]:
    """The days in force, on the invoice that holds the last of them, cut where the fee's own price changes.

    An amendment that ends the fee with the period before was not known then: its days follow.
    """
    force = _force(account, period.days.last, True, assessor)
    if not force or force[-1][1].last > period.days.last:
        return
    version, last = force[-1]
    if version.line.not_prorated:
        if not invoiced:
            whole = Days(force[0][1].start, last.end)
            price, step = _price(version, whole, last.last, assessor)
            invoiced.append(_Piece("fee", whole, account.of, price, step, version, True))
            yield invoiced[0]
        return
    paid = [piece.days for piece in invoiced]
    for version, run in force:
        cuts = {*assessor.price_changes(version.line.value, run), *_cuts(account, period, assessor)}
        for fresh in _without(run, paid):
            for part in fresh.cut(cuts):
                price, step = _price(version, part, part.last, assessor)
                invoiced.append(_Piece("fee", part, account.of, price, step, version))
                yield invoiced[-1]


def _cuts(account: _Account, period: Period, assessor: Assessor) -> frozenset[date]:
    """The borders, inside the period that is invoiced, of the lines that are on the fee."""
    return assessor.cuts_on(account.name, period.days)


def _advance(
    account: _Account, period: Period, invoiced: list[_Piece], assessor: Assessor
) -> Iterator[_Piece]:
    """The days in force, as foreseen, on the invoice that holds the first of them; then what changes."""
    known = period.days.last
    force = _force(account, known, False, assessor)
    if invoiced:
        if invoiced[0].whole:
            return
        yield from _returned(account, period, force, invoiced, assessor)
    elif not force or force[0][1].start > known:
        return
    elif force[0][0].line.not_prorated:
        version, first = force[0]
        price, step = _price(version, first.meet(period.days), first.start, assessor)
        days = Days(first.start, force[-1][1].end)
        invoiced.append(_Piece("fee", days, account.of, price, step, version, True))
        yield invoiced[0]
        return
    fresh = [
        (version, part) for version, run in force for part in _without(run, [one.days for one in invoiced])
    ]
    if fresh and fresh[0][1].start <= known:
        # The price is that of the first day; what follows is foreseen, but not at what price.
        version, first = fresh[0]
        price, step = _price(version, first.meet(period.days), first.start, assessor)
        for _, days in fresh:
            for part in days.cut(_cuts(account, period, assessor)):
                invoiced.append(_Piece("fee", part, account.of, price, step, version))
                yield invoiced[-1]
        invoiced.sort(key=lambda one: one.days)
    for version, run in force:
        yield from _differences(account, version, run, period, invoiced, assessor)


def _returned(
    account: _Account,
    period: Period,
    force: list[tuple[LineVersion, Days]],
    invoiced: list[_Piece],
    assessor: Assessor,
) -> Iterator[_Piece]:
    """The days of a period that were paid and are no longer in force.

    Days that fall after the last period of the term come back on the last invoice.
    """
    now = period.whole
    if period.days.end >= assessor.term_end(period.days.last):
        now = Days(now.start, max(now.end, account.of.end))
    kept: list[_Piece] = []
    for piece in invoiced:
        lost = [part for part in _without(piece.days, [run for _, run in force]) if part.meet(now)]
        lost = [part.meet(now) for part in lost]
        for part in lost:
            yield replace(piece, what="returned", days=part, price=-piece.price)
        kept.extend(replace(piece, days=part) for part in _without(piece.days, lost))
    invoiced[:] = sorted(kept, key=lambda one: one.days)


def _differences(
    account: _Account,
    version: LineVersion,
    run: Days,
    period: Period,
    invoiced: list[_Piece],
    assessor: Assessor,
) -> Iterator[_Piece]:
    """The differences that changes of price inside a period bring for days that are already invoiced."""
    changes = [day for day in assessor.price_changes(version.line.value, run) if day in period.days]
    if run.start in period.days and run.start > account.of.start:
        changes.append(run.start)
    for day in sorted(set(changes)):
        price, step = _price(version, run.meet(period.days), day, assessor)
        updated: list[_Piece] = []
        for piece in invoiced:
            later = piece.days.meet(Days(day, run.end))
            if not later or piece.price == price:
                updated.append(piece)
                continue
            updated.extend(replace(piece, days=part) for part in _without(piece.days, [later]))
            updated.append(replace(piece, days=later, price=price, step=step, version=version))
            for part in later.cut(_cuts(account, period, assessor)):
                yield _Piece("difference", part, account.of, price - piece.price, step, version)
        invoiced[:] = sorted(updated, key=lambda one: one.days)


def _without(days: Days, others: list[Days]) -> list[Days]:
    """The days that none of some spans holds."""
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
    return found


def _price(version: LineVersion, days: Days, on_day: date, assessor: Assessor) -> tuple[Fraction, Step]:
    """The price of a whole interval on a day; a figure that it reads is measured over `days`."""
    line = version.line
    value = line.value
    expression = value.quantity if isinstance(value, tree.Priced) and value.price is None else value
    frame = Frame(days, on_day, None, line.name.text)
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
    cuts = assessor.cuts_on(pieces[0].version.line.name.text, period.days) if pieces else frozenset()
    groups: dict[tuple[object, ...], list[_Piece]] = {}
    for piece in pieces:
        after = sum(1 for day in cuts if day <= piece.days.start)
        key = (piece.what, piece.price, piece.whole, id(piece.version.line), after)
        groups.setdefault(key, []).append(piece)
    drafts = []
    for group in groups.values():
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
