"""Invoices laid out by templates: HTML pages to print, and Markdown.

In: `InvoiceView`s. Out: text. A template runs in a sandbox: it sees the view and the words of the
language, nothing of Python, and its loops over ranges and its output are bounded.
"""

from collections.abc import Sequence
from pathlib import Path

from contractlang.rendering.languages import Language
from contractlang.rendering.view import InvoiceView


def document(
    views: Sequence[InvoiceView], languages: Sequence[Language], format: str, templates: Path | None
) -> str:
    """The invoices as one document of a format that templates lay out."""
    raise NotImplementedError
