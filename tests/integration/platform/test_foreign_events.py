"""SaleTriggered and RefundTriggered of other systems, bound to an organization by account and source."""

import json
from typing import Any

import pytest

from tests.stack.exchange import ACCOUNT, Message
from tests.stack.house import House

SALE = {"organization": "demo", "source": "shopify", "externalId": "ORD-1004", "total": 49.99, "trackingId": 4218}
REFUND = {"organization": "demo", "source": "shopify", "externalId": "ORD-1004"}


@pytest.fixture
def bound(house: House) -> House:
    """A stack where `other.shop` may report for the demo organization."""
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    return house


def received(house: House, detail_type: str, detail: Any, **members: Any) -> Message:
    house.event(detail_type, detail, **members)
    ((message),) = house.arrived()
    return message


def test_a_bound_sources_sale_yields_the_same_transaction_and_obligation_as_over_http(bound: House):
    bound.event("SaleTriggered", SALE)

    bound.deliver()

    ((transaction),) = bound.get("/transactions", key="reader", include="extended").json
    assert (transaction["sourceId"], transaction["totalValue"], transaction["currency"]) == ("ORD-1004", 4999, "USD")
    assert bound.owed() == [("pending", 500)]


def test_an_unbound_source_may_no_longer_speak_and_others_still_may(bound: House):
    other = bound.post("/event-sources", {"source": "another.shop", "account": ACCOUNT}).json
    (mine,) = [it for it in bound.get("/event-sources").json if it["source"] == "other.shop"]

    unbound, again = (bound.delete(f"/event-sources/{mine['id']}") for _ in range(2))
    bound.event("SaleTriggered", SALE)
    bound.event("SaleTriggered", SALE | {"externalId": "ORD-2"}, "another.shop")
    bound.deliver()

    assert (unbound.status, unbound.json, again.status) == (200, mine, 404)
    assert [code for code, _ in bound.dead_letters("receive_event")] == ["event_refused"]
    assert [it["listed"]["sourceId"] for it in bound.ledger("transaction")] == ["ORD-2"]
    assert other in bound.get("/event-sources").json
    assert bound.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201


def test_a_source_of_another_organization_cannot_be_unbound(bound: House):
    (mine,) = [it for it in bound.get("/event-sources").json if it["source"] == "other.shop"]
    stranger = bound.new_key("admin", organization="stranger")

    assert bound.delete(f"/event-sources/{mine['id']}", key=stranger).status == 404
    assert mine in bound.get("/event-sources").json


def test_a_narrowed_source_reports_sales_and_refunds_of_that_source_only(bound: House):
    body = {"source": "other.shop", "account": ACCOUNT}
    narrowed = bound.post("/event-sources", body | {"onlySource": "shopify"})
    bound.event("SaleTriggered", SALE)
    bound.event("SaleTriggered", SALE | {"source": "till"})
    bound.event("RefundTriggered", REFUND | {"source": "till"})
    bound.deliver()
    widened = bound.post("/event-sources", body)
    bound.event("SaleTriggered", SALE | {"source": "till", "externalId": "ORD-2"})
    bound.deliver()

    assert [(it.status, it.json["onlySource"]) for it in (narrowed, widened)] == [(200, "shopify"), (200, None)]
    assert {it["listed"]["sourceId"] for it in bound.ledger("transaction")} == {"ORD-1004", "ORD-2"}
    assert [code for code, _ in bound.dead_letters("receive_event")] == ["event_refused"] * 2


@pytest.mark.parametrize("first", ["http", "bus"])
def test_a_sale_reported_over_http_and_the_bus_is_one_sale(bound: House, first: str):
    ways = {"http": lambda: bound.sale(items=[]), "bus": lambda: bound.event("SaleTriggered", SALE)}

    for way in sorted(ways, key=lambda name: name != first):
        ways[way]()
        bound.deliver()

    assert len(bound.ledger("transaction")) == 1
    assert bound.owed() == [("pending", 500)]


def test_a_blank_sku_over_the_bus_counts_as_absent(bound: House):
    bound.event("SaleTriggered", SALE | {"items": [{"amount": 49.99, "sku": "", "name": ""}]})

    bound.deliver()

    assert bound.owed() == [("pending", 500)]


def test_a_blank_refund_id_over_the_bus_is_a_dead_letter(bound: House):
    bound.sale()
    bound.event("RefundTriggered", REFUND | {"refundId": ""})
    bound.deliver()

    assert bound.dead_letters("receive_event") == [("VALIDATION_FAILED", "refundId is required.")]
    assert bound.ledger("transaction")[0]["listed"]["status"] == "complete"


def test_a_foreign_refund_refunds_the_sale(bound: House):
    bound.sale()
    bound.deliver()

    bound.event("RefundTriggered", REFUND)
    bound.deliver()

    assert (bound.conversions(), bound.owed()) == ([("rejected", 0)], [("rejected", 0)])


