"""Whole documents, as they are read: `pytest --rewrite-specs` writes them anew, and the diff is read."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sample

from contractlang.rendering import explanation, graph, invoice
from contractlang.syntax.loading import load_document

GOLDEN = Path(__file__).parent / "golden"


class Loaded:
    """What `graph` draws, without the rest of the interface."""

    document = load_document(Path(__file__).parent / "acme.contract")


DOCUMENTS: dict[str, Callable[[], str]] = {
    "july.en.txt": lambda: invoice.render(sample.july(), "text", "en"),
    "july.fr.txt": lambda: invoice.render(sample.july(), "text", "fr"),
    "july.en.md": lambda: invoice.render(sample.july(), "markdown", "en"),
    "credit_note.fr.html": lambda: invoice.render(sample.credit_note(), "html", "fr"),
    "answering.en.txt": lambda: explanation.render(sample.july(), "answering", "text", "en"),
    "answering.fr.md": lambda: explanation.render(sample.july(), "answering", "markdown", "fr"),
    "acme.mermaid": lambda: graph.render(Loaded(), "mermaid"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_is_the_one_that_was_read(name: str, request: pytest.FixtureRequest) -> None:
    written = DOCUMENTS[name]()
    if name.endswith(".html"):
        # The style is one file of its own, which this one need not repeat.
        head, _, rest = written.partition("<style>")
        written = head + rest.partition("</style>")[2]
    if request.config.getoption("--rewrite-specs"):
        (GOLDEN / name).write_text(written, encoding="utf-8")
    assert written == (GOLDEN / name).read_text(encoding="utf-8")
