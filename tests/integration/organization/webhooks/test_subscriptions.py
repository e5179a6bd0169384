"""Webhook subscriptions: made, shown without their secret, changed, paused, rotated and deleted."""

import pytest

from tests.stack.house import House
from tests.stack.scenarios.hooks.webhook_shop import URL, WebhookShop
from tributary.domain import webhooks
from tributary.ledger.webhooks import subscriptions


def test_a_new_webhook_shows_its_secret_once(house: House) -> None:
    made = house.post("/webhooks", {"targetUrl": URL, "events": ["sale.created", "*", "sale.created"]})

    assert made.status == 201
    assert made.json["signingSecret"].startswith("whsec_")
    assert made.json["events"] == ["sale.created", "*"]
    shown = {name: value for name, value in made.json.items() if name != "signingSecret"}
    assert (shown["status"], shown["pausedReason"], shown["propertyId"]) == ("active", None, None)
    assert house.get(f"/webhooks/{shown['id']}").json == shown
    assert house.get("/webhooks").json == [shown]


def test_the_secret_is_stored_only_sealed(shop: WebhookShop) -> None:
    secret = shop.subscribe()["signingSecret"]

    assert secret not in str(shop.house.ledger())
    assert shop.house.ledger("webhook")[0]["sealed"]


def test_all_failed_checks_are_reported_at_once(house: House) -> None:
    answer = house.post("/webhooks", {"targetUrl": "http://127.0.0.1/", "events": [], "description": "x" * 2001})

    assert answer.status == 422
    assert answer.failures == {"targetUrl": "FORMAT", "events": "LENGTH", "description": "LENGTH"}


@pytest.mark.parametrize("url", ["http://hooks.example/", "https://localhost/", "https://169.254.169.254/", "nothing"])
def test_an_address_that_is_not_public_is_refused_by_creation_and_change(shop: WebhookShop, url: str) -> None:
    number = shop.subscribe()["id"]

    created = shop.house.post("/webhooks", {"targetUrl": url, "events": ["*"]})
    changed = shop.change(number, targetUrl=url)

    assert (created.failures, changed.failures) == ({"targetUrl": "FORMAT"}, {"targetUrl": "FORMAT"})
    assert "127.0.0.1" not in created.text


def test_every_name_of_the_official_client_can_be_subscribed(house: House) -> None:
    from siren.types import WebhookEventType

    listed = house.get("/webhooks/events").json

    assert sorted(listed) == sorted(it.value for it in WebhookEventType)
    assert len(listed) == 35


def test_a_webhook_is_changed_paused_and_activated(shop: WebhookShop) -> None:
    number = shop.subscribe("sale.created")["id"]

    changed = shop.change(number, events=["payout.paid"], description="Payouts", targetUrl="https://other.example/")
    paused = shop.change(number, status="paused")
    active = shop.change(number, status="active")

    assert (changed.json["events"], changed.json["description"]) == (["payout.paid"], "Payouts")
    assert (paused.json["status"], paused.json["pausedReason"]) == ("paused", "by_hand")
    assert (active.json["status"], active.json["pausedReason"]) == ("active", None)


def test_a_change_that_races_another_is_a_conflict(shop: WebhookShop) -> None:
    number = shop.subscribe()["id"]

    with shop.house.meanwhile("UpdateItem", lambda: shop.change(number, description="first")):
        late = shop.change(number, description="second")

    assert late.status == 409
    assert shop.get(number)["description"] == "first"


def test_a_deleted_webhook_is_gone_and_makes_room(shop: WebhookShop) -> None:
    with shop.house._environment("manage_webhooks"):
        for number in range(subscriptions.MAX):
            subscriptions.create("demo", URL, ["*"], "", "whsec_x", new_id=number + 1)

    full = shop.house.post("/webhooks", {"targetUrl": URL, "events": ["*"]})
    deleted = shop.house.delete("/webhooks/1")

    assert (full.status, full.error["context"]) == (409, {"limit": subscriptions.MAX})
    assert (deleted.status, deleted.json["id"]) == (200, 1)
    assert [shop.house.call(it, "/webhooks/1", {}).status for it in ("GET", "PATCH", "DELETE")] == [404] * 3
    assert shop.subscribe()["id"]


@pytest.mark.parametrize("attempts", [0, 1])
def test_the_gate_of_a_deleted_webhook_expires(shop: WebhookShop, attempts: int) -> None:
    number = shop.subscribe("program.created")["id"]
    for _ in range(attempts):
        shop.tell()
        shop.attempt_all()

    shop.house.delete(f"/webhooks/{number}")

    assert all("expiresAt" in it for it in shop.stored())
    assert [it["sk"] for it in shop.stored() if it["sk"] == "gate"] == ["gate"]


def test_the_scopes_of_webhooks_open_what_they_name(shop: WebhookShop) -> None:
    number = shop.subscribe()["id"]
    reads, manages = (shop.house.new_key(f"webhook-subscriptions:{it}") for it in ("read", "manage"))

    assert [shop.house.get("/webhooks", key=key).status for key in (reads, manages)] == [200, 200]
    refused = shop.house.call("PATCH", f"/webhooks/{number}", {"description": "x"}, key=reads)
    assert (refused.status, refused.error["code"]) == (403, "missing_scope")
    assert shop.house.call("PATCH", f"/webhooks/{number}", {"description": "x"}, key=manages).status == 200


def test_a_key_of_one_source_is_refused(shop: WebhookShop) -> None:
    bound = shop.house.new_key("webhook-subscriptions:manage", source="shopify")

    answers = [shop.house.call(it, "/webhooks", {}, key=bound) for it in ("GET", "POST")]

    assert [(it.status, it.error["code"]) for it in answers] == [(403, "store_key_not_allowed")] * 2


def test_changes_by_hand_are_audited_without_their_secret(shop: WebhookShop) -> None:
    made = shop.subscribe()
    shop.house.deliver()
    shop.change(made["id"], description="changed")
    shop.house.delete(f"/webhooks/{made['id']}")
    shop.house.deliver()

    audit = shop.house.get("/audit", record="webhook").json

    assert [it["action"] for it in audit] == ["deleted", "changed", "created"]
    assert "whsec_" not in str(audit)


def test_a_subscription_may_list_any_name_and_all() -> None:
    assert webhooks.wants(["*"], "sale.created")
    assert webhooks.wants(["sale.created"], "sale.created")
    assert not webhooks.wants(["sale.renamed"], "sale.created")