def test_the_trace_of_a_foreign_event_is_ignored(bound: House):
    shown = {"id": "ada@example.com", "correlationId": "x" * 200_000, "organization": "other"}
    bound.event("SaleTriggered", SALE | {"metadata": shown})

    foreign, *announced = [json.loads(it.body)["detail"]["metadata"] for it in bound.deliver()]

    assert foreign == shown
    assert {it["correlationId"] for it in announced} == {"0a1b"}
    assert "ada@example.com" not in {it["causationId"] for it in announced}
    assert bound.owed() == [("pending", 500)]


def test_a_sale_without_a_time_takes_its_events(bound: House):
    bound.event("SaleTriggered", SALE, time="2026-01-02T03:04:05Z")
    bound.event("SaleTriggered", SALE | {"externalId": "2", "occurredAt": "2026-01-01"}, time="2026-01-02T03:04:05Z")

    bound.deliver()

    occurred = {it["reported"]["externalId"]: it["reported"]["occurredAt"] for it in bound.ledger("transaction")}
    assert occurred == {"ORD-1004": "2026-01-02T03:04:05.000Z", "2": "2026-01-01T00:00:00.000Z"}


def test_null_for_a_sales_time_counts_as_absent(bound: House):
    bound.event("SaleTriggered", SALE | {"occurredAt": None}, time="2026-01-02T03:04:05Z")

    bound.deliver()

    ((sale),) = bound.ledger("transaction")
    assert sale["reported"]["occurredAt"] == "2026-01-02T03:04:05.000Z"


@pytest.mark.parametrize(
    ("detail", "source", "account"),
    [
        (SALE | {"organization": "victim"}, "other.shop", ACCOUNT),
        (SALE, "unbound.shop", ACCOUNT),
        (SALE, "other.shop", "999999999999"),
        ({**SALE, "organization": ""}, "other.shop", ACCOUNT),
        ({**SALE, "organization": ["demo"]}, "other.shop", ACCOUNT),
        ({name: value for name, value in SALE.items() if name != "organization"}, "other.shop", ACCOUNT),
        ({"metadata": {"organization": "demo"}, "data": SALE}, "other.shop", ACCOUNT),
    ],
    ids=["another organization", "unbound source", "another account", "empty", "no text", "none", "our own form"],
)
def test_an_unauthorized_event_is_a_dead_letter_with_the_reason(bound: House, detail: Any, source: str, account: str):
    message = received(bound, "SaleTriggered", detail, source=source, account=account)

    assert bound.consume(message)

    ((code, reason),) = bound.dead_letters("receive_event")
    assert code == "event_refused"
    assert "organization" in reason
    assert bound.ledger("transaction") == []


def test_an_invalid_body_is_a_dead_letter_naming_every_field(bound: House):
    message = received(bound, "SaleTriggered", SALE | {"total": -1, "trackingId": 0, "currency": "ZZZ"})

    assert bound.consume(message)

    ((code, reason),) = bound.dead_letters("receive_event")
    assert code == "VALIDATION_FAILED"
    assert all(field in reason for field in ("total", "trackingId", "currency"))


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", '"x"', '{"detail": 5}', '{"detail": {"n": 1e99999999999999999999}}']
)
def test_a_malformed_event_is_a_dead_letter_and_the_others_pass(bound: House, body: str):
    good = received(bound, "SaleTriggered", SALE)

    assert bound.consume(Message("receive_event", body))
    assert bound.consume(good)

    assert [code for code, _ in bound.dead_letters("receive_event")] == ["event_refused"]
    assert len(bound.ledger("transaction")) == 1


@pytest.mark.parametrize("again", [1, 2])
@pytest.mark.parametrize(
    ("part", "status", "owed"), [({}, "refunded", [0]), ({"refundId": "r", "amount": 10}, "complete", [400])]
)
def test_a_refund_before_its_sale_waits_for_it(bound: House, again: int, part: Any, status: str, owed: list[int]):
    refund = received(bound, "RefundTriggered", REFUND | part)
    assert [bound.consume(refund) for _ in range(again)] == [True] * again
    parked = {it["sourceId"]: it for it in bound.get("/refunds", key="reader", status="parked").json}
    assert parked.pop(REFUND["externalId"])["transactionId"] is None

    bound.sale()
    bound.deliver()

    assert bound.ledger("transaction")[0]["listed"]["status"] == status
    assert [value for _, value in bound.owed()] == owed
    assert bound.get("/refunds", key="reader", status="parked").json == list(parked.values())
    assert bound.dead_letters("receive_event") == []


@pytest.mark.parametrize("before", [True, False])
def test_a_partial_refund_of_a_zero_sale_has_no_effect_in_either_order(bound: House, before: bool):
    steps = [
        lambda: bound.event("RefundTriggered", REFUND | {"refundId": "r", "amount": 10}),
        lambda: bound.sale(total=0, items=[]),
    ]

    for step in steps if before else reversed(steps):
        step()
        bound.deliver()

    assert bound.ledger("transaction")[0]["listed"]["status"] == "complete"
    assert (bound.conversions(), bound.owed()) == ([("approved", 0)], [])


