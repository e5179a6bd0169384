"""A shop's own list of orders brings in those that no webhook told, and says which differ."""

import json
from typing import Any

import pytest

from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.stack.scenarios.hooks.hook_shop import Facts, HookShop, clicked, connect, earned, ledger, partner, pays
from tributary.shops.vendors import VENDORS

COLUMNS = {"order": "Order", "total": "Total", "paidAt": "Paid at"}
NO_NUMBER = "total is no number in the form 1234.56, without a currency and separators of thousands"
WHO = {"clickId": "Click", "alias": "Partner", "coupon": "Coupon"}
PAID_ORDERS = {
    "shopify": "orders_paid_guest_click",
    "woocommerce": "order_updated_paid",
    "stripe": "checkout_session_completed_paid",
    "paddle": "transaction_completed_first",
    "lemonsqueezy": "order_created_paid",
    "gumroad": "sale_click",
}
PAID = "2026-10-05 06:13:03"


@pytest.fixture
def shop(house: House) -> HookShop:
    return connect(house, "woocommerce")


def listed(shop: HookShop, *rows: str, header: str = "Order,Total,Paid at", **members: Any) -> Answer:
    """The answer to a list of these rows; amounts are of dollars unless `currency` says otherwise."""
    body = {"csv": "\r\n".join([header, *rows]) + "\r\n", "columns": COLUMNS, "currency": "USD", **members}
    answer = shop.house.post(f"/connections/{shop.id}/reconcile", body)
    shop.house.deliver()
    return answer


def test_missing_orders_are_recorded_and_known_ones_counted(shop: HookShop) -> None:
    shop.tells("order_updated_paid")

    answer = listed(shop, f"9310,27.50,{PAID}", f"9311,1234.56,{PAID}", f"9312,0.01,{PAID}")

    assert answer.status == 200
    assert answer.json == {"recorded": ["9311", "9312"], "known": 1, "differing": [], "refused": []}
    assert ledger(shop.house) == {
        "9310": Facts("USD", 2750, 0),
        "9311": Facts("USD", 123456, 0),
        "9312": Facts("USD", 1, 0),
    }


# the partner of an order that was listed before its webhook


def explained(shop: HookShop) -> Any:
    (number,) = [
        it["id"] for it in shop.house.get("/transactions", include="extended").json if it["sourceId"] == "9310"
    ]
    return shop.house.get(f"/transactions/{number}/attribution").json


@pytest.mark.parametrize("turned", [False, True])
def test_an_order_listed_without_a_partner_is_credited_by_its_webhook(shop: HookShop, turned: bool) -> None:
    dana = clicked(shop.house)
    if turned:
        shop.tells("order_updated_paid")
    listed(shop, f"9310,27.50,{PAID}")
    if not turned:
        summary = "The sale has not been attributed yet. It waits for the first webhook of its order."
        assert explained(shop)["summary"] == summary

    shop.tells("order_updated_paid", "order_updated_paid")

    assert (ledger(shop.house), earned(shop.house)) == ({"9310": Facts("USD", 2750, 0)}, {dana: 275})


def test_the_first_webhook_of_a_listed_order_decides_and_a_later_one_does_not(shop: HookShop) -> None:
    clicked(shop.house)
    listed(shop, f"9310,27.50,{PAID}")

    shop.tells(shop.changed("order_updated_paid", meta_data=[]), "order_updated_paid", "order_updated_after_edit")

    assert (earned(shop.house), explained(shop)["reason"]) == ({}, "not_referred")


def test_a_listed_order_with_a_partner_waits_for_nothing(shop: HookShop) -> None:
    anna = partner(shop.house, "coupon", "XDANA")
    row = {"header": "Order,Total,Paid at,Coupon", "columns": COLUMNS | {"coupon": "Coupon"}}
    listed(shop, f"9310,27.50,{PAID},xdana", f"9311,20.00,{PAID},STRANGER", **row)

    assert earned(shop.house) == {anna: 275}
    assert len(shop.house.ledger("referral-waiting")) == 1


@pytest.mark.parametrize("turned", [False, True])
def test_a_listed_invoice_is_credited_by_the_session_of_its_subscription(house: House, turned: bool) -> None:
    pays(house, "GBP")
    dana, shop = clicked(house), connect(house, "stripe")
    number = json.loads(shop.body("invoice_paid_first"))["data"]["object"]["id"]
    listed(shop, f"{number},36.00,{PAID}", currency="GBP")
    told = ["invoice_paid_first", "checkout_session_completed_subscription"]

    shop.tells(*(reversed(told) if turned else told))

    assert (ledger(house), earned(house)) == ({number: Facts("GBP", 3600, 0)}, {dana: 300})


