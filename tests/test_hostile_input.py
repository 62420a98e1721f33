"""Whatever a file holds, a command answers: with a coded diagnostic, soon, and with nothing half done."""

import gzip
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from contractlang.commands.main import main

GOOD = """contract "Good" {
  provider a client b
  term 2026-01-01 to 2026-12-31
  invoiced monthly currency EUR timezone Europe/Paris vat 20%
}
unit call
usage contacts each call { started timestamp answered boolean wait duration score number optional }
measure handled = count(contacts where answered)
measure supplied in calls
charge handling = handled at 4.20 EUR/call
charge more = supplied at 1 EUR/call
"""
ROWS = "started,answered,wait,score\n2026-07-01T10:00:00,true,12,3\n"
USAGE = "rows:\n  contacts: contacts.csv\nfigures:\n  2026-07: {supplied: 3}\n"
SECONDS = 60


class Answer(NamedTuple):
    """What a command said."""

    status: int
    out: str
    err: str

    @property
    def codes(self) -> set[str]:
        """The codes of the diagnostics in it."""
        return set(re.findall(r"CL\d{3}", self.out + self.err))


Run = Callable[..., Answer]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder of its own; it answers soon, and never with a traceback."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")

    def running(*arguments: str) -> Answer:
        # The time of this process: other work on the machine is not ours to answer for.
        started = time.process_time()
        status = main(arguments)
        seconds = time.process_time() - started
        printed = capsys.readouterr()
        told = printed.out + printed.err
        assert "Traceback" not in told
        assert "itself is at fault" not in told, told
        assert seconds < SECONDS, f"{seconds:.1f} s"
        return Answer(status, printed.out, printed.err)

    return running


