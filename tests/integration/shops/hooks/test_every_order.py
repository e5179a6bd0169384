"""The same deliveries in any order, each any number of times, end in the same ledger."""

import random

import pytest

from tests.stack.exchange import Item
from tests.stack.house import House, in_process
from tests.stack.ledger_comparison import without_circumstances
from tests.stack.scenarios.hooks.hook_shop import clicked, connect, each_twice, earned, ledger, pays, refunds, samples
from tributary.shops.vendors import VENDORS

#: Samples of another order under the id, or with the click, of one more: the first one heard has it.
APART = {"lemonsqueezy": {"order_created_jpy", "order_created_setup_fee"}, "gumroad": {"sale_json"}}
#: A click before the orders of most samples, in the currency of its vendor.
CURRENCY = {"shopify": "USD", "woocommerce": "USD", "stripe": "EUR", "paddle": "EUR", "lemonsqueezy": "EUR"}


def told(house: House, vendor: str, order: list[str], *, apart: bool) -> Item:
    """Everything that the ledger says of these deliveries; `apart` lets all consumers run after each of them."""
    pays(house, CURRENCY.get(vendor, "USD"))
    clicked(house, "2026-10-01T12:00:00.000Z")
    shop = connect(house, vendor)
    for sample in order:
        if apart:
            shop.tells(sample)
        else:
            assert shop.send(sample).status == 200
    house.deliver()
    sales = house.get("/transactions", number=100, include="extended").json
    return {
        "sales": {it["sourceId"]: without_circumstances({**it, "dateCreated": None}) for it in sales},
        "facts": ledger(house),
        "refunds": {number for number, (status, _) in refunds(house).items() if status == "applied"},
        "earned": earned(house),
    }


@pytest.mark.parametrize("vendor", VENDORS)
def test_random_orders_of_all_samples_of_a_vendor_each_twice(vendor: str) -> None:
    names = [it for it in samples(vendor) if it not in APART.get(vendor, ())]
    with in_process() as house:
        expected = told(house, vendor, names, apart=True)
    assert expected["facts"]

    for seed in range(5):
        chance = random.Random(f"{vendor} {seed}")
        order = each_twice(names)
        chance.shuffle(order)
        with in_process() as house:
            assert told(house, vendor, order, apart=bool(seed % 2)) == expected, order


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_reverse_order(vendor: str) -> None:
    names = [it for it in samples(vendor) if it not in APART.get(vendor, ())]
    with in_process() as house:
        expected = told(house, vendor, names, apart=False)

    with in_process() as house:
        assert told(house, vendor, names[::-1], apart=True) == expected
