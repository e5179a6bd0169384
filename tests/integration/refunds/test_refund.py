"""POST /event/refund: a full refund, once."""

import pytest

from tests.stack.house import House

BOTH = {"X-Siren-OID": "4218", "Access-Control-Expose-Headers": "X-Siren-OID"}


@pytest.mark.parametrize("base", ["/siren/v1", "/wp-json/siren/v1"])
def test_a_refund_and_its_repeat_are_answered_with_the_sales_opportunity(house: House, base: str):
    house.sale()
    body = {"source": "shopify", "externalId": "ORD-1004"}

    answers = [house.post("/event/refund", body, key="events", base=base) for _ in range(2)]

    assert [(it.status, it.text) for it in answers] == [(200, "")] * 2
    assert [it.headers for it in answers] == [BOTH, BOTH | {"Idempotency-Hit": "true"}]
    assert [it["status"] for it in house.get("/transactions", key="reader").json] == ["refunded"]


def test_a_repeated_refund_changes_nothing(house: House):
    house.sale()
    house.refund()
    before = house.ledger()

    house.refund()

    assert house.ledger() == before


def test_a_refund_of_an_unknown_sale_is_404_and_echoes_both_fields(house: House):
    answer = house.refund("ORD-9")

    assert (answer.status, answer.error["code"]) == (404, "not_found")
    assert answer.error["context"] == {"source": "shopify", "externalId": "ORD-9"}
    assert house.ledger("transaction") == []


def test_a_sale_repeated_after_its_refund_stays_refunded(house: House):
    house.sale()
    house.refund()

    answer = house.sale()

    assert answer.headers == BOTH | {"Idempotency-Hit": "true"}
    assert [it["listed"]["status"] for it in house.ledger("transaction")] == ["refunded"]


def test_a_partial_refund_without_an_id_is_never_taken_for_a_full_one(house: House):
    house.sale()

    answers = [house.refund(amount=1), house.refund(items=[{"externalId": "SKU-1", "amount": 1}])]

    assert [(it.status, it.failures) for it in answers] == [(422, {"refundId": "REQUIRED"})] * 2
    assert [it["listed"]["status"] for it in house.ledger("transaction")] == ["complete"]


def test_a_client_that_prefers_a_representation_gets_one(house: House):
    house.sale()
    ((transaction),) = house.ledger("transaction")

    body = {"source": "shopify", "externalId": "ORD-1004"}
    answer = house.post("/event/refund", body, key="events", headers={"Prefer": "return=representation"})

    shown = (answer.json["status"], answer.json["transactionId"], answer.json["opportunityId"])
    assert shown == ("refunded", transaction["listed"]["id"], 4218)


def test_a_key_of_another_source_or_organization_cannot_refund(house: House):
    house.sale()
    body = {"source": "shopify", "externalId": "ORD-1004"}

    bound = house.post("/event/refund", body, key=house.new_key("event:*", source="wc"))
    foreign = house.post("/event/refund", body, key=house.new_key("event:*", organization="other"))

    assert (bound.status, foreign.status) == (403, 404)
    assert [it["listed"]["status"] for it in house.ledger("transaction")] == ["complete"]
