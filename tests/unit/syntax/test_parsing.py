"""Parsing: hostile texts, documentation, comments, the messages of the language design."""

import time

import pytest

from contractlang.diagnostics import Diagnostic
from contractlang.syntax import tree
from contractlang.syntax.parsing import Parse, comments, parse
from contractlang.syntax.printing import print_document
from contractlang.text import Source

# Each takes a second at most; what grows with the square of the text takes minutes.
_LONG = 40


def read(text: str) -> Parse:
    return parse(Source("text", text))


def codes(text: str) -> list[str]:
    return [one.code for one in read(text).diagnostics]


def only(text: str) -> Diagnostic:
    (found,) = read(text).diagnostics
    return found


HOSTILE = {
    "nothing": ("", []),
    "parentheses never closed": ("measure x = " + "(" * 100_000, ["CL108"]),
    "parentheses closed": ("measure x = " + "(" * 100_000 + "1" + ")" * 100_000 + "\nunit a", ["CL108"]),
    "a million digits": ("measure x = " + "9" * 1_000_000, ["CL112"]),
    "a lone quote": ('"', ["CL109"]),
    "a title never closed": ('contract "', ["CL109"]),
    "NUL": ("unit a\0", ["CL106"]),
    "CRLF": ('contract "A" {\r\n  provider x\r\n}\r\nunit a\r\n', []),
    "a byte order mark": ("\ufeffunit a", []),
    "an emoji": ("unit 😀\nunit a", ["CL106"]),
    "a no-break space in a number": ("fee x = 12\u00a0000 EUR per month", []),
    "a narrow no-break space in a number": ("fee x = 12\u202f000 EUR per month", []),
    "not not": ("measure x = " + "not " * 10_000 + "a\nunit a", ["CL108"]),
    "minus minus": ("measure x = " + "-" * 10_000 + "a\nunit a", ["CL108"]),
    "if in then": ("measure x = " + "if a then " * 5_000 + "b\nunit a", ["CL108"]),
    "if in else": ("measure x = " + "if a then b else " * 5_000 + "b\nunit a", ["CL108"]),
    "a long sum": ("measure x = a" + " + a" * 10_000 + "\nunit a", ["CL108"]),
    "a long product": ("measure x = a" + " * a" * 10_000 + "\nunit a", ["CL108"]),
    "a long condition": ("measure x = a" + " and a" * 10_000 + "\nunit a", ["CL108"]),
    "a long window": ("window w = a" + " or a" * 10_000 + "\nunit a", ["CL108"]),
    "a sum of 150": ("measure x = a" + " + a" * 150 + "\nunit a", []),
    "150 parentheses": ("measure x = " + "(" * 150 + "a" + ")" * 150 + "\nunit a", []),
    "closing braces": ("} " * 100_000, ["CL124"]),
    "commas": ("fee x = 1" + ",1" * 50_000, ["CL107"]),
    "a long list of words": ("foo " * 50_000, ["CL122"]),
    "a long remark after a range": (
        "usage t each u { c number between 0 and 5 " + "#" * 5_000 + "\nw text }", [],
    ),
    "a range and long types": ("usage t each u { c number between 0 and 5 " + "text " * 4_001 + "}", []),
    "a surrogate": ("unit \ud800", ["CL106"]),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts(name: str) -> None:
    text, expected = HOSTILE[name]
    started = time.perf_counter()
    found = read(text)
    assert time.perf_counter() - started < _LONG
    assert [one.code for one in found.diagnostics] == expected
    print_document(found.declarations)
    if text.endswith("unit a"):
        assert isinstance(found.declarations[-1], tree.Unit)


@pytest.mark.parametrize(
    "text",
    [
        "fee x = ;\n" * 10_000,
        "phase p {\n  fee x = 1 EUR\n" * 500,
        "mesure x = 1\n" * 2_000,
        "'\n" * 9_000,
        "charge a = b at {\n" * 3_000,
        "measure x = " + "by a { from 1 : " * 5_000,
        "phase p {" * 20_000,
        "measure x = a +\n" * 3_000,
        'contract "A" {\n' + "payment 30\n" * 3_000,
        "payment 30\n" * 3_000,
    ],
)
def test_many_mistakes_end(text: str) -> None:
    started = time.perf_counter()
    found = read(text)
    assert 0 < len(found.diagnostics) <= 250
    assert time.perf_counter() - started < _LONG


def test_what_is_accepted_is_shallow_enough_for_recursion() -> None:
    deep = read("measure x = " + "(" * 190 + "a" + ")" * 190)
    assert deep.diagnostics == ()
    assert hash(deep.declarations[0]) == hash(read(print_document(deep.declarations)).declarations[0])
    assert deep.declarations == read(print_document(deep.declarations)).declarations
    assert repr(deep.declarations)


# ---- the sample messages of the language design that belong to syntax

ACME = """contract "Acme" {
  provider callpro
}

phase performance "Performance, by the act" {
  charge selling "Subscriptions sold" = sales at 12 EUR/sale

fee managed "Managed back office" = 45 000 EUR per quarter

test "a month" {
}
"""


def test_the_place_of_a_missing_brace_is_told_by_the_layout() -> None:
    found = only(ACME)
    assert (
        found.message == 'the phase "performance" is never closed; put `}` before line 8, where `fee` begins'
    )
    assert found.related[0].span.text == "fee"
    names = [type(one).__name__ for one in read(ACME).declarations]
    assert names == ["Contract", "Phase", "Line", "Test"]


def test_an_edge_that_does_not_say_whether_it_is_included_is_read() -> None:
    found = read("bonus-malus b on c by q {\n from 82% to 85% : 1%\n}")
    assert found.diagnostics == ()
    (line,) = found.declarations
    assert isinstance(line, tree.Line)
    row = line.parts[0].rows[0]
    assert isinstance(row, tree.Band)
    assert row.upper is not None
    assert row.upper.included is None


def test_a_comma_has_two_readings() -> None:
    found = only("fee x = 12,000 EUR per month")
    assert found.message == '"12,000" can be read as twelve thousand or as twelve'
    assert found.help == "write 12 000 or 12.000"


def test_tiers_without_a_kind_are_told_with_both_amounts() -> None:
    found = only(
        "charge c = handled at {\n up to 10 000 calls : 4.20 EUR/call\n up to 25 000 calls : 3.90 EUR/call\n"
        " beyond : 3.55 EUR/call\n}"
    )
    assert found.message == (
        "these tiers do not say which calls each price is for: 17 500 calls cost 71 250.00 EUR at graduated "
        "prices and 68 250.00 EUR at volume price"
    )


# ---- documentation and comments


def test_documentation_is_that_directly_above() -> None:
    text = (
        "## lost, because a line is empty\n\n## Calls\n##   answered\nunit call # no doc\n# a remark\n"
        "unit sale\n"
        "phase p {\n  ## Line.\n  fee f = 1 EUR\n}\n"
    )
    call, sale, phase = read(text).declarations
    assert call.doc == "Calls\nanswered"
    assert sale.doc == ""
    assert isinstance(phase, tree.Phase)
    assert phase.items[0].doc == "Line."


def test_many_documentation_lines_are_read_fast() -> None:
    started = time.perf_counter()
    found = read("## a\n" * 20_000 + "unit call")
    assert found.declarations[0].doc.count("\n") == 19_999
    assert time.perf_counter() - started < _LONG


def test_comments_are_found_outside_texts_only() -> None:
    source = Source("text", 'unit a # one\ninclude "x # y"\n## two')
    assert [one.text for one in comments(source)] == ["# one", "## two"]


def test_positions_are_not_part_of_a_tree() -> None:
    assert read("unit  call\n\n# x\nunit sale").declarations == read("unit call unit sale").declarations


# ---- what the builder says


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("fee x = 1 EUR from 2026-02-30", "CL110"),
        ("measure x = a over 2026-13", "CL111"),
        ("phase p { transition to q after 1.5 months }", "CL113"),
        ("phase p { transition to q after 3 calls }", "CL114"),
        ('contract "A" { term 2026-12-31 to 2026-01-01 }', "CL115"),
        ("fee x = 1 EUR once = 2 EUR", "CL116"),
        ("bonus-malus b { by x { no data : 0% } } { by y { no data : 0% } }", "CL116"),
        ('contract "A" { term from 2026-01-01 for 99999 years }', "CL117"),
        ("window w = 24:01 to 06:00", "CL118"),
        ("rate r = 1 EUR lag 3 months", "CL119"),
        ("rate r = 1 EUR indexed on i at most 5 EUR", "CL120"),
        ("measure x = a rounded half_odd to 1", "CL121"),
    ],
)
def test_what_the_grammar_cannot_say(text: str, code: str) -> None:
    found = read(text)
    assert [one.code for one in found.diagnostics] == [code]
    assert found.declarations


