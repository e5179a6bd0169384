"""POST /event/sale: a sale is recorded exactly once."""

import json

import pytest

from tests.stack.exchange import Answer, Message
from tests.stack.house import House
from tributary.domain import ids

SEED = {
    "source": "shopify",
    "externalId": "ORD-1004",
    "trackingId": 4218,
    "total": 49.99,
    "items": [{"name": "Blue Widget", "amount": 49.99, "externalId": "SKU-1"}],
}
REPEATED = {"X-Siren-OID": "4218", "Access-Control-Expose-Headers": "X-Siren-OID", "Idempotency-Hit": "true"}


def report(house: House, body: object, **options: object) -> Answer:
    return house.post("/event/sale", body, key="events", **options)


def shown(house: House, **query: object) -> list[dict[str, object]]:
    return house.get("/transactions", key="reader", include="extended", number=200, **query).json


@pytest.mark.parametrize("base", ["/siren/v1", "/wp-json/siren/v1"])
def test_the_seeds_example_is_answered_with_an_empty_body_and_both_headers(house: House, base: str):
    answer = report(house, SEED, base=base)

    assert (answer.status, answer.text) == (200, "")
    assert answer.headers == {"X-Siren-OID": "4218", "Access-Control-Expose-Headers": "X-Siren-OID"}

    ((transaction),) = shown(house)
    assert (transaction["totalValue"], transaction["currency"], transaction["status"]) == (4999, "USD", "complete")
    assert (transaction["source"], transaction["sourceId"]) == ("shopify_order", "ORD-1004")


def test_a_repeat_is_answered_alike_and_recorded_once(house: House):
    report(house, SEED)
    before = house.ledger()

    answers = [report(house, SEED), report(house, SEED, base="/wp-json/siren/v1")]

    assert [(it.status, it.text, it.headers) for it in answers] == [(200, "", REPEATED)] * 2
    assert house.ledger() == before


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"total": 50}, "total"),
        ({"currency": "EUR"}, "currency"),
        ({"trackingId": 4219}, "trackingId"),
        ({"items": []}, "items"),
        ({"items": [], "trackingId": 1, "currency": "JPY", "total": 1}, "total,currency,trackingId,items"),
        ({"currency": "usd", "trackingId": "4218", "total": "49.990", "occurredAt": "2026-01-01"}, None),
    ],
)
def test_a_differing_repeat_names_the_differences_and_the_first_stays(
    house: House, other: dict[str, object], named: str | None
):
    report(house, SEED)
    before = house.ledger()

    answer = report(house, SEED | other)

    assert answer.headers == REPEATED | ({"Idempotency-Differs": named} if named else {})
    assert house.ledger() == before


def test_a_blank_sku_counts_as_absent(house: House):
    blank = {"name": "", "sku": "", "externalId": " ", "description": "", "categories": ["", "Shoes"], "type": ""}

    assert report(house, SEED | {"items": [{"amount": 49.99, **blank}]}).status == 200

    ((sale),) = shown(house)
    ((line),) = sale["details"]
    assert (line["name"], line["type"], line["attributes"]) == ("Item", "product", {"categories": '["Shoes"]'})


def test_a_blank_name_of_a_sale_is_refused(house: House):
    answer = report(house, SEED | {"externalId": " ", "source": ""})

    assert answer.failures == {"externalId": "REQUIRED", "source": "REQUIRED"}


@pytest.mark.parametrize("currency", ["HRK", "bgn"])
def test_a_withdrawn_currency_is_taken_for_a_moment_at_which_it_was_valid(house: House, currency: str):
    past = SEED | {"currency": currency, "occurredAt": "2022-12-31T23:00:00Z"}

    assert report(house, past).status == 200
    assert shown(house)[0]["totalValue"] == 4999


@pytest.mark.parametrize(("currency", "month"), [("HRK", "2023-01"), ("BGN", "2026-01")])
def test_a_withdrawn_currency_is_refused_after_its_time_with_the_reason(house: House, currency: str, month: str):
    for moment in ({}, {"occurredAt": "2026-02-01"}):
        answer = report(house, SEED | moment | {"currency": currency})

        assert answer.failures == {"currency": "ENUM"}
        assert answer.error["message"] == f"currency was withdrawn in {month}."


