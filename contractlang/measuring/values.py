"""What a supplied figure is worth: its text and its measure in, an exact value in base units out.

A number is in the unit that the measure declares, or carries its own; a percent always carries its
sign. Nothing passes through a binary float (language design, section 3, and rulings, "Figures").

Codes: CL820 not a figure, CL821 comma, CL822 percent without its sign, CL823 unit, CL824 negative,
CL825 out of range.
"""

import re
from fractions import Fraction
from typing import TypeAlias

from contractlang import exact
from contractlang.calendar import Days
from contractlang.diagnostics import nearest
from contractlang.exact import plain
from contractlang.kinds import UNKNOWN
from contractlang.measuring.schema import Schema
from contractlang.syntax import tree
from contractlang.units import PLAIN, SECOND, Scale, Unit, UnitTable, has_no_thousandths

_SHARES = ("%", "point", "points")

LONGEST = 60
"""The most characters of a figure; a longer one is a slip or an attack, not a figure."""

_SPACES = " \u00a0\u202f"
_NUMBER = rf"[+-]?(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d[\d_]*)(?:\.\d+)?"
_FIGURE = re.compile(rf"({_NUMBER})[{_SPACES}]?([^\W\d]\w*(?:/[^\W\d]\w*)*|%)?")
_COMMA = re.compile(rf"[+-]?[\d{_SPACES}._]*,[\d{_SPACES}.,_]*\d[{_SPACES}]?([^\W\d][\w/]*|%)?")
_CLOCK = re.compile(r"(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)")
_SHORT_CLOCK = re.compile(r"\d+:\d+")
_ISO = re.compile(r"PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
_YES = frozenset({"yes", "true"})
_NO = frozenset({"no", "false"})

_LONGEST_MONTH = 31

Value: TypeAlias = Fraction | bool | None


class Wrong(Exception):  # noqa: N818
    """Why a text is not the value of a figure: the code, the words, and what to do."""

    def __init__(self, code: str, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.cure = cure


def read_value(text: str, measure: tree.Measure, schema: Schema, days: Days) -> Value:
    """The value of a figure for some days in base units, None for `no data`; raises Wrong."""
    text = text.strip()
    if text == "no data":
        return None
    name = measure.name.text
    if len(text) > LONGEST:
        raise Wrong("CL820", f'the figure "{name}" has {len(text)} characters, which no figure has')
    if _is_yes_no(text, measure, schema):
        return _yes_no(text, name)
    declared = _declared(measure, schema)
    value = _quantity(text, name, measure, declared or _computed(measure, schema), schema)
    # A range is that of one period, so a quantity of several months may well pass it.
    if days.count <= _LONGEST_MONTH or declared is None or not is_added(declared.unit):
        _check_range(value, text, measure, declared, schema)
    return value


def doubt_of(text: str, measure: tree.Measure, schema: Schema) -> tuple[str, str] | None:
    """What is doubtful in a figure that can be read, and what to do: `12.345` calls are hardly meant."""
    match = _FIGURE.fullmatch(text.strip())
    declared = _declared(measure, schema) or _computed(measure, schema)
    scale = schema.units.scale(match[2]) if match is not None and match[2] else declared
    if match is None or scale is None or not has_no_thousandths(scale):
        return None
    if not re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", match[1]):
        return None
    thousands = text.strip().replace(".", " ")
    word = scale.unit.single if scale.unit.currency else scale.text
    return (
        f'a point parts decimals, so "{measure.name.text}" is {plain(Fraction(match[1]))} {word} here',
        f"write {thousands} if thousands are meant",
    )


def _is_yes_no(text: str, measure: tree.Measure, schema: Schema) -> bool:
    if measure.unit is not None:
        return measure.unit.text == "boolean"
    kind = schema.kinds.get(measure.name.text, UNKNOWN)
    if not kind.is_unknown:
        return kind.what == "boolean"
    return measure.formula is not None and text.casefold() in _YES | _NO


def _yes_no(text: str, name: str) -> bool:
    word = text.casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise Wrong("CL820", f'the figure "{name}" is a yes or a no, not "{text}"', "write yes, no or no data")


def _declared(measure: tree.Measure, schema: Schema) -> Scale | None:
    return None if measure.unit is None else schema.units.scale(measure.unit.text)


def _computed(measure: tree.Measure, schema: Schema) -> Scale | None:
    """What a figure that its formula alone describes is in; None where that is a number without unit."""
    kind = schema.kinds.get(measure.name.text, UNKNOWN)
    if measure.unit is not None or not kind.is_number:
        return None
    if kind.scale is not None:
        return kind.scale
    if kind.unit.is_plain:
        return schema.units.scale("points" if kind.points else "%") if kind.percent else None
    word = kind.unit.single or str(kind.unit)
    return schema.units.counted(Scale(word, kind.unit))


def _leaves_time_open(measure: tree.Measure, schema: Schema) -> bool:
    """Whether a figure holds a length of time that nothing says to be in hours, minutes or seconds."""
    kind = schema.kinds.get(measure.name.text, UNKNOWN)
    if measure.unit is not None or kind.scale is not None:
        return False
    return any(base == "second" for base, _ in kind.unit.powers)


def _quantity(
    text: str, name: str, measure: tree.Measure, declared: Scale | None, schema: Schema
) -> Fraction:
    seconds = _duration(text, name)
    if seconds is not None:
        if declared is not None and declared.unit != SECOND:
            raise Wrong(
                "CL823",
                f'the figure "{name}" is in {declared.text}, and "{text}" is a length of time',
            )
        return seconds
    match = _FIGURE.fullmatch(text)
    if match is None:
        raise _not_a_figure(text, name)
    number = Fraction(re.sub(rf"[{_SPACES}_]", "", match[1]))
    if match[2] is None:
        said = "" if declared is None else declared.text
        if measure.unit is None and said in _SHARES:
            # Where only a formula says that a figure is a share, 0.94 is 94%, and 94 would be 9 400%.
            if abs(number) <= 1 and not _percent_range(measure):
                return number
            said = "%"
        if said == "%" or _percent_range(measure):
            raise Wrong(
                "CL822",
                f'the figure "{name}" is a percent, and {text} alone is not',
                f"write {text}% if {text} percent is meant",
            )
        if _leaves_time_open(measure, schema):
            raise Wrong(
                "CL823",
                f'the figure "{name}" holds a length of time, and {text} alone does not say of what',
                _timed(text, declared),
            )
        return number if declared is None else number * declared.factor
    units = schema.units
    scale = units.scale(match[2])
    if scale is None:
        near = nearest(match[2], units.words)
        known = declared.text if declared is not None and declared.text != "%" else ""
        cure = f'the nearest is "{near}"' if near else known and f"write a number alone for {known}"
        raise Wrong("CL823", f'no unit is called "{match[2]}"', cure)
    if scale.unit.price_currency not in (None, schema.currency):
        raise Wrong("CL823", f'the contract is in {schema.currency}, and "{text}" is not (figure "{name}")')
    if declared is not None and scale.unit != declared.unit:
        if _leaves_time_open(measure, schema):
            message = f'the figure "{name}" holds a length of time, and "{text}" is in {_words(scale)}'
            raise Wrong("CL823", message, _timed(match[1], declared))
        raise Wrong(
            "CL823",
            f'the figure "{name}" is in {_words(declared)}, and "{text}" is in {_words(scale)}',
            f"write a number alone for {_words(declared)}"
            if declared.unit != PLAIN
            else "write it with its sign, %",
        )
    return number * scale.factor


def _timed(number: str, declared: Scale | None) -> str:
    """What to write for a number that holds a length of time, in each unit that may be meant."""
    per = declared.text.partition("/")[2] if declared is not None else ""
    words = [f"{number} {word}{per and '/' + per}" for word in ("hours", "min", "s")]
    return f"write {words[0]}, {words[1]} or {words[2]}"


def _words(scale: Scale) -> str:
    return "percent" if scale.text == "%" else scale.text


def _duration(text: str, name: str) -> Fraction | None:
    if match := _CLOCK.fullmatch(text):
        return 3600 * int(match[1]) + 60 * int(match[2]) + Fraction(match[3])
    if match := _ISO.fullmatch(text):
        hours, minutes, seconds = (Fraction(part or 0) for part in match.groups())
        return 3600 * hours + 60 * minutes + seconds
    if _SHORT_CLOCK.fullmatch(text):
        raise Wrong(
            "CL820",
            f'"{text}" can be read as hours and minutes or as minutes and seconds (figure "{name}")',
            f"write {text}:00 or 0:{text}",
        )
    return None


def _not_a_figure(text: str, name: str) -> Wrong:
    if _COMMA.fullmatch(text):
        return Wrong("CL821", *comma_words(text))
    if not text or text in ("~", "null"):
        return Wrong("CL820", f'nothing is written for the figure "{name}"', "write its value, or `no data`")
    return Wrong(
        "CL820",
        f'"{text}" is not a number (figure "{name}")',
        "write a number such as 12 345.67, with its unit if you like, or `no data`",
    )


def comma_words(text: str) -> tuple[str, str]:
    """What is wrong with a number that holds a comma, and what to write for each of its readings."""
    thousands, point = text.replace(",", " "), text.replace(",", ".")
    if text.count(",") > 1:
        return f'a comma has no meaning in "{text}"', f"write {thousands}"
    if re.search(r",\d{3}(?!\d)", text) and "." not in text:
        return (
            f'"{text}" can be read with its comma for thousands or for decimals',
            f"write {thousands} or {point}",
        )
    if "." in text:
        return f'a comma has no meaning in "{text}"', f"write {text.replace(',', ' ')}"
    return f'the decimals of "{text}" follow a point, not a comma', f"write {point}"


def _percent_range(measure: tree.Measure) -> bool:
    return measure.between is not None and any(_holds_percent(bound) for bound in measure.between)


def _holds_percent(bound: tree.Expression) -> bool:
    if isinstance(bound, tree.Paren | tree.Negative):
        return _holds_percent(bound.value)
    return isinstance(bound, tree.Percent)


def _check_range(
    value: Fraction, text: str, measure: tree.Measure, declared: Scale | None, schema: Schema
) -> None:
    name = measure.name.text
    unit = PLAIN if declared is None else declared.unit
    if measure.between is None:
        if value < 0 and unit.currency is None:
            raise Wrong(
                "CL824",
                f'the figure "{name}" is negative: {text}',
                "the contract can allow it with `between`, as in `between -100 and 100`",
            )
        return
    low, high = (constant(bound, schema.units, declared) for bound in measure.between)
    if (low is not None and value < low) or (high is not None and value > high):
        written = " and ".join(_written(bound) for bound in measure.between)
        raise Wrong("CL825", f'the figure "{name}" is {text}, and the contract says it is between {written}')


def constant(bound: tree.Expression, units: UnitTable, declared: Scale | None = None) -> Fraction | None:
    """The value of a bound in base units, None where it is no constant.

    A bare number is in the unit of the measure (`in hours between 0 and 24`).
    """
    if isinstance(bound, tree.Paren):
        return constant(bound.value, units, declared)
    if isinstance(bound, tree.Negative):
        found = constant(bound.value, units, declared)
        return None if found is None else -found
    if isinstance(bound, tree.Percent):
        return exact.number(bound.value) / 100
    if isinstance(bound, tree.Number):
        scale = declared if bound.unit is None else units.scale(bound.unit.text)
        return exact.number(bound.value) * (scale.factor if scale else 1)
    return None


def _written(bound: tree.Expression) -> str:
    if isinstance(bound, tree.Paren):
        return _written(bound.value)
    if isinstance(bound, tree.Negative):
        return "-" + _written(bound.value)
    if isinstance(bound, tree.Percent):
        return f"{bound.value}%"
    if isinstance(bound, tree.Number):
        return f"{bound.value} {bound.unit.text}" if bound.unit else f"{bound.value}"
    return "its bound"


def is_added(unit: Unit) -> bool:
    """Whether quantities of a unit add up over time: things, lengths of time and money do."""
    return unit.single is not None