def test_the_same_list_again_changes_nothing(shop: HookShop) -> None:
    rows = [f"{number},10.00,{PAID}" for number in range(5)]
    listed(shop, *rows)
    before = shop.house.ledger()

    assert listed(shop, *rows).json == {"recorded": [], "known": 5, "differing": [], "refused": []}

    assert shop.house.ledger() == before


def test_a_dry_run_says_the_same_and_writes_nothing(shop: HookShop) -> None:
    before = shop.house.ledger()

    tried = listed(shop, f"1,10.00,{PAID}", "2,x,y", dryRun=True).json
    assert shop.house.ledger() == before

    assert listed(shop, f"1,10.00,{PAID}", "2,x,y").json == tried
    assert tried["recorded"] == ["1"]


def test_rows_that_differ_from_the_ledger_are_named_and_not_changed(shop: HookShop) -> None:
    shop.tells("order_updated_paid", "order_updated_coupon_tax_shipping_fee")
    before = shop.house.ledger()
    (sale,) = [it for it in shop.house.get("/transactions", include="extended").json if it["sourceId"] == "9310"]

    shown = listed(shop, f"9310,30.00,{PAID}", f"9320,123.99,{PAID}").json

    assert shown["differing"] == [
        {
            "row": 1,
            "order": "9310",
            "transactionId": sale["id"],
            "listed": {"total": 3000, "currency": "USD"},
            "recorded": {"total": 2750, "currency": "USD"},
        },
        {
            "row": 2,
            "order": "9320",
            "transactionId": shown["differing"][1]["transactionId"],
            "listed": {"total": 12399, "currency": "USD"},
            "recorded": {"total": 12399, "currency": "EUR"},
        },
    ]
    assert (shown["known"], shop.house.ledger()) == (2, before)


def test_a_refunded_order_does_not_differ(shop: HookShop) -> None:
    shop.tells("order_updated_second_refund")

    assert listed(shop, f"9320,123.99,{PAID}", currency="EUR").json["differing"] == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f",10.00,{PAID}", "order is missing"),
        (f"1,,{PAID}", "total is missing"),
        ("1,10.00,", "paidAt is missing"),
        ("1,10.00", "paidAt is missing"),
        (f'1,"1,234.56",{PAID}', NO_NUMBER),
        (f"1,1,234.56,{PAID}", "row has more fields than the header"),
        (f"1,$10.00,{PAID}", NO_NUMBER),
        (f"1,=1+1,{PAID}", NO_NUMBER),
        (f"1,10.005,{PAID}", "total has more decimals than USD has"),
        (f'1,"1234,56",{PAID}', NO_NUMBER),
        (f"#1001,10.00,{PAID}", "order is not the id that the shop's webhooks have"),
        (f"1,-5,{PAID}", "total is not more than 0"),
        (f"1,0.00,{PAID}", "total is not more than 0"),
        (f"1,1e30,{PAID}", NO_NUMBER),
        (f"1,99999999999999,{PAID}", "total is too large"),
        ("1,10.00,yesterday", "paidAt is no time"),
        ("1,10.00,05/10/2026", "paidAt is no time"),
        (f"{'x' * 300},10.00,{PAID}", "order is no id"),
    ],
)
def test_a_row_that_is_no_order_is_named_with_its_reason_and_the_others_are_taken(
    shop: HookShop, row: str, reason: str
) -> None:
    shown = listed(shop, f"7,10.00,{PAID}", row, f"8,10.00,{PAID}").json

    assert shown["refused"] == [{"row": 2, "reason": reason}]
    assert set(ledger(shop.house)) == {"7", "8"}


@pytest.mark.parametrize(
    ("currency", "total", "facts"),
    [
        ("JPY", "4440", Facts("JPY", 4440, 0)),
        ("kwd", "24.750", Facts("KWD", 24750, 0)),
        ("USD", "90071992547.41", Facts("USD", 9007199254741, 0)),
    ],
)
def test_amounts_are_exact_in_major_units_of_any_currency(
    shop: HookShop, currency: str, total: str, facts: Facts
) -> None:
    columns = COLUMNS | {"currency": "Currency"}

    listed(shop, f"1,{total},{PAID},{currency}", header="Order,Total,Paid at,Currency", columns=columns)

    assert ledger(shop.house) == {"1": facts}


