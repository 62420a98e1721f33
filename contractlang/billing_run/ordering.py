"""Outcomes in the order of the contracts: those that come early wait in a file, not in memory."""

import pickle
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from contractlang.billing_run.jobs import Outcome


class InOrder:
    """Hands outcomes on by the numbers of their jobs, which begin with 0; raises OSError, a full disk."""

    def __init__(self) -> None:
        self._next = 0
        self._waiting: dict[int, int] = {}
        self._file: IO[bytes] | None = None

    def add(self, outcome: Outcome) -> Iterator[Outcome]:
        """The outcomes whose turn has come with this one."""
        if outcome.job.number != self._next:
            self._keep(outcome)
            return
        yield outcome
        self._next += 1
        while self._next in self._waiting:
            yield self._kept(self._waiting.pop(self._next))
            self._next += 1
        if not self._waiting and self._file is not None:
            self._file.seek(0)
            self._file.truncate()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _keep(self, outcome: Outcome) -> None:
        if self._file is None:
            self._file = TemporaryFile(prefix="contractlang-")  # noqa: SIM115  Closed by `close`.
        self._waiting[outcome.job.number] = self._file.seek(0, 2)
        pickle.dump(outcome, self._file)

    def _kept(self, place: int) -> Outcome:
        assert self._file is not None, "what waits was written"
        self._file.seek(place)
        found = pickle.load(self._file)  # noqa: S301  We wrote it ourselves, to a file without a name.
        assert isinstance(found, Outcome), "only outcomes wait"
        return found
