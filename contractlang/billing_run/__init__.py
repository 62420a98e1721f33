"""A billing run: the invoices that many contracts give for the same days, in several processes.

In: contract files, each with its usage file. Out: an `Outcome` for each, in the order of the contracts: its
documents, or why there is none. A contract that fails, or that ends the process which rates it, leaves the
others alone. What is kept in memory does not grow with their number.

    jobs.py      what is to be rated, what came of it
    grouping.py  which contracts read the same files, and are rated together
    rating.py    some contracts rated, one after the other
    workers.py   processes that do so, and are replaced
    ordering.py  outcomes in the order of the contracts
    days.py      the days of a run, as people name them
    summary.py   what a run came to
"""

import gc
from collections.abc import Generator, Sequence

from contractlang.billing_run.grouping import grouped
from contractlang.billing_run.jobs import Document, Job, Outcome, Settings
from contractlang.billing_run.rating import rate
from contractlang.billing_run.workers import Workers

_BETWEEN_COLLECTIONS = 50
"""How many contracts are rated in one process before its garbage is looked for."""


def outcomes_of(jobs: Sequence[Job], settings: Settings, processes: int) -> Generator[Outcome, None, None]:
    """What came of each contract, in the order in which they are done; with one process, in this one.

    Processes that are still at work end with the iterator: close it where it is not read to its end.
    """
    batches = grouped(jobs, processes)
    if processes == 1:
        rated = 0
        for batch in batches:
            yield from rate(batch, settings)
            rated += len(batch)
            if rated >= _BETWEEN_COLLECTIONS:
                # Trees and usages refer to themselves in circles; what is done with goes before more comes.
                gc.collect()
                rated = 0
        return
    with Workers(settings, min(processes, len(batches))) as workers:
        yield from workers.rate(batches)


__all__ = ["Document", "Job", "Outcome", "Settings", "outcomes_of"]
