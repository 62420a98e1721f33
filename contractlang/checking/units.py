"""Units: declared once, known where they are used, and fixed multiples that are fixed."""

from collections.abc import Iterator
from fractions import Fraction

from contractlang.checking.survey import Survey
from contractlang.checking.wording import said_number
from contractlang.diagnostics import Diagnostic, Label, error, nearest, warning
from contractlang.exact import CURRENCIES
from contractlang.kinds import fixed_multiple
from contractlang.syntax import tree
from contractlang.units import BUILT_IN, has_no_thousandths


def check_unit_words(survey: Survey) -> Iterator[Diagnostic]:
    """CL225: a unit that is nowhere declared."""
    said: set[str] = set()
    for word in _words(survey):
        if word.text == "boolean" or survey.scope.units.scale(word.text) is not None:
            continue
        known = [*survey.scope.units.words, "boolean"]
        parts = word.text.split("/")
        wrong = next(
            (
                part
                for index, part in enumerate(parts)
                if part not in survey.scope.units.words and not (index == 0 and part in CURRENCIES)
            ),
            word.text,
        )
        if wrong.removesuffix("s") in said:
            continue  # A unit that was forgotten is one mistake, however often it is written.
        said.add(wrong.removesuffix("s"))
        written = word.text.replace(wrong, wrong.upper(), 1)
        near = nearest(wrong, [*known, *sorted(CURRENCIES)] if wrong.isupper() else known)
        if parts[0] == wrong and wrong.upper() in CURRENCIES and not wrong.isupper():
            cure = f"write `{written}`"
        elif near:
            cure = f'the nearest is "{near}"'
        elif wrong.isupper() and len(wrong) == 3:
            cure = "write the three letters of a currency, such as EUR"
        else:
            cure = f"declare it: `unit {wrong}`"
        yield error("CL225", f'no unit is called "{wrong}"', word.span, cure)


def _words(survey: Survey) -> Iterator[tree.UnitName]:
    for visit in survey.visits:
        if isinstance(visit.node, tree.UnitName):
            yield visit.node


def check_dotted_thousands(survey: Survey) -> Iterator[Diagnostic]:
    """CL712: `8.000 calls` is eight, and who writes it means eight thousand."""
    for visit in survey.visits:
        node = visit.node
        if not isinstance(node, tree.Number) or node.unit is None or not 1 <= node.value < 1000:
            continue
        scale = survey.scope.units.scale(node.unit.text)
        if scale is None or node.value.as_tuple().exponent != -3 or not has_no_thousandths(scale):
            continue
        few, many = (f"{said_number(Fraction(node.value) * by)} {node.unit.text}" for by in (1, 1000))
        yield warning(
            "CL712",
            f"a point parts decimals, so this is {few}",
            node.span,
            f"write `{many}` if thousands are meant, else `{few}`",
        )


def check_units_declared_once(survey: Survey) -> Iterator[Diagnostic]:
    """CL226: a unit word that is declared twice, or that the language has already."""
    seen: dict[str, tree.Unit] = {}
    for one in survey.all(tree.Unit):
        unit = one.node
        assert isinstance(unit, tree.Unit), "asked for units only"
        if one.amendment is not None:
            continue
        plural = unit.plural or tree.Name(f"{unit.name}s", span=unit.name.span)
        for name in (unit.name, plural):
            # Days become hours only by a `unit` line, so a day may be said to be some.
            if unit.name.text == "day" and unit.equals is not None and plural.text in ("day", "days"):
                break
            if name.text in BUILT_IN or name.text in CURRENCIES:
                yield error(
                    "CL226",
                    f'the unit "{name}" is part of the language',
                    name.span,
                    "give this unit another name",
                )
                break
            if name.text in seen and seen[name.text] is not unit:
                yield error(
                    "CL226",
                    f'the unit "{name}" is declared twice',
                    name.span,
                    "keep one of the two",
                    (Label(seen[name.text].name.span, "declared here first"),),
                )
                break
            seen.setdefault(name.text, unit)


def check_fixed_multiples(survey: Survey) -> Iterator[Diagnostic]:
    """CL227: `unit workday = 7 hours` is a number and a unit, and never its own multiple."""
    for one in survey.all(tree.Unit):
        unit = one.node
        assert isinstance(unit, tree.Unit), "asked for units only"
        if unit.equals is None or fixed_multiple(unit.equals, survey.scope.units) is not None:
            continue
        value = unit.equals
        while isinstance(value, tree.Paren):
            value = value.value
        word = value.unit if isinstance(value, tree.Number) else None
        if word is not None and survey.scope.units.scale(word.text) is None:
            units = {other.name.text for other in survey.scope.declarations if isinstance(other, tree.Unit)}
            if word.text not in units:
                continue  # The unit word itself is unknown, and that is said already.
            yield error(
                "CL227",
                f'the unit "{unit.name}" is a multiple of itself',
                unit.equals.span,
                "say how many hours, days or things it is",
            )
        else:
            yield error(
                "CL227",
                f'the unit "{unit.name}" is not a fixed multiple of another unit',
                unit.equals.span,
                f"write a number and a unit, such as `unit {unit.name} = 7 hours`",
            )
