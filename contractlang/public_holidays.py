"""Public holidays: which regions have a calendar, and the days off by law of each.

In: regions as contracts name them (`FR`, `FR-57`) and years. Out: days with their names, or the error.

Codes: CL215 no holiday calendar.
"""

import os
import re
import sys

# The lock that `threading` has, without loading that.
from _thread import allocate_lock
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from importlib.machinery import PathFinder
from types import ModuleType

from contractlang.diagnostics import ContractError, Diagnostic, error, nearest
from contractlang.syntax import tree
from contractlang.text import Span

# Alsace keeps the local law of Moselle; contracts name its departments, the calendar its region.
_REGIONS = {"FR-67": "FR-6AE", "FR-68": "FR-6AE"}

_ONE_AT_A_TIME = allocate_lock()


def holidays(region: tree.Name | str, years: Iterable[int]) -> Mapping[date, str]:
    """The days off by law of a country or region (`FR`, `FR-57`), substitutes included, with their names.

    Raises ContractError, CL215, where no calendar is known for the region.
    """
    code = region if isinstance(region, str) else region.text
    found: dict[date, str] = {}
    for year in sorted(set(years)):
        try:
            found.update(_holidays_of_year(_REGIONS.get(code, code), year))
        except NotImplementedError:
            span = None if isinstance(region, str) else region.span
            raise ContractError([unknown_region(code, span)]) from None
    return found


def unknown_region(code: str, span: Span | None) -> Diagnostic:
    """CL215: no calendar is known for a region."""
    return error("CL215", f'no holiday calendar is known for "{code}"', span, _known_regions(code))


def knows_region(code: str) -> bool:
    """Whether there is a holiday calendar for a country or region (`FR`, `FR-57`).

    To import the calendars takes longer than all the rest of a check, so the library's own list is read as
    text first; what is not found there is asked of the library itself.
    """
    country, _, subdivision = _REGIONS.get(code, code).partition("-")
    return is_listed(country, subdivision) or _has_calendar(_REGIONS.get(code, code))


def is_listed(country: str, subdivision: str) -> bool:
    """Whether the text of the library's files names a region; False decides nothing."""
    found = PathFinder.find_spec("holidays")
    if not (country.isalpha() and country.isupper() and found and found.submodule_search_locations):
        return False
    folder = found.submodule_search_locations[0]
    try:
        with open(os.path.join(folder, "registry.py"), encoding="utf-8") as file:
            module = re.search(rf'^    "(\w+)": \(\s*"\w+",\s*"{country}"', file.read(), re.MULTILINE)
        if module is None or not subdivision:
            return module is not None
        with open(os.path.join(folder, "countries", f"{module[1]}.py"), encoding="utf-8") as file:
            listed = re.search(
                r"^    subdivisions[^=\n]*= \((.*?)^    \)", file.read(), re.MULTILINE | re.DOTALL
            )
    except OSError:
        return False
    return listed is not None and f'"{subdivision}"' in listed[1]


def _has_calendar(region: str) -> bool:
    try:
        _holidays_of_year(region, 2026)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=1024)
def _holidays_of_year(region: str, year: int) -> Mapping[date, str]:
    import holidays as calendars  # Heavy to import, and most contracts have no holidays.

    country, _, subdivision = region.partition("-")
    with _countries_one_by_one():
        # The language is named, because the library would otherwise take that of the environment.
        language = calendars.country_holidays(country).default_language
        found = calendars.country_holidays(
            country, subdiv=subdivision or None, years=(year,), observed=True, language=language
        )
    return {day: found[day] for day in sorted(found) if day.year == year}


@contextmanager
def _countries_one_by_one() -> Iterator[None]:
    """Import the calendar of one country without those of two hundred others: half the start of a check.

    The package that holds the countries imports all of them; a bare one with the same path stands for it
    while one is looked for.
    """
    import holidays as calendars

    name = "holidays.countries"
    with _ONE_AT_A_TIME:
        if name in sys.modules:
            yield
            return
        bare = ModuleType(name)
        bare.__path__ = [os.path.join(path, "countries") for path in calendars.__path__]
        sys.modules[name] = bare
        try:
            yield
        finally:
            del sys.modules[name]


def _known_regions(code: str) -> str:
    import holidays as calendars

    known = calendars.list_supported_countries(include_aliases=False)
    country, _, subdivision = code.partition("-")
    if country not in known:
        near = nearest(country, known)
        return f'the nearest is "{near}"' if near else "write a country's two letters, such as FR"
    near = nearest(subdivision, known[country])
    if near:
        return f'the nearest is "{country}-{near}"'
    regions = ", ".join(f"{country}-{one}" for one in known[country] if len(one) <= 3)
    return f"known there are {regions}" if regions else f"write the whole country, {country}"
