"""A first contract: every combination of answers holds, wrong answers are refused, nothing is overwritten."""

import os
import pty
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from literate import run_program

import contractlang
from contractlang.diagnostics import ContractError
from contractlang.formatting import format_text
from contractlang.rendering import invoice as invoices
from contractlang.starting import (
    QUESTIONS,
    Question,
    RefusedError,
    answers_of,
    draft_of,
    place_for,
    write,
)
from contractlang.starting.names import LANGUAGES, MODELS, QUALITIES, WORDS
from contractlang.starting.reading import key
from contractlang.starting.wording import ENGLISH, FRENCH
from contractlang.text import Source

TODAY = date(2025, 12, 17)
# Whole months and parts of them, two decimals, none and three, a term that ends in its first month.
TERMS = (
    {"currency": "EUR", "start": "2026-01-01", "end": "24 months"},
    {"currency": "JPY", "start": "2026-01-31", "end": "18 months", "months": "1"},
    {"currency": "TND", "start": "2026-02-10", "end": "2026-12-05"},
    {
        "currency": "USD",
        "start": "2028-02-29",
        "end": "36 months",
        "months": "3",
    },
    {"currency": "GBP", "start": "2026-03-05", "end": "2026-03-20", "months": "0"},
)
HOSTILE = '<script>alert("x")</script> \\ {{ 7*7 }} # «é» 日本 {% raw %} \' & 🏳️‍🌈'


def begun(folder: Path, **given: str) -> tuple[contractlang.api.LoadedContract, Path, tuple[str, ...]]:
    """The contract of some answers, written and loaded; the file of its usage; its months."""
    answers = answers_of(given, TODAY)
    place = place_for(folder)
    draft = draft_of(answers, place.key_of(answers.provider), place.key_of(answers.client))
    write(place, draft.contract, draft.usage, draft.parties, answers)
    return contractlang.load(place.contract), place.usage, draft.periods


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", MODELS)
def test_every_combination_of_answers_is_a_contract_that_holds(
    model: str, language: str, tmp_path: Path
) -> None:
    for at, quality in enumerate(QUALITIES):
        given = {"model": model, "language": language, "quality": quality}
        terms = dict(TERMS[(at + len(model) + len(language)) % len(TERMS)])
        if model != "hours-then-acts":
            terms.pop("months", None)
        elif terms.get("months") == "0":
            terms = dict(TERMS[0])
        contract, usage, months = begun(tmp_path / "contracts" / quality, **given, **terms)
        assert contract.check(remarks=False) == (), given
        text = Path(contract.document.name).read_text(encoding="utf-8")
        assert format_text(Source("a", text)) == text
        results = contract.run_tests()
        assert results
        assert not [failure for result in results for failure in result.failures], given
        expected = text.count("  expect ")
        lines = 0
        for month in months:
            invoice = contract.invoice(contractlang.load_usage(usage, contract), month)
            assert invoice.warnings == ()
            names = {line.name for line in invoice.lines}
            lines += len(names)
            assert names
            assert (quality != "none" and month == months[-1]) <= any(
                line.kind == "bonus_malus" and line.amount != 0 for line in invoice.lines
            )
        assert lines == expected, "each line of each month is tested"


def test_both_languages_have_the_same_words() -> None:
    english, french = WORDS["en"], WORDS["fr"]
    for one in ("names", "labels", "qualities"):
        assert set(getattr(english, one)) == set(getattr(french, one))
    for words in (english, french):
        assert set(words.qualities) == set(QUALITIES) - {"none"}


def test_a_name_full_of_signs_is_carried_as_it_is(tmp_path: Path) -> None:
    contract, usage, months = begun(
        tmp_path / "contracts" / "signs", name=HOSTILE, client=f"{HOSTILE} A", provider=f"{HOSTILE} B"
    )
    assert contract.document.header is not None
    assert contract.document.header.title == HOSTILE
    assert [party.name for party in contract.parties] == [f"{HOSTILE} B", f"{HOSTILE} A"]
    invoice = contract.invoice(contractlang.load_usage(usage, contract), months[0])
    page = invoices.render(invoice, "html", None, None)
    assert "<script>" not in page
    assert "{{ 7*7 }}" in page


