"""Replays of announcements and deliveries write nothing: the stream stands still and every item keeps its version."""

import copy
import functools
import json
from collections.abc import Sequence
from typing import Any

import pytest
from moto.events.models import EventPattern

from local.stack import Stack
from tests.e2e.support.revenue import revenue_is_shared
from tests.e2e.support.samples import a_subscription_waits_for_its_referral
from tests.stack.dialects import DIALECTS
from tests.stack.dialects.spoken import ORDERS_OF_A_BUYER, Order, Origin
from tests.stack.journey import Item, Journey, at_rest, changes, client, ledger_of, physical_name
from tests.template import ROOT, resources, target
from tributary.domain import times, webhooks
from tributary.domain.events import SOURCE, Event, events_of
from tributary.ledger.payouts import fulfillments
from tributary.ledger.store.values import decode_item

#: Patterns of rules for other systems' events.
OF_OTHERS = [{"anything-but": [SOURCE]}]
NIGHT = json.loads(json.loads((ROOT / "events/schedule/set_quintiles.json").read_text())["Records"][0]["body"])


@pytest.fixture
def history(journey: Journey) -> list[Item]:
    """The changes of a paid sale, a refunded one, one reviewed and deleted, a lead, a program, an order of each other
    dialect, an edited order of a buyer, a restock, an invalid visit, a payout, a shared month, a coupon, currencies, a
    collaborator that comes and goes, a referral told late, and a nightly run. A paused webhook keeps all that it would
    be told."""
    hook = journey.ok("POST", "/webhooks", {"targetUrl": "https://hooks.example/", "events": ["*"]})["id"]
    journey.ok("PATCH", f"/webhooks/{hook}", {"status": "paused"})
    before = at_rest(journey.stack)
    revenue_is_shared(journey)
    reviewed = journey.house(calculation={"autoApprove": False})
    program = journey.program(clawback="carryForward")
    collaborator = journey.collaborator(program)
    paid, refunded = journey.sale(journey.visit(collaborator)), journey.sale(journey.visit(collaborator))
    transactions = [journey.post_sale(sale) for sale in (paid, refunded, journey.sale(journey.visit(reviewed)))]
    for transaction in transactions:
        journey.owed(transaction)
    journey.post_refund(refunded)
    journey.lead()
    (pending,) = journey.listed("conversions", transactionId=transactions[2])
    for action in ("approve", "reject", "markPending", "delete"):
        assert journey.review(action, pending["id"]) == 1
    journey.ok("PUT", f"/programs/{program}", {"description": "changed"})
    restock(journey)
    report(journey, Origin(journey.organization, journey.visit(collaborator), collaborator, program))
    edit_and_delete(journey, journey.visit(collaborator))
    journey.ok("POST", f"/opportunities/{journey.visit(collaborator)}/invalidate")
    pay(journey, program)
    manage(journey, collaborator)
    with ledger_of(journey.stack):
        a_subscription_waits_for_its_referral(journey.organization)
    at_rest(journey.stack)
    invoke(journey, "SetQuintiles", night(journey))
    return changes(journey.stack)[before:]


def manage(journey: Journey, collaborator: int) -> None:
    """Use a coupon, set and take out a currency, register a collaborator and end it."""
    journey.ok("PUT", f"/collaborators/{collaborator}", {"aliases": [{"type": "coupon", "code": "SPRING"}]})
    journey.ok("POST", "/event/coupon-applied", {"code": "SPRING"}, key="events")
    for minimum in ({"EUR": 1}, {}):
        journey.ok("PUT", "/settings", {"minimumPayout": minimum})
    for change in ({"userId": "42"}, {"status": "inactive"}):
        journey.ok("PUT", f"/collaborators/{collaborator}", change)


def told(journey: Journey) -> int:
    """The number of deliveries of the webhook."""
    (hook,) = journey.listed("webhooks")
    path, count = f"/webhooks/{hook['id']}/deliveries?fields=id&number=200&offset=", 0
    while page := journey.ok("GET", f"{path}{count}"):
        count += len(page)
    return count


