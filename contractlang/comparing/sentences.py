"""A difference in a sentence: the clause, what it was and what it is.

In: a difference. Out: `rate hourly: 32.50 → 33.80 EUR/hour from 2027-01-01 (+4.0%)`. Values are written
as the contract writes them; only the percent behind a price is computed, and rounded to a tenth.
"""

from datetime import date
from fractions import Fraction
from typing import Any

from contractlang.comparing.difference import Clause, Difference
from contractlang.comparing.sameness import bare
from contractlang.comparing.words import edge_words, one_line, shown, shown_edge
from contractlang.exact import CURRENCIES, approximate, number
from contractlang.syntax import tree

# What each attribute is called; an empty name stands for the value of the clause itself.
_NAMES = {
    "value": "", "source": "", "frequency": "", "way": "", "price": "", "quantity": "", "formula": "",
    "row value": "", "tier price": "",
    "condition": "",
    "no data": "", "per": "per", "tier edge": "tier edge", "tier plus": "plus", "edge": "band edge",
    "at_most": "at most", "at_least": "at least", "bonus_at_most": "bonus at most",
    "malus_at_most": "malus at most", "bonus_when": "bonus when", "malus_when": "malus when",
    "start": "from", "once_on": "once on", "vat": "VAT", "as_of": "as of", "otherwise": "else",
    "not_added": "not added", "prorated_by_day": "prorated by day", "not_prorated": "not prorated",
    "one_line_per_tier": "one line per tier", "carried_forward": "carried forward", "timing": "in",
    "not_before": "not before", "between": "between", "indexed": "", "indexed index": "indexed on",
    "indexed base": "base", "indexed every": "revised every", "indexed fixed_part": "fixed part",
    "indexed lag": "lag", "indexed coefficient": "coefficient", "indexed at_most": "index at most",
    "indexed unchanged_within": "unchanged within", "kind": "kind", "equals": "", "effective": "effective",
    "first_day": "first day", "to": "leads to", "path": "file", "reason": "reason", "unit": "unit",
}  # fmt: skip
_QUOTED = frozenset({"label", "title", "reason", "path"})
_PRICINGS = (tree.Graduated, tree.Volume, tree.Package)


def sentence(difference: Difference) -> str:
    """The difference as a sentence, with the day from which it counts."""
    clause, attribute = difference.clause, difference.attribute
    if attribute == "name":
        titled = clause.kind == "invariant"
        old, new = (f'"{one}"' if titled else one for one in (difference.old, difference.new))
        return f"{clause.kind} {old} is called {new} now"
    subject = _subject(clause)
    if attribute == "column name":
        return f"{subject}: column {difference.old} is called {difference.new} now"
    if attribute in ("added", "removed", "no longer removed"):
        return f"{subject}{_summary(difference)} {attribute}{_since(difference)}"
    if attribute in ("restated", "no longer restated"):
        return f"{subject} {attribute} without a change of its terms{_since(difference)}"
    if attribute == "kind":
        article = "an" if clause.kind == "amount" else "a"
        old_kind = clause.old.kind.replace("_", "-")
        return f"{old_kind} {clause.name} is {article} {clause.kind} now{_since(difference)}"
    if attribute == "phase":
        return f"{subject} moved: {_home(difference.old)} → {_home(difference.new)}{_since(difference)}"
    if attribute.startswith(("order of", "first phase")):
        what = "first phase" if attribute == "first phase" else attribute
        return f"contract: {what}: {difference.old} → {difference.new}"
    if attribute == "from":
        dates = f"{difference.old.start.isoformat()} → {difference.new.start.isoformat()}"
        return f"{subject}: {difference.where} applies from {dates}"
    if attribute.startswith("dated "):
        return _dated(subject, difference)
    return _changed(subject, difference)


def _changed(subject: str, difference: Difference) -> str:
    attribute = difference.attribute
    where = (
        f", {_quoted(difference.where)}"
        if difference.where and attribute not in ("edge", "tier edge")
        else ""
    )
    if attribute in ("column", "part", "row"):
        what = f" {attribute} {difference.where}"
        if difference.old is None or difference.new is None:
            come = "added" if difference.old is None else "removed"
            return f"{subject}:{what} {come}{_value_of(difference)}{_since(difference)}"
        if attribute == "row":
            # Another text of the column is given the same price.
            other = edge_words(difference.new)
            return f"{subject}:{what} → {other}{_value_of(difference)}{_since(difference)}"
        return f"{subject}:{what} {_both(difference.old, difference.new)}{_since(difference)}"
    name = _NAMES.get(attribute, attribute.replace("_", " "))
    words = f" {name}" if name else ""
    if attribute in ("rows", "tiers"):
        what = "bands" if attribute == "rows" else "tiers"
        counts = f"{len(difference.old)} → {len(difference.new)} rows"
        # Too many rows for a sentence stand below it.
        rows = "; ".join(difference.detail)
        rows = f": {rows}" if one_line(rows) == rows else ""
        return f"{subject}{where}: {what} {counts}{_since(difference)}{rows}"
    if isinstance(difference.new, bool) or isinstance(difference.old, bool):
        come = "added" if difference.new else "removed"
        return f"{subject}{where}:{words} {come}{_since(difference)}"
    if attribute == "vat" and None in (difference.old, difference.new):
        pair = (difference.old, difference.new)
        old, new = (shown(one) if one is not None else "as the contract" for one in pair)
        return f"{subject}: VAT {old} → {new}{_since(difference)}"
    if difference.old is None or difference.new is None:
        come = "added" if difference.old is None else "removed"
        value = difference.new if difference.old is None else difference.old
        return f"{subject}{where}:{words} {_said(value)} {come}{_since(difference)}"
    if isinstance(difference.old, tree.Edge) and isinstance(difference.new, tree.Edge):
        upper = "upper" in difference.path
        both = f"{shown_edge(difference.old, upper)} → {shown_edge(difference.new, upper)}"
        return f"{subject}:{words} {both}{_since(difference)}"
    both = _quotes(attribute, difference.old, difference.new) + _interval(difference)
    return f"{subject}{where}:{words} {both}{_since(difference)}{percent(difference)}"


