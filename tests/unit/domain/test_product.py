"""What a shop tells of a product, call by call, and when that brings something back in stock."""

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


def test_what_is_left_out_stays_and_none_clears():
    product = after({"title": "Tea", "url": "https://tea", "tags": ["a"]}, {"url": None, "priceCents": 5})

    assert (product["title"], product["url"], product["priceCents"], product["tags"]) == ("Tea", None, 5, ["a"])


def test_variants_are_replaced_whole_and_an_empty_list_empties():
    product = after({"variants": [variant("a"), variant("b")]}, {"variants": [variant("c")]})

    assert [it["variantId"] for it in product["variants"]] == ["c"]
    assert updated(product, {"variants": []})["variants"] == updated(product, {"variants": None})["variants"] == []


def test_what_nobody_tells_of_is_in_stock():
    product = after({"variants": [variant("a")]})

    assert (product["inStock"], product["variants"][0]["inStock"]) == (True, True)


def test_a_flag_holds_over_a_quantity_of_the_same_call_and_the_last_call_over_both():
    assert after({"inStock": True, "inventoryQuantity": 0})["inStock"]
    assert not after({"inStock": True}, {"inventoryQuantity": 0})["inStock"]
    assert after({"inventoryQuantity": 0}, {"inStock": True})["inStock"]


def test_a_flag_that_is_cleared_leaves_it_to_the_quantity_and_that_to_nobody():
    without_flag = after({"inStock": True, "inventoryQuantity": 0}, {"inStock": None})

    assert not without_flag["inStock"]
    assert updated(without_flag, {"inventoryQuantity": None})["inStock"]


def test_a_product_that_tells_nothing_itself_is_in_stock_with_any_of_its_variants():
    assert after({"variants": [variant("a", False), variant("b", quantity=1)]})["inStock"]
    assert not after({"variants": [variant("a", False), variant("b", quantity=0)]})["inStock"]


def test_a_variant_that_tells_nothing_is_as_what_was_told_of_the_product():
    assert not after({"inStock": False, "variants": [variant("a")]})["variants"][0]["inStock"]


def test_a_flip_names_what_came_back():
    out = after({"inStock": False, "variants": [variant("a", False), variant("b", True)]})

    assert restocked(out, updated(out, {"inStock": True})) == [part(None)]
    assert restocked(out, updated(out, {"variants": [variant("a", True), variant("b", True)]})) == [part("a")]
    assert restocked(out, updated(out, {"title": "Tea"})) == []


def test_nothing_comes_back_that_was_never_away_and_what_was_taken_away_does():
    product = after({"variants": [variant("a")]})

    assert restocked(None, product) == []
    assert restocked({"deleted": True}, product) == sorted([part(None), part("a")])


@settings(max_examples=50)
@given(st.lists(STOCK, min_size=1, max_size=6))
def test_between_two_flips_it_was_away(calls: list[dict[str, Any]]):
    product: dict[str, Any] | None = None
    flips, away = 0, 0
    for call in calls:
        changed = updated(product, call)
        flips += bool(restocked(product, changed))
        away += product is not None and product["inStock"] and not changed["inStock"]
        product = changed

    assert away <= flips + 1
    assert flips <= away + 1


def test_products_of_two_sources_are_two():
    assert len({product_digest("a", "b"), product_digest("ab", ""), product_digest("b", "a")}) == 3
