"""Invoices in the formats of the command line: text, Markdown, HTML, JSON, and one row a line.

In: `Invoice`. Out: one string, which ends with a line end. Each format has a module of its own, which
is imported where that format is asked for: JSON needs neither Babel nor Jinja.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from contractlang.invoicing.document import Invoice

Format: TypeAlias = Literal["text", "markdown", "html", "json", "lines"]
FORMATS: tuple[Format, ...] = ("text", "markdown", "html", "json", "lines")
"""The formats of an invoice; the first is the one of a terminal."""


def render(invoice: Invoice, format: str, language: str | None = None, templates: Path | None = None) -> str:
    """An invoice, or credit note, in one of `FORMATS`.

    `language` is `en` or `fr`; by default the client's, else English. `templates` is a folder whose
    templates take the place of ours with the same names; it serves for HTML and Markdown. Raises
    ContractError (CL970 to CL974) for a template that is at fault.
    """
    if format == "json":
        from contractlang.rendering import json

        return json.invoice_text(invoice)
    if format == "lines":
        from contractlang.rendering import lines

        return lines.invoice_lines(invoice)
    return _document((invoice,), format, language, templates)


def render_all(
    invoices: Sequence[Invoice], format: str, language: str | None = None, templates: Path | None = None
) -> str:
    """Several invoices as one result: a JSON list, one HTML page with a new sheet for each, or one by one.

    The arguments and errors are those of `render`.
    """
    if format == "json":
        from contractlang.rendering import json

        return json.invoices_text(tuple(invoices))
    if format == "lines":
        return "\n".join(render(invoice, format) for invoice in invoices)
    return _document(tuple(invoices), format, language, templates)


def _document(invoices: tuple[Invoice, ...], format: str, asked: str | None, templates: Path | None) -> str:
    from contractlang.rendering.languages import chosen
    from contractlang.rendering.view import view

    assert format in FORMATS, f"{format!r} is not a format of invoices"
    languages = [chosen(asked, invoice.client.language) for invoice in invoices]
    views = [view(invoice, language) for invoice, language in zip(invoices, languages, strict=True)]
    if format == "text":
        from contractlang.rendering import plain

        pages = [plain.text(one, language) for one, language in zip(views, languages, strict=True)]
        return "\n\n".join(pages) if pages else ""
    from contractlang.rendering import pages as laid_out

    return laid_out.document(views, languages, format, templates)
