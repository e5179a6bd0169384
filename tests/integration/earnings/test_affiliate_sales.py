"""Sales in Growi's dialect: the caller names the affiliate, and the answer has the earnings."""

from typing import Any

import pytest

from tests.stack.house import House, in_process
from tests.stack.scenarios.affiliate_shop import BASE, PATH, TAG, explained, listed, made, orders, post
from tests.stack.scenarios.manual_credit import credit, rewards_manual
from tributary.domain import times

ABSENT = ("total", "subtotal", *TAG, "growi_user_id", "growi_campaign_id")


def error(house: House, **members: Any) -> tuple[int, str]:
    answer = post(house, **members)
    return answer.status, answer.json["error"]


def test_a_sale_is_recorded_and_attributed_before_the_answer(house: House):
    sale = made(house, occurred_at="2026-01-02T03:04:05Z")

    assert isinstance(sale.pop("id"), int)
    assert sale == {
        "external_id": "G-1004",
        "platform": "website",
        "sub_id": None,
        "status": "unpaid",
        "occurred_at": "2026-01-02T03:04:05.000Z",
        "total": 9999,
        "commission": 1000,
        "currency": "usd",
    }
    assert house.conversions() == [("approved", 1000)]
    house.deliver()
    assert house.owed() == [("pending", 1000)]


def test_later_events_find_the_decision_already_made(house: House):
    made(house)
    before = {kind: house.ledger(kind) for kind in ("decision", "conversion", "engagement", "transaction")}

    house.deliver(lambda messages: [*messages, *messages])

    assert {kind: house.ledger(kind) for kind in before} == before
    assert house.owed() == [("pending", 1000)]


def test_a_claim_does_not_consume_another_collaborators_visit(house: House):
    made(house)
    house.sale()
    house.deliver()

    assert house.owed() == [("pending", 500), ("pending", 1000)]


def test_a_repeat_answers_with_the_existing_sale(house: House):
    first = made(house)
    house.deliver()
    before = house.ledger()

    again = made(house, total=1, currency="EUR", commission=5)
    house.deliver()

    assert again == first
    assert house.ledger() == before


def test_a_repeat_finds_its_sale_after_the_affiliate_is_gone(house: House):
    first = made(house)

    assert made(house, campaign_affiliate_id="NOBODY") == first
    assert made(house, campaign_affiliate_id=..., growi_user_id=5, growi_campaign_id=6) == first


def test_a_repeat_finishes_a_missing_attribution(house: House, monkeypatch: pytest.MonkeyPatch):
    from tributary.ledger.earnings import attribution

    def die(*_: Any) -> str:
        raise RuntimeError("the process died")

    with monkeypatch.context() as dying:
        dying.setattr(attribution, "reconcile", die)
        assert post(house).status == 500
    assert len(house.ledger("transaction")) == 1
    assert house.conversions() == []

    assert made(house)["commission"] == 1000
    assert house.conversions() == [("approved", 1000)]


def ended(commission: int | None, monkeypatch: pytest.MonkeyPatch, *, dies: bool) -> Any:
    """Final state of a sale that is attributed by its event alone, or inline as well."""
    from tributary.ledger.earnings import attribution

    kinds = ("decision", "conversion", "obligation", "engagement", "transaction")
    with in_process() as house, monkeypatch.context() as changed:
        changed.setattr(times, "now", lambda: "2026-11-20T10:00:00.000Z")
        with monkeypatch.context() as dying:
            if dies:
                dying.setattr(attribution, "reconcile", lambda *_: "nothing")
            assert made(house, commission=commission)["commission"] == (0 if dies else commission or 1000)
        house.deliver()
        assert house.owed() == [("pending", commission or 1000)]
        items = [it for kind in kinds for it in house.ledger(kind)]
        return [{name: it[name] for name in it if name not in ("trace", "nonce")} for it in items]


@pytest.mark.parametrize("commission", [None, 777])
def test_the_event_reaches_the_same_decision_as_the_inline_run(commission: int | None, monkeypatch: pytest.MonkeyPatch):
    assert ended(commission, monkeypatch, dies=True) == ended(commission, monkeypatch, dies=False)


def test_blank_optional_text_of_a_sale_counts_as_absent(house: House):
    blank = dict.fromkeys(("customer_email", "customer_name", "visitor_uid", "sub_id", "growi_user_id"), " ")

    assert made(house, **blank)["commission"] == 1000
    assert not house.ledger("customer")
    said = error(house, order_id="2", campaign_affiliate_id="")
    assert said == (422, "campaign_affiliate_id: is required, or growi_user_id and growi_campaign_id")


