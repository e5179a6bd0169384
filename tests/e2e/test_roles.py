"""The template's roles suffice for the whole journey, and each permission is needed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local.stack import Stack
from local.template import Template
from tests.e2e.support.batch import MEMBERS, post, row
from tests.e2e.support.receiver import a_webhook_is_told
from tests.e2e.support.revenue import revenue_is_shared
from tests.e2e.support.roles import journey_with_roles
from tests.e2e.support.samples import SUCCESS, prepare, statuses_over_http
from tests.e2e.support.shops import send_a_session, shops_are_heard
from tests.stack.journey import Earned, Journey, eventually, ledger_of
from tributary.domain import times
from tributary.domain.transaction import Sale
from tributary.ledger.customers import customers, rfm
from tributary.ledger.sales import transaction_items
from tributary.ledger.sales import transactions as ledger
from tributary.ledger.store import table

pytestmark = pytest.mark.slow


def without(role: str, *actions: str) -> Callable[[Template], None]:
    """Remove actions from a role of the template; assert that they were there."""

    def take(template: Template) -> None:
        (policy,) = template["Resources"][role]["Properties"]["Policies"]
        statements = policy["PolicyDocument"]["Statement"]
        assert set(actions) <= {action for statement in statements for action in statement["Action"]}
        for statement in statements:
            statement["Action"] = [action for action in statement["Action"] if action not in actions]
        policy["PolicyDocument"]["Statement"] = [statement for statement in statements if statement["Action"]]

    return take


def test_the_roles_suffice_for_the_whole_journey_and_every_call() -> None:
    with journey_with_roles() as journey:
        a_webhook_is_told(journey)
        program = journey.program()
        collaborator = journey.collaborator(program)
        sale = journey.sale(journey.visit(collaborator))
        transaction = journey.post_sale(sale)
        assert journey.owed(transaction) == {program: Earned("approved", "pending", 500)}

        everything_can_be_read(journey, transaction, program, collaborator)
        assert journey.ok("GET", f"/transactions/{transaction}/attribution")
        visits_are_settled(journey, sale["trackingId"], journey.visit(collaborator))
        everything_can_be_changed(journey, program, collaborator)
        repeats_get_the_first_answer(journey)
        reviewed_and_refunded(journey, transaction, sale)
        the_bus_is_heard(journey, collaborator)
        assert journey.lead()
        a_customer_is_counted_and_erased(journey)
        what_is_owed_is_paid(journey)
        payouts_come_back_and_are_proved(journey)
        an_hour_is_closed(journey)
        revenue_is_shared(journey)
        long_lists_are_counted(journey)
        batches_are_taken(journey)
        everything_can_be_deleted(journey, program, collaborator)


def test_the_roles_suffice_for_connected_shops() -> None:
    with journey_with_roles() as journey:
        shops_are_heard(journey)


def test_each_call_of_each_dialect_succeeds_with_its_functions_role() -> None:
    with Stack.start(auth=True, workers=1) as stack:
        prepare(stack)

        answered = statuses_over_http(stack)

    assert {name: status for name, status in answered.items() if status not in SUCCESS} == {}


def everything_can_be_read(journey: Journey, transaction: int, program: int, collaborator: int) -> None:
    (conversion,), (obligation,) = journey.listed("conversions"), journey.listed("obligations")
    records = {"transactions": transaction, "conversions": conversion["id"], "obligations": obligation["id"]}
    (opportunity,) = journey.listed("opportunities")
    records |= {"opportunities": opportunity["id"], "engagements": conversion["engagementId"]}
    for resource, record in (records | {"programs": program, "collaborators": collaborator}).items():
        assert journey.ok("GET", f"/{resource}/{record}?include=extended")["id"] == record
        assert [it["id"] for it in journey.listed(resource, include="extended")] == [record]
    for resource in ("transactions/sources", "event-sources", "event-types", "program-groups", "api-keys"):
        journey.listed(resource)
    assert any(it["lastUsedAt"] for it in journey.listed("api-keys"))
    assert journey.ok("GET", f"/obligations/{obligation['id']}/explanation")["transactionId"] == transaction
    assert journey.call("GET", "/nothing").status_code == 404


def visits_are_settled(journey: Journey, consumed: int, unwanted: int) -> None:
    def states(opportunity: int) -> list[str]:
        return [it["status"] for it in journey.listed("engagements", opportunityId=opportunity)]

    eventually(lambda: states(consumed) == ["complete"])
    assert journey.ok("POST", f"/opportunities/{unwanted}/invalidate")["status"] == "invalid"
    eventually(lambda: states(unwanted) == ["invalid"])


def everything_can_be_changed(journey: Journey, program: int, collaborator: int) -> None:
    triggers = {"siteVisited": {"value": "100"}, "couponUsed": {"value": "50"}}
    journey.ok("PUT", f"/programs/{program}", {"description": "changed", "engagementTypes": triggers})
    group = journey.ok("POST", "/program-groups", {"name": "One pays", "programs": [program]})["id"]
    assert journey.ok("GET", f"/program-groups/{group}")["programs"] == [program]
    assert journey.ok("PUT", f"/program-groups/{group}", {"programs": []})["programs"] == []
    aliases = [{"code": "DANA"}, {"type": "coupon", "code": "DANA10"}]
    for email in ("a@example.com", "b@example.com", None):
        journey.ok("PUT", f"/collaborators/{collaborator}", {"email": email, "aliases": aliases})
    for method in ("GET", "POST"):
        assert journey.ok(method, "/collaborators/generate-referral-code")["code"]
    assert journey.ok("POST", "/event/coupon-applied", {"code": "dana10"}, key="events").headers["X-Siren-OID"]
    visit = {"collaboratorId": "tracking:DANA", "userId": "7"}
    journey.ok("POST", "/event/site-visited", visit, key="events")
    key = journey.ok("POST", "/api-keys", {"label": "short-lived"})
    assert journey.ok("DELETE", f"/api-keys/{key['id']}")["status"] == "revoked"


def everything_can_be_deleted(journey: Journey, program: int, collaborator: int) -> None:
    """Deletions for good, of a program out of its group, and a conversion made by hand for the sale of another."""
    engagement = journey.ok("GET", "/engagements", params={"collaboratorId": collaborator})[0]["id"]
    unattributed = journey.post_sale(journey.sale(1))
    body = {"engagementId": engagement, "type": "sale", "status": "approved", "transactionId": unattributed}
    conversion = journey.ok("POST", "/conversions", body)["id"]
    (obligation,) = eventually(lambda: [it for it in journey.listed("obligations") if it["conversionId"] == conversion])
    journey.ok("PUT", f"/conversions/{conversion}", {"status": "pending"})
    group = journey.ok("POST", "/program-groups", {"name": "One pays", "programs": [program]})["id"]
    journey.ok("PUT", f"/collaborators/{collaborator}", {"email": "gone@example.com"})
    assert journey.call("DELETE", f"/collaborators/{collaborator}").status_code == 200
    assert journey.call("DELETE", f"/collaborators/{collaborator}").status_code == 409  # still owed
    journey.ok("PUT", f"/collaborators/{collaborator}", {"status": "active"})
    owed = [it["id"] for it in journey.listed("obligations", status="pending") if it["conversionId"] != conversion]
    assert journey.ok("POST", "/obligations/bulk", {"action": "markComplete", "ids": owed})["skipped"] == []
    for path in (f"/conversions/{conversion}", f"/programs/{program}", f"/collaborators/{collaborator}"):
        assert [journey.call(it, path).status_code for it in ("DELETE", "DELETE", "GET")] == [200, 204, 404], path
    assert journey.ok("GET", f"/program-groups/{group}")["programs"] == []
    assert journey.call("DELETE", f"/program-groups/{group}").status_code == 204
    assert journey.ok("GET", f"/obligations/{obligation['id']}")["status"] == "rejected"


def repeats_get_the_first_answer(journey: Journey) -> None:
    body, headers = {"name": "Once", "programs": []}, {"Idempotency-Key": "once"}
    assert journey.call("POST", "/program-groups", {}, headers=headers).status_code == 422  # frees the key
    first, again = (journey.call("POST", "/program-groups", body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert journey.call("POST", "/program-groups", {"name": "Other"}, headers=headers).status_code == 409


def reviewed_and_refunded(journey: Journey, transaction: int, sale: dict[str, Any]) -> None:
    (conversion,) = journey.listed("conversions")
    assert journey.review("markPending", conversion["id"]) == 1
    journey.becomes(transaction, "pending", "draft")
    assert journey.post_refund(sale).status_code == 200
    journey.becomes(transaction, "rejected", "rejected")
    as_in_earlier_versions(journey, transaction)
    named = {name: sale[name] for name in ("source", "externalId")}
    withdrawn = journey.call(
        "POST", "/event/refund-withdrawn", named | {"occurredAt": "2026-11-01T00:00:00Z"}, "events"
    )
    assert withdrawn.status_code == 200, withdrawn.text
    journey.becomes(transaction, "pending", "draft")
    for refund_id in ("R-1", "R-2"):
        part = named | {"refundId": refund_id}
        assert journey.call("POST", "/event/refund", part | {"amount": 1}, "events").status_code == 200
        assert journey.call("POST", "/event/refund-withdrawn", part, "events").status_code == 200
    edit = named | {"total": 100, "changedAt": "2026-11-01T00:00:00Z"}
    assert journey.call("POST", "/event/sale-changed", edit, "events").status_code == 200
    eventually(lambda: [it for it in journey.listed("obligations") if it["value"] == 1000])


def as_in_earlier_versions(journey: Journey, transaction: int) -> None:
    """Store a refunded sale without the moment of its refund, so that a withdrawal reads its refunds."""
    with ledger_of(journey.stack):
        item = table.get(transaction_items.pk(journey.organization, transaction), transaction_items.SK)
        assert item
        table.put({name: value for name, value in item.items() if name != "wholeRefundAt"}, "attribute_exists(pk)")


def the_bus_is_heard(journey: Journey, collaborator: int) -> None:
    journey.bind("roles.shop")
    sale = journey.sale(journey.visit(collaborator))
    journey.put_event("SaleTriggered", sale | {"organization": journey.organization}, "roles.shop")
    (foreign,) = eventually(lambda: journey.listed("transactions", sourceId=sale["externalId"]))
    journey.owed(foreign["id"])
    before = len(journey.listed("opportunities"))
    message = {"organization": journey.organization, "profile": "crm-1", "campaign": collaborator}
    journey.put_event("MessageSent", message, "roles.shop")
    eventually(lambda: len(journey.listed("opportunities")) > before)


def a_customer_is_counted_and_erased(journey: Journey) -> None:
    now = times.now()
    with ledger_of(journey.stack):
        ada = customers.upsert(
            journey.organization, customers.Identity("ada@example.com", "crm-1"), {}, now
        ).customer_id
        sale = Sale("roles.shop", "of Ada", None, 4999, "USD", now, customer_id=ada)
        order = ledger.record(journey.organization, sale).transaction.id

    counted = eventually(lambda: journey.ok("GET", f"/customers/{ada}")["totals"])
    assert [(it["ordersCount"], it["totalSpent"]) for it in counted] == [(1, 4999)]
    assert [it["id"] for it in journey.listed("transactions", customerId=ada)] == [order]
    for filters in ({}, {"email": "ADA@example.com"}, {"externalId": "crm-1"}):
        assert [it["id"] for it in journey.listed("customers", **filters)] == [ada]
    journey.put_message("SetQuintiles", {"detail-type": "Scheduled Event", "detail": {}})
    with ledger_of(journey.stack):
        eventually(lambda: table.get(*rfm.key(journey.organization)))
    assert journey.ok("DELETE", f"/customers/{ada}")["email"] is None
    assert journey.listed("customers", email="ada@example.com") == []


def what_is_owed_is_paid(journey: Journey) -> None:
    """Credits by hand, a preview, its batch, and each change of a payout."""
    collaborator = journey.house()
    credit, spare = (
        journey.ok("POST", "/obligations", {"collaboratorId": collaborator, "value": value})["id"]
        for value in (2500, 1)
    )
    assert journey.ok("PUT", f"/obligations/{credit}", {"value": 2600})["value"] == 2600
    assert journey.ok("GET", f"/obligations/{credit}/explanation")["candidate"] is None
    assert journey.ok("DELETE", f"/obligations/{spare}")["status"] == "cancelled"
    assert journey.call("DELETE", f"/obligations/{spare}").status_code == 204
    shown = journey.ok("POST", "/fulfillments/preview", {"obligationIds": [credit]})
    with journey.held_up("SettlePayouts"):
        batch = journey.ok("POST", "/fulfillments/generate", {"previewId": shown["previewId"]})["id"]
    (payout,) = journey.listed("payouts", fulfillmentId=batch)
    assert journey.listed("payouts", collaboratorId=collaborator) == [payout]
    assert journey.ok("GET", f"/payouts/{payout['id']}")["value"] == 2600
    for action in ("markPaid", "markUnpaid"):
        assert journey.ok("POST", "/payouts/bulk", {"action": action, "ids": [payout["id"]]})["affected"] == 1
    assert journey.ok("POST", "/payouts/export", {"ids": [payout["id"]]})["marked"] == 1
    assert journey.ok("PUT", f"/fulfillments/{batch}", {"status": "complete"})["status"] == "complete"
    (balance,) = journey.ok("GET", f"/collaborators/{collaborator}/statement")["balances"]
    assert (balance["paid"], balance["closing"]) == (2600, 0)


def payouts_come_back_and_are_proved(journey: Journey) -> None:
    """A refund after the payout, the bank's refusal, a failed batch, and the night's proof."""
    collaborator = journey.house(clawback="carryForward")
    sale = journey.sale(journey.visit(collaborator), total=100)
    (obligation,) = eventually(
        lambda: journey.post_sale(sale) and journey.listed("obligations", collaboratorId=collaborator)
    )
    for action in ("reject", "markPending"):
        done = journey.ok("POST", "/obligations/bulk", {"action": action, "ids": [obligation["id"]]})
        assert done["affected"] == 1, done

    def owed() -> list[int]:
        found = journey.listed("obligations", collaboratorId=collaborator)
        return sorted(it["value"] for it in found if it["status"] == "pending")

    first = _batch_of(journey, collaborator)
    journey.ok(
        "POST",
        "/event/refund",
        {name: sale[name] for name in ("source", "externalId")} | {"refundId": "R", "amount": 40},
    )
    eventually(lambda: owed() == [-400])
    (payout,) = journey.listed("payouts", fulfillmentId=first)
    rows = [{"payoutId": payout["id"], "status": "failed", "reason": "account closed"}]
    assert journey.ok("POST", "/payouts/results", {"rows": rows})["affected"] == 1
    eventually(lambda: owed() == [-400, 400, 600])
    second = _batch_of(journey, collaborator)
    assert owed() == []
    assert journey.ok("DELETE", f"/fulfillments/{second}")["status"] == "failed"
    eventually(lambda: owed() == [-400, 400, 600])
    assert journey.call("DELETE", f"/fulfillments/{second}").status_code == 204
    assert [it["id"] for it in journey.listed("fulfillments", status="failed")] == []
    journey.put_message("ProveLedger", {"id": "a night", "detail-type": "Scheduled Event", "detail": {}})
    (proof,) = eventually(lambda: journey.listed("proofs", status="proved"))
    assert journey.ok("GET", f"/proofs/{proof['id']}")["disagreements"] == 0


def an_hour_is_closed(journey: Journey) -> None:
    """An hour that has settled, and the schedule's message to every organization."""
    assert journey.ok("GET", "/statistics?by=hour")["rows"][-1]["status"] == "running"
    hour = times.later(times.now(), hours=-2)[:13]
    event = {"id": "an hour", "detail-type": "Scheduled Event", "time": times.now(), "detail": {}}
    journey.put_message("CloseHours", event)
    journey.put_message("CloseHours", event | {"detail": {"organization": journey.organization, "hour": hour}})
    eventually(lambda: any(it["status"] == "closed" for it in journey.ok("GET", "/statistics?by=hour")["rows"]))


