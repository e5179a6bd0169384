"""Webhooks over EventBridge: Stripe's event in the detail, and Shopify's payload beside its headers, unsigned."""

import json
from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.hooks.hook_shop import (
    Facts,
    HookShop,
    clicked,
    connect,
    earned,
    granted,
    ledger,
    pays,
    samples,
)
from tributary.ledger.connections import connections

STRIPE = "aws.partner/stripe.com/ed_test_61Harbour"
SHOPIFY = "aws.partner/shopify.com/70000000001/north-lamp"
SESSION, GUEST = "cs_live_a1Harbour0001", "6200000000401"


def bound(house: House, vendor: str, source: str | None = None) -> HookShop:
    name = source or (STRIPE if vendor == "stripe" else SHOPIFY)
    granted(house, name)
    return connect(house, vendor, settings={"eventSource": name})


def put(house: House, source: str, detail: Any, detail_type: str | None = None) -> None:
    """An event of the vendor's detail type: Stripe's is the topic."""
    house.event(detail_type or ("shopifyWebhook" if "payload" in detail else detail["type"]), detail, source)
    house.deliver()


def by_shopify(shop: HookShop, sample: str, topic: str = "orders/paid") -> Any:
    """The detail of an event as Shopify writes it."""
    metadata = {"Content-Type": "application/json", "X-Shopify-Topic": topic, "X-Shopify-Hmac-SHA256": "none"}
    return {"payload": json.loads(shop.body(sample)), "metadata": metadata}


def test_stripes_event_is_the_detail(house: House) -> None:
    pays(house, "EUR")
    dana, shop = clicked(house), bound(house, "stripe")

    for sample in ("checkout_session_completed_paid", "refund_created_partial"):
        put(house, STRIPE, json.loads(shop.body(sample)))

    assert ledger(house) == {SESSION: Facts("EUR", 13090, 3000)}
    assert earned(house) == {dana: 810}
    assert [(it["topic"], it["outcome"]) for it in reversed(shop.log())] == [
        ("checkout.session.completed", "recorded"),
        ("refund.created", "recorded"),
    ]


def test_shopifys_payload_stands_beside_its_headers(house: House) -> None:
    dana, shop = clicked(house), bound(house, "shopify")

    put(house, SHOPIFY, by_shopify(shop, "orders_paid_guest_click"))

    assert ledger(house) == {GUEST: Facts("USD", 12900, 0)}
    assert earned(house) == {dana: 1290}
    assert shop.log()[0]["topic"] == "orders/paid"


def test_amounts_of_events_are_exact_and_ids_beyond_a_double_stay(house: House) -> None:
    shop = bound(house, "shopify")
    detail = by_shopify(shop, "orders_paid_guest_click")
    detail["payload"] |= {
        "id": 820982911946154509,
        "total_price": "90071992547.41",
        "line_items": [],
        "subtotal_price": None,
    }

    put(house, SHOPIFY, detail)

    assert ledger(house) == {"820982911946154509": Facts("USD", 9007199254741, 0)}


@pytest.mark.parametrize("vendor", ["stripe", "shopify"])
def test_an_event_and_the_webhook_of_the_same_facts_count_once(house: House, vendor: str) -> None:
    shop, source = bound(house, vendor), STRIPE if vendor == "stripe" else SHOPIFY
    sample = {"stripe": "checkout_session_completed_paid", "shopify": "orders_paid_guest_click"}[vendor]
    detail = by_shopify(shop, sample) if vendor == "shopify" else json.loads(shop.body(sample))

    shop.tells(sample)
    put(house, source, detail)
    put(house, source, detail)

    assert [it["outcome"] for it in reversed(shop.log())] == ["recorded", "repeat", "repeat"]
    assert len(ledger(house)) == 1


def test_every_sample_by_event_is_what_it_is_by_webhook(house: House) -> None:
    by_event = bound(house, "stripe")
    by_webhook = connect(house, "stripe", source="again")

    for sample in samples("stripe"):
        put(house, STRIPE, json.loads(by_event.body(sample)))
        by_webhook.tells(sample)

    # The rule leaves out topics that another event tells as well.
    outcomes = [[it["outcome"] for it in shop.log(number=100)] for shop in (by_event, by_webhook)]
    assert outcomes[0] == [it for it in outcomes[1] if it != "ignored: told by another event"]
    assert len(outcomes[0]) == len(samples("stripe")) - 1
    assert house.dead_letters("receive_event") == []


@pytest.mark.parametrize("source", [STRIPE, SHOPIFY, STRIPE + "2", "aws.partner/stripe.com/"])
def test_an_event_of_an_unbound_source_is_a_dead_letter(house: House, source: str) -> None:
    bound(house, "stripe", STRIPE + "-other")

    put(house, source, {"type": "invoice.paid", "livemode": True})

    assert house.dead_letters("receive_event") == [("event_refused", "No connection names this partner event source.")]
    assert ledger(house) == {}


