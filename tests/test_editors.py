"""What editors colour and start: keyword lists that do not drift, colours without an error, a real Neovim."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pygments.token import Error, Keyword, Token

from contractlang.highlighting import ContractLexer
from contractlang.highlighting.keywords import keywords
from contractlang.syntax.parsing import comments
from contractlang.syntax.tables import tables
from contractlang.syntax.tokens import read_tokens
from contractlang.text import Source

ROOT = Path(__file__).parents[1]
SAMPLES = sorted([*ROOT.glob("contracts/**/*.contract"), *ROOT.glob("tests/data/syntax/*.contract")])


def test_keyword_lists_are_those_of_the_grammar() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "editors" / "generate.py"), "--check"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


def test_every_keyword_of_the_grammar_is_in_every_editor() -> None:
    folder = ROOT / "editors"
    textmate = json.loads(
        (folder / "vscode/syntaxes/contractlang.tmLanguage.json").read_text(encoding="utf-8")
    )
    patterns = json.dumps(textmate)
    for words in tables().texts.values():
        assert words in keywords()
        assert words.split()[0].replace("-", "\\\\-") in patterns
        assert words.split()[0] in (folder / "vim/syntax/contractlang.vim").read_text(encoding="utf-8")
        assert f'"{words}"' in (folder / "emacs/contractlang-keywords.el").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_no_sample_has_an_error_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = list(ContractLexer(stripnl=False, ensurenl=False).get_tokens(text))
    assert "".join(value for _, value in found) == text
    assert [value for kind, value in found if kind in Error] == []
    source = Source(path.name, text)
    coloured = {}
    offset = 0
    for kind, value in found:
        coloured[offset] = kind
        offset += len(value)
    # What the parser reads as a keyword is coloured as one, whatever stands around it.
    for token in read_tokens(source)[0]:
        if token.terminal in tables().texts:
            assert coloured.get(token.start, Token) in Keyword, text[token.start : token.end]
    for comment in comments(source):
        assert "Comment" in str(coloured[comment.span.start]) or "Doc" in str(coloured[comment.span.start])


def test_the_extension_starts_the_server_with_words_that_it_takes() -> None:
    source = (ROOT / "editors/vscode/src/extension.js").read_text(encoding="utf-8")
    # A transport that is named is handed over as an option by the client's library.
    assert 'args: ["lsp"] }' in source
    assert "transport" not in source


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_a_real_neovim(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "contracts" / "acme", tmp_path / "acme")
    program = tmp_path / "contractlang"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from contractlang.commands.main import main\nsys.exit(main())\n"
    )
    program.chmod(0o755)
    run = subprocess.run(
        ["nvim", "--headless", "-u", "NONE", "-S", str(ROOT / "editors" / "neovim" / "test.lua")],
        env={
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "HOME": str(tmp_path),
            "CONTRACT_EDITORS": str(ROOT / "editors"),
            "CONTRACT_FILE": str(tmp_path / "acme" / "acme.contract"),
        },
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "all good" in run.stdout + run.stderr, run.stdout + run.stderr
