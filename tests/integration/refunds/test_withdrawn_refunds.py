"""Withdrawn refunds: a refund and its withdrawal commute, in any order and number."""

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

EARLIER, LATER, LATEST = (f"2026-11-2{day}T09:00:00.000Z" for day in (1, 2, 3))


def withdraw(house: House, **members: Any) -> Any:
    body = {"source": "shopify", "externalId": "ORD-1004", **members}
    return house.post("/event/refund-withdrawn", body, key="events")


def status(house: House) -> tuple[str, int]:
    ((sale),) = house.ledger("transaction")
    return sale["listed"]["status"], sale.get("refunded", 0)


def listed(house: House) -> list[tuple[str, str]]:
    found = house.get("/refunds", key="reader", sourceId="ORD-1004", source="shopify_order").json
    return [(it["refundId"], it["status"]) for it in found]


def sold(house: House) -> None:
    house.sale()
    house.deliver()
    assert house.owed() == [("pending", 500)]


def test_a_withdrawn_whole_refund_restores_what_is_owed(house: House) -> None:
    sold(house)
    house.refund()
    house.deliver()
    assert (status(house), house.owed()) == (("refunded", 4999), [("rejected", 0)])

    answer = withdraw(house, occurredAt=EARLIER)
    house.deliver()

    assert (answer.status, answer.headers.get("Idempotency-Hit")) == (200, None)
    assert (status(house), house.owed()) == (("complete", 0), [("pending", 500)])


def test_a_withdrawal_before_the_attribution_awards_the_sale(house: House) -> None:
    house.sale()
    house.refund()
    withdraw(house, occurredAt=EARLIER)
    house.deliver()

    assert (house.conversions(), house.owed()) == ([("approved", 500)], [("pending", 500)])


def test_a_sale_refunded_before_its_attribution_is_owed_once_the_refund_is_withdrawn(house: House) -> None:
    house.sale()
    house.refund()
    house.deliver()
    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])

    withdraw(house, occurredAt=EARLIER)
    house.deliver()

    assert (house.conversions(), house.owed()) == ([("approved", 500)], [("pending", 500)])


def test_a_whole_refund_without_a_time_after_its_withdrawal_is_a_repeat_that_stands_withdrawn(house: House) -> None:
    sold(house)
    withdraw(house, occurredAt=EARLIER)

    answer = house.refund()
    house.deliver()

    assert (answer.status, answer.headers.get("Idempotency-Hit")) == (200, "true")
    assert (status(house), house.owed()) == (("complete", 0), [("pending", 500)])


def test_a_whole_refund_later_than_the_withdrawal_counts(house: House) -> None:
    sold(house)
    house.refund(occurredAt=EARLIER)
    withdraw(house, occurredAt=LATER)
    house.refund(occurredAt=LATEST)
    house.deliver()

    assert (status(house), house.owed()) == (("refunded", 4999), [("rejected", 0)])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_three_moments_hold_in_any_order_of_arrival(house: House, order: tuple[int, ...]) -> None:
    sold(house)
    reports = [
        lambda: house.refund(occurredAt=EARLIER),
        lambda: withdraw(house, occurredAt=LATER),
        lambda: house.refund(occurredAt=LATEST),
    ]
    for place in order:
        assert reports[place]().status == 200
        house.deliver()

    assert (status(house), house.owed()) == (("refunded", 4999), [("rejected", 0)])


def test_a_withdrawal_of_the_whole_is_new_once_even_before_its_refund(house: House) -> None:
    sold(house)

    answers = [withdraw(house, occurredAt=LATER) for _ in range(2)]

    assert [it.headers.get("Idempotency-Hit") for it in answers] == [None, "true"]