def files(folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """Writes some files into a folder."""
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def refused(answer: Answer, *codes: str) -> None:
    """The answer is a diagnostic with one of some codes, and no result."""
    assert answer.status == 1, answer
    assert answer.codes, answer
    assert not codes or answer.codes & set(codes), answer


def checked(run: Run, folder: Path, text: str | bytes, *codes: str) -> Answer:
    """`check` refuses a contract."""
    files(folder, {"a.contract": text})
    answer = run("check", "a.contract")
    refused(answer, *codes)
    return answer


def invoiced(run: Run, *options: str) -> Answer:
    """`invoice` refuses, and prints nothing of an invoice."""
    answer = run("invoice", "a.contract", "--usage", "usage.yaml", *(options or ("--period", "2026-07")))
    refused(answer)
    assert answer.out == ""
    return answer


# ---- contracts that are none

NESTED = 100_000
DIGITS = 1_000_000

NO_CONTRACTS: dict[str, str | bytes] = {
    "empty": b"",
    "spaces": b" \n\t\r\n",
    "a null character": b"contract \x00",
    "binary": bytes(range(256)) * 64,
    "an image": b"\x89PNG\r\n\x1a\n" + os.urandom(4096),
    "latin-1": 'contract "Téléphone" {'.encode("latin-1"),
    "utf-16": GOOD.encode("utf-16"),
    "half a character": GOOD.encode() + b"# \xe2\x82",
    "a surrogate": GOOD.encode() + b'charge x "\xed\xa0\x80" = 1 EUR',
    "10 MB of one line": b"x" * 10_000_000,
    "10 MB of words": b"hours at " * 1_100_000,
    "10 MB of an open text": b'contract "' + b"a" * 10_000_000,
    "10 MB of quotes": b'"' * 10_000_000,
    "10 MB of braces": b"{" * 10_000_000,
    "100,000 parentheses": GOOD.encode() + b"charge x = " + b"(" * NESTED + b"1" + b")" * NESTED + b" EUR",
    "100,000 open parentheses": GOOD.encode() + b"charge x = " + b"(" * NESTED,
    "100,000 minus signs": GOOD.encode() + b"charge x = " + b"-" * NESTED + b"1 EUR",
    "100,000 nots": GOOD.encode() + b"measure x = " + b"not " * NESTED + b"yes",
    "100,000 open phases": b"phase a {" * NESTED,
    "a million digits": GOOD.encode() + b"charge x = " + b"9" * DIGITS + b" EUR/call",
    "a million decimals": GOOD.encode() + b"charge x = handled at 1." + b"3" * DIGITS + b" EUR/hour",
    "a million points": GOOD.encode() + b"charge x = " + b"1." * DIGITS,
    "a name of a million letters": GOOD.encode() + b"charge x = " + b"a" * DIGITS,
    "an HTML page": b"<!doctype html><script>alert(1)</script>",
    "a shell": b"#!/bin/sh\nrm -rf /\n$(reboot)\n",
    "another language": b"import os\nos.system('reboot')\n",
}


@pytest.mark.parametrize("name", NO_CONTRACTS)
def test_what_is_no_contract_is_refused(name: str, run: Run, tmp_path: Path) -> None:
    answer = checked(run, tmp_path, NO_CONTRACTS[name])
    # A person reads this: not the whole line again, and not a page for each character.
    assert len(answer.out) < 200_000
    files(tmp_path, {"usage.yaml": USAGE, "contacts.csv": ROWS})
    invoiced(run)


# ---- contracts with a mistake

WRONG = {
    "an unknown unit": "charge x = 3 parsecs at 1 EUR/parsec",
    "an unknown currency": "charge x = 3 XQX",
    "a date that does not exist": "charge x = 3 EUR from 2026-02-30",
    "a month that does not exist": "charge x = 3 EUR from 2026-13-01",
    "the year nought": "charge x = 3 EUR from 0000-01-01",
    "a time that does not exist": "window w = 25:00 to 26:00",
    "a window of a country that does not exist": "window w = holidays QQ",
    "a window of a region that does not exist": "window w = holidays FR-QQ",
    "the last day of time": 'amendment "x" effective 9999-12-31 { term 2026-01-01 to 9999-12-31 }',
    "a price that needs itself": "rate x = x",
    "a measure that needs itself": "measure x = x + 1",
    "a line that needs itself": "charge x = 10% of x",
    "Python": 'charge x = __import__("os").system("reboot")',
    "Python's insides": "charge x = handled.__class__.__mro__",
    "a power": "measure x = 9 ** 9 ** 9",
    "half a text": 'charge x "half = 1 EUR',
    "a text over lines": 'charge x "half\n\n" = 1 ) EUR',
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_named(name: str, run: Run, tmp_path: Path) -> None:
    checked(run, tmp_path, f"{GOOD}{WRONG[name]}\n")
    files(tmp_path, {"usage.yaml": USAGE, "contacts.csv": ROWS})
    invoiced(run)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Europe/Paris", "Europe/Atlantis"), ("Europe/Paris", "../../etc/passwd"), ("EUR", "XQX"),
        ("2026-12-31", "2026-02-30"), ("2026-12-31", "2025-12-31"), ("vat 20%", "vat -20%"),
        ("vat 20%", "vat 99999999999%"), ("monthly", "monthly from day 99"), ("monthly", "hourly"),
        ("2026-01-01 to 2026-12-31", "from 2026-01-01 for 99999999 months"),
        ("2026-01-01 to 2026-12-31", "from 2026-01-01 for 0 months"),
    ],
)  # fmt: skip
def test_a_header_is_checked(before: str, after: str, run: Run, tmp_path: Path) -> None:
    checked(run, tmp_path, GOOD.replace(before, after))


def test_a_contract_of_ten_thousand_years_is_refused_or_rated(run: Run, tmp_path: Path) -> None:
    text = GOOD.replace("2026-01-01 to 2026-12-31", "0001-01-01 to 9999-12-31")
    files(tmp_path, {"a.contract": text, "usage.yaml": USAGE, "contacts.csv": ROWS})
    assert run("check", "a.contract").status in (0, 1)
    assert run("invoice", "a.contract", "--usage", "usage.yaml", "--period", "2026-07").status in (0, 1)
    assert run("invoice", "a.contract", "--usage", "usage.yaml", "--period", "9999-12").status in (0, 1)


# ---- includes


@pytest.mark.parametrize(
    "path",
    ["a.contract", "b.contract", "../../../../etc/passwd", "/etc/passwd", "missing.contract", ".", "",
     "b\x00c", "~/a", "file:///etc/passwd", "https://example.com/a", "x" * 5000,
     "\\\\server\\share", "/dev/zero"],
)  # fmt: skip
def test_an_include_stays_inside_and_ends(path: str, run: Run, tmp_path: Path) -> None:
    files(tmp_path, {"b.contract": 'include "a.contract"\n'})
    answer = checked(run, tmp_path, f'include "{path}"\n{GOOD}')
    assert "root:" not in answer.out


