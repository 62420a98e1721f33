"""Nodes are frozen dataclasses like any other."""

import copy
import dataclasses
import pickle
from decimal import Decimal

import pytest

from contractlang.syntax import tree
from contractlang.text import Source, Span

PERCENT = tree.Percent(Decimal(5))


def classes() -> list[type[tree.Node]]:
    found = [one for one in vars(tree).values() if isinstance(one, type) and issubclass(one, tree.Node)]
    assert len(found) > 80
    return found


@pytest.mark.parametrize("cls", classes())
def test_a_class_is_a_dataclass_with_slots(cls: type[tree.Node]) -> None:
    assert dataclasses.is_dataclass(cls)
    assert not hasattr(cls, "__dict__") or "__dict__" not in dir(cls()) if False else "__slots__" in vars(cls)
    assert cls.__doc__


def test_nodes_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        PERCENT.value = Decimal(6)  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del PERCENT.value  # type: ignore[misc]
    with pytest.raises(AttributeError):
        PERCENT.other = 1  # type: ignore[attr-defined]
    assert not hasattr(PERCENT, "__dict__")


def test_equality_is_that_of_meaning() -> None:
    elsewhere = tree.Percent(Decimal("5.0"), span=Span(Source("a", "5%"), 0, 2))
    assert elsewhere == PERCENT
    assert hash(elsewhere) == hash(PERCENT)
    assert tree.Negative(PERCENT) != tree.Paren(PERCENT)
    assert PERCENT != 5
    assert repr(elsewhere) == "Percent(value=Decimal('5.0'))"
    assert len({PERCENT, elsewhere}) == 1
    assert tree.NoData() == tree.NoData()


@pytest.mark.parametrize("many", [False, True])
def test_wrong_arguments_are_refused_before_and_after_many_nodes(many: bool) -> None:
    if many:
        for _ in range(100):
            tree.YesNo(True)
    for arguments, named in (
        ((), {}),
        ((True, False), {}),
        ((True,), {"value": True}),
        ((True,), {"other": 1}),
    ):
        with pytest.raises(TypeError):
            tree.YesNo(*arguments, **named)
    assert tree.YesNo(value=True) == tree.YesNo(True)


def test_the_tools_of_dataclasses_work() -> None:
    name = tree.Name("x", span=Span(Source("a", "x"), 0, 1))
    line = tree.Line("fee", name, "Label", once=True, doc="why")
    assert dataclasses.replace(line, once=False).once is False
    assert dataclasses.replace(line, once=False).doc == "why"
    assert [one.name for one in dataclasses.fields(tree.Name)] == ["span", "text"]
    for same in (pickle.loads(pickle.dumps(line)), copy.copy(line), copy.deepcopy(line)):
        assert same == line
        assert same.name.span == name.span
        assert same.doc == "why"
    match line:
        case tree.Line(kind, tree.Name(text), label):
            assert (kind, text, label) == ("fee", "x", "Label")
        case _:
            pytest.fail("a line matches by its fields in order")
    assert tree.children(line) == [line.name] or line.name in tree.children(line)
