"""Affiliate sales while payouts hold what they earned, and once those are marked as paid or come back."""

from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.affiliate_shop import BASE, PATH, listed, made, orders, post
from tests.stack.scenarios.paid import generate, payouts, require_agreement


@pytest.fixture
def sale(house: House) -> Any:
    """A sale whose commission of 10.00 is in an unpaid payout."""
    sale = made(house)
    house.deliver()
    assert generate(house).status == 201
    return sale


def mark(house: House, action: str) -> None:
    ids = [it["id"] for it in payouts(house)]
    assert house.post("/payouts/bulk", {"action": action, "ids": ids}).json["affected"] == len(ids)


def patch(house: House, sale: Any, **members: Any) -> Any:
    return house.call("PATCH", f"{PATH}/{sale['id']}", members, key="admin", base=BASE)


def come_back(house: House, *ids: int) -> None:
    house.post("/payouts/results", {"rows": [{"payoutId": number, "status": "failed"} for number in ids]})
    house.deliver()


def sums(house: House) -> tuple[float, float]:
    told = listed(house)["additional_data"]
    return told["paid_commission"], told["unpaid_commission"]


def test_a_sale_is_paid_once_its_payout_is(house: House, sale: Any):
    assert (post(house).json["data"]["status"], sums(house), orders(house, status="paid")) == ("unpaid", (0, 10), [])

    mark(house, "markPaid")
    assert (post(house).json["data"]["status"], sums(house)) == ("paid", (10, 0))
    assert orders(house, status="paid") == ["G-1004"]
    assert house.call("GET", f"{PATH}/{sale['id']}", key="reader", base=BASE).json["data"]["status"] == "paid"

    mark(house, "markUnpaid")
    assert (post(house).json["data"]["status"], sums(house)) == ("unpaid", (0, 10))


@pytest.mark.parametrize("status", ["paid", "paid_externally"])
def test_a_sale_is_not_paid_elsewhere_while_a_payout_holds_it(house: House, sale: Any, status: str):
    refused = patch(house, sale, status=status)
    assert refused.status == 422
    assert refused.json["error"] == "status: a payout holds what the sale earned; it is paid once that payout is"

    come_back(house, payouts(house)[0]["id"])
    assert patch(house, sale, status=status).json["data"]["status"] == status
    house.deliver()
    assert generate(house).status == 409
    require_agreement(house)


def test_payouts_cost_a_list_of_sales_one_request(house: House, sale: Any):
    listed(house)
    with house.requests_made() as held:
        listed(house)
    rows = [{"payoutId": payouts(house)[0]["id"], "status": "failed"}]
    house.post("/payouts/results", {"rows": rows})
    house.deliver()
    with house.requests_made() as free:
        listed(house)

    assert held.counts["BatchGetItem"] == free.counts["BatchGetItem"] + 1
    assert sum(held.counts.values()) == sum(free.counts.values()) + 1


@pytest.mark.parametrize("status", ["paid", "paid_externally"])
def test_a_batch_at_the_moment_of_a_payment_elsewhere_wins_or_loses_but_never_both(house: House, status: str):
    sale = made(house)
    house.deliver()
    with house.meanwhile("TransactWriteItems", lambda: generate(house)):
        refused = patch(house, sale, status=status)
    assert refused.status == 422
    assert house.owed() == [("complete", 1000)]

    come_back(house, payouts(house)[0]["id"])
    with house.meanwhile("TransactWriteItems", lambda: patch(house, sale, status=status), after=1):
        house.post("/fulfillments/generate", {})
    house.deliver()

    assert [it["status"] for it in payouts(house)] == ["failed"]
    assert post(house).json["data"]["status"] == status
    require_agreement(house)


def test_a_payment_elsewhere_keeps_payouts_away_before_its_events_are_delivered(house: House):
    sale = made(house)
    house.deliver()
    generated: list[int] = []

    def generate_then() -> None:
        generated.append(house.post("/fulfillments/generate", {}).status)

    with house.meanwhile("UpdateItem", generate_then):
        assert patch(house, sale, status="paid").status == 200
    house.deliver()

    assert (generated, payouts(house), house.owed()) == ([409], [], [("complete", 1000)])


def test_a_draft_approved_before_a_payment_elsewhere_has_settled_it_is_not_paid_again(house: House):
    house.put(f"/programs/{house.program_id}", {"incentiveCalculation": {"autoApprove": False}})
    sale = made(house)
    house.deliver()
    (conversion,) = house.get("/conversions").json
    generated: list[int] = []

    def approve_and_generate() -> None:
        assert house.post("/conversions/bulk", {"action": "approve", "ids": [conversion["id"]]}).json["affected"] == 1
        generated.append(house.post("/fulfillments/generate", {}).status)

    with house.meanwhile("UpdateItem", approve_and_generate):
        assert patch(house, sale, status="paid").status == 200
    house.deliver()

    assert (generated, payouts(house), house.owed()) == ([409], [], [("complete", 1000)])
    require_agreement(house)


def test_a_payment_elsewhere_that_dies_half_way_and_is_taken_back_leaves_the_sale_payable(house: House):
    sale = made(house)
    house.deliver()
    with house.meanwhile("UpdateItem", died):
        assert patch(house, sale, status="paid").status == 500

    assert patch(house, sale, status="unpaid").status == 200
    house.deliver()

    assert house.owed() == [("pending", 1000)]
    assert generate(house).status == 201
    require_agreement(house)


def died() -> None:
    raise ConnectionError


def test_a_repeated_paid_does_not_outlive_a_payout_that_comes_back(house: House, sale: Any):
    mark(house, "markPaid")
    assert patch(house, sale, status="paid").json["data"]["status"] == "paid"

    come_back(house, payouts(house)[0]["id"])

    assert (post(house).json["data"]["status"], house.owed()) == ("unpaid", [("pending", 1000)])
    assert generate(house).status == 201


def test_a_rise_is_paid_by_its_own_payout(house: House):
    sale = made(house, total=10000)
    house.deliver()
    refund = {"source": "growi", "externalId": "G-1004", "refundId": "R"}
    house.post("/event/refund", refund | {"amount": 40})
    house.deliver()
    generate(house)
    house.post("/event/refund-withdrawn", refund)
    house.deliver()
    mark(house, "markPaid")
    for _ in range(2):
        assert (post(house).json["data"]["status"], sums(house)) == ("unpaid", (6, 4))
        assert patch(house, sale, status="paid").status == 422
        generate(house)

    second = payouts(house)[1]["id"]
    assert house.post("/payouts/bulk", {"action": "markPaid", "ids": [second]}).json["affected"] == 1
    assert (post(house).json["data"]["status"], sums(house)) == ("paid", (10, 0))
