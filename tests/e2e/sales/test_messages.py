"""A campaign's message over the bus, and the profile's later purchases at a point of sale, on the real stack."""

from typing import Any

from tests.stack.journey import Journey, at_once, at_rest, eventually

PROFILE = "crm-1"
PURCHASE = {
    "type": "PURCHASE",
    "occurred_at": "2026-04-25T14:32:00+02:00",
    "store_id": "paris",
    "profile_id": PROFILE,
    "currency": "EUR",
    "total_amount_cents": 12500,
    "total_discount_cents": 0,
    "line_items": [{"quantity": 1, "total_price_cents": 12500}],
}


def post(journey: Journey, path: str, body: Any) -> Any:
    answer = journey.request("POST", f"/v1/{path}", body, "admin")
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def test_one_of_many_concurrent_purchases_after_a_duplicate_message_is_credited(journey: Journey) -> None:
    campaign = journey.house(units="EUR", engagementTypes={"messageSent": 100})
    source = f"{journey.organization}.sms"
    journey.bind(source)
    post(journey, "stores", {"external_id": "paris"})
    sent = {"organization": journey.organization, "profile": PROFILE, "campaign": campaign}
    sent |= {"sentAt": "2026-04-25T09:00:00Z", "messageId": "SM-1"}

    at_once(2, lambda _: journey.put_event("MessageSent", sent, source), range(2))
    ((engagement),) = eventually(lambda: journey.listed("engagements"))
    at_once(8, lambda number: post(journey, "sales-events", PURCHASE | {"external_id": f"T-{number}"}), range(8))
    at_rest(journey.stack)

    assert (engagement["collaboratorId"], engagement["score"]) == (campaign, 100)
    shown = [
        journey.ok("GET", f"/transactions/{it['id']}/attribution")["reason"] for it in journey.listed("transactions")
    ]
    assert sorted(shown) == ["awarded", *["visit_consumed"] * 7]
    assert [(it["collaboratorId"], it["value"]) for it in journey.listed("obligations")] == [(campaign, 1250)]
