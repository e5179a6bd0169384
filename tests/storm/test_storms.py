"""The storms, at the size for `make test`."""

import pytest

from tests.stack.dialects import DIALECTS
from tests.storm.storms import (
    affiliate_changes,
    colliding_ids,
    concurrent_edits,
    concurrent_purchases,
    duplicates,
    edits_and_withdrawals,
    failing_calls,
    failing_payments,
    partial_refunds,
    payouts,
    reordered_history,
    reordered_reports,
    throttled_calls,
    unreadable_records,
    webhook_deliveries,
)
from tests.storm.verdict import Verdict
from tributary.api.http.dialect import BASES

SEEDS = pytest.mark.parametrize("seed", [1])


def held(verdict: Verdict) -> bool:
    assert verdict.held
    assert not verdict.broken, str(verdict)
    return True


def test_storms_cover_every_dialect():
    assert DIALECTS.keys() == BASES.keys()


@SEEDS
def test_nothing_is_lost_or_duplicated_when_every_call_may_fail(seed: int):
    verdict = failing_calls.storm(seed, of_each=4)

    assert held(verdict)
    assert verdict.thrown["call that failed"]
    assert verdict.thrown["call that was applied and timed out"]


@SEEDS
def test_every_cent_is_paid_once_when_every_call_may_fail(seed: int):
    verdict = failing_payments.storm(seed, moves=40)

    assert held(verdict)
    assert verdict.thrown["call that was applied and timed out"]


@SEEDS
def test_throttling_and_conflicts_are_hidden_from_clients(seed: int):
    verdict = throttled_calls.storm(seed, of_each=4)

    assert held(verdict)
    assert verdict.thrown["TransactionConflictException"]
    assert verdict.thrown["TransactionCanceledException"]


def test_unreadable_records_become_dead_letters_and_the_rest_pass():
    assert held(unreadable_records.storm(seed=1, of_each=2))


def test_a_refunded_sale_yields_the_same_ledger_in_any_order():
    """With this seed the refund comes before the attribution, after it, and after the approval."""
    assert held(reordered_history.small(seed=8, most=4, refunded=True))


def test_many_sales_yield_the_same_ledger_in_any_order():
    assert held(reordered_history.large(seed=1, sales=2, orders=2))


@pytest.mark.parametrize("name", DIALECTS)
def test_reports_of_orders_yield_the_same_ledger_in_any_order(name: str):
    assert held(reordered_reports.storm(seed=1, name=name, orders=2, permutations=2))


def test_an_order_reported_by_many_threads_is_recorded_once():
    verdict = duplicates.in_process(seed=1, of_each=8, most=8)

    assert held(verdict)
    assert verdict.thrown["repeated sale"]


def test_concurrent_changes_are_all_in_the_history_and_the_last_is_the_state():
    verdict = affiliate_changes.storm(seed=1, sales=2, changes=10)

    assert held(verdict)
    assert verdict.thrown["change that was refused"]


def test_no_sale_is_refunded_above_its_value():
    assert held(partial_refunds.storm(seed=1, sales=2, refunds=20))


def test_sales_with_colliding_ids_each_get_their_own():
    verdict = colliding_ids.storm(seed=1, shops=2)

    assert held(verdict)
    assert verdict.thrown["sale whose own id another had"]


def test_a_purchase_pushed_by_many_threads_is_one_event_one_sale_and_one_buyer():
    assert held(concurrent_purchases.storm(seed=1, events=6))


def test_edits_refunds_and_withdrawals_yield_the_same_ledger_in_any_order():
    assert held(edits_and_withdrawals.orders(seed=1, sales=3, most=2))


def test_edits_refunds_and_withdrawals_yield_the_same_ledger_when_calls_fail():
    verdict = edits_and_withdrawals.faults(seed=3, sales=2)

    assert held(verdict)
    assert verdict.thrown["call that failed"]
    assert verdict.thrown["TransactionCanceledException"]


def test_edits_refunds_and_withdrawals_by_many_threads_are_recorded_once():
    verdict = concurrent_edits.storm(seed=1, sales=4)

    assert held(verdict)
    assert verdict.thrown["report that was refused"]


def test_batches_refunds_and_returning_payouts_at_once_pay_every_cent_once():
    verdict = payouts.storm(seed=1, sales=24, affiliates=4, moves=48)

    assert held(verdict)
    assert verdict.thrown["payout made"]


def test_webhooks_reach_every_receiver_that_lives_and_the_dead_are_switched_off():
    verdict = webhook_deliveries.storm(seed=1, subscribers=20, events=150)

    assert held(verdict)
    assert verdict.thrown["receiver that was switched off"]
    assert verdict.thrown["post to a recovering receiver"]
    assert verdict.thrown["replay by a person during an attempt"]
