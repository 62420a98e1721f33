"""The action, the template of GitLab, the hooks of pre-commit: linted, and run against a small forge."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from comment_services import Forge, forge
from literate import blocks_of

ROOT = Path(__file__).parents[1]
ACTION = ROOT / ".github" / "actions" / "contractlang"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEMPLATE = ROOT / ".gitlab" / "contractlang.gitlab-ci.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
PROGRAMS = Path(sys.executable).parent

needs_program = pytest.mark.skipif(
    not (PROGRAMS / "contractlang").exists(), reason="contractlang is not installed beside this Python"
)

CONTRACT = """\
contract "Acme" {
  provider  callpro
  client    acme
  term      2026-01-01 to 2026-12-31
  invoiced  monthly
  currency  EUR
  timezone  Europe/Paris
  vat       20%
}

unit call
measure handled in calls

charge handling "Calls handled" = handled at 4.20 EUR/call

test "ten calls" {
  given 2026-07 { handled = 10 calls }
  expect handling = 42 EUR in 2026-07
}
"""
USAGE = "figures:\n  2026-07: {handled: 1000}\n"


def program(name: str, *words: str, at: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAMS / name, *words], cwd=at, capture_output=True, text=True, timeout=300)


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    run = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, env=plain())
    assert run.returncode == 0, run.stderr


def plain(**more: str) -> dict[str, str]:
    """An environment without the services that the tests themselves may run in."""
    kept = {
        name: value for name, value in os.environ.items() if not re.match("GITHUB_|GITLAB_|CI(_|$)", name)
    }
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return {**kept, **settings, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", **more}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository whose branch makes the calls dearer: a merge of it into main is checked out."""
    folder = tmp_path / "work"
    (folder / "contracts" / "acme").mkdir(parents=True)
    (folder / "contracts" / "other").mkdir()
    git(folder, "init", "-q", "-b", "main")
    write(folder, CONTRACT, "Signed")
    git(folder, "switch", "-qc", "dearer")
    write(folder, CONTRACT.replace("4.20", "4.30").replace("= 42 EUR", "= 43 EUR"), "Dearer")
    git(folder, "switch", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge", "dearer")
    return folder


def write(folder: Path, text: str, subject: str) -> None:
    (folder / "contracts" / "acme" / "acme.contract").write_text(text, encoding="utf-8")
    (folder / "contracts" / "acme" / "usage.yaml").write_text(USAGE, encoding="utf-8")
    (folder / "contracts" / "other" / "other.contract").write_text(CONTRACT, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", subject)


# ---- linted


@pytest.mark.parametrize(
    ("schema", "path", "more"),
    [
        ("github-actions", ACTION / "action.yml", ()),
        *(("github-workflows", path, ()) for path in WORKFLOWS),
        ("gitlab-ci", TEMPLATE, ("--data-transform", "gitlab-ci")),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_files_of_services_are_what_their_schemas_say(schema: str, path: Path, more: tuple[str, ...]) -> None:
    run = program("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *more, str(path))
    assert run.returncode == 0, run.stdout


def test_the_files_in_the_documentation_are_what_their_schemas_say(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    found = {block.file: block.text for block in blocks_of(text) if block.language == "yaml" and block.file}
    checks = {
        ".github/workflows/contracts.yml": [
            "check-jsonschema",
            "--builtin-schema",
            "vendor.github-workflows",
        ],
        ".gitlab-ci.yml": ["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci"],
        ".pre-commit-config.yaml": ["pre-commit", "validate-config"],
    }
    assert set(found) == set(checks)
    for name, words in checks.items():
        path = tmp_path / Path(name).name
        path.write_text(found[name], encoding="utf-8")
        run = program(*words, str(path))
        assert run.returncode == 0, run.stdout + run.stderr
    hooks = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    (used,) = yaml.safe_load(found[".pre-commit-config.yaml"])["repos"]
    assert [hook["id"] for hook in used["hooks"]] == [hook["id"] for hook in hooks]
    for step in steps_of(yaml.safe_load(found[".github/workflows/contracts.yml"])):
        if step.get("id") == "contracts":
            assert set(step["with"]) <= set(yaml.safe_load((ACTION / "action.yml").read_text())["inputs"])


def test_the_schema_notices_a_step_without_its_shell(tmp_path: Path) -> None:
    broken = tmp_path / "action.yml"
    broken.write_text((ACTION / "action.yml").read_text(encoding="utf-8").replace("shell: bash", "", 1))
    assert (
        program("check-jsonschema", "--builtin-schema", "vendor.github-actions", str(broken)).returncode == 1
    )


def steps_of(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from document.get("runs", {}).get("steps", ())
    for job in document.get("jobs", {}).values():
        yield from job["steps"]


@pytest.mark.parametrize("path", [ACTION / "action.yml", *WORKFLOWS], ids=lambda path: path.name)
def test_what_people_write_never_becomes_part_of_a_script(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for step in steps_of(document):
        assert "${{" not in step.get("run", ""), step["name"]


def test_every_input_of_the_action_is_read_and_documented() -> None:
    text = (ACTION / "action.yml").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    for name in document["inputs"]:
        assert f"inputs.{name} " in text and f"| `{name}` |" in page, name
    for name in document["outputs"]:
        assert f"| `{name}` |" in page, name
    given = next(step for step in document["runs"]["steps"] if step.get("id") == "report")["env"]
    script = (ACTION / "report.sh").read_text(encoding="utf-8")
    assert [name for name in given if f"${name}" not in script and name != "GITHUB_TOKEN"] == []


def test_every_variable_of_the_template_is_read_and_documented() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    for name in yaml.safe_load(text)["contractlang"]["variables"]:
        if name.startswith("CONTRACTLANG_"):
            assert f'"${name}' in text and f"| `{name}` |" in page, name


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "gitlab.sh").write_text("#!/bin/sh\n" + gitlab_script(), encoding="utf-8")
    paths = [str(ACTION / "report.sh"), str(tmp_path / "gitlab.sh")]
    # $quiet is one word or none; REPORTS and BASE come from the environment.
    words = ["shellcheck", "--exclude=SC2086,SC2153,SC2154", *paths]
    run = subprocess.run(words, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


# ---- GitHub


def run_action(work: Path, here: Forge, **more: str) -> tuple[int, str, dict[str, str], str]:
    """Exit status, log, outputs and summary of the action's script."""
    aside = work.parent
    output, summary = aside / "output", aside / "summary"
    for path in (output, summary):
        path.write_text("", encoding="utf-8")
    inputs = {
        "FOLDER": "contracts", "USAGE": "usage.yaml", "PERIOD": "2026-07", "FROM": "", "TO": "", "BASE": "",
        "BASE_OF_EVENT": "", "COMMENT": "true", "REPORTS": str(aside / "reports"),
    }  # fmt: skip
    inputs |= {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=work, capture_output=True, text=True)
    inputs["GITHUB_SHA"] = head.stdout.strip()
    run = subprocess.run(
        ["bash", ACTION / "report.sh"], cwd=work, env=plain(**{**here.environment(), **inputs, **more}),
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    outputs = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
    return run.returncode, run.stdout + run.stderr, outputs, summary.read_text(encoding="utf-8")


@needs_program
def test_the_action_checks_compares_and_keeps_one_comment(work: Path) -> None:
    with forge("github") as here:
        here.refuses["GET /user"] = (403, "Resource not accessible by integration")
        status, log, outputs, summary = run_action(work, here)
        assert status == 0, log
        assert "2 contracts checked: no errors, no warnings" in log and "2 passed, 0 failed" in log
        assert outputs["change"] == "terms" and "comment added: https://" in log
        reports = work.parent / "reports"
        assert sorted(path.name for path in reports.iterdir()) == [
            "check.sarif", "check.txt", "terms.json", "terms.md", "terms.txt", "test.txt", "test.xml",
        ]  # fmt: skip
        (body,) = here.bodies
        assert body == (reports / "terms.md").read_text(encoding="utf-8")
        assert "**100.00 EUR more (+2.4%)**" in body
        assert "### Check\n\n`````text\n2 contracts checked" in summary and summary.endswith(body)
        # The branch takes its change back: the comment says so, and none is added.
        status, log, outputs, _ = run_action(work, here, BASE="HEAD")
        assert status == 0 and outputs["change"] == "nothing" and "comment changed: " in log
        assert [body.splitlines()[-1] for body in here.bodies] == [
            "No terms changed: layout, comments or scenarios only."
        ]


@needs_program
def test_the_action_fails_and_annotates_what_is_wrong(work: Path) -> None:
    text = CONTRACT.replace("4.20", "4.30").replace("charge handling", "charge  handling")
    write(work, text, "Forgot the test")
    (work / "contracts" / "other" / "other.contract").write_text(
        CONTRACT.replace("handled at", "handeld at"), encoding="utf-8"
    )
    with forge("github") as here:
        found = {"GITHUB_REF": "refs/heads/main", "BASE_OF_EVENT": "HEAD~1", "COMMENT": "false"}
        status, log, outputs, summary = run_action(work, here, **found)
        assert status == 1 and not here.asked
        assert outputs == {"sarif": str(work.parent / "reports" / "check.sarif"), "change": "terms"}
        places = re.findall(r"::error file=(\S+?),line=(\d+),.*title=(CL\d+)::", log)
        assert {(Path(file).name, int(line), code) for file, line, code in places} >= {
            ("acme.contract", 14, "CL991"), ("acme.contract", 18, "CL962"), ("other.contract", 14, "CL220"),
        }  # fmt: skip
        assert "### Tests" in summary and "error CL" in summary


@needs_program
@pytest.mark.parametrize("before", ["0" * 40, "deadbeef" * 5])
def test_the_action_compares_with_nothing_where_there_is_nothing(work: Path, before: str) -> None:
    shutil.rmtree(work / "contracts" / "other")
    with forge("github") as here:
        found = {"GITHUB_REF": "refs/heads/main", "BASE_OF_EVENT": before}
        status, log, outputs, _ = run_action(work, here, **found)
    assert status == 0 and outputs["change"] == "unknown" and not here.asked
    assert ("fetch-depth of 2" in log) == (before[0] != "0")


# ---- GitLab


def gitlab_script() -> str:
    return "\n".join(yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))["contractlang"]["script"])


@needs_program
def test_the_job_of_gitlab_checks_compares_and_keeps_one_note(work: Path) -> None:
    job = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))["contractlang"]
    variables = {**job["variables"], "CONTRACTLANG_USAGE": "usage.yaml", "CONTRACTLANG_PERIOD": "2026-07"}
    base = subprocess.run(["git", "rev-parse", "HEAD^1"], cwd=work, capture_output=True, text=True)
    variables["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = base.stdout.strip()
    with forge("gitlab") as here:
        run = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", gitlab_script()], cwd=work, capture_output=True, text=True,
            env=plain(**here.environment(), **variables), timeout=120,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr
        (body,) = here.bodies
    assert "comment added: https://gitlab.example/acme/terms/-/merge_requests/7#note_100" in run.stdout
    assert "**100.00 EUR more (+2.4%)**" in body
    reports = work / "contractlang-reports"
    kept = {path.name for path in reports.iterdir()}
    asked = job["artifacts"]["reports"]
    assert {Path(path).name for path in (*asked["codequality"], asked["junit"])} <= kept
    assert json.loads((reports / "check.json").read_text(encoding="utf-8")) == []


# ---- pre-commit


def test_the_hooks_are_what_pre_commit_says() -> None:
    run = program("pre-commit", "validate-manifest", str(HOOKS))
    assert run.returncode == 0, run.stdout + run.stderr
    from contractlang.commands.main import COMMANDS

    for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8")):
        words = hook["entry"].split()
        assert words[0] == "contractlang" and words[1] in COMMANDS and hook["id"] == "-".join(words)


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="builds an environment (15 s): set CI=true")
def test_pre_commit_runs_the_hooks_on_the_samples(tmp_path: Path) -> None:
    if program("pip", "download", "-q", "--no-deps", "-d", str(tmp_path / "asked"), "hatchling").returncode:
        pytest.skip("no package index is reached")
    folder = tmp_path / "samples"
    shutil.copytree(ROOT / "contracts", folder / "contracts")
    (folder / "contracts" / "acme" / "loose.contract").write_text(CONTRACT.replace("  provider", "provider"))
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Samples")
    words = ["try-repo", str(ROOT), "--all-files", "--verbose"]
    environment = plain(PRE_COMMIT_HOME=str(tmp_path / "home"))
    run = subprocess.run(
        [PROGRAMS / "pre-commit", *words], cwd=folder, env=environment, capture_output=True, text=True
    )
    told = run.stdout + run.stderr
    assert re.search(r"^contractlang check\.+Passed$", told, re.MULTILINE), told
    assert re.search(r"^contractlang test\.+Passed$", told, re.MULTILINE), told
    assert re.search(r"^contractlang fmt\.+Failed\n(- .*\n)*- files were modified", told, re.MULTILINE), told
    assert (folder / "contracts" / "acme" / "loose.contract").read_text(encoding="utf-8") == CONTRACT
