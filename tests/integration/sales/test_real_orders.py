"""Orders in the shapes of real shops, reported as sales: they come out to the cent."""

from typing import Any

from tests.stack.house import House


def reported(house: House, **sale: Any) -> dict[str, Any]:
    """The transaction of a reported sale, with its details."""
    answer = house.post("/event/sale", {"trackingId": house.tracking_id, **sale}, key="events")
    assert answer.status == 200, answer.text
    house.deliver()
    (transaction,) = house.get("/transactions", key="reader", include="extended").json
    return transaction


def owed(house: House) -> list[int]:
    house.deliver()
    return [it["value"] for it in house.get("/obligations", key="reader").json]


def test_a_shopify_order_with_blanks_discounts_tax_and_long_ids(house: House):
    """Two products, 10.00 off spread over them, shipping and tax; `sku` and the buyer's e-mail are blank."""
    shop = {
        "id": 55_512_345_678_901,
        "email": "",
        "total_price": "123.45",
        "line_items": [
            {"id": 98_712_345_678_901, "name": "Mug - Blue", "sku": "", "price": "19.99", "quantity": 2},
            {"id": 98_712_345_678_902, "name": "Tea pot", "sku": "POT", "price": "64.00", "quantity": 1},
        ],
        "total_discounts": "10.00",
        "shipping": "9.90",
        "tax": "19.57",
    }
    items = [
        {
            "externalId": line["id"],
            "name": line["name"],
            "sku": line["sku"],
            "amount": line["price"],
            "quantity": line["quantity"],
        }
        for line in shop["line_items"]
    ]
    items += [
        {"type": "discount", "name": "Spring", "amount": f"-{shop['total_discounts']}"},
        {"type": "shipping", "name": "Standard", "amount": shop["shipping"]},
        {"type": "tax", "name": "VAT", "amount": shop["tax"]},
    ]

    sale = reported(house, source="shopify", externalId=shop["id"], total=shop["total_price"], items=items)

    assert (sale["sourceId"], sale["totalValue"]) == ("55512345678901", 12345)
    assert [it["attributes"].get("sku") for it in sale["details"]] == [None, "POT", None, None, None]
    assert [it["attributes"].get("externalId") for it in sale["details"]][:2] == ["98712345678901", "98712345678902"]
    assert owed(house) == [1040]  # 10 % of 39.98 and 64.00, half up

    mug = {"externalId": 98_712_345_678_901, "amount": "19.99"}
    part = {"source": "shopify", "externalId": shop["id"], "refundId": 4_412_345_678_901, "items": [mug]}
    assert house.post("/event/refund", part, key="events").status == 200
    assert 800 < owed(house)[0] < 1040
    rest = {"source": "shopify", "externalId": shop["id"], "refundId": 4_412_345_678_902}
    assert house.post("/event/refund", rest, key="events").status == 200
    assert owed(house) == [0]


def test_a_woocommerce_order_with_prices_of_six_decimals(house: House):
    """Prices were entered with tax, so the net price of a unit has six decimals."""
    items = [
        {"externalId": 11, "name": "Sticker", "amount": "0.826446", "quantity": 250},
        {"externalId": 12, "name": "Cheese, kg", "amount": "16.528926", "quantity": "0.75"},
        {"type": "tax", "name": "VAT 21 %", "amount": "45.99"},
    ]

    sale = reported(house, source="woocommerce", externalId=7, total="265.00", items=items, currency="USD")

    assert sale["totalValue"] == 20661 + 1240 + 4599 == 26500
    assert owed(house) == [2190]  # 10 % of 219.01

    answer = house.post(
        "/event/refund", {"source": "woocommerce", "externalId": 7, "refundId": 1, "amount": "265.00"}, key="events"
    )
    assert answer.status == 200, answer.text
    assert owed(house) == [0]
