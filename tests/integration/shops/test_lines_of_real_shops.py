"""Lines, texts and moments as real shops send them: read alike in each dialect, in batches and on the bus."""

from typing import Any

import pytest

from tests.stack.exchange import Item
from tests.stack.house import House
from tests.stack.scenarios.point_of_sale import event, line
from tests.stack.scenarios.shop import order
from tests.stack.scenarios.shops import GROWI, NOTICIA, SEQUENZY, SIREN, SOLD, Shop, Thing, ids
from tests.stack.scenarios.ways import (
    AFFILIATE_SALE,
    ORDER,
    PURCHASE,
    REFUND,
    SALE,
    SALE_CHANGED,
    WITHDRAWN,
    Heard,
    Report,
    send,
)

BODY = {"source": "shopify", "externalId": "R-1", "trackingId": 4218}
AFFILIATE = {"order_id": "R-1", "total": 4999, "currency": "usd", "campaign_affiliate_id": "DEMO"}


def of(*reports: Report) -> Any:
    """Each report with each of its ways."""
    return pytest.mark.parametrize(("report", "way"), [(it, way) for it in reports for way in it.ways], ids=ids)


listed_sale = pytest.mark.parametrize(("shop", "way"), [it for it in SOLD if it[0].listed], ids=ids)


def sells(house: House, report: Report, way: str, *lines: tuple[Any, Any, int], **more: Any) -> Heard:
    """Report a sale of lines: the price of a unit in major units, the quantity, and what it costs in minor units."""
    total = sum(cost for _, _, cost in lines)
    items = [{"amount": unit, "quantity": quantity} for unit, quantity, _ in lines]
    bought = [
        {"productId": "p", "title": "P", "quantity": quantity, "priceCents": float(unit) * 100}
        for unit, quantity, _ in lines
    ]
    rung_up = [
        {"quantity": quantity, "total_price_cents": cost, "unit_price_cents": float(unit) * 100}
        for unit, quantity, cost in lines
    ]
    bodies: dict[str, Item] = {
        SALE.path: {**BODY, "total": total / 100, "items": items},
        ORDER.path: order(items=bought, totalCents=total),
        PURCHASE.path: event(line_items=rung_up, total_amount_cents=total),
    }
    return send(house, report, way, bodies[report.path] | more)


def details(house: House) -> list[tuple[int, int, str | None]]:
    """Value, quantity and reported quantity of each detail of the one sale."""
    (sale,) = house.get("/transactions", key="reader", include="extended").json
    return [(it["value"], it["quantity"], it["attributes"].get("quantity")) for it in sale["details"]]


# prices and quantities


@of(SALE, ORDER, PURCHASE)
def test_a_price_finer_than_a_cent_is_rounded_once_a_line(house: House, report: Report, way: str) -> None:
    lines = [("8.165", 2, 1633), ("0.826446", 250, 20661), ("24.3333333", 3, 7300)]

    assert sells(house, report, way, *lines).taken

    of_units = [(816, 1), (817, 1), (82, 89), (83, 161), (2433, 2), (2434, 1)]
    assert details(house) == [(*it, None) for it in of_units]


@of(SALE, ORDER, PURCHASE)
def test_goods_by_weight_are_one_detail_of_what_they_cost(house: House, report: Report, way: str) -> None:
    lines = [("12.50", 0.5, 625), ("3.33", "1.50", 500), ("2.50", "1.25", 313)]

    assert sells(house, report, way, *lines).taken

    assert details(house) == [(625, 1, "0.5"), (500, 1, "1.50"), (313, 1, "1.25")]


@of(SALE, ORDER, PURCHASE)
def test_a_whole_quantity_in_another_form_is_that_number_of_units(house: House, report: Report, way: str) -> None:
    assert sells(house, report, way, *(("3.00", quantity, 600) for quantity in ("2", "2.0", 2.0))).taken

    assert details(house) == [(300, 2, None)] * 3


