"""Sales and refunds that other systems put on the bus."""

import json
from typing import Any

import pytest

from local.seed import ACCOUNT
from tests.stack.journey import Earned, Journey, at_once, at_rest, eventually, take_dead_letter

FIVE = Earned("approved", "pending", 500)


@pytest.fixture
def shop(journey: Journey) -> str:
    """A source that is bound to the organization."""
    source = f"{journey.organization}.shop"
    journey.bind(source)
    return source


def refused(journey: Journey, source: str) -> tuple[str, str, Any]:
    """Code and reason of the one dead letter of a source."""
    return take_dead_letter(journey.stack, "ReceiveEvent", lambda event: event["source"] == source)


def without_times(story: dict[str, Any]) -> Any:
    """A transaction's items without its own times and ids, for comparison with another's."""
    names = ("id", "sourceId", "externalId", "transactionId", "opportunityId", "trackingId", "obligationId", "pk")
    names += ("conversionId", "engagementId", "label", "trace", "nonce", "listPk", "listSk", "occurredAt", "changedAt")
    names += ("dateCreated", "dateModified", "opportunity", "earnedAt", "owedSk")

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: bare(member) for name, member in value.items() if name not in names}
        return [bare(member) for member in value] if isinstance(value, list) else value

    return bare(story)


def test_a_foreign_sale_yields_the_same_transaction_and_obligation_as_over_http(journey: Journey, shop: str) -> None:
    collaborator = journey.house()
    items = [{"externalId": "SKU-1", "name": "Annual Plan", "amount": 49.99}]
    over_http = journey.sale(journey.visit(collaborator), items=items)
    from_the_bus = journey.sale(journey.visit(collaborator), items=items)

    journey.put_event("SaleTriggered", from_the_bus | {"organization": journey.organization}, shop)
    transaction = journey.post_sale(over_http)
    (foreign,) = eventually(lambda: journey.listed("transactions", sourceId=from_the_bus["externalId"]))

    assert list(journey.owed(transaction).values()) == list(journey.owed(foreign["id"]).values()) == [FIVE]
    at_rest(journey.stack)
    assert without_times(journey.story(foreign["id"])) == without_times(journey.story(transaction))


def test_a_sale_reported_over_http_and_the_bus_at_once_is_one_sale(journey: Journey, shop: str) -> None:
    collaborator = journey.house()
    sales = [journey.sale(journey.visit(collaborator)) for _ in range(6)]

    def over_http(sale: Any) -> None:
        assert journey.call("POST", "/event/sale", sale, "events").status_code == 200

    def by_the_bus(sale: Any) -> None:
        journey.put_event("SaleTriggered", sale | {"organization": journey.organization}, shop)

    ways = [lambda send=send, sale=sale: send(sale) for sale in sales for send in (over_http, by_the_bus, over_http)]
    at_once(12, lambda work: work(), ways)

    at_rest(journey.stack)
    for name in ("transactions", "conversions", "obligations"):
        assert len(journey.listed(name)) == len(sales), name
    assert {it["value"] for it in journey.listed("obligations")} == {500}


def test_a_foreign_refund_reverses_a_sale_reported_over_http(journey: Journey, shop: str) -> None:
    sale = journey.sale(journey.visit(journey.house()))
    transaction = journey.post_sale(sale)
    journey.owed(transaction)

    refund = {"organization": journey.organization, "source": sale["source"], "externalId": sale["externalId"]}
    journey.put_event("RefundTriggered", refund, shop)

    journey.becomes(transaction, "rejected", "rejected")


@pytest.mark.parametrize("dated", ["event", "body"])
def test_a_foreign_sale_dated_before_the_visit_earns_nothing(journey: Journey, shop: str, dated: str) -> None:
    """The event's time counts unless the body has its own. The emulator's bus dates events itself, so this one is
    placed as the bus would deliver it."""
    program = journey.program()
    sale = journey.sale(journey.visit(journey.collaborator(program))) | {"organization": journey.organization}
    event = {"version": "0", "id": "1", "source": shop, "account": ACCOUNT, "detail-type": "SaleTriggered"}
    times = ("2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z")

    if dated == "body":
        event |= {"time": times[1], "detail": sale | {"occurredAt": times[0]}}
    else:
        event |= {"time": times[0], "detail": sale}
    journey.put_message("ReceiveEvent", event)

    (transaction,) = eventually(lambda: journey.listed("transactions"))
    assert journey.reasons(transaction["id"]) == {program: "after_sale"}
    assert journey.decision(transaction["id"])["occurredAt"] == "2026-01-01T00:00:00.000Z"
    journey.no_award(transaction["id"])


def test_an_event_for_another_organization_is_a_dead_letter_with_the_reason(journey: Journey, shop: str) -> None:
    sale = journey.sale(4218) | {"organization": "demo"}

    journey.put_event("SaleTriggered", sale, shop)

    code, reason, event = refused(journey, shop)
    assert code == "event_refused"
    assert "not bound to the organization" in reason
    assert (event["detail"], event["detail-type"]) == (sale, "SaleTriggered")
    assert journey.listed("transactions") == []


def test_an_event_of_an_unbound_source_is_a_dead_letter_with_the_reason(journey: Journey) -> None:
    source = f"{journey.organization}.unbound"

    journey.put_event("SaleTriggered", journey.sale(4218) | {"organization": journey.organization}, source)

    code, reason, _ = refused(journey, source)
    assert (code, "not bound to the organization" in reason) == ("event_refused", True)
    assert journey.listed("transactions") == []


@pytest.mark.parametrize("organization", [None, "", 7, ["demo"], "x" * 3000, "Demo#1"])
def test_an_event_without_an_organization_is_a_dead_letter_with_the_reason(
    journey: Journey, shop: str, organization: object
) -> None:
    named = {} if organization is None else {"organization": organization}

    journey.put_event("SaleTriggered", journey.sale(4218) | named, shop)

    code, reason, _ = refused(journey, shop)
    assert code == "event_refused"
    assert "organization" in reason


def test_an_event_with_an_invalid_body_is_a_dead_letter_naming_every_wrong_field(journey: Journey, shop: str) -> None:
    body = {"organization": journey.organization, "externalId": "1", "total": -1, "trackingId": "x", "items": [{}]}

    journey.put_event("SaleTriggered", body, shop)

    code, reason, event = refused(journey, shop)
    assert code == "VALIDATION_FAILED"
    for field in ("source", "total", "trackingId", "items[0].amount"):
        assert f"{field} " in reason
    assert json.loads(json.dumps(event["detail"])) == body


def test_a_flat_body_cannot_pose_as_an_event_of_tributary(journey: Journey) -> None:
    """Tributary's own events have an envelope; a body in a client's form has none and is refused."""
    sale = journey.sale(4218) | {"organization": journey.organization}

    journey.put_event("SaleTriggered", sale, "tributary")

    code, reason, _ = take_dead_letter(journey.stack, "AttributeSale", lambda event: event["detail"] == sale)
    assert (code, reason) == ("event_refused", "metadata.organization is missing.")
    take_dead_letter(journey.stack, "IssueObligation", lambda event: event["detail"] == sale)
    assert journey.listed("transactions") == []
