"""Waiting customers are notified when a product is restocked, once per restock, in any order of events."""

import itertools
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.house import House, in_process
from tests.stack.scenarios.product_catalogue import TEA, keep, stock, wait
from tests.stack.scenarios.shop import ADA, BASE
from tributary.domain import times
from tributary.domain.product import product_digest
from tributary.ledger.catalogue import back_in_stock, products
from tributary.ledger.customers import customers

GRACE = "grace@example.com"
VARIANTS = [{"variantId": "a", "inStock": False}, {"variantId": "b", "inStock": True}]


def restocked(*in_stock: str) -> list[dict[str, Any]]:
    return [{"variantId": name, "inStock": name in in_stock} for name in "ab"]


def notified(house: House) -> list[dict[str, Any]]:
    """Customer and product of each notification."""
    return sorted(
        ({name: it[name] for name in ("productId", "variantId", "customerId")} for it in house.ledger("back-in-stock")),
        key=str,
    )


def waiting(house: House) -> int:
    assert len(house.ledger("waiting")) == len(house.ledger("waits"))
    return len(house.ledger("waiting"))


def bought(house: House, customer_id: int, at: str | None = None, product_id: str = "tea") -> int:
    with house._environment("follow_order"):
        digests = [product_digest("sequenzy", product_id)]
        return back_in_stock.stop_waiting("demo", digests, customer_id, at or times.now())


def customer(house: House, email: str = ADA["email"]) -> int:
    return int(house.get("/customers", email=email).json[0]["id"])


def test_a_waiting_customer_is_notified_once_and_no_longer_waits(house: House) -> None:
    stock(house, False, **TEA)
    answer = wait(house)
    stock(house, True)
    stock(house, True, title="Tea")
    handled = house.deliver()

    assert answer.status == 202
    named = {"subscriberId": str(customer(house)), "productId": "tea", "variantId": None}
    assert answer.json == {"success": True, "queued": True, **named}
    assert notified(house) == [{"productId": "tea", "variantId": None, "customerId": customer(house)}]
    assert waiting(house) == 0
    restocks = [json.loads(it.body)["detail"]["data"] for it in handled if it.detail_type == "ProductRestocked"]
    digest = product_digest("sequenzy", "tea")
    assert restocks == [{"product": digest, "source": "sequenzy", "productId": "tea", "variants": [None]}]


def test_asking_again_changes_nothing(house: House) -> None:
    stock(house, False, **TEA)
    answers = [wait(house), wait(house), wait(house, email="ADA@example.com")]
    stock(house, True)
    house.deliver()

    assert [it.status for it in answers] == [202] * 3
    assert len(notified(house)) == 1


def test_a_customer_who_asks_again_is_notified_by_the_next_restock(house: House) -> None:
    stock(house, False, **TEA)
    for _ in range(3):
        wait(house)
        stock(house, True)
        stock(house, False)
        house.deliver()

    assert len(notified(house)) == 3


def test_two_restocks_delivered_together_notify_twice_a_customer_who_asked_for_both(house: House) -> None:
    stock(house, False, **TEA)
    for _ in range(2):
        wait(house)
        stock(house, True)
        stock(house, False)
    house.deliver()

    assert len(notified(house)) == 2


def test_a_variant_that_left_the_catalogue_and_returned_notifies_once(house: House) -> None:
    flip = [{**TEA, "variants": restocked(*names)} for names in ((), ("a",), ())]
    keep(house, *flip)
    wait(house, variantId="a")
    keep(house, {"productId": "tea", "variants": []}, {"productId": "tea", "variants": restocked()})
    wait(house, variantId="a")
    keep(house, {"productId": "tea", "variants": restocked("a")})
    house.deliver()

    assert [it["variantId"] for it in notified(house)] == ["a"]


def test_a_late_restock_event_does_not_notify_a_customer_who_asked_after_it(house: House) -> None:
    stock(house, False, **TEA)
    stock(house, True)
    stock(house, False)
    wait(house)
    house.deliver()

    assert (notified(house), waiting(house)) == ([], 1)


def test_a_restock_between_reading_the_product_and_asking_is_seen(house: House) -> None:
    stock(house, False, **TEA)
    wait(house, email=GRACE)

    def flip() -> None:
        stock(house, True)
        stock(house, False)

    with house.meanwhile("TransactWriteItems", flip):
        wait(house, email=GRACE, customer={"email": GRACE})
    house.deliver()
    stock(house, True)
    house.deliver()

    assert len(notified(house)) == 2