def test_a_link_out_of_the_folder_is_not_followed(run: Run, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.contract"
    outside.write_text("unit secret\n", encoding="utf-8")
    (tmp_path / "link.contract").symlink_to(outside)
    answer = checked(run, tmp_path, f'include "link.contract"\n{GOOD}')
    assert "secret" not in answer.out


def test_ten_thousand_includes_of_one_another(run: Run, tmp_path: Path) -> None:
    files(tmp_path, {f"n{index}.contract": f'include "n{index + 1}.contract"\n' for index in range(2000)})
    files(tmp_path, {"a.contract": f'include "n0.contract"\n{GOOD}'})
    assert run("check", "a.contract").status == 1


# ---- usage

USAGES: dict[str, tuple[str | bytes, str | bytes]] = {
    "empty": ("", ROWS),
    "a list": ("- 1\n- 2\n", ROWS),
    "a number": ("3\n", ROWS),
    "binary": (bytes(range(256)), ROWS),
    "not YAML": ("rows: [\n", ROWS),
    "a Python object": ("!!python/object/apply:os.system ['reboot']\n", ROWS),
    "a bomb": (
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "figures: *i\n",
        ROWS,
    ),
    "an anchor of itself": ("figures: &a\n  2026-07: *a\n", ROWS),
    "a merge of itself": ("figures: &a\n  <<: *a\n", ROWS),
    "deep": ("[" * 50_000, ROWS),
    "deep blocks": ("".join(" " * index + "a:\n" for index in range(2_000)), ROWS),
    "a key twice": (USAGE + "rows:\n  contacts: contacts.csv\n", ROWS),
    "an unknown figure": (USAGE.replace("supplied", "suplied"), ROWS),
    "an unknown table": (USAGE.replace("contacts: c", "contact: c"), ROWS),
    "an unknown column": (USAGE, ROWS.replace("wait", "weight")),
    "a figure that is no number": (USAGE.replace("3}", "three}"), ROWS),
    "a figure that is not a number": (USAGE.replace("3}", ".nan}"), ROWS),
    "an endless figure": (USAGE.replace("3}", ".inf}"), ROWS),
    "a figure of a million digits": (USAGE.replace("3}", "9" * DIGITS + "}"), ROWS),
    "a huge exponent": (USAGE.replace("3}", "1e999999999}"), ROWS),
    "a negative figure": (USAGE.replace("3}", "-3}"), ROWS),
    "a figure in another unit": (USAGE.replace("3}", "3 hours}"), ROWS),
    "a period that does not exist": (USAGE.replace("2026-07", "2026-13"), ROWS),
    "a span that ends before it starts": (USAGE.replace("2026-07", "2026-07-09..2026-07-01"), ROWS),
    "a file that is not there": (USAGE.replace("contacts.csv", "nobody.csv"), ROWS),
    "a file outside": (USAGE.replace("contacts.csv", "../../../../etc/passwd"), ROWS),
    "a file that is absolute": (USAGE.replace("contacts.csv", "/etc/passwd"), ROWS),
    "a folder as a file": (USAGE.replace("contacts.csv", "."), ROWS),
    "a file of a web site": (USAGE.replace("contacts.csv", "https://example.com/rows.csv"), ROWS),
    "a quote in a name": (USAGE.replace("contacts.csv", '"x\'; drop table y; --.csv"'), ROWS),
    "an empty table": (USAGE, ""),
    "a wrong delimiter": (USAGE, ROWS.replace(",", "^")),
    "a binary table": (USAGE, bytes(range(256)) * 10),
    "a table in latin-1": (USAGE, ROWS.encode() + "2026-07-01T10:00:00,é,1,2\n".encode("latin-1")),
    "a cell too many": (USAGE, ROWS + "2026-07-01T10:00:00,true,12,3,4\n"),
    "a cell too few": (USAGE, ROWS + "2026-07-01T10:00:00,true\n"),
    "an open quote": (USAGE, ROWS + '"2026-07-01T10:00:00,true,12,3\n'),
    "NaN": (USAGE, ROWS.replace(",3\n", ",NaN\n")),
    "an endless cell": (USAGE, ROWS.replace(",3\n", ",inf\n")),
    "a cell of a million digits": (USAGE, ROWS.replace(",3\n", f",{'9' * DIGITS}\n")),
    "a huge exponent in a cell": (USAGE, ROWS.replace(",3\n", ",1e999999999\n")),
    "a day that does not exist": (USAGE, ROWS.replace("2026-07-01", "2026-02-30")),
    "a year that does not exist": (USAGE, ROWS.replace("2026-07-01", "99999-07-01")),
    "no yes and no no": (USAGE, ROWS.replace("true", "perhaps")),
    "a duration of an ambiguous form": (USAGE, ROWS.replace(",12,", ",1:30,")),
    "a heading twice": (USAGE, ROWS.replace("wait", "answered")),
    "no heading": (USAGE, ROWS.split("\n", 1)[1]),
}


@pytest.mark.parametrize("name", USAGES)
def test_a_usage_that_is_none_is_refused(name: str, run: Run, tmp_path: Path) -> None:
    usage, rows = USAGES[name]
    files(tmp_path, {"a.contract": GOOD, "usage.yaml": usage, "contacts.csv": rows})
    answer = invoiced(run)
    assert len(answer.err) < 20_000
    assert "root:" not in answer.err


@pytest.mark.parametrize("ending", ["gz", "parquet", "jsonl", "json", "zip", "xlsx"])
def test_a_file_that_is_not_what_its_name_says(ending: str, run: Run, tmp_path: Path) -> None:
    usage = USAGE.replace("contacts.csv", f"contacts.{ending}")
    files(
        tmp_path, {"a.contract": GOOD, "usage.yaml": usage, f"contacts.{ending}": b"\x00\x01 no such thing"}
    )
    invoiced(run)


def test_a_bomb_of_zeros_is_refused(run: Run, tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    files(
        tmp_path,
        {"a.contract": GOOD, "usage.yaml": USAGE.replace(".csv", ".csv.gz"), "contacts.csv.gz": bomb},
    )
    invoiced(run)


def test_a_folder_is_no_usage(run: Run, tmp_path: Path) -> None:
    files(tmp_path, {"a.contract": GOOD, "usage.yaml/rows.csv": ROWS})
    invoiced(run)


def test_a_folder_is_no_contract(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.contract").mkdir()
    refused(run("check", "a.contract"))


def test_a_file_that_disappears(run: Run, tmp_path: Path) -> None:
    refused(run("check", "nobody.contract"))
    (tmp_path / "dead.contract").symlink_to(tmp_path / "gone")
    refused(run("check", "dead.contract"))
    files(tmp_path, {"a.contract": GOOD})
    invoiced(run)


@pytest.mark.skipif(not hasattr(os, "mkfifo") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(run: Run, tmp_path: Path) -> None:
    files(tmp_path, {"a.contract": GOOD})
    (tmp_path / "a.contract").chmod(0)
    refused(run("check", "a.contract"))


@pytest.mark.parametrize(
    "revision",
    ["HEAD:a.contract", "HEAD~99:a.contract", "--output=x:a.contract", "a:b:c", "$(reboot):x", "\x00:a"],
)
def test_a_revision_that_is_none(revision: str, run: Run, tmp_path: Path) -> None:
    assert run("check", revision).status in (1, 2)


# ---- periods, results


@pytest.mark.parametrize(
    "period",
    ["2025-07", "2027-01", "2026-13", "2026-02-30", "0000-00", "9999-12", "9999-12-31", "2026-Q1", "2026",
     "2026-07-09..2026-07-01", "2026-07-01..9999-12-31"],
)  # fmt: skip
def test_a_period_outside_the_term_is_refused(period: str, run: Run, tmp_path: Path) -> None:
    files(tmp_path, {"a.contract": GOOD, "usage.yaml": USAGE, "contacts.csv": ROWS})
    answer = run("invoice", "a.contract", "--usage", "usage.yaml", "--period", period)
    assert answer.status in (1, 2)
    assert answer.codes or answer.status == 2
    assert answer.out == ""


@pytest.mark.parametrize(
    "period",
    ["July", "", "2026-Q9", "2026-07..2026-08", "..", "9" * 1000, "²026-07", "2026-07\x00", "２０２６-07"],
)
def test_what_is_no_period_is_a_fault_of_the_command_line(period: str, run: Run, tmp_path: Path) -> None:
    files(tmp_path, {"a.contract": GOOD, "usage.yaml": USAGE, "contacts.csv": ROWS})
    answer = run("invoice", "a.contract", "--usage", "usage.yaml", "--period", period)
    assert answer.status == 2
    assert answer.out == ""


def test_periods_the_wrong_way_round(run: Run, tmp_path: Path) -> None:
    files(tmp_path, {"a.contract": GOOD, "usage.yaml": USAGE, "contacts.csv": ROWS})
    invoiced(run, "--from", "2026-08", "--to", "2026-07")


@pytest.mark.parametrize("output", ["nobody/out.txt", ".", "a.contract/out.txt", "x" * 300])
def test_a_result_that_cannot_be_written(output: str, run: Run, tmp_path: Path) -> None:
    files(tmp_path, {"a.contract": GOOD, "usage.yaml": USAGE, "contacts.csv": ROWS})
    before = sorted(path.name for path in tmp_path.iterdir())
    invoiced(run, "--period", "2026-07", "-o", output)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


# ---- templates

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].environ }}",
    "{{ invoice.__class__ }}",
    "{{ ''|attr('__class__') }}",
    "{% include '../../../../etc/passwd' %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{{ nobody.nothing }}",
    "{{ 1 / 0 }}",
    "{% for",
    "{{ '{0.__class__}'.format(1) }}",
]


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_template_stays_in_its_sandbox(escape: str, run: Run, tmp_path: Path) -> None:
    files(tmp_path, {"a.contract": GOOD, "usage.yaml": USAGE, "contacts.csv": ROWS})
    for name in ("invoice.html.j2", "invoice.md.j2"):
        files(tmp_path, {f"templates/{name}": escape})
    options = ("--format", "html", "--templates", "templates")
    answer = run("invoice", "a.contract", "--usage", "usage.yaml", "--period", "2026-07", *options)
    refused(answer)
    assert "root:" not in answer.out + answer.err
    assert answer.out == ""


