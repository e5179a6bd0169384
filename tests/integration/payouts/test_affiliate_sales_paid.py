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
    def change() -> Any:
        return house.call("PATCH", f"{PATH}/{sale['id']}", {"status": status}, key="admin", base=BASE)

    refused = change()
    assert refused.status == 422
    assert refused.json["error"] == "status: a payout holds what the sale earned; it is paid once that payout is"

    rows = [{"payoutId": payouts(house)[0]["id"], "status": "failed"}]
    house.post("/payouts/results", {"rows": rows})
    house.deliver()
    assert change().json["data"]["status"] == status
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
