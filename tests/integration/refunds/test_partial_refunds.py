"""Partial refunds: each counts once, never above the remainder, and obligations shrink accordingly."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.exchange import Answer
from tests.stack.house import House, in_process

ITEMS = [
    {"name": "Lamp", "externalId": "L", "amount": 30},
    {"name": "Desk", "externalId": "D", "amount": 70},
    {"name": "Post", "externalId": "P", "amount": 10, "type": "shipping"},
]
THIRDS = [("a", 100.01), ("b", 100.01), ("c", 33.31)]


def part(house: House, refund_id: str, **members: Any) -> Answer:
    return house.refund(refundId=refund_id, **members)


def value_after_refunds(house: House) -> tuple[str, list[int], list[int]]:
    ((sale),) = house.ledger("transaction")
    return sale["listed"]["status"], [value for _, value in house.conversions()], [value for _, value in house.owed()]


def sold_at_17_5_per_cent(house: House) -> None:
    house.put(f"/programs/{house.program_id}", {"incentiveCalculation": {"transactionPercent": "17.5"}})
    house.sale(total=333.33, items=[])


@pytest.mark.parametrize("order", list(itertools.permutations(THIRDS)))
@pytest.mark.parametrize("before", [0, 1, 3])
def test_three_parts_and_the_rest_follow_the_formula(order: Any, before: int):
    """17.5 % of 333.33 is 58.33; of it the 233.33 that were refunded take 40.83, rounded down."""
    with in_process() as house:
        sold_at_17_5_per_cent(house)
        for refund_id, amount in order[:before]:
            assert part(house, refund_id, amount=amount).status == 200
        house.deliver()
        for refund_id, amount in order[before:]:
            for _ in "12":
                assert part(house, refund_id, amount=amount).status == 200
            house.deliver()

        left = 5833 - 5833 * 23333 // 33333
        assert value_after_refunds(house) == ("complete", [left], [left])
        assert part(house, "rest").status == 200
        house.deliver()
        assert value_after_refunds(house) == ("refunded", [0], [0])
        assert house.owed() == [("rejected", 0)]


def test_a_repeat_is_marked_and_changes_nothing(house: House):
    house.sale()
    first, before = part(house, "r", amount=10), house.ledger()

    again = part(house, "r", amount=12)

    assert "Idempotency-Hit" not in first.headers
    assert (again.status, again.headers["Idempotency-Hit"], again.headers["X-Siren-OID"]) == (200, "true", "4218")
    assert house.ledger() == before


def test_a_refund_above_the_remainder_is_a_conflict_that_names_it(house: House):
    house.sale(total=49.99, items=[])
    part(house, "r", amount=40)

    answer = part(house, "s", amount=10)

    assert (answer.status, answer.error["code"]) == (409, "conflict")
    assert answer.error["context"] == {"field": "amount", "refundable": 999, "currency": "USD"}
    assert part(house, "t", amount=9.99).status == 200
    assert part(house, "u", amount=0.01).error["context"]["refundable"] == 0
    assert part(house, "t", amount=9.99).headers["Idempotency-Hit"] == "true"


def test_a_refund_of_lines_lowers_their_earnings(house: House):
    """10 % of lamp and desk; the post does not count."""
    house.sale(total=110, items=ITEMS)
    house.deliver()

    shown = []
    for refund_id, members in [
        ("post", {"items": [{"externalId": "P", "amount": 10}]}),
        ("lamp", {"items": [{"externalId": "L", "amount": 30}]}),
        ("half the desk and 10 of anything", {"items": [{"position": 1, "amount": 35}], "amount": 45}),
    ]:
        assert part(house, refund_id, **members).status == 200
        house.deliver()
        shown.append(value_after_refunds(house)[2])

    # After the items 35.00 is left, all of it paid for the desk: so 10.00 of anything is the desk's.
    assert shown == [[1000], [700], [250]]


@pytest.mark.parametrize(
    ("items", "status", "what"),
    [
        ([{"externalId": "L", "amount": 30.01}], 409, {"field": "items[0].amount", "refundable": 3000}),
        ([{"externalId": "X", "amount": 1}], 422, {"items[0]": "UNKNOWN"}),
        ([{"position": 3, "amount": 1}], 422, {"items[0]": "UNKNOWN"}),
        ([{"amount": 1}], 422, {"items[0].externalId": "REQUIRED"}),
        ([{"externalId": "L", "position": 0, "amount": 1}], 422, {"items[0].externalId": "REQUIRED"}),
        ([{"externalId": "L", "amount": 0}], 422, {"items[0].amount": "MIN"}),
        ([{"position": 0, "amount": 20}, {"externalId": "L", "amount": 11}], 409, {"field": "items[1].amount"}),
        ([], 422, {"items": "LENGTH"}),
    ],
)
def test_unmatched_items_are_refused_and_nothing_is_written(house: House, items: Any, status: int, what: Any):
    house.sale(total=110, items=ITEMS)
    before = house.ledger()

    answer = part(house, "r", items=items)

    assert answer.status == status
    shown = answer.failures if status == 422 else answer.error["context"]
    assert {name: shown[name] for name in what} == what
    assert house.ledger() == before


def test_an_amount_below_its_items_is_refused(house: House):
    house.sale(total=110, items=ITEMS)

    assert part(house, "r", amount=5, items=[{"externalId": "L", "amount": 6}]).failures == {"amount": "MIN"}


def test_a_zero_sale_accepts_only_a_full_refund(house: House):
    house.sale(total=0, items=[])

    assert part(house, "r", amount=1).status == 409
    assert part(house, "s").status == 200
    assert value_after_refunds(house)[0] == "refunded"


def test_the_representation_has_the_amount_of_this_refund(house: House):
    house.sale()
    body = {"source": "shopify", "externalId": "ORD-1004"}

    def refunded(**members: Any) -> tuple[int, str]:
        prefer = {"Prefer": "return=representation"}
        shown = house.post("/event/refund", body | members, key="events", headers=prefer).json
        return shown["refunded"], shown["message"]

    part, whole = (1000, "A part of the sale is refunded."), (4999, "The sale is refunded.")
    assert [refunded(refundId="a", amount=10) for _ in range(2)] == [part, part]
    assert [refunded(refundId="b", amount=39.99) for _ in range(2)] == [whole, whole]


def test_a_refunded_sale_has_no_remainder_to_refund(house: House):
    house.sale()
    house.refund()

    assert part(house, "r").status == 409
    assert house.refund().status == 200


def test_refunds_are_listed_with_their_sale(house: House):
    house.sale(total=50, items=[])
    part(house, "r", amount=10, reason="broken")
    ((sale),) = house.ledger("transaction")

    ((shown),) = house.get("/refunds", key="reader", transactionId=str(sale["listed"]["id"])).json

    named = {name: shown[name] for name in ("refundId", "status", "amount", "currency", "reason", "sourceId")}
    assert named == {
        "refundId": "r", "status": "applied", "amount": 1000, "currency": "USD", "reason": "broken",
        "sourceId": "ORD-1004",
    }  # fmt: skip
    assert house.get(f"/refunds/{shown['id']}", key="reader").json == shown
    assert house.get("/refunds/1", key="reader").status == 404


def test_the_explanation_has_the_remainder(house: House):
    house.sale(total=50, items=[])
    house.deliver()
    part(house, "r", amount=10)
    ((sale),) = house.ledger("transaction")

    ((won),) = house.get(f"/transactions/{sale['listed']['id']}/attribution", key="reader").json["candidates"]

    assert won["explanation"].endswith(
        "Refunded: 10.00 USD of the 50.00 USD left of the sale, so 4.00 USD is left (what goes is rounded down)"
    )


@settings(max_examples=25, deadline=None)
@given(
    data=st.data(),
    amounts=st.lists(st.integers(1, 4000), min_size=1, max_size=6),
    total=st.integers(1, 10_000),
)
def test_any_order_and_repetition_yields_the_same_ledger(data: Any, amounts: list[int], total: int):
    """For refunds that all fit, before or after the award, with repeated events."""
    kept = [amount for amount, sofar in zip(amounts, itertools.accumulate(amounts), strict=True) if sofar <= total]
    refunds = list(enumerate(kept)) * 2
    with in_process() as house:
        house.sale(total=total / 100, items=[])
        for number, amount in data.draw(st.permutations(refunds)):
            assert part(house, str(number), amount=f"{amount / 100:.2f}").status == 200
            if data.draw(st.booleans()):
                house.deliver()
        house.deliver()
        for message in list(house.handled):
            assert house.consume(message)
        assert house.deliver() == []

        reward, refunded = (total + 5) // 10, sum(kept)
        left = reward - reward * refunded // total if refunded < total else 0
        status, conversions, owed = value_after_refunds(house)
        ((sale),) = house.ledger("transaction")
        assert (sale.get("refunded", 0), status) == (refunded, "refunded" if refunded == total else "complete")
        assert sum(conversions) == sum(owed) == left
