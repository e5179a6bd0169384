"""`operate redrive` against the local stack, where AWS's own command to move messages does not exist."""

import json
from typing import Any

import boto3
import pytest

from local.deployment import STACK
from operate.__main__ import main
from tests.stack.exchange import Item
from tests.stack.journey import Journey, client, eventually, physical_name

pytestmark = pytest.mark.slow


def test_dead_letters_reach_their_consumer_again(
    journey: Journey, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message becomes a dead letter again, now with the cause that only its consumer gives."""
    sqs, dead = client(journey.stack, "sqs"), physical_name(journey.stack, "SettleEngagementsDeadLetters")
    sqs.send_message(QueueUrl=dead, MessageBody=json.dumps({"detail": {}, "test": "redrive"}))
    clients = {name: client(journey.stack, name) for name in ("cloudformation", "sqs")}
    monkeypatch.setattr(boto3, "client", clients.__getitem__)
    monkeypatch.setenv("TABLE_NAME", "restored afterwards")

    assert main(["redrive", "--stack", STACK, "--function", "settle_engagements"]) == 0

    assert "1 dead letters of settle_engagements" in capsys.readouterr().out
    eventually(lambda: [it.get("code") for it in waiting(sqs, dead)] == ["event_refused"])


def waiting(sqs: Any, url: str) -> list[Item]:
    found = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], VisibilityTimeout=0)
    return [
        {name: value["StringValue"] for name, value in it.get("MessageAttributes", {}).items()}
        for it in found.get("Messages", ())
    ]
