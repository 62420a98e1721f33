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


def test_hover(client: Client, acme: tuple[str, str]) -> None:
    found = client.request("textDocument/hover", at(*acme, "hours at hourly", 10))
    assert "31.50 EUR/hour" in found["contents"]["value"]
    assert "in EUR/hour" in found["contents"]["value"]


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
    found = client.request("textDocument/codeLens", {"textDocument": {"uri": acme[0]}})
    commands = {one["command"]["title"]: one["command"] for one in found}
    assert set(commands) == {"this month's invoice", "run this test"}
    run = commands["run this test"]
    said = client.request(
        "workspace/executeCommand", {"command": run["command"], "arguments": run["arguments"]}
    )
    assert said == '"a month by the act" passes'
    run = commands["this month's invoice"]
    said = client.request(
        "workspace/executeCommand", {"command": run["command"], "arguments": run["arguments"]}
    )
    assert "Calls handled" in said


def test_inlay_hints(client: Client, acme: tuple[str, str]) -> None:
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}}
    found = client.request("textDocument/inlayHint", {"textDocument": {"uri": acme[0]}, "range": everything})
    labels = [one["label"] for one in found]
    assert ": calls" in labels
    assert " 45 568.50 EUR" in labels


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 29), ("utf-16", 22), ("utf-32", 20)])
def test_positions_in_any_encoding(encoding: str, character: int) -> None:
    client = Client((encoding,))
    line = 'measure été "😀😀é" = unknown_é\r\n'
    text = f'\ufeffcontract "é" {{\r\n}}\r\n{line}'
    found = client.open("untitled:a", text)["diagnostics"]
    assert client.capabilities["positionEncoding"] == encoding
    ranges = [one["range"]["start"] for one in found if one["code"] == "CL220"]
    assert client.stop() == 0
    assert ranges == [{"line": 2, "character": character}]


def test_it_never_goes_silent(client: Client, folder: Path) -> None:
    """Random edits of the samples: after each, what is published is what a fresh check says."""
    import contractlang

    chosen = Random(7)
    words = ["{", "}", "\n", " ", "é", "😀", '"', "by ", "12,5", "measure x = ", "# ", "below 5%", "\r\n"]
    path = folder / "acme" / "edited.contract"
    text = (ACME / "acme.contract").read_text(encoding="utf-8")
    client.open(path.as_uri(), text)
    for version in range(1000 if FUZZ else 40):
        if version % 25 == 24:
            # A text with dozens of mistakes says little; begin anew from one that has none.
            text = chosen.choice(SAMPLES).read_text(encoding="utf-8")
        start = chosen.randrange(len(text) + 1)
        text = text[:start] + chosen.choice(words) + text[start + chosen.choice([0, 0, 1, 9]) :]
        published = client.change(path.as_uri(), text, version + 2)["diagnostics"]
        path.write_bytes(text.encode())
        fresh = contractlang.load(path).check()
        assert [one["code"] for one in published] == [one.code for one in fresh]
        assert [one["message"].partition("\n")[0] for one in published] == [one.message for one in fresh]
        params = {"textDocument": {"uri": path.as_uri()}, "position": {"line": 40, "character": 12}}
        client.request("textDocument/hover", params)
        client.request("textDocument/completion", params)
    path.unlink()
