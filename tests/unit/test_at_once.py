"""Chains of tasks run in order, and no task starts after the deadline."""

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from tributary.api.batches.thread_pool import Until, chains, done

IN_TIME = Until(float("inf"), time.monotonic() + 10**6)
KEYS = st.lists(st.frozensets(st.integers(0, 9), max_size=3), max_size=12)


def joined(keys: list[frozenset[int]]) -> list[list[int]]:
    """Reference implementation: join any two chains that share a key until none do."""
    groups = [({place}, set(named)) for place, named in enumerate(keys)]
    while pair := next(((a, b) for a in groups for b in groups if a is not b and a[1] & b[1]), None):
        groups = [it for it in groups if it not in pair] + [(pair[0][0] | pair[1][0], pair[0][1] | pair[1][1])]
    return sorted(sorted(places) for places, _ in groups)


@settings(max_examples=60, derandomize=True)
@given(KEYS)
def test_rows_that_share_a_key_even_through_others_form_one_chain_in_order(keys: list[frozenset[int]]) -> None:
    assert sorted(chains(keys)) == joined(keys)


def test_each_task_runs_once_and_a_chain_runs_in_order() -> None:
    begun: list[int] = []
    tasks: list[Callable[[], int]] = [partial(lambda n: begun.append(n) or n * n, n) for n in range(40)]

    found = done(tasks, [[n, n + 10, n + 20, n + 30] for n in range(10)], 8, IN_TIME)

    assert found == {n: n * n for n in range(40)}
    assert sorted(begun) == list(range(40))
    assert all([it for it in begun if it % 10 == n] == [n, n + 10, n + 20, n + 30] for n in range(10))


def test_as_many_tasks_run_at_once_as_there_are_threads() -> None:
    together = threading.Barrier(4, timeout=10)

    assert len(done([together.wait] * 4, [[0], [1], [2], [3]], 4, IN_TIME)) == 4


def test_a_task_sees_the_context_of_its_request() -> None:
    request = ContextVar("request", default="none")
    request.set("one")

    assert done([request.get], [[0]], 2, IN_TIME) == {0: "one"}


def test_no_task_starts_after_the_deadline() -> None:
    assert done([lambda: 1, lambda: 2], [[0], [1]], 2, Until(time.monotonic(), time.monotonic() + 10)) == {}


def test_a_task_that_takes_too_long_is_not_awaited() -> None:
    held = threading.Event()

    found = done([lambda: 1, held.wait], [[0], [1]], 2, Until(float("inf"), time.monotonic() + 0.05))
    held.set()

    assert found == {0: 1}
