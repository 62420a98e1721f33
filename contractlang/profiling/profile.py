"""A usage as it will be rated: its tables, its figures, what changed since, and what to look at.

In: a rating, days, and what was known before. Out: a `UsageProfile`, frozen; its findings are warnings.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from contractlang.calendar import ONE_DAY, Days
from contractlang.diagnostics import Diagnostic
from contractlang.measuring.clock import day_of_number
from contractlang.measuring.facts import TableFacts
from contractlang.profiling.asking import asked_of, counted_from
from contractlang.profiling.earlier import Earlier
from contractlang.profiling.gaps import empty_weekdays, gaps
from contractlang.rating.engine import Rating
from contractlang.syntax import tree


@dataclass(frozen=True, slots=True)
class TableProfile:
    """A table: its declaration, what was counted, the days asked, and the runs of days without rows.

    `days` are the rows of each day of the term that has any. `idle` are the weekdays (0 is Monday) that never
    have any.
    """

    declared: tree.Usage
    facts: TableFacts
    days: tuple[tuple[date, int], ...]
    span: Days
    idle: tuple[int, ...]
    gaps: tuple[Days, ...]

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.facts.name

    @property
    def months(self) -> tuple[tuple[str, int], ...]:
        """The rows of each month of the term from the first with rows to the last."""
        if not self.days:
            return ()
        counts: dict[str, int] = {}
        day, last = self.days[0][0].replace(day=1), self.days[-1][0]
        while day <= last:
            counts[month_of(day)] = 0
            day = (day.replace(day=28) + 4 * ONE_DAY).replace(day=1)
        for one, rows in self.days:
            counts[month_of(one)] += rows
        return tuple(counts.items())

    def inside(self, days: Days) -> tuple[tuple[date, int], ...]:
        """The days with rows that a span holds."""
        return tuple((day, rows) for day, rows in self.days if day in days)


@dataclass(frozen=True, slots=True)
class FigureProfile:
    """A supplied figure: the periods that have it, and those between or after them that do not."""

    name: str
    periods: int
    missing: tuple[Days, ...]


@dataclass(frozen=True, slots=True)
class MonthChange:
    """A month of a table whose rows are not as many as `before`; `invoiced` says whether it was paid for."""

    table: str
    month: str
    before: int
    rows: int
    invoiced: bool


@dataclass(frozen=True, slots=True)
class UsageProfile:
    """What will be rated.

    `days` are the days asked, the whole term where none were (`whole`). `absent` are tables of the contract
    that the usage gives no rows for, with what is counted from them and not supplied. `findings` are
    warnings, in the order of the tables, in the words of `language` (en or fr); what was said when the usage
    was read is in English.
    """

    contract: str
    usage: str
    days: Days
    whole: bool
    tables: tuple[TableProfile, ...]
    absent: tuple[tuple[str, str | None], ...]
    figures: tuple[FigureProfile, ...]
    changes: tuple[MonthChange, ...]
    findings: tuple[Diagnostic, ...]
    language: str = "en"


def profile_usage(
    rating: Rating,
    name: str,
    days: Days | None = None,
    earlier: Earlier | None = None,
    invoiced_until: date | None = None,
    language: str = "en",
) -> UsageProfile:
    """The profile of the usage of a rating, over some days or the whole term; `name` is the one to show.

    `earlier` is what was known before; its months are taken as invoiced, or those up to the month of
    `invoiced_until` where that is given. Findings are in the words of `language`, en or fr.
    Raises ContractError where the rows cannot be counted.
    """
    from contractlang.profiling.findings import findings_of

    usage = rating.usage
    term = rating.terms.whole_term
    span = term if days is None else days.meet(term)
    tables = tuple(
        _table(rating, table, span, days is not None)
        for one, table in rating.scope.tables.items()
        if usage.has_table(one)
    )
    profile = UsageProfile(
        contract=rating.terms.header.title,
        usage=name,
        days=span,
        whole=days is None,
        tables=tables,
        absent=tuple(
            (one, counted_from(rating, one)) for one in rating.scope.tables if not usage.has_table(one)
        ),
        figures=tuple(_figures(rating, span, days is not None)),
        changes=tuple(_changes(tables, earlier, invoiced_until)) if earlier is not None else (),
        findings=(),
        language=language,
    )
    return findings_of(profile, usage.warnings, usage.inputs if earlier and earlier.sources else (), earlier)


def month_of(day: date) -> str:
    """The month of a day, as in 2026-07."""
    return day.isoformat()[:7]


def _table(rating: Rating, table: tree.Usage, span: Days, asked: bool) -> TableProfile:
    facts = rating.usage.profiled(table.name.text, asked_of(rating, table, span))
    days = tuple((day_of_number(day), rows) for day, rows in facts.days)
    with_rows = {day for day, _ in days}
    if not asked:
        span = Days(days[0][0], days[-1][0] + ONE_DAY) if days else Days(span.start, span.start)
    return TableProfile(table, facts, days, span, empty_weekdays(with_rows), gaps(with_rows, span))


def _figures(rating: Rating, span: Days, asked: bool) -> Iterable[FigureProfile]:
    """The supplied figures; one is missing between its first and its last period, or up to the days asked."""
    for name, measure in rating.scope.measures.items():
        given = rating.usage.figures.get(name, ())
        if measure.formula is not None or not given:
            continue
        first = min(one.days.start for one in given)
        last = max(one.days.end for one in given)
        if asked:
            first, last = max(first, span.start), max(last, span.end) if first < span.end else last
        periods = [one.days for one in rating.terms.periods(Days(first, last))]
        periods = [one for one in periods if not asked or one.meet(span)]
        missing = [one for one in periods if not _covered(one, [figure.days for figure in given])]
        yield FigureProfile(
            name, len(periods) - len(missing), () if measure.otherwise is not None else tuple(missing)
        )


def _covered(period: Days, given: Collection[Days]) -> bool:
    """Whether every day of a period lies in one of some spans."""
    day = period.start
    while day < period.end:
        reached = max((one.end for one in given if day in one), default=None)
        if reached is None:
            return False
        day = reached
    return True


def _changes(tables: Iterable[TableProfile], earlier: Earlier, until: date | None) -> Iterable[MonthChange]:
    for table in tables:
        before, current = earlier.months.get(table.name), dict(table.months)
        if not before:
            continue
        invoiced = max(before) if until is None else month_of(until)
        # A month after all that were known before is new, and no change.
        for month in sorted(one for one in {*before, *current} if one <= max(*before, invoiced)):
            if before.get(month, 0) != current.get(month, 0):
                yield MonthChange(
                    table.name, month, before.get(month, 0), current.get(month, 0), month <= invoiced
                )
