"""Whatever an author writes, checking answers: with a contract or with what is wrong, never a traceback."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from contractlang.checking import check
from contractlang.diagnostics import has_errors
from contractlang.reporting.text import diagnostic_text
from contractlang.syntax.loading import document_from_text

CONTRACTS = sorted((Path(__file__).parents[1] / "unit" / "checking" / "contracts").glob("*.contract"))
TOKEN = re.compile(r'"[^"\n]*"|\d[\d.:_-]*|\w+|\s+|.')
TEXTS = [TOKEN.findall(path.read_text(encoding="utf-8")) for path in CONTRACTS]
WORDS = sorted({token for tokens in TEXTS for token in tokens if token.strip()})


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A whole contract of which a few words are others, missing, or exchanged."""
    tokens = list(draw(st.sampled_from(TEXTS)))
    for _ in range(draw(st.integers(1, 3))):
        places = [index for index, token in enumerate(tokens) if token.strip()]
        place, other = draw(st.sampled_from(places)), draw(st.sampled_from(places))
        match draw(st.sampled_from(("word", "name", "delete", "exchange"))):
            case "word":
                tokens[place] = draw(st.sampled_from(WORDS))
            case "name":
                tokens[place] = tokens[other]
            case "delete":
                del tokens[place]
            case _:
                tokens[place], tokens[other] = tokens[other], tokens[place]
    return "".join(tokens)


@settings(deadline=None)
@given(damaged())
def test_checking_answers(text: str) -> None:
    contract, found = check(document_from_text(text))
    assert (contract is None) == has_errors(found)
    for one in found:
        assert one.message
        assert diagnostic_text(one)