def test_events_after_the_connection_is_deleted_or_bound_elsewhere_are_dead_letters(house: House) -> None:
    first, second = bound(house, "stripe"), bound(house, "stripe", STRIPE + "-2")
    detail = json.loads(first.body("checkout_session_completed_paid"))
    assert first.change(settings={"eventSource": None}).status == 200
    assert house.delete(f"/connections/{second.id}").status == 200

    for source in (STRIPE, STRIPE + "-2"):
        put(house, source, detail)

    assert len(house.dead_letters("receive_event")) == 2
    assert ledger(house) == {}


def test_a_source_claimed_by_another_connection_is_a_conflict(house: House) -> None:
    bound(house, "stripe")
    free = connect(house, "stripe", source="another")
    body = {"vendor": "stripe", "source": "third", "settings": {"eventSource": STRIPE}}
    before = house.ledger()

    answers = [house.post("/connections", body), free.change(settings={"eventSource": STRIPE})]

    assert [(it.status, it.error["code"]) for it in answers] == [(409, "conflict")] * 2
    assert {it.error["message"] for it in answers} == {
        "The event source is not granted, or belongs to another connection."
    }
    assert house.ledger() == before


@pytest.mark.parametrize("owner", [None, "stranger"])
def test_a_source_without_the_operators_grant_is_refused_and_says_nothing_of_its_owner(
    house: House, owner: str | None
) -> None:
    if owner:
        granted(house, STRIPE, owner)
    free, before = connect(house, "stripe"), house.ledger("partner-source")
    body = {"vendor": "stripe", "source": "third", "settings": {"eventSource": STRIPE}}

    answers = [house.post("/connections", body), free.change(settings={"eventSource": STRIPE})]
    put(house, STRIPE, json.loads(free.body("checkout_session_completed_paid")))

    assert {(it.status, it.error["message"]) for it in answers} == {
        (409, "The event source is not granted, or belongs to another connection.")
    }
    assert house.ledger("partner-source") == before
    assert ledger(house) == {}


def test_a_source_that_is_given_back_may_be_claimed_by_another(house: House) -> None:
    first, second = bound(house, "stripe"), connect(house, "stripe", source="second")

    assert first.change(settings={"eventSource": None}).json["settings"]["eventSource"] is None
    assert second.change(settings={"eventSource": STRIPE}).json["settings"]["eventSource"] == STRIPE
    put(house, STRIPE, json.loads(first.body("checkout_session_completed_paid")))

    assert (first.log(), [it["outcome"] for it in second.log()]) == ([], ["recorded"])


def test_settings_of_another_kind_leave_the_source_bound(house: House) -> None:
    shop = bound(house, "stripe")

    assert shop.change(settings={"aliasNames": ["via"]}).json["settings"]["eventSource"] == STRIPE
    put(house, STRIPE, json.loads(shop.body("checkout_session_completed_paid")))

    assert ledger(house).keys() == {SESSION}


def test_a_paused_connection_records_no_event(house: House) -> None:
    shop = bound(house, "stripe")
    shop.change(status="paused")

    put(house, STRIPE, json.loads(shop.body("checkout_session_completed_paid")))

    assert ledger(house) == {}
    assert shop.log()[0]["outcome"] == "ignored: the connection is paused"


@pytest.mark.parametrize("detail", [{}, {"type": 7}, {"payload": {}, "metadata": {}}, {"payload": [], "metadata": "x"}])
def test_a_detail_of_no_form_is_refused_in_the_log_and_no_dead_letter(house: House, detail: Any) -> None:
    shop = bound(house, "stripe")

    put(house, STRIPE, detail, "invoice.paid")

    assert shop.log()[0]["outcome"].startswith("refused: ")
    assert house.dead_letters("receive_event") == []


def test_no_event_of_a_partner_needs_a_secret(house: House) -> None:
    """The account behind the source is the authority, so `receive_event` opens none."""
    granted(house, STRIPE)
    made = house.post("/connections", {"vendor": "stripe", "source": "s", "settings": {"eventSource": STRIPE}}).json
    connections.forget()
    detail = json.loads(HookShop(house, "stripe", made["id"], "", None).body("checkout_session_completed_paid"))

    put(house, STRIPE, detail)

    assert not made["hasSecret"]
    assert ledger(house).keys() == {SESSION}


def test_partner_sources_cannot_speak_as_events_of_our_own_names(house: House) -> None:
    bound(house, "stripe")
    house.post("/event-sources", {"source": STRIPE, "account": "123456789012"})
    sale = {"organization": "demo", "source": "s", "externalId": "1", "trackingId": 1, "total": 5}

    put(house, STRIPE, sale, "SaleTriggered")

    assert ledger(house) == {}
