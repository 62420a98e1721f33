"""Frozen slotted dataclasses whose methods are written when they are first needed.

In: a class with annotated fields. Out: what `dataclasses.dataclass(frozen=True, slots=True)` gives:
`replace`, `fields`, equality, hashing, pattern matching and pickling work alike. The standard
decorator compiles six methods a class at import, which for the ninety classes of the tree costs
every command about 45 ms. Here one `__init__` a class is compiled, when its nodes turn out to be many,
and all other methods are shared.
"""

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError
from operator import attrgetter
from typing import Any, TypeVar

# Compiling costs as much as setting the fields of so many nodes one by one.
_FEW = 30

_Class = TypeVar("_Class", bound=type)


def dataclass(*, frozen: bool, slots: bool, kw_only: bool = False) -> Callable[[_Class], _Class]:
    """A decorator that makes a class a frozen dataclass with slots, as the standard one does.

    Fields have defaults or none; a factory of defaults, `init=False` and `__post_init__` are not
    supported.
    """
    assert frozen, "nodes do not change"
    assert slots, "nodes have no other attributes than their fields"

    def decorated(cls: _Class) -> _Class:
        return _built(cls, kw_only)

    return decorated


def _built(cls: _Class, kw_only: bool) -> _Class:
    fields: dict[str, Field[Any]] = {}
    for base in reversed(cls.__mro__[1:]):
        fields.update(getattr(base, "__dataclass_fields__", {}))
    namespace = dict(cls.__dict__)
    namespace.pop("__dict__", None)
    namespace.pop("__weakref__", None)
    own = inspect.get_annotations(cls)
    for name, annotation in own.items():
        default = namespace.pop(name, MISSING)
        one: Any = default if isinstance(default, Field) else dataclasses.field(default=default)
        assert one.default_factory is MISSING, "nodes are made of values that do not change"
        one.name, one.type, one.kw_only = name, annotation, kw_only
        one._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
        fields[name] = one
    namespace["__slots__"] = tuple(own)
    namespace["__dataclass_fields__"] = fields
    namespace["__match_args__"] = tuple(one.name for one in fields.values() if not one.kw_only)
    namespace["__init__"] = _first_init
    namespace["__setattr__"], namespace["__delattr__"] = _refuse_to_set, _refuse_to_delete
    namespace["__eq__"], namespace["__hash__"] = _equal, _hash
    if "__repr__" not in namespace:
        namespace["__repr__"] = _represent
    namespace["__getstate__"], namespace["__setstate__"] = _state, _set_state
    namespace["__replace__"] = _replaced
    made: Any = type(cls)(cls.__name__, cls.__bases__, namespace)
    compared = [one.name for one in fields.values() if one.compare]
    # A constant and a field would compare the same; `attrgetter` wants at least one name.
    made.__made__ = 0
    made.__defaults__ = tuple((one.name, one.default) for one in fields.values())
    made.__compared__ = attrgetter("__class__", *compared)
    return made  # type: ignore[no-any-return]


def _first_init(self: Any, *values: Any, **named: Any) -> None:
    """Stands for `__init__` until a class has so many nodes that a compiled one is worth its cost."""
    cls = type(self)
    while "__dataclass_fields__" not in cls.__dict__:
        cls = cls.__mro__[1]
    cls.__made__ += 1
    if cls.__made__ > _FEW or not _set_all(self, cls, values, named):
        # What does not fit, too, is said best by a real function.
        cls.__init__ = _compiled_init(cls)
        cls.__init__(self, *values, **named)


def _set_all(self: Any, cls: Any, values: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Set the fields one by one; False, and nothing is decided, where the arguments do not fit."""
    positional = cls.__match_args__
    rest = dict(zip(positional, values, strict=False))
    if len(values) > len(positional) or not rest.keys().isdisjoint(named):
        return False
    rest.update(named)
    for name, default in cls.__defaults__:
        value = rest.pop(name, default)
        if value is MISSING:
            return False
        object.__setattr__(self, name, value)
    return not rest


def _compiled_init(cls: Any) -> Callable[..., None]:
    fields = list(cls.__dataclass_fields__.values())
    ordered = [one for one in fields if not one.kw_only] + [one for one in fields if one.kw_only]
    scope: dict[str, Any] = {}
    parameters, body = ["self"], []
    keywords = False
    for one in ordered:
        if one.kw_only and not keywords:
            parameters.append("*")
            keywords = True
        parameter = one.name
        if one.default is not MISSING:
            scope[f"_default_{one.name}"] = one.default
            parameter += f"=_default_{one.name}"
        parameters.append(parameter)
        # A slot's own setter is the fastest way past the `__setattr__` that refuses.
        scope[f"_set_{one.name}"] = getattr(cls, one.name).__set__
        body.append(f"    _set_{one.name}(self, {one.name})")
    text = f"def __init__({', '.join(parameters)}):\n" + ("\n".join(body) or "    pass")
    exec(text, scope)  # noqa: S102 - the text is made of the field names of our own classes.
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _refuse_to_set(_self: Any, name: str, _value: Any) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _equal(self: Any, other: Any) -> Any:
    if self is other:
        return True
    if other.__class__ is not self.__class__:
        return NotImplemented
    return bool(self.__compared__(self) == self.__compared__(other))


def _hash(self: Any) -> int:
    return hash(self.__compared__(self))


def _represent(self: Any) -> str:
    shown = [one.name for one in self.__dataclass_fields__.values() if one.repr]
    return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__dataclass_fields__]


def _set_state(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, value)


def _replaced(self: Any, **changes: Any) -> Any:
    return dataclasses.replace(self, **changes)