def _batch_of(journey: Journey, collaborator: int) -> int:
    with journey.held_up("SettlePayouts"):
        return int(journey.ok("POST", "/fulfillments/generate", {"collaboratorIds": [collaborator]})["id"])


def batches_are_taken(journey: Journey) -> None:
    assert post(journey, "/v1/stores", json.dumps({"external_id": "paris"})).status_code == 201
    for path in MEMBERS:
        rows = [row(path, 1), row(path, 2), row(path, 1)]
        shown = post(journey, f"{path}/batch", json.dumps(rows)).json()
        assert (shown["created"], shown["repeated"], shown["failed"]) == (2, 1, 0), path


def long_lists_are_counted(journey: Journey) -> None:
    resources = ("transactions", "conversions", "obligations", "opportunities", "engagements")
    for resource in (*resources, "programs", "collaborators", "api-keys"):
        answer = journey.call("GET", f"/{resource}", params={"number": 1})
        assert int(answer.headers["x-siren-estimated-count"]) >= 2, resource


def test_without_its_put_permission_a_sale_is_500_and_nothing_is_recorded() -> None:
    with journey_with_roles(without("ReportSaleRole", "dynamodb:PutItem")) as journey:
        answer = journey.call("POST", "/event/sale", journey.sale(journey.visit(journey.house())), "events")

        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
        assert journey.listed("transactions") == []


