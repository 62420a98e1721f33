"""Notes on merge requests of GitLab.

In: the environment of a job of GitLab CI, with CONTRACTLANG_GITLAB_TOKEN. Out: a `Service`.

Codes: CL903 a job without a merge request, or without its token.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from contractlang.diagnostics import ContractError, error
from contractlang.posting.comments import Comment
from contractlang.posting.connection import Connection

_TOKEN = "CONTRACTLANG_GITLAB_TOKEN"  # noqa: S105 - the name of the variable.


@dataclass(frozen=True, slots=True)
class GitLab:
    """The merge request of a job; `whole` is the address of the job, which has the artefacts."""

    connection: Connection
    project: str
    number: str
    web: str = ""
    whole: str = ""
    longest: int = 1_000_000
    permission: str = f"{_TOKEN} needs the scope `api` and the role Reporter in the project"

    @staticmethod
    def of_job(environment: Mapping[str, str]) -> "GitLab":
        """The merge request that a job runs for; raises ContractError (CL903)."""
        token = environment.get(_TOKEN, "").strip()
        if not token:
            cure = "keep an access token of the project in that variable, masked; CI_JOB_TOKEN cannot comment"
            raise _missing(f"there is no {_TOKEN}", cure)
        base, project = environment.get("CI_API_V4_URL", ""), environment.get("CI_PROJECT_ID", "")
        if not base or not project:
            raise _missing("CI_API_V4_URL or CI_PROJECT_ID is not there", "run it in a job of GitLab CI")
        number = environment.get("CI_MERGE_REQUEST_IID", "")
        if not number.isdigit():
            cure = 'rules: if: $CI_PIPELINE_SOURCE == "merge_request_event"'
            raise _missing("this job runs for no merge request", cure)
        connection = Connection("GitLab", base.rstrip("/"), {"PRIVATE-TOKEN": token}, token)
        web = environment.get("CI_PROJECT_URL", "")
        return GitLab(connection, quote(project, safe=""), number, web, environment.get("CI_JOB_URL", ""))

    def mine(self) -> Iterator[Comment]:
        """The notes that this account wrote, the oldest first."""
        answer = self.connection.call("GET", "/user")
        me = answer.get("id") if isinstance(answer, dict) else None
        for one in self.connection.pages(f"{self._notes}?per_page=100&sort=asc&order_by=created_at"):
            if (one.get("author") or {}).get("id") == me and not one.get("system"):
                yield self._note(one)

    def change(self, comment: Comment, body: str) -> Comment:
        """Write another text into a note."""
        return self._note(self.connection.call("PUT", f"{self._notes}/{comment.key}", {"body": body}))

    def add(self, body: str) -> Comment:
        """Write a new note."""
        return self._note(self.connection.call("POST", self._notes, {"body": body}))

    @property
    def _notes(self) -> str:
        return f"/projects/{self.project}/merge_requests/{self.number}/notes"

    def _note(self, answer: Any) -> Comment:
        known = answer if isinstance(answer, dict) else {}
        key = str(known.get("id"))
        address = f"{self.web}/-/merge_requests/{self.number}#note_{key}" if self.web else ""
        return Comment(key, str(known.get("body") or ""), address)


def _missing(what: str, cure: str) -> ContractError:
    return ContractError([error("CL903", f"the comment has no place: {what}", None, cure)])
