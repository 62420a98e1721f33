"""What is known of a contract as it stands in an editor, broken or not.

In: the text of a contract, the files around it, and the texts that are open in the editor. Out: an
`Analysis`, whose diagnostics are those of `contractlang check`. Its parts are made when first asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from contractlang.api import LoadedContract
from contractlang.checking.survey import Survey, survey
from contractlang.diagnostics import ContractError, Diagnostic
from contractlang.kinds import Scope
from contractlang.language_server.rechecking import Rechecking
from contractlang.syntax import tree
from contractlang.syntax.files import ProjectFolder, Shelf
from contractlang.syntax.loading import Document, document_from_text
from contractlang.syntax.loading import _load as load_from
from contractlang.syntax.tokens import Token, read_tokens
from contractlang.text import Source


@dataclass(frozen=True, slots=True)
class OpenFiles:
    """The files of a project, those that are open in the editor as they stand there.

    `texts` are keyed by real path, as a project's files are.
    """

    project: ProjectFolder
    texts: Mapping[str, str] = field(default_factory=dict)

    def folder(self, key: str) -> Path | None:
        """The folder of a file."""
        return self.project.folder(key)

    def locate(self, path: str, including: str) -> str:
        """The key of an included file; raises OutsideError."""
        return self.project.locate(path, including)

    def read(self, key: str, name: str) -> Source:
        """The text of a file, as the editor has it or as it was saved; raises ContractError."""
        text = self.texts.get(key)
        return self.project.read(key, name) if text is None else Source(name, text.removeprefix("\ufeff"))


class Analysis:
    """A contract as it stands in the editor. `source` is its text without a byte order mark."""

    def __init__(
        self, source: Source, read: Callable[[], Document], rechecking: Rechecking | None = None
    ) -> None:
        self.source = source
        self._read = read
        self._rechecking = rechecking

    @cached_property
    def document(self) -> Document:
        """The tree of the text and of all that it includes."""
        return self._read()

    @cached_property
    def contract(self) -> LoadedContract:
        """The contract as the Python interface has it."""
        return LoadedContract(self.document)

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that `contractlang check` says, in its order."""
        if self._rechecking is None:
            return self.contract.check()
        return self._rechecking.diagnostics(self.source, lambda: self.contract)

    @cached_property
    def survey(self) -> Survey:
        """The expressions and names of what could be read."""
        return survey(self.document)

    @property
    def scope(self) -> Scope:
        """The names of what could be read."""
        return self.survey.scope

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words and signs of the text itself, includes left out."""
        return read_tokens(self.source)[0]

    @property
    def declarations(self) -> tuple[tree.AnyDeclaration, ...]:
        """The declarations of the text itself, includes left out."""
        return tuple(one for one in self.document.declarations if one.span.source == self.source)

    def token_at(self, offset: int) -> Token | None:
        """The token that holds a place or ends at it."""
        found = None
        for token in self.tokens:
            if token.start <= offset <= token.end:
                found = token
            elif token.start > offset:
                break
        return found


def analyse(
    text: str,
    path: Path | None = None,
    texts: Mapping[str, str] | None = None,
    rechecking: Rechecking | None = None,
) -> Analysis:
    """The analysis of a text, of a file or of none.

    `texts` are open files by real path; `rechecking` knows what was wrong with the text before an edit.
    """
    if path is None:
        nameless = Source("contract", text.removeprefix("\ufeff"))
        return Analysis(nameless, lambda: document_from_text(nameless.text, nameless.name), rechecking)
    project, key = ProjectFolder.around(path)
    shelf: Shelf = OpenFiles(project, {**(texts or {}), key: text})
    source = shelf.read(key, str(path))
    return Analysis(source, lambda: load_from(source, key, shelf, shelf.folder(key)), rechecking)


def analyse_file(path: Path, texts: Mapping[str, str] | None = None) -> Analysis | None:
    """The analysis of a file that is not open; None where it cannot be read."""
    try:
        source = ProjectFolder.around(path)[0].read(str(path.resolve()), str(path))
    except (ContractError, OSError):
        return None
    return analyse(source.text, path, texts)