def _dated(subject: str, difference: Difference) -> str:
    row = difference.new if difference.new is not None else difference.old
    name = _NAMES.get(difference.attribute.removeprefix("dated "), "")
    words = f"{subject}: {name} " if name else f"{subject}: "
    if difference.standing is None:
        come = "added" if difference.old is None else "removed"
        return f"{words}{shown(row.value)} {come}{_since(difference)}"
    pair = (difference.standing, row.value)
    old, new = pair if difference.old is None else (pair[1], pair[0])
    return f"{words}{_arrow(shown(old), shown(new))}{_since(difference)}{rise(old, new)}"


def _subject(clause: Clause) -> str:
    if clause.kind == "contract":
        return "contract"
    if clause.kind == "transition":
        return f"phase {clause.phase}: transition to {clause.name}"
    name = f'"{clause.name}"' if clause.kind in ("amendment", "invariant") else clause.name
    return f"{clause.kind} {name}"


def _summary(difference: Difference) -> str:
    """What a clause that came or went says, where that is short."""
    node = difference.new if difference.new is not None else difference.old
    if isinstance(node, tree.Amendment):
        return f" effective {node.effective.isoformat()}"
    if isinstance(node, tree.Transition):
        return f" {shown(node)}"
    if isinstance(node, (tree.Line, tree.Measure, tree.Price)) and node.label:
        return f' "{node.label}"'
    return ""


def _home(phase: str | None) -> str:
    return f"phase {phase}" if phase else "outside every phase"


def _said(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return shown(value)


def _quotes(attribute: str, old: Any, new: Any) -> str:
    """Both values; what the author wrote between quotes stands between quotes."""
    if isinstance(old, str) and isinstance(new, str):
        return f'"{old}" → "{new}"' if attribute in _QUOTED else f"{old} → {new}"
    return _both(old, new)


def _interval(difference: Difference) -> str:
    """` per month`, behind the amount of a fee."""
    value = getattr(difference.clause.new, "value", None)
    if difference.attribute != "quantity" or not isinstance(value, tree.Priced) or value.price is not None:
        return ""
    return f" per {value.per.text}" if value.per is not None else ""


def _both(old: Any, new: Any) -> str:
    if type(old) is not type(new) and isinstance(old, _PRICINGS) and isinstance(new, _PRICINGS):
        return f"{_head(old)} → {_head(new)}"
    return _arrow(_said(old), _said(new))


def _arrow(old: str, new: str) -> str:
    """`32.50 → 33.80 EUR/hour`: a unit that both share is written once."""
    first, space, unit = old.rpartition(" ")
    other, _, same = new.rpartition(" ")
    if space and unit == same and _is_number(first) and _is_number(other):
        return f"{first} → {other} {unit}"
    return f"{old} → {new}"


def _head(pricing: Any) -> str:
    """How tiers price, without their rows."""
    return shown(pricing).partition("{")[0].strip()


def _is_number(text: str) -> bool:
    return bool(text) and text.replace(" ", "").lstrip("-+").replace(".", "", 1).isdigit()


def _value_of(difference: Difference) -> str:
    node = difference.new if difference.new is not None else difference.old
    if isinstance(node, (tree.Band, tree.ColumnRow)):
        return f" ({shown(node.value)})"
    return ""


def _quoted(words: str) -> str:
    return words if words.startswith('"') else f'"{words}"'


def effective_of(difference: Difference) -> date | None:
    """The day from which a difference counts, None where it counts from the first day of the term."""
    days = [one for one in (difference.effective, difference.clause.effective) if one is not None]
    return max(days) if days else None


def _since(difference: Difference) -> str:
    day = effective_of(difference)
    if day is None or difference.clause.kind == "amendment":
        return ""
    return f" from {day.isoformat()}"


def percent(difference: Difference) -> str:
    """By how much a price rose or fell: ` (+4.0%)`, nothing where it is no number."""
    return rise(difference.old, difference.new)


def rise(old: Any, new: Any) -> str:
    """The relative change of two prices in one unit, in brackets."""
    one, two = bare(old), bare(new)
    if not isinstance(one, tree.Number) or not isinstance(two, tree.Number):
        return ""
    if one.unit is None or two.unit is None or one.unit.text != two.unit.text or one.value <= 0:
        return ""
    if one.unit.text.split("/")[0] not in CURRENCIES:
        return ""
    change = (number(two.value) - number(one.value)) / number(one.value) * 100
    return f" ({signed_percent(change)})"


def signed_percent(value: Fraction) -> str:
    """A percent to a tenth, or to the first digit that says something, with its sign: `+4.0%`, `−3.1%`."""
    places = 1
    while value and places < 6 and abs(value) * 10**places * 2 < 1:
        # A change that is there is never +0.0%.
        places += 1
    text = approximate(abs(value), places)
    if "." not in text:
        text += ".0"
    return f"{'−' if value < 0 else '+'}{text}%"