def test_a_blank_email_of_a_change_leaves_the_buyer(house: House):
    sale = made(house, customer_email=" ada@example.com ")
    house.call("PATCH", f"{PATH}/{sale['id']}", {"customer_email": "", "total": 5000}, base=BASE)

    (buyer,) = house.ledger("customer")
    assert buyer["listed"]["email"] == "ada@example.com"
    assert listed(house, search="ada@example.com")["meta"]["row_count"] == 1


def test_a_tag_is_found_in_any_case(house: House):
    assert made(house, campaign_affiliate_id="demo ")["commission"] == 1000


def test_a_sale_in_a_withdrawn_currency_is_of_its_time(house: House):
    sale = made(house, currency="hrk", occurred_at="2022-06-01")
    later = house.call("PATCH", f"{PATH}/{sale['id']}", {"occurred_at": "2024-01-01"}, base=BASE)

    assert error(house, order_id="2", currency="hrk") == (422, "currency: was withdrawn in 2023-01")
    assert (later.status, later.json["error"]) == (422, "currency: was withdrawn in 2023-01")


def test_the_affiliate_may_be_named_by_ids(house: House):
    other = house.new_program(calculation={"transactionPercent": 20})
    house.put(f"/collaborators/{house.collaborator_id}", {"programs": [house.program_id, other]})

    by_ids = made(house, **dict.fromkeys(TAG, ...), growi_user_id=house.collaborator_id, growi_campaign_id=other)
    by_both = made(house, order_id="2", growi_user_id=str(house.collaborator_id), growi_campaign_id=house.program_id)

    assert (by_ids["commission"], by_both["commission"]) == (2000, 1000)


def test_spaces_around_a_tag_are_ignored(house: House):
    sale = made(house)

    assert made(house, order_id="2", campaign_affiliate_id=" DEMO ")["commission"] == sale["commission"] == 1000


def test_a_tag_with_several_programs_is_paid_by_each(house: House):
    other = house.new_program(calculation={"transactionPercent": 20})
    house.put(f"/collaborators/{house.collaborator_id}", {"programs": [house.program_id, other]})

    assert made(house)["commission"] == 3000
    assert house.conversions() == [("approved", 1000), ("approved", 2000)]
    assert error(house, order_id="2", commission=5) == (
        422,
        "commission: must be left out where several campaigns pay; name one of them by its id",
    )
    assert len(house.ledger("transaction")) == 1


def test_an_override_applies_to_the_program_that_pays(house: House):
    inactive = house.new_program(status="inactive")
    house.put(f"/collaborators/{house.collaborator_id}", {"programs": [house.program_id, inactive]})

    assert made(house, commission=4200)["commission"] == 4200
    assert house.ledger("conversion")[0]["listed"]["programId"] == house.program_id


def test_an_override_replaces_the_reward_and_is_explained(house: House):
    sale = made(house, commission=4200)

    ((conversion),) = house.ledger("conversion")
    ((candidate),) = explained(house, sale)["candidates"]

    assert sale["commission"] == 4200
    assert conversion["listed"]["award"]["override"] is True
    assert "Reward: 42.00 USD, as the sale was reported, instead of" in candidate["explanation"]
    house.refund(source="growi", externalId="G-1004", amount=50, refundId="r")
    house.deliver()
    # 4200 - floor(4200 × 5000 / 9999)
    assert (house.conversions(), house.owed()) == ([("approved", 2100)], [("pending", 2100)])


def test_an_override_of_zero_pays_nothing(house: House):
    assert made(house, commission=0)["commission"] == 0
    house.deliver()
    assert house.owed() == []


def test_the_commission_is_based_on_the_subtotal(house: House):
    sale = made(house, subtotal=5000)
    alone = made(house, order_id="2", total=..., subtotal=700)

    assert (sale["total"], sale["commission"]) == (9999, 500)
    assert (alone["total"], alone["commission"]) == (700, 70)


def test_a_subscription_has_its_own_line_type(house: House):
    filters = {"withTypes": ["subscription"]}
    program = house.new_program(calculation={"transactionPercent": 50}, lineItemFilters=filters)
    ids = {"growi_user_id": house.new_collaborator(program), "growi_campaign_id": program, "campaign_affiliate_id": ...}

    once = made(house, **ids)
    again = made(house, order_id="2", sale_type="subscription", **ids)

    assert (once["commission"], again["commission"]) == (0, 5000)


