"""The published Sequenzy client reads what its own models expect, unchanged but for URL and key."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sequenzy import CommerceCustomer, CommerceOrderItem, Sequenzy
from sequenzy.core.api_error import ApiError
from sequenzy.products import UpsertProductsRequestProductsItem as Product
from sequenzy.products import UpsertProductsRequestProductsItemVariantsItem as Variant
from sequenzy.products import UpsertProductsRequestProductsItemVariantsItemOptionsItem as Option

from tests.stack.house import House
from tests.stack.house_transport import client_of
from tests.stack.scenarios.shop import BASE, job, read

PLACED_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADA = CommerceCustomer(
    email="ada@example.com",
    first_name="Ada",
    external_id="crm-1",
    attributes={"plan": "gold", "address": {"city": "London", "lines": ["12 St James's Square", {"floor": 2}]}},
)
TEA = Product(
    product_id="tea",
    title="Green Tea",
    description="From Uji.",
    url="https://shop.example/tea",
    image_url="https://shop.example/tea.png",
    price_cents=990,
    compare_at_price_cents=1290,
    currency="USD",
    provider_created_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
    variants=[
        Variant(
            variant_id="tea-50",
            title="50 g",
            sku="TEA-50",
            price_cents=990,
            compare_at_price_cents=1290,
            image_url="https://shop.example/tea-50.png",
            inventory_quantity=0,
            options=[Option(name="Size", value="50 g")],
        )
    ],
)


@pytest.fixture
def sequenzy(house: House) -> Sequenzy:
    return Sequenzy(api_key=house.keys["admin"], base_url=f"http://house{BASE}", httpx_client=client_of(house))


def place(sequenzy: Sequenzy, **members: Any) -> Any:
    items = [CommerceOrderItem(product_id="tea", title="Green Tea", quantity=2, price_cents=990, variant_id="tea-50")]
    order = {"order_id": "1001", "total_cents": 1980, "currency": "USD", "customer": ADA, "items": items}
    return sequenzy.orders.push(**{**order, "ordered_at": PLACED_AT, **members})


def refund(sequenzy: Sequenzy, **members: Any) -> Any:
    order = {"order_id": "1001", "total_cents": 1980, "currency": "USD", "customer": ADA}
    return sequenzy.orders.push(**{**order, "status": "refunded", **members})


def test_a_pushed_order_is_queued_and_becomes_a_sale(house: House, sequenzy: Sequenzy) -> None:
    pushed = place(sequenzy)
    house.deliver()

    assert (pushed.success, pushed.queued, pushed.order_id, pushed.status) == (True, True, "1001", "placed")
    assert job(house, pushed.job_id)["state"] == "done"
    assert (read(house, "1001")["totalCents"], read(house, "1001")["orderedAt"]) == (1980, "2026-11-21T12:00:00.000Z")


def test_a_partial_refund_lowers_what_is_left(house: House, sequenzy: Sequenzy) -> None:
    place(sequenzy)
    refunded = refund(sequenzy, refund_amount_cents=500, ordered_at=PLACED_AT + timedelta(days=1))
    house.deliver()

    assert (refunded.success, refunded.status) == (True, "refunded")
    assert read(house, "1001")["refundedCents"] == 500


def test_a_product_comes_back_as_it_was_sent(sequenzy: Sequenzy) -> None:
    stored = sequenzy.products.upsert(products=[TEA])
    product = sequenzy.products.get("tea").product

    assert (stored.success, stored.upserted, stored.products) == (True, 1, [product])
    for name in Product.model_fields.keys() - {"variants", "in_stock"}:
        assert getattr(product, name) == getattr(TEA, name), name
    (variant,) = product.variants
    for name in Variant.model_fields.keys() - {"in_stock", "options"}:
        assert getattr(variant, name) == getattr(TEA.variants[0], name), name
    assert [(it.name, it.value) for it in variant.options] == [("Size", "50 g")]
    assert (product.in_stock, variant.in_stock) == (False, False)
    assert (product.price, product.compare_at_price) == (990, 1290)
    assert (product.provider, product.provider_product_id) == ("api", "tea")
    assert isinstance(product.id, str)
    assert product.created_at == product.updated_at
    assert isinstance(product.created_at, datetime)


def test_a_product_without_a_price_has_its_lowest_variants(sequenzy: Sequenzy) -> None:
    prices = [Variant(variant_id=str(cents), title="A", price_cents=cents) for cents in (1200, 990, 1100)]
    sequenzy.products.upsert(products=[Product(product_id="tea", title="Tea", variants=prices)])
    product = sequenzy.products.get("tea").product

    assert (product.price, product.price_cents) == (990, 990)


def test_pages_of_products_count_the_page_and_the_whole(sequenzy: Sequenzy) -> None:
    before = sequenzy.products.list().pagination.total
    sequenzy.products.upsert(products=[TEA, *(Product(product_id=f"cup-{n}", title="Cup") for n in range(4))])
    pages = [sequenzy.products.list(limit=2, offset=offset) for offset in (0, 2)]
    found = sequenzy.products.list(search="cup")
    end = sequenzy.products.list(offset=3)

    assert [page.pagination.count for page in pages] == [2, 2]
    assert [page.pagination.total for page in (*pages, end)] == [before + 5] * 3
    assert [page.pagination.has_more for page in (*pages, end)] == [True, True, False]
    assert (found.pagination.total, found.pagination.count) == (4, 4)


def test_the_provider_of_every_product_is_the_api(sequenzy: Sequenzy) -> None:
    sequenzy.products.upsert(products=[TEA])
    own, stripes = sequenzy.products.list(provider="api"), sequenzy.products.list(provider="stripe")

    assert "tea" in [product.product_id for product in own.products]
    assert (stripes.products, stripes.pagination.total, stripes.pagination.has_more) == ([], 0, False)
    with pytest.raises(ApiError) as refused:
        sequenzy.products.list(provider="etsy")
    assert refused.value.status_code == 422
    assert [it["path"] for it in refused.value.body["issues"]] == ["provider"]


def test_a_deleted_product_says_so(sequenzy: Sequenzy) -> None:
    sequenzy.products.upsert(products=[TEA])

    assert sequenzy.products.delete("tea").deleted is True


def test_a_customer_waits_for_a_variant(house: House, sequenzy: Sequenzy) -> None:
    sequenzy.products.upsert(products=[TEA])
    registered = sequenzy.products.register_back_in_stock(customer=ADA, product_id="tea", variant_id="tea-50")

    assert registered.success is True
    assert registered.subscriber_id == sequenzy.subscribers.get("ada@example.com").subscriber.id
    assert len(house.ledger("waiting")) == 1


def test_a_started_checkout_names_its_subscriber_also_when_it_is_repeated(house: House, sequenzy: Sequenzy) -> None:
    url = "https://shop.example/checkout/9"
    started = [
        sequenzy.orders.track_checkout_started(checkout_id="9", customer=ADA, checkout_url=url) for _ in range(2)
    ]
    house.deliver()

    subscriber = sequenzy.subscribers.get("ada@example.com").subscriber
    assert [(it.success, it.checkout_id, it.subscriber_id) for it in started] == [(True, "9", subscriber.id)] * 2
    (announced,) = [it for it in house.on_the_bus if it["detail-type"] == "ecommerce.checkout_started"]
    assert announced["detail"]["data"]["url"] == url


def test_a_subscriber_is_read_with_nested_attributes(house: House, sequenzy: Sequenzy) -> None:
    place(sequenzy)
    house.deliver()
    answer = sequenzy.subscribers.get("ada@example.com")

    subscriber = answer.subscriber
    assert (answer.success, subscriber.email, subscriber.external_id) == (True, "ada@example.com", "crm-1")
    assert (subscriber.first_name, subscriber.last_name) == ("Ada", None)
    assert isinstance(subscriber.id, str)
    assert subscriber.custom_attributes == ADA.attributes
    assert isinstance(subscriber.created_at, datetime)
    assert isinstance(subscriber.updated_at, datetime)


def test_two_refunds_without_a_refund_id_are_both_taken(house: House, sequenzy: Sequenzy) -> None:
    place(sequenzy)
    first = refund(sequenzy, refund_amount_cents=500, ordered_at=PLACED_AT + timedelta(days=1))
    second = refund(sequenzy, refund_amount_cents=480, ordered_at=PLACED_AT + timedelta(days=2))
    again = refund(sequenzy, refund_amount_cents=480, ordered_at=PLACED_AT + timedelta(days=2))
    house.deliver()

    assert [it.status for it in (first, second, again)] == ["refunded"] * 3
    assert first.job_id != second.job_id == again.job_id
    assert read(house, "1001")["refundedCents"] == 980
