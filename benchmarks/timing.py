"""Ratios of times measured in one run: the contestants take turns, and medians are compared."""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median

Action = Callable[[], object]


def interleaved(actions: Mapping[str, Action], rounds: int) -> dict[str, float]:
    """The median seconds of each action; every round runs each once, so that all meet the same machine.

    Each round begins with another action, since the first of a round pays for what the round before left.
    """
    times: dict[str, list[float]] = {name: [] for name in actions}
    names = list(actions)
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            action = actions[name]
            gc.collect()
            started = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - started)
    return {name: median(found) for name, found in times.items()}


def repeated(action: Action, count: int) -> Action:
    """An action many times over, for what is too short to be timed once."""

    def many() -> None:
        for _ in range(count):
            action()

    return many


def shown(seconds: float) -> str:
    """A time in the unit that suits it."""
    if seconds < 0.001:
        return f"{seconds * 1_000_000:.1f} us"
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
