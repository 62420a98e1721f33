"""A contract with everything that it includes: files or a git revision in, one `Document` out.

In: the path of a contract file, or of a file in a git revision (`HEAD~1:contracts/acme/acme.contract`).
Out: a `Document` whose declarations are in the order in which a reader meets them, each `include`
replaced by what its file holds. Which files may be included is decided in
`docs/decisions/008-includes.md`: those of the project folder, each once.

Codes: CL200 no header, CL201 no such included file, CL202 outside the project, CL203 a circle of
includes, CL204 a header in an included file, CL205 an included file that cannot be read, CL206 an
amendment in an amendment, CL207 a second header, CL208 includes too deep, CL209 an include in a text
that is no file.
"""

import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from contractlang.diagnostics import ContractError, Diagnostic, Label, error, has_errors, in_order
from contractlang.frozen import dataclass, replace
from contractlang.syntax import tree
from contractlang.syntax.files import OutsideError, ProjectFolder, Shelf, exists, has_drive
from contractlang.syntax.parsing import parse
from contractlang.text import Source, Span

if TYPE_CHECKING:
    from contractlang.syntax.revision import Revision

MOST_DEPTH = 50
"""How deep files may include one another; a deeper chain is a mistake, or an attack."""
BEGIN = 'begin it with `contract "…" { … }`: the parties, the term, how often it is invoiced, the currency'
"""What makes a contract of a file that has no header."""


