"""parties.yaml: where it is found, what it says, and what cannot be right in it."""

from pathlib import Path

import pytest

from contractlang.diagnostics import ContractError
from contractlang.invoicing.document import Party
from contractlang.invoicing.parties import find, parties_of, read

WHOLE = """\
callpro:
  name: CallPro Services SAS
  address: |
    12 rue des Ateliers
    59000 Lille
  country: FR
  SIREN: 732 829 320
  VAT number: FR44732829320
  iban: FR7630006000011234567890189
  bic: AGRIFRPP
  email: billing@callpro.example
  language: fr
  RCS: Lille B 732 829 320
acme:
  name: Acme
  address: [1 place de la République, 75011 Paris]
short: Short SARL
"""


def asked(*keys: str) -> list[tuple[str, None]]:
    return [(key, None) for key in keys]


def test_a_whole_party(tmp_path: Path) -> None:
    (tmp_path / "parties.yaml").write_text(WHOLE, encoding="utf-8")
    (provider, client), said = parties_of(tmp_path, asked("callpro", "short"))
    assert provider == Party(
        "callpro", "CallPro Services SAS", ("12 rue des Ateliers", "59000 Lille"), "FR", "732829320",
        "FR44732829320", "FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP", "billing@callpro.example", "fr",
        (("RCS", "Lille B 732 829 320"),),
    )  # fmt: skip
    assert client == Party("short", "Short SARL")
    assert said == ()


def test_the_nearest_file_up_to_the_project_serves(tmp_path: Path) -> None:
    contract = tmp_path / "project" / "contracts" / "acme"
    contract.mkdir(parents=True)
    (tmp_path / "project" / ".git").mkdir()
    (tmp_path / "parties.yaml").write_text("acme: outside the project\n", encoding="utf-8")
    assert find(contract) is None
    above = tmp_path / "project" / "contracts" / "parties.yaml"
    above.write_text("acme: Acme SA\n", encoding="utf-8")
    assert find(contract) == above
    (contract / "parties.yaml").write_text("acme: Acme SA\n", encoding="utf-8")
    assert find(contract) == contract / "parties.yaml"


def test_without_a_file_a_party_is_its_key(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert parties_of(tmp_path, asked("callpro")) == ((Party("callpro", "callpro"),), ())
    assert parties_of(None, asked("callpro")) == ((Party("callpro", "callpro"),), ())


def test_an_unknown_party_is_a_warning_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "parties.yaml").write_text(WHOLE, encoding="utf-8")
    (party,), (said,) = parties_of(tmp_path, asked("calpro"))
    assert party == Party("calpro", "calpro")
    assert (said.code, said.severity.value, said.help) == ("CL976", "warning", 'the nearest is "callpro"')


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("siren: 732829321", "CL978"),
        ("vat number: FR45732829320", "CL978"),
        ("iban: FR7630006000011234567890188", "CL978"),
        ("language: de", "CL978"),
        ("adress: somewhere", "CL979"),
    ],
)
def test_what_cannot_be_right_is_said(tmp_path: Path, entry: str, code: str) -> None:
    file = tmp_path / "parties.yaml"
    file.write_text(f"acme:\n  name: Acme\n  {entry}\nother:\n  {entry}\n", encoding="utf-8")
    _, said = parties_of(None, asked("acme"), file)
    assert [one.code for one in said] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- acme\n", "CL977"),
        ("acme: [a, b]\n", "CL977"),
        ("acme:\n  address: {a: b}\n", "CL977"),
        ("acme:\n  name: [a]\n", "CL977"),
        ("acme: a\nacme: b\n", "CL801"),
        ("acme: 'a\n", "CL800"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "parties.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError) as fault:
        read(file)
    assert [one.code for one in fault.value.diagnostics] == [code]


def test_numbers_stay_texts(tmp_path: Path) -> None:
    file = tmp_path / "parties.yaml"
    file.write_text("acme:\n  name: 12.50\n  capital: 010\n", encoding="utf-8")
    party = read(file).party("acme")
    assert party is not None
    assert (party.name, party.other) == ("12.50", (("capital", "010"),))
