"""Processes that rate contracts, each a batch at a time, and are replaced before they grow old.

In: batches. Out: outcomes as they are done. A process that ends in the middle of its work, because the system
killed it or because a library of a query engine failed, costs the contract that it was rating and no other.

Codes: CL905 the process that rated a contract ended.
"""

import multiprocessing
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory
from types import TracebackType

from contractlang.billing_run.jobs import Job, Outcome, Settings
from contractlang.diagnostics import Diagnostic, error

_CONTRACTS_OF_A_PROCESS = 100
"""Then it is replaced, so that whatever a library keeps is given back."""

_LOADED = [
    "contractlang.billing_run.rating", "contractlang.invoicing.invoicing", "contractlang.measuring.usage",
]  # fmt: skip
"""What every contract needs, loaded once for all processes."""

_PATIENCE = 5.0
"""Seconds that a process has to end before it is killed."""


class Workers:
    """So many processes; they end with the block that they are used in."""

    def __init__(self, settings: Settings, count: int) -> None:
        self._settings = settings
        self._count = count
        self._context = _context()
        # What a process leaves behind that was killed goes with this folder.
        self._scratch = TemporaryDirectory(prefix="contractlang-", ignore_cleanup_errors=True)
        self._busy: dict[Connection, _Worker] = {}
        self._idle: list[_Worker] = []

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in (*self._busy.values(), *self._idle):
            worker.end(at_once=kind is not None)
        self._scratch.cleanup()

    def rate(self, batches: Iterable[Sequence[Job]]) -> Iterator[Outcome]:
        """The outcomes of all contracts, in the order in which they are done."""
        waiting = deque(tuple(batch) for batch in batches)
        while waiting or self._busy:
            while waiting and len(self._busy) < self._count:
                self._give(waiting.popleft())
            for connection in wait(list(self._busy)):
                assert isinstance(connection, Connection), "connections are waited for"
                worker = self._busy[connection]
                try:
                    outcome = connection.recv()
                except (EOFError, OSError):
                    del self._busy[connection]
                    yield from self._ended(worker, waiting)
                    continue
                worker.left = tuple(one for one in worker.left if one != outcome.job)
                if not worker.left:
                    del self._busy[connection]
                    self._rest(worker)
                yield outcome

    def _give(self, batch: tuple[Job, ...]) -> None:
        # One that has ended while it had nothing to do takes no work, and has nothing to answer for.
        while True:
            worker = self._idle.pop() if self._idle else self._started()
            if worker.takes(batch):
                break
            worker.end(at_once=True)
        self._busy[worker.connection] = worker

    def _started(self) -> "_Worker":
        return _Worker(self._context, self._settings, self._count, self._scratch.name)

    def _rest(self, worker: "_Worker") -> None:
        if worker.rated < _CONTRACTS_OF_A_PROCESS:
            self._idle.append(worker)
        else:
            worker.end()

    def _ended(self, worker: "_Worker", waiting: deque[tuple[Job, ...]]) -> Iterator[Outcome]:
        """What to say of a process that is no more, and what is left of its work."""
        code = worker.end()
        if len(worker.left) == 1:
            (job,) = worker.left
            yield Outcome.of(job, "failed", (_gone(code),), self._settings.colour)
            return
        # Of several it is not known which one it was, so each is tried alone.
        waiting.extendleft((job,) for job in reversed(worker.left))


class _Worker:
    """One process and the way to it."""

    def __init__(self, context: BaseContext, settings: Settings, count: int, scratch: str) -> None:
        self.connection, other = context.Pipe()
        self.left: tuple[Job, ...] = ()
        self.rated = 0
        self._process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=_work, args=(other, settings, count, scratch), daemon=True
        )
        with _undisturbed():
            self._process.start()
        # The other end is the process's alone, so that its end is noticed here.
        other.close()

    def takes(self, batch: tuple[Job, ...]) -> bool:
        """Have it rate a batch, if it is still there."""
        try:
            self.connection.send(batch)
        except OSError:
            return False
        self.left = batch
        self.rated += len(batch)
        return True

    def end(self, at_once: bool = False) -> int | None:
        """Have the process end, after its work or at once; its exit code."""
        if at_once:
            self._process.terminate()
        else:
            with suppress(OSError):
                self.connection.send(())
        self.connection.close()
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        return self._process.exitcode


def _work(connection: Connection, settings: Settings, count: int, scratch: str) -> None:
    """What a process does: rate each batch that it is given, until it is given none."""
    from contractlang.billing_run.rating import rate
    from contractlang.engines.processors import share

    # Whoever interrupts the run means the first process, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setrecursionlimit(settings.recursion)
    tempfile.tempdir = scratch
    share(count)
    with suppress(EOFError, OSError):
        while batch := connection.recv():
            for outcome in rate(batch, settings):
                connection.send(outcome)


def _context() -> BaseContext:
    """How processes are started: from one that has loaded what they need and has no threads, if possible."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep interruptions for later, and from a process that is being started and knows none yet."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _gone(code: int | None) -> Diagnostic:
    how = f"with the exit code {code}"
    cure = "rate it alone to see more"
    if code is not None and code < 0:
        name = next((one.name for one in signal.Signals if one == -code), f"signal {-code}")
        how = f"by {name}"
        if name == "SIGKILL":
            cure = "the memory of the machine may be too small: give fewer --jobs, or rate it alone"
    return error("CL905", f"the process that rated this contract was ended {how}", None, cure)
