"""A contract with all that it includes, from files and from git revisions."""

import os
import subprocess
from pathlib import Path

import pytest

from contractlang.diagnostics import ContractError
from contractlang.syntax.loading import Document, document_from_text, load_document

HEADER = 'contract "A" {\n}\n'


def written(folder: Path, **files: str) -> Path:
    """A project whose files are named by keywords: `shared__units` is shared/units.contract."""
    (folder / ".git").mkdir()
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".contract")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def codes(document: Document) -> list[str]:
    return [one.code for one in document.diagnostics]


def names(document: Document) -> list[str]:
    return [str(getattr(one, "name", getattr(one, "title", "?"))) for one in document.declarations]


def test_includes_are_replaced_in_place(tmp_path: Path) -> None:
    written(
        tmp_path,
        acme__main=HEADER + 'unit call\ninclude "../shared/units.contract"\nunit sale\n',
        shared__units='unit reply\ninclude "more.contract"\n',
        shared__more="unit visit\n",
    )
    document = load_document(tmp_path / "acme" / "main.contract")
    assert names(document) == ["A", "call", "reply", "visit", "sale"]
    assert codes(document) == []
    assert document.header is not None
    assert document.folder == tmp_path / "acme"
    assert [Path(one.name) for one in document.sources] == [
        tmp_path / "acme" / "main.contract",
        tmp_path / "shared" / "units.contract",
        tmp_path / "shared" / "more.contract",
    ]


def test_names_are_as_the_user_would_type_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, acme__main=HEADER + 'include "../shared.contract"\n', shared="unit call\n")
    monkeypatch.chdir(tmp_path)
    document = load_document("acme/main.contract")
    assert [one.name for one in document.sources] == ["acme/main.contract", "shared.contract"]


def test_a_file_is_loaded_once(tmp_path: Path) -> None:
    written(
        tmp_path,
        main=HEADER + 'include "a.contract"\ninclude "b.contract"\ninclude "./units.contract"\n',
        a='include "units.contract"\nunit a\n',
        b='include "units.contract"\nunit b\n',
        units="unit call\n",
    )
    document = load_document(tmp_path / "main.contract")
    assert names(document) == ["A", "call", "a", "b"]
    assert codes(document) == []
    assert len(document.sources) == 4


def test_an_amendment_is_a_scope_of_its_own(tmp_path: Path) -> None:
    written(
        tmp_path,
        main=HEADER + 'include "rates.contract"\namendment "Avenant 1" effective 2026-10-01 {\n'
        'include "rates.contract"\n}\n',
        rates="rate hourly = 30 EUR/hour\n",
    )
    document = load_document(tmp_path / "main.contract")
    assert codes(document) == []
    assert len(document.sources) == 2
    amendment = document.declarations[-1]
    assert amendment.items == (document.declarations[1],)  # type: ignore[union-attr]


def test_a_circle_is_shown(tmp_path: Path) -> None:
    written(tmp_path, main=HEADER + 'include "a.contract"\n', a='include "b.contract"\n',
            b='include "a.contract"\n')  # fmt: skip
    (found,) = load_document(tmp_path / "main.contract").diagnostics
    assert found.code == "CL203"
    assert found.message == (
        f'these files include one another in a circle: "{tmp_path}/a.contract" includes '
        f'"{tmp_path}/b.contract" includes "{tmp_path}/a.contract"'
    )


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("absent.contract", "CL201"),
        ("", "CL201"),
        ("/etc/passwd", "CL202"),
        ("~/x.contract", "CL202"),
        ("C:/x.contract", "CL202"),
        ("../../../outside.contract", "CL202"),
        ("link.contract", "CL202"),
        ("main.contract", "CL203"),
        ("other.contract", "CL204"),
        (".", "CL205"),
        ("loop.contract", "CL205"),
        ("x" * 5000, "CL205"),
        ("latin.contract", "CL205"),
    ],
)
def test_what_cannot_be_included(tmp_path: Path, path: str, code: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "outside.contract").write_text("unit x\n")
    written(project, main=HEADER + f'include "{path}"\nunit call\n', other=HEADER + "unit sale\n")
    (project / "link.contract").symlink_to(tmp_path / "outside.contract")
    (project / "loop.contract").symlink_to(project / "loop.contract")
    (project / "latin.contract").write_bytes("## é\n".encode("latin-1"))
    document = load_document(project / "main.contract")
    assert codes(document) == [code]
    (found,) = document.diagnostics
    assert found.span.text == f'include "{path}"'  # type: ignore[union-attr]
    assert "call" in names(document)
    assert "x" not in names(document)


