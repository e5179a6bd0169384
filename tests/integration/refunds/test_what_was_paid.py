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


@pytest.mark.parametrize("over_the_bus", [True, False])
def test_an_item_of_a_sale_of_nothing_is_taken_back_and_nothing_is_given_back(bound: House, over_the_bus: bool):
    bound.sale("PAID", total=0, items=[ITEM])
    part = {"refundId": "r", "items": [{"externalId": "A", "amount": 80}]}
    if over_the_bus:
        bound.event("RefundTriggered", {"organization": "demo", "source": "shopify", "externalId": "PAID", **part})
        bound.deliver()
    else:
        assert bound.refund("PAID", **part).status == 200
        assert bound.refund("PAID", refundId="s", items=part["items"]).status == 409

    ((shown),) = bound.get("/refunds", key="reader", sourceId="PAID").json
    assert (shown["status"], shown["amount"], owed(bound)) == ("applied", 0, [0])


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


LAMP_AND_DESK = [{"externalId": "L", "amount": 30}, {"externalId": "D", "amount": 70}]


def given_back(house: House) -> int:
    ((sale),) = house.ledger("transaction")
    return sale.get("refunded", 0)


@pytest.mark.parametrize("names", [({"externalId": "L"}, {"position": 0}), ({"position": 0}, {"externalId": "L"})])
def test_an_item_is_given_back_once_by_whichever_name(house: House, names):
    house.sale("PAID", total=100, items=LAMP_AND_DESK)

    first, second = names
    assert refunded(house, "a", items=[{**first, "amount": 30}]) == 200
    assert refunded(house, "b", items=[{**second, "amount": 30}]) == 409
    assert given_back(house) == 3000


def test_both_names_of_an_item_in_one_refund_share_its_price(house: House):
    house.sale("PAID", total=100, items=LAMP_AND_DESK)

    answer = house.refund(
        "PAID", refundId="r", items=[{"externalId": "L", "amount": 20}, {"position": 0, "amount": 11}]
    )

    assert answer.status == 409
    assert answer.error["context"] == {"field": "items[1].amount", "refundable": 1000, "currency": "USD"}


@pytest.mark.parametrize(("amount", "quantity"), [("0.001", 1_000_000), ("0.01", "9999.5")])
def test_a_claimed_quantity_does_not_stretch_an_items_price(house: House, amount, quantity):
    house.sale("PAID", total=1001, items=[{"externalId": "C", "amount": 1}, {"externalId": "D", "amount": 1000}])

    assert refunded(house, "r", items=[{"externalId": "C", "amount": amount, "quantity": quantity}]) == 409


def test_amounts_finer_than_a_cent_are_added_up_before_they_are_rounded(house: House):
    house.sale("PAID", total=1, items=[{"externalId": "A", "amount": 1}])

    for number in range(4):
        assert refunded(house, f"r{number}", amount="0.004") == 200

    assert given_back(house) == 2


def test_a_parked_refund_in_another_currency_gives_way_to_the_right_one(bound: House):
    part = {"externalId": "PAID", "refundId": "r", "amount": 40}
    bound.event("RefundTriggered", {"organization": "demo", "source": "shopify", "currency": "EUR", **part})
    bound.deliver()
    bound.sale("PAID", total=100, items=LAMP_AND_DESK)

    answer = bound.refund("PAID", refundId="r", amount=40, currency="USD")

    assert (answer.status, answer.headers.get("Idempotency-Hit")) == (200, None)
    assert (given_back(bound), owed(bound)) == (4000, [600])


def test_a_refused_refund_is_replaced_by_the_right_one(bound: House):
    part = {"externalId": "PAID", "refundId": "r", "amount": 40}
    bound.event("RefundTriggered", {"organization": "demo", "source": "shopify", "currency": "EUR", **part})
    bound.deliver()
    bound.sale("PAID", total=100, items=LAMP_AND_DESK)
    assert owed(bound) == [1000]

    assert bound.refund("PAID", refundId="r", amount=40, currency="USD").status == 200

    assert owed(bound) == [600]


def test_a_repeat_of_an_accepted_refund_is_a_repeat_though_it_no_longer_fits(bound: House):
    bound.sale("PAID", total=100, items=LAMP_AND_DESK)
    item = {"items": [{"externalId": "never", "amount": 10}]}
    part = {"organization": "demo", "source": "shopify", "externalId": "PAID", "refundId": "r"}
    bound.event("RefundTriggered", part | item)
    bound.deliver()

    answer = bound.refund("PAID", refundId="r", **item)

    assert (answer.status, answer.headers["Idempotency-Hit"]) == (200, "true")
    assert given_back(bound) == 1000


def test_a_thousand_items_are_given_back_by_long_names_without_a_server_error(house: House):
    ids = [f"{number:04}" + "長" * 27 for number in range(1000)]
    items = [{"externalId": it, "name": "N", "amount": "2.01", "description": "d" * 155} for it in ids]
    assert house.sale("PAID", total=2010, items=items).status == 200

    for start in range(0, 1000, 250):
        named = [{"externalId": it, "amount": "2.01"} for it in ids[start : start + 250]]
        assert house.refund("PAID", refundId=str(start), items=named).status in (200, 413)
    assert house.refund("PAID", refundId="rest").status in (200, 409)

    assert given_back(house) == 201000


@pytest.mark.parametrize("quantity", ["sNaN", "1e-99999999999999"])
def test_numbers_at_the_edge_are_no_server_errors(house: House, quantity):
    assert house.sale("PAID", tax=quantity).status in (200, 422)
    item = '{"amount": 1e-99999999999999, "quantity": 1.5}'
    body = f'{{"source": "s", "externalId": "e", "total": 1, "trackingId": 4218, "items": [{item}]}}'
    assert house.post("/event/sale", body, key="events").status == 200