def test_a_program_in_another_currency_pays_nothing_and_says_so(house: House):
    sale = made(house, currency="eUr")

    assert (sale["commission"], sale["currency"]) == (0, "eur")
    assert explained(house, sale)["candidates"][0]["reason"] == "currency_mismatch"


def test_an_inactive_collaborator_earns_nothing(house: House):
    house.put(f"/collaborators/{house.collaborator_id}", {"status": "inactive"})

    sale = made(house)

    assert sale["commission"] == 0
    assert explained(house, sale)["candidates"][0]["reason"] == "collaborator_not_active"


def test_earnings_are_due_at_the_reported_time(house: House):
    later = made(house, due_at="2099-01-01T00:00:00+01:00")
    sooner = made(house, order_id="2", due_at=1_700_000_000)
    house.deliver()

    dates = {it["listed"]["transactionId"]: it["listed"]["dueAt"] for it in house.ledger("obligation")}
    assert dates == {later["id"]: "2098-12-31T23:00:00.000Z", sooner["id"]: "2023-11-14T22:13:20.000Z"}
    assert (later["status"], sooner["status"]) == ("unpaid", "due")


def test_the_buyer_is_a_customer(house: House):
    sale = made(house, customer_email="Buyer@Example.com", customer_name="Bo Buyer", visitor_uid="v-1")
    made(house, order_id="2", visitor_uid="v-1")
    made(house, order_id="3", customer_name="Nobody in particular")
    house.deliver()

    ((customer),) = house.ledger("customer")
    assert (customer["listed"]["email"], customer["listed"]["name"]) == ("Buyer@Example.com", "Bo Buyer")
    assert customer["listed"]["totals"][0]["ordersCount"] == 2
    assert sale["commission"] == 1000


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"order_id": ...}, "order_id: is required"),
        ({"order_id": True}, "order_id: must be text"),
        ({"order_id": " "}, "order_id: is required"),
        ({"total": ...}, "total: is required, or subtotal"),
        ({"total": None}, "total: is required, or subtotal"),
        ({"total": "9999"}, "total: must be an integer"),
        ({"total": 99.5}, "total: must be an integer"),
        ({"total": -1}, "total: must be at least 0"),
        ({"subtotal": True}, "subtotal: must be an integer"),
        ({"currency": ...}, "currency: is required"),
        ({"currency": 840}, "currency: must be text"),
        ({"currency": "zzz"}, "currency: must be an ISO 4217 currency code"),
        ({"campaign_affiliate_id": ...}, "campaign_affiliate_id: is required, or growi_user_id and growi_campaign_id"),
        ({"campaign_affiliate_id": 5}, "campaign_affiliate_id: must be text"),
        ({"campaign_affiliate_id": ..., "growi_user_id": 88}, "growi_campaign_id: is required with growi_user_id"),
        ({"growi_campaign_id": 1001}, "growi_user_id: is required with growi_campaign_id"),
        ({"growi_user_id": "x", "growi_campaign_id": 1001}, "growi_user_id: must be an integer"),
        ({"growi_user_id": 88, "growi_campaign_id": 1.5}, "growi_campaign_id: must be an integer"),
        ({"occurred_at": "yesterday"}, "occurred_at: must be an ISO 8601 date and time"),
        ({"occurred_at": "2999-01-01"}, "occurred_at: must not be in the future"),
        ({"occurred_at": True}, "occurred_at: must be text"),
        ({"due_at": -1}, "due_at: must be seconds since 1970"),
        ({"due_at": []}, "due_at: must be text"),
        ({"customer_email": "nobody"}, "customer_email: must be an e-mail address"),
        ({"customer_email": 1}, "customer_email: must be text"),
        ({"customer_name": 1}, "customer_name: must be text"),
        ({"visitor_uid": []}, "visitor_uid: must be text"),
        ({"sale_type": "rental"}, "sale_type: must be one of 'one_time' or 'subscription'"),
        ({"commission": "5"}, "commission: must be an integer"),
        ({"commission": -5}, "commission: must be at least 0"),
        ({"order_id": ..., "total": "x"}, "order_id: is required; total: must be an integer"),
        (
            {"order_id": ..., "total": None, "campaign_affiliate_id": ..., "growi_user_id": "x"},
            "order_id: is required; growi_user_id: must be an integer; total: is required, or subtotal; "
            "growi_campaign_id: is required with growi_user_id",
        ),
    ],
)  # fmt: skip
def test_invalid_members_are_reported(house: House, members: Any, said: str):
    assert error(house, **members) == (422, said)
    assert house.ledger("transaction") == []


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"campaign_affiliate_id": "NOBODY"}, "campaign_affiliate_id: not found"),
        ({"campaign_affiliate_id": "DANA10"}, "campaign_affiliate_id: not found"),
        ({"campaign_affiliate_id": ..., "growi_user_id": 5, "growi_campaign_id": 1001}, "growi_user_id: not found"),
        ({"campaign_affiliate_id": ..., "growi_user_id": 88, "growi_campaign_id": 5}, "growi_campaign_id: not found"),
        ({"growi_user_id": 5, "growi_campaign_id": 1001}, "campaign_affiliate_id: not found"),
    ],
)
def test_an_unknown_affiliate_or_campaign_is_not_found(house: House, members: Any, said: str):
    assert error(house, **members, customer_email="buyer@example.com") == (422, said)
    assert (house.ledger("transaction"), house.ledger("customer")) == ([], [])