def pay(journey: Journey, program: int) -> None:
    """A payout with a refund since that comes back, and a batch that a worker finishes and a person fails."""
    collaborator = journey.collaborator(program)
    sale = journey.sale(journey.visit(collaborator))
    journey.owed(journey.post_sale(sale))
    arguments = {"collaboratorIds": [collaborator]}
    with journey.held_up("SettlePayouts"):
        batch = journey.ok("POST", "/fulfillments/generate", arguments)["id"]
    journey.post_refund(sale)
    at_rest(journey.stack)
    (payout,) = journey.listed("payouts", fulfillmentId=batch)
    for action in ("markPaid", "markUnpaid"):
        assert journey.ok("POST", "/payouts/bulk", {"action": action, "ids": [payout["id"]]})["affected"] == 1
    rows = [{"payoutId": payout["id"], "status": "failed"}]
    journey.ok("POST", "/payouts/results", {"rows": rows})
    journey.ok("POST", "/obligations", {"collaboratorId": collaborator, "value": 100})
    at_rest(journey.stack)
    shown = journey.ok("POST", "/fulfillments/preview", arguments)
    with journey.held_up("SettlePayouts"), ledger_of(journey.stack):
        item = fulfillments.generate_previewed(journey.organization, shown["previewId"], lambda: False)
        fulfillments.hand_over(item)
    at_rest(journey.stack)
    assert journey.ok("GET", f"/fulfillments/{item['listed']['id']}")["status"] == "pending"
    journey.ok("PUT", f"/fulfillments/{item['listed']['id']}", {"status": "failed"})


def report(journey: Journey, origin: Origin) -> None:
    """Make each call of the order with the most calls, in each dialect except Siren."""
    for dialect in (it for it in DIALECTS.values() if it.name != "siren"):
        orders = [Order(dialect.name, dialect.source, fate, 4999, origin) for fate in range(ORDERS_OF_A_BUYER)]
        most = max((dialect.calls(order) for order in orders), key=len)
        for call in (*dialect.opening, *most):
            answer = journey.request(call.method, call.base + call.path, call.body, call.key)
            assert answer.status_code in call.taken, answer.text


def restock(journey: Journey) -> None:
    """Restock a product that a customer waits for, and that is bought again a day after each order."""
    product = {"productId": "sku-1", "title": "Widget", "replenishment": {"days": 1}}
    for in_stock in (False, True):
        asked = {"products": [product | {"inStock": in_stock}]}
        assert journey.request("POST", "/api/v1/products", asked, "admin").status_code == 200
        waits = {"productId": "sku-1", "customer": {"email": "ada@example.com"}}
        assert in_stock or journey.request("POST", "/api/v1/back-in-stock", waits).status_code == 202


def edit_and_delete(journey: Journey, visit: int) -> None:
    """Edit an order of a buyer, refund a part of it, withdraw that refund, and delete the sale."""
    complete = 2 * ORDERS_OF_A_BUYER - 1
    order = Order("sequenzy", "sequenzy", complete, 4999, Origin(journey.organization, visit, 1, 1))
    (placed,) = DIALECTS["sequenzy"].calls(order)
    assert journey.request(placed.method, placed.base + placed.path, placed.body).status_code == 202
    journey.owed(order.transaction_id)
    named = {"source": order.source, "externalId": order.name}
    events = {"sale-changed": {"total": 80, "changedAt": times.now()}, "refund": {"refundId": "r", "amount": 20}}
    for name, members in (events | {"refund-withdrawn": {"refundId": "r"}}).items():
        journey.ok("POST", f"/event/{name}", named | members)
        at_rest(journey.stack)
    journey.ok("POST", "/transactions/bulk", {"action": "delete", "ids": [order.transaction_id]})


def night(journey: Journey) -> Item:
    """The message that the schedule's message leads to, for this organization."""
    return {**NIGHT, "detail": {"organization": journey.organization}}


def invoke(journey: Journey, logical_id: str, payload: Any) -> Any:
    name = physical_name(journey.stack, logical_id)
    body = json.dumps(payload, default=lambda moment: moment.timestamp()).encode()
    answer = client(journey.stack, "lambda").invoke(FunctionName=name, Payload=body)
    result = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, result
    return result


def announced(records: Sequence[Item]) -> list[Item]:
    """The events of the changes, as the bus delivers them to its targets."""
    events = []
    for record in records:
        images = (record["dynamodb"].get(name) for name in ("OldImage", "NewImage"))
        events += events_of(*(decode_item(image) if image else None for image in images))
    envelope = {"version": "0", "id": "again", "source": SOURCE, "account": "000000000000"}
    return [envelope | {"detail-type": event.detail_type, "detail": _marked(event)} for event in events]