@pytest.mark.parametrize(
    ("given", "question", "words"),
    [
        ({"currency": "EURO"}, "currency", 'no currency has the code "EURO"; the nearest is "EUR"'),
        ({"currency": "euros"}, "currency", 'no currency has the code "euros"; write three letters'),
        ({"timezone": "Europe/Pari"}, "timezone", 'the nearest is "Europe/Paris"'),
        ({"timezone": "../../etc/passwd"}, "timezone", "there is no time zone called"),
        ({"start": "2026-02-30"}, "start", '"2026-02-30" is not a day'),
        ({"start": "01/02/2026"}, "start", "write year, month and day, such as 2026-01-31"),
        ({"start": "9999-12-01"}, "start", "the year 9999 is not between 1990 and 2100"),
        ({"start": "2026-06-01", "end": "2026-05-31"}, "end", "would end on 2026-05-31, before it starts"),
        ({"end": "0 months"}, "end", "a term has 1 to 600 months"),
        ({"start": "2026-01-01", "end": "2099-01-01"}, "end", "more than 50 years"),
        ({"end": "3 months"}, "months", "before 6 months by the hour are over"),
        ({"months": "0"}, "months", "is not a number of months from 1 to 36"),
        ({"price": "-31.50"}, "price", '"-31.50" is below zero; write it without the sign'),
        ({"price": "0"}, "price", "a price is above zero"),
        ({"price": "31,50"}, "price", 'the decimals of "31,50" follow a point, not a comma; write 31.50'),
        ({"price": "1,234.50"}, "price", "write 1234.50"),
        ({"price": "thirty"}, "price", '"thirty" is not a number'),
        ({"price": "٣١"}, "price", "is not a number"),
        ({"price": "1e9"}, "price", "is not a number"),
        ({"model": "flat", "price": "18500.555"}, "price", "a sum in EUR has 2 decimals"),
        ({"model": "flat", "price": "18500.5", "currency": "JPY"}, "price", "a sum in JPY has no decimals"),
        ({"vat": "120%"}, "vat", "120% is not between 0% and 100%"),
        ({"vat": "5.555"}, "vat", "5.555 has more than two decimals"),
        ({"model": "monthly"}, "model", '"monthly" is none of them; write hours-then-acts'),
        ({"model": "hour"}, "model", 'the nearest is "hours"'),
        ({"model": "7"}, "model", '"7" is none of them'),
        ({"client": "  "}, "client", "a name has a letter or a digit in it"),
        ({"client": "<>\"'"}, "client", "a name has a letter or a digit in it"),
        ({"client": "Acme\x1b[2J"}, "client", "one line of what can be seen; take out U+001B"),
        ({"client": "Acme\nEvil"}, "client", "take out U+000A"),
        ({"client": "Acme\u202egnp"}, "client", "take out U+202E"),
        ({"client": "A" * 121}, "client", "at most 120 characters, and this one has 121"),
        ({"client": "Acmé", "provider": "ACME"}, "provider", "have one name"),
        ({"counted": "phone call"}, "counted", '"phone call" is not one word'),
        ({"counted": "hour"}, "counted", '"hour" cannot be counted'),
        ({"counted": "EUR"}, "counted", '"EUR" cannot be counted'),
        ({"bonus": "0"}, "bonus", "it is above 0%"),
        ({"model": "acts", "quality": "answered", "target": "100%"}, "target", "not between 10% and 99%"),
        ({"target": "90%"}, "target", "has no target: it learns it by the hour"),
        ({"model": "acts", "bonus": "3%"}, "bonus", "no figure moves the price of this contract"),
        ({"model": "flat", "act_price": "3"}, "act_price", 'the model "flat" does not ask for this'),
    ],
)
def test_a_wrong_answer_says_what_to_write(given: dict[str, str], question: str, words: str) -> None:
    with pytest.raises(RefusedError) as caught:
        answers_of(given, TODAY)
    told = str(caught.value)
    assert caught.value.question == question
    assert words in told
    assert told.isprintable()
    # In French each no-break space is one that typography asks for.
    french = caught.value.said("fr")
    assert french != told
    assert french.replace("\u00a0", " ").isprintable()


