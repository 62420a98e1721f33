"""What is wrong with a text after each edit, without checking again what the edit cannot have touched.

In: the texts of one open contract, one after the other. Out: for each, the diagnostics of a fresh check. A
text is taken as pieces, one for each declaration. After an edit the piece around it is read anew, and is
checked with all that hangs together with it by names, as a small contract of its own; what was found in
the other pieces is moved to where they stand now. Units, tables, windows, indices and phases are only what
others are measured in: a name of theirs does not tie two pieces together, but an edit of one of them, or
of the header, is followed by a full check. So is every edit of which this cannot be shown to be the same:
names that are new or gone, names that nobody declares, words that cannot be read, amendments, includes.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from contractlang.api import LoadedContract
from contractlang.checking import check
from contractlang.diagnostics import Diagnostic, Label, has_errors, in_order
from contractlang.frozen import replace
from contractlang.syntax import tree
from contractlang.syntax.loading import Document, document_from_text
from contractlang.syntax.parsing import parse
from contractlang.text import Source, Span

_NO_WORDS = re.compile(r'"(?:[^"\\\n]|\\["\\])*"|#[^\n]*')
_WORD = re.compile(r"[^\W\d]\w*")
# A line number in a message is one of the whole text.
_LINE_NUMBER = re.compile(r"\bline \d")
_NEAREST = "the nearest is"
_TIED = (tree.Measure, tree.Price, tree.Line, tree.Phase, tree.Test, tree.Invariant)
_PLAIN = (*_TIED, tree.Unit, tree.Usage, tree.Window, tree.Index)
_NONE: frozenset["_Piece"] = frozenset()
_MOST = 0.5
"""The part of a text from which on a full check is as good."""


class _Piece:
    """One declaration with the characters up to the next one, and what was found there.

    `names` tie it to the pieces that have them among their words; `shared` are those that do not. `skeleton`
    is a phase by its name, and with its ways out; `leads_to` are the phases that may come next.
    """

    __slots__ = ("found", "kind", "leads_to", "names", "shape", "shared", "skeleton", "text", "words")

    def __init__(self, node: tree.AnyDeclaration, text: str, start: int) -> None:
        self.text = text
        self.kind = type(node)
        self.words = frozenset(_WORD.findall(_NO_WORDS.sub(" ", text)))
        names, shared = _declared(node)
        self.names, self.shared = frozenset(names), frozenset(shared)
        self.shape = (self.kind, tuple(names), tuple(shared))
        phase = node if isinstance(node, tree.Phase) else None
        self.skeleton = _skeletons(phase, text, start) if phase else ()
        self.leads_to = frozenset(way.to.text for way in phase.transitions) if phase else frozenset()
        self.found: tuple[_Found, ...] = ()


class _Found:
    """A diagnostic with its places as offsets in pieces."""

    __slots__ = ("diagnostic", "end", "related", "start")

    def __init__(
        self, diagnostic: Diagnostic, start: int, end: int, related: tuple[tuple[_Piece, int, int], ...]
    ) -> None:
        self.diagnostic, self.start, self.end, self.related = diagnostic, start, end, related


_Index = dict[str, set[_Piece]]


class Rechecking:
    """The diagnostics of a text that is edited; one for each open contract."""

    def __init__(self) -> None:
        self._source = Source("", "")
        self._pieces: list[_Piece] = []
        self._starts: list[int] = []
        self._naming: _Index = {}
        self._sharing: _Index = {}
        self._mentioning: _Index = {}
        self.full_checks = 0

    def diagnostics(self, source: Source, load: Callable[[], LoadedContract]) -> tuple[Diagnostic, ...]:
        """All that a check of the text says, in order; `load` reads it, for a full check."""
        found = self._after_edit(source) if self._pieces and source.name == self._source.name else None
        if found is None:
            self.full_checks += 1
            contract = load()
            found = contract.check()
            self._take(source, contract.document, found)
        return found

    # ---- a full check

    def _take(self, source: Source, document: Document, found: tuple[Diagnostic, ...]) -> None:
        """Keep what was found by pieces, where all of it lies in pieces that can be told apart."""
        self._source, self._pieces, self._starts = source, [], []
        self._naming, self._sharing, self._mentioning = {}, {}, {}
        nodes = document.declarations
        if (
            has_errors(document.diagnostics)
            or len(document.sources) != 1
            or not nodes
            or not _is_whole(nodes[0])
            or not all(isinstance(one, _PLAIN) for one in nodes[1:])
        ):
            return
        starts = [0, *(one.span.start for one in nodes[1:])]
        ends = [*starts[1:], len(source.text)]
        pieces = [
            _Piece(node, source.text[start:end], start)
            for node, start, end in zip(nodes, starts, ends, strict=True)
        ]
        by_piece: dict[_Piece, list[_Found]] = {}
        for one in found:
            placed = _placed(one, pieces, starts)
            if placed is None:
                return
            by_piece.setdefault(placed[0], []).append(placed[1])
        for piece, those in by_piece.items():
            piece.found = tuple(those)
        self._pieces, self._starts = pieces, starts
        for piece in pieces:
            self._tie(piece)

    def _tie(self, piece: _Piece) -> None:
        for index, words in self._entries(piece):
            for word in words:
                index.setdefault(word, set()).add(piece)

    def _untie(self, piece: _Piece) -> None:
        for index, words in self._entries(piece):
            for word in words:
                index[word].discard(piece)

    def _entries(self, piece: _Piece) -> "tuple[tuple[_Index, frozenset[str]], ...]":
        return (
            (self._naming, piece.names),
            (self._sharing, piece.shared),
            (self._mentioning, piece.words),
        )

    # ---- an edit

    def _after_edit(self, source: Source) -> tuple[Diagnostic, ...] | None:
        """What is found after an edit; None where a full check has to say it."""
        if source.text != self._source.text:
            changed = self._changed(source.text)
            if changed is None:
                return None
            first, last, new = changed
            old = self._pieces[first:last]
            if not _are_alike(old, new) or self._shared_words(old) != self._shared_words(new):
                return None
            for piece in old:
                self._untie(piece)
            self._pieces[first:last] = new
            for piece in new:
                self._tie(piece)
            # From here on a None leaves nothing behind: the full check that follows begins anew.
            self._starts = []
            at = 0
            for piece in self._pieces:
                self._starts.append(at)
                at += len(piece.text)
            if not self._check(old, new):
                return None
        self._source = source
        return in_order(self._all(source))

    def _changed(self, text: str) -> tuple[int, int, list[_Piece]] | None:
        """Which pieces an edit changes, from the first to before the last, and those in their place."""
        before = self._source.text
        head = _common(before, text)
        tail = _common_end(before, text, min(len(before), len(text)) - head)
        first = bisect_right(self._starts, max(0, head - 1)) - 1
        last = bisect_right(self._starts, len(before) - tail)
        if first == 0:
            return None
        start = self._starts[first]
        end = (self._starts[last] if last < len(self._starts) else len(before)) + len(text) - len(before)
        around = self._pieces[first - 1].text
        following = self._pieces[last].text if last < len(self._pieces) else ""
        read = parse(Source("", around + text[start:end] + following))
        if read.diagnostics:
            return None
        inside, outside = len(around), len(around) + end - start
        starts = [one.span.start for one in read.declarations]
        middle = [one for one in read.declarations if inside <= one.span.start < outside]
        # The pieces before and after are read as they were, each as one declaration at its place.
        if len(middle) + 1 + bool(following) != len(starts) or not middle or middle[0].span.start != inside:
            return None
        if following and starts[-1] != outside:
            return None
        ends = [*(one.span.start for one in middle[1:]), outside]
        new = []
        for node, stop in zip(middle, ends, strict=True):
            begin = node.span.start
            new.append(_Piece(node, text[start + begin - inside : start + stop - inside], begin))
        return first, last, new

    def _shared_words(self, pieces: list[_Piece]) -> set[str]:
        """The words of pieces that name what is shared: whether it is used may depend on them."""
        words = {word for piece in pieces for word in piece.words}
        return {word for word in words if self._sharing.get(word)}

    def _check(self, old: list[_Piece], new: list[_Piece]) -> bool:
        """Check what hangs together with the new pieces; False where that is not the whole answer."""
        tied = self._tied(old, new)
        if tied is None:
            return False
        gone = set(old)
        parts = self._shown(tied)
        starts, at = [], 0
        for _, text in parts:
            starts.append(at)
            at += len(text)
        document = document_from_text("".join(text for _, text in parts))
        if document.diagnostics or [one.span.start for one in document.declarations[1:]] != starts[1:]:
            return False
        by_piece: dict[_Piece, list[_Found]] = {piece: [] for piece in tied}
        for one in check(document)[1]:
            placed = _placed(one, [piece for piece, _ in parts], starts)
            if placed is None:
                return False
            piece, found = placed
            if piece not in tied:
                continue  # What stands around is there to be read, and was checked with its own.
            if one.code.startswith("CL2") or _NEAREST in one.help or _NEAREST in one.message:
                return False  # Which name is the nearest, all names decide.
            if one.code == "CL510":
                return False  # A phase that nothing leads to is not spoken of where a way is misspelt.
            if any(other.skeleton and other not in tied for other, _, _ in found.related):
                return False
            by_piece[piece].append(found)
        for piece, those in by_piece.items():
            piece.found = tuple(those)
        return not any(
            other in gone for piece in self._pieces for found in piece.found for other, _, _ in found.related
        )

    def _tied(self, old: list[_Piece], new: list[_Piece]) -> set[_Piece] | None:
        """The new pieces and all that hangs together with them; None where that is most of the text."""
        tied = set(new)
        waiting: list[_Piece] = [*old, *new]
        size = 0
        while waiting:
            piece = waiting.pop()
            near: set[_Piece] = set()
            for name in piece.names:
                near |= self._mentioning.get(name, _NONE) | self._naming.get(name, _NONE)
            for word in piece.words:
                near |= self._naming.get(word, _NONE)
            for other in near - tied:
                tied.add(other)
                waiting.append(other)
                size += len(other.text)
            if size > _MOST * len(self._source.text):
                return None
        return tied

    def _shown(self, tied: set[_Piece]) -> list[tuple[_Piece, str]]:
        """The pieces of the small contract with what is shown of each.

        That is what is tied, and of the rest what gives it its words. When a phase can begin is decided by
        the phases that lead to it, of which the ways out are there; of other phases only the name is.
        """
        before: set[_Piece] = set()
        waiting = [piece for piece in tied if piece.skeleton]
        while waiting:
            for name in waiting.pop().shared:
                for one in self._mentioning.get(name, _NONE):
                    if name in one.leads_to and one not in before:
                        before.add(one)
                        waiting.append(one)
        shown: set[_Piece] = set()
        waiting = [self._pieces[0], *tied, *before]
        waiting.extend(next(([piece] for piece in self._pieces if piece.skeleton), []))
        while waiting:
            piece = waiting.pop()
            if piece in shown:
                continue
            shown.add(piece)
            whole = piece in tied or not piece.skeleton
            for word in piece.words if whole else piece.leads_to if piece in before else ():
                waiting.extend(self._sharing.get(word, _NONE))
        return [
            (piece, piece.text if piece in tied or not piece.skeleton else piece.skeleton[piece in before])
            for piece in self._pieces
            if piece in shown or piece.kind is tree.Unit
        ]

    def _all(self, source: Source) -> Iterator[Diagnostic]:
        """All that was found, at the places of a text."""
        start_of = dict(zip(self._pieces, self._starts, strict=True))
        for piece, start in zip(self._pieces, self._starts, strict=True):
            for one in piece.found:
                related = tuple(
                    Label(Span(source, start_of[other] + begin, start_of[other] + end), label.message)
                    for label, (other, begin, end) in zip(one.diagnostic.related, one.related, strict=True)
                )
                span = Span(source, start + one.start, start + one.end)
                yield replace(one.diagnostic, span=span, related=related)


def _is_whole(node: tree.AnyDeclaration) -> bool:
    """Whether a declaration is a header of which no clause is missing, for which the lines would matter."""
    clauses = ("provider", "client", "term", "invoiced", "currency", "timezone", "vat")
    return isinstance(node, tree.Contract) and all(getattr(node, one) is not None for one in clauses)


def _declared(node: tree.AnyDeclaration) -> tuple[list[str], list[str]]:
    """The names that a declaration gives: those that tie, and those that do not."""
    names: list[str] = []
    shared: list[str] = []
    if isinstance(node, tree.Unit):
        shared = [node.name.text, node.plural.text if node.plural else f"{node.name.text}s"]
    elif isinstance(node, (tree.Usage, tree.Window, tree.Index)):
        shared = [node.name.text]
    elif isinstance(node, tree.Phase):
        shared = [node.name.text]
        for line in node.lines:
            names += _of_line(line)
    elif isinstance(node, (tree.Measure, tree.Price)):
        names = [node.name.text]
    elif isinstance(node, tree.Line):
        names = _of_line(node)
    return names, shared


def _of_line(line: tree.Line) -> list[str]:
    return [line.name.text, *(part.name.text for part in line.parts if part.name is not None)]


def _skeletons(phase: tree.Phase, text: str, start: int) -> tuple[str, str]:
    """A phase by its name alone; and with its ways out, which say when they act at the earliest, no more."""
    ways = []
    for way in phase.transitions:
        said = text[way.span.start - start : way.span.end - start]
        if way.when is not None:
            begin, end = way.when.span.start - way.span.start, way.when.span.end - way.span.start
            said = f"{said[:begin]}yes{said[end:]}"
        ways.append(f"{said}\n")
    return f"phase {phase.name} {{\n}}\n", f"phase {phase.name} {{\n{''.join(ways)}}}\n"


def _are_alike(old: Iterable[_Piece], new: Iterable[_Piece]) -> bool:
    """Whether pieces declare the same names in the same order, and phases lead on alike."""
    before, after = list(old), list(new)
    return (
        all(issubclass(piece.kind, _TIED) for piece in (*before, *after))
        and [piece.shape for piece in before] == [piece.shape for piece in after]
        and [piece.skeleton for piece in before] == [piece.skeleton for piece in after]
    )


def _placed(one: Diagnostic, pieces: list[_Piece], starts: list[int]) -> tuple[_Piece, _Found] | None:
    """The piece that a diagnostic is about, and the diagnostic there; None where it is about no one piece."""
    if _LINE_NUMBER.search(one.message) or _LINE_NUMBER.search(one.help):
        return None
    places: list[tuple[_Piece, int, int]] = []
    for span in (one.span, *(label.span for label in one.related)):
        if not isinstance(span, Span):
            return None
        at = bisect_right(starts, span.start) - 1
        end = starts[at + 1] if at + 1 < len(starts) else len(span.source.text)
        if span.end > end:
            return None
        places.append((pieces[at], span.start - starts[at], span.end - starts[at]))
    piece, start, end = places[0]
    return piece, _Found(one, start, end, tuple(places[1:]))


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at the start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(one: str, other: str, most: int) -> int:
    """How many characters two texts have in common at the end, at most `most`."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
