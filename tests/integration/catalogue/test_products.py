"""The catalogue as shops keep it: what is kept, listed and taken away."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.stack.house import House
from tests.stack.scenarios.product_catalogue import TEA, keep, listed, product
from tests.stack.scenarios.shop import BASE
from tributary.ledger.catalogue import products
from tributary.ledger.store import lists

VARIANTS = [
    {"variantId": "50g", "title": "50 g", "sku": "TEA-50", "priceCents": 990, "inStock": False},
    {"variantId": "100g", "inventoryQuantity": 3},
]


def mine(house: House) -> list[dict[str, Any]]:
    """The stored products that these tests have made."""
    return [it for it in house.ledger("product") if not it["productId"].startswith("SKU")]


def test_a_product_is_kept_and_read_back_whole(house: House) -> None:
    given = {**TEA, "url": "https://tea", "imageUrl": "https://tea/1.png", "tags": ["new"], "categories": ["tea"]}
    given |= {"attributes": {"origin": "Uji", "weight": 0.5}, "replenishment": {"days": 30, "match": "variant"}}
    answer = keep(house, {**given, "variants": VARIANTS})

    assert answer.json == {"success": True, "upserted": 1, "created": 1, "updated": 0, "unchanged": 0}
    told = product(house)
    assert told["dateCreated"] == told["dateModified"]
    assert told == {
        **given,
        "attributes": {"origin": "Uji", "weight": "0.5"},
        "inStock": True,
        "inventoryQuantity": None,
        "variants": [
            {**VARIANTS[0], "inventoryQuantity": None},
            {"title": None, "sku": None, "priceCents": None, **VARIANTS[1], "inStock": True},
        ],
        "dateCreated": told["dateCreated"],
        "dateModified": told["dateModified"],
    }


def test_what_is_left_out_stays_null_clears_and_variants_are_replaced(house: House) -> None:
    keep(house, {**TEA, "variants": VARIANTS, "replenishment": {"days": 30}})
    keep(house, {"productId": "tea", "title": None, "variants": [{"variantId": "1kg"}]})
    told = product(house)
    keep(house, {"productId": "tea", "variants": [], "replenishment": None})

    assert (told["title"], told["priceCents"]) == (None, 990)
    assert told["replenishment"] == {"days": 30, "match": "product"}
    assert [it["variantId"] for it in told["variants"]] == ["1kg"]
    assert (product(house)["variants"], product(house)["replenishment"]) == ([], None)


def test_a_call_counts_what_it_made_changed_and_left(house: House) -> None:
    keep(house, TEA, {"productId": "cup"})
    answer = keep(house, TEA, {"productId": "cup", "title": "Cup"}, {"productId": "pot"}, {"productId": 7}, TEA)

    assert answer.json == {"success": True, "upserted": 5, "created": 2, "updated": 1, "unchanged": 2}
    assert product(house, "7")["productId"] == "7"


def test_one_product_twice_in_a_call_is_changed_twice(house: House) -> None:
    keep(house, TEA, {"productId": "tea", "title": "Tea"}, {"productId": "tea", "priceCents": 1})

    assert (product(house)["title"], product(house)["priceCents"]) == ("Tea", 1)


def test_a_product_that_somebody_changed_meanwhile_has_both_changes(house: House) -> None:
    keep(house, TEA)
    with house.meanwhile("PutItem", lambda: keep(house, {"productId": "tea", "title": "Theirs"})):
        keep(house, {"productId": "tea", "priceCents": 1})

    assert (product(house)["title"], product(house)["priceCents"]) == ("Theirs", 1)


def test_all_that_is_wrong_is_named_at_once_by_its_place(house: House) -> None:
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


def test_a_product_that_is_too_large_is_refused_and_so_are_those_beside_it(house: House) -> None:
    large = {"productId": "large", "attributes": {str(number): "x" * 1000 for number in range(60)}}
    answer = keep(house, TEA, large)

    assert answer.status == 413
    assert "large" in answer.error
    assert mine(house) == []


def test_a_product_is_as_large_as_it_is_in_an_answer_where_quotation_marks_are_written_twice(house: House) -> None:
    large = {"productId": "large", "attributes": {str(number): '"' * 1000 for number in range(24)}}

    assert keep(house, large).status == 413
    assert keep(house, {**large, "attributes": {"0": '"' * 1000}}).status == 200


def test_a_product_taken_away_is_gone_everywhere_until_it_is_kept_again(house: House) -> None:
    keep(house, {**TEA, "tags": ["new"]})
    answer = house.delete("/products/tea", base=BASE)

    assert answer.json == {"success": True, "productId": "tea"}
    assert house.get("/products/tea", base=BASE).status == 404
    assert house.delete("/products/tea", base=BASE).status == 404
    assert "tea" not in listed(house)[0]
    assert keep(house, {"productId": "tea"}).json["created"] == 1
    assert (product(house)["title"], product(house)["tags"]) == (None, [])


@pytest.mark.parametrize("name", ['TV 55"', "50°\\A", "`tea`", "№ 5 ☕", "50% off+~", "#1001", "a#b"])
def test_a_product_is_found_and_taken_away_by_whatever_its_id_is(house: House, name: str) -> None:
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


def test_a_search_looks_into_titles_and_ids_in_any_case(house: House) -> None:
    keep(house, TEA, {"productId": "teapot"}, {"productId": "cup", "title": "Cup"})

    assert sorted(listed(house, search="TEA")[0]) == ["tea", "teapot"]
    assert listed(house, search="green t")[0] == ["tea"]
    assert listed(house, search="nothing")[0] == []


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"limit": "0"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"offset": "4901"}, "offset"),
        ({"cursor": "x"}, "cursor"),
    ],
)
def test_a_page_is_checked(house: House, query: dict[str, str], path: str) -> None:
    answer = house.get("/products", base=BASE, **query)

    assert (answer.status, [it["path"] for it in answer.json["issues"]]) == (422, [path])


def test_each_source_has_a_catalogue_of_its_own(house: House) -> None:
    bound = house.new_key("admin", source="another-shop")
    keep(house, TEA)
    keep(house, {"productId": "tea", "title": "Theirs"}, key=bound)

    assert product(house)["title"] == "Green Tea"
    assert house.get("/products/tea", key=bound, base=BASE).json["product"]["title"] == "Theirs"
    assert len(house.get("/products", key=bound, base=BASE).json["products"]) == 1


def test_a_key_without_admin_keeps_no_products(house: House) -> None:
    assert keep(house, TEA, key="events").status == 403


def test_products_are_read_by_their_ids_a_hundred_to_a_request(house: House) -> None:
    keep(house, TEA, {"productId": "cup"}, {"productId": "gone"})
    house.delete("/products/gone", base=BASE)
    asked = ["tea", "cup", "tea", "gone", *(f"x-{number}" for number in range(99))]
    with house._environment("report_sale"), house.requests_made() as seen:
        found = products.get_many("demo", "sequenzy", asked)

    assert {name: item["title"] for name, item in found.items()} == {"tea": "Green Tea", "cup": None}
    assert seen.counts == {"BatchGetItem": 2}


def test_products_cost_one_read_and_a_put_each_and_nothing_where_nothing_changed(house: House) -> None:
    house.get("/products/nothing", base=BASE)
    counts = []
    for title in ("Cup", "Cup", "Mug"):
        with house.requests_made() as made:
            keep(house, {"productId": "cup", "title": title}, {"productId": "pot"})
        counts.append(made.counts)

    assert counts == [{"BatchGetItem": 1, "PutItem": 2}, {"BatchGetItem": 1}, {"BatchGetItem": 1, "PutItem": 1}]


def test_a_page_is_a_query_of_each_shard_and_one_read_and_a_deletion_one_update(house: House) -> None:
    keep(house, TEA)
    with house.requests_made() as page:
        listed(house, limit=1)
    with house.requests_made() as deletion:
        house.delete("/products/tea", base=BASE)

    assert page.counts == {"Query": 4, "BatchGetItem": 1}
    assert deletion.counts == {"UpdateItem": 1}


def test_a_search_looks_at_no_more_than_its_share_and_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MAX_EXAMINED", 2)
    keep(house, TEA)
    for number in range(3):
        keep(house, {"productId": f"p-{number}"})

    found, paging = listed(house, search="tea", limit=1)
    assert (found, paging["hasMore"]) == ([], True)
    assert listed(house, search="tea", limit=1, cursor=paging["nextCursor"])[0] == ["tea"]


def test_an_offset_into_a_search_is_kept_where_a_request_ends_before_it(
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
