"""publish_events: every readable change is announced, every other becomes a dead letter, and none is skipped."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from tests.stack.house import House
from tributary.ledger.store.values import encode_item


@pytest.fixture
def bus(house: House) -> Iterator[Stubber]:
    """EventBridge with the test's answers and no others."""
    with Stubber(house.bus_client()) as stubber:
        yield stubber


def taken(count: int, *failed: int) -> dict[str, Any]:
    """The bus's answer to so many entries, some of which it refuses temporarily."""
    return refusing(count, dict.fromkeys(failed, "ThrottlingException"))


def refusing(count: int, codes: dict[int, str]) -> dict[str, Any]:
    entries = [{"ErrorCode": codes[n]} if n in codes else {"EventId": str(n)} for n in range(count)]
    return {"FailedEntryCount": len(codes), "Entries": entries}


def checkouts(count: int, size: int) -> list[dict[str, Any]]:
    """Stream records of new checkouts; each yields one event of slightly more than that size."""
    shown = {"source": "shop", "checkoutId": "c", "startedAt": "2026-01-01T00:00:00.000Z", "customerId": 1, "items": []}
    shown |= {"total": None, "currency": None, "url": None, "properties": json.dumps({"text": "x" * size})}
    common = {"sk": "checkout", "organization": "demo", "version": 1, "entity": "checkout"}
    common |= {"changedAt": "2026-01-01T00:00:00.000Z"}
    return [record(n, {"pk": f"demo#checkout#{n}", **common, **shown}) for n in range(count)]


def visits(count: int) -> list[dict[str, Any]]:
    """Stream records of new opportunities, each of which yields one event."""
    return [record(n, item(n)) for n in range(count)]


def item(n: int) -> dict[str, Any]:
    common = {"pk": f"demo#opportunity#{n}", "sk": "opportunity", "organization": "demo", "version": 1}
    common |= {"entity": "opportunity", "changedAt": "2026-01-01T00:00:00.000Z", "epoch": 0, "engagements": []}
    return common | {"listed": {"id": n, "status": "active"}}


def record(n: int, new: dict[str, Any], event_name: str = "INSERT") -> dict[str, Any]:
    images = {"NewImage": encode_item(new)} if event_name == "INSERT" else {"OldImage": encode_item(new)}
    return {"eventName": event_name, "dynamodb": {"SequenceNumber": f"{1000 + n}", **images}}


