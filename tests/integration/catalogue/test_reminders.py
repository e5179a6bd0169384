"""Reminders to buy again: scheduling, cancellation and announcement on the due day."""

import json
from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.reminder_shop import bought, buy, days_ago, due, push_update, reminders, stock
from tests.stack.scenarios.shop import ADA, BASE, order, push, subscriber
from tributary.domain import times
from tributary.ledger.catalogue import products


def test_a_reminder_is_scheduled_once_and_announced_on_its_day(house: House) -> None:
    stock(house)
    buy(house, ago=1)
    (reminder,) = house.ledger("reminder")
    ((name, moment),) = house.scheduled().items()

    assert reminder["dueAt"] == times.later(reminder["orderedAt"], days=30)
    assert reminder["dueAt"][:19] <= moment <= times.later(reminder["dueAt"], seconds=1)[:19]
    assert len(name) <= 64
    assert due(house, times.later(reminder["dueAt"], seconds=-1)) == []
    assert due(house) == [
        {
            "provider": "api",
            "customerId": int(subscriber(house)["id"]),
            "source": "sequenzy",
            "productId": "sku-1",
            "variantId": None,
            "orderId": "o-1",
            "orderedAt": reminder["orderedAt"],
            "dueAt": reminder["dueAt"],
        }
    ]
    assert house.scheduled() == {}
    assert due(house) == []


def test_a_schedule_has_no_personal_data_and_uses_the_role_of_schedules(house: House) -> None:
    stock(house)
    buy(house)
    (name,) = house.scheduled()
    schedule = house.schedule_client().get_schedule(Name=name, GroupName="Reminders")
    message = json.loads(schedule["Target"]["Input"])

    assert schedule["ActionAfterCompletion"] == "DELETE"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["Target"]["RoleArn"].endswith(":ReminderRole")
    assert schedule["Target"]["Arn"].endswith(":ReleaseReminderQueue")
    assert schedule["Target"]["DeadLetterConfig"]["Arn"].endswith(":ReleaseReminderDeadLetters")
    assert message["detail"]["metadata"]["organization"] == "demo"
    assert message["detail"]["metadata"]["correlationId"] == "request-1"
    assert message["detail"]["data"].keys() == {"customerId", "reminder", "order"}
    assert not [text for text in (*ADA.values(), "sku-1", "o-1") if text in schedule["Target"]["Input"]]


def test_a_product_without_a_reminder_interval_leaves_nothing(house: House) -> None:
    stock(house, "sku-2")
    buy(house)

    assert (reminders(house), house.scheduled()) == ([], {})


def test_reminders_use_the_catalogue_of_the_orders_source(house: House) -> None:
    key = house.new_key("event:*", source="shopify")
    stock(house, source="shopify", days=5)
    buy(house)
    assert reminders(house) == []

    push(house, "o-2", key=key, orderedAt=days_ago(1), items=bought())
    house.deliver()
    assert reminders(house) == [("o-2", "pending")]


@pytest.mark.parametrize(("ago", "status"), [(29.9, "pending"), (30, "silent"), (300, "silent")])
def test_past_due_dates_create_no_reminder(house: House, ago: float, status: str) -> None:
    stock(house)
    buy(house, ago=ago)

    assert reminders(house) == [("o-1", status)]
    assert len(house.scheduled()) == (status == "pending")
    assert [it["orderId"] for it in due(house)] == ["o-1"] * (status == "pending")


@pytest.mark.parametrize("first", ["o-1", "o-2"])
def test_only_the_newest_order_of_a_product_has_a_reminder_in_any_order_of_events(house: House, first: str) -> None:
    stock(house)
    for name in sorted(["o-1", "o-2"], reverse=first == "o-2"):
        buy(house, name, ago={"o-1": 2, "o-2": 1}[name])

    assert len(house.scheduled()) == 1
    assert [it["orderId"] for it in due(house)] == ["o-2"]


def test_one_of_two_simultaneous_orders_has_a_reminder(house: House) -> None:
    stock(house)
    at = days_ago(1)
    for name in ("o-1", "o-2", "o-1"):
        push(house, name, orderedAt=at, items=bought())
        house.deliver(lambda messages: messages * 2)

    assert len(due(house)) == 1


def test_reminders_are_separate_per_product_customer_and_variant(house: House) -> None:
    stock(house, "sku-1")
    stock(house, "sku-2", match="variant")
    buy(house, "o-1", ago=3)
    buy(house, "o-2", ago=2, items=bought("sku-2", "v-1"))
    buy(house, "o-3", ago=1, items=bought("sku-2", "v-2"))
    buy(house, "o-4", ago=1, customer={"email": "grace@example.com"})

    shown = sorted((it["orderId"], it["productId"], it["variantId"]) for it in due(house))
    assert shown == [
        ("o-1", "sku-1", None),
        ("o-2", "sku-2", "v-1"),
        ("o-3", "sku-2", "v-2"),
        ("o-4", "sku-1", None),
    ]


def test_any_variant_supersedes_the_reminder_of_a_product_as_a_whole(house: House) -> None:
    stock(house)
    buy(house, "o-1", ago=2, items=bought("sku-1", "v-1"))
    buy(house, "o-2", ago=1, items=bought("sku-1", "v-2"))

    assert [it["orderId"] for it in due(house)] == ["o-2"]


