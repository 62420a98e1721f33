"""`contractlang comment` against a small GitHub and a small GitLab."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from comment_services import TOKEN, Forge, forge
from literate import run_program

from contractlang.posting.comments import fitted, marker

MARKER = marker("diff")


@pytest.fixture(params=["github", "gitlab"])
def service(request: pytest.FixtureRequest) -> Iterator[Forge]:
    with forge(request.param) as here:
        yield here


def comment(
    here: Forge, folder: Path, text: str, *words: str, environment: dict[str, str] | None = None
) -> tuple[int, str, str]:
    (folder / "terms.md").write_text(text, encoding="utf-8")
    found = here.environment() if environment is None else environment
    with mock.patch.dict(os.environ, found, clear=True):
        answer = run_program(["comment", "terms.md", *words], folder)
    assert TOKEN not in answer[1] + answer[2]
    return answer


def test_one_comment_is_written_and_then_changed(service: Forge, tmp_path: Path) -> None:
    status, told, _ = comment(service, tmp_path, f"{MARKER}\n\n### Acme\n")
    assert status == 0 and told.startswith("comment added: https://")
    assert service.bodies == [f"{MARKER}\n\n### Acme\n"]
    status, told, _ = comment(service, tmp_path, "### Acme, dearer\n")
    assert status == 0 and told.startswith("comment changed: https://")
    assert service.bodies == [f"{MARKER}\n\n### Acme, dearer\n"]
    status, told, _ = comment(service, tmp_path, "### Acme, dearer")
    assert status == 0 and told.startswith("comment unchanged: https://")


def test_it_is_found_behind_many_others(service: Forge, tmp_path: Path) -> None:
    for number in range(5):
        service.say(f"word {number}")
    comment(service, tmp_path, "first")
    for number in range(4):
        service.say(f"answer {number}")
    service.asked.clear()
    assert comment(service, tmp_path, "second")[0] == 0
    assert len(service.bodies) == 10 and service.bodies[5] == f"{MARKER}\n\nsecond"
    assert len([one for one in service.asked if one.startswith("GET") and "user" not in one]) == 5


def test_what_somebody_else_wrote_is_left_alone(service: Forge, tmp_path: Path) -> None:
    forged = f"{MARKER}\n\nall is free"
    service.say(forged, "mallory")
    assert comment(service, tmp_path, "true")[0] == 0
    assert service.bodies == [forged, f"{MARKER}\n\ntrue"]


def test_the_token_of_a_job_of_github_may_not_ask_who_it_is(tmp_path: Path) -> None:
    with forge("github") as here:
        here.refuses["GET /user"] = (403, "Resource not accessible by integration")
        here.say(f"{MARKER}\n\nall is free", "mallory")
        comment(here, tmp_path, "one")
        status, told, _ = comment(here, tmp_path, "two")
        assert (status, told) == (0, "comment changed: https://forge/101\n")
        assert here.bodies == [f"{MARKER}\n\nall is free", f"{MARKER}\n\ntwo"]


def test_several_comments_have_names(service: Forge, tmp_path: Path) -> None:
    comment(service, tmp_path, f"{MARKER}\none", "--name", "france")
    comment(service, tmp_path, f"{MARKER}\ntwo", "--name", "france-2")
    assert [body.splitlines()[0] for body in service.bodies] == [marker("france"), marker("france-2")]
    assert comment(service, tmp_path, "x", "--name", "--> x")[0] == 2


def test_none_is_added_where_only_an_update_is_wanted(service: Forge, tmp_path: Path) -> None:
    assert comment(service, tmp_path, "same", "--update-only")[:2] == (0, "comment left out\n")
    comment(service, tmp_path, "different")
    assert comment(service, tmp_path, "same", "--update-only")[1].startswith("comment changed")
    assert service.bodies == [f"{MARKER}\n\nsame"]


# ---- what goes wrong


def test_a_token_that_may_not_comment(service: Forge, tmp_path: Path) -> None:
    service.refuses[r"POST .*"] = (403, f"not with {TOKEN}")
    status, _, told = comment(service, tmp_path, "terms")
    assert status == 1 and "did not take the comment: 403 not with ***" in told
    assert ("pull-requests: write" in told) == (service.kind == "github")
    assert ("scope `api`" in told) == (service.kind == "gitlab")


def test_a_token_that_is_wrong(service: Forge, tmp_path: Path) -> None:
    wrong = {**service.environment(), "GITHUB_TOKEN": "no", "CONTRACTLANG_GITLAB_TOKEN": "no"}
    status, _, told = comment(service, tmp_path, "terms", environment=wrong)
    assert status == 1 and "401 Bad credentials" in told


def test_a_fault_of_the_service(service: Forge, tmp_path: Path) -> None:
    service.refuses[r"GET .*(comments|notes)"] = (502, "")
    status, _, told = comment(service, tmp_path, "terms")
    assert status == 1 and "error CL904" in told and "502 Bad Gateway" in told and "run the job again" in told


def test_a_token_is_not_sent_to_where_a_service_points(service: Forge, tmp_path: Path) -> None:
    service.refuses[r"POST .*"] = (302, "moved")
    status, _, told = comment(service, tmp_path, "terms")
    assert status == 1 and "302 moved" in told
    service.refuses.clear()
    for number in range(3):
        service.say(str(number))
    service.next_at = "http://127.0.0.1:9"
    status, _, told = comment(service, tmp_path, "terms")
    assert status == 1 and "its next page is at another address" in told


def test_a_service_that_is_not_there(service: Forge, tmp_path: Path) -> None:
    nowhere = {"GITHUB_API_URL": "http://127.0.0.1:9", "CI_API_V4_URL": "http://127.0.0.1:9/api"}
    status, _, told = comment(service, tmp_path, "x", environment={**service.environment(), **nowhere})
    assert status == 1 and "error CL904" in told and "is 127.0.0.1:9 reached from here?" in told
    odd = {"GITHUB_API_URL": "file:///etc", "CI_API_V4_URL": "file:///etc"}
    status, _, told = comment(service, tmp_path, "x", environment={**service.environment(), **odd})
    assert status == 1 and "its address is no http address" in told


@pytest.mark.parametrize(
    ("kind", "gone", "words"),
    [
        ("github", "GITHUB_TOKEN", "there is no GITHUB_TOKEN"),
        ("github", "GITHUB_REPOSITORY", "GITHUB_REPOSITORY names no repository"),
        ("github", "GITHUB_REF", "this job runs for no pull request"),
        ("gitlab", "CONTRACTLANG_GITLAB_TOKEN", "there is no CONTRACTLANG_GITLAB_TOKEN"),
        ("gitlab", "CI_PROJECT_ID", "CI_API_V4_URL or CI_PROJECT_ID is not there"),
        ("gitlab", "CI_MERGE_REQUEST_IID", "this job runs for no merge request"),
    ],
)
def test_an_environment_that_lacks_something(kind: str, gone: str, words: str, tmp_path: Path) -> None:
    with forge(kind) as here:
        found = {name: value for name, value in here.environment().items() if name != gone}
        status, _, told = comment(here, tmp_path, "x", environment=found)
        assert status == 1 and f"error CL903: the comment has no place: {words}" in told
        assert not here.asked


def test_outside_of_a_job(service: Forge, tmp_path: Path) -> None:
    status, _, told = comment(service, tmp_path, "x", environment={})
    assert status == 2 and "give --github or --gitlab" in told
    found = {
        name: value
        for name, value in service.environment().items()
        if name not in ("GITHUB_ACTIONS", "GITLAB_CI")
    }
    assert comment(service, tmp_path, "x", f"--{service.kind}", environment=found)[0] == 0


def test_the_event_says_which_pull_request(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}}), encoding="utf-8")
    with forge("github") as here:
        found = here.environment(GITHUB_REF="refs/heads/main", GITHUB_EVENT_PATH=str(event))
        assert comment(here, tmp_path, "x", environment=found)[0] == 0
        event.write_text("[1]", encoding="utf-8")
        assert comment(here, tmp_path, "x", environment=found)[0] == 1


# ---- what is too long


def test_a_long_text_is_cut_at_a_line_and_closed(tmp_path: Path) -> None:
    text = "### Acme\n\n<details><summary>All</summary>\n\n```text\n" + "a row of the table\n" * 5000
    with forge("github") as here:
        comment(here, tmp_path, text)
        (body,) = here.bodies
    assert 64_000 < len(body) <= 65_536
    assert body.count("```") % 2 == 0 and body.count("<details>") == body.count("</details>")
    kept, _, note = body.partition("\n```\n\n</details>\n\n")
    assert kept.endswith("\na row of the table")
    assert note == (
        "*This comment was cut: it was too long.* [The whole is here]"
        "(https://github.example/acme/terms/actions/runs/55).\n"
    )


def test_a_text_that_just_fits_is_whole() -> None:
    head = f"{MARKER}\n\n"
    assert fitted("x" * 100, "diff", len(head) + 100) == head + "x" * 100
    assert len(fitted("x\n" * 1000, "diff", 500)) <= 500
