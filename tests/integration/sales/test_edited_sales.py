"""Edited sales: the newest edit holds, in any order of arrival, by the terms frozen with the decision."""

import itertools
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.exchange import ACCOUNT
from tests.stack.house import House, in_process
from tests.stack.ledger_comparison import without_circumstances
from tributary.domain import times
from tributary.ledger.sales import transaction_items

ONE, TWO, THREE = (f"2026-11-2{day}T09:00:00.000Z" for day in (1, 2, 3))
LINE = {"externalId": "A", "name": "Plan", "amount": 100}


def edit(house: House, at: str, total: float, items: list[Any] | None = None, **members: Any) -> Any:
    body = {"source": "shopify", "externalId": "ORD-1004", "total": total, "changedAt": at, **members}
    return house.post("/event/sale-changed", body | ({} if items is None else {"items": items}), key="events")


def sold(house: House, *items: Any, total: float = 100) -> None:
    assert house.sale(total=total, items=list(items) or [LINE]).status == 200
    house.deliver()


def shown(house: House) -> tuple[str, int, int]:
    ((sale),) = house.ledger("transaction")
    return sale["listed"]["status"], sale["listed"]["totalValue"], sale.get("refunded", 0)


def test_an_edited_order_earns_by_its_new_lines(house: House) -> None:
    sold(house)
    assert house.owed() == [("pending", 1000)]

    answer = edit(house, ONE, 120, [LINE | {"amount": 120}])
    house.deliver()

    assert (answer.status, answer.headers.get("Idempotency-Hit")) == (200, None)
    assert (shown(house), house.owed()) == (("complete", 12000, 0), [("pending", 1200)])
    ((sale),) = house.ledger("transaction")
    summary = house.get(f"/transactions/{sale['listed']['id']}/attribution").json["summary"]
    assert summary.endswith(
        " earned 10.00 USD from program 1001. The sale was changed since, so 12.00 USD is earned now."
    )


