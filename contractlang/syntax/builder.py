"""Rules to tree: one method for each rule of the grammar, named as the rule or its alias.

In: the meaningful children of a rule (nodes, and tokens as `(terminal, start, end)`) and the
characters it covers. Out: a node of `tree`. What the grammar cannot say (a date that does not exist,
a clause written twice, a number of a million digits) is said here, and the node is built all the same.
The methods stand in `rules`, by section of the grammar.
"""

from contractlang.syntax.rules.expressions import Expressions
from contractlang.syntax.rules.header import Header
from contractlang.syntax.rules.lines import Lines
from contractlang.syntax.rules.measures import Measures
from contractlang.syntax.rules.phases import Phases


class Builder(Header, Measures, Lines, Phases, Expressions):
    """Builds the tree of one source; `diagnostics` collects what is wrong with the words themselves."""