def test_a_waiting_refund_received_again_after_its_sale_is_applied_at_once(bound: House):
    part = {"refundId": "r", "amount": 10}
    bound.event("RefundTriggered", REFUND | part)
    bound.deliver()
    bound.sale()

    answers = [bound.refund(**part) for _ in range(2)]
    bound.deliver()

    assert [(it.status, it.headers.get("Idempotency-Hit")) for it in answers] == [(200, "true")] * 2
    assert [it["amount"] for it in bound.get("/refunds", key="reader", sourceId="ORD-1004").json] == [1000]
    assert (bound.owed(), bound.changes_of_repeats()) == ([("pending", 400)], 0)


TOO_LARGE = 5_000_000_000_000_000


@pytest.mark.parametrize("part", [{"amount": TOO_LARGE}, {"items": [{"position": 0, "amount": TOO_LARGE}]}])
def test_a_refund_above_its_currencys_largest_amount_does_not_block_the_sale(bound: House, part: Any):
    bound.event("RefundTriggered", REFUND | {"refundId": "r"} | part)
    bound.deliver()

    bound.sale()
    bound.deliver()

    assert bound.dead_letters("attribute_sale") == []
    assert bound.ledger("transaction")[0]["listed"]["status"] == "refunded"
    assert (bound.decision()["reason"], bound.owed()) == ("awarded", [("rejected", 0)])


def test_a_refund_of_a_deleted_sale_becomes_a_dead_letter_at_the_last_receive(bound: House):
    bound.sale()
    ((sale),) = bound.ledger("transaction")
    bound.post("/transactions/bulk", {"action": "delete", "ids": [sale["listed"]["id"]]})
    refund = received(bound, "RefundTriggered", REFUND)

    done = [bound.consume(refund) for _ in range(bound.tries("receive_event"))]

    assert done == [False] * (len(done) - 1) + [True]
    ((code, reason),) = bound.dead_letters("receive_event")
    assert (code, "no sale" in reason) == ("not_found", True)


def test_the_dead_letter_is_the_original_message(bound: House):
    message = received(bound, "SaleTriggered", SALE | {"total": -1})

    bound.consume(message)

    ((held),) = bound.dead_letters_of("receive_event")
    assert json.loads(held["body"]) == json.loads(message.body)


def test_our_own_events_are_never_mistaken_for_foreign_ones(bound: House):
    bound.sale()

    handled = bound.deliver()

    assert {it.function for it in handled} == {
        "attribute_sale",
        "issue_obligation",
        "settle_engagements",
        "share_revenue",
    }


def test_a_bare_event_is_handled_like_a_queued_one_and_a_refused_one_raises(bound: House):
    event = json.loads(received(bound, "SaleTriggered", SALE).body)

    bound.invoke("receive_event", event)

    assert len(bound.ledger("transaction")) == 1
    with pytest.raises(Exception, match="organization is required"):
        bound.invoke("receive_event", event | {"detail": {}})


@pytest.mark.parametrize("function", ["attribute_sale", "issue_obligation", "share_revenue"])
@pytest.mark.parametrize(
    "detail",
    [
        {"metadata": {}, "data": {"transactionId": 1}},
        {"metadata": {"organization": "demo"}, "data": {}},
        {"metadata": {"organization": "demo"}, "data": {"transactionId": "1"}},
        {"metadata": {"organization": "demo"}, "data": {"transactionId": True}},
        {},
    ],
)
def test_an_event_without_a_sale_is_a_dead_letter_of_each_consumer(house: House, function: str, detail: Any):
    body = json.dumps({"detail-type": "SaleTriggered", "source": "tributary", "detail": detail})

    assert house.consume(Message(function, body))

    assert [code for code, _ in house.dead_letters(function)] == ["event_refused"]


@pytest.mark.parametrize("function", ["attribute_sale", "issue_obligation", "share_revenue"])
def test_an_event_of_a_missing_sale_writes_nothing(house: House, function: str):
    detail = {"metadata": {"organization": "demo"}, "data": {"transactionId": 5}}
    body = json.dumps({"detail-type": "SaleTriggered", "source": "tributary", "detail": detail})

    with house.requests_made() as made:
        assert house.consume(Message(function, body))

    assert made.writes == 0


def test_only_the_failing_message_of_a_batch_is_received_again(bound: House):
    good = received(bound, "SaleTriggered", SALE)
    bound.sale("other")
    ((other),) = bound.ledger("transaction")
    bound.post("/transactions/bulk", {"action": "delete", "ids": [other["listed"]["id"]]})
    late = received(bound, "RefundTriggered", REFUND | {"externalId": "other"})

    failed = bound.consume_together([good, late])

    assert failed == [late]
    assert len(bound.ledger("transaction")) == 2
