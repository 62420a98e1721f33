"""What a contract in sentences is made of: frozen data that each form lays out and none computes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProseItem:
    """A row of a list: its mark, `a` or `b`, which makes it citable, and its words."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class ProseBlock:
    """A paragraph, and the rows that it announces."""

    text: str
    items: tuple[ProseItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ProseClause:
    """A numbered clause; `note` is what the author explains there and nobody signs."""

    number: str
    title: str
    blocks: tuple[ProseBlock, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProseArticle:
    """Numbered clauses under a heading, such as `Article 2. Definitions`."""

    number: str
    heading: str
    clauses: tuple[ProseClause, ...]


@dataclass(frozen=True, slots=True)
class ProseView:
    """The whole text; `signed` says which terms it says, by their fingerprint."""

    language: str
    title: str
    contract: str
    articles: tuple[ProseArticle, ...]
    signed: str
    note: str = ""
