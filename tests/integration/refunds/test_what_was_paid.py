"""Money given back is a part of what the buyer paid, tax and postage included."""

import pytest

from tests.stack.exchange import ACCOUNT
from tests.stack.house import House
from tests.stack.moto_stack import TABLE, client

ITEM = {"externalId": "A", "amount": 80}


def owed(house: House) -> list[int]:
    house.deliver()
    return [it["value"] for it in house.get("/obligations", key="reader").json]


def refunded(house: House, refund_id: str, **members: object) -> int:
    answer = house.refund("PAID", refundId=refund_id, **members)
    assert answer.status in (200, 409), answer.text
    return answer.status


def test_a_refund_of_the_whole_total_leaves_nothing_owed(house: House):
    house.sale("PAID", total=88, items=[ITEM])
    assert owed(house) == [800]

    assert refunded(house, "all", amount=88) == 200

    assert owed(house) == [0]
    assert house.get("/transactions", key="reader").json[0]["status"] == "refunded"


def test_halves_of_a_total_take_halves_of_the_commission(house: House):
    house.sale("PAID", total=88, items=[ITEM])
    owed(house)

    left = [owed(house) for refund_id in ("one", "two") if refunded(house, refund_id, amount=44) == 200]

    assert left == [[400], [0]]
    assert refunded(house, "more", amount=0.01) == 409


def test_an_item_at_its_listed_price_is_taken_though_a_basket_discount_lowered_it(house: House):
    items = [{"externalId": "A", "amount": 50}, {"externalId": "S", "amount": 50, "type": "shipping"}]
    house.sale("PAID", total=80, items=items)
    owed(house)

    assert refunded(house, "post", items=[{"externalId": "S", "amount": 50}]) == 200

    assert owed(house) == [375]


def test_a_sale_of_nothing_earns_nothing_and_has_nothing_to_give_back(house: House):
    house.sale("PAID", total=0, items=[ITEM])

    assert owed(house) == [0]
    assert refunded(house, "r", amount=1) == 409


@pytest.fixture
def bound(house: House) -> House:
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    return house


def heard(house: House, refund_id: str, amount: float) -> None:
    part = {"refundId": refund_id, "amount": amount}
    house.event("RefundTriggered", {"organization": "demo", "source": "shopify", "externalId": "PAID", **part})
    house.deliver()


@pytest.mark.parametrize("order", [(60, 50), (50, 60)])
def test_refunds_beyond_what_was_paid_take_all_in_any_order_on_the_bus(bound: House, order):
    bound.sale("PAID", total=100, items=[{"externalId": "A", "amount": 100}])
    owed(bound)

    for amount in order:
        heard(bound, f"r{amount}", amount)

    assert owed(bound) == [0]
    assert bound.dead_letters("receive_event") == []


def test_a_refund_before_its_sale_counts_like_one_after_it(bound: House):
    heard(bound, "early", 44)

    bound.sale("PAID", total=88, items=[ITEM])

    assert owed(bound) == [400]


def test_a_refund_of_nothing_left_is_told_so_that_a_replay_writes_nothing(bound: House):
    bound.sale("PAID", total=88, items=[ITEM])
    owed(bound)
    bound.refund("PAID")
    heard(bound, "late", 10)

    assert bound.changes_of_repeats() == 0
    ours = [it["detail"]["data"] for it in bound.on_the_bus if it["source"] != "other.shop"]
    assert [it["amount"] for it in ours if "amount" in it and "refunded" in it] == [8800, 0]


def test_a_basket_discount_lowers_the_base_of_a_program_that_counts_discounts(house: House):
    rule = house.new_program(transactionCompilers=["includeLineItems", "includeDiscounts"])
    visit = house.new_visit(house.new_collaborator(rule))
    house.sale("PAID", visit, total=90, items=[{"externalId": "A", "amount": 100}])
    assert owed(house) == [900]

    refunded(house, "half", amount=45)

    assert owed(house) == [450]
    ((sale),) = house.ledger("transaction")
    ((won),) = house.get(f"/transactions/{sale['listed']['id']}/attribution", key="reader").json["candidates"]
    assert "Discount on no line: -10.00 USD\nBase: 90.00 USD" in won["explanation"]


def test_the_sums_of_a_record_of_the_former_form_go_on(house: House):
    """Formerly `refunded` and `refundedLines` were kept, in whole minor units by detail."""
    house.sale("PAID", total=110, items=[{"externalId": "A", "amount": 100}, {"externalId": "B", "amount": 10}])
    owed(house)
    refunded(house, "r", amount=50, items=[{"externalId": "A", "amount": 40}])
    ((sale),) = house.ledger("transaction")
    key = {name: {"S": sale[name]} for name in ("pk", "sk")}
    former = {"refundedLines": {"Value": {"M": {"0": {"N": "4000"}}}, "Action": "PUT"}, "given": {"Action": "DELETE"}}
    client("dynamodb").update_item(TableName=TABLE, Key=key, AttributeUpdates=former)

    assert refunded(house, "too much", amount=60.01) == 409
    assert owed(house) == [600]
    assert refunded(house, "half of what is left", amount=30) == 200
    assert owed(house) == [300]
