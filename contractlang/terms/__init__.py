"""What is in force when: a contract and its amendments, consolidated by date.

In: the declarations of a document. Out: `ContractTerms`, which answers for a name and a day which
declaration counts, and for a line on which days it is in force. An amendment replaces a declaration
from its day on and leaves the past alone (rulings, "Phases and amendments").
"""

from contractlang.terms.contract_terms import ContractTerms, LineVersion, Period, Version

__all__ = ["ContractTerms", "LineVersion", "Period", "Version"]
