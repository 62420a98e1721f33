"""Tree to diagnostics: all that is wrong with a contract before anything is paid.

In: a `Document`. Out: a `CheckedContract` and what was found; None in its place where there are
errors. Each check is a function from a `Survey` to diagnostics; the list below is all of them.
"""

from collections.abc import Callable, Iterator

from contractlang.checked import CheckedContract
from contractlang.checking import (
    amendments,
    bands,
    calls,
    circles,
    clauses,
    cliffs,
    figures,
    header,
    line_days,
    lines,
    names,
    operators,
    phases,
    prices,
    rows,
    scenarios,
    schedules,
    spans,
    targets,
    tiers,
    units,
    unused,
)  # fmt: skip
from contractlang.checking.order import derive_all, without_circles
from contractlang.checking.survey import Survey, survey
from contractlang.diagnostics import Diagnostic, has_errors, in_order
from contractlang.syntax.loading import Document

Check = Callable[[Survey], Iterator[Diagnostic]]

# The order does not matter for what is found, since no check reads what another said: a mistake gives
# the kind `unknown`, of which no later check speaks. It is the order of the design's section 7, so that
# a reader finds a check where its subject stands there.
CHECKS: tuple[Check, ...] = (
    # The header.
    header.check_needed_clauses, header.check_currency, header.check_timezone, header.check_rhythm,
    header.check_calendar_intervals, header.check_edition, header.check_rounding, header.check_vat,
    # Names and units.
    units.check_unit_words, units.check_units_declared_once, units.check_fixed_multiples,
    names.check_declared_once, names.check_parts_and_columns_once, names.check_references,
    names.check_members, names.check_functions,
    targets.check_lines_named, targets.check_phases_named, targets.check_windows_named, targets.check_windows,
    targets.check_indices_named, targets.check_columns_named, targets.check_tables,
    targets.check_keys,    targets.check_prices_by_column,
    circles.check_circles, circles.check_window_circles,
    scenarios.check_scenarios, scenarios.check_invariants,
    # Kinds.
    operators.check_arithmetic, operators.check_comparisons, operators.check_conditions,
    calls.check_calls, figures.check_figures, figures.check_ranges_of_columns, figures.check_steps,
    figures.check_rounded_parts,
    prices.check_prices, prices.check_currency_of_money,
    # Bands and tiers.
    bands.check_tables, bands.check_figures_of_tables, bands.check_bands,
    rows.check_no_data, rows.check_values, rows.check_percents_of_lines,
    tiers.check_tiers, tiers.check_tier_prices,
    # Time, phases, amendments.
    prices.check_dated_rows, prices.check_days_covered, prices.check_indexation,
    spans.check_span_words, spans.check_bare_over, spans.check_pooling, spans.check_lasting_conditions,
    spans.check_spans_of_phases,
    phases.check_ways_out, phases.check_phases_reached, phases.check_contradictions,
    amendments.check_effective_days, amendments.check_restated_terms, amendments.check_removed_names,
    amendments.check_replacements, amendments.check_amended_phases,
    # Lines.
    clauses.check_clauses, lines.check_lines, line_days.check_every, line_days.check_days_of_lines,
    # Subtle warnings.
    unused.check_unused, rows.check_points, rows.check_bare_numbers, operators.check_missing_parentheses,
    units.check_dotted_thousands,
    cliffs.check_volume_cliffs, cliffs.check_directions, cliffs.check_unreachable_bonuses,
    cliffs.check_floors, cliffs.check_weights, schedules.check_schedules, schedules.check_named_sums,
)  # fmt: skip


# What nobody has to act on, and only whoever asks for it reads.
REMARKS: tuple[Check, ...] = (targets.list_holidays,)


def remarks(document: Document) -> tuple[Diagnostic, ...]:
    """What is worth knowing of a contract and wrong in no way, in order: the holidays that it means."""
    if has_errors(document.diagnostics):
        return ()
    surveyed = survey(document)
    return in_order([diagnostic for one in REMARKS for diagnostic in one(surveyed)])


def check(document: Document) -> tuple[CheckedContract | None, tuple[Diagnostic, ...]]:
    """The checked contract, or None where there are errors; and all that was found, in order.

    What was wrong with words and includes is in the result too. Where words could not be read, names
    that those words declare would all be unknown, so that only the words are spoken of then.
    """
    if has_errors(document.diagnostics):
        return None, in_order(document.diagnostics)
    surveyed = without_circles(survey(document))
    derive_all(surveyed)
    found = [diagnostic for one in CHECKS for diagnostic in one(surveyed)]
    diagnostics = in_order([*document.diagnostics, *found])
    if has_errors(diagnostics):
        return None, diagnostics
    return CheckedContract(document, surveyed.scope, diagnostics), diagnostics
