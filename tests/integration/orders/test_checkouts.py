"""A checkout is announced once per id, with its customer's id and no name."""

from typing import Any

from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.stack.scenarios.shop import ADA, BASE, ITEMS, MONDAY, TUESDAY, push, subscriber
from tributary.domain.events import events_of


def begin(house: House, checkout_id: Any = "c-1", key: str = "events", **members: Any) -> Answer:
    body = {"checkoutId": checkout_id, "customer": ADA, "items": ITEMS, "totalCents": 4999, "currency": "USD"}
    body |= {"startedAt": MONDAY, "url": "https://shop.example/c/1", **members}
    return house.post("/checkouts", body, key=key, base=BASE)


def announced(house: House) -> list[Any]:
    return [event.detail["data"] for it in house.ledger("checkout") for event in events_of(None, it)]


def test_a_checkout_is_announced_with_the_shops_words_and_the_customers_id(house: House) -> None:
    answer = begin(house, properties={"gift": True, "checkoutId": "theirs"})
    (shown,) = announced(house)

    named = {"checkoutId": "c-1", "subscriberId": subscriber(house)["id"]}
    assert (answer.status, answer.json) == (202, {"success": True, "queued": True, **named})
    assert shown == {
        "provider": "api",
        "gift": True,
        "checkoutId": "c-1",
        "startedAt": MONDAY,
        "totalCents": 4999,
        "currency": "USD",
        "url": "https://shop.example/c/1",
        "lineItems": shown["lineItems"],
        "source": "sequenzy",
        "customerId": int(subscriber(house)["id"]),
    }
    assert [it["providerProductId"] for it in shown["lineItems"]] == ["sku-1", "sku-2"]
    assert "ada" not in str(shown).lower()


def test_a_checkout_has_its_address_in_either_spelling(house: House) -> None:
    begin(house, url=None, checkoutUrl="https://shop.example/c/2")

    (shown,) = announced(house)
    assert shown["url"] == "https://shop.example/c/2"


def test_a_repeat_changes_nothing_nor_the_customer(house: House) -> None:
    begin(house)
    before = house.ledger()
    answer = begin(house, totalCents=1, startedAt=TUESDAY, customer={**ADA, "firstName": "Augusta"})

    assert answer.status == 202
    assert house.ledger() == before


def test_two_concurrent_checkouts_are_one(house: House) -> None:
    with house.meanwhile("PutItem", lambda: begin(house)):
        begin(house)

    assert len(announced(house)) == 1


def test_a_later_order_has_the_checkouts_customer(house: House) -> None:
    begin(house)
    push(house)

    assert len(house.ledger("customer")) == 1


def test_checkouts_are_separate_per_source_and_a_number_is_an_id(house: House) -> None:
    begin(house, 7)
    begin(house, "7", key=house.new_key("event:sale", source="another-shop"))

    assert sorted(it["source"] for it in announced(house)) == ["another-shop", "sequenzy"]


def test_all_failures_are_reported_together(house: House) -> None:
    answer = begin(house, "", totalCents=-1, currency="XXY", items=[{"productId": "a"}], customer={})

    assert {it["path"] for it in answer.json["issues"]} == {
        "checkoutId",
        "totalCents",
        "currency",
        "items[0].title",
        "items[0].quantity",
        "customer.email",
    }


def test_a_checkout_that_is_too_large_is_refused_and_creates_no_customer(house: House) -> None:
    answer = begin(house, properties={"text": "x" * 250_000})

    assert answer.status == 413
    assert house.ledger("customer") == []


def test_a_checkout_is_a_read_its_customer_and_a_put_and_a_repeat_one_read(house: House) -> None:
    push(house)
    begin(house, "c-0")
    with house.requests_made() as first:
        begin(house, startedAt=TUESDAY)
    with house.requests_made() as repeated:
        begin(house)

    assert first.counts == {"GetItem": 2, "BatchGetItem": 1, "TransactWriteItems": 1, "PutItem": 1}
    assert repeated.counts == {"GetItem": 1}
