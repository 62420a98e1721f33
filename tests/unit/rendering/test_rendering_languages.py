"""Numbers, dates and words in both languages, and the columns of a terminal."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st

from contractlang.calendar import Days
from contractlang.profiling import words_en as profile_en
from contractlang.profiling import words_fr as profile_fr
from contractlang.rendering import words_en, words_fr
from contractlang.rendering.invoice import render
from contractlang.rendering.languages import chosen, language
from contractlang.rendering.plain import WIDTH, width, wrapped
from contractlang.trace import Quantity
from contractlang.units import BUILT_IN, Scale, of

EN, FR = language("en"), language("fr")


def holes(words: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", words))


@pytest.mark.parametrize(
    ("english", "french"),
    [(words_en.WORDS, words_fr.WORDS), (profile_en.WORDS, profile_fr.WORDS)],
    ids=["documents", "profiles"],
)
def test_both_catalogues_have_the_same_words_with_the_same_facts(
    english: dict[str, str], french: dict[str, str]
) -> None:
    assert list(english) == list(french)
    for key, words in english.items():
        assert holes(words) == holes(french[key]), key


def test_every_word_that_the_code_says_is_in_the_catalogue() -> None:
    from pathlib import Path

    folder = Path(words_en.__file__).parent
    files = {*folder.glob("*.py"), *(folder.parents[1] / "templates").glob("*.j2")}
    # A profile of a usage has a catalogue of its own.
    of_usage = {file for file in files if file.name.startswith("usage")}
    assert len(of_usage) == 3
    of_usage |= set((folder.parent / "profiling").glob("*.py"))
    for some, catalogue in ((files - of_usage, words_en.WORDS), (of_usage, profile_en.WORDS)):
        texts = {file: file.read_text(encoding="utf-8") for file in some}
        code = "".join(text for file, text in texts.items() if file.suffix == ".py")
        laid = "".join(text for file, text in texts.items() if file.suffix == ".j2")
        said = set(re.findall(r'(?:say|headed)\("([^"]+)"', code))
        said |= set(re.findall(r'words\["([^"]+)"\]', laid))
        assert said - {" "} <= set(catalogue)


@pytest.mark.parametrize(
    ("value", "currency", "english", "french"),
    [
        ("12345.67", "EUR", "€12,345.67", "12\u202f345,67\xa0€"),
        ("-383.5", "EUR", "-€383.50", "-383,50\xa0€"),
        ("0", "EUR", "€0.00", "0,00\xa0€"),
        ("0.435", "EUR", "€0.435", "0,435\xa0€"),
        ("1200", "JPY", "JP¥1,200", "1\u202f200\xa0JPY"),
        ("1.5", "TND", "TND\xa01.500", "1,500\xa0TND"),
        ("1/3", "EUR", "≈ €0.3333 (exactly 1/3)", "≈ 0,3333\xa0€ (exactement 1/3)"),
        ("1234567890123456789012345678901234567.89", "EUR", None, None),
    ],
)
def test_money(value: str, currency: str, english: str | None, french: str | None) -> None:
    amount = Fraction(value)
    if english is None:
        assert re.sub(r"\D", "", EN.money(amount, currency)) == re.sub(r"\D", "", value)
        return
    assert EN.money(amount, currency) == english
    assert FR.money(amount, currency) == french


@given(st.fractions(min_value=-(10**12), max_value=10**12), st.sampled_from(["EUR", "JPY", "TND"]))
def test_no_digit_of_money_is_lost(value: Fraction, currency: str) -> None:
    from contractlang.exact import is_decimal

    told = EN.money(value, currency)
    if not is_decimal(value):
        assert told.endswith(f"(exactly {value.numerator}/{value.denominator})")
        return
    number = re.sub(r"[^\d.-]", "", told)
    assert Fraction(number) == value


@pytest.mark.parametrize(
    ("quantity", "english", "french"),
    [
        (Quantity(Fraction("0.925"), BUILT_IN["%"]), "92.5%", "92,5\xa0%"),
        (Quantity(Fraction(1, 3), BUILT_IN["%"]), "≈ 33.3333% (exactly 100/3%)", None),
        (Quantity(Fraction("4.2"), sample.PER_CALL), "€4.20/call", "4,20\xa0€/call"),
        (
            Quantity(Fraction(3600), Scale("hours", BUILT_IN["s"].unit, Fraction(3600))),
            "1\xa0hour",
            "1\xa0heure",
        ),
        (Quantity(Fraction(30), Scale("day", BUILT_IN["day"].unit)), "30\xa0days", "30\xa0jours"),
        (Quantity(Fraction(12345), sample.CALLS), "12,345\xa0calls", "12\u202f345\xa0calls"),
        (Quantity(Fraction(20), BUILT_IN["s"]), "20\xa0s", "20\xa0s"),
        (Quantity(Fraction("0.03"), BUILT_IN["points"]), "3\xa0points", "3\xa0points"),
        (Quantity(None, BUILT_IN["%"]), "no data", "pas de donnée"),
        (Quantity(Fraction(1, 10**9), None), "0.000000001", "0,000000001"),
        (Quantity(Fraction(5), Scale("USD", of("USD"))), "US$5.00", "5,00\xa0$US"),
    ],
)
def test_quantities(quantity: Quantity, english: str, french: str | None) -> None:
    assert EN.quantity(quantity) == english
    if french is not None:
        assert FR.quantity(quantity) == french


def test_dates() -> None:
    july = Days(date(2026, 7, 1), date(2026, 8, 1))
    assert (EN.day(july.start), FR.day(july.start)) == ("1 July 2026", "1er juillet 2026")
    assert FR.day(date(2026, 8, 2)) == "2 août 2026"
    assert (EN.days(july), FR.days(july)) == ("1 to 31 July 2026", "du 1er au 31 juillet 2026")
    assert EN.days(Days(date(2026, 7, 22), date(2026, 8, 22))) == "22 July to 21 August 2026"
    assert FR.days(Days(date(2025, 12, 22), date(2026, 1, 22))) == "du 22 décembre 2025 au 21 janvier 2026"
    assert EN.days(Days(date(2026, 7, 1), date(2026, 7, 2))) == "1 July 2026"


def test_the_language_asked_for_then_the_clients_then_english() -> None:
    assert chosen("fr", "en").code == "fr"
    assert chosen(None, "fr").code == "fr"
    assert chosen(None, "de").code == chosen(None, None).code == "en"


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("invoice", [sample.july(), sample.credit_note(), sample.long_july(3)])
def test_no_row_of_text_is_wider_than_a_hundred(invoice: sample.Invoice, code: str) -> None:
    assert max(width(row) for row in render(invoice, "text", code).split("\n")) <= WIDTH


@given(st.text(), st.text(max_size=3))
def test_columns_hold_whatever_a_label_is(label: str, sign: str) -> None:
    invoice = sample.july()
    wide = "顧客対応" + sign
    lines = tuple(replace(line, label=label + wide, group=label) for line in invoice.lines[:2])
    text = render(replace(invoice, lines=lines, contract=label + wide), "text", "en")
    assert all(width(row) <= WIDTH for row in text.split("\n"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\x9b]", text)
    row = next(row for row in text.split("\n") if "€51,145.50" in row)
    assert width(row) == WIDTH


def test_wide_characters_are_broken_by_their_columns() -> None:
    assert wrapped("顧客対応の電話", 6) == ["顧客対", "応の電", "話"]
