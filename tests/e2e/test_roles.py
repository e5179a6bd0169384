"""The template's roles suffice for the whole way, and each permission counts: without it the way ends there."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local.template import Template
from tests.e2e.batch import MEMBERS, post, row
from tests.e2e.journey import Earned, Way, eventually, ledger_of
from tests.e2e.roles import way_with_roles
from tributary.domain import times
from tributary.domain.transaction import Sale
from tributary.ledger.customers import customers, rfm
from tributary.ledger.sales import transactions as ledger
from tributary.ledger.store import table

pytestmark = pytest.mark.slow


def without(role: str, *actions: str) -> Callable[[Template], None]:
    """Takes actions away from a role of the template; all of them must have been there."""

    def take(template: Template) -> None:
        (policy,) = template["Resources"][role]["Properties"]["Policies"]
        statements = policy["PolicyDocument"]["Statement"]
        assert set(actions) <= {action for statement in statements for action in statement["Action"]}
        for statement in statements:
            statement["Action"] = [action for action in statement["Action"] if action not in actions]
        policy["PolicyDocument"]["Statement"] = [statement for statement in statements if statement["Action"]]

    return take


def test_the_roles_suffice_for_the_whole_way_and_every_call() -> None:
    with way_with_roles() as way:
        program = way.program()
        collaborator = way.collaborator(program)
        sale = way.sale(way.visit(collaborator))
        transaction = way.post_sale(sale)
        assert way.owed(transaction) == {program: Earned("approved", "pending", 500)}

        everything_can_be_read(way, transaction, program, collaborator)
        assert way.ok("GET", f"/transactions/{transaction}/attribution")
        visits_are_settled(way, sale["trackingId"], way.visit(collaborator))
        everything_can_be_changed(way, program, collaborator)
        repeats_are_answered_as_the_first_time(way)
        reviewed_and_refunded(way, transaction, sale)
        the_bus_is_heard(way, collaborator)
        assert way.lead()
        a_customer_is_counted_and_erased(way)
        long_lists_are_counted(way)
        batches_are_taken(way)


def everything_can_be_read(way: Way, transaction: int, program: int, collaborator: int) -> None:
    (conversion,), (obligation,) = way.listed("conversions"), way.listed("obligations")
    records = {"transactions": transaction, "conversions": conversion["id"], "obligations": obligation["id"]}
    (opportunity,) = way.listed("opportunities")
    records |= {"opportunities": opportunity["id"], "engagements": conversion["engagementId"]}
    for resource, record in (records | {"programs": program, "collaborators": collaborator}).items():
        assert way.ok("GET", f"/{resource}/{record}?include=extended")["id"] == record
        assert [it["id"] for it in way.listed(resource, include="extended")] == [record]
    for resource in ("transactions/sources", "event-sources", "event-types", "program-groups", "api-keys"):
        way.listed(resource)
    assert way.call("GET", "/nothing").status_code == 404


def visits_are_settled(way: Way, consumed: int, unwanted: int) -> None:
    def states(opportunity: int) -> list[str]:
        return [it["status"] for it in way.listed("engagements", opportunityId=opportunity)]

    eventually(lambda: states(consumed) == ["complete"])
    assert way.ok("POST", f"/opportunities/{unwanted}/invalidate")["status"] == "invalid"
    eventually(lambda: states(unwanted) == ["invalid"])


def everything_can_be_changed(way: Way, program: int, collaborator: int) -> None:
    triggers = {"siteVisited": {"value": "100"}, "couponUsed": {"value": "50"}}
    way.ok("PUT", f"/programs/{program}", {"description": "changed", "engagementTypes": triggers})
    group = way.ok("POST", "/program-groups", {"name": "One pays", "programs": [program]})["id"]
    assert way.ok("GET", f"/program-groups/{group}")["programs"] == [program]
    assert way.ok("PUT", f"/program-groups/{group}", {"programs": []})["programs"] == []
    aliases = [{"code": "DANA"}, {"type": "coupon", "code": "DANA10"}]
    for email in ("a@example.com", "b@example.com", None):
        way.ok("PUT", f"/collaborators/{collaborator}", {"email": email, "aliases": aliases})
    for method in ("GET", "POST"):
        assert way.ok(method, "/collaborators/generate-referral-code")["code"]
    assert way.ok("POST", "/event/coupon-applied", {"code": "dana10"}, key="events").headers["X-Siren-OID"]
    visit = {"collaboratorId": "tracking:DANA", "userId": "7"}
    way.ok("POST", "/event/site-visited", visit, key="events")
    key = way.ok("POST", "/api-keys", {"label": "short-lived"})
    assert way.ok("DELETE", f"/api-keys/{key['id']}")["status"] == "revoked"


def repeats_are_answered_as_the_first_time(way: Way) -> None:
    body, headers = {"name": "Once", "programs": []}, {"Idempotency-Key": "once"}
    assert way.call("POST", "/program-groups", {}, headers=headers).status_code == 400  # which frees the key
    first, again = (way.call("POST", "/program-groups", body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert way.call("POST", "/program-groups", {"name": "Other"}, headers=headers).status_code == 409


def reviewed_and_refunded(way: Way, transaction: int, sale: dict[str, Any]) -> None:
    (conversion,) = way.listed("conversions")
    assert way.review("markPending", conversion["id"]) == 1
    way.becomes(transaction, "pending", "draft")
    assert way.post_refund(sale).status_code == 200
    way.becomes(transaction, "rejected", "rejected")


def the_bus_is_heard(way: Way, collaborator: int) -> None:
    way.bind("roles.shop")
    sale = way.sale(way.visit(collaborator))
    way.put_event("SaleTriggered", sale | {"organization": way.organization}, "roles.shop")
    (foreign,) = eventually(lambda: way.listed("transactions", sourceId=sale["externalId"]))
    way.owed(foreign["id"])
    before = len(way.listed("opportunities"))
    message = {"organization": way.organization, "profile": "crm-1", "campaign": collaborator}
    way.put_event("MessageSent", message, "roles.shop")
    eventually(lambda: len(way.listed("opportunities")) > before)


def a_customer_is_counted_and_erased(way: Way) -> None:
    now = times.now()
    with ledger_of(way.stack):
        ada = customers.upsert(way.organization, customers.Identity("ada@example.com", "crm-1"), {}, now)
        sale = Sale("roles.shop", "of Ada", None, 4999, "USD", now, customer_id=ada)
        order = ledger.record(way.organization, sale).transaction.id

    counted = eventually(lambda: way.ok("GET", f"/customers/{ada}")["totals"])
    assert [(it["ordersCount"], it["totalSpent"]) for it in counted] == [(1, 4999)]
    assert [it["id"] for it in way.listed("transactions", customerId=ada)] == [order]
    for filters in ({}, {"email": "ADA@example.com"}, {"externalId": "crm-1"}):
        assert [it["id"] for it in way.listed("customers", **filters)] == [ada]
    way.put_message("SetQuintiles", {"detail-type": "Scheduled Event", "detail": {}})
    with ledger_of(way.stack):
        eventually(lambda: table.get(*rfm.key(way.organization)))
    assert way.ok("DELETE", f"/customers/{ada}")["email"] is None
    assert way.listed("customers", email="ada@example.com") == []


def batches_are_taken(way: Way) -> None:
    assert post(way, "/v1/stores", json.dumps({"external_id": "paris"})).status_code == 201
    for path in MEMBERS:
        rows = [row(path, 1), row(path, 2), row(path, 1)]
        told = post(way, f"{path}/batch", json.dumps(rows)).json()
        assert (told["created"], told["repeated"], told["failed"]) == (2, 1, 0), path


def long_lists_are_counted(way: Way) -> None:
    resources = ("transactions", "conversions", "obligations", "opportunities", "engagements")
    for resource in (*resources, "programs", "collaborators", "api-keys"):
        answer = way.call("GET", f"/{resource}", params={"number": 1})
        assert int(answer.headers["x-siren-estimated-count"]) >= 2, resource


def test_without_its_put_a_sale_is_answered_500_and_nothing_is_recorded() -> None:
    with way_with_roles(without("ReportSaleRole", "dynamodb:PutItem")) as way:
        answer = way.call("POST", "/event/sale", way.sale(way.visit(way.house())), "events")

        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
        assert way.listed("transactions") == []


def test_without_one_permission_of_attribution_nothing_is_owed() -> None:
    with way_with_roles(without("AttributeSaleRole", "dynamodb:UpdateItem")) as way:
        transaction = way.post_sale(way.sale(way.visit(way.house())))

        eventually(lambda: _attempts(way))
        assert list(way.story(transaction)) == ["transaction"]
        assert way.listed("obligations") == []


def test_without_its_permission_to_speak_the_relay_is_not_heard() -> None:
    with way_with_roles(without("PublishEventsRole", "events:PutEvents")) as way:
        transaction = way.post_sale(way.sale(way.visit(way.house())))

        log = way.stack.emulator.home / "emulator.log"
        eventually(lambda: "events not taken" in log.read_text(errors="replace"))
        assert list(way.story(transaction)) == ["transaction"]


def _attempts(way: Way) -> bool:
    """The consumer got the sale, and failed."""
    return "event failed" in (way.stack.emulator.home / "emulator.log").read_text(errors="replace")