@of(SALE, ORDER, PURCHASE)
def test_a_quantity_that_is_none_is_refused_by_name(house: House, report: Report, way: str) -> None:
    for quantity in (0, -1, "two", "0.0000001"):
        heard = sells(house, report, way, ("3.00", quantity, 600))
        assert (heard.taken, "[0].quantity" in heard.text) == (False, True)

    assert not house.ledger("transaction")


@listed_sale
def test_a_free_line_is_no_unit_of_a_payout_per_product(house: House, shop: Shop, way: str) -> None:
    calculation = {"payoutPerProduct": 100, "autoApprove": True, "activeConversionTypes": ["sale"]}
    changes = {"incentiveType": "saleFixedPerProduct", "incentiveCalculation": calculation}
    assert house.put(f"/programs/{house.program_id}", changes).status == 200

    shop.sells(house, 8000, Thing("A", 8000, 2), Thing("gift", 0), way=way)

    assert house.owed() == [("pending", 200)]


@of(SALE)
def test_a_fee_and_cash_rounding_below_zero_lower_a_sale(house: House, report: Report, way: str) -> None:
    lines = [{"amount": 50, "externalId": "L"}, {"type": "fee", "amount": -2}, {"type": "rounding", "amount": "-0.02"}]

    assert send(house, report, way, {**BODY, "total": 47.98, "items": lines}).taken

    assert [value for value, *_ in details(house)] == [5000, -200, -2]
    assert house.owed() == [("pending", 500)]


@of(SALE)
def test_a_discount_of_a_line_or_of_shipping_is_the_items_own(house: House, report: Report, way: str) -> None:
    lines = [{"amount": 50, "discount": 10}, {"type": "shipping", "amount": 10, "discount": "4.00"}]

    assert send(house, report, way, {**BODY, "total": 46, "items": lines}).taken

    assert [value for value, *_ in details(house)] == [4000, 600]
    assert house.owed() == [("pending", 400)]


@of(SALE_CHANGED)
def test_an_edit_has_the_lines_of_a_sale(house: House, report: Report, way: str) -> None:
    """A fine price, goods by weight, a discount of its own and cash rounding."""
    SIREN.sells(house, 100, Thing("A", 100))
    lines = [
        {"externalId": "A", "amount": "8.165", "quantity": 2},
        {"amount": "12.50", "quantity": "0.5", "discount": "0.25"},
        {"type": "rounding", "amount": "-0.03"},
    ]

    edit = {**SIREN.named(), "total": "22.30", "items": lines, "changedAt": "2026-11-21T12:00:00Z"}
    assert send(house, report, way, edit).taken

    assert details(house) == [(816, 1, None), (817, 1, None), (600, 1, "0.5"), (-3, 1, None)]
    assert house.owed() == [("pending", 223)]


# blank text

BLANKS: list[tuple[Report, Item]] = [
    (SALE, {**BODY, "total": 9, "items": [{"amount": 9, "sku": "", "name": " ", "externalId": "", "description": ""}]}),
    (
        ORDER,
        order(
            orderNumber="",
            items=[{"productId": "p", "title": "P", "quantity": 1, "sku": "", "variantId": " ", "variantTitle": ""}],
            customer={"email": " ada@example.com ", "externalId": "", "firstName": "", "lastName": ""},
        ),
    ),
    (PURCHASE, event(profile_id="", source="", line_items=[{**line(), "external_id": "", "product": {"name": ""}}])),
    (AFFILIATE_SALE, {**AFFILIATE, "sub_id": "", "customer_email": "", "customer_name": " ", "visitor_uid": ""}),
]


