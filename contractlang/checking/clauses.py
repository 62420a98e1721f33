"""Which clause each kind of line takes: one table."""

from collections.abc import Iterator

from contractlang.checking.survey import Survey
from contractlang.checking.wording import listed, quoted
from contractlang.diagnostics import Diagnostic, error
from contractlang.syntax import tree
from contractlang.text import Span

_ALL = frozenset({"when", "start", "until", "vat", "at_most", "at_least", "formula"})
_ASSESSED = _ALL | {"every"}
CLAUSES: dict[tree.LineKind, frozenset[str]] = {
    "charge": _ASSESSED | {"one_line_per_tier"},
    "fee": _ALL | {"timing", "not_prorated", "once", "once_on"},
    "subscription": _ALL | {"timing", "not_prorated", "once", "once_on"},
    "bonus_malus": _ASSESSED
    | {"on", "by", "scorecard", "bonus_at_most", "malus_at_most", "bonus_when", "malus_when"},
    "penalty": _ASSESSED,
    "minimum": _ASSESSED | {"on", "not_prorated"},
    "limit": _ASSESSED | {"between", "carried_forward"},
    "clawback": _ASSESSED | {"as_of"},
}

_WORDS = {"formula": "`=`", "start": "`from`", "by": "a band table", "scorecard": "a scorecard"}
_CURES: dict[tuple[str, str], str] = {
    ("charge", "timing"): "a charge is invoiced when it is measured; write `fee` for a flat amount",
    ("charge", "once"): "write `fee … once` for an amount that falls due once",
    ("charge", "once_on"): "write `fee … once on` for an amount that falls due once",
    ("charge", "not_prorated"): "charges are never prorated: the quantity says what was used",
    ("charge", "by"): "write `bonus-malus … on` this charge, or a price with `at by FIGURE { … }`",
    ("fee", "by"): "write `bonus-malus … on` this fee: result commitments are bonus-malus on it",
    ("fee", "every"): "say the interval with the amount, as in `450 EUR per quarter`",
    ("subscription", "every"): "say the interval with the amount, as in `450 EUR per quarter`",
    ("fee", "bonus_at_most"): "bounds of a bonus stand at the bonus-malus",
    ("penalty", "by"): "write `=` before `by`: the table gives the sum",
    ("penalty", "on"): "a penalty is a sum of money; take a percent `of` a line, or write a bonus-malus",
}


def clause_word(name: str, span: Span) -> str:
    """A clause as the author wrote it, or what it is where it is long."""
    if name in _WORDS:
        return _WORDS[name]
    word = name.replace("_", " ")
    return f"`{quoted(span)}`" if len(span.text) <= 12 else f"`{word}`"


def check_clauses(survey: Survey) -> Iterator[Diagnostic]:
    """CL600: a clause that a kind of line does not take."""
    for one in survey.all(tree.Line):
        line = one.node
        assert isinstance(line, tree.Line), "asked for lines only"
        allowed = CLAUSES[line.kind]
        kind = line.kind.replace("_", "-")
        written = list(line.clauses)
        if line.parts and not line.scorecard:
            written += [("by", part.span) for part in line.parts[:1]]
        elif line.scorecard:
            written += [("scorecard", part.span) for part in line.parts[:1]]
        for name, span in written:
            if name in allowed:
                continue
            cure = _CURES.get((line.kind, "by" if name == "scorecard" else name)) or _takers(name)
            article = "an" if kind[0] in "aeiou" else "a"
            yield error("CL600", f"{article} {kind} does not take {clause_word(name, span)}", span, cure)


def _takers(name: str) -> str:
    kinds = [kind.replace("_", "-") for kind, clauses in CLAUSES.items() if name in clauses]
    return f"it belongs to a {listed(kinds, 'or a')}" if kinds else ""