@pytest.mark.parametrize(
    ("columns", "printed"),
    [
        ("csat number between 0 and 5 wait duration", "csat number between 0 and 5|wait duration"),
        ("wait duration between 0 s and 2 hours date date",
         "wait duration between 0 s and 2 hours|date date"),
        ("wait duration between 0 and 2 hours date text text",
         "wait duration between 0 and 2|hours date|text text"),
        ("wait duration between 0 s and 2 hours # at most\ndate date # then\ntext text optional",
         "wait duration between 0 s and 2 hours|date date|text text optional"),
        ("a number between -1 and +1 optional b money optional between 0 EUR and 9 EUR c text",
         "a number optional between -1 and 1|b money optional between 0 EUR and 9 EUR|c text"),
        ("a text between text key text", "a text|between text|key text"),
        ("started timestamp between number between 0 and 1",
         "started timestamp|between number between 0 and 1"),
    ],
)  # fmt: skip
def test_a_range_ends_where_the_next_column_begins(columns: str, printed: str) -> None:
    found = read(f"usage calls each call key key and between {{ {columns} }}")
    assert found.diagnostics == ()
    lines = print_document(found.declarations).split("\n")[1:-2]
    assert "|".join(line.strip() for line in lines) == printed


def test_the_clauses_of_a_table_may_stand_in_any_order_and_once() -> None:
    first, second = (
        read(f"usage calls each call {clauses} {{ started timestamp day date }}")
        for clauses in ("on day key day and started", "key day and started on day")
    )
    assert first.declarations == second.declarations
    assert print_document(first.declarations).startswith("usage calls each call on day key day and started {")
    assert codes("usage calls each call key day key started { started timestamp day date }") == ["CL116"]
    assert codes("usage calls each call { a number between 0 and 5 between 1 and 2 }") == ["CL116"]
