"""What is declared and never used: a term that was forgotten, or a name that was misspelt elsewhere."""

from collections.abc import Iterator

from contractlang.checking.circles import name_for_several
from contractlang.checking.names import name_of, what
from contractlang.checking.survey import Survey
from contractlang.diagnostics import Diagnostic, warning
from contractlang.syntax import tree
from contractlang.units import BUILT_IN


def check_unused(survey: Survey) -> Iterator[Diagnostic]:
    """CL701: figures, rates, windows, indices, tables and units that nothing but a test reads.

    Only the contract's own file is looked at, since a file of shared units and windows holds more
    than each contract needs.
    """
    used = _used_names(survey)
    units = _used_units(survey)
    seen: set[str] = set()
    for one in survey.declared:
        node = one.node
        if one.amendment is not None or node.span.source != survey.main:
            continue
        if isinstance(node, tree.Unit):
            words = {node.name.text, node.plural.text if node.plural else f"{node.name}s"}
            if not words & units and node.name.text not in seen:
                seen.add(node.name.text)
                yield _unused("unit", node.name)
        elif isinstance(node, (tree.Measure, tree.Price, tree.Window, tree.Index, tree.Usage)):
            if node.name.text in used or node.name.text in seen:
                continue
            if name_for_several(survey, node.name.text):
                continue  # The reader of the name may mean this one.
            seen.add(node.name.text)
            yield _unused(what(node), name_of(node))


def _unused(word: str, name: tree.Name) -> Diagnostic:
    verb = "used" if word in ("unit", "window", "index") else "read"
    return warning(
        "CL701", f'the {word} "{name}" is declared and never {verb}', name.span, "use it, or take it out"
    )


def _used_names(survey: Survey) -> set[str]:
    """The names that are read outside their own declaration and outside tests."""
    used: set[str] = set()
    for visit in survey.visits:
        owner, node = visit.owner.node, visit.node
        if isinstance(owner, tree.Test):
            continue
        names: list[tree.Name] = []
        match node:
            case tree.Reference():
                names = [node.name]
            case tree.Member():
                names = [node.owner]
            case tree.Argument():
                names = [node.during] if node.during else []
            case tree.InWindow():
                names = [node.window]
            case tree.WindowName():
                names = [node.name]
            case tree.Indexation():
                names = [node.index]
        own = name_of(owner).text if hasattr(owner, "name") else ""
        used.update(name.text for name in names if name.text != own)
    return used


def _used_units(survey: Survey) -> set[str]:
    """The unit words that are written anywhere, compound units taken apart, and their other forms."""
    words: set[str] = set()
    for visit in survey.visits:
        if isinstance(visit.node, tree.UnitName):
            words.update(visit.node.text.split("/"))
    for one in survey.all(tree.Usage):
        assert isinstance(one.node, tree.Usage), "asked for tables only"
        words.add(one.node.unit.text)
    return words - set(BUILT_IN)
