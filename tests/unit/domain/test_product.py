"""Products reported call by call, and restocks."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tributary.domain.product import part, product_digest, restocked, updated

STOCK = st.fixed_dictionaries(
    {}, optional={"inStock": st.none() | st.booleans(), "inventoryQuantity": st.none() | st.integers(0, 2)}
)


def variant(variant_id: str, in_stock: bool | None = None, quantity: int | None = None) -> dict[str, Any]:
    return {"variantId": variant_id, "toldInStock": in_stock, "inventoryQuantity": quantity}


def after(*calls: dict[str, Any]) -> dict[str, Any]:
    product: dict[str, Any] | None = None
    for call in calls:
        product = updated(product, call)
    assert product is not None
    return product


def test_omitted_fields_stay_and_none_clears():
    product = after({"title": "Tea", "url": "https://tea", "tags": ["a"]}, {"url": None, "priceCents": 5})

    assert (product["title"], product["url"], product["priceCents"], product["tags"]) == ("Tea", None, 5, ["a"])


def test_variants_are_replaced_whole_and_an_empty_list_clears_them():
    product = after({"variants": [variant("a"), variant("b")]}, {"variants": [variant("c")]})

    assert [it["variantId"] for it in product["variants"]] == ["c"]
    assert updated(product, {"variants": []})["variants"] == updated(product, {"variants": None})["variants"] == []


def test_a_product_without_reported_stock_is_in_stock():
    product = after({"variants": [variant("a")]})

    assert (product["inStock"], product["variants"][0]["inStock"]) == (True, True)


def test_a_flag_outweighs_a_quantity_of_the_same_call_and_the_last_call_wins():
    assert after({"inStock": True, "inventoryQuantity": 0})["inStock"]
    assert not after({"inStock": True}, {"inventoryQuantity": 0})["inStock"]
    assert after({"inventoryQuantity": 0}, {"inStock": True})["inStock"]


def test_clearing_the_flag_falls_back_to_the_quantity_and_then_to_the_default():
    without_flag = after({"inStock": True, "inventoryQuantity": 0}, {"inStock": None})

    assert not without_flag["inStock"]
    assert updated(without_flag, {"inventoryQuantity": None})["inStock"]


def test_a_product_without_own_stock_is_in_stock_with_any_of_its_variants():
    assert after({"variants": [variant("a", False), variant("b", quantity=1)]})["inStock"]
    assert not after({"variants": [variant("a", False), variant("b", quantity=0)]})["inStock"]


def test_a_variant_without_own_stock_follows_the_products_report():
    assert not after({"inStock": False, "variants": [variant("a")]})["variants"][0]["inStock"]


def test_a_restock_names_the_parts_back_in_stock():
    out = after({"inStock": False, "variants": [variant("a", False), variant("b", True)]})

    assert restocked(out, updated(out, {"inStock": True})) == [part(None)]
    assert restocked(out, updated(out, {"variants": [variant("a", True), variant("b", True)]})) == [part("a")]
    assert restocked(out, updated(out, {"title": "Tea"})) == []


def test_only_a_part_that_was_out_of_stock_or_deleted_comes_back():
    product = after({"variants": [variant("a")]})

    assert restocked(None, product) == []
    assert restocked({"deleted": True}, product) == sorted([part(None), part("a")])


@settings(max_examples=50)
@given(st.lists(STOCK, min_size=1, max_size=6))
def test_a_part_is_out_of_stock_between_two_restocks(calls: list[dict[str, Any]]):
    product: dict[str, Any] | None = None
    flips, away = 0, 0
    for call in calls:
        changed = updated(product, call)
        flips += bool(restocked(product, changed))
        away += product is not None and product["inStock"] and not changed["inStock"]
        product = changed

    assert away <= flips + 1
    assert flips <= away + 1


def test_products_of_two_sources_are_distinct():
    assert len({product_digest("a", "b"), product_digest("ab", ""), product_digest("b", "a")}) == 3
