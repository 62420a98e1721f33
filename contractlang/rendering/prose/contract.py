"""A whole contract as numbered articles and clauses.

In: declarations with their scope. Out: `ProseView`. A first pass gives each clause its number, a second
writes the words, so that any clause may name any other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from contractlang.invoicing.document import Party
from contractlang.kinds import Scope
from contractlang.rendering.languages import Language
from contractlang.rendering.prose import figures, header, lines, phases, scenarios
from contractlang.rendering.prose.expressions import Expressions
from contractlang.rendering.prose.phrasing import Phrasing
from contractlang.rendering.prose.view import ProseArticle, ProseBlock, ProseClause, ProseView
from contractlang.syntax import tree

_Blocks = tuple[ProseBlock, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A clause before it has words: whose name it defines, its title, and what writes it."""

    title: Callable[[Phrasing], str]
    blocks: Callable[[Expressions], _Blocks]
    name: str | None = None
    note: str = ""
    node: tree.Node | None = None


@dataclass(frozen=True, slots=True)
class _Section:
    """An article before it has words; `name` is that of a phase."""

    title: Callable[[Phrasing], str]
    entries: list[_Entry] = field(default_factory=list)
    name: str | None = None


_BLOCKS: dict[type, Callable[..., _Blocks]] = {
    tree.Unit: figures.unit,
    tree.Usage: figures.usage,
    tree.Window: figures.window_of_time,
    tree.Index: figures.index,
    tree.Measure: figures.measure,
    tree.Price: figures.price,
    tree.Line: lines.line,
    tree.Transition: phases.transition,
    tree.Remove: phases.removed,
    tree.Invariant: scenarios.invariant,
    tree.Test: scenarios.example,
}


def prose(
    declarations: Sequence[tree.AnyDeclaration],
    scope: Scope,
    language: Language,
    fingerprint: str,
    parties: tuple[Party, ...] = (),
    notes: bool = True,
) -> ProseView:
    """The contract in sentences; `notes` says whether the author's explanations stand under the clauses."""
    plain = Expressions(Phrasing(language, scope, {}))
    told = scope.contract or tree.Contract("")
    sections = [one for one in _sections(declarations, told, parties, plain) if one.entries]
    numbers: dict[str, str] = {}
    places: dict[int, str] = {}
    for at, section in enumerate(sections, 1):
        if section.name is not None:
            numbers.setdefault(section.name, str(at))
        for within, entry in enumerate(section.entries, 1):
            if entry.name is not None:
                numbers.setdefault(entry.name, f"{at}.{within}")
            if entry.node is not None:
                places[id(entry.node)] = f"{at}.{within}"
    write = Expressions(Phrasing(language, scope, numbers, places))
    articles = tuple(
        ProseArticle(
            str(at),
            write.phrasing.tidy(
                write.phrasing.say("heading", number=str(at), title=section.title(write.phrasing))
            ),
            tuple(
                _clause(write, entry, f"{at}.{within}", notes)
                for within, entry in enumerate(section.entries, 1)
            ),
        )
        for at, section in enumerate(sections, 1)
    )
    say = write.phrasing.say
    signed = write.phrasing.tidy(say("signed", fingerprint=fingerprint))
    note = _one_line(told.doc) if notes else ""
    return ProseView(language.code, say("annex"), told.title, articles, signed, note)


def _clause(write: Expressions, entry: _Entry, number: str, notes: bool) -> ProseClause:
    title = write.phrasing.tidy(entry.title(write.phrasing))
    note = write.phrasing.tidy(write.phrasing.say("note", note=_one_line(entry.note))) if entry.note else ""
    return ProseClause(number, title, entry.blocks(write), note if notes else "")


def _one_line(text: str) -> str:
    return " ".join(text.split())


# ---- which clauses there are


def _sections(
    declarations: Sequence[tree.AnyDeclaration],
    told: tree.Contract,
    parties: tuple[Party, ...],
    plain: Expressions,
) -> Iterator[_Section]:
    yield _Section(_said("article parties"), list(_header(told, parties, plain)))
    units = [one for one in declarations if isinstance(one, tree.Unit)]
    note = " ".join(one.doc for one in units if one.doc)
    counted = [_Entry(_said("title units"), _writes(figures.units, units), note=note)] if units else []
    defined = (tree.Usage, tree.Window, tree.Index)
    others = [_entry(one) for kind in defined for one in declarations if isinstance(one, kind)]
    yield _Section(_said("article definitions"), [*counted, *others])
    for key, kinds in (("article figures", tree.Measure), ("article prices", tree.Price)):
        yield _Section(_said(key), [_entry(one) for one in declarations if isinstance(one, kinds)])
    found = [one for one in declarations if isinstance(one, tree.Phase)]
    for phase in found:
        ways = _ways_to(phase.name.text, declarations)
        first = _Entry(_said("title entry"), _writes(phases.entry, phase, phase is found[0], ways))
        items = [_entry(item) for item in phase.items]
        title = _phase_title(phase)
        yield _Section(title, [first, *items], phase.name.text)
    key = "article whole term" if found else "article due"
    yield _Section(_said(key), [_entry(one) for one in declarations if isinstance(one, tree.Line)])
    yield _Section(_said("article rules"), list(_rules(plain)))
    for key, kind in (("article guarantees", tree.Invariant),):
        yield _Section(_said(key), [_entry(one) for one in declarations if isinstance(one, kind)])
    yield from _amendments(declarations)
    tests = [one for one in _flat(declarations) if isinstance(one, tree.Test)]
    yield _Section(_said("article examples"), [_entry(one) for one in tests])


