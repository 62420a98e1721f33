"""Frozen values are dataclasses like any other."""

import copy
import dataclasses
import pickle
from decimal import Decimal

import pytest

from contractlang.frozen import dataclass, field, replace
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


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A value with every kind of field."""

    x: int
    y: int = 2
    seen: list[int] = field(default_factory=list, init=False, compare=False, repr=False)
    tags: list[str] = field(default_factory=list, compare=False)
    kind: str = field(default="point", init=False)

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("points are on the right")


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Standard:
    """The same, made by the standard decorator."""

    x: int
    y: int = 2
    seen: list[int] = dataclasses.field(default_factory=list, init=False, compare=False, repr=False)
    tags: list[str] = dataclasses.field(default_factory=list, compare=False)
    kind: str = dataclasses.field(default="point", init=False)

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("points are on the right")


@pytest.mark.parametrize("many", [False, True])
def test_values_are_those_of_the_standard_decorator(many: bool) -> None:
    for number in range(100 if many else 0):
        Point(number)
    ours, theirs = Point(1, tags=["a"]), Standard(1, tags=["a"])
    assert repr(ours).replace("Point", "Standard") == repr(theirs)
    assert ours.seen is not Point(1).seen
    assert (ours.kind, ours.tags, ours.seen) == ("point", ["a"], [])
    assert ours == Point(1, 2)
    assert hash(ours) == hash(Point(1, 2))
    assert len({Point(1), Point(1), Point(2)}) == 2
    assert sorted([Point(2), Point(1, 3), Point(1)]) == [Point(1), Point(1, 3), Point(2)]
    assert Point(1) < Point(2) <= Point(2) < Point(2, 3) and Point(2) > Point(1) and Point(2) >= Point(2)
    for other in (3, Point):
        with pytest.raises(TypeError):
            assert ours < other  # type: ignore[operator]
    assert Point.__match_args__ == Standard.__match_args__
    for make in (Point, Standard):
        with pytest.raises(ValueError, match="on the right"):
            make(-1)
        with pytest.raises(TypeError):
            make(1, seen=[])  # type: ignore[call-arg]
    for changed in (dataclasses.replace(ours, y=3), replace(ours, y=3), copy.copy(replace(ours, y=3))):
        assert (changed.x, changed.y, changed.tags) == (1, 3, ["a"])
    assert replace(theirs, y=3).y == 3
    with pytest.raises(TypeError):
        replace(ours, z=1)  # type: ignore[call-arg]
    names = ("name", "init", "repr", "compare", "default")
    assert [[getattr(one, name) for name in names] for one in dataclasses.fields(Point)] == [
        [getattr(one, name) for name in names] for one in dataclasses.fields(Standard)
    ]
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert pickle.loads(pickle.dumps(ours)) == ours
