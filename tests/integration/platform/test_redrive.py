"""`make redrive`: dead letters return to their consumer's queue, each once, with their causes counted."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from operate import redrive
from tests.stack.house import House
from tests.stack.moto_stack import REGION, client, queues

QUEUE, DEAD = "AttributeSaleQueue", "AttributeSaleDeadLetters"
Run = Callable[[], dict[str, int]]


@pytest.fixture
def again(house: House, monkeypatch: pytest.MonkeyPatch) -> Run:
    made = boto3.client
    monkeypatch.setattr(redrive.boto3, "client", lambda name: made(name, region_name=REGION))
    monkeypatch.setattr(redrive, "_WAIT", 0)
    return lambda: dict(redrive.run(redrive.Queues(queues()[QUEUE], queues()[DEAD])))


def bodies(name: str) -> list[str]:
    """The messages that a consumer would receive; they are taken."""
    found = client("sqs").receive_message(QueueUrl=queues()[name], MaxNumberOfMessages=10).get("Messages", ())
    return sorted(it["Body"] for it in found)


def dead_letter(body: Any, **attributes: str) -> None:
    given = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    client("sqs").send_message(QueueUrl=queues()[DEAD], MessageBody=json.dumps(body), MessageAttributes=given)


def test_every_dead_letter_is_in_the_queue_again_and_gone_from_its_place(again: Run) -> None:
    wanted = [json.dumps({"id": number}) for number in range(23)]
    for number in range(23):
        dead_letter({"id": number})

    assert again() == {"no cause given": 23}

    found = [body for _ in range(3) for body in bodies(QUEUE)]
    assert sorted(found) == sorted(wanted)
    assert again() == {}


def test_the_causes_are_counted(again: Run) -> None:
    for _ in range(2):
        dead_letter({}, code="not_found", reason="There is no sale.")
    dead_letter({}, code="failed")
    dead_letter({}, ERROR_CODE="RESOURCE_NOT_FOUND", ERROR_MESSAGE="no queue")

    assert again() == {"not_found: There is no sale.": 2, "failed": 1, "RESOURCE_NOT_FOUND: no queue": 1}


def test_a_message_that_could_not_be_sent_stays_a_dead_letter(again: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    dead_letter({"id": 1})
    monkeypatch.setitem(queues(), QUEUE, queues()[QUEUE] + "-missing")

    with pytest.raises(ClientError, match="queue does not exist"):
        again()

    asked = {"QueueUrl": queues()[DEAD], "AttributeNames": ["ApproximateNumberOfMessagesNotVisible"]}
    assert client("sqs").get_queue_attributes(**asked)["Attributes"] == {"ApproximateNumberOfMessagesNotVisible": "1"}


def test_a_sale_whose_message_died_is_attributed_after_a_redrive(house: House, again: Run) -> None:
    house.sale()
    house.publish()
    (message,) = [it for it in house.arrived() if it.function == "attribute_sale"]
    dead_letter(json.loads(message.body), code="failed", reason="OSError")
    assert house.owed() == []

    again()
    (message.body,) = bodies(QUEUE)
    assert house.consume(message)
    house.deliver()

    assert house.owed() == [("pending", 500)]
