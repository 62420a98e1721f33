"""How many processors the engines of this process may take, where other processes work beside it."""

_shared_by = 1


def share(processes: int) -> None:
    """Say that so many processes work at once, this one among them."""
    global _shared_by
    _shared_by = max(1, processes)


def part_of(processors: int) -> int:
    """What this process may take of some processors: one at least."""
    return max(1, processors // _shared_by)