def _marked(event: Event) -> Any:
    """The event's detail, as the relay marks it for webhooks."""
    marks = {"webhooks": True} if event.detail_type in webhooks.EVENTS else {}
    return {**event.detail, "metadata": {**event.detail["metadata"], **marks}}


def test_changes_announced_again_by_the_relay_change_nothing(journey: Journey, history: list[Item]) -> None:
    before = at_rest(journey.stack)

    for batch in (history, history[::-1], history[1::2]):
        assert invoke(journey, "PublishEvents", {"Records": batch}) == {"batchItemFailures": []}

    assert written_since(before, journey.stack) == []


def test_records_announced_from_the_table_alone_change_nothing(journey: Journey, history: list[Item]) -> None:
    """Announced as the operator's republish does: every record as if it were new, in its present state."""
    before = at_rest(journey.stack)
    present = {json.dumps(it["dynamodb"]["Keys"], sort_keys=True): copy.deepcopy(it) for it in history}
    for record in present.values():
        record["dynamodb"].pop("OldImage", None)

    assert invoke(journey, "PublishEvents", {"Records": list(present.values())}) == {"batchItemFailures": []}

    assert written_since(before, journey.stack) == []


def test_events_delivered_again_in_reverse_change_nothing(journey: Journey, history: list[Item]) -> None:
    """Each event of every rule of the template goes to the rule's function, as the bus would deliver it."""
    before, kept = at_rest(journey.stack), told(journey)

    events = announced(history)
    assert kept > 50
    reached = {(name, event["detail-type"]) for event in events for name in functions_for(event)}
    assert reached == {(name, it) for name, pattern in rules() for it in pattern["detail-type"]}
    assert "rfm-bounds" in {it["dynamodb"]["NewImage"]["entity"]["S"] for it in history if "NewImage" in it["dynamodb"]}
    for event in reversed(events):
        for consumer in functions_for(event):
            journey.put_message(consumer, event)
            invoke(journey, consumer, event)
    for nightly in ("SetQuintiles", "ClosePeriods"):
        invoke(journey, nightly, night(journey))

    assert written_since(before, journey.stack) == []
    assert told(journey) == kept


@functools.cache
def rules() -> list[tuple[str, Item]]:
    """Function and pattern of each rule for the relay's events."""
    patterns = [it for it in resources("AWS::Events::Rule").values() if "EventPattern" in it]
    ours = [it for it in patterns if it["EventPattern"]["source"] != OF_OTHERS]
    return [(str(target(to["Arn"])).removesuffix("Queue"), it["EventPattern"]) for it in ours for to in it["Targets"]]


def functions_for(event: Item) -> list[str]:
    """The functions to which the rules deliver an event."""
    return [name for name, pattern in rules() if EventPattern.load(json.dumps(pattern)).matches_event(event)]


def written_since(before: int, stack: Stack) -> list[tuple[str, str, str]]:
    """Wait for rest; return the records written after so many changes."""
    at_rest(stack)
    written = [(it["eventName"], it["dynamodb"]["Keys"]) for it in changes(stack)[before:]]
    return [(how, key["pk"]["S"], key["sk"]["S"]) for how, key in written]


def test_a_repeated_foreign_event_changes_nothing(journey: Journey) -> None:
    source = f"{journey.organization}.shop"
    journey.bind(source)
    sale = journey.sale(journey.visit(journey.house()))
    event = sale | {"organization": journey.organization}
    refund = {name: event[name] for name in ("organization", "source", "externalId")}
    journey.owed(journey.post_sale(sale))
    journey.put_event("RefundTriggered", refund, source)
    message = {"organization": journey.organization, "profile": "crm-1", "campaign": journey.house()}
    message |= {"sentAt": "2026-04-25T09:00:00Z"}
    journey.put_event("MessageSent", message, source)
    before = at_rest(journey.stack)

    for _ in range(3):
        journey.put_event("RefundTriggered", refund, source)
        journey.put_event("SaleTriggered", event, source)
        journey.put_event("MessageSent", message, source)

    assert written_since(before, journey.stack) == []
