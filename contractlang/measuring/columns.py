"""How a cell becomes a value: SQL that reads text and typed columns exactly, or gives NULL.

In: the type that the contract declares, the type that the file has, and SQL for the cell. Out: SQL for
an integer, a text or a boolean. Timestamps are microseconds, dates days since 1970, durations
microseconds; a number stays decimal text until its scale is known. What does not convert is NULL,
and staging says which row it was.
"""

import re
from fractions import Fraction

from contractlang.engines.engine import literal
from contractlang.units import SECOND, UnitTable

TEXT = "VARCHAR"
TYPES = {
    "timestamp": "BIGINT",
    "date": "INTEGER",
    "duration": "BIGINT",
    "boolean": "BOOLEAN",
    "text": TEXT,
    "number": TEXT,
    "money": TEXT,
}
"""The types of a contract, and what a staged column of each is while files are read."""

# The years from 1000 to 2999, in microseconds since 1970: others are slips, and no date of ours.
FIRST_TIME, LAST_TIME = -30_610_224_000_000_000, 32_503_679_999_999_999

_DATE = "[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
_LOCAL = _DATE + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6}0*)?)?"
_OFFSET = "(Z|z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)"
_PLAIN = "[+-]?([0-9]{1,30}([.][0-9]{1,20})?|[.][0-9]{1,20})"
_SPACES = r" \x{a0}\x{202f}"
_SPACED = rf"[+-]?[0-9]{{1,3}}([{_SPACES}][0-9]{{3}}){{1,9}}([.][0-9]{{1,20}})?"
_SCIENTIFIC = "[+-]?[0-9]([.][0-9]{1,17})?[eE][+-]?[0-9]{1,2}"
_CLOCK = "[0-9]{1,6}:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
_ISO = "PT([0-9]{1,6}H)?([0-9]{1,8}M)?([0-9]{1,9}([.][0-9]{1,6})?S)?"
_WITH_UNIT = "([0-9]{1,9}([.][0-9]{1,6})?) ?([^0-9. ][^ ]*)"

_INTEGERS = re.compile(r"U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)")
_FLOATS = frozenset({"FLOAT", "DOUBLE"})
_TIMES = frozenset({"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS"})