def test_without_git_the_project_is_where_parties_are(tmp_path: Path) -> None:
    acme = tmp_path / "contracts" / "acme"
    acme.mkdir(parents=True)
    (acme / "acme.contract").write_text(HEADER + 'include "../units.contract"\n')
    (tmp_path / "contracts" / "units.contract").write_text("unit call\n")
    assert codes(load_document(acme / "acme.contract")) == ["CL202"]
    (tmp_path / "contracts" / "parties.yaml").write_text("{}\n")
    assert codes(load_document(acme / "acme.contract")) == []


def test_a_long_chain_ends_in_words(tmp_path: Path) -> None:
    files = {f"f{index}": f'include "f{index + 1}.contract"\n' for index in range(200)}
    written(tmp_path, main=HEADER + 'include "f0.contract"\n', f200="unit call\n", **files)
    assert codes(load_document(tmp_path / "main.contract")) == ["CL208"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "CL200"),
        ("# nothing\n", "CL200"),
        ("unit call\n", "CL200"),
        (HEADER + HEADER, "CL207"),
        (HEADER + 'include "units.contract"\n', "CL209"),
        ('contract "A" {\n', "CL123"),
    ],
)
def test_texts(text: str, code: str) -> None:
    assert codes(document_from_text(text)) == [code]


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ContractError) as caught:
        load_document(tmp_path / "absent.contract")
    assert caught.value.diagnostics[0].code == "CL100"


def git(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, env=environment, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "acme").mkdir()
    git(tmp_path, "init", "-q")
    main, units = tmp_path / "acme" / "main.contract", tmp_path / "units.contract"
    main.write_text(HEADER + 'include "../units.contract"\n')
    units.write_text("unit old\n")
    (tmp_path / "link.contract").symlink_to("acme/main.contract")
    (tmp_path / "away.contract").symlink_to("/etc/passwd")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    main.write_text(HEADER + 'include "../units.contract"\nunit more\n')
    units.write_text("unit new\n")
    git(tmp_path, "commit", "-qam", "two")
    monkeypatch.chdir(tmp_path / "acme")
    return tmp_path


def test_a_revision_includes_from_itself(repository: Path) -> None:
    old = load_document("HEAD~1:acme/main.contract")
    assert names(old) == ["A", "old"]
    assert [one.name for one in old.sources] == ["HEAD~1:acme/main.contract", "HEAD~1:units.contract"]
    assert old.folder == repository / "acme"
    assert names(load_document("HEAD:acme/main.contract")) == ["A", "new", "more"]
    assert names(load_document("HEAD:link.contract"))[0] == "A"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("HEAD:absent.contract", "CL100"),
        ("HEAD:x blob 3", "CL100"),
        ("HEAD:acme", "CL101"),
        ("HEAD:away.contract", "CL102"),
        ("nowhere:acme/main.contract", "CL100"),
        ("--help:x", "CL100"),
        ("HEAD:../x", "CL100"),
        ("HEAD:", "CL100"),
    ],
)
def test_what_a_revision_has_not(repository: Path, path: str, code: str) -> None:
    with pytest.raises(ContractError) as caught:
        load_document(path)
    assert [one.code for one in caught.value.diagnostics] == [code]


def test_a_revision_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ContractError) as caught:
        load_document("HEAD:main.contract")
    assert "in no git repository" in str(caught.value)
