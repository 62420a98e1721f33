"""Calls to a service that answers JSON, over HTTP.

Codes: CL904 the service refuses, or does not answer.
"""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from contractlang.diagnostics import ContractError, error

LONGEST_WAIT = 30
"""Seconds after which a service is said not to answer."""
_MOST_PAGES = 200
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


class RefusedError(Exception):
    """The service answered, and not with what was asked for; `status` is its HTTP status."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(told)
        self.status = status


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a token is only for the service that it was given for."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Connection:
    """A service by the address that its paths begin with; `secret` is never told to anybody else."""

    service: str
    base: str
    headers: Mapping[str, str] = field(repr=False)
    secret: str = field(repr=False)

    def call(self, method: str, path: str, data: object = None) -> Any:
        """What the service answers; raises RefusedError, and ContractError (CL904) where it does not."""
        return self._call(method, f"{self.base}{path}", data)[0]

    def pages(self, path: str) -> Iterator[Any]:
        """The entries of a list, over all its pages; raises as `call` does."""
        address: str | None = f"{self.base}{path}"
        for _ in range(_MOST_PAGES):
            if address is None:
                return
            entries, links = self._call("GET", address, None)
            yield from entries if isinstance(entries, list) else ()
            found = _NEXT.search(links)
            address = found[1] if found else None
            if address is not None and urlsplit(address)[:2] != urlsplit(self.base)[:2]:
                raise self.fault("its next page is at another address", "")

    def fault(self, reason: str, help: str) -> ContractError:
        """That the service did not do it, as a diagnostic (CL904) without the secret in it."""
        told = reason.replace(self.secret, "***") if self.secret else reason
        return ContractError([error("CL904", f"{self.service} did not take the comment: {told}", None, help)])

    def _call(self, method: str, address: str, data: object) -> tuple[Any, str]:
        body = None if data is None else json.dumps(data).encode()
        headers = {"User-Agent": "contractlang", "Content-Type": "application/json", **self.headers}
        try:
            request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310
            if urlsplit(address).scheme not in ("https", "http"):
                raise ValueError("its address is no http address")
            opener = urllib.request.build_opener(_NoRedirects)
            with opener.open(request, timeout=LONGEST_WAIT) as answer:
                return json.loads(answer.read() or b"null"), answer.headers.get("Link", "")
        except urllib.error.HTTPError as fault:
            with fault:
                raise RefusedError(fault.code, _told(fault)) from None
        except (OSError, HTTPException, ValueError) as fault:
            reason = getattr(fault, "reason", None) or fault
            words = " ".join(str(reason).split())[:200] or type(fault).__name__
            cure = f"is {urlsplit(self.base).netloc or self.base} reached from here? then run the job again"
            raise self.fault(words, cure) from None


def _told(fault: urllib.error.HTTPError) -> str:
    """The status, and what the service says of it."""
    said: object = None
    try:
        answer = json.loads(fault.read(100_000))
        said = answer.get("message") or answer.get("error") if isinstance(answer, dict) else None
    except (OSError, HTTPException, ValueError):
        pass
    words = " ".join(str(said).split())[:200] if said else str(fault.reason)
    return f"{fault.code} {words}".strip()
