"""A campaign's message over the bus, and what the profile buys then at a point of sale, on the real stack."""

from typing import Any

from tests.e2e.journey import Way, at_once, at_rest, eventually

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


def post(way: Way, path: str, body: Any) -> Any:
    answer = way.http.post(f"{way.stack.root_url}/v1/{path}", json=body, headers={"x-api-key": way.keys["admin"]})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def test_of_many_purchases_at_once_after_a_message_that_came_twice_one_is_credited(way: Way) -> None:
    campaign = way.house(units="EUR", engagementTypes={"messageSent": 100})
    source = f"{way.organization}.sms"
    way.bind(source)
    post(way, "stores", {"external_id": "paris"})
    sent = {"organization": way.organization, "profile": PROFILE, "campaign": campaign}
    sent |= {"sentAt": "2026-04-25T09:00:00Z", "messageId": "SM-1"}

    at_once(2, lambda _: way.put_event("MessageSent", sent, source), range(2))
    ((engagement),) = eventually(lambda: way.listed("engagements"))
    at_once(8, lambda number: post(way, "sales-events", PURCHASE | {"external_id": f"T-{number}"}), range(8))
    at_rest(way.stack)

    assert (engagement["collaboratorId"], engagement["score"]) == (campaign, 100)
    told = [way.ok("GET", f"/transactions/{it['id']}/attribution")["reason"] for it in way.listed("transactions")]
    assert sorted(told) == ["awarded", *["visit_consumed"] * 7]
    assert [(it["collaboratorId"], it["value"]) for it in way.listed("obligations")] == [(campaign, 1250)]
