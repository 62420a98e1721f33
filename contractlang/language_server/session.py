"""The open contracts of one editor, each with its last analysis, and what is published of them.

In: texts as they are typed. Out: diagnostics, when typing pauses, and places in the editor's own counting.
"""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from contractlang.language_server import hints, translating
from contractlang.language_server.analysis import Analysis, analyse
from contractlang.language_server.positions import Encoding, Places
from contractlang.language_server.rechecking import Rechecking
from contractlang.text import Span

_LONGEST_WAIT = 1.0


class ContractServer(LanguageServer):
    """The open contracts, each with its last analysis. `today` says which day it is."""

    def __init__(self, version: str, today: Callable[[], date]) -> None:
        super().__init__("contractlang", version, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.today = today
        self.texts: dict[str, str] = {}
        self.analyses: dict[str, Analysis] = {}
        self.rechecking: dict[str, Rechecking] = {}
        self.amounts: dict[str, tuple[object, hints.Amounts | None]] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._cost: dict[str, float] = {}

    # ---- texts and analyses

    @property
    def encoding(self) -> Encoding:
        """The encoding in which the editor counts characters."""
        chosen = self.workspace.position_encoding
        return "utf-8" if chosen == "utf-8" else "utf-32" if chosen == "utf-32" else "utf-16"

    def open_files(self) -> dict[str, str]:
        """The open texts by real path, for what includes them."""
        return {str(path.resolve()): text for uri, text in self.texts.items() if (path := file_of(uri))}

    def analysis(self, uri: str) -> Analysis | None:
        """What is known of an open text; None of one that is not open."""
        if uri not in self.texts:
            return None
        if uri not in self.analyses:
            started = perf_counter()
            known = self.rechecking.setdefault(uri, Rechecking())
            self.analyses[uri] = analyse(self.texts[uri], file_of(uri), self.open_files(), known)
            self._cost[uri] = perf_counter() - started
        return self.analyses[uri]

    def places(self, uri: str) -> Places:
        """The lines of an open text."""
        return Places(self.texts.get(uri, ""), self.encoding)

    def changed(self, uri: str, text: str) -> None:
        """Take a new text, and publish what is wrong with it when typing pauses."""
        self.texts[uri] = text
        # What includes the text may be wrong, or right, now.
        self.analyses.clear()
        if uri in self._waiting:
            self._waiting.pop(uri).cancel()
        pause = min(_LONGEST_WAIT, self._cost.get(uri, 0.0))
        self._waiting[uri] = asyncio.get_running_loop().call_later(pause, self.publish, uri)

    def closed(self, uri: str) -> None:
        """Forget a text."""
        self.texts.pop(uri, None)
        self.rechecking.pop(uri, None)
        self.analyses.clear()
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri=uri, diagnostics=[]))

    def publish(self, uri: str) -> None:
        """Say what is wrong with an open text."""
        self._waiting.pop(uri, None)
        started = perf_counter()
        analysis = self.analysis(uri)
        if analysis is not None:
            found = translating.diagnostics(analysis, uri, self.places(uri), self.span_location)
            self._cost[uri] = perf_counter() - started
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri=uri, diagnostics=found))

    # ---- places

    def range_of(self, places: Places, start: int, end: int) -> lsp.Range:
        """Two offsets as the editor's range."""
        return translating.range_of(places, start, end)

    def span_location(self, span: Span) -> lsp.Location:
        """A span of any file of the contract as the editor's place."""
        path = Path(span.source.name)
        uri = next((one for one in self.texts if file_of(one) == path), None) or from_fs_path(
            str(path.absolute())
        )
        text = self.texts.get(uri or "", span.source.text)
        return lsp.Location(uri or "", self.range_of(Places(text, self.encoding), span.start, span.end))

    def edit_of(self, edits: tuple[tuple[Span, str], ...], uri: str) -> lsp.WorkspaceEdit:
        """Changes of spans as the editor's changes; spans of a text without a file are those of `uri`."""
        changes: dict[str, list[lsp.TextEdit]] = {}
        for span, new in edits:
            analysis = self.analysis(uri)
            if analysis is not None and span.source == analysis.source:
                where = lsp.Location(uri, self.range_of(self.places(uri), span.start, span.end))
            else:
                where = self.span_location(span)
            changes.setdefault(where.uri, []).append(lsp.TextEdit(where.range, new))
        return lsp.WorkspaceEdit(changes=changes)


def file_of(uri: str) -> Path | None:
    """The file of an address; None of a text that was never saved."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(path) if path else None
