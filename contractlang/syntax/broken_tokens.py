"""The tokens of a text with mistakes: the parser that goes on after each, noting what it reads."""

from contractlang.syntax.repair import Repair
from contractlang.syntax.tokens import Notes, Token


class NotingRepair(Repair):
    """A repair whose `noted` tokens are those that were read, some of them twice."""

    noted: list[Token]

    def reset(self) -> None:
        super().reset()
        self.noted = []
        self.values = Notes(self.noted)
