"""Scores of profiles, by bounds that a nightly job sets, read with the profile."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from tests.stack.exchange import Message
from tests.stack.house import House
from tests.stack.moto_stack import client
from tests.stack.scenarios.point_of_sale import event, push, read
from tests.template import ROOT

NIGHT = json.loads((ROOT / "events/schedule/set_quintiles.json").read_text())


def night(house: House) -> None:
    assert house.invoke("set_quintiles", NIGHT) == {"batchItemFailures": []}
    for message in due(house):
        assert house.consume(message)


def due(house: House) -> list[Message]:
    """Empty the queue of the schedule's message; return it."""
    url = house._variables("set_quintiles")["QUEUE_URL"]
    messages: list[Message] = []
    while found := client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        messages += [Message("set_quintiles", it["Body"]) for it in found]
        for it in found:
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=it["ReceiptHandle"])
    return messages


def buy(house: House, buyer: int, times: int = 1, total: int = 1000, **members: Any) -> None:
    for number in range(times):
        day = f"2026-01-{buyer:02}T00:00:00Z"
        push(
            house,
            event(
                external_id=f"{buyer}-{number}-{total}", profile_id=f"crm-{buyer}", occurred_at=day,
                total_amount_cents=total, **members,
            ),
        )  # fmt: skip


def scores(house: House, buyer: int) -> list[tuple[str, int, int, int]]:
    rows = read(house, f"/profiles/crm-{buyer}", "admin").json["rfm"]
    return [(row["currency"], row["recency"], row["frequency"], row["monetary"]) for row in rows]


def test_the_nightly_job_sets_the_bounds_and_a_profile_shows_its_scores(house: House) -> None:
    for buyer in range(1, 6):
        buy(house, buyer, times=buyer, total=1000 - 190 * (buyer - 1))
    house.deliver()
    assert scores(house, 1) == []

    night(house)

    shown = [scores(house, buyer)[0] for buyer in range(1, 6)]
    assert [(it[1], it[2]) for it in shown] == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    spent = [buyer * (1000 - 190 * (buyer - 1)) for buyer in range(1, 6)]
    ranks = [sorted(spent).index(it) + 1 for it in spent]
    assert [it[3] for it in shown] == ranks


def test_a_purchase_is_scored_by_the_bounds_of_the_night_before(house: House) -> None:
    for buyer in range(1, 6):
        buy(house, buyer)
    house.deliver()
    night(house)
    before = scores(house, 1)

    buy(house, 1, total=999_999)
    house.deliver()

    assert before == [("EUR", 1, 5, 5)]
    assert scores(house, 1) == [("EUR", 1, 5, 5)]
    night(house)
    assert scores(house, 2) == [("EUR", 2, 4, 4)]


def test_a_return_lowers_the_amount_spent_and_nothing_else(house: House) -> None:
    for buyer in range(1, 6):
        buy(house, buyer)
    buy(house, 5, total=500, type="RETURN")
    house.deliver()
    night(house)

    assert scores(house, 5) == [("EUR", 5, 5, 1)]


def test_the_nightly_job_reads_the_list_of_customers_without_a_scan(house: House) -> None:
    buy(house, 1)
    house.deliver()
    night(house)

    with house.requests_made() as made:
        night(house)
    assert made.counts == {"Query": 1 + 4, "PutItem": 1}
    scores(house, 1)  # the process has cached the key now
    with house.requests_made() as made:
        read(house, "/profiles/crm-1", "admin")
    assert made.counts == {"GetItem": 1, "BatchGetItem": 1}


def test_an_erased_profile_does_not_count_for_the_bounds(house: House) -> None:
    for buyer in (1, 2):
        buy(house, buyer)
    house.deliver()
    erased = read(house, "/profiles/crm-2", "admin").json["id"]
    house.delete(f"/customers/{erased.removeprefix('prof_')}")
    night(house)

    assert scores(house, 1) == [("EUR", 5, 5, 5)]


def test_a_repeated_nightly_job_changes_nothing(house: House) -> None:
    buy(house, 1)
    house.deliver()
    night(house)
    before = house.ledger(), house.changes()

    night(house)

    assert (house.ledger(), house.changes()) == before


def test_the_nightly_job_without_customers_stores_no_bounds(house: House) -> None:
    night(house)
    assert house.ledger("rfm-bounds") == []


def test_each_organization_has_its_own_message_which_may_repeat(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"org-{number}" for number in range(11)]
    monkeypatch.setattr("tributary.ledger.customers.rfm.organizations", lambda: names)
    buy(house, 1)
    house.deliver()

    assert house.invoke("set_quintiles", NIGHT) == {"batchItemFailures": []}

    messages = due(house)
    assert sorted(json.loads(it.body)["detail"]["organization"] for it in messages) == sorted(names)
    with house.requests_made() as made:
        assert house.consume(messages[0])
        assert house.consume(messages[0])
    assert made.counts == {"Query": 2 * 4, "PutItem": 2}
    assert [it["pk"] for it in house.ledger("rfm-bounds")] == [
        f"{json.loads(messages[0].body)['detail']['organization']}#rfm"
    ]


def test_a_nightly_job_that_dies_between_two_messages_runs_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    buy(house, 1)
    house.deliver()

    def refuse(**_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr("tributary.queues.sqs", lambda: SimpleNamespace(send_message=refuse))
        assert house.invoke("set_quintiles", NIGHT)["batchItemFailures"] != []
    night(house)

    assert scores(house, 1) == [("EUR", 5, 5, 5)]
