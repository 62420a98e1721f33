"""A YAML or a JSON file as nodes with their places: text stays text.

In: a `Source`. Out: `Scalar`, `Items` and `Entries`, each with its span. Nothing is converted here,
so none of the surprises of YAML 1.1 happen: `12:30:00`, `no`, `2026-01` and `1e3` stay what was
written. Keys are unique. An anchor (`&a`, `*a`) is refused: a figure is written where it counts.

Codes: CL800 cannot be read, CL801 written twice, CL802 anchor, CL803 too deep or too large.
"""

import json
from typing import TypeAlias, cast

import yaml

from contractlang.diagnostics import ContractError, Diagnostic, Label, error
from contractlang.frozen import dataclass
from contractlang.text import Position, Source, Span

_DEEPEST = 32
_LARGEST = 2_000_000

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as written; `quoted` says that it stood between quotes."""

    text: str
    span: Span
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Item", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping, in the order written; its keys are texts and unique."""

    entries: tuple[tuple[Scalar, "Item"], ...]
    span: Span


Item: TypeAlias = Scalar | Items | Entries


def read_yaml(source: Source) -> Item | None:
    """The document of a YAML text, None where it is empty; raises ContractError (CL800 to CL803)."""
    return _Reader(source, source.text).document()


def read_json(source: Source) -> Item | None:
    """The document of a JSON text, None where it is empty; raises ContractError (CL800 to CL803)."""
    if source.text.strip() == "":
        return None
    try:
        json.loads(source.text, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as fault:
        place = Span(source, fault.pos, min(fault.pos + 1, len(source.text)))
        raise ContractError([error("CL800", f"this is not JSON: {fault.msg.lower()}", place)]) from None
    except RecursionError:
        raise ContractError([_too_deep(Span(source, 0, 0))]) from None
    # JSON between braces is YAML except for tabs, which JSON has only between its words.
    return _Reader(source, source.text.replace("\t", " ")).document()


def describe(item: Item | None) -> str:
    """What an item is, for a sentence: `a list`, `the text "x"`, `nothing`."""
    if item is None or (isinstance(item, Scalar) and not item.quoted and item.text in ("", "~", "null")):
        return "nothing"
    if isinstance(item, Scalar):
        return f'"{item.text if len(item.text) < 40 else item.text[:40] + "…"}"'
    return "a list" if isinstance(item, Items) else "a mapping"


def is_empty(item: Item | None) -> bool:
    """Whether nothing was written: a key without a value, `null`, `~`."""
    return describe(item) == "nothing"


class _Reader:
    """Builds nodes from the events of the YAML parser, one after the other."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.text = text
        self.count = 0

    def document(self) -> Item | None:
        try:
            self.events = iter(yaml.parse(self.text, Loader=_Loader))
            return self._read()
        except yaml.YAMLError as fault:
            raise ContractError([self._unreadable(fault)]) from None

    def _read(self) -> Item | None:
        found: Item | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    message = "this file holds several documents (a second `---`); only one is read"
                    raise ContractError([error("CL800", message, self._span(event))])
            elif isinstance(event, yaml.NodeEvent):
                found = self._node(event, 0)
        if isinstance(found, Scalar) and is_empty(found):
            return None
        return found

    def _node(self, event: yaml.Event, depth: int) -> Item:
        self.count += 1
        if depth > _DEEPEST:
            raise ContractError([_too_deep(self._span(event))])
        if self.count > _LARGEST:
            message = f"this file holds more than {_LARGEST} values"
            cure = "give the rows of a table under `rows:` as CSV or Parquet"
            raise ContractError([error("CL803", message, self._span(event), cure)])
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "an anchor or an alias (`&name`, `*name`) is not read in a usage file"
            raise ContractError(
                [error("CL802", message, self._span(event), "write the value where it counts, or quote it")]
            )
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, self._span(event), event.style in ("'", '"'))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(event, depth)
        return self._entries(event, depth)

    def _items(self, start: yaml.Event, depth: int) -> Items:
        found: list[Item] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._node(event, depth + 1))
        return Items(tuple(found), self._span(start, event))

    def _entries(self, start: yaml.Event, depth: int) -> Entries:
        found: list[tuple[Scalar, Item]] = []
        seen: dict[str, Scalar] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise ContractError([error("CL800", f"a name cannot be {describe(key)}", key.span)])
            value = self._node(next(self.events), depth + 1)
            if key.text in seen:
                before = Label(seen[key.text].span, "the first one is here")
                message = f'"{key.text}" is written twice'
                raise ContractError(
                    [error("CL801", message, key.span, "keep one of the two", related=(before,))]
                )
            seen[key.text] = key
            found.append((key, value))
        return Entries(tuple(found), self._span(start, event))

    def _span(self, first: yaml.Event, last: yaml.Event | None = None) -> Span:
        first_mark, last_mark = first.start_mark, (last or first).end_mark
        assert first_mark is not None, "the parser marks every event"
        assert last_mark is not None, "the parser marks every event"
        start, end = first_mark.index, last_mark.index
        # The end of a block reaches to the next word; the white space between is not part of it.
        end = start + len(self.text[start:end].rstrip())
        return Span(self.source, start, max(start, end))

    def _unreadable(self, fault: yaml.YAMLError) -> Diagnostic:
        if isinstance(fault, yaml.MarkedYAMLError) and fault.problem_mark is not None:
            mark = fault.problem_mark
            start = self.source.offset(Position(mark.line, mark.column))
            place = Span(self.source, start, min(start + 1, len(self.text)))
            cause = str(fault.problem)
        else:
            # A character that YAML forbids; its position is that of the text.
            start = min(cast(int, getattr(fault, "position", 0)), len(self.text))
            place = Span(self.source, start, min(start + 1, len(self.text)))
            cause = "a character that no text file has"
        cure = "check the indentation and the signs : { } [ ] , on this line"
        if place.text == "\t":
            cure = "indent with spaces; YAML has no tabs"
        return error("CL800", f"this is not YAML: {cause}", place, cure)


def _too_deep(span: Span) -> Diagnostic:
    return error("CL803", f"this file nests deeper than {_DEEPEST} levels", span)
