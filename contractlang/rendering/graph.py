"""A contract drawn: its phases with their ways out, and every band table.

In: a contract's `Document`. Out: a self-contained SVG, or Mermaid for pages that draw it themselves.
The words are the contract's own; nothing is rated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from contractlang.rendering import band_charts, phase_map, svg
from contractlang.rendering.band_charts import BandTable
from contractlang.syntax import tree
from contractlang.syntax.loading import Document

Format: TypeAlias = Literal["svg", "mermaid"]
FORMATS: tuple[Format, ...] = ("svg", "mermaid")
"""The formats of a drawing."""


class Drawn(Protocol):
    """What is drawn: anything that holds the tree of a contract."""

    @property
    def document(self) -> Document:
        """The contract with all that it includes."""


_STYLE = """
  text { font: 13px system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; fill: #1b2530; }
  .title { font-size: 20px; font-weight: 300; fill: #17536b; }
  .heading { font-weight: 600; }
  .soft, .tick { fill: #5a6672; font-size: 11.5px; }
  .box { fill: #f5f7f9; stroke: #17536b; stroke-width: 1.4; }
  .apart { fill: #fff; stroke: #9aa5af; stroke-dasharray: 5 4; }
  .way { fill: none; stroke: #17536b; stroke-width: 1.6; }
  .tip, .start, .closed { fill: #17536b; }
  .open { fill: #fff; stroke: #17536b; stroke-width: 1.6; }
  .line { fill: none; stroke: #17536b; stroke-width: 2.2; stroke-linejoin: round; }
  .rest { fill: none; stroke: #17536b; stroke-width: 2.2; stroke-dasharray: 2 4; }
  .grid { stroke: #e3e7eb; } .axis { stroke: #9aa5af; } .zero { stroke: #9aa5af; stroke-dasharray: 3 3; }
"""
_WIDTH = 760
_MARGIN = 28


def render(contract: Drawn, format: str) -> str:
    """The phases and bands of a contract in one of `FORMATS`, with a line end."""
    assert format in FORMATS, f"{format!r} is not a format of drawings"
    document = contract.document
    if format == "mermaid":
        return _mermaid(document)
    return _svg(document)


def _svg(document: Document) -> str:
    title = document.header.title if document.header else document.name
    parts = [svg.text(_MARGIN, 42, title, "title")]
    top = 66
    drawing = phase_map.drawn(document, _MARGIN, top, _WIDTH - 2 * _MARGIN)
    parts += drawing.parts
    top += drawing.height
    for table in band_tables(document):
        chart = band_charts.drawn(table, _MARGIN, top + 18, _WIDTH - 2 * _MARGIN)
        parts += chart.parts
        top += chart.height + 18
    height = top + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="drawing-title">\n'
        f'<title id="drawing-title">{svg.words(title)}</title>\n<style>{_STYLE}</style>\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


# ---- what there is to draw


def band_tables(document: Document) -> Iterator[BandTable]:
    """Every band table of the contract, in the order written, those of amendments with their day."""
    for declaration in document.declarations:
        yield from _tables(declaration, "")


def _tables(node: tree.Node, since: str) -> Iterator[BandTable]:
    if isinstance(node, tree.Amendment):
        for item in node.items:
            yield from _tables(item, f"from {node.effective}")
    elif isinstance(node, tree.Phase):
        for item in node.items:
            yield from _tables(item, since)
    elif isinstance(node, tree.Line):
        yield from _of_line(node, since)
    elif isinstance(node, tree.Price | tree.Measure):
        named = _Named(node.label or node.name.text, node.name.text, since)
        yield from _inside(node, named)


@dataclass(frozen=True, slots=True)
class _Named:
    """What a table belongs to."""

    label: str
    name: str
    since: str

    def table(
        self, figure: tree.Expression, rows: tuple[tree.Band | tree.ColumnRow, ...]
    ) -> BandTable | None:
        bands = tuple(row for row in rows if isinstance(row, tree.Band))
        if not bands:
            return None
        return BandTable(self.label, self.name, self.since, " ".join(figure.span.text.split()), bands)


def _of_line(line: tree.Line, since: str) -> Iterator[BandTable]:
    label = line.label or line.name.text
    for part in line.parts:
        name = f"{line.name}.{part.name}" if part.name else line.name.text
        found = _Named(label, name, since).table(part.figure, part.rows)
        if found is not None:
            yield found
    yield from _inside(line, _Named(label, line.name.text, since))


def _inside(node: tree.Node, named: _Named) -> Iterator[BandTable]:
    """The tables in the expressions under a node: prices and values that a figure chooses."""
    for child in tree.children(node):
        if isinstance(child, tree.Part):
            continue
        if isinstance(child, tree.ByValue):
            found = named.table(child.figure, child.rows)
            if found is not None:
                yield found
        yield from _inside(child, named)


# ---- Mermaid


def _mermaid(document: Document) -> str:
    rows = ["flowchart TD"]
    phases = phase_map.phases_of(document)
    if phases:
        rows.append("  start((( )))")
    for index, phase in enumerate(phases):
        lines = "".join(f"<br/>{_quoted(line.label or line.name.text)}" for line in phase.lines)
        rows.append(f'  phase{index}["<b>{_quoted(phase.label or phase.name.text)}</b>{lines}"]')
    if phases:
        rows.append("  start --> phase0")
    numbers = {phase.name.text: index for index, phase in enumerate(phases)}
    for way in phase_map.ways_of(phases):
        for words in way.labels:
            rows.append(f'  phase{numbers[way.start]} -->|"{_quoted(words)}"| phase{numbers[way.end]}')
    for index, table in enumerate(band_tables(document)):
        rows.append(f'  subgraph bands{index}["{_quoted(table.heading)}"]')
        rows.append("    direction LR")
        for at, band in enumerate(table.bands):
            rows.append(f'    bands{index}_{at}["{_quoted(band_charts.words(band))}"]')
        chain = " ~~~ ".join(f"bands{index}_{at}" for at in range(len(table.bands)))
        rows += [f"    {chain}"] if len(table.bands) > 1 else []
        rows.append("  end")
    return "\n".join(rows) + "\n"


def _quoted(words: str) -> str:
    """Words inside quotes of Mermaid, where nothing in them is its syntax or HTML."""
    plain = " ".join(words.split())
    return "".join(f"#{ord(one)};" if one in '"#<>&;`\\|{}[]' else one for one in plain)
