"""Growi's tracking events: visits of the named affiliate."""

from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.affiliate_shop import BASE
from tributary.domain import times

EVENT = {"event_name": "page_viewed", "campaign_affiliate_id": "demo"}


def track(house: House, key: str = "events", headers: Any = None, **members: Any) -> Any:
    body = {name: value for name, value in {**EVENT, **members}.items() if value is not ...}
    return house.post("/tracking_events", body, key=key, base=BASE, headers=headers)


def tracked(house: House, **members: Any) -> Any:
    answer = track(house, **members)
    assert answer.status == 201, answer.text
    return answer.json


def refused(house: House, **members: Any) -> tuple[int, str]:
    answer = track(house, **members)
    return answer.status, answer.json["error"]


def test_an_event_is_a_visit_that_earns_the_sale(house: House):
    shown = tracked(house, visitor_uid="v-1")

    assert shown == {"success": True, "status": "attributed", "opportunity_id": shown["opportunity_id"], "reason": None}
    house.sale(tracking_id=shown["opportunity_id"])
    house.deliver()
    assert house.conversions() == [("approved", 500)]
    assert len(house.ledger("transaction")) == 1


def test_a_visitor_continues_the_same_opportunity(house: House):
    first = tracked(house, visitor_uid="v-1")["opportunity_id"]

    assert tracked(house, visitor_uid="v-1", event_name="checkout_started")["opportunity_id"] == first
    assert tracked(house, visitor_uid=" v-1", external_user_id="u-1")["opportunity_id"] != first
    assert house.visit(userId="v-1").headers["X-Siren-OID"] == str(first)
    assert tracked(house, external_user_id="u-2")["opportunity_id"] not in (None, first)


def test_an_event_of_the_past_counts_once(house: House):
    first = tracked(house, visitor_uid="v-1", occurred_at="2026-01-02T03:04:05Z")
    before = house.changes()

    assert tracked(house, visitor_uid="v-1", occurred_at="2026-01-02T03:04:05Z") == first
    assert house.changes() == before
    assert tracked(house, visitor_uid="v-1", occurred_at=1_767_323_046) == first
    assert house.changes() > before


@pytest.mark.parametrize("status", ["active", "inactive"])
def test_the_answer_says_what_became_of_the_visit(house: House, status: str):
    program = house.new_program(status="inactive")
    alias = {"type": "tracking", "code": "EVE"}
    house.new_collaborator(program, status=status, aliases=[alias])

    shown = tracked(house, campaign_affiliate_id="EVE")

    reasons = {
        "active": ("recorded", "no_program_rewards_it"),
        "inactive": ("not_attributed", "collaborator_not_active"),
    }
    assert (shown["status"], shown["reason"]) == reasons[status]


def test_every_documented_event_is_a_visit(house: House):
    names = """cart_viewed checkout_address_info_submitted checkout_completed checkout_contact_info_submitted
    checkout_shipping_info_submitted checkout_started collection_viewed page_viewed payment_info_submitted
    product_added_to_cart product_removed_from_cart product_viewed search_submitted payment_completed app_installed
    app_uninstalled""".split()

    assert {tracked(house, event_name=name)["status"] for name in names} == {"attributed"}


def test_other_members_of_an_event_are_taken(house: House):
    members = {"event_data": {"path": "/"}, "subtotal": 4000, "currency": "usd", "conversion_platform": "shopify"}

    assert tracked(house, order_id="1", quantity=1, product_id="p", event_name="cart_viewed", **members)["success"]
    assert tracked(house, subtotal=None, event_name="payment_completed", order_id=None)["success"]


@pytest.mark.parametrize("name", ["checkout_completed", "payment_completed"])
def test_an_event_never_stands_for_a_sale(house: House, name: str):
    said = "subtotal: is not read: report the sale to /api/public/v1/affiliate_sales"

    assert refused(house, event_name=name, subtotal=4000, order_id="1", campaign_affiliate_id="UNKNOWN") == (422, said)
    assert not house.ledger("transaction")


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"event_name": ..., "campaign_affiliate_id": ""}, "event_name: is required; campaign_affiliate_id: is requ"),
        ({"event_name": "order_placed"}, "event_name: must be one of 'cart_viewed', "),
        ({"campaign_affiliate_id": 5}, "campaign_affiliate_id: must be text"),
        ({"occurred_at": "2999-01-01"}, "occurred_at: must not be in the future"),
        (
            {"occurred_at": "yesterday", "visitor_uid": []},
            "visitor_uid: must be text; occurred_at: must be an ISO",
        ),
    ],
)
def test_invalid_members_are_reported(house: House, members: Any, said: str):
    status, text = refused(house, **members)

    assert (status, text[: len(said)]) == (422, said)


def test_an_unknown_affiliate_is_a_404_as_documented(house: House):
    assert refused(house, campaign_affiliate_id="UNKNOWN") == (404, "campaign_affiliate_id: not found")


def test_the_key_needs_the_scope_of_visits_and_this_source(house: House):
    assert track(house, key="reader").status == 403
    assert track(house, key=house.new_key("event:site-visited")).status == 201
    assert track(house, key=house.new_key("event:sale")).status == 403
    assert track(house, key=house.new_key("event:*", source="growi")).status == 201
    assert track(house, key=house.new_key("event:*", source="shopify")).status == 403


def test_requests_are_few(house: House):
    tracked(house, visitor_uid="warm")
    with house.requests_made() as asked:
        tracked(house, visitor_uid="v-1")

    # Programs, tag and the visitor's link; the affiliate; the opportunity.
    assert asked.counts == {"BatchGetItem": 2, "TransactWriteItems": 1}


def test_a_clock_ahead_of_ours_does_not_date_a_visit_in_the_future(house: House):
    tracked(house, visitor_uid="v-1", occurred_at=times.later(times.now(), seconds=60))

    (engagement,) = [it for it in house.ledger("opportunity") if it["listed"].get("userId") == "v-1"]
    assert engagement["engagements"][0]["created_at"] <= times.now()
