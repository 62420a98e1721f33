"""The language server end to end: a raw client, the real program, each feature over the wire."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from literate import run_program
from lsp_client import Client

ROOT = Path(__file__).parents[1]
ACME = ROOT / "contracts" / "acme"
SAMPLES = [
    one for one in sorted(ROOT.glob("contracts/*/*.contract")) if "include" not in one.read_text("utf-8")
]
FUZZ = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("project")
    shutil.copytree(ACME, made / "acme")
    shutil.copy(ROOT / "contracts" / "parties.yaml", made)
    return made


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Client]:
    client = Client(folder=folder)
    yield client
    assert client.stop() == 0


@pytest.fixture(scope="module")
def acme(client: Client, folder: Path) -> tuple[str, str]:
    path = folder / "acme" / "acme.contract"
    text = path.read_text(encoding="utf-8")
    client.open(path.as_uri(), text)
    return path.as_uri(), text


def place(text: str, words: str, after: int = 0) -> dict[str, int]:
    at = text.index(words) + after
    line = text.count("\n", 0, at)
    return {"line": line, "character": at - (text.rfind("\n", 0, at) + 1)}


def at(uri: str, text: str, words: str, after: int = 0) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "position": place(text, words, after)}


def test_diagnostics_are_those_of_check(client: Client, acme: tuple[str, str], folder: Path) -> None:
    uri, text = acme
    broken = text.replace("handled at graduated", "handeled at graduated")
    published = client.change(uri, broken)["diagnostics"]
    client.change(uri, text)
    (folder / "acme" / "broken.contract").write_text(broken, encoding="utf-8")
    _, printed, _ = run_program(
        ["check", "--verbose", "--format", "json", "broken.contract"], folder / "acme"
    )
    (folder / "acme" / "broken.contract").unlink()
    said = [(one["code"], one["range"], one["message"]) for one in json.loads(printed)]
    assert said == [(one["code"], one["range"], one["message"].partition("\n")[0]) for one in published]
    assert "CL220" in [code for code, *_ in said]


def test_a_file_that_is_there_to_be_included_is_not_at_fault(client: Client) -> None:
    for text, severity in (("unit call\n", 3), ("# nothing yet\n", 1)):
        (found,) = client.open("untitled:units", text)["diagnostics"]
        assert (found["code"], found["severity"]) == ("CL200", severity)
        client.notify("textDocument/didClose", {"textDocument": {"uri": "untitled:units"}})
        client.diagnostics()


HOVERED = """\
contract "Hovered" {
  provider a  client b  term 2000-01-01 to 2199-12-31  invoiced monthly
  currency EUR  timezone Europe/Paris  vat 20%
}
unit call
usage contacts each call {
  started  timestamp
  answered boolean
}
## Calls that somebody took.
measure taken = count(contacts where answered)
measure offered = count(contacts)
measure level = taken / offered over 3 months rolling
measure usual = average(level by month over 6 months before)
rate hourly {
  from 2000-01-01 : 31.50 EUR/hour
  from 2150-01-01 : 99 EUR/hour
}
measure hours in hours
charge work "Work" = hours at hourly
charge calls "Calls" = taken at 2 EUR/call
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("hours at hourly", ["**hours**", "supplied measure", "in hours"]),
        ("hourly\n", ["**hourly**", "rate", "in EUR/hour", "**31.50 EUR/hour since 2000-01-01**"]),
        ("taken at 2", ["**taken**", "measure, in calls", "Calls that somebody took."]),
        ("over 3 months", ["**pooled**", "numerators over all of its denominators"]),
        ("average(level", ["**mean** of the values of each month", "average("]),
        ("level by month", ["a percent", "**pooled**"]),
        ("answered)\nmeasure off", ["boolean", "a column of `contacts`"]),
        ("call {", ["a thing that is counted"]),
    ],
)
def test_hover(client: Client, words: str, said: list[str]) -> None:
    """Kind, unit, meaning, the value of a dated rate today, pooled or a mean."""
    client.open("untitled:hovered", HOVERED)
    found = client.request("textDocument/hover", at("untitled:hovered", HOVERED, words))
    value = found["contents"]["value"]
    assert [one for one in said if one not in value] == [], value
    assert "99 EUR/hour since" not in value
    assert found["range"]["start"]["line"] == place(HOVERED, words)["line"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": "untitled:hovered"}})
    client.diagnostics()


def test_completion(client: Client, acme: tuple[str, str]) -> None:
    found = client.request("textDocument/completion", at(*acme, "handled at graduated", 3))
    labels = [one["label"] for one in found]
    assert "handled" in labels
    assert "hourly" in labels
    found = client.request("textDocument/completion", at(*acme, "below 80%"))
    labels = [one["label"] for one in found]
    assert {"no data", "from", "below", "up to"} <= set(labels)


def test_definition(client: Client, acme: tuple[str, str]) -> None:
    _uri, text = acme
    found = client.request("textDocument/definition", at(*acme, "handled at graduated"))
    assert [one["range"]["start"] for one in found] == [place(text, "handled       = count")]


def test_references(client: Client, acme: tuple[str, str]) -> None:
    params = at(*acme, "handled at graduated") | {"context": {"includeDeclaration": True}}
    assert len(client.request("textDocument/references", params)) == 5


def test_rename(client: Client, acme: tuple[str, str]) -> None:
    uri, _text = acme
    changes = client.request("textDocument/rename", at(*acme, "handled at graduated") | {"newName": "taken"})
    assert [one["newText"] for one in changes["changes"][uri]] == ["taken"] * 5
    refused = client.request(
        "textDocument/rename", at(*acme, "handled at graduated") | {"newName": "offered"}
    )
    assert refused is None
    assert client.shown[-1] == '"offered" is declared already'


def test_document_symbols(client: Client, acme: tuple[str, str]) -> None:
    found = client.request("textDocument/documentSymbol", {"textDocument": {"uri": acme[0]}})
    names = {one["name"]: [child["name"] for child in one["children"]] for one in found}
    assert "answering" in names["performance"]
    assert "Acme customer care" in names


def test_workspace_symbols(client: Client, acme: tuple[str, str]) -> None:
    found = client.request("workspace/symbol", {"query": "answer_r"})
    assert [one["name"] for one in found] == ["answer_rate"]
    assert found[0]["location"]["uri"] == acme[0]


def test_semantic_tokens(client: Client, acme: tuple[str, str]) -> None:
    data = client.request("textDocument/semanticTokens/full", {"textDocument": {"uri": acme[0]}})["data"]
    types = client.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"]
    assert data[:4] == [0, 0, len("contract"), types.index("keyword")]
    assert len(data) % 5 == 0
    assert len(data) > 5 * 400


def test_folding(client: Client, acme: tuple[str, str]) -> None:
    found = client.request("textDocument/foldingRange", {"textDocument": {"uri": acme[0]}})
    assert found[0]["startLine"] == 0
    assert found[0]["endLine"] == 9


def test_signature_help(client: Client, acme: tuple[str, str]) -> None:
    found = client.request("textDocument/signatureHelp", at(*acme, "contacts where answered and res"))
    assert found["signatures"][0]["label"] == "count(contacts where answered)"


def test_formatting(client: Client, acme: tuple[str, str]) -> None:
    uri, text = acme
    spread = text.replace("unit sale\n", "unit    sale\n").replace("unit customer", "unit  customer")
    client.change(uri, spread)
    options = {"options": {"tabSize": 2, "insertSpaces": True}}
    (edit,) = client.request("textDocument/formatting", {"textDocument": {"uri": uri}, **options})
    assert edit["newText"] == text
    line = spread[: spread.index("unit    sale")].count("\n")
    lines = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 4}}
    (edit,) = client.request(
        "textDocument/rangeFormatting", {"textDocument": {"uri": uri}, "range": lines, **options}
    )
    assert edit["newText"] == spread.replace("unit    sale", "unit sale")
    client.change(uri, text)


