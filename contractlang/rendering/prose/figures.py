"""Clauses that define: units, records, windows, figures, prices, indices.

In: declarations of the tree. Out: the blocks of a clause each.
"""

from contractlang.rendering.prose.expressions import CONDITIONS, Expressions
from contractlang.rendering.prose.view import ProseBlock
from contractlang.rendering.prose.windows import window
from contractlang.rendering.prose.writing import joined, listed
from contractlang.syntax import tree


def unit(write: Expressions, node: tree.Unit) -> tuple[ProseBlock, ...]:
    """A thing counted, or a fixed multiple of another, as a clause of its own."""
    return (ProseBlock(write.phrasing.sentence(_unit(write, node))),)


def units(write: Expressions, nodes: list[tree.Unit]) -> tuple[ProseBlock, ...]:
    """All units as the rows of one clause."""
    words = write.phrasing.say("announced", words=write.phrasing.say("units"))
    rows = listed(write.phrasing, (_unit(write, node) for node in nodes))
    return (ProseBlock(write.phrasing.sentence(words), rows),)


def _unit(write: Expressions, node: tree.Unit) -> str:
    say, name = write.phrasing.say, write.phrasing.quoted(node.name.text)
    words = say("unit counted", name=name)
    if node.equals is not None:
        words = say("unit multiple", name=name, value=write.noun(node.equals))
    if node.plural is not None and node.plural.text != node.name.text:
        words += say("unit plural", plural=write.phrasing.quoted(node.plural.text))
    return words


def usage(write: Expressions, node: tree.Usage) -> tuple[ProseBlock, ...]:
    """A table of records, with its columns."""
    phrasing, say = write.phrasing, write.phrasing.say
    facts = {"name": phrasing.term(node.name.text), "unit": phrasing.quoted(node.unit.text)}
    words = [say("usage", **facts)]
    if node.on is not None:
        words.append(say("usage on", column=phrasing.quoted(node.on.text)))
    if node.key:
        columns = phrasing.several(phrasing.quoted(name.text) for name in node.key)
        words.append(say("usage key", columns=columns))
    words.append(say("usage columns"))
    rows = [_column(write, column) for column in node.columns]
    return (ProseBlock(joined(write.phrasing, words), listed(phrasing, rows)),)


def _column(write: Expressions, column: tree.Column) -> str:
    phrasing, say = write.phrasing, write.phrasing.say
    words = say(
        "column optional" if column.optional else "column",
        name=phrasing.quoted(column.name.text),
        type=say(f"type {column.type.text}") if phrasing.knows(f"type {column.type.text}") else "",
    )
    if column.between is None:
        return words
    least, most = (write.noun(edge) for edge in column.between)
    return say("column between", words=words, least=least, most=most)


def window_of_time(write: Expressions, node: tree.Window) -> tuple[ProseBlock, ...]:
    """A window: its times, or that they are supplied."""
    phrasing = write.phrasing
    name = phrasing.quoted(phrasing.title(node))
    if node.value is None:
        return (ProseBlock(phrasing.sentence(phrasing.say("window supplied", name=name))),)
    words = phrasing.say("window", name=name, value=window(phrasing, node.value))
    return (ProseBlock(phrasing.sentence(words)),)


def index(write: Expressions, node: tree.Index) -> tuple[ProseBlock, ...]:
    """A published series."""
    phrasing = write.phrasing
    name, path = phrasing.quoted(phrasing.title(node)), phrasing.quoted(node.path)
    return (ProseBlock(phrasing.sentence(phrasing.say("index", name=name, path=path))),)


