"""Exact requests of each operation to DynamoDB, through the real handlers: a regression would cost money
permanently.
"""

import json

import pytest

from tests.stack.exchange import Message
from tests.stack.house import House
from tributary.api.http import requests
from tributary.domain import times
from tributary.domain.transaction import Sale
from tributary.ledger.programs import programs
from tributary.ledger.sales import transactions

SHARDS = 4


@pytest.fixture
def warm(house: House) -> House:
    """A process that has cached the demo keys."""
    house.get("/transactions/1", key="reader")
    house.get("/transactions/1", key="admin")
    house.refund("not there")
    return house


def message(house: House, function: str, detail_type: str) -> Message:
    """One event as a message in the queue of a function."""
    house.publish()
    (found,) = [it for it in house.arrived() if (it.function, it.detail_type) == (function, detail_type)]
    return found


def attributed(house: House) -> Message:
    """The SaleTriggered event of an attributed sale."""
    house.sale()
    sale = message(house, "attribute_sale", "SaleTriggered")
    assert house.consume(sale)
    return sale


def many_sales(house: House, count: int) -> None:
    with house._environment("report_sale"):
        for number in range(count):
            sale = Sale("shopify", f"ORD-{number}", 4218, 4999, "USD", times.now())
            transactions.record("demo", sale)


def test_a_new_repeated_or_differing_sale_costs_one_put_and_no_read(warm: House):
    with warm.requests_made() as first:
        warm.sale()
    with warm.requests_made() as repeated:
        warm.sale()
    with warm.requests_made() as differing:
        warm.sale(total=50)

    assert first.counts == repeated.counts == differing.counts == {"PutItem": 1}
    assert first.of("PutItem")[0]["ConditionExpression"] == "attribute_not_exists(pk)"


def test_an_uncached_key_costs_one_more_read(house: House):
    with house.requests_made() as first:
        house.sale()

    with house.requests_made() as second:
        house.sale("ORD-1005")

    assert first.counts == {"GetItem": 1, "PutItem": 1}
    assert second.counts == {"PutItem": 1}


def test_a_key_is_read_again_after_a_minute(warm: House, monkeypatch: pytest.MonkeyPatch):
    present = requests.time.monotonic()

    monkeypatch.setattr(requests.time, "monotonic", lambda: present + 61)
    with warm.requests_made() as later:
        warm.sale()

    assert later.counts == {"GetItem": 1, "PutItem": 1}


def test_the_expiry_of_a_cached_key_is_checked_on_each_use(house: House, monkeypatch: pytest.MonkeyPatch):
    key = house.new_key("event:*", expires_at=times.later(times.now(), seconds=30))
    assert house.post("/event/refund", {"source": "a", "externalId": "b"}, key=key).status == 404

    in_a_moment = times.later(times.now(), seconds=31)
    monkeypatch.setattr(requests.times, "now", lambda: in_a_moment)
    with house.requests_made() as made:
        answer = house.post("/event/refund", {"source": "a", "externalId": "b"}, key=key)

    assert (answer.status, answer.error["code"]) == (401, "unauthorized")
    assert made.counts == {}


def test_a_new_repeated_or_unmatched_refund_costs_one_update(warm: House):
    warm.sale()

    with warm.requests_made() as first:
        warm.refund()
    with warm.requests_made() as repeated:
        warm.refund()
    with warm.requests_made() as of_nothing:
        warm.refund("unknown")

    assert first.counts == repeated.counts == of_nothing.counts == {"UpdateItem": 1}


def test_a_partial_refund_costs_a_read_and_a_transaction_of_two(warm: House):
    warm.sale()

    with warm.requests_made() as first:
        warm.refund(refundId="r", amount=1)
    with warm.requests_made() as repeated:
        warm.refund(refundId="r", amount=1)

    assert first.counts == {"GetItem": 1, "TransactWriteItems": 1}
    assert len(first.of("TransactWriteItems")[0]["TransactItems"]) == 2
    assert repeated.counts == {"GetItem": 2, "TransactWriteItems": 1}


def test_a_transaction_with_its_details_costs_one_strongly_consistent_get(warm: House):
    warm.sale()
    ((transaction),) = warm.ledger("transaction")

    with warm.requests_made() as made:
        warm.get(f"/transactions/{transaction['listed']['id']}", include="extended", key="reader")

    assert made.counts == {"GetItem": 1}
    assert made.of("GetItem")[0]["ConsistentRead"] is True


@pytest.mark.parametrize("records", [10, 300])
def test_a_page_costs_one_query_per_shard_for_any_number_of_records(warm: House, records: int):
    many_sales(warm, records)
    warm.get("/transactions", key="reader")  # the estimated count is cached for a minute

    with warm.requests_made() as core:
        shown = warm.get("/transactions", key="reader", number=10).json
    with warm.requests_made() as detailed:
        warm.get("/transactions", key="reader", number=10, fields="id,details")

    assert len(shown) == 10
    assert core.counts == {"Query": SHARDS}
    assert detailed.counts == {"Query": SHARDS, "BatchGetItem": 1}


def test_a_filter_that_finds_little_reads_the_index_in_large_pages(warm: House):
    many_sales(warm, 300)

    with warm.requests_made() as made:
        assert warm.get("/transactions", key="reader", status="refunded").json == []

    assert made.counts == {"Query": 2 * SHARDS}


