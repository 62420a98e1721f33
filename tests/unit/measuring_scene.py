"""A small stage for tests of measuring: contract text in, requests and usages out."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from contractlang.calendar import Days
from contractlang.measuring.aggregate import Aggregate
from contractlang.measuring.schema import Schema
from contractlang.measuring.usage import MeasuredUsage, load_usage
from contractlang.syntax import tree
from contractlang.syntax.parsing import parse
from contractlang.text import Source
from contractlang.units import SECOND, UnitTable

TERM = Days(date(2026, 1, 1), date(2028, 1, 1))


def schema_of(text: str, timezone: str = "Europe/Paris", term: Days = TERM) -> Schema:
    """The schema of declarations; every countable is declared, a workday is 7 hours."""
    parsed = parse(Source("test.contract", text))
    assert not parsed.diagnostics, parsed.diagnostics
    units = UnitTable()
    tables: dict[str, tree.Usage] = {}
    windows: dict[str, tree.Window] = {}
    measures: dict[str, tree.Measure] = {}
    for one in parsed.declarations:
        if isinstance(one, tree.Usage):
            tables[one.name.text] = one
            units.countable(one.unit.text)
        elif isinstance(one, tree.Window):
            windows[one.name.text] = one
        elif isinstance(one, tree.Measure):
            measures[one.name.text] = one
        elif isinstance(one, tree.Unit):
            plural = one.plural.text if one.plural else None
            if one.equals is None:
                units.countable(one.name.text, plural)
            else:
                units.multiple(one.name.text, plural, Fraction(7 * 3600), SECOND)
    return Schema(tables, windows, measures, units, "EUR", timezone, term)


def asked(text: str, table: str, by: str | None = None) -> Aggregate:
    """The request that the formula of a measure makes, as rating would make it."""
    (measure,) = parse(Source("test.contract", f"measure m = {text}")).declarations
    call = measure.formula
    assert isinstance(call, tree.Call)
    first, *rest = call.arguments
    value = first.value
    if isinstance(value, tree.Reference) and value.name.text == table:
        value = None
    each = next((one.each for one in call.arguments if one.each is not None), None)
    percent = next((Fraction(one.value.value) for one in rest if isinstance(one.value, tree.Number)), None)
    during = first.during.text if first.during else None
    return Aggregate(table, call.function.text, value, first.to, during, first.where, each, percent, by)


def usage_of(
    folder: Path, schema: Schema, text: str, files: Mapping[str, str | bytes] | None = None
) -> MeasuredUsage:
    """The usage of a YAML text beside some files."""
    for name, content in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "usage.yaml").write_text(text, encoding="utf-8")
    return load_usage(folder / "usage.yaml", schema, "usage.yaml")


def days(text: str) -> Days:
    """The days of a period key."""
    from contractlang.measuring.spans import read_days

    return read_days(text)