@pytest.mark.parametrize(("action", "status"), [("cancel", "cancelled"), ("refund", "refunded")])
def test_a_sale_is_ended_by_hand_whatever_the_clock_of_an_earlier_withdrawal(
    house: House, action: str, status: str
) -> None:
    sold(house)
    withdraw(house, occurredAt=times.later(times.now(), seconds=200))
    ((sale),) = house.ledger("transaction")

    ended = house.post("/transactions/bulk", {"action": action, "ids": [sale["listed"]["id"]]}).json
    house.deliver()

    assert ended == {"success": True, "affected": 1, "skipped": []}
    ((sale),) = house.ledger("transaction")
    assert (sale["listed"]["status"], house.owed()) == (status, [("rejected", 0)])


def test_a_withdrawal_of_the_same_moment_wins(house: House) -> None:
    sold(house)
    house.refund(occurredAt=LATER)
    withdraw(house, occurredAt=LATER)
    house.deliver()

    assert (status(house), house.owed()) == (("complete", 0), [("pending", 500)])


def test_a_withdrawn_partial_refund_frees_what_it_took(house: House) -> None:
    sold(house)
    house.refund(refundId="R-1", amount=20)
    house.refund(refundId="R-2", amount=9.99)
    house.deliver()
    assert (status(house), house.owed()) == (("complete", 2999), [("pending", 201)])

    assert withdraw(house, refundId="R-1").status == 200
    house.deliver()

    assert (status(house), house.owed()) == (("complete", 999), [("pending", 401)])
    assert house.refund(refundId="R-3", amount=40).status == 200
    assert withdraw(house, refundId="R-1").headers["Idempotency-Hit"] == "true"


@pytest.mark.parametrize("order", list(itertools.permutations(["refund", "withdrawal"])))
def test_a_refund_and_its_withdrawal_leave_the_record_of_the_sale_as_it_was(house: House, order: list[str]) -> None:
    sold(house)
    ((before),) = house.ledger("transaction")
    reports = {
        "refund": lambda: house.refund(refundId="R-1", amount=20),
        "withdrawal": lambda: withdraw(house, refundId="R-1"),
    }

    for name in order:
        assert reports[name]().status == 200
    ((after),) = house.ledger("transaction")

    assert without_circumstances(after) == without_circumstances(before)


def test_a_refund_after_its_withdrawal_never_counts_and_is_listed_as_withdrawn(house: House) -> None:
    sold(house)
    withdraw(house, refundId="R-1")
    assert listed(house) == []

    answer = house.refund(refundId="R-1", amount=20)
    again = house.refund(refundId="R-1", amount=20)
    house.deliver()

    assert [it.headers.get("Idempotency-Hit") for it in (answer, again)] == ["true", "true"]
    assert (status(house), house.owed()) == (("complete", 0), [("pending", 500)])
    assert listed(house) == [("R-1", "withdrawn")]


@pytest.mark.parametrize("order", [("RefundTriggered", "RefundWithdrawn"), ("RefundWithdrawn", "RefundTriggered")])
def test_a_refund_withdrawn_before_its_sale_is_listed_with_it_once_it_comes(house: House, order: Any) -> None:
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    for detail_type in order:
        amount = {"amount": 20} if detail_type == "RefundTriggered" else {}
        house.event(detail_type, EVENT | amount | {"refundId": "R-1"})
        house.deliver()
    (before,) = house.get("/refunds", key="reader", sourceId="ORD-1004").json
    sold(house)

    ((sale),) = house.ledger("transaction")
    (shown,) = house.get("/refunds", key="reader", transactionId=sale["listed"]["id"]).json
    assert (before["transactionId"], before["amount"]) == (None, None)
    kept = {name: shown[name] for name in ("status", "transactionId", "amount", "currency")}
    assert kept == {"status": "withdrawn", "transactionId": sale["listed"]["id"], "amount": 0, "currency": "USD"}
    assert house.changes_of_repeats() == 0


def test_a_refund_in_another_currency_before_its_sale_is_listed_with_it_once_it_comes(house: House) -> None:
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    house.event("RefundTriggered", EVENT | {"refundId": "R-1", "amount": 20, "currency": "EUR"})
    house.deliver()
    sold(house)

    ((sale),) = house.ledger("transaction")
    (shown,) = house.get("/refunds", key="reader", transactionId=sale["listed"]["id"]).json
    assert (shown["status"], shown["amount"], shown["currency"]) == ("refused", 0, "USD")