@pytest.mark.parametrize(
    ("report", "body", "way"), [(report, body, way) for report, body in BLANKS for way in report.ways], ids=ids
)
def test_blank_optional_text_of_a_shop_counts_as_absent(house: House, report: Report, body: Item, way: str) -> None:
    heard = send(house, report, way, body)

    assert heard.taken, heard.text
    (sale,) = house.get("/transactions", key="reader", include="extended").json
    assert all(it.strip() for detail in sale["details"] for it in (detail["name"], *detail["attributes"].values()))
    assert not [it for it in house.ledger("customer") if it["listed"].get("externalId") == ""]


NAMES: list[tuple[Report, Item, str]] = [
    (SALE, {**BODY, "total": 9, "externalId": " "}, "externalId"),
    (SALE, {**BODY, "total": 9, "source": ""}, "source"),
    (ORDER, order(""), "orderId"),
    (ORDER, order(status="refunded", refundId=""), "refundId"),
    (PURCHASE, event(external_id=""), "external_id"),
    (AFFILIATE_SALE, AFFILIATE | {"order_id": ""}, "order_id"),
]


@pytest.mark.parametrize(
    ("report", "body", "name", "way"),
    [(report, body, name, way) for report, body, name in NAMES for way in report.ways],
    ids=ids,
)
def test_a_blank_name_of_a_record_is_refused(house: House, report: Report, body: Item, name: str, way: str) -> None:
    heard = send(house, report, way, body)

    assert (heard.taken, name in heard.text) == (False, True)
    assert not house.ledger("transaction")


# money that is not read


@pytest.mark.parametrize(
    ("report", "members", "name", "way"),
    [
        (report, members, name, way)
        for report, members, name in [
            (SALE, {"discount": 5}, "discount"),
            (SALE, {"items": [{"amount": 9, "total_discount": "5.00"}]}, "items[0].total_discount"),
            (SALE, {"totalTax": 8}, "totalTax"),
            (SALE_CHANGED, {"discount": 5}, "discount"),
            (SALE_CHANGED, {"items": [{"amount": 9, "discountCents": 5}]}, "items[0].discountCents"),
            (REFUND, {"refundAmount": 5}, "refundAmount"),
            (REFUND, {"refundId": "r", "total": 5}, "total"),
            (REFUND, {"amount": 5}, "refundId"),
            (WITHDRAWN, {"refundId": "r", "amount": 5}, "amount"),
            (ORDER, {"discountCents": 5}, "discountCents"),
            (ORDER, {"refundAmountCents": 5}, "refundAmountCents"),
            (ORDER, {"status": "fulfilled", "refundAmountCents": 5, "refundId": "r"}, "refundAmountCents"),
            (ORDER, {"status": "refunded", "refundAmount": 5}, "refundAmount"),
            (PURCHASE, {"discount_cents": 5}, "discount_cents"),
            (PURCHASE, {"line_items": [{**line(), "discount": 5}]}, "line_items[0].discount"),
            (AFFILIATE_SALE, {"discount": 5}, "discount"),
        ]
        for way in report.ways
    ],
    ids=ids,
)
def test_money_that_is_not_read_is_refused_by_name(
    house: House, report: Report, members: Item, name: str, way: str
) -> None:
    SIREN.sells(house, 900, Thing("A", 900), order="R-0")
    before = house.ledger("transaction")
    whole = {
        SALE.path: {**BODY, "total": 9},
        REFUND.path: SIREN.named("R-0"),
        WITHDRAWN.path: SIREN.named("R-0"),
        SALE_CHANGED.path: {**SIREN.named("R-0"), "total": 9, "changedAt": "2026-11-21T12:00:00Z"},
        ORDER.path: order(),
        PURCHASE.path: event(),
        AFFILIATE_SALE.path: AFFILIATE,
    }

    heard = send(house, report, way, whole[report.path] | members)

    assert (heard.taken, name in heard.text) == (False, True)
    assert house.ledger("transaction") == before


