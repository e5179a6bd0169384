"""Organization-wide settings: refunds can lower the subscribers' amount spent; minimum and method of payouts."""

import pytest

from tests.stack.exchange import Item
from tests.stack.house import House
from tests.stack.scenarios.shop import push, subscriber

DEFAULTS = {"netRefunds": False, "minimumPayout": {}, "payoutMethod": "manual"}


def spent(house: House) -> tuple[int, ...]:
    (row,) = subscriber(house)["totals"]
    return row["ordersCount"], row["totalSpent"], row["ltv"], row["aov"], row["refundedTotal"], row["netSpent"]


def test_settings_are_as_stored_or_else_the_defaults(house: House) -> None:
    before = house.get("/settings").json
    changed = house.put("/settings", {"netRefunds": True})
    left = house.put("/settings", {})

    assert before == DEFAULTS
    assert (changed.status, changed.json) == (200, DEFAULTS | {"netRefunds": True})
    assert house.get("/settings").json == left.json == DEFAULTS | {"netRefunds": True}


def test_minimum_and_method_of_payouts_are_replaced_as_a_whole(house: House) -> None:
    house.put("/settings", {"minimumPayout": {"usd": 1500, "EUR": 0}, "payoutMethod": "none"})
    assert house.get("/settings").json == DEFAULTS | {"minimumPayout": {"USD": 1500, "EUR": 0}, "payoutMethod": None}

    house.put("/settings", {"minimumPayout": {"GBP": 1}, "payoutMethod": "manual"})

    assert house.get("/settings").json == DEFAULTS | {"minimumPayout": {"GBP": 1}}
    assert house.put("/settings", {"minimumPayout": {}}).json == DEFAULTS


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({"minimumPayout": {"USD": -1}}, {"minimumPayout.USD": "MIN"}),
        ({"minimumPayout": {"USD": 1.5}}, {"minimumPayout.USD": "TYPE"}),
        ({"minimumPayout": {"USD": 2**53}}, {"minimumPayout.USD": "MAX"}),
        ({"minimumPayout": {"XXQ": 1}}, {"minimumPayout.XXQ": "ENUM"}),
        ({"minimumPayout": 5}, {"minimumPayout": "TYPE"}),
        ({"payoutMethod": "cash"}, {"payoutMethod": "ENUM"}),
    ],
)
def test_minimum_and_method_of_payouts_are_validated(house: House, body: Item, failures: dict[str, str]) -> None:
    refused = house.put("/settings", body)

    assert (refused.status, refused.failures) == (422, failures)
    assert house.get("/settings").json == DEFAULTS


def test_refunds_lower_the_amount_spent_while_the_setting_is_on(house: House) -> None:
    push(house)
    push(house, "o-2", totalCents=1001, items=[])
    push(house, "o-2", "refunded", totalCents=1001, refundAmountCents=501, items=[])
    house.deliver()
    kept = house.ledger("customer")

    gross = spent(house)
    house.put("/settings", {"netRefunds": True})
    net = spent(house)
    house.put("/settings", {"netRefunds": False})

    assert gross == (2, 6000, 6000, 3000, 501, 5499)
    assert net == (2, 5499, 5499, 2750, 501, 5499)
    assert spent(house) == gross
    assert house.ledger("customer") == kept


def test_settings_are_separate_per_organization(house: House) -> None:
    stranger = house.new_key("admin", organization="other")
    house.put("/settings", {"netRefunds": True}, key=stranger)

    assert house.get("/settings").json == DEFAULTS


def test_settings_are_validated_and_need_an_unbound_key(house: House) -> None:
    assert house.put("/settings", {"netRefunds": "yes"}).failures == {"netRefunds": "TYPE"}
    assert house.put("/settings", {"netRefunds": True}, key="events").status == 403
    assert house.get("/settings", key=house.new_key("admin", source="shop")).status == 403


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_settings_cost_one_request(house: House, method: str) -> None:
    house.get("/settings")
    with house.requests_made() as made:
        house.call(method, "/settings", {"netRefunds": True} if method == "PUT" else None)

    assert made.counts == {"GetItem" if method == "GET" else "UpdateItem": 1}
