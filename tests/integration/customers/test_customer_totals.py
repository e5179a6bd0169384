"""Every order counts once in its customer's totals, at its present value."""

from collections.abc import Iterator

import pytest

from local.seed import ORGANIZATION
from tests.stack.house import House
from tests.stack.scenarios.buyers import (
    CRM,
    MAIL,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    partly_refunded,
    read,
    sold,
    totals,
    upsert,
)
from tributary.domain.transaction import Claim, Sale
from tributary.ledger.customers import customer_items, customers
from tributary.ledger.customers.customers import Identity
from tributary.ledger.orders import customer_totals
from tributary.ledger.sales import amendments, closing, transactions
from tributary.ledger.store.values import size


@pytest.fixture(autouse=True)
def _at_the_ledger(house: House) -> Iterator[None]:
    with house._environment("report_sale"):
        yield


def test_an_order_counts_once_in_any_order_and_repetition_of_its_events(house: House) -> None:
    ada = upsert(MAIL)
    order = sold(ada)
    partly_refunded("r1", 300)

    house.deliver(lambda messages: list(reversed(messages)) * 2)

    assert totals(ada) == [("USD", 1, 1000, 300)]
    assert not customer_totals.reconcile(ORGANIZATION, ada, order)


def test_a_refund_of_a_cancelled_order_leaves_nothing_to_reconcile(house: House) -> None:
    """It does not change the sale, so no event is needed."""
    ada = upsert(MAIL)
    order = sold(ada)
    closing.end(ORGANIZATION, order, "cancelled")
    house.deliver()
    partly_refunded("r1", 300)
    house.deliver()

    assert totals(ada) == [("USD", 1, 1000, 1000)]
    assert not customer_totals.reconcile(ORGANIZATION, ada, order)


def test_cancelled_and_refunded_orders_still_count_but_deleted_ones_do_not(house: House) -> None:
    ada = upsert(MAIL)
    orders = [sold(ada, name, total) for name, total in (("1", 1), ("2", 20), ("3", 300), ("4", 4000))]
    house.deliver()
    closing.end(ORGANIZATION, orders[1], "cancelled")
    closing.end(ORGANIZATION, orders[2], "refunded")
    closing.delete(ORGANIZATION, orders[3])
    house.deliver()

    assert totals(ada) == [("USD", 3, 321, 320)]


def test_each_currency_has_its_own_totals(house: House) -> None:
    ada = upsert(MAIL)
    sold(ada, "1", 1000)
    sold(ada, "2", 500, currency="JPY")
    house.deliver()

    assert totals(ada) == [("JPY", 1, 500, 0), ("USD", 1, 1000, 0)]


def test_a_sale_without_a_customer_is_written_and_announced_as_before(house: House) -> None:
    with house.requests_made() as made:
        sold(None)
    assert made.counts == {"PutItem": 1}
    (put,) = made.of("PutItem")
    assert "parent" not in put["Item"]
    assert "customerId" not in put["Item"]["listed"]["M"]

    assert "update_customer" not in {message.function for message in house.deliver()}


def test_a_sale_of_a_customer_costs_two_reads_and_one_transaction_and_a_repeat_none(house: House) -> None:
    ada = upsert(MAIL)
    order = sold(ada)

    with house.requests_made() as first:
        assert customer_totals.reconcile(ORGANIZATION, ada, order)
    with house.requests_made() as again:
        assert not customer_totals.reconcile(ORGANIZATION, ada, order)
    assert first.counts == {"GetItem": 1, "BatchGetItem": 1, "TransactWriteItems": 1}
    assert again.counts == {"GetItem": 1, "BatchGetItem": 1}


def test_concurrent_consumers_count_an_order_once(house: House) -> None:
    ada = upsert(MAIL)
    order = sold(ada)
    with house.meanwhile("TransactWriteItems", lambda: customer_totals.reconcile(ORGANIZATION, ada, order)):
        customer_totals.reconcile(ORGANIZATION, ada, order)

    assert totals(ada) == [("USD", 1, 1000, 0)]


def test_an_order_deleted_between_read_and_write_is_not_counted(house: House) -> None:
    ada = upsert(MAIL)
    order = sold(ada)

    def delete() -> None:
        closing.delete(ORGANIZATION, order)
        assert customer_totals.reconcile(ORGANIZATION, ada, order)

    with house.meanwhile("TransactWriteItems", delete):
        customer_totals.reconcile(ORGANIZATION, ada, order)
    assert totals(ada) == []


