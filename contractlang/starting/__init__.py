"""The first contract of somebody who has none: answers in, a folder out.

In: texts, each the answer to a question about the terms. Out: a contract in the canonical layout with a
test, figures of example months, and who the parties are. The amounts of the test are those that rating
gives, and nothing is written that does not pass `check` and its own test.

Modules: `reading` says what an answer means or what is wrong with it, `questions` which answers are needed
and what serves without them, `wording` puts both into words of two languages, `names` holds the names that a
contract of each has, `examples` the figures, `draft` the texts of the files, `folder` writes them, all or
none.
"""

from contractlang.starting.draft import Draft, draft_of
from contractlang.starting.folder import Place, Written, place_for, write
from contractlang.starting.questions import QUESTIONS, Answers, Question, answers_of, spoken
from contractlang.starting.wording import RefusedError, said

__all__ = [
    "QUESTIONS", "Answers", "Draft", "Place", "Question", "RefusedError", "Written", "answers_of", "draft_of",
    "place_for", "said", "spoken", "write",
]  # fmt: skip