@pytest.mark.parametrize(
    ("old", "new", "title"),
    [
        ("handled at grad", "handeled at grad", "Write `handled`"),
        (
            "    no data               :  0%\n  }\n\n  # around",
            "  }\n\n  # around",
            "Add the row `no data : 0%`",
        ),
        ("from 85% to below 92%", "from 85% to 92%", "Write `to below 92%`"),
        ("from 85% to below 92%", "from 85% to below 91%", "Let the rows meet at 92%"),
        ("4.20 EUR/call", "4.20 EUR/cal", "Write `EUR/call`"),
        ("3.55 EUR/call\n  }", "3.55 EUR/call\n", "Add the missing `}`"),
    ],
)
def test_code_actions(client: Client, acme: tuple[str, str], old: str, new: str, title: str) -> None:
    uri, text = acme
    assert old in text
    broken = text.replace(old, new, 1)
    before = client.change(uri, broken)["diagnostics"]
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}}
    params = {"textDocument": {"uri": uri}, "range": everything, "context": {"diagnostics": before}}
    offered = client.request("textDocument/codeAction", params)
    client.change(uri, text)
    assert title in [one["title"] for one in offered]
    (edit,) = next(one for one in offered if one["title"] == title)["edit"]["changes"][uri]
    lines = broken.split("\n")
    (start, end) = edit["range"]["start"], edit["range"]["end"]
    offsets = [sum(len(one) + 1 for one in lines[: at["line"]]) + at["character"] for at in (start, end)]
    mended = broken[: offsets[0]] + edit["newText"] + broken[offsets[1] :]
    assert not [one for one in client.change(uri, mended)["diagnostics"] if one["severity"] == 1]
    client.change(uri, text)


