"""Sales and refunds that other systems put on the bus."""

import json
from typing import Any

import pytest

from local.seed import ACCOUNT
from tests.e2e.journey import Earned, Way, at_once, at_rest, eventually, set_aside

FIVE = Earned("approved", "pending", 500)


@pytest.fixture
def shop(way: Way) -> str:
    """A source that may speak for the organization."""
    source = f"{way.organization}.shop"
    way.bind(source)
    return source


def refused(way: Way, source: str) -> tuple[str, str, Any]:
    """What the dead-letter queue says of the one event of a source."""
    return set_aside(way.stack, "ReceiveEvent", lambda event: event["source"] == source)


def without_times(story: dict[str, Any]) -> Any:
    """A story that can be compared with one of another transaction: without what is each one's own."""
    names = ("id", "sourceId", "externalId", "transactionId", "opportunityId", "trackingId", "obligationId", "pk")
    names += ("conversionId", "engagementId", "label", "trace", "nonce", "listPk", "listSk", "occurredAt", "changedAt")
    names += ("dateCreated", "dateModified", "opportunity")

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: bare(member) for name, member in value.items() if name not in names}
        return [bare(member) for member in value] if isinstance(value, list) else value

    return bare(story)


def test_a_foreign_sale_ends_as_the_same_transaction_and_obligation_as_over_http(way: Way, shop: str) -> None:
    collaborator = way.house()
    items = [{"externalId": "SKU-1", "name": "Annual Plan", "amount": 49.99}]
    over_http = way.sale(way.visit(collaborator), items=items)
    from_the_bus = way.sale(way.visit(collaborator), items=items)

    way.put_event("SaleTriggered", from_the_bus | {"organization": way.organization}, shop)
    transaction = way.post_sale(over_http)
    (foreign,) = eventually(lambda: way.listed("transactions", sourceId=from_the_bus["externalId"]))

    assert list(way.owed(transaction).values()) == list(way.owed(foreign["id"]).values()) == [FIVE]
    at_rest(way.stack)
    assert without_times(way.story(foreign["id"])) == without_times(way.story(transaction))


def test_a_sale_that_arrives_by_both_ways_at_once_is_one(way: Way, shop: str) -> None:
    collaborator = way.house()
    sales = [way.sale(way.visit(collaborator)) for _ in range(6)]

    def over_http(sale: Any) -> None:
        assert way.call("POST", "/event/sale", sale, "events").status_code == 200

    def by_the_bus(sale: Any) -> None:
        way.put_event("SaleTriggered", sale | {"organization": way.organization}, shop)

    ways = [lambda send=send, sale=sale: send(sale) for sale in sales for send in (over_http, by_the_bus, over_http)]
    at_once(12, lambda work: work(), ways)

    at_rest(way.stack)
    for name in ("transactions", "conversions", "obligations"):
        assert len(way.listed(name)) == len(sales), name
    assert {it["value"] for it in way.listed("obligations")} == {500}


def test_a_foreign_refund_takes_back_a_sale_that_came_over_http(way: Way, shop: str) -> None:
    sale = way.sale(way.visit(way.house()))
    transaction = way.post_sale(sale)
    way.owed(transaction)

    refund = {"organization": way.organization, "source": sale["source"], "externalId": sale["externalId"]}
    way.put_event("RefundTriggered", refund, shop)

    way.becomes(transaction, "rejected", "rejected")


@pytest.mark.parametrize("dated", ["event", "body"])
def test_a_foreign_sale_that_happened_before_the_visit_earns_nothing(way: Way, shop: str, dated: str) -> None:
    """By the time of the event, unless the body has its own. The emulator's bus dates events itself, so this one comes
    as the bus hands it on."""
    program = way.program()
    sale = way.sale(way.visit(way.collaborator(program))) | {"organization": way.organization}
    event = {"version": "0", "id": "1", "source": shop, "account": ACCOUNT, "detail-type": "SaleTriggered"}
    times = ("2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z")

    if dated == "body":
        event |= {"time": times[1], "detail": sale | {"occurredAt": times[0]}}
    else:
        event |= {"time": times[0], "detail": sale}
    way.put_message("ReceiveEvent", event)

    (transaction,) = eventually(lambda: way.listed("transactions"))
    assert way.reasons(transaction["id"]) == {program: "after_sale"}
    assert way.decision(transaction["id"])["occurredAt"] == "2026-01-01T00:00:00.000Z"
    way.no_award(transaction["id"])


def test_an_event_that_speaks_for_another_organization_is_set_aside_with_the_reason(way: Way, shop: str) -> None:
    sale = way.sale(4218) | {"organization": "demo"}

    way.put_event("SaleTriggered", sale, shop)

    code, reason, event = refused(way, shop)
    assert code == "event_refused"
    assert "not bound to the organization" in reason
    assert (event["detail"], event["detail-type"]) == (sale, "SaleTriggered")
    assert way.listed("transactions") == []


def test_an_event_of_a_source_that_is_bound_to_nobody_is_set_aside_with_the_reason(way: Way) -> None:
    source = f"{way.organization}.unbound"

    way.put_event("SaleTriggered", way.sale(4218) | {"organization": way.organization}, source)

    code, reason, _ = refused(way, source)
    assert (code, "not bound to the organization" in reason) == ("event_refused", True)
    assert way.listed("transactions") == []


@pytest.mark.parametrize("organization", [None, "", 7, ["demo"], "x" * 3000, "Demo#1"])
def test_an_event_that_names_no_organization_is_set_aside_with_the_reason(
    way: Way, shop: str, organization: object
) -> None:
    named = {} if organization is None else {"organization": organization}

    way.put_event("SaleTriggered", way.sale(4218) | named, shop)

    code, reason, _ = refused(way, shop)
    assert code == "event_refused"
    assert "organization" in reason


def test_an_event_with_a_bad_body_is_set_aside_with_every_field_that_is_wrong(way: Way, shop: str) -> None:
    body = {"organization": way.organization, "externalId": "1", "total": -1, "trackingId": "x", "items": [{}]}

    way.put_event("SaleTriggered", body, shop)

    code, reason, event = refused(way, shop)
    assert code == "VALIDATION_FAILED"
    for field in ("source", "total", "trackingId", "items[0].amount"):
        assert f"{field} " in reason
    assert json.loads(json.dumps(event["detail"])) == body


def test_nobody_else_can_speak_for_tributary_with_a_flat_body(way: Way) -> None:
    """Our own events are in an envelope; a body that looks like a client's is none and leads nowhere."""
    sale = way.sale(4218) | {"organization": way.organization}

    way.put_event("SaleTriggered", sale, "tributary")

    code, reason, _ = set_aside(way.stack, "AttributeSale", lambda event: event["detail"] == sale)
    assert (code, reason) == ("event_refused", "metadata.organization is missing.")
    set_aside(way.stack, "IssueObligation", lambda event: event["detail"] == sale)
    assert way.listed("transactions") == []
