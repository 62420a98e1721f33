"""A contract as sentences that a lawyer signs: numbered articles and clauses, in French or English.

In: a contract without errors and its parties. Out: text, Markdown or HTML. Every declaration is a clause;
each number, date and condition of it is in its words, so that two contracts whose terms differ never read
the same. `contract` makes the view, `layout` and templates lay it out.
"""

from pathlib import Path

from contractlang.invoicing.document import Party
from contractlang.kinds import Scope
from contractlang.rendering.languages import chosen
from contractlang.rendering.prose.contract import prose
from contractlang.syntax.loading import Document

NAMES = {"markdown": "prose.md.j2", "html": "prose.html.j2"}
"""The template that a format starts from."""


def render(
    document: Document,
    scope: Scope,
    format: str,
    language: str | None,
    fingerprint: str,
    parties: tuple[Party, ...] = (),
    notes: bool = True,
    templates: Path | None = None,
) -> str:
    """The contract in sentences in one of the formats text, markdown and html.

    `language` is that of the client where it is None. `notes` says whether the author's explanations
    stand under the clauses. `templates` is a folder whose templates take the place of ours. Raises
    ContractError (CL970 to CL974) where a template is at fault.
    """
    client = parties[1].language if len(parties) > 1 else None
    spoken = chosen(language, client)
    view = prose(document.declarations, scope, spoken, fingerprint, parties, notes)
    if format == "text":
        from contractlang.rendering.prose.layout import text

        return text(view)
    from contractlang.rendering.pages import laid_out

    return laid_out(NAMES[format], format, templates, {"prose": view})