def test_an_edit_is_recorded_once(house: House) -> None:
    sold(house)

    hits = [edit(house, ONE, 50, [LINE | {"amount": 50}]).headers.get("Idempotency-Hit") for _ in range(2)]

    assert hits == [None, "true"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_refund_and_two_edits_leave_the_newest_edit_less_the_refund(house: House, order: tuple[int, ...]) -> None:
    """100, changed at 1 to 50 and at 2 to 120, of which 60 is given back: 6.00 of 12.00."""
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    named = {"organization": "demo", "source": "shopify", "externalId": "ORD-1004"}
    steps = [
        lambda: house.sale(total=100, items=[LINE]),
        lambda: house.event("SaleChanged", named | {"total": 50, "items": [LINE | {"amount": 50}], "changedAt": ONE}),
        lambda: house.event("SaleChanged", named | {"total": 120, "items": [LINE | {"amount": 120}], "changedAt": TWO}),
        lambda: house.event("RefundTriggered", named | {"refundId": "R", "amount": 60}),
    ]
    for place in order:
        steps[place]()
        house.deliver()

    assert (shown(house), house.owed()) == (("complete", 12000, 6000), [("pending", 600)])


def test_a_refund_above_an_edited_total_leaves_nothing(house: House) -> None:
    sold(house)
    house.refund(refundId="R", amount=60)
    edit(house, ONE, 50, [LINE | {"amount": 50}])
    house.deliver()

    assert (shown(house), house.owed()) == (("refunded", 5000, 5000), [("rejected", 0)])


@pytest.mark.parametrize("item", [{"externalId": "B"}, {"position": 1}])
@pytest.mark.parametrize("amount", [{}, {"amount": 40}])
def test_the_refund_of_a_removed_line_is_taken_after_the_edit_as_before_it(
    house: House, item: dict[str, Any], amount: dict[str, Any]
) -> None:
    sold(house, LINE | {"amount": 60}, LINE | {"externalId": "B", "amount": 40})
    edit(house, ONE, 60, [LINE | {"amount": 60}])

    refunds = [house.refund(refundId="r", items=[item | {"amount": 40}], **amount) for _ in range(2)]
    unknown = house.refund(refundId="s", items=[{"externalId": "C", "amount": 40}])
    house.deliver()

    assert [it.headers.get("Idempotency-Hit") for it in refunds] == [None, "true"]
    assert ([it.status for it in refunds], unknown.status) == ([200, 200], 422)
    assert (shown(house), house.owed()) == (("complete", 6000, 0), [("pending", 600)])


def test_the_refund_of_a_line_that_an_edit_removed_left_with_it(house: House) -> None:
    first, second = LINE | {"amount": 60}, {"externalId": "B", "name": "Seat", "amount": 40}
    sold(house, first, second)
    house.refund(refundId="R", items=[{"externalId": "B", "amount": 40}])
    edit(house, ONE, 60, [first])
    house.deliver()

    assert (shown(house), house.owed()) == (("complete", 6000, 0), [("pending", 600)])


def test_an_edited_line_earns_by_its_own_value_whatever_the_total(house: House) -> None:
    sold(house)

    edit(house, ONE, 88, [LINE | {"amount": 80}])
    house.deliver()

    assert (shown(house), house.owed()) == (("complete", 8000, 0), [("pending", 800)])


def test_an_edit_before_the_attribution_leaves_the_same_earnings_as_one_after(house: House) -> None:
    earned = []
    for order in ("edited first", "attributed first"):
        house.sale(order, house.new_visit(), total=100, items=[LINE])
        if order == "attributed first":
            house.deliver()
        edit(house, ONE, 120, [LINE | {"amount": 120}], externalId=order)
        house.deliver()
        of_sale = [it for it in house.ledger("conversion") if it["listed"]["transactionId"] == _id(house, order)]
        earned.append([without_circumstances(it | it["listed"]) for it in of_sale])

    (first,), (second,) = earned
    assert first.keys() == second.keys()
    assert [first[name] for name in ("award", "value", "status")] == [
        second[name] for name in ("award", "value", "status")
    ]


def _id(house: House, external_id: str) -> int:
    held = {it["reported"]["externalId"]: it["listed"]["id"] for it in house.ledger("transaction")}
    return int(held[external_id])


@pytest.mark.parametrize("edited_first", [True, False])
def test_an_edit_that_adds_a_counting_line_makes_the_conversion(house: House, edited_first: bool) -> None:
    postage = {"externalId": "P", "name": "Postage", "type": "shipping", "amount": 10}
    house.sale(total=10, items=[postage])
    if not edited_first:
        house.deliver()
        assert (house.conversions(), house.owed()) == ([], [])
    edit(house, ONE, 110, [postage, LINE])
    house.deliver()

    assert (house.conversions(), house.owed()) == ([("approved", 1000)], [("pending", 1000)])
    assert house.decision()["reason"] == "not_awarded"


def test_an_edit_that_removes_every_counting_line_leaves_nothing_owed(house: House) -> None:
    sold(house)
    edit(house, ONE, 10, [{"name": "Postage", "type": "shipping", "amount": 10}])
    house.deliver()

    assert house.owed() == [("rejected", 0)]


def test_an_older_edit_that_comes_late_changes_nothing(house: House) -> None:
    sold(house)
    edit(house, TWO, 120, [LINE | {"amount": 120}])
    late = edit(house, ONE, 50, [LINE | {"amount": 50}])
    house.deliver()

    assert (late.status, late.headers.get("Idempotency-Hit")) == (200, None)
    assert house.owed() == [("pending", 1200)]


def test_another_currency_or_referral_is_refused_by_name(house: House) -> None:
    sold(house)

    failed = edit(house, ONE, 50, currency="EUR", trackingId=99).error["context"]["failedValidations"]

    assert [it["field"] for it in failed] == ["currency", "trackingId"]


def test_an_edit_without_its_moment_or_its_sale_is_refused(house: House) -> None:
    missing = house.post("/event/sale-changed", {"source": "s", "externalId": "x", "total": 1}, key="events")

    assert [it["field"] for it in missing.error["context"]["failedValidations"]] == ["changedAt"]
    assert edit(house, ONE, 50).status == 404


def test_an_edited_sale_explains_its_new_reward(house: House) -> None:
    sold(house)
    edit(house, ONE, 120, [LINE | {"amount": 120}])
    house.deliver()
    ((owed),) = house.ledger("obligation")

    answer = house.get(f"/obligations/{owed['listed']['id']}/explanation", key="reader").json

    assert "Changed since: base 120.00 USD, reward 12.00 USD" in answer["candidate"]["explanation"]


@pytest.mark.parametrize("seed", range(10))
def test_everything_again_in_any_order_writes_nothing(house: House, seed: int) -> None:
    chance, reports = random.Random(seed), [(ONE, 50.0), (TWO, 120.0), (THREE, 80.0)]
    sold(house)
    for at, total in chance.sample(reports, 3):
        edit(house, at, total, [LINE | {"amount": total}])
        house.refund(refundId="R", amount=10)
    seen = house.deliver()
    assert house.owed() == [("pending", 700)]

    with house.requests_made() as made:
        for message in chance.sample(seen, len(seen)):
            assert house.consume(message)
    assert made.writes == 0


def test_an_edit_that_fits_no_record_is_refused_even_if_a_newer_one_holds(house: House) -> None:
    sold(house)
    assert edit(house, TWO, 50, [LINE | {"amount": 50}]).status == 200

    wide = [{"name": "n" * 200, "amount": 1, "description": "d" * 230} for _ in range(1000)]

    assert edit(house, ONE, 1000, wide).status == 413


def test_an_edit_of_a_clock_ahead_of_ours_keeps_its_moment(house: House) -> None:
    sold(house)
    later, earlier = (times.later(times.now(), seconds=ahead) for ahead in (200, 100))

    edit(house, later, 50, [LINE | {"amount": 50}])
    edit(house, earlier, 70, [LINE | {"amount": 70}])
    again = edit(house, later, 50, [LINE | {"amount": 50}])
    house.deliver()

    assert (house.owed(), again.headers.get("Idempotency-Hit")) == ([("pending", 500)], "true")


def test_a_parked_edit_in_another_currency_is_refused_once_its_sale_comes(house: House) -> None:
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    house.event("SaleChanged", NAMED | {"total": 50, "currency": "EUR", "changedAt": ONE})
    house.deliver()
    sold(house)

    ((parked),) = house.ledger("parked-edit")
    assert (parked["listed"]["status"], house.owed()) == ("refused", [("pending", 1000)])


NAMED = {"organization": "demo", "source": "shopify", "externalId": "ORD-1004"}
SEAT, POST = {"externalId": "B", "name": "Seat", "amount": 33.33}, {"externalId": "P", "type": "shipping", "amount": 7}
ON_THE_BUS: dict[str, tuple[str, dict[str, Any]]] = {
    "sale": ("SaleTriggered", {"total": 95, "trackingId": 4218, "items": [POST, LINE]}),
    "edit": ("SaleChanged", {"total": 140.33, "items": [LINE, SEAT, POST], "changedAt": ONE}),
    "later edit": ("SaleChanged", {"total": 60, "items": [SEAT, SEAT | {"externalId": "C"}], "changedAt": TWO}),
    "of no line": ("RefundTriggered", {"refundId": "R-1", "amount": 11.11}),
    "of a line": ("RefundTriggered", {"refundId": "R-2", "items": [{"externalId": "B", "amount": 20}]}),
    "of a place": ("RefundTriggered", {"refundId": "R-3", "items": [{"position": 1, "amount": 15.5}]}),
    "the rest": ("RefundTriggered", {"refundId": "R-4"}),
    "whole": ("RefundTriggered", {"occurredAt": ONE}),
    **{f"withdrawn {number}": ("RefundWithdrawn", {"refundId": f"R-{number}"}) for number in (1, 2, 3, 4)},
    "whole withdrawn": ("RefundWithdrawn", {"occurredAt": TWO}),
}


@settings(max_examples=15, deadline=None, derandomize=True)
@given(reports=st.sets(st.sampled_from(sorted(ON_THE_BUS.keys() - {"sale"}))), seed=st.integers(0, 2**32))
def test_the_same_set_of_reports_leaves_the_same_ledger(reports: set[str], seed: int) -> None:
    chance = random.Random(seed)

    first, second = (_ledger(chance, ["sale", *sorted(reports)]) for _ in range(2))

    assert first == second


def _ledger(chance: random.Random, reports: list[str]) -> Any:
    """The sale, its awards and their amounts after all reports, some of them twice."""
    with in_process() as house:
        assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
        twice = chance.sample(reports, chance.randint(0, len(reports)))
        for name in chance.sample([*reports, *twice], len(reports) + len(twice)):
            detail_type, members = ON_THE_BUS[name]
            house.event(detail_type, NAMED | members)
            if chance.random() < 0.4:
                house.deliver()
        house.deliver()
        ((sale),) = house.ledger("transaction")
        kept = (
            "listed",
            "reported",
            "change",
            "seen",
            "given",
            "refunded",
            "refundable",
            "wholeRefundAt",
            "withdrawnAt",
        )
        money = {name: sale.get(name) for name in kept}
        money["listed"] = {name: value for name, value in money["listed"].items() if not name.startswith("date")}
        money["reported"] = {name: value for name, value in money["reported"].items() if name != "occurredAt"}
        money["refunded"] = money["refunded"] or 0
        money["given"] = transaction_items.of_item(sale).given
        assert house.dead_letters("receive_event") == []
        return money, [it for it in house.owed() if it[1]], [it for it in house.conversions() if it[1]]
