import pickle

import pytest

from contractlang.diagnostics import ContractError, Place, error, has_errors, in_order, nearest, warning
from contractlang.text import Source, Span

SOURCE = Source("a.contract", "one two\nthree\n")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("handeled", "handled"),
        ("hnadled", "handled"),
        ("Delai", "délai"),
        ("hadnled_calls", None),
        ("xy", None),
        ("ab", "ac"),
        ("", None),
    ],
)
def test_the_nearest_name(name: str, expected: str | None) -> None:
    assert nearest(name, ["offered", "handled", "délai", "ac", "z"]) == expected


def test_of_equally_near_names_the_first_is_taken() -> None:
    assert nearest("rate_x", ["rate_a", "rate_b"]) == "rate_a"
    assert nearest("rate_x", ["rate_a", "rate_b", "rate_X"]) == "rate_X"


def test_diagnostics_are_said_once_each_in_the_order_of_the_text() -> None:
    late = error("CL201", "late", Span(SOURCE, 8, 13))
    early = warning("CL701", "early", Span(SOURCE, 0, 3))
    data = error("CL801", "row", Place("rows.csv", 3, "talk"))
    nowhere = error("CL901", "nowhere", None)
    assert in_order([data, late, early, late, nowhere]) == (nowhere, early, late, data)


def test_a_warning_forbids_nothing() -> None:
    assert not has_errors([warning("CL701", "so", None)])
    assert has_errors([warning("CL701", "so", None), error("CL201", "so", None)])


def test_an_error_can_be_handed_from_process_to_process() -> None:
    fault = ContractError([error("CL201", 'nothing is called "x"', Span(SOURCE, 0, 3))])
    assert str(fault) == 'CL201: nothing is called "x"'
    assert pickle.loads(pickle.dumps(fault)).diagnostics == fault.diagnostics


def test_a_code_has_a_shape() -> None:
    with pytest.raises(AssertionError):
        error("E1", "so", None)