def test_a_sale_in_a_withdrawn_currency_pays_a_program_in_it(house: House):
    program = house.new_program(units="HRK")
    kuna = house.new_collaborator(program)
    visit = house.visit(kuna, occurredAt="2022-12-01")
    house.sale(tracking_id=int(visit.headers["X-Siren-OID"]), currency="HRK", occurredAt="2022-12-02")
    house.deliver()

    assert house.owed() == [("pending", 500)]


def test_an_external_id_is_the_same_as_number_and_as_text(house: House):
    report(house, SEED | {"externalId": 1004})

    answer = report(house, SEED | {"externalId": "1004"})

    assert answer.headers == REPEATED


def test_the_same_external_id_of_another_source_is_another_sale(house: House):
    report(house, SEED)

    answer = report(house, SEED | {"source": "wc"})

    assert "Idempotency-Hit" not in answer.headers
    assert {it["source"] for it in shown(house)} == {"shopify_order", "wc_order"}


def test_a_total_that_differs_from_its_lines_is_stored_and_not_refused(house: House):
    lines = [{"name": "Bag", "amount": 49.99}, {"name": "Sock", "amount": 19.99, "quantity": 3}]

    answer = report(house, SEED | {"total": 109.97, "items": lines})

    assert answer.status == 200
    ((transaction),) = shown(house)
    assert (transaction["totalValue"], transaction["detailCount"], transaction["totalQuantity"]) == (10996, 2, 4)
    assert house.ledger("transaction")[0]["reported"]["total"] == 10997


@pytest.mark.parametrize(
    ("total", "currency", "minor"),
    [
        ("49.99", "USD", 4999),
        ("0.30000000000000004", "USD", 30),
        ("1e-07", "USD", 0),
        ("1e2", "USD", 10000),
        ("5000", "JPY", 5000),
        ("1.2345", "KWD", 1235),
        ('"19.90"', "eur", 1990),
        ("0", "USD", 0),
    ],
)
def test_an_amount_is_stored_exactly(house: House, total: str, currency: str, minor: int):
    body = f'{{"source":"s","externalId":"1","trackingId":1,"total":{total},"currency":"{currency}"}}'

    assert report(house, body).status == 200

    ((transaction),) = shown(house)
    assert (transaction["totalValue"], transaction["currency"]) == (minor, currency.upper())


def test_without_items_the_sale_is_one_product_line_of_its_total(house: House):
    report(house, {**SEED, "items": []})

    ((transaction),) = shown(house)
    ((detail),) = transaction["details"]
    found = [detail[name] for name in ("name", "type", "value", "quantity", "units", "attributes")]
    assert found == ["Order", "product", 4999, 1, "USD", {}]


def test_a_lines_other_members_are_stored_as_attributes(house: House):
    line = {"amount": 5, "externalId": 77, "sku": "B-1", "categories": ["Tea", "Büro"], "collaborators": [88, "89"]}

    report(house, SEED | {"items": [line]})

    ((detail),) = shown(house)[0]["details"]
    assert (detail["name"], detail["type"], detail["quantity"]) == ("77", "product", 1)
    assert detail["attributes"] == {
        "externalId": "77",
        "sku": "B-1",
        "categories": '["Tea", "Büro"]',
        "collaborators": "[88, 89]",
    }


def test_a_client_that_prefers_a_representation_gets_one(house: House):
    prefer = {"Prefer": "return=representation"}

    first, again = report(house, SEED, headers=prefer), report(house, SEED, headers=prefer)

    ((transaction),) = shown(house)
    found = {"transactionId": transaction["id"], "opportunityId": 4218, "conversions": []}
    assert first.json == {"status": "created", "created": True, "message": first.json["message"], **found}
    assert again.json == {"status": "duplicate", "created": False, "message": again.json["message"], **found}
    assert again.headers["Idempotency-Hit"] == "true"


