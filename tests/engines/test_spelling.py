"""Text of SQL respelled and named: nothing that a user wrote becomes SQL in any dialect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractlang.engines.engine import EngineFault, identifier, literal
from contractlang.engines.spelling import WithClause, backslashed, name_parts, respelled

texts = st.text(alphabet=st.sampled_from("ab.'\"\\`;- \n%é"), max_size=12)


@given(texts, texts.filter(bool))
def test_what_is_respelled_is_each_text_and_each_name_once(text: str, name: str) -> None:
    seen: list[tuple[str, str]] = []

    def keep(kind: str, said: str) -> str:
        seen.append((kind, said))
        return f"<{kind}>"

    sql = f"SELECT {identifier(name)}, {literal(text)} FROM t"
    kept = respelled(sql, lambda said: keep("text", said), lambda said: keep("name", said))
    assert kept == "SELECT <name>, <text> FROM t"
    assert seen == [("name", name), ("text", text)]


@given(texts)
def test_a_backslashed_text_ends_where_it_ends(text: str) -> None:
    written = backslashed(text, "'")
    inside, read, position = written[1:-1], "", 0
    while position < len(inside):
        assert inside[position] != "'"
        position += inside[position] == "\\"
        read += inside[position]
        position += 1
    assert read == text


@given(st.lists(texts.filter(bool), min_size=1, max_size=3))
def test_parts_between_quotes_are_whatever_they_are(parts: list[str]) -> None:
    assert name_parts(".".join(map(identifier, parts))) == parts


@pytest.mark.parametrize(
    ("table", "parts"),
    [
        ("shifts", ["shifts"]),
        ("wfm.Shifts", ["wfm", "Shifts"]),
        ('a b."c.d"', ["a b", "c.d"]),
        ('x"y', ['x"y']),
    ],
)
def test_the_parts_of_a_name(table: str, parts: list[str]) -> None:
    assert name_parts(table) == parts


@pytest.mark.parametrize("table", ["", ".", "a.", ".a", '"a', '"a"b', '""', "a\x00"])
def test_a_name_that_is_none(table: str) -> None:
    with pytest.raises(EngineFault, match="table's name"):
        name_parts(table)


def test_only_what_is_used_is_put_before_a_query() -> None:
    names = WithClause()
    names.give("cal", "cal (day) AS", "SELECT 1")
    names.give("staged", "staged AS", "SELECT * FROM cal, rows")
    names.give("other", "other AS", "SELECT 2")
    assert (
        names.before("SELECT 'staged other', othernesses FROM t")
        == "SELECT 'staged other', othernesses FROM t"
    )
    assert names.before("SELECT 1 FROM staged") == (
        "WITH cal (day) AS (SELECT 1), staged AS (SELECT * FROM cal, rows) SELECT 1 FROM staged"
    )
    names.give("cal", "cal (day) AS", "SELECT 3")
    assert names.before("SELECT 1 FROM staged").startswith("WITH cal (day) AS (SELECT 3), staged AS (")
    assert names.before('SELECT 1 FROM "other"') == 'WITH other AS (SELECT 2) SELECT 1 FROM "other"'
