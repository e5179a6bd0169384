"""The end of a process before each write of a delivery: sent again, or followed by the next one, all is right."""

import itertools
from typing import NamedTuple

import pytest

from tests.stack.house import House, in_process
from tests.stack.scenarios.hooks.hook_shop import Facts, HookShop, clicked, connect, earned, ledger, pays
from tests.stack.scenarios.hooks.interruptions import before_request, crash

GUEST, SOLD, FIRST = "orders_paid_guest_click", "order_updated_first_refund", "transaction_completed_first"
SECOND, DELETED = "order_updated_second_refund", "order_updated_refund_deleted"
SESSION, REFUND = "checkout_session_completed_paid", "refund_created_partial"
INVOICE, BROUGHT = "invoice_paid_first", "checkout_session_completed_subscription"


class Story(NamedTuple):
    """The vendor, what was told before, the delivery that ends, and the ledger's only order after all of it."""

    vendor: str
    before: list[str]
    sample: str
    facts: Facts


STORIES = [
    Story("shopify", [], GUEST, Facts("USD", 12900, 0)),
    Story("shopify", [GUEST], "orders_updated_line_added", Facts("USD", 14800, 0)),
    Story("shopify", [GUEST], "orders_cancelled_refund_inside", Facts("USD", 14800, 14800)),
    Story("woocommerce", [], SECOND, Facts("EUR", 12399, 4849)),
    Story("woocommerce", [SECOND], DELETED, Facts("EUR", 12399, 1849)),
    Story("stripe", [REFUND], SESSION, Facts("EUR", 13090, 3000)),
    Story("stripe", [SESSION], REFUND, Facts("EUR", 13090, 3000)),
    Story("stripe", [INVOICE], BROUGHT, Facts("GBP", 3600, 0)),
    Story("stripe", [BROUGHT], INVOICE, Facts("GBP", 3600, 0)),
    Story("paddle", ["adjustment_updated_approved"], FIRST, Facts("EUR", 9720, 1200)),
    Story("lemonsqueezy", [], "order_created_refunded_since", Facts("EUR", 5712, 1500)),
    Story("gumroad", ["sale_listed_in_euro", "dispute"], "dispute_won", Facts("USD", 1944, 0)),
]


def names(story: Story) -> str:
    return f"{story.vendor} {story.sample}"


def began(house: House, story: Story) -> HookShop:
    pays(house, story.facts.currency)
    clicked(house, "2026-10-01T12:00:00.000Z")
    shop = connect(house, story.vendor)
    shop.tells(*story.before)
    return shop


def ends(house: House, shop: HookShop, sample: str, number: int) -> bool:
    """Send a delivery to a process that ends before that write; false if it made fewer."""
    with before_request(house, number, crash, writes_only=True) as writes:
        answer = shop.send(sample)
    assert answer.status == (500 if len(writes) > number else 200)
    return answer.status == 500


@pytest.mark.parametrize("story", STORIES, ids=names)
def test_a_delivery_that_is_sent_again_after_each_of_its_writes(story: Story) -> None:
    with in_process() as house:
        shop = began(house, story)
        shop.tells(story.sample)
        whole = earned(house)

    for number in itertools.count():
        with in_process() as house:
            shop = began(house, story)
            ended = ends(house, shop, story.sample, number)

            shop.tells(story.sample)

            assert (list(ledger(house).values()), earned(house)) == ([story.facts], whole), number
        if not ended:
            break
    assert number >= 2, "at least the ledger and the log are written"


#: Each with the next delivery of the same order.
OVERTAKEN = [
    (Story("shopify", [], GUEST, Facts("USD", 14800, 0)), "orders_updated_line_added"),
    (
        Story("shopify", [GUEST], "orders_updated_line_added", Facts("USD", 14800, 14800)),
        "orders_cancelled_refund_inside",
    ),
    (Story("woocommerce", [], SOLD, Facts("EUR", 12399, 4849)), SECOND),
    (Story("woocommerce", [SOLD], SECOND, Facts("EUR", 12399, 1849)), DELETED),
    (Story("woocommerce", [SECOND], DELETED, Facts("EUR", 12399, 12399)), "order_updated_refunded_whole"),
    (
        Story("lemonsqueezy", ["order_created_paid"], "order_refunded_partial", Facts("EUR", 5712, 2200)),
        "order_refunded_second",
    ),
]


@pytest.mark.parametrize(("story", "following"), OVERTAKEN, ids=map(str, range(len(OVERTAKEN))))
def test_a_delivery_that_is_never_sent_again_is_made_good_by_the_next(story: Story, following: str) -> None:
    """WooCommerce sends nothing again."""
    for number in itertools.count():
        with in_process() as house:
            shop = began(house, story)
            ended = ends(house, shop, story.sample, number)

            shop.tells(following)

            assert list(ledger(house).values()) == [story.facts], number
        if not ended:
            break
    assert number >= 2


@pytest.mark.parametrize("deleted", [False, True])
def test_the_refunds_of_a_delivery_that_ended_are_mended_by_an_older_one(deleted: bool) -> None:
    """The refunds of the newest version are noted before its sale."""
    newest, older = (DELETED, SECOND) if deleted else (SECOND, SOLD)
    for number in itertools.count():
        with in_process() as house:
            shop = began(house, Story("woocommerce", [SOLD, older], newest, Facts("EUR", 0, 0)))
            ended = ends(house, shop, newest, number)

            shop.tells("order_updated_first_refund")

            # Before the first write nothing is known of the newest version.
            refunded = (1849 if deleted else 4849) if number or not ended else (4849 if deleted else 3000)
            assert ledger(house)["9320"].refunded == refunded, number
        if not ended:
            break
    assert number >= 2


def test_the_shop_is_told_to_send_again(house: House) -> None:
    shop = connect(house, "shopify")

    with before_request(house, 0, crash, writes_only=True):
        answer = shop.send("orders_paid_guest_click")

    assert (answer.status, answer.error["code"]) == (500, "internal_error")
    assert shop.log() == []