def test_a_campaign_without_the_affiliate_is_not_found(house: House):
    alone, other = house.new_collaborator(aliases=[{"type": "tracking", "code": "ALONE"}]), house.new_program()
    ids = {"growi_user_id": house.collaborator_id, "growi_campaign_id": other}

    assert alone
    assert error(house, campaign_affiliate_id="ALONE") == (422, "campaign_affiliate_id: not found")
    assert error(house, campaign_affiliate_id=..., **ids) == (422, "growi_campaign_id: not found")


def test_the_key_needs_the_scope_of_sales_and_this_source(house: House):
    assert post(house, key="reader").status == 403
    assert post(house, key=house.new_key("event:sale", source="shopify")).status == 403
    assert post(house, key=house.new_key("event:sale", source="growi")).status == 201
    assert post(house, key=house.new_key("event:sale", organization="other")).status == 422


def test_the_same_order_of_another_source_is_another_sale(house: House):
    house.sale("G-1004")

    made(house)

    assert len(house.ledger("transaction")) == 2


def test_an_idempotency_key_gives_the_same_answer(house: House):
    first, again = (post(house, headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert (first.status, again.status, again.json) == (201, 201, first.json)


def test_a_manual_credit_does_not_count_as_earnings_of_the_claim(house: House):
    rewards_manual(house)
    sale = made(house)
    other = house.post("/collaborators", {"fullName": "Otto Other", "programs": [house.program_id]}).json
    assert credit(house, sale["id"], collaborator=other["id"]).json["affected"] == 1

    assert house.conversions() == [("approved", 1000)] * 2
    assert made(house) == listed(house)["data"][0] == sale


def test_a_repeat_of_a_refunded_or_deleted_sale_answers_with_its_present_state(house: House):
    sale = made(house)
    house.refund(source="growi", externalId="G-1004")
    house.deliver()
    assert made(house) == sale | {"status": "refunded", "commission": 0}

    house.post("/transactions/bulk", {"action": "delete", "ids": [sale["id"]]})
    before = house.ledger()
    assert made(house, customer_email="late@example.com")["status"] == "cancelled"
    assert house.ledger() == before


def test_requests_are_few(house: House):
    made(house, order_id="warm")
    with house.requests_made() as first:
        made(house)
    with house.requests_made() as again:
        made(house)

    # existing sale and tag, affiliate and programs, the sale; known facts, active collaborators, the decision; value.
    assert first.counts == {"BatchGetItem": 4, "PutItem": 1, "TransactWriteItems": 1, "Query": 1}
    assert again.counts == {"BatchGetItem": 2, "Query": 1}


def test_the_list_has_rows_like_the_answers_newest_first_with_sums(house: House):
    first, second = made(house), made(house, order_id="2", total=1, subtotal=5000)
    house.sale()
    house.deliver()

    shown = listed(house)

    assert shown["data"] in ([second, first], [first, second])  # of one millisecond, by id
    assert shown["meta"] == {"row_count": 2, "page_count": 1, "current_page": 1}
    sums = {
        "currency": "usd",
        "total_gmv": 100.00,
        "total_commission": 15.00,
        "paid_commission": 0.00,
        "unpaid_commission": 15.00,
        "total_vat": 0.00,
        "total_refunded_amount": 0.00,
        "total_orders": 2,
    }
    assert shown["additional_data"] == {**sums, "currencies": [sums]}


def test_sums_are_numbers_with_two_decimals_written_exactly(house: House):
    made(house, total=2**53 - 1, subtotal=10)
    made(house, order_id="2", total=9990, currency="jpy")

    text = house.get(PATH, base=BASE).text

    assert '"currency":"usd","total_gmv":90071992547409.91,"total_commission":0.01,"paid_commission":0.00' in text
    assert '"currency":"jpy","total_gmv":9990.00,' in text
    assert '"total_gmv":null,' in text


def test_an_empty_list_has_zero_sums(house: House):
    shown = listed(house, start_date="", status="paid")

    assert (shown["data"], shown["meta"]["page_count"]) == ([], 0)
    assert (shown["additional_data"]["total_gmv"], shown["additional_data"]["currency"]) == (0, None)


def test_different_currencies_are_not_added_up(house: House):
    made(house)
    made(house, order_id="2", currency="jpy")

    sums = listed(house)["additional_data"]

    assert (sums["currency"], sums["total_gmv"], sums["total_orders"]) == (None, None, 2)
    assert [(it["currency"], it["total_gmv"]) for it in sums["currencies"]] == [("jpy", 9999), ("usd", 99.99)]


def test_pages_and_sums_cover_the_filtered_records(house: House):
    for number in range(5):
        made(house, order_id=str(number))

    pages = [listed(house, page=page, per_page=2) for page in (1, 2, 3, 4)]

    assert [len(page["data"]) for page in pages] == [2, 2, 1, 0]
    assert len({row["id"] for page in pages for row in page["data"]}) == 5
    assert pages[1]["meta"] == {"row_count": 5, "page_count": 3, "current_page": 2}
    assert {page["additional_data"]["total_commission"] for page in pages} == {50}


def test_filters_select_matching_sales(house: House):
    other = house.new_program()
    eve = house.new_collaborator(
        house.program_id, other, email="eve@example.com", aliases=[{"type": "tracking", "code": "EVE"}]
    )
    made(house, order_id="DANA-1", occurred_at="2026-03-01T23:59:59Z")
    ids = {"campaign_affiliate_id": ..., "growi_user_id": eve, "growi_campaign_id": other}
    made(house, order_id="EVE-1", occurred_at="2026-03-02T00:00:00Z", customer_email="buyer@example.com", **ids)

    dana, eves = ["DANA-1"], ["EVE-1"]
    assert orders(house, creator_id=eve) == orders(house, creator_email="Eve@example.com") == eves
    assert orders(house, affiliate_tag="EVE") == orders(house, campaign_id=other) == eves
    assert orders(house, affiliate_tag=" eve ") == eves
    assert orders(house, affiliate_tag="EVE", creator_id=house.collaborator_id) == []
    assert orders(house, creator_email="nobody@example.com") == orders(house, affiliate_tag="NOBODY") == []
    assert orders(house, order_id="EVE-1") == orders(house, search="eve") == eves
    assert orders(house, order_id="EVE") == orders(house, order_id="EVE-1", creator_id=88) == []
    assert orders(house, search="Buyer@example.com") == eves
    assert orders(house, end_date="03/01/2026") == orders(house, start_date="03/01/2026", end_date="03/01/2026") == dana
    assert orders(house, start_date="03/02/2026") == eves
    assert orders(house, start_date="03/03/2026") == []
    assert orders(house, start_date="01/01/0001", end_date="12/31/9999") in ([*dana, *eves], [*eves, *dana])


def test_an_order_id_is_another_sale_on_another_platform(house: House):
    sales = [made(house, platform=platform) for platform in ("website", "ios", "android", "ios")]

    assert [it["platform"] for it in sales] == ["website", "ios", "android", "ios"]
    assert {it["external_id"] for it in sales} == {"G-1004"}
    assert sales[1]["id"] == sales[3]["id"]
    assert len({it["id"] for it in sales}) == 3
    assert len(orders(house, order_id="G-1004")) == len(orders(house, search="g-1004")) == 3
    assert [it["platform"] for it in listed(house, order_id="G-1004", platform="ios")["data"]] == ["ios"]
    assert [it["platform"] for it in listed(house, platform="android")["data"]] == ["android"]
    assert orders(house, search="ios") == []


def test_an_order_of_an_app_is_refunded_by_its_platform_and_id(house: House):
    made(house, platform="ios")
    made(house)

    assert house.refund(source="growi", externalId="ios:G-1004").status == 200

    assert {it["platform"]: it["status"] for it in listed(house)["data"]} == {"ios": "refunded", "website": "unpaid"}


def test_the_sub_id_of_a_link_is_kept_answered_and_filtered_by(house: House):
    assert made(house, sub_id="spring")["sub_id"] == made(house)["sub_id"] == "spring"
    made(house, order_id="2", sub_id=7)
    made(house, order_id="3")

    assert orders(house, sub_id="spring") == ["G-1004"]
    assert orders(house, sub_id="7") == ["2"]
    assert orders(house, sub_id="other") == []


@pytest.mark.parametrize("members", [{"platform": "amazon"}, {"order_id": "ios:1"}, {"sub_id": [1]}])
def test_an_unknown_platform_and_an_unclear_order_are_refused(house: House, members: dict[str, Any]):
    assert error(house, **members)[0] == 422


def test_the_list_follows_refunds_cancellations_and_due_dates(house: House):
    made(house, order_id="refunded")
    made(house, order_id="partly")
    cancelled = made(house, order_id="cancelled")
    made(house, order_id="due", due_at="2020-01-01")
    deleted = made(house, order_id="deleted")
    house.refund(source="growi", externalId="refunded")
    house.refund(source="growi", externalId="partly", amount=49.99, refundId="r")
    house.post("/transactions/bulk", {"action": "cancel", "ids": [cancelled["id"]]})
    house.post("/transactions/bulk", {"action": "delete", "ids": [deleted["id"]]})
    house.deliver()

    assert {status: orders(house, status=status) for status in ("refunded", "canceled", "due", "unpaid", "paid")} == {
        "refunded": ["refunded"],
        "canceled": ["cancelled"],
        "due": ["due"],
        "unpaid": ["partly"],
        "paid": [],
    }
    sums = listed(house)["additional_data"]
    assert (sums["total_gmv"], sums["total_refunded_amount"], sums["total_orders"]) == (299.97, 149.98, 3)
    # 1000 due, and 1000 - floor(1000 × 4999 / 9999)
    assert sums["total_commission"] == 15.01


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"page": 0}, "page: must be at least 1"),
        ({"page": "x"}, "page: must be an integer"),
        ({"per_page": 101}, "per_page: must be at most 100"),
        ({"start_date": "2026-01-01"}, "start_date: must be a date, MM/DD/YYYY"),
        ({"end_date": "02/30/2026"}, "end_date: must be a date, MM/DD/YYYY"),
        ({"creator_id": "x"}, "creator_id: must be an integer"),
        ({"store_platform": "shopify"}, "store_platform: is not supported as a filter"),
        ({"ambassador_program": 1}, "ambassador_program: is not supported as a filter"),
        ({"platform": "amazon"}, "platform: must be one of 'website', 'ios' or 'android'"),
        ({"campaign_id": 0, "per_page": 0}, "per_page: must be at least 1; campaign_id: must be at least 1"),
    ],
)
def test_an_invalid_query_is_reported(house: House, query: Any, said: str):
    answer = house.get(PATH, base=BASE, key="reader", **query)

    assert (answer.status, answer.json["error"]) == (422, said)


