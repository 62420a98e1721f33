"""Templates of users: they replace ours by name, and what they may not do is said with its line."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import sample

from contractlang.diagnostics import ContractError, Diagnostic
from contractlang.rendering import accounts, pages, view
from contractlang.rendering.invoice import render
from contractlang.text import Span


def fault(folder: Path, template: str, name: str = "mentions_fr.html.j2") -> Diagnostic:
    (folder / name).write_text(template, encoding="utf-8")
    with pytest.raises(ContractError) as raised:
        render(sample.july(), "html", "en", folder)
    (found,) = raised.value.diagnostics
    return found


def line_of(found: Diagnostic) -> tuple[str, int]:
    assert isinstance(found.span, Span)
    return Path(found.span.source.name).name, found.span.position().line + 1


def test_a_template_takes_the_place_of_ours_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "mentions_fr.html.j2").write_text("<p>Ours: {{ invoice.period }}</p>", encoding="utf-8")
    page = render(sample.july(), "html", "en", tmp_path)
    assert "<p>Ours: 1 to 31 July 2026</p>" in page
    assert "L441-10" not in page


def test_ours_keep_a_name(tmp_path: Path) -> None:
    text = '<p>Before</p>{% include "contractlang/mentions_fr.html.j2" %}'
    (tmp_path / "mentions_fr.html.j2").write_text(text, encoding="utf-8")
    page = render(sample.july(), "html", "en", tmp_path)
    assert "<p>Before</p>" in page
    assert "L441-10" in page


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{{ invoice.__class__ }}", "CL973"),
        ("{{ invoice.title.__class__.__mro__ }}", "CL973"),
        ("{{ ''.__class__.__base__.__subclasses__() }}", "CL973"),
        ("{{ '{0.__class__}'.format(invoice) }}", "CL973"),
        ("{{ invoice }}", "CL973"),
        ("{{ invoice.lines[0].account }}", "CL973"),
        ("{{ 'a' * 100000000 }}", "CL973"),
        ("{{ 2 ** 100000 }}", "CL973"),
        ("{{ '%1000000000d' % 1 }}", "CL973"),
        ("{{ 'a'.ljust(1000000000) }}", "CL973"),
        ("{% for x in range(1000000000) %}{% endfor %}", "CL973"),
        ("{% for x in range(50000) %}{% for y in range(50000) %}{% endfor %}{% endfor %}", "CL973"),
        ("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", "CL973"),
        ("{% include 'mentions_fr.html.j2' %}", "CL973"),
        ("{{ nothing }}", "CL972"),
        ("{{ invoice.contracd }}", "CL972"),
        ("{{ namespace() }}", "CL972"),
        ("{{ lipsum() }}", "CL972"),
        ("{{ invoice.lines.append(1) }}", "CL972"),
        ("{{ invoice.net / 2 }}", "CL974"),
        ("{{ range() }}", "CL974"),
        ("{% if %}", "CL970"),
        ("{{ invoice.net | tojson }}", "CL970"),
        ("{% import 'os' as os %}", "CL971"),
        ("{% include 'mention_fr.html.j2' %}", "CL971"),
        ("{% include '../../etc/passwd' %}", "CL971"),
    ],
)
def test_what_a_template_may_not_do_is_said_with_its_line(tmp_path: Path, template: str, code: str) -> None:
    found = fault(tmp_path, f"<p>\n\n  {template}\n</p>")
    assert (found.code, *line_of(found)) == (code, "mentions_fr.html.j2", 3), found.message


def test_a_misspelt_name_gets_the_nearest(tmp_path: Path) -> None:
    assert 'the nearest is "contract"' in fault(tmp_path, "{{ invoice.contracd }}").message
    assert (
        fault(tmp_path, "{% include 'mention_fr.html.j2' %}").help == 'the nearest is "mentions_fr.html.j2"'
    )


def test_output_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LONGEST_OUTPUT", 200_000)
    text = "{% for x in range(90000) %}<p>a row</p>{% endfor %}"
    assert fault(tmp_path, text).code == "CL973"


def test_a_template_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "mentions_fr.html.j2").write_bytes(b"\xff\xfe\x00bad")
    with pytest.raises(ContractError) as raised:
        render(sample.july(), "html", "en", tmp_path)
    assert raised.value.diagnostics[0].code == "CL974"


def test_the_page_of_the_manual_names_every_value_and_every_template() -> None:
    root = Path(__file__).parents[3]
    manual = (root / "docs" / "templates.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([^`\n]+)`", manual))
    for kind in (*vars(view).values(), accounts.Account):
        if isinstance(kind, type) and (kind.__name__.endswith("View") or kind is accounts.Account):
            assert {field.name for field in fields(kind)} <= named, kind
    assert {file.name for file in (root / "templates").glob("*.j2")} <= named
    assert set(pages._FILTERS) - {"d", "e"} <= named