def test_a_visit_costs_at_most_four_requests_and_three_with_cached_programs(warm: House):
    with warm.requests_made() as first:
        opportunity = warm.new_visit()
    programs.forget()
    with warm.requests_made() as by_alias:
        assert warm.visit("tracking:DEMO", userId="u-1").status == 200
    with warm.requests_made() as cached:
        assert warm.visit("tracking:DEMO").status == 200

    assert opportunity
    assert first.counts == {"BatchGetItem": 1, "Query": 1, "TransactWriteItems": 1}
    assert by_alias.counts == {"BatchGetItem": 2, "Query": 1, "TransactWriteItems": 1}
    assert cached.counts == {"BatchGetItem": 2, "TransactWriteItems": 1}


def test_a_repeated_visit_within_a_minute_writes_nothing(warm: House):
    opportunity = warm.new_visit()

    with warm.requests_made() as again:
        warm.visit(headers={"X-Siren-OID": str(opportunity)})

    assert again.counts == {"BatchGetItem": 1}


def test_a_visit_of_an_unknown_collaborator_costs_one_read(warm: House):
    with warm.requests_made() as made:
        assert warm.visit(999).status == 200

    assert made.counts == {"BatchGetItem": 1}


def test_an_attribution_costs_three_reads_and_one_transaction_of_three_plus_the_winners(warm: House):
    attributed(warm)
    second = warm.new_program()
    collaborator = warm.new_collaborator(warm.program_id, second)

    warm.sale("ORD-2", tracking_id=warm.new_visit(collaborator))
    event = message(warm, "attribute_sale", "SaleTriggered")
    programs.forget()
    with warm.requests_made() as made:
        assert warm.consume(event)

    assert made.counts == {"BatchGetItem": 2, "Query": 1, "TransactWriteItems": 1}
    assert len(made.of("TransactWriteItems")[0]["TransactItems"]) == 3 + 2
    assert [status for status, _ in warm.conversions()] == ["approved"] * 3


def test_a_sources_first_sale_adds_one_action_and_cached_programs_save_a_read(warm: House):
    warm.sale()
    event = message(warm, "attribute_sale", "SaleTriggered")

    warm.new_visit()  # caches the programs in the process
    with warm.requests_made() as made:
        assert warm.consume(event)

    assert made.counts == {"BatchGetItem": 2, "TransactWriteItems": 1}
    assert len(made.of("TransactWriteItems")[0]["TransactItems"]) == 3 + 1 + 1


def test_the_requests_of_an_attribution_do_not_grow_with_the_ledger(warm: House):
    many_sales(warm, 100)
    for _ in range(5):
        warm.new_visit()

    warm.sale("ORD-now")
    warm.publish()
    events = [it for it in warm.arrived() if it.function == "attribute_sale" and "ORD-now" in it.body]
    with warm.requests_made() as made:
        assert warm.consume(events[0])

    assert made.counts == {"BatchGetItem": 2, "TransactWriteItems": 1}


def test_an_obligation_costs_one_query_and_one_put(warm: House):
    attributed(warm)
    event = message(warm, "issue_obligation", "ConversionAwarded")

    with warm.requests_made() as made:
        assert warm.consume(event)

    assert warm.owed() == [("pending", 500)]
    assert made.counts == {"Query": 1, "PutItem": 1}


def test_a_review_moves_its_obligation_with_one_query_and_one_update(warm: House):
    attributed(warm)
    warm.deliver()

    ((conversion),) = warm.ledger("conversion")
    warm.post("/conversions/bulk", {"action": "reject", "ids": [conversion["listed"]["id"]]})
    event = message(warm, "issue_obligation", "ConversionRejected")
    with warm.requests_made() as made:
        assert warm.consume(event)

    assert warm.owed() == [("rejected", 500)]
    assert made.counts == {"Query": 1, "UpdateItem": 1}


def test_a_repeated_sale_repairs_its_obligations_within_the_same_two_requests(warm: House):
    attributed(warm)
    sale = Message("issue_obligation", attributed_body(warm))

    with warm.requests_made() as made:
        assert warm.consume(sale)

    assert warm.owed() == [("pending", 500)]
    assert made.counts == {"Query": 1, "PutItem": 1}


def attributed_body(house: House) -> str:
    """The body of the demo sale's event, made from its record."""
    ((transaction),) = house.ledger("transaction")
    data = {"transactionId": transaction["listed"]["id"]}
    metadata = {"id": "evt_1", "organization": "demo"}
    return json.dumps({"detail-type": "SaleTriggered", "detail": {"metadata": metadata, "data": data}})


@pytest.mark.parametrize("refunded", [False, True])
def test_a_repeated_event_writes_nothing_and_changes_no_record(warm: House, refunded: bool):
    warm.sale()
    warm.deliver()
    if refunded:
        warm.refund()
        warm.deliver()
    events = list(warm.handled)

    with warm.requests_made() as made:
        assert all(warm.consume(event) for event in events)

    assert {event.detail_type for event in events} >= {"SaleTriggered", "ConversionAwarded", "ConversionApproved"}
    assert made.writes == 0
    assert warm.publish() == []


def test_a_repeated_event_costs_at_most_the_reads_of_the_first(warm: House):
    sale = attributed(warm)
    warm.deliver()

    with warm.requests_made() as made:
        assert warm.consume(sale)

    assert made.counts == {"BatchGetItem": 1}


def test_the_estimated_count_of_a_long_list_costs_a_get_and_a_query_per_shard_once_a_minute(warm: House):
    many_sales(warm, 30)

    with warm.requests_made() as made:
        answer = warm.get("/transactions", key="reader")

    assert answer.headers["x-siren-estimated-count"] == "30"
    assert made.counts == {"GetItem": 1, "Query": 2 * SHARDS}
