from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractlang.diagnostics import ContractError
from contractlang.reading import LARGEST_FILE, forbidden_characters, read_source
from contractlang.text import Position, Source, Span


def test_only_a_line_feed_ends_a_line() -> None:
    source = Source("a", "one\r\ntwo\u2028three\rfour\n")
    assert [source.line_text(line) for line in range(source.line_count)] == [
        "one",
        "two\u2028three\rfour",
        "",
    ]


def test_positions_count_utf16_units() -> None:
    source = Source("a", 'x\n"😀é" y')
    assert source.position(source.text.index("y")) == Position(1, 6)
    assert source.offset(Position(1, 6)) == source.text.index("y")


def test_positions_outside_the_text_are_clipped() -> None:
    source = Source("a", "ab\nc")
    assert source.position(99) == Position(1, 1)
    assert source.position(-1) == Position(0, 0)
    assert source.offset(Position(0, 99)) == 2
    assert source.offset(Position(9, 0)) == 4


@given(st.text(alphabet="ab\n\r😀é\u0301"), st.data())
def test_a_position_leads_back_to_its_offset(text: str, data: st.DataObject) -> None:
    source = Source("a", text)
    offset = data.draw(st.integers(0, len(text)))
    within = source.position(offset)
    # The "\r" of a line end belongs to no line's text, so offsets after it come back before it.
    expected = offset - 1 if text[offset - 1 : offset + 1] == "\r\n" else offset
    assert source.offset(within) == expected


def test_sources_are_equal_by_name_and_text() -> None:
    first, second = Source("a", "x\ny"), Source("a", "x\ny")
    first.position(2)
    assert first == second
    assert hash(first) == hash(second)
    assert first != Source("b", "x\ny")


def test_a_span_covers_both_of_two() -> None:
    source = Source("a", "one two three")
    span = Span.cover(Span(source, 4, 7), Span(source, 0, 3))
    assert span.text == "one two"
    assert span.position() == Position(0, 0)
    assert span.end_position() == Position(0, 7)


def test_a_byte_order_mark_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.contract"
    path.write_bytes(b"\xef\xbb\xbfcontract\r\n")
    assert read_source(path, "a.contract") == Source("a.contract", "contract\r\n")


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"\xff\xfec\x00", "CL105", "UTF-16"),
        (b"PK\x03\x04\x00\x00", "CL104", "not a text file"),
        (b"ok\ncaf\xe9 ", "CL105", "line 2 holds the byte 0xe9"),
        (b"#" * (LARGEST_FILE + 1), "CL103", "larger than 5 MB"),
    ],
)
def test_what_is_no_text_is_said(content: bytes, code: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.contract"
    path.write_bytes(content)
    with pytest.raises(ContractError) as raised:
        read_source(path, "a.contract")
    (only,) = raised.value.diagnostics
    assert only.code == code
    assert words in only.message


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing", "CL100"),
        ("file/below", "CL100"),
        ("folder", "CL101"),
        ("n" * 300, "CL102"),
        ("a\0b", "CL102"),
    ],
)
def test_what_is_not_there_is_said(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ContractError) as raised:
        read_source(tmp_path / name, name)
    assert [one.code for one in raised.value.diagnostics] == [code]


def test_characters_that_some_programs_take_for_line_ends_are_forbidden() -> None:
    source = Source("a", "a\x0bb\x0cc\x85d\u2028e\u2029f\ng\r\nh")
    found = forbidden_characters(source)
    assert [(one.code, one.span.text) for one in found if isinstance(one.span, Span)] == [
        ("CL106", character) for character in "\x0b\x0c\x85\u2028\u2029"
    ]
