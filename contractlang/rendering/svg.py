"""The few pieces of SVG that all drawings are made of: texts that cannot break out, and coordinates."""

import re
from fractions import Fraction

from markupsafe import escape

from contractlang.exact import approximate

# XML has no place for these characters, escaped or not.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def words(text: str) -> str:
    """A text of a contract as text of an XML file: nothing in it is markup."""
    return str(escape(_NO_XML.sub("\ufffd", text)))


def text(x: Fraction | int, y: Fraction | int, told: str, kind: str, anchor: str = "start") -> str:
    """A text at its baseline; `anchor` is start, middle or end."""
    place = f'x="{at(x)}" y="{at(y)}"' + ("" if anchor == "start" else f' text-anchor="{anchor}"')
    return f'<text {place} class="{kind}">{words(told)}</text>'


def at(value: Fraction | int) -> str:
    """A coordinate in pixels, to a tenth."""
    return approximate(Fraction(value), 1)