class CellReader:
    """Reads cells for a contract: its currency and its words for lengths of time."""

    def __init__(self, currency: str, units: UnitTable) -> None:
        self.currency = currency
        self._lengths = {word: scale.factor for word, scale in units.words.items() if scale.unit == SECOND}

    def text(self, cell: str, type_: str) -> str:
        """SQL for the text of a cell, NULL where it is empty; only a text keeps the spaces around it."""
        return f"nullif({cell}, '')" if type_ == "text" else f"nullif(trim({cell}), '')"

    def value(self, cell: str, type_: str, given: str) -> str:
        """SQL for the value of a cell of the type `given`, which for VARCHAR is that of `text`.

        A timestamp is a wall-clock time, unless `has_offset` says that it is an instant.
        """
        if given != TEXT:
            typed = self._typed(cell, type_, given)
            if typed is not None:
                return typed
            cell = f"CAST({cell} AS VARCHAR)"
        if type_ == "timestamp":
            return self._timestamp(cell)
        if type_ == "date":
            day = f"TRY_CAST({cell} AS DATE)"
            return f"CASE WHEN {matches(cell, _DATE)} THEN {day} - DATE '1970-01-01' END"
        if type_ == "duration":
            return self._duration(cell)
        if type_ == "boolean":
            return (
                f"CASE lower({cell}) WHEN 'true' THEN true WHEN 'false' THEN false WHEN 'yes' THEN true "
                f"WHEN 'no' THEN false WHEN '1' THEN true WHEN '0' THEN false END"
            )
        if type_ in ("number", "money"):
            return self._number(cell, type_)
        return cell

    def has_offset(self, cell: str, given: str) -> str:
        """SQL for whether a timestamp is an instant already: it has an offset, or a Z."""
        if given == TEXT:
            return f"coalesce(NOT {matches(cell, _LOCAL)}, false)"
        return "true" if given == "TIMESTAMP WITH TIME ZONE" else "false"

    def _typed(self, cell: str, type_: str, given: str) -> str | None:
        """SQL for a cell that the file types as the contract does; None where it is read as text."""
        whole = _INTEGERS.fullmatch(given) is not None
        if type_ == "timestamp" and (given in _TIMES or given == "TIMESTAMP WITH TIME ZONE"):
            return (
                f"CASE WHEN epoch_us({cell}) BETWEEN {FIRST_TIME} AND {LAST_TIME} THEN epoch_us({cell}) END"
            )
        if type_ == "timestamp" and given == "TIMESTAMP_NS":
            return f"CASE WHEN epoch_ns({cell}) % 1000 = 0 THEN epoch_ns({cell}) // 1000 END"
        if type_ == "date" and given == "DATE":
            day = f"({cell} - DATE '1970-01-01')"
            return f"CASE WHEN {cell} BETWEEN DATE '1000-01-01' AND DATE '2999-12-31' THEN {day} END"
        if type_ == "boolean" and given == "BOOLEAN":
            return cell
        if type_ == "duration" and whole:
            seconds = f"TRY_CAST({cell} AS BIGINT)"
            return f"CASE WHEN {seconds} BETWEEN 0 AND 99999999999 THEN {seconds} * 1000000 END"
        if type_ == "duration" and given == "TIME":
            return f"epoch_us({cell})"
        if type_ == "duration" and given == "INTERVAL":
            return f"CASE WHEN datepart('month', {cell}) = 0 THEN epoch_us({cell}) END"
        return None

    def _timestamp(self, cell: str) -> str:
        local = f"regexp_extract({cell}, '^({_LOCAL})', 1)"
        offset = f"regexp_extract({cell}, '{_OFFSET}$', 1)"
        minutes = (
            f"CASE WHEN length({offset}) < 3 THEN 0 ELSE "
            f"(CAST(substr({offset}, 2, 2) AS BIGINT) * 60 "
            f"+ CASE WHEN length({offset}) > 3 THEN CAST(right({offset}, 2) AS BIGINT) ELSE 0 END) "
            f"* CASE WHEN left({offset}, 1) = '-' THEN -1 ELSE 1 END END"
        )
        return (
            f"CASE WHEN {matches(cell, _LOCAL)} THEN epoch_us(TRY_CAST({cell} AS TIMESTAMP)) "
            f"WHEN {matches(cell, _LOCAL + _OFFSET)} "
            f"THEN epoch_us(TRY_CAST({local} AS TIMESTAMP)) - 60000000 * ({minutes}) END"
        )

    def _duration(self, cell: str) -> str:
        def part(pattern: str, group: int) -> str:
            return _microseconds(f"nullif(regexp_extract({cell}, '^{pattern}$', {group}), '')")

        def iso(group: int) -> str:
            found = f"nullif(rtrim(regexp_extract({cell}, '^{_ISO}$', {group}), 'HMS'), '')"
            return f"coalesce({_microseconds(found)}, 0)"

        clock = [_microseconds(f"split_part({cell}, ':', {index})") for index in (1, 2, 3)]
        word = f"regexp_extract({cell}, '^{_WITH_UNIT}$', 3)"
        factors = " ".join(
            f"WHEN {literal(name)} THEN {factor.numerator}"
            for name, factor in self._lengths.items()
            if factor.denominator == 1
        )
        return (
            f"CASE WHEN {matches(cell, '[0-9]{1,11}')} THEN CAST({cell} AS BIGINT) * 1000000 "
            f"WHEN {matches(cell, '[0-9]{1,11}[.][0-9]{1,6}0*')} THEN {_microseconds(cell)} "
            f"WHEN {matches(cell, _CLOCK)} THEN {clock[0]} * 3600 + {clock[1]} * 60 + {clock[2]} "
            f"WHEN {matches(cell, _ISO)} AND length({cell}) > 2 "
            f"THEN {iso(1)} * 3600 + {iso(2)} * 60 + {iso(3)} "
            f"WHEN {matches(cell, _WITH_UNIT)} "
            f"THEN TRY_CAST(CAST({part(_WITH_UNIT, 1)} AS HUGEINT) * CASE {word} {factors} END AS BIGINT) END"
        )

    def _number(self, cell: str, type_: str) -> str:
        if type_ == "money":
            code = len(self.currency)
            amount = f"rtrim(left({cell}, length({cell}) - {code}))"
            cell = f"CASE WHEN ends_with({cell}, {literal(self.currency)}) THEN {amount} ELSE {cell} END"
        exponent = f"CAST(regexp_extract({cell}, '[eE](.*)$', 1) AS INTEGER)"
        decimals = f"length(regexp_extract({cell}, '[.]([0-9]+)', 1))"
        whole = f"CAST(TRY_CAST({cell} AS DECIMAL(38, 20)) AS VARCHAR)"
        return (
            f"CASE WHEN {matches(cell, _PLAIN)} THEN {cell} "
            f"WHEN {matches(cell, _SPACED)} THEN regexp_replace({cell}, '[{_SPACES}]', '', 'g') "
            f"WHEN {matches(cell, _SCIENTIFIC)} AND {decimals} - {exponent} <= 20 "
            f"THEN regexp_replace({whole}, '[.]?0+$', '') END"
        )


def too_precise(json: str) -> str:
    """SQL for whether a JSON number may have lost digits: its reader keeps 17 of them."""
    return (
        f"regexp_matches({json}, '^-?[0-9]*[.]') AND length(regexp_replace({json}, '[^0-9]', '', 'g')) > 15"
    )


def matches(cell: str, pattern: str) -> str:
    """SQL for whether the whole text of a cell has a pattern."""
    return f"regexp_full_match({cell}, '{pattern}')"


def decimals_of(number: str) -> str:
    """SQL for how many decimals a decimal text has."""
    return f"CASE WHEN strpos({number}, '.') > 0 THEN length({number}) - strpos({number}, '.') ELSE 0 END"


def scaled(number: str, decimals: int, type_: str) -> str:
    """SQL for a decimal text as an integer of its last decimal: 4.2 with two decimals is 420."""
    zeros = f"repeat('0', CAST({decimals} - ({decimals_of(number)}) AS BIGINT))"
    return f"CAST(replace({number}, '.', '') || {zeros} AS {type_})"


def factor_of(type_: str, decimals: int) -> Fraction:
    """What one of the staged integer is worth in base units."""
    if type_ in ("duration", "timestamp"):
        return Fraction(1, 1_000_000)
    return Fraction(1, 10**decimals)


def _microseconds(seconds: str) -> str:
    return f"CAST(CAST({seconds} AS DECIMAL(38, 6)) * 1000000 AS BIGINT)"
