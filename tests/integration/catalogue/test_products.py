"""The catalogue of a shop: products stored, listed and deleted."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.stack.house import House
from tests.stack.scenarios.product_catalogue import TEA, keep, listed, product
from tests.stack.scenarios.shop import BASE
from tributary.ledger.catalogue import products
from tributary.ledger.store import lists

VARIANTS = [
    {
        "variantId": "50g",
        "title": "50 g",
        "sku": "TEA-50",
        "imageUrl": "https://tea/50.png",
        "priceCents": 990,
        "compareAtPriceCents": 1290,
        "currency": "USD",
        "options": [{"name": "Size", "value": "50 g"}],
        "inStock": False,
    },
    {"variantId": "100g", "inventoryQuantity": 3},
]


def mine(house: House) -> list[dict[str, Any]]:
    """The stored products of these tests."""
    return [it for it in house.ledger("product") if not it["productId"].startswith("SKU")]


def counts(created: int, updated: int, unchanged: int) -> dict[str, Any]:
    done = {"created": created, "updated": updated, "unchanged": unchanged}
    return {"success": True, "upserted": created + updated + unchanged, **done}


def test_a_product_is_stored_and_read_back_completely(house: House) -> None:
    given = {**TEA, "url": "https://tea", "imageUrl": "https://tea/1.png", "tags": ["new"], "categories": ["tea"]}
    given |= {"description": "Uji", "compareAtPriceCents": 1290, "providerCreatedAt": "2025-01-02T03:04:05.000Z"}
    given |= {"attributes": {"origin": "Uji", "weight": 0.5}, "replenishment": {"days": 30, "match": "variant"}}
    answer = keep(house, {**given, "variants": VARIANTS})

    shown = product(house)
    assert answer.json == {**counts(1, 0, 0), "products": [shown]}
    assert shown["dateCreated"] == shown["dateModified"]
    assert shown == {
        **given,
        "id": shown["id"],
        "provider": "api",
        "providerProductId": "tea",
        "price": 990,
        "compareAtPrice": 1290,
        "attributes": {"origin": "Uji", "weight": "0.5"},
        "inStock": True,
        "inventoryQuantity": None,
        "variants": [
            {**VARIANTS[0], "inventoryQuantity": None},
            {**dict.fromkeys(VARIANTS[0]), "options": [], **VARIANTS[1], "inStock": True},
        ],
        "createdAt": shown["dateCreated"],
        "updatedAt": shown["dateModified"],
        "dateCreated": shown["dateCreated"],
        "dateModified": shown["dateModified"],
    }


def test_omitted_members_stay_null_clears_and_variants_are_replaced(house: House) -> None:
    keep(house, {**TEA, "variants": VARIANTS, "replenishment": {"days": 30}})
    keep(house, {"productId": "tea", "title": None, "variants": [{"variantId": "1kg"}]})
    shown = product(house)
    keep(house, {"productId": "tea", "variants": [], "replenishment": None})

    assert (shown["title"], shown["priceCents"]) == (None, 990)
    assert shown["replenishment"] == {"days": 30, "match": "product"}
    assert [it["variantId"] for it in shown["variants"]] == ["1kg"]
    assert (product(house)["variants"], product(house)["replenishment"]) == ([], None)


@pytest.mark.parametrize(
    ("reported", "shown", "in_stock"),
    [(12.5, 12.5, True), ("0.250", 0.25, True), (-0.5, -0.5, False), ("3.0", 3, True), (2**53 - 1, 2**53 - 1, True)],
)
def test_a_stock_by_weight_is_kept_and_shown_as_a_number(
    house: House, reported: Any, shown: Any, in_stock: bool
) -> None:
    given = {**TEA, "inventoryQuantity": reported, "variants": [{"variantId": "v", "inventoryQuantity": reported}]}

    assert keep(house, given).json.items() >= counts(1, 0, 0).items()
    assert keep(house, given).json.items() >= counts(0, 0, 1).items()

    for part in (product(house), product(house)["variants"][0]):
        assert (part["inventoryQuantity"], part["inStock"]) == (shown, in_stock)


@pytest.mark.parametrize("quantity", ["much", True, "0.0000001", 1e9 + 0.5, 2**53])
def test_a_stock_that_is_none_is_refused(house: House, quantity: Any) -> None:
    answer = keep(house, {**TEA, "inventoryQuantity": quantity})

    assert (answer.status, answer.json["issues"][0]["path"]) == (422, "products[0].inventoryQuantity")


def test_a_product_sold_by_weight_comes_back_in_stock_with_half_a_kilogram(house: House) -> None:
    keep(house, {**TEA, "inventoryQuantity": 0})
    waiting = {"productId": "tea", "customer": {"email": "ada@example.com"}}
    assert house.post("/back-in-stock", waiting, base=BASE).status == 202
    keep(house, {**TEA, "inventoryQuantity": "0.5"})
    house.deliver()

    assert [it["detail-type"] for it in house.on_the_bus].count("ecommerce.back_in_stock") == 1


def test_a_call_counts_created_changed_and_unchanged_products(house: House) -> None:
    keep(house, TEA, {"productId": "cup"})
    answer = keep(house, TEA, {"productId": "cup", "title": "Cup"}, {"productId": "pot"}, {"productId": 7}, TEA)

    assert answer.json.items() >= counts(2, 1, 2).items()
    assert [it["productId"] for it in answer.json["products"]] == ["tea", "cup", "pot", "7"]
    assert product(house, "7")["productId"] == "7"


def test_a_product_that_is_twice_in_a_call_is_changed_twice(house: House) -> None:
    keep(house, TEA, {"productId": "tea", "title": "Tea"}, {"productId": "tea", "priceCents": 1})

    assert (product(house)["title"], product(house)["priceCents"]) == ("Tea", 1)


def test_a_product_changed_concurrently_has_both_changes(house: House) -> None:
    keep(house, TEA)
    with house.meanwhile("PutItem", lambda: keep(house, {"productId": "tea", "title": "Theirs"})):
        keep(house, {"productId": "tea", "priceCents": 1})

    assert (product(house)["title"], product(house)["priceCents"]) == ("Theirs", 1)


def test_all_failures_are_reported_together_by_position(house: House) -> None:
    wrong = {"productId": "a", "priceCents": -1, "currency": "XXY", "replenishment": {"days": 0, "match": "sku"}}
    twice = {"productId": "b", "variants": [{"variantId": "v"}, {"variantId": "w"}, {"variantId": "v"}]}
    answer = keep(house, TEA, wrong, twice, {"title": "no id"})

    assert answer.status == 422
    assert {it["path"] for it in answer.json["issues"]} == {
        "products[1].priceCents",
        "products[1].currency",
        "products[1].replenishment.days",
        "products[1].replenishment.match",
        "products[2].variants[2]",
        "products[3].productId",
    }
    assert mine(house) == []


@pytest.mark.parametrize("count", [0, 101])
def test_a_call_has_one_to_a_hundred_products(house: House, count: int) -> None:
    answer = keep(house, *({"productId": str(number)} for number in range(count)))

    assert (answer.status, [it["path"] for it in answer.json["issues"]]) == (422, ["products"])


def test_a_product_that_is_too_large_fails_the_whole_call(house: House) -> None:
    large = {"productId": "large", "attributes": {str(number): "x" * 1000 for number in range(60)}}
    answer = keep(house, TEA, large)

    assert answer.status == 413
    assert "large" in answer.error
    assert mine(house) == []


def test_the_size_of_a_product_counts_escaped_quotation_marks(house: House) -> None:
    large = {"productId": "large", "attributes": {str(number): '"' * 1000 for number in range(24)}}

    assert keep(house, large).status == 413
    assert keep(house, {**large, "attributes": {"0": '"' * 1000}}).status == 200


def test_a_deleted_product_is_gone_until_it_is_stored_again(house: House) -> None:
    keep(house, {**TEA, "tags": ["new"]})
    answer = house.delete("/products/tea", base=BASE)

    assert answer.json == {"success": True, "deleted": True, "productId": "tea"}
    assert house.get("/products/tea", base=BASE).status == 404
    assert house.delete("/products/tea", base=BASE).status == 404
    assert "tea" not in listed(house)[0]
    assert keep(house, {"productId": "tea"}).json["created"] == 1
    assert (product(house)["title"], product(house)["tags"]) == (None, [])


@pytest.mark.parametrize("name", ['TV 55"', "50°\\A", "`tea`", "№ 5 ☕", "50% off+~", "#1001", "a#b"])
def test_a_product_is_found_and_deleted_by_any_valid_id(house: House, name: str) -> None:
    keep(house, {"productId": name})
    path = f"/products/{quote(name)}"

    assert house.get(path, base=BASE).json["product"]["productId"] == name
    assert house.delete(path, base=BASE).status == 200
    assert house.get(path, base=BASE).status == 404


def test_pages_go_by_offset_and_by_cursor_newest_first(house: House) -> None:
    for number in range(5):
        keep(house, {"productId": f"p-{number}"})

    first, paging = listed(house, limit=2)
    by_offset, _ = listed(house, limit=2, offset=2)
    by_cursor, _ = listed(house, limit=2, cursor=paging["nextCursor"])
    assert (first, by_offset, by_cursor) == (["p-4", "p-3"], ["p-2", "p-1"], ["p-2", "p-1"])
    assert (paging["hasMore"], listed(house)[1]["hasMore"]) == (True, False)


def test_a_search_matches_titles_and_ids_case_insensitively(house: House) -> None:
    keep(house, TEA, {"productId": "teapot"}, {"productId": "cup", "title": "Cup"})

    assert sorted(listed(house, search="TEA")[0]) == ["tea", "teapot"]
    assert listed(house, search="green t")[0] == ["tea"]
    assert listed(house, search="nothing")[0] == []


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"offset": "4901"}, "offset"),
        ({"cursor": "x"}, "cursor"),
    ],
)
def test_page_parameters_are_validated(house: House, query: dict[str, str], path: str) -> None:
    answer = house.get("/products", base=BASE, **query)

    assert (answer.status, [it["path"] for it in answer.json["issues"]]) == (422, [path])


def test_each_source_has_a_catalogue_of_its_own(house: House) -> None:
    bound = house.new_key("admin", source="another-shop")
    keep(house, TEA)
    keep(house, {"productId": "tea", "title": "Theirs"}, key=bound)

    assert product(house)["title"] == "Green Tea"
    assert house.get("/products/tea", key=bound, base=BASE).json["product"]["title"] == "Theirs"
    assert len(house.get("/products", key=bound, base=BASE).json["products"]) == 1


def test_a_key_without_admin_stores_no_products(house: House) -> None:
    assert keep(house, TEA, key="events").status == 403


def test_products_are_read_by_id_a_hundred_per_request(house: House) -> None:
    keep(house, TEA, {"productId": "cup"}, {"productId": "gone"})
    house.delete("/products/gone", base=BASE)
    asked = ["tea", "cup", "tea", "gone", *(f"x-{number}" for number in range(99))]
    with house._environment("report_sale"), house.requests_made() as seen:
        found = products.get_many("demo", "sequenzy", asked)

    assert {name: item["title"] for name, item in found.items()} == {"tea": "Green Tea", "cup": None}
    assert seen.counts == {"BatchGetItem": 2}


def test_products_cost_one_read_and_a_put_each_unless_unchanged(house: House) -> None:
    house.get("/products/nothing", base=BASE)
    counts = []
    for title in ("Cup", "Cup", "Mug"):
        with house.requests_made() as made:
            keep(house, {"productId": "cup", "title": title}, {"productId": "pot"})
        counts.append(made.counts)

    assert counts == [{"BatchGetItem": 1, "PutItem": 2}, {"BatchGetItem": 1}, {"BatchGetItem": 1, "PutItem": 1}]


def test_a_page_is_a_query_of_each_shard_and_one_read_and_a_deletion_one_update(house: House) -> None:
    keep(house, TEA)
    with house.requests_made() as first:
        listed(house, limit=1)
    with house.requests_made() as page:
        listed(house, limit=1)
    with house.requests_made() as deletion:
        house.delete("/products/tea", base=BASE)

    assert first.counts == {"Query": 4 + 4, "BatchGetItem": 1, "GetItem": 1}  # with the estimate, once a minute
    assert page.counts == {"Query": 4, "BatchGetItem": 1}
    assert deletion.counts == {"UpdateItem": 1}


def test_a_search_examines_a_limited_share_and_continues(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MAX_EXAMINED", 2)
    keep(house, TEA)
    for number in range(3):
        keep(house, {"productId": f"p-{number}"})

    found, paging = listed(house, search="tea", limit=1)
    assert (found, paging["hasMore"]) == ([], True)
    assert listed(house, search="tea", limit=1, cursor=paging["nextCursor"])[0] == ["tea"]


def test_an_offset_into_a_search_carries_over_to_the_next_request(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_EXAMINED", 3)
    for number in range(4):
        keep(house, {"productId": f"tea-{number}"})
        keep(house, {"productId": f"p-{number}"})

    found, paging = listed(house, search="tea", limit=1, offset=2)
    assert found == []
    while not found:
        found, paging = listed(house, search="tea", limit=1, offset=2, cursor=paging["nextCursor"])
    assert found == ["tea-1"]