def test_without_one_permission_of_attribution_nothing_is_owed() -> None:
    with journey_with_roles(without("AttributeSaleRole", "dynamodb:UpdateItem")) as journey:
        transaction = journey.post_sale(journey.sale(journey.visit(journey.house())))

        eventually(lambda: _attempts(journey))
        assert list(journey.story(transaction)) == ["transaction"]
        assert journey.listed("obligations") == []


def test_without_its_permission_to_publish_the_relay_announces_nothing() -> None:
    with journey_with_roles(without("PublishEventsRole", "events:PutEvents")) as journey:
        transaction = journey.post_sale(journey.sale(journey.visit(journey.house())))

        log = journey.stack.emulator.home / "emulator.log"
        eventually(lambda: "events not taken" in log.read_text(errors="replace"))
        assert list(journey.story(transaction)) == ["transaction"]


def _attempts(journey: Journey) -> bool:
    """Wait until the consumer has received the sale and failed."""
    return "event failed" in (journey.stack.emulator.home / "emulator.log").read_text(errors="replace")


@pytest.mark.parametrize("action", ["kms:Decrypt", "dynamodb:PutItem"])
def test_without_one_permission_a_shop_is_told_to_send_again(action: str) -> None:
    with journey_with_roles(without("ReceiveHookRole", action)) as journey:
        assert send_a_session(journey) == 500
