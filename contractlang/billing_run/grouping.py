"""Which contracts read the same files: they are rated together, by the same process.

In: the contracts of a run. Out: batches, in the order of their first contracts. What is printed does not
depend on the batches.
"""

from collections.abc import Sequence

from contractlang.billing_run.jobs import Job
from contractlang.measuring.sharing import sources_named

_LARGEST = 16
"""How many contracts are open at once."""


def grouped(jobs: Sequence[Job], processes: int) -> list[tuple[Job, ...]]:
    """The contracts in batches: those whose usage names the same files, or tables, share one."""
    groups: dict[object, list[Job]] = {}
    for job in jobs:
        # A contract that shares nothing is a batch of its own.
        groups.setdefault(sources_named(job.usage) or job.number, []).append(job)
    batches: list[tuple[Job, ...]] = []
    for group in groups.values():
        # A large group is work for all processes.
        size = min(_LARGEST, -(-len(group) // processes))
        batches += [tuple(group[first : first + size]) for first in range(0, len(group), size)]
    return sorted(batches, key=lambda batch: batch[0].number)