def test_sales_with_colliding_ids_stay_separate_in_every_call(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ids, "BITS", 4)
    orders = [f"ORD-{number}" for number in range(12)]

    first = [house.sale(order) for order in orders]
    again = [house.sale(order) for order in orders]
    house.refund(orders[7])

    assert not any("Idempotency-Hit" in answer.headers for answer in first)
    assert all(answer.headers == REPEATED for answer in again)
    held = {it["sourceId"]: (it["id"], it["status"]) for it in shown(house)}
    assert {order for order, (_, status) in held.items() if status == "refunded"} == {"ORD-7"}
    got = [house.get(f"/transactions/{held[it][0]}", key="reader", fields="sourceId").json for it in orders]
    assert got == [{"sourceId": order} for order in orders]


def test_a_refund_with_a_full_probe_chain_is_not_found_rather_than_an_error(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ids, "BITS", 2)
    for order in ("a", "b", "c"):
        assert house.sale(order).status == 200

    answer = house.refund("d")

    assert answer.status == 404


def test_discounts_do_not_offset_lines_whose_sum_is_too_large(house: House):
    lines = [{"amount": 9 * 10**13}, {"amount": -9 * 10**13, "type": "discount"}]

    answer = report(house, SEED | {"items": lines})

    assert (answer.status, answer.failures) == (422, {"items": "MAX"})


def test_a_thousand_items_are_accepted_and_one_more_is_refused(house: House):
    line = {"name": "Widget", "amount": 0.01}

    taken = report(house, SEED | {"items": [line] * 1000})
    refused = report(house, SEED | {"externalId": "2", "items": [line] * 1001})

    assert taken.status == 200
    assert shown(house)[0]["totalValue"] == 1000
    assert refused.failures == {"items": "LENGTH"}


@pytest.mark.parametrize(
    "body",
    [
        {**SEED, "note": "x" * 1_000_000},
        {**SEED, "items": [{"amount": 1, "description": "x" * 900} for _ in range(500)]},
    ],
    ids=["body over 1 MB", "sale over one item"],
)
def test_an_oversized_sale_is_413_naming_the_limit_and_writes_nothing(house: House, body: object):
    with house.requests_made() as made:
        answer = report(house, body)

    assert (answer.status, answer.error["code"]) == (413, "too_large")
    assert answer.error["context"]["limit"] in ("1 MB", "400 KB")
    assert made.writes == 0


def test_the_largest_accepted_sale_can_still_be_refunded_and_attributed(house: House):
    width = next(
        width
        for width in range(2000, 0, -50)
        if report(house, SEED | {"items": [{"amount": 1, "description": "x" * width}] * 200}).status == 200
    )

    assert house.refund().status == 200
    house.deliver()

    assert 1500 < width < 2000
    assert (house.decision()["reason"], house.owed()) == ("awarded", [("rejected", 0)])


