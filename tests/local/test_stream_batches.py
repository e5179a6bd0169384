"""Rules for a failed stream batch, without an emulator."""

import pytest

from local.emulator.streams.stream_batches import (
    RETRIES_EXHAUSTED,
    TOO_OLD,
    Batch,
    Policy,
    Record,
    after_failure,
    first_failure,
    policy_of,
)

NOW = 1000.0


def record(number: int, age: float = 0) -> Record:
    return {"dynamodb": {"SequenceNumber": str(number), "ApproximateCreationDateTime": NOW - age}}


ONE, TWO, THREE, FOUR = records = [record(number) for number in (1, 2, 3, 4)]


def failures(*identifiers: object) -> dict[str, object]:
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in identifiers]}


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_an_answer_without_failures_is_a_success(answer: object) -> None:
    assert first_failure(answer, records) is None


def test_it_resumes_at_the_lowest_reported_sequence_number() -> None:
    assert first_failure(failures("4", "2"), records) == 1


@pytest.mark.parametrize(
    "answer", ["no", failures("9"), failures(""), failures(None), {"batchItemFailures": [{"id": "2"}]}]
)
def test_an_unreadable_answer_fails_the_whole_batch(answer: object) -> None:
    assert first_failure(answer, records) == 0


def test_progress_uses_up_no_retry() -> None:
    assert after_failure(Batch(records, 3), 2, Policy(retries=3), NOW) == ([Batch([THREE, FOUR], 3)], [])


def test_bisecting_uses_up_no_retry() -> None:
    halves = [Batch([ONE, TWO], 3), Batch([THREE, FOUR], 3)]
    assert after_failure(Batch(records, 3), 0, Policy(retries=3, bisect=True), NOW) == (halves, [])


def test_a_batch_is_retried_up_to_the_mappings_limit_and_then_dropped() -> None:
    policy = Policy(retries=1)
    kept, _ = after_failure(Batch(records), 0, policy, NOW)
    assert kept == [Batch(records, 1)]

    kept, (discarded,) = after_failure(kept[0], 0, policy, NOW)
    assert (kept, discarded.batch.records, discarded.condition) == ([], records, RETRIES_EXHAUSTED)


def test_without_a_limit_it_is_retried_forever() -> None:
    assert after_failure(Batch([ONE], 5000), 0, Policy(), NOW) == ([Batch([ONE], 5001)], [])


def test_records_past_the_age_limit_are_dropped_and_younger_ones_kept() -> None:
    old, young = record(1, age=61), record(2, age=59)
    kept, (discarded,) = after_failure(Batch([old, young]), 0, Policy(age_seconds=60), NOW)
    assert (kept, discarded.batch.records, discarded.condition) == ([Batch([young])], [old], TOO_OLD)


def test_a_mapping_without_settings_has_lambdas_defaults() -> None:
    assert policy_of({}) == Policy()
