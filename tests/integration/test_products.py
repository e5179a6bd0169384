"""The catalogue's records in the ledger, before any route."""

from tests.integration.harness import House
from tributary.ledger import products

ORG, SHOP = "demo", "sequenzy"


def test_products_are_read_by_their_ids_a_hundred_to_a_request(house: House) -> None:
    with house._environment("report_sale"):
        made = products.upsert_many(ORG, SHOP, [(f"p-{n}", {"title": f"Tea {n}"}) for n in range(3)])
        with house.requests_made() as seen:
            found = products.get_many(ORG, SHOP, ["p-0", "p-2", "p-2", *(f"x-{n}" for n in range(99))])

    assert made == ["created"] * 3
    assert {name: item["title"] for name, item in found.items()} == {"p-0": "Tea 0", "p-2": "Tea 2"}
    assert seen.counts == {"BatchGetItem": 2}