def test_a_deleted_order_remains_the_latest_order_counted_or_not(house: House) -> None:
    latest = []
    for name, buyer in (("counted", upsert(MAIL)), ("not counted", upsert(CRM))):
        order = sold(buyer, name, at=TUESDAY)
        if name == "counted":
            house.deliver()
        closing.delete(ORGANIZATION, order)
        sold(buyer, f"{name} too", at=MONDAY)
        house.deliver()
        latest.append((read(buyer)["lastOrders"], totals(buyer)))

    assert latest == [({"USD": TUESDAY}, [("USD", 1, 1000, 0)])] * 2
    assert house.changes_of_repeats() == 0


@pytest.mark.parametrize("theirs_again", [False, True])
def test_an_order_reassigned_between_read_and_write_is_not_counted(house: House, theirs_again: bool) -> None:
    ada, bob = upsert(MAIL), upsert(CRM)
    claimed = Sale("growi", "1", None, 1000, "USD", MONDAY, customer_id=ada, claim=Claim(4711, (1,)))
    order = transactions.record(ORGANIZATION, claimed).transaction.id

    def amend(to: int = bob) -> None:
        item = transactions.get(ORGANIZATION, order)
        assert item is not None
        assert amendments.amend(item, {"customer_id": to}, None, TUESDAY)
        for buyer in (ada, bob) if to == bob else (bob,):
            customer_totals.reconcile(ORGANIZATION, buyer, order)

    if theirs_again:
        amend()
        amend(ada)
    with house.meanwhile("TransactWriteItems", amend):
        customer_totals.reconcile(ORGANIZATION, ada, order)
    assert (totals(ada), totals(bob)) == ([], [("USD", 1, 1000, 0)])


@pytest.mark.parametrize("back_again", [False, True])
def test_changes_of_an_order_do_not_touch_its_former_customers(house: House, back_again: bool) -> None:
    ada, bob = upsert(MAIL), upsert(CRM)
    claimed = Sale("growi", "1", None, 1000, "USD", MONDAY, customer_id=ada, claim=Claim(4711, (1,)))
    order = transactions.record(ORGANIZATION, claimed).transaction.id
    house.deliver()
    eve = upsert(Identity(email="eve@example.com"))
    for buyer in (bob, ada, eve, bob) if back_again else (eve, None, bob):
        item = transactions.get(ORGANIZATION, order)
        assert item is not None
        assert amendments.amend(item, {"customer_id": buyer}, None, TUESDAY)
        house.deliver()

    closing.refund(ORGANIZATION, "growi", "1")
    house.deliver()

    assert (totals(ada), totals(eve), totals(bob)) == ([], [], [("USD", 1, 1000, 1000)])
    assert house.changes_of_repeats() == 0


def test_stated_totals_override_member_by_member_and_later_orders_add_to_them(house: House) -> None:
    ada = upsert(MAIL)
    for name, at in (("1", MONDAY), ("2", TUESDAY), ("3", WEDNESDAY)):
        sold(ada, name, 1000, at)
    house.deliver()

    assert customer_totals.override_totals(ORGANIZATION, ada, "USD", {"ordersCount": 12}, TUESDAY)
    assert totals(ada) == [("USD", 13, 3000, 0)]
    assert not customer_totals.override_totals(ORGANIZATION, ada, "USD", {"ordersCount": 7}, MONDAY)
    assert customer_totals.override_totals(ORGANIZATION, ada, "USD", {"totalSpent": 99}, WEDNESDAY)
    assert totals(ada) == [("USD", 13, 99, 0)]


def test_orders_of_a_customer_with_a_full_record_still_count(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = upsert(MAIL, attributes={"about": "x" * 500})
    monkeypatch.setattr(customer_items, "MAX_BYTES", size(customers.get(ORGANIZATION, ada)) + 5000)
    sold(ada)
    house.deliver()

    assert totals(ada) == [("USD", 1, 1000, 0)]
    left_out = customers.upsert(ORGANIZATION, MAIL, {"attributes": {"more": "x"}}, TUESDAY).left_out
    assert left_out == ["more"]


def test_an_order_of_a_missing_customer_is_retried_and_becomes_a_dead_letter(house: House) -> None:
    sold(4711)
    house.deliver()

    assert house.dead_letters("update_customer") == [("not_found", "There is no such customer.")]
