"""Tasks run by a few threads within the time left; related tasks run one after another."""

import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import NamedTuple, TypeVar

Result = TypeVar("Result")


class Until(NamedTuple):
    """Moments of `time.monotonic`: no task begins after the first, no waiting continues after the second."""

    begin: float
    end: float


def chains(keys: Sequence[Iterable[Hashable]]) -> list[list[int]]:
    """Positions in groups, each in order: positions connected by shared keys, even indirectly, form one group."""
    leaders, places = list(range(len(keys))), dict[Hashable, int]()

    def leader(place: int) -> int:
        while leaders[place] != place:
            place = leaders[place]
        return place

    for place, named in enumerate(keys):
        for key in named:
            one, other = leader(places.setdefault(key, place)), leader(place)
            leaders[max(one, other)] = min(one, other)
    groups = defaultdict(list)
    for place in range(len(keys)):
        groups[leader(place)].append(place)
    return list(groups.values())


def done(
    tasks: Sequence[Callable[[], Result]], groups: Iterable[Sequence[int]], threads: int, until: Until
) -> dict[int, Result]:
    """Results, by position, of the tasks done in time. Tasks must not raise.

    A task still running at the end is abandoned, so it must be safe to repeat."""
    results: dict[int, Result] = {}

    def follow(group: Sequence[int]) -> None:
        for place in group:
            if time.monotonic() >= until.begin:
                return
            results[place] = tasks[place]()

    pool = ThreadPoolExecutor(threads)
    at_work = [pool.submit(copy_context().run, follow, group) for group in groups]
    wait(at_work, timeout=max(0.0, until.end - time.monotonic()))
    pool.shutdown(wait=False, cancel_futures=True)
    return dict(results)
