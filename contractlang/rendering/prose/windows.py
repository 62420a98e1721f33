"""Windows of time as noun phrases.

In: window expressions of the tree. Out: words such as `from 21:00 to 06:00, Sundays and French holidays`.
"""

from contractlang.calendar import Days
from contractlang.rendering.prose.phrasing import Phrasing
from contractlang.syntax import tree


def window(phrasing: Phrasing, node: tree.WindowExpression) -> str:
    """The times that a window holds."""
    say = phrasing.say
    match node:
        case tree.WindowTimes():
            over = " over midnight" if node.start >= node.end else ""
            return say(f"window times{over}", start=_time(node.start), end=_time(node.end))
        case tree.WindowName():
            return _named(phrasing, node.name.text)
        case tree.WindowWeekdays():
            return say("window weekdays", first=_day(phrasing, node.first), last=_day(phrasing, node.last))
        case tree.WindowDates():
            days = phrasing.language.days(Days(node.start, node.end))
            return say("window day" if (node.end - node.start).days == 1 else "window days", days=days)
        case tree.WindowHolidays():
            country, _, part = node.region.text.partition("-")
            name = phrasing.language.country(country)
            return say("window holidays part" if part else "window holidays", country=name, part=part)
        case tree.WindowParen():
            return window(phrasing, node.value)
        case tree.WindowCombination():
            left, right = (_side(phrasing, one, node.operator) for one in (node.left, node.right))
            return say(f"window {node.operator}", left=left, right=right)


def _side(phrasing: Phrasing, node: tree.WindowExpression, operator: str) -> str:
    bare = node.value if isinstance(node, tree.WindowParen) else node
    words = window(phrasing, bare)
    return f"({words})" if isinstance(bare, tree.WindowCombination) and bare.operator != operator else words


def _named(phrasing: Phrasing, name: str) -> str:
    key = f"weekday {name.lower()}"
    if name not in phrasing.scope.windows and phrasing.knows(key):
        return phrasing.say(key)
    return phrasing.term(name)


def _day(phrasing: Phrasing, name: tree.Name) -> str:
    key = f"weekday {name.text.lower()}"
    return phrasing.say(key) if phrasing.knows(key) else name.text


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