# ---- what is strange and legal


def fine(run: Run, folder: Path, text: str | bytes, *options: str) -> Answer:
    """A strange contract that checks, and gives an invoice."""
    files(folder, {"a.contract": text, "usage.yaml": USAGE, "contacts.csv": ROWS})
    answer = run("check", "a.contract")
    assert answer.status == 0, answer
    answer = run("invoice", "a.contract", "--usage", "usage.yaml", "--period", "2026-07", *options)
    assert answer.status == 0, answer
    return answer


@pytest.mark.parametrize("format", ["text", "markdown", "html", "json", "lines"])
def test_markup_in_a_name_is_harmless(format: str, run: Run, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>&amp;<b>*x*`|[a](javascript:b)"
    text = GOOD.replace('"Good"', f'"{evil}"').replace("charge handling", f'charge handling "{evil}"')
    answer = fine(run, tmp_path, text, "--format", format)
    if format == "html":
        assert "<script>alert" not in answer.out
        assert "&lt;script&gt;" in answer.out
    if format == "markdown":
        assert "<script>alert" not in answer.out
        assert "](javascript:" not in answer.out.replace("\\", "") or "\\[" in answer.out


@pytest.mark.parametrize("format", ["text", "markdown", "html", "json", "lines"])
def test_control_characters_do_not_reach_a_terminal(format: str, run: Run, tmp_path: Path) -> None:
    text = GOOD.replace('"Good"', '"Good \x1b[31m\x07 \x9b2J"')
    files(tmp_path, {"a.contract": text, "usage.yaml": USAGE, "contacts.csv": ROWS})
    for answer in (
        run("check", "a.contract"),
        run("invoice", "a.contract", "--usage", "usage.yaml", "--period", "2026-07", "--format", format),
    ):
        assert not {"\x1b", "\x07", "\x9b"} & set(answer.out + answer.err)


def test_windows_line_ends_and_a_mark_change_nothing(run: Run, tmp_path: Path) -> None:
    plain = fine(run, tmp_path, GOOD)
    for text in (GOOD.replace("\n", "\r\n"), "\ufeff" + GOOD, "\ufeff" + GOOD.replace("\n", "\r\n")):
        assert fine(run, tmp_path, text) == plain
    files(tmp_path, {"usage.yaml": "\ufeff" + USAGE.replace("\n", "\r\n")})
    files(tmp_path, {"contacts.csv": "\ufeff" + ROWS.replace("\n", "\r\n")})
    assert run("invoice", "a.contract", "--usage", "usage.yaml", "--period", "2026-07").out == plain.out


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u200b", "\u2066", "\u200f", "\u2060", "\ufeff", "\u00ad", "\u3164", "\U000e0041"]
)
def test_characters_that_hide_are_shown(hidden: str, run: Run, tmp_path: Path) -> None:
    """Right-to-left and zero-width characters make a contract read otherwise than it is: Trojan Source."""
    answer = checked(run, tmp_path, GOOD.replace("charge handling", f"charge hand{hidden}ling"))
    assert hidden not in answer.out
    answer = checked(run, tmp_path, GOOD.replace("4.20", f"4{hidden}.20"))
    assert hidden not in answer.out


def test_words_of_many_alphabets_are_words(run: Run, tmp_path: Path) -> None:
    fine(
        run,
        tmp_path,
        GOOD.replace("handling", "обслуживание").replace("more", "délai_moyen").replace("Good", "合同"),
    )


def test_ten_thousand_tiers_and_bands(run: Run, tmp_path: Path) -> None:
    tiers = " ".join(f"up to {index} calls : 1.{index:05d} EUR/call" for index in range(1, 10_000))
    text = GOOD + f"charge x = supplied at graduated prices {{ {tiers} beyond : 2 EUR/call }}\n"
    fine(run, tmp_path, text)


def test_ten_thousand_bands(run: Run, tmp_path: Path) -> None:
    bands = " ".join(
        f"from {index} calls to below {index + 1} calls : {index} EUR" for index in range(1, 10_000)
    )
    text = (
        f"{GOOD}bonus-malus x by supplied {{ below 1 call : 0 EUR {bands} from 10 000 calls : 10 000 EUR }}\n"
    )
    fine(run, tmp_path, text)


def test_ten_thousand_declarations(run: Run, tmp_path: Path) -> None:
    lines = "\n".join(f'charge x{index} "{index}" = supplied at {index} EUR/call' for index in range(10_000))
    files(tmp_path, {"a.contract": f"{GOOD}{lines}\n"})
    assert run("check", "a.contract").status == 0


def test_very_long_names_and_texts(run: Run, tmp_path: Path) -> None:
    name = "handled_" * 2_000
    text = GOOD.replace("handled", name).replace('"Good"', f'"{"Good " * 20_000}"')
    fine(run, tmp_path, text)


@pytest.mark.parametrize("count", [100, 20_000])
def test_deep_conditions(count: int, run: Run, tmp_path: Path) -> None:
    chain = "if supplied > 1 call then 1 EUR else " * count + "2 EUR"
    files(tmp_path, {"a.contract": f"{GOOD}charge x = {chain}\n", "usage.yaml": USAGE, "contacts.csv": ROWS})
    status = run("check", "a.contract").status
    assert status == 0 or count > 100
    assert run("invoice", "a.contract", "--usage", "usage.yaml", "--period", "2026-07").status == status


@pytest.mark.parametrize("count", [100, 20_000])
def test_long_sums(count: int, run: Run, tmp_path: Path) -> None:
    files(tmp_path, {"usage.yaml": USAGE, "contacts.csv": ROWS})
    files(tmp_path, {"a.contract": f"{GOOD}charge x = {' + '.join(['1 EUR'] * count)}\n"})
    status = run("check", "a.contract").status
    assert status == 0 or count > 100
    assert run("invoice", "a.contract", "--usage", "usage.yaml", "--period", "2026-07").status == status


@pytest.mark.parametrize("count", [300, 3_000])
def test_a_long_chain_of_measures(count: int, run: Run, tmp_path: Path) -> None:
    chain = "\n".join(f"measure m{index} = m{index + 1} + 1 call" for index in range(count))
    text = f"{GOOD}{chain}\nmeasure m{count} = supplied\ncharge x = m0 at 1 EUR/call\n"
    files(tmp_path, {"a.contract": text, "usage.yaml": USAGE, "contacts.csv": ROWS})
    assert run("check", "a.contract").status == 0
    answer = run("invoice", "a.contract", "--usage", "usage.yaml", "--period", "2026-07")
    assert answer.status == 0 or count > 300
    assert answer.status == 0 or "CL108" in answer.codes


def test_five_megabytes_of_forbidden_characters(run: Run, tmp_path: Path) -> None:
    checked(run, tmp_path, b"\x0b" * 5_000_000, "CL106")
