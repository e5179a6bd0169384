"""Orders pushed by shops: the answer, the effects, and reading both back."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.stack.exchange import Message
from tests.stack.house import House
from tests.stack.scenarios.shop import ADA, BASE, ITEMS, MONDAY, TUESDAY, announced, job, order, push, read, subscriber


def job_of(house: House, *args: Any, **members: Any) -> str:
    answer = push(house, *args, **members)
    assert answer.status == 202, answer.text
    return str(answer.json["jobId"])


def order_update(house: House) -> Message:
    """The one order update that has arrived at the consumer that applies it."""
    house.publish()
    (message,) = [it for it in house.arrived() if it.function == "follow_order"]
    return message


def row(house: House) -> tuple[int, ...]:
    """Number of orders, amount spent, amount refunded."""
    (totals,) = subscriber(house)["totals"]
    return totals["ordersCount"], totals["totalSpent"], totals["refundedTotal"]


def test_an_order_is_answered_immediately_as_queued(house: House) -> None:
    answer = push(house)

    assert answer.status == 202
    assert answer.json["jobId"].startswith("commerce-order-")
    assert answer.text == (
        f'{{"success":true,"queued":true,"jobId":"{answer.json["jobId"]}","orderId":"o-1","status":"placed"}}'
    )


def test_a_placed_order_is_a_sale_of_its_customer_and_pays_the_affiliate(house: House) -> None:
    push(house, trackingId=house.tracking_id)
    house.deliver()

    (sale,) = house.ledger("transaction")
    assert sale["reported"]["source"] == "sequenzy"
    assert sale["reported"]["occurredAt"] == MONDAY
    assert sale["listed"]["totalValue"] == sale["refundable"] == 4999
    assert read(house)["transaction"] == {"id": sale["listed"]["id"], "status": "complete", "refundableCents": 4999}


def test_an_order_in_a_withdrawn_currency_is_of_its_time_and_refundable_later(house: House) -> None:
    assert push(house, currency="HRK", orderedAt="2022-06-01").status == 202
    assert push(house, "o-1", "refunded", currency="HRK", orderedAt=...).status == 202
    late = push(house, "o-2", currency="HRK")

    assert (late.status, late.json["issues"]) == (
        422,
        [{"path": "currency", "message": "currency was withdrawn in 2023-01."}],
    )


def test_a_placed_order_of_a_visit_pays_the_collaborator(house: House) -> None:
    push(house, trackingId=house.tracking_id, orderedAt=...)
    house.deliver()

    assert house.owed() == [("pending", 500)]


def nested(depth: int) -> Any:
    return {"a": nested(depth - 1)} if depth else "deep"


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ({"a": nested(9)}, 202),
        ({"a": nested(10)}, 422),
        ({"a": {"b": [None, True, {"c": [1, "2"]}]}}, 202),
        ({"a": {"": 1}}, 422),
        ({"a": {"b": ["x" * 1001]}}, 422),
        ({"a": {"b": list(range(101))}}, 422),
        ({"a": {str(number): 1 for number in range(101)}}, 422),
    ],
)
def test_nested_attributes_are_kept_within_their_limits(house: House, attributes: Any, status: int) -> None:
    answer = push(house, customer={**ADA, "attributes": attributes})

    assert answer.status == status, answer.text
    if status == 202:
        assert subscriber(house)["attributes"] == attributes


def test_an_order_with_too_large_attributes_is_kept_and_the_answer_names_the_rest(
    house: House,
) -> None:
    attributes = {f"{number:02}": {"a": ["x" * 1000] * 5} for number in range(100)}

    answer = push(house, customer={**ADA, "attributes": attributes})
    house.deliver()

    kept = subscriber(house)["attributes"]
    assert (answer.status, row(house)[0]) == (202, 1)
    assert 30 < len(kept) < 100
    assert answer.json["attributesLeftOut"] == sorted(attributes.keys() - kept.keys())


def test_an_order_is_kept_though_its_buyer_has_a_hundred_attributes(house: House) -> None:
    push(house, customer={**ADA, "attributes": {f"{number:02}": number for number in range(100)}})

    answer = push(house, "o-2", customer={**ADA, "attributes": {"more": 1, "00": "new"}}, orderedAt=TUESDAY)

    assert (answer.status, answer.json["attributesLeftOut"]) == (202, ["more"])
    assert subscriber(house)["attributes"]["00"] == "new"


def test_a_cleared_attribute_gives_its_place_to_a_new_one(house: House) -> None:
    push(house, customer={**ADA, "attributes": {f"{number:02}": number for number in range(100)}})
    push(house, "o-2", customer={**ADA, "attributes": {"07": None}}, orderedAt=TUESDAY)

    answer = push(house, "o-3", customer={**ADA, "attributes": {"more": 1}}, orderedAt=TUESDAY)

    assert (answer.status, "attributesLeftOut" in answer.json) == (202, False)
    assert subscriber(house)["attributes"].keys() - {f"{number:02}" for number in range(100)} == {"more"}


def test_the_subscriber_is_read_back_with_names_attributes_and_revenue(house: House) -> None:
    push(house, customer={**ADA, "attributes": {"plan": "gold", "score": 1.5, "tags": ["a", 2]}})
    push(house, "o-2", totalCents=1001, items=[])
    house.deliver()

    shown = subscriber(house, "ADA@example.com")

    assert {name: shown[name] for name in ADA} == ADA
    assert shown["attributes"] == {"plan": "gold", "score": "1.5", "tags": ["a", 2]}
    assert shown["totals"] == [
        {
            "currency": "USD",
            "ltv": 6000,
            "aov": 3000,
            "netSpent": 6000,
            "ordersCount": 2,
            "totalSpent": 6000,
            "refundedTotal": 0,
        }
    ]
    assert house.get("/subscribers/nobody@example.com", base=BASE).status == 404


def test_a_later_order_updates_the_customer_and_null_clears(house: House) -> None:
    push(house, "o-2", orderedAt=TUESDAY, customer={"email": ADA["email"], "firstName": "Augusta", "lastName": None})
    push(house, "o-1", customer={**ADA, "firstName": "Ada", "lastName": ""})

    shown = subscriber(house)
    assert (shown["firstName"], shown["lastName"], shown["externalId"]) == ("Augusta", None, "crm-1")


def test_an_announcement_has_the_shops_fields_the_customers_id_and_no_name(house: House) -> None:
    reserved = {"provider": "x", "orderId": "x", "lineItems": [], "orderedAt": "x", "status": "x", "customerId": "x"}
    push(house, orderNumber="#1", properties={**reserved, "gift": True, "weight": 1.5, "deep": {"a": [1]}})
    house.deliver()

    (event,) = announced(house)
    assert event["detail-type"] == "ecommerce.order_placed"
    order_update = event["detail"]["data"]
    assert order_update == {
        "provider": "api",
        "orderId": "o-1",
        "orderNumber": "#1",
        "orderedAt": MONDAY,
        "status": "placed",
        "totalCents": 4999,
        "currency": "USD",
        "lineItems": [
            {
                "provider": "api",
                "providerProductId": item["productId"],
                "providerVariantId": item.get("variantId"),
                "title": item["title"],
                "quantity": item["quantity"],
                "priceCents": item["priceCents"],
            }
            for item in ITEMS
        ],
        "jobId": order_update["jobId"],
        "source": "sequenzy",
        "customerId": int(subscriber(house)["id"]),
        "gift": True,
        "weight": 1.5,
        "deep": {"a": [1]},
    }
    assert "ada@" not in json.dumps(announced(house))


@pytest.mark.parametrize("status", ["cancelled", "fulfilled", "refunded"])
def test_each_status_is_announced_under_its_name_and_alone_moves_no_money(house: House, status: str) -> None:
    push(house, status=status)
    house.deliver()

    (event,) = announced(house)
    assert event["detail-type"] == f"ecommerce.order_{status}"
    assert house.ledger("transaction") == []
    assert subscriber(house)["totals"] == []


def test_e_mails_and_names_are_stored_with_the_customer_only(house: House) -> None:
    push(house)
    house.deliver()

    holding = [it["entity"] for it in house.ledger() if "ada@" in json.dumps(it) or "Lovelace" in json.dumps(it)]
    assert holding == ["customer"]


def test_a_repeat_is_answered_alike_and_changes_nothing(house: House) -> None:
    first = push(house)
    house.deliver()
    before = house.ledger()

    again = push(house, totalCents=1, customer={**ADA, "firstName": "Mallory"}, orderedAt=...)
    house.deliver()

    assert (again.status, again.json) == (202, first.json | {"repeated": True, "differs": ["totalCents"]})
    assert house.ledger() == before


def test_a_push_that_loses_to_its_own_retry_is_answered_alike(house: House) -> None:
    with house.meanwhile("PutItem", lambda: push(house)):
        assert push(house).status == 202
    house.deliver()

    assert row(house) == (1, 4999, 0)


def test_a_refund_without_an_amount_takes_the_remainder(house: House) -> None:
    push(house)
    push(house, status="refunded", refundId="r-1", refundAmountCents=1000)
    house.deliver()
    assert row(house) == (1, 4999, 1000)
    push(house, status="refunded")
    house.deliver()

    assert row(house) == (1, 4999, 4999)
    assert read(house)["transaction"]["status"] == "refunded"


def test_refunds_with_ids_of_their_own_add_up_and_each_counts_once(house: House) -> None:
    push(house)
    jobs = [
        job_of(house, status="refunded", refundId=name, refundAmountCents=amount)
        for name, amount in (("a", 1000), ("b", 2000), ("a", 1000))
    ]
    house.deliver()

    assert jobs[0] == jobs[2]
    assert jobs[0] != jobs[1]
    assert row(house) == (1, 4999, 3000)
    assert read(house)["refundedCents"] == 3000


def test_a_refund_above_the_remainder_is_capped_and_the_job_reports_it(house: House) -> None:
    push(house)
    asked = job_of(house, status="refunded", refundId="a", refundAmountCents=9999)
    assert job(house, asked)["state"] == "queued"
    house.deliver()

    order_update = job(house, asked)
    assert order_update["state"] == "done"
    assert order_update["refund"] == {"askedCents": 9999, "refundedCents": 4999, "capped": True}


def test_a_refund_before_its_order_is_reported_as_waiting_and_applied_later(house: House) -> None:
    asked = job_of(house, status="refunded", refundId="a", refundAmountCents=999)
    house.deliver()
    assert job(house, asked)["state"] == "waiting"
    assert "a" in {it["refundId"] for it in house.get("/refunds", status="parked").json}

    push(house)
    house.deliver()

    assert job(house, asked)["state"] == "done"
    assert row(house) == (1, 4999, 999)


@pytest.mark.parametrize("refund_first", [True, False])
def test_the_job_of_a_refund_in_another_currency_than_its_orders_has_failed(house: House, refund_first: bool) -> None:
    """Both are pushed before anything is known of the order, so that the call cannot refuse."""
    asked = job_of(house, status="refunded", refundId="a", refundAmountCents=999, currency="EUR")
    if refund_first:
        house.deliver()
    push(house)
    house.deliver(lambda messages: messages[::-1])

    shown = job(house, asked)
    assert (shown["state"], shown["reason"]) == ("failed", "currency must be USD, as in the sale.")
    nothing = {"askedCents": 999, "refundedCents": 0, "capped": False}
    assert shown["refund"] == (nothing if refund_first else None)
    assert read(house)["refundedCents"] == 0


def test_the_job_of_a_withdrawn_refund_says_so(house: House) -> None:
    push(house)
    asked = job_of(house, status="refunded", refundId="a", refundAmountCents=999)
    house.deliver()
    sale = {"source": "sequenzy", "externalId": "o-1"}
    assert house.post("/event/refund-withdrawn", sale | {"refundId": "a"}, key="events").status == 200

    shown = job(house, asked)
    assert (shown["state"], shown["reason"], shown["refund"]["refundedCents"]) == ("withdrawn", None, 0)


def test_the_job_of_a_withdrawn_cancellation_is_over(house: House) -> None:
    push(house)
    asked = job_of(house, status="cancelled")
    house.deliver()
    sale = {"source": "sequenzy", "externalId": "o-1", "occurredAt": "2026-11-21T09:00:00Z"}
    assert house.post("/event/refund-withdrawn", sale, key="events").status == 200

    assert (read(house)["transaction"]["status"], job(house, asked)["state"]) == ("complete", "withdrawn")


@pytest.mark.parametrize("first", ["placed", "cancelled"])
def test_a_cancelled_order_is_reversed_in_any_order_of_arrival(house: House, first: str) -> None:
    jobs = {first: job_of(house, status=first, trackingId=house.tracking_id)}
    house.deliver()
    assert job(house, jobs[first])["state"] == ("done" if first == "placed" else "waiting")
    second = "cancelled" if first == "placed" else "placed"
    jobs[second] = job_of(house, status=second, trackingId=house.tracking_id)
    house.deliver()

    assert {job(house, it)["state"] for it in jobs.values()} == {"done"}
    assert read(house)["transaction"]["status"] == "cancelled"
    assert {status for status, _ in house.owed()} <= {"rejected"}
    assert row(house) == (1, 4999, 4999)


def test_a_cancellation_during_the_orders_write_is_applied(house: House) -> None:
    push(house)
    placed = order_update(house)

    def cancel() -> None:
        push(house, status="cancelled")
        assert house.consume(order_update(house))

    with house.meanwhile("PutItem", cancel):
        assert house.consume(placed)
    house.deliver()

    assert read(house)["transaction"]["status"] == "cancelled"


def test_the_shops_totals_override_ours_and_later_orders_add_to_them(house: House) -> None:
    push(house, customerTotals={"ordersCount": 12, "totalSpentCents": 60000})
    push(house, "o-2", orderedAt=TUESDAY, totalCents=1000, items=[])
    house.deliver()

    assert row(house) == (13, 61000, 0)


def test_a_sale_reported_through_siren_is_the_same_order(house: House) -> None:
    key = house.new_key("event:*", source="shopify")
    house.sale("o-1")
    push(house, key=key)
    push(house, key=key, status="refunded")
    house.deliver()

    (sale,) = house.ledger("transaction")
    assert sale["listed"]["status"] == "refunded"


def test_a_bound_key_reads_its_own_sources_jobs_only(house: House) -> None:
    key = house.new_key("event:*", source="shopify")
    own, others = job_of(house, key=key), job_of(house)

    assert own != others
    assert house.get(f"/jobs/{own}", key=key, base=BASE).status == 200
    assert house.get(f"/jobs/{others}", key=key, base=BASE).status == 404
    assert house.get("/orders/o-1", key=key, base=BASE).json["order"]["jobs"][0]["jobId"] == own


@pytest.mark.parametrize("name", ["#1001", 'A"B', "№ 7"])
def test_an_order_is_read_by_any_form_of_its_name(house: House, name: str) -> None:
    push(house, name)
    house.deliver()

    assert house.get(f"/orders/{quote(name)}", base=BASE).json["order"]["orderId"] == name


@pytest.mark.parametrize("status", ["refunded", "cancelled"])
def test_a_refund_or_cancellation_needs_the_scope_of_refunds_too(house: House, status: str) -> None:
    sells, refunds = house.new_key("event:sale"), house.new_key("event:sale", "event:refund")

    assert push(house, key=sells).status == 202
    assert push(house, key=sells, status=status).status == 403
    assert push(house, key=refunds, status=status).status == 202


def test_a_fulfilled_order_needs_the_scope_of_sales_only(house: House) -> None:
    assert push(house, key=house.new_key("event:sale"), status="fulfilled").status == 202


@pytest.mark.parametrize(
    "text", ["nothing", "commerce-order-", "commerce-order-x-placed", "commerce-order-" + "a" * 32]
)
def test_an_unknown_job_is_404(house: House, text: str) -> None:
    assert house.get(f"/jobs/{text}", base=BASE).status == 404


def test_an_order_too_large_for_an_event_is_413_and_writes_nothing(house: House) -> None:
    before = house.ledger()

    assert push(house, properties={"text": "é" * 90_001}).status == 413
    assert push(house, items=[{"productId": "p", "title": "t" * 255, "quantity": 1}] * 1000).status == 413
    assert house.ledger() == before


@pytest.mark.parametrize("text", ["я" * 85_000, "中" * 57_000, "x" * 170_000], ids=["Cyrillic", "Chinese", "Latin"])
def test_an_order_in_any_script_has_the_same_room_counted_in_utf_8(house: House, text: str) -> None:
    assert push(house, properties={"text": text}).status == 202

    (announced,) = [it for it in house.deliver() if it.detail_type == "ecommerce.order_placed"][:1]
    assert json.loads(announced.body)["detail"]["data"]["text"] == text


# fields

REQUIRED = ["orderId", "totalCents", "currency", "customer"]
WRONG: dict[str, list[Any]] = {
    "orderId": ["", True, ["o"], "x" * 256],
    "totalCents": [-1, 1.5, "1", True, 2**53],
    "currency": ["dollar", "", 840],
    "customer": [[], "ada", {"email": "nobody"}, {"externalId": "crm-1"}, {"email": None}],
    "status": ["shipped", 1],
    "orderNumber": [True, "x" * 256],
    "orderedAt": ["yesterday", 1, "2999-01-01T00:00:00Z"],
    "items": ["none", [1], [{"productId": "p", "title": "t"}], [{"title": "t", "quantity": 1}]],
    "refundAmountCents": [-1, "1", 1.5],
    "refundId": ["", True],
    "customerTotals": [1, {"ordersCount": -1}, {"totalSpentCents": "1"}],
    "properties": ["x", [], {"a": "\ud800"}, {"a": 2**63}, {"a": [{"b": -(2**63) - 1}]}],
    "trackingId": ["x", 0],
}


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [..., None])
@pytest.mark.parametrize("status", ["placed", "cancelled", "fulfilled", "refunded"])
def test_a_missing_or_null_required_field_is_reported(house: House, name: str, value: Any, status: str) -> None:
    answer = push(house, **{"status": status, name: value})

    assert answer.status == 422
    assert answer.json["issues"] == [{"path": name, "message": f"{name} is required."}]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_field_with_a_wrong_value_is_reported(house: House, name: str, value: Any) -> None:
    answer = push(house, **{name: value})

    assert (answer.status, answer.json["success"]) == (422, False)
    assert [issue for issue in answer.json["issues"] if issue["path"].startswith(name)] == answer.json["issues"]


def test_a_minimal_order_is_placed_now_under_its_own_id(house: House) -> None:
    least = order(items=..., orderedAt=..., customer={"email": "ada@example.com"}, currency="usd", totalCents=0)
    assert house.post("/orders", least, base=BASE).json["status"] == "placed"
    house.deliver()

    shown = read(house)
    assert (shown["orderNumber"], shown["currency"], shown["statuses"]) == ("o-1", "USD", ["placed"])
    assert shown["orderedAt"] > "2026-11-2"


def test_null_and_blank_optional_fields_are_absent(house: House) -> None:
    names = ("orderNumber", "status", "orderedAt", "items", "refundAmountCents", "refundId", "customerTotals")
    nulls: dict[str, Any] = dict.fromkeys((*names, "properties", "trackingId"))
    blank = {"productId": 7, "title": "t", "quantity": 1, "variantId": "", "sku": "", "variantTitle": None}

    assert house.post("/orders", {**order(), **nulls}, base=BASE).status == 202
    assert push(house, "o-2", items=[blank], orderNumber="", trackingId=" ").status == 202


# costs


def test_requests_of_each_operation(house: House) -> None:
    house.get("/orders/none", base=BASE)  # the key is cached from here on

    def asked(act: Any) -> dict[str, int]:
        with house.requests_made() as made:
            act()
        return made.counts

    assert asked(lambda: push(house)) == {"GetItem": 1, "BatchGetItem": 1, "TransactWriteItems": 1, "PutItem": 1}
    assert asked(lambda: push(house)) == {"GetItem": 1}
    assert asked(lambda: push(house, status="fulfilled", orderedAt=TUESDAY)) == {
        "GetItem": 2,
        "BatchGetItem": 1,
        "TransactWriteItems": 1,
        "PutItem": 1,
    }
    assert asked(lambda: read(house)) == {"Query": 2, "GetItem": 1}
    assert asked(lambda: subscriber(house)) == {"GetItem": 3}
    assert asked(lambda: job(house, push(house).json["jobId"])) == {"GetItem": 3, "Query": 1}


@pytest.mark.parametrize(
    ("status", "requests"),
    [
        ("placed", {"GetItem": 2, "PutItem": 1}),
        ("cancelled", {"GetItem": 1, "UpdateItem": 1}),
        ("fulfilled", {"GetItem": 1}),
        ("refunded", {"GetItem": 2, "TransactWriteItems": 1}),
    ],
)
def test_requests_for_applying_each_status(house: House, status: str, requests: dict[str, int]) -> None:
    if status != "placed":
        push(house)
        house.deliver()
    push(house, status=status)
    message = order_update(house)

    with house.requests_made() as made:
        assert house.consume(message)
    assert made.counts == requests