def test_canceled_sales_are_requested_in_one_spelling(house: House):
    answer = house.get(PATH, base=BASE, key="reader", status="cancelled")

    assert answer.status == 422
    assert answer.json["error"].startswith("status: must be one of 'paid', 'due', 'unpaid', 'canceled' or 'refunded'")


def test_a_list_larger_than_one_request_examines_is_refused(house: House, monkeypatch: pytest.MonkeyPatch):
    for number in range(4):
        made(house, order_id=str(number))
    monkeypatch.setattr("tributary.ledger.store.lists.MAX_EXAMINED", 3)

    answer = house.get(PATH, base=BASE, key="reader")

    assert (answer.status, answer.json["error"]) == (
        422,
        "start_date: must leave at most 3 records to look at; take a later one",
    )
    assert orders(house, order_id="2") == ["2"]


def test_a_list_costs_a_query_per_shard_and_a_batch_per_hundred_records(house: House):
    for number in range(4):
        made(house, order_id=str(number))
    listed(house)

    with house.requests_made() as asked:
        listed(house)

    assert asked.counts == {"Query": 4, "BatchGetItem": 1}


def test_other_organizations_do_not_see_it(house: House):
    made(house)

    assert listed(house, key=house.new_key("admin", organization="other"))["data"] == []
    assert house.get(PATH, base=BASE, key=house.new_key("admin", source="wc")).status == 403
    assert house.get(PATH, base=BASE, key="events").status == 403
