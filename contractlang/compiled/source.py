"""The text of a generated function, statement by statement, with its branches.

In: values and statements in the order in which they are computed. Out: the lines of the function. What is
computed in a branch is known only there, so `remembered` values are forgotten at its end.
"""

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from math import gcd, lcm

from contractlang.compiled.values import NO_DATA, NoData, Num, RefusedError, Truth, Value

Case = tuple[str | None, Callable[[], list[Value]]]
"""A condition of the generated code, None for all other cases, and what is computed where it holds."""

DOUBT = "raise Doubt"


class Source:
    """A function as it is written; `lines` are pairs of depth and statement."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.names: dict[str, object] = {}
        self._count = 0
        self._scopes: list[dict[Hashable, object]] = [{}]

    # ---- statements

    def put(self, statement: str) -> None:
        """Write a statement."""
        self.lines.append((0, statement))

    def let(self, expression: str, prefix: str = "t") -> str:
        """Write an assignment to a new variable, and give its name; a name or a number needs none."""
        if expression.isidentifier() or expression.isdigit():
            return expression
        name = self.fresh(prefix)
        self.put(f"{name} = {expression}")
        return name

    def fresh(self, prefix: str = "t") -> str:
        """A variable that is not used yet."""
        self._count += 1
        return f"{prefix}{self._count}"

    def hold(self, value: object, prefix: str = "K") -> str:
        """The name by which the generated code reads an object made beforehand."""
        for name, known in self.names.items():
            if type(known) is type(value) and known == value and repr(known) == repr(value):
                return name
        name = f"{prefix}{len(self.names)}"
        self.names[name] = value
        return name

    def text(self, name: str, argument: str) -> str:
        """The whole function."""
        body = "\n".join("    " * (depth + 1) + statement for depth, statement in self.lines)
        return f"def {name}({argument}):\n{body}\n"

    # ---- what is known already

    @property
    def in_branch(self) -> bool:
        """Whether what is written now is computed in some cases only."""
        return len(self._scopes) > 1

    def remembered(self, key: Hashable) -> object | None:
        """What was computed before on every way that leads here."""
        for scope in reversed(self._scopes):
            if key in scope:
                return scope[key]
        return None

    def remember(self, key: Hashable, value: object) -> None:
        """Keep what was computed, until the branch ends."""
        self._scopes[-1][key] = value

    # ---- branches

    def choose(self, cases: Sequence[Case]) -> list[Value]:
        """The values of the first case whose condition holds; the last case has none.

        A case that is an error wherever it is reached becomes a doubt: the interpreter is asked.
        """
        first = cases[0]
        if first[0] in (None, "True"):
            return first[1]()
        if first[0] == "False":
            return self.choose(cases[1:])
        bodies: list[tuple[str | None, list[tuple[int, str]], list[Value] | None]] = []
        for condition, make in cases:
            if condition == "False":
                continue
            bodies.append((None if condition == "True" else condition, *self._branch(make)))
            if bodies[-1][0] is None:
                break
        known = [values for _, _, values in bodies if values is not None]
        if not known:
            raise RefusedError("whatever the figures are, this is an error")
        merged = [_merge(self, column) for column in zip(*known, strict=True)]
        for index, (condition, lines, values) in enumerate(bodies):
            word = "else" if condition is None else f"{'el' if index else ''}if {condition}"
            self.put(f"{word}:")
            self.lines.extend((depth + 1, statement) for depth, statement in lines)
            written = len(lines)
            for column, value in enumerate(values or ()):
                assignments = merged[column][1](value)
                self.lines.extend((1, statement) for statement in assignments)
                written += len(assignments)
            if values is None:
                self.lines.append((1, DOUBT))
            elif not written:
                self.lines.append((1, "pass"))
        return [value for value, _ in merged]

    def _branch(self, make: Callable[[], list[Value]]) -> tuple[list[tuple[int, str]], list[Value] | None]:
        outside, self.lines = self.lines, []
        self._scopes.append({})
        try:
            return self.lines, make()
        except RefusedError:
            return [], None
        finally:
            self._scopes.pop()
            self.lines = outside

    def pick(self, cases: Sequence[tuple[str | None, Callable[[], Value]]]) -> Value:
        """The same for one value."""

        def listed(make: Callable[[], Value]) -> Callable[[], list[Value]]:
            return lambda: [make()]

        return self.choose([(condition, listed(make)) for condition, make in cases])[0]

    def known(self, make: Callable[..., Value], *values: Value) -> Value:
        """What is computed from values of which none is no data; no data where one is."""
        if any(isinstance(one, NoData) for one in values):
            return NO_DATA
        tests = dict.fromkeys(one.absent for one in values if not isinstance(one, NoData) and one.unsure)
        if not tests:
            return make(*values)
        sure = [one.sure for one in values if not isinstance(one, NoData)]
        return self.pick([(" or ".join(tests), lambda: NO_DATA), (None, lambda: make(*sure))])


# ---- branches that come together again

Assign = Callable[[Value], list[str]]


def _merge(source: Source, values: Sequence[Value]) -> tuple[Value, Assign]:
    """One value for what every branch came to, and how each branch assigns it."""
    if all(one == values[0] for one in values) and _outside(values[0]):
        return values[0], lambda _: []
    name = source.fresh()
    unsure = any(isinstance(one, NoData) or one.unsure for one in values)
    known = [one for one in values if not isinstance(one, NoData)]
    if isinstance(known[0], Truth):
        return Truth(name, unsure), lambda one: [f"{name} = {getattr(one, 'code', None)}"]
    numbers = [one for one in known if isinstance(one, Num)]
    assert len(numbers) == len(known), "kinds are checked before"
    factor = common([one.factor for one in numbers])
    shared = {one.den for one in numbers}
    den = source.fresh("d") if shared != {"1"} else "1"

    def assign(one: Value) -> list[str]:
        if not isinstance(one, Num):
            return [f"{name} = None"] + ([f"{den} = 1"] if den != "1" else [])
        multiple = one.factor / factor
        assert multiple.denominator == 1, "a common factor divides all"
        text = term(multiple.numerator, one.num)
        if one.unsure and multiple != 1:
            text = f"None if {one.absent} else {text}"
        return [f"{name} = {text}"] + ([f"{den} = {one.den}"] if den != "1" else [])

    return Num(factor, name, den, unsure), assign


def _outside(value: Value) -> bool:
    """Whether a value is no variable, so that it means the same in every branch."""
    return isinstance(value, NoData) or value.constant is not None


def common(factors: Sequence[Fraction]) -> Fraction:
    """The greatest number of which all factors are whole multiples."""
    whole = lcm(*(one.denominator for one in factors))
    return Fraction(gcd(*(one.numerator * (whole // one.denominator) for one in factors)) or 1, whole)


def term(multiple: int, *names: str) -> str:
    """A product as text, without needless ones."""
    parts = [name for name in names if name != "1"]
    if multiple == 0:
        return "0"
    if not parts:
        return str(multiple)
    text = "*".join(parts)
    return text if multiple == 1 else f"-{text}" if multiple == -1 else f"{multiple}*{text}"