def test_a_rows_currency_beats_that_of_the_list_and_one_of_the_two_is_needed(shop: HookShop) -> None:
    columns, header = COLUMNS | {"currency": "Currency"}, "Order,Total,Paid at,Currency"
    rows = [f"1,10.00,{PAID},EUR", f"2,10.00,{PAID},"]

    assert listed(shop, *rows, header=header, columns=columns, currency=None).json["refused"] == [
        {"row": 2, "reason": "currency is missing"}
    ]
    listed(shop, *rows, header=header, columns=columns)

    assert {number: it.currency for number, it in ledger(shop.house).items()} == {"1": "EUR", "2": "USD"}


@pytest.mark.parametrize(("column", "value"), [("Click", "70419"), ("Partner", "oslo-7"), ("Coupon", "harvestten")])
def test_the_one_who_brought_an_order_earns_by_the_lists_own_columns(shop: HookShop, column: str, value: str) -> None:
    kind = {"Partner": "tracking", "Coupon": "coupon"}.get(column)
    who = partner(shop.house, kind, value.upper()) if kind else clicked(shop.house)
    cells = ",".join(value if name == column else "" for name in WHO.values())

    listed(
        shop, f"1,100.00,{PAID},{cells}", header=f"Order,Total,Paid at,{','.join(WHO.values())}", columns=COLUMNS | WHO
    )

    assert earned(shop.house) == {who: 1000}


def test_a_webhook_that_comes_late_tells_better_than_the_list(shop: HookShop) -> None:
    """The list's clock may be that of the shop, hours ahead; and its order had no lines."""
    listed(shop, "9320,123.99,2026-10-07 23:59:59", currency="EUR")

    shop.tells("order_updated_coupon_tax_shipping_fee", "order_updated_first_refund")

    ((sale),) = shop.house.ledger("transaction")
    assert sale["listed"]["detailCount"] > 1
    assert ledger(shop.house) == {"9320": Facts("EUR", 12399, 3000)}


def test_further_rows_of_an_order_have_no_total_and_are_passed_over(shop: HookShop) -> None:
    """Shopify's list has a row for each line of an order; the first one has the order's values."""
    header = "Order,Total,Paid at,Lineitem"

    shown = listed(shop, f"1,10.00,{PAID},Lamp", "1,,,Shade", ",,,Bulb", f"2,5.00,{PAID},Lamp", header=header).json

    assert shown == {"recorded": ["1", "2"], "known": 0, "differing": [], "refused": []}


def test_rows_of_one_order_that_disagree_are_refused_but_for_the_first(shop: HookShop) -> None:
    shown = listed(shop, f"1,10.00,{PAID}", f"1,10.00,{PAID}", f"1,5.00,{PAID}").json

    assert shown["recorded"] == ["1"]
    assert shown["refused"] == [{"row": 3, "reason": "order was named by another row, with other values"}]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-10-05 08:12:40 -0400", "2026-10-05T12:12:40.000Z"),
        ("2026-10-05 08:12:40 +05:30", "2026-10-05T02:42:40.000Z"),
        ("2026-10-05T08:12:40Z", "2026-10-05T08:12:40.000Z"),
        ("2026-10-05 08:12", "2026-10-05T08:12:00.000Z"),
        ("2026-10-05", "2026-10-05T00:00:00.000Z"),
    ],
)
def test_moments_as_shops_write_them(shop: HookShop, text: str, moment: str) -> None:
    listed(shop, f"1,10.00,{text}")

    ((sale),) = shop.house.ledger("transaction")
    assert sale["reported"]["occurredAt"] == moment


@pytest.mark.parametrize("order", ["=HYPERLINK(1)", "+1", "@SUM(A1)", "-2+3", "'9310", "<b>"])
def test_a_formula_is_no_id_as_any_other_text(shop: HookShop, order: str) -> None:
    shown = listed(shop, f"{order},10.00,{PAID}", f"9310 ,10.00,{PAID}").json

    assert shown["refused"] == [{"row": 1, "reason": "order is not the id that the shop's webhooks have"}]
    assert set(ledger(shop.house)) == {"9310"}


