"""A repeat that says something else is disclosed in each dialect; the first report stays."""

from typing import Any

import pytest

from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.stack.scenarios import affiliate_shop
from tests.stack.scenarios.point_of_sale import event, line, push, store
from tests.stack.scenarios.shop import order

CHECKOUT = {"checkoutId": "c", "customer": {"email": "ada@example.com"}, "totalCents": 100, "currency": "USD"}


def differs(answer: Answer) -> list[str] | None:
    """The named differences of a repeat; None for a first report."""
    assert answer.status < 300, answer.text
    if "Idempotency-Hit" not in answer.headers:
        assert "Idempotency-Differs" not in answer.headers
        return None
    named = answer.headers.get("Idempotency-Differs")
    return named.split(",") if named else []


def pushed(house: House, **members: Any) -> Answer:
    return house.post("/orders", order(**members), base="/api/v1")


def sold(house: House, **members: Any) -> Answer:
    return push(house, event(**members))


def refunded(house: House, **members: Any) -> Answer:
    return house.refund(**{"refundId": "r", "amount": 10, **members})


def given_back(house: House, **members: Any) -> Answer:
    return pushed(house, **{"status": "refunded", "refundId": "r", "refundAmountCents": 10, **members})


def begun(house: House, **members: Any) -> Answer:
    return house.post("/checkouts", CHECKOUT | members, base="/api/v1")


@pytest.mark.parametrize(
    ("report", "other", "named"),
    [
        (pushed, {}, []),
        (pushed, {"orderedAt": ...}, []),
        (pushed, {"customer": {"email": "bob@example.com"}}, []),
        (pushed, {"totalCents": 5000, "currency": "EUR"}, ["totalCents", "currency"]),
        (pushed, {"items": [], "properties": {"a": 1}}, ["items", "properties"]),
        (pushed, {"orderedAt": "2026-01-01", "trackingId": 4218}, ["orderedAt", "trackingId"]),
        (sold, {}, []),
        (sold, {"total_amount_cents": 1, "currency": "USD"}, ["currency", "total_amount_cents"]),
        (sold, {"profile_id": "another", "source": "till"}, ["profile_id", "source"]),
        (sold, {"profile_id": ..., "metadata": {"a": 1}}, ["profile_id", "metadata"]),
        (sold, {"line_items": [line()], "type": "RETURN"}, ["type", "line_items"]),
        (sold, {"occurred_at": "2026-04-25T12:32:00Z"}, []),
        (affiliate_shop.post, {}, []),
        (affiliate_shop.post, {"campaign_affiliate_id": "demo"}, []),
        (affiliate_shop.post, {"total": 1, "sub_id": "s"}, ["total", "sub_id"]),
        (affiliate_shop.post, {"commission": 5, "sale_type": "subscription"}, ["sale_type", "commission"]),
        (affiliate_shop.post, {"campaign_affiliate_id": "ELSE"}, ["campaign_affiliate_id"]),
        (affiliate_shop.post, {"growi_user_id": 5, "growi_campaign_id": 6}, ["growi_user_id", "growi_campaign_id"]),
        (refunded, {}, []),
        (refunded, {"amount": "10.00"}, []),
        (refunded, {"amount": 12, "reason": "broken"}, ["amount", "reason"]),
        (refunded, {"items": [{"position": 0, "amount": 10}]}, ["items"]),
        (given_back, {}, []),
        (given_back, {"refundAmountCents": 5, "totalCents": 1}, ["totalCents", "refundAmountCents"]),
        (begun, {}, []),
        (begun, {"totalCents": 5, "checkoutUrl": "https://shop.example"}, ["totalCents", "checkoutUrl"]),
    ],
)
def test_a_repeat_names_what_it_says_differently(house: House, report: Any, other: dict[str, Any], named: list[str]):
    house.sale()
    store(house)
    assert differs(report(house)) is None
    before = house.ledger("transaction")

    again = report(house, **other)

    assert differs(again) == named
    assert house.ledger("transaction") == before


@pytest.mark.parametrize("nothing", [{"unit_price_cents": None}, {"product": None}, {"product": {"name": None}}])
def test_a_null_in_a_line_is_no_difference_to_a_line_without_it(house: House, nothing: dict[str, Any]) -> None:
    store(house)
    plain = {"product": {}} if nothing.get("product") else {}
    first = sold(house, line_items=[line() | plain])

    again = sold(house, line_items=[line() | nothing])

    assert differs(again) == []
    assert (
        sold(house, external_id="another", line_items=[line() | nothing]).json["line_items"] == first.json["line_items"]
    )


@pytest.mark.parametrize("report", [pushed, affiliate_shop.post, begun])
def test_an_answer_with_room_says_it_in_the_body_too(house: House, report: Any) -> None:
    first, again = report(house).json, report(house).json

    assert again == first | {"repeated": True, "differs": []}


def test_a_repeated_refund_of_the_whole_sale_is_marked(house: House) -> None:
    house.sale()

    assert [differs(house.refund()) for _ in range(2)] == [None, []]


def test_a_differing_row_of_a_batch_is_disclosed_in_its_headers(house: House) -> None:
    rows = [order("1"), order("1", totalCents=5)]

    results = house.post("/orders/batch", rows, base="/api/v1").json["results"]

    hit = {"Idempotency-Hit": "true", "Idempotency-Differs": "totalCents"}
    assert [it.get("headers") for it in results] == [None, hit]