def test_a_body_that_is_not_sent_as_json_is_415(house: House):
    answer = report(house, "a=b", headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert (answer.status, answer.error["code"]) == (415, "unsupported_media_type")
    assert house.ledger("transaction") == []


@pytest.mark.parametrize("sent", ["application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json"])
def test_json_under_another_media_type_is_accepted(house: House, sent: str):
    assert report(house, SEED, headers={"Content-Type": sent}).status == 200


HOSTILE = {
    "no JSON": "{",
    "NaN": '{"total": NaN}',
    "Infinity": '{"total": Infinity}',
    "a list": "[1]",
    "text": '"sale"',
    "null": "null",
    "deep": "[" * 100_000,
    "deep and closed": '{"items":' + "[" * 50_000 + "]" * 50_000 + "}",
    "huge exponent": '{"source":"s","externalId":"1","trackingId":1,"total":1e400}',
    "absurd exponent": '{"source":"s","externalId":"1","trackingId":1,"total":1e99999999999999999999}',
    "tiny exponent": '{"source":"s","externalId":"1","trackingId":0,"total":1e-99999}',
    "many digits": '{"source":"s","externalId":"1","trackingId":1,"total":' + "9" * 5000 + "}",
    "beyond 2^53": '{"source":"s","externalId":"1","trackingId":9007199254740993,"total":1}',
    "lone surrogate": '{"source":"\\ud800","externalId":"\\udfff","trackingId":1,"total":1}',
    "true as number": '{"source":"s","externalId":"1","trackingId":true,"total":true}',
    "zero": '{"source":"s","externalId":"1","trackingId":0,"total":1}',
    "negative": '{"source":"s","externalId":"1","trackingId":-1,"total":-1}',
    "fraction": '{"source":"s","externalId":"1","trackingId":1.5,"total":1}',
    "year one": '{"source":"s","externalId":"1","trackingId":1,"total":1,"occurredAt":"0001-01-01T00:00:00+14:00"}',
    "not UTF-8": b'{"source":"\xff\xfe"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_400_in_the_apis_form_and_writes_nothing(house: House, body: str | bytes):
    with house.requests_made() as made:
        answer = report(house, body)

    assert answer.status == 422
    assert answer.failures
    assert answer.error["data"] == answer.error["context"]
    assert made.writes == 0


def test_any_number_of_failures_fits_an_answer(house: House):
    line = {"amount": "x", "categories": [0] * 100, "collaborators": ["x"] * 100}

    answer = report(house, SEED | {"items": [line] * 300})

    assert answer.status == 422
    assert len(answer.text) < 1_000_000


def test_all_failures_are_reported_together_by_path(house: House):
    items = [{"amount": 1}, {"amount": -1}, {"amount": "x", "quantity": 0, "name": 5}, {}]

    answer = report(house, {"source": "s" * 65, "trackingId": "4.5", "currency": "ZZZ", "items": items})

    assert answer.failures == {
        "source": "LENGTH",
        "externalId": "REQUIRED",
        "total": "REQUIRED",
        "trackingId": "TYPE",
        "currency": "ENUM",
        "items[1].amount": "MIN",
        "items[2].amount": "TYPE",
        "items[2].name": "TYPE",
        "items[2].quantity": "MIN",
        "items[3].amount": "REQUIRED",
    }
    assert all(field in answer.error["message"] for field in answer.failures)


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [(None, 401, "unauthorized"), ("sk_live_unknown", 401, "unauthorized"), ("reader", 403, "missing_scope")],
)
def test_a_sale_needs_a_key_with_its_scope(house: House, key: str | None, status: int, code: str):
    answer = house.post("/event/sale", SEED, key=key)

    assert (answer.status, answer.error["code"]) == (status, code)
    assert house.ledger("transaction") == []


@pytest.mark.parametrize("scope", ["event:sale", "event:*", "*", "admin"])
def test_each_scope_that_covers_sales_is_accepted(house: House, scope: str):
    assert house.post("/event/sale", SEED, key=house.new_key(scope)).status == 200


def test_a_bound_key_reports_for_its_source_only(house: House):
    key = house.new_key("event:*", source="wc")

    own, others = house.post("/event/sale", SEED | {"source": "wc"}, key=key), house.post("/event/sale", SEED, key=key)

    assert own.status == 200
    assert (others.status, others.error["code"]) == (403, "store_key_not_allowed")


def test_an_ancient_sale_is_decided_like_any_other(house: House):
    house.sale(occurredAt="0001-01-01")

    house.deliver()

    assert house.dead_letters("attribute_sale") == []
    assert house.decision()["reason"] == "no_candidate"


def test_two_organizations_may_report_the_same_order_separately(house: House):
    theirs = house.new_key("event:*", "ledger:transactions:read", organization="other")

    house.sale()
    answer = house.post("/event/sale", SEED, key=theirs)

    assert "Idempotency-Hit" not in answer.headers
    ours = shown(house)[0]["id"]
    assert house.get(f"/transactions/{ours}", key=theirs).status == 404
    assert [it["id"] for it in house.get("/transactions", key=theirs).json] != [ours]


def test_a_bare_message_of_the_sale_has_its_correlation_id(house: House):
    house.sale()

    house.publish()

    bodies = [json.loads(it.body) for it in house.arrived() if isinstance(it, Message)]
    assert {it["detail"]["metadata"]["correlationId"] for it in bodies} == {"request-1"}