def test_money_that_is_not_read_is_refused_in_a_change_of_an_affiliate_sale(house: House) -> None:
    GROWI.sells(house, 8800, Thing("A", 8000))
    ((sale),) = house.ledger("transaction")

    path = f"/affiliate_sales/{sale['listed']['id']}"
    answer = house.call("PATCH", path, {"discount": 500}, base="/api/public/v1")

    assert (answer.status, "discount" in answer.text) == (422, True)


@pytest.mark.parametrize("members", [{"refundAmountCents": 0}, {"refundAmountCents": None}])
@pytest.mark.parametrize("way", ORDER.ways)
def test_a_placed_order_that_says_that_nothing_was_refunded_is_taken(house: House, members: Item, way: str) -> None:
    assert send(house, ORDER, way, order(**members)).taken


# repeats


@pytest.mark.parametrize(("shop", "way"), [it for it in SOLD if it[1] != "bus"], ids=ids)
def test_a_repeat_that_says_something_else_is_disclosed(house: House, shop: Shop, way: str) -> None:
    total = {SIREN: "total", SEQUENZY: "totalCents", NOTICIA: "total_amount_cents", GROWI: "total"}[shop]
    first, same, other = (shop.sells(house, cents, Thing("A", 8000), way=way) for cents in (8800, 8800, 8900))

    assert [it.headers.get("Idempotency-Hit") for it in (first, same, other)] == [None, "true", "true"]
    assert [it.headers.get("Idempotency-Differs") for it in (first, same, other)] == [None, None, total]


def test_a_repeat_on_the_bus_leaves_the_first_report(house: House) -> None:
    for cents in (8800, 8900):
        SIREN.sells(house, cents, Thing("A", 8000), way="bus")

    ((sale),) = house.ledger("transaction")
    assert sale["reported"]["total"] == 8800


# moments


@pytest.mark.parametrize(
    ("report", "body", "way"),
    [
        (report, body, way)
        for report, body in [
            (SALE, {**BODY, "total": 9, "occurredAt": "2026-04-25T14:32:00"}),
            (ORDER, order(orderedAt="2026-04-25T14:32:00")),
            (AFFILIATE_SALE, {**AFFILIATE, "occurred_at": "2026-04-25T14:32:00"}),
        ]
        for way in report.ways
    ],
    ids=ids,
)
def test_a_time_without_an_offset_is_utc(house: House, report: Report, body: Item, way: str) -> None:
    assert send(house, report, way, body).taken

    ((sale),) = house.ledger("transaction")
    assert sale["reported"]["occurredAt"] == "2026-04-25T14:32:00.000Z"


@pytest.mark.parametrize("way", PURCHASE.ways)
def test_a_time_without_an_offset_is_refused_where_the_dialect_requires_one(house: House, way: str) -> None:
    heard = send(house, PURCHASE, way, event(occurred_at="2026-04-25T14:32:00"))

    assert (heard.taken, "occurred_at" in heard.text) == (False, True)


@pytest.mark.parametrize(
    ("report", "members", "way"),
    [
        (report, members, way)
        for report, members in [
            (SALE, {"occurredAt": "2022-12-31T23:59:59Z"}),
            (ORDER, {"orderedAt": "2022-12-31T23:59:59Z"}),
            (AFFILIATE_SALE, {"occurred_at": "2022-12-31T23:59:59Z"}),
        ]
        for way in report.ways
    ],
    ids=ids,
)
@pytest.mark.parametrize("of_its_time", [True, False])
def test_a_withdrawn_currency_is_taken_for_its_time_only(
    house: House, report: Report, members: Item, way: str, of_its_time: bool
) -> None:
    """Croatia left the kuna at the end of 2022."""
    bodies = {SALE.path: {**BODY, "total": 9}, ORDER.path: order(orderedAt=...), AFFILIATE_SALE.path: AFFILIATE}

    body = bodies[report.path] | {"currency": "HRK"} | (members if of_its_time else {})
    heard = send(house, report, way, body)

    assert heard.taken is of_its_time, heard.text
    assert of_its_time or "was withdrawn in" in heard.text
