"""Events that the relay could not publish are announced again from the table, from every dead-letter place."""

import io
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from operate import republish
from tests.stack.house import House
from tests.stack.moto_stack import REGION, TABLE, client, queues
from tributary.domain import events

BUCKET, RELAY, ASIDE = "unpublished", "relay", "UnpublishableRecords"
Run = Callable[[], republish.Republished]


class Functions:
    """Lambda, which runs the relay here unless the test sets an answer."""

    def __init__(self, house: House) -> None:
        self.house, self.answer = house, None

    def invoke(self, FunctionName: str, Payload: bytes) -> Any:  # noqa: N803
        assert FunctionName == RELAY
        answer = self.answer or self.house.relay(json.loads(Payload)["Records"])
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


@pytest.fixture
def functions(house: House) -> Functions:
    return Functions(house)


@pytest.fixture
def again(functions: Functions, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `make republish`, once there is a bucket."""
    made = boto3.client

    def fake(service: str, **options: Any) -> Any:
        return functions if service == "lambda" else made(service, **{"region_name": REGION, **options})

    client("s3").create_bucket(Bucket=BUCKET)
    monkeypatch.setattr(republish.boto3, "client", fake)
    monkeypatch.setattr(republish, "_WAIT", 0)
    monkeypatch.setenv("TABLE_NAME", TABLE)
    return lambda: republish.run(BUCKET, queues()[ASIDE], RELAY)


def unknown(patch: pytest.MonkeyPatch) -> None:
    """Make sales unannounceable."""
    patch.setattr(events, "_ANNOUNCERS", {k: v for k, v in events._ANNOUNCERS.items() if k != "transaction"})


def aside(house: House) -> int:
    return len(house.dead_letters_of("publish_events"))


def test_a_batch_of_the_bucket_is_announced_and_deleted(house: House, again: Run):
    house.sale()
    batch = {"payload": json.dumps({"Records": house.publish()}, default=str)}
    house.arrived()
    client("s3").put_object(Bucket=BUCKET, Key="aws/lambda/a/shard/2026/1", Body=json.dumps(batch))

    assert again() == republish.Republished(records=1, batches=1, failed=0)
    house.deliver()
    assert house.owed() == [("pending", 500)]
    assert again() == republish.Republished(records=0, batches=0, failed=0)


def test_dead_letters_are_announced_once_their_announcer_exists(
    house: House, again: Run, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        unknown(patch)
        house.sale()
        house.deliver()
    assert (house.owed(), aside(house)) == ([], 1)

    assert again() == republish.Republished(records=1, batches=1, failed=0)
    house.deliver()
    assert (house.owed(), aside(house)) == ([("pending", 500)], 0)


def test_a_record_that_fails_again_stays_a_dead_letter_until_announced(
    house: House, again: Run, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        unknown(patch)
        house.sale()
        house.deliver()
        again()
        assert aside(house) == 1

    again()
    house.deliver()
    assert (house.owed(), aside(house)) == ([("pending", 500)], 0)


def test_events_refused_by_the_bus_stay_in_place_and_are_reported(
    house: House, again: Run, functions: Functions, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        unknown(patch)
        house.sale()
        house.deliver()
    functions.answer = {"batchItemFailures": [{"itemIdentifier": "0"}]}

    assert again() == republish.Republished(records=0, batches=0, failed=1)
    assert aside(house) == 1