def test_what_serves_without_an_answer_is_the_next_month_and_two_years() -> None:
    answers = answers_of({}, TODAY)
    assert (answers.start, answers.end) == (date(2026, 1, 1), date(2027, 12, 31))
    assert answers_of({"currency": "GBP"}, TODAY).timezone == "Europe/London"
    assert answers_of({"price": "12 345.60 EUR", "model": "flat"}, TODAY).price * 10 == 123456
    assert answers_of({"model": "2"}, TODAY).model == "hours"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CallPro SAS", "callpro_sas"),
        ("Électricité de l'Ouest", "electricite_de_l_ouest"),
        ("3M", "party_3m"),
        ("東京", "東京"),
        ("Term", "term"),
    ],
)
def test_a_party_has_a_key_that_the_contract_can_name(name: str, expected: str) -> None:
    assert key(name) == expected
    draft_of(answers_of({"model": "flat", "client": name}, TODAY))


# ---- files


def test_a_file_that_is_there_is_never_changed(tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "usage.yaml").write_text("mine", encoding="utf-8")
    status, printed, said = run_program(["new", "acme", "--yes"], tmp_path)
    assert (status, printed) == (1, "")
    assert "CL994" in said
    assert '"acme/usage.yaml" is there already, and nothing was written' in said
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"usage.yaml"}
    assert (folder / "usage.yaml").read_text(encoding="utf-8") == "mine"


def test_parties_that_are_there_are_used_and_never_changed(tmp_path: Path) -> None:
    parties = tmp_path / "contracts" / "parties.yaml"
    parties.parent.mkdir()
    parties.write_text("callpro: {name: CallPro SAS}\n", encoding="utf-8")
    arguments = ["new", "contracts/a", "--yes", "--provider", "callpro sas", "--client", 'Acme "1"']
    status, _, said = run_program(arguments, tmp_path)
    assert status == 0
    assert said.count("CL995") == 1
    assert 'add to it `acme_1: {name: "Acme \\"1\\"", language: en}`' in said
    assert parties.read_text(encoding="utf-8") == "callpro: {name: CallPro SAS}\n"
    assert "provider  callpro  " in (tmp_path / "contracts/a/a.contract").read_text(encoding="utf-8")


def test_parties_that_cannot_be_read_stop_everything(tmp_path: Path) -> None:
    (tmp_path / "parties.yaml").write_text("- a\n- b\n", encoding="utf-8")
    status, _, said = run_program(["new", "a", "--yes"], tmp_path)
    assert status == 1
    assert "CL977" in said
    assert not (tmp_path / "a").exists()


def test_where_one_file_cannot_be_written_none_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = answers_of({}, TODAY)
    place = place_for(tmp_path / "deep" / "acme")
    draft = draft_of(answers)
    opened = Path.open

    def full(path: Path, *arguments: object, **named: object) -> object:
        if path.name == "parties.yaml":
            raise OSError(28, "No space left on device")
        return opened(path, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(ContractError) as caught:
        write(place, draft.contract, draft.usage, draft.parties, answers)
    assert [one.code for one in caught.value.diagnostics] == ["CL901"]
    assert list(tmp_path.iterdir()) == []


def test_a_link_that_leads_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "acme.contract").symlink_to(tmp_path / "elsewhere")
    status, _, said = run_program(["new", "acme", "--yes"], tmp_path)
    assert (status, "CL994" in said) == (1, True)
    assert not (tmp_path / "elsewhere").exists()


# ---- the terminal


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    status, printed, said = run_program(["new", "acme"], tmp_path)
    assert (status, printed) == (2, "")
    assert "This is no terminal to ask on: give --yes, and the answers as options." in said


def test_a_wrong_option_is_a_wrong_command_line(tmp_path: Path) -> None:
    status, _, said = run_program(["new", "acme", "--yes", "--act-price", "-1"], tmp_path)
    assert status == 2
    assert """Invalid value for '--act-price': "-1" is below zero; write it without the sign.""" in said
    assert list(tmp_path.iterdir()) == []


def test_each_question_has_its_option() -> None:
    from contractlang.commands.new import command

    options = {parameter.name for parameter in command.params}
    assert {question.key for question in QUESTIONS} == options - {"folder", "yes"}


