"""Whether a region has a calendar is read in the library's files; the library says whether that is so."""

import subprocess
import sys

import holidays
import pytest

from contractlang import public_holidays
from contractlang.checking import header
from contractlang.diagnostics import ContractError

COUNTRIES = holidays.list_supported_countries(include_aliases=False)


def test_every_country_and_most_of_their_parts_are_found_without_the_library() -> None:
    assert [country for country in COUNTRIES if not public_holidays.is_listed(country, "")] == []
    parts = [(country, part) for country, found in COUNTRIES.items() for part in found]
    missed = [one for one in parts if not public_holidays.is_listed(*one)]
    assert len(missed) < len(parts) / 10, "those in other shapes are asked of the library"
    assert all(public_holidays.is_listed("FR", part) for part in COUNTRIES["FR"])


def test_what_is_found_is_known_to_the_library() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    found = {a + b for a in letters for b in letters if public_holidays.is_listed(a + b, "")}
    assert found <= set(COUNTRIES)
    pieces = {part for known in COUNTRIES.values() for part in known}
    for country in ("FR", "DE", "CH", "GB", "US", "ES", "BE", "IT", "PT"):
        known = set(holidays.list_supported_countries(include_aliases=True)[country])
        assert {part for part in pieces if public_holidays.is_listed(country, part)} <= known


@pytest.mark.parametrize("code", ["FR", "FR-57", "FR-67", "FR-6AE", "GB-ENG", "FRA"])
def test_a_known_region(code: str) -> None:
    assert public_holidays.knows_region(code)
    assert public_holidays.holidays(code, (2026,))


@pytest.mark.parametrize("code", ["XX", "FR-99", "fr", "a", ""])
def test_a_region_is_unknown_where_its_days_are(code: str) -> None:
    with pytest.raises(ContractError, match="CL215"):
        public_holidays.holidays(code, (2026,))
    assert not public_holidays.knows_region(code)


def test_listed_time_zones_exist() -> None:
    code = "import sys, zoneinfo; [zoneinfo.ZoneInfo(one) for one in sys.argv[1:]]"
    listed = sorted(header.listed_timezones())
    assert "Europe/Paris" in listed
    subprocess.run([sys.executable, "-c", code, *listed], check=True, timeout=60)
