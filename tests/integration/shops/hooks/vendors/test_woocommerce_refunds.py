"""Refunds of WooCommerce: the newest version of an order says which it has, and one that is gone was deleted."""

import itertools
import json
from typing import Any

import pytest

from tests.stack.house import House, in_process
from tests.stack.scenarios.hooks.hook_shop import Facts, HookShop, connect, earned, ledger, partner, refunds
from tests.stack.scenarios.hooks.interruptions import before_request

ORDER = "9320"
SOLD, FIRST, SECOND, DELETED, WHOLE = (
    "order_updated_coupon_tax_shipping_fee",
    "order_updated_first_refund",
    "order_updated_second_refund",
    "order_updated_refund_deleted",
    "order_updated_refunded_whole",
)
#: The fee of the order, and ten off it.
CREDIT = {"id": 3915, "name": "Goodwill", "total": "-8.32"}


@pytest.fixture
def shop(house: House) -> HookShop:
    return connect(house, "woocommerce")


def version(shop: HookShop, second: int, *given: int, **members: Any) -> bytes:
    """The order at a second of one minute, with refunds of these amounts in cents."""
    listed = [{"id": 9500 + it, "reason": "", "total": f"-{it // 100}.{it % 100:02}"} for it in given]
    at = f"2026-10-09T10:00:{second:02}"
    return shop.changed(SOLD, refunds=listed, date_modified_gmt=at, **members)


def test_partial_refunds_and_the_rest_take_their_share_of_what_is_owed(shop: HookShop) -> None:
    anna = partner(shop.house, "coupon", "harvestten", "EUR")
    shop.tells(SOLD)

    shown = []
    for sample in (FIRST, SECOND, DELETED, WHOLE):
        assert shop.tells(sample) == ["recorded"]
        shown.append((ledger(shop.house)[ORDER].refunded, earned(shop.house).get(anna)))

    assert shown == [(3000, 759), (4849, 610), (1849, 852), (12399, None)]
    assert refunds(shop.house) == {
        "9401": ("withdrawn", 3000),
        "9402": ("applied", 1849),
        "9403": ("applied", 10550),
    }


@pytest.mark.parametrize("order", list(itertools.permutations((SOLD, FIRST, SECOND, DELETED))))
def test_a_deleted_refund_is_given_back_in_every_order_of_deliveries(order: tuple[str, ...]) -> None:
    with in_process() as house:
        shop = connect(house, "woocommerce")

        shop.tells(*order, *order)

        assert ledger(house) == {ORDER: Facts("EUR", 12399, 1849)}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_only_refund_is_deleted_and_no_older_version_brings_it_back(order: tuple[int, ...]) -> None:
    """The version without a refund may be the first that is heard."""
    with in_process() as house:
        shop = connect(house, "woocommerce")
        versions = (version(shop, 1), version(shop, 2, 1000), version(shop, 3))

        shop.tells(*(versions[place] for place in order))

        assert ledger(house) == {ORDER: Facts("EUR", 12399, 0)}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_of_versions_within_one_second_the_one_with_fewest_refunds_holds(order: tuple[int, ...]) -> None:
    """The deletion of a refund leaves the order's time as the refund had set it."""
    with in_process() as house:
        shop = connect(house, "woocommerce")
        versions = (version(shop, 1, 1000, 2000), version(shop, 1, 2000), version(shop, 1))

        shop.tells(*(versions[place] for place in order))
        once = ledger(house)
        shop.tells(*(versions[place] for place in order))

        assert once == ledger(house) == {ORDER: Facts("EUR", 12399, 0)}
        assert {status for status, _ in refunds(house).values()} <= {"withdrawn"}


def test_a_deleted_refund_whose_order_keeps_its_time_is_given_back(shop: HookShop) -> None:
    anna = partner(shop.house, "coupon", "harvestten", "EUR")
    at = {"date_modified_gmt": json.loads(shop.body(SECOND))["date_modified_gmt"]}

    assert shop.tells(SECOND, shop.changed(DELETED, **at)) == ["recorded", "recorded"]

    assert (ledger(shop.house)[ORDER].refunded, earned(shop.house)) == (1849, {anna: 852})


@pytest.mark.parametrize("turned", [False, True])
def test_an_edit_within_the_second_of_a_deletion_is_heard_too(turned: bool) -> None:
    with in_process() as house:
        shop = connect(house, "woocommerce")
        versions = [version(shop, 1, 1000), version(shop, 1, total="113.99", fee_lines=[CREDIT])]

        shop.tells(*(reversed(versions) if turned else versions))

        assert ledger(house)[ORDER] == Facts("EUR", 12399 if turned else 11399, 0)


@pytest.mark.parametrize("number", range(10))
def test_versions_that_are_heard_at_the_same_moment_end_with_the_newest(number: int) -> None:
    """The newer one, without the refund, arrives between two requests of the older one."""
    with in_process() as house:
        shop = connect(house, "woocommerce")
        shop.tells(version(shop, 1))
        older, newer = version(shop, 2, 1000), version(shop, 3)

        with before_request(house, number, lambda: shop.send(newer)):
            assert shop.send(older).status == 200
        house.deliver()

        assert ledger(house) == {ORDER: Facts("EUR", 12399, 0)}


def test_the_version_of_that_moment_makes_as_many_requests(shop: HookShop) -> None:
    shop.tells(version(shop, 1))

    with shop.house.requests_made() as made:
        shop.send(version(shop, 2, 1000))

    assert len(made.made) == 10


def test_a_refund_before_its_sale_is_known_waits_for_it(shop: HookShop) -> None:
    shop.tells(version(shop, 2, 1000), SOLD)

    assert ledger(shop.house) == {ORDER: Facts("EUR", 12399, 1000)}