def _flat(declarations: Sequence[tree.AnyDeclaration]) -> Iterator[tree.AnyDeclaration]:
    for one in declarations:
        yield one
        if isinstance(one, tree.Amendment):
            yield from one.items


def _header(told: tree.Contract, parties: tuple[Party, ...], plain: Expressions) -> Iterator[_Entry]:
    for title, blocks in header.header(plain, told, parties):
        yield _Entry(_fixed(title), _written(blocks))


def _rules(plain: Expressions) -> Iterator[_Entry]:
    for title, blocks in header.rules(plain):
        yield _Entry(_fixed(title), _written(blocks))


def _entry(node: tree.AnyDeclaration) -> _Entry:
    name = getattr(node, "name", None)
    known = name.text if name is not None and not isinstance(node, (tree.Remove, tree.Unit)) else None
    return _Entry(_title_of(node), _writes(_BLOCKS[type(node)], node), known, node.doc, node)


def _amendments(declarations: Sequence[tree.AnyDeclaration]) -> Iterator[_Section]:
    known = set(_names(declarations))
    for amendment in (one for one in declarations if isinstance(one, tree.Amendment)):
        entries = [_Entry(_said("title effective"), _writes(phases.effective, amendment))]
        for key, restated, write in (
            ("term", amendment.term, header.term),
            ("vat", amendment.vat, header.vat),
            ("payment", amendment.payment, header.payment),
        ):
            if restated is not None:
                entries.append(_Entry(_said(f"title {key}"), _writes(write, restated)))
        for item in amendment.items:
            inner = item.items if isinstance(item, tree.Phase) else (item,)
            phase = item.name.text if isinstance(item, tree.Phase) else None
            if isinstance(item, tree.Phase) and item.name.text not in known:
                ways = _ways_to(item.name.text, declarations)
                blocks = _writes(phases.entry, item, False, ways, True)
                entries.append(_Entry(_phase_title(item), blocks, item.name.text, item.doc, item))
            for one in inner:
                if isinstance(one, (tree.Test, tree.Include)):
                    continue
                entries.append(_amended(one, known, phase))
            known.update(_names((item,)))
        yield _Section(_amendment_title(amendment), entries)


def _names(declarations: Sequence[tree.AnyDeclaration]) -> Iterator[str]:
    for one in declarations:
        name = getattr(one, "name", None)
        if name is not None and not isinstance(one, tree.Unit):
            yield name.text
        if isinstance(one, tree.Phase):
            yield from (line.name.text for line in one.lines)


def _amended(node: tree.AnyDeclaration, known: set[str], phase: str | None) -> _Entry:
    plain = _entry(node)
    if isinstance(node, (tree.Remove, tree.Amendment)):
        return plain

    replaces = plain.name is not None and plain.name in known

    def blocks(write: Expressions) -> _Blocks:
        number = write.phrasing.numbers.get(plain.name or "") if replaces else None
        return phases.amended(write, plain.blocks(write), number, phase)

    return _Entry(plain.title, blocks, plain.name, plain.note, node)


def _ways_to(name: str, declarations: Sequence[tree.AnyDeclaration]) -> list[tree.Transition]:
    every = (one for one in _flat(declarations) if isinstance(one, tree.Phase))
    return [way for phase in every for way in phase.transitions if way.to.text == name]


# ---- titles and blocks that wait for their numbers


def _said(key: str) -> Callable[[Phrasing], str]:
    return lambda phrasing: phrasing.say(key)


def _fixed(text: str) -> Callable[[Phrasing], str]:
    return lambda _: text


def _written(blocks: _Blocks) -> Callable[[Expressions], _Blocks]:
    return lambda _: blocks


def _writes(function: Callable[..., _Blocks], *facts: object) -> Callable[[Expressions], _Blocks]:
    return lambda write: function(write, *facts)


def _title_of(node: tree.AnyDeclaration) -> Callable[[Phrasing], str]:
    def title(phrasing: Phrasing) -> str:
        match node:
            case tree.Transition():
                return phrasing.say("title transition", phase=phrasing.quoted(phrasing.named(node.to.text)))
            case tree.Remove():
                return phrasing.named(node.name.text)
            case tree.Test() | tree.Invariant():
                return node.title[:1].upper() + node.title[1:]
            case _:
                return phrasing.title(node)

    return title


def _phase_title(node: tree.Phase) -> Callable[[Phrasing], str]:
    return lambda phrasing: phrasing.say("article phase", phase=phrasing.quoted(phrasing.title(node)))


def _amendment_title(node: tree.Amendment) -> Callable[[Phrasing], str]:
    return lambda phrasing: phrasing.say("article amendment", label=phrasing.quoted(node.label))
