"""The words for what the grammar did not expect.

In: where reading stopped, what stood there and what could have stood there. Out: one `Diagnostic` in a
contract manager's words, with a cure. `_EXPLANATIONS` is the list of what people write instead, asked in
order, because the first that knows the mistake says more than the ones after it.

Codes: CL106 a character that means nothing, CL107 a comma in a number, CL108 too deep (`repair`), CL109
quotes, CL122 something unexpected, CL123 a brace that is never closed (`braces`), CL124 a `}` too many,
CL125 a keyword misspelt, CL126 an unfinished clause, CL127 `previous` without `else`, CL128 a price that
names no kind, CL129 too many mistakes (`repair`), CL130 a parenthesis, CL131 a sign that is missing,
CL132 a sign that is another one, CL133 a date, time or number written otherwise, CL134 a name of
several words or a title without quotes, CL135 a sum where one amount stands, CL136 a wrong place,
CL137 a merge that is not settled (`conflicts`).
"""

from collections.abc import Callable

from contractlang.diagnostics import Diagnostic
from contractlang.syntax.mistakes.clauses import missing_word, previous, unfinished
from contractlang.syntax.mistakes.failure import Explained, Failure, options
from contractlang.syntax.mistakes.figures import date_or_time, number, number_in_letters, span_of_time
from contractlang.syntax.mistakes.signs import (
    brace,
    characters,
    comment,
    condition,
    missing_sign,
    one_amount,
    other_sign,
    parenthesis,
    row,
    side_by_side,
)
from contractlang.syntax.mistakes.words import misplaced, misspelt, name


def explain(failure: Failure) -> Explained:
    """The words for a token that does not fit."""
    for explanation in _EXPLANATIONS:
        found = explanation(failure)
        if found is not None:
            return found if isinstance(found, Explained) else Explained(found)
    return Explained(failure.says("CL122", f'"{failure.word}" does not fit here', options(failure)))


_EXPLANATIONS: tuple[Callable[[Failure], Explained | Diagnostic | None], ...] = (
    characters,
    comment,
    date_or_time,
    number,
    brace,
    previous,
    one_amount,
    condition,
    other_sign,
    name,
    misspelt,
    misplaced,
    row,
    span_of_time,
    parenthesis,
    number_in_letters,
    missing_sign,
    side_by_side,
    unfinished,
    missing_word,
)