def test_a_question_is_asked_only_where_the_answers_leave_it_open() -> None:
    asked: list[str] = []

    def ask(question: Question, default: str, found: dict[str, object]) -> object:
        asked.append(question.key)
        return question.read("subscription" if question.key == "model" else default, found)

    answers_of({"currency": "EUR"}, TODAY, ask)
    assert asked == "language client provider name model start end timezone vat price quality".split()


def on_a_terminal(folder: Path, options: list[str], answers: str, locale: str) -> tuple[str, str]:
    """What `new` prints and says on a terminal, with its answers between bars."""
    here, there = pty.openpty()
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "LC_ALL": "", "LC_MESSAGES": locale}
    environment |= {"PYTHONUTF8": "1"}
    script = "import sys; from contractlang.commands.front import main; sys.exit(main())"
    program = [sys.executable, "-c", script, "new", "contracts/acme", *options]
    running = subprocess.Popen(
        program, stdin=there, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, env=environment
    )
    os.close(there)
    os.write(here, "".join(f"{answer}\n" for answer in answers.split("|")).encode())
    printed, said = (text.decode() for text in running.communicate(timeout=60))
    os.close(here)
    assert running.returncode == 0, said
    return printed, said.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("locale", "options", "first"),
    [
        ("C.UTF-8", [], "Language of the notes and labels:"),
        ("fr_FR.UTF-8", [], "Langue des notes et des libellés:"),
        ("C.UTF-8", ["--language", "fr"], None),
    ],
)
def test_who_chooses_french_is_asked_in_french(
    locale: str, options: list[str], first: str | None, tmp_path: Path
) -> None:
    # The default of the first question is the language of the terminal.
    answers = "Acme|CallPro||acts||2026-01-01|24 mois||20|appel|4,20|4.20|answered|90|3|5"
    if first is not None:
        answers = ("|" if locale.startswith("fr") else "fr|") + answers
    printed, said = on_a_terminal(tmp_path, options, answers, locale)
    if first is not None:
        assert said.startswith(first)
        assert "  2  fr              fr" in said or "  2  fr              French" in said
    for words in (
        "Prestataire : qui fournit le service [",
        "  3  acts            à l’acte : chaque appel, courriel ou dossier a son prix",
        "Dernier jour du contrat, ou sa durée [24 mois]: ",
        "suivent un point, pas une virgule ; écrivez 4.20",
        "Lequel [none]: ",
        "Bonus au plus, en pourcentage de la ligne [3%]: ",
    ):
        assert words in said, said
    assert "Client: who" not in said
    assert printed.startswith("Écrit")
    text = (tmp_path / "contracts" / "acme" / "acme.contract").read_text(encoding="utf-8")
    assert "Un premier contrat" in text


def test_questions_have_the_same_words_in_both_languages() -> None:
    assert list(ENGLISH) == list(FRENCH)
    for key_, words in ENGLISH.items():
        assert set(re.findall(r"{(\w+)}", words)) == set(re.findall(r"{(\w+)}", FRENCH[key_])), key_
    for question in QUESTIONS:
        for model in MODELS:
            found = {"language": "fr", "model": model, "spoken": "fr"}
            if question.asks({**found, "quality": "answered"}):
                assert question.words(found)
                assert list(question.meanings(found)) == list(question.choices or ())


def test_on_a_terminal_a_wrong_answer_is_asked_again(tmp_path: Path) -> None:
    answers = (
        "en|Acme|Acme|CallPro||acts|EURO|EUR|2025-12-31|2026-12-31||20|call|-4|4,20|4.20|answered|90|3|5"
    )
    printed, said = on_a_terminal(tmp_path, ["--start", "2026-01-01"], answers, "C.UTF-8")
    for words in (
        "  3  acts            by the act: each call, mail or file has its price",
        "  the provider and the client have one name; write who provides the service",
        '  no currency has the code "EURO"; the nearest is "EUR"',
        "  the term would end on 2025-12-31, before it starts on 2026-01-01",
        '  "-4" is below zero; write it without the sign',
        '  the decimals of "4,20" follow a point, not a comma; write 4.20',
        "Name of the contract [Acme, customer care]: ",
    ):
        assert words.strip() in said, words
    assert printed.startswith("Written:\n  contracts/acme/acme.contract\n  contracts/acme/usage.yaml\n")
    contract = contractlang.load(tmp_path / "contracts" / "acme" / "acme.contract")
    assert contract.check(remarks=False) == ()
