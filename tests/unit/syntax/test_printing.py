"""Printing: the canonical text, the normal form and the fingerprint."""

import re

import pytest

from contractlang.syntax.loading import document_from_text
from contractlang.syntax.printing import fingerprint, normal_form, print_document

HEADER = 'contract "A" {\n  provider callpro\n  client acme\n  vat 20%\n}\n'
CONTRACT = HEADER + "rate hourly = 31.50 EUR/hour\ncharge x = hours at hourly at most 12 000 EUR once\n"


def printed(text: str) -> str:
    return print_document(document_from_text(text).declarations)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("fee x=12_000.50 EUR per month in advance", "fee x = 12 000.50 EUR per month in advance\n"),
        ("fee x once at most 5 EUR every year = 3 EUR", "fee x = 3 EUR at most 5 EUR every year once\n"),
        ("measure x else 0 in calls", "measure x in calls else 0\n"),
        ("minimum m on a + b = 3 EUR", "minimum m = 3 EUR on a + b\n"),
        ("bonus-malus b = -2% when c on a", "bonus-malus b on a = -2% when c\n"),
        ("measure x = a rounded half_up to 0.01%", "measure x = a rounded to 0.01%\n"),
        ("measure x = a ≥ 5 × 3 − 2", "measure x = a >= 5 * 3 - 2\n"),
        ("measure x = a over 2026-01 to 2026-03", "measure x = a over 2026-Q1\n"),
        ("measure x = a over 2026-01-01 to 2026-12-31", "measure x = a over 2026\n"),
        ("measure x = a over 2026-01-15 to 2026-03-31", "measure x = a over 2026-01-15 to 2026-03-31\n"),
        ("phase p { transition to q after 1 months }", "phase p {\n  transition to q after 1 month\n}\n"),
        ("## why\nunit call", "## why\nunit call\n"),
        ("unit a\nunit b\nwindow w", "unit a\nunit b\n\nwindow w\n"),
        ("measure x = sum(a.b to a.c during n where (d in n), each rounded up to 15 min)",
         "measure x = sum(a.b to a.c during n where (d in n), each rounded up to 15 min)\n"),
        ("fee p = 2 EUR for each 1 point of q below 90%", "fee p = 2 EUR for each point of q below 90%\n"),
        ('test "t" { given 2026-07-01..2026-07-31 { a = no data } expect q.k1 = 3 EUR in 2026-07 }',
         'test "t" {\n  given 2026-07 { a = no data }\n  expect q.k1 = 3 EUR in 2026-07\n}\n'),
    ],
)  # fmt: skip
def test_the_canonical_text(text: str, canonical: str) -> None:
    assert printed(text) == canonical
    assert printed(canonical) == canonical


def mark(text: str, **facts: str) -> str:
    document = document_from_text(text)
    assert document.diagnostics == ()
    return fingerprint(document, facts.items())


@pytest.mark.parametrize(
    "text",
    [
        "# a remark\n" + CONTRACT.replace("\n", "\n\n"),
        CONTRACT.replace("12 000", "12_000"),
        CONTRACT.replace("12 000", "12000.00"),
        CONTRACT.replace("31.50", "31.5"),
        CONTRACT.replace("hours at hourly", "(hours) at (hourly)"),
        CONTRACT.replace("at most 12 000 EUR once", "once at most 12 000 EUR"),
        CONTRACT.replace("  provider callpro\n  client acme\n", '  client "acme"\n  provider callpro\n'),
        "## documented\n" + CONTRACT,
        CONTRACT + 'test "t" {\n  expect x = 3 EUR\n}\n',
    ],
)
def test_the_fingerprint_stays(text: str) -> None:
    assert mark(text) == mark(CONTRACT)


@pytest.mark.parametrize(
    "text",
    [
        CONTRACT.replace("31.50", "31.51"),
        CONTRACT.replace("once", ""),
        CONTRACT.replace("charge x", 'charge x "Hours"'),
        CONTRACT.replace("callpro", "other"),
        CONTRACT + "unit call\n",
        CONTRACT + 'amendment "A" effective 2026-10-01 {\n  rate hourly = 32 EUR/hour\n}\n',
    ],
)
def test_the_fingerprint_changes(text: str) -> None:
    assert mark(text) != mark(CONTRACT)


def test_facts_are_part_of_the_fingerprint_in_any_order() -> None:
    assert mark(CONTRACT, holidays="2026-01-01", index="1") == mark(
        CONTRACT, index="1", holidays="2026-01-01"
    )
    assert mark(CONTRACT, holidays="2026-01-01") != mark(CONTRACT)
    assert mark(CONTRACT, holidays="2026-01-01") != mark(CONTRACT, holidays="2026-01-02")


def test_a_fingerprint_is_sixteen_digits_in_groups() -> None:
    assert re.fullmatch(r"[0-9a-f]{4}( [0-9a-f]{4}){3}", mark(CONTRACT))


def test_needed_parentheses_stay() -> None:
    first = "measure x = (a over quarter) / (b - (c - d)) * (e + f)\n"
    text = f"{first}measure y = (g)\nmeasure z = (h in night)\n"
    assert normal_form(document_from_text(text)) == f"{first}measure y = g\nmeasure z = (h in night)\n"