def reported(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_events_go_out_in_order_in_batches_of_ten(house: House, bus: Stubber):
    for count in (10, 10, 3):
        bus.add_response("put_events", taken(count))

    answer = house.relay(visits(23))

    assert reported(answer) == []
    bus.assert_no_pending_responses()


def test_no_request_exceeds_the_size_limit(house: House, bus: Stubber):
    for count in (2, 2, 1):
        bus.add_response("put_events", taken(count))

    assert reported(house.relay(checkouts(5, 400_000))) == []
    bus.assert_no_pending_responses()


def test_the_largest_events_go_out_one_by_one_and_a_refused_one_is_reported(house: House, bus: Stubber):
    for failed in ((), (0,)):
        bus.add_response("put_events", taken(1, *failed))

    assert reported(house.relay(checkouts(3, 990_000))) == ["1001"]


@pytest.mark.parametrize(("failed", "first"), [((0,), 1010), ((3, 7), 1013), ((7, 3), 1013), ((9,), 1019)])
def test_refused_entries_are_reported_by_the_lowest_sequence_number(
    house: House, bus: Stubber, failed: tuple[int, ...], first: int
):
    bus.add_response("put_events", taken(10))
    bus.add_response("put_events", taken(10, *failed))

    answer = house.relay(visits(30))

    assert reported(answer) == [str(first)]


def test_an_unanswered_batch_is_retried_as_a_whole(house: House, bus: Stubber):
    bus.add_response("put_events", taken(10))
    bus.add_client_error("put_events", "InternalFailure", http_status_code=400)

    answer = house.relay(visits(15))

    assert reported(answer) == ["1010"]


def test_a_record_is_retried_if_only_its_second_event_fails(house: House, bus: Stubber):
    house.sale()
    ((sale),) = house.ledger("transaction")
    bus.add_response("put_events", taken(2, 1))

    answer = house.relay([record(5, sale)])

    assert reported(answer) == ["1005"]


def test_an_unannounceable_record_is_a_dead_letter_with_its_cause_and_the_others_pass(house: House, bus: Stubber):
    bus.add_response("put_events", taken(2))
    unknown = {**item(1), "entity": "mystery"}

    answer = house.relay([record(0, item(0)), record(1, unknown), record(2, item(2))])

    assert reported(answer) == []
    bus.assert_no_pending_responses()
    ((held),) = house.dead_letters_of("publish_events")
    assert (held["code"], "mystery" in held["reason"]) == ("unannounceable", True)
    assert json.loads(held["body"])["dynamodb"]["SequenceNumber"] == "1001"


@pytest.mark.parametrize("code", ["MalformedDetail", "InvalidArgument", "RedactionFailure"])
def test_a_permanently_refused_event_becomes_a_dead_letter_and_the_others_pass(house: House, bus: Stubber, code: str):
    bus.add_response("put_events", refusing(3, {1: code}))

    assert reported(house.relay(visits(3))) == []
    ((held),) = house.dead_letters_of("publish_events")
    assert (held["code"], held["reason"]) == ("unannounceable", code)
    assert json.loads(held["body"])["dynamodb"]["SequenceNumber"] == "1001"


def test_a_permanently_refused_event_is_one_dead_letter_though_earlier_ones_are_retried(house: House, bus: Stubber):
    bus.add_response("put_events", refusing(3, {0: "ThrottlingException", 1: "MalformedDetail"}))
    bus.add_response("put_events", refusing(3, {1: "MalformedDetail"}))

    assert reported(house.relay(visits(3))) == ["1000"]
    assert reported(house.relay(visits(3))) == []
    assert len(house.dead_letters_of("publish_events")) == 1


@pytest.mark.parametrize("code", ["AccessDeniedException", "InternalFailure", "NotAuthorizedForSourceException"])
def test_a_temporarily_refused_event_is_retried(house: House, bus: Stubber, code: str):
    bus.add_response("put_events", refusing(3, {1: code}))

    assert reported(house.relay(visits(3))) == ["1001"]
    assert house.dead_letters_of("publish_events") == []


@pytest.mark.parametrize(
    "broken",
    [
        {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": {"pk": {"S": "x"}}}},
        {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": {"pk": {"N": "x"}}}},
        record(1, {"entity": "transaction", "pk": "x", "sk": "y"}),
        {"eventName": "INSERT"},
    ],
    ids=["no entity", "not decodable", "half a record", "no images"],
)
def test_unreadable_records_do_not_block_the_shard(house: House, bus: Stubber, broken: dict[str, Any]):
    bus.add_response("put_events", taken(1))

    answer = house.relay([broken, record(2, item(2))])

    assert reported(answer) == []
    assert len(house.dead_letters_of("publish_events")) == 1


def test_an_unreadable_record_is_one_dead_letter_while_the_bus_is_down(house: House, bus: Stubber):
    records = [record(0, item(0)), record(1, {**item(1), "entity": "mystery"})]
    for _ in range(3):
        bus.add_client_error("put_events", "InternalFailure", http_status_code=400)
    bus.add_response("put_events", taken(1))

    answers = [reported(house.relay(records)) for _ in range(4)]

    assert answers == [["1000"]] * 3 + [[]]
    assert len(house.dead_letters_of("publish_events")) == 1


def test_an_unreadable_record_too_large_for_a_queue_is_a_dead_letter_of_its_keys(house: House, bus: Stubber):
    huge = record(1, {**item(1), "entity": "mystery", "listed": {"id": 1, "text": "x" * 1_100_000}})
    huge["dynamodb"]["Keys"] = encode_item({"pk": "demo#opportunity#1", "sk": "opportunity"})
    bus.add_response("put_events", taken(1))

    answer = house.relay([huge, record(2, item(2))])

    assert reported(answer) == []
    ((held),) = house.dead_letters_of("publish_events")
    assert json.loads(held["body"])["dynamodb"]["Keys"]["pk"] == {"S": "demo#opportunity#1"}


def test_deletions_and_bookkeeping_are_not_announced(house: House, bus: Stubber):
    alias = {**item(1), "entity": "alias"}

    answer = house.relay([record(0, item(0), "REMOVE"), record(1, alias)])

    assert reported(answer) == []
    assert house.dead_letters_of("publish_events") == []


def test_a_change_announced_again_has_the_same_id_and_a_second_change_another(house: House):
    house.sale()
    changes = house.publish()
    first = {json.loads(it.body)["detail"]["metadata"]["id"] for it in house.arrived()}

    house.relay(changes)
    again = {json.loads(it.body)["detail"]["metadata"]["id"] for it in house.arrived()}
    house.refund()
    house.publish()
    changed = {json.loads(it.body)["detail"]["metadata"]["id"] for it in house.arrived()}

    assert again == first
    assert not changed & first


def test_announcing_the_whole_table_again_changes_nothing(house: House):
    house.sale()
    house.deliver()
    house.refund()
    house.deliver()
    before = house.ledger()

    house.relay([record(place, held) for place, held in enumerate(before)])
    handled = house.deliver()

    assert {it.detail_type for it in handled} >= {"SaleTriggered", "RefundTriggered", "ConversionRejected"}
    assert house.ledger() == before


def test_announcing_the_table_again_restores_every_lost_event(house: House):
    house.sale("refunded")
    house.sale("kept", tracking_id=house.new_visit())
    house.refund("refunded")
    house.publish()
    house.arrived()  # loses the events

    for _ in range(3):
        house.relay([record(place, held) for place, held in enumerate(house.ledger())])
        for message in house.arrived():
            house.consume(message)

    assert sorted(house.owed()) == [("pending", 500), ("rejected", 0)]


def test_an_event_has_the_ids_of_its_request_and_of_its_causing_event(house: House):
    house.sale()

    events = {it.detail_type: json.loads(it.body)["detail"]["metadata"] for it in house.deliver()}

    assert {metadata["correlationId"] for metadata in events.values()} == {"request-1"}
    assert events["SaleTriggered"]["causationId"] is None
    assert events["ConversionAwarded"]["causationId"] == events["SaleTriggered"]["id"]
