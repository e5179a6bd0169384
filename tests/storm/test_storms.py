"""The storms, small."""

import pytest

from tests.stack.dialects import DIALECTS
from tests.storm.storms import (
    affiliate_changes,
    colliding_ids,
    concurrent_purchases,
    duplicates,
    failing_calls,
    partial_refunds,
    reordered_history,
    reordered_reports,
    throttled_calls,
    unreadable_records,
)
from tests.storm.verdict import Verdict
from tributary.api.http.dialect import BASES

SEEDS = pytest.mark.parametrize("seed", [1])


def held(verdict: Verdict) -> bool:
    assert verdict.held
    assert not verdict.broken, str(verdict)
    return True


def test_storms_are_thrown_in_every_dialect_there_is():
    assert DIALECTS.keys() == BASES.keys()


@SEEDS
def test_nothing_is_lost_and_nothing_twice_where_every_call_may_fail(seed: int):
    verdict = failing_calls.storm(seed, of_each=4)

    assert held(verdict)
    assert verdict.thrown["call that failed"]
    assert verdict.thrown["call that was applied and timed out"]


@SEEDS
def test_no_client_sees_throttling_and_conflicts(seed: int):
    verdict = throttled_calls.storm(seed, of_each=4)

    assert held(verdict)
    assert verdict.thrown["TransactionConflictException"]
    assert verdict.thrown["TransactionCanceledException"]


def test_what_nobody_can_read_is_set_aside_and_the_rest_passes():
    assert held(unreadable_records.storm(seed=1, of_each=2))


def test_a_refunded_sale_is_the_same_ledger_in_whatever_order():
    """Of this seed the refund comes before the attribution, after it, and after the approval."""
    assert held(reordered_history.small(seed=8, most=4, refunded=True))


def test_many_sales_are_the_same_ledger_in_whatever_order():
    assert held(reordered_history.large(seed=1, sales=2, orders=2))


@pytest.mark.parametrize("name", DIALECTS)
def test_all_that_is_told_of_orders_is_the_same_ledger_in_whatever_order(name: str):
    assert held(reordered_reports.storm(seed=1, name=name, orders=2, permutations=2))


def test_what_many_threads_tell_of_an_order_is_recorded_once():
    verdict = duplicates.in_process(seed=1, of_each=8, most=8)

    assert held(verdict)
    assert verdict.thrown["repeated sale"]


def test_the_last_of_changes_by_many_threads_is_the_state_and_each_is_in_the_history():
    verdict = affiliate_changes.storm(seed=1, sales=2, changes=10)

    assert held(verdict)
    assert verdict.thrown["change that was refused"]


def test_of_no_sale_more_is_given_back_than_it_cost():
    assert held(partial_refunds.storm(seed=1, sales=2, refunds=20))


def test_sales_that_want_the_same_id_have_each_its_own():
    verdict = colliding_ids.storm(seed=1, shops=2)

    assert held(verdict)
    assert verdict.thrown["sale whose own id another had"]


def test_a_purchase_that_many_threads_push_is_one_event_one_sale_and_one_buyer():
    assert held(concurrent_purchases.storm(seed=1, events=6))
