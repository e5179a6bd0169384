"""Invocations wait for a worker and are never refused."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.emulator_process import WORKERS_PER_FUNCTION
from tests.local.lab import Lab

#: Messages received and not deleted yet.
IN_FLIGHT = "ApproximateNumberOfMessagesNotVisible"


@pytest.mark.shows("worker_slots")
def test_a_few_workers_answer_many_concurrent_invocations(lab: Lab) -> None:
    lab.function("def handler(event, context): time.sleep(0.02); return os.getpid()")

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lab.invoke, range(64)))

    assert all(isinstance(answer, int) for answer in answers), answers
    assert len(set(answers)) <= WORKERS_PER_FUNCTION


def test_invocations_are_served_in_order_of_arrival(lab: Lab, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    lab.function(f"""
        def handler(event, context):
            while event < 0 and not os.path.exists("{gate}"):
                time.sleep(0.01)
            note(event)
    """)
    with ThreadPoolExecutor(WORKERS_PER_FUNCTION + 6) as callers:
        for event in [*[-1] * WORKERS_PER_FUNCTION, *range(6)]:  # the first ones keep all workers busy
            callers.submit(lab.invoke, event)
            time.sleep(0.2)
        gate.touch()

    order = [number for number in lab.notes() if number >= 0]
    assert all(abs(order.index(number) - number) < WORKERS_PER_FUNCTION for number in range(6)), order


@pytest.mark.shows("worker_slots")
def test_only_as_many_batches_are_received_as_workers_can_take(lab: Lab) -> None:
    sqs, queue = lab.client("sqs"), lab.queue()
    lab.function("def handler(event, context): time.sleep(0.2); note(event)")
    for number in range(8):
        sqs.send_message(QueueUrl=lab.url(queue), MessageBody=str(number))

    lab.mapping(queue, BatchSize=1)

    received = []
    lab.eventually(lambda: received.append(lab.count(queue, IN_FLIGHT)) or len(lab.notes()) == 8)
    assert 0 < max(received) <= WORKERS_PER_FUNCTION


@pytest.mark.shows("quiet_workers")
def test_a_function_that_prints_nothing_answers_at_once(lab: Lab) -> None:
    lab.function("def handler(event, context): return os.getpid()")
    lab.invoke(0)

    assert min(_seconds(lab) for _ in range(15)) < 0.045


def _seconds(lab: Lab) -> float:
    started = time.monotonic()
    lab.invoke(0)
    return time.monotonic() - started
