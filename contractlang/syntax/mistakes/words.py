"""Words that are misspelt, names of several words, and declarations in the wrong place."""

import re
from collections.abc import Mapping

from contractlang.diagnostics import Diagnostic, error, nearest
from contractlang.syntax.mistakes.failure import HEADER, Cure, Explained, Failure, line_end
from contractlang.text import Span

# What people write for a word of the language, where their spelling alone would not tell.
_SYNONYMS = {
    "bonus": "bonus-malus", "malus": "bonus-malus", "price": "rate", "tariff": "rate", "kpi": "measure",
    "metric": "measure", "indicator": "measure", "cap": "limit", "ceiling": "limit", "floor": "minimum",
    "import": "include", "supplier": "provider", "vendor": "provider", "customer": "client",
    "buyer": "client", "start": "from", "end": "until", "default": "otherwise", "less": "below",
    "under": "below", "more": "above", "greater": "above", "exceeding": "above", "rest": "beyond",
    "equals": "is", "max": "at most", "maximum": "at most", "min": "at least",
    "minimum": "at least", "expected": "expect", "suppose": "given", "avenant": "amendment",
    "billed": "invoiced", "billing": "invoiced", "tax": "vat", "while": "during",
    "starting": "from", "cancel": "remove", "delete": "remove", "unless": "except", "exempted": "exempt",
    "otherwise": "else", "nothing": "no data", "nodata": "no data", "null": "no data",
}  # fmt: skip
_ARTICLES = {"INCLUDE": "an include", "AMOUNT": "an amount", "INDEX": "an index",
             "AMENDMENT": "an amendment", "INVARIANT": "an invariant"}  # fmt: skip
_OUTSIDE = frozenset(
    "INCLUDE UNIT USAGE WINDOW MEASURE RATE AMOUNT INDEX PHASE AMENDMENT TEST INVARIANT".split()
)


def name(failure: Failure) -> Explained | Diagnostic | None:
    """A name of several words, or a title without quotes."""
    text, last = failure.source.text, failure.last
    if (failure.terminal == "MINUS" and last.kind == "NAME" and failure.before("NAME")) or (
        failure.terminal == "MINUS" and failure.stack[-1].kind == "Name" and "STRING" in failure.expected
    ):  # fmt: skip
        found = re.compile(r"\w+(?:[-−]\w+)+").match(text, last.start)
        if found is not None:
            return error("CL134", f'a name has no hyphen: "{found.group()}"',
                         Span(failure.source, found.start(), found.end()),
                         f"write `{re.sub('[-−]', '_', found.group())}`")  # fmt: skip
    if failure.terminal == "NUMBER" and "NAME" in failure.expected and "NUMBER" not in failure.expected:
        found = re.compile(r"\d+[^\W\d]\w*").match(text, failure.start)
        if found is not None:
            said = error("CL134", f'a name begins with a letter: "{found.group()}"',
                         Span(failure.source, found.start(), found.end()),
                         "put the digits at its end")  # fmt: skip
            return Explained(said, Cure("NAME", found.end()))
    # The first of the two words is read as another word where one fits, and then the second does not.
    start = last.start if failure.word == "malus" else failure.start
    found = re.compile(r"bonus[ \t]+malus\b").match(text, start)
    if found is not None:
        place = Span(failure.source, start, found.end())
        said = error("CL125", '"bonus malus" is written `bonus-malus`', place, "write `bonus-malus`")
        return Explained(said, Cure("BONUS_MALUS", found.end(), start))
    named = failure.stack[-1].kind == "Name" and failure.same_line
    following = text[failure.end : line_end(text, failure.end)].lstrip()[:1]
    if failure.terminal in ("NAME", "ASSIGNED") and named and "STRING" in failure.expected:
        if following and following in "(.+*/-":
            return None
        name = text[last.start : last.end]
        if failure.word == "boolean" and "IN" in failure.expected:
            said = failure.says(
                "CL134", "a figure is `in boolean`, as another is `in hours`", "write `in boolean`"
            )
            return Explained(said, Cure("IN", failure.start))
        if following == "=":
            return Explained(
                failure.says("CL134", "a name is one word", f"write `{name}_{failure.word}`"),
                Cure("", failure.end),
            )
        title, end = _title(failure)
        place = Span(failure.source, failure.start, end)
        if name.casefold() == title.casefold():
            said = error("CL134", "a title stands between quotes", place, f'write `{name} "{title}"`')
        else:
            said = error("CL134", "a name is one word, and a title stands between quotes", place,
                         f'write `{name}_{failure.word}`, or `{name} "{title}"`')  # fmt: skip
        return Explained(said, Cure("", end))
    if failure.terminal in ("NAME", "ASSIGNED", "ZONE") and failure.expected <= {"STRING"}:
        end = re.compile(r"[^\s{}#\"]*").match(text, failure.start).end()  # type: ignore[union-attr]
        written = text[failure.start : end]
        said = error("CL134", "a text stands between quotes here", Span(failure.source, failure.start, end),
                     f'write "{written}"')  # fmt: skip
        return Explained(said, Cure("STRING", end))
    return None


