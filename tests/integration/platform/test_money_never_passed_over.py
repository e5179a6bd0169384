"""Members that decide about money or access are read or refused by name, in each dialect, in batches and on the bus."""

from typing import Any

import pytest

from tests.stack.exchange import ACCOUNT, Answer
from tests.stack.house import House
from tests.stack.scenarios import affiliate_shop
from tests.stack.scenarios.point_of_sale import event, line, store
from tests.stack.scenarios.shop import order

ITEM = {"name": "Lamp", "amount": 30}


def siren(house: House, **members: Any) -> Answer:
    return house.sale(**members)


def sequenzy(house: House, **members: Any) -> Answer:
    return house.post("/orders", order(**members), base="/api/v1")


def noticia(house: House, **members: Any) -> Answer:
    store(house)
    return house.post("/sales-events", event(**members), base="/v1")


def refund(house: House, **members: Any) -> Answer:
    house.sale()
    return house.refund(**members)


def manual(house: House, **members: Any) -> Answer:
    return house.post("/transactions", {"details": [{"name": "Lamp", "value": 3000}], **members})


REFUSED = [
    (siren, {"discount": 5}, "discount", "item of the type discount"),
    (siren, {"total_discounts": "5.00"}, "total_discounts", "item of the type discount"),
    (siren, {"items": [ITEM, ITEM | {"total_discount": "5.00"}]}, "items[1].total_discount", "type discount"),
    (siren, {"items": [ITEM | {"discountCents": 500}]}, "items[0].discountCents", "send discount, or"),
    (siren, {"items": [ITEM | {"discount_allocations": [{"amount": "5.00"}]}]}, "items[0].discount_allocations", ""),
    (siren, {"totalTax": 8}, "totalTax", "item of the type tax"),
    (siren, {"shipping": 8}, "shipping", "item of the type shipping"),
    (siren, {"tip": 8}, "tip", "item of the type fee"),
    (siren, {"refundedAmount": 8}, "refundedAmount", "/event/refund"),
    (
        manual,
        {"details": [{"name": "Lamp", "value": 1, "totalDiscount": 1}]},
        "details[0].totalDiscount",
        "discount, or",
    ),
    (sequenzy, {"discountCents": 500}, "discountCents", "totalCents"),
    (sequenzy, {"items": [{"productId": "a", "title": "A", "quantity": 1, "discount": 5}]}, "items[0].discount", ""),
    (sequenzy, {"status": "refunded", "refundAmount": 5}, "refundAmount", "refundAmountCents"),
    (noticia, {"discount_cents": 500}, "discount_cents", "total_discount_cents"),
    (noticia, {"line_items": [{**line(), "discount_cents": 5}]}, "line_items[0].discount_cents", "total_price_cents"),
    (noticia, {"lineItems": [{**line(), "discount": 5}], "line_items": ...}, "lineItems[0].discount", ""),
    (affiliate_shop.post, {"discount": 500}, "discount", "less the discount"),
]


@pytest.mark.parametrize(("report", "members", "field", "instead"), REFUSED)
def test_a_member_that_means_money_is_refused_and_the_refusal_says_what_to_send(
    house: House, report: Any, members: dict[str, Any], field: str, instead: str
) -> None:
    answer = report(house, **members)

    assert answer.status == 422
    assert field in answer.text
    assert instead in answer.text
    assert not house.ledger("transaction")


@pytest.mark.parametrize("nothing", [None, "", 0, "0.00", [], {}])
def test_a_member_that_means_no_money_is_ignored(house: House, nothing: Any) -> None:
    for report in (siren, sequenzy, noticia, affiliate_shop.post, manual):
        assert report(house, discount=nothing).status < 300


def test_all_failed_checks_are_listed_with_the_money_that_is_not_read(house: House) -> None:
    failed = house.sale(total=-1, discount=5, items=[{"amount": "x", "tax": 1}]).error["context"]["failedValidations"]

    assert [it["field"] for it in failed] == ["total", "items[0].amount", "discount", "items[0].tax"]


def test_a_row_with_money_that_is_not_read_is_refused_alone(house: House) -> None:
    rows = [order("1", discount=5), order("2")]

    answer = house.post("/orders/batch", rows, base="/api/v1")

    assert [it["status"] for it in answer.json["results"]] == [422, 202]


def test_a_sale_with_a_discount_over_the_bus_is_a_dead_letter_that_names_it(house: House) -> None:
    house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT})
    sale = {"organization": "demo", "source": "shopify", "externalId": "1", "total": 9, "trackingId": 4218}
    house.event("SaleTriggered", sale | {"discount": 1})
    house.deliver()

    ((code, reason),) = house.dead_letters("receive_event")
    assert (code, reason.partition(" ")[0]) == ("VALIDATION_FAILED", "discount")