def test_code_lenses(client: Client, acme: tuple[str, str]) -> None:
    uri, text = acme
    found = client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
    lenses = {one["command"]["title"]: one for one in found}
    assert set(lenses) == {"this month's invoice", "run this test"}
    assert lenses["this month's invoice"]["range"]["start"] == place(text, "contract ")
    assert lenses["run this test"]["range"]["start"] == place(text, 'test "a month')

    def run(title: str) -> str:
        command = lenses[title]["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        return str(client.request("workspace/executeCommand", params))

    assert run("run this test") == '"a month by the act" passes'
    assert "Calls handled" in run("this month's invoice")
    assert "Calls handled" in client.shown[-1]
    client.change(uri, text.replace("handling = 51 145.50", "handling = 51 145.51"))
    assert run("run this test").startswith('"a month by the act" fails\n')
    assert "it is 51145.50 EUR" in client.shown[-1]
    client.change(uri, text)


def test_no_invoice_is_offered_without_a_usage(client: Client, folder: Path) -> None:
    text = (ACME / "acme.contract").read_text(encoding="utf-8")
    path = folder / "alone" / "alone.contract"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    client.open(path.as_uri(), text)
    found = client.request("textDocument/codeLens", {"textDocument": {"uri": path.as_uri()}})
    assert [one["command"]["title"] for one in found] == ["run this test"]
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}}
    params = {"textDocument": {"uri": path.as_uri()}, "range": everything}
    labels = [one["label"] for one in client.request("textDocument/inlayHint", params)]
    assert ": calls" in labels
    assert not [one for one in labels if "EUR" in one and "/" not in one]
    client.notify("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})
    client.diagnostics()


def test_inlay_hints(client: Client, acme: tuple[str, str]) -> None:
    uri, text = acme
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}}
    found = client.request("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": everything})
    labels = {one["label"]: one["position"] for one in found}
    # The unit that follows from a formula stands behind the name, and what the line came to in the usage.
    assert labels[": calls"] == place(text, "offered       =", len("offered"))
    assert labels[" 45 568.50 EUR"] == place(text, 'handling "Calls', len("handling"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_positions_in_any_encoding(encoding: str) -> None:
    """A byte order mark, emoji, accents, line ends of Windows: every place is where the editor counts it."""
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]

    def units(words: str) -> int:
        return len(words.encode(encoding if width == 1 else f"{encoding}-le")) // width

    client = Client((encoding,))
    assert client.capabilities["positionEncoding"] == encoding
    before = 'measure été "😀😀é" = '
    lines = ['contract "é" {', "}", "unit   appel", "measure pris in appels", f"{before}pris + unknown_é", ""]
    text = "\ufeff" + "\r\n".join(lines)
    found = client.open("untitled:a", text)["diagnostics"]
    ranges = {one["code"]: one["range"] for one in found}
    start = units(before + "pris + ")
    assert ranges["CL220"] == {
        "start": {"line": 4, "character": start},
        "end": {"line": 4, "character": start + units("unknown_é")},
    }
    here = {
        "textDocument": {"uri": "untitled:a"},
        "position": {"line": 4, "character": units(before) + 1},
    }
    hovered = client.request("textDocument/hover", here)
    assert "in appels" in hovered["contents"]["value"]
    used = {
        "start": {"line": 4, "character": units(before)},
        "end": {"line": 4, "character": units(before + "pris")},
    }
    assert hovered["range"] == used
    (defined,) = client.request("textDocument/definition", here)
    assert defined["range"]["start"] == {"line": 3, "character": len("measure ")}
    changes = client.request("textDocument/rename", here | {"newName": "tenu"})["changes"]["untitled:a"]
    assert used in [one["range"] for one in changes]
    data = client.request("textDocument/semanticTokens/full", {"textDocument": {"uri": "untitled:a"}})["data"]
    line, character, lengths = 0, 0, {}
    for delta, step, length, *_ in zip(*[iter(data)] * 5, strict=True):
        line, character = line + delta, step if delta else character + step
        lengths[line, character] = length
    assert lengths[4, len("measure ")] == units("été")
    assert lengths[4, units("measure été ")] == units('"😀😀é"')
    (edit,) = client.request(
        "textDocument/formatting",
        {"textDocument": {"uri": "untitled:a"}, "options": {"tabSize": 2, "insertSpaces": True}},
    )
    assert edit["newText"] == text.removeprefix("\ufeff").replace("unit   appel", "unit appel")
    assert client.stop() == 0


TYPED = ["{", "}", "\n", " ", "é", "😀", '"', "by ", "12,5", "measure x = ", "# ", "below 5%", "\r\n", "="]


def edited(text: str, chosen: Random) -> str:
    """A text after one edit: something typed or pasted over, a line deleted, copied or moved."""
    start = chosen.randrange(len(text) + 1)
    kind = chosen.randrange(8)
    if kind < 5:
        return text[:start] + chosen.choice(TYPED) + text[start + chosen.choice([0, 0, 1, 9]) :]
    lines = text.split("\n")
    line = lines.pop(chosen.randrange(len(lines)))
    if kind > 5:
        lines.insert(chosen.randrange(len(lines) + 1), line)
    if kind > 6:
        lines.insert(chosen.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def test_it_never_goes_silent(client: Client, folder: Path) -> None:
    """Sequences of random edits of the samples: after each, what is published is what a fresh check says."""
    import contractlang

    chosen = Random(7)
    path = folder / "acme" / "edited.contract"
    client.open(path.as_uri(), "")
    for version in range(5 * (1000 if FUZZ else 8)):
        if version % 5 == 0:
            # A text with dozens of mistakes says little; each sequence begins with one that has none.
            text = chosen.choice(SAMPLES).read_text(encoding="utf-8")
        text = edited(text, chosen)
        published = client.change(path.as_uri(), text, version + 2)["diagnostics"]
        path.write_bytes(text.encode())
        fresh = contractlang.load(path).check()
        assert [one["code"] for one in published] == [one.code for one in fresh], text
        assert [one["message"].partition("\n")[0] for one in published] == [one.message for one in fresh]
        params = {"textDocument": {"uri": path.as_uri()}, "position": {"line": 40, "character": 12}}
        client.request("textDocument/hover", params)
        client.request("textDocument/completion", params)
    path.unlink()


@pytest.mark.parametrize("sample", SAMPLES if FUZZ else SAMPLES[:3], ids=lambda path: path.stem)
def test_every_feature_answers_on_prefixes(client: Client, folder: Path, sample: Path) -> None:
    """A contract as it is while it is being written; an error in an answer fails the request."""
    text = sample.read_text(encoding="utf-8")
    uri = (folder / "acme" / "typed.contract").as_uri()
    client.open(uri, "")
    document = {"textDocument": {"uri": uri}}
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}}
    chosen = Random(sample.stem)
    for end in sorted(chosen.sample(range(len(text)), 100 if FUZZ else 2)):
        client.change(uri, text[:end], end + 2)
        here = document | {"position": place(text, text, end)}
        for method, params in (
            ("hover", here), ("completion", here), ("definition", here), ("signatureHelp", here),
            ("references", here | {"context": {"includeDeclaration": True}}), ("documentSymbol", document),
            ("rename", here | {"newName": "another"}), ("foldingRange", document), ("codeLens", document),
            ("semanticTokens/full", document), ("inlayHint", document | {"range": everything}),
            ("formatting", document | {"options": {"tabSize": 2, "insertSpaces": True}}),
            ("codeAction", document | {"range": everything, "context": {"diagnostics": []}}),
        ):  # fmt: skip
            client.request(f"textDocument/{method}", params)
    client.notify("textDocument/didClose", document)
    client.diagnostics()