def test_a_product_deleted_during_the_request_is_not_found(house: House) -> None:
    stock(house, False, **TEA)
    wait(house, "tea")
    with house.meanwhile("TransactWriteItems", lambda: house.delete("/products/tea", base=BASE)):
        answer = wait(house, variantId=None)

    assert (answer.status, answer.json["error"]) == (404, "productId: there is no such product.")


def test_a_variant_notifies_only_customers_who_wait_for_it(house: House) -> None:
    keep(house, {**TEA, "inStock": False, "variants": restocked()})
    wait(house, variantId="a")
    wait(house, email=GRACE)
    wait(house, variantId="b", email=GRACE)
    keep(house, {"productId": "tea", "variants": restocked("a")})
    house.deliver()

    assert [it["variantId"] for it in notified(house)] == ["a"]
    assert waiting(house) == 2


def test_a_product_without_variants_is_its_own_only_variant(house: House) -> None:
    stock(house, False, **TEA)
    answer = wait(house, variantId="tea")
    stock(house, True)
    house.deliver()

    assert answer.status == 202
    assert [it["variantId"] for it in notified(house)] == [None]


def test_a_product_with_variants_is_none_of_them(house: House) -> None:
    keep(house, {**TEA, "inStock": False, "variants": restocked()})

    assert wait(house, variantId="tea").status == 404


def test_a_product_that_returns_notifies_customers_who_still_wait(house: House) -> None:
    stock(house, False, **TEA)
    wait(house)
    house.delete("/products/tea", base=BASE)
    house.deliver()
    gone = notified(house)
    keep(house, TEA)
    house.deliver()

    assert (gone, len(notified(house))) == ([], 1)


def test_a_restock_event_after_the_products_deletion_notifies_no_one(house: House) -> None:
    stock(house, False, **TEA)
    wait(house)
    stock(house, True)
    house.delete("/products/tea", base=BASE)
    house.deliver()

    assert (notified(house), waiting(house)) == ([], 1)


def test_more_than_a_page_of_customers_are_notified_in_turns(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(back_in_stock, "PAGE", 2)
    keep(house, {**TEA, "variants": restocked()})
    for number in range(5):
        wait(house, email=f"c{number}@example.com", variantId="a" if number < 3 else "b")
    keep(house, {"productId": "tea", "variants": restocked("a", "b")})
    handled = house.deliver()

    assert Counter(it["variantId"] for it in notified(house)) == {"a": 3, "b": 2}
    assert waiting(house) == 0
    assert [it.detail_type for it in handled].count("ProductRestocked") == 3


def test_a_turn_that_dies_half_way_is_finished_without_notifying_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(house, False, **TEA)
    for number in range(3):
        wait(house, email=f"c{number}@example.com")
    stock(house, True)
    turns, notify = itertools.count(), back_in_stock._notify_one

    def dying(*of: Any) -> bool:
        if next(turns) == 1:
            raise ConnectionError
        return notify(*of)

    monkeypatch.setattr(back_in_stock, "_notify_one", dying)
    handled = house.deliver()

    assert [it.receives for it in handled if it.function == "announce_restock"] == [2, 2]
    assert len({it["customerId"] for it in notified(house)}) == len(notified(house)) == 3


def test_a_customer_who_bought_it_no_longer_waits(house: House) -> None:
    keep(house, {**TEA, "inStock": False, "variants": VARIANTS})
    stock(house, False, "cup")
    for body in ({}, {"variantId": "a"}, {"product_id": "cup"}, {"email": GRACE}):
        wait(house, **body)
    ended = bought(house, customer(house)), bought(house, customer(house))
    stock(house, True)
    house.deliver()

    assert ended == (2, 0)
    assert notified(house) == [{"productId": "tea", "variantId": None, "customerId": customer(house, GRACE)}]
    assert waiting(house) == 1


def test_a_late_order_event_does_not_end_a_later_request(house: House) -> None:
    stock(house, False, **TEA)
    wait(house)
    (asked,) = (it["askedAt"] for it in house.ledger("waits"))
    wait(house)

    assert bought(house, customer(house), asked) == 0
    assert waiting(house) == 1


def test_a_request_during_the_handling_of_an_older_order_is_kept(house: House) -> None:
    stock(house, False, **TEA)
    wait(house)
    (asked,) = (it["askedAt"] for it in house.ledger("waits"))
    with house.meanwhile("TransactWriteItems", lambda: wait(house)):
        assert bought(house, customer(house), asked) == 0

    assert waiting(house) == 1


def test_a_customer_erased_during_the_request_does_not_wait(house: House) -> None:
    stock(house, False, **TEA)
    wait(house)
    ada = customer(house)
    house.delete(f"/customers/{ada}")
    with house._environment("await_product"):
        product = products.existing("demo", "sequenzy", "tea")
        with pytest.raises(TimeoutError):
            back_in_stock.wait(product, None, ada)

    assert waiting(house) == 0


def test_an_erased_customer_no_longer_waits_even_after_an_interrupted_erasure(house: House) -> None:
    stock(house, False, **TEA)
    wait(house)
    wait(house, email=GRACE)
    ada = customer(house)
    with house._environment("manage_customers"):
        customers.erase("demo", ada)
    house.delete(f"/customers/{ada}")
    stock(house, True)
    house.deliver()

    assert [it["customerId"] for it in notified(house)] == [customer(house, GRACE)]
    assert waiting(house) == 0


def test_an_imported_past_order_leaves_later_requests(house: House) -> None:
    stock(house, False, **TEA)
    wait(house)

    assert bought(house, customer(house), "2020-01-01T00:00:00.000Z") == 0
    assert waiting(house) == 1


def test_a_notification_that_races_with_a_purchase_is_complete_or_absent(house: House) -> None:
    stock(house, False, **TEA)
    wait(house)
    ada = customer(house)
    stock(house, True)
    with house.meanwhile("TransactWriteItems", lambda: bought(house, ada)):
        house.deliver()

    assert (notified(house), waiting(house)) == ([], 0)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"product_id": "nothing"}, "productId: there is no such product."),
        ({"variantId": "nothing"}, "variantId: the product has no such variant."),
    ],
)
def test_an_unknown_product_is_not_found_and_creates_no_customer(
    house: House, body: dict[str, Any], error: str
) -> None:
    keep(house, TEA)
    answer = wait(house, **body)

    assert (answer.status, answer.json) == (404, {"success": False, "error": error})
    assert house.ledger("customer") == []