def _title(failure: Failure) -> tuple[str, int]:
    """The words on the line from the mistake on, up to a sign or a word of the language."""
    text = failure.source.text
    end = failure.end
    spoken = {words.split()[0] for words in failure.texts.values()}
    for word in re.compile(r"[ \t]+(\w+)").finditer(text, end, line_end(text, end)):
        if word.start() != end or word.group(1) in spoken:
            break
        end = word.end()
    return text[failure.start : end], end


def misspelt(failure: Failure) -> Explained | Diagnostic | None:
    """A word of the language that is misspelt, or another word for it."""
    words = {failure.texts[name]: name for name in sorted(failure.expected) if name in failure.texts}
    several = _misspelt_words(failure, words)
    if several is not None:
        return several
    if failure.terminal not in ("NAME", "ASSIGNED", "MISSPELT"):
        return None
    word = failure.word
    same = next((one for one in words if one == word.casefold()), None)
    synonym = _SYNONYMS.get(word.casefold(), "")
    # `up 85%` lacks the rest of `up to`.
    longer = sorted(one for one in words if one.startswith(word + " "))
    near = nearest(word, sorted(words)) if len(word) > 2 else None
    if same is not None:
        meant, message = same, f"the words of the language are written small: `{same}`"
    elif synonym in words:
        meant, message = synonym, f'"{word}" is written `{synonym}` here'
    elif longer:
        meant, message = longer[0], f"`{word}` is written `{longer[0]}` here"
    elif near is not None:
        meant, message = near, f'nothing is written as "{word}" here; the nearest word is "{near}"'
    else:
        return None
    return Explained(failure.says("CL125", message, f"write `{meant}`"), Cure(words[meant], failure.end))


def _misspelt_words(failure: Failure, words: Mapping[str, str]) -> Explained | None:
    """A keyword of several words, such as `in advance`, of which the first alone is right."""
    text = failure.source.text
    for keyword in words:
        count = keyword.count(" ")
        if not count or not keyword.startswith(text[failure.start : failure.start + 2]):
            continue
        found = re.compile(rf"\w+(?:[ \t]+\w+){{{count}}}").match(text, failure.start)
        written = " ".join(found.group().split()) if found else ""
        if found and (written == keyword or nearest(written, [keyword])):
            said = error("CL125", f'"{written}" is written `{keyword}`',
                         Span(failure.source, failure.start, found.end()), f"write `{keyword}`")  # fmt: skip
            return Explained(said, Cure(words[keyword], found.end()))
    return None


def misplaced(failure: Failure) -> Diagnostic | None:
    """A declaration or clause that is right, and stands in the wrong block."""
    terminal, place = failure.terminal, failure.source.text.rfind("\n", 0, failure.start) + 1
    if failure.source.text[place : failure.start].strip() or "FROM" in failure.expected:
        return None
    if terminal in HEADER and failure.head is None:
        return failure.says(
            "CL136", f"`{failure.word}` stands in the header", 'write it in `contract "…" { … }`'
        )
    for terminals, where in (
        (("TRANSITION_TO",), "the phase that it leaves"),
        (("GIVEN", "EXPECT"), "a test"),
        (("REMOVE",), "an amendment"),
    ):
        if terminal in terminals and terminal not in failure.expected and "UNIT" in failure.expected:
            return failure.says("CL136", f"`{failure.word}` stands in {where}", f"write it inside {where}")
    if terminal in _OUTSIDE and failure.block in failure.texts and "RBRACE" in failure.expected:
        what = _ARTICLES.get(terminal, f"a {failure.texts[terminal]}")
        block = _ARTICLES.get(failure.block, f"a {failure.texts[failure.block]}")
        return failure.says("CL136", f"{what} does not stand in {block}", "write it outside, before or after")
    return None