@pytest.mark.parametrize("vendor", VENDORS)
def test_numbers_shown_to_people_are_refused_and_ids_of_webhooks_are_taken(house: House, vendor: str) -> None:
    """Else every order of a list would be a second sale."""
    shop = connect(house, vendor)
    shop.tells(PAID_ORDERS[vendor])
    (known,) = ledger(house)

    shown = listed(shop, f"#1001,10.00,{PAID}", f"{known},10.00,{PAID}").json

    assert (shown["known"], [it["row"] for it in shown["refused"]]) == (1, [1])


def test_the_name_of_an_order_without_its_sign_is_no_id_of_shopify(house: House) -> None:
    shop = connect(house, "shopify")

    assert [it["row"] for it in listed(shop, f"1001,10.00,{PAID}").json["refused"]] == [1]


@pytest.mark.parametrize("sign", [";", "\t"])
def test_a_list_with_another_separator_is_read(shop: HookShop, sign: str) -> None:
    rows = [f"9310{sign}10.00{sign}{PAID}", f'9311{sign}"12,50"{sign}{PAID}']

    shown = listed(shop, *rows, header=sign.join(COLUMNS.values())).json

    assert (shown["recorded"], shown["refused"]) == (["9310"], [{"row": 2, "reason": NO_NUMBER}])


# the header


@pytest.mark.parametrize(
    ("header", "failures"),
    [
        ("Order|Total|Paid at", {"columns.order": "UNKNOWN", "columns.total": "UNKNOWN", "columns.paidAt": "UNKNOWN"}),
        ("Order,total,Paid at", {"columns.total": "UNKNOWN"}),
        ("Order,Total,Paid at,Total", {"columns.total": "FORMAT"}),
        ("Total,Total,Paid at", {"columns.order": "UNKNOWN", "columns.total": "FORMAT"}),
        ('"Order,Total', {"csv": "FORMAT"}),
    ],
)
def test_a_header_without_the_named_columns_is_refused_as_a_whole(
    shop: HookShop, header: str, failures: dict[str, str]
) -> None:
    before = shop.house.ledger()

    answer = listed(shop, f"1,10.00,{PAID},1", header=header)

    assert (answer.status, answer.failures) == (422, failures)
    assert shop.house.ledger() == before


def test_a_byte_order_mark_and_quotes_are_no_part_of_a_name(shop: HookShop) -> None:
    assert listed(shop, f'"1","10.00","{PAID}"', header='\ufeff"Order","Total","Paid at"').json["recorded"] == ["1"]


@pytest.mark.parametrize(("rows", "status"), [(1000, 200), (1001, 422)])
def test_a_list_has_at_most_a_thousand_rows(shop: HookShop, rows: int, status: int) -> None:
    answer = listed(shop, *(f"{number},10.00,{PAID}" for number in range(rows)), dryRun=True)

    assert answer.status == status
    assert status == 200 or answer.failures == {"csv": "MAX"}


@pytest.mark.parametrize(
    ("members", "failures"),
    [
        ({"csv": " "}, {"csv": "FORMAT"}),
        ({"csv": "x" * 500_001}, {"csv": "LENGTH"}),
        (
            {"csv": 7, "columns": {"order": "", "x": 1}, "currency": "XX", "dryRun": "maybe"},
            {"csv", "columns.order", "columns.total", "columns.paidAt", "currency", "dryRun"},
        ),
        ({"columns": None}, {"columns": "REQUIRED"}),
    ],
)
def test_all_faults_of_a_body_are_told_at_once(shop: HookShop, members: Any, failures: Any) -> None:
    answer = listed(shop, f"1,10.00,{PAID}", **members)

    assert answer.status == 422
    assert (set(answer.failures) if isinstance(failures, set) else answer.failures) == failures


@pytest.mark.parametrize("body", ["Order,Total,Paid at\r\n", "Order,Total,Paid at", "\n\nOrder,Total,Paid at\n\n\n"])
def test_a_list_of_no_orders_is_no_fault(shop: HookShop, body: str) -> None:
    assert listed(shop, csv=body).json == {"recorded": [], "known": 0, "differing": [], "refused": []}


def test_nul_and_other_signs_that_no_key_holds_are_no_fault_of_ours(shop: HookShop) -> None:
    for row in (f"\x00,10.00,{PAID}", f"a\x00b,10.00,{PAID}", f"\ud800,10.00,{PAID}", f"{'é' * 255},10.00,{PAID}"):
        assert listed(shop, row).status in (200, 422), row
