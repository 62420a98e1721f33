"""Frozen slotted dataclasses whose methods are written when they are first needed.

In: a class with annotated fields. Out: what `dataclasses.dataclass(frozen=True, slots=True)` gives:
`replace`, `fields`, equality, order, hashing, pattern matching and pickling work alike. The standard
decorator compiles six methods a class at import, and its module loads the tools that inspect code; for
the hundred and thirty classes of a check this would cost every command about 65 ms. Here one `__init__`
a class is compiled, when its values turn out to be many, all other methods are shared, and the standard
module is loaded when somebody asks for the fields.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

# Compiling costs as much as setting the fields of so many values one by one.
_FEW = 30

_Class = TypeVar("_Class", bound=type)


class _Nothing:
    """Stands for a default that is not given."""


class _Field:
    """What a class says of one field; `factory` makes a default of its own for each value."""

    __slots__ = ("annotation", "compare", "default", "factory", "init", "kw_only", "name", "repr")

    def __init__(self, default: Any, factory: Any, init: bool, repr: bool, compare: bool) -> None:
        self.default, self.factory = default, factory
        self.init, self.repr, self.compare = init, repr, compare
        self.name, self.annotation, self.kw_only = "", None, False


class _StandardFields:
    """Answers `__dataclass_fields__`, by which the standard module knows a dataclass, when it asks."""

    def __get__(self, value: Any, cls: Any) -> Any:
        import dataclasses

        found = {}
        for name, one in cls.__described__.items():
            default: Any = dataclasses.MISSING if one.default is _Nothing else one.default
            factory: Any = dataclasses.MISSING if one.factory is _Nothing else one.factory
            made: Any = dataclasses.field(
                default=default, default_factory=factory, init=one.init, repr=one.repr, compare=one.compare
            )
            made.name, made.type, made.kw_only = name, one.annotation, one.kw_only
            made._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
            found[name] = made
        cls.__dataclass_fields__ = found
        return found


def _field(
    *,
    default: Any = _Nothing,
    default_factory: Any = _Nothing,
    init: bool = True,
    repr: bool = True,
    compare: bool = True,
) -> Any:
    """What `dataclasses.field` says of a field."""
    return _Field(default, default_factory, init, repr, compare)


def _dataclass(
    *, frozen: bool, slots: bool, kw_only: bool = False, order: bool = False
) -> Callable[[_Class], _Class]:
    """A decorator that makes a class a frozen dataclass with slots, as the standard one does."""
    assert frozen, "values do not change"
    assert slots, "values have no other attributes than their fields"

    def decorated(cls: _Class) -> _Class:
        return _built(cls, kw_only, order)

    return decorated


def _replace(value: Any, /, **changes: Any) -> Any:
    """A value with other fields; raises what its class raises for fields that it does not take."""
    cls: Any = type(value)
    if not hasattr(cls, "__described__"):
        import dataclasses

        return dataclasses.replace(value, **changes)
    for name, one in cls.__described__.items():
        if one.init and name not in changes:
            changes[name] = getattr(value, name)
    return cls(**changes)


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:
    dataclass, field, replace = _dataclass, _field, _replace


def _built(cls: _Class, kw_only: bool, order: bool) -> _Class:
    fields: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        fields.update(getattr(base, "__described__", {}))
    namespace = dict(cls.__dict__)
    namespace.pop("__dict__", None)
    namespace.pop("__weakref__", None)
    # Of a class without any of its own this is empty, and not what a base has.
    own = cls.__annotations__
    for name, annotation in own.items():
        default = namespace.pop(name, _Nothing)
        one = default if type(default) is _Field else _Field(default, _Nothing, True, True, True)
        one.name, one.annotation, one.kw_only = name, annotation, kw_only
        fields[name] = one
    namespace["__slots__"] = tuple(own)
    namespace["__described__"] = fields
    namespace["__dataclass_fields__"] = _StandardFields()
    namespace["__match_args__"] = tuple(one.name for one in fields.values() if one.init and not one.kw_only)
    namespace["__init__"] = _first_init
    namespace["__setattr__"], namespace["__delattr__"] = _refuse_to_set, _refuse_to_delete
    namespace["__eq__"], namespace["__hash__"] = _equal, _hash
    if order:
        namespace["__lt__"], namespace["__le__"] = _before, _not_after
        namespace["__gt__"], namespace["__ge__"] = _after, _not_before
    if "__repr__" not in namespace:
        namespace["__repr__"] = _represent
    namespace["__getstate__"], namespace["__setstate__"] = _state, _set_state
    namespace["__replace__"] = _replace
    made: Any = type(cls)(cls.__name__, cls.__bases__, namespace)
    compared = [one.name for one in fields.values() if one.compare]
    made.__made__ = 0
    # The class is compared too: of one value, `attrgetter` would not give a tuple.
    made.__compared__ = attrgetter("__class__", *compared)
    return made  # type: ignore[no-any-return]


def _first_init(self: Any, *values: Any, **named: Any) -> None:
    """Stands for `__init__` until a class has so many values that a compiled one is worth its cost."""
    cls = type(self)
    while "__described__" not in cls.__dict__:
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
    for name, one in cls.__described__.items():
        if name in rest and one.init:
            value = rest.pop(name)
        elif one.factory is not _Nothing:
            value = one.factory()
        elif one.default is not _Nothing:
            value = one.default
        else:
            return False
        object.__setattr__(self, name, value)
    if rest:
        return False
    if hasattr(cls, "__post_init__"):
        self.__post_init__()
    return True


def _compiled_init(cls: Any) -> Callable[..., None]:
    fields = list(cls.__described__.values())
    ordered = [one for one in fields if not one.kw_only] + [one for one in fields if one.kw_only]
    scope: dict[str, Any] = {"_Nothing": _Nothing}
    parameters, body = ["self"], []
    keywords = False
    for one in ordered:
        # A slot's own setter is the fastest way past the `__setattr__` that refuses.
        scope[f"_set_{one.name}"] = getattr(cls, one.name).__set__
        value, default = one.name, ""
        if one.factory is not _Nothing:
            scope[f"_factory_{one.name}"] = one.factory
            made = f"_factory_{one.name}()"
            value, default = (
                (f"{made} if {value} is _Nothing else {value}" if one.init else made),
                "=_Nothing",
            )
        elif one.default is not _Nothing:
            scope[f"_default_{one.name}"] = one.default
            default = f"=_default_{one.name}"
            value = value if one.init else f"_default_{one.name}"
        body.append(f"    _set_{one.name}(self, {value})")
        if one.init:
            if one.kw_only and not keywords:
                parameters.append("*")
                keywords = True
            parameters.append(f"{one.name}{default}")
    if hasattr(cls, "__post_init__"):
        body.append("    self.__post_init__()")
    text = f"def __init__({', '.join(parameters)}):\n" + ("\n".join(body) or "    pass")
    exec(text, scope)  # noqa: S102 - the text is made of the field names of our own classes.
    function: Callable[..., None] = scope["__init__"]
    function.__qualname__ = f"{cls.__qualname__}.__init__"
    return function


def _refuse_to_set(_self: Any, name: str, _value: Any) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: Any, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _equal(self: Any, other: Any) -> Any:
    if self is other:
        return True
    if other.__class__ is not self.__class__:
        return NotImplemented
    return bool(self.__compared__(self) == self.__compared__(other))


def _hash(self: Any) -> int:
    return hash(self.__compared__(self))


def _before(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self.__compared__(self)[1:] < self.__compared__(other)[1:]


def _not_after(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self.__compared__(self)[1:] <= self.__compared__(other)[1:]


def _after(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self.__compared__(self)[1:] > self.__compared__(other)[1:]


def _not_before(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self.__compared__(self)[1:] >= self.__compared__(other)[1:]


def _represent(self: Any) -> str:
    shown = [name for name, one in self.__described__.items() if one.repr]
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__described__]


def _set_state(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__described__, state, strict=True):
        object.__setattr__(self, name, value)
