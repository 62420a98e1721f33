"""A small GitHub and a small GitLab on this machine: the calls that a comment takes, and no others."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

TOKEN = "sesame-0123456789"
PAGE = 2
"""Comments on a page, however many are asked for: the pages must be followed."""


@dataclass
class Forge:
    """What the service holds, what it was asked, and how it fails."""

    kind: str
    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refuses: dict[str, tuple[int, str]] = field(default_factory=dict)
    next_at: str = ""
    address: str = ""

    def say(self, body: str, user: str = "somebody", bot: bool = False) -> None:
        key = 100 + len(self.comments)
        author = {"id": sum(user.encode()), "login": user, "type": "Bot" if bot else "User"}
        self.comments.append(
            {"id": key, "body": body, "user": author, "author": author, "html_url": f"https://forge/{key}"}
        )

    @property
    def bodies(self) -> list[str]:
        return [one["body"] for one in self.comments]

    def environment(self, **more: str) -> dict[str, str]:
        """What a job of the service finds in its environment."""
        if self.kind == "github":
            here = {
                "GITHUB_ACTIONS": "true", "GITHUB_API_URL": self.address, "GITHUB_REPOSITORY": "acme/terms",
                "GITHUB_TOKEN": TOKEN, "GITHUB_REF": "refs/pull/7/merge", "GITHUB_RUN_ID": "55",
                "GITHUB_SERVER_URL": "https://github.example",
            }  # fmt: skip
        else:
            here = {
                "GITLAB_CI": "true", "CI_API_V4_URL": f"{self.address}/api/v4", "CI_PROJECT_ID": "31",
                "CI_MERGE_REQUEST_IID": "7", "CONTRACTLANG_GITLAB_TOKEN": TOKEN,
                "CI_PROJECT_URL": "https://gitlab.example/acme/terms",
                "CI_JOB_URL": "https://gitlab.example/acme/terms/-/jobs/9",
            }  # fmt: skip
        return {**here, "no_proxy": "127.0.0.1", **more}


class _Handler(BaseHTTPRequestHandler):
    forge: ClassVar[Forge]

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if not self._asked(f"GET {path}"):
            return
        if path.endswith("/user"):
            self._answer(200, {"login": "robot", "id": sum(b"robot")})
            return
        assert "per_page=100" in query
        page = int((re.search(r"&page=(\d+)", query) or [0, 1])[1])
        start = (page - 1) * PAGE
        links = ""
        if start + PAGE < len(self.forge.comments):
            base = self.forge.next_at or self.forge.address
            links = f'<{base}{path}?per_page=100&page={page + 1}>; rel="next", <{base}>; rel="last"'
        self._answer(200, self.forge.comments[start : start + PAGE], links)

    def do_POST(self) -> None:
        if self._asked(f"POST {self.path}"):
            self.forge.say(self._body(), "robot", bot=True)
            self._answer(201, self.forge.comments[-1])

    def do_PATCH(self) -> None:
        self._change("PATCH")

    def do_PUT(self) -> None:
        self._change("PUT")

    def _change(self, method: str) -> None:
        body = self._body()
        if self._asked(f"{method} {self.path}"):
            key = int(self.path.rpartition("/")[2])
            (one,) = [one for one in self.forge.comments if one["id"] == key]
            one["body"] = body
            self._answer(200, one)

    def _body(self) -> str:
        return str(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"])

    def _asked(self, what: str) -> bool:
        """Note a call; whether it is granted."""
        self.forge.asked.append(what)
        given = self.headers.get("Authorization", "") + self.headers.get("PRIVATE-TOKEN", "")
        path = what.partition(" ")[2]
        if given.removeprefix("Bearer ") != TOKEN:
            self._answer(401, {"message": "Bad credentials"})
            return False
        for asked, (status, told) in self.forge.refuses.items():
            if re.fullmatch(asked, what):
                self._answer(status, {"message": told} if told else None)
                return False
        prefix = {
            "github": r"/user|/repos/acme/terms/issues/(7/comments|comments/\d+)",
            "gitlab": r"/api/v4/(user|projects/31/merge_requests/7/notes(/\d+)?)",
        }[self.forge.kind]
        if not re.fullmatch(prefix, path):
            self._answer(404, {"message": "Not Found"})
            return False
        return True

    def _answer(self, status: int, what: object, links: str = "") -> None:
        content = json.dumps(what).encode() if what is not None else b"<html>"
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if links:
            self.send_header("Link", links)
        if status in (301, 302):
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def forge(kind: str) -> Iterator[Forge]:
    """A service that runs while the block does."""
    here = Forge(kind)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"forge": here}))
    here.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