@dataclass(frozen=True, slots=True)
class Document:
    """A contract and all that it includes.

    `name` is what messages show for the main file. Relative paths of the contract (index files) start
    at `folder`, which is None where the text came from no file; for a git revision it is the folder of
    the same name in the work tree. `diagnostics` holds all that was wrong with words and includes.
    """

    name: str
    folder: Path | None
    declarations: tuple[tree.AnyDeclaration, ...]
    sources: tuple[Source, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def header(self) -> tree.Contract | None:
        """The first `contract` declaration, or None where the file has none that could be read."""
        return next((one for one in self.declarations if isinstance(one, tree.Contract)), None)


def load_document(path: str | Path) -> Document:
    """The contract in a file, or in a file of a git revision, with all that it includes.

    Raises ContractError where the main file itself cannot be read (CL100 to CL105). Everything else
    that is wrong is in the document's diagnostics.
    """
    name = str(path)
    revision, colon, inside = name.partition(":")
    if colon and revision and not has_drive(name) and not exists(Path(path)):
        from contractlang.syntax.revision import open_revision

        opened = open_revision(revision, name)
        shelf: Shelf = opened
        key = opened.key(inside)
    else:
        shelf, key = ProjectFolder.around(Path(path))
    return _load(shelf.read(key, name), key, shelf, shelf.folder(key))


def document_as_of(path: str | Path, revision: str) -> Document:
    """The contract in a file as it stood at a git revision, with all that it included then.

    Raises ContractError where the file is in no repository (CL984), where there is no such revision
    (CL985), and as `load_document` does.
    """
    from contractlang.syntax.revision import revision_of

    return document_of(*revision_of(Path(path), revision))


def document_of(shelf: "Revision", key: str) -> Document:
    """The contract in a file of a revision; `key` is its path from the root of the repository."""
    return _load(shelf.read(key, f"{shelf.revision}:{key}"), key, shelf, shelf.folder(key))


def document_from_text(text: str, name: str = "contract") -> Document:
    """The contract in a text that belongs to no file; it cannot include files."""
    return _load(Source(name, text.removeprefix("\ufeff")), "", None, None)


def _load(source: Source, key: str, shelf: Shelf | None, folder: Path | None) -> Document:
    loader = _Loader(shelf)
    declarations = loader.declarations_of(source, key, None, ())
    found = loader.diagnostics
    headers = [one for one in declarations if isinstance(one, tree.Contract)]
    for second in headers[1:]:
        found.append(
            error(
                "CL207",
                f'this file has a second contract, "{second.title}"',
                _head(second),
                "write each contract in a file of its own",
                (Label(_head(headers[0]), "the first is here"),),
            )
        )
    # A header that could not be read has its own diagnostic: nobody forgot it.
    if not headers and not has_errors(one for one in found if one.file == source.name):
        found.append(_no_header(source, bool(declarations)))
    return Document(source.name, folder, declarations, tuple(loader.sources), in_order(found))


def _no_header(source: Source, has_declarations: bool) -> Diagnostic:
    what, cure = "this file is empty", BEGIN
    if has_declarations:
        what = "this file has declarations and no contract header: it is there to be included"
        cure = f"name a contract that includes it; or {BEGIN}"
    return error("CL200", what, Span(source, 0, min(1, len(source.text))), cure)


def _head(declaration: tree.AnyDeclaration) -> Span:
    """The first line of a declaration, so that one line is underlined."""
    span = declaration.span
    line_end = span.source.text.find("\n", span.start, span.end)
    return Span(span.source, span.start, line_end if line_end >= 0 else span.end)


class _Loader:
    """Follows includes from file to file, depth first, and collects what is wrong."""

    def __init__(self, shelf: Shelf | None) -> None:
        self.shelf = shelf
        self.sources: list[Source] = []
        self.diagnostics: list[Diagnostic] = []
        self._parsed: dict[str, tuple[Source, tuple[tree.AnyDeclaration, ...]]] = {}

    def declarations_of(
        self, source: Source, key: str, held: set[str] | None, way: tuple[tuple[str, str], ...]
    ) -> tuple[tree.AnyDeclaration, ...]:
        """The declarations of a source with its includes replaced.

        `held` are the keys of the files that this scope (the contract, or one amendment) already
        holds; `way` are the files, key and name, from the main one to the including one.
        """
        if key not in self._parsed:
            read = parse(source)
            self.sources.append(source)
            self.diagnostics.extend(read.diagnostics)
            self._parsed[key] = source, read.declarations
        held = {key} if held is None else held
        way = (*way, (key, source.name))
        return self._expanded(self._parsed[key][1], held, way, in_amendment=False)

    def _expanded(
        self,
        declarations: Sequence[tree.AnyDeclaration],
        held: set[str],
        way: tuple[tuple[str, str], ...],
        in_amendment: bool,
    ) -> tuple[tree.AnyDeclaration, ...]:
        found: list[tree.AnyDeclaration] = []
        for one in declarations:
            if isinstance(one, tree.Include):
                found.extend(self._included(one, held, way, in_amendment))
            elif isinstance(one, tree.Amendment):
                # What an amendment includes replaces terms from its day on, so that the same file may
                # also stand in the contract: each amendment is a scope of its own.
                scope = {key for key, _ in way}
                found.append(replace(one, items=self._expanded(one.items, scope, way, in_amendment=True)))
            else:
                found.append(one)
        return tuple(found)

    def _included(
        self, include: tree.Include, held: set[str], way: tuple[tuple[str, str], ...], in_amendment: bool
    ) -> Sequence[tree.AnyDeclaration]:
        key = self._key(include, way)
        if key is None or self.shelf is None:
            return ()
        keys = [one for one, _ in way]
        if key in keys:
            self._say_circle(include, key, way)
            return ()
        if key in held:
            return ()
        if len(way) > MOST_DEPTH:
            self._say(include, "CL208", f"files include one another more than {MOST_DEPTH} deep here",
                      "include the files that are needed directly")  # fmt: skip
            return ()
        source = self._source(include, key, way)
        if source is None:
            return ()
        held.add(key)
        return self._fitting(self.declarations_of(source, key, held, way), include, in_amendment)

    def _key(self, include: tree.Include, way: tuple[tuple[str, str], ...]) -> str | None:
        path = include.path
        if self.shelf is None:
            self._say(include, "CL209", "a text that is not a file cannot include files",
                      "save it as a file, or put the declarations here")  # fmt: skip
            return None
        if not path.strip():
            self._say(include, "CL201", "this includes no file", 'write `include "units.contract"`')
            return None
        if "\\" in path:
            self._say(include, "CL202", "folders are separated by `/`, on every system",
                      f'write `include "{path.replace(chr(92), "/")}"`')  # fmt: skip
            return None
        if path.startswith(("/", "~")) or has_drive(path):
            self._say(include, "CL202", f'"{path}" is not relative to this file',
                      "write the path from this file's folder")  # fmt: skip
            return None
        try:
            return self.shelf.locate(path, way[-1][0])
        except OutsideError as fault:
            self._say(include, "CL202", f'"{path}" leads out of the project',
                      f"only files of the project can be included; {fault}")  # fmt: skip
            return None

    def _source(self, include: tree.Include, key: str, way: tuple[tuple[str, str], ...]) -> Source | None:
        if key in self._parsed:
            return self._parsed[key][0]
        assert self.shelf is not None, "without files nothing is located"
        name = _beside(way[-1][1], include.path)
        try:
            return self.shelf.read(key, name)
        except ContractError as fault:
            for one in fault.diagnostics:
                code = "CL201" if one.code == "CL100" else "CL205"
                self._say(include, code, one.message, one.help)
            return None

    def _fitting(
        self, declarations: Sequence[tree.AnyDeclaration], include: tree.Include, in_amendment: bool
    ) -> Sequence[tree.AnyDeclaration]:
        """What of an included file may stand where it is included."""
        fitting = []
        for one in declarations:
            if isinstance(one, tree.Contract):
                self.diagnostics.append(
                    error(
                        "CL204",
                        f'"{include.path}" is a contract of its own, and cannot be included',
                        include.span,
                        "include files of shared units, windows, rates and lines",
                        (Label(_head(one), "its header is here"),),
                    )
                )
            elif in_amendment and isinstance(one, tree.Amendment):
                self.diagnostics.append(
                    error(
                        "CL206",
                        f'an amendment cannot hold another one, and "{include.path}" holds "{one.label}"',
                        include.span,
                        "include it outside the amendment",
                        (Label(_head(one), "it begins here"),),
                    )
                )
            else:
                fitting.append(one)
        return fitting

    def _say_circle(self, include: tree.Include, key: str, way: tuple[tuple[str, str], ...]) -> None:
        first = next(index for index, (one, _) in enumerate(way) if one == key)
        names = [name for _, name in way[first:]]
        if len(names) == 1:
            self._say(include, "CL203", "this file includes itself", "take this line out")
            return
        circle = " includes ".join(f'"{name}"' for name in [*names, names[0]])
        self._say(include, "CL203", f"these files include one another in a circle: {circle}",
                  "put what both need into a third file")  # fmt: skip

    def _say(self, include: tree.Include, code: str, message: str, help: str) -> None:
        self.diagnostics.append(error(code, message, include.span, help))


def _beside(including: str, path: str) -> str:
    """What a user would type for a file included from the file that is shown as `including`."""
    revision, colon, inside = including.partition(":")
    if colon and not has_drive(including):
        return f"{revision}:{posixpath.normpath(posixpath.join(posixpath.dirname(inside), path))}"
    return posixpath.normpath(posixpath.join(posixpath.dirname(including.replace("\\", "/")), path))