def test_a_rejected_conversion_stays_rejected_after_the_withdrawal(house: House) -> None:
    sold(house)
    house.refund()
    house.deliver()
    ((conversion),) = house.ledger("conversion")
    body = {"action": "reject", "ids": [conversion["listed"]["id"]]}
    assert house.post("/conversions/bulk", body).json["affected"] == 1

    withdraw(house, occurredAt=EARLIER)
    house.deliver()

    assert (house.conversions(), house.owed()) == ([("rejected", 500)], [("rejected", 500)])


def test_a_withdrawal_of_an_unknown_sale_is_not_found(house: House) -> None:
    assert withdraw(house, refundId="R-1").status == 404
    assert withdraw(house, occurredAt=EARLIER).status == 404


def test_a_withdrawal_of_the_whole_needs_its_moment(house: House) -> None:
    failed = withdraw(house).error["context"]["failedValidations"]

    assert [it["field"] for it in failed] == ["occurredAt"]


def test_a_withdrawal_wants_the_scope_of_refunds(house: House) -> None:
    body = {"source": "shopify", "externalId": "ORD-1004", "refundId": "R"}

    assert house.post("/event/refund-withdrawn", body, key="reader").status == 403


EVENT = {"organization": "demo", "source": "shopify", "externalId": "ORD-1004"}
ON_THE_BUS = {
    "sale": ("SaleTriggered", {"total": 49.99, "trackingId": 4218}),
    "refund": ("RefundTriggered", {"refundId": "R-1", "amount": 20}),
    "withdrawn": ("RefundWithdrawn", {"refundId": "R-1"}),
    "whole": ("RefundTriggered", {"occurredAt": EARLIER}),
    "whole withdrawn": ("RefundWithdrawn", {"occurredAt": LATER}),
    "another": ("RefundTriggered", {"refundId": "R-2", "amount": 9.99}),
}


@pytest.mark.parametrize("seed", range(12))
def test_on_the_bus_sale_refunds_and_withdrawals_come_in_any_order(house: House, seed: int) -> None:
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    chance = random.Random(seed)

    for name in chance.sample([*ON_THE_BUS, *ON_THE_BUS], 2 * len(ON_THE_BUS)):
        detail_type, members = ON_THE_BUS[name]
        house.event(detail_type, EVENT | members)
        if chance.random() < 0.6:
            house.deliver()
    house.deliver()

    assert (status(house), house.owed()) == (("complete", 999), [("pending", 401)])
    assert sorted(it for it in listed(house) if it[0]) == [("R-1", "withdrawn"), ("R-2", "applied")]
    assert house.dead_letters("receive_event") == []


REPORTS = ["whole", "withdrawn", "R-1", "R-2", "withdraw R-1", "withdraw R-2", "rest"]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(reports=st.lists(st.sampled_from(REPORTS), max_size=7), seed=st.integers(0, 2**32))
def test_the_same_set_of_reports_leaves_the_same_amounts(reports: list[str], seed: int) -> None:
    chance = random.Random(seed)
    outcomes = []
    for _ in range(2):
        with in_process() as house:
            house.sale()
            for report in chance.sample([*reports, *reports[:2]], len(reports) + len(reports[:2])):
                _do(house, report)
                if chance.random() < 0.5:
                    house.deliver()
            house.deliver()
            outcomes.append((status(house), house.conversions(), house.owed()))

    assert outcomes[0] == outcomes[1]


def _do(house: House, report: str) -> None:
    match report:
        case "whole":
            answer = house.refund()
        case "rest":
            answer = house.refund(refundId="rest")
        case "withdrawn":
            answer = withdraw(house, occurredAt=LATER)
        case "R-1" | "R-2":
            answer = house.refund(refundId=report, amount=10)
        case _:
            answer = withdraw(house, refundId=report.removeprefix("withdraw "))
    assert answer.status in (200, 409), answer