def measure(write: Expressions, node: tree.Measure) -> tuple[ProseBlock, ...]:
    """A figure: how it is computed or that it is supplied, and what bounds it."""
    phrasing, say = write.phrasing, write.phrasing.say
    name = phrasing.quoted(phrasing.title(node))
    rows: list[str] = []
    boolean = node.unit is not None and node.unit.text == "boolean"
    told = "" if node.unit is None or boolean else _unit_of(write, node.unit)
    if node.formula is None:
        key = "figure supplied yes" if boolean else "figure supplied" if told else "figure supplied plain"
        words = say(key, name=name, unit=told)
    elif isinstance(node.formula, tree.ByValue):
        words = say("figure by value", name=name, figure=write.noun(node.formula.figure))
        rows = write.tables.rows(node.formula.rows)
    elif isinstance(node.formula, CONDITIONS):
        words = say("figure whether", name=name, condition=write.conditions.holds(node.formula))
    else:
        words = say("figure", name=name, value=write.bare(node.formula))
        if told:
            words += say("figure unit", unit=told)
    if node.rounding is not None:
        words += say("figure rounded", rounding=phrasing.rounding(node.rounding))
    sentences = [words] if not rows else []
    if node.when is not None:
        sentences.append(say("figure when", condition=write.conditions.holds(node.when)))
    if node.between is not None:
        lower, upper = (write.noun(one) for one in node.between)
        sentences.append(say("figure between", least=lower, most=upper))
    if node.otherwise is not None:
        sentences.append(say("figure otherwise", value=write.noun(node.otherwise)))
    if node.not_added:
        sentences.append(say("figure not added"))
    if node.prorated_by_day:
        sentences.append(say("figure prorated"))
    if rows:
        first = ProseBlock(phrasing.sentence(say("announced", words=words)), listed(phrasing, rows))
        return (first, *((ProseBlock(joined(write.phrasing, sentences)),) if sentences else ()))
    return (ProseBlock(joined(write.phrasing, sentences)),)


def price(write: Expressions, node: tree.Price) -> tuple[ProseBlock, ...]:
    """A rate or an amount: constant, dated, by rows; and how an index revises it."""
    phrasing, say = write.phrasing, write.phrasing.say
    name = phrasing.quoted(phrasing.title(node))
    blocks: list[ProseBlock] = []
    if node.dated:
        rows = [
            say("row from", day=phrasing.day(row.start), value=write.noun(row.value)) for row in node.dated
        ]
        words = say("announced", words=say(f"{node.kind} dated", name=name))
        blocks.append(ProseBlock(phrasing.sentence(words), listed(phrasing, rows)))
    elif isinstance(node.formula, tree.ByValue):
        words = say(f"{node.kind} by value", name=name, figure=_figure(write, node.formula))
        words = say("announced", words=words)
        rows = write.tables.rows(node.formula.rows)
        blocks.append(ProseBlock(phrasing.sentence(words), listed(phrasing, rows)))
    elif node.formula is not None:
        value = write.noun(node.formula)
        blocks.append(ProseBlock(phrasing.sentence(say(f"{node.kind} is", name=name, value=value))))
    if node.indexed is not None:
        blocks.append(ProseBlock(joined(write.phrasing, _indexation(write, node.indexed))))
    return tuple(blocks)


def _figure(write: Expressions, node: tree.ByValue) -> str:
    """What a table reads: a column, where its rows are texts, else a figure."""
    figure = node.figure
    if isinstance(figure, tree.Reference) and any(isinstance(row, tree.ColumnRow) for row in node.rows):
        return write.phrasing.quoted(figure.name.text)
    return write.noun(figure)


def _unit_of(write: Expressions, word: tree.UnitName) -> str:
    text = word.text
    return write.phrasing.say("in percent") if text == "%" else write.phrasing.unit(text)


def _indexation(write: Expressions, node: tree.Indexation) -> list[str]:
    phrasing, say = write.phrasing, write.phrasing.say
    # A contract year begins at the anniversary, and a calendar year of a revision is one all the same.
    rhythm = node.every.text.removeprefix("contract ") if node.every else "year"
    every = say(f"revised {rhythm}" if phrasing.knows(f"revised {rhythm}") else "revised year")
    sentences = [say("indexed", index=phrasing.cited(node.index.text), every=every)]
    fixed = phrasing.percent(node.fixed_part)
    rest = phrasing.percent(100 - node.fixed_part)
    base = phrasing.language.month(node.base.start) if node.base else "?"
    sentences.append(say("indexed coefficient", fixed=fixed, rest=rest, base=base))
    if node.lag is not None:
        sentences.append(say("indexed lag", length=phrasing.length(node.lag)))
    else:
        sentences.append(say("indexed no lag"))
    if node.coefficient is not None:
        sentences.append(say("indexed rounded", rounding=phrasing.rounding(node.coefficient)))
    if node.unchanged_within is not None:
        sentences.append(say("indexed within", percent=phrasing.percent(node.unchanged_within)))
    if node.at_most is not None:
        sentences.append(say("indexed at most", percent=phrasing.percent(node.at_most)))
    return sentences