@pytest.mark.parametrize("first", ["o-1", "o-2"])
def test_a_variant_supersedes_an_older_order_without_one_in_any_order_of_events(house: House, first: str) -> None:
    stock(house, match="variant")
    orders = {"o-1": (2, bought("sku-1")), "o-2": (1, bought("sku-1", "v-1"))}
    for name in sorted(orders, reverse=first == "o-2"):
        buy(house, name, *orders[name])

    assert house.changes_of_repeats() == 0
    assert len(house.scheduled()) == 1
    assert [it["orderId"] for it in due(house)] == ["o-2"]


def test_a_product_twice_in_an_order_has_one_reminder(house: House) -> None:
    stock(house)
    buy(house, items=[*bought("sku-1", "v-1"), *bought("sku-1", "v-2"), *bought("sku-1")])

    assert len(due(house)) == 1


def test_a_product_that_lost_its_interval_still_ends_the_earlier_reminder(house: House) -> None:
    stock(house)
    buy(house, "o-1", ago=2)
    stock(house, days=None)
    buy(house, "o-2", ago=1)

    assert reminders(house) == [("o-2", "silent")]
    assert house.scheduled() == {}
    assert due(house) == []


def test_intervals_by_variant_end_the_reminder_of_the_whole_product(house: House) -> None:
    stock(house)
    buy(house, "o-1", ago=2, items=bought("sku-1", "v-1"))
    stock(house, match="variant")
    buy(house, "o-2", ago=1, items=bought("sku-1", "v-1"))

    assert [(it["orderId"], it["variantId"]) for it in due(house)] == [("o-2", "v-1")]


TAKEN_BACK: list[list[dict[str, Any]]] = [
    [{"status": "cancelled"}],
    [{"status": "refunded"}],
    [{"status": "refunded", "refundAmountCents": 4999}],
    [{"status": "refunded", "refundAmountCents": 4999 - n, "refundId": f"r-{n}"} for n in (2000, 2999)],
]


@pytest.mark.parametrize("notices", TAKEN_BACK, ids=["cancelled", "refunded", "of the total", "in parts"])
@pytest.mark.parametrize("placed_first", [True, False])
def test_a_reversed_order_has_no_reminder(house: House, notices: list[dict[str, Any]], placed_first: bool) -> None:
    stock(house)
    for notice in [{"status": "placed"}, *notices] if placed_first else [*notices, {"status": "placed"}]:
        push(house, items=bought(), orderedAt=days_ago(1), **notice)
        house.deliver(lambda messages: messages * 2)

    assert reminders(house) == [("o-1", "silent")]
    assert house.scheduled() == {}
    assert due(house) == []


def test_a_partly_refunded_order_keeps_its_reminder(house: House) -> None:
    stock(house)
    buy(house)
    push_update(house, status="refunded", refundAmountCents=4998)
    push_update(house, status="fulfilled")

    assert [it["orderId"] for it in due(house)] == ["o-1"]


def test_reversing_an_order_does_not_restore_an_older_reminder(house: House) -> None:
    stock(house)
    buy(house, "o-1", ago=2)
    buy(house, "o-2", ago=1)
    push_update(house, "o-2", status="cancelled")

    assert due(house) == []


def test_reversing_an_older_order_leaves_the_newer_ones_reminder(house: House) -> None:
    stock(house)
    buy(house, "o-1", ago=2)
    buy(house, "o-2", ago=1)
    push_update(house, "o-1", status="cancelled")

    assert [it["orderId"] for it in due(house)] == ["o-2"]


def test_after_a_due_reminder_the_next_order_has_a_new_one(house: House) -> None:
    stock(house)
    buy(house, "o-1", ago=2)
    assert [it["orderId"] for it in due(house)] == ["o-1"]
    buy(house, "o-2", ago=1)

    assert [it["orderId"] for it in due(house)] == ["o-2"]
    ids = [it["detail"]["metadata"]["id"] for it in house.on_the_bus if it["detail-type"].endswith("replenishment_due")]
    assert len(set(ids)) == 2


def test_an_import_without_automations_schedules_nothing_but_supersedes(house: House) -> None:
    stock(house)
    buy(house, "o-1", ago=3)
    history = [order("o-2", orderedAt=days_ago(2), items=bought())]
    assert house.post("/orders/batch", history, base=BASE, automations="false").status < 300
    house.deliver()

    assert reminders(house) == [("o-2", "silent")]
    assert due(house) == []


def test_an_erased_customer_has_no_reminders(house: House) -> None:
    stock(house)
    buy(house)
    assert house.delete(f"/customers/{subscriber(house)['id']}").status == 200

    assert due(house) == []
    assert reminders(house) == [("o-1", "pending")]
    assert house.dead_letters("release_reminder") == []


def test_reminders_do_not_hold_the_customers_name(house: House) -> None:
    stock(house)
    buy(house)
    due(house)

    assert not [text for text in ADA.values() if text in json.dumps(house.ledger("reminder"))]


def test_a_customer_who_bought_a_product_no_longer_waits_for_it(house: House) -> None:
    stock(house)
    stock(house, "sku-2")
    for product in ("sku-1", "sku-2"):
        wish = {"productId": product, "customer": ADA}
        assert house.post("/back-in-stock", wish, base=BASE).status == 202
    push(house, orderedAt=..., items=bought())
    house.deliver(lambda messages: messages * 2)

    (left,) = house.ledger("waiting")
    assert left["pk"] == products.key("demo", "sequenzy", "sku-2")[0]
    assert len(house.ledger("waits")) == 1
