"""Comments on pull requests of GitHub.

In: the environment of a job of GitHub Actions, with GITHUB_TOKEN. Out: a `Service`.

Codes: CL903 a job without a pull request, or without its token.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contractlang.diagnostics import ContractError, error
from contractlang.posting.comments import Comment
from contractlang.posting.connection import Connection, RefusedError

_REFERENCE = re.compile(r"refs/pull/([0-9]+)/")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True)
class GitHub:
    """The pull request of a job; `whole` is the address of the run."""

    connection: Connection
    repository: str
    number: int
    whole: str = ""
    longest: int = 65_536
    permission: str = (
        "give the job `permissions: pull-requests: write`; for a fork GitHub grants reading alone, whatever "
        "the job says"
    )

    @staticmethod
    def of_job(environment: Mapping[str, str]) -> "GitHub":
        """The pull request that a job runs for; raises ContractError (CL903)."""
        token = environment.get("GITHUB_TOKEN", "").strip()
        if not token:
            raise _missing("there is no GITHUB_TOKEN", "env: GITHUB_TOKEN: ${{ github.token }}")
        repository = environment.get("GITHUB_REPOSITORY", "")
        if not _REPOSITORY.fullmatch(repository):
            raise _missing("GITHUB_REPOSITORY names no repository", "run it in a job of GitHub Actions")
        number = _number(environment)
        if number is None:
            raise _missing("this job runs for no pull request", "run it `on: pull_request`")
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        base = environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
        run, server = environment.get("GITHUB_RUN_ID"), environment.get("GITHUB_SERVER_URL")
        whole = f"{server}/{repository}/actions/runs/{run}" if run and server else ""
        return GitHub(Connection("GitHub", base, headers, token), repository, number, whole)

    def mine(self) -> Iterator[Comment]:
        """The comments that this account wrote, the oldest first."""
        me = self._account()
        for one in self.connection.pages(
            f"/repos/{self.repository}/issues/{self.number}/comments?per_page=100"
        ):
            user = one.get("user") or {}
            # The token of a job may not ask who it is; what it writes is a bot's.
            if user.get("login") == me if me is not None else user.get("type") == "Bot":
                yield _comment(one)

    def change(self, comment: Comment, body: str) -> Comment:
        """Write another text into a comment."""
        path = f"/repos/{self.repository}/issues/comments/{comment.key}"
        return _comment(self.connection.call("PATCH", path, {"body": body}))

    def add(self, body: str) -> Comment:
        """Write a new comment."""
        path = f"/repos/{self.repository}/issues/{self.number}/comments"
        return _comment(self.connection.call("POST", path, {"body": body}))

    def _account(self) -> str | None:
        try:
            answer = self.connection.call("GET", "/user")
        except RefusedError as fault:
            if fault.status == 403:
                return None
            raise
        return str(answer["login"]) if isinstance(answer, dict) and "login" in answer else None


def _comment(answer: Any) -> Comment:
    known = answer if isinstance(answer, dict) else {}
    return Comment(str(known.get("id")), str(known.get("body") or ""), str(known.get("html_url") or ""))


def _number(environment: Mapping[str, str]) -> int | None:
    """The number of the pull request, from the event that started the job, or its reference."""
    try:
        event = json.loads(Path(environment.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        event = {}
    told = event.get("pull_request") if isinstance(event, dict) else None
    if isinstance(told, dict) and isinstance(told.get("number"), int):
        return int(told["number"])
    match = _REFERENCE.match(environment.get("GITHUB_REF", ""))
    return int(match[1]) if match else None


def _missing(what: str, cure: str) -> ContractError:
    return ContractError([error("CL903", f"the comment has no place: {what}", None, cure)])