@pytest.mark.parametrize(
    ("report", "members", "field", "instead"),
    [
        (siren, {"Currency": "EUR"}, "Currency", "send currency."),
        (siren, {"line_items": [{"amount": 1}]}, "line_items", "send items."),
        (siren, {"items": [{"amount": 1, "Quantity": 3}]}, "items[0].Quantity", "send quantity."),
        (refund, {"Amount": 5}, "Amount", "send amount."),
        (refund, {"refundId": "r", "amount_cents": 500}, "amount_cents", "send amount."),
        (refund, {"refund_id": "r"}, "refund_id", "send refundId."),
        (refund, {"refundId": "r", "lineItems": [{"position": 0, "amount": 1}]}, "lineItems", "send items"),
        (sequenzy, {"status": "refunded", "refund_id": "r"}, "refund_id", "send refundId."),
    ],
)
def test_a_member_that_decides_about_money_is_refused_in_a_spelling_that_is_not_read(
    house: House, report: Any, members: dict[str, Any], field: str, instead: str
) -> None:
    answer = report(house, **members)

    assert answer.status == 422
    assert f"{field} is not read: {instead}" in answer.text


def test_a_member_in_both_spellings_is_read_in_the_documented_one(house: House) -> None:
    assert house.sale(currency="USD", Currency="EUR").status == 200


# refunds


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"amount": None, "refundId": "r"}, "amount"),
        ({"items": None, "refundId": "r"}, "items"),
        ({"refundAmount": 5}, "refundAmount"),
        ({"total": 5}, "total"),
    ],
)
def test_a_refund_of_an_unclear_amount_is_refused(house: House, members: dict[str, Any], field: str) -> None:
    house.sale()

    answer = house.refund(**members)

    assert answer.status == 422
    assert [it["field"] for it in answer.error["context"]["failedValidations"]] == [field]
    assert house.ledger("transaction")[0]["listed"]["status"] == "complete"


def test_an_order_is_refunded_by_its_rest_only_without_an_amount_not_with_null(house: House) -> None:
    sequenzy(house)
    refused = sequenzy(house, status="refunded", refundAmountCents=None)

    assert (refused.status, refused.json["issues"][0]["path"]) == (422, "refundAmountCents")
    assert sequenzy(house, status="refunded").status == 202
    assert sequenzy(house, order_id="o-2", refundAmountCents=None).status == 202


def refusal(answer: Answer) -> str:
    (failed,) = answer.error["context"]["failedValidations"]
    return str(failed["message"])


@pytest.mark.parametrize("part", [{}, {"refundId": "r", "amount": 5}, {"refundId": "r"}])
def test_a_refund_in_another_currency_than_its_sales_is_refused(house: House, part: dict[str, Any]) -> None:
    house.sale()
    before = house.ledger()

    answer = house.refund(currency="EUR", **part)

    assert (answer.status, refusal(answer)) == (422, "currency must be USD, as in the sale.")
    assert house.ledger() == before
    assert house.refund(currency="usd", **part).status == 200


@pytest.mark.parametrize("attributed", [True, False])
def test_an_orders_refund_in_another_currency_is_refused(house: House, attributed: bool) -> None:
    sequenzy(house)
    if attributed:
        house.deliver()

    answer = sequenzy(house, status="refunded", currency="EUR", refundAmountCents=100)

    assert (answer.status, answer.json["issues"][0]["path"]) == (422, "currency")
    assert sequenzy(house, status="refunded", refundAmountCents=100).status == 202


@pytest.mark.parametrize("part", [{}, {"refundId": "r", "amount": 5}])
def test_a_refund_over_the_bus_in_another_currency_is_a_dead_letter(house: House, part: dict[str, Any]) -> None:
    house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT})
    house.sale()
    refund = {"organization": "demo", "source": "shopify", "externalId": "ORD-1004", "currency": "EUR"}
    house.event("RefundTriggered", refund | part)
    house.deliver()

    assert house.dead_letters("receive_event") == [("VALIDATION_FAILED", "currency must be USD, as in the sale.")]
    assert house.owed() == [("pending", 500)]


@pytest.mark.parametrize("part", [{}, {"refundId": "r", "amount": 5}])
def test_a_refund_before_its_sale_in_another_currency_is_never_applied(house: House, part: dict[str, Any]) -> None:
    house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT})
    refund = {"organization": "demo", "source": "shopify", "externalId": "ORD-1004", "currency": "EUR"}
    house.event("RefundTriggered", refund | part)
    house.deliver()
    house.sale()
    house.deliver()

    assert house.owed() == [("pending", 500)]
    ((shown),) = house.get("/refunds", source="shopify", sourceId="ORD-1004").json
    assert shown["status"] == "refused"
    assert house.changes_of_repeats() == 0


def test_an_orders_refund_before_it_in_another_currency_is_never_applied(house: House) -> None:
    sequenzy(house, status="refunded", currency="EUR", refundAmountCents=100)
    house.deliver()
    sequenzy(house, trackingId=house.tracking_id, orderedAt=...)
    house.deliver()

    assert house.owed() == [("pending", 500)]
    ((shown),) = house.get("/refunds", source="sequenzy").json
    assert shown["status"] == "refused"


# access


@pytest.mark.parametrize("name", ["propertyId", "property_id"])
def test_a_key_for_one_store_is_refused_instead_of_opening_the_organization(house: House, name: str) -> None:
    answer = house.post("/api-keys", {"label": "shop", name: 7})

    assert answer.status == 422
    assert [it["field"] for it in answer.error["context"]["failedValidations"]] == [name]
    assert house.post("/api-keys", {"label": "shop", name: None}).status == 201