def test_all_failures_are_reported_together(house: House) -> None:
    answer = house.post("/back-in-stock", {"customer": {"email": "x"}}, base=BASE)

    assert {it["path"] for it in answer.json["issues"]} == {"productId", "customer.email"}


def test_requests_of_asking_and_notifying(house: House) -> None:
    house.get("/products/nothing", key="events", base=BASE)
    stock(house, False, **TEA)
    wait(house, email=GRACE)
    with house.requests_made() as first:
        wait(house)
    with house.requests_made() as repeated:
        wait(house)
    stock(house, True)
    house.publish()
    (message,) = [it for it in house.arrived() if it.function == "announce_restock"]
    with house.requests_made() as telling:
        house.consume(message)
    with house.requests_made() as again:
        house.consume(message)

    assert first.counts == {"GetItem": 1, "BatchGetItem": 1, "TransactWriteItems": 2}
    assert repeated.counts == {"GetItem": 2, "BatchGetItem": 1, "TransactWriteItems": 2}
    assert telling.counts == {"BatchGetItem": 1, "Query": 1, "TransactWriteItems": 2}
    assert again.counts == {"BatchGetItem": 1, "Query": 1}


STEPS = st.lists(st.sampled_from(["in", "out", "ada", "grace", "buy", "deliver", "twice"]), min_size=1, max_size=12)


@settings(max_examples=8, deadline=None)
@given(STEPS)
def test_each_restock_notifies_exactly_those_who_waited_for_it(steps: list[str]) -> None:
    emails = {"ada": ADA["email"], "grace": GRACE}
    with in_process() as house:
        stock(house, False, **TEA)
        ids = {name: customer_of(house, email) for name, email in emails.items()}
        in_stock, held, expected = False, set[str](), Counter[int]()
        for step in steps:
            if step in emails:
                wait(house, email=emails[step])
                held.add(step)
            elif step == "buy":
                house.deliver()
                bought(house, ids["ada"])
                held.discard("ada")
            elif step in ("deliver", "twice"):
                house.deliver(lambda messages, step=step: messages * 2 if step == "twice" else messages)
            else:
                if step == "in" and not in_stock:
                    expected.update(ids[name] for name in held)
                    held = set()
                in_stock = step == "in"
                stock(house, in_stock)
        house.deliver()

        assert Counter(it["customerId"] for it in notified(house)) == expected
        assert waiting(house) == len(held)


def customer_of(house: House, email: str) -> int:
    """The id of a customer who has only begun a checkout."""
    house.post("/checkouts", {"checkoutId": email, "customer": {"email": email}}, base=BASE)
    return customer(house, email)
